"""The month grid, and service work."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.calculations.months import month_of
from campaigns.enums import MONTHLY_OBLIGATIONS, EvidenceTarget
from campaigns.forms.evidence_views import MONTHS, ViewFilter
from campaigns.forms.service_work import ServiceFilter, ServiceForm, WithdrawForm
from campaigns.forms.session_rows import renew
from campaigns.models import ServiceWork
from campaigns.policy import can_hand_in
from campaigns.queries import obligations
from campaigns.queries.evidence import evidence_section
from campaigns.queries.monthly_reports import received_reports
from campaigns.queries.months import OVERDUE, months_page
from campaigns.queries.obligations import Wanted
from campaigns.queries.plans import block_choices
from campaigns.queries.service_work import ServiceWanted, service_list, service_row, serving_departments
from campaigns.requests import PortalRequest
from campaigns.services import service_work as services
from campaigns.views.chasing import chase_of
from campaigns.views.lists import chosen
from qualityseason.clock import day_of
from qualityseason.errors import Refused
from qualityseason.forms import add_refusal
from qualityseason.text import parse_month, parse_uuid
from qualityseason.typed import form_data


@require_safe
def months(request: PortalRequest, campaign: str) -> HttpResponse:
    """Show which month of which department is missing; the own one large, with what mends it."""
    actor = request.actor
    form = ViewFilter(request.GET, blocks=block_choices(actor), shows=MONTHS) if actor.oversees else None
    filters = chosen(form) if form else {}
    show = filters.get("show", "")
    page = months_page(
        actor,
        request.campaign,
        on=day_of(request.at),
        back=request.get_full_path(),
        block=filters.get("block", ""),
        show=show,
    )
    context = {
        "page": page,
        "received": received_reports(actor) if actor.departments else (),
        "filter": form,
        "active": len(filters),
        "chase": _chase(request, show, filters.get("block", "")),
    }
    return render(request, "campaigns/months.html", context)


def _chase(request: PortalRequest, show: str, block: str) -> str:
    """Return the text for those the filter shows, '' without the filter and for all but the office."""
    wanted = Wanted(show=obligations.OVERDUE if show == OVERDUE else obligations.ANY, block=block)
    return chase_of(request, wanted, kinds=MONTHLY_OBLIGATIONS) if show else ""


@require_safe
def service(request: PortalRequest, campaign: str) -> HttpResponse:
    """List service work: all to overseers, to departments what they did and what was done for them."""
    actor = request.actor
    form = ServiceFilter(
        request.GET,
        campaign=request.campaign,
        months=sorted(request.campaign.working_months),
        blocks=block_choices(actor) if actor.oversees else (),
        is_wide=actor.oversees,
    )
    filters = chosen(form)
    page = service_list(
        actor, request.campaign, wanted=ServiceWanted(**filters), older_than=parse_uuid(request.GET.get("older"))
    )
    query = request.GET.copy()
    query["older"] = str(page.older or "")
    context = {
        "page": page,
        "filter": form,
        "active": len(filters),
        "older_url": f"?{query.urlencode()}" if page.older else "",
        "may_add": bool(serving_departments(actor)),
    }
    return render(request, "campaigns/service.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def service_new(request: PortalRequest, campaign: str) -> HttpResponse:
    """Write a service work down."""
    departments = serving_departments(request.actor)
    form = ServiceForm(
        form_data(request), campaign=request.campaign, departments=departments, initial=_initial(request)
    )
    if request.method == "POST" and form.is_valid() and departments:
        department = form.cleaned_data.get("department") or departments[0]
        try:
            made = services.record_service(
                department, form.draft(), uuid=form.cleaned_data["uuid"], by=request.actor, at=request.at
            )
        except Refused as refused:
            add_refusal(form, refused)
        else:
            _tell(request, made)
            return redirect("campaigns:service-record", request.campaign.slug, made.uuid)
    context = {
        "form": form,
        "departments": departments,
        "month": _asked_month(request),
        "existing": getattr(form, "refused_by", None),
    }
    return render(request, "campaigns/service_form.html", context)


def _asked_month(request: PortalRequest) -> str:
    """Return the month the address of the form names, '' where it names none."""
    try:
        return parse_month(request.GET.get("month"))
    except ValueError:
        return ""


def _initial(request: PortalRequest) -> dict[str, object]:
    """Return what the form begins with: today, but no day at all in another month, which nobody but they can know."""
    today, month = day_of(request.at), _asked_month(request)
    initial: dict[str, object] = {} if month and month != month_of(today) else {"happened_on": today.isoformat()}
    if parse_uuid(request.GET.get("department")):
        initial["department"] = request.GET["department"]
    return initial


def _tell(request: PortalRequest, work: ServiceWork) -> None:
    """Say that it is saved, and whether its day counts for a working month."""
    month = month_of(work.happened_on)
    if month in request.campaign.working_months:
        messages.success(request, _("Saved. It counts for %(month)s.") % {"month": month})
        return
    words = {"month": month, "months": "、".join(sorted(request.campaign.working_months))}
    messages.warning(
        request,
        _("Saved, but it counts for no month: %(month)s is no working month. The working months are %(months)s.")
        % words,
    )


def _work(request: PortalRequest, uuid: UUID) -> ServiceWork:
    visible = ServiceWork.objects.visible_to(request.actor).select_related(
        "department__campaign", "visited", "entered_by", "withdrawn_by"
    )
    return get_object_or_404(visible, uuid=uuid)


@require_safe
def service_record(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Show one service work, with the evidence of its month to who may see that."""
    actor, work = request.actor, _work(request, uuid)
    row = service_row(work, actor, request.campaign)
    may_change = can_hand_in(actor, work.department_id) and not row.is_withdrawn
    section = None
    if actor.oversees or work.department_id in actor.departments:
        section = evidence_section(
            actor,
            EvidenceTarget.MONTH,
            month_of(work.happened_on),
            campaign=request.campaign,
            department=work.department,
            may_file=may_change and row.counts,
            back=request.path,
        )
    context = {
        "work": work,
        "row": row,
        "month": month_of(work.happened_on),
        "may_change": may_change,
        "section": section if section and (row.counts or section.rows) else None,
        "working_months": "、".join(sorted(request.campaign.working_months)),
    }
    return render(request, "campaigns/service_record.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def service_edit(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Change a service work."""
    work = _work(request, uuid)
    services.require_hand_in(request.actor, work.department_id)
    initial = {
        "version": work.version,
        "visited": work.visited.uuid,
        "kind": work.kind,
        "happened_on": work.happened_on.isoformat(),
        "place": work.place,
        "text": work.text,
    }
    form = ServiceForm(form_data(request), campaign=request.campaign, work=work, initial=initial)
    now = None
    if request.method == "POST" and form.is_valid():
        try:
            services.edit_service(
                work, form.draft(), version=form.cleaned_data["version"], by=request.actor, at=request.at
            )
        except Refused as refused:
            if refused.refusal_code == "stale" and isinstance(refused.existing, ServiceWork):
                now = refused.existing
                renew(form, version=now.version)
            add_refusal(form, refused)
        else:
            _tell(request, _work(request, uuid))
            return redirect("campaigns:service-record", request.campaign.slug, work.uuid)
    return render(request, "campaigns/service_form.html", {"form": form, "work": work, "now": now})


@require_http_methods(["GET", "HEAD", "POST"])
def service_withdraw(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Withdraw a service work with a reason."""
    work = _work(request, uuid)
    services.require_hand_in(request.actor, work.department_id)
    form = WithdrawForm(form_data(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.withdraw_service(work, because=form.cleaned_data["because"], by=request.actor, at=request.at)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("Withdrawn. Without another one its month is open again."))
            return redirect("campaigns:service-record", request.campaign.slug, work.uuid)
    context = {
        "form": form,
        "title": _("Withdraw the service work"),
        "lead": f"{work.department.name} · {work.happened_on:%Y-%m-%d} · {work.visited.name}",
        "submit": _("Withdraw the service work"),
        "back": reverse("campaigns:service-record", args=[request.campaign.slug, work.uuid]),
    }
    return render(request, "campaigns/form.html", context)
