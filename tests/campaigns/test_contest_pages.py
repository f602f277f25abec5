"""The pages of the plan contest: who sees what, forms that lose nothing, queries."""

import re
import uuid

import pytest
from django.urls import reverse

from campaigns.enums import Role
from campaigns.models import Ballot, Contest, ContestEntry, Decision, Interest
from campaigns.services.contest import close_contest
from qualityseason.clock import wall_now
from qualityseason.models import StoredFile, User
from tests.campaigns.contest_working import (
    SIX,
    awarded_contest,
    contest_now,
    entry_of,
    judge,
    make_approved_plan,
    make_contest,
    make_judge,
    tied_contest,
)
from tests.factories import NOON, department, make_membership, make_user


@pytest.fixture(autouse=True)
def _demo_clock(season):
    """Let the season's clock stand at noon of the demonstration's day."""
    season.clock_offset = NOON - wall_now()
    season.save(update_fields=["clock_offset"])


def url(name, *args):
    return reverse(f"campaigns:{name}", args=["2009", *args])


def as_role(client, season, role, home=None):
    user = make_user(f"{role.lower()}-{uuid.uuid4().hex[:6]}")
    make_membership(season, user, role, department=department(season, home) if home else None)
    client.force_login(user)
    return user


def as_user(client, actor):
    client.force_login(User.objects.get(pk=actor.user_id))


def text(client, name="contest", *args):
    return client.get(url(name, *args)).content.decode()


def ballot_form(*points, comment="", version=0, **more):
    return {f"points_{number}": value for number, value in enumerate(points)} | {
        "comment": comment,
        "version": version,
    } | more  # fmt: skip


# --- opening


def test_office_opens_the_contest(client, season):
    make_approved_plan(season, "图书馆")
    make_judge(season, "judge", name="评委甲")
    as_role(client, season, Role.OFFICE)
    page = text(client, "contest-open")
    assert ("图书馆" in page, "评委甲" in page) == (True, True)
    answer = client.post(url("contest-open"), {"judged_until": "2009.12.31"})
    assert (answer.url, Contest.objects.get().entries.count()) == (url("contest"), 1)
    client.post(url("contest-open"), {"judged_until": "2009-12-31"})
    assert Contest.objects.count() == 1


def test_opening_with_a_day_past_comes_back_whole(client, season):
    make_approved_plan(season, "图书馆")
    make_judge(season, "judge")
    as_role(client, season, Role.OFFICE)
    page = client.post(url("contest-open"), {"judged_until": "2008-12-31"})
    assert page.context["form"].errors.keys() == {"judged_until"}
    assert 'value="2008-12-31"' in page.content.decode()


# --- judging


def test_judge_goes_through_the_list_and_saves(client, season):
    _office, (first, _second), _contest = make_contest(season, ["工会", "图书馆"])
    as_user(client, first)
    listed = text(client)
    assert url("contest-ballot", entry_of("工会").uuid) in listed
    form = ballot_form("９０", "80", "85.0", comment="扎实", **{"go-on": "1"})
    answer = client.post(url("contest-ballot", entry_of("工会").uuid), form)
    assert answer.url == url("contest-ballot", entry_of("图书馆").uuid)
    assert Ballot.objects.get().points == {"全面": 90, "可行": 80, "有特色": 85}
    answer = client.post(url("contest-ballot", entry_of("图书馆").uuid), form)
    assert answer.url == url("contest")
    assert "85.00" in text(client)


@pytest.mark.parametrize("wrong", ["101", "-1", "八十", "80.5", ""])
def test_wrong_points_come_back_with_everything_typed(client, season, wrong):
    _office, (first, _second), _contest = make_contest(season, ["工会"])
    as_user(client, first)
    page = client.post(url("contest-ballot", entry_of("工会").uuid), ballot_form("90", wrong, "85", comment="写了很多"))
    assert page.context["form"].errors.keys() == {"points_1"}
    assert ("写了很多" in page.content.decode(), 'value="90"' in page.content.decode()) == (True, True)
    assert not Ballot.objects.exists()


def test_double_click_saves_one_ballot(client, season):
    _office, (first, _second), _contest = make_contest(season, ["工会"])
    as_user(client, first)
    place = url("contest-ballot", entry_of("工会").uuid)
    assert [client.post(place, ballot_form(90, 80, 85)).status_code for _ in range(2)] == [302, 302]
    assert (Ballot.objects.count(), Ballot.objects.get().version) == (1, 1)


