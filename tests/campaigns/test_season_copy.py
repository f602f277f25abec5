"""The next season as a copy: everything set up, dates moved, no records; the old season untouched."""

from datetime import date, timedelta

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from campaigns.calculations.season_shift import shift_months, shift_years, whole_years
from campaigns.enums import Role
from campaigns.models import (
    Campaign,
    Department,
    DepartmentLeader,
    Duty,
    Membership,
    Milestone,
    Obligation,
    Recommendation,
    Responsibility,
    StaffMember,
    Term,
)
from campaigns.queries.actors import load_actor
from campaigns.queries.season_copies import SeasonDraft, preview_copy
from campaigns.services.season_copies import copy_season
from qualityseason.models import AuditEntry, User
from scoring.enums import Basis
from scoring.models import Category, Deduction, Rule, Rulebook, RuleVersion, Tally
from tests.campaigns.honours_working import liaison_of, praise, refusal, stop_clock
from tests.campaigns.people_working import make_duty
from tests.factories import NOON, department, make_actor, make_deduction, make_person, make_user

DRAFT = SeasonDraft("2010", "第二季", date(2010, 10, 11))


@pytest.fixture
def office(season):
    return make_actor(season, Role.OFFICE)


def copy(season, office, draft=DRAFT, **values):
    user = User.objects.get(pk=office.user_id)
    return copy_season(season, draft, office=user, by=office, at=NOON, **values)


def everything_of(season):
    """Return every row of every table that hangs on the season, as it stands."""
    found = {}
    for model in (*apps.get_app_config("campaigns").get_models(), *apps.get_app_config("scoring").get_models()):
        if any(field.name == "campaign" for field in model._meta.concrete_fields):
            found[model._meta.label] = list(model._default_manager.filter(campaign=season).order_by("pk").values())
    return found | {"season": Campaign.objects.filter(pk=season.pk).values().get()}


# --- moving dates


def test_months_and_years_by_literals():
    assert shift_months(["2009-11", "2009-12"], 365) == ["2010-11", "2010-12"]
    assert shift_months(["2009-11", "2009-12"], 364) == ["2010-11", "2010-12"]
    assert shift_months(["2009-11", "2009-12"], 151) == ["2010-04", "2010-05"]
    assert shift_months([], 365) == []
    assert (shift_years("2009-2010-1", 1), shift_years("2009—2010学年第一学期", 1)) == (
        "2010-2011-1",
        "2010—2011学年第一学期",
    )
    assert shift_years("20091 3009", 1) == "20091 3009"
    assert [whole_years(days) for days in (365, 366, 730, 151, 200)] == [1, 1, 2, 0, 1]


@given(st.integers(1, 2000), st.dates(date(2000, 1, 1), date(2050, 1, 1)), st.integers(1, 14))
def test_months_that_follow_each_other_still_do(days, first, number):
    start = first.year * 12 + first.month - 1
    months = [f"{(start + each) // 12:04}-{(start + each) % 12 + 1:02}" for each in range(number)]
    moved = [int(month[:4]) * 12 + int(month[5:]) for month in shift_months(months, days)]
    assert moved == list(range(moved[0], moved[0] + number))
    assert abs((moved[0] - 1 - start) * 30.44 - days) < 31


# --- the copy


