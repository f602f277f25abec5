"""What was submitted of a summary or material, by the pages that plans and summaries share; and its receipt."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST, require_safe

from campaigns.enums import ResponsibilityCode
from campaigns.models import Summary, SummaryVersion
from campaigns.requests import PortalRequest
from campaigns.views import paper_versions as shared
from campaigns.views.receipts import confirm, require_receiver


@require_safe
def summary_version(request: PortalRequest, campaign: str, uuid: UUID, number: int) -> HttpResponse:
    """Show one version as it was submitted."""
    return shared.version(request, Summary, uuid, number)


@require_safe
def summary_changes(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Show what changed between two versions, or since the last one."""
    return shared.changes(request, Summary, uuid)


@require_POST
def summary_print(request: PortalRequest, campaign: str, uuid: UUID, number: int) -> HttpResponse:
    """Have a version typeset for signature and seal; the PDF waits on the job's page."""
    return shared.print_version(request, Summary, uuid, number)


@require_POST
def summary_receipt(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Confirm the e-copy of one version."""
    require_receiver(request, ResponsibilityCode.ELECTRONIC_RECEIVER)
    visible = SummaryVersion.objects.visible_to(request.actor).select_related("summary__department").defer("content")
    return confirm(request, get_object_or_404(visible, uuid=uuid))
