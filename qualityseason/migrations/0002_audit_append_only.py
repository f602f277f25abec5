from django.db import migrations

from qualityseason import triggers

TABLE = "qualityseason_auditentry"


def protect(apps, schema_editor):
    for event in ("UPDATE", "DELETE"):
        triggers.forbid(schema_editor, TABLE, event)


def release(apps, schema_editor):
    for event in ("UPDATE", "DELETE"):
        triggers.allow(schema_editor, TABLE, event)


class Migration(migrations.Migration):
    dependencies = [("qualityseason", "0001_initial")]

    operations = [migrations.RunPython(protect, release, elidable=False)]
