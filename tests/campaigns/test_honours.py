"""Honours: nominated, shortlisted, decided, corrected."""

import uuid
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from campaigns.enums import NominationState, Role
from campaigns.models import Attachment, Decision, Nomination, Posting, Recommendation
from campaigns.queries.attachments import files_of
from campaigns.queries.honours import decision_list, decision_rows
from campaigns.queries.nominations import chosen_rows, mark_of, nomination_rows
from campaigns.services.nominations import edit_nomination, nominate, shortlist_nominations, withdraw_nomination
from qualityseason.errors import ConflictOfInterest
from qualityseason.models import AuditEntry
from tests.campaigns.honours_working import (
    decide,
    liaison_of,
    nominate_in,
    praise,
    put_up,
    refusal,
    shortlist,
    states,
    upload,
)
from tests.factories import NOON, department, make_actor, make_person

NOMINATED, SHORTLISTED, CHOSEN, PASSED = (
    NominationState.NOMINATED,
    NominationState.SHORTLISTED,
    NominationState.CHOSEN,
    NominationState.PASSED_OVER,
)


@pytest.fixture
def office(season):
    return make_actor(season, Role.OFFICE)


@pytest.fixture
def leader(season):
    return make_actor(season, Role.LEADERSHIP)


# --- nominating


def test_department_nominates_of_its_staff_with_reasons_and_files(season):
    liaison, person = liaison_of(season), make_person(season)
    made = put_up(season, liaison, person, uploads=[upload(season, liaison)])
    assert (made.person, made.honour, made.state, made.department.name) == (person, "服务育人", NOMINATED, "图书馆")
    assert Attachment.objects.get(owner_kind="nomination").owner_uuid == made.uuid
    assert AuditEntry.objects.get(act="nomination.add").after["person"] == "张伟(00123)"


def test_once_per_person_and_honour(season):
    liaison, person, key = liaison_of(season), make_person(season), uuid.uuid4()
    first = put_up(season, liaison, person, uuid=key)
    assert put_up(season, liaison, person, uuid=key) == first
    assert refusal(put_up, season, liaison, person, uuid=key, reasons="别的").refusal_code == "used"
    twin = refusal(put_up, season, liaison, person)
    assert (twin.refusal_code, twin.field, twin.existing) == ("twin", "honour", first)
    other = put_up(season, liaison, person, honour="管理育人")
    assert (
        refusal(edit_nomination, other, honour="服务育人", reasons="x", version=1, by=liaison, at=NOON).existing
        == first
    )
    withdraw_nomination(first, because="本人谢绝", by=liaison, at=NOON)
    assert put_up(season, liaison, person).pk != first.pk


def test_only_who_is_on_the_staff_today(season):
    liaison = liaison_of(season)
    stranger = make_person(season, "李敏", number="2", home="工会")
    assert refusal(put_up, season, liaison, stranger).field == "person"
    gone = make_person(season, "王芳", number="3")
    Posting.objects.filter(staff_member=gone).update(ends_on=NOON.date() - timedelta(days=1))
    assert refusal(put_up, season, liaison, gone).field == "person"
    Posting.objects.filter(staff_member=gone).update(ends_on=NOON.date())
    assert put_up(season, liaison, gone).pk


@pytest.mark.parametrize(
    ("values", "field"),
    [({"honour": "最美"}, "honour"), ({"reasons": " "}, "reasons"), ({"reasons": "好" * 2001}, "reasons")],
)
def test_bad_input_is_refused_at_its_field(season, values, field):
    assert refusal(put_up, season, liaison_of(season), make_person(season), **values).field == field


def test_rests_on_a_recommendation_chosen_for_honours_of_the_department_alone(season):
    liaison, person = liaison_of(season), make_person(season)
    praising = praise(season, liaison_of(season, "工会"), home="工会", of="图书馆")
    assert refusal(put_up, season, liaison, person, recommendation=praising).field == "recommendation"
    Recommendation.objects.update(for_honours=True)
    praising.refresh_from_db()
    assert put_up(season, liaison, person, recommendation=praising).recommendation == praising
    about_another = praise(season, liaison, of="工会")
    about_another.for_honours = True
    refused = refusal(put_up, season, liaison, person, honour="管理育人", recommendation=about_another)
    assert refused.field == "recommendation"


