"""The receipt a department takes home (收件回执), on paper."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.template.loader import render_to_string
from django.utils import translation

from campaigns.queries.receipts import ReceiptDetail
from qualityseason.exports.paper import PAPER_LANGUAGE, load_paper

TEMPLATE = "campaigns/receipt_print.html"
STYLESHEET = "campaigns/paper.css"


@dataclass(frozen=True)
class Issuer:
    """Who gives the receipt, and in which season."""

    college: str
    campaign: str


def write_receipt(detail: ReceiptDetail, issuer: Issuer, path: Path) -> int:
    """Write the receipt as PDF to `path` and return its pages; raises Refused naming what the system lacks."""
    paper = load_paper(STYLESHEET)
    with translation.override(PAPER_LANGUAGE):
        html = render_to_string(TEMPLATE, {"detail": detail, "row": detail.row, "issuer": issuer})
    return paper.print(html, path)
