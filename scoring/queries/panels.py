"""What scoring shows on pages of the campaign side: home and a department's page. Fixed numbers of queries."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import F

from campaigns.actors import Actor
from campaigns.enums import Role
from campaigns.models import Campaign, Department
from qualityseason.clock import day_of
from scoring import policy
from scoring.calculations import ZERO
from scoring.enums import DeductionState
from scoring.facts.results import RankingRow
from scoring.models import Deduction, Detection, Finding, Tally
from scoring.queries.mending import spared_by_all
from scoring.queries.pending import Pending, pending_of
from scoring.queries.ranking import load_categories, load_ranking
from scoring.queries.reading import load_reading
from scoring.queries.recording import short_of
from scoring.querysets import DeductionQuerySet

FEW = 5  # lines a panel shows of a longer list
ENDS = 3  # departments shown from the top and from the bottom of a ranking
FIELDS = (
    "uuid",
    "happened_on",
    "charged__name",
    "rule__code",
    "label",
    "subject_label",
    "amount",
    "confirmed_at",
    "withdrawn_at",
)


@dataclass(frozen=True)
class PanelLine:
    """One line of the ledger in a panel."""

    state: DeductionState
    uuid: UUID
    happened_on: date
    department: str
    code: str
    label: str
    subject: str
    amount: Decimal


@dataclass(frozen=True)
class PanelBlock:
    """Both ends of a block's ranking; `bottom` is empty where the top shows all."""

    code: str
    name: str
    top: tuple[RankingRow, ...]
    bottom: tuple[RankingRow, ...]
    departments: int


@dataclass(frozen=True)
class PanelScore:
    """A department's score in one category; `percent` of the full mark, rounded down."""

    category: str
    score: Decimal
    full: Decimal
    percent: int


@dataclass(frozen=True)
class PanelDepartment:
    """What a department keeps; `pending` is None for who may not know of recorded lines."""

    uuid: UUID
    name: str
    scores: tuple[PanelScore, ...]
    pending: Decimal | None
    pending_lines: int

    @property
    def total(self) -> Decimal:
        """The sum of the scores."""
        return sum((item.score for item in self.scores), ZERO)

    @property
    def full(self) -> Decimal:
        """The sum of the full marks."""
        return sum((item.full for item in self.scores), ZERO)


def work_panel(campaign: Campaign, actor: Actor, department: Department | None, at: datetime) -> dict[str, Any] | None:
    """Return what an assessor may decide and confirm, and what they recorded last; None for others. Four queries."""
    if not actor.is_team:
        return None
    visible = Deduction.objects.visible_to(actor)
    waiting = Deduction.objects.awaiting(actor)
    return {
        "slug": campaign.slug,
        "findings": Finding.objects.decidable_by(actor).proposed().count(),
        "waiting": _lines(waiting),
        "waiting_lines": waiting.count(),
        "mine": _lines(visible.filter(recorded_by_id=actor.user_id)),
    }


def standing_panel(
    campaign: Campaign, actor: Actor, department: Department | None, at: datetime
) -> dict[str, Any] | None:
    """Return both ends of every block's ranking and how much is pending; None for departments. Seven queries.

    To the leading group and the office also what mending has spared the college; one query more. To the office in how
    many departments a detector failed; one more.
    """
    if not actor.oversees:
        return None
    blocks = []
    for block in load_ranking(campaign, actor=actor).blocks:
        few = len(block.rows) <= 2 * ENDS
        top, bottom = (block.rows, ()) if few else (block.rows[:ENDS], block.rows[-ENDS:])
        blocks.append(PanelBlock(block.code, block.name, top, bottom, len(block.rows)))
    pending = Deduction.objects.visible_to(actor).recorded().count()
    spared = spared_by_all(campaign, actor) if actor.has(Role.LEADERSHIP, Role.OFFICE) else None
    troubled = Detection.objects.filter(campaign=campaign).exclude(troubles=[]).count() if actor.has(Role.OFFICE) else 0
    return {
        "slug": campaign.slug,
        "blocks": blocks,
        "pending_lines": pending,
        "spared": spared,
        "troubled": troubled,
        "leads": actor.has(Role.LEADERSHIP),
    }


def own_panel(campaign: Campaign, actor: Actor, department: Department | None, at: datetime) -> dict[str, Any] | None:
    """Return what the actor's departments keep and lost last; None for who answers for none. Five queries."""
    if not actor.departments:
        return None
    own = Department.objects.statement_visible_to(actor).filter(pk__in=actor.departments).order_by("order")
    departments = list(own)
    return {
        "slug": campaign.slug,
        "departments": _summaries(campaign, departments, actor),
        "lines": _lines(_confirmed(actor, departments)),
        "is_alone": len(departments) == 1,
    }


def department_panel(
    campaign: Campaign, actor: Actor, department: Department | None, at: datetime
) -> dict[str, Any] | None:
    """Return what a department keeps and lost last; None for who may not read its statement. At most ten queries."""
    if department is None or not (actor.oversees or department.pk in actor.departments):
        return None
    return {
        "slug": campaign.slug,
        "departments": _summaries(campaign, [department], actor),
        "lines": _lines(_confirmed(actor, [department])),
        "is_alone": True,
        "may_record": policy.can_record(actor, department.pk),
        "short": short_of(actor, department, on=day_of(at)),
    }


def _confirmed(actor: Actor, departments: Collection[Department]) -> DeductionQuerySet[Deduction]:
    return Deduction.objects.visible_to(actor).confirmed().filter(charged__in=departments)


def _lines(lines: DeductionQuerySet[Deduction]) -> list[PanelLine]:
    rows = lines.order_by("-happened_on", "-pk").annotate(label=F("rule_version__label")).values_list(*FIELDS)
    return [PanelLine(_state(*row[-2:]), *row[:-2]) for row in rows[:FEW]]


def _state(confirmed_at: datetime | None, withdrawn_at: datetime | None) -> DeductionState:
    if withdrawn_at is not None:
        return DeductionState.WITHDRAWN
    return DeductionState.RECORDED if confirmed_at is None else DeductionState.CONFIRMED


def _summaries(campaign: Campaign, departments: Collection[Department], actor: Actor) -> list[PanelDepartment]:
    reading = load_reading(campaign)
    categories = load_categories(campaign)
    tallies = {
        (tally.department_id, tally.category_id): tally
        for tally in Tally.objects.visible_to(actor).filter(department__in=departments)
    }
    pending = pending_of(actor, tallies.values()) if actor.oversees else {}
    found = []
    for department in departments:
        known = [tallies.get((department.pk, category.id), Tally()) for category in categories]
        scores = (
            (
                category,
                reading.score(
                    category.full, tally.charged or ZERO, block_id=department.block_id, category_id=category.id
                ),
            )
            for category, tally in zip(categories, known, strict=True)
        )
        sees_pending = actor.oversees and not actor.is_interested_in(department.pk)
        waiting = [pending.get((department.pk, category.id), Pending()) for category in categories]
        found.append(
            PanelDepartment(
                uuid=department.uuid,
                name=department.name,
                scores=tuple(
                    PanelScore(category.name, points, category.full, int(points * 100 / category.full))
                    for category, points in scores
                ),
                pending=sum((item.amount for item in waiting), ZERO) if sees_pending else None,
                pending_lines=sum(item.lines for item in waiting) if sees_pending else 0,
            )
        )
    return found
