"""Assignments: given, reported, accepted or sent back; what is refused, what is owed."""

import uuid
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from campaigns.enums import Issuer, Role, TaskState
from campaigns.models import Assignment, AssignmentReport, Attachment
from campaigns.queries.assignments import late_assignments
from campaigns.services.assignments import assignment_uuid, edit_assignment, withdraw_assignment
from campaigns.services.obligations import extend_obligation
from qualityseason.errors import ConflictOfInterest, Refused
from qualityseason.models import AuditEntry, User
from tests.campaigns.files_working import upload_of
from tests.campaigns.people_working import on
from tests.campaigns.task_working import (
    DUE,
    GIVEN,
    accept,
    assignment_draft,
    give,
    office,
    owed,
    report,
    send_back,
    staff,
)
from tests.factories import NOON, department, make_actor


@pytest.fixture
def clerk(season):
    return office(season)


@pytest.fixture
def liaison(season):
    return staff(season)


@pytest.fixture
def task(season, clerk):
    return give(season, by=clerk)[0]


def edit(task, *, by, version=None, uploads=(), **values):
    seen = task.version if version is None else version
    return edit_assignment(task, assignment_draft(**values), version=seen, uploads=uploads, by=by, at=NOON)


# --- given


def test_one_form_gives_each_department_its_own(season, clerk):
    form = uuid.uuid4()
    made = give(season, "工会", "图书馆", "教务处", by=clerk, form=form)
    assert [row.department.name for row in made] == ["工会", "教务处", "图书馆"]
    assert [row.uuid for row in made] == [assignment_uuid(form, row.department) for row in made]
    assert {(row.title, row.given_on, row.due_on, row.state) for row in made} == {
        ("报送档案目录", date(2009, 11, 16), date(2009, 11, 20), "given")
    }
    assert [(owed(row, row.department.name).due_on, owed(row, row.department.name).name) for row in made] == [
        (date(2009, 11, 20), "报送档案目录")
    ] * 3
    assert AuditEntry.objects.filter(act="assignment.give").count() == 3


def test_same_form_again_is_the_same_and_with_other_words_refused(season, clerk):
    form = uuid.uuid4()
    first = give(season, "工会", "图书馆", by=clerk, form=form)
    assert give(season, "图书馆", "工会", by=clerk, form=form, title=" 报送档案目录 ") == first
    for changed in (
        lambda: give(season, "工会", "图书馆", by=clerk, form=form, title="别的"),
        lambda: give(season, "工会", by=clerk, form=form),
        lambda: give(season, "工会", "图书馆", "教务处", by=clerk, form=form),
        lambda: give(season, "工会", "图书馆", by=office(season), form=form),
    ):
        with pytest.raises(Refused) as refusal:
            changed()
        assert refusal.value.refusal_code == "reused"
    assert Assignment.objects.count() == 2


def test_one_file_goes_to_every_department(season, clerk, portal_files):
    stored = upload_of(User.objects.get(pk=clerk.user_id), season)
    made = give(season, "工会", "图书馆", by=clerk, uploads=[stored.uuid], form=(form := uuid.uuid4()))
    rows = Attachment.objects.filter(owner_kind="assignment").order_by("pk")
    assert [(row.owner_uuid, row.file.name) for row in rows] == [(one.uuid, "材料.pdf") for one in made]
    give(season, "工会", "图书馆", by=clerk, uploads=[stored.uuid], form=form)
    assert rows.count() == 2


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"due_on": date(2009, 11, 15)}, "due_on"),
        ({"due_on": date(2019, 11, 20)}, "due_on"),
        ({"given_on": date(2009, 12, 29), "due_on": date(2009, 12, 30)}, "given_on"),
        ({"given_on": date(2008, 11, 16)}, "given_on"),
        ({"title": " "}, "title"),
        ({"title": "名" * 201}, "title"),
        ({"text": "文" * 2001}, "text"),
        ({"issuer": ""}, "issuer"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(season, clerk, values, field):
    with pytest.raises(Refused) as refusal:
        give(season, by=clerk, **values)
    assert refusal.value.field == field
    assert not Assignment.objects.exists()


def test_due_on_the_day_it_is_given_is_fine(season, clerk):
    assert give(season, by=clerk, given_on=DUE)[0].due_on == DUE


def test_nobody_named_is_refused(season, clerk):
    from campaigns.services.assignments import give_assignments

    with pytest.raises(Refused) as refusal:
        give_assignments([], assignment_draft(), uuid=uuid.uuid4(), by=clerk, at=NOON)
    assert refusal.value.field == "departments"


def test_leading_group_gives_its_own_and_the_office_enters_either(season, clerk):
    leader = make_actor(season, Role.LEADERSHIP)
    assert give(season, by=leader, issuer=Issuer.LEADING_GROUP)[0].issuer == "leading-group"
    assert give(season, by=clerk, issuer=Issuer.LEADING_GROUP)[0].given_by_id == clerk.user_id
    with pytest.raises(Refused) as refusal:
        give(season, by=leader, issuer=Issuer.OFFICE)
    assert refusal.value.field == "issuer"


@pytest.mark.parametrize("role", [Role.ASSESSOR, Role.TEAM_LEAD, Role.HEAD, Role.STAFF])
def test_others_give_none(season, role):
    home = department(season, "工会") if role in (Role.HEAD, Role.STAFF) else None
    with pytest.raises(PermissionDenied):
        give(season, by=make_actor(season, role, department=home))


def test_own_interest_bars_from_giving_one_of_several(season):
    own = make_actor(season, Role.OFFICE, department=department(season))
    with pytest.raises(ConflictOfInterest, match="图书馆"):
        give(season, "工会", "图书馆", by=own)
    assert not Assignment.objects.exists()


# --- reported


def test_report_says_it_is_done_and_meets_nothing_yet(task, liaison):
    found = report(task, by=liaison, done_on=date(2009, 11, 19))
    task.refresh_from_db()
    assert (task.state, task.done_on, found.verdict) == ("reported", date(2009, 11, 19), "")
    assert owed(task).met_at is None


def test_late_report_is_taken(task, liaison):
    assert report(task, by=liaison, done_on=date(2009, 12, 28)).done_on == date(2009, 12, 28)


def test_report_sent_twice_is_one(task, liaison):
    key = uuid.uuid4()
    assert report(task, by=liaison, key=key) == report(task, by=liaison, key=key)
    with pytest.raises(Refused) as refusal:
        report(task, by=liaison, key=key, text="另外")
    assert refusal.value.refusal_code == "reused"
    assert AssignmentReport.objects.count() == 1


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"done_on": date(2009, 11, 15)}, "done_on"),
        ({"done_on": date(2009, 12, 29)}, "done_on"),
        ({"text": " "}, "text"),
        ({"text": "文" * 2001}, "text"),
    ],
)
def test_report_that_cannot_be_is_refused_at_its_field(task, liaison, values, field):
    with pytest.raises(Refused) as refusal:
        report(task, by=liaison, **values)
    assert refusal.value.field == field
    assert not AssignmentReport.objects.exists()


