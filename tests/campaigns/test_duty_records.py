"""Duties and items of plans with and without evidence, counted and in full, as far as each reads them."""

import pytest

from campaigns.enums import Role
from campaigns.facts import ItemContent, PlanContent
from campaigns.models import PlanItem
from campaigns.queries.duty_records import department_records, record_counts
from tests.campaigns.month_working import LIBRARY, UNION, actor, file, set_clock
from tests.campaigns.people_working import make_duty, make_version, on, signed_in, url
from tests.factories import department


@pytest.fixture(autouse=True)
def _clock(season):
    set_clock(season)


def make_item(plan, title="延长开馆", **values):
    return PlanItem.objects.create(plan=plan, title=title, **values)


def submitted(season, home=LIBRARY, *titles):
    """Return a plan whose submitted version has items of these titles, with the items."""
    version = make_version(season, home)
    items = [make_item(version.plan, title) for title in titles]
    content = PlanContent(
        title="方案",
        items=tuple(ItemContent(str(item.uuid), number, item.title) for number, item in enumerate(items, start=1)),
    )
    version.content = content.as_json()
    version.save(update_fields=["content"])
    return version.plan, items


def records(who, season, home=LIBRARY):
    return department_records(who, season, department(season, home), back="/x/")


def test_own_duties_without_evidence_come_first_with_the_way_to_file(season):
    by = actor(season, Role.STAFF, LIBRARY)
    done, lacking = make_duty(season, number="1"), make_duty(season, number="2", text="文献采编")
    make_duty(season, number="3", ended_at=on(11, 1))
    for _number in range(2):
        file(season, LIBRARY, ("duty", str(done.uuid)), by_id=by.user_id)
    found = records(by, season)
    assert [(line.number, line.count) for line in found.duties] == [("2", 0), ("1", 2)]
    assert f"target=duty&key={lacking.uuid}" in found.duties[0].add_url
    assert f"target=duty&key={done.uuid}" in found.duties[1].list_url
    assert (found.duties_without, found.items) == (1, ())


def test_items_are_the_current_ones_for_who_writes_and_those_submitted_for_others(season):
    plan, (kept, gone) = submitted(season, LIBRARY, "延长开馆", "旧条目")
    gone.removed_at = on(11, 8)
    gone.save(update_fields=["removed_at"])
    make_item(plan, "草稿条目")
    by = actor(season, Role.STAFF, LIBRARY)
    file(season, LIBRARY, ("plan-item", str(kept.uuid)), by_id=by.user_id)

    def titles(role, home=None):
        who = by if home == LIBRARY else actor(season, role)
        return [(line.text, line.count) for line in records(who, season).items]

    assert titles(Role.STAFF, LIBRARY) == [("草稿条目", 0), ("延长开馆", 1)]
    assert titles(Role.OFFICE) == [("草稿条目", 0), ("延长开馆", 1)]
    assert titles(Role.ASSESSOR) == titles(Role.LEADERSHIP) == [("旧条目", 0), ("延长开馆", 1)]


def test_draft_never_submitted_is_not_counted_for_assessors(season):
    from campaigns.models import Plan

    plan = Plan.objects.create(
        campaign=season, department=department(season), title="稿", created_at=on(11, 1), changed_at=on(11, 1)
    )
    make_item(plan)
    counted = {row.department: row.items for row in record_counts(actor(season, Role.ASSESSOR))}
    assert counted[LIBRARY] == 0
    assert {row.department: row.items for row in record_counts(actor(season, Role.OFFICE))}[LIBRARY] == 1


def test_latest_version_alone_is_counted(season):
    submitted(season, LIBRARY, "甲", "乙")
    second = make_version(season, number=2, code="7KQM-2X9B")
    assert records(actor(season, Role.ASSESSOR), season).items == ()
    assert second.number == 2


def test_overseers_count_departments_and_open_one(client, season):
    by = actor(season, Role.STAFF, LIBRARY)
    duty = make_duty(season)
    make_duty(season, number="2")
    file(season, LIBRARY, ("duty", str(duty.uuid)), by_id=by.user_id)
    file(season, UNION, ("duty", str(duty.uuid)), by_id=by.user_id)  # another department's counts for none of these
    signed_in(client, season, Role.ASSESSOR)
    page = client.get(url("duty-records"))
    rows = {row.department: row for row in page.context["counts"]}
    assert len(rows) == 24
    assert (rows[LIBRARY].duties, rows[LIBRARY].duties_without, rows[UNION].duties) == (2, 1, 0)
    page = client.get(url("duty-records"), {"department": department(season).uuid})
    assert [each.department for each in page.context["shown"]] == [LIBRARY]
    assert page.context["shown"][0].duties[0].add_url == ""
    assert page.context["counts"] == ()


def test_department_sees_its_own_alone(client, season):
    make_duty(season)
    make_duty(season, UNION, text="工会职责")
    signed_in(client, season, Role.HEAD, LIBRARY)
    page = client.get(url("duty-records"))
    assert [each.department for each in page.context["shown"]] == [LIBRARY]
    assert ("工会职责" in page.content.decode(), page.context["counts"]) == (False, ())
    assert client.get(url("duty-records"), {"department": department(season, UNION).uuid}).status_code == 404
    assert client.get(url("duty-records"), {"department": "x"}).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("role", "queries"), [(Role.OFFICE, 12), (Role.ASSESSOR, 12)])
def test_counts_ask_the_same_queries(client, season, rows, role, queries, django_assert_num_queries):
    by = actor(season, Role.STAFF, UNION)
    for home, code in ((LIBRARY, "AAAA-0001"), (UNION, "AAAA-0002"), ("体育部", "AAAA-0003"))[:rows]:
        duty = make_duty(season, home)
        make_item(make_version(season, home, code=code).plan)
        file(season, home, ("duty", str(duty.uuid)), by_id=by.user_id)
    signed_in(client, season, role)
    with django_assert_num_queries(queries):
        client.get(url("duty-records"))


@pytest.mark.parametrize("rows", [1, 3])
def test_one_department_asks_the_same_queries(client, season, rows, django_assert_num_queries):
    user = signed_in(client, season, Role.STAFF, LIBRARY)
    plan = make_version(season).plan
    for number in range(rows):
        duty = make_duty(season, number=f"{number}")
        item = make_item(plan, f"{number}")
        file(season, LIBRARY, ("duty", str(duty.uuid)), ("plan-item", str(item.uuid)), by_id=user.pk)
    with django_assert_num_queries(11):
        client.get(url("duty-records"))