def test_stale_ballot_shows_both_and_the_next_sending_replaces(client, season):
    _office, (first, _second), _contest = make_contest(season, ["工会"])
    judge(first, "工会", 90, 80, 85, comment="第一窗口")
    as_user(client, first)
    place = url("contest-ballot", entry_of("工会").uuid)
    page = client.post(place, ballot_form(70, 71, 72, comment="第二窗口"))
    shown = page.content.decode()
    assert ("第一窗口" in shown, "第二窗口" in shown, 'value="71"' in shown) == (True, True, True)
    version = page.context["form"]["version"].value()
    assert client.post(place, ballot_form(70, 71, 72, comment="第二窗口", version=version)).status_code == 302
    assert Ballot.objects.get().points["可行"] == 71


def test_own_department_is_listed_without_a_form_and_refused(client, season):
    make_approved_plan(season, "图书馆")
    make_approved_plan(season, "工会")
    own = make_judge(season, "own", home="图书馆")
    as_role(client, season, Role.OFFICE)
    client.post(url("contest-open"), {"judged_until": "2009-12-31"})
    as_user(client, own)
    listed = text(client)
    assert "图书馆" in listed
    place = url("contest-ballot", entry_of("图书馆").uuid)
    assert place not in listed
    for answer in (client.get(place), client.post(place, ballot_form(100, 100, 100))):
        assert answer.status_code == 403
        assert "图书馆" in answer.content.decode()
    assert not Ballot.objects.exists()


def test_judges_see_nobodys_ballot_but_their_own(client, season):
    office, (first, second), contest = make_contest(season, ["工会"])
    judge(first, "工会", 91, 92, 97, comment="甲的评语")
    judge(second, "工会", 41, 42, 43, comment="乙的评语")
    as_user(client, second)
    place = url("contest-ballot", entry_of("工会").uuid)
    for closed in (False, True):
        if closed:
            close_contest(contest, accepts_missing=False, by=office, at=NOON)
        shown = text(client) + text(client, "contest-ballot", entry_of("工会").uuid)
        assert ("甲的评语" in shown, "93.33" in shown, "67.67" in shown) == (False, False, False)
        assert "乙的评语" in shown
    assert client.post(place, ballot_form(1, 1, 1, version=1)).status_code == 200
    assert Ballot.objects.get(judge_id=second.user_id).points["全面"] == 41


def test_figures_appear_for_the_office_only_once_judging_is_closed(client, season):
    office, (first, second), contest = make_contest(season, ["工会"])
    judge(first, "工会", 91, 92, 97, comment="甲的评语")
    judge(second, "工会", 41, 42, 43)
    as_user(client, office)
    shown = text(client)
    assert ("甲的评语" in shown, "67.67" in shown, "2 / 2" in shown) == (False, False, True)
    (row,) = client.get(url("contest")).context["page"].rows
    assert (row.ballots, row.mean, row.spread, row.rank) == ((), None, None, None)
    close_contest(contest, accepts_missing=False, by=office, at=NOON)
    shown = text(client)
    # (93.333… + 42) / 2 = 67.666…; 93.333… − 42 = 51.333…
    assert ("甲的评语" in shown, "67.67" in shown, "51.33" in shown) == (True, True, True)


def test_closing_names_who_is_missing_and_has_to_be_ticked(client, season):
    office, (first, _second), _contest = make_contest(season, ["工会"])
    judge(first, "工会", 80, 80, 80)
    as_user(client, office)
    assert "评委2" in text(client, "contest-close")
    page = client.post(url("contest-close"), {})
    assert page.context["form"].errors.keys() == {"accepts_missing"}
    assert client.post(url("contest-close"), {"accepts_missing": "on"}).url == url("contest")
    assert contest_now().state == "closed"


# --- ties and award


def tie_form(page, *ranks, **values):
    """Return what the form on the page would send, ranks in the order of its fields."""
    form = page.context["form"]
    whole = {
        "uuid": form["uuid"].value(),
        "standing": form["standing"].value(),
        "decided_on": "2009-12-28",
        "present": "支校衡、郭朝雄",
        "text": "图书馆更有特色",
    }
    return whole | {f"rank_{number}": rank for number, rank in enumerate(ranks)} | values


