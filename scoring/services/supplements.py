"""Supplements adopted: a decision of the leading group becomes versions of rules, and waiting lines follow it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.enums import DecisionKind, Role
from campaigns.hooks import tell_facts_changed
from campaigns.models import Campaign, Decision
from campaigns.services.attachments import attach_uploads
from qualityseason.clock import day_of
from qualityseason.errors import Refused
from qualityseason.services import audit
from qualityseason.text import clean, tidy
from scoring import policy
from scoring.enums import Attribution, Sight, SubjectKind, SupplementState
from scoring.models import Category, Rule, RuleVersion, Supplement, SupplementChange
from scoring.queries.rule_versions import standing_mark, versions_of
from scoring.services.rerecording import rerecord_lines
from scoring.services.snapshots import hold_ledger
from scoring.services.supplement_checks import ChangeDraft, check_applies_from, check_changes
from scoring.services.supplement_drafts import require_draft

MAXIMUM_PRESENT = 300
MAXIMUM_TEXT = 2000
OWNER = "decision"  # of files


@dataclass(frozen=True)
class Minutes:
    """What the minutes of the leading group say: when, who was there, what was decided; and the signed paper."""

    decided_on: date
    present: str
    text: str
    uploads: Sequence[UUID] = ()


@transaction.atomic
def adopt_supplement(
    supplement: Supplement, minutes: Minutes, *, uuid: UUID, standing: str, by: Actor, at: datetime
) -> Supplement:
    """Put a draft into force as the leading group decided, and number it; sent twice it is adopted once.

    Its lines become versions of their rules from its day on. Where it says so, waiting lines they touch are withdrawn
    and recorded again by their recorders under the new version; confirmed ones keep text and price. That follows from
    the decision without anybody's judgement, so an interest in a department keeps nobody from adopting.
    `standing` is the mark of what was shown. Raises PermissionDenied, Refused at `decided_on`, `present`, `text`,
    `files`, or where the draft, a rule or a publication has moved meanwhile.
    """
    if by.campaign_id != supplement.campaign_id or not policy.can_record_decision(by):
        raise PermissionDenied
    campaign = Campaign.objects.select_for_update(no_key=True).get(pk=supplement.campaign_id)
    supplement = Supplement.objects.select_for_update(of=("self",)).get(pk=supplement.pk)
    if supplement.state == SupplementState.ADOPTED and _is_same(supplement, minutes, uuid):
        return supplement
    require_draft(supplement)
    _check_minutes(minutes, by=by, at=at)
    if standing != standing_mark(supplement):
        sentence = _("The draft or one of its rules changed meanwhile. Read it again below and send anew.")
        raise Refused(sentence, code="stale", existing=supplement)
    hold_ledger(campaign)
    changes = list(supplement.changes.select_related("rule", "category", "block"))
    check_applies_from(campaign, supplement.applies_from)
    check_changes(campaign, [_as_draft(change) for change in changes], applies_from=supplement.applies_from)
    decision = _record_decision(campaign, minutes, supplement, uuid=uuid, by=by, at=at)
    numbers = Supplement.objects.filter(campaign=campaign).aggregate(last=Max("number"))
    supplement.number, supplement.state = (numbers["last"] or 0) + 1, SupplementState.ADOPTED
    supplement.decision, supplement.adopted_by_id, supplement.adopted_at = decision, by.user_id, at
    supplement.save(update_fields=["number", "state", "decision", "adopted_by", "adopted_at"])
    versions = _make_versions(supplement, changes)
    again = 0
    if supplement.rerecords:
        because = _("Recorded again under supplement No. %(number)d.") % {"number": supplement.number}
        again = len(rerecord_lines(versions, since=supplement.applies_from, because=because, by=by, at=at))
    after = {
        "number": supplement.number,
        "applies_from": supplement.applies_from,
        "rules": [change.rule.code if change.rule else change.code for change in changes],
        "recorded_again": again,
        "decision": decision.uuid,
    }
    audit.record("supplement.adopt", supplement, by_id=by.user_id, campaign_id=campaign.pk, at=at, after=after)
    tell_facts_changed(campaign.pk, None)
    return supplement


def _is_same(supplement: Supplement, minutes: Minutes, uuid: UUID) -> bool:
    decision = supplement.decision
    if decision is None or decision.uuid != uuid:
        return False
    said = (decision.decided_on, decision.present, decision.text)
    return said == (minutes.decided_on, clean(minutes.present), tidy(minutes.text))


def _check_minutes(minutes: Minutes, *, by: Actor, at: datetime) -> None:
    if not 0 < len(clean(minutes.present)) <= MAXIMUM_PRESENT:
        raise Refused(_("Name who was there."), field="present", code="present")
    if not 0 < len(tidy(minutes.text)) <= MAXIMUM_TEXT:
        raise Refused(_("Write down what was decided."), field="text", code="text")
    if minutes.decided_on > day_of(at):
        raise Refused(_("The decision cannot be of a day still to come."), field="decided_on", code="future")
    if not minutes.uploads and not by.has(Role.LEADERSHIP):
        message = _("Attach the minutes: what the leading group decided is entered with its paper.")
        raise Refused(message, field="files", code="no_paper")


def _record_decision(
    campaign: Campaign, minutes: Minutes, supplement: Supplement, *, uuid: UUID, by: Actor, at: datetime
) -> Decision:
    if Decision.objects.filter(uuid=uuid).exists():
        raise Refused(_("This form was sent before with other words. Open it anew."), code="reused")
    decision = Decision.objects.create(
        uuid=uuid,
        campaign=campaign,
        kind=DecisionKind.SUPPLEMENT,
        decided_on=minutes.decided_on,
        present=clean(minutes.present),
        text=tidy(minutes.text),
        data={"supplement": str(supplement.uuid)},
        recorded_by_id=by.user_id,
        recorded_at=at,
    )
    attach_uploads(
        minutes.uploads,
        campaign_id=campaign.pk,
        department_id=None,
        owner_kind=OWNER,
        owner_uuid=decision.uuid,
        by_id=by.user_id,
        at=at,
    )
    return decision


def _make_versions(supplement: Supplement, changes: Sequence[SupplementChange]) -> dict[int, RuleVersion]:
    """Write the new version of every rule the supplement names, and the rules the rulebook lacked."""
    earlier = versions_of(change.rule_id for change in changes if change.rule_id is not None)
    made: dict[int, RuleVersion] = {}
    for change in changes:
        rule = change.rule if change.rule is not None else _make_rule(supplement, change)
        before = earlier.get(rule.pk, [])
        made[rule.pk] = RuleVersion.objects.create(
            rule=rule,
            number=max((version.number for version in before), default=0) + 1,
            text=change.text,
            label=change.label,
            points=change.points,
            thresholds=before[-1].thresholds if before else {},
            valid_from=supplement.applies_from,
            supplement=supplement,
        )
    return made


def _make_rule(supplement: Supplement, change: SupplementChange) -> Rule:
    """Write a rule that charges the department itself, seen by eye, after the last of its list as printed."""
    rules = Rule.objects.filter(campaign_id=supplement.campaign_id)
    own = rules.filter(category=change.category, block=change.block)
    last = own.aggregate(order=Max("order"), clause=Max("clause"))
    before: dict[str, Any] = last if last["order"] is not None else _end_of(rules, change)
    rules.filter(order__gt=before["order"]).update(order=F("order") + 1)
    return Rule.objects.create(
        campaign_id=supplement.campaign_id,
        category_id=change.category_id or 0,  # asked by a constraint
        block=change.block,
        code=change.code,
        clause=before["clause"] + 1,
        order=before["order"] + 1,
        family=change.code,
        unit=change.unit,
        subject=SubjectKind.NONE,
        maximum=change.maximum,
        attribution=Attribution.DEPARTMENT,
        sight=Sight.EYE,
    )


def _end_of(rules: Any, change: SupplementChange) -> dict[str, int]:
    """Return the place after the last rule of the category, or of those before it, for a list still empty."""
    place = Category.objects.filter(pk=change.category_id or 0).values("order")
    until = rules.filter(category__order__lte=place).aggregate(order=Max("order"))
    return {"order": until["order"] or 0, "clause": 0}


def _as_draft(change: SupplementChange) -> ChangeDraft:
    names = ("label", "text", "points", "rule", "code", "category", "block", "unit", "maximum")
    return ChangeDraft(**{name: getattr(change, name) for name in names})
