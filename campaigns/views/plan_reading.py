"""A plan brought in as the Word file the department has, or as our Excel template."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.exports.plan_template import make_plan_template
from campaigns.models import Plan
from campaigns.queries.paper_readings import on_table
from campaigns.requests import PortalRequest
from campaigns.services.imports import MEDIA_TYPE
from campaigns.views import paper_reading as shared
from campaigns.views.paper_access import writable_paper


@require_safe
def plan_template(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Send the Excel template of a plan, filled with what it says now."""
    plan = writable_paper(request, Plan, uuid)
    response = HttpResponse(make_plan_template(on_table(plan)), content_type=MEDIA_TYPE)
    name = _("Plan of %(department)s") % {"department": plan.department.name}
    response.headers["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=f"{name}.xlsx") or "attachment"
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def plan_bring_in(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Take a Word file or the Excel template; or read the stored Word file once more."""
    return shared.bring_in(request, Plan, uuid)


@require_http_methods(["GET", "HEAD", "POST"])
def plan_reading(request: PortalRequest, campaign: str, uuid: UUID, reading: UUID) -> HttpResponse:
    """Show what a file says beside what was understood, each entry to be corrected, taken over or left out."""
    return shared.reading(request, Plan, uuid, reading)
