"""Single rows of registers: entered, corrected, excused, withdrawn by whoever keeps the register."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.enums import RegisterCode
from campaigns.models import Campaign, RegisterRow
from campaigns.policy import can_keep
from campaigns.registers import REGISTERS, RegisterSpec
from campaigns.services.register_drafts import (
    EXCUSE_FIELDS,
    MAXIMUM_PERSON,
    MAXIMUM_REASON,
    Excuse,
    RegisterDraft,
    Settled,
    Settler,
    fields_of,
    put,
    row_state,
)
from campaigns.services.register_sheets import is_own
from campaigns.services.sheet_rows import lock_lists
from qualityseason.clock import day_of
from qualityseason.errors import Refused
from qualityseason.services import audit
from qualityseason.text import clean, tidy


@transaction.atomic
def enter_row(
    campaign: Campaign, register: RegisterCode, draft: RegisterDraft, *, uuid: UUID, by: Actor, at: datetime
) -> RegisterRow:
    """Return a new row; the same `uuid` with the same content returns the one made first.

    Raises Refused at the column that is wrong, or where the row stands already (`existing`).
    """
    _require_keeper(register, by)
    lock_lists(campaign.pk)
    spec = REGISTERS[register]
    settled = _settled(spec, campaign, draft, at=at)
    row = spec.model(uuid=uuid, campaign=campaign, entered_by_id=by.user_id, entered_at=at)
    put(row, settled, draft.excuse)
    first = spec.model.objects.filter(uuid=uuid).first()
    if first is not None:
        if first.entered_by_id == by.user_id and row_state(first, spec) == row_state(row, spec):
            return first
        raise Refused(_("This form has been sent before with other words. Open a new one."), code="reused")
    _refuse_twin(spec, campaign.pk, settled)
    row.is_own = is_own(row, by)
    row.save(force_insert=True)
    _record("register.enter", row, spec, by=by, at=at)
    return row


@transaction.atomic
def correct_row(row: RegisterRow, draft: RegisterDraft, *, version: int, by: Actor, at: datetime) -> RegisterRow:
    """Let a row say something else; with another `version` than the row's it is refused as stale."""
    spec = REGISTERS[row.REGISTER]
    row = _locked(row, by)
    before = row_state(row, spec)
    settled = _settled(spec, row.campaign, draft, at=at, row=row)
    put(row, settled, draft.excuse)
    if row_state(row, spec) == before:
        return row
    _require_version(row, version)
    _refuse_twin(spec, row.campaign_id, settled, apart_from=row)
    _save(row, spec, by=by)
    _record("register.correct", row, spec, by=by, at=at, before=before)
    return row


@transaction.atomic
def excuse_row(row: RegisterRow, excuse: Excuse, *, version: int, by: Actor, at: datetime) -> RegisterRow:
    """Excuse a case, so that it is never charged: why, who approved it, and when. Again changes nothing."""
    spec = REGISTERS[row.REGISTER]
    row = _locked(row, by)
    because, approved_by = tidy(excuse.because), clean(excuse.approved_by)
    if not 0 < len(because) <= MAXIMUM_REASON:
        raise Refused(_("Say why, in at most 200 characters."), field="because", code="reason")
    if not 0 < len(approved_by) <= MAXIMUM_PERSON:
        raise Refused(_("Name who approved it, in at most 64 characters."), field="approved_by", code="approved_by")
    if excuse.on > day_of(at):
        sentence = _("%(day)s is still to come; an approval has been given.")
        raise Refused(sentence % {"day": excuse.on.isoformat()}, field="on", code="ahead")
    return _excused(row, spec, (because, approved_by, excuse.on), version=version, by=by, at=at, act="register.excuse")


@transaction.atomic
def take_back_excuse(row: RegisterRow, *, version: int, by: Actor, at: datetime) -> RegisterRow:
    """Let a case count again. Again changes nothing."""
    spec = REGISTERS[row.REGISTER]
    row = _locked(row, by)
    return _excused(row, spec, ("", "", None), version=version, by=by, at=at, act="register.unexcuse")


