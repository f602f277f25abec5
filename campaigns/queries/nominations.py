"""Nominations for honours as pages show them: lists, the short list side by side, who may be nominated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from campaigns.actors import Actor
from campaigns.enums import NominationState
from campaigns.models import Campaign, Department, Nomination, Posting, StaffMember
from campaigns.policy import can_shortlist

TONES = {
    NominationState.NOMINATED: "pending",
    NominationState.SHORTLISTED: "recorded",
    NominationState.CHOSEN: "done",
    NominationState.PASSED_OVER: "absorbed",
    NominationState.WITHDRAWN: "withdrawn",
}


@dataclass(frozen=True)
class ChosenRow:
    """A commended person, as everybody reads it."""

    honour: str
    name: str
    department: str


@dataclass(frozen=True)
class NominationRow:
    """One nomination, for its department and overseers; ``tone`` is a word for the state partial.

    ``mark`` says which state of it a form was filled from, ``is_barred`` that the reader has an interest there.
    """

    uuid: UUID
    honour: str
    name: str
    number: str
    category: str
    department: str
    reasons: str
    state: str
    state_label: str
    tone: str
    mark: str
    is_barred: bool
    may_shortlist: bool

    @property
    def is_listed(self) -> bool:
        """Whether it stands on the short list."""
        return self.state == NominationState.SHORTLISTED


def honours_of(campaign: Campaign) -> tuple[str, ...]:
    """Return the season's honours, in its order."""
    return tuple(campaign.lists.get("honours", ()))


def mark_of(nomination: Nomination) -> str:
    """Return a mark of the nomination as it stands: its state and version."""
    return f"{nomination.state}:{nomination.version}"


def chosen_rows(actor: Actor, campaign: Campaign) -> tuple[ChosenRow, ...]:
    """Return who is commended, by honour and department, for everybody. One query."""
    rows = Nomination.objects.visible_to(actor).filter(state=NominationState.CHOSEN)
    found = rows.select_related("person", "department").order_by("department__order", "person__number")
    listed = [ChosenRow(row.honour, row.person.name, row.department.name) for row in found]
    return tuple(sorted(listed, key=lambda row: _place(campaign, row.honour)))


def nomination_rows(
    actor: Actor, campaign: Campaign, *, filters: Mapping[str, Any] | None = None
) -> tuple[NominationRow, ...]:
    """Return the nominations whose reasons the actor reads, by honour and department. One query."""
    wanted = filters or {}
    rows = Nomination.objects.files_visible_to(actor)
    if wanted.get("honour"):
        rows = rows.filter(honour=wanted["honour"])
    if wanted.get("department"):
        rows = rows.filter(department=wanted["department"])
    if wanted.get("state"):
        rows = rows.filter(state=wanted["state"])
    found = rows.select_related("person", "department").order_by("department__order", "person__number", "pk")
    listed = [nomination_row(actor, row) for row in found]
    return tuple(sorted(listed, key=lambda row: _place(campaign, row.honour)))


def nomination_row(actor: Actor, row: Nomination) -> NominationRow:
    """Return a nomination, loaded with person and department, as a row."""
    return NominationRow(
        uuid=row.uuid,
        honour=row.honour,
        name=row.person.name,
        number=row.person.number,
        category=row.person.get_category_display(),
        department=row.department.name,
        reasons=row.reasons,
        state=row.state,
        state_label=str(NominationState(row.state).label),
        tone=TONES[NominationState(row.state)],
        mark=mark_of(row),
        is_barred=actor.is_interested_in(row.department_id),
        may_shortlist=can_shortlist(actor, row),
    )


def grouped(campaign: Campaign, rows: tuple[Any, ...]) -> tuple[tuple[str, tuple[Any, ...]], ...]:
    """Return rows by honour in the season's order, honours without any left out."""
    honours = dict.fromkeys((*honours_of(campaign), *(row.honour for row in rows)))
    groups = ((honour, tuple(row for row in rows if row.honour == honour)) for honour in honours)
    return tuple((honour, found) for honour, found in groups if found)


def nominable_people(department: Department, *, on: date) -> tuple[StaffMember, ...]:
    """Return who is on the department's staff that day. One query."""
    postings = Posting.objects.filter(department=department).current(on=on)
    return tuple(posting.staff_member for posting in postings.select_related("staff_member").order_by("staff_member"))


def is_nominable(person: StaffMember, department: Department, *, on: date) -> bool:
    """Whether the person is on the department's staff that day. One query."""
    return Posting.objects.filter(staff_member=person, department=department).current(on=on).exists()


def _place(campaign: Campaign, honour: str) -> int:
    honours = honours_of(campaign)
    return honours.index(honour) if honour in honours else len(honours)
