"""Recommendations as pages show them: the list with its filters, one of them, and who may enter one for whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.enums import EvidenceTarget
from campaigns.models import Department, Evidence, EvidenceLink, Recommendation
from campaigns.policy import can_hand_in

PAGE = 50
CHOSEN, OPEN, WITHDRAWN = "chosen", "open", "withdrawn"
IS_CHOSEN = Q(for_exchange=True) | Q(for_volume=True) | Q(for_honours=True)


@dataclass(frozen=True)
class RecommendationRow:
    """One recommendation in the list; ``uses`` is what the office chose it for, ``made_by`` '' where not named."""

    uuid: UUID
    title: str
    practice: str
    department: str
    recommended: str
    is_own: bool
    made_by: str
    made_at: datetime
    uses: tuple[str, ...]
    is_withdrawn: bool
    evidence: int


@dataclass(frozen=True)
class RecommendationPage:
    """A page of recommendations, the latest first; ``older`` is the key to go on from."""

    rows: tuple[RecommendationRow, ...]
    older: UUID | None


def departments_to_enter_for(actor: Actor, *, on: date) -> list[Department]:
    """Return the standing departments the actor enters things for, in the scheme's order. One query."""
    standing = Department.objects.visible_to(actor).filter(Q(closed_on__isnull=True) | Q(closed_on__gt=on))
    rows = standing.select_related("block", "campaign").order_by("order")
    return [department for department in rows if can_hand_in(actor, department.pk)]


def recommendations_page(
    actor: Actor, *, filters: Mapping[str, Any] | None = None, older_than: UUID | None = None
) -> RecommendationPage:
    """Return fifty of the recommendations the actor sees. Two queries, a third on later pages."""
    rows = Recommendation.objects.visible_to(actor).select_related("department", "recommended", "made_by")
    rows = _filtered(rows, filters or {}).order_by("-pk")
    if older_than is not None:
        key = Recommendation.objects.visible_to(actor).filter(uuid=older_than).values_list("pk", flat=True).first()
        rows = rows.filter(pk__lt=key or 0)
    found = list(rows[: PAGE + 1])
    proofs = _evidence_counts(actor, [str(row.uuid) for row in found[:PAGE]])
    return RecommendationPage(
        tuple(recommendation_row(actor, row, evidence=proofs.get(str(row.uuid), 0)) for row in found[:PAGE]),
        found[PAGE - 1].uuid if len(found) > PAGE else None,
    )


def recommendation_row(actor: Actor, found: Recommendation, *, evidence: int = 0) -> RecommendationRow:
    """Return a recommendation, loaded with departments and author, as the actor reads it."""
    is_named = actor.oversees or found.department_id in actor.departments
    return RecommendationRow(
        uuid=found.uuid,
        title=found.title,
        practice=found.practice,
        department=found.department.name,
        recommended=found.recommended.name,
        is_own=found.department_id == found.recommended_id,
        made_by=found.made_by.display_name if is_named else "",
        made_at=found.made_at,
        uses=uses_of(found),
        is_withdrawn=found.withdrawn_at is not None,
        evidence=evidence,
    )


def uses_of(found: Recommendation) -> tuple[str, ...]:
    """Return in words what the office chose a recommendation for."""
    words = (
        (found.for_exchange, _("Exchange")),
        (found.for_volume, _("Volume of materials")),
        (found.for_honours, _("Honours")),
    )
    return tuple(word for is_chosen, word in words if is_chosen)


def praised_for_honours(actor: Actor, department_id: int) -> tuple[Recommendation, ...]:
    """Return the recommendations praising the department that the office chose for honours. One query."""
    rows = Recommendation.objects.visible_to(actor).standing().filter(for_honours=True, recommended_id=department_id)
    return tuple(rows.select_related("department").order_by("-made_at", "-pk"))


def _filtered(rows: Any, filters: Mapping[str, Any]) -> Any:
    if filters.get("department"):
        rows = rows.filter(department=filters["department"])
    if filters.get("recommended"):
        rows = rows.filter(recommended=filters["recommended"])
    chosen_for = filters.get("use", "")
    if chosen_for in ("exchange", "volume", "honours"):
        rows = rows.filter(**{f"for_{chosen_for}": True})
    state = filters.get("state", "")
    if state == WITHDRAWN:
        return rows.filter(withdrawn_at__isnull=False)
    if state == CHOSEN:
        return rows.standing().filter(IS_CHOSEN)
    return rows.standing().exclude(IS_CHOSEN) if state == OPEN else rows


def _evidence_counts(actor: Actor, keys: list[str]) -> dict[str, int]:
    if not keys:
        return {}
    links = EvidenceLink.objects.filter(
        target=EvidenceTarget.RECOMMENDATION, key__in=keys, evidence__in=Evidence.objects.visible_to(actor).standing()
    )
    return dict(links.order_by().values_list("key").annotate(Count("evidence_id", distinct=True)))
