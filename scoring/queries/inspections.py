"""Inspections: the list, one inspection with its marks and lines, who may assess, what was found before."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, Q, Sum

from campaigns.actors import Actor
from campaigns.enums import TEAM_ROLES
from campaigns.models import Department, Membership
from campaigns.queries.people import interested_users
from qualityseason.clock import day_of
from qualityseason.models import User
from qualityseason.text import NO_UUID
from scoring.calculations import ZERO
from scoring.enums import InspectionKind, MarkResult
from scoring.models import Deduction, Inspection, InspectionMark
from scoring.queries.deductions import PAGE_LINES, DeductionRow, Page, detail_lines, row_of
from scoring.queries.recording import PricedRule, RuleGroup, group_rules, rules_in_force


@dataclass(frozen=True)
class InspectionFilters:
    """What a reader wants to see of the list; everything empty shows all."""

    department: UUID | None = None
    kind: str = ""


@dataclass(frozen=True)
class InspectionRow:
    """One inspection of the list; `amount` (points) is what its visible lines not withdrawn come to."""

    uuid: UUID
    department: str
    kind: InspectionKind
    started_at: datetime
    ended_at: datetime | None
    assessors: str
    lines: int
    waiting: int
    amount: Decimal


@dataclass(frozen=True)
class Before:
    """What earlier inspections and lines of this department said of a rule."""

    urged_on: date | None = None
    urged_note: str = ""
    lines: int = 0


@dataclass(frozen=True)
class MarkedRule:
    """A rule on the page of an inspection: what was seen, and the lines that rest on it."""

    priced: PricedRule
    result: str
    urged: bool
    note: str
    lines: tuple[DeductionRow, ...]

    @property
    def is_noted(self) -> bool:
        """Whether anything stands against the rule."""
        return self.result != MarkResult.NOT_EXAMINED or self.urged or bool(self.note)


@dataclass(frozen=True)
class MarkedGroup:
    """The rules of one category with their marks."""

    name: str
    rules: tuple[MarkedRule, ...]


@dataclass(frozen=True)
class InspectionDetail:
    """One inspection as far as the reader may know; `is_whole` says whether every rule's result is told.

    While a line of the visit waits, its department reads only what was urged and what is confirmed: a rule that is
    neither clean nor charged would betray the line.
    """

    inspection: Inspection
    named: bool
    note: str
    assessors: tuple[str, ...]
    assessor_ids: frozenset[int]
    groups: tuple[MarkedGroup, ...]
    other_lines: tuple[DeductionRow, ...]
    is_whole: bool
    counts: dict[str, int] = field(default_factory=dict)
    confirmable: int = 0


def assessors_for(department: Department, *, on: date) -> list[User]:
    """Return the members of the team on that day without an interest in the department then, by name. Four queries."""
    campaign_id = department.campaign_id
    team = Membership.objects.filter(campaign_id=campaign_id, role__in=sorted(TEAM_ROLES)).current(on=on)
    people = list(User.objects.filter(pk__in=team.values("user_id"), is_active=True).order_by("display_name", "pk"))
    interested = interested_users(campaign_id, frozenset(one.pk for one in people), on=on)[department.pk]
    return [one for one in people if one.pk not in interested]


def assessor_ids_of(inspection: Inspection) -> frozenset[int]:
    """Return the ids of an inspection's assessors. One query."""
    return frozenset(inspection.assessors.values_list("pk", flat=True))


def list_inspections(
    actor: Actor, filters: InspectionFilters, *, older_than: UUID | None = None, newer_than: UUID | None = None
) -> Page[InspectionRow]:
    """Return one page of the inspections the actor may see, latest first. At most four queries."""
    wanted = Inspection.objects.visible_to(actor).select_related("department").prefetch_related("assessors")
    if filters.department is not None:
        wanted = wanted.filter(department__uuid=filters.department)
    if filters.kind:
        wanted = wanted.filter(kind=filters.kind)
    place = _place_of(actor, older_than or newer_than)
    backwards = place is not None and older_than is None
    if place is not None:
        moment, pk = place
        wanted = (
            wanted.filter(Q(started_at__gt=moment) | Q(started_at=moment, pk__gt=pk))
            if backwards
            else wanted.filter(Q(started_at__lt=moment) | Q(started_at=moment, pk__lt=pk))
        )
    order = ("started_at", "id") if backwards else ("-started_at", "-id")
    found = list(wanted.order_by(*order)[: PAGE_LINES + 1])
    more, found = len(found) > PAGE_LINES, found[:PAGE_LINES]
    if backwards:
        found.reverse()
    sums = _line_sums(actor, found)
    return Page(
        rows=[_row(one, actor, sums) for one in found],
        older=found[-1].uuid if found and (more or backwards) else None,
        newer=found[0].uuid if found and (more if backwards else place is not None) else None,
    )


