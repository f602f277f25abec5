from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign, Department
from scoring.enums import PaperKind, PublicationState, Visibility
from scoring.querysets import DisplayQuerySet, ObjectionQuerySet, PublicationQuerySet

USER = settings.AUTH_USER_MODEL


class Snapshot(models.Model):
    """A result as it stood at one moment: canonical JSON with its sha256, and the digest of the ledger's audit entries
    up to one of them. Append-only by database trigger.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="snapshots")
    taken_at = models.DateTimeField()
    content = models.TextField()
    sha256 = models.CharField(max_length=64)
    audit_until = models.BigIntegerField()
    audit_digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("snapshot")

    def __str__(self) -> str:
        return self.sha256[:12]


class Display(models.Model):
    """The result on public notice for some days (公示), before it is published."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="displays")
    number = models.PositiveSmallIntegerField()
    snapshot = models.OneToOneField(Snapshot, models.PROTECT, related_name="display")
    starts_on = models.DateField()
    ends_on = models.DateField()
    visibility = models.CharField(max_length=8, choices=Visibility.choices)
    note = models.CharField(max_length=300, blank=True)
    opened_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_because = models.CharField(max_length=300, blank=True)

    objects: ClassVar[DisplayQuerySet[Display]] = DisplayQuerySet.as_manager()  # type: ignore[assignment]  # typed by the queryset

    class Meta:
        verbose_name = _("public notice")
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(fields=["campaign", "number"], name="display_number_once"),
            models.UniqueConstraint(
                fields=["campaign"], condition=Q(withdrawn_at__isnull=True), name="display_standing_once"
            ),
            models.CheckConstraint(condition=Q(starts_on__lte=F("ends_on")), name="display_starts_before_end"),
        )

    def __str__(self) -> str:
        return str(self.number)


class Objection(models.Model):
    """What somebody objects to a result on public notice, and what was answered."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="objections")
    display = models.ForeignKey(Display, models.PROTECT, related_name="objections")
    department = models.ForeignKey(Department, models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=50, blank=True)  # who objected at the office, in person or by letter
    text = models.TextField()
    objected_on = models.DateField()
    entered_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    objects: ClassVar[ObjectionQuerySet[Objection]] = ObjectionQuerySet.as_manager()  # type: ignore[assignment]  # typed by the queryset

    class Meta:
        verbose_name = _("objection")
        ordering = ("entered_at", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(answered_by__isnull=True, answered_at__isnull=True, answer="")
                | (Q(answered_by__isnull=False, answered_at__isnull=False) & ~Q(answer="")),
                name="objection_answered_whole",
            ),
        )

    def __str__(self) -> str:
        return self.text[:40]


class Publication(models.Model):
    """A result that two people signed (公布): one proposed it, a leader confirmed it; a correction is a new one.

    ``still_open`` lists what was not settled when it was proposed, ``changes`` what it says otherwise than the one it
    replaces. Numbered when it is confirmed.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="publications")
    number = models.PositiveSmallIntegerField(null=True)
    snapshot = models.OneToOneField(Snapshot, models.PROTECT, related_name="publication")
    display = models.ForeignKey(Display, models.PROTECT, null=True, related_name="publications")
    replaces = models.ForeignKey("self", models.PROTECT, null=True, related_name="corrections")
    visibility = models.CharField(max_length=8, choices=Visibility.choices)
    sign_until = models.DateField()
    note = models.CharField(max_length=300, blank=True)
    still_open = models.JSONField(default=list)
    changes = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=PublicationState.choices, default=PublicationState.PROPOSED)
    proposed_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    because = models.CharField(max_length=300, blank=True)

    objects: ClassVar[PublicationQuerySet[Publication]] = PublicationQuerySet.as_manager()  # type: ignore[assignment]  # typed by the queryset

    class Meta:
        verbose_name = _("publication")
        ordering = ("-proposed_at", "-id")
        constraints = (
            models.UniqueConstraint(fields=["campaign", "number"], name="publication_number_once"),
            models.UniqueConstraint(
                fields=["campaign"], condition=Q(state=PublicationState.PROPOSED), name="publication_proposed_once"
            ),
            models.UniqueConstraint(
                fields=["replaces"],
                condition=Q(state=PublicationState.CONFIRMED),
                name="publication_replaced_once",
            ),
            models.CheckConstraint(
                condition=~Q(state=PublicationState.CONFIRMED)
                | (
                    Q(number__isnull=False, decided_by__isnull=False, decided_at__isnull=False)
                    & ~Q(decided_by=F("proposed_by"))
                ),
                name="publication_confirmed_by_another",
            ),
        )

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.number or self.state}"


class PrintedCopy(models.Model):
    """A paper made from a frozen result, known by the short code printed on it."""

    code = models.CharField(max_length=12, unique=True)
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=PaperKind.choices)
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="copies")
    department = models.ForeignKey(Department, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("printed copy")
        constraints = (
            models.UniqueConstraint(
                fields=["snapshot", "kind", "department"],
                condition=Q(department__isnull=False),
                name="printed_copy_of_department_once",
            ),
            models.UniqueConstraint(
                fields=["snapshot", "kind"], condition=Q(department__isnull=True), name="printed_copy_once"
            ),
        )

    def __str__(self) -> str:
        return self.code


class DashboardVisit(models.Model):
    """When somebody of the leading group last opened the dashboard, and the time before that."""

    user = models.ForeignKey(USER, models.CASCADE, related_name="+")
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()
    before = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("visit of the dashboard")
        constraints = (models.UniqueConstraint(fields=["user", "campaign"], name="dashboard_visit_once"),)

    def __str__(self) -> str:
        return f"{self.user_id} {self.seen_at}"
