"""Monthly reports as pages show them: to whom one may go, those a department received, those it may write."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from campaigns.actors import Actor
from campaigns.calculations.obligations import obligation_state
from campaigns.enums import MonthlyReportKind, ObligationKind, ObligationState
from campaigns.models import Campaign, Department, MonthlyReport, Obligation
from campaigns.policy import can_hand_in
from qualityseason.clock import day_of

REPORTED = (ObligationKind.BREACHES, ObligationKind.CONDUCT)


@dataclass(frozen=True)
class ReceivedRow:
    """A report on conduct that went to the actor's department."""

    uuid: UUID
    month: str
    department: str
    addressee: str
    reported_on: date
    has_nothing: bool
    confirmed_at: datetime | None


@dataclass(frozen=True)
class ReportToWrite:
    """A month a department owes a report for; ``report`` is the one handed in, if any."""

    department: Department
    kind: MonthlyReportKind
    month: str
    state: ObligationState
    report: UUID | None


def addressees_of(department: Department) -> list[Department]:
    """Return to whom the department may report its students' conduct: `lists.monthly`, never itself. One query.

    `department` comes with its campaign.
    """
    wanted = {
        name
        for entry in department.campaign.lists.get("monthly", [])
        if entry["kind"] == ObligationKind.CONDUCT
        for name in entry.get("to", [])
    }
    others = Department.objects.filter(campaign_id=department.campaign_id, closed_on__isnull=True)
    others = others.exclude(pk=department.pk).select_related("block").order_by("order")
    return [each for each in others if not wanted or not _names_of(each).isdisjoint(wanted)]


def _names_of(department: Department) -> set[str]:
    return {department.name, department.kind, department.block.code, *department.aliases}


def reports_to_write(actor: Actor, *, on: date) -> list[ReportToWrite]:
    """Return the months for which the actor may hand in some department's report, those lacking first. Two queries."""
    rows = Obligation.objects.visible_to(actor).filter(kind__in=REPORTED).select_related("department__campaign")
    written = {
        (report.department_id, report.kind, report.month): report.uuid
        for report in MonthlyReport.objects.visible_to(actor)
    }
    found = [
        ReportToWrite(
            row.department,
            MonthlyReportKind(row.kind),
            row.key,
            obligation_state(row.deadline, day_of(row.met_at) if row.met_at else None, on=on),
            written.get((row.department_id, row.kind, row.key)),
        )
        for row in rows.order_by("department__order", "key", "kind")
        if can_hand_in(actor, row.department_id)
    ]
    return sorted(found, key=lambda each: each.report is not None)


def kinds_owed(department: Department) -> list[MonthlyReportKind]:
    """Return which kinds of report the department owes. One query."""
    owed = Obligation.objects.filter(department=department, kind__in=REPORTED).standing()
    return [MonthlyReportKind(kind) for kind in sorted(set(owed.values_list("kind", flat=True)))]


def months_owed(department: Department, kind: MonthlyReportKind) -> list[str]:
    """Return the months for which the department owes that kind of report. One query."""
    owed = Obligation.objects.filter(department=department, kind=kind).standing()
    return list(owed.order_by("key").values_list("key", flat=True))


def received_reports(actor: Actor) -> tuple[ReceivedRow, ...]:
    """Return the reports on conduct that went to the actor's departments, those not confirmed first. One query."""
    rows = MonthlyReport.objects.visible_to(actor).filter(addressee_id__in=actor.departments)
    found = [
        ReceivedRow(
            row.uuid,
            row.month,
            row.department.name,
            row.addressee.name if row.addressee else "",
            row.reported_on,
            row.has_nothing,
            row.confirmed_at,
        )
        for row in rows.select_related("department", "addressee").order_by("-month", "department__order")
    ]
    return tuple(sorted(found, key=lambda each: each.confirmed_at is not None))


def report_owed(report: MonthlyReport) -> Obligation | None:
    """Return what the report meets, to say whether it was late. One query."""
    return Obligation.objects.filter(department_id=report.department_id, kind=report.kind, key=report.month).first()


def working_months(campaign: Campaign) -> tuple[str, ...]:
    """Return the working months in their order."""
    return tuple(sorted(campaign.working_months))
