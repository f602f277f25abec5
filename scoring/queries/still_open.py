"""What is still open when a result is proposed for publication."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from campaigns.actors import Actor
from campaigns.models import Block, Campaign
from scoring.enums import Basis
from scoring.enums.appraisals import Appraisal
from scoring.enums.open_matters import OpenKind
from scoring.facts.results import BlockRanking, Ranking
from scoring.models import Appeal, Deduction, Display, Finding, Objection
from scoring.queries.coverage_warnings import warnings
from scoring.queries.ranking import load_ranking
from scoring.queries.reading import load_reading
from scoring.queries.results import load_commended_numbers, load_percentages

HIDDEN = frozenset({OpenKind.LINES, OpenKind.FINDINGS, OpenKind.COVERAGE})  # from who has an interest there


@dataclass(frozen=True)
class OpenMatter:
    """One sort of matter that is open: how many, and where.

    `where` says it in words: names of departments with their numbers, which `departments` holds by id, or sentences.
    """

    kind: OpenKind
    count: int
    where: tuple[str, ...] = ()
    departments: tuple[tuple[int, int], ...] = ()

    @property
    def key(self) -> str:
        """What is ticked for it; another number is another key, so that what came in between is seen."""
        return f"{self.kind.value}:{self.count}"

    @property
    def sentences(self) -> tuple[str, ...]:
        """The warnings, of other sorts none."""
        return self.where if self.kind == OpenKind.COVERAGE else ()

    @property
    def detail(self) -> str:
        """Where it is open, in one line."""
        return "" if self.sentences else "、".join(self.where)

    @property
    def words(self) -> str:
        """What the form says of it."""
        return f"{self.kind.label}: {self.count}" + (f" ({self.detail})" if self.detail else "")

    def as_json(self) -> dict[str, Any]:
        """Return it as a publication keeps it."""
        departments = [list(pair) for pair in self.departments]
        return {"kind": self.kind.value, "count": self.count, "where": list(self.where), "departments": departments}

    def known_to(self, actor: Actor) -> OpenMatter:
        """Return what of it the actor may know: of departments of own interest nothing that waits, and no warnings."""
        if not actor.interests or self.kind not in HIDDEN:
            return self
        if self.kind == OpenKind.COVERAGE:
            return replace(self, where=())
        known = [
            (words, pair)
            for words, pair in zip(self.where, self.departments, strict=True)
            if not actor.is_interested_in(pair[0])
        ]
        pairs = tuple(pair for _words, pair in known)
        return OpenMatter(
            self.kind, sum(number for _pk, number in pairs), tuple(words for words, _pair in known), pairs
        )


def matters_of(entries: Sequence[Mapping[str, Any]], actor: Actor) -> tuple[OpenMatter, ...]:
    """Return of the matters a publication keeps what the actor may know."""
    found = (
        OpenMatter(
            OpenKind(entry["kind"]),
            entry["count"],
            tuple(entry["where"]),
            tuple((pk, number) for pk, number in entry["departments"]),
        ).known_to(actor)
        for entry in entries
    )
    return tuple(matter for matter in found if matter.count)


def load_still_open(campaign: Campaign, actor: Actor, *, display: Display | None) -> tuple[OpenMatter, ...]:
    """Return what is open, sorts without any left out. A fixed number of queries.

    Of departments the actor has an interest in only what their staff know of is counted.
    """
    lines = Deduction.objects.visible_to(actor)
    objections = Objection.objects.visible_to(actor).unanswered().filter(display=display)
    ranking = load_ranking(campaign, actor=actor)
    found = (
        _by_department(
            OpenKind.APPEALS,
            Appeal.objects.visible_to(actor).pending().values_list("department_id", "department__name"),
        ),
        _by_department(OpenKind.LINES, lines.recorded().values_list("charged_id", "charged__name")),
        _by_department(
            OpenKind.FINDINGS, Finding.objects.visible_to(actor).proposed().values_list("charged_id", "charged__name")
        ),
        _by_department(OpenKind.OBJECTIONS, objections.values_list("department_id", "department__name")),
        _by_department(
            OpenKind.NOTICES, lines.confirmed().filter(told_at__isnull=True).values_list("charged_id", "charged__name")
        ),
        _benchmarks(campaign, ranking),
        _ties(ranking, load_commended_numbers(campaign)),
        _percentages(campaign),
        _coverage(campaign, actor),
    )
    return tuple(matter for matter in found if matter.count)


def appeals_since(campaign: Campaign, entries: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """Return the departments with more pending appeals than the matters of a publication say. One query."""
    said = {pk: number for entry in entries if entry["kind"] == OpenKind.APPEALS for pk, number in entry["departments"]}
    rows = Appeal.objects.filter(campaign=campaign).pending().order_by("department__order")
    now = Counter(rows.values_list("department_id", "department__name"))
    return tuple(name for (pk, name), number in now.items() if number > said.get(pk, 0))


def undecided_tie(block: BlockRanking, number: int) -> tuple[str, ...]:
    """Return who shares the last commended place with the first that is not, () where the line is clear."""
    if not 0 < number < len(block.rows) or block.rows[number - 1].rank != block.rows[number].rank:
        return ()
    rank = block.rows[number].rank
    return tuple(row.department for row in block.rows if row.rank == rank)


def _by_department(kind: OpenKind, rows: Iterable[tuple[int | None, str | None]]) -> OpenMatter:
    counts = Counter(rows)
    named = [(pk, name, number) for (pk, name), number in counts.most_common() if pk is not None]
    return OpenMatter(
        kind,
        counts.total(),
        tuple(f"{name} {number}" for _pk, name, number in named),
        tuple((pk, number) for pk, _name, number in named),
    )


def _benchmarks(campaign: Campaign, ranking: Ranking) -> OpenMatter:
    if ranking.basis != Basis.BEST_IS_FULL:
        return OpenMatter(OpenKind.BENCHMARKS, 0)
    named = load_reading(campaign).benchmarks
    blocks = Block.objects.filter(campaign=campaign, departments__isnull=False).distinct().order_by("order")
    where = tuple(
        f"{name} {category.name}"
        for pk, name in blocks.values_list("pk", "name")
        for category in ranking.categories
        if (pk, category.id) not in named
    )
    return OpenMatter(OpenKind.BENCHMARKS, len(where), where)


def _ties(ranking: Ranking, numbers: Mapping[str, int]) -> OpenMatter:
    tied = [undecided_tie(block, numbers.get(block.code, 0)) for block in ranking.blocks]
    where = tuple("、".join(names) for names in tied if names)
    return OpenMatter(OpenKind.TIES, len(where), where)


def _percentages(campaign: Campaign) -> OpenMatter:
    decided = load_percentages(campaign)
    where = tuple(str(appraisal.label) for appraisal in Appraisal if appraisal.value not in decided)
    return OpenMatter(OpenKind.PERCENTAGES, len(where), where)


def _coverage(campaign: Campaign, actor: Actor) -> OpenMatter:
    where = tuple(warning.sentence for warning in warnings(campaign, actor))
    return OpenMatter(OpenKind.COVERAGE, len(where), where)
