"""Views over evidence: the eight haves, duties with and without record, publicity, stage reports."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from campaigns.enums import ObligationKind
from campaigns.forms.evidence_views import ViewFilter
from campaigns.models import Department
from campaigns.queries.duty_records import department_records, record_counts
from campaigns.queries.haves import haves_page, seen_departments
from campaigns.queries.obligations import ANY, Wanted
from campaigns.queries.plans import block_choices
from campaigns.queries.publicity import publicity_page
from campaigns.queries.stage_reports import stage_page
from campaigns.requests import PortalRequest
from campaigns.views.chasing import chase_for_gaps, chase_of
from campaigns.views.lists import chosen
from qualityseason.clock import day_of
from qualityseason.text import parse_uuid


@require_safe
def haves(request: PortalRequest, campaign: str) -> HttpResponse:
    """Show departments against the eight haves, the own one large."""
    form, block, show = _filter(request)
    page = haves_page(request.actor, request.campaign, back=request.get_full_path(), block=block, only_gaps=bool(show))
    gaps = {name: page.missing(name) for name in page.names} if show else {}
    context = _context(form, block, show) | {"page": page, "chase": chase_for_gaps(request, gaps)}
    return render(request, "campaigns/haves.html", context)


@require_safe
def duty_records(request: PortalRequest, campaign: str) -> HttpResponse:
    """Show which duties and items of the plan have evidence: of one department, or counted over all."""
    actor = request.actor
    uuid = parse_uuid(request.GET.get("department"))
    departments = seen_departments(actor)
    if "department" in request.GET and uuid not in {each.uuid for each in departments}:
        raise Http404
    shown: list[Department] = [each for each in departments if each.uuid == uuid]
    if not shown:
        shown = [each for each in departments if each.pk in actor.departments]
    context = {
        "shown": [department_records(actor, request.campaign, each, back=request.get_full_path()) for each in shown],
        "counts": record_counts(actor) if actor.oversees and uuid is None else (),
        "is_one": uuid is not None,
    }
    return render(request, "campaigns/duty_records.html", context)


@require_safe
def publicity(request: PortalRequest, campaign: str) -> HttpResponse:
    """Show who owes publicity and what was done by which medium."""
    form, block, show = _filter(request)
    page = publicity_page(
        request.actor,
        request.campaign,
        on=day_of(request.at),
        back=request.get_full_path(),
        block=block,
        only_missing=bool(show),
    )
    wanted = Wanted(show=ANY, block=block)
    chase = chase_of(request, wanted, kinds=[ObligationKind.PUBLICITY]) if show else ""
    return render(request, "campaigns/publicity.html", _context(form, block, show) | {"page": page, "chase": chase})


@require_safe
def stage_reports(request: PortalRequest, campaign: str) -> HttpResponse:
    """Show the stage reports by department and month."""
    form, block, show = _filter(request)
    page = stage_page(
        request.actor,
        request.campaign,
        on=day_of(request.at),
        back=request.get_full_path(),
        block=block,
        only_missing=bool(show),
    )
    gaps = {_("Stage report of %(month)s") % {"month": month}: names for month, names in page.missing} if show else {}
    context = _context(form, block, show) | {"page": page, "chase": chase_for_gaps(request, gaps)}
    return render(request, "campaigns/stage_reports.html", context)


def _filter(request: PortalRequest) -> tuple[ViewFilter | None, str, str]:
    """Return the filter of overseers, and what it asks for."""
    if not request.actor.oversees:
        return None, "", ""
    form = ViewFilter(request.GET, blocks=block_choices(request.actor))
    filters = chosen(form)
    return form, filters.get("block", ""), filters.get("show", "")


def _context(form: ViewFilter | None, block: str, show: str) -> dict[str, object]:
    return {"filter": form, "active": bool(block) + bool(show)}
