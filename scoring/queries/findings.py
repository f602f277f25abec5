"""The queue of findings: rows, counts and neighbours, as far as the reader may know. Fixed numbers of queries."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Count

from campaigns.actors import Actor
from scoring import policy
from scoring.enums import FindingState, RecordKind
from scoring.models import Finding
from scoring.queries.deductions import author
from scoring.queries.finding_filters import (
    ORDER,
    TABS,
    TO_DECIDE,
    FindingFilters,
    Findings,
    Tab,
    beyond,
    filtered,
    place_of,
)
from scoring.queries.finding_words import why

PAGE_FINDINGS = 50  # rows of one page of the queue


@dataclass(frozen=True)
class FindingRow:
    """One finding of the queue. ``key`` names it together with the facts the reader was shown.

    ``subject`` is '' where the sentence names it already.
    """

    uuid: UUID
    key: str
    code: str
    label: str
    unit: str
    department: str
    sentence: str
    subject: str
    period: str
    quantity: int
    points: Decimal
    amount: Decimal
    proposes_points: bool
    silence: str
    happened_on: date
    first_seen_at: datetime
    has_returned: bool
    decided_at: datetime | None
    decided_by: str
    because: str
    may_decide: bool
    costs_nothing: bool


@dataclass(frozen=True)
class Facet:
    """How many findings of the shown tab there are of one rule or department; ``value`` is what to filter by."""

    value: str
    label: str
    number: int


@dataclass(frozen=True)
class Queue:
    """One page of the queue; `after` and `before` are the rows from which to go on, None at an end."""

    rows: tuple[FindingRow, ...]
    total: int
    after: UUID | None
    before: UUID | None


@dataclass(frozen=True)
class QueueCounts:
    """What there is: findings by tab code, and those of the shown tab by rule and by department."""

    tabs: dict[str, int]
    rules: tuple[Facet, ...]
    departments: tuple[Facet, ...]


@dataclass(frozen=True)
class Neighbours:
    """The undecided findings before and after one, None at an end."""

    before: UUID | None
    after: UUID | None


def list_findings(
    actor: Actor, filters: FindingFilters, *, after: UUID | None = None, before: UUID | None = None
) -> Queue:
    """Return one page of the findings the actor may see, by rule, then department. Three queries at most.

    A page left empty by decisions starts again at the beginning, with two more.
    """
    wanted = filtered(Finding.objects.visible_to(actor), filters)
    rows, more, backwards, place = _part(actor, wanted, after=after, before=before)
    if not rows and place is not None:
        rows, more, backwards, place = _part(actor, wanted)
    ends = (rows[0].uuid, rows[-1].uuid) if rows else (None, None)
    return Queue(
        rows=tuple(row_of(actor, finding) for finding in rows),
        total=wanted.count(),
        after=ends[1] if more or backwards else None,
        before=ends[0] if (more if backwards else place is not None) else None,
    )


def count_findings(actor: Actor, filters: FindingFilters) -> QueueCounts:
    """Return how many findings there are by tab, and in the shown tab by rule and by department. Three queries."""
    visible = Finding.objects.visible_to(actor)
    anywhere = replace(filters, rule="", department=None)
    return QueueCounts(
        tabs=_by_tab(visible),
        rules=_counts(filtered(visible, replace(anywhere, department=filters.department)), "rule"),
        departments=_counts(filtered(visible, replace(anywhere, rule=filters.rule)), "charged"),
    )


def neighbours_of(actor: Actor, finding: Finding, filters: FindingFilters) -> Neighbours:
    """Return the next finding to decide and the one before, among those the filters let through. Two queries.

    The finding is loaded with its rule, department and block.
    """
    tab = filters.tab if filters.tab.is_undecided else TO_DECIDE
    wanted = filtered(Finding.objects.visible_to(actor), replace(filters, tab=tab))
    wanted = wanted.exclude(charged_id__in=actor.interests)
    block = finding.charged.block
    place = (finding.rule.order, block.order, finding.charged.order, finding.happened_on, finding.pk)
    found = [
        beyond(wanted, place, backwards=backwards).values_list("uuid", flat=True).first() for backwards in (True, False)
    ]
    return Neighbours(before=found[0], after=found[1])


def row_of(actor: Actor, finding: Finding) -> FindingRow:
    """Return a finding loaded with rule, version, department and decider as a row the actor may read."""
    named = actor.sees_names and not actor.is_interested_in(finding.charged_id)
    sentence = why(finding)
    return FindingRow(
        uuid=finding.uuid,
        key=f"{finding.uuid}.{finding.fingerprint}",
        code=finding.rule.code,
        label=finding.rule_version.label,
        unit=finding.rule.unit,
        department=finding.charged.name,
        sentence=sentence,
        subject="" if finding.subject_label in sentence else finding.subject_label,
        period=finding.period,
        quantity=finding.quantity,
        points=finding.points,
        amount=finding.amount,
        proposes_points=finding.proposes_points,
        silence=str(RecordKind(finding.silence).label) if finding.silence else "",
        happened_on=finding.happened_on,
        first_seen_at=finding.first_seen_at,
        has_returned=named and finding.state == FindingState.OPEN and finding.earlier is not None,
        decided_at=finding.gone_at or finding.decided_at,
        decided_by=author(finding.decided_by.display_name if finding.decided_by else None, named=named),
        because=finding.because,
        may_decide=policy.can_decide(actor, finding),
        costs_nothing=finding.state in (FindingState.DISMISSED, FindingState.GONE),
    )


def _part(
    actor: Actor, wanted: Findings, *, after: UUID | None = None, before: UUID | None = None
) -> tuple[list[Finding], bool, bool, tuple[object, ...] | None]:
    """Return the rows of a page, whether more follow that way, which way that is, and the place it starts from."""
    place = place_of(actor, after or before)
    backwards = place is not None and after is None
    part = wanted.order_by(*ORDER) if place is None else beyond(wanted, place, backwards=backwards)
    part = part.select_related("rule", "rule_version", "charged", "decided_by").defer("facts", "rule_version__text")
    rows = list(part[: PAGE_FINDINGS + 1])
    more, rows = len(rows) > PAGE_FINDINGS, rows[:PAGE_FINDINGS]
    return (rows[::-1] if backwards else rows), more, backwards, place


def _by_tab(visible: Findings) -> dict[str, int]:
    sums = visible.order_by().values_list("state", "proof").annotate(Count("pk"))
    known = {(state, proof): number for state, proof, number in sums}
    return {tab.code: sum(number for key, number in known.items() if _belongs(key, tab)) for tab in TABS}


def _belongs(key: tuple[str, str], tab: Tab) -> bool:
    return key[0] == tab.state and tab.proof in (None, key[1])


def _counts(findings: Findings, column: str) -> tuple[Facet, ...]:
    fields, order = ("charged__uuid", "charged__name"), ("charged__block__order", "charged__order")
    if column == "rule":
        fields, order = ("rule__code", "rule__versions__label"), ("rule__order", "rule__code")
        findings = findings.filter(rule__versions__number=1)
    rows = findings.order_by(*order).values_list(*fields).annotate(Count("pk"))
    return tuple(Facet(str(value), label, number) for value, label, number in rows)
