"""The items of a plan (实施条目): each has a version of its own, so that two people may write at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from campaigns.calculations.plans import understood_due
from campaigns.enums import ItemPart
from campaigns.models import Campaign, Department, Duty, Plan, PlanItem
from campaigns.services.paper_parts import lock_paper, mark_changed, prose, record_change, renumber
from qualityseason.errors import Refused
from qualityseason.text import tidy

MAXIMUM_TITLE = 200  # characters
MAXIMUM_RESPONSIBLE = 100
MAXIMUM_DUE = 100
MAXIMUM_DOCUMENT = 200
MAXIMUM_ITEMS = 300  # of one plan, removed ones included


@dataclass(frozen=True)
class ItemDraft:
    """An item as typed; `due` is a day or words like 每周一."""

    title: str
    measure: str = ""
    standard: str = ""
    outcome: str = ""
    incentive: str = ""
    service: str = ""
    responsible: str = ""
    due: str = ""
    quality_document: str = ""
    duties: tuple[Duty, ...] = ()
    cooperating: tuple[Department, ...] = ()


def item_state(item: PlanItem) -> dict[str, Any]:
    """Return what an item says, by field; duties and departments as lists of uuids in the order they are printed."""
    return {
        "title": item.title,
        **{part.value: getattr(item, part.value) for part in ItemPart},
        "responsible": item.responsible,
        "due": item.due_on.isoformat() if item.due_on else item.due_text,
        "quality_document": item.quality_document,
        "duties": [str(duty.uuid) for duty in item.duties.all()],
        "cooperating": [str(department.uuid) for department in item.cooperating.all()],
    }


def draft_state(draft: ItemDraft, campaign: Campaign) -> dict[str, Any]:
    """Return what an item with this draft would say, by field; raises Refused at the field that will not do."""
    day, words = _due(draft.due, campaign)
    return {
        "title": _line(draft.title, "title", MAXIMUM_TITLE, required=True),
        **{part.value: prose(getattr(draft, part.value), field=part.value) for part in ItemPart},
        "responsible": _line(draft.responsible, "responsible", MAXIMUM_RESPONSIBLE),
        "due": day.isoformat() if day else words,
        "quality_document": _line(draft.quality_document, "quality_document", MAXIMUM_DOCUMENT),
        "duties": [str(duty.uuid) for duty in sorted(draft.duties, key=lambda duty: duty.pk)],
        "cooperating": [str(one.uuid) for one in sorted(draft.cooperating, key=lambda one: one.order)],
    }


@transaction.atomic
def add_item(plan: Plan, draft: ItemDraft, *, uuid: UUID, by_id: int, at: datetime) -> PlanItem:
    """Return a new item at the end of the plan; the same `uuid` with the same words again is the first one.

    Raises Refused at the field that will not do, `used` when that uuid stands for other words, `many`, `closed`.
    """
    plan = lock_paper(plan)
    state = _judged(draft, plan)
    known = PlanItem.objects.filter(uuid=uuid).first()
    if known is not None:
        if known.plan_id == plan.pk and item_state(known) == state:
            return known
        message = _("This form was sent before, with other words. Open the item in the plan to change it.")
        raise Refused(message, code="used")
    items = PlanItem.objects.filter(plan=plan)
    if items.count() >= MAXIMUM_ITEMS:
        message = _("A plan takes at most %(limit)s items. Bring several together in one.") % {"limit": MAXIMUM_ITEMS}
        raise Refused(message, code="many")
    last = items.aggregate(last=Max("order"))["last"] or 0
    item = PlanItem(plan=plan, uuid=uuid, order=last + 1, changed_by_id=by_id, **_columns(state))
    item.save()
    item.duties.set(draft.duties)
    item.cooperating.set(draft.cooperating)
    mark_changed(plan, at=at)
    record_change("item.add", item, plan, by_id=by_id, at=at, after=state | {"version": item.version})
    return item


@transaction.atomic
def save_item(
    item: PlanItem, draft: ItemDraft, *, version: int, put_back: bool = False, by_id: int, at: datetime
) -> PlanItem:
    """Write an item; the same words again change nothing.

    Raises Refused at the field that will not do; `stale` when somebody saved since `version`; `removed` when it was
    taken out meanwhile, unless `put_back` says that it shall return; `closed`.
    """
    plan = lock_paper(item.plan)
    item = PlanItem.objects.prefetch_related("duties", "cooperating").get(pk=item.pk)
    before = item_state(item)
    state = _judged(draft, plan, linked={duty.pk for duty in item.duties.all()})
    if item.removed_at is not None and not put_back:
        message = _("Somebody else has removed this item meanwhile. Save again to put it back with your text.")
        raise Refused(message, code="removed", existing=item)
    if state == before and item.removed_at is None:
        return item
    if state != before and version != item.version:
        raise Refused(_("Somebody else saved this item meanwhile."), code="stale", existing=item)
    for name, value in _columns(state).items():
        setattr(item, name, value)
    item.version += 1
    item.changed_by_id = by_id
    item.removed_at = None
    item.save()
    item.duties.set(draft.duties)
    item.cooperating.set(draft.cooperating)
    mark_changed(plan, at=at)
    after = state | {"version": item.version}
    record_change("item.save", item, plan, by_id=by_id, at=at, before=before, after=after)
    return item


@transaction.atomic
def remove_item(item: PlanItem, *, by_id: int, at: datetime) -> None:
    """Take an item out of the plan; it stays for the record and can be put back. A second time changes nothing."""
    plan = lock_paper(item.plan)
    item = PlanItem.objects.get(pk=item.pk)
    if item.removed_at is None:
        item.removed_at, item.changed_by_id = at, by_id
        item.save(update_fields=["removed_at", "changed_by"])
        mark_changed(plan, at=at)
        record_change("item.remove", item, plan, by_id=by_id, at=at, before=item_state(item))


@transaction.atomic
def put_back_item(item: PlanItem, *, by_id: int, at: datetime) -> None:
    """Put a removed item back where it stood. A second time changes nothing."""
    plan = lock_paper(item.plan)
    item = PlanItem.objects.get(pk=item.pk)
    if item.removed_at is not None:
        item.removed_at, item.changed_by_id = None, by_id
        item.save(update_fields=["removed_at", "changed_by"])
        mark_changed(plan, at=at)
        record_change("item.put-back", item, plan, by_id=by_id, at=at, after=item_state(item))


@transaction.atomic
def move_item(item: PlanItem, *, number: int, up: bool, by_id: int, at: datetime) -> bool:
    """Let an item change places with its neighbour; whether it did.

    `number` is the one it was seen at, from one: a double click, or a neighbour moved meanwhile, moves it no further.
    """
    plan = lock_paper(item.plan)
    everything = list(PlanItem.objects.filter(plan=plan))
    standing = [one for one in everything if one.removed_at is None]
    if not 1 <= number <= len(standing) or standing[number - 1].pk != item.pk:
        return False
    other = number + (-1 if up else 1)
    if not 1 <= other <= len(standing):
        return False
    one, two = everything.index(standing[number - 1]), everything.index(standing[other - 1])
    everything[one], everything[two] = everything[two], everything[one]
    renumber(everything)
    mark_changed(plan, at=at)
    record_change("item.move", item, plan, by_id=by_id, at=at, before={"number": number}, after={"number": other})
    return True


def _judged(draft: ItemDraft, plan: Plan, *, linked: set[int] | frozenset[int] = frozenset()) -> dict[str, Any]:
    """Return the draft's state; a duty must be the department's own and, unless the item had it, not ended."""
    for duty in draft.duties:
        if duty.department_id != plan.department_id or (duty.ended_at is not None and duty.pk not in linked):
            message = _("“%(duty)s” is not a duty of %(department)s. Choose from the list.")
            words = {"duty": str(duty), "department": plan.department.name}
            raise Refused(message % words, field="duties", code="duty")
    for department in draft.cooperating:
        if department.campaign_id != plan.campaign_id or department.pk == plan.department_id:
            message = _("%(department)s cannot cooperate here. Choose other departments of this season.")
            raise Refused(message % {"department": department.name}, field="cooperating", code="department")
    return draft_state(draft, plan.campaign)


def _columns(state: Mapping[str, Any]) -> dict[str, Any]:
    columns = {name: value for name, value in state.items() if name not in ("due", "duties", "cooperating")}
    day, words = understood_due(state["due"])
    return columns | {"due_on": day, "due_text": words}


def _line(value: str, field: str, limit: int, *, required: bool = False) -> str:
    line = " ".join(tidy(value).split())
    if required and not line:
        raise Refused(_("Give the item a title."), field=field, code="empty")
    if len(line) > limit:
        message = _("This has %(length)s characters; at most %(limit)s are kept. Shorten it.")
        raise Refused(message % {"length": len(line), "limit": limit}, field=field, code="long")
    return line


def _due(value: str, campaign: Campaign) -> tuple[date | None, str]:
    try:
        day, words = understood_due(value)
    except ValueError as error:
        message = _("“%(typed)s” is no day of the calendar. Write it like 2009-11-06, or in words, like every Monday.")
        raise Refused(message % {"typed": tidy(value)[:40]}, field="due", code="day") from error
    if day is not None and not campaign.starts_on.year - 1 <= day.year <= campaign.ends_on.year + 1:
        message = _("%(day)s lies far from the season. Check the year.") % {"day": day.isoformat()}
        raise Refused(message, field="due", code="year")
    return day, _line(words, "due", MAXIMUM_DUE)
