"""What a monthly report must say, for which month, and on which day it can have been handed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.calculations.months import first_day_of_month
from campaigns.enums import MonthlyReportKind
from campaigns.models import Department, MonthlyReport, Obligation
from campaigns.queries.monthly_reports import addressees_of
from qualityseason.clock import day_of
from qualityseason.errors import Refused
from qualityseason.text import tidy

MAXIMUM_TEXT = 4000


@dataclass(frozen=True)
class ReportDraft:
    """What was typed of one report; ``addressee`` only of one on conduct."""

    has_nothing: bool = False
    outstanding: str = ""
    breaches: str = ""
    handling: str = ""
    addressee: Department | None = None


def judged(
    department: Department, draft: ReportDraft, kind: MonthlyReportKind, *, was: Department | None = None
) -> ReportDraft:
    """Return the draft tidied, without what its kind does not ask; refuses one that says too little or two things."""
    is_conduct = kind == MonthlyReportKind.CONDUCT
    draft = ReportDraft(
        draft.has_nothing,
        tidy(draft.outstanding) if is_conduct else "",
        tidy(draft.breaches),
        "" if is_conduct else tidy(draft.handling),
        draft.addressee if is_conduct else None,
    )
    texts = {"outstanding": draft.outstanding, "breaches": draft.breaches, "handling": draft.handling}
    for field, text in texts.items():
        if len(text) > MAXIMUM_TEXT:
            raise Refused(_("At most 4000 characters."), field=field, code="long")
    if draft.has_nothing and any(texts.values()):
        message = _("It says “nothing this month” and something, too. Leave one of the two.")
        raise Refused(message, field="has_nothing", code="both")
    if is_conduct:
        _judge_conduct(department, draft, was)
    elif not draft.has_nothing and not draft.breaches:
        message = _("Summarise the students' breaches of the month, or tick that there was nothing.")
        raise Refused(message, field="breaches", code="missing")
    elif draft.breaches and not draft.handling:
        message = _("Say how the breaches were handled under the rules.")
        raise Refused(message, field="handling", code="missing")
    return draft


def _judge_conduct(department: Department, draft: ReportDraft, was: Department | None) -> None:
    allowed = addressees_of(department)
    if draft.addressee is None or (draft.addressee not in allowed and draft.addressee != was):
        names = "、".join(each.name for each in allowed)
        message = _("Choose to whom the report goes: %(names)s.")
        raise Refused(message % {"names": names}, field="addressee", code="addressee")
    if not draft.has_nothing and not draft.outstanding and not draft.breaches:
        message = _("Write what was outstanding or what was broken, or tick that there was nothing.")
        raise Refused(message, field="outstanding", code="missing")


def judge_month(report: MonthlyReport, *, at: datetime) -> None:
    """Refuse a month that is no working month, has not begun, is not owed or is reported already."""
    working = report.department.campaign.working_months
    if report.month not in working:
        words = {"month": report.month, "months": "、".join(working)}
        message = _("%(month)s is no working month of this season. Its working months are %(months)s.")
        raise Refused(message % words, field="month", code="month")
    if first_day_of_month(report.month) > day_of(at):
        message = _("%(month)s has not begun. Hand the report in during the month or after it.")
        raise Refused(message % {"month": report.month}, field="month", code="ahead")
    owed = Obligation.objects.filter(department=report.department, kind=report.kind, key=report.month).standing()
    if not owed.exists():
        words = {"department": report.department.name, "kind": str(MonthlyReportKind(report.kind).label)}
        message = _("%(department)s owes no monthly report of this kind: %(kind)s.")
        raise Refused(message % words, field="month", code="not-owed")
    same = MonthlyReport.objects.filter(department=report.department, kind=report.kind, month=report.month)
    existing = same.first()
    if existing is not None:
        message = _("The report for %(month)s is there already, handed in on %(day)s. Open it to change it.")
        words = {"month": report.month, "day": existing.reported_on.isoformat()}
        raise Refused(message % words, field="month", code="exists", existing=existing)


def judge_day(report: MonthlyReport, *, by: Actor, at: datetime) -> None:
    """Refuse another day than today where the department reports itself, and one a paper cannot have come in."""
    day, today = report.reported_on, day_of(at)
    if day == today:
        return
    if report.department_id in by.departments:
        message = _("A report is handed in today; a paper handed in earlier is entered by the campaign office.")
        raise Refused(message, field="reported_on", code="own")
    if not first_day_of_month(report.month) <= day <= today:
        words = {"day": day.isoformat(), "first": first_day_of_month(report.month).isoformat(), "today": today}
        message = _("%(day)s cannot be the day it was handed in: it lies between %(first)s and %(today)s.")
        raise Refused(message % words, field="reported_on", code="day")
