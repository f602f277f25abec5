"""What was published, or is proposed: the result as far as the reader may know it, and one department's statement."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from campaigns.requests import PortalRequest
from scoring import policy
from scoring.enums import Basis, PublicationState
from scoring.forms.publications import ReasonForm
from scoring.models import Publication
from scoring.queries.publications import correction_of, load_signing
from scoring.queries.published import (
    SeenResult,
    changes_between,
    changes_of,
    narrower,
    seen_by,
    seen_changes,
)
from scoring.queries.results import load_result, result_of
from scoring.queries.still_open import matters_of
from scoring.services.publications import why_not_confirm
from scoring.views.ranking import BarParts

OWN_ALONE = "publication-statement"


@require_safe
def publication(request: PortalRequest, campaign: str, uuid: UUID) -> HttpResponse:
    """Show a publication, or a proposal to those who oversee."""
    return publication_page(request, get_publication(request, uuid))


@require_safe
def publication_statement(request: PortalRequest, campaign: str, uuid: UUID, department: UUID) -> HttpResponse:
    """Show a department's statement as it was frozen; 404 where the reader may not read it."""
    found = get_publication(request, uuid)
    seen = seen_by(result_of(found.snapshot), request.actor, found.visibility)
    statement = seen.statement_of(department)
    if statement is None:
        raise Http404
    context = {
        "publication": found,
        "correction": correction_of(found),
        "statement": statement,
        "basis": Basis(statement.basis).label,
        "has_benchmarks": any(part.benchmark for part in statement.categories),
        "rank": seen.rank_of(department),
    }
    return render(request, "scoring/published_statement.html", context)


def get_publication(request: PortalRequest, uuid: UUID) -> Publication:
    """Return the publication of that id, with all its page shows, if the actor may know of it."""
    rows = Publication.objects.visible_to(request.actor).select_related(
        "snapshot", "display", "replaces", "proposed_by", "decided_by"
    )
    return get_object_or_404(rows, uuid=uuid)


def publication_page(request: PortalRequest, found: Publication, *, form: ReasonForm | None = None) -> HttpResponse:
    """Show the page of a publication; `form` is the refusal that needs another look."""
    actor, result = request.actor, result_of(found.snapshot)
    seen = seen_by(result, actor, found.visibility)
    waits = found.state == PublicationState.PROPOSED
    told = found.visibility if found.replaces is None else narrower(found.visibility, found.replaces.visibility)
    may_decide = policy.can_confirm_publication(actor, found)
    context: dict[str, Any] = {
        "publication": found,
        "waits": waits,
        "is_published": found.state == PublicationState.CONFIRMED,
        "correction": correction_of(found),
        "matters": matters_of(found.still_open, actor) if actor.oversees else (),
        "has_open_matters": bool(found.still_open),
        "changes": seen_changes(changes_of(found.changes), seen_by(result, actor, told)),
        "moved": changes_between(result, load_result(request.campaign, at=request.at)) if waits else (),
        "signing": load_signing(found, actor),
        "may_decide": may_decide,
        "why_not": why_not_confirm(found, actor) if waits and policy.can_lead_publication(actor) else "",
        "may_correct": found.state == PublicationState.CONFIRMED and policy.can_propose(actor),
        "may_recall": waits and found.proposed_by_id == actor.user_id,
        "form": form or (ReasonForm() if may_decide else None),
    }
    return render(request, "scoring/publication.html", context | result_context(seen, of_publication(request, found)))


def of_publication(request: PortalRequest, found: Publication) -> Callable[[UUID], str]:
    """Return what leads to a department's frozen statement."""
    slug = request.campaign.slug
    return lambda uuid: reverse(f"scoring:{OWN_ALONE}", args=[slug, found.uuid, uuid])


def result_context(seen: SeenResult, address: Callable[[UUID], str] | None) -> dict[str, Any]:
    """Return what `_published_result.html` shows of a frozen result: blocks with ranks, else single statements.

    A row is (rank, its class, url or '', department, tied mark, parts, total), as on the ranking page.
    """
    bars = BarParts(seen.categories)
    readable = {one.department.uuid for one in seen.statements}
    blocks = []
    for block in seen.blocks:
        shared = Counter(row.rank for row in block.rows)
        decided = {uuid for tie in block.ties for uuid in tie.order}
        rows = [
            (
                str(row.rank),
                "rank rank-first" if row.rank == 1 else "rank",
                address(row.uuid) if address is not None and row.uuid in readable else "",
                row.department,
                _("tied") if shared[row.rank] > 1 else (_("by decision") if row.uuid in decided else ""),
                bars.of(row.scores),
                str(row.total),
            )
            for row in block.rows
        ]
        blocks.append({"code": block.code, "name": block.name, "rows": rows})
    own = [
        {"statement": one, "url": address(one.department.uuid) if address is not None else ""}
        for one in seen.statements
    ]
    return {
        "seen": seen,
        "basis": Basis(seen.basis).label,
        "parts": [{"label": category.name, "full": category.full} for category in seen.categories],
        "blocks": blocks,
        "own": own,
    }
