"""See as: the office opens pages as a department sees them, and writes nothing while it does."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from campaigns.middleware import SEEING_AS
from campaigns.models import Department
from campaigns.requests import PortalRequest
from campaigns.services import seeing_as as services
from qualityseason.text import parse_uuid


@require_http_methods(["GET", "HEAD", "POST"])
def see_as(request: PortalRequest, campaign: str) -> HttpResponse:
    """Choose a department, and look at its home as it sees it."""
    if request.method == "POST":
        department = _found(request, request.POST.get("department"))
        if department is None:
            raise Http404
        services.begin_seeing(department, by=request.actor, at=request.at)
        request.session[SEEING_AS] = request.session.get(SEEING_AS, {}) | {campaign: str(department.uuid)}
        return redirect("campaigns:campaign-home", campaign)
    standing = Department.objects.visible_to(request.actor).filter(closed_on__isnull=True)
    departments = standing.select_related("block").order_by("block__order", "order")
    return render(request, "campaigns/see_as.html", {"departments": departments})


@require_POST
def see_as_end(request: PortalRequest, campaign: str) -> HttpResponse:
    """Be oneself again."""
    standing = request.session.get(SEEING_AS, {})
    department = _found(request, standing.get(campaign))
    if department is not None:
        services.end_seeing(department, by=request.actor, at=request.at)
        messages.success(request, _("You see the portal as yourself again."))
    request.session[SEEING_AS] = {slug: uuid for slug, uuid in standing.items() if slug != campaign}
    return redirect("campaigns:department", campaign, department.uuid) if department else redirect("campaigns:home")


def _found(request: PortalRequest, named: str | None) -> Department | None:
    uuid = parse_uuid(named)
    return Department.objects.visible_to(request.actor).filter(uuid=uuid).first() if uuid else None
