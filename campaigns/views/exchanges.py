"""Exchanges of experience: the events, one of them, arranging, changing and cancelling it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.enums import EvidenceTarget, ExchangeKind
from campaigns.forms.exchanges import ExchangeEntry
from campaigns.forms.service_work import WithdrawForm
from campaigns.models import Department, Exchange
from campaigns.policy import can_hand_in, can_issue_circulars
from campaigns.queries.attachments import files_of
from campaigns.queries.evidence import EvidenceSection, evidence_for, evidence_section
from campaigns.queries.exchanges import (
    choosable_departments,
    choosable_recommendations,
    exchange_list,
    presenters_of,
)
from campaigns.requests import PortalRequest
from campaigns.services import exchanges as services
from campaigns.views.uploads import posted, show_refused_uploads
from qualityseason.errors import Refused
from qualityseason.forms import add_refusal
from qualityseason.typed import form_data

MORE = "more"  # the button that asks for more rows


@require_safe
def exchanges(request: PortalRequest, campaign: str) -> HttpResponse:
    """Show the events of the season, those of the own departments marked."""
    context = {
        "list": exchange_list(request.actor, at=request.at),
        "may_arrange": can_issue_circulars(request.actor),
    }
    return render(request, "campaigns/exchanges.html", context)


def _exchange(request: PortalRequest, uuid: UUID) -> Exchange:
    visible = Exchange.objects.visible_to(request.actor).select_related("campaign", "entered_by")
    return get_object_or_404(visible, uuid=uuid)


@require_safe
def exchange(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Show one event with programme, presenters, files and what the own departments filed of it."""
    found = _exchange(request, uuid)
    may_arrange = can_issue_circulars(request.actor)
    context = {
        "exchange": found,
        "kind": ExchangeKind(found.kind).label,
        "presenters": presenters_of(request.actor, found),
        "files": files_of(request.actor, services.OWNER, [found.uuid], campaign=request.campaign).get(found.uuid, ()),
        "may_arrange": may_arrange,
        "may_change": may_arrange and found.cancelled_at is None,
        "is_past": found.starts_at < request.at,
        "sections": _sections(request, found),
        "all_evidence": _all_evidence(request, found),
    }
    return render(request, "campaigns/exchange.html", context)


def _sections(request: PortalRequest, found: Exchange) -> list[tuple[Department, EvidenceSection]]:
    """Return what each of the own departments filed of the event."""
    own = Department.objects.visible_to(request.actor).filter(pk__in=request.actor.departments)
    return [
        (
            department,
            evidence_section(
                request.actor,
                EvidenceTarget.EXCHANGE,
                str(found.uuid),
                campaign=request.campaign,
                department=department,
                may_file=can_hand_in(request.actor, department.pk) and found.cancelled_at is None,
                back=request.path,
            ),
        )
        for department in own
    ]


def _all_evidence(request: PortalRequest, found: Exchange) -> tuple[Any, ...]:
    """Return what all departments filed of the event, for overseers."""
    if not request.actor.oversees:
        return ()
    key = str(found.uuid)
    return evidence_for(request.actor, EvidenceTarget.EXCHANGE, [key], campaign=request.campaign).get(key, ())


@require_http_methods(["GET", "HEAD", "POST"])
def exchange_new(request: PortalRequest, campaign: str) -> HttpResponse:
    """Arrange an event, or enter one that was held."""
    entry = _entry(request)
    if _is_sent(request) and entry.is_valid():
        data = entry.form.cleaned_data
        try:
            made = services.arrange_exchange(
                request.campaign,
                entry.draft(),
                uuid=data["uuid"],
                uploads=data["files"],
                by=request.actor,
                at=request.at,
            )
        except Refused as refused:
            entry.add_refusal(refused)
        else:
            messages.success(request, _("The event is arranged; everybody in the season sees it."))
            return redirect("campaigns:exchange", request.campaign.slug, made.uuid)
    return _show_form(request, entry)


@require_http_methods(["GET", "HEAD", "POST"])
def exchange_edit(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Change an event and who presents at it."""
    found = _exchange(request, uuid)
    entry, now = _entry(request, found), None
    if _is_sent(request) and entry.is_valid():
        data = entry.form.cleaned_data
        try:
            services.edit_exchange(
                found,
                entry.draft(),
                version=data["version"],
                uploads=data["files"],
                by=request.actor,
                at=request.at,
            )
        except Refused as refused:
            entry.add_refusal(refused)
            now = _exchange(request, uuid) if refused.refusal_code == "stale" else None
        else:
            messages.success(request, _("Saved."))
            return redirect("campaigns:exchange", request.campaign.slug, found.uuid)
    return _show_form(request, entry, found, now)


def _is_sent(request: PortalRequest) -> bool:
    """Whether the form is sent to be saved, not to be shown again with more rows."""
    return request.method == "POST" and MORE not in request.POST


def _entry(request: PortalRequest, found: Exchange | None = None) -> ExchangeEntry:
    entry = ExchangeEntry(
        posted(request),
        departments=choosable_departments(request.actor, found),
        recommendations=choosable_recommendations(request.actor, found),
        exchange=found,
        more=request.method == "POST" and MORE in request.POST,
    )
    show_refused_uploads(request, entry.form)
    return entry


def _show_form(
    request: PortalRequest, entry: ExchangeEntry, found: Exchange | None = None, now: Exchange | None = None
) -> HttpResponse:
    context = {
        "entry": entry,
        "form": entry.form,
        "exchange": found,
        "now": now,
        "now_presenters": presenters_of(request.actor, now) if now else (),
        "existing": getattr(entry.form, "refused_by", None) if found is None else None,
    }
    return render(request, "campaigns/exchange_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def exchange_cancel(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Cancel an event with a reason."""
    found = _exchange(request, uuid)
    form = WithdrawForm(form_data(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.cancel_exchange(found, because=form.cleaned_data["because"], by=request.actor, at=request.at)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("The event is cancelled."))
            return redirect("campaigns:exchange", request.campaign.slug, found.uuid)
    context = {
        "form": form,
        "title": _("Cancel the event"),
        "lead": found.title,
        "submit": _("Cancel the event"),
        "back": reverse("campaigns:exchange", args=[request.campaign.slug, found.uuid]),
    }
    return render(request, "campaigns/form.html", context)
