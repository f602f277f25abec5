"""Delegations: a head names who submits and appeals for some days; the office may enter it on a head's behalf."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from campaigns.enums import Role
from campaigns.forms.delegations import DelegationEndForm, OfficeDelegationForm, OwnDelegationForm
from campaigns.forms.people import first_day
from campaigns.models import Delegation
from campaigns.queries.delegations import delegation_lists, may_hand_over, possible_delegates
from campaigns.queries.people import known_accounts
from campaigns.requests import PortalRequest
from campaigns.services import delegations as services
from qualityseason.clock import day_of
from qualityseason.errors import Refused
from qualityseason.forms import add_refusal
from qualityseason.typed import form_data


@require_http_methods(["GET", "HEAD", "POST"])
def delegations(request: PortalRequest, campaign: str) -> HttpResponse:
    """Show delegations, and give one."""
    form = _form(request)
    if request.method == "POST" and form is None:
        raise PermissionDenied(_("Only the head hands over, or the campaign office on the head's behalf."))
    if form is not None and request.method == "POST" and form.is_valid():
        try:
            made = _give(request, form)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            words = {"delegate": made.delegate.display_name, "head": made.head.display_name}
            messages.success(request, _("%(delegate)s stands in for %(head)s on these days.") % words)
            return redirect("campaigns:delegations", request.campaign.slug)
    is_office = isinstance(form, OfficeDelegationForm)
    context = {
        "lists": delegation_lists(request.actor, on=day_of(request.at)),
        "form": form,
        "is_office": is_office,
        "accounts": known_accounts(request.campaign) if is_office else (),
    }
    return render(request, "campaigns/delegations.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def delegation_end(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """End a delegation on a day, or at once."""
    visible = Delegation.objects.visible_to(request.actor).select_related("department", "head", "delegate")
    delegation = get_object_or_404(visible, uuid=uuid)
    if not may_hand_over(request.actor, delegation.department_id):
        raise PermissionDenied(_("Only the head hands over, or the campaign office on the head's behalf."))
    today = day_of(request.at)
    data = form_data(request)
    if data is not None and data.get("at_once"):
        data = data.copy()
        data["ends_on"] = (today - timedelta(days=1)).isoformat()
    form = DelegationEndForm(data, initial={"ends_on": today.isoformat()})
    if request.method == "POST" and form.is_valid():
        try:
            services.end_delegation(delegation, ends_on=form.cleaned_data["ends_on"], by=request.actor, at=request.at)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("The delegation ends."))
            return redirect("campaigns:delegations", request.campaign.slug)
    return render(request, "campaigns/delegation_end.html", {"delegation": delegation, "form": form})


def _form(request: PortalRequest) -> OwnDelegationForm | OfficeDelegationForm | None:
    today = day_of(request.at)
    if request.actor.headed:
        members = possible_delegates(request.actor, on=today)
        return OwnDelegationForm(form_data(request), members=members, initial=first_day(today))
    if request.actor.has(Role.OFFICE):
        return OfficeDelegationForm(form_data(request), campaign=request.campaign, initial=first_day(today))
    return None


def _give(request: PortalRequest, form: OwnDelegationForm | OfficeDelegationForm) -> Delegation:
    data = form.cleaned_data
    if isinstance(form, OwnDelegationForm):
        department, delegate = form.chosen()
        head = request.user
    else:
        department, head, delegate = data["department"], data["head"], data["delegate"]
    return services.give_delegation(
        department,
        head=head,
        delegate=delegate,
        starts_on=data["starts_on"],
        ends_on=data["ends_on"],
        by=request.actor,
        at=request.at,
    )
