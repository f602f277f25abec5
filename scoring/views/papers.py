"""Papers of a result: what there is for the reader, each made in the background and fetched from its job's page."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from campaigns.models import Department
from campaigns.requests import PortalRequest
from qualityseason.errors import Refused
from qualityseason.text import clean
from qualityseason.views.jobs import to_job
from scoring.enums import DEPARTMENT_PAPERS, PaperKind
from scoring.jobs.paper_writers import formats_of
from scoring.jobs.papers import standing_of
from scoring.queries.papers import PaperSource, department_of, find_source, kinds_for, papers_page
from scoring.services.papers import start_live_statement, start_paper


@dataclass(frozen=True)
class _Offer:
    """A kind of paper and the formats in which it leaves."""

    kind: PaperKind
    formats: tuple[str, ...]


@require_safe
def papers(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """List the papers there are for the reader, and those asked for lately."""
    source = _source(request, uuid)
    kinds = kinds_for(request.actor, source)
    offers = [_Offer(kind, formats_of(kind)) for kind in PaperKind if kind in kinds]
    offers = [offer for offer in offers if offer.formats]
    context = {
        "source": source,
        "page": papers_page(request.actor, request.campaign, source),
        "standing": standing_of(source) if source.kinds else "",
        "common": [offer for offer in offers if offer.kind not in DEPARTMENT_PAPERS],
        "of_department": [offer for offer in offers if offer.kind in DEPARTMENT_PAPERS],
    }
    return render(request, "scoring/papers.html", context)


@require_POST
def paper(request: PortalRequest, campaign: str, uuid: UUID, kind: str, format: str) -> HttpResponse:
    """Start making one paper and go to the page of the work."""
    source = _source(request, uuid)
    if kind not in PaperKind or format not in formats_of(PaperKind(kind)):
        raise Http404
    wanted = PaperKind(kind)
    department = None
    if wanted in DEPARTMENT_PAPERS:
        department = department_of(request.actor, clean(request.POST.get("department")))
        if department is None or not (request.actor.oversees or department.pk in request.actor.departments):
            raise Http404
    back = reverse("scoring:papers", args=[request.campaign.slug, uuid])
    try:
        job = start_paper(source, kind=wanted, format=format, department=department, by=request.actor, at=request.at)
    except Refused as refused:
        messages.error(request, str(refused.sentence))
        return redirect(back)
    return to_job(job, back=back)


@require_POST
def statement_print(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Start printing a department's statement as it stands."""
    departments = Department.objects.visible_to(request.actor).select_related("campaign", "block")
    department = get_object_or_404(departments, uuid=uuid)
    if not (request.actor.oversees or department.pk in request.actor.departments):
        raise Http404
    job = start_live_statement(department, by=request.actor, at=request.at)
    return to_job(job, back=reverse("scoring:statement", args=[request.campaign.slug, uuid]))


def _source(request: PortalRequest, uuid: UUID) -> PaperSource:
    found = find_source(request.actor, uuid)
    if found is None:
        raise Http404
    return found
