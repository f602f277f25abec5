"""The minutes of a study session: whether it was discussed, and the two parts the scheme asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.calculations.sessions import minutes_lack, parse_pages
from campaigns.models import Attachment, StudySession
from campaigns.services.attachments import attach_uploads
from campaigns.services.session_drafts import moment_of
from campaigns.services.sessions import KIND, began_at, bring_obligation_up_to_date, locked, record
from qualityseason.errors import Refused
from qualityseason.text import fingerprint, tidy

SLOT = "minutes"
MAXIMUM_TEXT = 20_000
MAXIMUM_PAGES = 50


@dataclass(frozen=True)
class MinutesDraft:
    """What was typed; ``…_pages`` answer a part by the pages of the attached scan (3, 3-5)."""

    held: bool | None = None
    main_content: str = ""
    main_content_pages: str = ""
    discussion: str = ""
    discussion_pages: str = ""


def minutes_mark(session: StudySession) -> str:
    """Return a mark of the minutes as they stand; a form carries it, so that a stale one is seen."""
    return fingerprint(list(_state(session).values()))


@transaction.atomic
def keep_minutes(
    session: StudySession,
    draft: MinutesDraft,
    *,
    scans: Sequence[UUID] = (),
    seen: str | None = None,
    by_id: int,
    at: datetime,
) -> tuple[str, ...]:
    """Keep the minutes; returns what they lack. Complete ones meet what is owed, incomplete ones are a draft.

    With another `seen` than the minutes' mark (None: any) they are refused as stale.
    """
    session = locked(session)
    began = began_at(session)
    if began is None or began > at:
        message = _("The session begins on %(moment)s; its minutes are written after that.")
        raise Refused(message % {"moment": moment_of(began) if began else ""}, code="ahead")
    if seen is not None and seen != minutes_mark(session):
        message = _("Somebody else saved these minutes meanwhile. What they say now is shown below; yours is kept.")
        raise Refused(message, code="stale", existing=session)
    before, was_minuted = _state(session), session.minuted_at is not None
    session.discussion_held = draft.held
    session.main_content = _text(draft.main_content, "main_content")
    session.discussion = _text(draft.discussion, "discussion")
    session.main_content_pages = _pages(draft.main_content_pages, "main_content_pages")
    session.discussion_pages = _pages(draft.discussion_pages, "discussion_pages")
    attach_uploads(
        scans,
        campaign_id=session.campaign_id,
        department_id=session.department_id,
        owner_kind=KIND,
        owner_uuid=session.uuid,
        slot=SLOT,
        by_id=by_id,
        at=at,
    )
    lacking = lack_of(session)
    if not lacking and not was_minuted:
        session.minuted_at, session.minuted_by_id = at, by_id
    elif lacking:
        session.minuted_at = session.minuted_by = None
    if _state(session) != before or was_minuted is not (session.minuted_at is not None):
        session.save()
        record("session.minutes", session, by_id=by_id, at=at, before=before, after=_state(session))
        bring_obligation_up_to_date(session.department, by_id=by_id, at=at)
    return lacking


def lack_of(session: StudySession) -> tuple[str, ...]:
    """Return what the minutes of the session lack. One query."""
    return minutes_lack(
        session.discussion_held,
        main_content=session.main_content,
        main_content_pages=session.main_content_pages,
        discussion=session.discussion,
        discussion_pages=session.discussion_pages,
        has_scan=Attachment.objects.current().of_owner(KIND, session.uuid).filter(slot=SLOT).exists(),
    )


def _text(typed: str, field: str) -> str:
    text = tidy(typed)
    if len(text) > MAXIMUM_TEXT:
        message = _("This is longer than 20,000 characters. Attach the long text as a file and name its pages.")
        raise Refused(message, field=field, code="long")
    return text


def _pages(typed: str, field: str) -> str:
    if not tidy(typed):
        return ""
    try:
        pages = parse_pages(typed)
    except ValueError as error:
        message = _("Write the pages of the scan like 3 or 3-5.")
        raise Refused(message, field=field, code="pages") from error
    if len(pages) > MAXIMUM_PAGES:
        raise Refused(_("These are too many pages to name; give a range like 3-5."), field=field, code="pages")
    return pages


def _state(session: StudySession) -> dict[str, Any]:
    return {
        "held": session.discussion_held,
        "main_content": session.main_content,
        "main_content_pages": session.main_content_pages,
        "discussion": session.discussion,
        "discussion_pages": session.discussion_pages,
    }
