"""The title of a text handed in: made when it is begun, changed by its writers."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.models.any_paper import AnyPaper
from campaigns.services.paper_parts import lock_paper, mark_changed, record_change
from qualityseason.errors import Refused
from qualityseason.text import tidy

MAXIMUM_TITLE = 200  # characters


@transaction.atomic
def rename_paper(paper: AnyPaper, *, title: str, seen: str, by_id: int, at: datetime) -> AnyPaper:
    """Give the text another title than the one `seen`; the same words again change nothing.

    Raises Refused at `title`, `stale` when somebody gave it another one since (the text in `existing`), `closed`.
    """
    paper = lock_paper(paper)
    title = " ".join(tidy(title).split())
    if not 0 < len(title) <= MAXIMUM_TITLE:
        message = _("Write a title of at most %(limit)s characters.") % {"limit": MAXIMUM_TITLE}
        raise Refused(message, field="title", code="title")
    if title == paper.title:
        return paper
    if seen != paper.title:
        raise Refused(
            _("Somebody else has changed the title meanwhile; both stand here. Save again to put yours in its place."),
            code="stale",
            existing=paper,
        )
    before = {"title": paper.title}
    paper.title = title
    paper.save(update_fields=["title"])
    mark_changed(paper, at=at)
    record_change("title", paper, paper, by_id=by_id, at=at, before=before, after={"title": title})
    return paper
