"""Roles, interests and responsibilities, kept by the campaign office."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaigns.forms.people import EndForm, InterestForm, MembershipForm, PeopleFilter, ResponsibilityForm, first_day
from campaigns.models import Interest, Membership, Responsibility
from campaigns.queries.people import known_accounts, people_page
from campaigns.requests import PortalRequest
from campaigns.services import people as services
from campaigns.views.lists import chosen
from qualityseason.clock import day_of
from qualityseason.errors import Refused
from qualityseason.forms import add_refusal
from qualityseason.typed import form_data


@require_safe
def people(request: PortalRequest, campaign: str) -> HttpResponse:
    """Show who is what, who has an interest where, and for which departments too few may act."""
    form = PeopleFilter(request.GET, campaign=request.campaign)
    filters = chosen(form)
    context = {
        "page": people_page(request.actor, on=day_of(request.at), **filters),
        "filter": form,
        "active": len(filters),
        "today": day_of(request.at),
    }
    return render(request, "campaigns/people.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def membership_add(request: PortalRequest, campaign: str) -> HttpResponse:
    """Give an account a role."""
    form = MembershipForm(form_data(request), campaign=request.campaign, initial=first_day(day_of(request.at)))
    if request.method == "POST" and form.is_valid():
        try:
            services.add_membership(request.campaign, **form.cleaned_data, by_id=request.user.pk, at=request.at)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            return _done(request, _("The role is given."))
    return _show(request, form, title=_("Give a role"), submit=_("Give the role"))


@require_http_methods(["GET", "HEAD", "POST"])
def membership_end(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """End a role with a day."""
    visible = Membership.objects.visible_to(request.actor).select_related("user", "department", "campaign")
    membership = get_object_or_404(visible, uuid=uuid)
    form = EndForm(form_data(request), initial={"ends_on": day_of(request.at).isoformat()})
    if request.method == "POST" and form.is_valid():
        try:
            services.end_membership(membership, **form.cleaned_data, by_id=request.user.pk, at=request.at)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            return _done(request, _("The role ends on that day."))
    lead = [membership.user.display_name, membership.get_role_display()]
    if membership.department is not None:
        lead.append(membership.department.name)
    return _show(request, form, title=_("End a role"), submit=_("End the role"), lead=" · ".join(lead))


@require_http_methods(["GET", "HEAD", "POST"])
def interest_add(request: PortalRequest, campaign: str) -> HttpResponse:
    """Declare an interest."""
    form = InterestForm(form_data(request), campaign=request.campaign, initial=first_day(day_of(request.at)))
    if request.method == "POST" and form.is_valid():
        try:
            services.add_interest(request.campaign, **form.cleaned_data, by_id=request.user.pk, at=request.at)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            return _done(request, _("The interest is declared."))
    lead = _("Whoever has an interest in a department does no act for or against it.")
    return _show(request, form, title=_("Declare an interest"), submit=_("Declare"), lead=lead)


@require_http_methods(["GET", "HEAD", "POST"])
def interest_end(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """End a declared interest with a day."""
    visible = Interest.objects.visible_to(request.actor).select_related("user", "department", "campaign")
    interest = get_object_or_404(visible, uuid=uuid)
    form = EndForm(form_data(request), initial={"ends_on": day_of(request.at).isoformat()})
    if request.method == "POST" and form.is_valid():
        try:
            services.end_interest(interest, **form.cleaned_data, by_id=request.user.pk, at=request.at)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            return _done(request, _("The interest ends on that day."))
    lead = f"{interest.user.display_name} · {interest.department.name}"
    return _show(request, form, title=_("End an interest"), submit=_("End the interest"), lead=lead)


@require_http_methods(["GET", "HEAD", "POST"])
def responsibility_add(request: PortalRequest, campaign: str) -> HttpResponse:
    """Give a responsibility to a department or a person."""
    form = ResponsibilityForm(form_data(request), campaign=request.campaign)
    if request.method == "POST" and form.is_valid():
        try:
            services.add_responsibility(request.campaign, **form.cleaned_data, by_id=request.user.pk, at=request.at)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            return _done(request, _("The responsibility is given."))
    lead = _("A responsibility opens exactly its own records; it is no role.")
    return _show(request, form, title=_("Give a responsibility"), submit=_("Give"), lead=lead)


@require_POST
def responsibility_remove(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Take a responsibility away."""
    visible = Responsibility.objects.visible_to(request.actor).select_related("user")
    services.remove_responsibility(get_object_or_404(visible, uuid=uuid), by_id=request.user.pk, at=request.at)
    return _done(request, _("The responsibility is taken away."))


def _done(request: PortalRequest, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return redirect("campaigns:people", request.campaign.slug)


def _show(request: PortalRequest, form: forms.Form, *, title: str, submit: str, lead: str = "") -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "lead": lead,
        "submit": submit,
        "back": reverse("campaigns:people", args=[request.campaign.slug]),
        "accounts": known_accounts(request.campaign),
    }
    return render(request, "campaigns/form.html", context)
