"""What is still undecided of each department: pending appeals, unconfirmed lines, proven findings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Q

from campaigns.actors import Actor
from scoring.calculations import text_key
from scoring.facts import Subject
from scoring.facts.outlook import Choice, Matter
from scoring.models import Announcement, Appeal, Deduction, Finding
from scoring.queries.lighter import Lighter, key_under, load_lighter

APPEAL, LINE, FINDING = "appeal", "line", "finding"
Place = tuple[int, int]  # department and category, by their ids


@dataclass(frozen=True)
class OpenMatter:
    """One undecided matter as the page names it; `uuid` is that of its appeal, line or finding."""

    kind: str
    uuid: UUID
    department_id: int
    code: str
    label: str
    happened_on: date
    amount: Decimal


@dataclass(frozen=True)
class OpenMatters:
    """All open matters the reader may know of; `bound` are sums by place and rule of lines that count now and are open.

    Departments of own interest have none: their confirmed figures are taken as settled.
    """

    named: tuple[OpenMatter, ...]
    of_place: Mapping[Place, Sequence[Matter]]
    bound: Mapping[Place, Mapping[int, Decimal]]


@dataclass(frozen=True)
class _Holder:
    """One of those of which only one can hold a fact: a line or finding, and what it may come to."""

    place: Place
    choices: tuple[Choice, ...]


def load_open_matters(actor: Actor) -> OpenMatters:
    """Return the open matters. At most nine queries at any size.

    Of a line, the line it would replace and a finding that would replace it, only one holds their fact in the end: they
    are one matter. One that crosses departments of the same block, possible only by two common rules of one family, is
    taken as independent in each.
    """
    appeals, waiting, findings = _appeals(actor), _waiting(actor), _findings(actor)
    appealed = {appeal.deduction_id for appeal in appeals}
    older = (line.replaces for line in waiting if line.replaces is not None)
    replaced = [line for line in older if line.withdrawn_at is None and line.charged_id not in actor.interests]
    lines = {line.pk: line for line in (*(appeal.deduction for appeal in appeals), *waiting, *replaced)}
    taken = _replaced_by_findings(actor, findings, lines, appealed)
    lighter = load_lighter(actor, [appeal.deduction for appeal in appeals])
    joined: dict[int, list[Deduction]] = defaultdict(list)
    root = {pk: _root(line, lines) for pk, line in lines.items()}
    for pk, line in lines.items():
        joined[root[pk]].append(line)
    parts: dict[tuple[str, int], list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.pk in taken:
            old = taken[finding.pk]
            parts[("", finding.pk) if old is None else (LINE, root[old.pk])].append(finding)
    of_place: dict[Place, list[Matter]] = defaultdict(list)
    for key in {*parts, *((LINE, pk) for pk in joined)}:
        members = joined[key[1]] if key[0] else []
        _add(of_place, members, parts.get(key, []), appealed=appealed, lighter=lighter)
    shown = [finding for finding in findings if finding.pk in taken]
    return OpenMatters(_named(appeals, waiting, shown), of_place, _bound(lines.values()))


def _add(
    of_place: dict[Place, list[Matter]],
    lines: Sequence[Deduction],
    findings: Sequence[Finding],
    *,
    appealed: set[int],
    lighter: Lighter,
) -> None:
    """Add the matter that these lines and findings make, in each place it may come to cost something."""
    holders = [_of_line(line, lighter) for line in lines] + [_of_finding(finding) for finding in findings]
    stands = any(line.confirmed_at is not None and line.pk not in appealed for line in lines)
    for place in {holder.place for holder in holders}:
        here = [holder for holder in holders if holder.place == place]
        choices = tuple(choice for holder in here for choice in holder.choices)
        of_place[place].append(Matter(choices, may_vanish=not stands or len(here) < len(holders)))


def _of_line(line: Deduction, lighter: Lighter) -> _Holder:
    own = Choice(line.rule_id, line.rule.exclusive_group, line.amount)
    return _Holder((line.charged_id, line.category_id), (own, *lighter.get(line.pk, ())))


def _of_finding(finding: Finding) -> _Holder:
    rule = finding.rule
    return _Holder((finding.charged_id, rule.category_id), (Choice(rule.pk, rule.exclusive_group, finding.amount),))


def _bound(lines: Iterable[Deduction]) -> dict[Place, dict[int, Decimal]]:
    sums: dict[Place, dict[int, Decimal]] = defaultdict(dict)
    for line in lines:
        if line.confirmed_at is not None:
            place = (line.charged_id, line.category_id)
            sums[place][line.rule_id] = sums[place].get(line.rule_id, Decimal(0)) + line.amount
    return sums


def _appeals(actor: Actor) -> list[Appeal]:
    rows = Appeal.objects.visible_to(actor).pending().filter(deduction__withdrawn_at__isnull=True)
    apart = rows.exclude(Q(department_id__in=actor.interests) | Q(deduction__visited_id__in=actor.interests))
    about = ("rule", "rule_version", "charged", "subject_person", "subject_class", "finding")
    return list(apart.select_related(*(f"deduction__{name}" for name in about)).order_by("pk"))


def _waiting(actor: Actor) -> list[Deduction]:
    rows = Deduction.objects.visible_to(actor).recorded().exclude(charged_id__in=actor.interests)
    return list(rows.select_related("rule", "rule_version", "replaces__rule").order_by("pk"))


def _findings(actor: Actor) -> list[Finding]:
    """Return what is proven and undecided, and may be charged as it stands. Two queries."""
    rows = Finding.objects.visible_to(actor).proposed().exclude(charged_id__in=actor.interests)
    announced = dict(Announcement.objects.visible_to(actor).standing().values_list("kind", "starts_on"))
    found = rows.select_related("rule", "rule_version", "charged", "subject_person", "subject_class").order_by("pk")
    return [one for one in found if not one.silence or announced.get(one.silence, date.max) <= one.happened_on]


def _replaced_by_findings(
    actor: Actor, findings: Sequence[Finding], lines: dict[int, Deduction], appealed: set[int]
) -> dict[int, Deduction | None]:
    """Return for each finding that can be charged the standing line whose fact it charges, None where there is none.

    Such a line joins `lines`. A finding whose fact a settled line holds that it cannot replace stays out. One query.
    """
    said = {finding.pk: _text_key_of(finding) for finding in findings}
    before = {finding.pk: (finding.earlier or {}).get("deduction") for finding in findings}
    keys = {finding.charge_key for finding in findings} | {key for key in said.values() if key}
    wanted = Q(charge_key__in=keys) | Q(uuid__in=[uuid for uuid in before.values() if uuid])
    standing = Deduction.objects.visible_to(actor).standing().filter(wanted).select_related("rule")
    by_key: dict[str, Deduction] = {}
    by_uuid: dict[str, Deduction] = {}
    for line in standing.order_by("-pk"):
        by_uuid[str(line.uuid)] = line
        if line.charge_key is not None:
            by_key[line.charge_key] = line
    found: dict[int, Deduction | None] = {}
    for finding in findings:
        own = by_key.get(finding.charge_key)
        every = (own, by_key.get(said[finding.pk] or ""), by_uuid.get(before[finding.pk] or ""))
        old = min((one for one in every if one and _may_replace(finding, one)), key=lambda one: one.pk, default=None)
        if old is None and own is not None and own.confirmed_at is not None and own.pk not in appealed:
            continue
        holder = old or own
        found[finding.pk] = lines.setdefault(holder.pk, holder) if holder is not None else None
    return found


def _may_replace(finding: Finding, line: Deduction) -> bool:
    same = (line.charged_id, line.rule.family, line.rule.block_id)
    return same == (finding.charged_id, finding.rule.family, finding.rule.block_id) and line.rule_id != finding.rule_id


def _text_key_of(finding: Finding) -> str | None:
    label = finding.subject_label
    subject = Subject(label, key=text_key(label, finding.rule.subject))
    return key_under(finding.rule, finding.charged, subject, finding.period) if label else None


def _root(line: Deduction, lines: Mapping[int, Deduction]) -> int:
    while (older := lines.get(line.replaces_id or 0)) is not None:
        line = older
    return line.pk


def _named(
    appeals: Iterable[Appeal], lines: Iterable[Deduction], findings: Iterable[Finding]
) -> tuple[OpenMatter, ...]:
    named: list[tuple[str, UUID, Deduction | Finding]] = [
        *((APPEAL, appeal.uuid, appeal.deduction) for appeal in appeals),
        *((LINE, line.uuid, line) for line in lines),
        *((FINDING, finding.uuid, finding) for finding in findings),
    ]
    return tuple(
        OpenMatter(kind, uuid, row.charged_id, row.rule.code, row.rule_version.label, row.happened_on, row.amount)
        for kind, uuid, row in named
    )
