"""What a sign-in sheet says: the sittings, and who is expected to sign."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from campaigns.models import Invitation, StudySession
from campaigns.queries.roll import posted_people
from qualityseason.clock import day_of


@dataclass(frozen=True)
class SheetSitting:
    """One sitting, which gets a sheet of its own."""

    starts_at: datetime
    place: str
    is_make_up: bool


@dataclass(frozen=True)
class SignIn:
    """The sign-in sheets of one session; ``people`` as (staff number, name), ``leaders`` as (post code, name)."""

    college: str
    campaign: str
    department: str
    topic: str
    day: str
    sittings: tuple[SheetSitting, ...]
    people: tuple[tuple[str, str], ...]
    leaders: tuple[tuple[str, str], ...]


def sign_in_facts(session: StudySession) -> SignIn:
    """Return what the sheets of a session say, its department, campaign and sittings loaded. Two queries."""
    sittings = tuple(SheetSitting(row.starts_at, row.place, row.is_make_up) for row in session.sittings.all())
    invited = Invitation.objects.filter(session=session)
    return SignIn(
        college=session.campaign.college,
        campaign=session.campaign.name,
        department=session.department.full_name,
        topic=session.topic,
        day=f"{day_of(sittings[0].starts_at)}" if sittings else "",
        sittings=sittings,
        people=tuple((person.number, person.name) for person in posted_people(session)),
        leaders=tuple((row.post, row.name) for row in invited),
    )
