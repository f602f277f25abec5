"""Months without a report on students' conduct, or with breaches nobody handled (B4)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from django.utils.translation import gettext_lazy as _

from campaigns.enums import MonthlyReportKind
from scoring.enums import RecordKind
from scoring.facts import Detector, Suspicion, Terms
from scoring.facts.tasks import StudentMonthFact

NO_REPORT = {MonthlyReportKind.BREACHES: "no-breaches", MonthlyReportKind.CONDUCT: "no-conduct"}
NOT_HANDLED = "not-handled"


def detect(facts: Sequence[StudentMonthFact], terms: Terms) -> Iterator[Suspicion]:
    """Yield each month whose report is missing or says nothing of handling, once its last day is over.

    A month costs once: where several reports are owed, what a record proves stands before what is concluded.
    """
    judged = [suspicion for month in facts if (suspicion := _judge(month, terms)) is not None]
    judged.sort(key=lambda suspicion: (suspicion.period, suspicion.silence is not None))
    for _month, of_month in groupby(judged, key=lambda suspicion: suspicion.period):
        yield next(of_month)


def _judge(month: StudentMonthFact, terms: Terms) -> Suspicion | None:
    report = month.report
    if terms.on <= month.deadline:
        return None
    if report is None:
        return _suspicion(month, NO_REPORT[MonthlyReportKind(month.owed)], silence=RecordKind.MONTHLY_REPORT)
    is_summary = month.owed == MonthlyReportKind.BREACHES
    return _suspicion(month, NOT_HANDLED) if is_summary and report.has_breaches and not report.has_handling else None


def _suspicion(month: StudentMonthFact, reason: str, *, silence: RecordKind | None = None) -> Suspicion:
    return Suspicion(
        reason=reason,
        parameters={"month": month.month, "day": month.deadline.isoformat()},
        happened_on=month.deadline,
        rests_on=(month,) if month.report is None else (month, month.report),
        period=month.month,
        silence=silence,
    )


REASONS = {
    "no-breaches": _(
        "No summary of students' breaches and of their handling was handed in for %(month)s; it was due on %(day)s."
    ),
    "no-conduct": _("No report on students' conduct was handed in for %(month)s; it was due on %(day)s."),
    NOT_HANDLED: _(
        "The summary for %(month)s names students' breaches, but not how they were handled; it was due on %(day)s."
    ),
}
DETECTORS = (Detector("student-months", source="student-months", detect=detect, reasons=REASONS),)