def test_season_itself(season, office):
    copied = copy(season, office)
    assert (copied.slug, copied.name, copied.college) == ("2010", "第二季", season.college)
    assert (copied.starts_on, copied.ends_on) == (date(2010, 10, 11), date(2011, 1, 20))
    assert (copied.facts_from, copied.facts_until) == (date(2010, 9, 1), date(2011, 1, 31))
    assert (copied.document_number, copied.issued_on, copied.roster, copied.dates_source) == ("", None, [], "")
    assert copied.working_months == ["2010-11", "2010-12"]
    for name in ("theme", "quality_policy", "objectives", "requirements", "principles", "assignment_days"):
        assert getattr(copied, name) == getattr(season, name)
    assert copied.lists == season.lists
    assert [(row.code, row.name, row.starts_on) for row in copied.terms.all()] == [
        ("2010-2011-1", "2010—2011学年第一学期", date(2010, 9, 1))
    ]
    assert [row.starts_on for row in copied.phases.all()] == [
        date(2010, 10, 11),
        date(2010, 10, 21),
        date(2010, 11, 1),
        date(2010, 12, 21),
    ]
    moved = copied.milestones.get(code="plan-ecopy")
    assert (moved.due_on, moved.phase.campaign, moved.obligation) == (date(2010, 11, 6), copied, "plan-electronic")
    assert copied.milestones.get(code="publicity").opens_on == date(2010, 10, 21)


def test_departments_come_with_duties_leaders_and_responsibilities(season, office):
    make_duty(season, "图书馆")
    make_duty(season, "图书馆", "2", ended_at=NOON)
    DepartmentLeader.objects.create(campaign=season, department=department(season), post="liaison", name="郭朝雄")
    Department.objects.filter(name="图书馆").update(telephone="0735-1234")
    Responsibility.objects.create(campaign=season, code="paper-receiver", department=department(season, "督导室"))
    Responsibility.objects.create(campaign=season, code="contest-judge", user=make_user("judge", name="评委"))
    copied = copy(season, office)
    assert list(copied.departments.values_list("name", "kind", "order", "block__code")) == list(
        season.departments.values_list("name", "kind", "order", "block__code")
    )
    library = copied.departments.get(name="图书馆")
    assert (library.telephone, library.uuid == department(season).uuid) == ("0735-1234", False)
    assert list(Duty.objects.filter(campaign=copied).values_list("department", "number")) == [(library.pk, "1")]
    assert library.leaders.get().name == "郭朝雄"
    held = Responsibility.objects.filter(campaign=copied).order_by("code")
    assert [(row.code, str(row.department or ""), str(row.user or "")) for row in held] == [
        ("contest-judge", "", "评委"),
        ("paper-receiver", "督导室", ""),
    ]


def test_records_and_people_stay_behind(season, office):
    make_deduction(season, "P1", by=make_actor(season, Role.ASSESSOR), charged="图书馆")
    praise(season, liaison_of(season))
    make_person(season)
    copied = copy(season, office)
    for model in (Deduction, Recommendation, StaffMember):
        assert not model.objects.filter(campaign=copied).exists()
    assert not Tally.objects.filter(campaign=copied).exclude(charged=0, pending=0).exists()
    (membership,) = Membership.objects.filter(campaign=copied)
    assert (membership.user_id, membership.role, membership.department) == (office.user_id, Role.OFFICE, None)
    entry = AuditEntry.objects.get(act="season.copy")
    assert (entry.campaign_id, entry.after["of"], entry.by_id) == (copied.pk, "2009", office.user_id)


def test_copying_person_is_at_work_at_once(season, office):
    stop_clock(season)
    copied = copy(season, office)
    user = User.objects.get(pk=office.user_id)
    for on in (NOON.date(), copied.facts_from, copied.ends_on):
        assert load_actor(user, copied, on=on).has(Role.OFFICE)


