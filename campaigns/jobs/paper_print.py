"""Background work: a version of a plan or summary typeset for signature and seal."""

from __future__ import annotations

import tempfile
from pathlib import Path
from uuid import UUID

from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.exports.plan_paper import PrintedPlan, word_html_of, write_plan
from campaigns.facts import PlanContent
from campaigns.models import Campaign, PlanVersion, SummaryVersion
from campaigns.models.any_paper import AnyPaper, AnyVersion
from campaigns.queries.actors import load_actor
from campaigns.services.paper_printing import PRINTS, keep_print
from qualityseason import clock
from qualityseason.errors import Refused
from qualityseason.models import Job
from qualityseason.services.files import path_of
from qualityseason.services.jobs import KINDS, JobKind, JobResult, Progress


def register() -> None:
    """Make the kinds of job known, one for each sort of text."""
    for kind in PRINTS.values():
        KINDS[kind] = JobKind(run_print, may_read=may_read_print)


def run_print(job: Job, progress: Progress) -> JobResult:
    """Print the version as the person who asked may see it when the job runs."""
    found = _seen(job)
    if found is None:
        raise Refused(_("This text may no longer be read from this account."), code="no_sight")
    version, paper = found
    progress(0, 1)
    content = PlanContent.from_json(version.content)
    word = path_of(version.word_file.file) if version.word_file else None
    printed = PrintedPlan(
        content=content,
        college=paper.campaign.college,
        department=paper.department.name,
        number=version.number,
        code=version.code,
        submitted_at=version.submitted_at,
        word_html=word_html_of(content, word),
    )
    with tempfile.TemporaryDirectory(prefix="print-") as folder:
        path = Path(folder) / "print.pdf"
        write_plan(printed, path)
        name = f"{paper.department.name}-{version.code}.pdf"
        stored = keep_print(
            path, version=version, paper=paper, name=name, by_id=job.asked_by_id, at=clock.now(paper.campaign)
        )
    progress(1, 1)
    return JobResult(file=stored)


def may_read_print(job: Job) -> bool:
    """Whether who asked still sees the version."""
    return _seen(job) is not None


def _seen(job: Job) -> tuple[AnyVersion, AnyPaper] | None:
    campaign = Campaign.objects.get(pk=int(job.campaign_id or 0))
    actor = load_actor(job.asked_by, campaign, on=clock.day_of(clock.now(campaign))) if job.asked_by.is_active else None
    if actor is None:
        return None
    version = _version(actor, job)
    if version is None:
        return None
    seen = type(version.paper).objects.visible_to(actor).select_related("campaign", "department")
    paper = seen.filter(pk=version.paper.pk).first()
    return (version, paper) if paper is not None else None


def _version(actor: Actor, job: Job) -> AnyVersion | None:
    uuid = UUID(job.parameters["version"])
    if job.kind == PRINTS["plan"]:
        return PlanVersion.objects.visible_to(actor).select_related("word_file__file", "plan").filter(uuid=uuid).first()
    visible = SummaryVersion.objects.visible_to(actor).select_related("word_file__file", "summary")
    return visible.filter(uuid=uuid).first()
