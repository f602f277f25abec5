"""The assessment standard as a page: every clause word for word, its price, and what it cost so far."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from campaigns.actors import Actor
from campaigns.enums import StaffCategory
from campaigns.models import Block, Campaign
from qualityseason.text import squeeze
from scoring.calculations import ZERO
from scoring.enums import Attribution, Once, Sight, SubjectKind
from scoring.models import Category, Rulebook, RuleVersion
from scoring.queries.rule_amendments import Amendment, load_amendments
from scoring.queries.rulebook_sight import FindingCounts, RuleCounts, count_of_rules, seen_how

FIELDS = (
    "rule_id",
    "text",
    "label",
    "points",
    "rule__code",
    "rule__category_id",
    "rule__block_id",
    "rule__family",
    "rule__exclusive_group",
    "rule__unit",
    "rule__subject",
    "rule__once",
    "rule__maximum",
    "rule__attribution",
    "rule__excusable",
    "rule__asks",
    "rule__exempt",
    "rule__sight",
    "rule__detector",
)
FEW = 4  # rules a reading is about, up to which it stands at each of them; wider ones in their own section only


@dataclass(frozen=True)
class RuleEntry:
    """One priced line: what the scheme says, how it is charged, and what it cost of what the reader may see.

    ``twins`` are the codes of the same family in other blocks, ``tiers`` the others of its exclusive group; ``once``
    is '' where any number may be charged; ``exempt`` is who is never charged by it. Points are Decimal. ``sight`` names
    how it is seen, ``seen_how`` says it; ``findings`` are for overseers alone;
    ``amendment`` is what was said since.
    """

    code: str
    label: str
    text: str
    points: Decimal
    unit: str
    subject: str
    once: str
    maximum: int
    attribution: str
    is_excusable: bool
    asks: tuple[str, ...]
    exempt: tuple[str, ...]
    twins: tuple[str, ...]
    tiers: tuple[str, ...]
    flaws: tuple[str, ...]
    readings: tuple[str, ...]
    times: int
    amount: Decimal
    sight: str
    seen_how: str
    findings: FindingCounts
    amendment: Amendment


@dataclass(frozen=True)
class RuleSection:
    """The rules of one category for one block, or for all (block is '' then), and their remarks as printed."""

    anchor: str
    category: str
    full: Decimal
    block: str
    rules: tuple[RuleEntry, ...]
    remarks: tuple[str, ...]


@dataclass(frozen=True)
class Flaw:
    """What is wrong in the source and how it is read; ``code`` when it is about one rule."""

    where: str
    text: str
    code: str


@dataclass(frozen=True)
class Reading:
    """How the scheme is read, and the rules it is about."""

    rules: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class RulebookPage:
    """The whole standard in printed order."""

    title: str
    source: str
    basis: str
    contents: tuple[str, ...]
    methods: tuple[str, ...]
    appendix: tuple[str, ...]
    sections: tuple[RuleSection, ...]
    flaws: tuple[Flaw, ...]
    readings: tuple[Reading, ...]
    unpriced: tuple[str, ...]

    @property
    def rules(self) -> int:
        """How many priced lines are shown."""
        return sum(len(section.rules) for section in self.sections)


def load_rulebook(campaign: Campaign, *, actor: Actor, on: date) -> RulebookPage:
    """Return the standard in force on that day (before the season begins: on its first). Seven queries at any size.

    Overseers are also told what became of findings; one query more.
    """
    book = Rulebook.objects.get(campaign=campaign)
    categories = {category.pk: category for category in Category.objects.filter(campaign=campaign).order_by("order")}
    blocks = {block.pk: block for block in Block.objects.filter(campaign=campaign)}
    day = max(on, campaign.facts_from)
    versions = RuleVersion.objects.in_force(on=day).filter(rule__campaign=campaign).order_by("rule__order")
    rows = list(versions.values(*FIELDS))
    entries = _Entries(rows, book, count_of_rules(actor), load_amendments(campaign, on=day))
    return RulebookPage(
        title=book.title,
        source=book.source,
        basis=book.basis,
        contents=tuple(book.contents),
        methods=tuple(book.methods),
        appendix=tuple(book.appendix),
        sections=tuple(_sections(rows, categories, blocks, book.remarks, entries)),
        flaws=tuple(
            Flaw(flaw["where"], flaw["text"], flaw["where"] if flaw["where"] in entries.codes else "")
            for flaw in book.flaws
        ),
        readings=tuple(Reading(tuple(reading["rules"]), reading["text"]) for reading in book.readings),
        unpriced=tuple(item["text"] for item in book.unpriced),
    )


def find_rules(page: RulebookPage, words: str) -> RulebookPage:
    """Return the page with only the rules that hold every one of these words in code, label or text."""
    wanted = [squeeze(word) for word in words.split()]
    sections = (
        replace(section, rules=tuple(rule for rule in section.rules if _holds(rule, wanted)))
        for section in page.sections
    )
    return replace(page, sections=tuple(section for section in sections if section.rules))


def _holds(rule: RuleEntry, wanted: Iterable[str]) -> bool:
    written = squeeze(f"{rule.code}|{rule.label}|{rule.text}|{rule.unit}")
    return all(word in written for word in wanted)


def _sections(
    rows: list[dict[str, Any]],
    categories: dict[int, Category],
    blocks: dict[int, Block],
    remarks: list[dict[str, Any]],
    entries: _Entries,
) -> Iterable[RuleSection]:
    for (category_id, block_id), group in groupby(
        rows, key=lambda row: (row["rule__category_id"], row["rule__block_id"])
    ):
        category, block = categories[category_id], blocks.get(block_id)
        place = (category.code, block.code if block else "")
        yield RuleSection(
            anchor="-".join(filter(None, place)),
            category=category.name,
            full=category.full,
            block=block.name if block else "",
            rules=tuple(entries.make(row) for row in group),
            remarks=tuple(item["text"] for item in remarks if (item["category"], item["block"]) == place),
        )


class _Entries:
    """Makes entries: who is whose twin, and what flaws and readings belong to each."""

    def __init__(self, rows: list[dict[str, Any]], book: Rulebook, counts: RuleCounts, said: dict[int, Amendment]):
        self._amendments = said
        self.codes = {row["rule__code"] for row in rows}
        self._counts = counts
        self._families: dict[str, list[tuple[int | None, str]]] = defaultdict(list)
        self._groups: dict[str, list[str]] = defaultdict(list)
        for row in rows:
            self._families[row["rule__family"]].append((row["rule__block_id"], row["rule__code"]))
            if row["rule__exclusive_group"]:
                self._groups[row["rule__exclusive_group"]].append(row["rule__code"])
        self._flaws: dict[str, list[str]] = defaultdict(list)
        for flaw in book.flaws:
            self._flaws[flaw["where"]].append(flaw["text"])
        self._readings: dict[str, list[str]] = defaultdict(list)
        for reading in book.readings:
            for code in reading["rules"] if len(reading["rules"]) <= FEW else ():
                self._readings[code].append(reading["text"])

    def make(self, row: dict[str, Any]) -> RuleEntry:
        code, block = row["rule__code"], row["rule__block_id"]
        once, subject = row["rule__once"], row["rule__subject"]
        times, amount = self._counts.costs.get(row["rule_id"], (0, ZERO))
        return RuleEntry(
            code=code,
            label=row["label"],
            text=row["text"],
            points=row["points"],
            unit=row["rule__unit"],
            subject="" if subject == SubjectKind.NONE else str(SubjectKind(subject).label),
            once=str(Once(once).label) if once else "",
            maximum=row["rule__maximum"],
            attribution=str(Attribution(row["rule__attribution"]).label),
            is_excusable=row["rule__excusable"],
            asks=tuple(question["label"] for question in row["rule__asks"]),
            exempt=tuple(str(StaffCategory(category).label) for category in row["rule__exempt"]),
            twins=tuple(
                other
                for theirs, other in self._families[row["rule__family"]]
                if None not in (theirs, block) and theirs != block
            ),
            tiers=tuple(other for other in self._groups[row["rule__exclusive_group"]] if other != code),
            flaws=tuple(self._flaws[code]),
            readings=tuple(self._readings[code]),
            times=times,
            amount=amount,
            sight=str(Sight(row["rule__sight"]).label),
            seen_how=seen_how(row["rule__sight"], row["rule__detector"]),
            findings=self._counts.findings.get(row["rule_id"], FindingCounts()),
            amendment=self._amendments.get(row["rule_id"], Amendment()),
        )
