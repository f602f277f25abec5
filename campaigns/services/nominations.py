"""Nominations for the season's honours: made, changed and withdrawn by departments, shortlisted by the office."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.enums import NominationState, Role
from campaigns.models import Campaign, Department, Nomination, Recommendation, StaffMember
from campaigns.queries.nominations import honours_of, is_nominable, mark_of
from campaigns.services.attachments import attach_uploads
from campaigns.services.recommendations import MAXIMUM_REASON, require_hand_in, within
from qualityseason.clock import day_of
from qualityseason.errors import ConflictOfInterest, Refused
from qualityseason.services import audit
from qualityseason.text import tidy

OWNER = "nomination"  # the kind of record its files are attached to
MAXIMUM_REASONS = 2000


@transaction.atomic
def nominate(
    department: Department,
    *,
    uuid: UUID,
    person: StaffMember,
    honour: str,
    reasons: str,
    recommendation: Recommendation | None = None,
    uploads: Sequence[UUID] = (),
    by: Actor,
    at: datetime,
) -> Nomination:
    """Return the nomination of a person of the department's staff; the same `uuid` and words return the first.

    Raises Refused at the field that is wrong, also where the person is nominated for that honour already (`twin`).
    """
    require_hand_in(by, department.pk)
    Department.objects.select_for_update(no_key=True).get(pk=department.pk)
    values = {
        "department": department,
        "person": person,
        "honour": honour,
        "reasons": within(tidy(reasons), MAXIMUM_REASONS, "reasons", _("Say what the person is nominated for.")),
        "recommendation": recommendation,
    }
    first = Nomination.objects.select_related("department", "person", "recommendation").filter(uuid=uuid).first()
    if first is not None:
        return _same(first, values)
    _judge(department, honour, recommendation)
    if not is_nominable(person, department, on=day_of(at)):
        message = _("%(person)s is not on this department's staff today. Look at the staff list.")
        raise Refused(message % {"person": person.name}, field="person", code="staff")
    _refuse_twin(person, honour)
    made = Nomination.objects.create(
        uuid=uuid, campaign_id=department.campaign_id, nominated_by_id=by.user_id, nominated_at=at, **values
    )
    _attach(made, uploads, by=by, at=at)
    record("nomination.add", made, by=by, at=at, after=_state(made))
    return made


@transaction.atomic
def edit_nomination(
    nomination: Nomination,
    *,
    honour: str,
    reasons: str,
    recommendation: Recommendation | None = None,
    uploads: Sequence[UUID] = (),
    version: int | None,
    by: Actor,
    at: datetime,
) -> Nomination:
    """Change what a nomination says, until it is shortlisted; `version` guards against somebody else's change."""
    require_hand_in(by, nomination.department_id)
    found = _locked(nomination)
    _require_open(found)
    if version is not None and version != found.version:
        message = _("Somebody else changed this meanwhile. What stands there now is shown below; yours is kept.")
        raise Refused(message, code="stale", existing=found)
    before = _state(found)
    reasons = within(tidy(reasons), MAXIMUM_REASONS, "reasons", _("Say what the person is nominated for."))
    _judge(found.department, honour, recommendation)
    if honour != found.honour:
        _refuse_twin(found.person, honour, but=found)
    _attach(found, uploads, by=by, at=at)
    found.honour, found.reasons, found.recommendation = honour, reasons, recommendation
    if _state(found) != before:
        found.version += 1
        found.save(update_fields=["honour", "reasons", "recommendation", "version"])
        record("nomination.edit", found, by=by, at=at, before=before, after=_state(found))
    return found


@transaction.atomic
def withdraw_nomination(nomination: Nomination, *, because: str, by: Actor, at: datetime) -> Nomination:
    """Take a nomination back, until it is shortlisted; a second time changes nothing."""
    require_hand_in(by, nomination.department_id)
    found = _locked(nomination)
    if found.state == NominationState.WITHDRAWN:
        return found
    _require_open(found)
    found.note = within(tidy(because), MAXIMUM_REASON, "because", _("Say why it is withdrawn."))
    found.state = NominationState.WITHDRAWN
    found.version += 1
    found.save(update_fields=["note", "state", "version"])
    record("nomination.withdraw", found, by=by, at=at, after={"because": found.note})
    return found


