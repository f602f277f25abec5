"""Appeals (申诉): a head contests one line once, the office enters one made by word of mouth, somebody else rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.enums import Role
from campaigns.services.attachments import attach_uploads
from qualityseason.clock import day_of
from qualityseason.errors import ConflictOfInterest, Refused
from qualityseason.services import audit
from qualityseason.text import MAXIMUM_TEXT, clean, tidy
from scoring import policy
from scoring.enums import RULINGS, AppealState
from scoring.models import Appeal, Deduction, Rule
from scoring.queries.rulers import why_not_rule
from scoring.services.notices import open_notices
from scoring.services.rulings import reduce_line, revoke_line
from scoring.services.tallies import lock_departments

OWNER = "appeal"
MAXIMUM_NAME = 50


@dataclass(frozen=True)
class WordOfMouth:
    """Who appealed to the office by word of mouth or letter, and on which day."""

    name: str
    on: date


@transaction.atomic
def make_appeal(
    line: Deduction,
    *,
    uuid: UUID,
    reason: str,
    uploads: Sequence[UUID] = (),
    spoken: WordOfMouth | None = None,
    by: Actor,
    at: datetime,
) -> Appeal:
    """Appeal a confirmed line; sent twice it is one appeal. The office gives `spoken`, and may enter a late one.

    A head who appeals a line not opened yet is told of it by that. Raises PermissionDenied or ConflictOfInterest,
    Refused at `reason`, `name` or `on`, or where the line is withdrawn, appealed already, or its window is over.
    """
    _require_appellant(by, line, spoken)
    lock_departments([line.charged_id])
    line = Deduction.objects.select_related("rule", "charged", "replaces").get(pk=line.pk)
    reason, name = tidy(reason), clean(spoken.name) if spoken is not None else ""
    there = Appeal.objects.filter(uuid=uuid).first()
    if there is not None:
        said = (there.deduction_id, there.reason, there.spoken_by, there.appealed_by_id)
        if said == (line.pk, reason, name, by.user_id):
            return there
        raise Refused(_("This form was sent before with other words. Open it anew."), code="reused")
    on = spoken.on if spoken is not None else day_of(at)
    _require_reason(reason)
    if spoken is not None:
        _require_spoken(line, name, on, at=at)
    earlier = _require_appealable(line)
    open_notices([line], by=by, at=at)
    is_late = line.appeal_until is not None and on > line.appeal_until
    if is_late and spoken is None:
        sentence = _("The last day to appeal this was %(day)s. The campaign office can still enter an appeal for you.")
        raise Refused(sentence % {"day": line.appeal_until.isoformat() if line.appeal_until else ""}, code="late")
    appeal = Appeal.objects.create(
        uuid=uuid,
        campaign_id=line.campaign_id,
        department_id=line.charged_id,
        deduction=line,
        earlier=earlier,
        reason=reason,
        appealed_by_id=by.user_id,
        appealed_at=at,
        appealed_on=on,
        spoken_by=name,
        is_late=is_late,
    )
    attach_uploads(
        uploads,
        campaign_id=line.campaign_id,
        department_id=line.charged_id,
        owner_kind=OWNER,
        owner_uuid=appeal.uuid,
        by_id=by.user_id,
        at=at,
    )
    _audit("appeal.make", appeal, by=by, at=at, after={"line": line.uuid, "reason": reason, "is_late": is_late})
    return appeal


@transaction.atomic
def take_back_appeal(appeal: Appeal, *, by: Actor, at: datetime) -> Appeal:
    """Take a pending appeal back; within the window the line may be appealed again.

    A head of the department may, and the office what it entered. Raises Refused when it has been ruled meanwhile.
    """
    lock_departments([appeal.department_id])
    appeal = Appeal.objects.select_for_update(of=("self",)).select_related("deduction").get(pk=appeal.pk)
    if not policy.can_take_back(by, appeal):
        if by.has(Role.OFFICE) and by.is_interested_in(appeal.department_id):
            raise ConflictOfInterest(_("You have an interest in this department: another of the office does it."))
        raise PermissionDenied
    if appeal.state == AppealState.WITHDRAWN:
        return appeal
    if not appeal.is_pending:
        raise Refused(_("It has been ruled: %(state)s.") % {"state": appeal.get_state_display()}, code="ruled")
    appeal.state, appeal.withdrawn_by_id, appeal.withdrawn_at = AppealState.WITHDRAWN, by.user_id, at
    appeal.save(update_fields=["state", "withdrawn_by", "withdrawn_at"])
    _audit("appeal.take-back", appeal, by=by, at=at)
    return appeal


@transaction.atomic
def rule_appeal(
    appeal: Appeal,
    *,
    state: AppealState,
    ruling: str,
    rule: Rule | None = None,
    quantity: int | None = None,
    by: Actor,
    at: datetime,
) -> Appeal:
    """Rule on an appeal: uphold it as it stands, reduce it to a rule and quantity, or revoke it; the ledger follows.

    Sent twice it is one ruling. Raises ConflictOfInterest or PermissionDenied, Refused at `ruling`, `rule`, `quantity`.
    """
    if appeal.campaign_id != by.campaign_id:
        raise PermissionDenied
    lock_departments([appeal.department_id])
    appeal = Appeal.objects.select_for_update(of=("self",)).get(pk=appeal.pk)
    lines = Deduction.objects.select_related(
        "rule", "rule_version", "charged__block", "charged__campaign", "visited", "finding", "inspection", "batch",
        "subject_person", "subject_class",
    )  # fmt: skip
    line = lines.get(pk=appeal.deduction_id)
    ruling, rule = tidy(ruling), rule or line.rule
    if _is_ruled_so(appeal, state, ruling, rule, quantity, by):
        return appeal
    _require_ruler(by, appeal, line, at=at)
    if state not in RULINGS:
        raise Refused(_("Choose a ruling."), field="state", code="state")
    if not 0 < len(ruling) <= MAXIMUM_TEXT:
        raise Refused(_("Give the reason of the ruling, at most 2,000 characters."), field="ruling", code="reason")
    if line.withdrawn_at is not None:
        raise Refused(
            _("The deduction was withdrawn meanwhile, so that there is nothing left to rule."), code="withdrawn"
        )
    if state == AppealState.REVOKED:
        revoke_line(line, because=_("Revoked on appeal: %(reason)s") % {"reason": ruling}, by=by, at=at)
    elif state == AppealState.REDUCED:
        because = _("Reduced on appeal: %(reason)s") % {"reason": ruling}
        appeal.outcome = reduce_line(line, rule=rule, quantity=quantity or 0, because=because, by=by, at=at)
    appeal.state, appeal.ruling, appeal.ruled_by_id, appeal.ruled_at = state, ruling, by.user_id, at
    appeal.save(update_fields=["state", "ruling", "ruled_by", "ruled_at", "outcome"])
    outcome = str(appeal.outcome.uuid) if appeal.outcome is not None else None
    _audit("appeal.rule", appeal, by=by, at=at, after={"state": state, "ruling": ruling, "outcome": outcome})
    return appeal


def _is_ruled_so(appeal: Appeal, state: AppealState, ruling: str, rule: Rule, quantity: int | None, by: Actor) -> bool:
    """Whether this very ruling stands already: the form came twice."""
    if (appeal.state, appeal.ruling, appeal.ruled_by_id) != (state, ruling, by.user_id):
        return False
    made = appeal.outcome
    return made is None or (made.rule_id, made.quantity) == (rule.pk, quantity)


def _require_ruler(by: Actor, appeal: Appeal, line: Deduction, *, at: datetime) -> None:
    sentence = why_not_rule(by, appeal, line, on=day_of(at))
    if not sentence:
        return
    if by.is_interested_in(line.charged_id, line.visited_id):
        raise ConflictOfInterest(_("You have an interest in this department and take no part in its assessment."))
    raise Refused(sentence, code="not_ruler" if appeal.is_pending else "ruled")


def _require_reason(reason: str) -> None:
    if not reason:
        raise Refused(_("Write why the deduction is contested."), field="reason", code="empty")
    if len(reason) > MAXIMUM_TEXT:
        sentence = _("Write at most %(maximum)d characters.") % {"maximum": MAXIMUM_TEXT}
        raise Refused(sentence, field="reason", code="long")


def _require_spoken(line: Deduction, name: str, on: date, *, at: datetime) -> None:
    if not 0 < len(name) <= MAXIMUM_NAME:
        raise Refused(_("Write who appealed, at most 50 characters."), field="name", code="name")
    if on > day_of(at):
        raise Refused(_("The appeal cannot be of a day still to come."), field="on", code="future")
    if line.confirmed_at is not None and on < day_of(line.confirmed_at):
        sentence = _("The deduction was confirmed on %(day)s; nobody can have appealed it before.")
        raise Refused(sentence % {"day": day_of(line.confirmed_at).isoformat()}, field="on", code="before")


def _require_appellant(by: Actor, line: Deduction, spoken: WordOfMouth | None) -> None:
    if spoken is not None:
        if by.is_interested_in(line.charged_id, line.visited_id):
            raise ConflictOfInterest(_("You have an interest in this department: another of the office enters it."))
        if not policy.can_enter_appeal(by, line):
            raise PermissionDenied
    elif not policy.can_appeal(by, line):
        raise PermissionDenied


def _require_appealable(line: Deduction) -> Appeal | None:
    """Return the appeal whose ruling made this line, None for a first one; raises Refused where none is possible."""
    if line.withdrawn_at is not None:
        raise Refused(_("This deduction has been withdrawn; there is nothing left to appeal."), code="withdrawn")
    if line.confirmed_at is None:
        raise Refused(_("This deduction is not confirmed yet."), code="unconfirmed")
    there = Appeal.objects.filter(deduction=line).exclude(state=AppealState.WITHDRAWN).first()
    if there is not None:
        sentence = _("This deduction was appealed on %(day)s already: %(state)s.")
        words = {"day": there.appealed_on.isoformat(), "state": there.get_state_display()}
        raise Refused(sentence % words, code="again", existing=there)
    earlier = Appeal.objects.filter(outcome=line).first()
    if earlier is not None and earlier.earlier_id is not None:
        raise Refused(_("This was appealed and changed twice already; it stands now."), code="exhausted")
    return earlier


def _audit(act: str, appeal: Appeal, *, by: Actor, at: datetime, after: dict[str, Any] | None = None) -> None:
    audit.record(
        act,
        appeal,
        by_id=by.user_id,
        campaign_id=appeal.campaign_id,
        department_id=appeal.department_id,
        at=at,
        after=after,
    )
