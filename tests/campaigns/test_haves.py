"""The eight haves: evidence counted by department and have, gaps, sums, who sees what."""

from urllib.parse import quote

import pytest

from campaigns.enums import Role
from campaigns.queries.haves import haves_page
from tests.campaigns.month_working import LIBRARY, UNION, actor, file, set_clock
from tests.campaigns.people_working import actor_of, signed_in, url
from tests.factories import NOON, department, make_membership

HAVES = ["有计划", "有步骤", "有主题", "有活动", "有特色", "有典型", "有记录", "有实效"]


@pytest.fixture(autouse=True)
def _clock(season):
    set_clock(season)


def test_department_sees_its_own_row_with_gaps_and_the_way_to_file(client, season):
    user = signed_in(client, season, Role.STAFF, LIBRARY)
    file(season, LIBRARY, ("have", "有计划"), ("have", "有记录"), by_id=user.pk)
    file(season, LIBRARY, ("have", "有计划"), ("duty", "有步骤"), by_id=user.pk)
    file(season, LIBRARY, ("have", "有主题"), by_id=user.pk, withdrawn_at=NOON)
    file(season, UNION, ("have", "有活动"), by_id=user.pk)
    page = client.get(url("haves"))
    (row,) = page.context["page"].own
    assert [cell.count for cell in row.cells] == [2, 0, 0, 0, 0, 0, 1, 0]
    assert ([cell.name for cell in row.cells], row.gaps) == (HAVES, 6)
    assert row.cells[1].add_url == (
        f"{url('evidence-new')}?department={row.uuid}&next={quote(url('haves'), safe='')}"
        f"&target=have&key={quote('有步骤')}"
    )
    assert row.cells[0].list_url == f"{url('evidence')}?department={row.uuid}&target=have&key={quote('有计划')}"
    assert (page.context["page"].blocks, page.context["filter"]) == ((), None)
    assert UNION not in page.content.decode()


def test_links_lead_to_just_those_records_and_to_the_form_for_just_that_have(client, season):
    user = signed_in(client, season, Role.STAFF, LIBRARY)
    file(season, LIBRARY, ("have", "有计划"), by_id=user.pk, text="计划表")
    file(season, LIBRARY, ("have", "有记录"), by_id=user.pk, text="值班表")
    (row,) = client.get(url("haves")).context["page"].own
    assert [each.text for each in client.get(row.cells[0].list_url).context["page"].rows] == ["计划表"]
    signed_in(client, season, Role.ASSESSOR)
    assert [each.text for each in client.get(row.cells[6].list_url).context["page"].rows] == ["值班表"]
    assert client.get(row.cells[1].add_url).status_code == 403
    client.force_login(user)
    assert client.get(row.cells[1].add_url).status_code == 200


def test_overseers_see_all_by_block_with_the_sums(client, season):
    by = actor(season, Role.STAFF, UNION)
    file(season, UNION, *(("have", name) for name in HAVES), by_id=by.user_id)
    file(season, LIBRARY, ("have", "有计划"), by_id=by.user_id)
    signed_in(client, season, Role.LEADERSHIP)
    page = client.get(url("haves")).context["page"]
    assert [(block.code, len(block.rows)) for block in page.blocks] == [("A", 14), ("B", 10)]
    assert [each.gaps for each in page.sums] == [22, 23, 23, 23, 23, 23, 23, 23]
    assert page.gaps == 183
    assert {row.cells[0].add_url for block in page.blocks for row in block.rows} == {""}
    page = client.get(url("haves"), {"show": "missing", "block": "A"}).context["page"]
    assert [(block.code, len(block.rows)) for block in page.blocks] == [("A", 13)]
    assert UNION not in [row.department for row in page.blocks[0].rows]
    assert len(client.get(url("haves"), {"block": "x"}).context["page"].blocks) == 2


def test_office_files_on_behalf_but_not_where_it_has_an_interest(client, season):
    user = signed_in(client, season, Role.OFFICE)
    make_membership(season, user, Role.STAFF, department=department(season, LIBRARY), ends_on=season.starts_on)
    page = haves_page(actor_of(user, season), season, back="/")
    adds = {row.department: row.cells[0].add_url for block in page.blocks for row in block.rows}
    assert (adds[LIBRARY], bool(adds[UNION])) == ("", True)


def test_closed_department_is_left_out(season):
    place = department(season, LIBRARY)
    place.closed_on = season.starts_on
    place.save(update_fields=["closed_on"])
    page = haves_page(actor(season, Role.ASSESSOR), season, back="/")
    assert [len(block.rows) for block in page.blocks] == [14, 9]


def test_season_without_the_list_says_so(client, season):
    season.lists = {}
    season.save(update_fields=["lists"])
    signed_in(client, season, Role.STAFF, LIBRARY)
    assert client.get(url("haves")).context["page"].names == ()


@pytest.mark.parametrize("rows", [1, 3])
def test_matrix_asks_the_same_queries(client, season, rows, django_assert_num_queries):
    by = actor(season, Role.STAFF, UNION)
    for home in (UNION, LIBRARY, "体育部")[:rows]:
        file(season, home, ("have", "有计划"), ("have", "有记录"), by_id=by.user_id)
    signed_in(client, season, Role.OFFICE)
    with django_assert_num_queries(9):
        client.get(url("haves"))
