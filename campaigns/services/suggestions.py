"""Suggestions made at or for a session: gathered, then taken into the plan at an item or answered with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.models import Attendance, PlanItem, StudySession, Suggestion
from campaigns.services.sessions import locked
from qualityseason.errors import Refused
from qualityseason.services import audit
from qualityseason.text import clean, fingerprint, tidy

MAXIMUM_TEXT = 2000
MAXIMUM_NAME = 64


@dataclass(frozen=True)
class SuggestionDraft:
    """One suggestion typed; the uuid comes with the form, so that sending twice writes once."""

    uuid: UUID
    text: str
    made_by: str = ""


def suggestion_mark(suggestion: Suggestion) -> str:
    """Return a mark of the suggestion as it stands; a form carries it, so that a stale one is seen."""
    said = [suggestion.text, suggestion.made_by, suggestion.item_id, suggestion.answer]
    return fingerprint(said)


@transaction.atomic
def add_suggestions(
    session: StudySession, drafts: Sequence[SuggestionDraft], *, by_id: int, at: datetime
) -> list[Suggestion]:
    """Return the suggestions written down, those of an earlier sending of the same form included."""
    session = locked(session)
    there = {row.uuid: row for row in Suggestion.objects.filter(uuid__in=[draft.uuid for draft in drafts])}
    rows = []
    for draft in drafts:
        text, made_by = _judged(draft.text, draft.made_by)
        row = there.get(draft.uuid)
        if row is None:
            row = Suggestion.objects.create(uuid=draft.uuid, session=session, text=text, made_by=made_by)
            _record("suggestion.add", row, session, by_id=by_id, at=at, after=_state(row))
        elif (row.session_id, row.text, row.made_by) != (session.pk, text, made_by):
            raise Refused(_("This form was used already, with other words. Open it anew."), code="used", existing=row)
        rows.append(row)
    return rows


@transaction.atomic
def change_suggestion(
    suggestion: Suggestion,
    *,
    text: str,
    made_by: str = "",
    item: PlanItem | None = None,
    answer: str = "",
    seen: str | None = None,
    by_id: int,
    at: datetime,
) -> Suggestion:
    """Change a suggestion, and settle it: taken into the plan at `item`, or answered; with neither it is open again.

    With another `seen` than the row's mark (None: any) it is refused as stale.
    """
    session = locked(suggestion.session)
    suggestion = Suggestion.objects.select_related("item").get(pk=suggestion.pk)
    if seen is not None and seen != suggestion_mark(suggestion):
        message = _("Somebody else changed this suggestion meanwhile. What it says now is shown below; yours is kept.")
        raise Refused(message, code="stale", existing=suggestion)
    text, made_by = _judged(text, made_by)
    answer = tidy(answer)
    _judge_settled(session, item, answer)
    before = _state(suggestion)
    was = (suggestion.item_id, suggestion.answer)
    suggestion.text, suggestion.made_by, suggestion.item, suggestion.answer = text, made_by, item, answer
    if _state(suggestion) == before:
        return suggestion
    if (suggestion.item_id, answer) != was:
        is_settled = item is not None or bool(answer)
        suggestion.settled_by_id = by_id if is_settled else None
        suggestion.settled_at = at if is_settled else None
    suggestion.save()
    _record("suggestion.change", suggestion, session, by_id=by_id, at=at, before=before, after=_state(suggestion))
    return suggestion


@transaction.atomic
def set_written_suggestion(
    attendance: Attendance, *, session: StudySession, text: str, by_id: int, at: datetime
) -> Suggestion | None:
    """Write, change or (with no text) take away the written suggestion of a person on leave.

    Raises Refused at `suggestion` where one would go that is taken into the plan or answered.
    """
    text = tidy(text)
    row = attendance.suggestions.order_by("id").first()
    if not text:
        if row is not None and (row.item_id or row.answer):
            message = _("This suggestion is settled already; it is not taken away. Change its words instead.")
            raise Refused(message, field="suggestion", code="settled", existing=row)
        if row is not None:
            _record("suggestion.remove", row, session, by_id=by_id, at=at, before=_state(row))
            row.delete()
        return None
    if len(text) > MAXIMUM_TEXT:
        raise Refused(_("A suggestion takes at most 2000 characters."), field="suggestion", code="text")
    if row is None:
        name = attendance.person.name
        row = Suggestion.objects.create(session=session, attendance=attendance, made_by=name, text=text)
        _record("suggestion.add", row, session, by_id=by_id, at=at, after=_state(row))
    elif row.text != text:
        before = _state(row)
        row.text = text
        row.save(update_fields=["text"])
        _record("suggestion.change", row, session, by_id=by_id, at=at, before=before, after=_state(row))
    return row


def _judged(text: str, made_by: str) -> tuple[str, str]:
    text, made_by = tidy(text), clean(made_by)
    if not 0 < len(text) <= MAXIMUM_TEXT:
        raise Refused(_("Write the suggestion down, at most 2000 characters."), field="text", code="text")
    if len(made_by) > MAXIMUM_NAME:
        raise Refused(_("The name takes at most 64 characters."), field="made_by", code="name")
    return text, made_by


def _judge_settled(session: StudySession, item: PlanItem | None, answer: str) -> None:
    if item is not None and answer:
        message = _("A suggestion is either taken into the plan or answered with a reason. Choose one.")
        raise Refused(message, field="answer", code="both")
    if len(answer) > MAXIMUM_TEXT:
        raise Refused(_("The reason takes at most 2000 characters."), field="answer", code="answer")
    if item is not None and (item.removed_at is not None or item.plan.department_id != session.department_id):
        raise Refused(
            _("This item is not in the department's plan any more. Choose another."), field="item", code="item"
        )


def _state(suggestion: Suggestion) -> dict[str, Any]:
    return {
        "text": suggestion.text,
        "made_by": suggestion.made_by,
        "item": suggestion.item.uuid if suggestion.item else None,
        "answer": suggestion.answer,
    }


def _record(
    act: str,
    suggestion: Suggestion,
    session: StudySession,
    *,
    by_id: int,
    at: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    audit.record(
        act,
        suggestion,
        by_id=by_id,
        campaign_id=session.campaign_id,
        department_id=session.department_id,
        at=at,
        before=before,
        after=after,
    )
