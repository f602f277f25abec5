"""The bar and its menu: what a role may open, what stands where, nothing asked of the database."""

import pytest
from django.urls import resolve, reverse

from campaigns import hooks
from campaigns.context_processors import navigation
from campaigns.enums import ContestState, ResponsibilityCode, Role
from campaigns.models import Campaign, Contest, Responsibility
from qualityseason import policy
from tests.campaigns.owed_working import LIBRARY, moment, signed_in
from tests.factories import department, make_actor

BAR = ["campaign-home", "obligations", "calendar", "evidence"]
HANDING_IN = ["sessions", "plans", "receipts", "contest", "duties", "proposals", "delegations"]
IMPLEMENTATION = ["haves", "duty-records", "months", "publicity", "stage-reports", "exchanges"]
TASKS = ["circulars", "assignments", "problems", "policies", "registers"]
SUMMING_UP = ["summaries", "volume", "recommendations", "honours", "objectives"]
MENU = [*HANDING_IN, *IMPLEMENTATION, *TASKS, *SUMMING_UP]
ASSESSMENT = [
    f"scoring:{name}"
    for name in (
        "appeals",
        "notices",
        "inspections",
        "heatmap",
        "coverage",
        "decisions",
        "publications",
        "rulebook",
        "supplements",
    )
]
LISTS = [
    "departments",
    "campaign",
    "staff",
    "classes",
    "leaders",
    "people",
    "accounts",
    "imports",
    "department-changes",
    "season-copy",
]


def url(name, *args):
    return reverse(f"campaigns:{name}", args=["2009", *args])


def names(items):
    return [resolve(item.url).view_name.removeprefix("campaigns:") for item in items]


def loaded():
    """The campaign as the middleware loads it."""
    return Campaign.objects.select_related("contest").get(slug="2009")


def of(actor, path="/campaigns/2009/"):
    return navigation(loaded(), actor, path=path)


@pytest.fixture
def contest(season):
    by = make_actor(season, Role.OFFICE).user_id
    return Contest.objects.create(
        campaign=season, judged_until=moment(12, 31).date(), opened_by_id=by, opened_at=moment(12, 1)
    )


@pytest.mark.parametrize("role", list(Role))
def test_navigation_never_shows_what_is_refused(season, role, contest, monkeypatch):
    monkeypatch.setattr(hooks, "navigation", [])
    nav = of(make_actor(season, role, department=department(season)), url("departments"))
    expected = [name for name in (*BAR, *MENU, *LISTS) if role in policy.TABLE[f"campaigns:{name}"].roles]
    if role in (Role.HEAD, Role.STAFF):
        expected.remove("contest")  # not awarded yet
    if role == Role.LEADERSHIP:
        expected.remove("registers")  # the department's own rows are not theirs to read
    if role in (Role.LEADERSHIP, Role.HEAD, Role.STAFF):
        expected.remove("imports")  # none keeps a register here
    assert names(nav) == [*BAR, *(["reminders"] if role == Role.OFFICE else []), *expected[len(BAR) :]]
    assert names(nav.main)[:4] == BAR
    assert [item.url for item in nav if item.active] == [url("departments")]


def test_the_bar_has_room_for_eight_and_the_menu_holds_the_rest(season):
    nav = of(make_actor(season, Role.OFFICE))
    assert len(nav.main) == 8
    assert names(nav.main)[4:] == ["reminders", "scoring:ranking", "scoring:deductions", "scoring:findings"]
    assert [names(group.items) for group in nav.more] == [
        HANDING_IN,
        IMPLEMENTATION,
        TASKS,
        SUMMING_UP,
        ASSESSMENT,
        LISTS,
    ]


def test_every_page_has_an_icon_of_its_own_in_the_menu(client, season, contest):
    """A name no icon has would be an error of the page."""
    signed_in(client, season, Role.OFFICE)
    response = client.get(url("campaign-home"))
    icons = [item.icon for item in response.context["nav"]]
    assert (len(icons), len(set(icons)), "" in icons) == (50, 50, False)
    assert "menu-no-icon" not in response.content.decode()


