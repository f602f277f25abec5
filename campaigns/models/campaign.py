from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from campaigns.enums import ObligationKind


class Campaign(models.Model):
    """One season of quality management (活动) with all that is particular to it as data."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=100)
    college = models.CharField(max_length=100)
    document_number = models.CharField(max_length=100, blank=True)
    issued_on = models.DateField(null=True)
    theme = models.CharField(max_length=200, blank=True)
    quality_policy = models.TextField(blank=True)
    guiding_thought = models.TextField(blank=True)
    scope = models.TextField(blank=True)
    activity_contents = models.TextField(blank=True)
    objectives = models.JSONField(default=list)
    roster = models.JSONField(default=list)
    requirements = models.JSONField(default=list)
    principles = models.JSONField(default=list)
    lists = models.JSONField(default=dict)
    starts_on = models.DateField()
    ends_on = models.DateField()
    dates_source = models.CharField(max_length=200, blank=True)
    facts_from = models.DateField()
    facts_until = models.DateField()
    working_months = models.JSONField(default=list)
    assignment_days = models.PositiveSmallIntegerField(default=0)
    appeal_days = models.PositiveSmallIntegerField(default=7)
    clock_offset = models.DurationField(null=True, editable=False)

    class Meta:
        verbose_name = _("campaign")
        constraints = (
            models.CheckConstraint(condition=Q(starts_on__lte=F("ends_on")), name="campaign_starts_before_end"),
            models.CheckConstraint(condition=Q(facts_from__lte=F("facts_until")), name="campaign_facts_in_order"),
        )

    def __str__(self) -> str:
        return self.name


class Phase(models.Model):
    """A stage of the campaign (阶段); phases may overlap and never lock anybody out."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="phases")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=50)
    starts_on = models.DateField()
    ends_on = models.DateField()
    source = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=["campaign", "number"], name="phase_number_once"),
            models.CheckConstraint(condition=Q(starts_on__lte=F("ends_on")), name="phase_starts_before_end"),
        )

    def __str__(self) -> str:
        return self.name


class Milestone(models.Model):
    """A date by which something is due or on which it happens (节点), kept with the source's word.

    ``obligation`` says how what is due is met ('' when nobody owes anything), ``owed_by`` by whom: names of departments
    or kinds of department, an empty list meaning all of them.
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="milestones")
    phase = models.ForeignKey(Phase, models.SET_NULL, null=True, related_name="milestones")
    code = models.SlugField()
    name = models.CharField(max_length=100)
    opens_on = models.DateField(null=True)
    due_on = models.DateField()
    source = models.CharField(max_length=300, blank=True)
    obligation = models.CharField(max_length=16, choices=ObligationKind.choices, blank=True)
    owed_by = models.JSONField(default=list)

    class Meta:
        ordering = ("due_on", "code")
        constraints = (models.UniqueConstraint(fields=["campaign", "code"], name="milestone_code_once"),)

    def __str__(self) -> str:
        return self.name


class Term(models.Model):
    """A school term (学期); rules charged once per term name it in their charge key."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="terms")
    code = models.SlugField()
    name = models.CharField(max_length=100)
    starts_on = models.DateField()
    ends_on = models.DateField()

    class Meta:
        ordering = ("starts_on",)
        constraints = (
            models.UniqueConstraint(fields=["campaign", "code"], name="term_code_once"),
            models.CheckConstraint(condition=Q(starts_on__lte=F("ends_on")), name="term_starts_before_end"),
        )

    def __str__(self) -> str:
        return self.name