def test_rulebook_comes_with_the_versions_of_the_day(season, office):
    rule = Rule.objects.get(campaign=season, code="P1")
    for number, valid_from, points in ((2, date(2009, 12, 1), "0.20"), (3, date(2010, 1, 15), "0.30")):
        RuleVersion.objects.create(
            rule=rule, number=number, text=f"第{number}版", label="改", points=points, valid_from=valid_from
        )
    copied = copy(season, office)
    book, old = Rulebook.objects.get(campaign=copied), Rulebook.objects.get(campaign=season)
    assert (book.title, book.basis, book.remarks, book.flaws) == (old.title, Basis.ABSOLUTE, old.remarks, old.flaws)
    assert list(Category.objects.filter(campaign=copied).values_list("code", "full")) == list(
        Category.objects.filter(campaign=season).values_list("code", "full")
    )
    rules = Rule.objects.filter(campaign=copied)
    assert rules.count() == 43
    assert not rules.exclude(category__campaign=copied).exists()
    assert not rules.filter(block__isnull=False).exclude(block__campaign=copied).exists()
    version = RuleVersion.objects.get(rule__campaign=copied, rule__code="P1")
    assert (version.number, version.text, str(version.points), version.valid_from) == (
        1,
        "第2版",
        "0.20",
        date(2010, 9, 1),
    )
    assert RuleVersion.objects.filter(rule__campaign=copied).count() == 43
    assert Tally.objects.filter(campaign=copied).count() == 24 * 3


def test_obligations_are_made_and_open(season, office):
    copied = copy(season, office)
    owed = Obligation.objects.filter(campaign=copied)
    assert owed.count() == Obligation.objects.filter(campaign=season).count() > 24
    assert not owed.filter(met_at__isnull=False).exists()
    assert owed.filter(milestone__code="plan-ecopy", due_on=date(2010, 11, 6)).count() == 24


def test_nothing_of_the_old_season_changes_and_neither_shows_the_other(season, other_season, office):
    make_duty(season)
    make_person(season)
    praise(season, liaison_of(season))
    before, elsewhere = everything_of(season), everything_of(other_season)
    copied = copy(season, office)
    assert everything_of(season) == before
    assert everything_of(other_season) == elsewhere
    user = User.objects.get(pk=office.user_id)
    there = load_actor(user, copied, on=copied.starts_on)
    for model in (Department, Duty, Obligation, Recommendation, Responsibility, StaffMember):
        here = set(model.objects.visible_to(office).values_list("campaign", flat=True))
        over = set(model.objects.visible_to(there).values_list("campaign", flat=True))
        assert (here <= {season.pk}, over <= {copied.pk}) == (True, True)
    copied.lists["honours"].append("新")
    copied.save()
    season.refresh_from_db()
    assert "新" not in season.lists["honours"]


def test_closed_departments_and_their_names_are_left_out(season, office):
    Department.objects.filter(name="团委").update(closed_on=date(2009, 12, 1))
    Department.objects.filter(name="党院办").update(name="党政办", aliases=["党办", "党院办"])
    Milestone.objects.filter(campaign=season, code="plan-paper").update(owed_by=["团委"])
    make_duty(season, "团委")
    preview = preview_copy(season, DRAFT)
    assert (preview.closed, preview.dropped, preview.departments) == (("团委",), ("团委",), 23)
    copied = copy(season, office)
    assert not copied.departments.filter(name="团委").exists()
    assert copied.milestones.get(code="publicity").owed_by == [
        "党政办",
        "组织人事处",
        "学生工作处",
        "specialty",
        "teaching",
    ]
    alone = copied.milestones.get(code="plan-paper")
    assert (alone.obligation, alone.owed_by) == ("", [])
    assert not Duty.objects.filter(campaign=copied).exists()


def test_term_may_be_named(season, office):
    copied = copy(season, office, SeasonDraft("2010s", "春季", date(2010, 3, 1), {"2009-2010-1": "第二学期"}))
    assert [(row.code, row.name) for row in Term.objects.filter(campaign=copied)] == [("2009-2010-1", "第二学期")]
    assert copied.working_months == ["2010-04", "2010-05"]


def test_demonstration_clock_runs_on(season, office):
    season.clock_offset = timedelta(days=-10)
    season.save(update_fields=["clock_offset"])
    assert copy(season, office).clock_offset == timedelta(days=-10)


# --- refusals


