from __future__ import annotations

from typing import Any

from django.db import migrations, models
from django.utils import timezone


def begin_the_days(apps: Any, schema_editor: Any) -> None:
    """Let the days of the slips that are out begin now: when they were printed was not kept."""
    users = apps.get_model("qualityseason", "User").objects
    users.filter(must_change_password=True).update(slip_issued_at=timezone.now())


class Migration(migrations.Migration):
    dependencies = [("qualityseason", "0002_audit_append_only")]

    operations = [
        migrations.AddField("user", "slip_issued_at", models.DateTimeField(null=True)),
        migrations.RunPython(begin_the_days, migrations.RunPython.noop),
    ]
