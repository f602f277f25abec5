"""The pages of service work: the list, writing one down, reading, changing, withdrawing it."""

from datetime import date
from uuid import UUID, uuid4

import pytest

from campaigns.enums import Role
from campaigns.models import ServiceWork
from tests.campaigns.month_working import LIBRARY, UNION, actor, make_service, set_clock
from tests.campaigns.people_working import actor_of, signed_in, url
from tests.factories import NOON, department, make_membership

TYPED = {
    "uuid": "6f1c1a0e-8f65-4b5c-9d0a-0d0f3f0b7a11",
    "kind": "guidance",
    "happened_on": "２００９年11月20日",
    "place": "一楼",
    "text": "指导台账",
}


@pytest.fixture(autouse=True)
def _clock(season):
    set_clock(season)


@pytest.fixture
def liaison(client, season):
    return signed_in(client, season, Role.STAFF, UNION)


def typed(season, **values):
    return TYPED | {"visited": str(department(season, LIBRARY).uuid)} | values


def test_service_is_written_down_as_people_type_and_twice_is_once(client, season, liaison):
    first = client.post(url("service-new"), typed(season))
    work = ServiceWork.objects.get()
    assert first.url == url("service-record", work.uuid)
    assert (work.uuid, work.department.name, work.happened_on) == (UUID(TYPED["uuid"]), UNION, date(2009, 11, 20))
    assert client.post(url("service-new"), typed(season)).url == first.url
    assert ServiceWork.objects.count() == 1
    page = client.post(url("service-new"), typed(season, text="别的"))
    assert first.url in page.content.decode()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"happened_on": "昨天"}, "happened_on"),
        ({"happened_on": "2009-12-29"}, "happened_on"),
        ({"kind": ""}, "kind"),
        ({"text": ""}, "text"),
        ({"visited": ""}, "visited"),
    ],
)
def test_bad_form_keeps_what_was_typed(client, season, liaison, values, field):
    sent = typed(season, **values)
    form = client.post(url("service-new"), sent).context["form"]
    assert list(form.errors) == [field]
    assert {name: form[name].value() for name in sent} == sent
    assert not ServiceWork.objects.exists()


def test_day_that_counts_for_no_month_is_taken_and_said(client, season, liaison):
    answer = client.post(url("service-new"), typed(season, happened_on="2009-10-20"), follow=True)
    assert [message.level_tag for message in answer.context["messages"]] == ["warning"]
    assert "2009-11、2009-12" in answer.content.decode()


@pytest.mark.parametrize(
    ("query", "day", "month"),
    [
        ({}, "2009-12-28", ""),
        ({"month": "2009-12"}, "2009-12-28", "2009-12"),
        ({"month": "2009-11"}, None, "2009-11"),
        ({"month": "x"}, "2009-12-28", ""),
    ],
)
def test_form_begins_today_but_makes_up_no_day_of_another_month(client, season, liaison, query, day, month):
    page = client.get(url("service-new"), query)
    assert (page.context["form"]["happened_on"].value(), page.context["month"]) == (day, month)


def test_own_department_cannot_be_visited_and_one_of_several_is_chosen(client, season, liaison):
    names = [each.name for each in client.get(url("service-new")).context["form"].fields["visited"].queryset]
    assert (UNION in names, LIBRARY in names) == (False, True)
    make_membership(season, liaison, Role.STAFF, department=department(season, "督导室"))
    form = client.post(url("service-new"), typed(season)).context["form"]
    assert list(form.errors) == ["department"]
    sent = typed(season, department=str(department(season, "督导室").uuid))
    assert client.post(url("service-new"), sent).status_code == 302
    assert ServiceWork.objects.get().department.name == "督导室"


def test_office_enters_for_a_department_and_a_b_block_one_has_nothing_to_enter(client, season):
    signed_in(client, season, Role.OFFICE)
    sent = typed(season, department=str(department(season, UNION).uuid))
    assert client.post(url("service-new"), sent).status_code == 302
    assert ServiceWork.objects.get().department.name == UNION
    signed_in(client, season, Role.STAFF, LIBRARY)
    assert client.get(url("service-new")).context["departments"] == []
    assert client.post(url("service-new"), typed(season, uuid=str(uuid4()))).status_code == 200
    assert ServiceWork.objects.count() == 1


