"""Changes of staff list and duties that departments propose: proposed, withdrawn, decided by the office."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.enums import ProposalKind, ProposalState, Role
from campaigns.models import Department, Duty, Posting, Proposal, StaffMember
from campaigns.queries.proposals import said_of
from campaigns.services.attachments import attach_uploads
from campaigns.services.proposed_changes import perform
from qualityseason.errors import ConflictOfInterest, Refused
from qualityseason.services import audit
from qualityseason.text import tidy

MAXIMUM_REASON = 300


@transaction.atomic
def propose_change(
    department: Department,
    *,
    kind: ProposalKind,
    values: dict[str, Any],
    reason: str,
    by: Actor,
    at: datetime,
    uuid: UUID,
    staff_member: StaffMember | None = None,
    duty: Duty | None = None,
    uploads: Sequence[UUID] = (),
) -> Proposal:
    """Return the proposal of a department; the same `uuid` with the same content returns the one made first.

    The change is tried and undone, so that what cannot be is refused at its field now; `values` are its fields.
    """
    if department.pk not in by.departments:
        raise PermissionDenied
    reason = tidy(reason)
    if not 0 < len(reason) <= MAXIMUM_REASON:
        raise Refused(_("Say why in at most 300 characters."), field="reason", code="reason")
    Department.objects.select_for_update(no_key=True).get(pk=department.pk)
    proposal = Proposal(
        uuid=uuid,
        campaign_id=department.campaign_id,
        department=department,
        kind=kind,
        staff_member=staff_member,
        duty=duty,
        values=audit.plain(values | {"before": said_of(staff_member or duty)}),
        reason=reason,
        proposed_by_id=by.user_id,
        proposed_at=at,
    )
    first = Proposal.objects.filter(uuid=uuid).first()
    if first is not None:
        return _same(first, proposal)
    _refuse_open_twin(proposal)
    _try_out(proposal, by=by, at=at)
    proposal.save()
    attach_uploads(
        uploads,
        campaign_id=proposal.campaign_id,
        department_id=department.pk,
        owner_kind="proposal",
        owner_uuid=proposal.uuid,
        by_id=by.user_id,
        at=at,
    )
    after = {"kind": kind, "values": proposal.values, "reason": reason}
    _record("proposal.add", proposal, by=by, at=at, after=after)
    return proposal


@transaction.atomic
def decide_proposal(proposal: Proposal, *, accept: bool, note: str, by: Actor, at: datetime) -> Proposal:
    """Accept a proposal and carry it out, or refuse it with a note; the same decision again changes nothing.

    Raises Refused where somebody decided meanwhile, or where the change has become impossible.
    """
    if not by.has(Role.OFFICE):
        raise PermissionDenied
    if by.is_interested_in(proposal.department_id):
        raise ConflictOfInterest(_("You have an interest in this department: somebody else of the office decides."))
    proposal = _lock(proposal)
    wanted = ProposalState.ACCEPTED if accept else ProposalState.REFUSED
    note = tidy(note)
    if proposal.state == wanted and proposal.decided_by_id == by.user_id:
        return proposal
    _require_open(proposal)
    if len(note) > MAXIMUM_REASON:
        raise Refused(_("Keep the note under 300 characters."), field="note", code="note")
    if not accept and not note:
        raise Refused(_("Tell the department why: it reads this note."), field="note", code="note")
    if accept:
        try:
            perform(proposal, by=by, at=at)
        except Refused as refused:
            message = _("This cannot be carried out any more: %(why)s Refuse the proposal with that reason.")
            why = {"why": str(refused.sentence)}
            raise Refused(message % why, code="impossible", existing=refused.existing) from refused
    _close(proposal, wanted, note=note, by=by, at=at)
    _record("proposal.decide", proposal, by=by, at=at, after={"state": wanted, "note": note})
    return proposal


@transaction.atomic
def withdraw_proposal(proposal: Proposal, *, by: Actor, at: datetime) -> Proposal:
    """Take back what the own department proposed, as long as nobody has decided; again changes nothing."""
    if proposal.department_id not in by.departments:
        raise PermissionDenied
    proposal = _lock(proposal)
    if proposal.state != ProposalState.WITHDRAWN:
        _require_open(proposal)
        _close(proposal, ProposalState.WITHDRAWN, note="", by=by, at=at)
        _record("proposal.withdraw", proposal, by=by, at=at, after={"state": proposal.state})
    return proposal


def _lock(proposal: Proposal) -> Proposal:
    Proposal.objects.select_for_update(no_key=True).get(pk=proposal.pk)
    rows = Proposal.objects.select_related("campaign", "department", "staff_member", "duty", "decided_by")
    return rows.get(pk=proposal.pk)


def _require_open(proposal: Proposal) -> None:
    if proposal.state == ProposalState.PROPOSED:
        return
    assert proposal.decided_by is not None  # noqa: S101  # only open ones have nobody
    words = {"person": proposal.decided_by.display_name, "state": proposal.get_state_display()}
    message = _("%(person)s was quicker; the proposal stands like this: %(state)s. Nothing was changed.")
    raise Refused(message % words, code="stale", existing=proposal)


def _close(proposal: Proposal, state: ProposalState, *, note: str, by: Actor, at: datetime) -> None:
    proposal.state, proposal.decision_note = state, note
    proposal.decided_by_id, proposal.decided_at = by.user_id, at
    proposal.save(update_fields=["state", "decision_note", "decided_by", "decided_at"])


def _same(first: Proposal, again: Proposal) -> Proposal:
    """Return the proposal made first, when the form was only sent twice."""
    said = [
        (row.proposed_by_id, row.department_id, row.kind, row.staff_member_id, row.duty_id, row.reason, _typed(row))
        for row in (first, again)
    ]
    if said[0] != said[1]:
        message = _("This form has been sent before with other words. Open a new one.")
        raise Refused(message, code="reused")
    return first


def _typed(proposal: Proposal) -> dict[str, Any]:
    return {key: value for key, value in proposal.values.items() if key != "before"}


def _refuse_open_twin(proposal: Proposal) -> None:
    twins = Proposal.objects.filter(campaign_id=proposal.campaign_id, kind=proposal.kind).open()
    if proposal.kind in (ProposalKind.STAFF_JOIN, ProposalKind.DUTY_ADD):
        twins = twins.filter(department=proposal.department, values__number=proposal.values["number"])
    else:
        twins = twins.filter(staff_member=proposal.staff_member, duty=proposal.duty)
    twin = twins.first()
    if twin is not None:
        message = _("This has been proposed already and waits for a decision. Withdraw that proposal to change it.")
        raise Refused(message, code="twin", existing=twin)


def _try_out(proposal: Proposal, *, by: Actor, at: datetime) -> None:
    try:
        with transaction.atomic():
            perform(proposal, by=by, at=at)
            transaction.set_rollback(True)
    except Refused as refused:
        raise _as_far_as_seen(refused, by) from refused


def _as_far_as_seen(refused: Refused, by: Actor) -> Refused:
    """Return the refusal without whom it names, where that is somebody the department does not see on the list."""
    person = refused.existing
    if isinstance(person, Posting):
        person = person.staff_member
    if not isinstance(person, StaffMember) or StaffMember.objects.visible_to(by).filter(pk=person.pk).exists():
        return refused
    message = _(
        "That cannot be: it does not go with what the staff list says of somebody else. Ask the campaign office."
    )
    return Refused(message, field=refused.field, code=refused.refusal_code)


def _record(act: str, proposal: Proposal, *, by: Actor, at: datetime, after: dict[str, Any]) -> None:
    audit.record(
        act,
        proposal,
        by_id=by.user_id,
        campaign_id=proposal.campaign_id,
        department_id=proposal.department_id,
        at=at,
        after=after,
    )
