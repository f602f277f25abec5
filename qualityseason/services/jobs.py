"""Background work: started in a transaction, run by `manage.py db_worker`, with progress people can see."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django_tasks import task

from qualityseason.clock import wall_now
from qualityseason.enums import JobState
from qualityseason.errors import Refused
from qualityseason.models import Job, StoredFile
from qualityseason.tracing import request_id

logger = logging.getLogger(__name__)
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class JobResult:
    """What a job leaves: a file to fetch, or a page to go on to."""

    file: StoredFile | None = None
    next_url: str = ""


KINDS: dict[str, Callable[[Job, Progress], JobResult]] = {}


def start_job(
    kind: str, *, by_id: int, campaign_id: int | None, parameters: dict[str, Any], at: datetime | None = None
) -> Job:
    """Write the job down and queue it once the transaction is through; returns the job, waiting."""
    job = Job.objects.create(
        kind=kind,
        campaign_id=campaign_id,
        asked_by_id=by_id,
        asked_at=at or wall_now(),
        parameters=parameters | {"language": translation.get_language()},
    )
    transaction.on_commit(lambda: run_job.enqueue(job.pk, request_id.get()))
    return job


@task()
def run_job(job_pk: int, trace: str) -> None:
    """Run a waiting job; a refusal is kept as its sentence, anything else as a sentence with the trace id."""
    job = Job.objects.get(pk=job_pk)
    if not Job.objects.filter(pk=job_pk, state=JobState.WAITING).update(state=JobState.RUNNING):
        return
    token = request_id.set(trace)
    try:
        with translation.override(job.parameters.get("language")):
            result = KINDS[job.kind](job, _progress_of(job))
            _finish(job, JobState.DONE, file=result.file, next_url=result.next_url)
    except Refused as refused:
        _finish(job, JobState.FAILED, problem=str(refused.sentence))
    except Exception:
        logger.exception("job %s failed", job.uuid)
        _finish(job, JobState.FAILED, problem=_("Something went wrong; the office can quote number %s.") % trace)
    finally:
        request_id.reset(token)


def _progress_of(job: Job) -> Progress:
    def report(done: int, total: int) -> None:
        Job.objects.filter(pk=job.pk).update(done=done, total=total)

    return report


def _finish(job: Job, state: JobState, **values: Any) -> None:
    Job.objects.filter(pk=job.pk).update(state=state, finished_at=wall_now(), **values)
