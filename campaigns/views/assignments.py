"""Assignments: the list, one with its reports, giving, rewording and withdrawing it, reporting and judging."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.enums import EvidenceTarget, Issuer, ObligationKind, Role, TaskState
from campaigns.forms.assignments import AssignmentFilter, AssignmentForm, ReportForm, ReportVerdictForm, WithdrawForm
from campaigns.forms.session_rows import renew
from campaigns.models import Assignment, AssignmentReport, Block, Department
from campaigns.policy import can_assign, can_hand_in, can_judge_assignment
from campaigns.queries.assignments import assignment_list, load_row, reports_of
from campaigns.queries.attachments import files_of
from campaigns.queries.evidence import evidence_section
from campaigns.requests import PortalRequest
from campaigns.services import assignment_reports
from campaigns.services import assignments as services
from campaigns.views.chasing import chase_beside
from campaigns.views.uploads import posted, show_refused_uploads
from qualityseason.clock import day_of
from qualityseason.errors import Refused
from qualityseason.forms import add_refusal
from qualityseason.text import parse_uuid
from qualityseason.typed import form_data


@require_safe
def assignments(request: PortalRequest, campaign: str) -> HttpResponse:
    """List the assignments the reader sees, late and undone first."""
    blocks = list(Block.objects.filter(campaign=request.campaign).values_list("code", "name"))
    form = AssignmentFilter(request.GET, campaign=request.campaign, blocks=blocks)
    if not request.actor.oversees:
        del form.fields["block"]
        if len(request.actor.departments) < 2:
            del form.fields["department"]
    filters = form.filters()
    found = assignment_list(request.actor, filters, at=request.at, older_than=parse_uuid(request.GET.get("older")))
    context = {
        "list": found,
        "filter": form,
        "active": sum(bool(value) for value in vars(filters).values()),
        "older_url": older_url(request, found.older),
        "may_give": request.actor.has(Role.OFFICE, Role.LEADERSHIP),
        "names_departments": request.actor.oversees or len(request.actor.departments) > 1,
        "days": request.campaign.assignment_days,
        "chase": chase_beside(request, ObligationKind.ASSIGNMENT, active=any(vars(filters).values())),
    }
    return render(request, "campaigns/assignments.html", context)


def older_url(request: PortalRequest, older: UUID | None) -> str:
    """Return the address of the rows that follow, filters kept, or ''."""
    if older is None:
        return ""
    query = request.GET.copy()
    query["older"] = str(older)
    return f"?{query.urlencode()}"


@require_http_methods(["GET", "HEAD", "POST"])
def assignment_new(request: PortalRequest, campaign: str) -> HttpResponse:
    """Give an assignment to one or several departments at once."""
    everybody = Department.objects.visible_to(request.actor).filter(closed_on__isnull=True).select_related("block")
    departments = [one for one in everybody.select_related("campaign") if can_assign(request.actor, one.pk)]
    is_office = request.actor.has(Role.OFFICE)
    initial = {"given_on": day_of(request.at).isoformat(), "issuer": Issuer.OFFICE if is_office else None}
    form = AssignmentForm(posted(request), departments=departments, issues=is_office, initial=initial)
    show_refused_uploads(request, form)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = services.give_assignments(
                data["departments"],
                form.draft(),
                uuid=data["uuid"],
                uploads=data["files"],
                by=request.actor,
                at=request.at,
            )
        except Refused as refused:
            add_refusal(form, refused)
        else:
            sentence = ngettext(
                "Given to %(n)s department; it stands in what it owes.",
                "Given to %(n)s departments; it stands in what they owe.",
                len(made),
            )
            messages.success(request, sentence % {"n": len(made)})
            if len(made) > 1:
                return redirect("campaigns:assignments", request.campaign.slug)
            return redirect("campaigns:assignment", request.campaign.slug, made[0].uuid)
    context = {"form": form, "assignment": None, "days": request.campaign.assignment_days}
    return render(request, "campaigns/assignment_form.html", context)


@require_safe
def assignment(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Show one assignment with the reports and verdicts."""
    found = _assignment(request, uuid)
    is_giver = can_assign(request.actor, found.department_id)
    is_open = found.state not in (TaskState.ACCEPTED, TaskState.WITHDRAWN)
    context = _shown(request, found) | {
        "may_change": is_giver and is_open,
        "may_report": is_open and can_hand_in(request.actor, found.department_id),
        "may_judge": can_judge_assignment(request.actor, found),
        "is_barred": is_open and not is_giver and request.actor.has(Role.OFFICE, Role.LEADERSHIP),
    }
    return render(request, "campaigns/assignment.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def assignment_edit(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Reword an assignment, or give it another day."""
    found = _assignment(request, uuid)
    services.require_giver(request.actor, found.department)
    initial = {name: getattr(found, name) for name in ("version", "title", "text", "issuer")}
    initial |= {name: getattr(found, name).isoformat() for name in ("given_on", "due_on")}
    form = AssignmentForm(posted(request), issues=request.actor.has(Role.OFFICE), initial=initial)
    show_refused_uploads(request, form)
    now = None
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            services.edit_assignment(
                found,
                form.draft(),
                version=data["version"],
                uploads=data["files"],
                by=request.actor,
                at=request.at,
            )
        except Refused as refused:
            found = _assignment(request, uuid)
            now = found if refused.refusal_code == "stale" else None
            form.add_stale(refused, found.version)
        else:
            messages.success(request, _("Saved."))
            return redirect("campaigns:assignment", request.campaign.slug, found.uuid)
    context = {"form": form, "assignment": found, "now": now, "days": request.campaign.assignment_days}
    return render(request, "campaigns/assignment_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def assignment_withdraw(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Take an assignment back, with the reason."""
    found = _assignment(request, uuid)
    services.require_giver(request.actor, found.department)
    form = WithdrawForm(form_data(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.withdraw_assignment(found, **form.cleaned_data, by=request.actor, at=request.at)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("Withdrawn."))
            return redirect("campaigns:assignment", request.campaign.slug, found.uuid)
    context = {"form": form, "assignment": found, "row": load_row(found, at=request.at)}
    return render(request, "campaigns/assignment_withdraw.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def assignment_report(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Report an assignment done, or once more after it was sent back."""
    found = _assignment(request, uuid)
    assignment_reports.require_reporter(request.actor, found.department)
    form = ReportForm(form_data(request), initial={"done_on": day_of(request.at).isoformat()})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        values = {name: data[name] for name in ("uuid", "text", "done_on")}
        try:
            assignment_reports.report_assignment(found, **values, by=request.actor, at=request.at)
        except Refused as refused:
            add_refusal(form, refused)
            found = _assignment(request, uuid)
        else:
            messages.success(request, _("Reported. Whoever gave it accepts the report, or sends it back with a note."))
            return redirect("campaigns:assignment", request.campaign.slug, found.uuid)
    return render(request, "campaigns/assignment_report.html", _shown(request, found) | {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def assignment_judge(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Accept the report that waits, or send it back with a note."""
    found = _assignment(request, uuid)
    services.require_giver(request.actor, found.department)
    waiting = found.reports.order_by("reported_at", "pk").last()
    if waiting is None:
        messages.info(request, _("The department has not reported yet."))
        return redirect("campaigns:assignment", request.campaign.slug, found.uuid)
    initial = {"report": str(waiting.uuid), "done_on": waiting.done_on.isoformat()}
    form = ReportVerdictForm(form_data(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        report = get_object_or_404(AssignmentReport, assignment=found, uuid=parse_uuid(form.cleaned_data["report"]))
        if _judge(request, report, form):
            return redirect("campaigns:assignment", request.campaign.slug, found.uuid)
        found = _assignment(request, uuid)
    context = _shown(request, found) | {"form": form, "waiting": waiting.uuid}
    return render(request, "campaigns/assignment_judge.html", context)


def _judge(request: PortalRequest, report: AssignmentReport, form: ReportVerdictForm) -> bool:
    data = form.cleaned_data
    try:
        assignment_reports.judge_report(
            report, accept=form.accepts, done_on=data["done_on"], note=data["note"], by=request.actor, at=request.at
        )
    except Refused as refused:
        if refused.refusal_code == "newer":  # the next sending judges the report that is shown now
            latest = report.assignment.reports.order_by("reported_at", "pk").last()
            renew(form, report=latest.uuid if latest else "")
        add_refusal(form, refused)
        return False
    messages.success(request, _("Accepted.") if form.accepts else _("Sent back; the department reads your note."))
    return True


def _assignment(request: PortalRequest, uuid: UUID) -> Assignment:
    rows = Assignment.objects.visible_to(request.actor)
    return get_object_or_404(rows.select_related("campaign", "department", "given_by", "withdrawn_by"), uuid=uuid)


def _shown(request: PortalRequest, found: Assignment) -> dict[str, Any]:
    """Return what every page about one assignment shows of it."""
    actor, is_standing = request.actor, found.state != TaskState.WITHDRAWN
    files = files_of(actor, services.OWNER, [found.uuid], campaign=request.campaign)
    return {
        "assignment": found,
        "row": load_row(found, at=request.at),
        "reports": reports_of(found),
        "files": files.get(found.uuid, ()),
        "section": evidence_section(
            actor,
            EvidenceTarget.ASSIGNMENT,
            str(found.uuid),
            campaign=request.campaign,
            department=found.department,
            may_file=is_standing and can_hand_in(actor, found.department_id),
            back=request.path,
        ),
    }
