"""Departments renamed, merged, split, closed: what happened so far, and a change with its preview."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.enums import DepartmentChangeKind
from campaigns.forms.department_changes import PLACE, DepartmentChangeForm, kinds
from campaigns.models import DepartmentChange
from campaigns.policy import can_change_departments
from campaigns.queries.attachments import files_of
from campaigns.queries.department_changes import list_changes, standing_departments, what_would_move
from campaigns.requests import PortalRequest
from campaigns.services.department_changes import change_departments, check_change
from campaigns.views.uploads import posted, show_refused_uploads
from qualityseason.errors import Refused
from qualityseason.forms import add_refusal


@require_safe
def department_changes(request: PortalRequest, campaign: str) -> HttpResponse:
    """List the changes of the season; the office records another."""
    is_office = can_change_departments(request.actor)
    labels = dict(DepartmentChangeKind.choices)
    offered = [(kind, labels[DepartmentChangeKind(kind)], hint) for kind, hint in kinds()] if is_office else []
    return render(request, "campaigns/department_changes.html", {"rows": list_changes(request.actor), "kinds": offered})


@require_safe
def department_change(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Show one change with its decision and what went over."""
    visible = DepartmentChange.objects.visible_to(request.actor).select_related("decision")
    found = get_object_or_404(visible.prefetch_related("predecessors", "successors"), uuid=uuid)
    decision = found.decision
    files = files_of(request.actor, "decision", [decision.uuid], campaign=request.campaign).get(decision.uuid, ())
    context = {"change": found, "decision": decision, "files": files, "sees_decision": request.actor.oversees}
    return render(request, "campaigns/department_change.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def department_change_new(request: PortalRequest, campaign: str, kind: str) -> HttpResponse:
    """Take down what was decided, show what moves, and carry it out when that was seen."""
    if kind not in DepartmentChangeKind.values:
        raise Http404
    departments = standing_departments(request.campaign)
    form = DepartmentChangeForm(
        posted(request),
        campaign=request.campaign,
        kind=DepartmentChangeKind(kind),
        departments=departments,
        initial=DepartmentChangeForm.fresh(),
    )
    show_refused_uploads(request, form)
    context: dict[str, Any] = {"form": form, "label": DepartmentChangeKind(kind).label}
    if request.method == "POST" and form.is_valid():
        if form.data.get("seen") == form.fingerprint() and "again" not in form.data:
            try:
                change = change_departments(
                    request.campaign,
                    form.plan(form.data),
                    uuid=form.cleaned_data["uuid"],
                    effective_on=form.cleaned_data["effective_on"],
                    decision=form.decision,
                    by=request.actor,
                    at=request.at,
                )
            except Refused as refused:
                add_refusal(form, refused)
            else:
                messages.success(request, _("The change is recorded and carried out."))
                return redirect("campaigns:department-change", campaign, change.uuid)
        else:
            context |= _preview(form, request)
    return render(request, "campaigns/department_change_new.html", context)


def _preview(form: DepartmentChangeForm, request: PortalRequest) -> dict[str, Any]:
    days = {name: form.cleaned_data[name] for name in ("effective_on", "decided_on")}
    plan = form.plan({})
    try:
        check_change(request.campaign, plan, **days, at=request.at)
    except Refused as refused:
        add_refusal(form, refused)
        return {}
    leaving = what_would_move(form.predecessors, on=form.cleaned_data["effective_on"])
    heirs = form.names if form.kind == DepartmentChangeKind.SPLIT else ()
    goes_to = "" if heirs else plan.existing.name if plan.existing else form.names[0]
    shown = {"leaving": leaving, "heirs": heirs, "goes_to": goes_to, "seen": form.fingerprint(), "place": PLACE}
    return shown | {"is_preview": True}
