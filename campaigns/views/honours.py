"""Honours: who is commended, and the nominations of departments. Deciding is in `honours_deciding`."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.enums import NominationState, Role
from campaigns.forms.honours import NominationFilter, NominationForm
from campaigns.forms.recommendations import WithdrawalForm
from campaigns.models import Department, Nomination
from campaigns.policy import can_change_nomination, can_decide_honours, can_hand_in
from campaigns.queries.attachments import files_of
from campaigns.queries.honours import decision_rows
from campaigns.queries.nominations import chosen_rows, grouped, nominable_people, nomination_row, nomination_rows
from campaigns.queries.recommendations import departments_to_enter_for, praised_for_honours
from campaigns.requests import PortalRequest
from campaigns.services import nominations as services
from campaigns.services.recommendations import require_hand_in
from campaigns.views.honours_deciding import honours_decide, honours_export, honours_shortlist
from campaigns.views.lists import chosen
from campaigns.views.uploads import posted, show_refused_uploads
from qualityseason.clock import day_of
from qualityseason.errors import Refused
from qualityseason.forms import add_refusal
from qualityseason.text import parse_uuid
from qualityseason.typed import form_data

__all__ = ["honours_decide", "honours_export", "honours_shortlist"]

READ_WRITE = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def honours(request: PortalRequest, campaign: str) -> HttpResponse:
    """Show who is commended to everybody, nominations to their department and overseers, decisions to overseers."""
    actor = request.actor
    form = NominationFilter(request.GET, campaign=request.campaign) if actor.oversees else None
    filters = chosen(form) if form else {}
    rows = nomination_rows(actor, request.campaign, filters=filters)
    decisions = decision_rows(actor, request.campaign) if actor.oversees else ()
    told = [row.uuid for row in decisions if not row.is_own]
    files = files_of(actor, "decision", told, campaign=request.campaign) if told else {}
    context = {
        "chosen": grouped(request.campaign, chosen_rows(actor, request.campaign)),
        "groups": grouped(request.campaign, rows),
        "decisions": [(row, files.get(row.uuid, ())) for row in decisions],
        "filter": form,
        "active": len(filters),
        "may_nominate": bool(actor.departments) or actor.has(Role.OFFICE),
        "may_shortlist": actor.has(Role.OFFICE),
        "may_decide": can_decide_honours(actor),
        "several": actor.oversees or len(actor.departments) > 1,
    }
    return render(request, "campaigns/honours.html", context)


@READ_WRITE
def nomination_new(request: PortalRequest, campaign: str) -> HttpResponse:
    """Nominate a person of the department's staff; who enters for several chooses the department first."""
    departments = departments_to_enter_for(request.actor, on=day_of(request.at))
    department = _department(request, departments)
    if department is None:
        return render(request, "campaigns/nomination_department.html", {"departments": departments})
    form = NominationForm(
        posted(request),
        campaign=request.campaign,
        people=nominable_people(department, on=day_of(request.at)),
        praised=praised_for_honours(request.actor, department.pk),
    )
    show_refused_uploads(request, form)
    twin = None
    if request.method == "POST" and form.is_valid():
        try:
            made = services.nominate(
                department,
                uuid=form.cleaned_data["uuid"],
                person=form.person,
                **form.values,
                by=request.actor,
                at=request.at,
            )
        except Refused as refused:
            twin = _readable(request, refused.existing)
            form.refuse(refused, None)
        else:
            messages.success(request, _("%(person)s is nominated.") % {"person": form.person.name})
            return _to(request, made)
    return _show_form(request, form, department, twin=twin)


@require_safe
def nomination(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Show one nomination to its department and to overseers."""
    found = _found(request, uuid)
    may_change = can_change_nomination(request.actor, found)
    praise = found.recommendation
    context = {
        "nomination": found,
        "row": nomination_row(request.actor, found),
        "files": files_of(request.actor, "nomination", [uuid], campaign=request.campaign).get(uuid, ()),
        "may_change": may_change,
        "is_stuck": found.state == NominationState.SHORTLISTED and can_hand_in(request.actor, found.department_id),
        "praise": praise if praise is not None and praise.withdrawn_at is None else None,
        "decided_on": found.decision.decided_on if found.decision else None,
    }
    return render(request, "campaigns/nomination.html", context)


@READ_WRITE
def nomination_edit(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Change what a nomination says, until it is shortlisted."""
    found = _found(request, uuid)
    require_hand_in(request.actor, found.department_id)
    praised = praised_for_honours(request.actor, found.department_id)
    initial = {
        "version": found.version,
        "honour": found.honour,
        "reasons": found.reasons,
        "recommendation": str(found.recommendation.uuid) if found.recommendation else "",
    }
    form = NominationForm(posted(request), campaign=request.campaign, praised=praised, initial=initial)
    show_refused_uploads(request, form)
    now, twin = None, None
    if request.method == "POST" and form.is_valid():
        try:
            services.edit_nomination(found, **form.values, version=form.known_version, by=request.actor, at=request.at)
        except Refused as refused:
            if refused.refusal_code == "stale":
                now = _found(request, uuid)
            elif refused.refusal_code == "twin":
                twin = _readable(request, refused.existing)
            form.refuse(refused, now.version if now else None)
        else:
            messages.success(request, _("Saved."))
            return _to(request, found)
    return _show_form(request, form, found.department, nomination=found, now=now, twin=twin)


@READ_WRITE
def nomination_withdraw(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Take a nomination back, until it is shortlisted."""
    found = _found(request, uuid)
    require_hand_in(request.actor, found.department_id)
    form = WithdrawalForm(form_data(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.withdraw_nomination(found, because=form.cleaned_data["because"], by=request.actor, at=request.at)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("Withdrawn."))
            return _to(request, found)
    context = {
        "form": form,
        "title": _("Withdraw the nomination of %(person)s") % {"person": found.person.name},
        "lead": f"{found.department.name} · {found.honour}",
        "submit": _("Withdraw"),
        "back": reverse("campaigns:nomination", args=[request.campaign.slug, found.uuid]),
    }
    return render(request, "campaigns/form.html", context)


def _department(request: PortalRequest, departments: list[Department]) -> Department | None:
    if "department" not in request.GET:
        return departments[0] if len(departments) == 1 else None
    visible = Department.objects.visible_to(request.actor).select_related("campaign")
    found = get_object_or_404(visible, uuid=parse_uuid(request.GET["department"]))
    require_hand_in(request.actor, found.pk)
    if found.pk not in {department.pk for department in departments}:
        raise PermissionDenied  # closed
    return found


def _show_form(
    request: PortalRequest,
    form: NominationForm,
    department: Department,
    *,
    nomination: Nomination | None = None,
    now: Nomination | None = None,
    twin: Nomination | None = None,
) -> HttpResponse:
    context = {"form": form, "department": department, "nomination": nomination, "now": now, "twin": twin}
    return render(request, "campaigns/nomination_form.html", context)


def _found(request: PortalRequest, uuid: UUID) -> Nomination:
    rows = Nomination.objects.files_visible_to(request.actor)
    related = ("department__campaign", "person", "recommendation", "decision", "nominated_by")
    return get_object_or_404(rows.select_related(*related), uuid=uuid)


def _readable(request: PortalRequest, existing: object) -> Nomination | None:
    """Return the nomination that stands in the way, where the person may open it."""
    if not isinstance(existing, Nomination):
        return None
    return Nomination.objects.files_visible_to(request.actor).filter(pk=existing.pk).first()


def _to(request: PortalRequest, found: Nomination) -> HttpResponse:
    return redirect("campaigns:nomination", request.campaign.slug, found.uuid)
