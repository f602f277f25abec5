from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.models import Block, Campaign
from qualityseason.fields import PointsField
from scoring.enums import Attribution, Basis, Once, Sight, SubjectKind
from scoring.querysets import RuleVersionQuerySet


class Rulebook(models.Model):
    """The assessment standard of a campaign (考核标准) with its remarks, flaws of the source and open points."""

    campaign = models.OneToOneField(Campaign, models.CASCADE, related_name="rulebook")
    title = models.CharField(max_length=200)
    source = models.CharField(max_length=200, blank=True)
    basis = models.CharField(max_length=16, choices=Basis.choices, default=Basis.ABSOLUTE)
    contents = models.JSONField(default=list)
    methods = models.JSONField(default=list)
    appendix = models.JSONField(default=list)
    remarks = models.JSONField(default=list)
    flaws = models.JSONField(default=list)
    unpriced = models.JSONField(default=list)
    readings = models.JSONField(default=list)

    class Meta:
        verbose_name = _("rulebook")

    def __str__(self) -> str:
        return self.title


class Category(models.Model):
    """A part of the hundred points (考核项目) with its full mark."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="categories")
    code = models.SlugField()
    name = models.CharField(max_length=50)
    full = PointsField()
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("order",)
        constraints = (
            models.UniqueConstraint(fields=["campaign", "code"], name="category_code_once"),
            models.CheckConstraint(condition=Q(full__gt=0), name="category_full_positive"),
        )

    def __str__(self) -> str:
        return self.name


class Rule(models.Model):
    """One priced line of a clause (细则). Its code is a label: nothing is looked up by it in code."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="rules")
    category = models.ForeignKey(Category, models.PROTECT, related_name="rules")
    block = models.ForeignKey(Block, models.PROTECT, null=True, related_name="rules")
    code = models.CharField(max_length=16)
    clause = models.PositiveSmallIntegerField()
    order = models.PositiveSmallIntegerField()
    family = models.CharField(max_length=32)
    exclusive_group = models.CharField(max_length=32, blank=True)
    unit = models.CharField(max_length=32, blank=True)
    subject = models.CharField(max_length=12, choices=SubjectKind.choices)
    once = models.CharField(max_length=12, choices=Once.choices, blank=True)
    maximum = models.PositiveIntegerField()
    attribution = models.CharField(max_length=12, choices=Attribution.choices)
    excusable = models.BooleanField(default=False)
    mendable = models.BooleanField(default=False)
    sight = models.CharField(max_length=12, choices=Sight.choices)
    asks = models.JSONField(default=list)
    exempt = models.JSONField(default=list)  # staff categories it never charges
    detector = models.SlugField(max_length=40, blank=True)  # '' where only eyes see it

    class Meta:
        verbose_name = _("rule")
        ordering = ("order",)
        constraints = (
            models.UniqueConstraint(fields=["campaign", "code"], name="rule_code_once"),
            models.CheckConstraint(
                condition=Q(maximum__gte=1) & (Q(once="") | Q(maximum=1)), name="rule_once_means_one"
            ),
        )

    def __str__(self) -> str:
        return self.code


class RuleVersion(models.Model):
    """Text and price of a rule from a day on (版本)."""

    rule = models.ForeignKey(Rule, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField(default=1)
    text = models.TextField()
    label = models.CharField(max_length=100)
    points = PointsField()
    thresholds = models.JSONField(default=dict)
    valid_from = models.DateField()
    supplement = models.ForeignKey("scoring.Supplement", models.PROTECT, null=True, related_name="versions")
    interpretation = models.ForeignKey("scoring.Interpretation", models.PROTECT, null=True, related_name="versions")

    objects: ClassVar[RuleVersionQuerySet[RuleVersion]] = RuleVersionQuerySet.as_manager()  # type: ignore[assignment]  # typed by the queryset

    class Meta:
        ordering = ("rule__order", "number")
        constraints = (
            models.UniqueConstraint(fields=["rule", "number"], name="rule_version_number_once"),
            models.CheckConstraint(condition=Q(points__gt=0), name="rule_version_price_positive"),
        )

    def __str__(self) -> str:
        return f"{self.rule_id} v{self.number}"
