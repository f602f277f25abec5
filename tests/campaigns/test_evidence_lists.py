"""The list of evidence, one record, the inbox, choosing what is filed already, the section on other pages."""

import uuid
from datetime import date, timedelta

import pytest

from campaigns.enums import EvidenceTarget, Role
from campaigns.facts import PlanContent
from campaigns.models import Evidence, PlanVersion
from campaigns.queries.evidence import evidence_section, key_of_address
from campaigns.services.evidence import withdraw_evidence
from tests.campaigns.evidence_working import (
    filed,
    links_of,
    make_circular,
    make_duty,
    make_plan_item,
    make_policy_item,
    make_problem,
    make_task,
    make_upload,
)
from tests.campaigns.people_working import actor_of, make_member, signed_in, url
from tests.factories import NOON, department, make_actor


@pytest.fixture(autouse=True)
def at_noon(season):
    """The season's clock reads about noon of 2009-12-28."""
    from qualityseason.clock import wall_now

    season.clock_offset = NOON - wall_now()
    season.save(update_fields=["clock_offset"])


@pytest.fixture
def library(season):
    return make_actor(season, Role.STAFF, department=department(season))


@pytest.fixture
def union(season):
    return make_actor(season, Role.STAFF, department=department(season, "工会"))


def texts(answer):
    return [row.text for row in answer.context["page"].rows]


# --- the list


def test_departments_see_their_own_and_overseers_all(client, season, library, union):
    filed(season, library, text="甲")
    filed(season, union, home="工会", text="乙")
    signed_in(client, season, Role.STAFF, "图书馆")
    assert texts(client.get(url("evidence"))) == ["甲"]
    for role in (Role.OFFICE, Role.ASSESSOR, Role.LEADERSHIP):
        signed_in(client, season, role)
        assert texts(client.get(url("evidence"))) == ["乙", "甲"]


def test_list_is_narrowed_by_department_target_month_and_state(client, season, library, union):
    filed(season, library, text="甲", targets=[("have", "有记录"), ("have", "有活动"), ("month", "2009-11")])
    filed(season, library, text="乙", happened_on=date(2009, 12, 1))
    filed(season, union, home="工会", text="丙", targets=[("month", "2009-11")])
    gone = filed(season, library, text="丁", targets=[("have", "有记录")])
    withdraw_evidence(gone, because="错", by=library, at=NOON)
    signed_in(client, season, Role.OFFICE)
    expected = {
        "": ["乙", "丙", "甲"],
        f"department={department(season, '工会').uuid}": ["丙"],
        "target=have": ["甲"],
        "month=2009-12": ["乙"],
        "state=unfiled": ["乙"],
        "state=withdrawn": ["丁"],
        "month=x": ["乙", "丙", "甲"],
    }
    assert {query: texts(client.get(f"{url('evidence')}?{query}")) for query in expected} == expected
    row = client.get(f"{url('evidence')}?target=have").context["page"].rows[0]
    assert [count for _label, count in row.proves] == [1, 2]


