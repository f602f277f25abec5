"""Service work: what is taken, what it meets, what a withdrawal opens again."""

from datetime import date, datetime
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from campaigns.enums import Role
from campaigns.models import Department, Interest, Obligation, ServiceWork
from campaigns.services.service_work import edit_service, record_service, withdraw_service
from qualityseason.clock import day_of
from qualityseason.errors import ConflictOfInterest, Refused
from qualityseason.models import AuditEntry
from tests.campaigns.month_working import (
    DECEMBER,
    LIBRARY,
    NOVEMBER,
    UNION,
    actor,
    make_service,
    owed,
    service_draft,
)
from tests.factories import NOON, SHANGHAI, department

FIRST = date(2009, 11, 5)


@pytest.fixture
def liaison(season):
    return actor(season, Role.STAFF, UNION)


def met(season, month, home=UNION):
    row = owed(season, home, "service", month)
    return (day_of(row.met_at) if row.met_at else None, row.met_by_uuid)


def test_first_service_of_a_month_meets_it_at_its_true_day(season, liaison):
    work = make_service(season, liaison)
    row = owed(season, UNION, "service", NOVEMBER)
    assert (row.met_at, row.recorded_at, row.met_by_kind) == (
        datetime(2009, 11, 20, 12, tzinfo=SHANGHAI),
        NOON,
        "service",
    )
    assert (row.met_by_uuid, met(season, DECEMBER)) == (work.uuid, (None, None))
    make_service(season, liaison, day=FIRST)
    assert met(season, NOVEMBER) == (date(2009, 11, 20), work.uuid)


def test_service_of_today_is_met_now_and_not_at_a_noon_to_come(season, liaison):
    morning = NOON.replace(hour=8)
    make_service(season, liaison, day=date(2009, 12, 28), at=morning)
    assert owed(season, UNION, "service", DECEMBER).met_at == morning


def test_same_form_twice_writes_once_and_other_words_are_refused(season, liaison):
    uuid = uuid4()
    first = make_service(season, liaison, uuid=uuid)
    assert make_service(season, liaison, uuid=uuid).pk == first.pk
    with pytest.raises(Refused) as refused:
        make_service(season, liaison, uuid=uuid, text="别的")
    assert (refused.value.refusal_code, refused.value.existing, ServiceWork.objects.count()) == ("used", first, 1)


def test_form_used_by_another_department_tells_nothing_of_it(season, liaison):
    uuid = uuid4()
    make_service(season, liaison, uuid=uuid)
    with pytest.raises(Refused) as refused:
        make_service(season, actor(season, Role.STAFF, "督导室"), home="督导室", uuid=uuid)
    assert (refused.value.refusal_code, refused.value.existing) == ("used", None)


@pytest.mark.parametrize(
    ("values", "field", "code"),
    [
        ({"visited": UNION}, "visited", "own"),
        ({"kind": "tea"}, "kind", "kind"),
        ({"kind": ""}, "kind", "kind"),
        ({"day": date(2009, 12, 29)}, "happened_on", "ahead"),
        ({"day": date(2009, 8, 31)}, "happened_on", "outside"),
        ({"text": "  "}, "text", "text"),
        ({"text": "字" * 501}, "text", "text"),
        ({"place": "字" * 101}, "place", "place"),
    ],
)
def test_bad_input_is_refused_at_its_field(season, liaison, values, field, code):
    with pytest.raises(Refused) as refused:
        make_service(season, liaison, **values)
    assert (refused.value.field, refused.value.refusal_code) == (field, code)
    assert not ServiceWork.objects.exists()


def test_department_that_closed_is_not_visited_any_more(season, liaison):
    Department.objects.filter(campaign=season, name=LIBRARY).update(closed_on=date(2009, 12, 1))
    with pytest.raises(Refused) as refused:
        make_service(season, liaison)
    assert refused.value.field == "visited"


def test_day_outside_the_working_months_is_taken_and_meets_nothing(season, liaison):
    make_service(season, liaison, day=date(2009, 10, 20))
    assert (met(season, NOVEMBER), met(season, DECEMBER)) == ((None, None), (None, None))
    assert ServiceWork.objects.count() == 1


def test_department_that_owes_none_is_refused(season):
    with pytest.raises(Refused) as refused:
        make_service(season, actor(season, Role.STAFF, LIBRARY), home=LIBRARY, visited=UNION)
    assert refused.value.refusal_code == "not-owed"


def test_strangers_write_nothing_and_own_interest_is_said(season, liaison):
    for role, home in ((Role.STAFF, "督导室"), (Role.ASSESSOR, None), (Role.LEADERSHIP, None)):
        with pytest.raises(PermissionDenied):
            make_service(season, actor(season, role, home))
    office = actor(season, Role.OFFICE)
    assert make_service(season, office).department.name == UNION
    Interest.objects.create(
        campaign=season,
        user_id=office.user_id,
        department=department(season, UNION),
        reason="亲属",
        starts_on=season.facts_from,
    )
    from campaigns.queries.actors import load_actor
    from qualityseason.models import User

    barred = load_actor(User.objects.get(pk=office.user_id), season, on=NOON.date())
    with pytest.raises(ConflictOfInterest):
        make_service(season, barred)


