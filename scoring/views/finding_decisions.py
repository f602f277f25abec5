"""What somebody decides about findings: charged, dismissed, the same fact as a line, put back."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from campaigns.requests import PortalRequest
from qualityseason.errors import Refused
from qualityseason.forms import add_refusal
from qualityseason.text import NO_UUID, parse_uuid
from scoring.calculations import ZERO
from scoring.enums import FindingState
from scoring.forms.findings import DismissForm, picked_from
from scoring.models import Deduction, Finding
from scoring.queries.finding_page import page_findings
from scoring.queries.findings import neighbours_of
from scoring.services.findings import (
    Decided,
    charge_findings,
    dismiss_findings,
    match_finding,
    reopen_finding,
)
from scoring.views.findings import address, filters_of, show_finding, show_queue

CHARGE, DISMISS = "charge", "dismiss"


def findings_decide(request: PortalRequest, campaign: str) -> HttpResponse:
    """Charge or dismiss the findings ticked, or the one whose page this was sent from.

    What the queue was filtered by comes along, so that the reader goes on where they were.
    """
    query = QueryDict(request.POST.get("query", ""))
    if request.method != "POST":
        return redirect(address(request, QueryDict(request.GET.urlencode())))
    ticked = request.POST.getlist("finding")
    shown = parse_uuid(request.POST.get("page"))
    picked = picked_from(ticked)
    if not picked:
        messages.warning(request, _("Tick the findings to decide first."))
        return redirect(address(request, query))
    if request.POST.get("act") == CHARGE:
        tell(request, charge_findings(picked, by=request.actor, at=request.at), act=CHARGE)
        return _go_on(request, query, shown)
    form = DismissForm(request.POST)
    try:
        form.full_clean()
        because = form.cleaned_data.get("because", "")
        tell(request, dismiss_findings(picked, because=because, by=request.actor, at=request.at), act=DISMISS)
    except Refused as refused:
        add_refusal(form, refused)
        if shown is not None:
            return show_finding(request, shown, query, dismissing=form)
        return show_queue(request, query, dismissing=form, ticked=ticked)
    return _go_on(request, query, shown)


@require_POST
def finding_match(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Say that a standing line charges this very fact already."""
    row = get_object_or_404(Finding.objects.visible_to(request.actor), uuid=uuid)
    lines = Deduction.objects.visible_to(request.actor)
    line = get_object_or_404(lines, uuid=parse_uuid(request.POST.get("line")) or NO_UUID)
    query = QueryDict(request.POST.get("query", ""))
    try:
        match_finding(row, line, fingerprint=request.POST.get("fingerprint", ""), by=request.actor, at=request.at)
    except Refused as refused:
        messages.warning(request, str(refused.sentence))
        return _to_page(request, uuid, query)
    messages.success(request, _("Noted: that deduction charges this fact, and nothing more is charged for it."))
    return _go_on(request, query, uuid)


@require_POST
def finding_reopen(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Put a dismissed finding back among the undecided."""
    row = get_object_or_404(Finding.objects.visible_to(request.actor), uuid=uuid)
    try:
        reopen_finding(row, by=request.actor, at=request.at)
    except Refused as refused:
        messages.warning(request, str(refused.sentence))
    else:
        messages.success(request, _("The finding is to be decided again."))
    return _to_page(request, uuid, QueryDict(request.POST.get("query", "")))


def tell(request: PortalRequest, decided: Decided, *, act: str) -> None:
    """Say how many findings were decided, what they cost, and of each other one why not."""
    number = len(decided.done)
    if decided.done and act == CHARGE:
        sentence = ngettext(
            "%(number)d finding charged, %(amount)s points. Another member of the team confirms it.",
            "%(number)d findings charged, %(amount)s points. Another member of the team confirms them.",
            number,
        )
        amount = sum((finding.amount for finding in decided.done), ZERO)
        messages.success(request, sentence % {"number": number, "amount": amount})
    elif decided.done:
        sentence = ngettext("%(number)d finding dismissed.", "%(number)d findings dismissed.", number)
        messages.success(request, sentence % {"number": number})
    for finding, why in decided.refused:
        names = {"rule": finding.rule.code, "department": finding.charged.name, "sentence": why}
        messages.warning(request, _("%(rule)s, %(department)s: %(sentence)s") % names)


def _go_on(request: PortalRequest, query: QueryDict, shown: UUID | None) -> HttpResponse:
    """Return to the queue's page, or from a finding's page to the next one, once it is decided."""
    if shown is None:
        return redirect(address(request, query))
    row = page_findings(request.actor).filter(uuid=shown).first()
    if row is None:
        return redirect(address(request, query))
    if row.state == FindingState.OPEN:
        return _to_page(request, shown, query)
    around = neighbours_of(request.actor, row, filters_of(request, query))
    following = around.after or around.before
    return redirect(address(request, query)) if following is None else _to_page(request, following, query)


def _to_page(request: PortalRequest, uuid: UUID, query: QueryDict) -> HttpResponseRedirect:
    words = query.urlencode()
    place = reverse("scoring:finding", args=[request.campaign.slug, uuid])
    return redirect(f"{place}?{words}" if words else place)
