"""Circulars: sent to departments, changed with what they owe, withdrawn; what is refused."""

import uuid
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from campaigns.enums import Role
from campaigns.models import Attachment, Circular, CircularRecipient, Department, Obligation
from campaigns.services.circulars import edit_circular, withdraw_circular
from qualityseason.errors import ConflictOfInterest, Refused
from qualityseason.models import AuditEntry
from tests.campaigns.circular_working import (
    DUE,
    HOME,
    OTHER,
    carried_out,
    draft,
    liaison_of,
    owed,
    part,
    places,
    prove,
    relayed,
    sent,
)
from tests.campaigns.handing_in import make_file
from tests.factories import NOON, department, make_actor


@pytest.fixture
def office(season):
    return make_actor(season, Role.OFFICE)


def edited(circular, office, *names, version=None, again=False, **values):
    return edit_circular(
        circular,
        draft(**values),
        version=version,
        departments=places(circular.campaign, *names),
        again=again,
        by=office,
        at=NOON,
    )


def addressed(circular):
    rows = circular.recipients.filter(removed_at__isnull=True).order_by("department__order")
    return [row.department.name for row in rows]


# --- sending


def test_circular_makes_every_recipient_owe_it(season, office):
    circular = sent(season, office, HOME, OTHER, title="  关于加强考勤的通知 ")
    assert (circular.title, circular.kind, circular.version) == ("关于加强考勤的通知", "issued", 1)
    assert addressed(circular) == ["工会", "图书馆"]
    rows = Obligation.objects.filter(kind="circular").order_by("department__order")
    assert [(row.department.name, row.key, row.name, row.due_on, row.met_at) for row in rows] == [
        ("工会", str(circular.uuid), "郴职院发[2009]40号 关于加强考勤的通知", date(2009, 12, 10), None),
        ("图书馆", str(circular.uuid), "郴职院发[2009]40号 关于加强考勤的通知", date(2009, 12, 10), None),
    ]
    entry = AuditEntry.objects.get(act="circular.issue")
    assert (entry.by_id, entry.campaign_id, entry.department_id) == (office.user_id, season.pk, None)
    assert entry.after["departments"] == ["图书馆", "工会"]


def test_own_department_of_the_office_may_be_among_all(season):
    own = make_actor(season, Role.OFFICE, department=department(season, HOME))
    circular = sent(season, own, *[place.name for place in places(season)])
    assert len(addressed(circular)) == 24


