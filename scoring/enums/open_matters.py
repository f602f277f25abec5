"""What may still be open when a result is proposed for publication."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class OpenKind(models.TextChoices):
    """A sort of matter that is still open; the label heads its number."""

    APPEALS = "appeals", _("Appeals that wait for a ruling")
    LINES = "lines", _("Deductions that wait for a second person")
    FINDINGS = "findings", _("Proven findings that nobody has decided")
    OBJECTIONS = "objections", _("Objections without an answer")
    NOTICES = "notices", _("Deductions the department has not been told of")
    BENCHMARKS = "benchmarks", _("Categories without a benchmark although the best case counts as full mark")
    TIES = "ties", _("Ties at the line of those to commend that nobody has decided")
    PERCENTAGES = "percentages", _("Percentages of the conversion that are not decided")
    COVERAGE = "coverage", _("Warnings about coverage and even-handedness")
