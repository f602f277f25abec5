"""What detectors know of the papers of a department: its plan, its duties, its own policies, its closing summary."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar, TypeVar
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from campaigns.facts import ItemContent, PartContent
from qualityseason.text import squeeze
from scoring.facts.detection import Fact, FileFact, named

T = TypeVar("T")
LONGEST_LABEL = 200  # characters of a subject as it is printed
LONGEST_NUMBER = 8  # words a duty's number of sixteen characters may have


def label_of(*words: str) -> str:
    """Return words as one label, cut where it would be too long to be printed."""
    label = " ".join(word for word in words if word)
    return label if len(label) <= LONGEST_LABEL else label[: LONGEST_LABEL - 1] + "…"


@dataclass(frozen=True)
class Owed(Fact):
    """A paper that is owed and was not handed in; ``deadline`` is the last day that was not late."""

    kind: ClassVar[str] = "owed"
    name: str = named(_("Owed"))
    deadline: date = named(_("Last day in time"))


@dataclass(frozen=True)
class Duty(Fact):
    """A standing duty of the department; ``is_recorded``: evidence stands for it, or for an item that serves it."""

    kind: ClassVar[str] = "duty"
    number: str = named(_("Number"))
    text: str = named(_("Duty"))
    source: str = named(_("Document"), default="")
    is_recorded: bool = False

    @property
    def label(self) -> str:
        """The duty as it is printed."""
        return label_of(self.number, self.text)


@dataclass(frozen=True)
class ItemFact(Fact):
    """An item of the plan, as the version submitted last says it."""

    kind: ClassVar[str] = "plan-item"
    title: str = named(_("Item of the plan"))
    measure: str = named(_("Measure"), default="")
    standard: str = named(_("Standard"), default="")
    outcome: str = named(_("Outcome"), default="")
    incentive: str = named(_("Incentive"), default="")
    service: str = named(_("Service and cooperation"), default="")
    cooperating: tuple[str, ...] = named(_("Cooperating departments"), default=())


@dataclass(frozen=True)
class VersionFact(Fact):
    """A plan as it was submitted on a day."""

    kind: ClassVar[str] = "plan"
    title: str = named(_("Plan"))
    version: int = named(_("Version"))
    submitted_on: date = named(_("Submitted on"))


@dataclass(frozen=True)
class MarkFact(Fact):
    """A standing note of an assessor on an item; ``item`` is the item as it was read then, in version ``version``.

    ``submitted_on`` is the day of that version, ``reviewed_on`` that of the management review that was found.
    """

    kind: ClassVar[str] = "plan-mark"
    reason: str
    noted_on: date = named(_("Noted on"))
    version: int = named(_("Version"))
    note: str = named(_("Note"), default="")
    reviewed_on: date | None = None
    submitted_on: date = date.min
    item: ItemContent | None = None


@dataclass(frozen=True)
class PlanText:
    """One submitted version of a plan; ``word`` is the Word file that is its official text."""

    number: int
    submitted_on: date
    title: str = ""
    items: tuple[ItemContent, ...] = ()
    word: FileFact | None = None

    def item(self, uuid: str) -> ItemContent | None:
        """Return an item by its uuid, None where the version has it no more."""
        return next((item for item in self.items if item.uuid == uuid), None)

    def serves(self, duty: Duty) -> bool:
        """Whether an item names the duty."""
        return is_named(duty, (label for item in self.items for label in item.duties))


@dataclass(frozen=True)
class PlanFacts:
    """All about a department's plan: its versions, oldest first (none: no plan), the marks, the duties.

    ``elsewhere`` says of each duty that came over from a predecessor which duties, as printed, the plan it stood in
    serves. ``owed`` is the plan still owed.
    """

    uuid: UUID | None = None
    texts: tuple[PlanText, ...] = ()
    marks: tuple[MarkFact, ...] = ()
    duties: tuple[Duty, ...] = ()
    elsewhere: Mapping[UUID, tuple[str, ...]] = field(default_factory=dict)
    owed: Owed | None = None

    @property
    def latest(self) -> PlanText | None:
        """The version submitted last."""
        return self.texts[-1] if self.texts else None

    def since(self, holds: Callable[[PlanText], bool]) -> PlanText:
        """Return the version from which on, without a break, it holds; the latest, of which it holds, at least."""
        return _since(self.texts, holds)

    def item_since(self, item: ItemContent) -> date:
        """Return the day from which on the plan has said of this item just what it says now."""
        said = texts_of(item)
        return self.since(lambda text: (old := text.item(item.uuid)) is not None and texts_of(old) == said).submitted_on

    def item_fact(self, item: ItemContent, text: PlanText) -> ItemFact:
        """Return an item of a version as a finding keeps it."""
        return ItemFact(
            UUID(item.uuid),
            item.title,
            item.measure,
            item.standard,
            item.outcome,
            item.incentive,
            item.service,
            item.cooperating,
            page=self.uuid,
            files=(text.word,) if text.word else (),
        )

    def version_fact(self, text: PlanText) -> VersionFact:
        """Return a version as a finding keeps it."""
        assert self.uuid is not None  # noqa: S101  # there is no version without a plan
        files = (text.word,) if text.word else ()
        return VersionFact(self.uuid, text.title, text.number, text.submitted_on, files=files)


@dataclass(frozen=True)
class PolicyItemFact(Fact):
    """One content of an own policy in force, and how many measures and pieces of evidence carry it out."""

    kind: ClassVar[str] = "policy-item"
    title: str = named(_("Policy"))
    number: str = named(_("Number"))
    issued_on: date = named(_("Issued on"))
    text: str = named(_("Content"))
    measures: int = 0
    evidence: int = 0


@dataclass(frozen=True)
class SummaryFact(Fact):
    """A closing summary as it was submitted on a day; ``written`` are the parts that say something."""

    kind: ClassVar[str] = "summary"
    title: str = named(_("Summary"))
    submitted_on: date = named(_("Submitted on"))
    written: tuple[str, ...] = named(_("Parts that say something"), default=())


@dataclass(frozen=True)
class SummaryText:
    """One submitted version of a closing summary."""

    submitted_on: date
    title: str = ""
    parts: tuple[PartContent, ...] = ()
    word: FileFact | None = None


@dataclass(frozen=True)
class SummaryFacts:
    """A department's closing summary: its versions, oldest first (none: no summary), or that it is owed."""

    uuid: UUID | None = None
    texts: tuple[SummaryText, ...] = ()
    owed: Owed | None = None

    def since(self, holds: Callable[[SummaryText], bool]) -> SummaryText:
        """Return the version from which on, without a break, it holds; the latest, of which it holds, at least."""
        return _since(self.texts, holds)


def texts_of(item: ItemContent) -> tuple[str, ...]:
    """Return what a finding keeps of an item."""
    texts = (item.title, item.measure, item.standard, item.outcome, item.incentive, item.service)
    return (*texts, *item.cooperating)


def is_named(duty: Duty, labels: Iterable[str]) -> bool:
    """Whether one of the labels, printed as number and text, means this duty: its number or its text agrees.

    So a duty that was reworded or numbered anew since the plan was submitted is still served.
    """
    text = squeeze(duty.text)
    for label in labels:
        words = label.split()
        for place in range(min(len(words), LONGEST_NUMBER) + 1):
            if " ".join(words[:place]) == duty.number or "" != text == squeeze("".join(words[place:])):
                return True
    return False


def _since(texts: tuple[T, ...], holds: Callable[[T], bool]) -> T:
    found = texts[-1]
    for text in reversed(texts):
        if not holds(text):
            break
        found = text
    return found
