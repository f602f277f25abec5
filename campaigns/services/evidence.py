"""Evidence: filed once with files, a sentence and a day, and counting for all it is linked to; changed, withdrawn."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any, NoReturn
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.calculations.guessing import Tick
from campaigns.enums import EvidenceTarget, Role
from campaigns.models import Department, Evidence, EvidenceLink
from campaigns.policy import can_hand_in
from campaigns.queries.evidence_candidates import tick_of
from campaigns.services.attachments import attach_uploads
from campaigns.services.evidence_judging import judged_day, judged_text, judged_ticks, require_free
from campaigns.services.evidence_publicity import settle_publicity
from qualityseason.errors import ConflictOfInterest, Refused
from qualityseason.models import AuditEntry, StoredFile
from qualityseason.services import audit
from qualityseason.text import tidy

OWNER = "evidence"
MAXIMUM_REASON = 200
Targets = Iterable[tuple[EvidenceTarget | str, str]]


@transaction.atomic
def file_evidence(
    department: Department,
    *,
    uuid: UUID,
    text: str,
    happened_on: date,
    uploads: Sequence[UUID],
    targets: Targets,
    by: Actor,
    at: datetime,
) -> Evidence:
    """Return the department's evidence, linked to what it proves; without targets it waits in the inbox.

    The same `uuid` with the same content returns what was filed first. Raises Refused at `text`, `happened_on`,
    `targets` or `files`; ConflictOfInterest for somebody of the office with an interest.
    """
    department = _held_department(department.pk, by=by)
    text, ticks = judged_text(text), _ticks(targets)
    said = _said(text, happened_on, ticks) | {"files": _names(uploads, by=by)}
    first = Evidence.objects.filter(uuid=uuid).first()
    if first is not None:
        return _same(first, department, said, by=by)
    judged_day(department.campaign, happened_on, at=at)
    judged_ticks(department, ticks)
    evidence = Evidence.objects.create(
        uuid=uuid,
        campaign_id=department.campaign_id,
        department=department,
        text=text,
        happened_on=happened_on,
        entered_by_id=by.user_id,
        entered_at=at,
    )
    _link(evidence, ticks)
    _attach(evidence, uploads, by=by, at=at)
    _record("evidence.file", evidence, by=by, at=at, after=said)
    settle_publicity(department, ticks, by_id=by.user_id, at=at)
    return evidence


@transaction.atomic
def change_evidence(
    evidence: Evidence,
    *,
    text: str,
    happened_on: date,
    targets: Targets,
    version: int,
    by: Actor,
    at: datetime,
    uploads: Sequence[UUID] = (),
) -> Evidence:
    """Change the sentence, the day and what it proves, and add files; what stands in the inbox is filed so.

    Raises Refused as `file_evidence`, at `targets` also where an accepted record would lose it, and as stale.
    """
    evidence, department = _held(evidence, by=by)
    before = _state(evidence)
    text, ticks = judged_text(text), _ticks(targets)
    said, linked = _said(text, happened_on, ticks), _links(evidence)
    if said != before and version != evidence.version:
        message = _("Somebody else changed this evidence meanwhile. What it says now is shown below; yours is kept.")
        raise Refused(message, code="stale", existing=evidence)
    if happened_on != evidence.happened_on:
        judged_day(department.campaign, happened_on, at=at)
    judged_ticks(department, ticks, standing=linked)
    require_free(evidence, [tick for tick in linked if tick not in ticks], field="targets")
    _attach(evidence, uploads, by=by, at=at)
    if said == before:
        return evidence
    for target, key in set(linked) - set(ticks):
        EvidenceLink.objects.filter(evidence=evidence, target=target, key=key).delete()
    _link(evidence, [tick for tick in ticks if tick not in linked])
    evidence.text, evidence.happened_on = text, happened_on
    _save(evidence, "text", "happened_on")
    _record("evidence.change", evidence, by=by, at=at, before=before, after=said)
    settle_publicity(department, {*linked, *ticks}, by_id=by.user_id, at=at)
    return evidence


def link_evidence(evidence: Evidence, *, target: EvidenceTarget | str, key: str, by: Actor, at: datetime) -> Evidence:
    """Let evidence count for one thing more; again changes nothing. Raises Refused at `targets`."""
    return link_to(evidence, targets=[(target, key)], by=by, at=at)


@transaction.atomic
def link_to(evidence: Evidence, *, targets: Targets, by: Actor, at: datetime) -> Evidence:
    """Let evidence count for more things; those it counts for already change nothing."""
    evidence, department = _held(evidence, by=by)
    before, linked = _state(evidence), _links(evidence)
    more = [tick for tick in _ticks(targets) if tick not in linked]
    judged_ticks(department, more)
    if not more:
        return evidence
    _link(evidence, more)
    _save(evidence)
    _record("evidence.link", evidence, by=by, at=at, before=before, after=_state(evidence))
    settle_publicity(department, more, by_id=by.user_id, at=at)
    return evidence


@transaction.atomic
def choose_evidence(
    department: Department, *, uuids: Collection[UUID], target: EvidenceTarget | str, key: str, by: Actor, at: datetime
) -> list[Evidence]:
    """Let what the department has filed already count for one thing more; Refused where nothing was chosen."""
    _held_department(department.pk, by=by)
    rows = list(Evidence.objects.filter(department=department, uuid__in=uuids).standing().order_by("pk"))
    if not rows:
        raise Refused(_("Tick what proves it."), field="evidence", code="none")
    return [link_evidence(row, target=target, key=key, by=by, at=at) for row in rows]


@transaction.atomic
def withdraw_evidence(evidence: Evidence, *, because: str, by: Actor, at: datetime) -> Evidence:
    """Take evidence back with a reason; it stays, and counts nowhere. Again changes nothing.

    Raises Refused, naming it, while an accepted assignment or answer rests on it, and at `because` without a reason.
    """
    department = _held_department(evidence.department_id, by=by)
    evidence = Evidence.objects.select_for_update(of=("self",)).get(pk=evidence.pk)
    if evidence.withdrawn_at is not None:
        return evidence
    because, linked = tidy(because), _links(evidence)
    require_free(evidence, linked)
    if not 0 < len(because) <= MAXIMUM_REASON:
        raise Refused(_("Give the reason, at most 200 characters."), field="because", code="reason")
    evidence.withdrawn_at, evidence.withdrawn_by_id, evidence.withdrawn_because = at, by.user_id, because
    _save(evidence, "withdrawn_at", "withdrawn_by", "withdrawn_because")
    _record("evidence.withdraw", evidence, by=by, at=at, after={"because": because})
    settle_publicity(department, linked, by_id=by.user_id, at=at)
    return evidence


def _held_department(pk: int, *, by: Actor) -> Department:
    """Return the department, held: what it files is judged and counted one after another."""
    if not can_hand_in(by, pk):
        _refuse(by, pk)
    Department.objects.select_for_update(no_key=True).get(pk=pk)
    return Department.objects.select_related("campaign").get(pk=pk)


def _refuse(by: Actor, department_id: int) -> NoReturn:
    if by.has(Role.OFFICE) and by.is_interested_in(department_id):
        raise ConflictOfInterest(_("You have an interest in this department: another of the office files for it."))
    raise PermissionDenied


def _held(evidence: Evidence, *, by: Actor) -> tuple[Evidence, Department]:
    department = _held_department(evidence.department_id, by=by)
    evidence = Evidence.objects.select_for_update(of=("self",)).get(pk=evidence.pk)
    if evidence.withdrawn_at is not None:
        raise Refused(_("This evidence has been withdrawn; nothing was changed."), code="withdrawn", existing=evidence)
    return evidence, department


def _ticks(targets: Targets) -> list[Tick]:
    return list(dict.fromkeys(tick_of(target, key) for target, key in targets))


def _links(evidence: Evidence) -> list[Tick]:
    return list(EvidenceLink.objects.filter(evidence=evidence).values_list("target", "key"))


def _link(evidence: Evidence, ticks: Iterable[Tick]) -> None:
    EvidenceLink.objects.bulk_create(EvidenceLink(evidence=evidence, target=target, key=key) for target, key in ticks)


def _attach(evidence: Evidence, uploads: Sequence[UUID], *, by: Actor, at: datetime) -> None:
    attach_uploads(
        uploads,
        campaign_id=evidence.campaign_id,
        department_id=evidence.department_id,
        owner_kind=OWNER,
        owner_uuid=evidence.uuid,
        by_id=by.user_id,
        at=at,
    )


def _names(uploads: Sequence[UUID], *, by: Actor) -> list[str]:
    """Return what the uploads are, the same for the same files sent twice."""
    rows = StoredFile.objects.filter(uuid__in=uploads, stored_by_id=by.user_id).values_list("sha256", "name")
    return sorted(f"{sha256} {name}" for sha256, name in rows)


def _said(text: str, happened_on: date, ticks: Iterable[Tick]) -> dict[str, Any]:
    return {"text": text, "happened_on": happened_on, "proves": sorted(f"{target} {key}" for target, key in ticks)}


def _state(evidence: Evidence) -> dict[str, Any]:
    return _said(evidence.text, evidence.happened_on, _links(evidence))


def _same(first: Evidence, department: Department, said: dict[str, Any], *, by: Actor) -> Evidence:
    """Return what was filed first, when the form was only sent twice."""
    entries = AuditEntry.objects.filter(act="evidence.file", object_id=str(first.uuid))
    entry = entries.filter(object_type=Evidence._meta.label).first()
    is_same = entry is not None and entry.by_id == by.user_id and entry.after == audit.plain(said)
    if first.department_id != department.pk or not is_same:
        raise Refused(_("This form has been sent before with other words. Open a new one."), code="reused")
    return first


def _save(evidence: Evidence, *fields: str) -> None:
    evidence.version += 1
    evidence.save(update_fields=[*fields, "version"])


def _record(act: str, evidence: Evidence, *, by: Actor, at: datetime, **states: dict[str, Any]) -> None:
    audit.record(
        act,
        evidence,
        by_id=by.user_id,
        campaign_id=evidence.campaign_id,
        department_id=evidence.department_id,
        at=at,
        **states,
    )
