"""Choices of the scoring side and the table of a deduction's transitions."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Basis(models.TextChoices):
    """How a score is read from what was deducted."""

    ABSOLUTE = "absolute", _("Full mark less deductions")
    BEST_IS_FULL = "best_is_full", _("The best case counts as full mark")


class SubjectKind(models.TextChoices):
    """What a line is about, besides the department."""

    NONE = "none", _("Department only")
    PERSON = "person", _("Person")
    CLASS = "class", _("Class")
    MONTH = "month", _("Month")
    ASSIGNMENT = "assignment", _("Assignment")
    ITEM = "item", _("Item")


REQUIRED_SUBJECTS = frozenset({SubjectKind.PERSON, SubjectKind.CLASS, SubjectKind.ASSIGNMENT})


class Once(models.TextChoices):
    """How often one fact may be charged; blank where the rule says nothing."""

    DEPARTMENT = "department", _("Once per department")
    SEASON = "season", _("Once per subject and season")
    TERM = "term", _("Once per subject and term")
    MONTH = "month", _("Once per month")


class Attribution(models.TextChoices):
    """Whom a rule charges."""

    DEPARTMENT = "department", _("The department itself")
    HOME = "home", _("The person's department")
    ROSTER = "roster", _("The department on duty")
    TEACHING = "teaching", _("The teaching department")
    CONCERNED = "concerned", _("Each department concerned")


class Sight(models.TextChoices):
    """How a line comes to be seen."""

    AUTOMATIC = "automatic", _("Automatic")
    ASSISTED = "assisted", _("Assisted")
    EYE = "eye", _("By eye")


class InspectionKind(models.TextChoices):
    """What sort of inspection it is."""

    REGULAR = "regular", _("Regular")
    UNSCHEDULED = "unscheduled", _("Unscheduled")
    YEAR_END = "year_end", _("Year-end")


class MarkResult(models.TextChoices):
    """What was seen of one rule; a deduction is known from the ledger, not stored here."""

    NOT_EXAMINED = "not_examined", _("Not examined")
    NO_FAULT = "no_fault", _("No fault")
    NOT_APPLICABLE = "not_applicable", _("Not applicable")
    DEDUCTED = "deducted", _("Deducted")


STORED_RESULTS = (MarkResult.NOT_EXAMINED, MarkResult.NO_FAULT, MarkResult.NOT_APPLICABLE)


class DeductionState(models.TextChoices):
    """Where a ledger line stands; read from its timestamps."""

    RECORDED = "recorded", _("Recorded")
    CONFIRMED = "confirmed", _("Confirmed")
    WITHDRAWN = "withdrawn", _("Withdrawn")


TRANSITIONS: dict[DeductionState, frozenset[DeductionState]] = {
    DeductionState.RECORDED: frozenset({DeductionState.CONFIRMED, DeductionState.WITHDRAWN}),
    DeductionState.CONFIRMED: frozenset({DeductionState.WITHDRAWN}),
    DeductionState.WITHDRAWN: frozenset(),
}
