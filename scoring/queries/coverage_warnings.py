"""What speaks against publishing yet: warnings with numbers about coverage and even-handedness."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.models import Campaign
from qualityseason.clock import day_of
from scoring.calculations.evenness import FACTOR, LEAST_LINES
from scoring.enums.outlook import Cover
from scoring.queries.coverage import CoverBlock, load_coverage
from scoring.queries.evenness import (
    AssessorShare,
    Conflict,
    InspectionShare,
    load_assessors,
    load_conflicts,
    load_inspections,
)

NAMES_SHOWN = 6  # departments a sentence names


@dataclass(frozen=True)
class CoverageWarning:
    """One warning; `anchor` is the section of the coverage page it is about. It names departments, never people."""

    code: str
    anchor: str
    sentence: str


@dataclass(frozen=True)
class CoveragePage:
    """All of the page."""

    blocks: tuple[CoverBlock, ...]
    assessors: tuple[AssessorShare, ...]
    inspections: tuple[InspectionShare, ...]
    conflicts: tuple[Conflict, ...]
    warnings: tuple[CoverageWarning, ...]


def load_coverage_page(campaign: Campaign, *, actor: Actor, on: date) -> CoveragePage:
    """Return what was looked at, who found what, and what it warns of. Sixteen queries at any size."""
    blocks = load_coverage(campaign, actor=actor, on=on)
    assessors, inspections = load_assessors(actor), load_inspections(actor)
    conflicts = load_conflicts(campaign, actor=actor)
    found = [
        *(warning for block in blocks for warning in _of_block(block)),
        *_of_visits(blocks),
        *_of_assessors(assessors),
        *_of_inspections(inspections),
        *_of_conflicts(conflicts),
    ]
    return CoveragePage(blocks, assessors, inspections, conflicts, tuple(found))


def warnings(campaign: Campaign, actor: Actor) -> tuple[CoverageWarning, ...]:
    """Return the warnings as far as the actor may know; a publication keeps them. Sixteen queries at any size."""
    return load_coverage_page(campaign, actor=actor, on=campaign.facts_until).warnings


def _of_block(block: CoverBlock) -> Iterator[CoverageWarning]:
    number = block.counts[Cover.NOT_EXAMINED]
    if not number:
        return
    worst = sorted((row for row in block.rows if row.not_examined), key=lambda row: -row.not_examined)
    sentence = _(
        "%(block)s: of %(pairs)d pairs of department and rule %(number)d were examined by nobody, "
        "most of them here: %(departments)s."
    )
    named = _listed([f"{row.department} {row.not_examined}" for row in worst])
    words = {"block": block.name, "pairs": block.pairs, "number": number, "departments": named}
    yield CoverageWarning("not_examined", "rules", sentence % words)


def _of_visits(blocks: Sequence[CoverBlock]) -> Iterator[CoverageWarning]:
    rows = [row for block in blocks for row in block.rows]
    never = [row.department for row in rows if not row.inspections]
    if never:
        sentence = _("Departments never inspected (%(number)d): %(departments)s.")
        yield CoverageWarning("never", "departments", sentence % {"number": len(never), "departments": _listed(never)})
    seldom = [f"{row.department} {row.inspections}" for row in rows if row.is_seldom and row.inspections]
    if seldom:
        sentence = _(
            "Departments (%(number)d) inspected less than half as often as the median department (%(median)s): "
            "%(departments)s."
        )
        words = {"number": len(seldom), "median": f"{blocks[0].median:g}", "departments": _listed(seldom)}
        yield CoverageWarning("seldom", "departments", sentence % words)


def _of_assessors(assessors: Sequence[AssessorShare]) -> Iterator[CoverageWarning]:
    for one in assessors:
        if one.stands_out and one.rest is not None:
            sentence = _(
                "One assessor took %(mean)s points per deduction in %(lines)d of them, all others %(rest)s: more than "
                "%(factor)d times as much or as little, from %(least)d deductions on."
            )
            words = {"mean": f"{one.mean:.2f}", "lines": one.lines, "rest": f"{one.rest:.2f}"}
            yield CoverageWarning("assessor", "assessors", sentence % (words | _limits()))


def _of_inspections(inspections: Sequence[InspectionShare]) -> Iterator[CoverageWarning]:
    for one in inspections:
        if one.stands_out and one.rest is not None:
            sentence = _(
                "The inspection of %(department)s on %(day)s led to %(lines)d deductions of %(points)s points, the "
                "others to %(rest)s on average: more than %(factor)d times as much, from %(least)d deductions on."
            )
            words = {
                "department": one.department,
                "day": day_of(one.started_at).isoformat(),
                "lines": one.lines,
                "points": one.points,
                "rest": f"{one.rest:.2f}",
            }
            yield CoverageWarning("inspection", "inspections", sentence % (words | _limits()))


def _of_conflicts(conflicts: Sequence[Conflict]) -> Iterator[CoverageWarning]:
    if conflicts:
        number = len({conflict.uuid for conflict in conflicts})
        sentence = _("Deductions recorded or confirmed by somebody with an interest in the department: %(number)d.")
        yield CoverageWarning("conflict", "conflicts", sentence % {"number": number})


def _limits() -> dict[str, int]:
    return {"factor": FACTOR, "least": LEAST_LINES}


def _listed(words: Sequence[str]) -> str:
    more = [_("and %(number)d more") % {"number": len(words) - NAMES_SHOWN}] if len(words) > NAMES_SHOWN else []
    return "、".join([*words[:NAMES_SHOWN], *more])
