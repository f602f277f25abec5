"""What departments owe: rows from the milestones, when they are late, more time for one, files handed in."""

from datetime import date

import pytest

from campaigns.calculations.obligations import days_late, deadline_of, obligation_state
from campaigns.enums import ObligationKind, ObligationState, Role
from campaigns.models import Attachment, Campaign, Department, Extension, Milestone, Obligation
from campaigns.queries.chase import load_chase
from campaigns.queries.obligation_matrix import load_matrix
from campaigns.queries.obligations import Wanted, own_rows
from campaigns.services.obligations import (
    extend_obligation,
    hand_in,
    make_obligations,
    meet_obligations,
    note_mark,
    reopen_obligations,
)
from campaigns.services.seasons import load_season
from qualityseason.errors import ConflictOfInterest, Refused
from qualityseason.models import AuditEntry
from tests.campaigns.owed_working import (
    DUE,
    LIBRARY,
    UNION,
    ask_for_files,
    met,
    moment,
    owed,
    state,
    waiting_file,
)
from tests.factories import department, make_actor

NOW = moment(12, 28)
TODAY = date(2009, 12, 28)


@pytest.fixture
def office(season):
    return make_actor(season, Role.OFFICE)


# --- rows of the season


def test_every_department_owes_what_the_milestones_ask(season):
    counts = {
        milestone.code: milestone.obligations.count()
        for milestone in Milestone.objects.filter(campaign=season).exclude(obligation="")
    }
    assert counts == {
        "study-session": 24,
        "publicity": 12,  # four offices, five specialty departments, three teaching departments
        "plan-ecopy": 24,
        "plan-paper": 24,
        "summary": 24,
        "pieces": 24,
    }
    assert not Obligation.objects.filter(milestone__code="publicity", department__name=LIBRARY).exists()


def test_making_again_makes_only_what_is_missing(season):
    assert make_obligations(season) == 0
    Obligation.objects.filter(department__name=UNION, milestone__code="plan-ecopy").delete()
    assert make_obligations(season) == 1
    Milestone.objects.filter(campaign=season, code="plan-ecopy").update(due_on=date(2009, 11, 8))
    assert make_obligations(season) == 0
    assert owed(season).due_on == date(2009, 11, 8)


def test_loading_the_season_again_keeps_a_moved_day(season, office):
    milestone = Milestone.objects.get(campaign=season, code="plan-ecopy")
    milestone.moves.create(
        before=DUE, until=date(2009, 11, 10), reason="r", decided_by_id=office.user_id, decided_at=NOW
    )
    Milestone.objects.filter(pk=milestone.pk).update(due_on=date(2009, 11, 10))
    load_season("season2009")
    milestone.refresh_from_db()
    assert milestone.due_on == date(2009, 11, 10)


# --- on time and late


@pytest.mark.parametrize(
    ("met_at", "expected"),
    [
        (moment(11, 6, 23, 59), ("met", 0)),
        (moment(11, 7, 0, 0), ("met-late", 1)),
        (moment(11, 9, 8), ("met-late", 3)),
    ],
)
def test_the_due_day_counts_to_midnight_in_shanghai(season, met_at, expected):
    row = met(season, met_at)
    assert state(row, TODAY)[:2] == expected


def test_open_ones_count_days_left_and_overdue(season):
    row = owed(season)
    assert state(row, date(2009, 11, 3)) == ("open", 0, 3)
    assert state(row, DUE) == ("open", 0, 0)
    assert state(row, date(2009, 11, 7)) == ("overdue", 1, -1)


def test_an_extension_the_general_day_has_overtaken_means_nothing():
    assert deadline_of(DUE, None) == DUE
    assert deadline_of(DUE, date(2009, 11, 10)) == date(2009, 11, 10)
    assert deadline_of(date(2009, 11, 13), date(2009, 11, 10)) == date(2009, 11, 13)
    assert obligation_state(DUE, None, on=DUE) == ObligationState.OPEN
    assert days_late(DUE, date(2009, 11, 6), on=TODAY) == 0


