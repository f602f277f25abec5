"""Assignments (临时交办任务): given to departments, reworded, withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.enums import Issuer, ObligationKind, Role, TaskState
from campaigns.models import Assignment, Attachment, Department
from campaigns.policy import can_assign
from campaigns.services.attachments import attach_uploads
from campaigns.services.obligations import drop_obligations, owe
from qualityseason.clock import day_of
from qualityseason.errors import ConflictOfInterest, Refused
from qualityseason.services import audit
from qualityseason.text import MAXIMUM_TEXT, tidy

OWNER = "assignment"
MAXIMUM_TITLE = 200
MAXIMUM_REASON = 200
LONGEST = timedelta(days=366)


@dataclass(frozen=True)
class AssignmentDraft:
    """What is to be done, by whom it is told, and by when."""

    title: str
    text: str
    issuer: str
    given_on: date
    due_on: date


def assignment_uuid(form: UUID, department: Department) -> UUID:
    """Return the id of one department's assignment out of a form sent for several."""
    return uuid5(form, str(department.uuid))


@transaction.atomic
def give_assignments(
    departments: Sequence[Department],
    draft: AssignmentDraft,
    *,
    uuid: UUID,
    uploads: Sequence[UUID] = (),
    by: Actor,
    at: datetime,
) -> list[Assignment]:
    """Return one assignment per department; the same form (`uuid`) sent again returns those made first.

    Raises Refused at the field that is wrong, ConflictOfInterest for a department of own interest.
    """
    departments = sorted(set(departments), key=lambda department: department.order)
    for department in departments:
        require_giver(by, department)
    draft = _judged(draft, by=by, at=at, departments=departments)
    campaign_id = departments[0].campaign_id
    everybody = list(Department.objects.select_for_update(no_key=True).filter(campaign_id=campaign_id).order_by("pk"))
    ids = {assignment_uuid(uuid, department): department for department in everybody}
    there = list(Assignment.objects.filter(uuid__in=ids).order_by("department__order"))
    if there:
        return _same(there, departments, draft, by=by)
    made = [_give(department, draft, form=uuid, by=by, at=at) for department in departments]
    _attach(made, uploads, by=by, at=at)
    return made


def _give(department: Department, draft: AssignmentDraft, *, form: UUID, by: Actor, at: datetime) -> Assignment:
    assignment = Assignment.objects.create(
        uuid=assignment_uuid(form, department),
        campaign_id=department.campaign_id,
        department=department,
        given_by_id=by.user_id,
        entered_at=at,
        **vars(draft),
    )
    _owe(assignment)
    record("assignment.give", assignment, by=by, at=at, after=_said(assignment))
    return assignment


def _same(
    there: Sequence[Assignment], departments: Sequence[Department], draft: AssignmentDraft, *, by: Actor
) -> list[Assignment]:
    """Return the assignments made first, when the form was only sent twice."""
    is_same = {row.department_id for row in there} == {department.pk for department in departments} and all(
        row.given_by_id == by.user_id and _said(row) == vars(draft) for row in there
    )
    if not is_same:
        message = _("This form has been sent before with other words. Open a new one.")
        raise Refused(message, code="reused", existing=there[0])
    return list(there)


@transaction.atomic
def edit_assignment(
    assignment: Assignment,
    draft: AssignmentDraft,
    *,
    version: int,
    uploads: Sequence[UUID] = (),
    by: Actor,
    at: datetime,
) -> Assignment:
    """Reword an assignment not accepted yet; what the department owes follows its day.

    With another `version` than the row's it is refused as stale, unless nothing differs.
    """
    assignment = lock_assignment(assignment)
    require_giver(by, assignment.department)
    require_open(assignment)
    draft = _judged(draft, by=by, at=at, departments=[assignment.department])
    _attach([assignment], uploads, by=by, at=at)
    before = _said(assignment)
    if before == vars(draft):
        return assignment
    if version != assignment.version:
        message = _("Somebody else changed this assignment meanwhile. What stands there now is shown below.")
        raise Refused(message, code="stale", existing=assignment)
    if assignment.done_on is not None and draft.given_on > assignment.done_on:
        message = _("The department reports it done on %(day)s already: it cannot have been given later.")
        raise Refused(message % {"day": assignment.done_on.isoformat()}, field="given_on", code="after_done")
    for name, value in vars(draft).items():
        setattr(assignment, name, value)
    assignment.version += 1
    assignment.save(update_fields=[*vars(draft), "version"])
    _owe(assignment)
    record("assignment.edit", assignment, by=by, at=at, before=before, after=_said(assignment))
    return assignment


@transaction.atomic
def withdraw_assignment(assignment: Assignment, *, because: str, by: Actor, at: datetime) -> Assignment:
    """Take an assignment back; the department owes it no more. A second time changes nothing."""
    assignment = lock_assignment(assignment)
    require_giver(by, assignment.department)
    if assignment.state == TaskState.WITHDRAWN:
        return assignment
    require_open(assignment)
    because = tidy(because)
    if not 0 < len(because) <= MAXIMUM_REASON:
        raise Refused(_("Say why, in at most 200 characters."), field="because", code="reason")
    before = assignment.state
    assignment.state, assignment.withdrawn_because = TaskState.WITHDRAWN, because
    assignment.withdrawn_by_id, assignment.withdrawn_at = by.user_id, at
    assignment.version += 1
    assignment.save(update_fields=["state", "withdrawn_because", "withdrawn_by", "withdrawn_at", "version"])
    key = str(assignment.uuid)
    drop_obligations(ObligationKind.ASSIGNMENT, key=key, at=at, department=assignment.department)
    record(
        "assignment.withdraw", assignment, by=by, at=at, before={"state": before}, after={"withdrawn_because": because}
    )
    return assignment


