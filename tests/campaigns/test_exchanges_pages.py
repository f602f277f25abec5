"""The pages of exchanges: the list, one event, the form with its rows."""

from datetime import datetime
from uuid import UUID

import pytest

from campaigns.enums import Role
from campaigns.models import Attachment, Department, Exchange, ExchangePresenter
from campaigns.services.exchanges import cancel_exchange
from tests.campaigns.handing_in import make_file
from tests.campaigns.month_working import LIBRARY, UNION, actor, file, set_clock
from tests.campaigns.people_working import actor_of, signed_in, url
from tests.campaigns.test_exchanges import STARTS, UUID_TYPED, make_exchange, make_praise
from tests.factories import NOON, SHANGHAI, department


@pytest.fixture(autouse=True)
def _clock(season):
    set_clock(season)


def typed(season, *rows, **values):
    """Return what the form sends: the event and its rows."""
    data = {
        "uuid": UUID_TYPED,
        "kind": "sharing",
        "title": "经验交流会",
        "day": "2009年12月16日",
        "time": "下午2点半",
        "place": "礼堂",
        "programme": "",
        "presenters-TOTAL_FORMS": str(max(len(rows), 3)),
        "presenters-INITIAL_FORMS": "0",
    }
    for number, (home, name, topic) in enumerate(rows):
        place = str(department(season, home).uuid) if home else ""
        data |= {
            f"presenters-{number}-{key}": value
            for key, value in (("department", place), ("name", name), ("topic", topic))
        }
    return data | values


def test_event_is_arranged_as_people_type_and_an_empty_row_is_none(client, season):
    signed_in(client, season, Role.OFFICE)
    rows = [(LIBRARY, "张三", "借阅提速"), ("", "", ""), (UNION, "李四", "服务")]
    first = client.post(url("exchange-new"), typed(season, *rows))
    event = Exchange.objects.get()
    assert (first.url, event.starts_at, event.uuid) == (url("exchange", event.uuid), STARTS, UUID(UUID_TYPED))
    assert [row.name for row in event.presenters.all()] == ["张三", "李四"]
    assert client.post(url("exchange-new"), typed(season, *rows)).url == first.url
    page = client.post(url("exchange-new"), typed(season, *rows, title="别的"))
    assert first.url in page.content.decode()


def test_more_rows_come_without_script_and_nothing_typed_is_lost_or_judged(client, season):
    user = signed_in(client, season, Role.OFFICE)
    stored = make_file(by_id=user.pk, is_upload=True)
    type(stored).objects.update(campaign_id=season.pk)
    sent = typed(season, (LIBRARY, "张三", ""), title="", day="昨天", more="1", files=[str(stored.uuid)])
    page = client.post(url("exchange-new"), sent)
    entry = page.context["entry"]
    assert (len(entry.rows.forms), entry.form.is_bound, entry.row_errors) == (4, False, [])
    assert (entry.form["day"].value(), entry.rows.forms[0]["name"].value()) == ("昨天", "张三")
    assert entry.form["uuid"].value() == UUID_TYPED
    assert stored.name in page.content.decode()
    assert not Exchange.objects.exists()


@pytest.mark.parametrize(
    "row", [("", "张三", "题"), (LIBRARY, "", "题"), (LIBRARY, "张三", ""), (LIBRARY, "字" * 65, "题")]
)
def test_bad_row_is_told_with_its_number_and_kept(client, season, row):
    signed_in(client, season, Role.OFFICE)
    page = client.post(url("exchange-new"), typed(season, (UNION, "李四", "甲"), row))
    (error,) = page.context["entry"].row_errors
    assert "2" in error
    assert page.context["entry"].rows.forms[1]["name"].value() == row[1]
    assert not Exchange.objects.exists()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"day": "2009-10-10"}, "day"),
        ({"day": "x"}, "day"),
        ({"time": "晌午"}, "time"),
        ({"title": ""}, "title"),
        ({"kind": "x"}, "kind"),
    ],
)
def test_bad_field_keeps_what_was_typed(client, season, values, field):
    signed_in(client, season, Role.OFFICE)
    sent = typed(season, (LIBRARY, "张三", "题"), **values)
    entry = client.post(url("exchange-new"), sent).context["entry"]
    assert list(entry.form.errors) == [field]
    assert (entry.form["place"].value(), entry.rows.forms[0]["topic"].value()) == ("礼堂", "题")


def test_files_are_attached_and_everybody_opens_them(client, season):
    user = signed_in(client, season, Role.OFFICE)
    stored = make_file(by_id=user.pk, is_upload=True)
    type(stored).objects.update(campaign_id=season.pk)
    client.post(url("exchange-new"), typed(season, files=[str(stored.uuid)]))
    attachment = Attachment.objects.get()
    assert (attachment.owner_kind, str(attachment.owner_uuid), attachment.department) == ("exchange", UUID_TYPED, None)
    signed_in(client, season, Role.STAFF, LIBRARY)
    page = client.get(url("exchange", UUID_TYPED))
    assert (stored.name in page.content.decode(), page.context["may_change"]) == (True, False)


