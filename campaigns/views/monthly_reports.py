"""Monthly reports: choosing the month, writing, reading, changing, confirming receipt."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaigns.calculations.obligations import days_late
from campaigns.enums import EvidenceTarget, MonthlyReportKind
from campaigns.forms.monthly_reports import ReceiptForm, ReportForm
from campaigns.forms.session_rows import renew
from campaigns.models import Department, MonthlyReport
from campaigns.policy import can_confirm_report, can_hand_in
from campaigns.queries.evidence import evidence_section
from campaigns.queries.monthly_reports import (
    addressees_of,
    kinds_owed,
    months_owed,
    report_owed,
    reports_to_write,
)
from campaigns.requests import PortalRequest
from campaigns.services import monthly_reports as services
from campaigns.services.service_work import require_hand_in
from qualityseason.clock import day_of
from qualityseason.errors import Refused
from qualityseason.forms import add_refusal
from qualityseason.text import clean, parse_month, parse_uuid
from qualityseason.typed import form_data


@require_http_methods(["GET", "HEAD", "POST"])
def monthly_report_new(request: PortalRequest, campaign: str) -> HttpResponse:
    """Write the report of a month; first choose which one, where the address names no department."""
    department = _department(request)
    kind = _kind(request, department) if department else None
    if department is None or kind is None:
        rows = reports_to_write(request.actor, on=day_of(request.at))
        return render(request, "campaigns/monthly_report_choose.html", {"rows": rows, "department": department})
    form = ReportForm(
        form_data(request),
        kind=kind,
        department=department,
        months=months_owed(department, kind),
        addressees=addressees_of(department),
        on_behalf=department.pk not in request.actor.departments,
        initial={"month": _month(request), "reported_on": day_of(request.at).isoformat()},
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = services.hand_in_report(
                department,
                form.draft(),
                kind=kind,
                month=data["month"],
                uuid=data["uuid"],
                reported_on=data.get("reported_on"),
                by=request.actor,
                at=request.at,
            )
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("The report for %(month)s is handed in.") % {"month": made.month})
            return redirect("campaigns:monthly-report", request.campaign.slug, made.uuid)
    context = {"form": form, "kind": kind, "department": department, "existing": _existing(request, form)}
    return render(request, "campaigns/monthly_report_form.html", context)


def _department(request: PortalRequest) -> Department | None:
    """Return the department the address names, else the only one of the actor; 404 and 403 as for any record."""
    visible = Department.objects.visible_to(request.actor).select_related("campaign", "block")
    if "department" in request.GET:
        department = get_object_or_404(visible, uuid=parse_uuid(request.GET["department"]))
        require_hand_in(request.actor, department.pk)
        return department
    own = list(visible.filter(pk__in=request.actor.departments)[:2])
    return own[0] if len(own) == 1 and kinds_owed(own[0]) else None


def _kind(request: PortalRequest, department: Department) -> MonthlyReportKind | None:
    """Return the kind the address names where the department owes it, else the only one it owes."""
    owed = kinds_owed(department)
    named = [kind for kind in owed if kind == request.GET.get("kind")]
    return next(iter(named or owed), None)


def _month(request: PortalRequest) -> str:
    try:
        return parse_month(request.GET.get("month"))
    except ValueError:
        return clean(request.GET.get("month"))


def _existing(request: PortalRequest, form: ReportForm) -> MonthlyReport | None:
    """Return the report that stands in the way, where the person may open it."""
    found = getattr(form, "refused_by", None)
    if not isinstance(found, MonthlyReport):
        return None
    return MonthlyReport.objects.visible_to(request.actor).filter(pk=found.pk).first()


def _report(request: PortalRequest, uuid: UUID) -> MonthlyReport:
    visible = MonthlyReport.objects.visible_to(request.actor).select_related(
        "department__campaign", "department__block", "addressee", "entered_by", "confirmed_by"
    )
    return get_object_or_404(visible, uuid=uuid)


@require_safe
def monthly_report(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Show one report, and whether its receipt is confirmed."""
    return _show(request, _report(request, uuid), ReceiptForm())


def _show(request: PortalRequest, report: MonthlyReport, form: ReceiptForm) -> HttpResponse:
    actor, may_change = request.actor, can_hand_in(request.actor, report.department_id)
    section = None
    if actor.oversees or report.department_id in actor.departments:
        section = evidence_section(
            actor,
            EvidenceTarget.MONTH,
            report.month,
            campaign=request.campaign,
            department=report.department,
            may_file=may_change,
            back=request.path,
        )
    owed = report_owed(report)
    context = {
        "report": report,
        "kind": MonthlyReportKind(report.kind),
        "deadline": owed.deadline if owed else None,
        "late": _late(report, owed.deadline if owed else None),
        "may_change": may_change,
        "may_confirm": can_confirm_report(actor, report),
        "form": form,
        "section": section,
    }
    return render(request, "campaigns/monthly_report.html", context)


def _late(report: MonthlyReport, deadline: date | None) -> int:
    return days_late(deadline, report.reported_on, on=report.reported_on) if deadline else 0


@require_http_methods(["GET", "HEAD", "POST"])
def monthly_report_edit(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Change a report; one whose receipt is confirmed only with saying that it must be confirmed anew."""
    report = _report(request, uuid)
    require_hand_in(request.actor, report.department_id)
    initial: dict[str, Any] = {
        "version": report.version,
        "has_nothing": report.has_nothing,
        "outstanding": report.outstanding,
        "breaches": report.breaches,
        "handling": report.handling,
        "addressee": report.addressee.uuid if report.addressee else None,
    }
    form = ReportForm(
        form_data(request),
        kind=MonthlyReportKind(report.kind),
        department=report.department,
        addressees=addressees_of(report.department),
        report=report,
        initial=initial,
    )
    now = None
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            services.edit_report(
                report,
                form.draft(),
                version=data["version"],
                gives_up_receipt=data.get("gives_up_receipt", False),
                by=request.actor,
                at=request.at,
            )
        except Refused as refused:
            if refused.refusal_code == "stale" and isinstance(refused.existing, MonthlyReport):
                now = refused.existing
                renew(form, version=now.version)
            add_refusal(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("campaigns:monthly-report", request.campaign.slug, report.uuid)
    context = {
        "form": form,
        "kind": MonthlyReportKind(report.kind),
        "department": report.department,
        "report": report,
        "now": now,
    }
    return render(request, "campaigns/monthly_report_form.html", context)


@require_POST
def monthly_report_confirm(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Confirm receipt of a report on conduct, as it was read."""
    report = _report(request, uuid)
    form = ReceiptForm(request.POST)
    version = form.cleaned_data["version"] if form.is_valid() else 0  # one no report has: it is read again
    try:
        services.confirm_report(report, version=version, by=request.actor, at=request.at)
    except Refused as refused:
        messages.error(request, str(refused.sentence))
    else:
        messages.success(request, _("Receipt is confirmed."))
    return redirect("campaigns:monthly-report", request.campaign.slug, report.uuid)
