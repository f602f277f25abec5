"""One department's findings against what its records show now."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q

from campaigns.models import Department
from scoring.calculations import ZERO, text_key
from scoring.enums import FindingState, Proof
from scoring.enums.findings import DECIDED
from scoring.facts import Subject
from scoring.models import Deduction, Finding, Rule
from scoring.queries.detection import Looked, Seen
from scoring.services.once import charge_key_of

FIXED = frozenset({"id", "uuid", "campaign", "charge_key", "first_seen_at"})
CHANGING = [column.name for column in Finding._meta.concrete_fields if column.name not in FIXED]
BATCH = 200  # findings written by one statement


@dataclass
class Outcome:
    """How many findings were opened, returned with other facts, or were gone; and how many detectors failed."""

    opened: int = 0
    returned: int = 0
    gone: int = 0
    troubles: int = 0

    def add(self, other: Outcome) -> None:
        """Count another department's."""
        for name, count in vars(other).items():
            setattr(self, name, getattr(self, name) + count)


@dataclass
class Reconciling:
    """One department's findings against what was seen; the caller holds the department's lock."""

    department: Department
    looked: Looked
    at: datetime
    outcome: Outcome = field(default_factory=Outcome)
    new: list[Finding] = field(default_factory=list)
    changed: list[Finding] = field(default_factory=list)
    unchanged: list[int] = field(default_factory=list)

    def run(self) -> Outcome:
        """Settle all that was seen, let go what was not, and return what changed. A fixed number of queries.

        All findings it may write are held first, and new ones written in the order of their keys, since another
        department's records may show the same facts at the same time.
        """
        keys = {seen.charge_key for seen in self.looked.seen}
        mine = Q(charged=self.department, state=FindingState.OPEN)
        findings = Finding.objects.filter(
            mine | Q(charge_key__in=keys), campaign_id=self.department.campaign_id
        ).select_for_update(of=("self",), no_key=True)
        findings = findings.select_related("rule", "deduction").order_by("pk")
        known = {finding.charge_key: finding for finding in findings}
        lines = self._lines(keys)
        for seen in self.looked.seen:
            line = lines.get(seen.charge_key)
            if line is None or not _charges(line, seen):
                line = self._namesake(seen, lines)
            self._settle(seen, known.get(seen.charge_key), line)
        Finding.objects.bulk_create(sorted(self.new, key=lambda finding: finding.charge_key))
        Finding.objects.bulk_update(self.changed, CHANGING, batch_size=BATCH)
        Finding.objects.filter(pk__in=self.unchanged).update(last_seen_at=self.at)
        still_open = Finding.objects.filter(charged=self.department, state=FindingState.OPEN)
        gone = still_open.exclude(charge_key__in=keys)
        if self.looked.failed:  # one fact may be seen by any rule of a family
            families = set(Rule.objects.filter(pk__in=self.looked.failed).values_list("family", flat=True))
            gone = gone.exclude(rule__family__in=families)
        self.outcome.gone = gone.update(state=FindingState.GONE, gone_at=self.at)
        self.outcome.opened, self.outcome.troubles = len(self.new), len(self.looked.troubles)
        return self.outcome

    def _lines(self, keys: set[str]) -> dict[str | None, Deduction]:
        wanted = keys | {key for key in map(self._namesake_key, self.looked.seen) if key}
        standing = Deduction.objects.standing().filter(campaign_id=self.department.campaign_id, charge_key__in=wanted)
        return {line.charge_key: line for line in standing.select_related("rule")}

    def _namesake(self, seen: Seen, lines: dict[str | None, Deduction]) -> Deduction | None:
        """Return the line that charges the same by the text of its subject alone."""
        line = lines.get(self._namesake_key(seen))
        return line if line is not None and line.rule_id == seen.rule.pk else None

    def _namesake_key(self, seen: Seen) -> str | None:
        label = seen.suspicion.subject.label
        if not label:
            return None
        subject = Subject(label, key=text_key(label, seen.rule.subject))
        return charge_key_of(seen.rule, self.department, subject, seen.suspicion.period)

    def _settle(self, seen: Seen, finding: Finding | None, line: Deduction | None) -> None:
        """Open, keep, change or close one finding; `line` charges it already by this very rule."""
        if finding is None:
            if line is None:
                self.new.append(self._new(seen))
        elif line is not None:
            self._charge(finding, line)
        elif finding.state == FindingState.OPEN and self._is_elsewhere(finding, seen):
            pass  # another department's records show it first
        elif _still_holds(finding, seen):
            self.unchanged.append(finding.pk)
        else:
            self._open(finding, seen)

    def _is_elsewhere(self, finding: Finding, seen: Seen) -> bool:
        """Whether other records of another department show the fact; the same ones have moved here since."""
        here = {str(fact.uuid) for fact in seen.suspicion.rests_on}
        if finding.charged_id == self.department.pk:
            return False
        return not here or here != {fact.get("uuid") for fact in finding.facts}

    def _new(self, seen: Seen) -> Finding:
        return Finding(
            campaign_id=self.department.campaign_id,
            charge_key=seen.charge_key,
            first_seen_at=self.at,
            peak=_peak(seen),
            **self._values(seen),
        )

    def _charge(self, finding: Finding, line: Deduction) -> None:
        if finding.state == FindingState.CHARGED:
            self.unchanged.append(finding.pk)
            return
        finding.state, finding.deduction, finding.gone_at = FindingState.CHARGED, line, None
        finding.decided_by_id, finding.decided_at, finding.because = line.recorded_by_id, line.recorded_at, ""
        finding.last_seen_at = self.at
        self.changed.append(finding)

    def _open(self, finding: Finding, seen: Seen) -> None:
        if finding.state != FindingState.OPEN:
            self.outcome.returned += 1
        if finding.state in DECIDED:
            finding.earlier = _earlier(finding)
        peak = self._peak_before(finding, seen)
        for name, value in self._values(seen).items():
            setattr(finding, name, value)
        finding.peak = max(peak, _peak(seen))
        finding.state, finding.deduction, finding.gone_at = FindingState.OPEN, None, None
        finding.decided_by, finding.decided_at, finding.because = None, None, ""
        self.changed.append(finding)

    def _peak_before(self, finding: Finding, seen: Seen) -> Decimal:
        """Return what it would have cost here at the price of now: a move or another price mends nothing."""
        peak: Decimal = finding.peak
        if finding.charged_id != self.department.pk:
            return ZERO
        if finding.rule_id == seen.rule.pk and finding.points != seen.version.points:
            peak = (peak / finding.points * seen.version.points).quantize(ZERO)
        return peak

    def _values(self, seen: Seen) -> dict[str, Any]:
        suspicion = seen.suspicion
        return {
            "charged": self.department,
            "rule": seen.rule,
            "rule_version": seen.version,
            "reason": suspicion.reason,
            "parameters": dict(suspicion.parameters),
            "quantity": suspicion.quantity,
            "points": seen.version.points,
            "amount": seen.version.points * suspicion.quantity,
            "subject_person_id": suspicion.subject.person_id,
            "subject_class_id": suspicion.subject.class_id,
            "subject_label": suspicion.subject.label[:200],
            "period": suspicion.period,
            "happened_on": suspicion.happened_on,
            "facts": [fact.frozen() for fact in suspicion.rests_on],
            "fingerprint": seen.fingerprint,
            "proof": seen.proof,
            "silence": suspicion.silence or "",
            "last_seen_at": self.at,
        }


