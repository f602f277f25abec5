"""Ruling on an appeal."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from campaigns.requests import PortalRequest
from qualityseason.errors import Refused
from qualityseason.typed import form_data
from scoring.forms.appeals import RulingForm
from scoring.queries.appeal_page import page_appeals
from scoring.queries.ruling_choices import reductions_of
from scoring.services.appeals import rule_appeal
from scoring.views.appeals import show_appeal


@require_http_methods(["GET", "HEAD", "POST"])
def appeal_rule(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Uphold, reduce or revoke; a form that came too late stands there whole, with what happened meanwhile."""
    found = get_object_or_404(page_appeals(request.actor), uuid=uuid)
    typed = form_data(request)
    if typed is None:
        return redirect("scoring:appeal", campaign, uuid)
    form = RulingForm(typed, reductions=reductions_of(found.deduction))
    if request.method == "POST" and form.is_valid():
        try:
            rule_appeal(found, **form.values(), by=request.actor, at=request.at)
        except Refused as refused:
            form.add_refusal(refused)
            found = get_object_or_404(page_appeals(request.actor), uuid=uuid)
        else:
            messages.success(request, _("Ruled. The ledger has what follows; the department reads it here."))
            return redirect("scoring:appeal", campaign, uuid)
    return show_appeal(request, found, form=form)
