"""What departments owe: the rows made from the milestones, the moment each is met, more time for one department."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.calculations.months import last_day_of_month
from campaigns.enums import FILED_OBLIGATIONS, MONTHLY_OBLIGATIONS, ObligationKind
from campaigns.models import Attachment, Campaign, Department, Extension, Milestone, Obligation
from campaigns.policy import can_decide_for, can_hand_in
from campaigns.querysets import ObligationQuerySet
from campaigns.services.attachments import attach_uploads
from qualityseason.errors import ConflictOfInterest, Refused
from qualityseason.services import audit
from qualityseason.text import fingerprint, tidy

OWNER = "obligation"  # files handed in, slot ''
PAPER = "extension"  # the slot of the signed paper of an extension
MAXIMUM_NOTE = 300
MAXIMUM_NAME = 200
LONGEST = timedelta(days=366)


@transaction.atomic
def make_obligations(campaign: Campaign) -> int:
    """Make the rows that milestones, working months and departments ask for and that are missing; returns how many.

    Rows that are there take over the milestone's day, which the season's files may have corrected, and, while not met,
    the way it is met.
    """
    departments = list(Department.objects.filter(campaign=campaign, closed_on__isnull=True).select_related("block"))
    milestones = list(Milestone.objects.filter(campaign=campaign).exclude(obligation=""))
    rows = Obligation.objects.filter(campaign=campaign)
    known = set(rows.filter(milestone__isnull=False).values_list("milestone_id", "department_id"))
    for milestone in milestones:
        rows.filter(milestone=milestone).exclude(due_on=milestone.due_on).update(due_on=milestone.due_on)
        rows.filter(milestone=milestone, met_at__isnull=True).update(kind=milestone.obligation)
    made = [
        Obligation(
            campaign=campaign,
            milestone=milestone,
            department=department,
            kind=milestone.obligation,
            due_on=milestone.due_on,
        )
        for milestone in milestones
        for department in departments
        if is_owed_by(milestone.owed_by, department) and (milestone.pk, department.pk) not in known
    ]
    made += _monthly(campaign, departments)
    Obligation.objects.bulk_create(made)
    return len(made)


def _monthly(campaign: Campaign, departments: Sequence[Department]) -> list[Obligation]:
    """Return the missing rows of the working months: what departments owe each month (`lists.monthly`)."""
    rows = Obligation.objects.filter(campaign=campaign, kind__in=sorted(MONTHLY_OBLIGATIONS))
    known = set(rows.values_list("department_id", "kind", "key"))
    return [
        Obligation(
            campaign=campaign, department=department, kind=entry["kind"], key=month, due_on=last_day_of_month(month)
        )
        for entry in campaign.lists.get("monthly", [])
        for month in campaign.working_months
        for department in departments
        if is_owed_by(entry["owed_by"], department) and (department.pk, entry["kind"], month) not in known
    ]


def is_owed_by(owed_by: Sequence[str], department: Department) -> bool:
    """Whether the department is named, by name, kind or block; all are where nobody is."""
    return not owed_by or not {department.name, department.kind, department.block.code}.isdisjoint(owed_by)


@transaction.atomic
def owe(department: Department, kind: ObligationKind, *, key: str, name: str, due_on: date) -> Obligation:
    """Make, or bring up to date, what a record or month (`key`) asks of the department; a dropped row stands again.

    An extension granted stays, unless the new day lies after it. The caller writes the audit entry of its own act.
    """
    rows = Obligation.objects.select_for_update(of=("self",)).filter(department=department, kind=kind, key=key)
    row = rows.first() or Obligation(campaign_id=department.campaign_id, department=department, kind=kind, key=key)
    row.name, row.due_on, row.dropped_at = name[:MAXIMUM_NAME], due_on, None
    if row.extended_to is not None and row.extended_to <= due_on:
        row.extended_to = None
    row.save()
    return row


@transaction.atomic
def drop_obligations(kind: ObligationKind, *, key: str, at: datetime, department: Department | None = None) -> None:
    """Take back what a record asked for, from one department or all; what had met it stays written there."""
    rows = Obligation.objects.filter(kind=kind, key=key, dropped_at__isnull=True)
    if department is not None:
        rows = rows.filter(department=department)
    rows.update(dropped_at=at)


@transaction.atomic
def meet_obligations(
    department: Department,
    kind: ObligationKind,
    *,
    met_at: datetime,
    by_kind: str,
    by_uuid: UUID,
    by_id: int,
    at: datetime,
    key: str = "",
) -> list[Obligation]:
    """Mark what the department owes of that kind as met by the record, at its true moment; met ones stay as they are.

    `key` names one of those owed by a record or month. The lateness follows from `met_at`; nothing is refused for being
    late.
    """
    rows = list(_held().filter(department=department, kind=kind, key=key, met_at__isnull=True, dropped_at__isnull=True))
    for obligation in rows:
        _meet(obligation, met_at=met_at, by_kind=by_kind, by_uuid=by_uuid, by_id=by_id, at=at)
    return rows


def _held() -> ObligationQuerySet[Obligation]:
    """Return the rows to be held for this transaction, alone: by default their departments would be held, too."""
    return Obligation.objects.select_for_update(of=("self",)).order_by("pk")


def _meet(obligation: Obligation, *, met_at: datetime, by_kind: str, by_uuid: UUID, by_id: int, at: datetime) -> None:
    obligation.met_at, obligation.recorded_at, obligation.met_by_id = met_at, at, by_id
    obligation.met_by_kind, obligation.met_by_uuid = by_kind, by_uuid
    obligation.save(update_fields=["met_at", "recorded_at", "met_by", "met_by_kind", "met_by_uuid"])
    audit.record(
        "obligation.meet",
        obligation,
        by_id=by_id,
        campaign_id=obligation.campaign_id,
        department_id=obligation.department_id,
        at=at,
        after={"met_at": met_at, "by": by_kind, "record": by_uuid},
    )


@transaction.atomic
def reopen_obligations(
    *, by_kind: str, by_uuid: UUID, by_id: int, at: datetime, department: Department | None = None
) -> list[Obligation]:
    """Open again what this record had met (for one department, where named): withdrawn, or found not to meet it."""
    found = _held().filter(met_by_kind=by_kind, met_by_uuid=by_uuid)
    rows = list(found.filter(department=department) if department is not None else found)
    for obligation in rows:
        before = {"met_at": obligation.met_at, "by": by_kind, "record": by_uuid}
        obligation.met_at = obligation.recorded_at = obligation.met_by = obligation.met_by_uuid = None
        obligation.met_by_kind = ""
        obligation.save(update_fields=["met_at", "recorded_at", "met_by", "met_by_kind", "met_by_uuid"])
        audit.record(
            "obligation.reopen",
            obligation,
            by_id=by_id,
            campaign_id=obligation.campaign_id,
            department_id=obligation.department_id,
            at=at,
            before=before,
        )
    return rows


def note_mark(obligation: Obligation) -> str:
    """Return a short mark of the note as it reads now; the form carries it, so that a stale edit is seen."""
    return fingerprint(obligation.note)


@transaction.atomic
def hand_in(
    obligation: Obligation, *, uploads: Sequence[UUID], note: str, version: str, by: Actor, at: datetime
) -> Obligation:
    """Hand in files, or more of them later; the first time meets the obligation at `at`, late or not.

    Sending it twice attaches once. Raises Refused at `files` without any file, at `note` when somebody else has
    written another one since the form (`version`) was opened; ConflictOfInterest for an office member.
    """
    obligation = _held().select_related("department").get(pk=obligation.pk)
    if not can_hand_in(by, obligation.department_id):
        raise ConflictOfInterest(_("You have an interest in this department: another of the office hands in for it."))
    if obligation.kind not in FILED_OBLIGATIONS:
        raise Refused(_("This is not met by files; its own page says how."), code="kind")
    note = tidy(note)
    if len(note) > MAXIMUM_NOTE:
        raise Refused(_("At most 300 characters."), field="note", code="long")
    if note != obligation.note and version != note_mark(obligation):
        message = _("Somebody else wrote meanwhile: “%(note)s”. Send again to put yours in its place.")
        raise Refused(message % {"note": obligation.note}, field="note", code="stale", existing=obligation)
    attach_uploads(
        uploads,
        campaign_id=obligation.campaign_id,
        department_id=obligation.department_id,
        owner_kind=OWNER,
        owner_uuid=obligation.uuid,
        by_id=by.user_id,
        at=at,
    )
    if not Attachment.objects.of_owner(OWNER, obligation.uuid).filter(slot="").current().exists():
        raise Refused(_("Choose at least one file to hand in."), field="files", code="none")
    if note != obligation.note:
        before, obligation.note = obligation.note, note
        obligation.save(update_fields=["note"])
        audit.record(
            "obligation.note",
            obligation,
            by_id=by.user_id,
            campaign_id=obligation.campaign_id,
            department_id=obligation.department_id,
            at=at,
            before={"note": before},
            after={"note": note},
        )
    if obligation.met_at is None:
        _meet(obligation, met_at=at, by_kind=OWNER, by_uuid=obligation.uuid, by_id=by.user_id, at=at)
    return obligation


@transaction.atomic
def extend_obligation(
    obligation: Obligation, *, until: date, reason: str, version: str, by: Actor, at: datetime
) -> Extension:
    """Decide that one department has until another day; the general day itself takes an extension back.

    `version` is the last day (ISO) the form was opened on. The same decision sent twice is one. Raises Refused at
    `until` or `reason`, or as stale; ConflictOfInterest for a department of own interest.
    """
    obligation = Obligation.objects.select_for_update().get(pk=obligation.pk)
    if not can_decide_for(by, obligation.department_id):
        raise ConflictOfInterest(_("You have an interest in this department: another of the office decides."))
    reason = tidy(reason)
    current = obligation.deadline
    last = Extension.objects.filter(obligation=obligation).last()
    is_again = last is not None and (last.until, last.reason, last.decided_by_id) == (until, reason, by.user_id)
    if last is not None and is_again and current == until:
        return last
    _refuse_extension(obligation, until, reason, version)
    extension = Extension.objects.create(
        obligation=obligation, before=current, until=until, reason=reason, decided_by_id=by.user_id, decided_at=at
    )
    obligation.extended_to = until if until != obligation.due_on else None
    obligation.save(update_fields=["extended_to"])
    audit.record(
        "obligation.extend",
        obligation,
        by_id=by.user_id,
        campaign_id=obligation.campaign_id,
        department_id=obligation.department_id,
        at=at,
        before={"until": current},
        after={"until": until, "reason": reason},
    )
    return extension


def _refuse_extension(obligation: Obligation, until: date, reason: str, version: str) -> None:
    current, due_on = obligation.deadline, obligation.due_on
    if version != current.isoformat():
        message = _("Somebody else set another last day meanwhile: %(day)s. Send again to put yours in its place.")
        raise Refused(message % {"day": current.isoformat()}, code="stale", existing=obligation)
    if not 0 < len(reason) <= MAXIMUM_NOTE:
        raise Refused(_("Give the reason, at most 300 characters."), field="reason", code="reason")
    if until == current:
        message = _("%(day)s is the last day already. Write another day.")
        raise Refused(message % {"day": until.isoformat()}, field="until", code="same")
    if until < due_on:
        message = _("Nobody has less time than all: write %(day)s, the general day, or a later one.")
        raise Refused(message % {"day": due_on.isoformat()}, field="until", code="early")
    if until > due_on + LONGEST:
        message = _("That is more than a year after %(day)s. Look at the year again.")
        raise Refused(message % {"day": due_on.isoformat()}, field="until", code="far")
