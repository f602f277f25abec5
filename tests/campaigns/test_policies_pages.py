"""The pages of own policies: the list, one policy, its form with rows, its measures."""

from datetime import date, timedelta

import pytest

from campaigns.enums import Role
from campaigns.models import Interest, Policy, PolicyItem, PolicyMeasure
from campaigns.services.policies import withdraw_policy
from campaigns.services.policy_measures import add_measure
from qualityseason.models import User
from tests.campaigns.circular_working import HOME, OTHER, entered, liaison_of, prove
from tests.campaigns.handing_in import make_file
from tests.campaigns.people_working import make_member, signed_in, url
from tests.factories import NOON, PASSWORD, department, make_actor, make_membership

KEY = "6f1c1a0e-8f65-4b5c-9d0a-0d0f3f0b7a11"


@pytest.fixture(autouse=True)
def at_noon(season):
    """The season's clock reads about noon of 2009-12-28."""
    from qualityseason.clock import wall_now

    season.clock_offset = NOON - wall_now()
    season.save(update_fields=["clock_offset"])


@pytest.fixture
def office(season):
    return make_actor(season, Role.OFFICE)


def rows(*texts, initial=0, was=(), places=()):
    """Return the fields of the contents' rows."""
    data = {"items-TOTAL_FORMS": str(len(texts)), "items-INITIAL_FORMS": str(initial)}
    for index, text in enumerate(texts):
        data |= {
            f"items-{index}-text": text,
            f"items-{index}-place": places[index] if index < len(places) else "",
            f"items-{index}-was": str(was[index]) if index < len(was) else "",
        }
    return data


def typed(*texts, **values):
    said = {"uuid": KEY, "title": "值班制度", "number": "馆字[2008]3号", "issued_on": "2008.9.1"}
    return said | rows(*(texts or ("每周检查一次", "", "每月通报一次"))) | values


def texts(policy):
    return [item.text for item in policy.items.filter(removed_at__isnull=True)]


def words(page):
    return page.content.decode()


def done(policy, by, text, on=date(2009, 11, 30)):
    item = PolicyItem.objects.get(policy=policy, text=text)
    key = item.uuid
    return add_measure(item, uuid=key, text=f"办理：{text}", happened_on=on, by=by, at=NOON)


# --- the list


def test_list_tells_what_is_on_paper_only(client, season, office):
    policy = entered(season, office, "每周检查", "每月通报")
    done(policy, office, "每周检查")
    full = entered(season, office, "读者座谈", title="座谈制度")
    done(full, office, "读者座谈")
    withdraw_policy(entered(season, office, "旧规", title="旧制度"), because="废止", by=office, at=NOON)
    entered(season, office, "互助", title="互助办法", home=OTHER)
    signed_in(client, season, Role.STAFF, HOME)
    page = client.get(url("policies"))
    told = [(row.title, row.on_paper, row.is_withdrawn) for row in page.context["rows"]]
    assert told == [("座谈制度", 0, False), ("值班制度", 1, False), ("旧制度", 0, True)]
    assert page.context["on_paper"] == 1
    assert "互助" not in words(page)
    page = client.get(url("policies"), {"show": "paper"})
    assert [row.title for row in page.context["rows"]] == ["值班制度"]


def test_overseers_narrow_the_list(client, season, office):
    entered(season, office)
    entered(season, office, home=OTHER, title="互助办法")
    signed_in(client, season, Role.LEADERSHIP)

    def shown(**query):
        return [row.title for row in client.get(url("policies"), query).context["rows"]]

    assert shown() == ["互助办法", "值班制度"]
    assert shown(block="B") == ["值班制度"]
    assert shown(department=department(season, OTHER).uuid) == ["互助办法"]
    assert shown(department="x") == ["互助办法", "值班制度"]


@pytest.mark.parametrize("number", [1, 3])
def test_list_asks_the_same_queries(client, season, office, number, django_assert_num_queries):
    for index in range(number):
        policy = entered(season, office, "甲", "乙", title=f"制度{index}")
        done(policy, office, "甲")
        prove(season, "policy-item", policy.items.last().uuid, by_id=office.user_id)
    signed_in(client, season, Role.OFFICE)
    with django_assert_num_queries(13):
        client.get(url("policies"))


@pytest.mark.parametrize("number", [1, 3])
def test_page_asks_the_same_queries(client, season, office, number, django_assert_num_queries):
    policy = entered(season, office, *[f"内容{index}" for index in range(number)])
    for item in policy.items.all():
        done(policy, office, item.text)
        prove(season, "policy-item", item.uuid, by_id=office.user_id)
    signed_in(client, season, Role.HEAD, HOME)
    with django_assert_num_queries(14):
        client.get(url("policy", policy.uuid))


# --- one policy