def test_leading_group_decides_a_tie_and_the_office_awards(client, season):
    tied_contest(season)
    as_role(client, season, Role.LEADERSHIP)
    assert f"{url('contest-tie')}?rank=3" in text(client)
    page = client.get(url("contest-tie"), {"rank": 3})
    form = tie_form(page, 4, 3)  # 基础部 stands before 图书馆 in the scheme
    assert client.post(url("contest-tie") + "?rank=3", form).url == url("contest")
    assert client.post(url("contest-tie") + "?rank=3", form).status_code == 302  # pressed twice
    assert Decision.objects.count() == 1
    assert "支校衡、郭朝雄" in text(client)
    as_role(client, season, Role.OFFICE)
    assert client.post(url("contest-award")).url == url("contest")
    assert client.post(url("contest-award")).status_code == 302
    assert (entry_of("图书馆").rank, entry_of("图书馆").prize) == (3, "二等奖")
    assert (entry_of("基础部").rank, entry_of("基础部").prize) == (4, "三等奖")


def test_award_before_the_decision_says_what_is_missing(client, season):
    office, _voters, _contest = tied_contest(season)
    as_user(client, office)
    assert url("contest-award") not in text(client)
    assert client.post(url("contest-award")).url == url("contest")
    assert contest_now().state == "closed"


def test_same_rank_twice_comes_back_with_what_was_typed(client, season):
    tied_contest(season)
    as_role(client, season, Role.LEADERSHIP)
    page = client.get(url("contest-tie"), {"rank": 3})
    again = client.post(url("contest-tie") + "?rank=3", tie_form(page, 3, 3))
    assert again.context["form"].errors.keys() == {"rank_0"}
    assert "图书馆更有特色" in again.content.decode()
    assert not Decision.objects.exists()


def test_office_needs_the_paper_and_a_picked_file_survives_an_error(client, season, portal_files):
    office, _voters, _contest = tied_contest(season)
    as_user(client, office)
    place = url("contest-tie") + "?rank=3"
    page = client.get(url("contest-tie"), {"rank": 3})
    assert "files" in client.post(place, tie_form(page, 3, 4)).context["form"].errors
    stored = StoredFile.objects.create(
        sha256="a" * 64, name="纪要.pdf", media_type="application/pdf", size=9, stored_by_id=office.user_id,
        campaign_id=season.pk, is_upload=True,
    )  # fmt: skip
    again = client.post(place, tie_form(page, 3, 3, files=[str(stored.uuid)]))
    assert ("纪要.pdf" in again.content.decode(), str(stored.uuid) in again.content.decode()) == (True, True)
    assert client.post(place, tie_form(page, 3, 4, files=[str(stored.uuid)])).url == url("contest")
    assert "纪要.pdf" in text(client)


def test_stale_decision_shows_the_other_one_and_can_replace_it(client, season):
    tied_contest(season)
    as_role(client, season, Role.LEADERSHIP)
    place = url("contest-tie") + "?rank=3"
    mine, theirs = client.get(place), client.get(place)
    client.post(place, tie_form(theirs, 3, 4, text="另一份决定"))
    stale = client.post(place, tie_form(mine, 4, 3, text="我的决定"))
    assert ("另一份决定" in stale.content.decode(), "我的决定" in stale.content.decode()) == (True, True)
    assert client.post(place, tie_form(stale, 4, 3, text="我的决定")).status_code == 302
    assert Decision.objects.count() == 2


def test_tie_of_an_own_department_is_refused_when_opened(client, season):
    tied_contest(season)
    user = as_role(client, season, Role.LEADERSHIP)
    Interest.objects.create(
        campaign=season, user=user, department=department(season, "图书馆"), reason="配偶", starts_on=season.facts_from
    )
    assert "rank=3" not in text(client)
    for answer in (client.get(url("contest-tie"), {"rank": 3}), client.post(url("contest-tie") + "?rank=3", {})):
        assert answer.status_code == 403
    row = next(row for row in client.get(url("contest")).context["page"].rows if row.department == "图书馆")
    assert (row.is_own, row.mean, row.rank, row.prize, row.ballots) == (True, None, None, None, ())


