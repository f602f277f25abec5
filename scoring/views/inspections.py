"""Inspections: the list, one of them, entering and changing it, confirming all its lines."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from campaigns.models import Department
from campaigns.queries.attachments import files_of
from campaigns.queries.problems import problems_of_inspection
from campaigns.requests import PortalRequest
from campaigns.views.uploads import posted, show_refused_uploads
from qualityseason.errors import ConflictOfInterest, Refused
from qualityseason.forms import add_refusal
from qualityseason.text import parse_uuid
from scoring import policy
from scoring.forms.inspection_entry import Entry, changing, entering
from scoring.forms.inspection_filters import InspectionFilterForm
from scoring.models import Deduction, Inspection
from scoring.queries.inspections import assessor_ids_of, list_inspections, load_inspection
from scoring.services.inspections import create_inspection, update_inspection
from scoring.services.ledger import confirm_deductions
from scoring.views.deductions import PLACES, page_url, tell


def inspections(request: PortalRequest, campaign: str) -> HttpResponse:
    """List the inspections the reader may see, latest first."""
    departments = list(Department.objects.statement_visible_to(request.actor).select_related("block"))
    form = InspectionFilterForm(request.GET, departments=departments)
    older, newer = (parse_uuid(request.GET.get(place)) for place in PLACES)
    page = list_inspections(request.actor, form.filters(), older_than=older, newer_than=newer)
    context = {
        "page": page,
        "form": form,
        "older_url": page_url(request, "older", page.older),
        "newer_url": page_url(request, "newer", page.newer),
        "may_record": request.actor.is_team,
        "named": request.actor.sees_names,
    }
    return render(request, "scoring/inspections.html", context)


def inspection(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Show one inspection with its marks and the lines the reader may see."""
    found = _visible(request, uuid)
    detail = load_inspection(request.actor, found)
    files = files_of(request.actor, "inspection", [found.uuid], campaign=request.campaign)
    context = {
        "detail": detail,
        "inspection": found,
        "files": files.get(found.uuid, ()),
        "may_edit": policy.can_edit_inspection(request.actor, found, assessor_ids=detail.assessor_ids),
        "may_record": policy.can_record(request.actor, found.department_id),
        "to_mend": problems_of_inspection(request.actor, found.uuid, at=request.at),
    }
    return render(request, "scoring/inspection.html", context)


def inspection_new(request: PortalRequest, campaign: str) -> HttpResponse:
    """Enter an inspection."""
    if request.method != "POST" or "refresh" in request.POST:
        return _form(request, entering(request, posted(request, "files") or request.GET, saving=False))
    entry = entering(request, posted(request, "files") or request.POST, saving=True)
    show_refused_uploads(request, entry.form)
    if not entry.form.is_valid():
        return _form(request, entry)
    try:
        saved = create_inspection(entry.form.draft(entry.groups), by=request.actor, at=request.at)
    except Refused as refused:
        add_refusal(entry.form, refused)
        entry.note_refusal(refused)
        return _form(request, entry)
    messages.success(request, _("The inspection is saved."))
    return _onwards(request, saved)


def inspection_edit(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Change an inspection; when somebody else has changed it meanwhile both texts are shown and nothing is written."""
    found = _visible(request, uuid)
    _require_editor(request, found)
    if request.method != "POST":
        return _form(request, changing(request, found, posted(request, "files"), saving=False))
    entry = changing(request, found, posted(request, "files"), saving=True)
    show_refused_uploads(request, entry.form)
    if not entry.form.is_valid():
        return _form(request, entry)
    version = entry.form.cleaned_data["version"] or 0
    draft = entry.form.draft(entry.groups)
    try:
        saved = update_inspection(found, draft, version=version, by=request.actor, at=request.at)
    except Refused as refused:
        add_refusal(entry.form, refused)
        entry.note_refusal(refused, mine=draft)
        return _form(request, entry)
    messages.success(request, _("The inspection is saved."))
    return _onwards(request, saved)


@require_POST
def inspection_confirm(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Confirm all lines of an inspection that wait for a second person."""
    found = _visible(request, uuid)
    if request.actor.is_interested_in(found.department_id):
        raise ConflictOfInterest(_("You have an interest in this department and take no part in its assessment."))
    lines = list(Deduction.objects.visible_to(request.actor).recorded().filter(inspection=found))
    if lines:
        tell(request, confirm_deductions(lines, by=request.actor, at=request.at))
    else:
        messages.warning(request, _("No line of this inspection is waiting."))
    return redirect("scoring:inspection", campaign, uuid)


def _visible(request: PortalRequest, uuid: UUID) -> Inspection:
    visible = Inspection.objects.visible_to(request.actor)
    return get_object_or_404(
        visible.select_related("department__block", "department__campaign", "entered_by"), uuid=uuid
    )


def _require_editor(request: PortalRequest, found: Inspection) -> None:
    if request.actor.is_interested_in(found.department_id):
        raise ConflictOfInterest(_("You have an interest in this department and take no part in its assessment."))
    if not policy.can_edit_inspection(request.actor, found, assessor_ids=assessor_ids_of(found)):
        raise PermissionDenied(_("Only its assessors, who entered it and the head of the team change an inspection."))


def _form(request: PortalRequest, entry: Entry) -> HttpResponse:
    refused = not entry.form.is_bound or not entry.form.has_error("department", "conflict")
    return render(
        request, "scoring/inspection_form.html", {"entry": entry, "form": entry.form}, status=200 if refused else 403
    )


def _onwards(request: PortalRequest, saved: Inspection) -> HttpResponse:
    """Go to the inspection, or to the form of a deduction for the rule whose button saved it."""
    code = request.POST.get("deduct", "")
    if not code:
        return redirect("scoring:inspection", request.campaign.slug, saved.uuid)
    query = QueryDict(mutable=True)
    query.update({"inspection": str(saved.uuid), "rule": code})
    return redirect(f"{reverse('scoring:deduction-new', args=[request.campaign.slug])}?{query.urlencode()}")
