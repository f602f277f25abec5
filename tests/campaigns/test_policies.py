"""Own policies: entered item by item, changed, withdrawn; measures; which contents are on paper only."""

import uuid
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaigns.enums import Role
from campaigns.forms.policies import in_place
from campaigns.models import Attachment, Interest, Policy, PolicyItem, PolicyMeasure
from campaigns.queries.actors import load_actor
from campaigns.queries.policies import policy_rows
from campaigns.services.policies import edit_policy, withdraw_policy
from campaigns.services.policy_drafts import ItemDraft
from campaigns.services.policy_measures import add_measure, remove_measure
from qualityseason.errors import ConflictOfInterest, Refused
from qualityseason.models import AuditEntry, User
from tests.campaigns.circular_working import HOME, OTHER, entered, liaison_of, policy_draft, prove
from tests.campaigns.handing_in import make_file
from tests.factories import NOON, department, make_actor


@pytest.fixture
def liaison(season):
    return liaison_of(season)


@pytest.fixture
def policy(season, liaison):
    return entered(season, liaison, "每周检查一次", "每月通报一次", "纳入考核")


def texts(policy):
    return list(policy.items.filter(removed_at__isnull=True).values_list("text", flat=True))


def item(policy, text):
    return PolicyItem.objects.get(policy=policy, text=text)


def rows_of(policy):
    return [ItemDraft(row.text, row.uuid) for row in policy.items.filter(removed_at__isnull=True)]


def edited(policy, by, rows=None, *, version=None, **values):
    rows = rows_of(policy) if rows is None else rows
    return edit_policy(policy, policy_draft(items=rows, **values), version=version, by=by, at=NOON)


def measured(policy, by, text="每周检查一次", *, what="十一月检查四次", on=date(2009, 11, 30), key=None):
    return add_measure(item(policy, text), uuid=key or uuid.uuid4(), text=what, happened_on=on, by=by, at=NOON)


# --- entering


