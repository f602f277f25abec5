"""Interpretations: how the head of the team reads the rules, for everybody to see."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.requests import PortalRequest
from qualityseason.clock import day_of
from qualityseason.errors import Refused
from qualityseason.forms import add_refusal
from qualityseason.typed import form_data
from scoring.forms.interpretations import InterpretationForm, WithdrawInterpretationForm, words_of
from scoring.models import Interpretation
from scoring.policy import can_interpret
from scoring.queries.interpretations import load_interpretations
from scoring.queries.recording import rules_in_force
from scoring.services.interpretations import interpret, withdraw_interpretation

READ_WRITE = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def interpretations(request: PortalRequest, campaign: str) -> HttpResponse:
    """List how the rules are read, those taken back at the end."""
    rows = [(row, words_of(row.thresholds)) for row in load_interpretations(request.actor)]
    context = {"rows": rows, "may_interpret": can_interpret(request.actor)}
    return render(request, "scoring/interpretations.html", context)


@READ_WRITE
def interpretation_new(request: PortalRequest, campaign: str) -> HttpResponse:
    """Say how a line is read; `rule` names which."""
    rules = rules_in_force(request.campaign, on=request.campaign.facts_until)
    initial = {"valid_from": day_of(request.at).isoformat()}
    form = InterpretationForm(form_data(request), rules=rules, code=request.GET.get("rule", ""), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = interpret(form.chosen, **form.values, by=request.actor, at=request.at)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            words = {"number": made.number, "rule": form.chosen.code}
            messages.success(request, _("Interpretation No. %(number)d stands on rule %(rule)s.") % words)
            return redirect("scoring:interpretations", campaign)
    return render(request, "scoring/interpretation_new.html", {"form": form})


@READ_WRITE
def interpretation_withdraw(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Take an interpretation back with a reason."""
    visible = Interpretation.objects.visible_to(request.actor).select_related("rule")
    found = get_object_or_404(visible, uuid=uuid)
    if found.withdrawn_at is not None and request.method != "POST":
        return redirect("scoring:interpretations", campaign)
    form = WithdrawInterpretationForm(form_data(request))
    if request.method == "POST" and form.is_valid():
        because = form.cleaned_data["because"]
        try:
            withdraw_interpretation(found, because=because, by=request.actor, at=request.at)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("The interpretation is taken back."))
            return redirect("scoring:interpretations", campaign)
    context = {"form": form, "interpretation": found, "words": words_of(tuple(found.thresholds.items()))}
    return render(request, "scoring/interpretation_withdraw.html", context)
