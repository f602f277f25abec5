"""The plan of a department as it is being written: its beginning, its parts of prose and free sections.

Every writer of a plan first locks its row, so that order numbers never collide and a plan handed in stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext as _

from campaigns.enums import WRITABLE_PLAN_STATES, PlanKind
from campaigns.models import Department, Plan, PlanPart
from qualityseason.errors import Refused
from qualityseason.services import audit
from qualityseason.text import tidy

MAXIMUM_TEXT = 20_000  # characters of a part of prose or of one field of an item
MAXIMUM_SECTION_TITLE = 100  # characters
MAXIMUM_SECTIONS = 30  # free sections of one plan


@transaction.atomic
def start_plan(department: Department, *, by_id: int, at: datetime) -> Plan:
    """Return the department's plan, made with the season's parts of prose when there is none yet."""
    department = (
        Department.objects.select_for_update(no_key=True, of=("self",)).select_related("campaign").get(pk=department.pk)
    )
    plan = Plan.objects.filter(department=department).first()
    if plan is not None:
        return plan
    campaign = department.campaign
    with translation.override(settings.LANGUAGE_CODE):  # the text of a document, not of somebody's screen
        title = _("%(department)s: plan for %(campaign)s") % {"department": department.name, "campaign": campaign.name}
    plan = Plan.objects.create(
        campaign=campaign,
        department=department,
        kind=department.plan_kind,
        title=title,
        created_at=at,
        changed_at=at,
    )
    listed = [
        part
        for part in campaign.lists.get("plan_parts", ())
        if part.get("for") != PlanKind.COLLEGE or department.plan_kind == PlanKind.COLLEGE
    ]
    PlanPart.objects.bulk_create(
        PlanPart(plan=plan, code=part["code"], title=part["name"], order=order)
        for order, part in enumerate(listed, start=1)
    )
    audit.record(
        "plan.start",
        plan,
        by_id=by_id,
        campaign_id=plan.campaign_id,
        department_id=plan.department_id,
        at=at,
        after={"title": plan.title, "kind": plan.kind},
    )
    return plan


def lock_plan(plan_id: int) -> Plan:
    """Return the plan under its lock; raises Refused (`closed`) when it is in other hands by now."""
    plan = (
        Plan.objects.select_for_update(no_key=True, of=("self",))
        .select_related("campaign", "department")
        .get(pk=plan_id)
    )
    if plan.state not in WRITABLE_PLAN_STATES:
        message = _(
            "The plan has been handed in, so nothing was saved. Ask the campaign office to return it, "
            "then save again; copy your text from here until then."
        )
        raise Refused(message, code="closed")
    return plan


def mark_changed(plan: Plan, *, at: datetime) -> None:
    """Note when the plan's text was changed last."""
    plan.changed_at = at
    plan.save(update_fields=["changed_at"])


def part_state(part: PlanPart) -> dict[str, Any]:
    """Return what a part says, by field."""
    return {"title": part.title, "text": part.text}


@transaction.atomic
def save_part(part: PlanPart, *, version: int, text: str, title: str = "", by_id: int, at: datetime) -> PlanPart:
    """Write a part of prose; a free section takes the title too. The same words again change nothing.

    Raises Refused: `stale` when somebody saved since `version`, `gone` when the section was removed, `closed`.
    """
    plan = lock_plan(part.plan_id)
    found = PlanPart.objects.filter(pk=part.pk).first()
    if found is None:
        raise Refused(_("Somebody else has removed this section meanwhile."), code="gone")
    part = found
    new = {"title": part.title if part.code else _section_title(title), "text": _prose(text)}
    before = part_state(part)
    if new == before:
        return part
    if version != part.version:
        raise Refused(_("Somebody else saved this meanwhile."), code="stale", existing=part)
    part.title, part.text = new["title"], new["text"]
    part.version += 1
    part.changed_by_id = by_id
    part.save(update_fields=["title", "text", "version", "changed_by"])
    mark_changed(plan, at=at)
    after = new | {"version": part.version}
    record_change("plan.part.save", part, plan, by_id=by_id, at=at, before=before, after=after)
    return part


