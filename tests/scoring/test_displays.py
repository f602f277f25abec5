"""A result on public notice: put up, taken off, objected to, answered."""

import uuid
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from campaigns.enums import Role
from campaigns.models import Interest
from campaigns.queries.actors import load_actor
from qualityseason.errors import ConflictOfInterest, Refused
from qualityseason.models import AuditEntry, User
from scoring.models import Display, Objection
from scoring.queries.publications import AHEAD, ENDED, RUNNING, WITHDRAWN, displays_seen, load_publications, state_of
from scoring.queries.results import result_of
from scoring.services.displays import answer_objection, make_objection, withdraw_display
from scoring.services.publication_invariants import check_publications
from tests.factories import NOON, department, make_actor
from tests.scoring.publishing import AFTER, START, Press
from tests.scoring.reading import Pair


@pytest.fixture
def pair(season):
    return Pair(season)


@pytest.fixture
def press(season):
    return Press(season)


@pytest.fixture
def head(season):
    return make_actor(season, Role.HEAD, department=department(season))


def object_to(display, **values):
    values = {"uuid": uuid.uuid4(), "text": "总分有误", "department": None, "at": NOON} | values
    return make_objection(display, **values)


def test_a_notice_freezes_the_result_for_so_many_days(season, press, pair):
    pair.charge("B1", quantity=3)
    display = press.display(days=5)
    pair.charge("B1", quantity=2)
    assert (display.number, display.starts_on, display.ends_on) == (1, START, date(2010, 1, 1))
    frozen = result_of(display.snapshot).statement_of(department(season).uuid)
    assert frozen.total == Decimal("99.40")
    days = [START - timedelta(days=1), START, date(2010, 1, 1), date(2010, 1, 2)]
    assert [state_of(display, on=day) for day in days] == [AHEAD, RUNNING, RUNNING, ENDED]
    assert list(check_publications(season)) == []


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"starts_on": START - timedelta(days=1)}, "starts_on"),
        ({"days": 0}, "days"),
        ({"days": 61}, "days"),
        ({"visibility": "some"}, "visibility"),
    ],
)
def test_days_and_readers_that_cannot_be_are_refused_at_their_field(press, values, field):
    with pytest.raises(Refused) as refusal:
        press.display(**values)
    assert refusal.value.field == field
    assert not Display.objects.exists()


def test_one_notice_stands_at_a_time_and_the_next_is_numbered_on(press):
    first = press.display()
    with pytest.raises(Refused) as refusal:
        press.display(by=press.lead)
    assert (refusal.value.refusal_code, refusal.value.existing) == ("standing", first)
    withdrawn = withdraw_display(first, because="另行公示", by=press.lead, at=NOON)
    assert state_of(withdrawn, on=START) == WITHDRAWN
    assert press.display().number == 2
    assert withdraw_display(first, because="再来", by=press.lead, at=NOON).withdrawn_because == "另行公示"


def test_the_same_form_again_is_one_notice(press):
    number = uuid.uuid4()
    assert press.display(uuid=number) == press.display(uuid=number)
    with pytest.raises(Refused) as refusal:
        press.display(uuid=number, days=6)
    assert refusal.value.refusal_code == "reused"
    assert AuditEntry.objects.filter(act="display.open").count() == 1


def test_a_notice_is_withdrawn_with_a_reason_and_not_under_a_proposal(press):
    display = press.display()
    with pytest.raises(Refused) as refusal:
        withdraw_display(display, because=" ", by=press.office, at=NOON)
    assert refusal.value.field == "because"
    press.propose()
    with pytest.raises(Refused) as refusal:
        withdraw_display(display, because="另行公示", by=press.office, at=AFTER)
    assert refusal.value.refusal_code == "proposed"


@pytest.mark.parametrize("role", [Role.LEADERSHIP, Role.ASSESSOR])
def test_only_office_and_team_lead_put_up_and_take_off(season, press, role):
    other = make_actor(season, role)
    with pytest.raises(PermissionDenied):
        press.display(by=other)
    display = press.display()
    with pytest.raises(PermissionDenied):
        withdraw_display(display, because="不", by=other, at=NOON)


def test_departments_know_of_a_notice_from_its_first_day_until_it_is_withdrawn(press, head):
    display = press.display(starts_on=START + timedelta(days=2))
    assert [list(displays_seen(head, on=START + timedelta(days=after))) for after in (0, 1, 2, 30)] == [
        [],
        [],
        [display],
        [display],
    ]
    assert load_publications(head, at=NOON).displays == ()
    withdraw_display(display, because="另行公示", by=press.office, at=NOON)
    assert list(displays_seen(head, on=START + timedelta(days=2))) == []
    assert list(displays_seen(press.leader, on=START)) == [display]


