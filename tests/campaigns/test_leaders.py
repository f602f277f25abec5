"""Leaders and telephones of departments: one grid for all, safe when two people write, on the department's page."""

import pytest

from campaigns.enums import LeaderPost, Role
from campaigns.models import Department, DepartmentLeader
from qualityseason.models import AuditEntry
from tests.campaigns.people_working import make_member, signed_in, url
from tests.factories import department


@pytest.fixture
def office(client, season):
    return signed_in(client, season, Role.OFFICE)


def cell(season, home="图书馆", post="in-charge"):
    return f"{post}-{department(season, home).uuid}"


def opened(client):
    """Return what a browser would send back from the page as it is."""
    form = client.get(url("leaders")).context["form"]
    return {name: form[name].value() or "" for name in form.fields}


def save(client, season, typed, **cells):
    sent = typed | {cell(season, *key.split("_")): text for key, text in cells.items()}
    return client.post(url("leaders"), sent)


def named():
    rows = DepartmentLeader.objects.order_by("department__order", "post", "pk").select_related("department", "user")
    return [(r.department.name, r.post, r.name, r.user.username if r.user else "") for r in rows]


def test_all_departments_are_saved_with_one_form(client, season, office):
    make_member(season, Role.LEADERSHIP, username="guo", name="郭朝雄")
    typed = opened(client)
    assert len(typed) == 24 * 3 * 2
    response = save(
        client, season, typed, **{"图书馆": "郭朝雄，李岳彪", "图书馆_liaison": " 刘扩军 ", "工会": "刘诗安"}
    )
    assert response.status_code == 302
    assert named() == [
        ("工会", "in-charge", "刘诗安", ""),
        ("图书馆", "in-charge", "郭朝雄", "guo"),
        ("图书馆", "in-charge", "李岳彪", ""),
        ("图书馆", "liaison", "刘扩军", ""),
    ]
    assert opened(client)[cell(season)] == "郭朝雄(guo)、李岳彪"
    assert AuditEntry.objects.filter(act="leader.name").count() == 3


def test_form_sent_twice_changes_nothing_the_second_time(client, season, office):
    typed = opened(client)
    for _click in range(2):
        assert save(client, season, typed, 图书馆="郭朝雄").status_code == 302
    assert len(named()) == 1
    assert AuditEntry.objects.filter(act="leader.name").count() == 1


def test_emptied_cell_takes_the_name_away(client, season, office):
    save(client, season, opened(client), 图书馆="郭朝雄")
    save(client, season, opened(client), 图书馆="")
    assert named() == []


def test_two_people_writing_different_cells_both_stay(client, season, office):
    first = second = opened(client)
    save(client, season, first, 图书馆="郭朝雄")
    assert save(client, season, second, 工会="刘诗安").status_code == 302
    assert [row[2] for row in named()] == ["刘诗安", "郭朝雄"]


def test_two_people_writing_one_cell_see_both_texts_and_lose_neither(client, season, office):
    stale = opened(client)
    save(client, season, opened(client), 图书馆="郭朝雄")
    page = save(client, season, stale, 图书馆="李岳彪", 工会="刘诗安")
    form = page.context["form"]
    assert "郭朝雄" in str(form.errors[cell(season)])
    assert (form[cell(season)].value(), form[cell(season, "工会")].value()) == ("李岳彪", "刘诗安")
    assert [row[2] for row in named()] == ["郭朝雄"]  # all or nothing
    again = {name: form[name].value() or "" for name in form.fields}
    assert client.post(url("leaders"), again).status_code == 302
    assert [row[2] for row in named()] == ["刘诗安", "李岳彪"]


@pytest.mark.parametrize("text", ["郭朝雄(nobody)", "李岳彪(guo)", "名" * 65, "长" * 301])
def test_bad_cell_keeps_the_whole_grid(client, season, office, text):
    make_member(season, Role.LEADERSHIP, username="guo", name="郭朝雄")
    page = save(client, season, opened(client), 图书馆=text, 工会="刘诗安")
    form = page.context["form"]
    assert list(form.errors) == [cell(season)]
    assert (form[cell(season)].value(), form[cell(season, "工会")].value()) == (text, "刘诗安")
    assert named() == []


def test_namesakes_with_accounts_are_told_apart(client, season, office):
    for login in ("guo1", "guo2"):
        make_member(season, Role.LEADERSHIP, username=login, name="郭朝雄")
    page = save(client, season, opened(client), 图书馆="郭朝雄")
    assert "guo2" in str(page.context["form"].errors[cell(season)])
    save(client, season, opened(client), 图书馆="郭朝雄(guo2)")
    assert named() == [("图书馆", "in-charge", "郭朝雄", "guo2")]


def test_account_of_another_role_is_not_linked(client, season, office):
    make_member(season, Role.ASSESSOR, username="guo", name="郭朝雄")
    save(client, season, opened(client), 图书馆="郭朝雄")
    assert named() == [("图书馆", "in-charge", "郭朝雄", "")]