def test_meeting_and_reopening_by_a_record(season, office):
    library = department(season)
    values = {"by_kind": "plan", "by_uuid": library.uuid, "by_id": office.user_id, "at": NOW}
    found = meet_obligations(library, ObligationKind.PLAN_ELECTRONIC, met_at=moment(11, 9), **values)
    assert [row.milestone.code for row in found] == ["plan-ecopy"]
    assert meet_obligations(library, ObligationKind.PLAN_ELECTRONIC, met_at=moment(11, 2), **values) == []
    assert owed(season).met_at == moment(11, 9)
    assert reopen_obligations(by_kind="plan", by_uuid=library.uuid, by_id=office.user_id, at=NOW) == found
    assert (owed(season).met_at, owed(season).met_by_kind) == (None, "")
    acts = AuditEntry.objects.filter(object_id=str(found[0].uuid)).order_by("pk").values_list("act", flat=True)
    assert list(acts) == ["obligation.meet", "obligation.reopen"]


# --- more time for one


def extend(row, until, by, **values):
    whole = {"reason": "新校区搬迁", "version": row.deadline.isoformat(), "by": by, "at": NOW} | values
    return extend_obligation(row, until=until, **whole)


def test_extending_turns_late_into_on_time(season, office):
    row = met(season, moment(11, 9))
    assert state(row, TODAY)[:2] == ("met-late", 3)
    extension = extend(row, date(2009, 11, 9), office)
    assert (extension.before, extension.until) == (DUE, date(2009, 11, 9))
    assert state(row, TODAY)[:2] == ("met", 0)
    entry = AuditEntry.objects.get(act="obligation.extend")
    assert (entry.before, entry.after["until"]) == ({"until": "2009-11-06"}, "2009-11-09")
    assert entry.department_id == department(season).pk


def test_the_general_day_takes_an_extension_back(season, office):
    row = owed(season)
    extend(row, date(2009, 11, 20), office)
    row.refresh_from_db()
    extend(row, DUE, office)
    row.refresh_from_db()
    assert (row.extended_to, row.extensions.count()) == (None, 2)


def test_the_same_decision_sent_twice_is_one(season, office):
    row = owed(season)
    first = extend(row, date(2009, 11, 20), office)
    assert extend(row, date(2009, 11, 20), office, version="2009-11-06") == first
    assert Extension.objects.count() == 1
    assert AuditEntry.objects.filter(act="obligation.extend").count() == 1


@pytest.mark.parametrize(
    ("until", "values", "code"),
    [
        (date(2009, 11, 6), {}, "same"),
        (date(2009, 11, 5), {}, "early"),
        (date(2090, 11, 9), {}, "far"),
        (date(2009, 11, 9), {"reason": " "}, "reason"),
        (date(2009, 11, 9), {"reason": "长" * 301}, "reason"),
        (date(2009, 11, 9), {"version": "2009-11-08"}, "stale"),
    ],
)
def test_a_bad_extension_is_refused(season, office, until, values, code):
    with pytest.raises(Refused) as refusal:
        extend(owed(season), until, office, **values)
    assert refusal.value.refusal_code == code
    assert Extension.objects.count() == 0


def test_nobody_extends_for_a_department_of_own_interest(season):
    interested = make_actor(season, Role.OFFICE, department=department(season))
    with pytest.raises(ConflictOfInterest):
        extend(owed(season), date(2009, 11, 9), interested)
    assert extend(owed(season, home=UNION), date(2009, 11, 9), interested).until == date(2009, 11, 9)


# --- files handed in


@pytest.fixture
def asked(season):
    """Files are owed three times over."""
    ask_for_files(season)
    ask_for_files(season, "more")
    ask_for_files(season, "early", due_on=date(2009, 10, 31))