def test_who_may_nominate(season, office):
    person = make_person(season)
    for actor in (liaison_of(season, "工会"), make_actor(season, Role.ASSESSOR), make_actor(season, Role.LEADERSHIP)):
        with pytest.raises(PermissionDenied):
            put_up(season, actor, person)
    barred = make_actor(season, Role.OFFICE, department=department(season))
    with pytest.raises(ConflictOfInterest):
        put_up(season, barred, person)
    assert put_up(season, office, person).nominated_by_id == office.user_id


def test_changed_until_it_is_shortlisted(season, office):
    liaison = liaison_of(season)
    (found,) = nominate_in(season, ["图书馆"])
    edited = edit_nomination(found, honour="教书育人", reasons="带徒弟三人。", version=1, by=liaison, at=NOON)
    assert (edited.honour, edited.version) == ("教书育人", 2)
    stale = refusal(edit_nomination, found, honour="教书育人", reasons="别的", version=1, by=liaison, at=NOON)
    assert (stale.refusal_code, stale.existing.reasons) == ("stale", "带徒弟三人。")
    shortlist(season, office, edited)
    for call in (
        lambda: edit_nomination(edited, honour="教书育人", reasons="x", version=None, by=liaison, at=NOON),
        lambda: withdraw_nomination(edited, because="x", by=liaison, at=NOON),
    ):
        assert refusal(call).refusal_code == "settled"


def test_withdrawn_with_a_reason(season):
    liaison = liaison_of(season)
    (found,) = nominate_in(season, ["图书馆"])
    assert refusal(withdraw_nomination, found, because="", by=liaison, at=NOON).field == "because"
    withdraw_nomination(found, because="本人谢绝", by=liaison, at=NOON)
    assert withdraw_nomination(found, because="别的", by=liaison, at=NOON).note == "本人谢绝"
    assert AuditEntry.objects.filter(act="nomination.withdraw").count() == 1


# --- the short list


def test_office_ticks_and_unticks(season, office):
    first, second = nominate_in(season, ["图书馆", "工会"])
    assert shortlist(season, office, first, second) == 2
    assert states(first, second) == [SHORTLISTED, SHORTLISTED]
    seen = {row.uuid: mark_of(row) for row in Nomination.objects.all()}
    assert shortlist_nominations(season, ticked={second.uuid}, seen=seen, by=office, at=NOON) == 1
    assert states(first, second) == [NOMINATED, SHORTLISTED]
    first.refresh_from_db()
    assert (first.shortlisted_by, first.shortlisted_at) == (None, None)
    assert AuditEntry.objects.filter(act="nomination.shortlist").count() == 3


def test_ticks_of_two_people_join(season, office):
    first, second = nominate_in(season, ["图书馆", "工会"])
    seen = {row.uuid: mark_of(row) for row in (first, second)}
    shortlist_nominations(season, ticked={first.uuid}, seen=seen, by=office, at=NOON)
    another = make_actor(season, Role.OFFICE)
    assert shortlist_nominations(season, ticked={second.uuid}, seen=seen, by=another, at=NOON) == 1
    assert states(first, second) == [SHORTLISTED, SHORTLISTED]
    assert shortlist_nominations(season, ticked={second.uuid}, seen=seen, by=another, at=NOON) == 0


def test_nomination_changed_meanwhile_is_not_ticked_unread(season, office):
    liaison = liaison_of(season)
    first, second = nominate_in(season, ["图书馆", "工会"])
    seen = {row.uuid: mark_of(row) for row in (first, second)}
    edit_nomination(second, honour="服务育人", reasons="改过", version=1, by=liaison_of(season, "工会"), at=NOON)
    refused = refusal(shortlist_nominations, season, ticked=set(seen), seen=seen, by=office, at=NOON)
    assert (refused.refusal_code, refused.existing) == ("stale", second)
    assert states(first, second) == [NOMINATED, NOMINATED]
    withdraw_nomination(first, because="x", by=liaison, at=NOON)
    refused = refusal(shortlist_nominations, season, ticked={first.uuid}, seen=seen, by=office, at=NOON)
    assert refused.existing == first


def test_nobody_of_the_office_ticks_the_own_department(season):
    first, second = nominate_in(season, ["图书馆", "工会"])
    barred = make_actor(season, Role.OFFICE, department=department(season))
    with pytest.raises(ConflictOfInterest):
        shortlist(season, barred, first, second)
    assert states(first, second) == [NOMINATED, NOMINATED]
    assert shortlist(season, barred, second) == 1


