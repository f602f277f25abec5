"""What the leading group decided about places: ties of the ranking, and the departments to commend."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.enums import DecisionKind
from campaigns.models import Campaign, Decision
from qualityseason.errors import ConflictOfInterest, Refused
from scoring.facts.results import BlockRanking, Ranking
from scoring.models import Publication
from scoring.queries.commendations import touched_by
from scoring.queries.decisions import latest_decision
from scoring.queries.ranking import load_ranking
from scoring.queries.results import load_commended_numbers, result_of
from scoring.queries.ties import Tie, standing_tie_decision, ties_of
from scoring.services.decisions import DecisionDraft, record_decision


def require_free_of_tie(actor: Actor, tie: Tie) -> None:
    """Let nobody decide or enter a decision who has an interest in a department of the tie."""
    _refuse_own([row.department for row in tie.rows if actor.is_interested_in(row.department_id)])


@transaction.atomic
def decide_rank_tie(
    campaign: Campaign,
    draft: DecisionDraft,
    *,
    block: str,
    total: Decimal,
    order: Sequence[UUID],
    by: Actor,
    at: datetime,
) -> Decision:
    """Record in which order the departments tied at that total come; returns the decision.

    It holds for exactly these departments at exactly this total. Raises PermissionDenied, ConflictOfInterest where
    one has an interest in one of them, or Refused, also where they are not tied like that any more.
    """

    def require(campaign: Campaign) -> None:
        ties = ties_of(load_ranking(campaign))
        tie = next((tie for tie in ties if (tie.block, tie.total) == (block, total)), None)
        if tie is not None:
            require_free_of_tie(by, tie)
        if tie is None or tie.uuids != frozenset(order):
            raise Refused(_stale(total, tie), code="no_tie")
        if len(order) != len(tie.uuids):
            raise Refused(_("Give each of the tied departments a place of its own."), field="order", code="order")

    data = {"block": block, "total": f"{total:.2f}", "order": [str(uuid) for uuid in order]}
    return record_decision(
        campaign,
        DecisionKind.RANK_TIE,
        draft,
        data=data,
        by=by,
        at=at,
        standing=lambda campaign: standing_tie_decision(campaign, total=total, departments=order),
        require=require,
    ).decision


@transaction.atomic
def decide_commended(
    campaign: Campaign,
    draft: DecisionDraft,
    *,
    publication: Publication,
    chosen: Collection[UUID],
    by: Actor,
    at: datetime,
) -> Decision:
    """Record which departments of a publication are commended; returns the decision.

    It concerns those named and those passed over, the latter standing no lower than the last one named of their block:
    who has an interest in one of them leaves it to somebody else. Raises PermissionDenied, ConflictOfInterest or
    Refused, also where the publication is not the current one any more.
    """
    ranking = result_of(publication.snapshot).ranking
    touched = touched_by(ranking, chosen)
    rows = {row.uuid: row for block in ranking.blocks for row in block.rows}
    in_order = [row.uuid for block in ranking.blocks for row in block.rows if row.uuid in frozenset(chosen)]

    def require(campaign: Campaign) -> None:
        if not Publication.objects.filter(campaign=campaign).current().filter(pk=publication.pk).exists():
            sentence = _("Another publication is current by now. Look at its ranking below and tick again.")
            raise Refused(sentence, code="replaced")
        if not chosen or not rows.keys() >= frozenset(chosen):
            raise Refused(_("Tick who is commended, among the departments below."), field="chosen", code="empty")
        _refuse_own([row.department for row in touched if by.is_interested_in(row.department_id)])
        _require_number(ranking, chosen, load_commended_numbers(campaign))

    data = {
        "publication": str(publication.uuid),
        "departments": [str(uuid) for uuid in in_order],
        "touched": [str(row.uuid) for row in touched],
    }
    return record_decision(
        campaign,
        DecisionKind.COMMENDED,
        draft,
        data=data,
        by=by,
        at=at,
        standing=lambda campaign: latest_decision(campaign, DecisionKind.COMMENDED),
        require=require,
    ).decision


def _refuse_own(own: Sequence[str]) -> None:
    if own:
        sentence = _(
            "The decision concerns %(departments)s, and you have an interest there: somebody else records the decision."
        )
        raise ConflictOfInterest(sentence % {"departments": "、".join(own)})


def _stale(total: Decimal, tie: Tie | None) -> str:
    if tie is None:
        return _("No departments are tied at %(total)s any more. Look at the ranking again.") % {"total": total}
    sentence = _("Tied at %(total)s are now %(departments)s. Open the tie anew from the ranking.")
    return sentence % {"total": total, "departments": "、".join(tie.names)}


def _require_number(ranking: Ranking, chosen: Collection[UUID], numbers: dict[str, int]) -> None:
    for block in ranking.blocks:
        named = _named_of(block, chosen)
        if block.code in numbers and named > numbers[block.code]:
            sentence = _(
                "%(block)s: %(named)d are ticked, but the leading group decided to commend %(number)d. Tick fewer, or "
                "record a decision on the number first."
            )
            said = {"block": block.name, "named": named, "number": numbers[block.code]}
            raise Refused(sentence % said, field="chosen", code="too_many")


def _named_of(block: BlockRanking, chosen: Collection[UUID]) -> int:
    return sum(row.uuid in frozenset(chosen) for row in block.rows)
