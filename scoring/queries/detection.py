"""Looking at a department's records: which rules apply, what their detectors find, which of them failed."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

from campaigns.models import Campaign, Department, Phase, Term
from qualityseason.tracing import request_id
from scoring import facts
from scoring.calculations import fact_key, fingerprint_of
from scoring.detectors import DETECTORS
from scoring.enums import Proof
from scoring.facts import Detector, RuleTerms, Season, Suspicion, Terms
from scoring.models import Announcement, Rule, RuleVersion
from scoring.queries.sources import SOURCES

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class KnownRule:
    """A rule seen from records, with its versions, oldest first."""

    rule: Rule
    detector: Detector
    versions: tuple[RuleVersion, ...]

    def version(self, *, on: date) -> RuleVersion | None:
        """Return the version in force on that day."""
        return next((version for version in reversed(self.versions) if version.valid_from <= on), None)


@dataclass(frozen=True)
class KnownSeason:
    """What is read once for all departments: rules, dates, and from when silence proves something, by kind."""

    campaign: Campaign
    season: Season
    rules: tuple[KnownRule, ...]
    announced: Mapping[str, date]


@dataclass(frozen=True)
class Seen:
    """A suspicion with the version that prices it, the name of its fact, and what it rests on."""

    rule: Rule
    version: RuleVersion
    suspicion: Suspicion
    charge_key: str
    proof: Proof
    fingerprint: str


@dataclass(frozen=True)
class Trouble:
    """A detector that failed, and the number under which the log tells why."""

    detector: str
    trace: str


@dataclass(frozen=True)
class Looked:
    """What one department's records show; ``failed`` are the ids of rules nothing can be said about now."""

    seen: tuple[Seen, ...]
    troubles: tuple[Trouble, ...]
    failed: frozenset[int]


def know_season(campaign: Campaign, *, on: date) -> KnownSeason:
    """Return the season as detectors take it on that day. Five queries."""
    versions: dict[int, list[RuleVersion]] = defaultdict(list)
    for version in RuleVersion.objects.filter(rule__campaign=campaign).order_by("rule_id", "valid_from", "number"):
        versions[version.rule_id].append(version)
    rules = Rule.objects.filter(campaign=campaign).exclude(detector="").select_related("block", "category")
    announcements = Announcement.objects.standing().filter(campaign=campaign)
    return KnownSeason(
        campaign=campaign,
        season=Season(
            on=on,
            facts_from=campaign.facts_from,
            facts_until=campaign.facts_until,
            assignment_days=campaign.assignment_days,
            phase_ends=dict(Phase.objects.filter(campaign=campaign).values_list("number", "ends_on")),
            terms=tuple(Term.objects.filter(campaign=campaign).values_list("code", "starts_on", "ends_on")),
            summary_parts=tuple(campaign.lists.get("summary_parts", ())),
        ),
        rules=tuple(
            KnownRule(rule, DETECTORS[rule.detector], tuple(versions[rule.pk]))
            for rule in rules
            if rule.detector in DETECTORS
        ),
        announced=dict(announcements.values_list("kind", "starts_on")),
    )


def look_at(department: Department, known: KnownSeason) -> Looked:
    """Return what the department's records show; its block must be loaded. A fixed number of queries.

    A detector that raises, or whose facts cannot be read, is written to the log and reported; the others go on.
    """
    read: dict[str, Any] = {}
    seen: dict[str, Seen] = {}
    troubles: list[Trouble] = []
    failed: set[int] = set()
    for rule in known.rules:
        if rule.rule.block_id not in (None, department.block_id):
            continue
        version = rule.version(on=known.season.on)
        if version is None:
            continue
        try:
            source = rule.detector.source
            if source not in read:
                read[source] = SOURCES[source](department, known.season.on)
            terms = Terms(_rule_terms(rule.rule, version), known.season, _department(department))
            for one in _judged(rule, rule.detector.detect(read[source], terms), terms, known):
                seen.setdefault(one.charge_key, one)
        except Exception:
            trace = request_id.get() or uuid4().hex
            logger.exception("detector %s failed for department %s (%s)", rule.detector.name, department.uuid, trace)
            troubles.append(Trouble(rule.detector.name, trace))
            failed.add(rule.rule.pk)
    return Looked(tuple(seen.values()), tuple(troubles), frozenset(failed))


def _judged(rule: KnownRule, suspicions: Any, terms: Terms, known: KnownSeason) -> list[Seen]:
    """Return the suspicions that count, priced by the day of the fact and weighed by what silence proves."""
    season, closed_on, found = terms.season, terms.department.closed_on, []
    for suspicion in suspicions:
        day = suspicion.happened_on
        if not season.facts_from <= day <= min(season.facts_until, season.on):
            continue
        version = rule.version(on=day)
        if version is None or (closed_on is not None and day >= closed_on):
            continue
        proof = _proof(suspicion, known.announced)
        found.append(
            Seen(
                rule=rule.rule,
                version=version,
                suspicion=suspicion,
                charge_key=fact_key(
                    rule.rule.family,
                    rule.rule.once,
                    department=f"department:{terms.department.uuid}",
                    suspicion=suspicion,
                ),
                proof=proof,
                fingerprint=fingerprint_of(rule.rule.code, suspicion, proof, department=str(terms.department.uuid)),
            )
        )
    return found


def _proof(suspicion: Suspicion, announced: Mapping[str, date]) -> Proof:
    """Silence proves something only about days from the announced one on."""
    if suspicion.is_contradicted:
        return Proof.CONTRADICTED
    if suspicion.silence is None:
        return Proof.PROVEN
    since = announced.get(suspicion.silence)
    return Proof.PROVEN if since is not None and since <= suspicion.happened_on else Proof.NO_RECORD


def _rule_terms(rule: Rule, version: RuleVersion) -> RuleTerms:
    return RuleTerms(
        code=rule.code,
        attribution=rule.attribution,
        maximum=rule.maximum,
        excusable=rule.excusable,
        exempt=frozenset(rule.exempt),
        thresholds=version.thresholds,
    )


def _department(department: Department) -> facts.Department:
    return facts.Department(
        id=department.pk,
        uuid=department.uuid,
        name=department.name,
        kind=department.kind,
        block=department.block.code,
        closed_on=department.closed_on,
    )
