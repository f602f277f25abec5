"""The first pages, the scheme, the departments, the frame around them."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from campaigns import hooks
from campaigns.enums import Role
from campaigns.queries.home import milestones_ahead, phases_on
from qualityseason.clock import wall_now
from tests.factories import NOON, department, make_class, make_membership, make_person, make_user


def url(name, *args):
    return reverse(f"campaigns:{name}", args=["2009", *args])


@pytest.fixture
def user(client, db):
    user = make_user("liu", name="刘杰")
    client.force_login(user)
    return user


@pytest.fixture
def demo(season):
    """The season on its demonstration clock."""
    season.clock_offset = NOON - wall_now()
    season.save(update_fields=["clock_offset"])
    return season


# --- which season


def test_home_with_one_season_goes_there(client, season, user):
    make_membership(season, user, Role.ASSESSOR)
    assert client.get("/").url == "/campaigns/2009/"


def test_home_with_two_seasons_lists_them(client, season, other_season, user):
    make_membership(season, user, Role.ASSESSOR)
    make_membership(other_season, user, Role.ASSESSOR, starts_on=date(2009, 1, 1))
    assert [row.slug for row in client.get("/").context["campaigns"]] == ["2031", "2009"]


def test_home_without_a_season_says_so(client, season, user):
    make_membership(season, user, Role.ASSESSOR, ends_on=date(2009, 12, 1))
    response = client.get("/")
    assert (response.status_code, response.context["campaigns"]) == (200, [])


def test_home_of_anonymous_is_the_login(client, db):
    assert client.get("/").url == "/login/?next=/"


@pytest.mark.parametrize("path", ["", "scheme/", "departments/", "people/", "accounts/", "staff/"])
def test_superuser_without_membership_sees_no_season(client, season, path):
    client.force_login(make_user("root", is_superuser=True))
    assert client.get(f"/campaigns/2009/{path}").status_code == 404
    assert client.get("/campaigns/1999/").status_code == 404
    assert client.get("/").context["campaigns"] == []


def test_404_of_a_season_one_is_not_in_does_not_name_it(client, season, user):
    assert season.college not in client.get("/campaigns/2009/").content.decode()


# --- the season's first page


def test_phases_overlap_and_count_days(season):
    rows = {row.number: (row.pct, row.is_now) for row in phases_on(season, on=date(2009, 10, 25))}
    assert rows == {1: (71, True), 2: (45, True), 3: (0, False), 4: (0, False)}
    assert [row.pct for row in phases_on(season, on=date(2010, 1, 1))] == [100, 100, 100, 100]


def test_milestones_count_the_days_left(season):
    rows = [(row.name, row.days_left, row.is_open) for row in milestones_ahead(season, on=date(2009, 12, 28))]
    assert rows == [
        ("特色材料、经验材料、心得体会材料", 3, False),
        ("书面总结材料", 3, False),
        ("年终集中考核", 23, True),
    ]
    assert milestones_ahead(season, on=date(2009, 12, 31))[0].days_left == 0


@pytest.mark.parametrize("role", list(Role))
def test_campaign_home_opens_for_every_role(client, demo, user, role):
    make_membership(demo, user, role, department=department(demo))
    response = client.get(url("campaign-home"))
    assert response.status_code == 200
    assert (response.context["tasks"] is not None) == (role == Role.OFFICE)
    assert response.context["demo_now"] is not None


def test_campaign_home_merges_roles(client, demo, user):
    make_membership(demo, user, Role.OFFICE)
    make_membership(demo, user, Role.HEAD, department=department(demo))
    response = client.get(url("campaign-home"))
    assert len(response.context["roles"]) == 2
    assert response.context["tasks"].without_head.count("图书馆") == 0
    assert len(response.context["tasks"].without_head) == 23
    assert len(response.context["tasks"].without_liaison) == 24
    assert not response.context["tasks"].has_staff


@pytest.mark.parametrize("rows", [1, 3])
def test_campaign_home_asks_the_same_queries(client, demo, user, rows, django_assert_num_queries, monkeypatch):
    monkeypatch.setitem(hooks.panels, "home", [])
    make_membership(demo, user, Role.OFFICE)
    for number in range(rows):
        make_membership(demo, make_user(f"a{number}"), Role.ASSESSOR)
    with django_assert_num_queries(26):
        client.get(url("campaign-home"))


def test_panels_of_others_are_shown(client, demo, user, monkeypatch):
    def data(campaign, actor, found, at):
        assert (campaign, actor.user_id, found) == (demo, user.pk, None)
        return {"state": "confirmed"}

    def nothing(campaign, actor, found, at):
        return None

    panels = [hooks.Panel("tests_panel.html", data), hooks.Panel("tests_missing.html", nothing)]
    monkeypatch.setitem(hooks.panels, "home", panels)
    make_membership(demo, user, Role.LEADERSHIP)
    response = client.get(url("campaign-home"))
    assert [panel["data"] for panel in response.context["panels"]] == [{"state": "confirmed"}]
    assert "panel says confirmed" in response.content.decode()


@pytest.fixture(autouse=True)
def _panel_template(settings, tmp_path):
    (tmp_path / "tests_panel.html").write_text("panel says {{ panel.state }}")
    engine = settings.TEMPLATES[0]
    settings.TEMPLATES = [engine | {"DIRS": [*engine["DIRS"], tmp_path]}]


# --- the scheme and the departments


def test_scheme_shows_what_the_notice_says(client, season, user):
    make_membership(season, user, Role.LEADERSHIP)
    page = client.get(url("campaign")).content.decode()
    for words in (
        "郴职院党字[2009]32号",
        "抓管理  上水平  创特色  促发展",
        "以人为本,就业导向,强化技能,持续改进",
        "≥85﹪",
        "10月中旬～10月底",
        "各部门方案的电子文档于11月6日前交学院人事处…",
        "2009-11-06",
        "钟敏",
        "组织人事处(含宣传统战部)",
        "（1）、思想政治工作与严格执行制度紧密结合、协调统一的原则。",
        "1、统一思想，提高认识。",
    ):
        assert words in page, words


def test_scheme_of_the_invented_season_opens(client, other_season, user):
    make_membership(other_season, user, Role.STAFF, department=other_season.departments.first())
    other_season.clock_offset = timedelta(0)
    other_season.save()
    other_season.memberships.update(starts_on=date(2009, 1, 1))
    for name in ("campaign-home", "campaign", "departments"):
        assert client.get(reverse(f"campaigns:{name}", args=["2031"])).status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_departments_ask_the_same_queries(client, season, user, rows, django_assert_num_queries):
    make_membership(season, user, Role.LEADERSHIP)
    for number in range(rows):
        make_membership(season, make_user(f"h{number}"), Role.HEAD, department=department(season))
    with django_assert_num_queries(8):
        client.get(url("departments"))


def test_departments_stand_by_block_in_order(client, season, user):
    make_membership(season, user, Role.LEADERSHIP)
    make_membership(season, make_user("h", name="王芳"), Role.HEAD, department=department(season))
    make_membership(season, make_user("old"), Role.HEAD, department=department(season), ends_on=date(2009, 9, 2))
    blocks = client.get(url("departments")).context["blocks"]
    assert [(part.block.code, len(part.rows)) for part in blocks] == [("A", 14), ("B", 10)]
    assert blocks[0].rows[0].department.name == "监察审计室"
    assert [row.heads for row in blocks[1].rows if row.department.name == "图书馆"] == [("王芳",)]


@pytest.mark.parametrize(
    ("role", "home", "sees"),
    [
        (Role.OFFICE, None, True),
        (Role.ASSESSOR, None, True),
        (Role.HEAD, "图书馆", True),
        (Role.STAFF, "图书馆", True),
        (Role.HEAD, "工会", False),
        (Role.LEADERSHIP, None, False),
    ],
)
def test_department_shows_people_to_who_may_read_them(client, season, user, role, home, sees):
    make_person(season, "张伟", home="图书馆")
    make_class(season, "图管0901", home="图书馆")
    make_membership(season, user, role, department=department(season, home) if home else None)
    response = client.get(url("department", department(season).uuid))
    assert ("张伟" in response.content.decode()) == sees
    assert ("图管0901" in response.content.decode()) == sees


def test_department_of_another_season_is_404(client, season, other_season, user):
    make_membership(season, user, Role.OFFICE)
    assert client.get(url("department", other_season.departments.first().uuid)).status_code == 404


# --- who is who on a demonstration


def test_demo_login_says_who_is_who(client, demo, monkeypatch):
    monkeypatch.delenv("DEMO_PASSWORD", raising=False)
    make_membership(demo, make_user("office"), Role.OFFICE)
    make_membership(demo, make_user("assessor-jwc"), Role.ASSESSOR, department=department(demo, "教务处"))
    for number, name in enumerate(("监察审计室", "工会"), start=1):
        make_membership(demo, make_user(f"head-{number:02d}"), Role.HEAD, department=department(demo, name))
    make_membership(demo, make_user("fresh", must_change_password=True), Role.LEADERSHIP)
    response = client.get("/login/")
    rows = {row.username: row.description for row in response.context["demo_accounts"]}
    assert list(rows) == ["office", "assessor-jwc", "head-01"]
    assert "教务处" in rows["assessor-jwc"]
    assert "监察审计室" in rows["head-01"]
    assert "head-02" in rows["head-01"]
    assert response.context["demo_password"] == "quality-season"


def test_login_without_a_demo_clock_names_nobody(client, season):
    make_membership(season, make_user("office"), Role.OFFICE)
    assert "demo_accounts" not in client.get("/login/").context


def test_login_in_production_names_nobody(client, demo, settings):
    settings.DEMO_ALLOWED = False
    make_membership(demo, make_user("office"), Role.OFFICE)
    assert "demo_accounts" not in client.get("/login/").context
