from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("qualityseason", "0005_renditions"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="email",
            field=models.EmailField(blank=True, max_length=254, verbose_name="e-mail address"),
        ),
    ]
