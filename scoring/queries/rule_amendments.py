"""What has been said about each rule since the assessment standard was printed: supplements and interpretations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from campaigns.models import Campaign
from scoring.models import RuleVersion
from scoring.queries.interpretations import StandingInterpretation, interpretations_of


@dataclass(frozen=True)
class VersionNote:
    """A text and price of a rule from a day on; `supplement` is the number of what made it, None as printed."""

    points: Decimal
    text: str
    valid_from: date
    supplement: int | None
    supplement_uuid: UUID | None
    is_in_force: bool


@dataclass(frozen=True)
class Amendment:
    """The versions of a rule, where there is more than one, and the interpretations that stand on it."""

    versions: tuple[VersionNote, ...] = ()
    interpretations: tuple[StandingInterpretation, ...] = ()


def load_amendments(campaign: Campaign, *, on: date) -> dict[int, Amendment]:
    """Return what was added to each rule, by its id. Two queries."""
    versions: dict[int, list[RuleVersion]] = {}
    rows = RuleVersion.objects.filter(rule__campaign=campaign).select_related("supplement")
    for version in rows.order_by("rule_id", "valid_from", "number"):
        versions.setdefault(version.rule_id, []).append(version)
    interpretations = interpretations_of(campaign)
    return {
        rule: Amendment(_notes(of_rule, on=on), interpretations.get(rule, ())) for rule, of_rule in versions.items()
    }


def _notes(versions: Sequence[RuleVersion], *, on: date) -> tuple[VersionNote, ...]:
    """Return what a reader tells apart: versions of other texts or prices, the last of each day."""
    if not any(version.supplement_id for version in versions):
        return ()
    of_days = {version.valid_from: version for version in versions}.values()
    told: list[RuleVersion] = []
    for version in of_days:
        if not told or (told[-1].text, told[-1].points) != (version.text, version.points):
            told.append(version)
    current = max((version.valid_from for version in told if version.valid_from <= on), default=None)
    return tuple(
        VersionNote(
            points=version.points,
            text=version.text,
            valid_from=version.valid_from,
            supplement=version.supplement.number if version.supplement is not None else None,
            supplement_uuid=version.supplement.uuid if version.supplement is not None else None,
            is_in_force=version.valid_from == current,
        )
        for version in told
    )