@pytest.mark.parametrize("role", [Role.LEADERSHIP, Role.TEAM_LEAD, Role.ASSESSOR])
def test_short_list_is_the_offices(season, role):
    with pytest.raises(PermissionDenied):
        shortlist(season, make_actor(season, role), *nominate_in(season, ["图书馆"]))


def test_short_list_leaves_another_season_alone(season, other_season, office):
    (found,) = nominate_in(season, ["图书馆"])
    stranger = make_actor(other_season, Role.OFFICE)
    assert shortlist(other_season, stranger, found) == 0
    assert states(found) == [NOMINATED]


# --- the decision


def test_chosen_are_commended_and_the_others_are_not(season, office, leader):
    first, second, third = nominate_in(season, ["图书馆", "工会", "团委"])
    shortlist(season, office, first, second)
    decision = decide(season, leader, chosen=[first])
    assert states(first, second, third) == [CHOSEN, PASSED, NOMINATED]
    first.refresh_from_db()
    assert (first.decision, decision.kind, decision.recorded_by_id) == (decision, "honours", leader.user_id)
    assert AuditEntry.objects.filter(act="nomination.decide").count() == 2
    assert "服务育人 某1(7001) 图书馆: chosen" in AuditEntry.objects.get(act="honours.decide").after["outcome"]


def test_sent_twice_is_one_decision(season, office, leader):
    (first,) = nominate_in(season, ["图书馆"])
    shortlist(season, office, first)
    key = uuid.uuid4()
    decision = decide(season, leader, chosen=[first], uuid=key)
    assert decide(season, leader, chosen=[first], uuid=key) == decision
    assert refusal(decide, season, leader, chosen=[first], uuid=key, text="别的").refusal_code == "reused"
    assert refusal(decide, season, leader, chosen=[], uuid=key).refusal_code == "reused"
    assert Decision.objects.count() == 1


def test_office_needs_the_paper(season, office, leader):
    (first,) = nominate_in(season, ["图书馆"])
    shortlist(season, office, first)
    refused = refusal(decide, season, office, chosen=[first], uploads=[])
    assert (refused.field, refused.refusal_code) == ("files", "no_paper")
    decision = decide(season, office, chosen=[first])
    assert Attachment.objects.get(owner_kind="decision").owner_uuid == decision.uuid


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"present": " "}, "present"),
        ({"present": "某" * 301}, "present"),
        ({"text": ""}, "text"),
        ({"text": "字" * 2001}, "text"),
        ({"decided_on": date(2009, 12, 29)}, "decided_on"),
        ({"chosen": ()}, "nobody"),
    ],
)
def test_bad_decision_is_refused_at_its_field(season, office, leader, values, field):
    found = nominate_in(season, ["图书馆"])
    shortlist(season, office, *found)
    assert refusal(decide, season, leader, **({"chosen": found} | values)).field == field
    assert states(*found) == [SHORTLISTED]
    assert not Decision.objects.exists()


def test_nobody_commended_is_said(season, office, leader):
    found = nominate_in(season, ["图书馆"])
    shortlist(season, office, *found)
    decide(season, leader, nobody=True)
    assert states(*found) == [PASSED]


def test_nothing_to_decide(season, leader):
    found = nominate_in(season, ["图书馆"])
    assert refusal(decide, season, leader, nobody=True).refusal_code == "nothing"
    assert refusal(decide, season, leader, chosen=found).refusal_code == "unlisted"


def test_short_list_changed_meanwhile(season, office, leader):
    first, second = nominate_in(season, ["图书馆", "工会"])
    shortlist(season, office, first)
    seen = decision_list(leader, season).standing
    shortlist(season, office, second)
    assert refusal(decide, season, leader, chosen=[first], standing=seen).refusal_code == "stale"
    assert states(first, second) == [SHORTLISTED, SHORTLISTED]


def test_who_may_decide(season, office):
    (first,) = nominate_in(season, ["图书馆"])
    shortlist(season, office, first)
    for actor in (make_actor(season, Role.TEAM_LEAD), make_actor(season, Role.ASSESSOR), liaison_of(season)):
        with pytest.raises(PermissionDenied):
            decide(season, actor, chosen=[first], uploads=[])


def test_nobody_decides_with_an_interest_in_a_department_concerned(season, office):
    first, second = nominate_in(season, ["图书馆", "工会"])
    shortlist(season, office, first, second)
    for role in (Role.LEADERSHIP, Role.OFFICE):
        barred = make_actor(season, role, department=department(season))
        with pytest.raises(ConflictOfInterest):
            decide(season, barred, chosen=[second])
    assert states(first, second) == [SHORTLISTED, SHORTLISTED]