@pytest.mark.parametrize("role", [Role.HEAD, Role.STAFF, Role.ASSESSOR, Role.TEAM_LEAD, Role.LEADERSHIP])
def test_office_alone_sends_changes_and_withdraws(season, office, role):
    home = department(season, HOME) if role in (Role.HEAD, Role.STAFF) else None
    other = make_actor(season, role, department=home)
    circular = sent(season, office)
    with pytest.raises(PermissionDenied):
        sent(season, other, title="另一份")
    with pytest.raises(PermissionDenied):
        edited(circular, other, HOME, title="另一份")
    with pytest.raises(PermissionDenied):
        withdraw_circular(circular, because="误发", by=other, at=NOON)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": " \u200b"}, "title"),
        ({"title": "长" * 201}, "title"),
        ({"number": "号" * 101}, "number"),
        ({"text": "长" * 10_001}, "text"),
        ({"due_on": date(2009, 11, 30)}, "due_on"),
        ({"issued_on": date(209, 12, 1)}, "issued_on"),
        ({"issued_on": date(2909, 12, 1), "due_on": date(2909, 12, 2)}, "issued_on"),
        ({"due_on": date(2909, 12, 1)}, "due_on"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(season, office, values, field):
    with pytest.raises(Refused) as refusal:
        sent(season, office, **values)
    assert refusal.value.field == field
    assert not Circular.objects.exists()


def test_due_on_the_day_of_issue_is_fine(season, office):
    assert sent(season, office, due_on=date(2009, 12, 1)).due_on == date(2009, 12, 1)


def test_circular_to_nobody_or_to_a_closed_department_is_refused(season, office):
    circular = sent(season, office)
    with pytest.raises(Refused) as refusal:
        edit_circular(circular, draft(), version=None, departments=[], by=office, at=NOON)
    assert (refusal.value.field, refusal.value.refusal_code) == ("departments", "nobody")
    Department.objects.filter(campaign=season, name=OTHER).update(closed_on=date(2009, 12, 1))
    with pytest.raises(Refused) as refusal:
        sent(season, office, OTHER, title="另一份")
    assert refusal.value.refusal_code == "closed"


# --- twice


def test_same_form_twice_is_one_circular_and_other_words_are_refused(season, office):
    key = uuid.uuid4()
    first = sent(season, office, HOME, OTHER, uuid=key)
    assert sent(season, office, OTHER, HOME, uuid=key) == first
    assert (Circular.objects.count(), CircularRecipient.objects.count()) == (1, 2)
    assert AuditEntry.objects.filter(act="circular.issue").count() == 1
    for values, names in (({"title": "别的"}, (HOME, OTHER)), ({}, (HOME,))):
        with pytest.raises(Refused) as refusal:
            sent(season, office, *names, uuid=key, **values)
        assert (refusal.value.refusal_code, refusal.value.existing) == ("used", first)
    with pytest.raises(Refused) as refusal:
        sent(season, make_actor(season, Role.OFFICE), HOME, OTHER, uuid=key)
    assert refusal.value.existing is None


def test_number_and_title_known_already_are_warned_of_and_confirmed(season, office):
    first = sent(season, office)
    twin = {"number": "郴职院发［２００９］４０号", "title": "关于加强 考勤的通知"}
    with pytest.raises(Refused) as refusal:
        sent(season, office, **twin)
    assert (refusal.value.field, refusal.value.refusal_code, refusal.value.existing) == ("again", "twin", first)
    assert sent(season, office, again=True, **twin) != first
    assert sent(season, office, number="郴职院发[2009]41号") != first
    assert sent(season, office, title="关于加强考勤的补充通知") != first


def test_twin_of_a_withdrawn_one_is_no_twin(season, office):
    withdraw_circular(sent(season, office), because="误发", by=office, at=NOON)
    assert sent(season, office).withdrawn_at is None


def test_files_are_attached_to_the_circular(season, office):
    stored = make_file(by_id=office.user_id, is_upload=True)
    circular = sent(season, office, uploads=[stored.uuid])
    attachment = Attachment.objects.get()
    assert (attachment.owner_kind, attachment.owner_uuid, attachment.department_id) == (
        "circular",
        circular.uuid,
        None,
    )


# --- changing


def test_other_due_day_and_more_departments_are_followed_by_obligations(season, office):
    circular = sent(season, office)
    done = edited(circular, office, HOME, OTHER, due_on=date(2009, 12, 20), title="关于考勤的通知")
    assert (done.circular.version, done.kept, addressed(circular)) == (2, (), ["工会", "图书馆"])
    for home in (HOME, OTHER):
        row = owed(circular, home)
        assert (row.due_on, row.name) == (date(2009, 12, 20), "郴职院发[2009]40号 关于考勤的通知")


def test_department_taken_off_owes_it_no_more_and_again_when_back(season, office):
    circular = sent(season, office, HOME, OTHER)
    edited(circular, office, HOME)
    assert (addressed(circular), owed(circular, OTHER).dropped_at) == (["图书馆"], NOON)
    other = liaison_of(season, OTHER)
    assert not Circular.objects.visible_to(other).exists()
    edited(circular, office, HOME, OTHER)
    assert (addressed(circular), owed(circular, OTHER).dropped_at) == (["工会", "图书馆"], None)
    assert Circular.objects.visible_to(other).get() == circular


@pytest.mark.parametrize("recorded", ["relay", "execution", "evidence"])
def test_department_that_recorded_something_stays(season, office, recorded):
    circular = sent(season, office, HOME, OTHER)
    by = liaison_of(season)
    if recorded == "relay":
        relayed(circular, by)
    elif recorded == "execution":
        carried_out(circular, by)
    else:
        prove(season, "circular", circular.uuid, by_id=by.user_id)
    done = edited(circular, office, OTHER)
    assert ([place.name for place in done.kept], addressed(circular)) == (["图书馆"], ["工会", "图书馆"])
    assert owed(circular).dropped_at is None


def test_withdrawn_evidence_holds_nobody(season, office):
    circular = sent(season, office, HOME, OTHER)
    prove(season, "circular", circular.uuid, by_id=office.user_id, withdrawn=True)
    assert edited(circular, office, OTHER).kept == ()
    assert addressed(circular) == ["工会"]


def test_closed_department_that_has_it_is_left_alone(season, office):
    circular = sent(season, office, HOME, OTHER)
    Department.objects.filter(campaign=season, name=OTHER).update(closed_on=date(2009, 12, 5))
    edited(circular, office, HOME, due_on=date(2009, 12, 20))
    assert addressed(circular) == ["工会", "图书馆"]
    assert (owed(circular, OTHER).due_on, owed(circular).due_on) == (DUE, date(2009, 12, 20))


def test_own_department_is_not_taken_off_by_oneself(season, office):
    circular = sent(season, office, HOME, OTHER)
    own = make_actor(season, Role.OFFICE, department=department(season, HOME))
    with pytest.raises(ConflictOfInterest):
        edited(circular, own, OTHER)
    assert addressed(circular) == ["工会", "图书馆"]
    assert edited(circular, own, HOME).circular.version == 2


def test_change_that_changes_nothing_writes_nothing(season, office):
    circular = sent(season, office)
    assert edited(circular, office, HOME, version=7).circular.version == 1
    assert not AuditEntry.objects.filter(act="circular.edit").exists()


def test_stale_change_is_refused_with_what_stands_there(season, office):
    circular = sent(season, office)
    edited(circular, office, HOME, version=1, title="关于考勤的通知")
    with pytest.raises(Refused) as refusal:
        edited(circular, office, HOME, version=1, title="关于值班的通知")
    assert (refusal.value.refusal_code, refusal.value.existing.title) == ("stale", "关于考勤的通知")
    assert edited(circular, office, HOME, version=2, title="关于值班的通知").circular.version == 3


def test_change_to_number_and_title_of_another_is_warned_of(season, office):
    first = sent(season, office)
    second = sent(season, office, title="关于值班的通知")
    with pytest.raises(Refused) as refusal:
        edited(second, office, HOME)
    assert (refusal.value.refusal_code, refusal.value.existing) == ("twin", first)
    assert edited(second, office, HOME, again=True).circular.title == "关于加强考勤的通知"
    assert edited(second, office, HOME, text="已是第二份").circular.text == "已是第二份"  # not asked a second time


def test_issue_after_a_record_is_refused(season, office):
    circular = sent(season, office)
    relayed(circular, liaison_of(season), on=date(2009, 12, 3))
    with pytest.raises(Refused) as refusal:
        edited(circular, office, HOME, issued_on=date(2009, 12, 4))
    assert (refusal.value.field, refusal.value.refusal_code) == ("issued_on", "recorded")
    assert edited(circular, office, HOME, issued_on=date(2009, 12, 3)).circular.issued_on == date(2009, 12, 3)


# --- withdrawing


def test_withdrawn_circular_is_owed_and_seen_by_no_department(season, office):
    circular = sent(season, office, HOME, OTHER)
    home = liaison_of(season)
    relayed(circular, home)
    withdrawn = withdraw_circular(circular, because=" 误发 ", by=office, at=NOON)
    assert (withdrawn.withdrawn_at, withdrawn.withdrawn_because, withdrawn.withdrawn_by_id) == (
        NOON,
        "误发",
        office.user_id,
    )
    assert {owed(circular, home).dropped_at for home in (HOME, OTHER)} == {NOON}
    assert not Circular.objects.visible_to(home).exists()
    assert Circular.objects.visible_to(office).get() == circular
    withdraw_circular(circular, because="再次", by=office, at=NOON)
    assert AuditEntry.objects.filter(act="circular.withdraw").count() == 1


def test_withdrawing_needs_a_reason(season, office):
    circular = sent(season, office)
    for because in ("", "长" * 201):
        with pytest.raises(Refused) as refusal:
            withdraw_circular(circular, because=because, by=office, at=NOON)
        assert refusal.value.field == "because"


def test_nothing_is_written_into_a_withdrawn_circular(season, office):
    circular = sent(season, office)
    row = part(circular)
    withdraw_circular(circular, because="误发", by=office, at=NOON)
    for act in (
        lambda: edited(circular, office, HOME, title="别的"),
        lambda: relayed(circular, liaison_of(season)),
        lambda: carried_out(circular, liaison_of(season)),
    ):
        with pytest.raises(Refused) as refusal:
            act()
        assert refusal.value.refusal_code == "withdrawn"
    row.refresh_from_db()
    assert (row.relayed_on, row.carried_out_on) == (None, None)
