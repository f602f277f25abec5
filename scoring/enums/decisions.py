"""Choices from notice to publication: appeals, supplements, what was published for whom."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class AppealState(models.TextChoices):
    """Where an appeal stands."""

    PENDING = "pending", _("Waits for a ruling")
    UPHELD = "upheld", _("Upheld")
    REDUCED = "reduced", _("Reduced")
    REVOKED = "revoked", _("Revoked")
    WITHDRAWN = "withdrawn", _("Taken back")


RULINGS = frozenset({AppealState.UPHELD, AppealState.REDUCED, AppealState.REVOKED})
CHANGING_RULINGS = frozenset({AppealState.REDUCED, AppealState.REVOKED})


class SupplementState(models.TextChoices):
    """Where a supplement stands."""

    DRAFT = "draft", _("Draft")
    ADOPTED = "adopted", _("Adopted")
    DISCARDED = "discarded", _("Discarded")


class Visibility(models.TextChoices):
    """What of the result each department reads."""

    OWN = "own", _("Own score only")
    BLOCK = "block", _("Own block")
    ALL = "all", _("All blocks")


class PublicationState(models.TextChoices):
    """Where a publication stands."""

    PROPOSED = "proposed", _("Waits for a leader")
    CONFIRMED = "confirmed", _("Published")
    REFUSED = "refused", _("Refused")
    RECALLED = "recalled", _("Proposal taken back")


class PaperKind(models.TextChoices):
    """The papers made from a frozen result."""

    DISPLAY = "display", _("Public notice")
    STATEMENT = "statement", _("Statement")
    CONFIRMATION = "confirmation", _("Confirmation to sign")
    ANNEX = "annex", _("Assessment table")
    BULLETIN = "bulletin", _("Bulletin")
    AWARDS = "awards", _("Award list")
    BRIEF = "brief", _("Brief")
    CONVERSION = "conversion", _("Conversion sheet")
    WORKBOOK = "workbook", _("Workbook")
    DOSSIER = "dossier", _("Dossier")


DEPARTMENT_PAPERS = frozenset({PaperKind.STATEMENT, PaperKind.CONFIRMATION, PaperKind.ANNEX, PaperKind.DOSSIER})
