"""The ledger: record, confirm, withdraw. The only writer of deductions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.models import Term
from campaigns.services.attachments import attach_uploads
from qualityseason.errors import ConflictOfInterest, Refused
from scoring import policy
from scoring.enums import TRANSITIONS, DeductionState, Once
from scoring.models import Deduction
from scoring.services.checks import check_draft
from scoring.services.drafts import DeductionDraft
from scoring.services.finding_lines import hold_findings, require_fitting, settle_finding
from scoring.services.ledger_rows import audit_line, body_of, insert_line, withdraw_line
from scoring.services.notices import owe_notices
from scoring.services.once import (
    charge_key_of,
    holder_of,
    key_of,
    namesake_key_of,
    require_replaceable,
    require_uncharged,
)
from scoring.services.tallies import lock_departments, recompute_tallies
from scoring.services.under_appeal import why_left_to_ruling


@dataclass(frozen=True)
class Confirmation:
    """Which lines were confirmed and which not, with the sentence that says why."""

    confirmed: list[Deduction]
    refused: list[tuple[Deduction, str]]


def record_deduction(draft: DeductionDraft, *, by: Actor, at: datetime, tally: bool = True) -> Deduction:
    """Record one line; the same uuid with the same body returns the first line.

    Without `tally` the caller recomputes the tallies in the same transaction (many lines brought in at once).
    Raises ConflictOfInterest or PermissionDenied when the actor may not, Refused with field and sentence otherwise.
    Serves every clause of the rulebook; once-rules hold by the charge key.
    """
    _require_recorder(by, draft)
    try:
        with transaction.atomic():
            lock_departments([draft.charged.pk])
            first = Deduction.objects.filter(uuid=draft.uuid).first()
            if first is not None:
                return _attached(_answer_again(first, draft, by=by), draft, by=by, at=at)
            version = check_draft(draft, at=at)
            period = _period_of(draft, _term_of(draft))
            key = _key_of(draft, period)
            named = [] if draft.finding is None else [draft.finding.pk]
            hold_findings(draft.charged.campaign_id, ids=named, keys=[key])
            if draft.replaces is None:
                _require_uncharged(draft, period, by=by)
            else:
                require_replaceable(draft.replaces, key, rule=draft.rule, by=by, finding=draft.finding)
                key = None
            if draft.finding is not None:
                require_fitting(draft.finding, rule=draft.rule, charged=draft.charged)
            line = insert_line(draft, version, period, key, by=by, at=at)
            settle_finding(line, at=at)
            if tally:
                recompute_tallies(line.charged_id, category_ids=[line.category_id])
            audit_line("deduction.record", line, by=by, at=at, after=body_of(line))
            return _attached(line, draft, by=by, at=at)
    except IntegrityError:
        first = Deduction.objects.filter(uuid=draft.uuid).first()
        if first is not None:
            return _answer_again(first, draft, by=by)
        _require_uncharged(draft, _period_of(draft, _term_of(draft)), by=by)
        raise


def confirm_deductions(lines: Iterable[Deduction], *, by: Actor, at: datetime) -> Confirmation:
    """Confirm recorded lines as the second person; lines that may not be are left and said why.

    A line that replaces another withdraws it and takes its charge key in the same transaction.
    """
    confirmed: list[Deduction] = []
    refused: list[tuple[Deduction, str]] = []
    with transaction.atomic():
        asked = list(lines)
        replacing = [line for line in asked if line.replaces is not None]
        replaced = [line.replaces.charged_id for line in replacing if line.replaces is not None]
        lock_departments([*(line.charged_id for line in asked), *replaced])
        hold_findings(by.campaign_id, keys=[key_of(line) for line in replacing])
        fresh = Deduction.objects.select_related(
            "rule", "charged", "replaces", "subject_person", "subject_class", "finding"
        )
        touched: dict[int, set[int]] = defaultdict(set)
        for line in fresh.filter(pk__in=[line.pk for line in asked]).order_by("pk"):
            sentence = why_not_confirm(by, line)
            if sentence:
                refused.append((line, sentence))
                continue
            line.confirmed_by_id, line.confirmed_at = by.user_id, at
            if line.replaces is None:
                line.save(update_fields=["confirmed_by", "confirmed_at"])
            elif _replace(line, line.replaces, by=by, at=at):
                touched[line.replaces.charged_id].add(line.replaces.category_id)
            else:
                refused.append((line, _taken_meanwhile()))
                continue
            touched[line.charged_id].add(line.category_id)
            audit_line("deduction.confirm", line, by=by, at=at)
            confirmed.append(line)
        for department_id, category_ids in touched.items():
            recompute_tallies(department_id, category_ids=category_ids)
            owe_notices(department_id, by_id=by.user_id, at=at)
    return Confirmation(confirmed, refused)


def why_not_confirm(by: Actor, line: Deduction) -> str:
    """Return the sentence that says why the actor may not confirm this line, or '' when it is allowed."""
    if DeductionState.CONFIRMED not in TRANSITIONS[line.state]:
        return _("It is no longer waiting: %(state)s.") % {"state": line.state.label}
    if line.recorded_by_id == by.user_id:
        return _("You recorded it yourself; another member of the team must confirm it.")
    if by.is_interested_in(line.charged_id, line.visited_id) or _is_interested_in_replaced(by, line):
        return _("You have an interest in this department and take no part in its assessment.")
    if line.replaces is not None and holder_of(line, key_of(line)) is not None:
        return _taken_meanwhile()
    if line.replaces is not None and (sentence := why_left_to_ruling(line.replaces)):
        return sentence
    return "" if policy.can_confirm(by, line) else _("Only the assessment team confirms deductions.")


def withdraw_deduction(line: Deduction, *, by: Actor, at: datetime, because: str, tally: bool = True) -> Deduction:
    """Withdraw a line with a reason and return it as it now stands.

    Without `tally` the caller recomputes the tallies in the same transaction (many lines withdrawn at once).
    Raises Refused without a reason, when it is withdrawn already or under appeal, PermissionDenied when the actor may
    not.
    """
    if not because.strip():
        raise Refused(_("Say why the deduction is withdrawn."), field="because", code="reason")
    with transaction.atomic():
        lock_departments([line.charged_id])
        line = Deduction.objects.select_related("rule", "charged").get(pk=line.pk)
        if DeductionState.WITHDRAWN not in TRANSITIONS[line.state]:
            raise Refused(_("This deduction has been withdrawn already."), code="withdrawn", existing=line)
        if by.is_interested_in(line.charged_id, line.visited_id):
            raise ConflictOfInterest(_("You have an interest in this department and take no part in its assessment."))
        if not policy.can_withdraw(by, line):
            raise PermissionDenied
        if sentence := why_left_to_ruling(line):
            raise Refused(sentence, code="appealed")
        withdraw_line(line, by=by, at=at, because=because.strip()[:300])
        if tally:
            recompute_tallies(line.charged_id, category_ids=[line.category_id])
        if line.confirmed_at is not None and line.told_at is None:
            owe_notices(line.charged_id, by_id=by.user_id, at=at)
        return line


def _require_recorder(by: Actor, draft: DeductionDraft) -> None:
    departments = (draft.charged.pk, draft.visited_department.pk)
    if by.is_interested_in(*departments):
        raise ConflictOfInterest(_("You have an interest in this department and take no part in its assessment."))
    if draft.charged.campaign_id != by.campaign_id or not policy.can_record(by, *departments):
        raise PermissionDenied(_("Only the assessment team records deductions."))


def _answer_again(first: Deduction, draft: DeductionDraft, *, by: Actor) -> Deduction:
    if first.body_hash != draft.body_hash() or first.recorded_by_id != by.user_id:
        raise Refused(
            _("This form was already used for another deduction, so nothing has been recorded now."),
            code="uuid_reused",
            existing=first if first.recorded_by_id == by.user_id else None,
        )
    return first


def _term_of(draft: DeductionDraft) -> Term | None:
    if draft.rule.once != Once.TERM:
        return None
    day = draft.happened_on
    return Term.objects.filter(campaign_id=draft.charged.campaign_id, starts_on__lte=day, ends_on__gte=day).first()


def _period_of(draft: DeductionDraft, term: Term | None) -> str:
    if draft.rule.once == Once.TERM:
        if term is None:
            raise Refused(_("This day lies in no term of the campaign."), field="happened_on", code="no_term")
        return term.code
    if draft.rule.once == Once.MONTH:
        return draft.month or f"{draft.happened_on:%Y-%m}"
    return ""


def _key_of(draft: DeductionDraft, period: str) -> str | None:
    """Return the charge key of the fact the draft names, else of what its subject says."""
    if draft.finding is not None:
        return draft.finding.charge_key
    return charge_key_of(draft.rule, draft.charged, draft.subject, period)


def _require_uncharged(draft: DeductionDraft, period: str, *, by: Actor) -> None:
    said = (make(draft.rule, draft.charged, draft.subject, period) for make in (charge_key_of, namesake_key_of))
    require_uncharged(_key_of(draft, period), *said, campaign_id=draft.charged.campaign_id, by=by)


def _taken_meanwhile() -> str:
    return _("This fact is charged by another deduction meanwhile; withdraw one of the two.")


def _is_interested_in_replaced(by: Actor, line: Deduction) -> bool:
    old = line.replaces
    return old is not None and by.is_interested_in(old.charged_id, old.visited_id)


def _attached(line: Deduction, draft: DeductionDraft, *, by: Actor, at: datetime) -> Deduction:
    """Attach the files of the draft; those the line has already are passed over. A withdrawn line takes none."""
    if draft.files and line.withdrawn_at is None:
        attach_uploads(
            draft.files,
            campaign_id=line.campaign_id,
            department_id=line.charged_id,
            owner_kind="deduction",
            owner_uuid=line.uuid,
            by_id=by.user_id,
            at=at,
        )
    return line


def _replace(line: Deduction, old: Deduction, *, by: Actor, at: datetime) -> bool:
    """Withdraw `old` and give its place to the confirmed `line`; False, nothing written, when another line holds it."""
    try:
        with transaction.atomic():
            if old.withdrawn_at is None:
                withdraw_line(old, by=by, at=at, because=_("Replaced by a later deduction for the same fact."))
            line.charge_key = key_of(line)
            line.save(update_fields=["confirmed_by", "confirmed_at", "charge_key"])
            settle_finding(line, at=at)
    except IntegrityError:
        return False
    return True