def test_another_department_and_who_has_an_interest_report_nothing(season, task):
    with pytest.raises(PermissionDenied, match="图书馆"):
        report(task, by=staff(season, "工会"))
    from campaigns.models import Interest

    clerk = office(season)
    Interest.objects.create(
        campaign=season, user_id=clerk.user_id, department=department(season), reason="亲属", starts_on=GIVEN
    )
    from campaigns.queries.actors import load_actor

    with pytest.raises(ConflictOfInterest):
        report(task, by=load_actor(User.objects.get(pk=clerk.user_id), season, on=NOON.date()))
    assert not AssignmentReport.objects.exists()


def test_office_reports_on_behalf(task, clerk):
    assert report(task, by=clerk).reported_by_id == clerk.user_id


# --- judged


def test_accepted_report_meets_what_is_owed_at_noon_of_its_day(task, clerk, liaison):
    task = accept(report(task, by=liaison, done_on=date(2009, 11, 18)), by=clerk)
    assert (task.state, task.done_on) == ("accepted", date(2009, 11, 18))
    met = owed(task)
    assert (met.met_at, met.met_by_kind, met.met_by_uuid) == (on(11, 18), "assignment", task.uuid)


def test_giver_corrects_the_day_within_what_can_be(task, clerk, liaison):
    found = report(task, by=liaison, at=on(11, 25))
    for day in (date(2009, 11, 15), date(2009, 11, 26)):
        with pytest.raises(Refused) as refusal:
            accept(found, by=clerk, done_on=day)
        assert refusal.value.field == "done_on"
    assert accept(found, by=clerk, done_on=date(2009, 11, 25)).done_on == date(2009, 11, 25)
    assert owed(task).met_at == on(11, 25)


def test_sent_back_needs_a_note_and_it_is_open_again(task, clerk, liaison):
    found = report(task, by=liaison)
    with pytest.raises(Refused) as refusal:
        send_back(found, by=clerk, note=" ")
    assert refusal.value.field == "note"
    task = send_back(found, by=clerk)
    assert (task.state, task.done_on, owed(task).met_at) == ("sent-back", None, None)
    second = report(task, by=liaison, done_on=date(2009, 11, 24))
    assert accept(second, by=clerk).done_on == date(2009, 11, 24)
    assert [row.verdict for row in AssignmentReport.objects.order_by("pk")] == ["sent-back", "accepted"]


def test_same_verdict_again_changes_nothing_and_another_hears_who_was_quicker(season, task, clerk, liaison):
    found = report(task, by=liaison)
    accept(found, by=clerk)
    accept(found, by=clerk)
    assert AuditEntry.objects.filter(act="assignment.accept").count() == 1
    with pytest.raises(Refused, match=User.objects.get(pk=clerk.user_id).display_name) as refusal:
        send_back(found, by=office(season))
    assert refusal.value.refusal_code == "stale"
    task.refresh_from_db()
    assert task.state == "accepted"