def test_page_shows_measures_and_evidence_by_content(client, season, office):
    policy = entered(season, office, "每周检查", "每月通报", "纳入考核")
    done(policy, office, "每周检查")
    prove(season, "policy-item", PolicyItem.objects.get(text="每月通报").uuid, by_id=office.user_id)
    signed_in(client, season, Role.STAFF, HOME)
    page = client.get(url("policy", policy.uuid)).context["page"]
    told = [(len(item.measures), len(item.evidence.rows), item.is_on_paper) for item in page.items]
    assert (told, page.on_paper, page.may_change) == ([(1, 0, False), (0, 1, False), (0, 0, True)], 1, True)
    assert page.items[0].evidence.add_url.startswith(url("evidence-new"))


@pytest.mark.parametrize("role", [Role.ASSESSOR, Role.TEAM_LEAD, Role.LEADERSHIP])
def test_overseers_read_and_change_nothing(client, season, office, role):
    policy = entered(season, office)
    measure = done(policy, office, "每周检查一次")
    signed_in(client, season, role)
    page = client.get(url("policy", policy.uuid))
    assert (page.status_code, page.context["page"].may_change) == (200, False)
    assert url("evidence-new") not in words(page)
    for name, key in (
        ("policy-edit", policy.uuid),
        ("policy-withdraw", policy.uuid),
        ("policy-measure-add", policy.items.first().uuid),
        ("policy-measure-remove", measure.uuid),
    ):
        assert client.post(url(name, key), {}).status_code == 403


def test_another_departments_policy_is_not_there(client, season, office):
    policy = entered(season, office, home=OTHER)
    measure = done(policy, office, "每周检查一次")
    signed_in(client, season, Role.HEAD, HOME)
    for name, key in (
        ("policy", policy.uuid),
        ("policy-edit", policy.uuid),
        ("policy-withdraw", policy.uuid),
        ("policy-measure-add", policy.items.first().uuid),
        ("policy-measure-remove", measure.uuid),
    ):
        assert client.get(url(name, key)).status_code == 404


# --- entering and changing


def test_policy_is_entered_as_people_type_and_twice_is_once(client, season):
    liaison = signed_in(client, season, Role.STAFF, HOME)
    stored = make_file(by_id=liaison.pk, is_upload=True)
    type(stored).objects.update(campaign_id=season.pk)
    data = typed(files=[str(stored.uuid)])
    assert [client.post(url("policy-new"), data).url for _click in range(2)] == [url("policy", KEY)] * 2
    policy = Policy.objects.get()
    assert (policy.department.name, policy.issued_on, texts(policy)) == (
        "图书馆",
        date(2008, 9, 1),
        ["每周检查一次", "每月通报一次"],
    )
    assert "a.pdf" in words(client.get(url("policy", KEY)))


def test_rows_stand_in_the_order_of_their_places(client, season):
    signed_in(client, season, Role.STAFF, HOME)
    client.post(url("policy-new"), typed() | rows("甲", "乙", "丙", places=("３", "", "1")))
    assert texts(Policy.objects.get()) == ["丙", "乙", "甲"]


@pytest.mark.parametrize(
    "values",
    [
        {"title": ""},
        {"issued_on": "去年"},
        {"issued_on": "2009-12-29"},
        {"items-0-place": "首"},
        {"items-0-text": "长" * 501},
        {"items-0-text": "", "items-2-text": " "},
    ],
)
def test_bad_policy_keeps_what_was_typed(client, season, values):
    signed_in(client, season, Role.STAFF, HOME)
    data = typed() | values
    page = client.post(url("policy-new"), data)
    entry = page.context["entry"]
    assert entry.form.errors or entry.row_errors
    for name in ("title", "number", "issued_on", "uuid"):
        assert entry.form[name].value() == data[name]
    assert [row["text"].value() for row in entry.rows.forms] == [data[f"items-{index}-text"] for index in range(3)]
    assert not Policy.objects.exists()


def test_change_keeps_what_something_rests_on_and_says_so(client, season, office):
    policy = entered(season, office, "每周检查", "每月通报")
    done(policy, office, "每周检查")
    signed_in(client, season, Role.STAFF, HOME)
    path = url("policy-edit", policy.uuid)
    was = [row["was"].value() for row in client.get(path).context["entry"].rows.initial_forms]
    assert was == [item.uuid for item in policy.items.all()]
    data = typed(version="1") | rows("", "每月通报两次", "年底总结", initial=2, was=was)
    page = client.post(path, data, follow=True)
    assert [message.level_tag for message in page.context["messages"]] == ["success", "warning"]
    assert texts(policy) == ["每周检查", "每月通报两次", "年底总结"]


def test_stale_change_shows_both_and_then_saves(client, season, office):
    policy = entered(season, office, "每周检查")
    Policy.objects.update(version=4, title="他人改过的")
    signed_in(client, season, Role.STAFF, HOME)
    was = [policy.items.get().uuid]
    path, data = url("policy-edit", policy.uuid), typed(version="1") | rows("每日检查", initial=1, was=was)
    page = client.post(path, data)
    assert ("他人改过的" in words(page), page.context["form"]["version"].value()) == (True, "4")
    assert [row["text"].value() for row in page.context["entry"].rows.forms] == ["每日检查"]
    assert client.post(path, data | {"version": "4"}).status_code == 302
    assert texts(policy) == ["每日检查"]


