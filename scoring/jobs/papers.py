"""Making a paper of a result in the background: who asked is asked again whether they may have it."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.models import Campaign, Department
from campaigns.queries.actors import load_actor
from qualityseason import clock
from qualityseason.errors import Refused
from qualityseason.exports.paper import PAPER_LANGUAGE
from qualityseason.models import Job
from qualityseason.services.files import safe_name
from qualityseason.services.jobs import KINDS, JobKind, JobResult, Progress
from scoring.enums import PaperKind
from scoring.exports.result_paper import PaperHead
from scoring.jobs.paper_writers import FORMATS, WRITERS, Order
from scoring.queries.papers import JOB, PaperSource, department_of, find_source, may_have
from scoring.queries.results import result_of
from scoring.queries.statement import load_statement
from scoring.services.papers import LIVE, keep_paper
from scoring.services.printed_copies import copy_code


@dataclass(frozen=True)
class _Wanted:
    """What a job is to make, as its asker may have it now; `source` is None for a statement as it stands."""

    actor: Actor
    kind: PaperKind
    format: str
    source: PaperSource | None
    department: Department | None


def register() -> None:
    """Make the kind of job known."""
    KINDS[JOB] = JobKind(run_paper, may_read=may_read_paper)


def run_paper(job: Job, progress: Progress) -> JobResult:
    """Make the paper and keep it; raises Refused where who asked may no longer have it."""
    campaign = Campaign.objects.get(pk=int(job.campaign_id or 0))
    at = clock.now(campaign)
    wanted = _wanted(job, campaign, at=at)
    if wanted is None:
        raise Refused(_("This paper may no longer be had from this account."), code="no_sight")
    progress(0, 1)
    with tempfile.TemporaryDirectory(prefix="paper-") as folder:
        path = Path(folder) / "paper"
        code = _make_live(wanted, campaign, path, at=at) if wanted.source is None else ""
        if wanted.source is not None:
            code = _make_frozen(wanted, wanted.source, path, progress, at=at)
        record = wanted.source.record if wanted.source is not None else wanted.department
        if record is None:
            raise ValueError("a statement as it stands names its department")
        stored = keep_paper(
            path,
            record=record,
            kind=wanted.kind,
            code=code,
            name=_file_name(wanted, campaign, code),
            media_type=FORMATS[wanted.format],
            department=wanted.department,
            by_id=job.asked_by_id,
            at=at,
        )
    progress(1, 1)
    return JobResult(file=stored)


def may_read_paper(job: Job) -> bool:
    """Whether who asked may still have the paper."""
    campaign = Campaign.objects.get(pk=int(job.campaign_id or 0))
    return _wanted(job, campaign, at=clock.now(campaign)) is not None


def _wanted(job: Job, campaign: Campaign, *, at: datetime) -> _Wanted | None:
    actor = load_actor(job.asked_by, campaign, on=clock.day_of(at)) if job.asked_by.is_active else None
    if actor is None:
        return None
    said = job.parameters
    kind, department = PaperKind(said["paper"]), department_of(actor, said["department"])
    if said["source"] == LIVE:
        if department is None or not (actor.oversees or department.pk in actor.departments):
            return None
        return _Wanted(actor, kind, said["format"], None, department)
    source = find_source(actor, said["source"])
    if source is None or not may_have(actor, source, kind, department):
        return None
    return _Wanted(actor, kind, said["format"], source, department)


def _make_live(wanted: _Wanted, campaign: Campaign, path: Path, *, at: datetime) -> str:
    from scoring.exports.statement_pdf import write_statement

    if wanted.department is None:
        raise ValueError("a statement as it stands names its department")
    with translation.override(PAPER_LANGUAGE):
        moment = date_format(timezone.localtime(at), "DATETIME_FORMAT")
        standing = _("As it stands on %(moment)s, not published") % {"moment": moment}
    head = PaperHead(campaign.college, campaign.name, campaign.document_number, standing)
    write_statement(load_statement(wanted.department, actor=wanted.actor), path, head=head)
    return ""


def _make_frozen(wanted: _Wanted, source: PaperSource, path: Path, progress: Progress, *, at: datetime) -> str:
    result = result_of(source.snapshot)
    statement = None
    if wanted.department is not None:
        statement = result.statement_of(wanted.department.uuid)
        if statement is None:
            raise Refused(_("This department does not stand in the published result."), code="no_statement")
    code = copy_code(source.snapshot, kind=wanted.kind, department=wanted.department, at=at)
    head = PaperHead.of(
        result,
        standing=standing_of(source),
        code=code,
        address=f"{settings.PORTAL_URL}{reverse('scoring:genuine')}" if settings.PORTAL_URL else "",
        remark=_remark_of(source),
    )
    order = Order(result, source, head, statement, wanted.department, at)
    WRITERS[wanted.kind, wanted.format](order, path, progress)
    return code


def standing_of(source: PaperSource) -> str:
    """Return of which result a paper speaks, in the language of papers."""
    with translation.override(PAPER_LANGUAGE):
        if source.publication is not None:
            decided_at = source.publication.decided_at or source.snapshot.taken_at
            words = {"number": source.publication.number, "day": clock.day_of(decided_at).isoformat()}
            return _("Publication no. %(number)s of %(day)s") % words
        display = source.display
        days = (display.starts_on.isoformat(), display.ends_on.isoformat()) if display is not None else ("", "")
        return _("On public notice from %(first)s to %(last)s") % {"first": days[0], "last": days[1]}


def _remark_of(source: PaperSource) -> str:
    with translation.override(PAPER_LANGUAGE):
        if source.replaced_by is not None:
            return _("Replaced by publication no. %(number)s") % {"number": source.replaced_by}
        if source.display is not None and source.display.withdrawn_at is not None:
            return _("This public notice was withdrawn")
    return ""


def _file_name(wanted: _Wanted, campaign: Campaign, code: str) -> str:
    whose = wanted.department.name if wanted.department is not None else campaign.name
    with translation.override(PAPER_LANGUAGE):
        return safe_name(" ".join(filter(None, (whose, str(wanted.kind.label), code))) + f".{wanted.format}")
