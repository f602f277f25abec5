"""Background work: a version of a plan typeset for signature and seal."""

from __future__ import annotations

import tempfile
from pathlib import Path
from uuid import UUID

from django.utils.translation import gettext as _

from campaigns.exports.plan_paper import PrintedPlan, word_html_of, write_plan
from campaigns.facts import PlanContent
from campaigns.models import Campaign, Plan, PlanVersion
from campaigns.queries.actors import load_actor
from campaigns.services.plan_printing import PRINT, keep_print
from qualityseason import clock
from qualityseason.errors import Refused
from qualityseason.models import Job
from qualityseason.services.files import path_of
from qualityseason.services.jobs import KINDS, JobKind, JobResult, Progress


def register() -> None:
    """Make the kind of job known."""
    KINDS[PRINT] = JobKind(run_print, may_read=may_read_print)


def run_print(job: Job, progress: Progress) -> JobResult:
    """Print the version as the person who asked may see it when the job runs."""
    found = _seen(job)
    if found is None:
        raise Refused(_("This plan may no longer be read from this account."), code="no_sight")
    version, plan = found
    progress(0, 1)
    content = PlanContent.from_json(version.content)
    word = path_of(version.word_file.file) if version.word_file else None
    printed = PrintedPlan(
        content=content,
        college=plan.campaign.college,
        department=plan.department.name,
        number=version.number,
        code=version.code,
        submitted_at=version.submitted_at,
        word_html=word_html_of(content, word),
    )
    with tempfile.TemporaryDirectory(prefix="plan-") as folder:
        path = Path(folder) / "plan.pdf"
        write_plan(printed, path)
        name = f"{plan.department.name}-{version.code}.pdf"
        stored = keep_print(
            path, version=version, plan=plan, name=name, by_id=job.asked_by_id, at=clock.now(plan.campaign)
        )
    progress(1, 1)
    return JobResult(file=stored)


def may_read_print(job: Job) -> bool:
    """Whether who asked still sees the version."""
    return _seen(job) is not None


def _seen(job: Job) -> tuple[PlanVersion, Plan] | None:
    campaign = Campaign.objects.get(pk=int(job.campaign_id or 0))
    actor = load_actor(job.asked_by, campaign, on=clock.day_of(clock.now(campaign))) if job.asked_by.is_active else None
    if actor is None:
        return None
    visible = PlanVersion.objects.visible_to(actor).select_related("word_file__file")
    version = visible.filter(uuid=UUID(job.parameters["version"])).first()
    plans = Plan.objects.visible_to(actor).select_related("campaign", "department")
    plan = plans.filter(pk=version.plan_id).first() if version else None
    return (version, plan) if version is not None and plan is not None else None