def _still_holds(finding: Finding, seen: Seen) -> bool:
    """Whether the finding stands as it is: open or dismissed with the same facts, or charged by the very rule."""
    if finding.state == FindingState.CHARGED:
        return finding.rule_id == seen.rule.pk or finding.rule.block_id != seen.rule.block_id
    if finding.state == FindingState.OPEN and finding.points != seen.version.points:
        return False
    if finding.state == FindingState.DISMISSED and _was_dismissed_before(finding, seen):
        return True
    return finding.state != FindingState.GONE and finding.fingerprint == seen.fingerprint


def _was_dismissed_before(finding: Finding, seen: Seen) -> bool:
    """Whether these very facts were dismissed, too, before others came: of two records that alternate, say."""
    earlier = finding.earlier or {}
    return bool(earlier.get("state") == FindingState.DISMISSED and earlier["fingerprint"] == seen.fingerprint)


def _charges(line: Deduction, seen: Seen) -> bool:
    """Whether the line charges the fact seen: by its rule, or by the twin of the other block."""
    return line.rule_id == seen.rule.pk or line.rule.block_id != seen.rule.block_id


def _peak(seen: Seen) -> Decimal:
    """Return what it would cost, nothing while it proposes no points."""
    return seen.version.points * seen.suspicion.quantity if seen.proof == Proof.PROVEN else ZERO


def _earlier(finding: Finding) -> dict[str, Any]:
    return {
        "state": finding.state,
        "rule": finding.rule.code,
        "quantity": finding.quantity,
        "proof": finding.proof,
        "parameters": finding.parameters,
        "facts": finding.facts,
        "fingerprint": finding.fingerprint,
        "deduction": str(finding.deduction.uuid) if finding.deduction is not None else None,
        "because": finding.because,
        "by": finding.decided_by_id,
        "at": finding.decided_at.isoformat() if finding.decided_at else None,
    }