def test_receivers_and_judges_have_their_page_in_the_bar(season, contest):
    library = department(season)
    for code in (ResponsibilityCode.PAPER_RECEIVER, ResponsibilityCode.CONTEST_JUDGE):
        Responsibility.objects.create(campaign=season, code=code, department=library)
    nav = of(make_actor(season, Role.HEAD, department=library))
    assert names(nav.main)[:6] == [*BAR, "receipts", "contest"]
    assert names(nav).count("receipts") == 1


def test_imports_are_offered_to_the_keeper_of_a_register(season):
    library = department(season)
    Responsibility.objects.create(campaign=season, code=ResponsibilityCode.DUTY_ROSTER_KEEPER, department=library)
    assert "imports" in names(of(make_actor(season, Role.HEAD, department=library)))


@pytest.mark.parametrize(
    ("role", "state", "shown"),
    [
        (Role.OFFICE, None, True),
        (Role.LEADERSHIP, None, False),
        (Role.LEADERSHIP, ContestState.OPEN, True),
        (Role.HEAD, ContestState.OPEN, False),
        (Role.HEAD, ContestState.CLOSED, False),
        (Role.HEAD, ContestState.AWARDED, True),
    ],
)
def test_the_contest_is_shown_to_who_finds_something_there(season, contest, role, state, shown):
    if state is None:
        contest.delete()
    else:
        Contest.objects.update(state=state)
    nav = of(make_actor(season, role, department=department(season)))
    assert ("contest" in names(nav)) == shown


@pytest.mark.parametrize("has_contest", [True, False])
def test_navigation_asks_nothing(season, contest, has_contest, django_assert_num_queries):
    if not has_contest:
        contest.delete()
    actor, campaign = make_actor(season, Role.HEAD, department=department(season)), loaded()
    with django_assert_num_queries(0):
        navigation(campaign, actor, path="/campaigns/2009/")


def test_the_page_one_is_on_is_named_at_the_menu(client, season):
    signed_in(client, season, Role.HEAD, LIBRARY)
    response = client.get(url("departments"))
    nav = response.context["nav"]
    assert (nav.active_in_more, len([item for item in nav if item.active])) == (
        str(next(item.label for item in nav if item.url == url("departments"))),
        1,
    )
    page = response.content.decode()
    assert f"· {nav.active_in_more}</span>" in page
    assert page.count(f'href="{url("departments")}" aria-current="page"') == 2  # the bar's menu and the phone's
    assert client.get(url("campaign-home")).context["nav"].active_in_more == ""


def test_navigation_takes_items_of_others_by_name_and_path(client, season, monkeypatch):
    def items(campaign, actor):
        return [("Ranking", "scoring:ranking"), ("Rulebook", reverse("scoring:rulebook", args=["2009"]), "scale")]

    monkeypatch.setattr(hooks, "navigation", [items])
    signed_in(client, season, Role.STAFF, LIBRARY)
    nav = client.get(url("campaign-home")).context["nav"]
    labels = [item.label for item in nav.main]
    assert "Rulebook" in labels
    assert "Ranking" not in labels
    assert nav.main[-1].icon == "scale"
    assert [item.url for item in nav if item.active] == [url("campaign-home")]


def test_a_page_below_another_keeps_that_one_active(season):
    nav = of(make_actor(season, Role.OFFICE), url("obligations-chase"))
    assert [item.url for item in nav if item.active] == [url("obligations")]


def test_the_second_volume_lies_under_the_summaries_and_the_first_under_itself(season):
    office = make_actor(season, Role.OFFICE)
    for page, active in (("volume-summaries", "summaries"), ("volume", "volume"), ("volume-make", "volume")):
        assert [item.url for item in of(office, url(page)) if item.active] == [url(active)]


def test_pages_without_a_season_have_no_navigation(client, season):
    signed_in(client, season, Role.OFFICE)
    assert "nav" not in client.get("/password/").context
