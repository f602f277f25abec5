"""Background work: queued on commit, run once, its failure said in words."""

import pytest
from django.db import transaction
from django.utils import translation

from qualityseason.enums import JobState
from qualityseason.errors import Refused
from qualityseason.models import Job
from qualityseason.services.jobs import KINDS, JobResult, run_job, start_job
from tests.factories import NOON, make_user


@pytest.fixture
def kind(monkeypatch):
    """Return a function that registers work of the kind `test`."""
    return lambda work: monkeypatch.setitem(KINDS, "test", work)


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


def test_job_speaks_the_language_it_was_asked_in(db, kind, django_capture_on_commit_callbacks):
    spoken = []

    def work(job, progress):
        spoken.append(translation.get_language())
        return JobResult()

    kind(work)
    with django_capture_on_commit_callbacks(execute=True), translation.override("en"):
        start(make_user("li"))
    assert spoken == ["en"]


def test_jobs_belong_to_who_asked(db, kind):
    kind(lambda job, progress: JobResult())
    li, wang = make_user("li"), make_user("wang")
    job = start(li)
    assert list(Job.objects.asked_by(li.pk)) == [job]
    assert list(Job.objects.asked_by(wang.pk)) == []
