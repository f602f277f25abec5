"""What waits during the implementation months: records sent back, reports to judge, papers in hand, the inbox."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils.translation import gettext as _

from campaigns import hooks
from campaigns.enums import ObligationKind, ResponsibilityCode, Role
from campaigns.models import (
    Assignment,
    Campaign,
    Evidence,
    EvidenceLink,
    Measurement,
    MonthlyReport,
    Nomination,
    Obligation,
    Problem,
    ProblemAnswer,
    Responsibility,
    Summary,
    SummaryVersion,
)
from campaigns.queries.todo import in_groups, todo_list
from campaigns.queries.todo_item import Todo
from qualityseason.clock import wall_now
from tests.campaigns.owed_working import LIBRARY, UNION, moment, owe_record, signed_in
from tests.factories import NOON, department, make_actor, make_membership, make_person, make_user

SEASON = "/campaigns/2009/"
HOMES = (UNION, "教务处", "团委", "保卫处", "总务处", "督导室")


def todo(actor):
    """Return the list of what waits, as (title, url below the season, about, count, days left)."""
    found = todo_list(Campaign.objects.select_related("contest").get(slug="2009"), actor, at=NOON)
    return [(item.title, item.url.removeprefix(SEASON), item.about, item.count, item.days_left) for item in found]


def urls(actor):
    return [row[1] for row in todo(actor)]


def below(name, *args):
    return reverse(f"campaigns:{name}", args=["2009", *args]).removeprefix(SEASON)


@pytest.fixture(autouse=True)
def _nothing_owed(season):
    Obligation.objects.update(met_at=moment(10, 30), recorded_at=moment(10, 30))


@pytest.fixture
def liaison(season):
    return make_actor(season, Role.STAFF, department=department(season))


def of_kind(kind, name):
    return _("%(kind)s: %(name)s") % {"kind": ObligationKind(kind).label, "name": name}


def sent_back(name):
    return _("Sent back: %(name)s") % {"name": name}


def make_assignment(season, by_id, home=LIBRARY, *, state="given", issuer="office", title="报送统计"):
    task = Assignment.objects.create(
        campaign=season,
        department=department(season, home),
        title=title,
        issuer=issuer,
        given_on=date(2009, 12, 1),
        due_on=date(2009, 12, 20),
        state=state,
        done_on=date(2009, 12, 19) if state == "accepted" else None,
        given_by_id=by_id,
        entered_at=NOON,
    )
    owe_record(season, "assignment", home, key=str(task.uuid), name=title)
    return task


def make_answer(season, by_id, home=LIBRARY, *, state="reported", source="team", raising=None):
    problem = Problem.objects.create(
        campaign=season,
        source=source,
        raising_department=raising,
        title="灯坏了",
        found_on=date(2009, 12, 1),
        due_on=date(2009, 12, 20),
        raised_by_id=by_id,
        raised_at=NOON,
    )
    return ProblemAnswer.objects.create(
        problem=problem,
        department=department(season, home),
        state=state,
        kind="rectification",
        answered_on=date(2009, 12, 10),
    )


def make_summary(season, home=LIBRARY, *, state="requested", kind="summary"):
    return Summary.objects.create(
        campaign=season,
        department=department(season, home),
        kind=kind,
        title="总结",
        state=state,
        created_at=NOON,
        changed_at=NOON,
        submitted_at=NOON if state == "submitted" else None,
    )


# --- departments


def test_an_assignment_waits_until_it_is_reported_and_again_when_sent_back(season, liaison):
    task = make_assignment(season, liaison.user_id)
    page = below("assignment", task.uuid)
    assert todo(liaison) == [(of_kind("assignment", "报送统计"), page, "", 0, -8)]
    Assignment.objects.update(state="reported")
    assert todo(liaison) == []
    Assignment.objects.update(state="sent-back")
    assert todo(liaison) == [(sent_back("报送统计"), page, "", 0, -8)]


def test_an_answer_sent_back_is_said_to_be(season, liaison):
    answer = make_answer(season, liaison.user_id, state="sent-back")
    owe_record(season, "problem", key=str(answer.problem.uuid), name="灯坏了")
    assert todo(liaison) == [(sent_back("灯坏了"), below("problem", answer.problem.uuid), "", 0, -8)]


def test_many_records_of_a_kind_are_two_lines(season, liaison):
    for number in range(3):
        owe_record(season, "circular", name=f"文件{number}")
        owe_record(season, "circular", name=f"新文件{number}", due_on=date(2010, 1, 4 + number))
    everything = f"{below('obligations')}#owed-open"
    old = "、".join(of_kind("circular", f"文件{number}") for number in range(3))
    new = "、".join(of_kind("circular", f"新文件{number}") for number in range(3))
    kind = ObligationKind.CIRCULAR.label
    assert todo(liaison) == [(kind, everything, old, 3, -8), (kind, everything, new, 3, 7)]


def test_a_head_confirms_the_summary_instead_of_handing_it_in(season, liaison):
    rows = Obligation.objects.filter(department__name=LIBRARY, milestone__code__in=["summary", "pieces"])
    rows.update(met_at=None, recorded_at=None)
    paper = make_summary(season)
    head = make_actor(season, Role.HEAD, department=department(season))
    assert [row[1:] for row in todo(head)] == [
        (below("summary-submit", paper.uuid), "", 0, 3),
        (below("summaries"), "", 0, 3),
    ]
    assert urls(liaison) == [below("summaries"), below("summaries")]
    Summary.objects.update(state="returned")
    assert below("summary", paper.uuid) in urls(liaison)


def test_reports_on_conduct_wait_for_who_receives_them(season, liaison):
    report = MonthlyReport.objects.create(
        campaign=season,
        department=department(season, "体育部"),
        kind="conduct",
        month="2009-11",
        addressee=department(season),
        reported_on=date(2009, 11, 30),
        entered_by_id=liaison.user_id,
        entered_at=NOON,
    )
    [(_title, url, about, _count, _days)] = todo(liaison)
    assert (url, about) == (below("monthly-report", report.uuid), "体育部 2009-11")
    MonthlyReport.objects.update(confirmed_at=NOON, confirmed_by_id=liaison.user_id)
    assert todo(liaison) == []


def test_evidence_in_the_inbox_is_counted(season, liaison):
    values = {
        "campaign": season,
        "happened_on": date(2009, 12, 1),
        "entered_by_id": liaison.user_id,
        "entered_at": NOON,
    }
    filed = Evidence.objects.create(department=department(season), text="已归类", **values)
    EvidenceLink.objects.create(evidence=filed, target="month", key="2009-12")
    Evidence.objects.create(department=department(season), text="撤回的", withdrawn_at=NOON, **values)
    assert todo(liaison) == []
    for number in range(2):
        Evidence.objects.create(department=department(season), text=f"照片{number}", **values)
    Evidence.objects.create(department=department(season, UNION), text="别的部门", **values)
    assert [row[1:] for row in todo(liaison)] == [(below("evidence-inbox"), "", 2, None)]


# --- those who judge


def test_office_and_leading_group_accept_what_they_gave(season):
    office, leader = make_actor(season, Role.OFFICE), make_actor(season, Role.LEADERSHIP)
    mine = make_assignment(season, office.user_id, state="reported")
    theirs = make_assignment(season, leader.user_id, UNION, state="reported", issuer="leading-group")
    assert urls(leader) == [below("assignment", theirs.uuid)]
    assert {row[2] for row in todo(office)} == {"图书馆 报送统计、工会 报送统计"}
    assert below("reminders") not in urls(office)  # reported is not overdue
    own = make_actor(season, Role.OFFICE, department=department(season))
    assert urls(own) == [below("assignment", theirs.uuid)]
    Assignment.objects.update(state="accepted", done_on=date(2009, 12, 19))
    assert below("assignment", mine.uuid) not in urls(office)


def test_answers_wait_for_who_raised_the_problem(season, liaison):
    assessor, other = make_actor(season, Role.ASSESSOR), make_actor(season, Role.ASSESSOR)
    answer = make_answer(season, assessor.user_id)
    page = below("problem", answer.problem.uuid)
    assert urls(assessor) == [page]
    assert (urls(other), urls(liaison)) == ([], [])
    assert urls(make_actor(season, Role.TEAM_LEAD)) == [page]
    assert urls(make_actor(season, Role.TEAM_LEAD, department=department(season))) == []
    raised = make_answer(season, liaison.user_id, UNION, source="department", raising=department(season))
    assert urls(liaison) == [below("problem", raised.problem.uuid)]


def test_the_office_reviews_summaries_and_shortlists(season):
    office = make_actor(season, Role.OFFICE)
    paper = make_summary(season, state="submitted")
    nominated = Nomination.objects.create(
        campaign=season,
        department=department(season),
        person=make_person(season),
        honour="教书育人",
        reasons="好",
        nominated_by_id=office.user_id,
        nominated_at=NOON,
    )
    assert set(urls(office)) == {below("summary-review", paper.uuid), below("nomination", nominated.uuid)}
    assert urls(make_actor(season, Role.OFFICE, department=department(season))) == []
    Nomination.objects.update(state="shortlisted")
    Summary.objects.update(state="approved")
    assert urls(office) == []


def test_the_receiver_confirms_the_latest_summary(season):
    Responsibility.objects.create(
        campaign=season, code=ResponsibilityCode.ELECTRONIC_RECEIVER, department=department(season, "组织人事处")
    )
    receiver = make_actor(season, Role.STAFF, department=department(season, "组织人事处"))
    paper = make_summary(season, state="submitted")
    for number in (1, 2):
        SummaryVersion.objects.create(
            summary=paper,
            number=number,
            code=f"S-{number}",
            content={},
            digest="0" * 64,
            submitted_at=NOON,
            submitted_by_id=receiver.user_id,
        )
    assert urls(receiver) == [below("summary-version", paper.uuid, 2)]


# --- how it reads


def test_few_lines_have_no_headings_and_thirty_have():
    few = [Todo(f"事{number}", "/", days_left=number) for number in range(8)]
    assert [(group.label, len(group.items)) for group in in_groups(few)] == [("", 8)]
    assert in_groups([]) == ()
    many = [
        *few,
        Todo("逾期", "/", days_left=-1),
        Todo("以后", "/", days_left=8),
        Todo("无期", "/"),
        Todo("知", "/", is_news=True),
    ]
    groups = in_groups(sorted(many, key=lambda item: item.days_left or 0))
    assert [len(group.items) for group in groups] == [1, 8, 1, 1, 1]
    assert all(group.label for group in groups)


# --- the homes


@pytest.mark.parametrize(
    ("role", "queries"),
    [(Role.HEAD, 19), (Role.STAFF, 19), (Role.OFFICE, 23), (Role.ASSESSOR, 11), (Role.LEADERSHIP, 13)],
)
@pytest.mark.parametrize("rows", [1, 3])
def test_a_home_asks_the_same_queries(client, season, role, queries, rows, django_assert_num_queries, monkeypatch):
    monkeypatch.setitem(hooks.panels, "home", [])
    season.clock_offset = NOON - wall_now()
    season.save(update_fields=["clock_offset"])
    user = signed_in(client, season, role, LIBRARY if role in (Role.HEAD, Role.STAFF) else None)
    for home in (LIBRARY, *HOMES)[:rows]:
        make_assignment(season, user.pk, home, state="reported", issuer="leading-group")
        make_assignment(season, user.pk, state="sent-back")
        make_answer(season, user.pk, home)
        make_answer(season, user.pk, state="sent-back")
        make_summary(season, home, state="submitted")
        make_summary(season, state="returned", kind="feature")
        owe_record(season, "circular")
    with django_assert_num_queries(queries):
        response = client.get(reverse("campaigns:campaign-home", args=["2009"]))
    assert response.context["todo"]


def test_a_leader_sees_which_objectives_are_met_and_which_assignments_are_late(client, season):
    season.clock_offset = NOON - wall_now()
    season.save(update_fields=["clock_offset"])
    user = signed_in(client, season, Role.LEADERSHIP)
    values = {"measured_on": date(2009, 12, 18), "source": "问卷", "entered_by": user, "entered_at": NOON}
    Measurement.objects.create(campaign=season, objective="satisfaction", value="86.20", **values)
    Measurement.objects.create(campaign=season, objective="employment", value="89.99", **values)
    late = make_assignment(season, user.pk, title="迟了的任务")
    make_assignment(season, user.pk, UNION, state="accepted", title="按时办的任务")
    done = make_assignment(season, user.pk, UNION, state="accepted", title="迟办的任务")
    Assignment.objects.filter(pk=done.pk).update(done_on=date(2009, 12, 23))
    leader = client.get(reverse("campaigns:campaign-home", args=["2009"])).context["leader"]
    assert [(each.code, each.is_met) for each in leader.objectives] == [
        ("satisfaction", True),
        ("employment", False),
        ("evaluation", None),
    ]
    assert [(each.uuid, each.days_late) for each in leader.late] == [(late.uuid, 8), (done.uuid, 3)]
    client.logout()
    make_membership(season, make_user("assessor"), Role.ASSESSOR)
    client.force_login(season.memberships.get(user__username="assessor").user)
    assert client.get(reverse("campaigns:campaign-home", args=["2009"])).context["leader"] is None