# --- objections


def test_a_department_objects_for_itself_today_and_once(season, press, head):
    display, number = press.display(), uuid.uuid4()
    for _time in range(2):
        claimed = {"name": "冒名", "objected_on": date(2009, 1, 1)}
        object_to(display, uuid=number, department=department(season), by=head, **claimed)
    objection = Objection.objects.get()
    assert (objection.name, objection.objected_on, objection.department.name) == ("", START, "图书馆")
    with pytest.raises(Refused) as refusal:
        object_to(display, uuid=number, department=department(season), by=head, text="另一说法")
    assert refusal.value.refusal_code == "reused"


def test_nobody_objects_for_another_department(season, press, head):
    display = press.display()
    for place in (department(season, "体育部"), None):
        with pytest.raises(PermissionDenied):
            object_to(display, department=place, by=head)
    with pytest.raises(PermissionDenied):
        object_to(display, name="李四", by=press.leader)


def test_the_office_enters_by_name_what_came_on_one_of_the_days(season, press):
    display = press.display(days=5)
    late = NOON + timedelta(days=8)
    for values, field in (
        ({"name": ""}, "name"),
        ({"objected_on": date(2010, 1, 2)}, "objected_on"),
        ({"objected_on": START - timedelta(days=1)}, "objected_on"),
        ({"objected_on": date(2010, 2, 2)}, "objected_on"),
        ({"text": " "}, "text"),
        ({"text": "长" * 2001}, "text"),
    ):
        with pytest.raises(Refused) as refusal:
            object_to(display, by=press.office, at=late, **{"name": "李四", "objected_on": START} | values)
        assert refusal.value.field == field
    found = object_to(display, by=press.office, at=late, name=" 李四 ", objected_on=date(2010, 1, 1))
    assert (found.name, found.department) == ("李四", None)


def test_a_department_that_comes_late_reads_the_days(season, press, head):
    display = press.display(days=5)
    with pytest.raises(Refused) as refusal:
        object_to(display, department=department(season), by=head, at=NOON + timedelta(days=5))
    assert (refusal.value.refusal_code, refusal.value.field) == ("window", None)
    assert "2010-01-01" in str(refusal.value.sentence)
    withdraw_display(display, because="另行公示", by=press.office, at=NOON)
    with pytest.raises(Refused) as refusal:
        object_to(display, department=department(season), by=head)
    assert refusal.value.refusal_code == "withdrawn"


def test_an_objection_is_answered_once_and_by_nobody_with_an_interest(season, press, head):
    objection = object_to(press.display(), department=department(season), by=head)
    user = User.objects.get(pk=press.lead.user_id)
    Interest.objects.create(
        campaign=season, user=user, department=department(season), reason="亲属", starts_on=season.facts_from
    )
    interested = load_actor(user, season, on=START)
    with pytest.raises(ConflictOfInterest):
        answer_objection(objection, answer="不成立", by=interested, at=NOON)
    for other in (head, press.leader):
        with pytest.raises(PermissionDenied):
            answer_objection(objection, answer="不成立", by=other, at=NOON)
    with pytest.raises(Refused) as refusal:
        answer_objection(objection, answer=" ", by=press.office, at=NOON)
    assert refusal.value.field == "answer"
    for _time in range(2):
        answered = answer_objection(objection, answer="已核对，无误", by=press.office, at=NOON)
    assert (answered.answer, answered.answered_by_id) == ("已核对，无误", press.office.user_id)
    with pytest.raises(Refused) as refusal:
        answer_objection(objection, answer="另一答复", by=press.office, at=NOON)
    assert refusal.value.refusal_code == "answered"


def test_the_office_does_not_enter_one_of_a_department_of_own_interest(season, press):
    user = User.objects.get(pk=press.office.user_id)
    Interest.objects.create(
        campaign=season, user=user, department=department(season), reason="亲属", starts_on=season.facts_from
    )
    interested = load_actor(user, season, on=START)
    with pytest.raises(ConflictOfInterest):
        object_to(press.display(), department=department(season), name="李四", by=interested)


def test_objections_are_counted_for_overseers_alone(season, press, head):
    display = press.display()
    object_to(display, department=department(season), by=head)
    object_to(display, by=press.office, name="李四", objected_on=START)
    [row] = load_publications(press.leader, at=NOON).displays
    assert (row.objections, row.unanswered) == (2, 2)
    [row] = load_publications(head, at=NOON).displays
    assert (row.objections, row.unanswered) == (None, None)
    assert list(Objection.objects.visible_to(head).values_list("department__name", flat=True)) == ["图书馆"]
