"""Proposed changes of staff list and duties: what accepting does, what is refused, and who decides."""

import uuid
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from campaigns.enums import ProposalKind, Role, StaffCategory
from campaigns.models import Duty, Interest, Posting, Proposal, StaffMember
from campaigns.queries.actors import load_actor
from campaigns.services.duties import change_duty, end_duty
from campaigns.services.proposals import decide_proposal, propose_change, withdraw_proposal
from campaigns.services.staff import add_posting, end_posting, update_staff_member
from qualityseason.errors import ConflictOfInterest, Refused
from qualityseason.models import AuditEntry
from tests.campaigns.people_working import actor_of, make_duty, make_member
from tests.factories import NOON, department, make_actor, make_membership, make_person, make_user

JOIN = {"number": "00123", "name": "张伟", "category": "full_time", "starts_on": date(2009, 12, 1)}
WORDS = {"number": "2", "text": "资料建设", "source": "24号"}


@pytest.fixture
def liaison(season):
    return actor_of(make_member(season, Role.STAFF, "图书馆"), season)


@pytest.fixture
def office(season):
    return make_actor(season, Role.OFFICE)


@pytest.fixture
def propose(season, liaison):
    def run(kind, values=None, *, home="图书馆", key=None, reason="人事调整", by=None, **target):
        return propose_change(
            department(season, home),
            kind=ProposalKind(kind),
            values=values or {},
            reason=reason,
            uuid=key or uuid.uuid4(),
            by=by or liaison,
            at=NOON,
            **target,
        )

    return run


def accept(proposal, office, **options):
    return decide_proposal(proposal, accept=True, note="", by=office, at=NOON, **options)


def postings(person):
    rows = Posting.objects.filter(staff_member=person).order_by("starts_on")
    return [(row.department.name, row.starts_on, row.ends_on) for row in rows]


# --- what accepting does


def test_accepted_join_puts_a_new_person_on_the_list_with_a_posting(season, office, propose):
    proposal = propose("staff-join", JOIN)
    assert not StaffMember.objects.exists()  # proposing only tries it
    decided = accept(proposal, office)
    person = StaffMember.objects.get()
    assert (person.number, person.name, person.category) == ("00123", "张伟", "full_time")
    assert postings(person) == [("图书馆", date(2009, 12, 1), None)]
    assert (decided.state, decided.decided_by_id, decided.decided_at) == ("accepted", office.user_id, NOON)
    acts = AuditEntry.objects.filter(campaign_id=season.pk).order_by("pk").values_list("act", flat=True)
    assert list(acts)[-4:] == ["proposal.add", "staff.add", "posting.add", "proposal.decide"]


def test_accepted_join_of_a_known_number_moves_the_person_from_that_day(season, office, propose):
    person = make_person(season, "张 伟", home="工会")
    accept(propose("staff-join", JOIN), office)
    assert postings(person) == [
        ("工会", season.facts_from, date(2009, 11, 30)),
        ("图书馆", date(2009, 12, 1), None),
    ]
    assert StaffMember.objects.count() == 1


def test_accepted_join_links_the_account_of_that_number_so_that_it_counts_as_interest(season, office, propose):
    user = make_user("zhangwei", staff_number="00123")
    make_membership(season, user, Role.ASSESSOR)
    accept(propose("staff-join", JOIN), office)
    assert load_actor(user, season, on=NOON.date()).is_interested_in(department(season).pk)


def test_accepted_leave_ends_the_posting_with_that_day(season, office, propose):
    person = make_person(season)
    accept(propose("staff-leave", {"ends_on": date(2009, 11, 30)}, staff_member=person), office)
    assert postings(person) == [("图书馆", season.facts_from, date(2009, 11, 30))]


def test_leave_before_the_season_takes_no_interest_away(season, office, propose):
    person = make_person(season)
    Posting.objects.update(starts_on=date(2001, 9, 1))
    user = make_user("zhangwei", last_login=NOON)
    make_membership(season, user, Role.ASSESSOR)
    StaffMember.objects.update(user=user)
    accept(propose("staff-leave", {"ends_on": date(2009, 7, 31)}, staff_member=person), office)
    assert postings(person) == [("图书馆", date(2001, 9, 1), date(2009, 7, 31))]
    assert load_actor(user, season, on=NOON.date()).is_interested_in(department(season).pk)
    assert Interest.objects.filter(user=user).count() == 1


def test_accepted_correction_changes_the_person(season, office, propose):
    person = make_person(season)
    values = {"number": "00124", "name": "张玮", "category": "external"}
    proposal = propose("staff-correct", values, staff_member=person)
    assert proposal.values["before"] == {"number": "00123", "name": "张伟", "category": "full_time"}
    accept(proposal, office)
    person.refresh_from_db()
    assert (person.number, person.name, person.squeezed_name) == ("00124", "张玮", "张玮")
    assert person.category == StaffCategory.EXTERNAL