@pytest.mark.parametrize("who", [(Role.HEAD, LIBRARY), (Role.TEAM_LEAD, None)])
def test_those_who_only_see_it_neither_change_nor_withdraw_it(season, liaison, who):
    work, stranger = make_service(season, liaison), actor(season, *who)
    with pytest.raises(PermissionDenied):
        edit_service(work, service_draft(season, text="别的"), version=1, by=stranger, at=NOON)
    with pytest.raises(PermissionDenied):
        withdraw_service(work, because="记错", by=stranger, at=NOON)


# --- changing and withdrawing


def test_last_one_withdrawn_opens_the_month_again_and_another_takes_its_place(season, liaison):
    first, second = make_service(season, liaison, day=FIRST), make_service(season, liaison)
    withdraw_service(first, because="记错", by=liaison, at=NOON)
    assert met(season, NOVEMBER) == (date(2009, 11, 20), second.uuid)
    withdraw_service(second, because="记错", by=liaison, at=NOON)
    assert met(season, NOVEMBER) == (None, None)
    assert withdraw_service(second, because="", by=liaison, at=NOON).withdrawn_because == "记错"


@pytest.mark.parametrize("because", ["", "  ", "字" * 201])
def test_withdrawal_needs_a_reason(season, liaison, because):
    work = make_service(season, liaison)
    with pytest.raises(Refused) as refused:
        withdraw_service(work, because=because, by=liaison, at=NOON)
    assert refused.value.field == "because"


def test_other_day_moves_what_is_met(season, liaison):
    work = make_service(season, liaison)
    edit_service(work, service_draft(season, day=FIRST), version=1, by=liaison, at=NOON)
    assert met(season, NOVEMBER) == (FIRST, work.uuid)
    edit_service(work, service_draft(season, day=date(2009, 12, 3)), version=2, by=liaison, at=NOON)
    assert (met(season, NOVEMBER), met(season, DECEMBER)) == ((None, None), (date(2009, 12, 3), work.uuid))


def test_stale_edit_is_refused_and_an_unchanged_one_is_none(season, liaison):
    work = make_service(season, liaison)
    assert edit_service(work, service_draft(season), version=1, by=liaison, at=NOON).version == 1
    edit_service(work, service_draft(season, text="督促整改"), version=1, by=liaison, at=NOON)
    with pytest.raises(Refused) as refused:
        edit_service(work, service_draft(season, text="我的"), version=1, by=liaison, at=NOON)
    assert (refused.value.refusal_code, refused.value.existing.text) == ("stale", "督促整改")


def test_withdrawn_one_is_not_changed(season, liaison):
    work = make_service(season, liaison)
    withdraw_service(work, because="记错", by=liaison, at=NOON)
    with pytest.raises(Refused) as refused:
        edit_service(work, service_draft(season, text="我的"), version=None, by=liaison, at=NOON)
    assert refused.value.refusal_code == "withdrawn"


def test_closed_department_visited_before_stays_when_other_words_change(season, liaison):
    work = make_service(season, liaison)
    Department.objects.filter(campaign=season, name=LIBRARY).update(closed_on=date(2009, 12, 1))
    changed = edit_service(work, service_draft(season, text="再次指导"), version=1, by=liaison, at=NOON)
    assert (changed.text, changed.visited.name) == ("再次指导", LIBRARY)


def test_every_act_is_in_the_log(season, liaison):
    work = make_service(season, liaison)
    edit_service(work, service_draft(season, text="督促整改"), version=1, by=liaison, at=NOON)
    withdraw_service(work, because="记错", by=liaison, at=NOON)
    acts = AuditEntry.objects.filter(act__startswith="service.").order_by("pk")
    assert [(entry.act, entry.department_id, entry.by_id) for entry in acts] == [
        ("service.add", work.department_id, liaison.user_id),
        ("service.edit", work.department_id, liaison.user_id),
        ("service.withdraw", work.department_id, liaison.user_id),
    ]
    assert (acts[1].before["text"], acts[1].after["text"]) == ("指导台账", "督促整改")


# --- sight


def test_visited_department_sees_it_until_withdrawn_and_a_third_never(season, liaison):
    work = make_service(season, liaison)
    visited, third = actor(season, Role.HEAD, LIBRARY), actor(season, Role.HEAD, "体育部")
    overseers = actor(season, Role.LEADERSHIP)

    def seen():
        return [list(ServiceWork.objects.visible_to(each)) for each in (liaison, visited, third, overseers)]

    assert seen() == [[work], [work], [], [work]]
    withdraw_service(work, because="记错", by=liaison, at=NOON)
    assert seen() == [[work], [], [], [work]]


def test_obligation_met_otherwise_is_left_alone(season, liaison):
    row = owed(season, UNION, "service", NOVEMBER)
    Obligation.objects.filter(pk=row.pk).update(
        met_at=NOON, recorded_at=NOON, met_by_kind="paper", met_by_uuid=uuid4(), met_by=liaison.user_id
    )
    make_service(season, liaison)
    assert owed(season, UNION, "service", NOVEMBER).met_by_kind == "paper"


def test_department_record_service_needs_its_campaign_alone(season, other_season, liaison):
    stranger = Department.objects.filter(campaign=other_season).first()
    draft = service_draft(season)
    draft = type(draft)(stranger, draft.kind, draft.happened_on, draft.text)
    with pytest.raises(Refused) as refused:
        record_service(department(season, UNION), draft, uuid=uuid4(), by=liaison, at=NOON)
    assert refused.value.field == "visited"
