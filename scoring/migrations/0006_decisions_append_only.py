from django.db import migrations

from qualityseason import triggers

LEDGER = "scoring_deduction"
LEDGER_FIXED = (
    "uuid body_hash campaign_id visited_id charged_id category_id rule_id rule_version_id text points quantity amount "
    "subject_person_id subject_class_id subject_label period happened_on note answers inspection_id finding_id batch_id "
    "replaces_id recorded_by_id recorded_at"
).split()
BEFORE = "charge_key confirmed_by_id confirmed_at told_by_id told_at withdrawn_by_id withdrawn_at".split()
LEDGER_ONCE = [*BEFORE, "notice_id", "appeal_until"]
WHOLE = ("scoring_snapshot", "scoring_printedcopy", "scoring_notice")  # never changed, never deleted
FIXED = {
    "scoring_appeal": (
        "uuid campaign_id department_id deduction_id earlier_id reason appealed_by_id appealed_at appealed_on spoken_by "
        "is_late"
    ).split(),
    "scoring_display": "uuid campaign_id number snapshot_id starts_on ends_on visibility note opened_by_id opened_at".split(),
    "scoring_objection": (
        "uuid campaign_id display_id department_id name text objected_on entered_by_id entered_at"
    ).split(),
    "scoring_publication": (
        "uuid campaign_id snapshot_id display_id replaces_id visibility sign_until note still_open changes "
        "proposed_by_id proposed_at"
    ).split(),
    "scoring_benchmark": (
        "uuid campaign_id block_id category_id department_id amount reason named_by_id named_at"
    ).split(),
}
ONCE = {
    "scoring_appeal": "ruled_by_id ruled_at outcome_id withdrawn_by_id withdrawn_at".split(),
    "scoring_display": "withdrawn_by_id withdrawn_at".split(),
    "scoring_objection": "answered_by_id answered_at".split(),
    "scoring_publication": "number decided_by_id decided_at".split(),
    "scoring_benchmark": ["superseded_at"],
}
# decided or answered, these stand as well: they are written in the same moment as the column before them
SETTLED = {
    "scoring_appeal": (("ruled_at", "state ruling"), ("withdrawn_at", "state")),
    "scoring_display": (("withdrawn_at", "withdrawn_because"),),
    "scoring_objection": (("answered_at", "answer"),),
    "scoring_publication": (("decided_at", "state because"),),
}


def protect(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    _protect_ledger(schema_editor, LEDGER_ONCE)
    for table in WHOLE:
        triggers.forbid(schema_editor, table, "UPDATE")
        triggers.forbid(schema_editor, table, "DELETE")
    for table, columns in FIXED.items():
        conditions = [triggers.changed(columns, vendor=vendor), triggers.rewritten(ONCE[table], vendor=vendor)]
        for once, settled in SETTLED.get(table, ()):
            fixed = triggers.changed(settled.split(), vendor=vendor)
            conditions.append(f"(OLD.{once} IS NOT NULL AND ({fixed}))")
        triggers.forbid(schema_editor, table, "UPDATE", when=" OR ".join(conditions))
        triggers.forbid(schema_editor, table, "DELETE")


def release(apps, schema_editor):
    for table in (*WHOLE, *FIXED):
        triggers.allow(schema_editor, table, "UPDATE")
        triggers.allow(schema_editor, table, "DELETE")
    _protect_ledger(schema_editor, BEFORE)


def _protect_ledger(schema_editor, once):
    vendor = schema_editor.connection.vendor
    conditions = (
        triggers.changed(LEDGER_FIXED, vendor=vendor),
        triggers.rewritten(once, vendor=vendor),
        f"(OLD.withdrawn_at IS NOT NULL AND ({triggers.changed(['withdrawn_because'], vendor=vendor)}))",
    )
    triggers.allow(schema_editor, LEDGER, "UPDATE")
    triggers.forbid(schema_editor, LEDGER, "UPDATE", when=" OR ".join(conditions))


class Migration(migrations.Migration):
    dependencies = [("scoring", "0005_appeals_and_publications")]

    operations = [migrations.RunPython(protect, release, elidable=False)]
