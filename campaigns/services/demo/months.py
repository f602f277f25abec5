"""The demo's monthly work: service in other departments, breaches, conduct, exchanges of experience."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.utils import timezone

from campaigns.calculations.months import first_day_of_month, last_day_of_month
from campaigns.enums import MonthlyReportKind, ObligationKind
from campaigns.models import Department, Obligation
from campaigns.services.demo.paperwork import Paperwork
from campaigns.services.exchanges import ExchangeDraft, PresenterDraft, arrange_exchange
from campaigns.services.monthly_report_judging import ReportDraft
from campaigns.services.monthly_reports import confirm_report, hand_in_report
from campaigns.services.service_work import ServiceDraft, record_service
from qualityseason.models import User


def work_by_the_month(paperwork: Paperwork) -> None:
    """Let each department do what it owes each month, as the data say, and the office arrange the exchanges."""
    owed = Obligation.objects.filter(campaign=paperwork.campaign, milestone__isnull=True)
    for department in paperwork.departments:
        for kind, month in owed.filter(department=department).order_by("key").values_list("kind", "key"):
            if kind == ObligationKind.SERVICE:
                _serve(paperwork, department, month)
            elif kind in MonthlyReportKind.values:
                _report(paperwork, department, month, MonthlyReportKind(kind))
    _exchange(paperwork)


def _serve(paperwork: Paperwork, department: Department, month: str) -> None:
    data, rng = paperwork.data["service"], paperwork.rng
    if month in data["missing"].get(department.name, ()):
        return
    others = [each for each in paperwork.departments if each.block_id != department.block_id]
    titles = [duty.partition("|")[0] for duty in paperwork.of(department)["duties"]]
    for _number in range(rng.randint(1, 2)):
        day = min(first_day_of_month(month) + timedelta(days=rng.randint(2, 24)), paperwork.data["last_day"])
        at = paperwork.moment(day, rng.choice([9, 10, 15]), rng.randint(0, 59))
        kind, text = rng.choice(data["texts"])
        words = {"title": rng.choice(titles)}
        draft = ServiceDraft(
            visited=rng.choice(others),
            kind=kind,
            happened_on=at.date(),
            text=text % words if "%" in text else text,
            place=data["place"],
        )
        record_service(department, draft, uuid=paperwork.uuid(), by=paperwork.liaison(department), at=at)


def _report(paperwork: Paperwork, department: Department, month: str, kind: MonthlyReportKind) -> None:
    data = paperwork.data["monthly"]
    if month in data["missing"].get(department.name, ()):
        return
    day = min(last_day_of_month(month) - timedelta(days=department.order % 4), paperwork.data["last_day"])
    at = paperwork.moment(day, 11, department.order)
    if kind == MonthlyReportKind.BREACHES:
        draft, addressee = ReportDraft(breaches=data["breaches"], handling=data["handling"]), None
    else:
        addressee = next(each for each in paperwork.departments if each.name == data["addressee"])
        draft = ReportDraft(outstanding=data["outstanding"], breaches=data["conduct_breaches"], addressee=addressee)
    report = hand_in_report(
        department, draft, kind=kind, month=month, uuid=paperwork.uuid(), by=paperwork.liaison(department), at=at
    )
    if addressee is not None and department.name not in data["unconfirmed"]:
        confirm_report(report, version=report.version, by=paperwork.liaison(addressee), at=at + timedelta(hours=4))


def _exchange(paperwork: Paperwork) -> None:
    places = {each.name: each for each in paperwork.departments}
    for entry in paperwork.data["exchanges"]:
        presenters = tuple(
            PresenterDraft(places[name], _head(paperwork, places[name]), topic) for name, topic in entry["presenters"]
        )
        starts_at = timezone.make_aware(datetime.combine(entry["day"], time(15)))
        draft = ExchangeDraft(
            kind=entry["kind"],
            title=entry["title"],
            starts_at=starts_at,
            place=entry["place"],
            programme=entry["programme"],
            presenters=presenters,
        )
        announced = paperwork.moment(entry["day"] - timedelta(days=7), 10)
        arrange_exchange(paperwork.campaign, draft, uuid=paperwork.uuid(), by=paperwork.actor("office"), at=announced)


def _head(paperwork: Paperwork, department: Department) -> str:
    return User.objects.get(pk=paperwork.head(department).user_id).display_name
