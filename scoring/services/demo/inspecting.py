"""Entering a planned visit as an inspection with its marks."""

from __future__ import annotations

from scoring.enums import MarkResult
from scoring.services.demo.cast import Cast
from scoring.services.demo.visits import Visit
from scoring.services.inspections import InspectionDraft, MarkDraft, create_inspection

FEWEST, MOST = 5, 9  # rules marked in one visit
URGED = 0.15  # share of faultless rules with a warning
RESULTS = (MarkResult.NO_FAULT, MarkResult.NOT_EXAMINED, MarkResult.NOT_APPLICABLE)
WEIGHTS = (80, 13, 7)


def enter_visit(cast: Cast, visit: Visit) -> None:
    """Enter the visit with marks on some rules that are not charged in it."""
    actors = [cast.actors[name] for name in visit.assessors]
    draft = InspectionDraft(
        uuid=cast.uuid(),
        kind=visit.kind,
        department=visit.department,
        assessor_ids=frozenset(actor.user_id for actor in actors),
        started_at=visit.started_at,
        ended_at=visit.ended_at,
        note=visit.note,
        marks=_marks(cast, visit),
    )
    visit.inspection = create_inspection(draft, by=actors[0], at=visit.entered_at)


def _marks(cast: Cast, visit: Visit) -> dict[int, MarkDraft]:
    rng, block = cast.rng, visit.department.block_id
    rules = [rule for rule in cast.rules.values() if rule.block_id in (None, block) and rule not in visit.rules]
    chosen = rng.sample(rules, 2 if visit.ended_at is None else rng.randint(FEWEST, MOST))
    marks: dict[int, MarkDraft] = {}
    for rule in sorted(chosen, key=lambda rule: rule.order):
        result = rng.choices(RESULTS, WEIGHTS)[0]
        if result == MarkResult.NO_FAULT:
            urged = rng.random() < URGED
            note = rng.choice(cast.data["urgings"]["notes"]) if urged else ""
        else:
            urged, note = False, rng.choice(cast.data["urgings"][result.value])
        marks[rule.pk] = MarkDraft(result, urged, note)
    return marks
