from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.models import Block, Campaign, Decision, Department
from qualityseason.fields import PointsField
from scoring.enums import SupplementState
from scoring.models.rulebook import Category, Rule
from scoring.querysets import BenchmarkQuerySet, InterpretationQuerySet, SupplementQuerySet

USER = settings.AUTH_USER_MODEL


class Supplement(models.Model):
    """What the leading group adds to the rulebook or reprices, for facts from a day on (补充); numbered once adopted.

    ``changes`` says what it does while it is a draft; adopted, the rule versions made from it point here.
    ``rerecords``: recorded lines it touches are withdrawn and recorded again under the new version.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="supplements")
    number = models.PositiveSmallIntegerField(null=True)
    title = models.CharField(max_length=100)
    text = models.TextField()
    applies_from = models.DateField()
    rerecords = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=SupplementState.choices, default=SupplementState.DRAFT)
    version = models.PositiveIntegerField(default=1)
    drafted_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    decision = models.OneToOneField(Decision, models.PROTECT, null=True, related_name="supplement")
    adopted_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    adopted_at = models.DateTimeField(null=True)

    objects: ClassVar[SupplementQuerySet[Supplement]] = SupplementQuerySet.as_manager()  # type: ignore[assignment]  # typed by the queryset

    class Meta:
        verbose_name = _("supplement")
        ordering = ("number", "id")
        constraints = (
            models.UniqueConstraint(fields=["campaign", "number"], name="supplement_number_once"),
            models.CheckConstraint(
                condition=Q(state=SupplementState.ADOPTED, number__isnull=False, decision__isnull=False)
                | Q(~Q(state=SupplementState.ADOPTED), number__isnull=True, decision__isnull=True),
                name="supplement_adopted_by_decision",
            ),
        )

    def __str__(self) -> str:
        return self.title


class SupplementChange(models.Model):
    """One line of a supplement: a new price and text of a rule, or a rule the rulebook lacked (``rule`` null)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    supplement = models.ForeignKey(Supplement, models.CASCADE, related_name="changes")
    rule = models.ForeignKey(Rule, models.PROTECT, null=True, related_name="+")
    code = models.CharField(max_length=16, blank=True)
    category = models.ForeignKey(Category, models.PROTECT, null=True, related_name="+")
    block = models.ForeignKey(Block, models.PROTECT, null=True, related_name="+")
    unit = models.CharField(max_length=32, blank=True)
    maximum = models.PositiveIntegerField(default=1)
    label = models.CharField(max_length=100)
    text = models.TextField()
    points = PointsField()

    class Meta:
        verbose_name = _("change of a supplement")
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=["supplement", "rule"], name="supplement_change_of_rule_once"),
            models.CheckConstraint(condition=Q(points__gt=0), name="supplement_change_price_positive"),
            models.CheckConstraint(
                condition=Q(rule__isnull=False, code="") | (Q(rule__isnull=True, category__isnull=False) & ~Q(code="")),
                name="supplement_change_of_rule_or_new",
            ),
        )

    def __str__(self) -> str:
        return self.label


class Interpretation(models.Model):
    """How the head of the team reads a line (解释); it stands on the rule while recording."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="interpretations")
    rule = models.ForeignKey(Rule, models.CASCADE, related_name="interpretations")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    valid_from = models.DateField()
    thresholds = models.JSONField(default=dict)  # what it sets of the rule's parameters, {} for words alone
    issued_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    objects: ClassVar[InterpretationQuerySet[Interpretation]] = InterpretationQuerySet.as_manager()  # type: ignore[assignment]  # typed by the queryset

    class Meta:
        verbose_name = _("interpretation")
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=["campaign", "number"], name="interpretation_number_once"),)

    def __str__(self) -> str:
        return self.text[:40]


class Benchmark(models.Model):
    """The fullest mark of a block in a category (满分基准): whose, why, and its deducted amount as of then, frozen."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="benchmarks")
    block = models.ForeignKey(Block, models.PROTECT, related_name="+")
    category = models.ForeignKey(Category, models.PROTECT, related_name="benchmarks")
    department = models.ForeignKey(Department, models.PROTECT, related_name="+")
    amount = PointsField()
    reason = models.TextField()
    named_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    named_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)

    objects: ClassVar[BenchmarkQuerySet[Benchmark]] = BenchmarkQuerySet.as_manager()  # type: ignore[assignment]  # typed by the queryset

    class Meta:
        verbose_name = _("benchmark")
        ordering = ("block__order", "category__order", "-named_at")
        constraints = (
            models.UniqueConstraint(
                fields=["block", "category"], condition=Q(superseded_at__isnull=True), name="benchmark_standing_once"
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="benchmark_not_negative"),
        )

    def __str__(self) -> str:
        return f"{self.block_id} {self.category_id} {self.amount}"
