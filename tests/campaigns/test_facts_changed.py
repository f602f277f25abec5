"""Whose records an act has changed: told once the transaction is through, to whoever asked to hear of it."""

from datetime import date

import pytest

from campaigns import hooks
from campaigns.enums import Role
from campaigns.models import Department, DutyRosterRow, Milestone
from qualityseason.services import audit
from tests.factories import NOON, department, make_actor, make_person, make_user


@pytest.fixture
def heard(monkeypatch):
    """What was told since, as (campaign, names of departments or None)."""
    told = []

    def hear(campaign_id, department_ids):
        names = department_ids and sorted(
            Department.objects.filter(pk__in=department_ids).values_list("name", flat=True)
        )
        told.append((campaign_id, names))

    monkeypatch.setattr(hooks, "facts_changed", [hear])
    return told


def record(act, obj, season, **values):
    return audit.record(act, obj, by_id=None, campaign_id=season.pk, at=NOON, **values)


def test_act_on_a_departments_record_tells_of_that_department_after_the_commit(
    season, heard, django_capture_on_commit_callbacks
):
    library = department(season)
    with django_capture_on_commit_callbacks(execute=True):
        record("evidence.file", library, season, department_id=library.pk)
        assert heard == []
    assert heard == [(season.pk, ["图书馆"])]


def test_row_of_a_roster_tells_of_the_person_s_home_and_of_who_keeps_the_roster(
    season, heard, django_capture_on_commit_callbacks
):
    row = DutyRosterRow.objects.create(
        campaign=season,
        department=department(season),
        person=make_person(season),
        organiser=department(season, "保卫处"),
        happened_on=date(2009, 11, 20),
        missed=True,
        entered_by=make_user("keeper"),
        entered_at=NOON,
    )
    with django_capture_on_commit_callbacks(execute=True):
        record("register.enter", row, season, department_id=row.department_id)
    assert heard == [(season.pk, ["保卫处", "图书馆"])]


@pytest.mark.parametrize("act", ["milestone.move", "import.apply", "department.merge"])
def test_act_on_everybody_tells_of_all(season, heard, django_capture_on_commit_callbacks, act):
    with django_capture_on_commit_callbacks(execute=True):
        record(act, Milestone.objects.filter(campaign=season).first(), season)
    assert heard == [(season.pk, None)]


def test_act_without_season_or_department_tells_nobody(season, heard, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        audit.record("account.change", make_user("somebody"), by_id=None)
        record("contest.open", season, season)
        actor = make_actor(season, Role.OFFICE)
        audit.record("job.ask", make_user("else"), by_id=actor.user_id, campaign_id=season.pk, department_id=1)
    assert heard == []


def test_act_stands_though_whoever_hears_of_it_fails(season, monkeypatch, django_capture_on_commit_callbacks, caplog):
    def fail(campaign_id, department_ids):
        raise ConnectionError("no worker")

    monkeypatch.setattr(hooks, "facts_changed", [fail])
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        record("evidence.file", department(season), season, department_id=department(season).pk)
    assert len(callbacks) == 1
    assert "no worker" in caplog.text
