"""The page of one plan or summary: where it stands, what was done with it, its text, copies and versions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from campaigns import policy
from campaigns.actors import Actor
from campaigns.enums import PLAN_OBLIGATIONS, WRITABLE_PLAN_STATES, PlanAct
from campaigns.models import Campaign, Membership, Obligation, Plan, PlanEvent, PlanMark, SummaryEvent
from campaigns.models.any_paper import AnyPaper
from campaigns.queries.attachments import AttachedFile, files_of
from campaigns.queries.copies import CopyReceived, copies_of
from campaigns.queries.obligations import OwedRow, owed_row
from campaigns.queries.paper_versions import (
    PaperText,
    VersionRow,
    find_version,
    version_rows,
    version_text,
    working_text,
)
from qualityseason.models import User

INTERNAL = frozenset({PlanAct.REQUESTED, PlanAct.RECALLED})  # steps inside the department
SIGNED = "signed"


@dataclass(frozen=True)
class Step:
    """A step of the text's way: who, for whom (某某代某某), as far as the reader is told."""

    act: str
    label: str
    at: datetime
    who: str
    on_behalf_of: str
    for_department: str
    note: str
    version: int


@dataclass(frozen=True)
class PaperPage:
    """All the page of a text shows; ``text`` is None where nothing was submitted that the reader may see."""

    text: PaperText | None
    is_working: bool
    versions: tuple[VersionRow, ...]
    steps: tuple[Step, ...]
    owed: tuple[OwedRow, ...]
    copies: tuple[CopyReceived, ...]
    signed: tuple[AttachedFile, ...]
    marks: int


def paper_page(actor: Actor, campaign: Campaign, paper: AnyPaper, *, on: date) -> PaperPage:
    """Return the page as the actor may see it; a fixed number of queries. `paper` comes with department and word file.

    The text being written is shown while it is in the department's hands, and only to who may read it.
    """
    last = find_version(actor, paper)
    is_working = policy.can_see_working_text(actor, paper) and (paper.state in WRITABLE_PLAN_STATES or last is None)
    if is_working:
        text: PaperText | None = working_text(campaign, paper, last)
    else:
        text = version_text(actor, campaign, paper, last) if last else None
    copies = copies_of(actor, paper)
    files = files_of(actor, paper.SORT, [paper.uuid], campaign=campaign).get(paper.uuid, ())
    return PaperPage(
        text=text,
        is_working=is_working,
        versions=version_rows(actor, paper, copies),
        steps=steps_of(actor, paper),
        owed=owed_for(actor, paper, on=on),
        copies=copies,
        signed=tuple(file for file in files if file.slot == SIGNED),
        marks=_marks(actor, paper),
    )


def owed_for(actor: Actor, paper: AnyPaper, *, on: date) -> tuple[OwedRow, ...]:
    """Return what the department owes by this text, as it stands on that day: of a plan both copies. One query."""
    kinds = PLAN_OBLIGATIONS if isinstance(paper, Plan) else frozenset({paper.obligation})
    rows = Obligation.objects.visible_to(actor).filter(department_id=paper.department_id, kind__in=sorted(kinds))
    return tuple(owed_row(row, on=on) for row in rows.select_related("milestone", "department"))


def _marks(actor: Actor, paper: AnyPaper) -> int:
    """Return how many marks of assessors stand on a plan. One query for the team."""
    if not actor.is_team or not isinstance(paper, Plan):
        return 0
    return PlanMark.objects.visible_to(actor).standing().filter(plan=paper).count()


def steps_of(actor: Actor, paper: AnyPaper) -> tuple[Step, ...]:
    """Return what was done with the text, the latest first. Two queries.

    People of the department are named to it, to office and team; others read the department. Whoever acted for the
    office is named to office and team. Steps inside the department, and notes, stay between it and the office.
    """
    events = paper.events.select_related("by", "on_behalf_of", "version").defer("version__content")
    is_insider = policy.can_see_working_text(actor, paper)
    members = set(
        Membership.objects.filter(campaign_id=paper.campaign_id, department_id=paper.department_id).values_list(
            "user_id", flat=True
        )
    )
    found = [
        _step(actor, paper, event, is_insider=is_insider, is_members=event.by_id in members)
        for event in events
        if is_insider or event.act not in INTERNAL
    ]
    return tuple(reversed(found))


def _step(
    actor: Actor, paper: AnyPaper, event: PlanEvent | SummaryEvent, *, is_insider: bool, is_members: bool
) -> Step:
    is_office = event.act in (PlanAct.RETURNED, PlanAct.APPROVED) or not is_members
    names = actor.sees_names or (paper.department_id in actor.departments and not is_office)
    if names:
        who = _name(event.by)
    else:
        who = _("Campaign office") if is_office else paper.department.name
    return Step(
        act=event.act,
        label=str(PlanAct(event.act).label),
        at=event.at,
        who=who,
        on_behalf_of=_name(event.on_behalf_of) if names and event.on_behalf_of else "",
        for_department=paper.department.name if event.act == PlanAct.SUBMITTED and is_office else "",
        note=event.note if is_insider else "",
        version=event.version.number if event.version else 0,
    )


def _name(user: User) -> str:
    return user.display_name or user.username
