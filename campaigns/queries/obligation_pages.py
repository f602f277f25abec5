"""The page of one obligation: where it is met, by what it was met, and every decision on its day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse

from campaigns import hooks
from campaigns.actors import Actor
from campaigns.enums import MONTHLY_OBLIGATIONS, RECEIVER_OF, RECORD_OBLIGATIONS, EvidenceTarget, ObligationKind
from campaigns.models import (
    Campaign,
    Extension,
    MilestoneMove,
    MonthlyReport,
    Obligation,
    PlanVersion,
    Responsibility,
    ServiceWork,
)
from campaigns.queries.obligations import OwedRow, owed_row

VERSION = "plan-version"


@dataclass(frozen=True)
class DayDecision:
    """A decision on the day: an extension for this department, or (`for_all`) a move of the milestone."""

    for_all: bool
    before: date
    until: date
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True)
class ObligationPage:
    """All there is to say of one obligation; ``record_url`` leads to what met it ('' when that is this page)."""

    row: OwedRow
    department_uuid: UUID
    source: str
    opens_on: date | None
    note: str
    recorded_at: datetime | None
    met_by: str
    record_url: str
    receivers: tuple[str, ...]
    history: tuple[DayDecision, ...]


def load_obligation(campaign: Campaign, actor: Actor, obligation: Obligation, *, on: date) -> ObligationPage:
    """Return the page of an obligation the actor sees. At most five queries.

    `obligation` comes with milestone, department, the department's plan and met_by.
    """
    plan = getattr(obligation.department, "plan", None)
    return ObligationPage(
        row=owed_row(obligation, on=on, plan=plan.uuid if plan else None),
        department_uuid=obligation.department.uuid,
        source=obligation.milestone.source if obligation.milestone else "",
        opens_on=obligation.milestone.opens_on if obligation.milestone else None,
        note=obligation.note,
        recorded_at=obligation.recorded_at,
        met_by=obligation.met_by.display_name if obligation.met_by else "",
        record_url=_record_url(campaign, actor, obligation),
        receivers=_receivers(obligation),
        history=_history(obligation),
    )


def where_met(campaign: Campaign, row: OwedRow) -> str:
    """Return the page on which the department meets it."""

    def address(name: str, *args: object, **query: str) -> str:
        url = reverse(f"campaigns:{name}", args=[campaign.slug, *args])
        return f"{url}?{urlencode(query)}" if query else url

    if row.kind in hooks.obligation_urls:
        return hooks.obligation_urls[row.kind](campaign, row.department_uuid, row.key)
    department = str(row.department_uuid)
    match row.kind:
        case ObligationKind.SESSION:
            return address("sessions")
        case ObligationKind.PLAN_ELECTRONIC:
            return address("plan", row.plan) if row.plan else address("plans")
        case ObligationKind.PUBLICITY:
            return address("evidence-new", target=EvidenceTarget.PUBLICITY.value, department=department)
        case ObligationKind.SUMMARY | ObligationKind.PIECE:
            return address("summaries")
        case ObligationKind.CIRCULAR | ObligationKind.ASSIGNMENT | ObligationKind.PROBLEM:
            return address(row.kind.value, UUID(row.key))
        case ObligationKind.SERVICE:
            return address("service-new", department=department, month=row.key)
        case ObligationKind.BREACHES | ObligationKind.CONDUCT:
            return address("monthly-report-new", department=department, month=row.key, kind=row.kind.value)
    return address("obligation", row.uuid)


def _record_url(campaign: Campaign, actor: Actor, obligation: Obligation) -> str:
    """Return the page of the record that met it, '' where there is none the actor may open."""
    kind, uuid = obligation.met_by_kind, obligation.met_by_uuid
    if obligation.kind in RECORD_OBLIGATIONS:  # what asked for it shows what was done, too
        return reverse(f"campaigns:{obligation.kind}", args=[campaign.slug, UUID(obligation.key)])
    if uuid is None or uuid == obligation.uuid:
        return ""
    if obligation.kind in MONTHLY_OBLIGATIONS:
        is_service = obligation.kind == ObligationKind.SERVICE
        seen = ServiceWork.objects.visible_to(actor) if is_service else MonthlyReport.objects.visible_to(actor)
        name = "service-record" if is_service else "monthly-report"
        return reverse(f"campaigns:{name}", args=[campaign.slug, uuid]) if seen.filter(uuid=uuid).exists() else ""
    if kind == VERSION:
        version = PlanVersion.objects.visible_to(actor).filter(uuid=uuid).select_related("plan").first()
        return (
            reverse("campaigns:plan-version", args=[campaign.slug, version.plan.uuid, version.number])
            if version
            else ""
        )
    owner = hooks.attachment_owners.get(kind)
    record = owner.records(actor).filter(uuid=uuid).first() if owner else None
    return owner.url(campaign, record) if owner and record else ""


def _receivers(obligation: Obligation) -> tuple[str, ...]:
    """Return who receives copies of this kind: departments or persons by name."""
    code = RECEIVER_OF.get(ObligationKind(obligation.kind))
    if code is None:
        return ()
    held = Responsibility.objects.filter(campaign_id=obligation.campaign_id, code=code)
    names = held.order_by("department__order", "pk").values_list("department__name", "user__display_name")
    return tuple(department or user or "" for department, user in names)


def _history(obligation: Obligation) -> tuple[DayDecision, ...]:
    rows: list[Extension | MilestoneMove] = [
        *Extension.objects.filter(obligation=obligation).select_related("decided_by"),
        *MilestoneMove.objects.filter(milestone_id=obligation.milestone_id or 0).select_related("decided_by"),
    ]
    entries = [
        DayDecision(
            for_all=isinstance(row, MilestoneMove),
            before=row.before,
            until=row.until,
            reason=row.reason,
            by=row.decided_by.display_name,
            at=row.decided_at,
        )
        for row in rows
    ]
    return tuple(sorted(entries, key=lambda entry: entry.at))