def test_accepted_duties_are_added_reworded_and_ended(season, office, propose):
    first = make_duty(season, is_sample=True)
    accept(propose("duty-add", WORDS), office)
    accept(propose("duty-change", {"number": "1", "text": "读者服务与咨询", "source": ""}, duty=first), office)
    first.refresh_from_db()
    assert (first.text, first.is_sample, first.ended_at) == ("读者服务与咨询", False, None)
    assert AuditEntry.objects.get(act="duty.change").before["text"] == "读者服务"
    second = Duty.objects.get(number="2")
    assert (second.text, second.source, second.department.name) == ("资料建设", "24号", "图书馆")
    accept(propose("duty-end", duty=second), office)
    second.refresh_from_db()
    assert second.ended_at == NOON


def test_refused_proposal_changes_nothing_and_keeps_the_note(office, propose):
    decided = decide_proposal(propose("staff-join", JOIN), accept=False, note=" 无任命文件 ", by=office, at=NOON)
    assert (decided.state, decided.decision_note) == ("refused", "无任命文件")
    assert not StaffMember.objects.exists()


def test_refusal_needs_a_note(office, propose):
    proposal = propose("staff-join", JOIN)
    with pytest.raises(Refused) as refusal:
        decide_proposal(proposal, accept=False, note=" ", by=office, at=NOON)
    assert refusal.value.field == "note"
    proposal.refresh_from_db()
    assert proposal.state == "proposed"


# --- what cannot be is refused at its field when it is proposed


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"number": "00999"}, "number"),  # another person's
        ({"number": ""}, "number"),
        ({"name": ""}, "name"),
        ({"category": "king"}, "category"),
        ({"starts_on": date(2909, 12, 1)}, "starts_on"),
        ({"starts_on": date(209, 12, 1)}, "starts_on"),
    ],
)
def test_join_that_cannot_be_is_refused_at_once(season, propose, values, field):
    make_person(season, "李敏", number="00999", home="工会")
    with pytest.raises(Refused) as refusal:
        propose("staff-join", JOIN | values)
    assert refusal.value.field == field
    assert not Proposal.objects.exists()
    assert StaffMember.objects.count() == 1


def test_join_of_who_is_here_already_is_refused(season, propose):
    make_person(season)
    with pytest.raises(Refused) as refusal:
        propose("staff-join", JOIN)
    assert refusal.value.refusal_code == "already"


@pytest.mark.parametrize("day", [date(2009, 8, 31), date(2099, 1, 1)])
def test_leave_on_a_nonsense_day_is_refused(season, propose, day):
    with pytest.raises(Refused) as refusal:
        propose("staff-leave", {"ends_on": day}, staff_member=make_person(season))
    assert refusal.value.field == "ends_on"


def test_leave_of_who_is_not_here_is_refused(season, propose):
    with pytest.raises(Refused) as refusal:
        propose("staff-leave", {"ends_on": date(2009, 11, 30)}, staff_member=make_person(season, home="工会"))
    assert refusal.value.refusal_code == "not_posted"


def test_correction_to_the_number_of_another_is_refused(season, propose):
    make_person(season, "李敏", number="00999", home="工会")
    values = {"number": "00999", "name": "张伟", "category": "full_time"}
    with pytest.raises(Refused) as refusal:
        propose("staff-correct", values, staff_member=make_person(season))
    assert refusal.value.field == "number"


def test_change_that_changes_nothing_is_refused(season, propose):
    person = make_person(season)
    same = {"number": "00123", "name": "张伟", "category": "full_time"}
    for kind, values, target in (
        ("staff-correct", same, {"staff_member": person}),
        ("duty-change", {"number": "1", "text": "读者服务", "source": ""}, {"duty": make_duty(season)}),
    ):
        with pytest.raises(Refused) as refusal:
            propose(kind, values, **target)
        assert refusal.value.refusal_code == "same"


def test_duty_with_a_number_there_already_is_refused(season, propose):
    make_duty(season, number="2")
    with pytest.raises(Refused) as refusal:
        propose("duty-add", WORDS)
    assert (refusal.value.field, refusal.value.refusal_code) == ("number", "taken")


def test_reason_is_needed(propose):
    with pytest.raises(Refused) as refusal:
        propose("staff-join", JOIN, reason=" ")
    assert refusal.value.field == "reason"


# --- sent twice, decided twice


def test_same_form_sent_twice_is_one_proposal(propose):
    key = uuid.uuid4()
    assert propose("staff-join", JOIN, key=key) == propose("staff-join", JOIN, key=key)
    assert Proposal.objects.count() == 1
    with pytest.raises(Refused) as refusal:
        propose("staff-join", JOIN | {"name": "李敏"}, key=key)
    assert refusal.value.refusal_code == "reused"


@pytest.mark.parametrize("kind", ["staff-join", "staff-leave", "duty-end"])
def test_same_change_waits_once(season, propose, kind):
    values = {"staff-join": JOIN, "staff-leave": {"ends_on": date(2009, 11, 30)}}.get(kind, {})
    target = {"staff-leave": {"staff_member": make_person(season, number="1")}, "duty-end": {"duty": make_duty(season)}}
    first = propose(kind, values, **target.get(kind, {}))
    with pytest.raises(Refused) as refusal:
        propose(kind, values, **target.get(kind, {}))
    assert refusal.value.existing == first


