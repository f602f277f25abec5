"""What was submitted of a plan, by the pages that plans and summaries share."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_POST, require_safe

from campaigns.models import Plan
from campaigns.requests import PortalRequest
from campaigns.views import paper_versions as shared


@require_safe
def plan_version(request: PortalRequest, campaign: str, uuid: UUID, number: int) -> HttpResponse:
    """Show one version as it was submitted."""
    return shared.version(request, Plan, uuid, number)


@require_safe
def plan_changes(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Show what changed between two versions, or since the last one."""
    return shared.changes(request, Plan, uuid)


@require_POST
def plan_print(request: PortalRequest, campaign: str, uuid: UUID, number: int) -> HttpResponse:
    """Have a version typeset for signature and seal; the PDF waits on the job's page."""
    return shared.print_version(request, Plan, uuid, number)
