"""The leading group's decision on a tie across a line between prizes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.calculations.contest import Tie
from campaigns.enums import ContestState, DecisionKind, Role
from campaigns.models import Contest, Decision
from campaigns.queries.contest import standing_decision
from campaigns.queries.contest_facts import ContestFacts, load_contest, tie_decisions
from campaigns.services.attachments import attach_uploads
from qualityseason.clock import day_of
from qualityseason.errors import ConflictOfInterest, Refused
from qualityseason.services import audit
from qualityseason.text import clean, tidy

MAXIMUM_PRESENT = 300
MAXIMUM_TEXT = 2000


def require_free(actor: Actor, facts: ContestFacts, tie: Tie[UUID]) -> None:
    """Let nobody decide or enter a decision who has an interest in a department of the tie."""
    tied = [entry for entry in facts.entries if entry.uuid in tie.entries]
    own = [entry.department for entry in tied if actor.is_interested_in(entry.department_id)]
    if own:
        raise ConflictOfInterest(
            _("%(departments)s stands in this tie, and you have an interest there: somebody else records the decision.")
            % {"departments": "、".join(own)}
        )


@transaction.atomic
def decide_tie(
    contest: Contest,
    *,
    uuid: UUID,
    rank: int,
    order: Sequence[UUID],
    decided_on: date,
    present: str,
    text: str,
    standing: UUID | None,
    uploads: Sequence[UUID],
    by: Actor,
    at: datetime,
) -> Decision:
    """Record how the leading group orders the entries tied at `rank`; returns the decision.

    `uuid` is the form's own: sent twice it is recorded once. `standing` is the decision the form replaces, None for
    none; when another stands there by now the form is stale. The office attaches the paper. Raises PermissionDenied,
    ConflictOfInterest or Refused.
    """
    if not by.has(Role.LEADERSHIP, Role.OFFICE):
        raise PermissionDenied
    contest = Contest.objects.select_for_update(no_key=True, of=("self",)).select_related("campaign").get(pk=contest.pk)
    values = {
        "decided_on": decided_on,
        "present": _within(clean(present), MAXIMUM_PRESENT, "present", _("Name who was there.")),
        "text": _within(tidy(text), MAXIMUM_TEXT, "text", _("Write down what was decided.")),
    }
    there = Decision.objects.filter(uuid=uuid).first()
    if there is not None:
        return _same(there, contest, values, order)
    decisions = tie_decisions(contest)
    facts = load_contest(contest, on=day_of(at), decisions=decisions)
    tie = _tie_at(contest, facts, rank)
    require_free(by, facts, tie)
    if sorted(order) != sorted(tie.entries):
        raise Refused(_("Give each of the tied plans a place of its own."), field="order", code="order")
    if decided_on > day_of(at):
        raise Refused(_("The decision cannot be of a day still to come."), field="decided_on", code="future")
    now = standing_decision(tie, decisions)
    if (now.uuid if now is not None else None) != standing:
        message = _("Another decision on this tie was recorded meanwhile; it is shown below. Send again to replace it.")
        raise Refused(message, code="stale", existing=now)
    if not uploads and not by.has(Role.LEADERSHIP):
        message = _("Attach the minutes: what the leading group decided is entered with its paper.")
        raise Refused(message, field="files", code="no_paper")
    data = {"order": [str(each) for each in order], "rank": tie.rank, "mean": str(tie.mean)}
    decision = Decision.objects.create(
        uuid=uuid,
        campaign=contest.campaign,
        kind=DecisionKind.CONTEST_TIE,
        data=data,
        recorded_by_id=by.user_id,
        recorded_at=at,
        **values,
    )
    attach_uploads(
        uploads,
        campaign_id=contest.campaign_id,
        department_id=None,
        owner_kind="decision",
        owner_uuid=decision.uuid,
        by_id=by.user_id,
        at=at,
    )
    names = {entry.uuid: entry.department for entry in facts.entries}
    audit.record(
        "contest.decide",
        decision,
        by_id=by.user_id,
        campaign_id=contest.campaign_id,
        at=at,
        before={"decision": now.uuid, "order": now.data["order"]} if now is not None else None,
        after=values | data | {"departments": [names[each] for each in order]},
    )
    return decision


def _tie_at(contest: Contest, facts: ContestFacts, rank: int) -> Tie[UUID]:
    tie = next((tie for tie in facts.outcome.ties if tie.rank == rank), None)
    if contest.state != ContestState.CLOSED or tie is None:
        raise Refused(_("There is no such tie to decide any more. Look at the table again."), code="no_tie")
    return tie


def _within(text: str, maximum: int, field: str, ask: str) -> str:
    if not text:
        raise Refused(ask, field=field, code="empty")
    if len(text) > maximum:
        raise Refused(_("Write at most %(maximum)d characters.") % {"maximum": maximum}, field=field, code="long")
    return text


def _same(there: Decision, contest: Contest, values: dict[str, object], order: Sequence[UUID]) -> Decision:
    said = {name: getattr(there, name) for name in values}
    if there.campaign_id == contest.campaign_id and said == values and there.data["order"] == [str(e) for e in order]:
        return there
    raise Refused(_("This form was sent before with other words. Open it anew."), code="reused")
