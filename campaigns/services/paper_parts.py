"""Text handed in as it is being written, plans and summaries alike: its parts of prose and free sections.

Every writer first locks the text's row, so that order numbers never collide and what is handed in stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from campaigns.enums import WRITABLE_PLAN_STATES
from campaigns.models.any_paper import AnyPaper, AnyPart, P
from qualityseason.errors import Refused
from qualityseason.services import audit
from qualityseason.text import tidy

MAXIMUM_TEXT = 20_000  # characters of a part of prose or of one field of an item
MAXIMUM_SECTION_TITLE = 100  # characters
MAXIMUM_SECTIONS = 30  # free sections of one text


def lock_paper(paper: P) -> P:
    """Return the text under its lock; raises Refused (`closed`) when it is in other hands by now."""
    rows = type(paper).objects.select_for_update(no_key=True, of=("self",)).select_related("campaign", "department")
    paper = cast("P", rows.get(pk=paper.pk))
    if paper.state not in WRITABLE_PLAN_STATES:
        message = _(
            "The %(paper)s has been handed in, so nothing was saved. Ask the campaign office to return it, "
            "then save again; copy your text from here until then."
        )
        raise Refused(message % {"paper": paper.noun}, code="closed")
    return paper


def mark_changed(paper: AnyPaper, *, at: datetime) -> None:
    """Note when the text was changed last."""
    paper.changed_at = at
    paper.save(update_fields=["changed_at"])


def part_state(part: AnyPart) -> dict[str, Any]:
    """Return what a part says, by field."""
    return {"title": part.title, "text": part.text}


@transaction.atomic
def save_part(part: AnyPart, *, version: int, text: str, title: str = "", by_id: int, at: datetime) -> AnyPart:
    """Write a part of prose; a free section takes the title too. The same words again change nothing.

    Raises Refused: `stale` when somebody saved since `version`, `gone` when the section was removed, `closed`.
    """
    paper = lock_paper(part.paper)
    found = type(part)._default_manager.filter(pk=part.pk).first()
    if found is None:
        raise Refused(_("Somebody else has removed this section meanwhile."), code="gone")
    part = found
    new = {"title": part.title if part.code else _section_title(title), "text": _prose(text)}
    before = part_state(part)
    if new == before:
        return part
    if version != part.version:
        raise Refused(_("Somebody else saved this meanwhile."), code="stale", existing=part)
    part.title, part.text = new["title"], new["text"]
    part.version += 1
    part.changed_by_id = by_id
    part.save(update_fields=["title", "text", "version", "changed_by"])
    mark_changed(paper, at=at)
    after = new | {"version": part.version}
    record_change("part.save", part, paper, by_id=by_id, at=at, before=before, after=after)
    return part


@transaction.atomic
def add_section(paper: AnyPaper, *, uuid: UUID, title: str, text: str, by_id: int, at: datetime) -> AnyPart:
    """Return a new free section at the end; the same `uuid` with the same words again is the first one.

    Raises Refused at `title` or `text`, or `used` when that uuid stands for other words.
    """
    paper = lock_paper(paper)
    new = {"title": _section_title(title), "text": _prose(text)}
    known = paper.parts.model._default_manager.filter(uuid=uuid).first()
    if known is not None:
        if known.paper == paper and part_state(known) == new:
            return known
        raise Refused(_("This form was sent before. Open the section below to change it."), code="used")
    sections = paper.parts.all()
    if sections.filter(code="").count() >= MAXIMUM_SECTIONS:
        message = _("At most %(limit)s sections of your own fit in. Put the text into one that is there.")
        raise Refused(message % {"limit": MAXIMUM_SECTIONS}, code="many")
    last = sections.aggregate(last=Max("order"))["last"] or 0
    part = paper.parts.create(uuid=uuid, order=last + 1, changed_by_id=by_id, **new)
    mark_changed(paper, at=at)
    record_change("section.add", part, paper, by_id=by_id, at=at, after=new | {"version": part.version})
    return part


@transaction.atomic
def remove_section(part: AnyPart, *, version: int, by_id: int, at: datetime) -> None:
    """Take a free section out of the text; the audit keeps its words. A second time changes nothing.

    Raises Refused: `stale` when somebody has changed its text since the question was asked, `listed`, `closed`.
    """
    paper = lock_paper(part.paper)
    found = type(part)._default_manager.filter(pk=part.pk).first()
    if found is None:
        return
    if found.code:
        raise Refused(_("The season asks for this part; empty it instead."), code="listed")
    if found.version != version:
        raise Refused(_("Somebody else saved this section meanwhile. Read it before you remove it."), code="stale")
    record_change("section.remove", found, paper, by_id=by_id, at=at, before=part_state(found))
    found.delete()
    mark_changed(paper, at=at)


@transaction.atomic
def move_section(part: AnyPart, *, position: int, up: bool, by_id: int, at: datetime) -> bool:
    """Let a free section change places with its neighbour among all parts; whether it did.

    `position` is its place in the text as it was seen, from one: a double click moves it once.
    """
    paper = lock_paper(part.paper)
    parts: list[AnyPart] = list(paper.parts.all())
    there = next((at_ for at_, one in enumerate(parts) if one.pk == part.pk and not one.code), None)
    other = None if there is None else there + (-1 if up else 1)
    if there is None or other is None or there + 1 != position or not 0 <= other < len(parts):
        return False
    parts[there], parts[other] = parts[other], parts[there]
    renumber(parts)
    mark_changed(paper, at=at)
    record_change(
        "section.move", part, paper, by_id=by_id, at=at, before={"place": there + 1}, after={"place": other + 1}
    )
    return True


def renumber(rows: list[Any]) -> None:
    """Give rows with an `order` their places from one; writes those whose number changes."""
    for order, row in enumerate(rows, start=1):
        if row.order != order:
            row.order = order
            row.save(update_fields=["order"])


def record_change(
    act: str,
    row: Any,
    paper: AnyPaper,
    *,
    by_id: int,
    at: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Write the audit entry of a change to the text, or to a part or item of it; `act` without the sort of text."""
    audit.record(
        f"{paper.SORT}.{act}",
        row,
        by_id=by_id,
        campaign_id=paper.campaign_id,
        department_id=paper.department_id,
        at=at,
        before=dict(before) if before is not None else None,
        after=dict(after) if after is not None else None,
    )


def prose(value: str, *, field: str) -> str:
    """Return prose as it is kept: line ends as one, no control characters; raises Refused at `field` when too long."""
    text = tidy(value.replace("\r\n", "\n").replace("\r", "\n"))
    if len(text) > MAXIMUM_TEXT:
        message = _(
            "This text has %(length)s characters; at most %(limit)s are kept. Shorten it, or attach it as a file."
        )
        raise Refused(message % {"length": len(text), "limit": MAXIMUM_TEXT}, field=field, code="long")
    return text


def _prose(value: str) -> str:
    return prose(value, field="text")


def _section_title(value: str) -> str:
    title = " ".join(tidy(value).split())
    if not 0 < len(title) <= MAXIMUM_SECTION_TITLE:
        message = _("Give the section a title, at most %(limit)s characters.") % {"limit": MAXIMUM_SECTION_TITLE}
        raise Refused(message, field="title", code="title")
    return title