def test_second_decision_of_another_is_stale_and_says_who_was_quicker(season, office, propose):
    proposal = propose("staff-join", JOIN)
    accept(proposal, office)
    with pytest.raises(Refused) as refusal:
        decide_proposal(proposal, accept=False, note="不符", by=make_actor(season, Role.OFFICE), at=NOON)
    assert refusal.value.refusal_code == "stale"
    proposal.refresh_from_db()
    assert proposal.state == "accepted"


def test_same_decision_again_changes_nothing(office, propose):
    proposal = propose("staff-join", JOIN)
    accept(proposal, office)
    accept(proposal, office)
    assert StaffMember.objects.count() == 1
    assert AuditEntry.objects.filter(act="proposal.decide").count() == 1


# --- what became impossible meanwhile


def _moved(season, person, duty):
    add_posting(person, department=department(season, "工会"), starts_on=date(2009, 11, 1), by_id=None, at=NOON)


def _renamed(season, person, duty):
    same = {"number": "00123", "category": "full_time", "user": None}
    update_staff_member(person, version=None, name="张卫", **same, by_id=None, at=NOON)


def _reworded(season, person, duty):
    change_duty(duty, number="1", text="读者工作", source="", by_id=None, at=NOON)


def _ended(season, person, duty):
    end_duty(duty, by_id=None, at=NOON)


@pytest.mark.parametrize(
    ("kind", "values", "meanwhile"),
    [
        ("staff-leave", {"ends_on": date(2009, 12, 1)}, _moved),
        ("staff-correct", {"number": "00123", "name": "张玮", "category": "full_time"}, _renamed),
        ("duty-change", {"number": "1", "text": "读者服务与咨询", "source": ""}, _reworded),
        ("duty-change", {"number": "1", "text": "读者服务与咨询", "source": ""}, _ended),
        ("duty-end", {}, _ended),
    ],
)
def test_what_became_impossible_is_refused_with_the_reason_and_stays_open(
    season, office, propose, kind, values, meanwhile
):
    person, duty = make_person(season), make_duty(season)
    target = {"staff_member": person} if kind.startswith("staff") else {"duty": duty}
    proposal = propose(kind, values, **target)
    meanwhile(season, person, duty)
    with pytest.raises(Refused) as refusal:
        accept(proposal, office)
    assert refusal.value.refusal_code == "impossible"
    proposal.refresh_from_db()
    assert proposal.state == "proposed"
    assert decide_proposal(proposal, accept=False, note="已变", by=office, at=NOON).state == "refused"


# --- who


def test_interest_in_the_department_bars_from_deciding(season, propose):
    proposal = propose("staff-join", JOIN)
    with pytest.raises(ConflictOfInterest):
        accept(proposal, make_actor(season, Role.OFFICE, department=department(season)))
    assert not StaffMember.objects.exists()


@pytest.mark.parametrize("role", [Role.HEAD, Role.STAFF, Role.ASSESSOR, Role.TEAM_LEAD, Role.LEADERSHIP])
def test_only_the_office_decides(season, propose, role):
    home = department(season, "图书馆") if role in (Role.HEAD, Role.STAFF) else None
    with pytest.raises(PermissionDenied):
        accept(propose("staff-join", JOIN), make_actor(season, role, department=home))


def test_nobody_proposes_for_another_department(season, propose):
    with pytest.raises(PermissionDenied):
        propose("staff-join", JOIN, home="工会")


def test_own_proposal_is_withdrawn_once_and_not_after_the_decision(season, office, liaison, propose):
    first, second = propose("staff-join", JOIN), propose("duty-add", WORDS)
    withdraw_proposal(first, by=liaison, at=NOON)
    assert withdraw_proposal(first, by=liaison, at=NOON).state == "withdrawn"
    assert AuditEntry.objects.filter(act="proposal.withdraw").count() == 1
    with pytest.raises(Refused):
        accept(first, office)
    accept(second, office)
    with pytest.raises(Refused):
        withdraw_proposal(second, by=liaison, at=NOON)
    with pytest.raises(PermissionDenied):
        withdraw_proposal(propose("duty-end", duty=Duty.objects.get()), by=office, at=NOON)


# --- the last day of a posting


def test_posting_ends_once_and_never_before_it_begins(season):
    posting = make_person(season).postings.get()
    for day, code in ((date(2009, 8, 31), "order"), (date(2009, 11, 30), ""), (date(2009, 12, 5), "ended")):
        if not code:
            assert end_posting(posting, ends_on=day, by_id=None, at=NOON).ends_on == day
            continue
        with pytest.raises(Refused) as refusal:
            end_posting(posting, ends_on=day, by_id=None, at=NOON)
        assert (refusal.value.field, refusal.value.refusal_code) == ("ends_on", code)
