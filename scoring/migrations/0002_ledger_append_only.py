from django.db import migrations

from qualityseason import triggers

TABLE = "scoring_deduction"
FIXED = (
    "uuid body_hash campaign_id visited_id charged_id category_id rule_id rule_version_id text points quantity amount "
    "subject_person_id subject_class_id subject_label period happened_on note answers inspection_id batch_id "
    "replaces_id recorded_by_id recorded_at"
).split()
WRITTEN_ONCE = (
    "charge_key confirmed_by_id confirmed_at told_by_id told_at withdrawn_by_id withdrawn_at".split()
)


def protect(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    reason = triggers.changed(["withdrawn_because"], vendor=vendor)  # '' before the withdrawal, so not null
    conditions = (
        triggers.changed(FIXED, vendor=vendor),
        triggers.rewritten(WRITTEN_ONCE, vendor=vendor),
        f"(OLD.withdrawn_at IS NOT NULL AND ({reason}))",
    )
    triggers.forbid(schema_editor, TABLE, "UPDATE", when=" OR ".join(conditions))
    triggers.forbid(schema_editor, TABLE, "DELETE")


def release(apps, schema_editor):
    for event in ("UPDATE", "DELETE"):
        triggers.allow(schema_editor, TABLE, event)


class Migration(migrations.Migration):
    dependencies = [("scoring", "0001_initial")]

    operations = [migrations.RunPython(protect, release, elidable=False)]
