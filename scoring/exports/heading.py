"""What a sheet or a paper says of itself: whose, which season, read on which basis, as of when."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from scoring.enums import Basis
from scoring.queries.exports import ExportFacts


@dataclass(frozen=True)
class Heading:
    """The heading in the language now active."""

    college: str
    document_number: str
    title: str
    basis: str
    standing: str


def heading_of(facts: ExportFacts) -> Heading:
    """Return the heading of an export; the moment is the campaign's clock."""
    made = date_format(timezone.localtime(facts.at), "DATETIME_FORMAT")
    if facts.ranking.as_of is None:
        standing = _("As it stands on %(moment)s") % {"moment": made}
    else:
        day = date_format(facts.ranking.as_of, "DATE_FORMAT")
        standing = _("Facts up to %(day)s, as known on %(moment)s") % {"day": day, "moment": made}
    return Heading(
        college=facts.campaign.college,
        document_number=facts.campaign.document_number,
        title=_("%(season)s: ranking of the assessment") % {"season": facts.campaign.name},
        basis=_("Basis: %(basis)s") % {"basis": Basis(facts.ranking.basis).label},
        standing=standing,
    )
