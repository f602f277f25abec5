"""The yearly appraisals into which the result is converted."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Appraisal(models.TextChoices):
    """What takes in a percentage of the result."""

    PARTY = "party", _("Year-end appraisal of party building")
    WORK = "work", _("Quantified appraisal of the departments' work")
