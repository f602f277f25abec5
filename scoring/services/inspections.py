"""Inspections: entered once, changed by their assessors with a version, never lost under somebody else's text."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.models import Department
from campaigns.services.attachments import attach_uploads
from qualityseason.clock import day_of
from qualityseason.errors import ConflictOfInterest, Refused
from qualityseason.models import User
from qualityseason.services import audit
from qualityseason.text import MAXIMUM_TEXT
from scoring import policy
from scoring.enums import MarkResult
from scoring.models import Inspection, InspectionMark, Rule
from scoring.queries.inspections import assessor_ids_of, assessors_for
from scoring.services.tallies import lock_departments

MAXIMUM_MARK_NOTE = 300  # characters


@dataclass(frozen=True)
class MarkDraft:
    """What was seen of one rule; deductions are lines of the ledger, not marks."""

    result: str = MarkResult.NOT_EXAMINED
    urged: bool = False
    note: str = ""

    @property
    def says_something(self) -> bool:
        """Whether anything differs from “not examined”."""
        return self != MarkDraft()


@dataclass(frozen=True)
class InspectionDraft:
    """What somebody says of a visit; `marks` by rule id, rules left out were not examined."""

    uuid: UUID
    kind: str
    department: Department
    assessor_ids: frozenset[int]
    started_at: datetime
    ended_at: datetime | None
    note: str = ""
    marks: Mapping[int, MarkDraft] = field(default_factory=dict)
    files: Sequence[UUID] = ()  # the person's own uploads; no part of the body, as of a deduction

    def body(self) -> dict[str, Any]:
        """Return everything said, as JSON can hold it."""
        return {
            "kind": self.kind,
            "department": str(self.department.uuid),
            "assessors": sorted(self.assessor_ids),
            "started_at": self.started_at.astimezone(UTC).isoformat(),
            "ended_at": self.ended_at.astimezone(UTC).isoformat() if self.ended_at else "",
            "note": self.note,
            "marks": {
                str(rule_id): [str(mark.result), mark.urged, mark.note]
                for rule_id, mark in sorted(self.marks.items())
                if mark.says_something
            },
        }

    def body_hash(self) -> str:
        """Return the sha256 of everything said, so that the same uuid with another body is noticed."""
        return hashlib.sha256(json.dumps(self.body(), sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def create_inspection(draft: InspectionDraft, *, by: Actor, at: datetime) -> Inspection:
    """Enter an inspection; the same uuid with the same body returns the first one.

    Raises ConflictOfInterest or PermissionDenied when the actor may not, Refused with field and sentence otherwise.
    """
    _require_inspector(by, draft.department)
    _check_times(draft, at=at)
    try:
        return _create(draft, by=by, at=at)
    except IntegrityError:  # the uuid was used for another department at the same moment
        first = Inspection.objects.filter(uuid=draft.uuid).first()
        if first is None:
            raise
        return _answer_again(first, draft, by=by)


def _create(draft: InspectionDraft, *, by: Actor, at: datetime) -> Inspection:
    with transaction.atomic():
        lock_departments([draft.department.pk])
        first = Inspection.objects.filter(uuid=draft.uuid).first()
        if first is not None:
            return _attached(_answer_again(first, draft, by=by), draft, by=by, at=at)
        _check(draft)
        inspection = Inspection.objects.create(
            uuid=draft.uuid,
            body_hash=draft.body_hash(),
            campaign_id=draft.department.campaign_id,
            kind=draft.kind,
            department=draft.department,
            started_at=draft.started_at,
            ended_at=draft.ended_at,
            entered_at=at,
            entered_by_id=by.user_id,
            note=draft.note,
        )
        _write_people_and_marks(inspection, draft)
        _audit("inspection.create", inspection, by=by, at=at, after=draft.body())
        return _attached(inspection, draft, by=by, at=at)


def update_inspection(
    inspection: Inspection, draft: InspectionDraft, *, version: int, by: Actor, at: datetime
) -> Inspection:
    """Change an inspection that still stands as the editor saw it; a repeat of the same body changes nothing.

    Raises Refused with code `stale` when somebody else has changed it meanwhile: nothing is written then. The
    department stays as it is.
    """
    _check_times(draft, at=at)
    with transaction.atomic():
        lock_departments([inspection.department_id])
        current = Inspection.objects.select_for_update(no_key=True).get(pk=inspection.pk)
        _require_inspector(by, draft.department)
        if not policy.can_edit_inspection(by, current, assessor_ids=assessor_ids_of(current)):
            raise PermissionDenied(
                _("Only its assessors, who entered it and the head of the team change an inspection.")
            )
        if draft.department.pk != current.department_id:
            raise Refused(_("The department of an inspection stays as it is."), field="department", code="department")
        if current.body_hash == draft.body_hash():
            return _attached(current, draft, by=by, at=at)
        if current.version != version:
            raise Refused(
                _("Somebody else has changed this inspection meanwhile. Nothing has been saved; compare both texts."),
                code="stale",
                existing=current,
            )
        stored = draft_of(current)
        _check(draft, named=stored.assessor_ids)
        current.kind, current.note = draft.kind, draft.note
        current.started_at, current.ended_at = draft.started_at, draft.ended_at
        current.version, current.body_hash = version + 1, draft.body_hash()
        current.save(update_fields=["kind", "note", "started_at", "ended_at", "version", "body_hash"])
        _write_people_and_marks(current, draft)
        _audit("inspection.update", current, by=by, at=at, before=stored.body(), after=draft.body())
        return _attached(current, draft, by=by, at=at)


def _attached(inspection: Inspection, draft: InspectionDraft, *, by: Actor, at: datetime) -> Inspection:
    """Attach the files of the draft; those the inspection has already are passed over."""
    if draft.files:
        attach_uploads(
            draft.files,
            campaign_id=inspection.campaign_id,
            department_id=inspection.department_id,
            owner_kind="inspection",
            owner_uuid=inspection.uuid,
            by_id=by.user_id,
            at=at,
        )
    return inspection


def draft_of(inspection: Inspection) -> InspectionDraft:
    """Return what a stored inspection says. Two queries."""
    return InspectionDraft(
        uuid=inspection.uuid,
        kind=inspection.kind,
        department=inspection.department,
        assessor_ids=assessor_ids_of(inspection),
        started_at=inspection.started_at,
        ended_at=inspection.ended_at,
        note=inspection.note,
        marks={mark.rule_id: MarkDraft(mark.result, mark.urged, mark.note) for mark in inspection.marks.all()},
    )


def _require_inspector(by: Actor, department: Department) -> None:
    if by.is_interested_in(department.pk):
        raise ConflictOfInterest(_("You have an interest in this department and take no part in its assessment."))
    if not policy.can_record(by, department.pk):
        raise PermissionDenied(_("Only the assessment team enters inspections."))


def _answer_again(first: Inspection, draft: InspectionDraft, *, by: Actor) -> Inspection:
    if first.body_hash != draft.body_hash() or first.entered_by_id != by.user_id:
        raise Refused(
            _("This form was already used for another inspection, so nothing has been saved now."),
            code="uuid_reused",
            existing=first if first.entered_by_id == by.user_id else None,
        )
    return first


def _check(draft: InspectionDraft, *, named: frozenset[int] = frozenset()) -> None:
    _check_assessors(draft, named)
    _check_marks(draft)
    if len(draft.note) > MAXIMUM_TEXT:
        _refuse_length("note", MAXIMUM_TEXT)


def _check_times(draft: InspectionDraft, *, at: datetime) -> None:
    campaign = draft.department.campaign
    first, last = campaign.facts_from, campaign.facts_until
    if not first <= day_of(draft.started_at) <= last:
        raise Refused(
            _("Inspections lie between %(first)s and %(last)s.")
            % {"first": first.isoformat(), "last": last.isoformat()},
            field="day",
            code="outside",
        )
    if day_of(draft.started_at) > day_of(at):
        raise Refused(
            _("%(day)s is in the future; today is %(today)s.")
            % {"day": day_of(draft.started_at).isoformat(), "today": day_of(at).isoformat()},
            field="day",
            code="future",
        )
    if draft.started_at > at:
        raise Refused(_("The visit cannot begin in the future."), field="started", code="future")
    if draft.ended_at is not None and draft.ended_at < draft.started_at:
        raise Refused(_("The visit cannot end before it begins."), field="ended", code="order")
    if draft.ended_at is not None and draft.ended_at > at:
        raise Refused(
            _("The visit cannot end in the future; leave it empty while it goes on."), field="ended", code="future"
        )


def _check_assessors(draft: InspectionDraft, named: frozenset[int]) -> None:
    """Who is `named` already stays: an interest found later makes no visit undone."""
    if not draft.assessor_ids:
        raise Refused(_("Name at least one assessor."), field="assessors", code="nobody")
    free = named.union(person.pk for person in assessors_for(draft.department, on=day_of(draft.started_at)))
    if draft.assessor_ids <= free:
        return
    names = User.objects.filter(pk__in=draft.assessor_ids - free).values_list("display_name", flat=True)
    raise Refused(
        _("Not of the team on that day, or with an interest in the department: %(names)s.")
        % {"names": ", ".join(names)},
        field="assessors",
        code="interest",
    )


def _check_marks(draft: InspectionDraft) -> None:
    wanted = {rule_id for rule_id, mark in draft.marks.items() if mark.says_something}
    rules = Rule.objects.filter(campaign_id=draft.department.campaign_id, pk__in=wanted)
    known = {rule.pk for rule in rules if rule.block_id in (None, draft.department.block_id)}
    if wanted - known:
        raise Refused(_("A rule that isn't the department's cannot be marked."), field="marks", code="other_block")
    if any(len(mark.note) > MAXIMUM_MARK_NOTE for mark in draft.marks.values()):
        _refuse_length("marks", MAXIMUM_MARK_NOTE)


def _refuse_length(name: str, maximum: int) -> None:
    raise Refused(
        _("This text is too long; keep it under %(maximum)d characters.") % {"maximum": maximum},
        field=name,
        code="too_long",
    )


def _write_people_and_marks(inspection: Inspection, draft: InspectionDraft) -> None:
    inspection.assessors.set(draft.assessor_ids)
    inspection.marks.all().delete()
    InspectionMark.objects.bulk_create(
        InspectionMark(inspection=inspection, rule_id=rule_id, result=mark.result, urged=mark.urged, note=mark.note)
        for rule_id, mark in draft.marks.items()
        if mark.says_something
    )


def _audit(act: str, inspection: Inspection, *, by: Actor, at: datetime, **bodies: dict[str, Any]) -> None:
    audit.record(
        act,
        inspection,
        by_id=by.user_id,
        campaign_id=inspection.campaign_id,
        department_id=inspection.department_id,
        at=at,
        **bodies,
    )