def lock_assignment(assignment: Assignment) -> Assignment:
    """Return the assignment as it stands, held for this transaction."""
    rows = Assignment.objects.select_for_update(of=("self",)).select_related("department", "campaign")
    return rows.get(pk=assignment.pk)


def require_giver(by: Actor, department: Department) -> None:
    """Raise ConflictOfInterest or PermissionDenied for who gives this department no assignments."""
    if can_assign(by, department.pk) and department.campaign_id == by.campaign_id:
        return
    if by.has(Role.OFFICE, Role.LEADERSHIP) and by.is_interested_in(department.pk):
        message = _("You have an interest in %(department)s: somebody else gives and judges its assignments.")
        raise ConflictOfInterest(message % {"department": department.name})
    raise PermissionDenied(_("The leading group and the campaign office give assignments and judge the reports."))


def require_open(assignment: Assignment) -> None:
    """Raise Refused where the assignment is settled."""
    if assignment.state == TaskState.ACCEPTED:
        message = _("This assignment was accepted as done on %(day)s; nothing is changed any more.")
        day = assignment.done_on.isoformat() if assignment.done_on else ""
        raise Refused(message % {"day": day}, code="accepted", existing=assignment)
    if assignment.state == TaskState.WITHDRAWN:
        message = _("This assignment was withdrawn: %(because)s Nothing was changed.")
        raise Refused(message % {"because": assignment.withdrawn_because}, code="withdrawn", existing=assignment)


def _judged(draft: AssignmentDraft, *, by: Actor, at: datetime, departments: Sequence[Department]) -> AssignmentDraft:
    """Return the draft tidied; raises Refused at the field that is wrong."""
    if not departments:
        raise Refused(_("Choose at least one department."), field="departments", code="nobody")
    title, text = " ".join(tidy(draft.title).split()), tidy(draft.text)
    if not 0 < len(title) <= MAXIMUM_TITLE:
        raise Refused(_("Say what is to be done, in at most 200 characters."), field="title", code="title")
    if len(text) > MAXIMUM_TEXT:
        raise Refused(_("At most 2000 characters."), field="text", code="long")
    if draft.issuer not in Issuer.values or (draft.issuer == Issuer.OFFICE and not by.has(Role.OFFICE)):
        raise Refused(_("Say whether the leading group or the campaign office gives it."), field="issuer", code="who")
    _judge_days(draft, first=departments[0].campaign.facts_from, today=day_of(at))
    return AssignmentDraft(title, text, str(draft.issuer), draft.given_on, draft.due_on)


def _judge_days(draft: AssignmentDraft, *, first: date, today: date) -> None:
    words = {"day": draft.given_on.isoformat(), "today": today.isoformat(), "first": first.isoformat()}
    if draft.given_on > today:
        message = _("%(day)s is in the future; today is %(today)s.")
        raise Refused(message % words, field="given_on", code="future")
    if draft.given_on < first:
        message = _("%(day)s is before the season's first day, %(first)s. Look at the year again.")
        raise Refused(message % words, field="given_on", code="before")
    words["due"] = draft.due_on.isoformat()
    if draft.due_on < draft.given_on:
        message = _("%(due)s is before the day it is given, %(day)s. Write that day or a later one.")
        raise Refused(message % words, field="due_on", code="order")
    if draft.due_on > draft.given_on + LONGEST:
        message = _("%(due)s is more than a year after %(day)s. Look at the year again.")
        raise Refused(message % words, field="due_on", code="far")


def _owe(assignment: Assignment) -> None:
    owe(
        assignment.department,
        ObligationKind.ASSIGNMENT,
        key=str(assignment.uuid),
        name=assignment.title,
        due_on=assignment.due_on,
    )


def _attach(assignments: Sequence[Assignment], uploads: Sequence[UUID], *, by: Actor, at: datetime) -> None:
    """Attach the files to the first, and the same files to each of the others."""
    first, *others = assignments
    taken = attach_uploads(
        uploads,
        campaign_id=first.campaign_id,
        department_id=None,
        owner_kind=OWNER,
        owner_uuid=first.uuid,
        by_id=by.user_id,
        at=at,
    )
    for other in others:
        for attachment in taken:
            Attachment.objects.create(
                campaign_id=other.campaign_id,
                owner_kind=OWNER,
                owner_uuid=other.uuid,
                file=attachment.file,
                added_by_id=by.user_id,
                added_at=at,
            )
            after = {"name": attachment.file.name, "sha256": attachment.file.sha256}
            record("file.attach", other, by=by, at=at, after=after)


def _said(assignment: Assignment) -> dict[str, Any]:
    return {name: getattr(assignment, name) for name in AssignmentDraft.__dataclass_fields__}


def record(
    act: str,
    assignment: Assignment,
    *,
    by: Actor,
    at: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Append an act on an assignment to the audit log."""
    audit.record(
        act,
        assignment,
        by_id=by.user_id,
        campaign_id=assignment.campaign_id,
        department_id=assignment.department_id,
        at=at,
        before=before,
        after=after,
    )
