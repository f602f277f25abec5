import django.db.models.deletion
import qualityseason.fields
from qualityseason import triggers
import uuid
from django.conf import settings
from django.db import migrations, models


LEDGER = "scoring_deduction"
FIXED = (
    "uuid body_hash campaign_id visited_id charged_id category_id rule_id rule_version_id text points quantity amount "
    "subject_person_id subject_class_id subject_label period happened_on note answers inspection_id finding_id batch_id "
    "replaces_id recorded_by_id recorded_at"
).split()
WRITTEN_ONCE = "charge_key confirmed_by_id confirmed_at told_by_id told_at withdrawn_by_id withdrawn_at".split()


def nothing(apps, schema_editor):
    pass


def protect_as_before(apps, schema_editor):
    """Put both triggers back once the columns are away: SQLite has made the table anew without them."""
    vendor = schema_editor.connection.vendor
    conditions = (
        triggers.changed(FIXED, vendor=vendor),
        triggers.rewritten(WRITTEN_ONCE, vendor=vendor),
        f"(OLD.withdrawn_at IS NOT NULL AND ({triggers.changed(['withdrawn_because'], vendor=vendor)}))",
    )
    for event in ("UPDATE", "DELETE"):
        triggers.allow(schema_editor, LEDGER, event)
    triggers.forbid(schema_editor, LEDGER, "UPDATE", when=" OR ".join(conditions))
    triggers.forbid(schema_editor, LEDGER, "DELETE")


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0005_from_score_to_decision"),
        ("qualityseason", "__first__"),
        ("scoring", "0004_findings"),
    ]

    operations = [
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("handed_on", models.DateField()),
                ("received_by", models.CharField(max_length=50)),
                ("note", models.CharField(blank=True, max_length=300)),
                ("recorded_at", models.DateTimeField()),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="notices", to="campaigns.campaign"
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="notices", to="campaigns.department"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "notice",
                "ordering": ("-handed_on", "-id"),
            },
        ),
        migrations.CreateModel(
            name="Interpretation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("number", models.PositiveSmallIntegerField()),
                ("text", models.TextField()),
                ("valid_from", models.DateField()),
                ("thresholds", models.JSONField(default=dict)),
                ("issued_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="interpretations",
                        to="campaigns.campaign",
                    ),
                ),
                (
                    "issued_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "rule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="interpretations", to="scoring.rule"
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "interpretation",
                "ordering": ("number",),
                "constraints": [
                    models.UniqueConstraint(fields=("campaign", "number"), name="interpretation_number_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Snapshot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("taken_at", models.DateTimeField()),
                ("content", models.TextField()),
                ("sha256", models.CharField(max_length=64)),
                ("audit_until", models.BigIntegerField()),
                ("audit_digest", models.CharField(max_length=64)),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="snapshots", to="campaigns.campaign"
                    ),
                ),
            ],
            options={
                "verbose_name": "snapshot",
            },
        ),
        migrations.CreateModel(
            name="Display",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("number", models.PositiveSmallIntegerField()),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
                (
                    "visibility",
                    models.CharField(
                        choices=[("own", "Own score only"), ("block", "Own block"), ("all", "All blocks")], max_length=8
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300)),
                ("opened_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("withdrawn_because", models.CharField(blank=True, max_length=300)),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="displays", to="campaigns.campaign"
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "snapshot",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="display", to="scoring.snapshot"
                    ),
                ),
            ],
            options={
                "verbose_name": "public notice",
                "ordering": ("-number",),
                "constraints": [
                    models.UniqueConstraint(fields=("campaign", "number"), name="display_number_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at__isnull", True)),
                        fields=("campaign",),
                        name="display_standing_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("starts_on__lte", models.F("ends_on"))), name="display_starts_before_end"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Objection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", models.CharField(blank=True, max_length=50)),
                ("text", models.TextField()),
                ("objected_on", models.DateField()),
                ("entered_at", models.DateTimeField()),
                ("answer", models.TextField(blank=True)),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="objections", to="campaigns.campaign"
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="campaigns.department",
                    ),
                ),
                (
                    "display",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="objections", to="scoring.display"
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "objection",
                "ordering": ("entered_at", "id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", ""), ("answered_at__isnull", True), ("answered_by__isnull", True)),
                            models.Q(
                                ("answered_at__isnull", False),
                                ("answered_by__isnull", False),
                                models.Q(("answer", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="objection_answered_whole",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Publication",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("number", models.PositiveSmallIntegerField(null=True)),
                (
                    "visibility",
                    models.CharField(
                        choices=[("own", "Own score only"), ("block", "Own block"), ("all", "All blocks")], max_length=8
                    ),
                ),
                ("sign_until", models.DateField()),
                ("note", models.CharField(blank=True, max_length=300)),
                ("still_open", models.JSONField(default=list)),
                ("changes", models.JSONField(default=list)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Waits for a leader"),
                            ("confirmed", "Published"),
                            ("refused", "Refused"),
                            ("recalled", "Proposal taken back"),
                        ],
                        default="proposed",
                        max_length=10,
                    ),
                ),
                ("proposed_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("because", models.CharField(blank=True, max_length=300)),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="publications",
                        to="campaigns.campaign",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "display",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="publications",
                        to="scoring.display",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "replaces",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="scoring.publication",
                    ),
                ),
                (
                    "snapshot",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="publication", to="scoring.snapshot"
                    ),
                ),
            ],
            options={
                "verbose_name": "publication",
                "ordering": ("-proposed_at", "-id"),
                "constraints": [
                    models.UniqueConstraint(fields=("campaign", "number"), name="publication_number_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "proposed")),
                        fields=("campaign",),
                        name="publication_proposed_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "confirmed")),
                        fields=("replaces",),
                        name="publication_replaced_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "confirmed"), _negated=True),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                ("number__isnull", False),
                                models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="publication_confirmed_by_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PrintedCopy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=12, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("display", "Public notice"),
                            ("statement", "Statement"),
                            ("confirmation", "Confirmation to sign"),
                            ("annex", "Assessment table"),
                            ("bulletin", "Bulletin"),
                            ("awards", "Award list"),
                            ("brief", "Brief"),
                            ("conversion", "Conversion sheet"),
                            ("workbook", "Workbook"),
                            ("dossier", "Dossier"),
                        ],
                        max_length=12,
                    ),
                ),
                ("made_at", models.DateTimeField()),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="campaigns.campaign"
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="campaigns.department",
                    ),
                ),
                (
                    "snapshot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="copies", to="scoring.snapshot"
                    ),
                ),
            ],
            options={
                "verbose_name": "printed copy",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("department__isnull", False)),
                        fields=("snapshot", "kind", "department"),
                        name="printed_copy_of_department_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("department__isnull", True)),
                        fields=("snapshot", "kind"),
                        name="printed_copy_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Supplement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("number", models.PositiveSmallIntegerField(null=True)),
                ("title", models.CharField(max_length=100)),
                ("text", models.TextField()),
                ("applies_from", models.DateField()),
                ("rerecords", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Draft"), ("adopted", "Adopted"), ("discarded", "Discarded")],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("drafted_at", models.DateTimeField()),
                ("adopted_at", models.DateTimeField(null=True)),
                (
                    "adopted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="supplements", to="campaigns.campaign"
                    ),
                ),
                (
                    "decision",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="supplement",
                        to="campaigns.decision",
                    ),
                ),
                (
                    "drafted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "supplement",
                "ordering": ("number", "id"),
                "constraints": [
                    models.UniqueConstraint(fields=("campaign", "number"), name="supplement_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decision__isnull", False), ("number__isnull", False), ("state", "adopted")),
                            models.Q(
                                models.Q(("state", "adopted"), _negated=True),
                                ("decision__isnull", True),
                                ("number__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="supplement_adopted_by_decision",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SupplementChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("code", models.CharField(blank=True, max_length=16)),
                ("unit", models.CharField(blank=True, max_length=32)),
                ("maximum", models.PositiveIntegerField(default=1)),
                ("label", models.CharField(max_length=100)),
                ("text", models.TextField()),
                ("points", qualityseason.fields.PointsField()),
                (
                    "block",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="campaigns.block"
                    ),
                ),
                (
                    "category",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="scoring.category"
                    ),
                ),
                (
                    "rule",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="scoring.rule"
                    ),
                ),
                (
                    "supplement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="changes", to="scoring.supplement"
                    ),
                ),
            ],
            options={
                "verbose_name": "change of a supplement",
                "ordering": ("id",),
                "constraints": [
                    models.UniqueConstraint(fields=("supplement", "rule"), name="supplement_change_of_rule_once"),
                    models.CheckConstraint(
                        condition=models.Q(("points__gt", 0)), name="supplement_change_price_positive"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("code", ""), ("rule__isnull", False)),
                            models.Q(
                                ("category__isnull", False),
                                ("rule__isnull", True),
                                models.Q(("code", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="supplement_change_of_rule_or_new",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Appeal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("reason", models.TextField()),
                ("appealed_at", models.DateTimeField()),
                ("appealed_on", models.DateField()),
                ("spoken_by", models.CharField(blank=True, max_length=50)),
                ("is_late", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "Waits for a ruling"),
                            ("upheld", "Upheld"),
                            ("reduced", "Reduced"),
                            ("revoked", "Revoked"),
                            ("withdrawn", "Taken back"),
                        ],
                        default="pending",
                        max_length=10,
                    ),
                ),
                ("ruling", models.TextField(blank=True)),
                ("ruled_at", models.DateTimeField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "appealed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="appeals", to="campaigns.campaign"
                    ),
                ),
                (
                    "deduction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="appeals", to="scoring.deduction"
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="appeals", to="campaigns.department"
                    ),
                ),
                (
                    "earlier",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="later",
                        to="scoring.appeal",
                    ),
                ),
                (
                    "outcome",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="scoring.deduction"
                    ),
                ),
                (
                    "ruled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "appeal",
                "ordering": ("appealed_at", "id"),
                "indexes": [models.Index(fields=["campaign", "state", "appealed_at"], name="appeal_queue")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "withdrawn"), _negated=True),
                        fields=("deduction",),
                        name="appeal_of_line_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("ruled_at__isnull", False),
                                ("ruled_by__isnull", False),
                                ("state__in", ["reduced", "revoked", "upheld"]),
                                models.Q(("ruling", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("state__in", ["reduced", "revoked", "upheld"]), _negated=True),
                                ("ruled_at__isnull", True),
                                ("ruled_by__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="appeal_ruled_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("outcome__isnull", True), ("state", "reduced"), _connector="OR"),
                        name="appeal_outcome_when_reduced",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "withdrawn"), ("withdrawn_at__isnull", False)),
                            models.Q(models.Q(("state", "withdrawn"), _negated=True), ("withdrawn_at__isnull", True)),
                            _connector="OR",
                        ),
                        name="appeal_withdrawn_says_when",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Benchmark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("amount", qualityseason.fields.PointsField()),
                ("reason", models.TextField()),
                ("named_at", models.DateTimeField()),
                ("superseded_at", models.DateTimeField(null=True)),
                (
                    "block",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="campaigns.block"
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="benchmarks", to="campaigns.campaign"
                    ),
                ),
                (
                    "category",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="benchmarks", to="scoring.category"
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="campaigns.department"
                    ),
                ),
                (
                    "named_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "benchmark",
                "ordering": ("block__order", "category__order", "-named_at"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_at__isnull", True)),
                        fields=("block", "category"),
                        name="benchmark_standing_once",
                    ),
                    models.CheckConstraint(condition=models.Q(("amount__gte", 0)), name="benchmark_not_negative"),
                ],
            },
        ),
        migrations.CreateModel(
            name="DashboardVisit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seen_at", models.DateTimeField()),
                ("before", models.DateTimeField(null=True)),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="campaigns.campaign"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "visit of the dashboard",
                "constraints": [models.UniqueConstraint(fields=("user", "campaign"), name="dashboard_visit_once")],
            },
        ),
        migrations.RunPython(nothing, protect_as_before, elidable=False),
        migrations.AddField(
            model_name="deduction",
            name="appeal_until",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="ruleversion",
            name="interpretation",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="versions",
                to="scoring.interpretation",
            ),
        ),
        migrations.AddField(
            model_name="deduction",
            name="notice",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="scoring.notice"
            ),
        ),
        migrations.AddField(
            model_name="ruleversion",
            name="supplement",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="scoring.supplement"
            ),
        ),
    ]
