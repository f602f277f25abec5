"""What evidence proves, in words and with the address of each record the reader may open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.formats import date_format

from campaigns.actors import Actor
from campaigns.calculations.guessing import Tick
from campaigns.calculations.months import first_day_of_month
from campaigns.enums import EvidenceTarget
from campaigns.models import (
    Assignment,
    Campaign,
    Circular,
    Duty,
    Exchange,
    Plan,
    PlanItem,
    PlanVersion,
    PolicyItem,
    Problem,
    Recommendation,
)
from campaigns.policy import can_see_working_text
from qualityseason.text import parse_uuid

PAGES = {  # of the season, for what is no record
    EvidenceTarget.HAVE: "haves",
    EvidenceTarget.PUBLICITY: "publicity",
    EvidenceTarget.STAGE_REPORT: "stage-reports",
    EvidenceTarget.MONTH: "months",
}
RECORDS: dict[EvidenceTarget, tuple[str, Any]] = {
    EvidenceTarget.CIRCULAR: ("circular", Circular),
    EvidenceTarget.ASSIGNMENT: ("assignment", Assignment),
    EvidenceTarget.PROBLEM: ("problem", Problem),
    EvidenceTarget.EXCHANGE: ("exchange", Exchange),
    EvidenceTarget.RECOMMENDATION: ("recommendation", Recommendation),
}


@dataclass(frozen=True)
class ProvenRow:
    """One thing proven: its sort, its name ('' where the reader may not know it), its page ('' likewise)."""

    target: EvidenceTarget
    kind: str
    label: str
    url: str
    tick: Tick


def proven_by(actor: Actor, campaign: Campaign, links: Iterable[Tick]) -> tuple[ProvenRow, ...]:
    """Return what the links name, in the order of the form. One query per sort of record, plan items three."""
    keys: dict[EvidenceTarget, list[str]] = defaultdict(list)
    for target, key in links:
        keys[EvidenceTarget(target)].append(key)
    rows: list[ProvenRow] = []
    for target in EvidenceTarget:
        if target in keys:
            known = _known(actor, campaign, target, keys[target])
            unknown = [key for key in keys[target] if key not in known]
            rows += [_row(target, key, known.get(key, ("", ""))) for key in (*known, *unknown)]
    return tuple(rows)


def _row(target: EvidenceTarget, key: str, known: tuple[str, str]) -> ProvenRow:
    return ProvenRow(target, str(target.label), *known, tick=(target.value, key))


def _known(actor: Actor, campaign: Campaign, target: EvidenceTarget, keys: list[str]) -> Mapping[str, tuple[str, str]]:
    """Return name and address of each key the reader may know, in order."""

    def address(name: str, *parts: object) -> str:
        return reverse(f"campaigns:{name}", args=[campaign.slug, *parts])

    if target in PAGES:
        return {key: (_name(target, key), address(PAGES[target])) for key in keys}
    uuids = [uuid for uuid in map(parse_uuid, keys) if uuid is not None]
    if target in RECORDS:
        name, model = RECORDS[target]
        rows = model.objects.visible_to(actor).filter(uuid__in=uuids)
        return {str(row.uuid): (str(row), address(name, row.uuid)) for row in rows}
    if target == EvidenceTarget.DUTY:
        duties = Duty.objects.visible_to(actor).filter(uuid__in=uuids)
        return {str(row.uuid): (f"{row.number} {row.text}".strip(), address("duties")) for row in duties}
    if target == EvidenceTarget.POLICY_ITEM:
        items = PolicyItem.objects.visible_to(actor).filter(uuid__in=uuids).select_related("policy")
        return {str(row.uuid): (row.text, address("policy", row.policy.uuid)) for row in items}
    return _plan_items(actor, campaign, uuids)


def _name(target: EvidenceTarget, key: str) -> str:
    if target == EvidenceTarget.MONTH:
        return date_format(first_day_of_month(key), "YEAR_MONTH_FORMAT")
    return key


def _plan_items(actor: Actor, campaign: Campaign, uuids: list[UUID]) -> Mapping[str, tuple[str, str]]:
    """Return items of plans: as they are being written for those who read that, else as they were submitted."""
    found: dict[str, tuple[str, str]] = {}
    plans = {plan.pk: plan for plan in Plan.objects.visible_to(actor).filter(items__uuid__in=uuids).distinct()}
    submitted: dict[int, dict[str, str]] = {}
    closed = [pk for pk, plan in plans.items() if not can_see_working_text(actor, plan)]
    for version in (
        PlanVersion.objects.visible_to(actor).filter(plan_id__in=closed).order_by("number") if closed else ()
    ):
        submitted[version.plan_id] = {item["uuid"]: item["title"] for item in version.content["items"]}
    for item in PlanItem.objects.filter(plan__in=plans, uuid__in=uuids):
        key, plan = str(item.uuid), plans[item.plan_id]
        title = submitted.get(plan.pk, {}).get(key, "") if plan.pk in closed else item.title
        if title:
            found[key] = (title, reverse("campaigns:plan", args=[campaign.slug, plan.uuid]) + f"#item-{key}")
    return found
