"""What a ruling does to the ledger: the appealed line is withdrawn, or gives its place to a lighter one."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from uuid import uuid4

from django.utils.translation import gettext as _

from campaigns.actors import Actor
from qualityseason.errors import Refused
from scoring.models import Deduction, Rule
from scoring.queries.ruling_choices import lighter_rules
from scoring.queries.subjects import stored_subject
from scoring.services.checks import check_draft
from scoring.services.drafts import DeductionDraft
from scoring.services.finding_lines import hold_findings, settle_finding
from scoring.services.ledger_rows import audit_line, body_of, carry_files, insert_line, withdraw_line
from scoring.services.notices import owe_notices
from scoring.services.once import charge_key_of, key_of
from scoring.services.tallies import recompute_tallies

MAXIMUM_BECAUSE = 300  # characters the ledger keeps of the reason of a withdrawal


def revoke_line(line: Deduction, *, because: str, by: Actor, at: datetime) -> None:
    """Withdraw a confirmed line by a ruling. The caller holds the department's lock and has asked who may rule."""
    withdraw_line(line, by=by, at=at, because=because[:MAXIMUM_BECAUSE])
    recompute_tallies(line.charged_id, category_ids=[line.category_id])
    owe_notices(line.charged_id, by_id=by.user_id, at=at)


def reduce_line(line: Deduction, *, rule: Rule, quantity: int, because: str, by: Actor, at: datetime) -> Deduction:
    """Put a smaller quantity, or a lighter line of the same clause, in the place of a confirmed line; returns it.

    The original recorder and the files stay, the ruler confirms; the department is told anew. The caller holds the
    department's lock and has asked who may rule. Raises Refused where the result would not be smaller, or of another
    clause, or where the lighter line charges its fact already.
    """
    if rule.pk != line.rule_id and rule.pk not in {other.pk for other in lighter_rules(line)}:
        raise Refused(_("Choose the same line or another one of the same clause."), field="rule", code="other_clause")
    draft = _draft_of(line, rule=rule, quantity=quantity)
    version = check_draft(draft, at=at) if rule.pk != line.rule_id else line.rule_version
    if quantity < 1 or _amount(version.points, quantity) >= line.amount:
        sentence = _("A reduction must cost less than %(amount)s; otherwise uphold or revoke it.")
        raise Refused(sentence % {"amount": line.amount}, field="quantity", code="not_smaller")
    key = _key_of(draft, line.period)
    hold_findings(line.campaign_id, ids=[line.finding_id] if line.finding_id else [], keys=[key_of(line), key])
    _require_free(line, key)
    original = replace(by, user_id=line.recorded_by_id)
    made = insert_line(draft, version, line.period, None, by=original, at=at)
    audit_line("deduction.record", made, by=by, at=at, after=body_of(made))
    withdraw_line(line, by=by, at=at, because=because[:MAXIMUM_BECAUSE])
    made.confirmed_by_id, made.confirmed_at, made.charge_key = by.user_id, at, key
    made.save(update_fields=["confirmed_by", "confirmed_at", "charge_key"])
    settle_finding(made, at=at)
    carry_files(line, made)
    audit_line("deduction.confirm", made, by=by, at=at)
    recompute_tallies(line.charged_id, category_ids=[line.category_id])
    owe_notices(line.charged_id, by_id=by.user_id, at=at)
    return made


def _amount(points: Decimal, quantity: int) -> Decimal:
    return points * quantity


def _key_of(draft: DeductionDraft, period: str) -> str | None:
    if draft.finding is not None:
        return draft.finding.charge_key
    return charge_key_of(draft.rule, draft.charged, draft.subject, period)


def _require_free(line: Deduction, key: str | None) -> None:
    """Raise Refused where another standing line charges the fact the reduced one would charge."""
    standing = Deduction.objects.standing().filter(campaign_id=line.campaign_id, charge_key=key).exclude(pk=line.pk)
    other = standing.select_related("rule").first() if key is not None else None
    if other is not None:
        sentence = _("%(rule)s is charged already, on %(day)s. Revoke this one instead, or choose another reduction.")
        words = {"rule": other.rule.code, "day": other.happened_on.isoformat()}
        raise Refused(sentence % words, field="rule", code="charged", existing=other)


def _draft_of(line: Deduction, *, rule: Rule, quantity: int) -> DeductionDraft:
    """Return the draft of the line that takes the place of `line`; another family of rules is another fact."""
    return DeductionDraft(
        uuid=uuid4(),
        charged=line.charged,
        rule=rule,
        quantity=quantity,
        happened_on=line.happened_on,
        subject=stored_subject(line),
        month=line.period,
        note=line.note,
        visited=line.visited,
        inspection=line.inspection,
        answers=line.answers,
        replaces=line,
        finding=line.finding if rule.family == line.rule.family else None,
        batch=line.batch,
    )
