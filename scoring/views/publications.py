"""The list of all that was put up and published; proposing, confirming, refusing and recalling."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaigns.requests import PortalRequest
from qualityseason.clock import day_of
from qualityseason.errors import Refused
from qualityseason.forms import add_refusal
from qualityseason.typed import form_data
from scoring import policy
from scoring.forms.publications import ProposalForm, ReasonForm
from scoring.models import Display, Publication
from scoring.queries.decisions import decided_visibility
from scoring.queries.publications import has_another_leader, load_publications
from scoring.queries.published import changes_between
from scoring.queries.results import load_result, result_of
from scoring.queries.still_open import load_still_open
from scoring.services import publications as services
from scoring.views.published import get_publication, publication_page

SIGNING_DAYS = 7  # proposed in the form


@require_safe
def publications(request: PortalRequest, campaign: str) -> HttpResponse:
    """Show what is on public notice, waits for a leader and was published."""
    context = {
        "page": load_publications(request.actor, at=request.at),
        "may_propose": policy.can_propose(request.actor),
        "today": day_of(request.at),
    }
    return render(request, "scoring/publications.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def publication_new(request: PortalRequest, campaign: str) -> HttpResponse:
    """Propose the result as it stands for publication, or as a correction of what is published."""
    current = Publication.objects.visible_to(request.actor).current().select_related("snapshot").first()
    display = Display.objects.visible_to(request.actor).standing().select_related("snapshot").first()
    matters = load_still_open(request.campaign, request.actor, display=display)
    initial = {
        "visibility": (current.visibility if current is not None else decided_visibility(request.campaign)) or None,
        "sign_until": day_of(request.at) + timedelta(days=SIGNING_DAYS),
    }
    form = ProposalForm(form_data(request), matters=matters, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.propose_publication(
                request.campaign,
                uuid=form.cleaned_data["uuid"],
                terms=form.terms,
                ticked=form.ticked,
                by=request.actor,
                at=request.at,
            )
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("Proposed. A leader who is somebody else confirms it."))
            return redirect("scoring:publication", campaign, made.uuid)
    before = current.snapshot if current is not None else (display.snapshot if display is not None else None)
    live = load_result(request.campaign, at=request.at)
    context = {
        "form": form,
        "matters": matters,
        "current": current,
        "display": display,
        "may_begin": current is not None or (display is not None and display.ends_on < day_of(request.at)),
        "changes": changes_between(result_of(before), live) if before is not None else (),
        "has_leader": has_another_leader(request.actor, on=day_of(request.at)),
    }
    return render(request, "scoring/publication_new.html", context)


@require_POST
def publication_confirm(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Publish what somebody else proposed."""
    found = get_publication(request, uuid)
    try:
        found = services.confirm_publication(found, by=request.actor, at=request.at)
    except Refused as refused:
        messages.error(request, str(refused.sentence))
    else:
        messages.success(request, _("Published as No. %(number)d.") % {"number": found.number or 0})
    return redirect("scoring:publication", campaign, uuid)


@require_POST
def publication_refuse(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Send a proposal back with the reason."""
    found, form = get_publication(request, uuid), ReasonForm(request.POST)
    if form.is_valid():
        try:
            services.refuse_publication(found, because=form.cleaned_data["because"], by=request.actor, at=request.at)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("Refused; who proposed it reads the reason."))
            return redirect("scoring:publication", campaign, uuid)
    return publication_page(request, get_publication(request, uuid), form=form)


@require_POST
def publication_recall(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Take one's own proposal back."""
    found = get_publication(request, uuid)
    try:
        services.recall_publication(found, by=request.actor, at=request.at)
    except Refused as refused:
        messages.error(request, str(refused.sentence))
    else:
        messages.success(request, _("The proposal is taken back."))
    return redirect("scoring:publication", campaign, uuid)
