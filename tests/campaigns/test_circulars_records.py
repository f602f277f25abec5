"""What departments record of circulars: relay and execution, what together they meet, corrections."""

from datetime import date, datetime

import pytest
from django.core.exceptions import PermissionDenied

from campaigns.enums import Role
from campaigns.models import Obligation, Posting
from campaigns.services.circulars import edit_circular
from campaigns.services.obligations import extend_obligation
from qualityseason.errors import ConflictOfInterest, Refused
from qualityseason.models import AuditEntry
from tests.campaigns.circular_working import (
    HOME,
    OTHER,
    carried_out,
    draft,
    liaison_of,
    owed,
    part,
    places,
    relayed,
    sent,
)
from tests.factories import NOON, SHANGHAI, department, make_actor, make_person


@pytest.fixture
def office(season):
    return make_actor(season, Role.OFFICE)


@pytest.fixture
def liaison(season):
    return liaison_of(season)


@pytest.fixture
def circular(season, office):
    return sent(season, office, HOME, OTHER)


def noon(day):
    return datetime(2009, 12, day, 12, 0, tzinfo=SHANGHAI)


# --- the relay


def test_relay_to_all_says_when_and_how(circular, liaison):
    row = relayed(circular, liaison, on=date(2009, 12, 3), how=" 部门例会 ")
    assert (row.relayed_on, row.relayed_to_all, row.relayed_how, row.version) == (
        date(2009, 12, 3),
        True,
        "部门例会",
        2,
    )
    assert (row.relayed_by_id, row.relayed_at, row.relayed_to.count()) == (liaison.user_id, NOON, 0)
    entry = AuditEntry.objects.get(act="circular.relay")
    assert (entry.department_id, entry.after) == (
        row.department_id,
        {"relayed_on": "2009-12-03", "to_all": True, "persons": [], "how": "部门例会"},
    )


def test_relay_to_chosen_persons_keeps_whom(season, circular, liaison):
    first, second = make_person(season), make_person(season, "李敏", number="00124")
    row = relayed(circular, liaison, persons=[second, first, first])
    assert (row.relayed_to_all, list(row.relayed_to.all())) == (False, [first, second])


def test_relay_to_nobody_is_refused(circular, liaison):
    with pytest.raises(Refused) as refusal:
        relayed(circular, liaison, to_all=False)
    assert (refusal.value.field, refusal.value.refusal_code) == ("persons", "nobody")


@pytest.mark.parametrize(
    ("day", "code"),
    [(date(2009, 11, 30), "early"), (date(2009, 12, 29), "future"), (date(209, 12, 3), "early")],
)
def test_day_before_the_issue_or_to_come_is_refused(circular, liaison, day, code):
    for act, field in ((relayed, "relayed_on"), (carried_out, "carried_out_on")):
        with pytest.raises(Refused) as refusal:
            act(circular, liaison, on=day)
        assert (refusal.value.field, refusal.value.refusal_code) == (field, code)
    row = part(circular)
    assert (row.relayed_on, row.carried_out_on, row.version) == (None, None, 1)


def test_day_of_issue_and_today_are_fine(circular, liaison):
    assert relayed(circular, liaison, on=date(2009, 12, 1)).relayed_on == date(2009, 12, 1)
    assert carried_out(circular, liaison, on=date(2009, 12, 28)).carried_out_on == date(2009, 12, 28)


def test_persons_not_posted_there_on_that_day_are_named(season, circular, liaison):
    here, gone, stranger = (
        make_person(season),
        make_person(season, "李敏", number="00124"),
        make_person(season, "王强", number="00125", home=OTHER),
    )
    Posting.objects.filter(staff_member=gone).update(ends_on=date(2009, 12, 2))
    with pytest.raises(Refused) as refusal:
        relayed(circular, liaison, persons=[here, gone, stranger])
    assert (refusal.value.field, refusal.value.refusal_code) == ("persons", "strangers")
    assert "李敏、王强" in str(refusal.value.sentence)
    assert "张伟" not in str(refusal.value.sentence)
    assert relayed(circular, liaison, on=date(2009, 12, 2), persons=[here, gone]).relayed_to.count() == 2


@pytest.mark.parametrize(("act", "field"), [(relayed, "how"), (carried_out, "what")])
def test_too_long_a_text_is_refused(circular, liaison, act, field):
    with pytest.raises(Refused) as refusal:
        act(circular, liaison, **{field: "长" * 2001})
    assert refusal.value.field == field


def test_execution_without_words_is_refused(circular, liaison):
    with pytest.raises(Refused) as refusal:
        carried_out(circular, liaison, what=" ")
    assert refusal.value.field == "what"


# --- what is met


