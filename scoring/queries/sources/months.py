"""What departments owe by the month: service work (A2), reports on students (B4)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db.models import Q

from campaigns.calculations.months import month_of
from campaigns.enums import ObligationKind
from campaigns.models import Department, DepartmentChange, MonthlyReport, Obligation, ServiceWork
from scoring.facts.tasks import MonthlyReportFact, ServiceMonthFact, StudentMonthFact

REPORTS = (ObligationKind.BREACHES, ObligationKind.CONDUCT)


def read_service(department: Department, on: date) -> tuple[ServiceMonthFact, ...]:
    """Return the months whose service work is due before that day, each with whether any stands. Two queries.

    In the month a department ended, its work counts for the one that came after it: the month was served.
    """
    former = DepartmentChange.objects.filter(successors=department).values("predecessors")
    standing = ServiceWork.objects.standing().filter(Q(department=department) | Q(department__in=former)).order_by()
    served = {
        month_of(day)
        for place, closed_on, day in standing.values_list("department_id", "department__closed_on", "happened_on")
        if place == department.pk or (closed_on is not None and month_of(closed_on) == month_of(day))
    }
    return tuple(
        ServiceMonthFact(row.uuid, row.key, row.deadline, row.key in served)
        for row in _owed(department, on, ObligationKind.SERVICE)
    )


def read_student_months(department: Department, on: date) -> tuple[StudentMonthFact, ...]:
    """Return the reports on students due before that day, by month, each with what was handed in. Two queries."""
    reports = {
        (report.kind, report.month): MonthlyReportFact(
            report.uuid, report.month, report.reported_on, bool(report.breaches.strip()), bool(report.handling.strip())
        )
        for report in MonthlyReport.objects.filter(department=department)
    }
    return tuple(
        StudentMonthFact(row.uuid, row.kind, row.key, row.deadline, reports.get((row.kind, row.key)))
        for row in _owed(department, on, *REPORTS)
    )


def _owed(department: Department, on: date, *kinds: ObligationKind) -> list[Obligation]:
    rows = Obligation.objects.standing().filter(department=department, kind__in=kinds, due_on__lt=on)
    return list(rows.order_by("key", "kind"))


SOURCES: dict[str, Callable[[Department, date], Any]] = {
    "service": read_service,
    "student-months": read_student_months,
}
LINKS: dict[str, str] = {
    ServiceMonthFact.kind: "campaigns:obligation",
    StudentMonthFact.kind: "campaigns:obligation",
    MonthlyReportFact.kind: "campaigns:monthly-report",
}
