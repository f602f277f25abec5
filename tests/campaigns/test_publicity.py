"""Publicity and stage reports: who owes, what was done by which medium or month, late or not, gaps."""

from datetime import date

import pytest
from django.utils.translation import gettext as _

from campaigns.enums import Role
from campaigns.models import Obligation
from campaigns.queries.publicity import publicity_page
from campaigns.queries.stage_reports import stage_page
from tests.campaigns.month_working import LIBRARY, UNION, actor, file, set_clock
from tests.campaigns.people_working import signed_in, url
from tests.factories import NOON

LEAGUE = "团委"
OCTOBER, LATE = date(2009, 10, 28), date(2009, 11, 20)


@pytest.fixture(autouse=True)
def _clock(season):
    set_clock(season)


def publicity(who, season, **wanted):
    return publicity_page(who, season, on=NOON.date(), back="/", **wanted)


def stages(who, season, *, on=None, **wanted):
    return stage_page(who, season, on=on or NOON.date(), back="/", **wanted)


def rows_of(page):
    return {row.department: row for block in page.blocks for row in block.rows}


def test_own_publicity_by_medium_with_what_is_late(season):
    by = actor(season, Role.STAFF, LEAGUE)
    file(season, LEAGUE, ("publicity", "网络"), ("publicity", "广播"), by_id=by.user_id, day=OCTOBER, text="首页专题")
    file(season, LEAGUE, ("publicity", "网络"), by_id=by.user_id, day=LATE)
    file(season, LEAGUE, ("publicity", "网络"), by_id=by.user_id, day=LATE, withdrawn_at=NOON)
    page = publicity(by, season)
    (row,) = page.own
    assert page.blocks == ()
    assert {medium.name: [(each.happened_on, each.is_late) for each in medium.records] for medium in row.done} == {
        "网络": [(OCTOBER, False), (LATE, True)],
        "广播": [(OCTOBER, False)],
    }
    assert (row.state, len(row.media), row.deadline) == ("overdue", 8, date(2009, 10, 31))
    assert "target=publicity&key=" in row.media[0].add_url


def test_department_that_owes_none_shows_what_it_did_all_the_same(season):
    by = actor(season, Role.STAFF, UNION)
    assessor = actor(season, Role.ASSESSOR)
    assert UNION not in rows_of(publicity(assessor, season))
    file(season, UNION, ("publicity", "墙报"), by_id=by.user_id, day=LATE)
    row = rows_of(publicity(assessor, season))[UNION]
    assert (row.state, [each.is_late for each in row.done[0].records]) == (None, [False])
    assert UNION not in rows_of(publicity(assessor, season, only_missing=True))


def test_overseers_count_who_owes_and_has_none(season):
    page = publicity(actor(season, Role.LEADERSHIP), season)
    assert (page.owed, page.missing, len(rows_of(page))) == (12, 12, 12)
    Obligation.objects.filter(department__name=LEAGUE, kind="publicity").update(met_at=NOON, recorded_at=NOON)
    page = publicity(actor(season, Role.LEADERSHIP, username="second"), season, only_missing=True, block="A")
    assert (page.owed, sorted(rows_of(page))) == (3, ["党院办", "学生工作处", "组织人事处"])


def test_medium_taken_off_the_list_since_is_shown(season):
    by = actor(season, Role.STAFF, LEAGUE)
    file(season, LEAGUE, ("publicity", "横幅"), by_id=by.user_id, day=OCTOBER)
    assert [medium.name for medium in publicity(by, season).own[0].done] == ["横幅"]


def test_departments_see_their_own_alone(client, season):
    by = actor(season, Role.STAFF, LEAGUE)
    file(season, LEAGUE, ("publicity", "网络"), ("stage-report", ""), by_id=by.user_id, text="别人的", day=LATE)
    signed_in(client, season, Role.HEAD, LIBRARY)
    for name in ("publicity", "stage-reports"):
        page = client.get(url(name))
        assert (page.context["page"].blocks, "别人的" in page.content.decode()) == ((), False)
        assert [row.department for row in page.context["page"].own] == [LIBRARY]


