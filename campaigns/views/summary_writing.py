"""Writing a summary or material, by the pages that plans and summaries share."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.models import Summary
from campaigns.requests import PortalRequest
from campaigns.views import paper_parts, paper_reading


@require_safe
def summary_write(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Show the whole text to its writers, with the parts still empty."""
    return paper_parts.write(request, Summary, uuid)


@require_http_methods(["GET", "HEAD", "POST"])
def summary_title(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Change the title."""
    return paper_parts.title(request, Summary, uuid)


@require_http_methods(["GET", "HEAD", "POST"])
def summary_part(request: PortalRequest, campaign: str, uuid: UUID, part: UUID) -> HttpResponse:
    """Write one part of prose or free section, or move it."""
    return paper_parts.part(request, Summary, uuid, part)


@require_http_methods(["GET", "HEAD", "POST"])
def summary_section_new(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Add a free section with a title of its own."""
    return paper_parts.section_new(request, Summary, uuid)


@require_http_methods(["GET", "HEAD", "POST"])
def summary_section_remove(request: PortalRequest, campaign: str, uuid: UUID, part: UUID) -> HttpResponse:
    """Ask, then take a free section out of the text."""
    return paper_parts.section_remove(request, Summary, uuid, part)


@require_http_methods(["GET", "HEAD", "POST"])
def summary_bring_in(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Take a Word file, or read the stored one once more."""
    return paper_reading.bring_in(request, Summary, uuid)


@require_http_methods(["GET", "HEAD", "POST"])
def summary_reading(request: PortalRequest, campaign: str, uuid: UUID, reading: UUID) -> HttpResponse:
    """Show what the file says beside what was understood, each part to be corrected, taken over or left out."""
    return paper_reading.reading(request, Summary, uuid, reading)