# --- reading


def test_visited_department_reads_it_marked_and_changes_nothing(client, season, liaison):
    work = make_service(season, actor_of(liaison, season))
    signed_in(client, season, Role.HEAD, LIBRARY)
    (row,) = client.get(url("service")).context["page"].rows
    assert (row.uuid, row.is_received) == (work.uuid, True)
    page = client.get(url("service-record", work.uuid))
    assert (page.context["may_change"], page.context["section"]) == (False, None)
    assert client.get(url("service-edit", work.uuid)).status_code == 403
    assert client.post(url("service-withdraw", work.uuid), {"because": "x"}).status_code == 403
    signed_in(client, season, Role.HEAD, "体育部")
    assert client.get(url("service-record", work.uuid)).status_code == 404
    assert client.post(url("service-withdraw", work.uuid), {"because": "x"}).status_code == 404


def test_record_shows_the_evidence_of_its_month_and_the_way_to_file_it(client, season, liaison):
    work = make_service(season, actor_of(liaison, season))
    section = client.get(url("service-record", work.uuid)).context["section"]
    assert "target=month&key=2009-11" in section.add_url
    outside = make_service(season, actor_of(liaison, season), day=date(2009, 10, 20))
    assert client.get(url("service-record", outside.uuid)).context["section"] is None


def test_list_is_narrowed_and_bad_choices_are_none(client, season, liaison):
    by = actor_of(liaison, season)
    first = make_service(season, by)
    make_service(season, by, day=date(2009, 12, 3), kind="supervision")
    own = str(department(season, UNION).uuid)

    def shown(**query):
        return [row.uuid for row in client.get(url("service"), query).context["page"].rows]

    assert shown(month="2009-11") == shown(kind="guidance") == [first.uuid]
    assert shown(department=own, month="2009-11") == [first.uuid]
    assert shown(visited=own) == []
    assert len(shown(month="2009-07")) == len(shown(older="x")) == 2
    signed_in(client, season, Role.ASSESSOR)
    assert (len(shown(block="A")), len(shown(block="B"))) == (2, 0)


def test_list_goes_page_by_page(client, season, liaison):
    by = actor_of(liaison, season)
    for number in range(55):
        make_service(season, by, text=f"{number}")
    first = client.get(url("service"))
    second = client.get(url("service") + first.context["older_url"])
    pages = [[row.text for row in page.context["page"].rows] for page in (first, second)]
    assert (len(pages[0]), pages[1]) == (50, ["4", "3", "2", "1", "0"])


@pytest.mark.parametrize("rows", [1, 3])
def test_list_asks_the_same_queries(client, season, rows, django_assert_num_queries):
    by = actor(season, Role.STAFF, UNION)
    for _number in range(rows):
        make_service(season, by)
    signed_in(client, season, Role.OFFICE)
    with django_assert_num_queries(11):
        client.get(url("service"))


# --- changing


def test_stale_change_shows_both_and_saves_mine_the_next_time(client, season, liaison):
    by = actor_of(liaison, season)
    work = make_service(season, by)
    sent = typed(season, version="1", text="甲")
    assert client.post(url("service-edit", work.uuid), sent).status_code == 302
    page = client.post(url("service-edit", work.uuid), sent | {"text": "乙"})
    assert (page.context["now"].text, page.context["form"]["text"].value()) == ("甲", "乙")
    assert page.context["form"]["version"].value() == "2"
    assert client.post(url("service-edit", work.uuid), sent | {"text": "乙", "version": "2"}).status_code == 302
    work.refresh_from_db()
    assert (work.text, work.version) == ("乙", 3)


def test_withdrawal_needs_a_reason_and_leaves_the_record_readable(client, season, liaison):
    work = make_service(season, actor_of(liaison, season))
    path = url("service-withdraw", work.uuid)
    assert list(client.post(path, {"because": ""}).context["form"].errors) == ["because"]
    for _click in range(2):
        assert client.post(path, {"because": "记错"}).url == url("service-record", work.uuid)
    page = client.get(url("service-record", work.uuid))
    assert (page.context["may_change"], "记错" in page.content.decode()) == (False, True)
    assert NOON.date() >= work.happened_on
