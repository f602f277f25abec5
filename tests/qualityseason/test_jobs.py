"""Background work: queued on commit, run once, its failure said in words."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import translation
from django_tasks_db.models import DBTaskResult

from qualityseason.clock import wall_now
from qualityseason.enums import JobState
from qualityseason.errors import Refused
from qualityseason.models import Job
from qualityseason.models.jobs import stopped
from qualityseason.services.jobs import KINDS, JobKind, JobResult, give_up, run_job, start_job
from tests.factories import NOON, make_user


@pytest.fixture
def kind(monkeypatch):
    """Return a function that registers work of the kind `test`."""
    return lambda work: monkeypatch.setitem(KINDS, "test", JobKind(work))


def start(user, **parameters):
    return start_job("test", by_id=user.pk, campaign_id=None, parameters=parameters, at=NOON)


def test_job_runs_after_the_commit_with_its_parameters_and_progress(db, kind, django_capture_on_commit_callbacks):
    seen = []

    def work(job, progress):
        progress(3, 7)
        seen.append((job.parameters["n"], Job.objects.get(pk=job.pk).state))
        return JobResult(next_url="/there/")

    kind(work)
    with django_capture_on_commit_callbacks(execute=True):
        job = start(make_user("li"), n=5)
        assert (job.state, job.is_over, seen) == (JobState.WAITING, False, [])
    job.refresh_from_db()
    assert seen == [(5, JobState.RUNNING)]
    assert (job.state, job.is_over, job.next_url, job.done, job.total) == (JobState.DONE, True, "/there/", 3, 7)
    assert job.finished_at is not None


def test_job_started_in_a_transaction_rolled_back_never_runs(db, kind, django_capture_on_commit_callbacks):
    kind(lambda job, progress: pytest.fail("ran"))
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        start(make_user("li"))
        transaction.set_rollback(True)
    assert Job.objects.count() == 0


def test_job_refused_keeps_the_sentence(db, kind, django_capture_on_commit_callbacks):
    def work(job, progress):
        raise Refused("The sheet is empty.", code="empty")

    kind(work)
    with django_capture_on_commit_callbacks(execute=True):
        job = start(make_user("li"))
    job.refresh_from_db()
    assert (job.state, job.problem) == (JobState.FAILED, "The sheet is empty.")


def test_job_that_breaks_says_a_number_and_no_secret(db, kind, django_capture_on_commit_callbacks, caplog):
    def work(job, progress):
        raise RuntimeError("the database password is 1234")

    kind(work)
    with django_capture_on_commit_callbacks(execute=False):
        job = start(make_user("li"))
    run_job.func(job.pk, "trace-7")
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert "trace-7" in job.problem
    assert "password" not in job.problem
    assert "the database password" in caplog.text  # whoever keeps the server learns why


def test_job_called_twice_runs_once(db, kind, django_capture_on_commit_callbacks):
    runs = []

    def work(job, progress):
        runs.append(job.pk)
        return JobResult()

    kind(work)
    with django_capture_on_commit_callbacks(execute=True):
        job = start(make_user("li"))
    run_job.func(job.pk, "")
    assert runs == [job.pk]


def test_job_writes_in_the_language_of_the_portal_whoever_asked(db, kind, django_capture_on_commit_callbacks, settings):
    spoken = []

    def work(job, progress):
        spoken.append(translation.get_language())
        raise RuntimeError

    kind(work)
    with django_capture_on_commit_callbacks(execute=True), translation.override("en"):
        job = start(make_user("li"))
    assert spoken == [settings.LANGUAGE_CODE]
    job.refresh_from_db()
    assert "the office" not in job.problem


def test_job_and_its_place_in_the_queue_are_one_transaction(db, kind, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    kind(lambda job, progress: JobResult())
    with transaction.atomic():
        start(make_user("li"))
        assert DBTaskResult.objects.count() == 1
        transaction.set_rollback(True)
    assert (Job.objects.count(), DBTaskResult.objects.count()) == (0, 0)


@pytest.mark.parametrize("ending", [SystemExit, KeyboardInterrupt])
def test_job_whose_worker_is_told_to_end_has_failed(db, kind, ending):
    def work(job, progress):
        raise ending

    kind(work)
    job = start(make_user("li"))
    with pytest.raises(ending):
        run_job.func(job.pk, "")
    job.refresh_from_db()
    assert (job.state, job.problem) == (JobState.FAILED, stopped())


def aged(user, **moments):
    """Return a job whose signs of life are some minutes old."""
    job = start(user)
    ages = {name: wall_now() - timedelta(minutes=minutes) for name, minutes in moments.items() if name != "state"}
    Job.objects.filter(pk=job.pk).update(state=moments["state"], **ages)
    job.refresh_from_db()
    return job


@pytest.mark.parametrize(
    ("moments", "stalled"),
    [
        ({"state": JobState.WAITING, "queued_at": 29}, False),
        ({"state": JobState.WAITING, "queued_at": 31}, True),
        ({"state": JobState.RUNNING, "queued_at": 31, "started_at": 30, "seen_at": 9}, False),
        ({"state": JobState.RUNNING, "queued_at": 31, "started_at": 30, "seen_at": 11}, True),
        ({"state": JobState.DONE, "queued_at": 99, "started_at": 99, "seen_at": 99}, False),
    ],
)
def test_job_without_a_sign_of_life_has_failed_and_says_so(db, kind, moments, stalled):
    kind(lambda job, progress: JobResult())
    job = aged(make_user("li"), **moments)
    assert (job.is_stalled, job.outcome) == (stalled, JobState.FAILED if stalled else moments["state"])
    assert bool(job.why_failed) == stalled


def test_job_given_up_does_not_run_when_the_worker_comes_back(db, kind):
    kind(lambda job, progress: pytest.fail("ran"))
    job = aged(make_user("li"), state=JobState.WAITING, queued_at=31)
    give_up(job)
    run_job.func(job.pk, "")
    job.refresh_from_db()
    assert job.state == JobState.FAILED


def test_job_alive_is_not_given_up(db, kind):
    kind(lambda job, progress: JobResult())
    job = start(make_user("li"))
    give_up(job)
    job.refresh_from_db()
    assert job.state == JobState.WAITING


def test_progress_is_a_sign_of_life(db, kind):
    seen = []

    def work(job, progress):
        Job.objects.update(seen_at=None)
        progress(1, 2)
        seen.append(Job.objects.get(pk=job.pk).seen_at)
        return JobResult()

    kind(work)
    run_job.func(start(make_user("li")).pk, "")
    assert seen[0] is not None


def test_jobs_belong_to_who_asked(db, kind):
    kind(lambda job, progress: JobResult())
    li, wang = make_user("li"), make_user("wang")
    job = start(li)
    assert list(Job.objects.asked_by(li.pk)) == [job]
    assert list(Job.objects.asked_by(wang.pk)) == []
