"""Where the scoring side is heard by the campaign side; campaigns runs with all of these empty."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from campaigns.actors import Actor
from campaigns.facts import Column, SheetError, SheetRow, UnderstoodRow, Written
from campaigns.models import Attachment, Campaign, Department, ImportBatch

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Text = str | _StrPromise


def _copy_nothing(campaign: Campaign, copied: Campaign, on: date) -> None:
    pass


@dataclass(frozen=True)
class SeasonPart:
    """Something that is loaded with a season from its folder.

    ``sync`` brings the part in line with the season's data through the `Sync` given; ``is_in_use`` says whether records
    rest on the season, so that loading must only report; ``copy`` carries the part of one season, as it stands on a
    day, into another just made from it.
    """

    name: str
    sync: Callable[[Campaign, dict[str, Any], Any], None]
    is_in_use: Callable[[Campaign], bool]
    copy: Callable[[Campaign, Campaign, date], None] = _copy_nothing


@dataclass(frozen=True)
class Panel:
    """A piece of a page from another app: `data(campaign, actor, department, at)` or None when there is nothing."""

    template: str
    data: Callable[[Campaign, Actor, Department | None, datetime], dict[str, Any] | None]


MAXIMUM_ROWS = 3_000  # of a workbook: they are written in one transaction that every other writer waits for


def _bar_nothing(rows: Sequence[UnderstoodRow], by: Actor) -> list[SheetError]:
    return []


def _nobody(actor: Actor, record: Any, attachment: Attachment) -> bool:
    return False


def _everybody(actor: Actor, record: Any) -> bool:
    return True


def _standing(actor: Actor, records: Sequence[Any], files: Sequence[Attachment]) -> frozenset[int]:
    return frozenset(file.pk for file in files if file.removed_at is None)


def _take_any(attachment: Attachment) -> None:
    pass


def _no_examples(campaign: Campaign) -> dict[str, str]:
    return {}


@dataclass(frozen=True)
class ImportKindSpec:
    """How sheets of one kind are understood, written and taken back.

    ``understand`` reads rows without writing; ``bar`` says which of them the actor may not bring in, before anybody
    says what is there already; ``write`` writes them in the caller's transaction and says what is wrong with which row;
    ``withdraw`` takes a whole batch back or raises Refused. ``private``: only who brought a sheet in
    reads its rows and may apply it. ``shown`` are the headings of the rows as understood, ``examples`` what a campaign
    might write, by the key of the column.
    """

    kind: str
    columns: tuple[Column, ...]
    shown: tuple[str, ...]
    understand: Callable[[Campaign, Sequence[SheetRow]], tuple[list[UnderstoodRow], list[SheetError]]]
    write: Callable[[ImportBatch, Sequence[UnderstoodRow], Actor, datetime], Written]
    withdraw: Callable[[ImportBatch, Actor, datetime, str], None]
    private: bool = False
    maximum_rows: int = MAXIMUM_ROWS
    bar: Callable[[Sequence[UnderstoodRow], Actor], list[SheetError]] = _bar_nothing
    examples: Callable[[Campaign], dict[str, str]] = _no_examples

    def columns_of(self, campaign: Campaign) -> tuple[Column, ...]:
        """Return the columns with examples from the campaign."""
        found = self.examples(campaign)
        return tuple(replace(column, example=found.get(column.key, column.example)) for column in self.columns)


@dataclass(frozen=True)
class AttachmentOwner:
    """A kind of record that files are attached to.

    ``records`` are those whose files the actor may open (a queryset of rows with a uuid), ``may_change`` whether the
    actor may add, replace and remove there, ``department_id`` whose space they take and whose interest counts,
    ``url`` the record's page. ``slots`` are those that people fill by themselves, ``guarded`` who fills some of them
    instead; ``opens`` the ids of those files of records seen that the actor may open (else all that stand there);
    ``keep`` raises Refused, inside the transaction, where a file must not be removed because something rests on it.
    A file in one of ``private`` slots is opened on a logged click alone, and only by whom ``may_open_private`` lets;
    ``shows_names`` whether the actor reads who added it (else 考核小组).
    """

    kind: str
    label: Text
    records: Callable[[Actor], QuerySet[Any]]
    may_change: Callable[[Actor, Any], bool]
    department_id: Callable[[Any], int | None]
    url: Callable[[Campaign, Any], str]
    slots: frozenset[str] = frozenset({""})
    guarded: Mapping[str, Callable[[Actor, Any], bool]] = field(default_factory=dict)
    opens: Callable[[Actor, Sequence[Any], Sequence[Attachment]], frozenset[int]] = _standing
    keep: Callable[[Attachment], None] = _take_any
    private: frozenset[str] = frozenset()
    may_open_private: Callable[[Actor, Any, Attachment], bool] = _nobody
    shows_names: Callable[[Actor, Any], bool] = _everybody

    def may_fill(self, actor: Actor, record: Any, slot: str) -> bool:
        """Whether the actor may add, replace and remove files in that slot of the record."""
        return slot in self.slots and self.guarded.get(slot, self.may_change)(actor, record)


season_parts: list[SeasonPart] = []
attachment_owners: dict[str, AttachmentOwner] = {}
import_kinds: dict[str, ImportKindSpec] = {}
panels: dict[str, list[Panel]] = {"home": [], "department": [], "plan": []}
NavigationEntry = tuple[str, str] | tuple[str, str, str]  # label, url name or path, and maybe an outline heroicon
navigation: list[Callable[[Campaign, Actor], Sequence[NavigationEntry]]] = []
facts_changed: list[Callable[[int, frozenset[int] | None], None]] = []  # campaign, departments (None: all of them)
decision_url: list[Callable[[Campaign, UUID], str]] = []  # the page of a decision on the result
ObligationUrl = Callable[[Campaign, UUID, str], str]  # campaign, department, key → the page where it is met
obligation_urls: dict[str, ObligationUrl] = {}  # by kind, for what is met on the scoring side
inspection_url: list[Callable[[Campaign, Actor, UUID], str]] = []  # the page of a visit, '' for who does not see it


def tell_facts_changed(campaign_id: int, department_ids: frozenset[int] | None) -> None:
    """Tell, once the transaction is through, that records of these departments (None: of all) are others now.

    What fails then is written to the log: the act itself stands, and its answer must say so.
    """

    def tell() -> None:
        for hear in facts_changed:
            hear(campaign_id, department_ids)

    transaction.on_commit(tell, robust=True)
