"""What detectors take and give: facts about one department on one day, the terms of a rule, suspicions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from scoring.enums import RecordKind
from scoring.facts.ledger import Subject

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Text = str | _StrPromise

LABEL = "label"


def named(label: Text, **values: Any) -> Any:
    """Return a field of a fact that is kept with a finding and shown under this label; others are not kept."""
    return field(metadata={LABEL: label}, **values)


@dataclass(frozen=True)
class FileFact:
    """A file as it was: its name and the key (sha256) of that very content."""

    name: str
    sha256: str


@dataclass(frozen=True)
class Fact:
    """A record as a detector sees it.

    ``kind`` names the sort of record, ``uuid`` the record, ``page`` the record whose page shows it (itself by default).
    Fields made by `named` are frozen with a finding.
    """

    kind: ClassVar[str] = ""
    uuid: UUID
    page: UUID | None = field(default=None, kw_only=True)
    files: tuple[FileFact, ...] = field(default=(), kw_only=True)

    @property
    def key(self) -> str:
        """How the record is named in a charge key."""
        return f"{self.kind}:{self.uuid}"

    def frozen(self) -> dict[str, Any]:
        """Return the record as JSON can keep it."""
        values = {one.name: _plain(getattr(self, one.name)) for one in fields(self) if LABEL in one.metadata}
        return {
            "kind": self.kind,
            "uuid": str(self.uuid),
            "page": str(self.page or self.uuid),
            "values": values,
            "files": [[one.name, one.sha256] for one in self.files],
        }


def labels_of(fact: type[Fact]) -> dict[str, Text]:
    """Return the labels of the fields a fact keeps, by name and in order."""
    return {one.name: one.metadata[LABEL] for one in fields(fact) if LABEL in one.metadata}


@dataclass(frozen=True)
class Person:
    """Somebody of the staff list; ``id`` is the database id."""

    id: int
    uuid: UUID
    name: str
    number: str
    category: str

    def __str__(self) -> str:
        return f"{self.name}({self.number})"

    @property
    def subject(self) -> Subject:
        """The person as the subject of a line."""
        return Subject(label=str(self), person_id=self.id, key=f"person:{self.uuid}")


@dataclass(frozen=True)
class Department:
    """The department that would be charged; ``id`` is the database id, ``block`` a code."""

    id: int
    uuid: UUID
    name: str
    kind: str
    block: str
    closed_on: date | None = None


@dataclass(frozen=True)
class Season:
    """What is the same for all departments on the day ``on`` of detection.

    ``phase_ends`` gives the last day of a phase by its number, ``terms`` are (code, first day, last day).
    """

    on: date
    facts_from: date
    facts_until: date
    assignment_days: int = 0
    phase_ends: Mapping[int, date] = field(default_factory=dict)
    terms: tuple[tuple[str, date, date], ...] = ()
    summary_parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class RuleTerms:
    """What a rule says to its detector; nothing is looked up by ``code``."""

    code: str
    attribution: str
    maximum: int = 99
    excusable: bool = False
    exempt: frozenset[str] = frozenset()
    thresholds: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Terms:
    """All a detector is told besides facts."""

    rule: RuleTerms
    season: Season
    department: Department

    @property
    def on(self) -> date:
        """The day of detection."""
        return self.season.on

    @property
    def phase_end(self) -> date | None:
        """The last day of the phase the rule's threshold `phase` names."""
        return self.season.phase_ends.get(int(self.rule.thresholds["phase"]))


@dataclass(frozen=True)
class Suspicion:
    """One fact by which a rule would charge the department.

    ``reason`` and ``parameters`` (JSON values; a list is shown joined) make the sentence that says why. ``record``
    names the fact where the rule has no once-rule or an assignment for subject: "duty:<uuid>". ``period`` is the code
    of a term or a month (2009-11) for rules charged per term or month. ``silence`` is the kind of records whose absence
    it is concluded from (None: a record proves it); ``happened_on`` then is the day by which they had to be there.
    """

    reason: str
    parameters: Mapping[str, Any]
    happened_on: date
    rests_on: tuple[Fact, ...] = ()
    subject: Subject = field(default_factory=Subject)
    record: str = ""
    period: str = ""
    quantity: int = 1
    silence: RecordKind | None = None
    is_contradicted: bool = False


@dataclass(frozen=True)
class Detector:
    """How one family of rules is seen in the records.

    ``source`` names the facts it takes, ``thresholds`` the names the rule's version must carry, ``reasons`` the
    sentences by code, ``words`` what codes within parameters are called on screen.
    """

    name: str
    source: str
    detect: Callable[[Any, Terms], Iterator[Suspicion]]
    reasons: Mapping[str, Text]
    thresholds: tuple[str, ...] = ()
    words: Mapping[str, Text] = field(default_factory=dict)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal | UUID | Person):
        return str(value)
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    return value
