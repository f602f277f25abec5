"""The demo as a whole: accounts, visits, lines and findings; tests without activity are in test_demo_accounts."""

from datetime import date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db.models import Count, F, Q
from django.test import Client
from django.urls import reverse

from campaigns.models import (
    Assignment,
    Attendance,
    Campaign,
    CircularRecipient,
    ClassAttendanceRow,
    Department,
    Duty,
    DutyRosterRow,
    EvaluationRow,
    LessonPlanRow,
    Membership,
    ObservationRow,
    PlanItem,
    Posting,
    ProblemAnswer,
    ResearchMeetingRow,
    StaffMember,
    StudentClass,
    StudySession,
    ViolationRow,
    WorkloadRow,
)
from campaigns.queries.actors import load_actor
from qualityseason import clock
from qualityseason.errors import ConflictOfInterest, Refused
from qualityseason.models import User
from scoring.models import Deduction, Detection, Finding, Inspection, InspectionMark, Rule, Tally
from scoring.queries.ranking import load_ranking
from scoring.services.ledger import record_deduction
from tests.factories import PASSWORD, SHANGHAI, make_draft

START = datetime(2009, 12, 28, 9, 0, tzinfo=SHANGHAI)
TEAM = {
    "office": "OFFICE",
    "teamlead": "TEAM_LEAD",
    "assessor": "ASSESSOR",
    "assessor2": "ASSESSOR",
    "leader": "LEADERSHIP",
    "assessor-jwc": "ASSESSOR",
}


def seed(*arguments):
    """Run the command and return what it printed."""
    out = StringIO()
    call_command("seed_demo", *arguments, stdout=out)
    return out.getvalue()


def standing(user):
    """Return (role, department name or None) of the user's memberships."""
    return set(Membership.objects.filter(user=user).values_list("role", "department__name"))


def test_seed_demo_gives_the_team_its_roles_outside_scored_departments(season):
    for username, role in TEAM.items():
        home = "教务处" if username == "assessor-jwc" else None
        assert standing(User.objects.get(username=username)) == {(role, home)}


@pytest.mark.parametrize(
    ("place", "name"), [(1, "监察审计室"), (5, "教务处"), (14, "保卫处"), (15, "财会金融系"), (24, "体育部")]
)
def test_seed_demo_gives_each_department_head_and_liaison_in_the_schemes_order(season, place, name):
    assert standing(User.objects.get(username=f"head-{place:02d}")) == {("HEAD", name)}
    assert standing(User.objects.get(username=f"staff-{place:02d}")) == {("STAFF", name)}


def test_seed_demo_makes_54_accounts_with_the_demo_password_and_no_forced_change(season):
    users = User.objects.all()
    assert users.count() == 54
    assert all(user.check_password(PASSWORD) for user in users)
    assert not users.filter(Q(must_change_password=True) | Q(staff_number="") | Q(display_name="")).exists()
    assert not Membership.objects.exclude(starts_on=date(2009, 9, 1)).exists()


def test_seed_demo_uses_no_name_of_the_roster(season):
    roster = {name for group in season.roster for name in group["names"]}
    assert not User.objects.filter(display_name__in=roster).exists()
    assert not StaffMember.objects.filter(name__in=roster).exists()


def test_seed_demo_lets_the_campaigns_clock_run_on_from_28_december(season, seeded):
    began, ended = seeded
    assert START - ended <= season.clock_offset <= START - began
    assert clock.now(season) >= START


def test_seed_demo_fills_staff_list_and_classes(season):
    on_day = Posting.objects.current(on=date(2009, 12, 28))
    for department in Department.objects.filter(campaign=season):
        assert 8 <= on_day.filter(department=department).count() <= 14, department.name
    assert set(StaffMember.objects.values_list("category", flat=True)) == {
        "full_time",
        "part_time",
        "external",
        "non_teaching",
    }
    assert StaffMember.objects.filter(name="刘洋").count() == 2
    assert StaffMember.objects.exclude(user=None).count() == 49  # heads, liaisons, the assessor of 教务处
    assert Posting.objects.filter(ends_on__isnull=False).count() == 4
    homes = StudentClass.objects.values_list("department__kind", flat=True)
    assert set(homes) == {"specialty", "teaching"}


def test_seed_demo_tells_two_months_of_visits(season):
    visits = Inspection.objects.filter(campaign=season)
    assert visits.count() == 72
    assert set(visits.values_list("kind", flat=True)) == {"regular", "unscheduled", "year_end"}
    assert visits.filter(ended_at=None).count() == 1
    assert visits.values("department").distinct().count() == 24
    assert InspectionMark.objects.filter(urged=True).exists()
    assert not InspectionMark.objects.filter(
        inspection__deductions__rule=F("rule"), inspection__deductions__charged=F("inspection__department")
    ).exists()


