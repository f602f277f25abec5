"""Study sessions: the list, one session, announcing, changing and cancelling it, what a leader says of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.actors import Actor
from campaigns.enums import Role
from campaigns.forms.session_rows import renew
from campaigns.forms.sessions import LATER, WITHOUT, CancelForm, RemarkForm, SessionEntry, SessionFilter
from campaigns.models import Block, Department, DepartmentLeader, Invitation, StudySession
from campaigns.policy import can_hand_in
from campaigns.queries.attachments import files_of
from campaigns.queries.session_page import MINUTES, SIGN_IN, session_page
from campaigns.queries.sessions import KIND, session_list
from campaigns.requests import PortalRequest
from campaigns.services import sessions as services
from campaigns.services.invitations import judge_remark, record_remark, remark_mark
from campaigns.views.lists import chosen
from qualityseason.errors import ConflictOfInterest, Refused
from qualityseason.forms import add_refusal
from qualityseason.text import parse_uuid
from qualityseason.typed import form_data


def require_hand_in(actor: Actor, department_id: int) -> None:
    """Raise ConflictOfInterest or PermissionDenied where the actor does not prepare what the department hands in."""
    if can_hand_in(actor, department_id):
        return
    if actor.has(Role.OFFICE) and actor.is_interested_in(department_id):
        raise ConflictOfInterest(
            _("You have an interest in this department: somebody else of the office enters this on its behalf.")
        )
    raise PermissionDenied


def session_or_404(request: PortalRequest, uuid: UUID) -> StudySession:
    """Return a session the actor may see, with its department and sittings."""
    sessions = StudySession.objects.visible_to(request.actor).select_related(
        "department", "entered_by", "minuted_by", "campaign"
    )
    return get_object_or_404(sessions.prefetch_related("sittings", "invitations"), uuid=uuid)


@require_safe
def sessions(request: PortalRequest, campaign: str) -> HttpResponse:
    """Show the sessions the actor sees, and the departments that have none."""
    blocks = list(Block.objects.filter(campaign=request.campaign).values_list("code", "name"))
    form = SessionFilter(request.GET, campaign=request.campaign, blocks=blocks) if request.actor.oversees else None
    filters = chosen(form) if form else {}
    state = filters.get("state", "")
    found = session_list(
        request.actor,
        request.campaign,
        at=request.at,
        department=filters.get("department"),
        block=filters.get("block", ""),
        state="" if state == WITHOUT else state,
        without=state == WITHOUT,
    )
    context = {"list": found, "filter": form, "active": len(filters), "may_enter": bool(_departments(request.actor))}
    return render(request, "campaigns/sessions.html", context)


def _departments(actor: Actor) -> list[Department]:
    """Return the departments the actor may enter a session for."""
    departments = Department.objects.visible_to(actor).select_related("block", "campaign").order_by("order")
    return [department for department in departments if can_hand_in(actor, department.pk)]


@require_safe
def session(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Show one session with all that belongs to it."""
    found = session_or_404(request, uuid)
    page = session_page(found, request.actor, request.campaign, at=request.at)
    may_change = can_hand_in(request.actor, found.department_id) and found.cancelled_at is None
    files = files_of(request.actor, KIND, [found.uuid], campaign=request.campaign).get(found.uuid, ())
    leaves = [line for line in page.roll.lines if line.is_leave and line.uuid]
    slips = files_of(request.actor, "attendance", [line.uuid for line in leaves], campaign=request.campaign)  # type: ignore[misc]  # those without a row are left out
    context = {
        "page": page,
        "session": found,
        "may_change": may_change,
        "leaves": [(line, slips.get(line.uuid, ())) for line in leaves if line.uuid],
        "sign_in_files": [file for file in files if file.slot == SIGN_IN],
        "minutes_files": [file for file in files if file.slot == MINUTES],
        "other_files": [file for file in files if file.slot not in (SIGN_IN, MINUTES)],
        "opens_slips": any(file.open_url for found_slips in slips.values() for file in found_slips),
    }
    return render(request, "campaigns/session.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def session_new(request: PortalRequest, campaign: str) -> HttpResponse:
    """Announce a session, or enter one that was held; who has several departments chooses one first."""
    department = _chosen_department(request)
    if department is None:
        return render(request, "campaigns/session_department.html", {"departments": _departments(request.actor)})
    leaders = DepartmentLeader.objects.visible_to(request.actor).filter(department=department)
    entry = SessionEntry(form_data(request), leaders=leaders)
    if request.method == "POST" and entry.is_valid():
        try:
            made = _enter(request, department, entry)
        except Refused as refused:
            entry.add_refusal(refused)
        else:
            return redirect("campaigns:session", request.campaign.slug, made.uuid)
    return _show_form(request, entry, department)


def _chosen_department(request: PortalRequest) -> Department | None:
    if "department" in request.GET:
        uuid = parse_uuid(request.GET["department"])
        visible = Department.objects.visible_to(request.actor).select_related("campaign")
        department = get_object_or_404(visible, uuid=uuid)
        require_hand_in(request.actor, department.pk)
        return department
    departments = _departments(request.actor)
    return departments[0] if len(departments) == 1 else None


def _enter(request: PortalRequest, department: Department, entry: SessionEntry) -> StudySession:
    data = entry.form.cleaned_data
    signed: dict[str, Any] = {"uuid": data["uuid"], "by_id": request.user.pk, "at": request.at}
    if data["entry"] == LATER:
        made = services.enter_session(
            department, entry.draft(), witness=data["witness"], notified_on=data["notified_on"], **signed
        )
        messages.success(request, _("The session is entered. Next: the roll and the minutes."))
        return made
    made = services.announce_session(department, entry.draft(), **signed)
    messages.success(request, _("The session is announced, and the assessment team is told."))
    return made


@require_http_methods(["GET", "HEAD", "POST"])
def session_edit(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Change topic, sittings and invitations; of one entered later, its witness and notice too."""
    found = session_or_404(request, uuid)
    require_hand_in(request.actor, found.department_id)
    entry = SessionEntry(form_data(request), session=found)
    now = None
    if request.method == "POST" and entry.is_valid():
        data = entry.form.cleaned_data
        try:
            services.edit_session(
                found,
                entry.draft(),
                version=data["version"],
                witness=data.get("witness", ""),
                notified_on=data.get("notified_on"),
                by_id=request.user.pk,
                at=request.at,
            )
        except Refused as refused:
            entry.add_refusal(refused)
            now = session_or_404(request, uuid) if refused.refusal_code == "stale" else None
        else:
            messages.success(request, _("Saved."))
            return redirect("campaigns:session", request.campaign.slug, found.uuid)
    return _show_form(request, entry, found.department, session=found, now=now)


def _show_form(
    request: PortalRequest,
    entry: SessionEntry,
    department: Department,
    *,
    session: StudySession | None = None,
    now: StudySession | None = None,
) -> HttpResponse:
    context = {"entry": entry, "form": entry.form, "department": department, "session": session, "now": now}
    return render(request, "campaigns/session_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def session_cancel(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Cancel a session with a reason."""
    found = session_or_404(request, uuid)
    require_hand_in(request.actor, found.department_id)
    form = CancelForm(form_data(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.cancel_session(found, **form.cleaned_data, by_id=request.user.pk, at=request.at)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("The session is called off."))
            return redirect("campaigns:session", request.campaign.slug, found.uuid)
    context = {
        "form": form,
        "title": _("Call off the session"),
        "lead": found.topic,
        "submit": _("Call off the session"),
        "back": reverse("campaigns:session", args=[request.campaign.slug, found.uuid]),
    }
    return render(request, "campaigns/form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def invitation_remark(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Write down what a leader who came says of the discussion."""
    visible = Invitation.objects.visible_to(request.actor).select_related("session__department")
    invitation = get_object_or_404(visible, uuid=uuid)
    judge_remark(invitation, actor=request.actor)
    form = RemarkForm(form_data(request), initial={"version": remark_mark(invitation), "remark": invitation.remark})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            record_remark(invitation, remark=data["remark"], seen=data["version"], actor=request.actor, at=request.at)
        except Refused as refused:
            add_refusal(form, refused)
            if isinstance(refused.existing, Invitation):
                renew(form, version=remark_mark(refused.existing))
        else:
            messages.success(request, _("What %(leader)s says is written down.") % {"leader": invitation.name})
            return redirect("campaigns:session", request.campaign.slug, invitation.session.uuid)
    context = {
        "form": form,
        "title": _("What %(leader)s says of the discussion") % {"leader": invitation.name},
        "lead": f"{invitation.session.department.name} · {invitation.session.topic}",
        "submit": _("Save"),
        "back": reverse("campaigns:session", args=[request.campaign.slug, invitation.session.uuid]),
    }
    return render(request, "campaigns/form.html", context)
