"""Monthly reports: one per department, kind and month; late recorded, never refused; receipt confirmed and lost."""

from datetime import date, datetime
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import translation

from campaigns.enums import Role
from campaigns.models import Department, MonthlyReport
from campaigns.queries.actors import load_actor
from campaigns.queries.monthly_reports import addressees_of
from campaigns.services.monthly_report_judging import ReportDraft
from campaigns.services.monthly_reports import confirm_report, edit_report
from qualityseason.errors import ConflictOfInterest, Refused
from qualityseason.models import AuditEntry, User
from tests.campaigns.month_working import (
    DECEMBER,
    FINANCE,
    LIBRARY,
    NOVEMBER,
    STUDENTS,
    UNION,
    actor,
    make_report,
    owed,
)
from tests.factories import NOON, SHANGHAI, department, make_membership


@pytest.fixture
def library(season):
    return actor(season, Role.STAFF, LIBRARY)


@pytest.fixture
def finance(season):
    return actor(season, Role.STAFF, FINANCE)


def test_report_meets_its_month_at_the_moment_it_is_handed_in(season, library):
    report = make_report(season, library)
    row = owed(season, LIBRARY, "conduct", NOVEMBER)
    assert (row.met_at, row.met_by_kind, row.met_by_uuid) == (NOON, "monthly-report", report.uuid)
    assert owed(season, LIBRARY, "conduct", DECEMBER).met_at is None
    assert report.reported_on == date(2009, 12, 28)


def test_specialty_department_reports_breaches_with_handling(season, finance):
    report = make_report(season, finance, home=FINANCE, kind="breaches", month=DECEMBER)
    assert (report.breaches, report.handling, report.addressee) == ("旷课3人", "批评教育", None)
    assert owed(season, FINANCE, "breaches", DECEMBER).met_at == NOON


@pytest.mark.parametrize("kind", ["conduct", "breaches"])
def test_nothing_this_month_is_a_report(season, library, finance, kind):
    nothing = {"has_nothing": True} | ({"outstanding": ""} if kind == "conduct" else {"breaches": "", "handling": ""})
    by, home = (library, LIBRARY) if kind == "conduct" else (finance, FINANCE)
    assert make_report(season, by, home=home, kind=kind, **nothing).has_nothing


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"outstanding": ""}, "outstanding"),
        ({"has_nothing": True}, "has_nothing"),
        ({"has_nothing": True, "outstanding": "", "breaches": "迟到"}, "has_nothing"),
        ({"to": UNION}, "addressee"),
        ({"to": LIBRARY}, "addressee"),
        ({"outstanding": "字" * 4001}, "outstanding"),
        ({"month": "2009-10"}, "month"),
        ({"month": "2010-01"}, "month"),
        ({"month": "十一月"}, "month"),
        ({"reported_on": date(2009, 12, 1)}, "reported_on"),
    ],
)
def test_bad_report_on_conduct_is_refused_at_its_field(season, library, values, field):
    with pytest.raises(Refused) as refused:
        make_report(season, library, **values)
    assert (refused.value.field, MonthlyReport.objects.count()) == (field, 0)


@pytest.mark.parametrize(
    ("values", "field"),
    [({"breaches": ""}, "breaches"), ({"handling": ""}, "handling"), ({"has_nothing": True}, "has_nothing")],
)
def test_bad_report_on_breaches_is_refused_at_its_field(season, finance, values, field):
    with pytest.raises(Refused) as refused:
        make_report(season, finance, home=FINANCE, kind="breaches", **values)
    assert refused.value.field == field


def test_month_outside_the_season_is_refused_naming_the_working_months(season, library):
    with pytest.raises(Refused) as refused, translation.override("en"):
        make_report(season, library, month="2009-10")
    assert refused.value.sentence == (
        "2009-10 is no working month of this season. Its working months are 2009-11、2009-12."
    )


def test_month_not_begun_is_refused(season, library):
    with pytest.raises(Refused) as refused:
        make_report(season, library, month=DECEMBER, at=datetime(2009, 11, 30, 12, tzinfo=SHANGHAI))
    assert refused.value.refusal_code == "ahead"


def test_kind_the_department_does_not_owe_is_refused(season, library):
    with pytest.raises(Refused) as refused:
        make_report(season, library, kind="breaches")
    assert refused.value.refusal_code == "not-owed"


def test_second_attempt_is_led_to_the_first(season, library):
    first = make_report(season, library)
    with pytest.raises(Refused) as refused:
        make_report(season, library, outstanding="另一份")
    assert (refused.value.refusal_code, refused.value.existing) == ("exists", first)


def test_same_form_twice_is_one_report_and_other_words_are_refused(season, library):
    uuid = uuid4()
    first = make_report(season, library, uuid=uuid)
    assert make_report(season, library, uuid=uuid).pk == first.pk
    with pytest.raises(Refused) as refused:
        make_report(season, library, uuid=uuid, outstanding="别的")
    assert refused.value.refusal_code == "used"


def test_late_is_recorded_and_the_office_enters_the_day_of_the_paper(season, library):
    office = actor(season, Role.OFFICE)
    make_report(season, library)
    assert (
        owed(season, LIBRARY, "conduct", NOVEMBER).met_at.date() > owed(season, LIBRARY, "conduct", NOVEMBER).deadline
    )
    make_report(season, office, home="体育部", reported_on=date(2009, 11, 30))
    assert owed(season, "体育部", "conduct", NOVEMBER).met_at == datetime(2009, 11, 30, 12, tzinfo=SHANGHAI)
    for day in (date(2009, 10, 31), date(2009, 12, 29)):
        with pytest.raises(Refused) as refused:
            make_report(season, office, home="实训中心", reported_on=day)
        assert refused.value.field == "reported_on"


