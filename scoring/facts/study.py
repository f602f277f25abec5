"""What the records say of a department's study sessions: notice, invitations, minutes, roll."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from scoring.facts.detection import Fact, Person, Season, named

DISCUSSED, NOT_DISCUSSED = "discussed", "not-discussed"


@dataclass(frozen=True)
class SessionFact(Fact):
    """A study session with the days of its sittings."""

    kind: ClassVar[str] = "study-session"
    topic: str = named(_("Topic"))
    days: tuple[date, ...] = named(_("Days"))


@dataclass(frozen=True)
class NoticeFact(Fact):
    """When the assessment team was told of a session; both moments as people read them, '' when it was not."""

    kind: ClassVar[str] = "study-notice"
    topic: str = named(_("Topic"))
    began: str = named(_("Begins"))
    told: str = named(_("Told on"))
    witness: str = named(_("Witness"))


@dataclass(frozen=True)
class InvitationFact(Fact):
    """A leader of the college invited to a session."""

    kind: ClassVar[str] = "study-invitation"
    leader: str = named(_("Name"))
    invited_on: date = named(_("Invited on"))


@dataclass(frozen=True)
class MinutesFact(Fact):
    """The minutes of a session, the scan with them; ``discussion_held`` is DISCUSSED, NOT_DISCUSSED or '' (unsaid)."""

    kind: ClassVar[str] = "study-minutes"
    topic: str = named(_("Topic"))
    days: tuple[date, ...] = named(_("Days"))
    discussion_held: str = named(_("Whether it was discussed"))
    main_content: str = named(_("Main content"))
    main_content_pages: str = named(_("Main content on pages"))
    discussion: str = named(_("Discussion"))
    discussion_pages: str = named(_("Discussion on pages"))

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all is written or attached."""
        said = (self.discussion_held, self.main_content, self.main_content_pages, self.discussion)
        return not (any(said) or self.discussion_pages or self.files)


@dataclass(frozen=True)
class AttendanceFact(Fact):
    """What a roll says of one person; the leave slips are its files, its page is the session."""

    kind: ClassVar[str] = "attendance"
    person: str = named(_("Person"))
    status: str = named(_("Attendance"))
    approved_by: str = named(_("Approved by"))
    approved_on: date | None = named(_("Approved on"))
    suggestion: str = named(_("Written suggestion"))


@dataclass(frozen=True)
class OwedFact(Fact):
    """That the department owes a session, by when, and until when that was extended."""

    kind: ClassVar[str] = "study-owed"
    deadline: date
    name: str = named(_("What is owed"))
    due_on: date = named(_("Due on"))
    extended_to: date | None = named(_("Extended to"))


@dataclass(frozen=True)
class HeldSession:
    """A session held, not called off; ``is_roll_taken`` when its roll says of somebody present or absent."""

    fact: SessionFact
    notice: NoticeFact
    minutes: MinutesFact
    invitations: tuple[InvitationFact, ...]
    began_at: datetime
    began_on: date
    notified_at: datetime | None
    is_roll_taken: bool

    @property
    def last_on(self) -> date:
        """The day of the last sitting."""
        return max(self.fact.days)


@dataclass(frozen=True)
class Member:
    """Somebody who belonged to the department from a day until a day (None: still does), and what rolls say of them.

    Rolls of other departments count too: who moved need not take part twice.
    """

    person: Person
    postings: tuple[tuple[date, date | None], ...]
    lines: tuple[AttendanceFact, ...] = ()

    def belonged_on(self, day: date) -> bool:
        """Whether the person belonged to the department on that day."""
        return any(first <= day and (last is None or day <= last) for first, last in self.postings)


@dataclass(frozen=True)
class Study:
    """All of one department; ``members`` lack those who were present anywhere.

    ``is_released`` when a session was owed and is no more.
    """

    sessions: tuple[HeldSession, ...] = ()
    owed: tuple[OwedFact, ...] = ()
    members: tuple[Member, ...] = ()
    is_released: bool = False

    def over(self, season: Season) -> tuple[HeldSession, ...]:
        """Return the sessions of the season whose last sitting is over, earliest first: nothing of them is to come."""
        counted = (
            one
            for one in self.sessions
            if season.facts_from <= one.began_on <= season.facts_until and one.last_on < season.on
        )
        return tuple(sorted(counted, key=lambda one: (one.began_at, one.fact.uuid)))

    def due_on(self, phase_end: date | None = None) -> date | None:
        """Return the last day a session could be held in time: what is owed, with extensions, and the phase's end."""
        days = [one.deadline for one in self.owed]
        return max([*days, phase_end] if phase_end else days, default=None)
