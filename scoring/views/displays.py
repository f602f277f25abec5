"""A result on public notice: put up, read, taken off; what is objected to it and answered."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaigns.models import Department
from campaigns.requests import PortalRequest
from qualityseason.clock import day_of
from qualityseason.errors import Refused
from qualityseason.forms import add_refusal
from qualityseason.typed import form_data
from scoring import policy
from scoring.forms.publications import AnswerForm, DisplayForm, ObjectionForm, ReasonForm
from scoring.models import Display, Objection
from scoring.queries.decisions import decided_visibility
from scoring.queries.publications import (
    RUNNING,
    displays_seen,
    load_objections,
    load_publications,
    state_of,
)
from scoring.queries.published import seen_by
from scoring.queries.results import result_of
from scoring.services import displays as services
from scoring.views.published import result_context

DAYS = 5  # proposed in the form


@require_http_methods(["GET", "HEAD", "POST"])
def display_new(request: PortalRequest, campaign: str) -> HttpResponse:
    """Put the result as it stands on public notice."""
    initial = {
        "starts_on": day_of(request.at),
        "days": str(DAYS),
        "visibility": decided_visibility(request.campaign),
    }
    form = DisplayForm(form_data(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.open_display(request.campaign, **form.values, by=request.actor, at=request.at)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            words = {"first": made.starts_on.isoformat(), "last": made.ends_on.isoformat()}
            messages.success(request, _("The result is on public notice from %(first)s to %(last)s.") % words)
            return redirect("scoring:display", campaign, made.uuid)
    standing = load_publications(request.actor, at=request.at).standing
    return render(request, "scoring/display_new.html", {"form": form, "standing": standing})


@require_safe
def display(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Show a result on public notice as far as the reader may know it."""
    return _page(request, _display(request, uuid))


@require_POST
def display_withdraw(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Take a result off public notice."""
    found, form = _display(request, uuid), ReasonForm(request.POST)
    if form.is_valid():
        try:
            services.withdraw_display(found, because=form.cleaned_data["because"], by=request.actor, at=request.at)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("The result is off public notice."))
            return redirect("scoring:display", campaign, uuid)
    return _page(request, _display(request, uuid), form=form)


@require_http_methods(["GET", "HEAD", "POST"])
def objection_new(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Object to a result on public notice: a department for itself, the office for anybody who came to it."""
    found = _display(request, uuid)
    own = list(Department.objects.filter(pk__in=request.actor.departments).order_by("order"))
    is_office = policy.can_enter_objection(request.actor)
    if not own and not is_office:
        raise PermissionDenied
    form = ObjectionForm(
        form_data(request),
        initial={"objected_on": day_of(request.at)},
        campaign=request.campaign,
        own=own,
        is_office=is_office,
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.make_objection(found, **form.values, by=request.actor, at=request.at)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("The objection is entered; its answer will stand here."))
            return redirect("scoring:display", campaign, uuid)
    return render(request, "scoring/objection_new.html", {"form": form, "display": found, "is_office": is_office})


@require_http_methods(["GET", "HEAD", "POST"])
def objection_answer(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Answer an objection."""
    rows = Objection.objects.visible_to(request.actor).select_related("display", "department")
    objection = get_object_or_404(rows, uuid=uuid)
    form = AnswerForm(form_data(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.answer_objection(objection, answer=form.cleaned_data["answer"], by=request.actor, at=request.at)
        except Refused as refused:
            add_refusal(form, refused)
            objection.refresh_from_db()
        else:
            messages.success(request, _("Answered."))
            return redirect("scoring:display", campaign, objection.display.uuid)
    return render(request, "scoring/objection_answer.html", {"form": form, "objection": objection})


def _display(request: PortalRequest, uuid: UUID) -> Display:
    rows = displays_seen(request.actor, on=day_of(request.at)).select_related("snapshot", "opened_by", "withdrawn_by")
    return get_object_or_404(rows, uuid=uuid)


def _page(request: PortalRequest, found: Display, *, form: ReasonForm | None = None) -> HttpResponse:
    actor = request.actor
    state = state_of(found, on=day_of(request.at))
    may_withdraw = policy.can_propose(actor) and found.withdrawn_at is None
    may_enter = (bool(actor.departments) and state == RUNNING) or policy.can_enter_objection(actor)
    context = {
        "display": found,
        "state": state,
        "objections": load_objections(found, actor),
        "may_object": may_enter and found.withdrawn_at is None and day_of(request.at) >= found.starts_on,
        "may_answer": policy.can_propose(actor),
        "form": form or (ReasonForm() if may_withdraw else None),
    }
    seen = seen_by(result_of(found.snapshot), actor, found.visibility)
    return render(request, "scoring/display.html", context | result_context(seen, None))
