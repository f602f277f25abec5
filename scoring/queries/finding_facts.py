"""Frozen facts as a reader sees them: their labels, values and files, and what changed between two looks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.models import Campaign
from scoring.detectors import DETECTORS
from scoring.facts import Fact
from scoring.facts.detection import labels_of
from scoring.queries.record_pages import open_rows, page_of

if TYPE_CHECKING:
    from scoring.facts.detection import Text


FILE_KEY = 12  # characters of a file's sha256 that are shown


@dataclass(frozen=True)
class FrozenFile:
    """A file as it was: its name and the key of that very content, whole and as far as it is shown."""

    name: str
    sha256: str

    @property
    def short(self) -> str:
        """The beginning of the key, enough to tell two contents apart."""
        return self.sha256[:FILE_KEY]


@dataclass(frozen=True)
class Record:
    """One record as it was; ``values`` go with the labels of its table, ``url`` is '' where it has no page."""

    values: tuple[str, ...]
    files: tuple[FrozenFile, ...]
    url: str


@dataclass(frozen=True)
class FactTable:
    """The records of one kind a finding rests on."""

    labels: tuple[str, ...]
    records: tuple[Record, ...]

    @property
    def has_files(self) -> bool:
        """Whether one of the records has a file."""
        return any(record.files for record in self.records)

    @property
    def has_links(self) -> bool:
        """Whether one of the records has a page the reader may open."""
        return any(record.url for record in self.records)

    @property
    def rows(self) -> Iterator[tuple[Record, list[tuple[str, str]]]]:
        """Each record with its values by their labels."""
        return ((record, list(zip(self.labels, record.values, strict=True))) for record in self.records)


@dataclass(frozen=True)
class Change:
    """What was so when it was decided and what is so now, of one field of one record."""

    record: str
    label: str
    before: str
    now: str


def fact_tables(
    rows: Iterable[Mapping[str, Any]], *, detector: str, campaign: Campaign, actor: Actor
) -> tuple[FactTable, ...]:
    """Return frozen facts as tables, one for each kind of record, with links for who may open the pages.

    No query, and one for each register the records stand in.
    """
    kinds: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    urls: dict[str, str] = {}
    rows = list(rows)
    opened = open_rows(actor, rows)
    for row in rows:
        kinds[row["kind"]].append(row)
        urls[_key(row)] = page_of(actor, campaign.slug, row, rows=opened)
    return tuple(_table(kind, found, detector, urls) for kind, found in kinds.items())


def changes_between(
    before: Iterable[Mapping[str, Any]], now: Iterable[Mapping[str, Any]], *, detector: str
) -> tuple[Change, ...]:
    """Return what differs between two looks at the same fact, record by record and field by field."""
    old, new = _by_key(before), _by_key(now)
    changes: list[Change] = []
    for key in dict.fromkeys([*old, *new]):
        first, second = old.get(key), new.get(key)
        if first is None or second is None:
            is_new = first is None
            there = second if first is None else first
            words = (_("not there"), _("there")) if is_new else (_("there"), _("not there"))
            changes.append(Change(_name_of(there or {}, detector), _("Record"), *words))
        else:
            changes += _changed_fields(first, second, detector)
    return tuple(changes)


def labels_by_kind() -> dict[str, dict[str, Text]]:
    """Return the labels of all fields that are kept, by the kind of fact; the sources have imported every kind."""
    return {one.kind: labels_of(one) for one in _subclasses(Fact) if one.kind}


def shown(value: Any, *, detector: str = "") -> str:
    """Return a frozen value as a person reads it: codes as the detector calls them, lists joined, moments local."""
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return _(", ").join(shown(one, detector=detector) for one in value) or "—"
    known = DETECTORS.get(detector)
    if known is not None and isinstance(value, str) and value in known.words:
        return str(known.words[value])
    return _moment(value) if isinstance(value, str) and "T" in value else str(value)


def _table(kind: str, rows: list[Mapping[str, Any]], detector: str, urls: Mapping[str, str]) -> FactTable:
    labels = labels_by_kind().get(kind, {})
    names = list(labels) or list(rows[0]["values"])
    return FactTable(
        labels=tuple(str(labels.get(name, name)) for name in names),
        records=tuple(
            Record(
                values=tuple(shown(row["values"].get(name), detector=detector) for name in names),
                files=tuple(FrozenFile(*file) for file in row["files"]),
                url=urls[_key(row)],
            )
            for row in rows
        ),
    )


def _key(row: Mapping[str, Any]) -> str:
    return f"{row['kind']}:{row['uuid']}"


def _by_key(rows: Iterable[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    return {_key(row): row for row in rows}


def _changed_fields(first: Mapping[str, Any], second: Mapping[str, Any], detector: str) -> Iterator[Change]:
    labels = labels_by_kind().get(second["kind"], {})
    name = _name_of(second, detector)
    for field in dict.fromkeys([*first["values"], *second["values"]]):
        before, now = first["values"].get(field), second["values"].get(field)
        if before != now:
            label = str(labels.get(field, field))
            yield Change(name, label, shown(before, detector=detector), shown(now, detector=detector))
    if first["files"] != second["files"]:
        yield Change(name, _("Files"), _files(first), _files(second))


def _files(row: Mapping[str, Any]) -> str:
    return shown([f"{name} {sha256[:FILE_KEY]}" for name, sha256 in row["files"]])


def _name_of(row: Mapping[str, Any], detector: str) -> str:
    """Return what a record is called: the first of its values."""
    return next((shown(value, detector=detector) for value in row["values"].values()), "")


def _moment(text: str) -> str:
    try:
        return f"{localtime(datetime.fromisoformat(text)):%Y-%m-%d %H:%M}"
    except ValueError:
        return text


def _subclasses(fact: type[Fact]) -> Iterator[type[Fact]]:
    for one in fact.__subclasses__():
        yield one
        yield from _subclasses(one)
