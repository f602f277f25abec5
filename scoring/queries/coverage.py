"""What was looked at: department × rule, and how often each department was inspected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, Max, Q, Sum

from campaigns.actors import Actor
from campaigns.models import Block, Campaign, Department
from qualityseason.clock import day_of
from scoring.calculations import ZERO
from scoring.calculations.evenness import mean, median
from scoring.enums import FindingState, MarkResult, Proof, Sight
from scoring.enums.outlook import Cover
from scoring.models import Deduction, Detection, Finding, Inspection, InspectionMark, RuleVersion

Pair = tuple[int, int]  # department and rule, by their ids
STRENGTH = {MarkResult.NO_FAULT: 2, MarkResult.NOT_APPLICABLE: 1}  # which of several marks counts
COVERS = {MarkResult.NO_FAULT: Cover.NO_FAULT, MarkResult.NOT_APPLICABLE: Cover.NOT_APPLICABLE}


@dataclass(frozen=True)
class CoverColumn:
    """A rule of the block; `not_examined` counts the departments where nobody has looked at it."""

    id: int
    code: str
    label: str
    category: str
    starts: bool
    not_examined: int


@dataclass(frozen=True)
class CoverRow:
    """A department: what was seen of each rule, and its inspections so far.

    `points` come from lines that rest on an inspection; `is_seldom`: inspected less than half as often as the median
    department; `is_own`: of own interest, where only deductions confirmed are told.
    """

    uuid: UUID
    department: str
    cells: tuple[Cover, ...]
    inspections: int
    last_on: date | None
    lines: int
    points: Decimal
    per_inspection: Decimal | None
    is_seldom: bool
    is_own: bool

    @property
    def not_examined(self) -> int:
        """How many rules nobody has looked at here."""
        return self.cells.count(Cover.NOT_EXAMINED)


@dataclass(frozen=True)
class CoverBlock:
    """The departments and rules of one block; `median` is that of the inspections per department, of all blocks."""

    code: str
    name: str
    columns: tuple[CoverColumn, ...]
    rows: tuple[CoverRow, ...]
    median: Decimal | None

    @property
    def counts(self) -> Counter[Cover]:
        """How many pairs of department and rule stand how."""
        return Counter(cell for row in self.rows for cell in row.cells)

    @property
    def pairs(self) -> int:
        """How many pairs of department and rule there are, those not shown left out."""
        return sum(self.counts.values()) - self.counts[Cover.UNTOLD]


def load_coverage(campaign: Campaign, *, actor: Actor, on: date) -> tuple[CoverBlock, ...]:
    """Return every block; rules are called as on that day. Eight queries at any size.

    A rule was examined where an inspection says so, a line stands, or, if it is automatic, detection has looked at the
    department's records and could conclude.
    """
    blocks = list(Block.objects.filter(campaign=campaign).order_by("order").values_list("pk", "code", "name"))
    departments = list(
        Department.objects.visible_to(actor).order_by("order").values_list("pk", "uuid", "name", "block_id")
    )
    versions = RuleVersion.objects.in_force(on=max(on, campaign.facts_from)).filter(rule__campaign=campaign)
    rules = list(versions.select_related("rule__category").order_by("rule__category__order", "rule__order"))
    seen = _seen(actor, rules)
    visits = _visits(actor)
    middle = median(visits[pk][0] if pk in visits else 0 for pk, *_rest in departments)
    found = []
    for block_id, code, name in blocks:
        own_rules = [version for version in rules if version.rule.block_id in (None, block_id)]
        rows = tuple(
            _row(department, own_rules, seen, visits, middle, is_own=actor.is_interested_in(department[0]))
            for department in departments
            if department[3] == block_id
        )
        found.append(CoverBlock(code, name, tuple(_columns(own_rules, rows)), rows, middle))
    return tuple(found)


def _columns(rules: list[RuleVersion], rows: tuple[CoverRow, ...]) -> Iterable[CoverColumn]:
    for place, version in enumerate(rules):
        rule = version.rule
        starts = place == 0 or rules[place - 1].rule.category_id != rule.category_id
        open_ones = sum(row.cells[place] == Cover.NOT_EXAMINED for row in rows)
        yield CoverColumn(rule.pk, rule.code, version.label, rule.category.name, starts, open_ones)


def _row(
    department: tuple[int, UUID, str, int],
    rules: list[RuleVersion],
    seen: dict[Pair, Cover],
    visits: dict[int, tuple[int, date | None, int, Decimal]],
    middle: Decimal | None,
    *,
    is_own: bool,
) -> CoverRow:
    pk, uuid, name, _block = department
    cells = (seen.get((pk, version.rule_id), Cover.NOT_EXAMINED) for version in rules)
    if is_own:  # what is neither clean nor charged would betray a line that waits
        cells = (cell if cell == Cover.DEDUCTED else Cover.UNTOLD for cell in cells)
    number, last_on, lines, points = visits.get(pk, (0, None, 0, ZERO))
    return CoverRow(
        uuid,
        name,
        tuple(cells),
        number,
        last_on,
        lines,
        points,
        per_inspection=mean(points, number),
        is_seldom=2 * number < (middle or 0),
        is_own=is_own,
    )


def _seen(actor: Actor, rules: list[RuleVersion]) -> dict[Pair, Cover]:
    """Return what has been seen where anything has, the stronger over the weaker. Four queries."""
    found: dict[Pair, Cover] = {}
    unsure = _unsure(actor)
    automatic = [version.rule for version in rules if version.rule.sight == Sight.AUTOMATIC and version.rule.detector]
    looked = Detection.objects.filter(campaign_id=actor.campaign_id, detected_at__isnull=False)
    for department, troubles in looked.order_by().values_list("department_id", "troubles"):
        failed = {trouble["detector"] for trouble in troubles}
        for rule in automatic:
            if rule.detector not in failed and (department, rule.pk) not in unsure:
                found[department, rule.pk] = Cover.PORTAL
    marks = InspectionMark.objects.filter(inspection__in=Inspection.objects.visible_to(actor), result__in=STRENGTH)
    pairs = marks.order_by().values_list("inspection__department_id", "rule_id", "result").distinct()
    for department, rule_id, result in sorted(pairs, key=lambda pair: STRENGTH[MarkResult(pair[2])]):
        found[department, rule_id] = COVERS[MarkResult(result)]
    lines = Deduction.objects.visible_to(actor).standing().order_by().values_list("charged_id", "rule_id").distinct()
    found.update(dict.fromkeys(lines, Cover.DEDUCTED))
    return found


def _unsure(actor: Actor) -> set[Pair]:
    """Return where the records are silent or contradict each other, so that the portal could not conclude."""
    rows = Finding.objects.visible_to(actor).filter(state=FindingState.OPEN).exclude(proof=Proof.PROVEN)
    return set(rows.order_by().values_list("charged_id", "rule_id").distinct())


def _visits(actor: Actor) -> dict[int, tuple[int, date | None, int, Decimal]]:
    """Return by department how often and when last it was inspected, and what that led to. Two queries."""
    visits = Inspection.objects.visible_to(actor).order_by().values_list("department_id")
    counted = visits.annotate(number=Count("pk"), last=Max("started_at"))
    lines = Deduction.objects.visible_to(actor).standing().filter(inspection__isnull=False).order_by()
    of_visits = lines.values_list("inspection__department_id").annotate(number=Count("pk"), amount=Sum("amount"))
    found = {department: (number, amount) for department, number, amount in of_visits.filter(_of_those(actor))}
    return {
        department: (number, day_of(last), *found.get(department, (0, ZERO))) for department, number, last in counted
    }


def _of_those(actor: Actor) -> Q:
    return Q(inspection__in=Inspection.objects.visible_to(actor))
