"""The sign-in sheet of a study session on paper: one per sitting, to be signed by hand."""

from __future__ import annotations

from itertools import zip_longest
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from campaigns.enums import LeaderPost
from campaigns.queries.sign_in import SignIn
from qualityseason.exports.paper import PAPER_LANGUAGE, load_paper

TEMPLATE = "campaigns/sign_in.html"
STYLESHEET = "campaigns/paper.css"
BLANK_ROWS = 4  # for guests and leaders who are not on the list


def sign_in_name(facts: SignIn) -> str:
    """Return what the file is called."""
    with translation.override(PAPER_LANGUAGE):
        title = _("Sign-in sheet")
    return f"{title} {facts.department} {facts.day}.pdf"


def write_sign_in(facts: SignIn, path: Path) -> int:
    """Write the sheets of all sittings to `path`; returns the pages. Raises Refused naming what the system lacks."""
    paper = load_paper(STYLESHEET)
    with translation.override(PAPER_LANGUAGE):
        html = render_to_string(TEMPLATE, sheet_context(facts))
    return paper.print(html, path)


def sheet_context(facts: SignIn) -> dict[str, Any]:
    """Return the sheets as the template wants them: people in pairs, number by number, with a running number."""
    numbered = [(index, number, name) for index, (number, name) in enumerate(facts.people, start=1)]
    leaders = [(str(LeaderPost(post).label), name) for post, name in facts.leaders]
    guests = [*leaders, *[("", "")] * BLANK_ROWS]
    return {
        "facts": facts,
        "pairs": list(zip_longest(numbered[::2], numbered[1::2], fillvalue=("", "", ""))),
        "guests": list(zip_longest(guests[::2], guests[1::2], fillvalue=("", ""))),
        "several": len(facts.sittings) > 1,
        "expected": len(facts.people),
    }
