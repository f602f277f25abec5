"""Reads of how columns of sheets were matched, and of the headings of a sheet that waits for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from campaigns.calculations.headings import fingerprint_of, name_of, propose
from campaigns.facts import Column, SheetHeading, SheetHeadings
from campaigns.models import Campaign, ColumnLayout, ImportBatch

KNOWN = 200  # layouts looked through for headings met before, latest first


@dataclass(frozen=True)
class Matched:
    """A column of somebody's sheet and ours it was taken for."""

    label: str
    heading: str


def layouts_of(campaign: Campaign, kind: str) -> dict[str, dict[str, str]]:
    """Return what was matched: fingerprint of headings → name of a heading → key of our column. One query."""
    rows = ColumnLayout.objects.filter(campaign=campaign, kind=kind)
    return dict(rows.values_list("fingerprint", "mapping"))


def headings_of(batch: ImportBatch) -> tuple[SheetHeadings, ...]:
    """Return the headings found when the sheet was checked. No query."""
    return tuple(_headings(kept) for kept in batch.report.get("headings", ()))


def matched_columns(batch: ImportBatch) -> tuple[Matched, ...]:
    """Return the columns taken as somebody had matched them before. No query."""
    found: dict[Matched, None] = {}
    for headings in headings_of(batch):
        if headings.is_matched:
            for heading in headings.taken:
                found[Matched(headings.label_of(heading), heading)] = None
    return tuple(found)


def errors_as_named(batch: ImportBatch) -> list[dict[str, Any]]:
    """Return the errors kept with the batch, their columns called as the sheet calls them. No query."""
    matched = {headings.sheet: headings for headings in headings_of(batch) if headings.is_matched}
    return [
        error | {"column": matched[error["sheet"]].label_of(error["column"])} if error["sheet"] in matched else error
        for error in batch.report.get("errors", ())
    ]


def needs_matching(batch: ImportBatch) -> bool:
    """Whether no sheet had the columns needed under headings we know. No query."""
    found = headings_of(batch)
    return bool(found) and not any(headings.is_complete for headings in found)


def proposal_for(batch: ImportBatch, headings: SheetHeadings, columns: tuple[Column, ...]) -> dict[str, str]:
    """Return for each column, by key, the heading it was matched to, or the likeliest one ('' left out). One query."""
    rows = ColumnLayout.objects.filter(campaign_id=batch.campaign_id, kind=batch.kind).order_by("-matched_at")[:KNOWN]
    layouts = list(rows)
    wanted = fingerprint_of(headings.labels)
    same = next((layout for layout in layouts if layout.fingerprint == wanted), None)
    if same is not None:
        labels = {name_of(label): label for label in headings.labels}
        return {key: labels[name] for name, key in same.mapping.items() if name in labels}
    if headings.is_complete:
        by_heading = {column.heading: column.key for column in columns}
        return {by_heading[heading]: headings.label_of(heading) for heading in headings.taken if heading in by_heading}
    known: dict[str, str] = {}
    for layout in layouts:
        for name, key in layout.mapping.items():
            known.setdefault(name, key)
    return propose(headings.labels, columns, known=known)


def _headings(kept: Mapping[str, Any]) -> SheetHeadings:
    headings = tuple(SheetHeading(one["label"], one["place"], tuple(one["samples"])) for one in kept["headings"])
    return SheetHeadings(kept["sheet"], kept["row"], headings, kept["taken"], kept["is_complete"], kept["is_matched"])
