"""Departments renamed, merged, split or closed by a dated decision. The only writer of these changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from campaigns import policy
from campaigns.actors import Actor
from campaigns.enums import DecisionKind, DepartmentChangeKind
from campaigns.models import Block, Campaign, Decision, Department, DepartmentChange, Obligation
from campaigns.services.attachments import attach_uploads
from campaigns.services.department_heirs import Inheritance, hand_over
from campaigns.services.obligations import make_obligations
from qualityseason.clock import day_of
from qualityseason.errors import Refused
from qualityseason.services import audit
from qualityseason.text import clean, squeeze, tidy

MAXIMUM_NAME = 60
MAXIMUM_PRESENT = 300
MAXIMUM_TEXT = 2000


@dataclass(frozen=True)
class NewDepartment:
    """A department that comes into being."""

    name: str
    block: Block
    kind: str


@dataclass(frozen=True)
class Reorganisation:
    """What becomes of departments: those that end, the one that goes on or the new ones, and who goes where.

    A renaming has one predecessor, which goes on, and the new name. ``places`` gives the number of the successor by the
    uuid of a person, duty or class; what it does not name goes to the first.
    """

    kind: DepartmentChangeKind
    predecessors: Sequence[Department]
    existing: Department | None = None
    new: Sequence[NewDepartment] = ()
    places: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class DecisionDraft:
    """The paper a change rests on."""

    decided_on: date
    present: str
    text: str
    uploads: Sequence[UUID]


@transaction.atomic
def change_departments(
    campaign: Campaign,
    plan: Reorganisation,
    *,
    uuid: UUID,
    effective_on: date,
    decision: DecisionDraft,
    by: Actor,
    at: datetime,
) -> DepartmentChange:
    """Carry out what was decided, as of `effective_on`; sent twice it is carried out once.

    Staff, duties, open obligations and evidence go to the successors, given deductions stay. Raises Refused at
    `predecessors`, `existing`, `name`, `effective_on`, `decided_on`, `present`, `text` or `files`.
    """
    if not policy.can_change_departments(by):
        raise PermissionDenied
    campaign = Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
    there = DepartmentChange.objects.filter(campaign=campaign, uuid=uuid).first()
    if there is not None:
        return there
    plan = _as_they_stand(plan)
    check_change(campaign, plan, effective_on=effective_on, decided_on=decision.decided_on, at=at)
    recorded = _record_decision(campaign, decision, by=by, at=at)
    change = DepartmentChange.objects.create(
        uuid=uuid,
        campaign=campaign,
        kind=plan.kind,
        decision=recorded,
        effective_on=effective_on,
        recorded_by_id=by.user_id,
        recorded_at=at,
    )
    if plan.kind == DepartmentChangeKind.RENAME:
        data = _rename(plan.predecessors[0], plan.new[0].name)
        successors = list(plan.predecessors)
    else:
        successors = [plan.existing] if plan.existing else [_make(campaign, new) for new in plan.new]
        data = _reorganise(campaign, plan, successors, on=effective_on, made=not plan.existing, at=at)
    change.data = data
    change.save(update_fields=["data"])
    change.predecessors.set(plan.predecessors)
    change.successors.set(successors)
    audit.record(
        f"department.{plan.kind}",
        change,
        by_id=by.user_id,
        campaign_id=campaign.pk,
        at=at,
        before={"departments": [each.name for each in plan.predecessors]},
        after=data | {"successors": [each.name for each in successors], "effective_on": effective_on},
    )
    return change


def check_change(
    campaign: Campaign, plan: Reorganisation, *, effective_on: date, decided_on: date, at: datetime
) -> None:
    """Raise Refused, as change_departments would, where days, departments or names can't be taken; change nothing."""
    _check_days(campaign, effective_on, decided_on, today=day_of(at))
    _check(campaign, plan)


def _as_they_stand(plan: Reorganisation) -> Reorganisation:
    """Return the plan with its departments read anew: somebody may have changed them since the form was opened."""
    wanted = [*plan.predecessors, *([plan.existing] if plan.existing else ())]
    now = Department.objects.select_related("block").in_bulk([each.pk for each in wanted])
    existing = now[plan.existing.pk] if plan.existing else None
    return replace(plan, predecessors=[now[each.pk] for each in plan.predecessors], existing=existing)