# --- a second decision


def test_second_decision_adds_and_leaves_the_first_alone(season, office, leader):
    first, second, third = nominate_in(season, ["图书馆", "工会", "团委"])
    shortlist(season, office, first, second)
    one = decide(season, leader, chosen=[first])
    shortlist(season, office, third)
    two = decide(season, leader, chosen=[third, second])
    assert states(first, second, third) == [CHOSEN, CHOSEN, CHOSEN]
    assert list(Nomination.objects.order_by("pk").values_list("decision", flat=True)) == [one.pk, two.pk, two.pk]


def test_choice_is_taken_back_only_by_naming_it(season, office, leader):
    first, second = nominate_in(season, ["图书馆", "工会"])
    shortlist(season, office, first, second)
    decide(season, leader, chosen=[first, second])
    decision = decide(season, leader, taken_back=[second])
    assert states(first, second) == [CHOSEN, PASSED]
    assert decision.data["taken_back"] == [str(second.uuid)]
    assert refusal(decide, season, leader, taken_back=[second]).refusal_code == "unlisted"
    assert refusal(decide, season, leader, chosen=[second], taken_back=[first, second]).refusal_code == "unlisted"
    assert refusal(decide, season, leader, chosen=[first], taken_back=[first]).refusal_code == "both"


def test_decided_nomination_is_off_the_short_list_for_good(season, office, leader):
    (first,) = nominate_in(season, ["图书馆"])
    shortlist(season, office, first)
    decide(season, leader, chosen=[first])
    refused = refusal(
        shortlist_nominations, season, ticked=set(), seen={first.uuid: "shortlisted:2"}, by=office, at=NOON
    )
    assert refused.refusal_code == "stale"
    assert states(first) == [CHOSEN]


# --- who reads what


def test_not_chosen_names_stay_with_their_department_and_overseers(season, office, leader):
    first, second = nominate_in(season, ["图书馆", "工会"])
    shortlist(season, office, first, second)
    decide(season, leader, chosen=[first])
    own, other, third = liaison_of(season, "工会"), liaison_of(season, "图书馆"), liaison_of(season, "团委")
    for actor in (own, other, third, office, leader):
        assert [(row.name, row.department, row.honour) for row in chosen_rows(actor, season)] == [
            ("某1", "图书馆", "服务育人")
        ]
    names = {
        actor.user_id: [row.name for row in nomination_rows(actor, season)] for actor in (own, other, third, office)
    }
    assert list(names.values()) == [["某2"], ["某1"], [], ["某2", "某1"]]
    assert Nomination.objects.visible_to(third).count() == 1
    assert Nomination.objects.visible_to(other).count() == 1


def test_files_of_a_nomination_are_for_its_department_and_overseers(season, office, leader):
    liaison = liaison_of(season)
    made = put_up(season, liaison, make_person(season), uploads=[upload(season, liaison)])
    shortlist(season, office, made)
    decide(season, leader, chosen=[made])
    for actor, number in ((liaison, 1), (office, 1), (liaison_of(season, "工会"), 0)):
        assert len(files_of(actor, "nomination", [made.uuid], campaign=season)) == number


def test_decision_tells_nothing_to_who_has_an_interest(season, office):
    first, second = nominate_in(season, ["图书馆", "工会"])
    shortlist(season, office, first)
    decision = decide(season, office, chosen=[first])
    shortlist(season, office, second)
    later = decide(season, office, nobody=True)
    barred = make_actor(season, Role.OFFICE, department=department(season))
    told = {row.uuid: (row.is_own, row.text, row.chosen, row.passed_over) for row in decision_rows(barred, season)}
    assert told == {decision.uuid: (True, "", 0, 0), later.uuid: (False, "一致同意。", 0, 1)}
    found = files_of(barred, "decision", [decision.uuid, later.uuid], campaign=season)
    assert set(found) == {later.uuid}
    assert len(files_of(office, "decision", [decision.uuid, later.uuid], campaign=season)) == 2
    assert decision_rows(liaison_of(season), season) == ()


def test_foreign_season_is_not_nominated_in(season, other_season, office):
    person = make_person(season)
    with pytest.raises(PermissionDenied):
        nominate(
            department(other_season, "灯塔馆"),
            uuid=uuid.uuid4(),
            person=person,
            honour="服务育人",
            reasons="x",
            by=liaison_of(season),
            at=NOON,
        )
