"""What every paper of a result has: whose it is, of which result it speaks, its code at the foot of each page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from qualityseason.exports.paper import PAPER_LANGUAGE, load_paper
from scoring.enums import Basis
from scoring.facts.results import Result

STYLESHEET = "scoring/result_pdf.css"


@dataclass(frozen=True)
class PaperHead:
    """What a paper says of itself; `standing` of which result it speaks, `code` is '' for a live reading.

    `address` is where anybody checks the code, '' where the portal's address is not set; `remark` what is to be known
    besides: that a correction has replaced the result.
    """

    college: str
    season: str
    document_number: str
    standing: str
    code: str = ""
    address: str = ""
    remark: str = ""

    @classmethod
    def of(cls, result: Result, *, standing: str, code: str, address: str = "", remark: str = "") -> PaperHead:
        """Return the head of a paper of a frozen result."""
        names = (result.college, result.season, result.document_number)
        return cls(*names, standing=standing, code=code, address=address, remark=remark)

    @property
    def note(self) -> str:
        """What stands at the foot of every page, in the language now active."""
        if not self.code:
            return self.standing
        if self.address:
            return _("Code %(code)s, to be checked at %(address)s") % {"code": self.code, "address": self.address}
        return _("Code %(code)s, to be checked on the portal") % {"code": self.code}


def print_result(template: str, head: PaperHead, context: Mapping[str, Any], path: Path) -> int:
    """Write the paper as PDF to `path` and return its pages; raises Refused naming what the system lacks."""
    paper = load_paper(STYLESHEET)
    with translation.override(PAPER_LANGUAGE):
        html = render_to_string(template, {"head": head, **context})
    return paper.print(html, path)


def basis_words(basis: str) -> str:
    """Return the basis in words."""
    return _("Basis: %(basis)s") % {"basis": Basis(basis).label}
