"""The sheet of a result on public notice (公示): the ranking as far as it may be read, its days, how to object."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.utils import translation

from qualityseason.exports.paper import PAPER_LANGUAGE
from scoring.enums import Visibility
from scoring.exports.result_paper import PaperHead, basis_words, print_result
from scoring.facts.results import Result

TEMPLATE = "scoring/display_pdf.html"


@dataclass(frozen=True)
class Posting:
    """From when until when the sheet hangs, what of the result it shows, and a word of the office."""

    starts_on: date
    ends_on: date
    visibility: str
    note: str = ""


def write_display(result: Result, path: Path, *, posting: Posting, head: PaperHead) -> int:
    """Write the sheet to `path` and return its pages.

    Where departments read their own block alone, each block has a page of its own to hang up apart; where they read
    their own score alone, no figure stands on the sheet.
    """
    with translation.override(PAPER_LANGUAGE):
        basis = basis_words(result.ranking.basis)
    context = {
        "basis": basis,
        "posting": posting,
        "categories": result.ranking.categories,
        "blocks": result.ranking.blocks if posting.visibility in (Visibility.ALL, Visibility.BLOCK) else (),
        "apart": posting.visibility == Visibility.BLOCK,
        "full": result.ranking.full,
    }
    return print_result(TEMPLATE, head, context, path)