@transaction.atomic
def add_section(plan: Plan, *, uuid: UUID, title: str, text: str, by_id: int, at: datetime) -> PlanPart:
    """Return a new free section at the end; the same `uuid` with the same words again is the first one.

    Raises Refused at `title` or `text`, or `used` when that uuid stands for other words.
    """
    plan = lock_plan(plan.pk)
    new = {"title": _section_title(title), "text": _prose(text)}
    known = PlanPart.objects.filter(uuid=uuid).first()
    if known is not None:
        if known.plan_id == plan.pk and part_state(known) == new:
            return known
        raise Refused(_("This form was sent before. Open the section below to change it."), code="used")
    sections = PlanPart.objects.filter(plan=plan)
    if sections.filter(code="").count() >= MAXIMUM_SECTIONS:
        message = _("A plan takes at most %(limit)s sections of its own. Put the text into one that is there.")
        raise Refused(message % {"limit": MAXIMUM_SECTIONS}, code="many")
    last = sections.aggregate(last=Max("order"))["last"] or 0
    part = PlanPart.objects.create(plan=plan, uuid=uuid, order=last + 1, changed_by_id=by_id, **new)
    mark_changed(plan, at=at)
    record_change("plan.section.add", part, plan, by_id=by_id, at=at, after=new | {"version": part.version})
    return part


@transaction.atomic
def remove_section(part: PlanPart, *, version: int, by_id: int, at: datetime) -> None:
    """Take a free section out of the plan; the audit keeps its words. A second time changes nothing.

    Raises Refused: `stale` when somebody has changed its text since the question was asked, `listed`, `closed`.
    """
    plan = lock_plan(part.plan_id)
    found = PlanPart.objects.filter(pk=part.pk).first()
    if found is None:
        return
    if found.code:
        raise Refused(_("The season asks every plan for this part; empty it instead."), code="listed")
    if found.version != version:
        raise Refused(_("Somebody else saved this section meanwhile. Read it before you remove it."), code="stale")
    record_change("plan.section.remove", found, plan, by_id=by_id, at=at, before=part_state(found))
    found.delete()
    mark_changed(plan, at=at)


@transaction.atomic
def move_section(part: PlanPart, *, position: int, up: bool, by_id: int, at: datetime) -> bool:
    """Let a free section change places with its neighbour among all parts; whether it did.

    `position` is its place in the plan's text as it was seen, from one: a double click moves it once.
    """
    plan = lock_plan(part.plan_id)
    parts = list(PlanPart.objects.filter(plan=plan))
    there = next((at_ for at_, one in enumerate(parts) if one.pk == part.pk and not one.code), None)
    other = None if there is None else there + (-1 if up else 1)
    if there is None or other is None or there + 1 != position or not 0 <= other < len(parts):
        return False
    parts[there], parts[other] = parts[other], parts[there]
    renumber(parts)
    mark_changed(plan, at=at)
    record_change(
        "plan.section.move", part, plan, by_id=by_id, at=at, before={"place": there + 1}, after={"place": other + 1}
    )
    return True


def renumber(rows: list[Any]) -> None:
    """Give rows with an `order` their places from one; writes those whose number changes."""
    for order, row in enumerate(rows, start=1):
        if row.order != order:
            row.order = order
            row.save(update_fields=["order"])


def record_change(
    act: str,
    row: Any,
    plan: Plan,
    *,
    by_id: int,
    at: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Write the audit entry of a change to a part or item of the plan."""
    audit.record(
        act,
        row,
        by_id=by_id,
        campaign_id=plan.campaign_id,
        department_id=plan.department_id,
        at=at,
        before=dict(before) if before is not None else None,
        after=dict(after) if after is not None else None,
    )


def prose(value: str, *, field: str) -> str:
    """Return prose as it is kept: line ends as one, no control characters; raises Refused at `field` when too long."""
    text = tidy(value.replace("\r\n", "\n").replace("\r", "\n"))
    if len(text) > MAXIMUM_TEXT:
        message = _(
            "This text has %(length)s characters; at most %(limit)s are kept. Shorten it, or attach it as a file."
        )
        raise Refused(message % {"length": len(text), "limit": MAXIMUM_TEXT}, field=field, code="long")
    return text


def _prose(value: str) -> str:
    return prose(value, field="text")


def _section_title(value: str) -> str:
    title = " ".join(tidy(value).split())
    if not 0 < len(title) <= MAXIMUM_SECTION_TITLE:
        message = _("Give the section a title, at most %(limit)s characters.") % {"limit": MAXIMUM_SECTION_TITLE}
        raise Refused(message, field="title", code="title")
    return title
