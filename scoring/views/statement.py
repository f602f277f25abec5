"""A department's statement."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from campaigns.models import Department
from campaigns.requests import PortalRequest
from scoring.enums import Basis
from scoring.queries.notice_overview import unopened
from scoring.queries.statement import load_statement


@require_safe
def statement(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Show what a department keeps and every line that cost it something; 404 where the actor may not read it."""
    readable = Department.objects.statement_visible_to(request.actor).select_related("block", "campaign")
    department = get_object_or_404(readable, uuid=uuid)
    found = load_statement(department, actor=request.actor)
    context = {"statement": found, "basis": Basis(found.basis).label, "unopened": unopened(request.actor, department)}
    return render(request, "scoring/statement.html", context)