@pytest.mark.parametrize("rows", [1, 3])
def test_grid_asks_the_same_queries(client, season, office, rows, django_assert_num_queries):
    for number in range(rows):
        DepartmentLeader.objects.create(
            campaign=season, department=department(season), post=LeaderPost.LIAISON, name=f"人{number}"
        )
    with django_assert_num_queries(9):
        client.get(url("leaders"))


@pytest.mark.parametrize("role", [role for role in Role if role != Role.OFFICE])
def test_grid_is_the_offices_alone(client, season, role):
    signed_in(client, season, role, "图书馆" if role in (Role.HEAD, Role.STAFF) else None)
    assert client.get(url("leaders")).status_code == 403
    assert client.post(url("leaders"), {}).status_code == 403


@pytest.mark.parametrize(
    ("role", "home", "sees"),
    [
        (Role.OFFICE, None, True),
        (Role.LEADERSHIP, None, True),
        (Role.STAFF, "图书馆", True),
        (Role.HEAD, "工会", False),
    ],
)
def test_department_page_names_the_leaders(client, season, role, home, sees):
    leader = DepartmentLeader.objects.create(
        campaign=season, department=department(season), post=LeaderPost.IN_CHARGE, name="郭朝雄"
    )
    signed_in(client, season, role, home)
    page = client.get(url("department", department(season).uuid)).content.decode()
    assert ("郭朝雄" in page, url("leader-remove", leader.uuid) in page) == (sees, role == Role.OFFICE)


def test_one_name_is_taken_away_from_the_departments_page(client, season, office):
    save(client, season, opened(client), 图书馆="郭朝雄、李岳彪")
    leader = DepartmentLeader.objects.get(name="郭朝雄")
    assert client.post(url("leader-remove", leader.uuid)).url == url("department", department(season).uuid)
    assert [row[2] for row in named()] == ["李岳彪"]
    assert client.post(url("leader-remove", leader.uuid)).status_code == 404
    assert AuditEntry.objects.get(act="leader.remove").before["name"] == "郭朝雄"


def test_leader_of_another_season_is_not_there(client, season, other_season, office):
    stranger = DepartmentLeader.objects.create(
        campaign=other_season, department=other_season.departments.first(), post="liaison", name="某某"
    )
    assert client.post(url("leader-remove", stranger.uuid)).status_code == 404
    assert DepartmentLeader.objects.count() == 1


# --- telephones


def telephones():
    rows = Department.objects.exclude(telephone="").order_by("order")
    return list(rows.values_list("name", "telephone"))


def test_telephones_are_entered_beside_the_leaders(client, season, office):
    typed = {"图书馆_telephone": " ２３８1  转 2 ", "工会_telephone": "0735-2381234", "图书馆": "郭朝雄"}
    assert save(client, season, opened(client), **typed).status_code == 302
    assert telephones() == [("工会", "0735-2381234"), ("图书馆", "2381 转 2")]
    assert [row[2] for row in named()] == ["郭朝雄"]
    assert "2381 转 2" in client.get(url("department", department(season).uuid)).content.decode()
    assert AuditEntry.objects.filter(act="department.telephone").count() == 2
    assert save(client, season, opened(client), 图书馆_telephone="").status_code == 302
    assert telephones() == [("工会", "0735-2381234")]


def test_telephone_sent_twice_is_one_change(client, season, office):
    typed = opened(client)
    for _click in range(2):
        assert save(client, season, typed, 图书馆_telephone="2381").status_code == 302
    assert AuditEntry.objects.filter(act="department.telephone").count() == 1


def test_two_people_writing_one_telephone_see_both_and_lose_neither(client, season, office):
    stale = opened(client)
    save(client, season, opened(client), 图书馆_telephone="2381")
    page = save(client, season, stale, 图书馆_telephone="2382", 工会="刘诗安", 工会_telephone="2383")
    form, name = page.context["form"], cell(season, post="telephone")
    assert "2381" in str(form.errors[name])
    assert (form[name].value(), form[cell(season, "工会")].value()) == ("2382", "刘诗安")
    assert (telephones(), named()) == ([("图书馆", "2381")], [])  # all or nothing
    again = {name: form[name].value() or "" for name in form.fields}
    assert client.post(url("leaders"), again).status_code == 302
    assert telephones() == [("工会", "2383"), ("图书馆", "2382")]


@pytest.mark.parametrize("text", ["李老师", "1" * 41])
def test_what_is_no_telephone_keeps_the_whole_grid(client, season, office, text):
    page = save(client, season, opened(client), 图书馆_telephone=text, 工会="刘诗安")
    form, name = page.context["form"], cell(season, post="telephone")
    assert list(form.errors) == [name]
    assert (form[name].value(), form[cell(season, "工会")].value()) == (text, "刘诗安")
    assert (telephones(), named()) == ([], [])
