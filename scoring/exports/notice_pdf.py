"""The notice of deductions on paper (扣分告知单): every line with its clause, to be signed, and how to appeal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from campaigns.calculations.plans import version_code
from qualityseason.exports.paper import PAPER_LANGUAGE, load_paper
from scoring.calculations import ZERO
from scoring.queries.notices import NoticeLine

TEMPLATE = "scoring/notice_pdf.html"
STYLESHEET = "campaigns/paper.css"


@dataclass(frozen=True)
class NoticePaper:
    """What the paper says of itself; `days` is how long an appeal may be made, `until` its last day if received `on`.

    `received_by` is '' on a paper that is still to be handed over.
    """

    college: str
    season: str
    document_number: str
    department: str
    on: date
    days: int
    until: date
    lines: Sequence[NoticeLine]
    received_by: str = ""

    @property
    def amount(self) -> Decimal:
        """What all lines come to."""
        return sum((line.amount for line in self.lines), ZERO)

    @property
    def code(self) -> str:
        """The code at the foot of every page."""
        return notice_code(line.uuid for line in self.lines)


def notice_code(lines: Iterable[UUID]) -> str:
    """Return the code of a printed notice: the same for the same lines, however often it is printed."""
    named = sorted(str(uuid) for uuid in lines)
    return version_code(sha256("|".join(named).encode()).hexdigest(), department="", number=len(named))


def notice_name(paper: NoticePaper) -> str:
    """Return what the file is called."""
    with translation.override(PAPER_LANGUAGE):
        return _("Notice of deductions %(department)s %(day)s.pdf") % {
            "department": paper.department,
            "day": paper.on.isoformat(),
        }


def write_notice(paper: NoticePaper, path: Path) -> int:
    """Write the notice to `path` and return its pages; raises Refused naming what the system lacks."""
    house = load_paper(STYLESHEET)
    with translation.override(PAPER_LANGUAGE):
        html = render_to_string(TEMPLATE, {"paper": paper})
    return house.print(html, path)
