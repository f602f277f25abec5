"""Who files evidence for which department, and where one goes back to."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.enums import Role
from campaigns.models import Department
from campaigns.policy import can_hand_in
from campaigns.requests import PortalRequest
from qualityseason.errors import ConflictOfInterest
from qualityseason.text import parse_uuid


def filing_departments(actor: Actor) -> list[Department]:
    """Return the departments the actor files evidence for."""
    departments = Department.objects.visible_to(actor).filter(closed_on__isnull=True).order_by("order")
    return [department for department in departments if can_hand_in(actor, department.pk)]


def chosen_department(request: PortalRequest) -> Department | None:
    """Return the department the address names, else the only one there is; None where one must be chosen."""
    if "department" in request.GET:
        visible = Department.objects.visible_to(request.actor).select_related("campaign")
        department = get_object_or_404(visible, uuid=parse_uuid(request.GET["department"]))
        require_filing(request.actor, department.pk)
        return department
    departments = filing_departments(request.actor)
    return departments[0] if len(departments) == 1 else None


def require_filing(actor: Actor, department_id: int) -> None:
    """Raise ConflictOfInterest or PermissionDenied where the actor does not file for the department."""
    if can_hand_in(actor, department_id):
        return
    if actor.has(Role.OFFICE) and actor.is_interested_in(department_id):
        raise ConflictOfInterest(_("You have an interest in this department: another of the office files for it."))
    raise PermissionDenied


def next_page(request: PortalRequest) -> str:
    """Return the page of this host to go back to, '' where none is named."""
    asked = request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    return asked if safe else ""
