"""Moving a milestone for all: the preview, the decision that rests on it, the page."""

from datetime import date

import pytest
from django.urls import reverse

from campaigns.enums import Role
from campaigns.models import Milestone, MilestoneMove, Obligation
from campaigns.queries.milestones import preview_move
from campaigns.services.milestones import move_milestone
from qualityseason.clock import wall_now
from qualityseason.errors import ConflictOfInterest, Refused
from qualityseason.models import AuditEntry
from tests.campaigns.owed_working import DUE, LIBRARY, UNION, met, moment, owed, signed_in, state
from tests.factories import NOON, department, make_actor

TODAY = date(2009, 12, 28)
LATER = date(2009, 11, 9)


@pytest.fixture
def milestone(season):
    return Milestone.objects.get(campaign=season, code="plan-ecopy")


@pytest.fixture
def rows(season):
    """All met on time but four: 图书馆 three days late, 工会 four, 保卫处 not yet with more time, 团委 with some."""
    Obligation.objects.filter(milestone__code="plan-ecopy").update(met_at=moment(11, 5), recorded_at=moment(11, 5))
    met(season, moment(11, 9))
    met(season, moment(11, 10), home=UNION)
    for home, until, at in (("保卫处", date(2010, 1, 4), None), ("团委", date(2009, 11, 8), moment(11, 8))):
        row = owed(season, home=home)
        row.extended_to, row.met_at, row.recorded_at = until, at, at
        row.save()


def names(effects):
    return [effect.department for effect in effects]


def move(milestone, until, by, **values):
    seen = preview_move(Milestone.objects.get(pk=milestone.pk), until=until, on=TODAY).digest
    whole = {"reason": "新校区搬迁", "seen": seen, "by": by, "at": NOON} | values
    return move_milestone(milestone, until=until, **whole)


# --- the preview


def test_preview_of_a_later_day(milestone, rows):
    preview = preview_move(milestone, until=LATER, on=TODAY)
    assert names(preview.to_on_time) == [LIBRARY]
    assert preview.to_on_time[0].days_before == 3
    assert names(preview.to_late) == []
    assert [(one.department, one.days_before, one.days_after) for one in preview.still_late] == [(UNION, 4, 1)]
    assert names(preview.extended) == ["保卫处"]
    assert names(preview.overtaken) == ["团委"]
    assert preview.unchanged == 23


def test_preview_of_an_earlier_day_keeps_own_extensions(milestone, rows):
    preview = preview_move(milestone, until=date(2009, 11, 4), on=TODAY)
    assert len(preview.to_late) == 20
    assert {"保卫处", "团委", LIBRARY, UNION}.isdisjoint(names(preview.to_late))
    assert names(preview.extended) == ["团委", "保卫处"]


def test_preview_counts_from_the_day_it_is_asked(season, milestone):
    assert len(preview_move(milestone, until=TODAY, on=TODAY).to_on_time) == 24
    assert len(preview_move(milestone, until=date(2009, 12, 27), on=TODAY).to_on_time) == 0


# --- the decision


def test_moving_changes_every_row_and_is_recorded(season, milestone, rows):
    by = make_actor(season, Role.OFFICE)
    found = move(milestone, LATER, by)
    milestone.refresh_from_db()
    assert (found.before, found.until, milestone.due_on) == (DUE, LATER, LATER)
    assert set(Obligation.objects.filter(milestone=milestone).values_list("due_on", flat=True)) == {LATER}
    assert state(owed(season), TODAY)[:2] == ("met", 0)
    assert state(owed(season, home="团委"), TODAY)[:2] == ("met", 0)
    assert owed(season, home="团委").extended_to == date(2009, 11, 8)
    assert state(owed(season, home="保卫处"), TODAY) == ("open", 0, 7)
    assert owed(season, "plan-paper").due_on == DUE
    entry = AuditEntry.objects.get(act="milestone.move")
    assert (entry.before, entry.after["due_on"]) == ({"due_on": "2009-11-06"}, "2009-11-09")
    assert entry.after["to_on_time"] == [LIBRARY]


def test_a_preview_that_no_longer_holds_is_refused(season, milestone, rows):
    by = make_actor(season, Role.OFFICE)
    seen = preview_move(milestone, until=LATER, on=TODAY).digest
    met(season, moment(12, 28), home="保卫处")
    with pytest.raises(Refused) as refusal:
        move(milestone, LATER, by, seen=seen)
    assert refusal.value.refusal_code == "stale"
    with pytest.raises(Refused):
        move(milestone, LATER, by, seen="")
    assert not MilestoneMove.objects.exists()
    milestone.refresh_from_db()
    assert milestone.due_on == DUE