def _check_days(campaign: Campaign, effective_on: date, decided_on: date, *, today: date) -> None:
    if decided_on > today:
        raise Refused(_("The decision cannot be of a day still to come."), field="decided_on", code="future")
    if not campaign.facts_from <= effective_on <= today:
        words = {"first": campaign.facts_from.isoformat(), "last": today.isoformat()}
        message = _("Write a day from %(first)s to today, %(last)s: a change is recorded once it is in force.")
        raise Refused(message % words, field="effective_on", code="day")


def _check(campaign: Campaign, plan: Reorganisation) -> None:
    if not plan.predecessors:
        raise Refused(_("Choose the departments that change."), field="predecessors", code="none")
    for department in plan.predecessors:
        if department.closed_on is not None:
            message = _("%(department)s was closed on %(day)s already.")
            words = {"department": department.name, "day": department.closed_on.isoformat()}
            raise Refused(message % words, field="predecessors", code="closed", existing=department)
    if plan.existing is not None and (plan.existing in plan.predecessors or plan.existing.closed_on is not None):
        raise Refused(_("Choose a department that goes on."), field="existing", code="closed")
    if plan.existing is None and not plan.new:
        raise Refused(_("Say who takes over: a department that goes on, or a new one."), field="existing", code="none")
    if plan.kind == DepartmentChangeKind.SPLIT and len(plan.new) < 2:  # a part and another part
        raise Refused(_("Name at least two departments it is split into."), field="name", code="few")
    taken = {squeeze(name) for name in Department.objects.filter(campaign=campaign).values_list("name", flat=True)}
    for new in plan.new:
        if not 0 < len(clean(new.name)) <= MAXIMUM_NAME:
            raise Refused(_("Write the name, at most 60 characters."), field="name", code="name")
        if squeeze(new.name) in taken:
            message = _("A department “%(name)s” is there already. Choose another name.")
            raise Refused(message % {"name": clean(new.name)}, field="name", code="taken")
        taken.add(squeeze(new.name))


def _record_decision(campaign: Campaign, draft: DecisionDraft, *, by: Actor, at: datetime) -> Decision:
    present, text = clean(draft.present), tidy(draft.text)
    if not 0 < len(present) <= MAXIMUM_PRESENT:
        raise Refused(_("Name who was there."), field="present", code="present")
    if not 0 < len(text) <= MAXIMUM_TEXT:
        raise Refused(_("Write down what was decided."), field="text", code="text")
    if not draft.uploads:
        raise Refused(_("Attach the paper of the decision."), field="files", code="no_paper")
    decision = Decision.objects.create(
        campaign=campaign,
        kind=DecisionKind.DEPARTMENTS,
        decided_on=draft.decided_on,
        present=present,
        text=text,
        recorded_by_id=by.user_id,
        recorded_at=at,
    )
    attach_uploads(
        draft.uploads,
        campaign_id=campaign.pk,
        department_id=None,
        owner_kind="decision",
        owner_uuid=decision.uuid,
        by_id=by.user_id,
        at=at,
    )
    return decision


def _rename(department: Department, name: str) -> dict[str, object]:
    before = department.name
    department.name, department.aliases = clean(name), [*department.aliases, before]
    department.save(update_fields=["name", "aliases"])
    return {"before": before, "after": department.name}


def _make(campaign: Campaign, new: NewDepartment) -> Department:
    last = Department.objects.filter(campaign=campaign).aggregate(last=Max("order"))["last"] or 0
    return Department.objects.create(
        campaign=campaign, block=new.block, name=clean(new.name), kind=new.kind, order=last + 1
    )


def _reorganise(
    campaign: Campaign,
    plan: Reorganisation,
    successors: Sequence[Department],
    *,
    on: date,
    made: bool,
    at: datetime,
) -> dict[str, object]:
    places = {key: successors[number] for key, number in plan.places.items() if 0 <= number < len(successors)}
    moved: dict[str, dict[str, int]] = {}
    for predecessor in plan.predecessors:
        inheritance = Inheritance(predecessor, successors, on, places)
        hand_over(inheritance, reason=_("belonged to %(name)s") % {"name": predecessor.name}, at=at)
        predecessor.closed_on = on
        predecessor.save(update_fields=["closed_on"])
        moved[predecessor.name] = inheritance.moved
    taken_over = set(Obligation.objects.filter(department__in=successors).values_list("pk", flat=True))
    make_obligations(campaign)
    if made:  # a new department owes what it took over, and what falls due from its first day on
        fresh = Obligation.objects.filter(department__in=successors, due_on__lt=on).exclude(pk__in=taken_over)
        fresh.update(dropped_at=at)
    return {"moved": moved}
