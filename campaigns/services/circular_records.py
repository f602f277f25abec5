"""What a department did with a circular: relayed it (传达), carried it out (执行); both meet what it owes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.enums import ObligationKind, Role
from campaigns.models import CircularRecipient, Obligation, Posting, StaffMember
from campaigns.policy import can_hand_in
from campaigns.services.circulars import OWNER, lock_circular
from campaigns.services.obligations import meet_obligations, reopen_obligations
from qualityseason.clock import day_of, noon_of
from qualityseason.errors import ConflictOfInterest, Refused
from qualityseason.services import audit
from qualityseason.text import tidy

MAXIMUM_HOW = 200
MAXIMUM_WHAT = 2000


@transaction.atomic
def record_relay(
    recipient: CircularRecipient,
    *,
    relayed_on: date,
    to_all: bool,
    persons: Sequence[StaffMember] = (),
    how: str = "",
    version: int | None,
    by: Actor,
    at: datetime,
) -> CircularRecipient:
    """Write down, or correct, when and to which staff a department relayed a circular, and how.

    To all of the department, or to persons posted there on that day. With another `version` than the row's (None: any)
    it is refused as stale; what stands already is taken as it is. Raises Refused at the field.
    """
    recipient = _lock(recipient, by=by)
    how = tidy(how)
    if len(how) > MAXIMUM_HOW:
        raise Refused(_("At most 200 characters."), field="how", code="long")
    _refuse_day(recipient, relayed_on, field="relayed_on", at=at)
    chosen = [] if to_all else sorted({person.pk: person for person in persons}.values(), key=lambda row: row.pk)
    if not to_all and not chosen:
        message = _("Choose the persons it was relayed to, or all of the department.")
        raise Refused(message, field="persons", code="nobody")
    _refuse_strangers(recipient, chosen, relayed_on)
    before = relay_state(recipient)
    after = {
        "relayed_on": relayed_on,
        "to_all": to_all,
        "persons": [str(person.uuid) for person in chosen],
        "how": how,
    }
    if after == before:
        return recipient
    _require_version(recipient, version)
    recipient.relayed_on, recipient.relayed_to_all, recipient.relayed_how = relayed_on, to_all, how
    recipient.relayed_by_id, recipient.relayed_at = by.user_id, at
    recipient.version += 1
    recipient.save(update_fields=["relayed_on", "relayed_to_all", "relayed_how", "relayed_by", "relayed_at", "version"])
    recipient.relayed_to.set(chosen)
    _record("circular.relay", recipient, by=by, at=at, before=before, after=after)
    _settle(recipient, by=by, at=at)
    return recipient


@transaction.atomic
def record_carrying_out(
    recipient: CircularRecipient,
    *,
    carried_out_on: date,
    what: str,
    version: int | None,
    by: Actor,
    at: datetime,
) -> CircularRecipient:
    """Write down, or correct, when and how a department carried a circular out; refusals as for the relay."""
    recipient = _lock(recipient, by=by)
    what = tidy(what)
    if not 0 < len(what) <= MAXIMUM_WHAT:
        raise Refused(_("Say what was done, in at most 2,000 characters."), field="what", code="text")
    _refuse_day(recipient, carried_out_on, field="carried_out_on", at=at)
    before = {"carried_out_on": recipient.carried_out_on, "what": recipient.carried_out}
    after = {"carried_out_on": carried_out_on, "what": what}
    if after == before:
        return recipient
    _require_version(recipient, version)
    recipient.carried_out_on, recipient.carried_out = carried_out_on, what
    recipient.carried_out_by_id, recipient.carried_out_at = by.user_id, at
    recipient.version += 1
    recipient.save(update_fields=["carried_out_on", "carried_out", "carried_out_by", "carried_out_at", "version"])
    _record("circular.carry-out", recipient, by=by, at=at, before=before, after=after)
    _settle(recipient, by=by, at=at)
    return recipient


def relay_state(recipient: CircularRecipient) -> dict[str, Any]:
    """Return what is recorded of the relay, for the log and for comparison."""
    persons = recipient.relayed_to.order_by("pk").values_list("uuid", flat=True)
    return {
        "relayed_on": recipient.relayed_on,
        "to_all": recipient.relayed_to_all,
        "persons": [str(uuid) for uuid in persons],
        "how": recipient.relayed_how,
    }


def _lock(recipient: CircularRecipient, *, by: Actor) -> CircularRecipient:
    """Return the row as it stands, held with its circular; raises where the actor may not, or it counts no more."""
    if not can_hand_in(by, recipient.department_id):
        if not by.has(Role.OFFICE):
            raise PermissionDenied
        message = _("You have an interest in this department: somebody else of the office enters this on its behalf.")
        raise ConflictOfInterest(message)
    circular = lock_circular(recipient.circular)
    rows = CircularRecipient.objects.select_for_update(of=("self",), no_key=True).select_related("department")
    now = rows.get(pk=recipient.pk)
    now.circular = circular
    if circular.withdrawn_at is not None or now.removed_at is not None:
        raise Refused(_("This circular was withdrawn; nothing is written into it any more."), code="withdrawn")
    return now


def _require_version(recipient: CircularRecipient, version: int | None) -> None:
    if version is not None and version != recipient.version:
        message = _("Somebody else of the department wrote meanwhile. What stands there now is shown below.")
        raise Refused(message, code="stale", existing=recipient)


def _refuse_day(recipient: CircularRecipient, day: date, *, field: str, at: datetime) -> None:
    issued_on = recipient.circular.issued_on
    if day < issued_on:
        message = _("%(day)s lies before the circular was issued, on %(issued)s. Correct the day.")
        words = {"day": day.isoformat(), "issued": issued_on.isoformat()}
        raise Refused(message % words, field=field, code="early")
    if day > day_of(at):
        message = _("%(day)s is still to come. Record it when it has happened.") % {"day": day.isoformat()}
        raise Refused(message, field=field, code="future")


def _refuse_strangers(recipient: CircularRecipient, persons: Sequence[StaffMember], day: date) -> None:
    posted = set(
        Posting.objects.filter(department_id=recipient.department_id)
        .current(on=day)
        .values_list("staff_member_id", flat=True)
    )
    strangers = [person.name for person in persons if person.pk not in posted]
    if strangers:
        message = _("Not posted to %(department)s on %(day)s: %(names)s. Leave them out, or correct the day.")
        words = {"department": recipient.department.name, "day": day.isoformat(), "names": "、".join(strangers)}
        raise Refused(message % words, field="persons", code="strangers")


def _settle(recipient: CircularRecipient, *, by: Actor, at: datetime) -> None:
    """Let relay and execution together meet what the department owes, at noon of the later day."""
    if recipient.relayed_on is None or recipient.carried_out_on is None:
        return
    later = max(recipient.relayed_on, recipient.carried_out_on)
    met_at = noon_of(later)
    uuid, department = recipient.circular.uuid, recipient.department
    met = Obligation.objects.filter(department=department, met_by_kind=OWNER, met_by_uuid=uuid)
    if met.exclude(met_at=met_at).exists():
        reopen_obligations(by_kind=OWNER, by_uuid=uuid, department=department, by_id=by.user_id, at=at)
    meet_obligations(
        department,
        ObligationKind.CIRCULAR,
        key=str(uuid),
        met_at=met_at,
        by_kind=OWNER,
        by_uuid=uuid,
        by_id=by.user_id,
        at=at,
    )


def _record(
    act: str, recipient: CircularRecipient, *, by: Actor, at: datetime, before: dict[str, Any], after: dict[str, Any]
) -> None:
    audit.record(
        act,
        recipient,
        by_id=by.user_id,
        campaign_id=recipient.circular.campaign_id,
        department_id=recipient.department_id,
        at=at,
        before=before,
        after=after,
    )