def test_seed_demo_tells_lines_of_nearly_all_rules_in_every_state(season):
    lines = Deduction.objects.filter(campaign=season)
    assert 340 <= lines.count() <= 370
    assert lines.values("rule").distinct().count() >= 41
    assert lines.confirmed().count() > 300
    assert lines.recorded().count() == 29  # 4 of them from findings
    assert lines.filter(withdrawn_at__isnull=False, confirmed_at__isnull=True).count() == 6
    assert lines.filter(withdrawn_at__isnull=False, confirmed_at__isnull=False).count() == 10  # 2 by rulings
    assert lines.filter(replaces__isnull=False).count() == 2  # 1 by a ruling
    assert not lines.filter(note="").exists()
    assert not lines.filter(Q(note__contains="{") | Q(happened_on__gt=date(2009, 12, 28))).exists()
    assert not lines.filter(
        Q(recorded_at__gte=START) | Q(confirmed_at__gte=START) | Q(withdrawn_at__gte=START)
    ).exists()


def test_seed_demo_leaves_lines_the_team_lead_can_confirm_and_some_of_assessor2(season):
    lead = load_actor(User.objects.get(username="teamlead"), season, on=START.date())
    assert Deduction.objects.awaiting(lead).count() >= 15
    assert Deduction.objects.recorded().filter(recorded_by__username="assessor2").exists()


def test_seed_demo_shows_what_is_peculiar_to_the_scheme(season):
    tiers = Tally.objects.get(department__name="旅游文法建筑工程系", category__code="study")
    assert tiers.absorbed == 5  # S3a beside S4
    floored = Tally.objects.get(department__name="基建办", category__code="study")
    assert floored.charged > 10
    lines = Deduction.objects.confirmed()
    assert lines.exclude(visited__block=F("charged__block")).count() >= 10  # twins
    assert lines.filter(rule__subject="person", subject_person=None).exists()  # text only
    assert lines.filter(subject_class__isnull=False).exists()
    for block in load_ranking(season).blocks:
        ranks = [row.rank for row in block.rows]
        assert len(set(ranks)) < len(ranks), block.code


def test_seed_demo_leaves_everything_in_order(season):
    out = StringIO()
    call_command("check_invariants", stdout=out)
    assert str(Deduction.objects.count()) in out.getvalue()


def test_seed_demo_twice_keeps_accounts_and_records(season):
    head = User.objects.get(username="head-03")
    head.display_name = "换了名字"
    head.set_password("something-else")
    head.must_change_password = True
    head.save()
    before = [model.objects.count() for model in (User, Membership, StaffMember, Deduction, Inspection)]
    kept = dict(User.objects.exclude(pk=head.pk).values_list("username", "password"))
    seed()
    seed("--accounts-only")
    assert [model.objects.count() for model in (User, Membership, StaffMember, Deduction, Inspection)] == before
    assert dict(User.objects.exclude(pk=head.pk).values_list("username", "password")) == kept
    head.refresh_from_db()
    assert head.display_name == "换了名字"
    assert head.check_password(PASSWORD)
    assert not head.must_change_password


def test_seed_demo_gives_the_password_of_the_environment(season, monkeypatch):
    monkeypatch.setenv("DEMO_PASSWORD", "another-season")
    seed("--accounts-only")
    assert User.objects.get(username="staff-24").check_password("another-season")


def test_seed_demo_if_empty_does_nothing_when_somebody_has_an_account(season):
    Campaign.objects.update(clock_offset=None)
    User.objects.update(password="!")
    seed("--if-empty")
    assert Campaign.objects.get(pk=season.pk).clock_offset is None
    assert not User.objects.exclude(password="!").exists()


def test_seed_demo_turns_no_clock_back_behind_a_record(season):
    actor = load_actor(User.objects.get(username="assessor"), season, on=START.date())
    record_deduction(make_draft(season, "P1"), by=actor, at=clock.now(season))
    before = season.clock_offset
    seed("--accounts-only")
    season.refresh_from_db()
    assert season.clock_offset == before


def test_record_deduction_under_the_demo_clock_refuses_the_next_day(season):
    actor = load_actor(User.objects.get(username="assessor"), season, on=START.date())
    with pytest.raises(Refused) as refusal:
        record_deduction(make_draft(season, "P1", happened_on=date(2009, 12, 29)), by=actor, at=clock.now(season))
    assert refusal.value.refusal_code == "future"


def test_record_deduction_by_the_assessor_of_the_department_is_a_conflict(season):
    actor = load_actor(User.objects.get(username="assessor-jwc"), season, on=START.date())
    with pytest.raises(ConflictOfInterest):
        record_deduction(make_draft(season, "P1", charged="教务处"), by=actor, at=clock.now(season))


@pytest.mark.parametrize("username", [*TEAM, "head-01", "staff-24"])
def test_log_in_as_each_demo_role_opens_its_home(season, username):
    client = Client()
    answer = client.post(reverse("login"), {"username": username, "password": PASSWORD}, follow=True)
    assert answer.status_code == 200
    assert answer.wsgi_request.user.username == username
    assert answer.redirect_chain


