"""The scheme as it is printed, and the departments."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from campaigns import policy
from campaigns.enums import Role
from campaigns.models import Department
from campaigns.queries.campaign import classes_of, department_row, departments_by_block, scheme, staff_of
from campaigns.queries.department_changes import kin_of
from campaigns.queries.leaders import leaders_of
from campaigns.requests import PortalRequest
from campaigns.views.home import panels
from qualityseason.clock import day_of


@require_safe
def campaign(request: PortalRequest, campaign: str) -> HttpResponse:
    """Show the season's notice."""
    context = {
        "scheme": scheme(request.campaign),
        "blocks": departments_by_block(request.campaign, on=day_of(request.at)),
    }
    return render(request, "campaigns/campaign.html", context)


@require_safe
def departments(request: PortalRequest, campaign: str) -> HttpResponse:
    """Show all departments by block."""
    blocks = departments_by_block(request.campaign, on=day_of(request.at))
    return render(request, "campaigns/departments.html", {"blocks": blocks})


@require_safe
def department(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Show one department, with its people to who may read them."""
    visible = Department.objects.visible_to(request.actor).select_related("block", "campaign")
    found = get_object_or_404(visible, uuid=uuid)
    sees_people = policy.can_see_department_people(request.actor, found)
    context = {
        "department": found,
        "row": department_row(found, on=day_of(request.at)),
        "kin": kin_of(request.actor, found),
        "leaders": leaders_of(request.actor, found),
        "keeps_leaders": policy.can_keep_people(request.actor),
        "sees_people": sees_people,
        "sees_as": request.actor.has(Role.OFFICE) and found.closed_on is None,
        "postings": staff_of(found, on=day_of(request.at)) if sees_people else [],
        "classes": classes_of(found) if sees_people else [],
        "is_interested": request.actor.is_interested_in(found.pk),
        "panels": panels(request, "department", found),
    }
    return render(request, "campaigns/department.html", context)
