"""People of the staff list as detectors take them."""

from __future__ import annotations

from campaigns.models import StaffMember
from scoring.facts import Person


def person_of(member: StaffMember) -> Person:
    """Return a loaded person as a value."""
    return Person(member.pk, member.uuid, member.name, member.number, member.category)