# --- what the portal notices

# Records that come close to what an automatic line charges, none of them a finding's ground; departments where a
# finding would rest on other records than these.
NEAR_MISSES = {
    "S1a": Department.objects.filter(study_sessions__invitations__came=False),
    "S1b": StudySession.objects.filter(notified_at__lt=F("sittings__starts_at")),
    "S2": Attendance.objects.filter(status="sick", approved_on__isnull=False, suggestions__isnull=False),
    "S3b": Department.objects.filter(study_sessions__sittings__starts_at__date__gt=date(2009, 10, 31)),
    "S4": StudySession.objects.filter(discussion_held=True),
    "S5": StudySession.objects.filter(discussion_held=False),
    "P2": PlanItem.objects.filter(incentive__gt="", service=""),
    "P3": Duty.objects.filter(items__plan__versions__isnull=False),
    "P5": PlanItem.objects.filter(service="", cooperating__isnull=False),
    "A2": Department.objects.filter(service_work__happened_on__month=11),
    "A5": WorkloadRow.objects.filter(department__block__code="A", done=F("required")),
    "A6": EvaluationRow.objects.filter(department__block__code="A", score__range=(60, 75)),
    "A7": DutyRosterRow.objects.filter(organiser__block__code="A", missed=True, excused_on__isnull=False),
    "A8": ResearchMeetingRow.objects.filter(attended=False, person__category="external"),
    "A9": CircularRecipient.objects.filter(department__block__code="A", carried_out_on__gt=F("circular__due_on")),
    "A10": ProblemAnswer.objects.filter(department__block__code="A", kind="explanation"),
    "A11a": Assignment.objects.filter(done_on=F("due_on")),
    "A11b": Assignment.objects.filter(done_on__gt=F("due_on"), done_on__lte=F("due_on") + timedelta(days=7)),
    "A12": ViolationRow.objects.filter(department__block__code="A", consequence__gt=""),
    "A14": Department.objects.filter(summaries__versions__isnull=False, name="总务处"),
    "B4": Department.objects.filter(monthly_reports__kind="conduct", monthly_reports__confirmed_at=None),
    "B5": WorkloadRow.objects.filter(department__block__code="B", done=F("required")),
    "B6": EvaluationRow.objects.filter(department__block__code="B", score__range=(60, 75)),
    "B7": ClassAttendanceRow.objects.filter(rate=50),
    "B8": ObservationRow.objects.filter(done=F("required")),
    "B9": DutyRosterRow.objects.filter(organiser__block__code="B", missed=True, excused_on__isnull=False),
    "B10": ResearchMeetingRow.objects.filter(attended=False, person__category="external"),
    "B11": CircularRecipient.objects.filter(department__block__code="B", circular__due_on__gt=date(2009, 12, 28)),
    "B12": ProblemAnswer.objects.filter(department__block__code="B", state="reported"),
    "B13": LessonPlanRow.objects.filter(is_reformed=True, has_material=True),
    "B14": ViolationRow.objects.filter(department__block__code="B", consequence__gt=""),
    "B16": Department.objects.filter(summaries__versions__isnull=False, name="图书馆"),
}


def test_demo_shows_of_every_automatic_line_a_true_finding_and_a_near_miss_that_stays_silent(season):
    automatic = set(Rule.objects.filter(campaign=season, sight="automatic").values_list("code", flat=True))
    assert set(NEAR_MISSES) == automatic
    open_ones = Finding.objects.proposed().filter(campaign=season)
    assert automatic - set(open_ones.values_list("rule__code", flat=True)) == set()
    for code, records in NEAR_MISSES.items():
        near = {str(uuid) for uuid in records.values_list("uuid", flat=True)}
        standing = Finding.objects.filter(rule__code=code).exclude(state="gone").select_related("charged")
        noticed = {str(finding.charged.uuid) for finding in standing}
        if records.model != Department:
            noticed = {fact["uuid"] for finding in standing for fact in finding.facts}
        assert (bool(near), near & noticed) == (True, set()), code


def test_demo_has_findings_in_every_state_and_none_with_points_where_nothing_was_announced(season):
    states = dict(Finding.objects.values_list("state").annotate(count=Count("pk")).order_by())
    assert set(states) == {"open", "charged", "dismissed", "gone"}
    assert set(Finding.objects.filter(proof="no-record").values_list("silence", flat=True)) == {"policy"}
    assert not any(Detection.objects.values_list("troubles", flat=True))
    assert 35 <= Finding.objects.proposed().count() <= 90


def test_what_the_demo_mended_cost_nothing_and_is_told(season):
    mended = Finding.objects.get(state="gone")
    assert (mended.charged.name, mended.rule.code, mended.peak) == ("招生就业处", "A9", 1)
