"""The page of one plan: where it stands, what was done with it, its text, copies and versions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from campaigns import policy
from campaigns.actors import Actor
from campaigns.enums import PLAN_OBLIGATIONS, WRITABLE_PLAN_STATES, PlanAct
from campaigns.models import Campaign, Membership, Obligation, Plan, PlanEvent, PlanMark
from campaigns.queries.attachments import AttachedFile, files_of
from campaigns.queries.obligations import OwedRow, owed_row
from campaigns.queries.plan_versions import PlanText, VersionRow, find_version, version_rows, version_text, working_text
from campaigns.queries.plans import CopyReceived, copies_of
from qualityseason.models import User

INTERNAL = frozenset({PlanAct.REQUESTED, PlanAct.RECALLED})  # steps inside the department
SIGNED = "signed"


@dataclass(frozen=True)
class Step:
    """A step of the plan's way: who, for whom (某某代某某), as far as the reader is told."""

    act: str
    label: str
    at: datetime
    who: str
    on_behalf_of: str
    for_department: str
    note: str
    version: int


@dataclass(frozen=True)
class PlanPage:
    """All the page of a plan shows; ``text`` is None where nothing was submitted that the reader may see."""

    text: PlanText | None
    is_working: bool
    versions: tuple[VersionRow, ...]
    steps: tuple[Step, ...]
    owed: tuple[OwedRow, ...]
    copies: tuple[CopyReceived, ...]
    signed: tuple[AttachedFile, ...]
    marks: int


def plan_page(actor: Actor, campaign: Campaign, plan: Plan, *, on: date) -> PlanPage:
    """Return the page as the actor may see it; a fixed number of queries. `plan` comes with department and word file.

    The text being written is shown while it is in the department's hands, and only to who may read it.
    """
    last = find_version(actor, plan)
    is_working = policy.can_see_working_text(actor, plan) and (plan.state in WRITABLE_PLAN_STATES or last is None)
    if is_working:
        text: PlanText | None = working_text(campaign, plan, last)
    else:
        text = version_text(actor, campaign, plan, last) if last else None
    copies = copies_of(actor, plan)
    files = files_of(actor, "plan", [plan.uuid], campaign=campaign).get(plan.uuid, ())
    return PlanPage(
        text=text,
        is_working=is_working,
        versions=version_rows(actor, plan, copies),
        steps=steps_of(actor, plan),
        owed=owed_for_plan(actor, plan, on=on),
        copies=copies,
        signed=tuple(file for file in files if file.slot == SIGNED),
        marks=PlanMark.objects.visible_to(actor).standing().filter(plan=plan).count() if actor.is_team else 0,
    )


def owed_for_plan(actor: Actor, plan: Plan, *, on: date) -> tuple[OwedRow, ...]:
    """Return what the department owes of its plan, electronic copy and paper, as it stands on that day. One query."""
    rows = Obligation.objects.visible_to(actor).filter(
        department_id=plan.department_id, kind__in=sorted(PLAN_OBLIGATIONS)
    )
    return tuple(owed_row(row, on=on, plan=plan.uuid) for row in rows.select_related("milestone", "department"))


def steps_of(actor: Actor, plan: Plan) -> tuple[Step, ...]:
    """Return what was done with the plan, the latest first. Two queries.

    People of the department are named to it, to office and team; others read the department. Whoever acted for the
    office is named to office and team. Steps inside the department, and notes, stay between it and the office.
    """
    events = (
        PlanEvent.objects.filter(plan=plan).select_related("by", "on_behalf_of", "version").defer("version__content")
    )
    is_insider = policy.can_see_working_text(actor, plan)
    members = set(
        Membership.objects.filter(campaign_id=plan.campaign_id, department_id=plan.department_id).values_list(
            "user_id", flat=True
        )
    )
    found = [
        _step(actor, plan, event, is_insider=is_insider, is_members=event.by_id in members)
        for event in events
        if is_insider or event.act not in INTERNAL
    ]
    return tuple(reversed(found))


def _step(actor: Actor, plan: Plan, event: PlanEvent, *, is_insider: bool, is_members: bool) -> Step:
    is_office = event.act in (PlanAct.RETURNED, PlanAct.APPROVED) or not is_members
    names = actor.sees_names or (plan.department_id in actor.departments and not is_office)
    if names:
        who = _name(event.by)
    else:
        who = _("Campaign office") if is_office else plan.department.name
    return Step(
        act=event.act,
        label=str(PlanAct(event.act).label),
        at=event.at,
        who=who,
        on_behalf_of=_name(event.on_behalf_of) if names and event.on_behalf_of else "",
        for_department=plan.department.name if event.act == PlanAct.SUBMITTED and is_office else "",
        note=event.note if is_insider else "",
        version=event.version.number if event.version else 0,
    )


def _name(user: User) -> str:
    return user.display_name or user.username