def test_a_preview_from_before_another_move_is_refused(season, milestone):
    by = make_actor(season, Role.OFFICE)
    seen = preview_move(milestone, until=date(2009, 11, 12), on=TODAY).digest
    move(milestone, LATER, by)
    with pytest.raises(Refused) as refusal:
        move(milestone, date(2009, 11, 12), by, seen=seen)
    assert refusal.value.refusal_code == "stale"


def test_the_same_move_sent_twice_is_one(season, milestone, rows):
    by = make_actor(season, Role.OFFICE)
    seen = preview_move(milestone, until=LATER, on=TODAY).digest
    first = move(milestone, LATER, by, seen=seen)
    assert move(milestone, LATER, by, seen=seen) == first
    assert MilestoneMove.objects.count() == 1
    with pytest.raises(Refused) as refusal:
        move(milestone, LATER, by, reason="另一个理由")
    assert refusal.value.refusal_code == "same"


@pytest.mark.parametrize(
    ("code", "until", "reason", "refused"),
    [
        ("plan-ecopy", DUE, "搬迁", "same"),
        ("plan-ecopy", LATER, " ", "reason"),
        ("plan-ecopy", LATER, "长" * 301, "reason"),
        ("plan-ecopy", date(2090, 11, 9), "搬迁", "far"),
        ("publicity", date(2009, 10, 20), "搬迁", "early"),  # it begins on the 21st
    ],
)
def test_a_bad_move_is_refused(season, code, until, reason, refused):
    milestone = Milestone.objects.get(campaign=season, code=code)
    with pytest.raises(Refused) as refusal:
        move(milestone, until, make_actor(season, Role.OFFICE), reason=reason)
    assert refusal.value.refusal_code == refused


def test_nobody_turns_a_department_of_own_interest(season, milestone, rows):
    by = make_actor(season, Role.OFFICE, department=department(season))
    with pytest.raises(ConflictOfInterest):
        move(milestone, LATER, by)
    assert not MilestoneMove.objects.exists()
    Obligation.objects.filter(pk=owed(season).pk).update(met_at=moment(11, 2), recorded_at=moment(11, 2))
    assert move(milestone, LATER, by).until == LATER


# --- the page


@pytest.fixture
def page(season):
    season.clock_offset = NOON - wall_now()
    season.save(update_fields=["clock_offset"])
    return reverse("campaigns:milestone-move", args=["2009", "plan-ecopy"])


def test_the_page_previews_first_and_writes_on_the_second_step(client, season, rows, page):
    signed_in(client, season, Role.OFFICE)
    assert client.get(page).context["preview"] is None
    typed = {"until": "2009.11.9", "reason": "新校区搬迁", "preview": "1"}
    response = client.post(page, typed)
    assert names(response.context["preview"].to_on_time) == [LIBRARY]
    assert not MilestoneMove.objects.exists()
    seen = response.context["form"]["seen"].value()
    assert response.context["form"]["reason"].value() == "新校区搬迁"
    assert client.post(page, typed | {"confirm": "1", "seen": seen}).status_code == 302
    assert MilestoneMove.objects.get().until == LATER


def test_the_page_shows_a_stale_preview_anew(client, season, rows, page):
    signed_in(client, season, Role.OFFICE)
    typed = {"until": "2009-11-09", "reason": "搬迁", "seen": "old", "confirm": "1"}
    response = client.post(page, typed)
    assert response.status_code == 200
    assert response.context["form"].errors
    assert names(response.context["preview"].to_on_time) == [LIBRARY]
    again = client.post(page, typed | {"seen": response.context["form"]["seen"].value()})
    assert again.status_code == 302


def test_the_page_keeps_what_was_typed_wrongly(client, season, page):
    signed_in(client, season, Role.OFFICE)
    response = client.post(page, {"until": "下周", "reason": "搬迁", "preview": "1"})
    assert response.context["form"]["until"].value() == "下周"
    assert response.context["preview"] is None
    same = client.post(page, {"until": "2009-11-06", "reason": "搬迁", "preview": "1"})
    assert (same.context["preview"], "until" in same.context["form"].errors) == (None, True)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.OFFICE])
def test_only_the_office_moves(client, season, page, role):
    signed_in(client, season, role, LIBRARY)
    assert client.get(page).status_code == 403


def test_a_milestone_nobody_owes_is_404(client, season, page):
    signed_in(client, season, Role.OFFICE)
    for code in ("mobilisation", "nothing"):
        assert client.get(reverse("campaigns:milestone-move", args=["2009", code])).status_code == 404