def test_whoever_enters_for_several_departments_chooses_one(client, season):
    user = signed_in(client, season, Role.STAFF, HOME)
    make_membership(season, user, Role.HEAD, department=department(season, OTHER))
    page = client.get(url("policy-new"))
    assert [row.name for row in page.context["departments"]] == ["工会", "图书馆"]
    path = f"{url('policy-new')}?department={department(season, OTHER).uuid}"
    assert client.post(path, typed()).status_code == 302
    assert Policy.objects.get().department.name == "工会"
    strange = f"{url('policy-new')}?department={department(season, '保卫处').uuid}"
    assert client.get(strange).status_code == 403
    assert client.get(f"{url('policy-new')}?department=x").status_code == 404


def test_office_of_interest_is_refused_before_any_typing(client, season, office):
    policy = entered(season, office)
    user = signed_in(client, season, Role.OFFICE)
    Interest.objects.create(
        campaign=season, user=user, department=department(season), reason="配偶", starts_on=date(2009, 9, 1)
    )
    offered = [row.name for row in client.get(url("policy-new")).context["departments"]]
    assert (len(offered), HOME in offered) == (23, False)
    for path in (
        f"{url('policy-new')}?department={department(season).uuid}",
        url("policy-edit", policy.uuid),
        url("policy-withdraw", policy.uuid),
        url("policy-measure-add", policy.items.first().uuid),
    ):
        assert client.get(path).status_code == 403
        assert client.post(path, typed()).status_code == 403
    page = client.get(url("policy", policy.uuid))
    assert (page.context["page"].may_change, page.context["page"].is_barred) == (False, True)


def test_withdrawing_asks_why_and_leaves_the_policy_to_be_read(client, season):
    policy = entered(season, liaison_of(season))
    signed_in(client, season, Role.HEAD, HOME)
    path = url("policy-withdraw", policy.uuid)
    assert "because" in client.post(path, {"because": ""}).context["form"].errors
    assert client.post(path, {"because": "已废止"}).url == url("policy", policy.uuid)
    page = client.get(url("policy", policy.uuid))
    assert ("已废止" in words(page), page.context["page"].may_change) == (True, False)
    form = client.post(url("policy-edit", policy.uuid), typed(version="1")).context["form"]
    assert form["title"].value() == "值班制度"


def test_what_was_typed_survives_the_end_of_the_session(client, season):
    user = make_member(season, Role.STAFF, HOME)
    User.objects.filter(pk=user.pk).update(last_login=NOON + timedelta(days=1))
    path = url("policy-new")
    client.post("/login/", {"username": user.username, "password": PASSWORD})
    client.cookies.pop("sessionid")
    assert client.post(path, typed()).status_code == 302
    client.post(f"/login/?next={path}", {"username": user.username, "password": PASSWORD})
    entry = client.get(path).context["entry"]
    assert (entry.form["title"].value(), entry.rows.forms[2]["text"].value()) == ("值班制度", "每月通报一次")


# --- measures


def test_measure_is_written_down_once_and_taken_out(client, season):
    policy = entered(season, liaison_of(season), "每周检查")
    signed_in(client, season, Role.STAFF, HOME)
    path = url("policy-measure-add", policy.items.get().uuid)
    assert client.get(path).context["form"]["happened_on"].value() == "2009-12-28"
    data = {"uuid": KEY, "happened_on": "2009年11月30日", "text": "十一月检查四次"}
    for _click in range(2):
        assert client.post(path, data).url == url("policy", policy.uuid)
    measure = PolicyMeasure.objects.get()
    assert (measure.text, measure.happened_on) == ("十一月检查四次", date(2009, 11, 30))
    remove = url("policy-measure-remove", measure.uuid)
    assert "十一月检查四次" in words(client.get(remove))
    for _click in range(2):
        assert client.post(remove).url == url("policy", policy.uuid)
    assert client.get(url("policy", policy.uuid)).context["page"].on_paper == 1


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"text": ""}, "text"),
        ({"happened_on": "2009-12-29"}, "happened_on"),
        ({"happened_on": "2008-08-31"}, "happened_on"),
        ({"happened_on": "上周"}, "happened_on"),
        ({"uuid": "x"}, "uuid"),
    ],
)
def test_bad_measure_keeps_what_was_typed(client, season, values, field):
    policy = entered(season, liaison_of(season), "每周检查")
    signed_in(client, season, Role.STAFF, HOME)
    data = {"uuid": KEY, "happened_on": "2009-11-30", "text": "十一月检查四次"} | values
    form = client.post(url("policy-measure-add", policy.items.get().uuid), data).context["form"]
    assert list(form.errors) == [field]
    assert {name: form[name].value() for name in data} == data
