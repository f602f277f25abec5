"""Circulars: the list, one circular, issuing, changing and withdrawing it, and what a department did with it."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from campaigns import policy
from campaigns.enums import ObligationKind
from campaigns.forms.circular_records import (
    CarryOutForm,
    RelayForm,
    WithdrawForm,
    carry_out_initial,
    relay_initial,
)
from campaigns.forms.circulars import CircularFilter, CircularForm, initial_of
from campaigns.forms.session_rows import renew
from campaigns.models import Block, Circular, CircularRecipient, Department
from campaigns.queries.circular_page import circular_page, fixed_recipients, people_to_relay_to, recipients_of
from campaigns.queries.circulars import circular_rows, deadlines_of, last_day, own_circulars
from campaigns.requests import PortalRequest
from campaigns.services import circular_records
from campaigns.services import circulars as services
from campaigns.services.policies import require_hand_in
from campaigns.views.chasing import chase_beside
from campaigns.views.lists import chosen
from campaigns.views.uploads import posted, show_refused_uploads
from qualityseason.clock import day_of
from qualityseason.errors import Refused
from qualityseason.forms import add_refusal
from qualityseason.typed import form_data


@require_safe
def circulars(request: PortalRequest, campaign: str) -> HttpResponse:
    """List what went to the own departments and, for overseers, all circulars with how far they got."""
    actor, on = request.actor, day_of(request.at)
    context: dict[str, Any] = {
        "own": own_circulars(actor, on=on) if actor.departments else (),
        "several": len(actor.departments) > 1,
        "may_issue": policy.can_issue_circulars(actor),
    }
    if actor.oversees:
        blocks = list(Block.objects.filter(campaign=request.campaign).values_list("code", "name"))
        form = CircularFilter(request.GET, campaign=request.campaign, blocks=blocks)
        filters = chosen(form)
        context |= {"rows": circular_rows(actor, on=on, **filters), "filter": form, "active": len(filters)}
        context["chase"] = chase_beside(request, ObligationKind.CIRCULAR, active=bool(filters))
    return render(request, "campaigns/circulars.html", context)


@require_safe
def circular(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Show one circular: to a department its own part, to overseers what everybody did."""
    found = _circular_or_404(request, uuid)
    may_change = policy.can_issue_circulars(request.actor) and found.withdrawn_at is None
    page = circular_page(found, request.actor, request.campaign, on=day_of(request.at), back=request.path)
    context = {"circular": found, "page": page, "may_change": may_change}
    return render(request, "campaigns/circular.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def circular_new(request: PortalRequest, campaign: str) -> HttpResponse:
    """Send a circular to departments."""
    initial = initial_of(None, on=day_of(request.at))
    form = CircularForm(posted(request), campaign=request.campaign, initial=initial)
    show_refused_uploads(request, form)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = services.issue_circular(
                request.campaign,
                form.draft(),
                uuid=data["uuid"] or uuid4(),
                departments=data["recipients"],
                uploads=data["files"],
                again=data["again"],
                by=request.actor,
                at=request.at,
            )
        except Refused as refused:
            add_refusal(form, refused)
        else:
            number = len(data["recipients"])
            sentence = ngettext("Sent to %(n)s department.", "Sent to %(n)s departments.", number)
            messages.success(request, sentence % {"n": number})
            return redirect("campaigns:circular", request.campaign.slug, made.uuid)
    return _show_form(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
def circular_edit(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Change a circular, and to whom it goes."""
    found = _circular_or_404(request, uuid)
    initial = initial_of(found, recipients_of(found), on=day_of(request.at))
    form = CircularForm(
        form_data(request),
        campaign=request.campaign,
        circular=found,
        fixed=fixed_recipients(found),
        initial=initial,
    )
    now = None
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            edited = services.edit_circular(
                found,
                form.draft(),
                version=data["version"],
                departments=data["recipients"],
                again=data["again"],
                by=request.actor,
                at=request.at,
            )
        except Refused as refused:
            add_refusal(form, refused)
            if refused.refusal_code == "stale" and isinstance(refused.existing, Circular):
                now = refused.existing
                renew(form, version=now.version)
        else:
            messages.success(request, _("Saved."))
            _tell_kept(request, edited.kept)
            return redirect("campaigns:circular", request.campaign.slug, found.uuid)
    return _show_form(request, form, circular=found, now=now)


@require_http_methods(["GET", "HEAD", "POST"])
def circular_withdraw(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Take a circular back with a reason."""
    found = _circular_or_404(request, uuid)
    form = WithdrawForm(form_data(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.withdraw_circular(found, **form.cleaned_data, by=request.actor, at=request.at)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("Withdrawn. Departments see it no more, and owe nothing for it."))
            return redirect("campaigns:circular", request.campaign.slug, found.uuid)
    context = {
        "form": form,
        "title": _("Withdraw the circular"),
        "lead": f"{found.number} {found.title}".strip(),
        "submit": _("Withdraw the circular"),
        "back": reverse("campaigns:circular", args=[request.campaign.slug, found.uuid]),
    }
    return render(request, "campaigns/form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def circular_relay(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Record, or correct, how a department relayed a circular."""
    found = _recipient_or_404(request, uuid)
    on = day_of(request.at)
    form = RelayForm(form_data(request), people=people_to_relay_to(found, on=on), initial=relay_initial(found, on=on))
    now = None
    if request.method == "POST" and form.is_valid():
        try:
            circular_records.record_relay(found, **form.values(), by=request.actor, at=request.at)
        except Refused as refused:
            now = _add_refusal(form, refused)
        else:
            return _recorded(request, found)
    return _show_record(request, found, form, now, "campaigns/circular_relay.html")


@require_http_methods(["GET", "HEAD", "POST"])
def circular_carry_out(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Record, or correct, how a department carried a circular out."""
    found = _recipient_or_404(request, uuid)
    form = CarryOutForm(form_data(request), initial=carry_out_initial(found, on=day_of(request.at)))
    now = None
    if request.method == "POST" and form.is_valid():
        try:
            circular_records.record_carrying_out(found, **form.cleaned_data, by=request.actor, at=request.at)
        except Refused as refused:
            now = _add_refusal(form, refused)
        else:
            return _recorded(request, found)
    return _show_record(request, found, form, now, "campaigns/circular_carry_out.html")


def _circular_or_404(request: PortalRequest, uuid: UUID) -> Circular:
    visible = Circular.objects.visible_to(request.actor).select_related("campaign", "withdrawn_by")
    return get_object_or_404(visible, uuid=uuid)


def _recipient_or_404(request: PortalRequest, uuid: UUID) -> CircularRecipient:
    """Return a recipient the actor sees and enters things for."""
    visible = CircularRecipient.objects.visible_to(request.actor).standing()
    found = get_object_or_404(visible.select_related("circular__campaign", "department"), uuid=uuid)
    require_hand_in(request.actor, found.department_id)
    return found


def _show_form(
    request: PortalRequest, form: CircularForm, *, circular: Circular | None = None, now: Circular | None = None
) -> HttpResponse:
    twin = getattr(form, "refused_by", None)
    context = {
        "form": form,
        "circular": circular,
        "now": now,
        "now_recipients": recipients_of(now) if now else (),
        "twin": twin if isinstance(twin, Circular) and now is None else None,
    }
    return render(request, "campaigns/circular_form.html", context)


def _tell_kept(request: PortalRequest, kept: tuple[Department, ...]) -> None:
    if kept:
        sentence = _("Not taken off, because they have recorded something already: %(names)s.")
        messages.warning(request, sentence % {"names": "、".join(department.name for department in kept)})


def _add_refusal(form: forms.Form, refused: Refused) -> CircularRecipient | None:
    """Put the refusal into the form; after a stale one return what stands there now."""
    add_refusal(form, refused)
    if refused.refusal_code != "stale" or not isinstance(refused.existing, CircularRecipient):
        return None
    renew(form, version=refused.existing.version)
    return refused.existing


def _recorded(request: PortalRequest, recipient: CircularRecipient) -> HttpResponse:
    messages.success(request, _("Saved."))
    return redirect("campaigns:circular", request.campaign.slug, recipient.circular.uuid)


def _show_record(
    request: PortalRequest, recipient: CircularRecipient, form: forms.Form, now: CircularRecipient | None, template: str
) -> HttpResponse:
    circular = recipient.circular
    deadline = last_day(recipient, circular, deadlines_of(request.campaign.pk, key=str(circular.uuid)))
    context = {"form": form, "recipient": recipient, "circular": circular, "deadline": deadline, "now": now}
    return render(request, template, context)
