"""What departments of block B write each working month (B4): handed in, changed, its receipt confirmed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.enums import MonthlyReportKind, ObligationKind
from campaigns.models import Department, MonthlyReport
from campaigns.services.monthly_report_judging import ReportDraft, judge_day, judge_month, judged
from campaigns.services.obligations import meet_obligations
from campaigns.services.service_work import require_hand_in
from qualityseason.clock import day_of, moment_on
from qualityseason.errors import Refused
from qualityseason.services import audit

OWNER = "monthly-report"
FIELDS = ("has_nothing", "outstanding", "breaches", "handling", "addressee")


@transaction.atomic
def hand_in_report(
    department: Department,
    draft: ReportDraft,
    *,
    kind: MonthlyReportKind,
    month: str,
    uuid: UUID,
    by: Actor,
    at: datetime,
    reported_on: date | None = None,
) -> MonthlyReport:
    """Return the report of a department for a working month; it meets what is owed, late or not.

    The same uuid again returns the first answer. `reported_on`: the day of the paper, for the office alone, which
    enters it on a department's behalf (None: today).
    """
    require_hand_in(by, department.pk)
    Department.objects.select_for_update(no_key=True).get(pk=department.pk)
    draft = judged(department, draft, kind)
    report = MonthlyReport(
        uuid=uuid,
        campaign_id=department.campaign_id,
        department=department,
        kind=kind,
        month=month,
        reported_on=reported_on or day_of(at),
        entered_by_id=by.user_id,
        entered_at=at,
    )
    _write(report, draft)
    first = MonthlyReport.objects.filter(uuid=uuid).first()
    if first is not None:
        return _same(first, report)
    judge_month(report, at=at)
    judge_day(report, by=by, at=at)
    report.save()
    _record("monthly-report.add", report, by=by, at=at, after=_state(report) | {"reported_on": report.reported_on})
    meet_obligations(
        department,
        ObligationKind(kind),
        key=month,
        met_at=moment_on(report.reported_on, at=at),
        by_kind=OWNER,
        by_uuid=report.uuid,
        by_id=by.user_id,
        at=at,
    )
    return report


@transaction.atomic
def edit_report(
    report: MonthlyReport,
    draft: ReportDraft,
    *,
    version: int | None,
    gives_up_receipt: bool = False,
    by: Actor,
    at: datetime,
) -> MonthlyReport:
    """Change what a report says; it stays handed in on its day.

    One whose receipt is confirmed loses that: refused at `gives_up_receipt` until that is said. Another `version`
    than the row's (None: any) is refused as stale.
    """
    require_hand_in(by, report.department_id)
    report = _locked(report)
    if version is not None and version != report.version:
        message = _("Somebody else changed this report meanwhile. What stands there now is shown below.")
        raise Refused(message, code="stale", existing=report)
    draft = judged(report.department, draft, MonthlyReportKind(report.kind), was=report.addressee)
    before = _state(report)
    _write(report, draft)
    if _state(report) == before:
        return report
    changed = [*FIELDS, "version"]
    if report.confirmed_at is not None:
        if not gives_up_receipt:
            message = _("Receipt of this report is confirmed. Tick that the change needs a new confirmation.")
            raise Refused(message, field="gives_up_receipt", code="confirmed")
        before |= {"confirmed_at": report.confirmed_at, "confirmed_by": report.confirmed_by_id}
        report.confirmed_at = report.confirmed_by = None
        changed += ["confirmed_at", "confirmed_by"]
    report.version += 1
    report.save(update_fields=changed)
    _record("monthly-report.edit", report, by=by, at=at, before=before, after=_state(report))
    return report


@transaction.atomic
def confirm_report(report: MonthlyReport, *, version: int | None, by: Actor, at: datetime) -> MonthlyReport:
    """Confirm receipt of a report on conduct, as `version` reads; a second time changes nothing."""
    require_hand_in(by, report.addressee_id)
    report = _locked(report)
    require_hand_in(by, report.addressee_id)
    if report.confirmed_at is not None:
        return report
    if version is not None and version != report.version:
        message = _("This report was changed meanwhile. Read what it says now, then confirm again.")
        raise Refused(message, code="stale", existing=report)
    report.confirmed_by_id, report.confirmed_at = by.user_id, at
    report.save(update_fields=["confirmed_by", "confirmed_at"])
    _record("monthly-report.confirm", report, by=by, at=at, after={"version": report.version})
    return report


def _write(report: MonthlyReport, draft: ReportDraft) -> None:
    for name in FIELDS:
        setattr(report, name, getattr(draft, name))


def _same(first: MonthlyReport, again: MonthlyReport) -> MonthlyReport:
    said = [(row.department_id, row.entered_by_id, row.kind, row.month, _state(row)) for row in (first, again)]
    if said[0] == said[1]:
        return first
    existing = first if first.department_id == again.department_id else None
    raise Refused(_("This form has been sent before with other words. Open a new one."), code="used", existing=existing)


def _locked(report: MonthlyReport) -> MonthlyReport:
    rows = MonthlyReport.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("department__campaign", "department__block", "addressee").get(pk=report.pk)


def _state(report: MonthlyReport) -> dict[str, Any]:
    return {
        "has_nothing": report.has_nothing,
        "outstanding": report.outstanding,
        "breaches": report.breaches,
        "handling": report.handling,
        "addressee": report.addressee_id,
    }


def _record(
    act: str,
    report: MonthlyReport,
    *,
    by: Actor,
    at: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    audit.record(
        act,
        report,
        by_id=by.user_id,
        campaign_id=report.campaign_id,
        department_id=report.department_id,
        at=at,
        before=before,
        after=after,
    )
