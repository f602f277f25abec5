"""What the leading group decided about the result, with who was there and the minutes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.enums import DecisionKind, Role
from campaigns.models import Block, Campaign, Decision
from campaigns.services.attachments import attach_uploads
from qualityseason.clock import day_of
from qualityseason.errors import Refused
from qualityseason.services import audit
from qualityseason.text import clean, tidy
from scoring import policy
from scoring.enums import Visibility
from scoring.enums.appraisals import Appraisal
from scoring.queries.decisions import latest_decision

MAXIMUM_PRESENT = 300
MAXIMUM_TEXT = 2000
WHOLE = Decimal(100)


@dataclass(frozen=True)
class DecisionDraft:
    """What every decision says; `standing` is the one on the same matter that the form showed, None for none."""

    uuid: UUID
    decided_on: date
    present: str
    text: str
    standing: UUID | None
    uploads: Sequence[UUID] = ()


@dataclass(frozen=True)
class Recorded:
    """A decision, and whether it was made now or by an earlier sending of the same form."""

    decision: Decision
    is_new: bool


Standing = Callable[[Campaign], Decision | None]
Requirement = Callable[[Campaign], None]


def record_decision(
    campaign: Campaign,
    kind: DecisionKind,
    draft: DecisionDraft,
    *,
    data: dict[str, Any],
    by: Actor,
    at: datetime,
    standing: Standing,
    require: Requirement,
) -> Recorded:
    """Write a decision down, its paper attached; sent twice it is recorded once.

    Inside the caller's transaction. The campaign's row is held until it ends, so that decisions follow each other;
    `standing` finds what stands on the same matter then, and `require` refuses what cannot be decided then. Raises
    PermissionDenied or Refused.
    """
    if not policy.can_record_decision(by) or campaign.pk != by.campaign_id:
        raise PermissionDenied
    Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
    values = {
        "decided_on": draft.decided_on,
        "present": _within(clean(draft.present), MAXIMUM_PRESENT, "present", _("Name who was there.")),
        "text": _within(tidy(draft.text), MAXIMUM_TEXT, "text", _("Write down what was decided.")),
    }
    there = Decision.objects.filter(uuid=draft.uuid).first()
    if there is not None:
        return Recorded(_same(there, kind, values, data, by=by), is_new=False)
    require(campaign)
    before = standing(campaign)
    _require_fresh(draft, before, at=at)
    if not draft.uploads and not by.has(Role.LEADERSHIP):
        message = _("Attach the minutes: what the leading group decided is entered with its paper.")
        raise Refused(message, field="files", code="no_paper")
    decision = Decision.objects.create(
        uuid=draft.uuid, campaign=campaign, kind=kind, data=data, recorded_by_id=by.user_id, recorded_at=at, **values
    )
    attach_uploads(
        draft.uploads,
        campaign_id=campaign.pk,
        department_id=None,
        owner_kind="decision",
        owner_uuid=decision.uuid,
        by_id=by.user_id,
        at=at,
    )
    audit.record(
        "decision.record",
        decision,
        by_id=by.user_id,
        campaign_id=campaign.pk,
        at=at,
        before={"decision": before.uuid, "data": before.data} if before is not None else None,
        after=values | {"kind": kind.value, "data": data},
    )
    return Recorded(decision, is_new=True)


@transaction.atomic
def decide_conversion(
    campaign: Campaign, draft: DecisionDraft, *, percentages: Mapping[str, Decimal | None], by: Actor, at: datetime
) -> Decision:
    """Set the percentages of the yearly appraisals, None for one still undecided; returns the decision.

    Raises PermissionDenied or Refused.
    """
    set_now = {code: percent for code, percent in percentages.items() if percent is not None}

    def require(campaign: Campaign) -> None:
        for code, percent in set_now.items():
            if code not in Appraisal.values or not 0 < percent <= WHOLE or percent != round(percent, 2):
                sentence = _("Write a percentage above 0 and up to 100, with at most two decimals.")
                raise Refused(sentence, field=code, code="percentage")
        if not set_now:
            raise Refused(_("Write at least one percentage."), field=Appraisal.PARTY.value, code="empty")

    data = {"percentages": {code: f"{percent:.2f}" for code, percent in sorted(set_now.items())}}
    return record_single(campaign, DecisionKind.CONVERSION, draft, data, by=by, at=at, require=require).decision


@transaction.atomic
def decide_numbers(
    campaign: Campaign, draft: DecisionDraft, *, numbers: Mapping[str, int | None], by: Actor, at: datetime
) -> Decision:
    """Set how many departments of each block are commended, None for one still undecided; returns the decision.

    Raises PermissionDenied or Refused.
    """
    set_now = {code: number for code, number in numbers.items() if number is not None}

    def require(campaign: Campaign) -> None:
        blocks = Block.objects.filter(campaign=campaign).annotate(size=Count("departments")).order_by("order")
        sizes = {code: (name, size) for code, name, size in blocks.values_list("code", "name", "size")}
        for code, number in set_now.items():
            name, size = sizes.get(code, ("", 0))
            if not 0 <= number <= size:
                sentence = _("%(block)s has %(size)d departments; write a number from 0 to %(size)d.")
                raise Refused(sentence % {"block": name, "size": size}, field=code, code="number")
        if not set_now:
            raise Refused(_("Write the number of at least one block."), code="empty")

    data = {"numbers": dict(sorted(set_now.items()))}
    return record_single(campaign, DecisionKind.COMMENDED_NUMBER, draft, data, by=by, at=at, require=require).decision


@transaction.atomic
def decide_visibility(
    campaign: Campaign, draft: DecisionDraft, *, visibility: str, by: Actor, at: datetime
) -> Decision:
    """Set what each department reads of the next publication unless its proposal says otherwise; returns the decision.

    Raises PermissionDenied or Refused.
    """

    def require(campaign: Campaign) -> None:
        if visibility not in Visibility.values:
            raise Refused(_("Choose what each department reads."), field="visibility", code="unknown")

    data = {"visibility": str(visibility)}
    return record_single(campaign, DecisionKind.VISIBILITY, draft, data, by=by, at=at, require=require).decision


def record_single(
    campaign: Campaign,
    kind: DecisionKind,
    draft: DecisionDraft,
    data: dict[str, Any],
    *,
    by: Actor,
    at: datetime,
    require: Requirement,
) -> Recorded:
    """Record a decision of a kind of which only the latest counts."""
    return record_decision(
        campaign,
        kind,
        draft,
        data=data,
        by=by,
        at=at,
        standing=lambda campaign: latest_decision(campaign, kind),
        require=require,
    )


def _require_fresh(draft: DecisionDraft, before: Decision | None, *, at: datetime) -> None:
    if draft.decided_on > day_of(at):
        raise Refused(_("The decision cannot be of a day still to come."), field="decided_on", code="future")
    if (before.uuid if before is not None else None) != draft.standing:
        sentence = _("Another decision on this was recorded meanwhile; it is shown below. Send again to replace it.")
        raise Refused(sentence, code="stale", existing=before)
    if before is not None and draft.decided_on < before.decided_on:
        sentence = _("A decision of %(day)s on this stands already; one of an earlier day would change nothing.")
        said = {"day": before.decided_on.isoformat()}
        raise Refused(sentence % said, field="decided_on", code="earlier", existing=before)


def _within(text: str, maximum: int, field: str, ask: str) -> str:
    if not text:
        raise Refused(ask, field=field, code="empty")
    if len(text) > maximum:
        raise Refused(_("Write at most %(maximum)d characters.") % {"maximum": maximum}, field=field, code="long")
    return text


def _same(there: Decision, kind: str, values: dict[str, Any], data: dict[str, Any], *, by: Actor) -> Decision:
    said = {name: getattr(there, name) for name in values}
    is_same = (there.campaign_id, there.kind, there.recorded_by_id) == (by.campaign_id, kind, by.user_id)
    if is_same and said == values and there.data == data:
        return there
    raise Refused(_("This form was sent before with other words. Open it anew."), code="reused")
