from django.db import migrations, models

import qualityseason.clock


class Migration(migrations.Migration):
    dependencies = [("qualityseason", "0003_user_slip_issued_at")]

    operations = [
        migrations.AddField("job", "queued_at", models.DateTimeField(default=qualityseason.clock.wall_now)),
        migrations.AddField("job", "started_at", models.DateTimeField(null=True)),
        migrations.AddField("job", "seen_at", models.DateTimeField(null=True)),
    ]
