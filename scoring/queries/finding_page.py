"""One finding with all that belongs to it, as far as the reader may know. A fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.models import Campaign
from qualityseason.models import User
from scoring import policy
from scoring.enums import FindingState, Proof
from scoring.models import Deduction, Finding
from scoring.queries.deductions import Event, author
from scoring.queries.finding_facts import Change, FactTable, changes_between, fact_tables
from scoring.queries.finding_filters import Findings
from scoring.queries.finding_words import why
from scoring.queries.periods import period_name

NEAR = timedelta(days=14)  # how far the day of a line may lie from that of the same fact
MATCHES = 10  # lines offered as the same fact


@dataclass(frozen=True)
class Match:
    """A standing line that may charge the same fact."""

    uuid: UUID
    code: str
    subject: str
    quantity: int
    amount: Decimal
    happened_on: str
    note: str
    state: str
    has_same_subject: bool


@dataclass(frozen=True)
class FindingPage:
    """What the page of a finding shows besides the finding itself."""

    finding: Finding
    sentence: str
    period: str
    tables: tuple[FactTable, ...]
    changes: tuple[Change, ...]
    events: tuple[Event, ...]
    matches: tuple[Match, ...]
    line: Deduction | None
    may_decide: bool
    may_reopen: bool


def page_findings(actor: Actor) -> Findings:
    """Return the visible findings with what a page about one of them names."""
    return Finding.objects.visible_to(actor).select_related(
        "charged__block", "rule__category", "rule_version", "decided_by", "subject_person", "subject_class"
    )


def load_finding(actor: Actor, campaign: Campaign, finding: Finding) -> FindingPage:
    """Return everything about a finding loaded with `page_findings`. Four queries at most."""
    is_own = actor.is_interested_in(finding.charged_id)
    may_decide = policy.can_decide(actor, finding)
    lines = Deduction.objects.visible_to(actor).select_related("rule")
    return FindingPage(
        finding=finding,
        sentence=why(finding),
        period=period_name(campaign.pk, finding.period),
        tables=fact_tables(finding.facts, detector=finding.rule.detector, campaign=campaign, actor=actor),
        changes=() if is_own else _changes(finding),
        events=_events(actor, finding, is_own=is_own),
        matches=_matches(actor, finding) if may_decide else (),
        line=lines.filter(pk=finding.deduction_id).first() if finding.deduction_id else None,
        may_decide=may_decide,
        may_reopen=policy.can_reopen(actor, finding),
    )


def _changes(finding: Finding) -> tuple[Change, ...]:
    """Return what differs from when it was decided before, nothing where it never was."""
    earlier = finding.earlier
    if earlier is None:
        return ()
    whole = (
        (_("Rule"), earlier["rule"], finding.rule.code),
        (_("Quantity"), str(earlier["quantity"]), str(finding.quantity)),
        (_("What it rests on"), str(Proof(earlier["proof"]).label), str(Proof(finding.proof).label)),
    )
    changed = tuple(Change("", label, before, now) for label, before, now in whole if before != now)
    return changed + changes_between(earlier["facts"], finding.facts, detector=finding.rule.detector)


def _events(actor: Actor, finding: Finding, *, is_own: bool) -> tuple[Event, ...]:
    named = actor.sees_names and not is_own
    events = [Event(_("Was first seen"), finding.first_seen_at, "")]
    if finding.earlier is not None and finding.earlier["at"] and not is_own:
        events.append(_earlier(finding.earlier, named=named))
    if finding.decided_at is not None:
        by = author(finding.decided_by.display_name if finding.decided_by else None, named=named)
        events.append(Event(_decided(finding.state), finding.decided_at, by, finding.because))
    if finding.gone_at is not None:
        events.append(Event(_("Was gone by itself"), finding.gone_at, ""))
    events.append(Event(_("Was last seen"), finding.last_seen_at, ""))
    return tuple(events)


def _earlier(earlier: dict[str, Any], *, named: bool) -> Event:
    user = User.objects.filter(pk=earlier["by"]).first() if named else None
    name = user.display_name if user else _("Assessment team")
    at = datetime.fromisoformat(earlier["at"])
    return Event(_decided(earlier["state"]), at, name, earlier["because"])


def _decided(state: str) -> str:
    return _("Was charged") if state == FindingState.CHARGED else _("Was dismissed")


def _matches(actor: Actor, finding: Finding) -> tuple[Match, ...]:
    """Return the standing lines of the family that no finding has, of the same subject or of a day near by.

    A line about another person or class of the lists is another fact.
    """
    near = Q(happened_on__range=(finding.happened_on - NEAR, finding.happened_on + NEAR))
    if finding.subject_person_id is not None or finding.subject_class_id is not None:
        near &= Q(subject_person__isnull=True, subject_class__isnull=True)
    same = _same_subject(finding)
    lines = (
        Deduction.objects.visible_to(actor)
        .standing()
        .filter(charged_id=finding.charged_id, rule__family=finding.rule.family, finding__isnull=True)
        .exclude(
            pk__in=Finding.objects.filter(charged_id=finding.charged_id, deduction__isnull=False).values("deduction")
        )
        .filter(near | same if same else near)
        .select_related("rule")
    )
    matches = [_match(finding, line) for line in lines[:MATCHES]]
    return tuple(sorted(matches, key=lambda match: not match.has_same_subject))


def _same_subject(finding: Finding) -> Q | None:
    if finding.subject_person_id is not None:
        return Q(subject_person_id=finding.subject_person_id)
    if finding.subject_class_id is not None:
        return Q(subject_class_id=finding.subject_class_id)
    return Q(subject_label=finding.subject_label) if finding.subject_label else None


def _match(finding: Finding, line: Deduction) -> Match:
    mine = (finding.subject_person_id, finding.subject_class_id, finding.subject_label)
    return Match(
        uuid=line.uuid,
        code=line.rule.code,
        subject=line.subject_label,
        quantity=line.quantity,
        amount=line.amount,
        happened_on=line.happened_on.isoformat(),
        note=line.note,
        state=str(line.state),
        has_same_subject=bool(any(mine))
        and mine == (line.subject_person_id, line.subject_class_id, line.subject_label),
    )
