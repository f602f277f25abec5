"""The way of a summary or material, by the pages that plans and summaries share."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from campaigns.models import Summary
from campaigns.requests import PortalRequest
from campaigns.views import paper_workflow as shared


@require_POST
def summary_request(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Ask the head to read and submit it."""
    return shared.ask_head(request, Summary, uuid)


@require_POST
def summary_recall(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Take it back to the draft."""
    return shared.recall(request, Summary, uuid)


@require_http_methods(["GET", "HEAD", "POST"])
def summary_submit(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Show the whole text as it will stand, with one button."""
    return shared.submit(request, Summary, uuid)


@require_http_methods(["GET", "HEAD", "POST"])
def summary_review(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Show the submitted version with a field for a remark at each part; return it with them."""
    return shared.review(request, Summary, uuid)


@require_POST
def summary_approve(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Approve the submitted version."""
    return shared.approve(request, Summary, uuid)
