"""What the tests of monthly work, of views over evidence and of exchanges share."""

from datetime import date
from uuid import uuid4

import pytest

from campaigns.enums import Role
from campaigns.models import MonthlyReport, Obligation, ServiceWork
from campaigns.services.monthly_report_judging import ReportDraft
from campaigns.services.monthly_reports import hand_in_report
from campaigns.services.service_work import ServiceDraft, record_service
from tests.campaigns.motion_records import make_evidence
from tests.campaigns.people_working import actor_of, make_member
from tests.factories import NOON, department

UNION, LIBRARY, FINANCE, STUDENTS = "工会", "图书馆", "财会金融系", "学生工作处"
NOVEMBER, DECEMBER = "2009-11", "2009-12"


def set_clock(season):
    """Let the season's clock read about noon of 2009-12-28."""
    from qualityseason.clock import wall_now

    season.clock_offset = NOON - wall_now()
    season.save(update_fields=["clock_offset"])


@pytest.fixture
def at_noon(season):
    """The season's clock reads about noon of 2009-12-28."""
    set_clock(season)


def actor(season, role=Role.STAFF, home=None, **values):
    """Return a new actor with one role."""
    return actor_of(make_member(season, role, home, **values), season)


def owed(season, home, kind, month):
    """Return what a department owes for a month."""
    return Obligation.objects.get(campaign=season, department__name=home, kind=kind, key=month)


def service_draft(season, *, visited=LIBRARY, day=date(2009, 11, 20), kind="guidance", text="指导台账", place="一楼"):
    """Return what somebody types of a service work."""
    return ServiceDraft(department(season, visited), kind, day, text, place)


def make_service(season, by, *, home=UNION, at=NOON, uuid=None, **values):
    """Return a service work written down by the service."""
    return record_service(department(season, home), service_draft(season, **values), uuid=uuid or uuid4(), by=by, at=at)


def make_report(season, by, *, home=LIBRARY, kind="conduct", month=NOVEMBER, at=NOON, uuid=None, **values):
    """Return a report handed in by the service; one on conduct goes to the office of students."""
    reported_on = values.pop("reported_on", None)
    if kind == "conduct":
        addressee = department(season, values.pop("to", STUDENTS))
        draft = ReportDraft(outstanding=values.pop("outstanding", "会计0901 12号"), addressee=addressee, **values)
    else:
        draft = ReportDraft(
            breaches=values.pop("breaches", "旷课3人"), handling=values.pop("handling", "批评教育"), **values
        )
    return hand_in_report(
        department(season, home),
        draft,
        kind=kind,
        month=month,
        uuid=uuid or uuid4(),
        by=by,
        at=at,
        reported_on=reported_on,
    )


def file(season, home, *links, by_id, day=date(2009, 11, 20), **values):
    """Return standing evidence of a department."""
    return make_evidence(season, department(season, home), by_id=by_id, at=NOON, links=links, happened_on=day, **values)


def counts():
    """Return how many service works and reports there are."""
    return ServiceWork.objects.count(), MonthlyReport.objects.count()
