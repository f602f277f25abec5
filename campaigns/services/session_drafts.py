"""A study session as a form hands it over, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.calculations.sessions import first_start
from campaigns.enums import LeaderPost
from campaigns.models import Campaign
from qualityseason.clock import day_of
from qualityseason.errors import Refused
from qualityseason.text import clean, squeeze, tidy

MAXIMUM_TOPIC = 200
MAXIMUM_PLACE = 100
MAXIMUM_NAME = 64
NEAR = timedelta(days=366)  # further from the season a date is a slip of the pen


@dataclass(frozen=True)
class SittingDraft:
    """One sitting; ``was`` is the start the row was filled from (None: a new row)."""

    starts_at: datetime
    place: str = ""
    is_make_up: bool = False
    was: datetime | None = None


@dataclass(frozen=True)
class InvitationDraft:
    """One leader invited; ``was`` is the invitation the row was filled from."""

    post: str
    name: str
    invited_on: date | None = None
    was: UUID | None = None


@dataclass(frozen=True)
class SessionDraft:
    """All a person says of a study session before it is held, or after."""

    topic: str
    sittings: tuple[SittingDraft, ...]
    invitations: tuple[InvitationDraft, ...] = ()

    @property
    def began(self) -> datetime | None:
        """When the session began."""
        return first_start((sitting.starts_at, sitting.is_make_up) for sitting in self.sittings)


def judged(draft: SessionDraft, *, campaign: Campaign, at: datetime, invited_on: date | None = None) -> SessionDraft:
    """Return the draft cleaned, an empty day of invitation read as `invited_on`; raises Refused where it cannot be.

    Dates outside the season are taken; only those a year away from it are not.
    """
    topic = tidy(draft.topic)
    if not 0 < len(topic) <= MAXIMUM_TOPIC:
        raise Refused(_("Give the topic, at most 200 characters."), field="topic", code="topic")
    sittings = tuple(_judged_sitting(sitting, campaign) for sitting in draft.sittings)
    _judge_order(sittings)
    last = max(day_of(sitting.starts_at) for sitting in sittings)
    invitations = tuple(
        _judged_invitation(replace(row, invited_on=row.invited_on or invited_on), last=last, today=day_of(at))
        for row in draft.invitations
    )
    _refuse_twice(row.name for row in invitations)
    return SessionDraft(topic, tuple(sorted(sittings, key=lambda sitting: sitting.starts_at)), invitations)


def _judged_sitting(sitting: SittingDraft, campaign: Campaign) -> SittingDraft:
    day, place = day_of(sitting.starts_at), tidy(sitting.place)
    if not campaign.starts_on - NEAR <= day <= campaign.ends_on + NEAR:
        message = _("%(day)s is more than a year away from the season. Check the year of the sitting.")
        raise Refused(message % {"day": day.isoformat()}, field="sittings", code="year")
    if len(place) > MAXIMUM_PLACE:
        raise Refused(_("The place takes at most 100 characters."), field="sittings", code="place")
    return replace(sitting, place=place)


def _judge_order(sittings: tuple[SittingDraft, ...]) -> None:
    if not sittings:
        raise Refused(_("Say when the session sits: at least one date with its time."), field="sittings", code="none")
    if all(sitting.is_make_up for sitting in sittings):
        message = _("A make-up sitting makes up for another: one sitting is not marked so.")
        raise Refused(message, field="sittings", code="make_up")
    starts = [sitting.starts_at for sitting in sittings]
    for start in starts:
        if starts.count(start) > 1:
            message = _("Two sittings begin on %(moment)s. Take one away or correct its time.")
            raise Refused(message % {"moment": moment_of(start)}, field="sittings", code="twice")


def _judged_invitation(row: InvitationDraft, *, last: date, today: date) -> InvitationDraft:
    name, day = clean(row.name), row.invited_on
    if not 0 < len(name) <= MAXIMUM_NAME:
        raise Refused(_("Give the leader's name, at most 64 characters."), field="invitations", code="name")
    if row.post not in LeaderPost:
        message = _("Say how %(leader)s stands to the department: in charge of it, or its liaison.")
        raise Refused(message % {"leader": name}, field="invitations", code="post")
    if day is None:
        message = _("Say on which day %(leader)s was invited.")
        raise Refused(message % {"leader": name}, field="invitations", code="day")
    if day > today:
        message = _("%(leader)s cannot have been invited on %(day)s: that day is still to come.")
        raise Refused(message % {"leader": name, "day": day.isoformat()}, field="invitations", code="future")
    if day > last:
        message = _("%(leader)s was invited on %(day)s, after the last sitting. Correct the day, or take the row away.")
        raise Refused(message % {"leader": name, "day": day.isoformat()}, field="invitations", code="after")
    return replace(row, name=name)


def _refuse_twice(names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if squeeze(name) in seen:
            message = _("%(leader)s stands there twice. Take one of the rows away.")
            raise Refused(message % {"leader": name}, field="invitations", code="twice")
        seen.add(squeeze(name))


def moment_of(moment: datetime) -> str:
    """Return a moment as people read it: 2009-10-15 14:30, in the portal's zone."""
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"
