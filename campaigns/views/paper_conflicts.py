"""A stale save of a part or item: both texts side by side, and a form in which they come together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

from campaigns.calculations.plans import Side, differences, merged
from campaigns.models import PlanItem
from campaigns.models.any_paper import AnyPart


@dataclass(frozen=True)
class ConflictRow:
    """A field that differs, both ways as printed."""

    label: str
    theirs: str
    mine: str
    side: Side


@dataclass(frozen=True)
class Conflict:
    """What stands now and what was sent. ``proposal`` brings both together, ``kept`` is what was sent."""

    rows: tuple[ConflictRow, ...]
    by: str
    proposal: dict[str, Any]
    kept: tuple[tuple[str, str], ...]


def conflict_of(
    row: PlanItem | AnyPart,
    form: forms.Form,
    *,
    theirs: Mapping[str, Any],
    mine: Mapping[str, Any],
    base: Mapping[str, Any] | None,
) -> Conflict:
    """Return how what stands differs from what was sent; `form` gives the labels of fields and choices."""
    found = differences(base, theirs, mine)
    author = row.changed_by
    return Conflict(
        rows=tuple(
            ConflictRow(
                label=str(form.fields[difference.field].label),
                theirs=_printed(form, difference.field, difference.theirs),
                mine=_printed(form, difference.field, difference.mine),
                side=difference.side,
            )
            for difference in found
        ),
        by=(author.display_name or author.username) if author else "",
        proposal=merged(mine, found) | {"version": row.version},
        kept=(("version", str(row.version)), *_pairs(mine)),
    )


def _printed(form: forms.Form, name: str, value: Any) -> str:
    if isinstance(value, str):
        return value
    labels = {str(key): str(label) for key, label in form.fields[name].choices}  # type: ignore[attr-defined]  # a choice field
    return "\n".join(labels.get(one, one) for one in value)


def _pairs(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [
        (name, one) for name, value in values.items() for one in ([value] if isinstance(value, str) else list(value))
    ]
