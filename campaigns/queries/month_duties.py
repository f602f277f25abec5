"""What a department owes for a month, where it stands, and where it is done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse

from campaigns.actors import Actor
from campaigns.calculations.months import first_day_of_month, month_of
from campaigns.calculations.obligations import days_late, obligation_state
from campaigns.enums import MONTHLY_OBLIGATIONS, NOT_YET, ObligationKind, ObligationState
from campaigns.models import Campaign, Department, MonthlyReport, Obligation, ServiceWork
from campaigns.policy import can_hand_in
from qualityseason.clock import day_of


@dataclass(frozen=True)
class MonthDuty:
    """One thing a department owes for a month; ``record_url`` leads to what is there, ``act_url`` to what mends it."""

    uuid: UUID
    kind: ObligationKind
    state: ObligationState
    deadline: date
    days_late: int
    days_left: int
    services: int
    record_url: str
    act_url: str
    confirmed_at: datetime | None
    addressee: str

    @property
    def is_missing(self) -> bool:
        """Whether it is not met yet."""
        return self.state in NOT_YET

    @property
    def label(self) -> str:
        """What is owed, in words."""
        return str(self.kind.label)


def month_duties(
    actor: Actor, campaign: Campaign, departments: Sequence[Department], *, on: date
) -> dict[tuple[int, str], list[MonthDuty]]:
    """Return what the departments owe, as far as the actor sees it, by (department id, month). Three queries."""
    by_pk = {department.pk: department for department in departments}
    services = _services(actor)
    reports = {
        (report.department_id, report.kind, report.month): report
        for report in MonthlyReport.objects.visible_to(actor).select_related("addressee")
    }
    owed = Obligation.objects.visible_to(actor).filter(
        kind__in=sorted(MONTHLY_OBLIGATIONS), department_id__in=list(by_pk)
    )
    found: dict[tuple[int, str], list[MonthDuty]] = {}
    for row in owed.order_by("key", "kind"):
        department, month = by_pk[row.department_id], row.key
        report = reports.get((row.department_id, row.kind, month))
        number = services[row.department_id, month] if row.kind == ObligationKind.SERVICE else 0
        duty = _duty(actor, campaign, department, row, number, report, on=on)
        found.setdefault((row.department_id, month), []).append(duty)
    return found


def _services(actor: Actor) -> Counter[tuple[int, str]]:
    """Return how many service works stand by (department id, month). One query."""
    standing = ServiceWork.objects.visible_to(actor).standing().order_by()
    return Counter((pk, month_of(day)) for pk, day in standing.values_list("department_id", "happened_on"))


def _duty(
    actor: Actor,
    campaign: Campaign,
    department: Department,
    row: Obligation,
    services: int,
    report: MonthlyReport | None,
    *,
    on: date,
) -> MonthDuty:
    deadline, met_on = row.deadline, day_of(row.met_at) if row.met_at else None
    return MonthDuty(
        uuid=row.uuid,
        kind=ObligationKind(row.kind),
        state=obligation_state(deadline, met_on, on=on),
        deadline=deadline,
        days_late=days_late(deadline, met_on, on=on),
        days_left=(deadline - on).days,
        services=services,
        record_url=_record_url(campaign, department, row, services, report),
        act_url=_act_url(actor, campaign, department, row, report, on=on),
        confirmed_at=report.confirmed_at if report else None,
        addressee=report.addressee.name if report and report.addressee else "",
    )


def _record_url(
    campaign: Campaign, department: Department, row: Obligation, services: int, report: MonthlyReport | None
) -> str:
    if report is not None:
        return reverse("campaigns:monthly-report", args=[campaign.slug, report.uuid])
    if services:
        query = urlencode({"department": str(department.uuid), "month": row.key})
        return f"{reverse('campaigns:service', args=[campaign.slug])}?{query}"
    return ""


def _act_url(
    actor: Actor, campaign: Campaign, department: Department, row: Obligation, report: MonthlyReport | None, *, on: date
) -> str:
    """Return where what is owed is done, '' where it is done, not begun yet or not the actor's to do."""
    if report is not None or not can_hand_in(actor, department.pk) or first_day_of_month(row.key) > on:
        return ""
    query = {"department": str(department.uuid), "month": row.key}
    if row.kind == ObligationKind.SERVICE:
        return f"{reverse('campaigns:service-new', args=[campaign.slug])}?{urlencode(query)}"
    query["kind"] = row.kind
    return f"{reverse('campaigns:monthly-report-new', args=[campaign.slug])}?{urlencode(query)}"