@transaction.atomic
def withdraw_row(row: RegisterRow, *, because: str, by: Actor, at: datetime) -> RegisterRow:
    """Take a row out of the register; it stays readable by its keepers. A second time changes nothing."""
    spec = REGISTERS[row.REGISTER]
    row = _locked(row, by, even_withdrawn=True)
    if row.withdrawn_at is not None:
        return row
    because = tidy(because)
    if not 0 < len(because) <= MAXIMUM_REASON:
        raise Refused(_("Say why, in at most 200 characters."), field="because", code="reason")
    row.withdrawn_by_id, row.withdrawn_at, row.withdrawn_because = by.user_id, at, because
    row.version += 1
    row.is_own = row.is_own or is_own(row, by)
    row.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawn_because", "version", "is_own"])
    after = {"because": because}
    _record("register.withdraw", row, spec, by=by, at=at, before=row_state(row, spec), after=after)
    return row


def _require_keeper(register: RegisterCode, by: Actor) -> None:
    if not can_keep(by, register):
        raise PermissionDenied


def _locked(row: RegisterRow, by: Actor, *, even_withdrawn: bool = False) -> RegisterRow:
    _require_keeper(row.REGISTER, by)
    lock_lists(row.campaign_id)
    rows = type(row)._default_manager.select_for_update(of=("self",)).select_related("campaign")
    now: RegisterRow = rows.get(pk=row.pk)
    if now.withdrawn_at is not None and not even_withdrawn:
        raise Refused(_("This row was withdrawn; nothing is changed in it any more."), code="withdrawn")
    return now


def _require_version(row: RegisterRow, version: int) -> None:
    if row.version != version:
        message = _("Somebody else changed this row meanwhile. What stands there now is shown below.")
        raise Refused(message, code="stale", existing=row)


def _settled(
    spec: RegisterSpec, campaign: Campaign, draft: RegisterDraft, *, at: datetime, row: RegisterRow | None = None
) -> Settled:
    settled = Settler(spec, campaign, [draft], at=at).settle(draft, row=row)
    for key, sentence in settled.problems:
        raise Refused(sentence, field=key, code="row")
    return settled


def _refuse_twin(
    spec: RegisterSpec, campaign_id: int, settled: Settled, *, apart_from: RegisterRow | None = None
) -> None:
    twins = spec.model.objects.filter(campaign_id=campaign_id, **{name: settled.values[name] for name in spec.key})
    twin = twins.standing().exclude(pk=apart_from.pk if apart_from else None).first()
    if twin is not None:
        names = "、".join(str(spec.by_key[name].label) for name in spec.key)
        sentence = _("A row with the same %(names)s stands in the register already. Correct that one.")
        raise Refused(sentence % {"names": names}, field=spec.subject.key, code="twin", existing=twin)


def _excused(
    row: RegisterRow, spec: RegisterSpec, values: tuple[Any, ...], *, version: int, by: Actor, at: datetime, act: str
) -> RegisterRow:
    before = row_state(row, spec)
    row.excused_because, row.excused_by, row.excused_on = values
    if row_state(row, spec) == before:
        return row
    _require_version(row, version)
    _save(row, spec, by=by)
    chosen = {name: before[name] for name in EXCUSE_FIELDS}
    after = {name: row_state(row, spec)[name] for name in EXCUSE_FIELDS}
    _record(act, row, spec, by=by, at=at, before=chosen, after=after)
    return row


def _save(row: RegisterRow, spec: RegisterSpec, *, by: Actor) -> None:
    row.version += 1
    row.is_own = row.is_own or is_own(row, by)
    row.save(update_fields=[*fields_of(spec), "version", "is_own"])


def _record(
    act: str,
    row: RegisterRow,
    spec: RegisterSpec,
    *,
    by: Actor,
    at: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    audit.record(
        act,
        row,
        by_id=by.user_id,
        campaign_id=row.campaign_id,
        department_id=row.department_id,
        at=at,
        before=before,
        after=row_state(row, spec) if after is None else after,
    )
