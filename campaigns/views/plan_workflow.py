"""A plan's way, by the pages that plans and summaries share."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from campaigns.models import Plan
from campaigns.requests import PortalRequest
from campaigns.views import paper_workflow as shared


@require_POST
def plan_request(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Ask the head to read and submit the plan."""
    return shared.ask_head(request, Plan, uuid)


@require_POST
def plan_recall(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Take the plan back to the draft."""
    return shared.recall(request, Plan, uuid)


@require_http_methods(["GET", "HEAD", "POST"])
def plan_submit(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Show the whole plan as it will stand, with one button."""
    return shared.submit(request, Plan, uuid)


@require_http_methods(["GET", "HEAD", "POST"])
def plan_review(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Show the submitted version with a field for a remark at each part and item; return it with them."""
    return shared.review(request, Plan, uuid)


@require_POST
def plan_approve(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Approve the submitted version."""
    return shared.approve(request, Plan, uuid)
