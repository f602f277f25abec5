"""A plan brought in as the Word file the department has, or as our Excel template, and checked item by item."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.exports.plan_template import make_plan_template
from campaigns.facts.plan_readings import ReadPlan
from campaigns.forms.plan_readings import BringInForm, CheckForm, seen_of
from campaigns.imports.plan_files import kind_of, read_plan_file
from campaigns.models import Plan, PlanReading
from campaigns.policy import can_hand_in, can_write_plan
from campaigns.queries.departments import DepartmentBook
from campaigns.queries.plan_readings import find_reading, open_readings, plan_on_table
from campaigns.requests import PortalRequest
from campaigns.services import plan_readings as services
from campaigns.services.imports import MEDIA_TYPE
from campaigns.views.uploads import posted, show_refused_uploads
from qualityseason.errors import ConflictOfInterest, Refused
from qualityseason.forms import add_refusal
from qualityseason.models import StoredFile
from qualityseason.services.files import path_of
from qualityseason.typed import form_data

SHOWN_PROBLEMS = 100


@require_safe
def plan_template(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Send the Excel template of a plan, filled with what it says now."""
    plan = _plan(request, uuid)
    response = HttpResponse(make_plan_template(plan_on_table(plan)), content_type=MEDIA_TYPE)
    name = _("Plan of %(department)s") % {"department": plan.department.name}
    response.headers["Content-Disposition"] = _attached(f"{name}.xlsx")
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def plan_bring_in(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Take a Word file or the Excel template; or read the stored Word file once more."""
    plan = _plan(request, uuid)
    if request.method == "POST" and request.POST.get("act") == "again":
        return _read_again(request, plan)
    form = BringInForm(posted(request, "files"))
    show_refused_uploads(request, form)
    read: ReadPlan | None = None
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["files"][0]
        try:
            kind = kind_of(_name_of(request, upload))
            store_only = request.POST.get("act") == "store" and kind == services.WORD
            read = None if store_only else _read(plan, _own_upload(request, upload), kind)
            if read is None or not read.problems:
                brought = services.bring_in(
                    plan, upload=upload, kind=kind, read=read, by_id=request.user.pk, at=request.at
                )
                return _after(request, plan, brought, was_read=read is not None)
        except Refused as refused:
            add_refusal(form, refused)
    return render(request, "campaigns/plan_bring_in.html", _bring_in_context(plan, form, read))


@require_http_methods(["GET", "HEAD", "POST"])
def plan_reading(request: PortalRequest, campaign: str, uuid: UUID, reading: UUID) -> HttpResponse:
    """Show what a file says beside what was understood, each entry to be corrected, taken over or left out."""
    plan = _plan(request, uuid)
    found = find_reading(plan, reading)
    if found is None:
        raise Http404
    if found.settled_at is not None:
        messages.info(request, _("This file has been dealt with already; its text is in the plan as far as chosen."))
        return redirect("campaigns:plan-write", campaign, plan.uuid)
    table, book = plan_on_table(plan), DepartmentBook(request.campaign)
    form = CheckForm(form_data(request), content=found.content, table=table, book=book)
    if request.method == "POST":
        try:
            answer = _act_on(request, plan, found, form)
        except Refused as refused:
            if refused.refusal_code == "stale" and isinstance(refused.existing, PlanReading):
                found = refused.existing
                form.show_theirs(found.content)
            form.refuse(refused)
        else:
            if answer is not None:
                return answer
    context = {
        "plan": plan,
        "reading": found,
        "form": form,
        "seen": seen_of(table),
        "version": found.content["version"],
    }
    return render(request, "campaigns/plan_reading.html", context)


def _act_on(request: PortalRequest, plan: Plan, found: PlanReading, form: CheckForm) -> HttpResponse | None:
    """Do what the button says; None when the form must be shown again."""
    who: dict[str, Any] = {"by_id": request.user.pk, "at": request.at}
    act = request.POST.get("act")
    if act == "drop":
        services.settle_reading(found, **who)
        messages.info(request, _("Nothing was taken over from “%(name)s”.") % {"name": found.attachment.file.name})
        return redirect("campaigns:plan-write", request.campaign.slug, plan.uuid)
    if not form.is_valid():
        return None
    if act == "keep":
        services.save_check(found, version=form.version, entries=form.entries(), **who)
        messages.success(request, _("Kept. Nothing is in the plan yet; go on here when you like."))
        return redirect("campaigns:plan-reading", request.campaign.slug, plan.uuid, found.uuid)
    counts = services.take_over(found, version=form.version, entries=form.entries(), seen=form.seen, **who)
    messages.success(request, _("Taken over into the plan: parts and sections %(parts)d, items %(items)d.") % counts)
    return redirect("campaigns:plan-write", request.campaign.slug, plan.uuid)


def _plan(request: PortalRequest, uuid: UUID) -> Plan:
    visible = Plan.objects.visible_to(request.actor).select_related("campaign", "department", "word_file__file")
    plan = get_object_or_404(visible, uuid=uuid)
    if not can_hand_in(request.actor, plan.department_id):
        if request.actor.is_interested_in(plan.department_id):
            raise ConflictOfInterest(_("You have an interest in this department and write nothing in its plan."))
        raise PermissionDenied
    if not can_write_plan(request.actor, plan):
        raise PermissionDenied(_("The plan has been handed in. It can be changed again once the office returns it."))
    return plan


def _read_again(request: PortalRequest, plan: Plan) -> HttpResponse:
    if plan.word_file is None:
        raise Http404
    try:
        read = _read(plan, plan.word_file.file, services.WORD)
        reading = services.keep_reading(
            plan, plan.word_file, read=read, kind=services.WORD, by_id=request.user.pk, at=request.at
        )
    except Refused as refused:
        messages.error(request, str(refused.sentence))
        return redirect("campaigns:plan-bring-in", request.campaign.slug, plan.uuid)
    return _after(request, plan, services.Brought(plan.word_file, reading, is_same_file=True), was_read=True)


def _read(plan: Plan, stored: StoredFile, kind: str) -> ReadPlan:
    table, book = plan_on_table(plan), DepartmentBook(plan.campaign)
    with path_of(stored).open("rb") as file:
        return read_plan_file(file, kind=kind, campaign=plan.campaign, table=table, book=book)


def _own_upload(request: PortalRequest, uuid: UUID) -> StoredFile:
    own = StoredFile.objects.filter(stored_by=request.user, campaign_id=request.campaign.pk)
    stored = own.filter(uuid=uuid).first()
    if stored is None or not path_of(stored).exists():
        raise Refused(_("This file is not there any more. Upload it again."), field="files", code="gone")
    return stored


def _name_of(request: PortalRequest, uuid: UUID) -> str:
    return _own_upload(request, uuid).name


def _after(request: PortalRequest, plan: Plan, brought: services.Brought, *, was_read: bool) -> HttpResponse:
    """Go on to the check, or say why there is none."""
    slug, name = request.campaign.slug, brought.attachment.file.name
    if brought.reading is not None:
        return redirect("campaigns:plan-reading", slug, plan.uuid, brought.reading.uuid)
    if was_read:
        messages.info(
            request,
            _("“%(name)s” says nothing that is not in the plan already; there is nothing to change.") % {"name": name},
        )
    elif brought.is_same_file:
        messages.info(request, _("“%(name)s” is stored already; nothing was changed.") % {"name": name})
    else:
        messages.success(
            request,
            _("“%(name)s” is stored as the official text. The plan can be submitted as it is.") % {"name": name},
        )
    return redirect("campaigns:plan", slug, plan.uuid)


def _bring_in_context(plan: Plan, form: BringInForm, read: ReadPlan | None) -> dict[str, Any]:
    problems = read.problems if read else ()
    return {
        "plan": plan,
        "form": form,
        "readings": open_readings(plan),
        "problems": problems[:SHOWN_PROBLEMS],
        "problem_count": len(problems),
    }


def _attached(name: str) -> str:
    return content_disposition_header(as_attachment=True, filename=name) or "attachment"