def send(row, by, files=(), note="", at=NOW, **values):
    version = values.get("version", note_mark(row))
    return hand_in(row, uploads=[file.uuid for file in files], note=note, version=version, by=by, at=at)


def test_files_meet_only_the_obligation_they_are_handed_in_for(season, asked):
    liaison = make_actor(season, Role.STAFF, department=department(season))
    file = waiting_file(season, liaison.user_id)
    send(owed(season, "files"), liaison, [file], note="共五部分")
    row = owed(season, "files")
    assert (row.met_at, row.note, row.met_by_kind) == (NOW, "共五部分", "obligation")
    assert owed(season, "more").met_at is None
    assert state(row, TODAY)[0] == "met"


def test_files_handed_in_late_are_taken_and_later_ones_keep_the_day(season, asked):
    liaison = make_actor(season, Role.STAFF, department=department(season, "团委"))
    row = owed(season, "early", "团委")
    send(row, liaison, [waiting_file(season, liaison.user_id)], at=moment(11, 3))
    assert state(row, TODAY)[:2] == ("met-late", 3)
    send(row, liaison, [waiting_file(season, liaison.user_id, "墙报.jpg")], at=moment(11, 20))
    assert owed(season, "early", "团委").met_at == moment(11, 3)
    assert Attachment.objects.of_owner("obligation", row.uuid).count() == 2


def test_handing_in_twice_attaches_once(season, asked):
    liaison = make_actor(season, Role.STAFF, department=department(season))
    file, row = waiting_file(season, liaison.user_id), owed(season, "files")
    send(row, liaison, [file])
    send(row, liaison, [file], at=moment(12, 29))
    assert Attachment.objects.of_owner("obligation", row.uuid).count() == 1
    assert owed(season, "files").met_at == NOW


def test_handing_in_nothing_is_refused(season, asked):
    liaison = make_actor(season, Role.STAFF, department=department(season))
    with pytest.raises(Refused) as refusal:
        send(owed(season, "files"), liaison, note="忘了附件")
    assert (refusal.value.field, refusal.value.refusal_code) == ("files", "none")
    assert (owed(season, "files").met_at, owed(season, "files").note) == (None, "")


def test_a_note_somebody_else_wrote_meanwhile_is_not_lost(season, asked):
    liaison = make_actor(season, Role.STAFF, department=department(season))
    row = owed(season, "files")
    seen = note_mark(row)
    send(row, liaison, [waiting_file(season, liaison.user_id)], note="第一稿")
    with pytest.raises(Refused) as refusal:
        send(row, liaison, note="另一稿", version=seen)
    assert refusal.value.refusal_code == "stale"
    assert "第一稿" in str(refusal.value.sentence)
    send(row, liaison, note="另一稿", version=note_mark(owed(season, "files")))
    assert owed(season, "files").note == "另一稿"


def test_a_plan_is_not_handed_in_as_files(season, office):
    with pytest.raises(Refused):
        send(owed(season), office, [waiting_file(season, office.user_id)])


def test_the_office_hands_in_for_others_but_not_for_an_own_interest(season, asked, office):
    send(owed(season, "files"), office, [waiting_file(season, office.user_id)])
    assert owed(season, "files").met_by_id == office.user_id
    interested = make_actor(season, Role.OFFICE, department=department(season, UNION))
    with pytest.raises(ConflictOfInterest):
        send(owed(season, "files", UNION), interested, [waiting_file(season, interested.user_id)])


# --- the matrix and who is chased


