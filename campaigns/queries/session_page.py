"""The page of one study session, as far as the reader may know. A fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from campaigns.actors import Actor
from campaigns.calculations.sessions import DISCUSSION, HELD, MAIN_CONTENT, SCAN, minutes_lack
from campaigns.enums import Role
from campaigns.models import Attachment, Campaign, Invitation, Sitting, StudySession
from campaigns.queries.roll import Roll, roll_of
from campaigns.queries.sessions import KIND, SessionState, is_outside, session_state
from campaigns.queries.suggestions import SuggestionLine, suggestions_of

MINUTES, SIGN_IN = "minutes", "sign-in"
LACKING = {
    HELD: _("whether a discussion was held"),
    MAIN_CONTENT: _("the main content"),
    DISCUSSION: _("the discussion"),
    SCAN: _("the scan whose pages are named"),
}


@dataclass(frozen=True)
class InvitationLine:
    """A leader invited; ``remark`` and whose words they are only for who may read them."""

    uuid: UUID
    post: str
    name: str
    invited_on: date
    came: bool | None
    remark: str = ""
    is_own_account: bool = False
    remark_by: str = ""
    remark_at: datetime | None = None
    may_remark: bool = False


@dataclass(frozen=True)
class SessionPage:
    """All a session's page shows."""

    session: StudySession
    state: SessionState
    sittings: tuple[Sitting, ...]
    invitations: tuple[InvitationLine, ...]
    roll: Roll
    suggestions: tuple[SuggestionLine, ...]
    lacking: tuple[str, ...]
    has_begun: bool
    is_outside: bool

    @property
    def nobody_came(self) -> bool:
        """Whether leaders were invited and, by the roll, not one of them came."""
        return bool(self.invitations) and all(line.came is False for line in self.invitations)

    @property
    def open_suggestions(self) -> int:
        """How many suggestions are neither taken in nor answered."""
        return sum(not line.is_settled for line in self.suggestions)


def session_page(session: StudySession, actor: Actor, campaign: Campaign, *, at: datetime) -> SessionPage:
    """Return what the page of a session shows, as far as the actor may know. Eight queries.

    ``session`` comes with department, people and prefetched sittings.
    """
    sittings = tuple(session.sittings.all())
    starts = [sitting.starts_at for sitting in sittings]
    has_scan = Attachment.objects.current().of_owner(KIND, session.uuid).filter(slot=MINUTES).exists()
    return SessionPage(
        session=session,
        state=session_state(session, starts, at=at),
        sittings=sittings,
        invitations=_invitations(session, actor),
        roll=roll_of(session),
        suggestions=suggestions_of(session, actor),
        lacking=tuple(
            str(LACKING[part])
            for part in minutes_lack(
                session.discussion_held,
                main_content=session.main_content,
                main_content_pages=session.main_content_pages,
                discussion=session.discussion,
                discussion_pages=session.discussion_pages,
                has_scan=has_scan,
            )
        ),
        has_begun=bool(starts) and min(starts) <= at,
        is_outside=is_outside(campaign, starts),
    )


def _invitations(session: StudySession, actor: Actor) -> tuple[InvitationLine, ...]:
    """Return who was invited; what they say is for overseers without an interest alone."""
    reads = actor.oversees and not actor.is_interested_in(session.department_id)
    rows = Invitation.objects.filter(session=session).select_related("remark_by")
    return tuple(
        InvitationLine(
            uuid=row.uuid,
            post=row.get_post_display(),
            name=row.name,
            invited_on=row.invited_on,
            came=row.came,
            remark=row.remark if reads else "",
            is_own_account=row.remark_by_id is not None and row.remark_by_id == row.user_id,
            remark_by=str(row.remark_by) if row.remark_by and actor.sees_names else "",
            remark_at=row.remark_at,
            may_remark=can_remark(actor, session.department_id, row.user_id)
            and row.came is not False
            and session.cancelled_at is None,
        )
        for row in rows
    )


def can_remark(actor: Actor, department_id: int, user_id: int | None) -> bool:
    """Whether the actor writes down what a leader says: the leader, the team, the office, without an interest."""
    if actor.is_interested_in(department_id):
        return False
    return actor.is_team or actor.has(Role.OFFICE) or (user_id is not None and user_id == actor.user_id)
