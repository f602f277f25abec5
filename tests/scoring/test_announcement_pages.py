"""The office announces from when on records count: the form, the list, taking it back."""

from datetime import date

import pytest

from campaigns.enums import Role
from qualityseason.models import AuditEntry
from scoring.enums import RecordKind
from scoring.models import Announcement, Detection
from scoring.services.announcements import announce
from tests.factories import NOON, department, make_actor
from tests.scoring.reading import page, parsed, reader, turn_clock, words
from tests.scoring.working import errors

TOMORROW = "2009-12-29"
AT_ONCE = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
BY_A_WORKER = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


@pytest.fixture(autouse=True)
def _worker_is_busy(settings):
    """Have all departments' records looked at by a worker, which takes its time, where a test does not ask for it."""
    settings.TASKS = BY_A_WORKER


@pytest.fixture
def office(season):
    turn_clock(season, NOON)
    return make_actor(season, Role.OFFICE)


def announced(season):
    return {row.kind: row.starts_on for row in Announcement.objects.standing().filter(campaign=season)}


def send(actor, season, *kinds, starts_on=TOMORROW, follow=False):
    return reader(actor).post(page("announcement-new", season), {"kinds": kinds, "starts_on": starts_on}, follow=follow)


def test_the_form_offers_every_kind_and_tomorrow(season, office):
    tree = parsed(reader(office).get(page("announcement-new", season), {"kind": "plan"}))
    assert tree.xpath("//input[@name='kinds']/@value") == [kind.value for kind in RecordKind]
    assert tree.xpath("//input[@name='kinds'][@checked]/@value") == ["plan"]
    assert tree.xpath("//input[@name='starts_on']/@value") == [TOMORROW]


@pytest.mark.parametrize(
    ("kinds", "starts_on", "field", "sentence"),
    [
        ((), TOMORROW, "kinds", "Tick at least one kind of records."),
        (("nothing",), TOMORROW, "kinds", None),
        (("plan",), "", "starts_on", None),
        (("plan",), "soon", "starts_on", "Write the day like 2009-11-06."),
        (("plan",), "2009-12-27", "starts_on", "2009-12-27 is over; departments must be told beforehand."),
        (
            ("plan",),
            "2010-02-01",
            "starts_on",
            "Facts count until 2010-01-31; from a later day on nothing would count.",
        ),
    ],
)
def test_what_cannot_be_announced_is_refused_with_a_sentence(season, office, kinds, starts_on, field, sentence):
    answer = send(office, season, *kinds, starts_on=starts_on)
    assert answer.status_code == 200
    [said] = errors(answer)[field]
    assert sentence is None or said.startswith(sentence)
    assert announced(season) == {}
    assert not Detection.objects.exists()


def test_several_kinds_are_announced_at_once_and_looked_at_again(
    season, office, settings, django_capture_on_commit_callbacks
):
    settings.TASKS = AT_ONCE
    with django_capture_on_commit_callbacks(execute=True):
        answer = send(office, season, "plan", "summary", starts_on="2009.12.30", follow=True)
    assert announced(season) == {"plan": date(2009, 12, 30), "summary": date(2009, 12, 30)}
    assert "From 2009-12-30 on the portal's records count: Plans, Closing summaries." in words(parsed(answer))
    assert AuditEntry.objects.filter(act="announcement.make").count() == 2
    assert Detection.objects.filter(detected_at__isnull=False).count() == 24


def test_today_may_be_announced_and_the_same_again_is_no_second_one(season, office):
    first = reader(office)
    for _time in range(2):
        first.post(page("announcement-new", season), {"kinds": ["plan"], "starts_on": "2009-12-28"})
    assert announced(season) == {"plan": date(2009, 12, 28)}


def test_what_is_announced_is_not_offered_again(season, office):
    send(office, season, "plan")
    tree = parsed(reader(office).get(page("announcement-new", season)))
    assert "plan" not in tree.xpath("//input[@name='kinds']/@value")
    send(office, season, *(kind.value for kind in RecordKind if kind != RecordKind.PLAN))
    answer = reader(office).get(page("announcement-new", season), follow=True)
    assert answer.redirect_chain == [(page("detection", season), 302)]
    assert "Every kind of records is announced already." in words(parsed(answer))


def test_an_announcement_is_taken_back_and_may_be_made_again(
    season, office, settings, django_capture_on_commit_callbacks
):
    row = announce(season, kind=RecordKind.PLAN, starts_on=date(2009, 12, 29), by=office, at=NOON)
    assert not Detection.objects.exists()
    settings.TASKS = AT_ONCE
    with django_capture_on_commit_callbacks(execute=True):
        answer = reader(office).post(page("announcement-withdraw", season, row.uuid), follow=True)
    assert "Plans: the announcement is withdrawn; what is missing here proves nothing again." in words(parsed(answer))
    assert announced(season) == {}
    assert Detection.objects.filter(detected_at__isnull=False).count() == 24
    settings.TASKS = BY_A_WORKER
    assert reader(office).post(page("announcement-withdraw", season, row.uuid)).status_code == 302
    assert AuditEntry.objects.filter(act="announcement.withdraw").count() == 1
    send(office, season, "plan", starts_on="2009-12-30")
    assert announced(season) == {"plan": date(2009, 12, 30)}


@pytest.mark.parametrize("role", [Role.HEAD, Role.STAFF, Role.ASSESSOR, Role.TEAM_LEAD, Role.LEADERSHIP])
def test_only_the_office_announces(season, office, role):
    send(office, season, "plan")
    row = Announcement.objects.get()
    home = department(season) if role in (Role.HEAD, Role.STAFF) else None
    client = reader(make_actor(season, role, department=home))
    assert client.get(page("announcement-new", season)).status_code == 403
    assert (
        client.post(page("announcement-new", season), {"kinds": ["summary"], "starts_on": TOMORROW}).status_code == 403
    )
    assert client.post(page("announcement-withdraw", season, row.uuid)).status_code == 403
    assert set(announced(season)) == {"plan"}


def test_another_seasons_announcement_is_not_found(season, other_season, office):
    row = Announcement.objects.create(
        campaign=other_season,
        kind="plan",
        starts_on=date(2031, 5, 1),
        announced_by_id=office.user_id,
        announced_at=NOON,
    )
    assert reader(office).post(page("announcement-withdraw", season, row.uuid)).status_code == 404