def test_both_together_meet_what_is_owed_at_noon_of_the_later_day(circular, liaison):
    carried_out(circular, liaison, on=date(2009, 12, 8))
    assert owed(circular).met_at is None
    relayed(circular, liaison, on=date(2009, 12, 9))
    row = owed(circular)
    assert (row.met_at, row.recorded_at, row.met_by_id) == (noon(9), NOON, liaison.user_id)
    assert (row.met_by_kind, row.met_by_uuid) == ("circular", circular.uuid)
    assert owed(circular, OTHER).met_at is None


def test_correction_moves_the_moment_for_this_department_alone(season, circular, liaison):
    other = liaison_of(season, OTHER)
    for by, home in ((liaison, HOME), (other, OTHER)):
        relayed(circular, by, home=home)
        carried_out(circular, by, home=home, on=date(2009, 12, 8))
    row = carried_out(circular, liaison, on=date(2009, 12, 11), what="已落实，并检查一次")
    assert (row.version, owed(circular).met_at, owed(circular, OTHER).met_at) == (4, noon(11), noon(8))
    entry = AuditEntry.objects.filter(act="circular.carry-out").last()
    assert (entry.before, entry.after) == (
        {"carried_out_on": "2009-12-08", "what": "已落实"},
        {"carried_out_on": "2009-12-11", "what": "已落实，并检查一次"},
    )


def test_correction_of_words_alone_leaves_the_moment(circular, liaison):
    relayed(circular, liaison)
    carried_out(circular, liaison)
    carried_out(circular, liaison, what="已落实并检查")
    assert not AuditEntry.objects.filter(act="obligation.reopen").exists()
    assert owed(circular).met_at == noon(8)


def test_late_is_recorded_and_an_extension_counts(circular, office, liaison):
    row = owed(circular)
    extend_obligation(row, until=date(2009, 12, 20), reason="搬迁", version="2009-12-10", by=office, at=NOON)
    relayed(circular, liaison, on=date(2009, 12, 15))
    carried_out(circular, liaison, on=date(2009, 12, 18))
    met = Obligation.objects.get(pk=row.pk)
    assert (met.met_at, met.deadline) == (noon(18), date(2009, 12, 20))


def test_due_day_moved_later_leaves_what_is_met(circular, office, liaison):
    relayed(circular, liaison)
    carried_out(circular, liaison)
    edit_circular(
        circular,
        draft(due_on=date(2009, 12, 5)),
        version=None,
        departments=places(circular.campaign, HOME, OTHER),
        by=office,
        at=NOON,
    )
    row = owed(circular)
    assert (row.met_at, row.due_on) == (noon(8), date(2009, 12, 5))


# --- two at once, twice


def test_stale_record_is_refused_with_what_stands_there(circular, liaison):
    relayed(circular, liaison, version=1)
    for act, values in ((relayed, {"how": "张贴"}), (carried_out, {})):
        with pytest.raises(Refused) as refusal:
            act(circular, liaison, version=1, **values)
        assert (refusal.value.refusal_code, refusal.value.existing.relayed_how) == ("stale", "部门例会")
    assert carried_out(circular, liaison, version=2).version == 3


def test_same_record_sent_twice_writes_once(season, circular, liaison):
    person = make_person(season)
    for _click in range(2):
        relayed(circular, liaison, persons=[person], version=1)
    for _click in range(2):
        carried_out(circular, liaison, version=2)
    acts = AuditEntry.objects.filter(campaign_id=season.pk, act__startswith="circular.").values_list("act", flat=True)
    assert sorted(acts) == ["circular.carry-out", "circular.issue", "circular.relay"]


# --- who


def test_office_enters_for_a_department_but_not_for_its_own(season, circular, office):
    assert relayed(circular, office).relayed_by_id == office.user_id
    own = make_actor(season, Role.OFFICE)
    from campaigns.models import Interest
    from campaigns.queries.actors import load_actor
    from qualityseason.models import User

    user = User.objects.get(pk=own.user_id)
    Interest.objects.create(
        campaign=season, user=user, department=department(season), reason="配偶", starts_on=date(2009, 9, 1)
    )
    own = load_actor(user, season, on=NOON.date())
    for act in (relayed, carried_out):
        with pytest.raises(ConflictOfInterest):
            act(circular, own)
        assert act(circular, own, home=OTHER).department.name == OTHER


@pytest.mark.parametrize("role", [Role.STAFF, Role.ASSESSOR, Role.TEAM_LEAD, Role.LEADERSHIP])
def test_others_record_nothing(season, circular, role):
    home = department(season, OTHER) if role == Role.STAFF else None
    other = make_actor(season, role, department=home)
    for act in (relayed, carried_out):
        with pytest.raises(PermissionDenied):
            act(circular, other)
