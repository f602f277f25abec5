"""Exchanges of experience: arranging, changing, cancelling; rows without script; who sees what."""

from datetime import datetime
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from campaigns.enums import Role
from campaigns.models import Exchange, Recommendation
from campaigns.services.exchanges import (
    ExchangeDraft,
    PresenterDraft,
    arrange_exchange,
    cancel_exchange,
    edit_exchange,
)
from qualityseason.errors import Refused
from qualityseason.models import AuditEntry
from tests.campaigns.month_working import LIBRARY, UNION, actor, set_clock
from tests.factories import NOON, SHANGHAI, department

STARTS = datetime(2009, 12, 16, 14, 30, tzinfo=SHANGHAI)
UUID_TYPED = "6f1c1a0e-8f65-4b5c-9d0a-0d0f3f0b7a11"


@pytest.fixture(autouse=True)
def _clock(season):
    set_clock(season)


def draft(season, *presenters, **values):
    fixed = {"kind": "sharing", "title": "经验交流会", "starts_at": STARTS, "place": "礼堂", "programme": "14:30 开始"}
    rows = tuple(PresenterDraft(department(season, home), name, topic) for home, name, topic in presenters)
    return ExchangeDraft(**(fixed | values), presenters=rows)


def make_exchange(season, by, *presenters, uuid=None, **values):
    rows = presenters or ((LIBRARY, "张三", "借阅提速"),)
    return arrange_exchange(season, draft(season, *rows, **values), uuid=uuid or uuid4(), by=by, at=NOON)


def make_praise(season, by_id, *, home=LIBRARY, **values):
    return Recommendation.objects.create(
        campaign=season,
        department=department(season, UNION),
        recommended=department(season, home),
        title="延长开馆",
        practice="每晚到十点",
        made_by_id=by_id,
        made_at=NOON,
        **{"for_exchange": True} | values,
    )


@pytest.fixture
def office(season):
    return actor(season, Role.OFFICE)


def test_event_is_arranged_once_with_presenters_in_their_order(season, office):
    uuid = uuid4()
    rows = ((UNION, "李四", "甲"), (LIBRARY, "张三", "乙"))
    first = make_exchange(season, office, *rows, uuid=uuid)
    assert make_exchange(season, office, *rows, uuid=uuid).pk == first.pk
    assert [(row.department.name, row.name, row.topic) for row in first.presenters.all()] == list(rows)
    with pytest.raises(Refused) as refused:
        make_exchange(season, office, *rows, uuid=uuid, title="别的")
    assert (refused.value.refusal_code, refused.value.existing, Exchange.objects.count()) == ("used", first, 1)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"kind": "party"}, "kind"),
        ({"title": " "}, "title"),
        ({"place": ""}, "place"),
        ({"programme": "字" * 4001}, "programme"),
        ({"starts_at": datetime(2009, 10, 10, 23, tzinfo=SHANGHAI)}, "day"),
        ({"starts_at": datetime(2010, 1, 21, 0, tzinfo=SHANGHAI)}, "day"),
    ],
)
def test_bad_event_is_refused_at_its_field(season, office, values, field):
    with pytest.raises(Refused) as refused:
        make_exchange(season, office, **values)
    assert (refused.value.field, Exchange.objects.count()) == (field, 0)


@pytest.mark.parametrize(
    "start", [datetime(2009, 10, 11, 0, tzinfo=SHANGHAI), datetime(2010, 1, 20, 23, tzinfo=SHANGHAI)]
)
def test_first_and_last_day_of_the_campaign_are_inside(season, office, start):
    assert make_exchange(season, office, starts_at=start).starts_at == start


@pytest.mark.parametrize("row", [(LIBRARY, "", "题"), (LIBRARY, "张三", ""), (LIBRARY, "字" * 65, "题")])
def test_presenter_needs_name_and_topic(season, office, row):
    with pytest.raises(Refused) as refused:
        make_exchange(season, office, row)
    assert refused.value.field == "presenters"


def test_change_rewrites_presenters_and_a_stale_one_is_refused(season, office):
    event = make_exchange(season, office)
    same = draft(season, (LIBRARY, "张三", "借阅提速"))
    assert edit_exchange(event, same, version=1, by=office, at=NOON).version == 1
    row = event.presenters.get()
    edit_exchange(event, draft(season, (LIBRARY, "张三", "借阅提速"), place="操场"), version=1, by=office, at=NOON)
    assert event.presenters.get() == row
    edit_exchange(event, draft(season, (UNION, "李四", "服务")), version=2, by=office, at=NOON)
    assert [each.name for each in event.presenters.all()] == ["李四"]
    with pytest.raises(Refused) as refused:
        edit_exchange(event, same, version=1, by=office, at=NOON)
    assert (refused.value.refusal_code, refused.value.existing.version) == ("stale", 3)


def test_cancelled_one_says_why_and_is_not_changed(season, office):
    event = make_exchange(season, office)
    with pytest.raises(Refused) as refused:
        cancel_exchange(event, because=" ", by=office, at=NOON)
    assert refused.value.field == "because"
    cancel_exchange(event, because="下雪", by=office, at=NOON)
    assert cancel_exchange(event, because="", by=office, at=NOON).cancelled_because == "下雪"
    with pytest.raises(Refused) as refused:
        edit_exchange(event, draft(season), version=None, by=office, at=NOON)
    assert refused.value.refusal_code == "cancelled"
    assert [entry.act for entry in AuditEntry.objects.filter(act__startswith="exchange.").order_by("pk")] == [
        "exchange.add",
        "exchange.cancel",
    ]


@pytest.mark.parametrize("role", [Role.ASSESSOR, Role.TEAM_LEAD, Role.LEADERSHIP])
def test_office_alone_arranges(season, office, role):
    event, other = make_exchange(season, office), actor(season, role)
    for act in (
        lambda: make_exchange(season, other),
        lambda: edit_exchange(event, draft(season), version=1, by=other, at=NOON),
        lambda: cancel_exchange(event, because="x", by=other, at=NOON),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_recommendation_must_be_chosen_for_exchange_but_stays_where_it_stands(season, office):
    praise = make_praise(season, office.user_id)
    row = PresenterDraft(department(season, LIBRARY), "张三", "开馆", praise)
    with_praise = ExchangeDraft("showing", "展示", STARTS, "图书馆", "", (row,))
    event = arrange_exchange(season, with_praise, uuid=uuid4(), by=office, at=NOON)
    praise.for_exchange = False
    praise.save(update_fields=["for_exchange"])
    moved = ExchangeDraft("showing", "展示", STARTS, "操场", "", (row,))
    assert edit_exchange(event, moved, version=1, by=office, at=NOON).place == "操场"
    with pytest.raises(Refused) as refused:
        arrange_exchange(season, with_praise, uuid=uuid4(), by=office, at=NOON)
    assert refused.value.refusal_code == "recommendation"
