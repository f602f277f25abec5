"""The list of appeals, one appeal, making one and taking it back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaigns.requests import PortalRequest
from campaigns.views.uploads import posted, show_refused_uploads
from qualityseason.clock import day_of
from qualityseason.errors import ConflictOfInterest, Refused
from qualityseason.forms import add_refusal
from qualityseason.text import parse_uuid
from qualityseason.typed import typed_again
from scoring import policy
from scoring.forms.appeals import AppealFilterForm, AppealForm, RulingForm, SpokenAppealForm
from scoring.models import Appeal, Deduction
from scoring.queries.appeal_page import load_appeal, page_appeals
from scoring.queries.appeals import TABS, appeal_of_line, appealing_departments, list_appeals, tab_of
from scoring.queries.deductions import detail_lines
from scoring.services.appeals import make_appeal, take_back_appeal

PLACES = ("before", "after")


@require_safe
def appeals(request: PortalRequest, campaign: str) -> HttpResponse:
    """List the appeals the reader may see: those that wait first, the oldest at the top."""
    form = AppealFilterForm(request.GET, departments=appealing_departments(request.actor))
    before, after = (parse_uuid(request.GET.get(place)) for place in PLACES)
    part = list_appeals(
        request.actor,
        tab_of(request.GET.get("tab", "")),
        at=request.at,
        department=form.department_uuid,
        before=before,
        after=after,
    )
    context = {
        "part": part,
        "form": form,
        "tabs": [(tab.label, _address(request, tab=tab.code), part.counts[tab.code], tab is part.tab) for tab in TABS],
        "before_url": _address(request, before=str(part.before)) if part.before else "",
        "after_url": _address(request, after=str(part.after)) if part.after else "",
        "reset_url": _address(request, department=None),
        "oversees": request.actor.oversees,
    }
    return render(request, "scoring/appeals.html", context)


@require_safe
def appeal(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Show one appeal on its line, and to who may rule the form."""
    return show_appeal(request, get_object_or_404(page_appeals(request.actor), uuid=uuid))


@require_http_methods(["GET", "HEAD", "POST"])
def appeal_new(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Contest a line, or enter an appeal that was made by word of mouth; a liaison reads that the head does it."""
    line = get_object_or_404(detail_lines(request.actor).select_related("campaign"), uuid=uuid)
    kind = _form_for(request, line)
    if kind is None:
        return _show_new(request, line, None)
    if request.method != "POST" and line.told_at is None and policy.can_open_notice(request.actor, line):
        return redirect("scoring:deduction", campaign, uuid)  # where opening it tells the department
    form = kind(posted(request), initial={"on": day_of(request.at).isoformat()})
    show_refused_uploads(request, form)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = make_appeal(
                line,
                uuid=data["uuid"],
                reason=data["reason"],
                uploads=data["files"],
                spoken=form.spoken,
                by=request.actor,
                at=request.at,
            )
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("The appeal is made. It stands here until it is ruled, and afterwards too."))
            return redirect("scoring:appeal", campaign, made.uuid)
    return _show_new(request, line, form)


@require_POST
def appeal_take_back(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Take a pending appeal back."""
    found = get_object_or_404(page_appeals(request.actor), uuid=uuid)
    try:
        take_back_appeal(found, by=request.actor, at=request.at)
    except Refused as refused:
        messages.warning(request, str(refused.sentence))
    else:
        messages.success(request, _("The appeal is taken back. The deduction stands as it was."))
    return redirect("scoring:appeal", campaign, uuid)


def show_appeal(request: PortalRequest, found: Appeal, *, form: RulingForm | None = None) -> HttpResponse:
    """Return the page of an appeal; with what was typed into the ruling, if anything was."""
    page = load_appeal(request.actor, request.campaign, found, at=request.at)
    if form is None and page.may_rule:
        rule_url = reverse("scoring:appeal-rule", args=[request.campaign.slug, found.uuid])
        form = RulingForm(typed_again(request, path=rule_url), reductions=page.reductions)
    return render(request, "scoring/appeal.html", {"appeal": found, "page": page, "line": page.line, "form": form})


def _form_for(request: PortalRequest, line: Deduction) -> type[AppealForm] | None:
    """Return the form this reader contests the line with, None for who leaves it to the head."""
    if policy.can_appeal(request.actor, line):
        return AppealForm
    if policy.can_enter_appeal(request.actor, line):
        return SpokenAppealForm
    if line.charged_id in request.actor.departments:
        return None
    raise ConflictOfInterest(_("You have an interest in this department: another of the office enters it."))


def _show_new(request: PortalRequest, line: Deduction, form: AppealForm | None) -> HttpResponse:
    context = {
        "line": line,
        "form": form,
        "is_spoken": isinstance(form, SpokenAppealForm),
        "standing": appeal_of_line(request.actor, line, on=day_of(request.at)),
        "today": day_of(request.at),
    }
    return render(request, "scoring/appeal_new.html", context)


def _address(request: PortalRequest, **changed: Any) -> str:
    """Return the address of the list with some of its query changed, the place in it left out."""
    query = request.GET.copy()
    for name in (*PLACES, *changed):
        query.pop(name, None)
    for name, value in changed.items():
        if value:
            query[name] = value
    return f"{request.path}?{query.urlencode()}"