def test_the_matrix_counts_and_keeps_the_order_of_the_scheme(season, office):
    met(season, moment(11, 6))
    met(season, moment(11, 9), home=UNION)
    matrix = load_matrix(office, on=date(2009, 11, 10), wanted=Wanted())
    assert [block.name for block in matrix.blocks] == ["A板块", "B板块"]
    in_order = list(Department.objects.filter(campaign=season).values_list("name", flat=True))
    assert [row.department for block in matrix.blocks for row in block.rows] == in_order
    sums = {each.code: (each.owed, each.met, each.late, each.not_yet, each.overdue) for each in matrix.sums}
    assert sums["plan-ecopy"] == (24, 2, 1, 22, 22)
    assert sums["summary"] == (24, 0, 0, 24, 0)
    assert sums["publicity"] == (12, 0, 0, 12, 12)
    codes = [column.code for column in matrix.columns]
    library = next(row for row in matrix.blocks[1].rows if row.department == LIBRARY)
    assert library.cells[codes.index("publicity")] == ()
    assert [cell.state for cell in library.cells[codes.index("plan-ecopy")]] == ["met"]


def test_the_matrix_of_what_is_overdue_begins_with_the_longest(season, office):
    Obligation.objects.update(met_at=moment(10, 30), recorded_at=moment(10, 30))
    rows = Obligation.objects.filter(department__name__in=[UNION, "保卫处"], milestone__code="plan-ecopy")
    rows.update(met_at=None, recorded_at=None)
    late = Obligation.objects.filter(department__name="保卫处", milestone__code="study-session")
    late.update(met_at=None, recorded_at=None)
    Obligation.objects.filter(department__name=LIBRARY, milestone__code="summary").update(met_at=None, recorded_at=None)
    matrix = load_matrix(office, on=TODAY, wanted=Wanted(show="overdue"))
    assert [row.department for row in matrix.blocks[0].rows] == ["保卫处", UNION]
    assert len(matrix.blocks) == 1
    assert [column.code for column in matrix.columns] == ["study-session", "plan-ecopy"]
    everything = load_matrix(office, on=TODAY, wanted=Wanted(show="open"))
    assert [row.department for row in everything.blocks[1].rows] == [LIBRARY]


def test_own_rows_are_the_own_departments(season):
    liaison = make_actor(season, Role.STAFF, department=department(season))
    met(season, moment(11, 6))
    rows = own_rows(liaison, on=TODAY)
    assert [row.code for row in rows] == [
        "study-session",
        "plan-paper",
        "month:2009-11",
        "month:2009-12",
        "pieces",
        "summary",
        "plan-ecopy",
    ]
    assert {row.department for row in rows} == {LIBRARY}


def test_who_has_more_time_is_not_chased_until_it_has_run_out(season, office):
    Obligation.objects.filter(milestone__code="plan-ecopy").update(met_at=moment(11, 6), recorded_at=moment(11, 6))
    Obligation.objects.filter(milestone__code="plan-ecopy", department__name__in=[LIBRARY, UNION]).update(
        met_at=None, recorded_at=None
    )
    extend(owed(season), date(2009, 12, 28), office)
    wanted = Wanted(milestone="plan-ecopy")
    [item] = load_chase(office, on=TODAY, wanted=wanted)
    assert (item.missing, item.more_time, len(item.done)) == ((UNION,), ((LIBRARY, TODAY),), 22)
    assert (item.days_late, item.days_left) == (52, -52)
    [later] = load_chase(office, on=date(2009, 12, 29), wanted=wanted)
    assert (later.missing, later.more_time) == ((UNION, LIBRARY), ())
    met(season, NOW, home=UNION)
    [only_more_time] = load_chase(office, on=TODAY, wanted=wanted)
    assert (only_more_time.missing, len(only_more_time.more_time)) == ((), 1)
    met(season, NOW)
    assert load_chase(office, on=TODAY, wanted=wanted) == ()


def test_another_season_is_not_seen(season, other_season, office):
    assert Obligation.objects.filter(campaign=other_season).exists()
    matrix = load_matrix(office, on=TODAY, wanted=Wanted())
    names = {row.department for block in matrix.blocks for row in block.rows}
    assert names == set(Department.objects.filter(campaign=season).values_list("name", flat=True))
    assert Campaign.objects.count() == 2
