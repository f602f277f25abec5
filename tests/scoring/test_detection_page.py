"""The page that says how detection stands, and having the records looked at now."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from campaigns.enums import Role
from campaigns.models import Department
from qualityseason.enums import JobState
from qualityseason.models import Job
from scoring.detectors import DETECTORS
from scoring.enums import RecordKind
from scoring.facts import Detector
from scoring.jobs.detection import DETECT
from scoring.models import Announcement, Detection
from scoring.queries.detection_page import load_detection
from scoring.services.detection_jobs import ask_for_detection
from tests.factories import DAY, NOON, department, make_actor
from tests.scoring.reading import page, parsed, reader, table_rows, turn_clock, words

DEPARTMENTS = "//section[@aria-labelledby='departments-title']//table"


@pytest.fixture
def office(season):
    turn_clock(season, NOON)
    return make_actor(season, Role.OFFICE)


def looked(season, name, *, at=None, wanted=None, troubles=()):
    return Detection.objects.create(
        campaign=season,
        department=department(season, name),
        detected_at=at,
        wanted_at=wanted,
        troubles=[{"detector": detector, "trace": trace} for detector, trace in troubles],
    )


def loaded(season, number=1):
    return load_detection(season, on=DAY, job_kind=DETECT, number=number)


def job(season, actor, **values):
    return Job.objects.create(kind=DETECT, campaign_id=season.pk, asked_by_id=actor.user_id, asked_at=NOON, **values)


def post(actor, season, **data):
    return reader(actor).post(page("detect", season), data)


# --- what it says


def test_before_anything_was_looked_at_every_department_says_never(season, office):
    counts = loaded(season).counts
    assert (counts.departments, counts.detected, counts.never, counts.waiting, counts.troubled) == (24, 0, 24, 0, 0)
    tree = parsed(reader(office).get(page("detection", season)))
    assert {row[1] for row in table_rows(tree, DEPARTMENTS)} == {"never"}


def test_trouble_comes_first_then_what_waits_then_the_order_of_the_scheme(season, office):
    looked(season, "工会", at=NOON)
    looked(season, "图书馆", at=NOON, wanted=NOON)
    looked(season, "体育部", at=NOON - timedelta(days=2), troubles=[("study-absence", "trace-7")])
    found = loaded(season)
    assert [row.name for row in found.rows[:3]] == ["体育部", "图书馆", "监察审计室"]
    assert (found.counts.detected, found.counts.waiting, found.counts.troubled) == (3, 1, 1)
    assert found.counts.oldest == NOON - timedelta(days=2)
    rows = table_rows(parsed(reader(office).get(page("detection", season))), DEPARTMENTS)
    assert rows[0][:4] == ["体育部", "2009-12-26 12:00", "failed", "S2 study-absence: number to quote trace-7"]
    assert rows[1][2] == "waits to be looked at"


def test_departments_come_in_pages(season, office, monkeypatch):
    monkeypatch.setattr("scoring.queries.detection_page.PAGE", 10)
    names = [row.name for number in (1, 2, 3) for row in loaded(season, number).rows]
    assert names == list(Department.objects.filter(campaign=season).order_by("order").values_list("name", flat=True))
    assert [loaded(season, number).has_more for number in (1, 2, 3, 99)] == [True, True, False, False]


def test_kinds_say_from_when_they_count(season, office):
    for kind, day in ((RecordKind.PLAN, DAY), (RecordKind.SUMMARY, DAY.replace(day=21))):
        Announcement.objects.create(
            campaign=season, kind=kind, starts_on=day, announced_by_id=office.user_id, announced_at=NOON
        )
    Announcement.objects.create(
        campaign=season,
        kind=RecordKind.SERVICE,
        starts_on=DAY,
        announced_by_id=office.user_id,
        announced_at=NOON,
        withdrawn_at=NOON,
        withdrawn_by_id=office.user_id,
    )
    kinds = {row.kind: row for row in loaded(season).kinds}
    assert list(kinds) == [kind.value for kind in RecordKind]
    assert [kinds[kind].has_begun for kind in ("plan", "summary", "service")] == [True, False, False]
    assert kinds["service"].uuid is None


@pytest.mark.parametrize(
    ("role", "detects", "announces"),
    [(Role.OFFICE, True, True), (Role.TEAM_LEAD, True, False), (Role.ASSESSOR, False, False)],
)
def test_buttons_are_for_who_may_press_them(season, office, role, detects, announces):
    Announcement.objects.create(
        campaign=season, kind="plan", starts_on=DAY, announced_by_id=office.user_id, announced_at=NOON
    )
    tree = parsed(reader(make_actor(season, role)).get(page("detection", season)))
    actions = {action.split("?")[0] for action in tree.xpath("//main//form/@action")}
    assert (page("detect", season) in actions) == detects
    assert any("withdraw" in action for action in actions) == announces
    assert (page("announcement-new", season) in tree.xpath("//a/@href")) == announces


@pytest.mark.parametrize("role", [Role.HEAD, Role.STAFF, Role.LEADERSHIP])
def test_others_are_kept_out(season, office, role):
    actor = make_actor(season, role, department=department(season) if role != Role.LEADERSHIP else None)
    assert reader(actor).get(page("detection", season)).status_code == 403
    assert post(actor, season).status_code == 403


@pytest.mark.parametrize("amount", [1, 3])
def test_the_page_asks_the_same_queries_at_any_size(season, office, amount, django_assert_num_queries):
    for name in ("工会", "图书馆", "体育部")[:amount]:
        looked(season, name, at=NOON, troubles=[("study-absence", "trace")])
    for kind in list(RecordKind)[:amount]:
        Announcement.objects.create(
            campaign=season, kind=kind, starts_on=DAY, announced_by_id=office.user_id, announced_at=NOON
        )
    client = reader(office)
    with django_assert_num_queries(12):  # six for session and actor, six to load
        client.get(page("detection", season))


# --- all departments


def test_work_on_all_departments_is_started_once_at_a_time(season, office):
    first = ask_for_detection(season, DETECT, by=office, at=NOON)
    again = ask_for_detection(season, DETECT, by=make_actor(season, Role.TEAM_LEAD), at=NOON)
    assert (first.is_new, again.is_new, again.job) == (True, False, first.job)
    Job.objects.update(state=JobState.DONE)
    assert ask_for_detection(season, DETECT, by=office, at=NOON).is_new


def test_work_whose_worker_died_does_not_bar_new_work(season, office):
    dead = job(season, office, state=JobState.RUNNING)
    Job.objects.update(queued_at=NOON, seen_at=NOON)
    asked = ask_for_detection(season, DETECT, by=office, at=NOON)
    dead.refresh_from_db()
    assert (asked.is_new, dead.state) == (True, JobState.FAILED)


def test_an_assessor_starts_nothing(season, office):
    with pytest.raises(PermissionDenied):
        ask_for_detection(season, DETECT, by=make_actor(season, Role.ASSESSOR), at=NOON)
    assert post(make_actor(season, Role.ASSESSOR), season).status_code == 403
    assert not Job.objects.exists()


def test_the_button_leads_to_the_work_and_the_work_to_the_queue(season, office, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        answer = post(office, season)
    done = Job.objects.get()
    assert answer.url.startswith(f"/jobs/{done.uuid}/?back=")
    assert (done.state, done.done, done.total, done.next_url) == (JobState.DONE, 24, 24, page("findings", season))
    assert Detection.objects.filter(detected_at__isnull=False).count() == 24
    assert "Looking at the records of all departments" in words(parsed(reader(office).get(answer.url)))


def test_who_asks_while_somebody_elses_work_goes_on_is_told_so(season, office):
    going = job(season, office, state=JobState.WAITING)
    lead = make_actor(season, Role.TEAM_LEAD)
    answer = reader(lead).post(page("detect", season), follow=True)
    assert answer.redirect_chain == [(page("detection", season), 302)]
    text = words(parsed(answer))
    assert "The records are being looked at already" in text
    assert str(going.uuid) not in answer.content.decode()
    assert post(office, season).url.startswith(f"/jobs/{going.uuid}/")
    Job.objects.update(state=JobState.RUNNING, done=3, total=24, seen_at=going.queued_at)
    tree = parsed(reader(office).get(page("detection", season)))
    assert "The records are being looked at: 3 of 24 departments." in words(tree)
    assert Job.objects.count() == 1


# --- one department


def test_one_department_is_looked_at_by_itself(season, office, monkeypatch):
    def broken(facts, terms):
        raise ValueError("broken")

    own = Detector("study-absence", "study", broken, {})
    monkeypatch.setitem(DETECTORS, "study-absence", own)
    library = department(season)
    answer = post(office, season, department=str(library.uuid))
    assert answer.url == page("detection", season)
    [row] = Detection.objects.all()
    assert (row.department, row.wanted_at, row.troubles[0]["detector"]) == (library, None, "study-absence")
    [shown] = [row for row in loaded(season).rows if row.troubles]
    assert (shown.name, shown.troubles[0].rules) == ("图书馆", ("S2",))
    assert not Job.objects.exists()


def test_a_department_that_waits_for_a_lost_worker_is_looked_at_after_all(season, office):
    looked(season, "图书馆", wanted=NOON)
    post(office, season, department=str(department(season).uuid))
    assert Detection.objects.get().wanted_at is None


@pytest.mark.parametrize("typed", ["", "x", "6f9619ff-8b86-d011-b42d-00cf4fc964ff"])
def test_a_department_that_is_none_is_not_found(season, office, typed):
    assert post(office, season, department=typed).status_code == 404
