"""The fullest marks by block and category, beside what was deducted least there."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from campaigns.actors import Actor
from campaigns.models import Block, Campaign, Department
from scoring.calculations import ZERO
from scoring.enums import Basis
from scoring.facts.results import CategoryColumn
from scoring.models import Benchmark, Category, Rulebook, Tally
from scoring.policy import can_name_benchmark
from scoring.queries.ranking import load_categories

SHOWN = 5  # departments named as those with the least deducted


@dataclass(frozen=True)
class Candidate:
    """What a department was charged in a category, confirmed and after tiers; `may_name`: by the reader."""

    uuid: UUID
    name: str
    charged: Decimal
    may_name: bool


@dataclass(frozen=True)
class NamedBenchmark:
    """A benchmark: `amount` as it was frozen, `now` what the department's figure is; named_by '' for the team."""

    uuid: UUID
    department: str
    department_uuid: UUID
    amount: Decimal
    now: Decimal
    reason: str
    named_by: str
    named_at: datetime
    superseded_at: datetime | None

    @property
    def has_moved(self) -> bool:
        """Whether the department's figure is another one since."""
        return self.amount != self.now


@dataclass(frozen=True)
class BenchmarkPlace:
    """One category of one block: its benchmark, earlier ones (latest first), who was charged least, how many more."""

    block: str
    block_name: str
    category: CategoryColumn
    standing: NamedBenchmark | None
    earlier: tuple[NamedBenchmark, ...]
    lowest: tuple[Candidate, ...]
    more: int


@dataclass(frozen=True)
class BenchmarksPage:
    """All places in the order of blocks and categories; `counts`: the basis lets the benchmarks count."""

    basis: str
    counts: bool
    places: tuple[BenchmarkPlace, ...]

    @property
    def moved(self) -> tuple[BenchmarkPlace, ...]:
        """Those whose department's figure moved since it was named."""
        return tuple(place for place in self.places if place.standing is not None and place.standing.has_moved)

    @property
    def unnamed(self) -> tuple[BenchmarkPlace, ...]:
        """Those without a benchmark."""
        return tuple(place for place in self.places if place.standing is None)


@dataclass(frozen=True)
class NamingPlace:
    """Where a benchmark is named: the place, and every department of the block, the least charged first."""

    block: Block
    category: Category
    candidates: tuple[Candidate, ...]
    standing: NamedBenchmark | None


def load_benchmarks(actor: Actor, campaign: Campaign) -> BenchmarksPage:
    """Return what was named and could be. Five queries."""
    basis = Rulebook.objects.filter(campaign=campaign).values_list("basis", flat=True).get()
    categories = load_categories(campaign)
    charged = {
        (department, category): amount
        for department, category, amount in Tally.objects.filter(campaign=campaign).values_list(
            "department_id", "category_id", "charged"
        )
    }
    named: dict[tuple[int, int], list[NamedBenchmark]] = defaultdict(list)
    rows = Benchmark.objects.visible_to(actor).select_related("department", "named_by").order_by("-named_at", "-pk")
    for row in rows:
        now = charged.get((row.department_id, row.category_id), ZERO)
        named[row.block_id, row.category_id].append(_named(actor, row, now))
    blocks: dict[tuple[int, str, str], list[Department]] = defaultdict(list)
    for department in (
        Department.objects.filter(campaign=campaign).select_related("block").order_by("block__order", "order")
    ):
        blocks[department.block_id, department.block.code, department.block.name].append(department)
    places = []
    for (block_id, code, name), departments in blocks.items():
        for category in categories:
            found = named[block_id, category.id]
            candidates = _candidates(actor, departments, charged, category.id)
            places.append(
                BenchmarkPlace(
                    code,
                    name,
                    category,
                    next((one for one in found if one.superseded_at is None), None),
                    tuple(one for one in found if one.superseded_at is not None),
                    candidates[:SHOWN],
                    max(0, len(candidates) - SHOWN),
                )
            )
    return BenchmarksPage(basis, basis == Basis.BEST_IS_FULL, tuple(places))


def find_naming_place(actor: Actor, campaign: Campaign, *, block: str, category: str) -> NamingPlace | None:
    """Return the place where a benchmark is to be named, None where there is no such. Five queries."""
    here = Block.objects.filter(campaign=campaign, code=block).first()
    there = Category.objects.filter(campaign=campaign, code=category).first()
    if here is None or there is None:
        return None
    departments = list(Department.objects.filter(campaign=campaign, block=here).order_by("order"))
    rows = Tally.objects.filter(campaign=campaign, category=there, department__block=here)
    charged = {(department, there.pk): amount for department, amount in rows.values_list("department_id", "charged")}
    standing = standing_benchmark(here, there)
    found = None
    if standing is not None:
        found = _named(actor, standing, charged.get((standing.department_id, there.pk), ZERO))
    return NamingPlace(here, there, _candidates(actor, departments, charged, there.pk), found)


def standing_benchmark(block: Block, category: Category) -> Benchmark | None:
    """Return the benchmark in force there, None where none is named. One query."""
    rows = Benchmark.objects.standing().filter(block=block, category=category)
    return rows.select_related("department", "named_by").first()


def _candidates(
    actor: Actor, departments: list[Department], charged: dict[tuple[int, int], Decimal], category_id: int
) -> tuple[Candidate, ...]:
    rows = [
        Candidate(
            row.uuid, row.name, charged.get((row.pk, category_id), ZERO), may_name=can_name_benchmark(actor, row.pk)
        )
        for row in departments
    ]
    return tuple(sorted(rows, key=lambda row: row.charged))


def _named(actor: Actor, row: Benchmark, now: Decimal) -> NamedBenchmark:
    return NamedBenchmark(
        row.uuid,
        row.department.name,
        row.department.uuid,
        row.amount,
        now,
        row.reason,
        row.named_by.display_name if actor.sees_names else "",
        row.named_at,
        row.superseded_at,
    )