# --- stage reports


def test_stage_reports_by_month_with_gaps_of_months_begun(season):
    by = actor(season, Role.STAFF, LIBRARY)
    file(season, LIBRARY, ("stage-report", ""), by_id=by.user_id, day=date(2009, 11, 29), text="十一月小结")
    file(season, LIBRARY, ("stage-report", ""), by_id=by.user_id, day=date(2009, 10, 30))
    (row,) = stages(by, season).own
    assert [(cell.month, len(cell.reports), cell.is_gap) for cell in row.cells] == [
        ("2009-11", 1, False),
        ("2009-12", 0, False),
        ("", 1, False),
    ]
    assert (row.gaps, "target=stage-report&key=" in row.add_url) == (0, True)
    (row,) = stages(by, season, on=date(2010, 1, 1)).own
    assert row.gaps == 1


@pytest.mark.parametrize(
    ("on", "has_begun", "is_gap"),
    [
        (date(2009, 11, 30), False, False),
        (date(2009, 12, 1), True, False),
        (date(2009, 12, 31), True, False),
        (date(2010, 1, 1), True, True),
    ],
)
def test_a_month_lacks_its_report_once_its_last_day_has_passed(season, on, has_begun, is_gap):
    page = stages(actor(season, Role.STAFF, LIBRARY), season, on=on)
    cell = page.own[0].cells[1]
    assert (cell.month, cell.has_begun, cell.is_gap) == ("2009-12", has_begun, is_gap)
    assert ("2009-12" in dict(page.missing)) == is_gap


def test_the_running_month_reads_as_not_due_yet(client, season):
    signed_in(client, season, Role.OFFICE)
    page = client.get(url("stage-reports")).content.decode()
    assert (page.count(f">{_('missing')}<"), page.count(f">{_('Not due yet')}<")) == (24, 24)


def test_overseers_see_the_gaps_of_all(season):
    by = actor(season, Role.STAFF, LIBRARY)
    for day in (date(2009, 11, 29), date(2009, 12, 20)):
        file(season, LIBRARY, ("stage-report", ""), by_id=by.user_id, day=day)
    page = stages(actor(season, Role.ASSESSOR), season)
    assert [(month, len(names), LIBRARY in names) for month, names in page.missing] == [
        ("2009-11", 23, False),
    ]
    assert len(rows_of(page)) == 24
    page = stages(actor(season, Role.TEAM_LEAD), season, only_missing=True, block="B")
    assert (len(rows_of(page)), LIBRARY in rows_of(page)) == (9, False)


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("name", "queries"), [("publicity", 10), ("stage-reports", 9)])
def test_views_ask_the_same_queries(client, season, rows, name, queries, django_assert_num_queries):
    by = actor(season, Role.STAFF, UNION)
    for home in (UNION, LIBRARY, LEAGUE)[:rows]:
        file(season, home, ("publicity", "网络"), ("stage-report", ""), by_id=by.user_id)
    signed_in(client, season, Role.OFFICE)
    with django_assert_num_queries(queries):
        client.get(url(name))


def test_filters_of_the_pages_are_read(client, season):
    signed_in(client, season, Role.OFFICE)
    for name in ("publicity", "stage-reports"):
        page = client.get(url(name), {"block": "A", "show": "missing"})
        assert (page.context["active"], [block.code for block in page.context["page"].blocks]) == (2, ["A"])


def test_office_gets_the_text_to_copy_beside_the_filter(client, season):
    signed_in(client, season, Role.OFFICE)
    for name, told in (("publicity", LEAGUE), ("stage-reports", LIBRARY), ("haves", LIBRARY)):
        assert client.get(url(name)).context["chase"] == ""
        assert told in client.get(url(name), {"show": "missing"}).context["chase"]
    signed_in(client, season, Role.ASSESSOR)
    assert client.get(url("publicity"), {"show": "missing"}).context["chase"] == ""