def test_policy_older_than_the_season_is_entered_with_its_contents(season, liaison, policy):
    assert (policy.title, policy.number, policy.issued_on) == ("值班制度", "馆字[2008]3号", date(2008, 9, 1))
    assert texts(policy) == ["每周检查一次", "每月通报一次", "纳入考核"]
    entry = AuditEntry.objects.get(act="policy.enter")
    assert (entry.department_id, entry.after["items"]) == (
        policy.department_id,
        ["每周检查一次", "每月通报一次", "纳入考核"],
    )


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "长" * 201}, "title"),
        ({"number": "长" * 101}, "number"),
        ({"issued_on": date(2009, 12, 29)}, "issued_on"),
        ({"issued_on": date(209, 9, 1)}, "issued_on"),
        ({"items": [ItemDraft(" ")]}, "items"),
        ({"items": [ItemDraft("长" * 501)]}, "items"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(season, liaison, values, field):
    with pytest.raises(Refused) as refusal:
        entered(season, liaison, **values)
    assert refusal.value.field == field
    assert not Policy.objects.exists()


def test_same_form_twice_is_one_policy_and_other_words_are_refused(season, liaison):
    key = uuid.uuid4()
    first = entered(season, liaison, uuid=key)
    assert entered(season, liaison, uuid=key) == first
    assert (Policy.objects.count(), PolicyItem.objects.count()) == (1, 2)
    with pytest.raises(Refused) as refusal:
        entered(season, liaison, "别的", uuid=key)
    assert (refusal.value.refusal_code, refusal.value.existing) == ("used", first)
    with pytest.raises(Refused) as refusal:
        entered(season, liaison_of(season, OTHER), home=OTHER, uuid=key)
    assert (refusal.value.refusal_code, refusal.value.existing) == ("used", None)


def test_files_take_the_room_of_the_department(season, liaison):
    stored = make_file(by_id=liaison.user_id, is_upload=True)
    policy = entered(season, liaison, uploads=[stored.uuid])
    attachment = Attachment.objects.get()
    assert (attachment.owner_kind, attachment.owner_uuid, attachment.department_id) == (
        "policy",
        policy.uuid,
        policy.department_id,
    )


# --- changing


def test_contents_are_reworded_reordered_added_and_taken_out(liaison, policy):
    first, second, third = rows_of(policy)
    rows = [third, ItemDraft("每两周检查一次", first.was), ItemDraft("", second.was), ItemDraft("年底总结")]
    done = edited(policy, liaison, rows, version=1)
    assert (done.policy.version, done.kept, texts(policy)) == (2, (), ["纳入考核", "每两周检查一次", "年底总结"])
    assert item(policy, "每两周检查一次").uuid == first.was
    assert item(policy, "每月通报一次").removed_at == NOON


@pytest.mark.parametrize("rests", ["measure", "evidence"])
def test_content_something_rests_on_stays_in_its_place(season, liaison, policy, rests):
    if rests == "measure":
        measured(policy, liaison)
    else:
        prove(season, "policy-item", item(policy, "每周检查一次").uuid, by_id=liaison.user_id)
    first, second, third = rows_of(policy)
    done = edited(policy, liaison, [ItemDraft("", first.was), ItemDraft("", second.was), third])
    assert ([row.text for row in done.kept], texts(policy)) == (["每周检查一次"], ["每周检查一次", "纳入考核"])


def test_content_whose_measure_was_taken_out_goes(liaison, policy):
    remove_measure(measured(policy, liaison), by=liaison, at=NOON)
    first, second, third = rows_of(policy)
    edited(policy, liaison, [ItemDraft("", first.was), second, third])
    assert texts(policy) == ["每月通报一次", "纳入考核"]


def test_policy_keeps_at_least_one_content(liaison, policy):
    with pytest.raises(Refused) as refusal:
        edited(policy, liaison, [ItemDraft("", row.was) for row in rows_of(policy)])
    assert refusal.value.field == "items"
    assert len(texts(policy)) == 3


def test_stale_change_is_refused_and_then_loses_no_added_content(liaison, policy):
    mine = rows_of(policy)
    edited(policy, liaison, [*mine, ItemDraft("他人添加")], version=1)
    changed = [ItemDraft("每日检查一次", mine[0].was), *mine[1:]]
    with pytest.raises(Refused) as refusal:
        edited(policy, liaison, changed, version=1)
    assert (refusal.value.refusal_code, refusal.value.existing.version) == ("stale", 2)
    edited(policy, liaison, changed, version=2)
    assert texts(policy) == ["每日检查一次", "每月通报一次", "纳入考核", "他人添加"]


def test_change_sent_twice_adds_once(liaison, policy):
    rows = [*rows_of(policy), ItemDraft("年底总结")]
    for _click in range(2):
        assert edited(policy, liaison, rows, version=1).policy.version == 2
    assert texts(policy) == ["每周检查一次", "每月通报一次", "纳入考核", "年底总结"]
    assert AuditEntry.objects.filter(act="policy.edit").count() == 1


def test_row_naming_a_strangers_content_is_a_new_one(season, liaison, policy):
    strange = entered(season, liaison_of(season, OTHER), "别人的内容", home=OTHER)
    edited(policy, liaison, [*rows_of(policy), ItemDraft("照抄", item(strange, "别人的内容").uuid)])
    assert texts(strange) == ["别人的内容"]
    assert texts(policy)[-1] == "照抄"


def test_issue_after_a_measure_is_refused(liaison, policy):
    measured(policy, liaison, on=date(2009, 11, 30))
    with pytest.raises(Refused) as refusal:
        edited(policy, liaison, issued_on=date(2009, 12, 1))
    assert (refusal.value.field, refusal.value.refusal_code) == ("issued_on", "measures")


# --- withdrawing


def test_withdrawn_policy_takes_nothing_more(liaison, policy):
    measure = measured(policy, liaison)
    done = withdraw_policy(policy, because="已废止", by=liaison, at=NOON)
    assert (done.withdrawn_at, done.withdrawn_because, done.withdrawn_by_id) == (NOON, "已废止", liaison.user_id)
    withdraw_policy(policy, because="再次", by=liaison, at=NOON)
    assert AuditEntry.objects.filter(act="policy.withdraw").count() == 1
    for act in (
        lambda: edited(policy, liaison, title="别的"),
        lambda: measured(policy, liaison),
        lambda: remove_measure(measure, by=liaison, at=NOON),
    ):
        with pytest.raises(Refused) as refusal:
            act()
        assert refusal.value.refusal_code == "withdrawn"


@pytest.mark.parametrize("because", ["", "长" * 201])
def test_withdrawing_needs_a_reason(liaison, policy, because):
    with pytest.raises(Refused) as refusal:
        withdraw_policy(policy, because=because, by=liaison, at=NOON)
    assert refusal.value.field == "because"


# --- measures


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"what": " "}, "text"),
        ({"what": "长" * 501}, "text"),
        ({"on": date(2009, 12, 29)}, "happened_on"),
        ({"on": date(2008, 8, 31)}, "happened_on"),
    ],
)
def test_measure_that_cannot_be_is_refused(liaison, policy, values, field):
    with pytest.raises(Refused) as refusal:
        measured(policy, liaison, **values)
    assert refusal.value.field == field
    assert not PolicyMeasure.objects.exists()


