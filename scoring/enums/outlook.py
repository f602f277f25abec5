"""Choices of replay: whether a department ends among those commended, what has been seen of a rule somewhere."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Chance(models.TextChoices):
    """Whether a department ends among those commended."""

    SURE = "sure", _("Sure")
    POSSIBLE = "possible", _("Possible")
    OUT = "out", _("Not any more")


class Cover(models.TextChoices):
    """What has been seen of a rule at a department over all inspections, lines and records."""

    NOT_EXAMINED = "not_examined", _("Not examined")
    NO_FAULT = "no_fault", _("No fault")
    DEDUCTED = "deducted", _("Deducted")
    NOT_APPLICABLE = "not_applicable", _("Not applicable")
    PORTAL = "portal", _("Looked at by the portal alone")
    UNTOLD = "untold", _("Not shown: own interest")
