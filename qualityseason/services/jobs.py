"""Background work: started in a transaction, run by `manage.py db_worker`, with progress people can see."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django_tasks import task
from django_tasks_db import DatabaseBackend

from qualityseason.clock import wall_now
from qualityseason.enums import JobState
from qualityseason.errors import Refused
from qualityseason.models import Job, StoredFile
from qualityseason.models.jobs import stopped
from qualityseason.tracing import request_id

logger = logging.getLogger(__name__)
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class JobResult:
    """What a job leaves: a file to fetch, or a page to go on to."""

    file: StoredFile | None = None
    next_url: str = ""


def _to_the_asker(job: Job) -> bool:
    return True


@dataclass(frozen=True)
class JobKind:
    """How work of a kind is done, and whether who asked for it may still read the file it made."""

    run: Callable[[Job, Progress], JobResult]
    may_read: Callable[[Job], bool] = _to_the_asker


KINDS: dict[str, JobKind] = {}


def start_job(
    kind: str, *, by_id: int, campaign_id: int | None, parameters: dict[str, Any], at: datetime | None = None
) -> Job:
    """Write the job down and queue it, both or neither; returns the job, waiting."""
    with transaction.atomic():
        job = Job.objects.create(
            kind=kind,
            campaign_id=campaign_id,
            asked_by_id=by_id,
            asked_at=at or wall_now(),
            parameters=parameters | {"language": translation.get_language()},
        )
        if isinstance(run_job.get_backend(), DatabaseBackend):  # its queue is a table beside the job's
            _queue(job)
        else:
            transaction.on_commit(partial(_queue, job))
    return job


def give_up(job: Job) -> None:
    """Write down that stalled work has failed, so that it does not run after all beside what is asked instead."""
    if job.is_stalled:
        with translation.override(settings.LANGUAGE_CODE):
            _finish(job, JobState.FAILED, problem=job.why_failed)


def may_read(job: Job) -> bool:
    """Whether who asked for the job may read now what it made."""
    kind = KINDS.get(job.kind)
    return kind is not None and job.asked_by.is_active and kind.may_read(job)


@task()
def run_job(job_pk: int, trace: str) -> None:
    """Run a waiting job; a refusal is kept as its sentence, anything else as a sentence with the trace id.

    What it writes is in the portal's language, whoever asked: other people read it, too.
    """
    now = wall_now()
    waiting = Job.objects.filter(pk=job_pk, state=JobState.WAITING)
    if not waiting.update(state=JobState.RUNNING, started_at=now, seen_at=now):
        return
    job = Job.objects.get(pk=job_pk)
    token = request_id.set(trace)
    try:
        with translation.override(settings.LANGUAGE_CODE):
            _run(job, trace)
    finally:
        request_id.reset(token)


def _queue(job: Job) -> None:
    run_job.enqueue(job.pk, request_id.get())


def _run(job: Job, trace: str) -> None:
    try:
        result = KINDS[job.kind].run(job, _progress_of(job))
        _finish(job, JobState.DONE, file=result.file, next_url=result.next_url)
    except Refused as refused:
        _finish(job, JobState.FAILED, problem=str(refused.sentence))
    except Exception:
        logger.exception("job %s failed", job.uuid)
        _finish(job, JobState.FAILED, problem=_("Something went wrong; the office can quote number %s.") % trace)
    except BaseException:  # the worker is told to end
        _finish(job, JobState.FAILED, problem=stopped())
        raise


def _progress_of(job: Job) -> Progress:
    def report(done: int, total: int) -> None:
        Job.objects.filter(pk=job.pk).update(done=done, total=total, seen_at=wall_now())

    return report


def _finish(job: Job, state: JobState, **values: Any) -> None:
    Job.objects.filter(pk=job.pk).update(state=state, finished_at=wall_now(), **values)