def test_stale_change_shows_both_and_saves_mine_the_next_time(client, season):
    user = signed_in(client, season, Role.OFFICE)
    event = make_exchange(season, actor_of(user, season))
    path = url("exchange-edit", event.uuid)
    form = client.get(path).context["entry"]
    assert (form.form["time"].value(), len(form.rows.forms)) == ("14:30", 4)
    sent = typed(season, (LIBRARY, "张三", "题"), version="1", title="甲")
    assert client.post(path, sent).status_code == 302
    page = client.post(path, sent | {"title": "乙"})
    assert (page.context["now"].title, page.context["form"]["title"].value()) == ("甲", "乙")
    assert client.post(path, sent | {"title": "乙", "version": "2"}).status_code == 302
    event.refresh_from_db()
    assert event.title == "乙"


def test_more_rows_of_a_change_keep_its_version(client, season):
    user = signed_in(client, season, Role.OFFICE)
    event = make_exchange(season, actor_of(user, season))
    sent = typed(season, (LIBRARY, "张三", "题"), version="1", more="1")
    assert client.post(url("exchange-edit", event.uuid), sent).context["form"]["version"].value() == "1"


def test_presenting_departments_see_theirs_marked(client, season):
    office = actor(season, Role.OFFICE)
    make_exchange(season, office)
    coming = make_exchange(season, office, (UNION, "李四", "甲"), starts_at=datetime(2010, 1, 5, 9, tzinfo=SHANGHAI))
    gone = make_exchange(season, office, starts_at=datetime(2010, 1, 8, 9, tzinfo=SHANGHAI))
    cancel_exchange(gone, because="下雪", by=office, at=NOON)
    signed_in(client, season, Role.HEAD, UNION)
    shown = client.get(url("exchanges")).context["list"]
    assert [(row.uuid, row.is_own) for row in shown.coming] == [(coming.uuid, True)]
    assert [(row.is_own, row.is_cancelled) for row in shown.past] == [(False, True), (False, False)]
    assert client.get(url("exchange", gone.uuid)).context["may_change"] is False
    assert client.get(url("exchange-new")).status_code == 403
    assert client.get(url("exchange-cancel", coming.uuid)).status_code == 403


def test_department_files_evidence_and_overseers_read_all_of_it(client, season):
    event = make_exchange(season, actor(season, Role.OFFICE))
    user = signed_in(client, season, Role.STAFF, LIBRARY)
    file(season, LIBRARY, ("exchange", str(event.uuid)), by_id=user.pk, text="现场照片")
    file(season, UNION, ("exchange", str(event.uuid)), by_id=user.pk, text="工会照片")
    page = client.get(url("exchange", event.uuid))
    ((place, section),) = page.context["sections"]
    assert (place.name, [row.text for row in section.rows]) == (LIBRARY, ["现场照片"])
    assert f"target=exchange&key={event.uuid}" in section.add_url
    assert ("工会照片" in page.content.decode(), page.context["all_evidence"]) == (False, ())
    signed_in(client, season, Role.ASSESSOR)
    page = client.get(url("exchange", event.uuid))
    assert (page.context["sections"], len(page.context["all_evidence"])) == ([], 2)


def test_recommendation_behind_a_presenter_is_told_to_who_may_open_it(client, season):
    office = signed_in(client, season, Role.OFFICE)
    praise = make_praise(season, office.pk)
    sent = typed(season, (LIBRARY, "张三", "开馆")) | {"presenters-0-recommendation": str(praise.uuid)}
    assert client.post(url("exchange-new"), sent).status_code == 302
    assert ExchangePresenter.objects.get().recommendation == praise
    told = {}
    for home in (LIBRARY, UNION, "体育部"):
        signed_in(client, season, Role.STAFF, home)
        told[home] = "延长开馆" in client.get(url("exchange", UUID_TYPED)).content.decode()
    assert told == {LIBRARY: True, UNION: True, "体育部": False}


def test_closed_department_stays_where_it_presents_and_is_no_new_choice(client, season):
    user = signed_in(client, season, Role.OFFICE)
    event = make_exchange(season, actor_of(user, season))
    Department.objects.filter(campaign=season, name=LIBRARY).update(closed_on=NOON.date())

    def choices(path):
        return [label for _key, label in client.get(path).context["entry"].rows.forms[0].fields["department"].choices]

    assert LIBRARY in choices(url("exchange-edit", event.uuid))
    assert LIBRARY not in choices(url("exchange-new"))


def test_cancelling_asks_why(client, season):
    user = signed_in(client, season, Role.OFFICE)
    event = make_exchange(season, actor_of(user, season))
    path = url("exchange-cancel", event.uuid)
    assert list(client.post(path, {"because": ""}).context["form"].errors) == ["because"]
    assert client.post(path, {"because": "下雪"}).url == url("exchange", event.uuid)
    assert "下雪" in client.get(url("exchange", event.uuid)).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_list_asks_the_same_queries(client, season, rows, django_assert_num_queries):
    office = actor(season, Role.OFFICE)
    for _number in range(rows):
        make_exchange(season, office, *[(UNION, "李四", "甲")] * rows)
    signed_in(client, season, Role.STAFF, LIBRARY)
    with django_assert_num_queries(9):
        client.get(url("exchanges"))


@pytest.mark.parametrize("rows", [1, 3])
def test_form_asks_the_same_queries(client, season, rows, django_assert_num_queries):
    user = signed_in(client, season, Role.OFFICE)
    event = make_exchange(season, actor_of(user, season), *[(UNION, "李四", "甲")] * rows)
    with django_assert_num_queries(10):
        client.get(url("exchange-edit", event.uuid))