@pytest.mark.parametrize(
    ("draft", "field", "code"),
    [
        (SeasonDraft("", "第二季", date(2010, 10, 11)), "slug", "slug"),
        (SeasonDraft("二零一零", "第二季", date(2010, 10, 11)), "slug", "slug"),
        (SeasonDraft("2010/x", "第二季", date(2010, 10, 11)), "slug", "slug"),
        (SeasonDraft("x" * 51, "第二季", date(2010, 10, 11)), "slug", "slug"),
        (SeasonDraft("2009", "第二季", date(2010, 10, 11)), "slug", "taken"),
        (SeasonDraft("2031", "第二季", date(2010, 10, 11)), "slug", "taken"),
        (SeasonDraft("2010", " ", date(2010, 10, 11)), "name", "empty"),
        (SeasonDraft("2010", "季" * 101, date(2010, 10, 11)), "name", "long"),
        (SeasonDraft("2010", "第二季", date(2009, 10, 11)), "starts_on", "order"),
        (SeasonDraft("2010", "第二季", date(2009, 9, 1)), "starts_on", "order"),
        (SeasonDraft("2010", "第二季", date(2909, 10, 11)), "starts_on", "far"),
    ],
)
def test_bad_drafts_are_refused_at_their_field(season, office, draft, field, code):
    refused = refusal(copy, season, office, draft)
    assert (refused.field, refused.refusal_code) == (field, code)
    assert Campaign.objects.count() == 2


def test_sent_twice_is_one_season_and_anything_else_is_in_the_way(season, office):
    copied = copy(season, office)
    assert copy(season, office) == copied
    assert copy(season, office, SeasonDraft(" ２０１０ ", "第二季", DRAFT.starts_on)) == copied
    assert refusal(copy, season, office, SeasonDraft("2010", "别的", DRAFT.starts_on)).refusal_code == "taken"
    assert refusal(copy, season, make_actor(season, Role.OFFICE)).refusal_code == "taken"
    assert (Campaign.objects.count(), AuditEntry.objects.filter(act="season.copy").count()) == (3, 1)


def test_what_was_not_shown_is_not_made(season, office):
    seen = preview_copy(season, DRAFT).digest
    make_duty(season)
    assert refusal(copy, season, office, seen=seen).refusal_code == "stale"
    assert copy(season, office, seen=preview_copy(season, DRAFT).digest).slug == "2010"


@pytest.mark.parametrize("role", [Role.LEADERSHIP, Role.TEAM_LEAD])
def test_copying_is_the_offices(season, role):
    with pytest.raises(PermissionDenied):
        copy(season, make_actor(season, role))


def test_preview_asks_as_much_whatever_there_is(season, django_assert_num_queries):
    for number in (1, 3):
        for each in range(number):
            make_duty(season, "图书馆", f"{number}{each}")
        with django_assert_num_queries(10):
            preview_copy(season, DRAFT)


# --- the command


def test_command_prints_how_everything_moves_and_makes_it(season, capsys):
    make_user("zhongmin")
    arguments = ["copy_season", "2009", "2010", "--starts-on", "2010年10月11日", "--office", "zhongmin"]
    call_command(*arguments, "--dry-run")
    assert "活动方案电子文档 2009-11-06 -> 2010-11-06" in capsys.readouterr().out
    assert not Campaign.objects.filter(slug="2010").exists()
    for _click in range(2):
        call_command(*arguments)
    copied = Campaign.objects.get(slug="2010")
    assert (copied.name, copied.memberships.get().user.username) == (season.name, "zhongmin")


@pytest.mark.parametrize(
    "arguments",
    [
        ["1999", "2010", "--starts-on", "2010-10-11", "--office", "zhongmin"],
        ["2009", "2010", "--starts-on", "2010-10-11", "--office", "nobody"],
        ["2009", "2010", "--starts-on", "morgen", "--office", "zhongmin"],
        ["2009", "2031", "--starts-on", "2010-10-11", "--office", "zhongmin"],
    ],
)
def test_command_says_what_is_wrong(season, other_season, arguments):
    make_user("zhongmin")
    with pytest.raises(CommandError):
        call_command("copy_season", *arguments)