def load_inspection(actor: Actor, inspection: Inspection) -> InspectionDetail:
    """Return a visible inspection with its marks and the lines the actor may see. At most five queries.

    The department itself reads what it was urged to do; other notes are the team's own.
    """
    inside = actor.oversees and not actor.is_interested_in(inspection.department_id)
    named = actor.sees_names and inside
    people = list(inspection.assessors.order_by("display_name"))
    lines: dict[int, list[DeductionRow]] = defaultdict(list)
    rows = [
        (line.rule_id, row_of(line, actor))
        for line in detail_lines(actor).filter(inspection=inspection).order_by("rule__order", "pk")
    ]
    for rule_id, row in rows:
        lines[rule_id].append(row)
    is_whole = inside or not Deduction.objects.recorded().filter(inspection=inspection).exists()
    groups = _marked_groups(inspection, lines, inside=inside)
    if not is_whole:
        groups = _told_groups(groups)
    shown = {marked.priced.rule.pk for group in groups for marked in group.rules}
    return InspectionDetail(
        inspection=inspection,
        named=named,
        note=inspection.note if inside else "",
        assessors=tuple(str(person) for person in people) if named else (),
        assessor_ids=frozenset(person.pk for person in people),
        groups=groups,
        other_lines=tuple(row for rule_id, row in rows if rule_id not in shown),
        is_whole=is_whole,
        counts=_counts(groups),
        confirmable=sum(1 for _rule_id, row in rows if row.may_confirm),
    )


def rules_to_mark(department: Department, *, on: date) -> list[RuleGroup]:
    """Return the rules of the department's block by category, as on that day. One query."""
    campaign = department.campaign
    day = max(campaign.facts_from, min(on, campaign.facts_until))
    return group_rules(rules_in_force(campaign, on=day), block_id=department.block_id)


def found_before(
    actor: Actor, department: Department, *, by: datetime, except_for: UUID | None = None
) -> dict[int, Before]:
    """Return by rule what earlier inspections urged and how many standing lines there are. Two queries."""
    lines = dict(
        Deduction.objects.visible_to(actor)
        .standing()
        .filter(charged=department)
        .order_by()
        .values_list("rule_id")
        .annotate(Count("pk"))
    )
    urged = (
        InspectionMark.objects.filter(inspection__in=Inspection.objects.visible_to(actor), urged=True)
        .filter(inspection__department=department, inspection__started_at__lt=by)
        .exclude(inspection__uuid=except_for or NO_UUID)
        .order_by("inspection__started_at")
        .values_list("rule_id", "inspection__started_at", "note")
    )
    latest = {rule_id: (day_of(started_at), note) for rule_id, started_at, note in urged}
    found: dict[int, Before] = {}
    for rule_id in {*lines, *latest}:
        urged_on, note = latest.get(rule_id, (None, ""))
        found[rule_id] = Before(urged_on, note, lines.get(rule_id, 0))
    return found


def _place_of(actor: Actor, uuid: UUID | None) -> tuple[datetime, int] | None:
    if uuid is None:
        return None
    known = Inspection.objects.of_campaign(actor).filter(uuid=uuid)
    return known.values_list("started_at", "pk").first()


def _line_sums(actor: Actor, inspections: list[Inspection]) -> dict[int, tuple[int, int, Decimal]]:
    rows = (
        Deduction.objects.visible_to(actor)
        .standing()
        .filter(inspection__in=inspections)
        .order_by()
        .values_list("inspection_id")
        .annotate(standing=Count("pk"), waiting=Count("pk", filter=Q(confirmed_at__isnull=True)), sum=Sum("amount"))
    )
    return {row[0]: (row[1], row[2], row[3]) for row in rows}


def _row(inspection: Inspection, actor: Actor, sums: dict[int, tuple[int, int, Decimal]]) -> InspectionRow:
    lines, waiting, amount = sums.get(inspection.pk, (0, 0, ZERO))
    named = actor.sees_names and not actor.is_interested_in(inspection.department_id)
    return InspectionRow(
        uuid=inspection.uuid,
        department=inspection.department.name,
        kind=InspectionKind(inspection.kind),
        started_at=inspection.started_at,
        ended_at=inspection.ended_at,
        assessors=", ".join(sorted(str(person) for person in inspection.assessors.all())) if named else "",
        lines=lines,
        waiting=waiting,
        amount=amount,
    )


def _marked_groups(
    inspection: Inspection, lines: dict[int, list[DeductionRow]], *, inside: bool
) -> tuple[MarkedGroup, ...]:
    marks = {mark.rule_id: mark for mark in inspection.marks.all()}
    for mark in marks.values():
        mark.note = mark.note if inside or mark.urged else ""
    groups = rules_to_mark(inspection.department, on=day_of(inspection.started_at))
    return tuple(
        MarkedGroup(
            group.category.name,
            tuple(_marked(priced, marks.get(priced.rule.pk), lines.get(priced.rule.pk, [])) for priced in group.rules),
        )
        for group in groups
    )


def _told_groups(groups: tuple[MarkedGroup, ...]) -> tuple[MarkedGroup, ...]:
    """Return the rules that were urged or have lines to be seen."""
    told = (MarkedGroup(one.name, tuple(rule for rule in one.rules if rule.urged or rule.lines)) for one in groups)
    return tuple(one for one in told if one.rules)


def _marked(priced: PricedRule, mark: InspectionMark | None, lines: list[DeductionRow]) -> MarkedRule:
    result = mark.result if mark else MarkResult.NOT_EXAMINED
    if any(not row.is_withdrawn for row in lines):
        result = MarkResult.DEDUCTED
    return MarkedRule(
        priced=priced,
        result=result,
        urged=mark.urged if mark else False,
        note=mark.note if mark else "",
        lines=tuple(lines),
    )


def _counts(groups: tuple[MarkedGroup, ...]) -> dict[str, int]:
    counts = {str(result): 0 for result in MarkResult}
    for group in groups:
        for marked in group.rules:
            counts[str(marked.result)] += 1
    return counts
