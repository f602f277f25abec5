"""What is held while something owed is met or moved: its own rows, never the departments beside them."""

import threading

import pytest
from django.db import connection, transaction

from campaigns.enums import ObligationKind, Role
from campaigns.models import Department, Milestone, Obligation
from campaigns.queries.milestones import preview_move
from campaigns.services.milestones import move_milestone
from campaigns.services.obligations import meet_obligations, reopen_obligations
from qualityseason.clock import day_of
from tests.factories import NOON, department, make_actor

pytestmark = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite knows no rows held, one writer alone")
SECONDS = 20


@pytest.fixture
def held_department(committed_season):
    """A department that another transaction holds, as proposing a change does, until the test is over."""
    place = department(committed_season, "图书馆")
    holds, over = threading.Event(), threading.Event()

    def hold():
        try:
            with transaction.atomic():
                Department.objects.select_for_update(no_key=True).get(pk=place.pk)
                holds.set()
                over.wait(SECONDS)
        finally:
            connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    assert holds.wait(SECONDS)
    yield place
    over.set()
    thread.join()


def without_waiting(act):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '3s'")
        return act()


def test_meeting_and_reopening_wait_for_no_department(committed_season, held_department):
    clerk = make_actor(committed_season, Role.OFFICE)
    owed = Obligation.objects.get(department=held_department, kind=ObligationKind.SESSION)
    met = without_waiting(
        lambda: meet_obligations(
            held_department,
            ObligationKind.SESSION,
            met_at=NOON,
            by_kind="study-session",
            by_uuid=owed.uuid,
            by_id=clerk.user_id,
            at=NOON,
        )
    )
    assert met == [owed]
    opened = without_waiting(
        lambda: reopen_obligations(by_kind="study-session", by_uuid=owed.uuid, by_id=clerk.user_id, at=NOON)
    )
    assert opened == [owed]


def test_moving_a_day_waits_for_no_department(committed_season, held_department):
    office = make_actor(committed_season, Role.OFFICE)
    milestone = Milestone.objects.filter(campaign=committed_season, obligation=ObligationKind.SESSION).get()
    until = milestone.due_on.replace(day=30)
    seen = preview_move(milestone, until=until, on=day_of(NOON)).digest
    without_waiting(lambda: move_milestone(milestone, until=until, reason="顺延", seen=seen, by=office, at=NOON))
    assert set(Obligation.objects.filter(milestone=milestone).values_list("due_on", flat=True)) == {until}
