from datetime import timedelta

from django.db import migrations
from django.db.models import F, Min
from django.utils import timezone

KIND, KEY = "notice", "deductions"  # of the one obligation a department has towards its notices


def owe(apps, schema_editor):
    """Let departments owe the opening of what was confirmed against them before notices were kept."""
    Deduction, Obligation = apps.get_model("scoring", "Deduction"), apps.get_model("campaigns", "Obligation")
    untold = Deduction.objects.filter(confirmed_at__isnull=False, withdrawn_at__isnull=True, told_at__isnull=True)
    rows = untold.order_by("charged_id").values("charged_id", "charged__campaign_id", days=F("campaign__appeal_days"))
    for row in rows.annotate(oldest=Min("confirmed_at")):
        due_on = timezone.localtime(row["oldest"]).date() + timedelta(days=row["days"])
        Obligation.objects.get_or_create(
            department_id=row["charged_id"],
            kind=KIND,
            key=KEY,
            defaults={"campaign_id": row["charged__campaign_id"], "due_on": due_on},
        )


class Migration(migrations.Migration):
    dependencies = [("scoring", "0006_decisions_append_only"), ("campaigns", "0005_from_score_to_decision")]

    operations = [migrations.RunPython(owe, migrations.RunPython.noop, elidable=False)]