def test_list_goes_page_by_page_both_ways(client, season, library):
    for number in range(60):
        filed(season, library, text=f"{number}", happened_on=date(2009, 11, 1) + timedelta(days=number // 2))
    signed_in(client, season, Role.OFFICE)
    first = client.get(url("evidence"))
    second = client.get(url("evidence") + first.context["older_url"])
    back = client.get(url("evidence") + second.context["newer_url"])
    assert (texts(first)[0], texts(first)[-1], texts(second)[0], texts(second)[-1]) == ("59", "10", "9", "0")
    assert (texts(back), back.context["newer_url"], second.context["older_url"]) == (texts(first), "", "")
    assert client.get(f"{url('evidence')}?older={uuid.uuid4()}&newer=x").status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_list_asks_the_same_queries(client, season, library, union, rows, django_assert_num_queries):
    for number in range(rows):
        upload = make_upload(season, library.user_id, content=f"{number}")
        filed(season, library, uploads=[upload.uuid], targets=[("have", "有记录"), ("month", "2009-11")])
        filed(season, union, home="工会")
    signed_in(client, season, Role.ASSESSOR)
    with django_assert_num_queries(10):
        client.get(url("evidence"))


def test_empty_list_says_the_next_step(client, season):
    signed_in(client, season, Role.STAFF, "图书馆")
    assert url("evidence-new") in client.get(url("evidence")).content.decode()


# --- one record


def make_everything(season, by_id):
    """Return links to a record of each sort that has a page."""
    item = make_plan_item(season, title="条目一", submitted_at=NOON, state="submitted")
    PlanVersion.objects.create(
        plan=item.plan,
        number=1,
        code="AAAA-0001",
        content=PlanContent(title="方案").as_json() | {"items": [{"uuid": str(item.uuid), "title": "条目一(交)"}]},
        digest="0" * 64,
        submitted_at=NOON,
        submitted_by_id=by_id,
    )
    return [
        ("duty", str(make_duty(season).uuid)),
        ("plan-item", str(item.uuid)),
        ("circular", str(make_circular(season, by_id).uuid)),
        ("assignment", str(make_task(season, by_id).uuid)),
        ("problem", str(make_problem(season, by_id).uuid)),
        ("policy-item", str(make_policy_item(season, by_id).uuid)),
        ("month", "2009-11"),
        ("stage-report", ""),
    ]


def test_record_links_to_all_it_proves_for_whoever_may_see_it(client, season, library):
    evidence = filed(season, library, targets=make_everything(season, library.user_id))
    for role, home in ((Role.STAFF, "图书馆"), (Role.ASSESSOR, None)):
        signed_in(client, season, role, home, username=f"reader-{role}")
        proves = client.get(url("evidence-record", evidence.uuid)).context["detail"].proves
        assert (len(proves), all(row.url for row in proves)) == (8, True)
    signed_in(client, season, Role.STAFF, "工会")
    for name in ("evidence-record", "evidence-edit", "evidence-withdraw"):
        assert client.get(url(name, evidence.uuid)).status_code == 404


def test_titles_of_a_plan_being_written_are_not_told_to_the_team(client, season, library):
    drafted = make_plan_item(season, title="秘密条目", state="returned", submitted_at=NOON)
    evidence = filed(season, library, targets=[("plan-item", str(drafted.uuid))])
    shown = {}
    for role, home in ((Role.STAFF, "图书馆"), (Role.ASSESSOR, None), (Role.OFFICE, None)):
        signed_in(client, season, role, home, username=f"reader-{role}")
        shown[role] = "秘密条目" in client.get(url("evidence-record", evidence.uuid)).content.decode()
    assert shown == {Role.STAFF: True, Role.ASSESSOR: False, Role.OFFICE: True}


def test_record_tells_its_history_and_is_withdrawn_with_a_reason(client, season):
    liaison = signed_in(client, season, Role.STAFF, "图书馆", name="李敏")
    evidence = filed(season, actor_of(liaison, season), targets=[("have", "有记录")])
    client.post(
        url("evidence-edit", evidence.uuid),
        {"version": "1", "text": "改过", "happened_on": "2009-11-20", "targets": ["have:有记录"]},
    )
    path = url("evidence-withdraw", evidence.uuid)
    assert "because" in client.post(path, {"because": " "}).context["form"].errors
    for _click in range(2):
        assert client.post(path, {"because": "传错了"}).url == url("evidence-record", evidence.uuid)
    page = client.get(url("evidence-record", evidence.uuid))
    history = page.context["detail"].history
    assert [(line.by, line.said) for line in history] == [("李敏", ()), ("李敏", ("读者服务周照片",)), ("李敏", ())]
    assert "<s>改过</s>" in page.content.decode()
    assert page.context["may_change"] is False


def test_withdrawing_what_an_accepted_task_rests_on_is_told(client, season):
    liaison = signed_in(client, season, Role.STAFF, "图书馆")
    task = make_task(season, liaison.pk, state="accepted", title="报送检查报告")
    evidence = filed(season, actor_of(liaison, season), targets=[("assignment", str(task.uuid))])
    page = client.post(url("evidence-withdraw", evidence.uuid), {"because": "传错了"})
    assert "报送检查报告" in page.content.decode()
    assert page.context["form"]["because"].value() == "传错了"
    assert Evidence.objects.standing().exists()


# --- the inbox


def test_inbox_files_by_one_button_what_was_guessed(client, season, union):
    liaison = signed_in(client, season, Role.STAFF, "图书馆")
    evidence = filed(season, actor_of(liaison, season), text="墙报一期")
    filed(season, union, home="工会", text="别人的")
    row = client.get(url("evidence-inbox")).context["page"].rows[0]
    assert [tick.value for tick in row.ticks] == ["publicity:墙报", "month:2009-11"]
    sent = {"uuid": row.uuid, "version": row.version, "targets": [tick.value for tick in row.ticks]}
    assert client.post(url("evidence-inbox"), sent).url == url("evidence-inbox")
    assert links_of(evidence) == [("month", "2009-11"), ("publicity", "墙报")]
    assert client.get(url("evidence-inbox")).context["page"].rows == ()


def test_inbox_keeps_the_ticks_when_refused(client, season):
    liaison = signed_in(client, season, Role.STAFF, "图书馆")
    evidence = filed(season, actor_of(liaison, season), text="墙报一期")
    page = client.post(url("evidence-inbox"), {"uuid": evidence.uuid, "version": "1"})
    assert page.context["problem"]["uuid"] == evidence.uuid
    assert 'value="month:2009-11" id="tick-' in page.content.decode()
    stale = client.post(url("evidence-inbox"), {"uuid": evidence.uuid, "version": "9", "targets": ["have:有记录"]})
    assert stale.context["problem"]["uuid"] == evidence.uuid
    assert links_of(evidence) == []
    assert client.post(url("evidence-inbox"), {"uuid": "x"}).status_code == 404


def test_inbox_of_the_office_leaves_out_own_interest(client, season, library, union):
    office = signed_in(client, season, Role.OFFICE)
    filed(season, library, text="甲")
    filed(season, union, home="工会", text="乙")
    from tests.factories import make_membership

    make_membership(season, office, Role.STAFF, department=department(season), ends_on=season.facts_from)
    assert texts(client.get(url("evidence-inbox"))) == ["乙"]
    waiting = Evidence.objects.get(text="甲")
    sent = {"uuid": waiting.uuid, "version": "1", "targets": ["have:有记录"]}
    assert client.post(url("evidence-inbox"), sent).status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
def test_inbox_asks_the_same_queries(client, season, library, union, rows, django_assert_num_queries):
    for number in range(rows):
        upload = make_upload(season, library.user_id, content=f"{number}")
        filed(season, library, uploads=[upload.uuid])
        filed(season, union, home="工会")
    make_duty(season)
    signed_in(client, season, Role.OFFICE)
    with django_assert_num_queries(19):
        client.get(url("evidence-inbox"))


# --- choosing


def test_filed_evidence_is_chosen_for_a_record_and_found_by_its_words(client, season, union):
    liaison = signed_in(client, season, Role.STAFF, "图书馆")
    mine = actor_of(liaison, season)
    photo, other = filed(season, mine, text="安全检查照片"), filed(season, mine, text="座谈会")
    filed(season, union, home="工会", text="别人的")
    task = make_task(season, liaison.pk)
    section = evidence_section(
        mine,
        EvidenceTarget.ASSIGNMENT,
        str(task.uuid),
        campaign=season,
        department=department(season),
        may_file=True,
        back="/campaigns/2009/duties/",
    )
    page = client.get(section.choose_url)
    assert [row.text for row, _files in page.context["page"].rows] == ["座谈会", "安全检查照片"]
    found = client.get(f"{section.choose_url}&said=检查").context["page"]
    assert [row.text for row, _files in found.rows] == ["安全检查照片"]
    assert client.post(section.choose_url, {}).context["problem"]
    assert client.post(section.choose_url, {"evidence": [photo.uuid]}).url == "/campaigns/2009/duties/"
    assert (links_of(photo), links_of(other)) == ([("assignment", str(task.uuid))], [])
    left = client.get(section.choose_url).context["page"]
    assert [row.text for row, _files in left.rows] == ["座谈会"]


def test_what_is_not_open_here_is_not_there_to_choose_for(client, season, union):
    signed_in(client, season, Role.STAFF, "图书馆")
    task = make_task(season, union.user_id, home="工会")
    for target, key in (("assignment", task.uuid), ("assignment", "x"), ("coup", "x"), ("month", "2009-10")):
        assert client.get(url("evidence-choose", target, key)).status_code == 404


def test_things_without_a_key_and_with_a_slash_have_an_address(client, season):
    season.lists = season.lists | {"media": ["微信/QQ"]}
    season.save(update_fields=["lists"])
    liaison = signed_in(client, season, Role.STAFF, "图书馆")
    evidence = filed(season, actor_of(liaison, season))
    for target, key in ((EvidenceTarget.STAGE_REPORT, ""), (EvidenceTarget.PUBLICITY, "微信/QQ")):
        section = evidence_section(
            actor_of(liaison, season), target, key, campaign=season, department=department(season), may_file=True
        )
        assert client.post(section.choose_url, {"evidence": [evidence.uuid]}).status_code == 302
        assert client.get(section.add_url).context["is_shown"] is True
    assert links_of(evidence) == [("publicity", "微信/QQ"), ("stage-report", "")]
    assert key_of_address("有记录") == "有记录"


# --- the section


@pytest.mark.parametrize("rows", [1, 3])
def test_section_shows_standing_evidence_of_the_department_alone(
    season, library, union, rows, django_assert_num_queries
):
    for number in range(rows):
        upload = make_upload(season, library.user_id, content=f"{number}")
        filed(season, library, text=f"{number}", uploads=[upload.uuid], targets=[("month", "2009-11")])
    filed(season, union, home="工会", targets=[("month", "2009-11")])
    gone = filed(season, library, targets=[("month", "2009-11")])
    withdraw_evidence(gone, because="错", by=library, at=NOON)
    values = {"campaign": season, "department": department(season), "may_file": False}
    with django_assert_num_queries(3):
        section = evidence_section(library, EvidenceTarget.MONTH, "2009-11", **values)
    assert [row.text for row in section.rows] == [f"{number}" for number in range(rows)]
    assert (len(section.rows[0].files), section.add_url, section.choose_url) == (1, "", "")
    assert section.rows[0].url == url("evidence-record", section.rows[0].uuid)
    assert evidence_section(union, EvidenceTarget.MONTH, "2009-11", **values).rows == ()


def test_member_of_another_department_files_nothing_here(client, season):
    make_member(season, Role.STAFF, "图书馆")
    signed_in(client, season, Role.STAFF, "工会")
    path = f"{url('evidence-choose', 'month', '2009-11')}?department={department(season).uuid}"
    assert client.get(path).status_code in (403, 404)
