"""What a department can mend before it costs points."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from campaigns.models import Department
from campaigns.requests import PortalRequest
from scoring.queries.mending import announced, load_mending


@require_safe
def mending(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Show what would cost a department points unless mended, and what it mended; 404 for who may not read of it."""
    readable = Department.objects.statement_visible_to(request.actor).select_related("block")
    department = get_object_or_404(readable, uuid=uuid)
    page = load_mending(department, actor=request.actor, number=page_number(request))
    context = {
        "department": department,
        "page": page,
        "announced": announced(request.campaign),
        "is_own": department.pk in request.actor.departments,
    }
    return render(
        request, "scoring/mending.html", context | page_urls(request, number=page.number, has_more=page.has_more)
    )


def page_number(request: PortalRequest) -> int:
    """Return the page asked for, the first where that makes no sense."""
    typed = request.GET.get("page", "")
    return int(typed) if typed.isascii() and typed.isdigit() and 0 < len(typed) < 6 else 1


def page_urls(request: PortalRequest, *, number: int, has_more: bool) -> dict[str, Any]:
    """Return the addresses of the pages before and after, '' at an end."""
    return {
        "before_url": f"?page={number - 1}" if number > 1 else "",
        "after_url": f"?page={number + 1}" if has_more else "",
    }