@transaction.atomic
def shortlist_nominations(
    campaign: Campaign, *, ticked: Collection[UUID], seen: Mapping[UUID, str], by: Actor, at: datetime
) -> int:
    """Take nominations onto the short list and off it; returns how many changed.

    `seen` is the mark of each nomination as the form showed it: only what was ticked or unticked there is changed, so
    that two people's ticks join. Raises Refused where such a nomination was changed meanwhile, ConflictOfInterest for
    one of a department of own interest.
    """
    if not by.has(Role.OFFICE):
        raise PermissionDenied
    rows = Nomination.objects.select_for_update(no_key=True, of=("self",)).select_related("department", "person")
    changed = 0
    for row in rows.filter(campaign=campaign, uuid__in=list(seen)).order_by("pk"):
        wanted = row.uuid in ticked
        if wanted == seen[row.uuid].startswith(NominationState.SHORTLISTED):
            continue
        if by.is_interested_in(row.department_id):
            message = _("You have an interest in %(department)s: somebody else of the office decides on its people.")
            raise ConflictOfInterest(message % {"department": row.department.name})
        if row.state == (NominationState.SHORTLISTED if wanted else NominationState.NOMINATED):
            continue  # somebody else did the same
        if mark_of(row) != seen[row.uuid]:
            words = {"person": row.person.name, "department": row.department.name, "state": row.get_state_display()}
            message = _(
                "The nomination of %(person)s (%(department)s) was changed meanwhile: %(state)s. Nothing is saved; "
                "look at it again."
            )
            raise Refused(message % words, code="stale", existing=row)
        _move(row, NominationState.SHORTLISTED if wanted else NominationState.NOMINATED, by=by, at=at)
        changed += 1
    return changed


def _move(row: Nomination, state: NominationState, *, by: Actor, at: datetime) -> None:
    before = {"state": row.state}
    is_listed = state == NominationState.SHORTLISTED
    row.state = state
    row.shortlisted_by_id, row.shortlisted_at = (by.user_id, at) if is_listed else (None, None)
    row.version += 1
    row.save(update_fields=["state", "shortlisted_by", "shortlisted_at", "version"])
    record("nomination.shortlist", row, by=by, at=at, before=before, after={"state": state})


def _judge(department: Department, honour: str, recommendation: Recommendation | None) -> None:
    if honour not in honours_of(department.campaign):
        raise Refused(_("Choose one of the season's honours."), field="honour", code="honour")
    if recommendation is not None and not (
        recommendation.recommended_id == department.pk
        and recommendation.for_honours
        and recommendation.withdrawn_at is None
    ):
        message = _("This recommendation is not one the office chose for honours of your department.")
        raise Refused(message, field="recommendation", code="recommendation")


def _refuse_twin(person: StaffMember, honour: str, *, but: Nomination | None = None) -> None:
    StaffMember.objects.select_for_update(no_key=True).get(pk=person.pk)  # another department waits, and is told
    rows = Nomination.objects.filter(person=person, honour=honour).exclude(state=NominationState.WITHDRAWN)
    twin = (rows.exclude(pk=but.pk) if but else rows).first()
    if twin is not None:
        message = _("%(person)s is nominated for %(honour)s already.") % {"person": person.name, "honour": honour}
        raise Refused(message, field="honour", code="twin", existing=twin)


def _require_open(found: Nomination) -> None:
    if found.state != NominationState.NOMINATED:
        message = _("This nomination stands like this by now: %(state)s. It is not changed any more.")
        raise Refused(message % {"state": found.get_state_display()}, code="settled", existing=found)


def _locked(nomination: Nomination) -> Nomination:
    rows = Nomination.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("department__campaign", "person", "recommendation").get(pk=nomination.pk)


def _attach(found: Nomination, uploads: Sequence[UUID], *, by: Actor, at: datetime) -> None:
    attach_uploads(
        uploads,
        campaign_id=found.campaign_id,
        department_id=found.department_id,
        owner_kind=OWNER,
        owner_uuid=found.uuid,
        by_id=by.user_id,
        at=at,
    )


def _same(first: Nomination, values: dict[str, Any]) -> Nomination:
    if first.department_id != values["department"].pk:  # of which nothing is told here
        raise Refused(_("This form was used already. Open it anew."), code="used")
    if any(getattr(first, name) != value for name, value in values.items()):
        message = _("This form was sent before with other words. Open it anew.")
        raise Refused(message, code="used", existing=first)
    return first


def _state(found: Nomination) -> dict[str, Any]:
    return {
        "person": str(found.person),
        "honour": found.honour,
        "reasons": found.reasons,
        "recommendation": found.recommendation.uuid if found.recommendation else None,
    }


def record(
    act: str,
    found: Nomination,
    *,
    by: Actor,
    at: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Write an act on a nomination into the audit log."""
    audit.record(
        act,
        found,
        by_id=by.user_id,
        campaign_id=found.campaign_id,
        department_id=found.department_id,
        at=at,
        before=before,
        after=after,
    )
