"""The list of summaries and materials, beginning one, and the page of one."""

from __future__ import annotations

import uuid as uuids
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.enums import PIECES, ObligationKind, Role, SummaryKind
from campaigns.forms.summaries import StartSummaryForm, SummaryFilter
from campaigns.models import Summary
from campaigns.policy import can_run_contest, can_write_plan
from campaigns.queries.plans import block_choices
from campaigns.queries.summaries import summary_rows
from campaigns.requests import PortalRequest
from campaigns.services.summaries import start_summary
from campaigns.views.chasing import chase_beside
from campaigns.views.lists import chosen
from campaigns.views.paper_access import seen_paper, to
from campaigns.views.papers import page_context
from qualityseason.clock import day_of
from qualityseason.errors import Refused
from qualityseason.forms import add_refusal


@require_safe
def summaries(request: PortalRequest, campaign: str) -> HttpResponse:
    """Show the departments' summaries and materials: all that the reader may know of, the own ones first."""
    actor = request.actor
    form = SummaryFilter(request.GET, blocks=block_choices(actor))
    filters = chosen(form)
    rows = summary_rows(actor, on=day_of(request.at))
    wanted = {name: filters.get(name, "") for name in ("block", "show")}
    kinds = [kind for kind in SummaryKind if kind in PIECES]
    context = {
        "own": [(row, uuids.uuid4(), [(kind, uuids.uuid4()) for kind in kinds]) for row in rows if row.is_own],
        "others": [row for row in rows if not row.is_own and row.fits(**wanted)],
        "filter": form,
        "active": len(filters),
        "sees_others": actor.oversees or actor.receives,
        "may_start_for_others": actor.has(Role.OFFICE),
        "may_compile": can_run_contest(actor),
        "chase": chase_beside(request, ObligationKind.SUMMARY, ObligationKind.PIECE, active=bool(filters)),
    }
    return render(request, "campaigns/summaries.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def summary_start(request: PortalRequest, campaign: str) -> HttpResponse:
    """Begin a summary or material; the office says for which department."""
    if request.method != "POST":
        initial = {"uuid": uuids.uuid4()}
        return _ask(request, StartSummaryForm(campaign=request.campaign, actor=request.actor, initial=initial))
    form = StartSummaryForm(request.POST, campaign=request.campaign, actor=request.actor)
    if form.is_valid():
        data = form.cleaned_data
        try:
            found = start_summary(
                data["department"],
                kind=SummaryKind(data["kind"]),
                uuid=data["uuid"],
                by=request.actor,
                at=request.at,
            )
        except Refused as refused:
            add_refusal(form, refused)
        else:
            return to(found, "write" if can_write_plan(request.actor, found) else "")
    return _ask(request, form)


@require_safe
def summary(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Show one summary or material: where it stands, what it says, what was done with it."""
    return render(request, "campaigns/paper_page.html", page_context(request, seen_paper(request, Summary, uuid)))


def _ask(request: PortalRequest, form: StartSummaryForm) -> HttpResponse:
    context = {
        "form": form,
        "title": _("Begin a summary or material"),
        "submit": _("Begin"),
        "back": reverse("campaigns:summaries", args=[request.campaign.slug]),
    }
    return render(request, "campaigns/form.html", context)