@pytest.mark.parametrize("rank", ["1", "x", "", "\0"])
def test_tie_that_is_none_is_404(client, season, rank):
    tied_contest(season)
    as_role(client, season, Role.LEADERSHIP)
    assert client.get(url("contest-tie"), {"rank": rank}).status_code == 404


# --- who sees what


def test_department_sees_nothing_before_the_award(client, season):
    as_role(client, season, Role.HEAD, "图书馆")
    without = re.sub(r'csrf[^>]*>|hx-headers=\'[^\']*\'|value="[^"]*"', "", text(client))
    tied_contest(season)
    assert re.sub(r'csrf[^>]*>|hx-headers=\'[^\']*\'|value="[^"]*"', "", text(client)) == without
    for name, answer in [
        ("contest-ballot", client.get(url("contest-ballot", entry_of("图书馆").uuid))),
        ("contest-awards", client.get(url("contest-awards", "xlsx"))),
    ]:
        assert answer.status_code == 404, name


def test_department_sees_the_award_list_and_its_own_result(client, season):
    names = [*SIX, "团委", "保卫处"]
    awarded_contest(season, names)
    as_role(client, season, Role.HEAD, "团委")
    page = client.get(url("contest"))
    shown = page.content.decode()
    assert [award.department for award in page.context["page"].awards] == list(SIX)
    assert [(award.rank, str(award.mean)) for award in page.context["page"].results] == [(7, "65.00")]
    assert ("保卫处" in shown, "95.00" in shown, "评委1" in shown) == (False, False, False)
    assert page.context["page"].rows == ()


def test_assessor_who_is_no_judge_sees_no_figures(client, season):
    tied_contest(season)
    as_role(client, season, Role.ASSESSOR)
    page = client.get(url("contest"))
    assert (page.context["page"].rows, "80.00" in page.content.decode()) == ((), False)
    assert client.get(url("contest-ballot", entry_of("图书馆").uuid)).status_code == 403


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        (Role.OFFICE, {"open", "close", "reopen", "tie", "award"}),
        (Role.LEADERSHIP, {"tie"}),
        (Role.TEAM_LEAD, set()),
        (Role.ASSESSOR, set()),
        (Role.HEAD, set()),
        (Role.STAFF, set()),
    ],
)
def test_acts_are_for_whom_the_table_names(client, season, role, allowed):
    tied_contest(season)
    as_role(client, season, role, "团委" if role in (Role.HEAD, Role.STAFF) else None)
    for act in ("open", "close", "reopen", "tie", "award"):
        status = client.post(url(f"contest-{act}") + "?rank=3", {}).status_code
        assert (status != 403) == (act in allowed), act
    assert (ContestEntry.objects.filter(rank__isnull=False).count(), contest_now().state) == (0, "closed")


def test_entry_of_another_season_is_404(client, season, other_season):
    make_contest(season, ["工会"])
    Contest.objects.update(campaign=other_season)
    as_role(client, season, Role.OFFICE)
    assert client.get(url("contest-ballot", entry_of("工会").uuid)).status_code == 404
    assert client.post(url("contest-award")).status_code == 404


# --- queries


@pytest.mark.parametrize("rows", [1, 3])
def test_judges_list_asks_the_same_queries(client, season, rows, django_assert_num_queries):
    _office, (first, _second), _contest = make_contest(season, SIX[:rows])
    judge(first, SIX[0], 80, 80, 80)
    as_user(client, first)
    with django_assert_num_queries(15):
        client.get(url("contest"))


@pytest.mark.parametrize("rows", [1, 3])
def test_table_asks_the_same_queries(client, season, rows, django_assert_num_queries):
    office, voters, contest = make_contest(season, SIX[:rows])
    for voter in voters:
        for number, name in enumerate(SIX[:rows]):
            judge(voter, name, 80 - number, 80, 80)
    close_contest(contest, accepts_missing=False, by=office, at=NOON)
    as_user(client, office)
    with django_assert_num_queries(15):
        client.get(url("contest"))


@pytest.mark.parametrize("rows", [1, 3])
def test_ballot_page_asks_the_same_queries(client, season, rows, django_assert_num_queries):
    _office, (first, _second), _contest = make_contest(season, SIX[:rows])
    as_user(client, first)
    with django_assert_num_queries(10):
        client.get(url("contest-ballot", entry_of(SIX[0]).uuid))
