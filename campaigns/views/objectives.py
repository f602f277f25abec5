"""The season's quality objectives: what was measured, entering a value, taking one back."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.enums import Role
from campaigns.forms.objectives import MeasurementForm
from campaigns.forms.recommendations import WithdrawalForm
from campaigns.models import Measurement
from campaigns.queries.objectives import find_objective, objective_states, value_text
from campaigns.requests import PortalRequest
from campaigns.services import objectives as services
from qualityseason.clock import day_of
from qualityseason.errors import Refused
from qualityseason.forms import add_refusal
from qualityseason.typed import form_data

READ_WRITE = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def objectives(request: PortalRequest, campaign: str) -> HttpResponse:
    """Show which objectives are met, with all that was measured."""
    context = {
        "states": objective_states(request.campaign, request.actor),
        "may_enter": request.actor.has(Role.OFFICE),
        "shows_withdrawn": request.actor.oversees,
    }
    return render(request, "campaigns/objectives.html", context)


@READ_WRITE
def measurement_new(request: PortalRequest, campaign: str, code: str) -> HttpResponse:
    """Enter a measured value of one objective."""
    objective = find_objective(request.campaign, code)
    if objective is None:
        raise Http404
    initial = {"measured_on": day_of(request.at).isoformat()}
    form = MeasurementForm(form_data(request), objective=objective, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.enter_measurement(
                request.campaign, objective=code, **form.cleaned_data, by=request.actor, at=request.at
            )
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("The measured value is entered."))
            return redirect("campaigns:objectives", campaign)
    context = {
        "form": form,
        "title": _("Enter a measured value"),
        "lead": _("%(objective)s, target %(target)s") % {"objective": objective["name"], "target": objective["target"]},
        "submit": _("Enter it"),
        "back": reverse("campaigns:objectives", args=[campaign]),
    }
    return render(request, "campaigns/form.html", context)


@READ_WRITE
def measurement_withdraw(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Take a measured value back, for a reason; a new one is entered in its place."""
    found = get_object_or_404(Measurement.objects.visible_to(request.actor), uuid=uuid)
    form = WithdrawalForm(form_data(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.withdraw_measurement(found, because=form.cleaned_data["because"], by=request.actor, at=request.at)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("Withdrawn."))
            return redirect("campaigns:objectives", campaign)
    objective = find_objective(request.campaign, found.objective)
    words = {
        "objective": objective["name"] if objective else found.objective,
        "value": value_text(found),
        "day": found.measured_on.isoformat(),
    }
    context = {
        "form": form,
        "title": _("Withdraw a measured value"),
        "lead": _("%(objective)s: %(value)s of %(day)s. It stays in the record; the value before it counts again.")
        % words,
        "submit": _("Withdraw"),
        "back": reverse("campaigns:objectives", args=[campaign]),
    }
    return render(request, "campaigns/form.html", context)