def test_measure_sent_twice_is_one(liaison, policy):
    key = uuid.uuid4()
    assert measured(policy, liaison, key=key) == measured(policy, liaison, key=key)
    assert PolicyMeasure.objects.count() == 1
    with pytest.raises(Refused) as refusal:
        measured(policy, liaison, what="别的", key=key)
    assert refusal.value.refusal_code == "used"


def test_measure_of_a_content_taken_out_is_refused(liaison, policy):
    first, second, third = rows_of(policy)
    edited(policy, liaison, [ItemDraft("", first.was), second, third])
    with pytest.raises(Refused) as refusal:
        measured(policy, liaison)
    assert refusal.value.refusal_code == "removed"


def test_removed_measure_stays_as_a_row(liaison, policy):
    measure = measured(policy, liaison)
    for _click in range(2):
        remove_measure(measure, by=liaison, at=NOON)
    measure.refresh_from_db()
    assert (measure.removed_at, AuditEntry.objects.filter(act="policy.measure-remove").count()) == (NOON, 1)


# --- on paper only


def test_measure_or_standing_evidence_of_the_department_carries_a_content_out(season, liaison, policy):
    measured(policy, liaison, "每周检查一次")
    remove_measure(measured(policy, liaison, "纳入考核", what="写错"), by=liaison, at=NOON)
    prove(season, "policy-item", item(policy, "每月通报一次").uuid, by_id=liaison.user_id)
    prove(season, "policy-item", item(policy, "纳入考核").uuid, by_id=liaison.user_id, withdrawn=True)
    prove(season, "policy-item", item(policy, "纳入考核").uuid, by_id=liaison.user_id, home=OTHER)
    (row,) = policy_rows(liaison)
    assert [(one.text, one.measures, one.evidence, one.is_on_paper) for one in row.items] == [
        ("每周检查一次", 1, 0, False),
        ("每月通报一次", 0, 1, False),
        ("纳入考核", 0, 0, True),
    ]
    assert row.on_paper == 1


# --- who


def test_office_enters_for_a_department_but_not_for_its_own(season, policy):
    office = make_actor(season, Role.OFFICE)
    assert measured(policy, office).entered_by_id == office.user_id
    user = User.objects.get(pk=office.user_id)
    Interest.objects.create(
        campaign=season, user=user, department=department(season), reason="配偶", starts_on=date(2009, 9, 1)
    )
    barred = load_actor(user, season, on=NOON.date())
    for act in (
        lambda: entered(season, barred),
        lambda: edited(policy, barred, title="别的"),
        lambda: measured(policy, barred),
        lambda: withdraw_policy(policy, because="误", by=barred, at=NOON),
    ):
        with pytest.raises(ConflictOfInterest):
            act()


@pytest.mark.parametrize("role", [Role.STAFF, Role.ASSESSOR, Role.TEAM_LEAD, Role.LEADERSHIP])
def test_others_enter_nothing(season, policy, role):
    other = make_actor(season, role, department=department(season, OTHER) if role == Role.STAFF else None)
    for act in (
        lambda: entered(season, other, home=HOME),
        lambda: edited(policy, other, title="别的"),
        lambda: measured(policy, other),
        lambda: withdraw_policy(policy, because="误", by=other, at=NOON),
    ):
        with pytest.raises(PermissionDenied):
            act()


# --- the order of rows


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.one_of(st.none(), st.integers(-9, 99)), max_size=8))
def test_rows_without_a_place_stay_where_they_are_and_none_is_lost(places):
    order = sorted(range(len(places)), key=lambda index: in_place(index, places[index]))
    assert sorted(order) == list(range(len(places)))
    wanted = [index + 1 if places[index] is None else places[index] for index in order]
    assert wanted == sorted(wanted)
    if all(place is None for place in places):
        assert order == list(range(len(places)))
