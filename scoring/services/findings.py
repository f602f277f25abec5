"""What a person decides about findings: charged, the same fact as a line, dismissed, or put back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.actors import Actor
from qualityseason.errors import ConflictOfInterest, Refused
from qualityseason.services import audit
from qualityseason.text import tidy
from scoring import policy
from scoring.enums import FindingState
from scoring.models import Announcement, Deduction, Finding
from scoring.services.finding_drafts import draft_of
from scoring.services.finding_lines import hold_findings
from scoring.services.ledger import record_deduction
from scoring.services.tallies import lock_departments

MAXIMUM_REASON = 300


@dataclass(frozen=True)
class Picked:
    """A finding somebody decides, with the fingerprint of what they were shown."""

    uuid: UUID
    fingerprint: str


@dataclass(frozen=True)
class Decided:
    """Which findings were decided, and which not, with the sentence that says why."""

    done: list[Finding]
    refused: list[tuple[Finding, str]]


def charge_findings(picked: Iterable[Picked], *, by: Actor, at: datetime) -> Decided:
    """Record a deduction for each finding as it stands; it waits for its second check like any.

    Each is written by itself, so that one that cannot be leaves the others charged; one the actor has charged already
    (a button pressed twice) counts as done. A line that charges the same fact by another rule is replaced (A11b takes
    the place of A11a).
    """
    done: list[Finding] = []
    refused: list[tuple[Finding, str]] = []
    for finding, one in _found(picked, by=by):
        try:
            with transaction.atomic():
                lock_departments([finding.charged_id])
                fresh = _held(finding)
                if not _is_charged_by(fresh, by, one):
                    _require_open(fresh, one)
                    if not fresh.proposes_points or not _still_counts(fresh):
                        raise Refused(_("The records do not prove it; nothing is proposed here."), code="unproven")
                    record_deduction(draft_of(fresh), by=by, at=at)
                    _audit("finding.charge", fresh, by=by, at=at)
            done.append(fresh)
        except Refused as problem:
            refused.append((finding, str(problem.sentence)))
    return Decided(done, refused)


def dismiss_findings(picked: Iterable[Picked], *, because: str, by: Actor, at: datetime) -> Decided:
    """Dismiss findings for one reason; they return only when their facts change.

    Raises Refused without a reason, or when it is too long.
    """
    because = tidy(because)
    if not because:
        raise Refused(_("Say why it is dismissed."), field="because", code="reason")
    if len(because) > MAXIMUM_REASON:
        sentence = _("This text is too long; keep it under %(maximum)d characters.")
        raise Refused(sentence % {"maximum": MAXIMUM_REASON}, field="because", code="too_long")
    done: list[Finding] = []
    refused: list[tuple[Finding, str]] = []
    for finding, one in _found(picked, by=by):
        try:
            with transaction.atomic():
                lock_departments([finding.charged_id])
                fresh = _held(finding)
                if not _is_dismissed_by(fresh, by, one, because):
                    _require_open(fresh, one)
                    fresh.state, fresh.because = FindingState.DISMISSED, because
                    fresh.decided_by_id, fresh.decided_at = by.user_id, at
                    fresh.save(update_fields=["state", "because", "decided_by", "decided_at"])
                    _audit("finding.dismiss", fresh, by=by, at=at, after={"because": because})
            done.append(fresh)
        except Refused as problem:
            refused.append((finding, str(problem.sentence)))
    return Decided(done, refused)


@transaction.atomic
def match_finding(finding: Finding, line: Deduction, *, fingerprint: str, by: Actor, at: datetime) -> Finding:
    """Say that a standing line charges this very fact already; nothing more is charged for it.

    Raises Refused when the line is withdrawn, charges another department or another family of rules.
    """
    _require_decider(by, finding)
    lock_departments([finding.charged_id])
    fresh = _held(finding)
    _require_open(fresh, Picked(finding.uuid, fingerprint))
    line = Deduction.objects.select_related("rule").get(pk=line.pk)
    fits = (line.campaign_id, line.charged_id, line.rule.family) == (
        fresh.campaign_id,
        fresh.charged_id,
        fresh.rule.family,
    )
    if line.withdrawn_at is not None or not fits:
        raise Refused(_("This deduction cannot be for the same fact: look at the two once more."), code="other_fact")
    if Finding.objects.filter(deduction=line).exists():
        raise Refused(_("This deduction stands for another finding already."), code="taken")
    fresh.state, fresh.deduction, fresh.because = FindingState.CHARGED, line, ""
    fresh.decided_by_id, fresh.decided_at = by.user_id, at
    fresh.save(update_fields=["state", "deduction", "because", "decided_by", "decided_at"])
    _audit("finding.match", fresh, by=by, at=at, after={"deduction": str(line.uuid)})
    return fresh


@transaction.atomic
def reopen_finding(finding: Finding, *, by: Actor, at: datetime) -> Finding:
    """Put a dismissed finding back among the undecided; the next detection lets it go if its ground is gone."""
    _require_decider(by, finding)
    lock_departments([finding.charged_id])
    finding = _held(finding)
    if finding.state == FindingState.OPEN:
        return finding
    if not policy.can_reopen(by, finding):
        raise Refused(_("Only a dismissed finding is put back."), code="state")
    before = {"because": finding.because}
    finding.state, finding.because, finding.decided_by, finding.decided_at = FindingState.OPEN, "", None, None
    finding.save(update_fields=["state", "because", "decided_by", "decided_at"])
    _audit("finding.reopen", finding, by=by, at=at, before=before)
    return finding


def _found(picked: Iterable[Picked], *, by: Actor) -> list[tuple[Finding, Picked]]:
    """Return the findings the actor may know of, in their order; one of own interest refuses the whole act."""
    wanted = {one.uuid: one for one in picked}
    rows = Finding.objects.visible_to(by).filter(uuid__in=wanted).select_related("rule", "charged")
    found = [(finding, wanted[finding.uuid]) for finding in rows]
    for finding, _one in found:
        _require_decider(by, finding)
    return found


def _require_decider(by: Actor, finding: Finding) -> None:
    if by.is_interested_in(finding.charged_id):
        raise ConflictOfInterest(_("You have an interest in this department and take no part in its assessment."))
    if not by.is_team or finding.campaign_id != by.campaign_id:
        raise PermissionDenied


def _held(finding: Finding) -> Finding:
    """Return the finding as it is now, held until the transaction ends; the caller holds its department.

    Raises Refused when it has moved to another department, where somebody else may have to decide it.
    """
    hold_findings(finding.campaign_id, ids=[finding.pk])
    fresh = Finding.objects.select_related(
        "rule", "charged__campaign", "charged__block", "subject_person", "subject_class", "decided_by", "deduction"
    ).get(pk=finding.pk)
    if fresh.charged_id != finding.charged_id:
        raise _stale()
    return fresh


def _require_open(finding: Finding, picked: Picked) -> None:
    """Raise Refused when the finding was decided, is gone, or its facts are not those picked."""
    if finding.state != FindingState.OPEN:
        raise Refused(_decided_meanwhile(finding), code="decided", existing=finding.deduction)
    if finding.fingerprint != picked.fingerprint:
        raise _stale()


def _stale() -> Refused:
    return Refused(_("The records have changed since you were shown this; look at it once more."), code="stale")


def _is_charged_by(finding: Finding, by: Actor, picked: Picked) -> bool:
    """Whether this actor has recorded the line that charges the very facts picked."""
    line = finding.deduction
    is_own = line is not None and (line.finding_id, line.recorded_by_id) == (finding.pk, by.user_id)
    return is_own and finding.fingerprint == picked.fingerprint


def _is_dismissed_by(finding: Finding, by: Actor, picked: Picked, because: str) -> bool:
    said = (finding.state, finding.because, finding.decided_by_id, finding.fingerprint)
    return said == (FindingState.DISMISSED, because, by.user_id, picked.fingerprint)


def _still_counts(finding: Finding) -> bool:
    """Whether the announcement a conclusion from silence rests on has not been withdrawn since it was seen."""
    standing = Announcement.objects.standing().filter(campaign_id=finding.campaign_id, kind=finding.silence)
    return not finding.silence or standing.filter(starts_on__lte=finding.happened_on).exists()


def _decided_meanwhile(finding: Finding) -> str:
    state = finding.get_state_display()
    if finding.decided_by is None:
        return _("Meanwhile: %(state)s.") % {"state": state}
    return _("Decided meanwhile by %(person)s: %(state)s.") % {
        "person": finding.decided_by.display_name,
        "state": state,
    }


def _audit(
    act: str,
    finding: Finding,
    *,
    by: Actor,
    at: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    audit.record(
        act,
        finding,
        by_id=by.user_id,
        campaign_id=finding.campaign_id,
        department_id=finding.charged_id,
        at=at,
        before=before,
        after={"rule": finding.rule.code, "charge_key": finding.charge_key, "amount": finding.amount} | (after or {}),
    )
