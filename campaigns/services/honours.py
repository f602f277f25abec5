"""The leading group's decision on honours: who of the short list is commended, who is not, what is taken back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.enums import DecisionKind, NominationState, Role
from campaigns.models import Campaign, Decision, Nomination
from campaigns.policy import can_decide_honours
from campaigns.queries.honours import DECIDABLE, standing_mark
from campaigns.services.attachments import attach_uploads
from campaigns.services.nominations import record
from campaigns.services.recommendations import within
from qualityseason.clock import day_of
from qualityseason.errors import ConflictOfInterest, Refused
from qualityseason.models import StoredFile
from qualityseason.services import audit
from qualityseason.services.files import store_path
from qualityseason.text import clean, tidy

MAXIMUM_PRESENT = 300
MAXIMUM_TEXT = 2000


@transaction.atomic
def decide_honours(
    campaign: Campaign,
    *,
    uuid: UUID,
    chosen: Collection[UUID],
    taken_back: Collection[UUID],
    nobody: bool,
    decided_on: date,
    present: str,
    text: str,
    standing: str,
    uploads: Sequence[UUID],
    by: Actor,
    at: datetime,
) -> Decision:
    """Record the leading group's decision; returns it.

    Of the short list the `chosen` are commended and the others are not; `chosen` may name some passed over earlier,
    and only an earlier choice named in `taken_back` is undone. `nobody` says that choosing none is meant. `uuid` is the
    form's own, `standing` the mark of what it showed. The office attaches the paper. Raises PermissionDenied,
    ConflictOfInterest or Refused.
    """
    if not can_decide_honours(by):
        raise PermissionDenied
    campaign = Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
    values = {
        "decided_on": decided_on,
        "present": within(clean(present), MAXIMUM_PRESENT, "present", _("Name who was there.")),
        "text": within(tidy(text), MAXIMUM_TEXT, "text", _("Write down what was decided.")),
    }
    there = Decision.objects.filter(uuid=uuid).first()
    if there is not None:
        return _same(there, campaign, values, chosen, taken_back)
    rows = _decidable(campaign)
    touched = [row for row in rows if row.state == NominationState.SHORTLISTED or row.uuid in {*chosen, *taken_back}]
    require_free(by, touched)
    if decided_on > day_of(at):
        raise Refused(_("The decision cannot be of a day still to come."), field="decided_on", code="future")
    if standing != standing_mark(rows):
        message = _(
            "The short list or a decision changed meanwhile. It stands below as it is now; tick again and send."
        )
        raise Refused(message, code="stale")
    outcome = _outcome(rows, frozenset(chosen), frozenset(taken_back), nobody=nobody)
    if not uploads and not by.has(Role.LEADERSHIP):
        message = _("Attach the minutes: what the leading group decided is entered with its paper.")
        raise Refused(message, field="files", code="no_paper")
    decision = Decision.objects.create(
        uuid=uuid,
        campaign=campaign,
        kind=DecisionKind.HONOURS,
        data=_data(outcome, taken_back),
        recorded_by_id=by.user_id,
        recorded_at=at,
        **values,
    )
    attach_uploads(
        uploads,
        campaign_id=campaign.pk,
        department_id=None,
        owner_kind="decision",
        owner_uuid=decision.uuid,
        by_id=by.user_id,
        at=at,
    )
    for row, state in outcome:
        _settle(row, state, decision, by=by, at=at)
    _record_decision(decision, outcome, values, by=by, at=at)
    return decision


def require_free(actor: Actor, rows: Sequence[Nomination]) -> None:
    """Let nobody decide or enter a decision who has an interest in a department it concerns."""
    own = dict.fromkeys(row.department.name for row in rows if actor.is_interested_in(row.department_id))
    if own:
        refuse_interest(tuple(own))


def refuse_interest(departments: Sequence[str]) -> None:
    """Say that people of departments of own interest are decided on by somebody else."""
    raise ConflictOfInterest(
        _(
            "People of %(departments)s are decided on, and you have an interest there: somebody else records the "
            "decision."
        )
        % {"departments": "、".join(departments)}
    )


def keep_honours_list(
    campaign: Campaign, path: Path, *, name: str, media_type: str, by: Actor, at: datetime
) -> StoredFile:
    """Put a printed list into the store for who asked; returns its row."""
    with transaction.atomic():
        stored = store_path(path, name=name, media_type=media_type, by_id=by.user_id)
        after = {"name": stored.name, "sha256": stored.sha256}
        audit.record("honours.print", campaign, by_id=by.user_id, campaign_id=campaign.pk, at=at, after=after)
    return stored


def _decidable(campaign: Campaign) -> list[Nomination]:
    rows = Nomination.objects.select_for_update(no_key=True, of=("self",)).filter(campaign=campaign)
    return list(rows.filter(state__in=DECIDABLE).select_related("person", "department").order_by("pk"))


def _outcome(
    rows: Sequence[Nomination], chosen: frozenset[UUID], taken_back: frozenset[UUID], *, nobody: bool
) -> list[tuple[Nomination, NominationState]]:
    """Return what becomes of whom; raises Refused where the ticks say nothing that can be decided."""
    by_uuid = {row.uuid: row for row in rows}
    if not chosen <= by_uuid.keys() or not taken_back <= by_uuid.keys():
        raise Refused(_("Somebody ticked is not on the short list any more. Look at it again."), code="unlisted")
    if any(by_uuid[uuid].state != NominationState.CHOSEN for uuid in taken_back):
        raise Refused(_("Only an earlier choice can be taken back."), code="unlisted")
    if chosen & taken_back:
        raise Refused(_("Nobody is chosen and taken back at once."), code="both")
    outcome = []
    for row in rows:
        if row.uuid in taken_back:
            outcome.append((row, NominationState.PASSED_OVER))
        elif row.uuid in chosen and row.state != NominationState.CHOSEN:
            outcome.append((row, NominationState.CHOSEN))
        elif row.state == NominationState.SHORTLISTED:
            outcome.append((row, NominationState.PASSED_OVER))
    if not outcome:
        raise Refused(
            _("There is nothing to decide: nobody is on the short list, and nothing is ticked."), code="nothing"
        )
    if not chosen and not taken_back and not nobody:
        message = _("Nobody is ticked. Tick who is commended, or say below that nobody is.")
        raise Refused(message, field="nobody", code="nobody")
    return outcome


def _settle(row: Nomination, state: NominationState, decision: Decision, *, by: Actor, at: datetime) -> None:
    before = {"state": row.state}
    row.state, row.decision = state, decision
    row.version += 1
    row.save(update_fields=["state", "decision", "version"])
    record("nomination.decide", row, by=by, at=at, before=before, after={"state": state, "decision": decision.uuid})


def _data(outcome: list[tuple[Nomination, NominationState]], taken_back: Collection[UUID]) -> dict[str, list[str]]:
    back = set(taken_back)
    passed = [row for row, state in outcome if state == NominationState.PASSED_OVER]
    return {
        "chosen": [str(row.uuid) for row, state in outcome if state == NominationState.CHOSEN],
        "passed_over": [str(row.uuid) for row in passed if row.uuid not in back],
        "taken_back": [str(row.uuid) for row in passed if row.uuid in back],
        "departments": sorted({str(row.department.uuid) for row, _state in outcome}),
    }


def _same(
    there: Decision, campaign: Campaign, values: dict[str, Any], chosen: Collection[UUID], taken_back: Collection[UUID]
) -> Decision:
    is_ours = there.campaign_id == campaign.pk and there.kind == DecisionKind.HONOURS
    if (
        is_ours
        and {name: getattr(there, name) for name in values} == values
        and set(there.data["chosen"]) == {str(uuid) for uuid in chosen}
        and set(there.data["taken_back"]) == {str(uuid) for uuid in taken_back}
    ):
        return there
    raise Refused(_("This form was sent before with other words. Open it anew."), code="reused")


def _record_decision(
    decision: Decision,
    outcome: list[tuple[Nomination, NominationState]],
    values: dict[str, Any],
    *,
    by: Actor,
    at: datetime,
) -> None:
    said = [f"{row.honour} {row.person} {row.department.name}: {state.value}" for row, state in outcome]
    audit.record(
        "honours.decide",
        decision,
        by_id=by.user_id,
        campaign_id=decision.campaign_id,
        at=at,
        after=values | {"outcome": said},
    )