def test_report_that_was_followed_by_a_newer_one_is_not_judged(task, clerk, liaison):
    first = report(task, by=liaison)
    second = report(task, by=liaison, text="补报")
    with pytest.raises(Refused) as refusal:
        accept(first, by=clerk)
    assert refusal.value.refusal_code == "newer"
    assert accept(second, by=clerk).state == "accepted"


def test_after_acceptance_nothing_is_reported_changed_or_withdrawn(task, clerk, liaison):
    task = accept(report(task, by=liaison), by=clerk)
    for act in (
        lambda: report(task, by=liaison, text="再报"),
        lambda: edit(task, by=clerk, title="别的"),
        lambda: withdraw_assignment(task, because="误发", by=clerk, at=NOON),
    ):
        with pytest.raises(Refused, match="2009-11-20") as refusal:
            act()
        assert refusal.value.refusal_code == "accepted"


@pytest.mark.parametrize("role", [Role.ASSESSOR, Role.TEAM_LEAD, Role.HEAD])
def test_only_leading_group_and_office_judge(season, task, liaison, role):
    found = report(task, by=liaison)
    home = department(season) if role == Role.HEAD else None
    with pytest.raises(PermissionDenied):
        accept(found, by=make_actor(season, role, department=home))
    with pytest.raises(ConflictOfInterest):
        accept(found, by=make_actor(season, Role.LEADERSHIP, department=department(season)))
    task.refresh_from_db()
    assert task.state == "reported"


# --- changed, withdrawn


def test_another_day_moves_what_is_owed_and_an_extension_stays(task, clerk):
    extend_obligation(owed(task), until=date(2009, 12, 1), reason="批准", version=DUE.isoformat(), by=clerk, at=NOON)
    edit(task, by=clerk, due_on=date(2009, 11, 25), title="报送目录")
    row = owed(task)
    assert (row.due_on, row.deadline, row.name) == (date(2009, 11, 25), date(2009, 12, 1), "报送目录")


def test_stale_edit_is_refused_and_the_same_edit_twice_is_one(task, clerk):
    edit(task, by=clerk, title="报送目录")
    assert edit(task, by=clerk, version=1, title="报送目录").version == 2
    with pytest.raises(Refused) as refusal:
        edit(task, by=clerk, version=1, title="我的写法")
    assert (refusal.value.refusal_code, refusal.value.existing.title) == ("stale", "报送目录")


def test_given_day_is_not_moved_past_what_was_done(task, clerk, liaison):
    report(task, by=liaison, done_on=date(2009, 11, 18))
    with pytest.raises(Refused) as refusal:
        edit(task, by=clerk, given_on=date(2009, 11, 19))
    assert refusal.value.field == "given_on"


def test_withdrawn_is_owed_no_more_and_takes_no_report(task, clerk, liaison):
    found = report(task, by=liaison)
    with pytest.raises(Refused) as refusal:
        withdraw_assignment(task, because=" ", by=clerk, at=NOON)
    assert refusal.value.field == "because"
    for _click in range(2):
        assert withdraw_assignment(task, because="误发", by=clerk, at=NOON).state == TaskState.WITHDRAWN
    assert owed(task).dropped_at == NOON
    assert AuditEntry.objects.filter(act="assignment.withdraw").count() == 1
    for act in (lambda: report(task, by=liaison, text="补"), lambda: accept(found, by=clerk)):
        with pytest.raises(Refused, match="误发"):
            act()


# --- what is late


def test_late_ones_are_those_not_accepted_first_and_the_longest_late_first(season, clerk):
    names = ["工会", "图书馆", "教务处", "体育部", "基础部"]
    tasks = {row.department.name: row for row in give(season, *names, by=clerk)}
    at = on(11, 26)
    accept(report(tasks["教务处"], by=clerk, done_on=date(2009, 11, 23), at=at), by=clerk, at=at)
    accept(report(tasks["基础部"], by=clerk, done_on=DUE, at=at), by=clerk, at=at)
    withdraw_assignment(tasks["体育部"], because="误发", by=clerk, at=at)
    extend_obligation(
        owed(tasks["工会"], "工会"), until=DUE + timedelta(days=2), reason="批准", version="2009-11-20", by=clerk, at=at
    )
    rows = [(row.department, row.days_late, row.timeliness, row.state) for row in late_assignments(clerk, at=at)]
    assert rows == [("图书馆", 6, "late", "given"), ("工会", 4, "late", "given"), ("教务处", 3, "late", "accepted")]
    assert [row.timeliness for row in late_assignments(clerk, at=on(11, 28))] == ["undone", "late", "late"]
    assert [row.department for row in late_assignments(staff(season, "工会"), at=at)] == ["工会"]


@pytest.mark.parametrize("homes", [["工会"], ["工会", "图书馆", "教务处"]])
def test_late_ones_ask_two_queries(season, clerk, homes, django_assert_num_queries):
    give(season, *homes, by=clerk)
    with django_assert_num_queries(2):
        assert len(late_assignments(clerk, at=NOON)) == len(homes)