def test_addressees_are_those_the_season_names_and_never_oneself(season):
    names = [each.name for each in addressees_of(department(season, LIBRARY))]
    assert names == [STUDENTS, FINANCE, "工业自动化系", "工商管理系", "计算机与信息管理系", "旅游文法建筑工程系"]
    assert STUDENTS not in [each.name for each in addressees_of(department(season, STUDENTS))]
    Department.objects.filter(campaign=season, name=FINANCE).update(closed_on=date(2009, 12, 1))
    assert FINANCE not in [each.name for each in addressees_of(department(season, LIBRARY))]


def test_renamed_addressee_is_found_by_its_former_name(season):
    Department.objects.filter(campaign=season, name=STUDENTS).update(name="学工处", aliases=[STUDENTS])
    assert "学工处" in [each.name for each in addressees_of(department(season, LIBRARY))]


# --- receipt


def test_addressee_confirms_what_it_read(season, library):
    report = make_report(season, library)
    students = actor(season, Role.STAFF, STUDENTS)
    with pytest.raises(Refused) as refused:
        confirm_report(report, version=0, by=students, at=NOON)
    assert refused.value.refusal_code == "stale"
    confirmed = confirm_report(report, version=1, by=students, at=NOON)
    assert (confirmed.confirmed_by_id, confirmed.confirmed_at) == (students.user_id, NOON)
    again = confirm_report(report, version=1, by=actor(season, Role.HEAD, STUDENTS), at=NOON.replace(hour=13))
    assert again.confirmed_by_id == students.user_id


def test_nobody_else_confirms(season, library, finance):
    report = make_report(season, library)
    for stranger in (library, finance, actor(season, Role.ASSESSOR)):
        with pytest.raises(PermissionDenied):
            confirm_report(report, version=1, by=stranger, at=NOON)
    office = User.objects.get(pk=actor(season, Role.OFFICE).user_id)
    make_membership(season, office, Role.STAFF, department=department(season, UNION))
    assert confirm_report(report, version=1, by=load_actor(office, season, on=NOON.date()), at=NOON).confirmed_at


def test_report_on_breaches_has_no_receipt(season, finance):
    report = make_report(season, finance, home=FINANCE, kind="breaches")
    with pytest.raises(PermissionDenied):
        confirm_report(report, version=1, by=finance, at=NOON)


def test_change_after_confirmation_is_said_and_costs_the_receipt(season, library):
    students = actor(season, Role.STAFF, STUDENTS)
    report = confirm_report(make_report(season, library), version=1, by=students, at=NOON)
    draft = ReportDraft(outstanding="改过", addressee=department(season, STUDENTS))
    with pytest.raises(Refused) as refused:
        edit_report(report, draft, version=1, by=library, at=NOON)
    assert refused.value.field == "gives_up_receipt"
    report.refresh_from_db()
    assert (report.outstanding, report.confirmed_at) == ("会计0901 12号", NOON)
    changed = edit_report(report, draft, version=1, gives_up_receipt=True, by=library, at=NOON)
    assert (changed.outstanding, changed.confirmed_at, changed.confirmed_by, changed.version) == ("改过", None, None, 2)
    entry = AuditEntry.objects.get(act="monthly-report.edit")
    assert (entry.before["outstanding"], entry.before["confirmed_by"]) == ("会计0901 12号", students.user_id)
    assert owed(season, LIBRARY, "conduct", NOVEMBER).met_at == NOON


def test_unchanged_words_keep_the_receipt(season, library):
    students = actor(season, Role.STAFF, STUDENTS)
    report = confirm_report(make_report(season, library), version=1, by=students, at=NOON)
    same = ReportDraft(outstanding="会计0901 12号", addressee=department(season, STUDENTS))
    assert edit_report(report, same, version=1, by=library, at=NOON).confirmed_at == NOON


def test_stale_change_shows_what_stands_there(season, library):
    report = make_report(season, library)
    to = department(season, STUDENTS)
    edit_report(report, ReportDraft(outstanding="甲", addressee=to), version=1, by=library, at=NOON)
    with pytest.raises(Refused) as refused:
        edit_report(report, ReportDraft(outstanding="乙", addressee=to), version=1, by=library, at=NOON)
    assert (refused.value.refusal_code, refused.value.existing.outstanding) == ("stale", "甲")


# --- who


def test_strangers_hand_in_nothing_and_own_interest_is_said(season, library):
    for role, home in ((Role.STAFF, "体育部"), (Role.ASSESSOR, None), (Role.LEADERSHIP, None)):
        with pytest.raises(PermissionDenied):
            make_report(season, actor(season, role, home))
    office = User.objects.get(pk=actor(season, Role.OFFICE).user_id)
    make_membership(season, office, Role.STAFF, department=department(season, LIBRARY), ends_on=date(2009, 10, 1))
    with pytest.raises(ConflictOfInterest):
        make_report(season, load_actor(office, season, on=NOON.date()))


def test_those_who_only_read_it_do_not_change_it(season, library):
    report = make_report(season, library)
    draft = ReportDraft(outstanding="别的", addressee=department(season, STUDENTS))
    for stranger in (actor(season, Role.STAFF, STUDENTS), actor(season, Role.ASSESSOR)):
        with pytest.raises(PermissionDenied):
            edit_report(report, draft, version=1, by=stranger, at=NOON)


def test_report_is_seen_by_its_department_its_addressee_and_overseers(season, library, finance):
    report = make_report(season, library, to=FINANCE)
    readers = [library, finance, actor(season, Role.ASSESSOR), actor(season, Role.STAFF, STUDENTS)]
    assert [list(MonthlyReport.objects.visible_to(each)) for each in readers] == [[report], [report], [report], []]
