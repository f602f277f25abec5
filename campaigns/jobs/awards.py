"""The award list on paper, printed in the background for who asked."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.enums import ContestState
from campaigns.exports.awards import FORMATS, file_name
from campaigns.models import Campaign, Contest
from campaigns.queries.actors import load_actor
from campaigns.queries.contest import find_contest
from campaigns.queries.contest_awards import award_list
from campaigns.services.contest import keep_award_list
from qualityseason import clock
from qualityseason.errors import Refused
from qualityseason.models import Job
from qualityseason.services.jobs import KINDS, JobKind, JobResult, Progress

AWARDS = "contest-awards"


def register() -> None:
    """Make the kind of job known."""
    KINDS[AWARDS] = JobKind(run_awards, may_read=may_read_awards)


def run_awards(job: Job, progress: Progress) -> JobResult:
    """Print the list as who asked may see it now; its paper names prizes alone, the same for everybody."""
    found = _seen(job)
    if found is None:
        raise Refused(_("There is no award list you may read."), code="no_sight")
    actor, contest = found
    at = clock.now(contest.campaign)
    facts = award_list(actor, contest, at=at)
    progress(0, 1)
    with tempfile.TemporaryDirectory(prefix="awards-") as folder:
        path = Path(folder) / "awards.pdf"
        FORMATS["pdf"].write(facts, path)
        stored = keep_award_list(
            contest, path, name=file_name(facts, "pdf"), media_type=FORMATS["pdf"].media_type, by=actor, at=at
        )
    progress(1, 1)
    return JobResult(file=stored)


def may_read_awards(job: Job) -> bool:
    """Whether who asked still belongs to the season and sees its contest awarded."""
    return _seen(job) is not None


def _seen(job: Job) -> tuple[Actor, Contest] | None:
    campaign = Campaign.objects.get(pk=int(job.campaign_id or 0))
    actor = load_actor(job.asked_by, campaign, on=clock.day_of(clock.now(campaign))) if job.asked_by.is_active else None
    contest = find_contest(actor) if actor is not None else None
    if actor is None or contest is None or contest.state != ContestState.AWARDED:
        return None
    return actor, contest
