"""Reports of assignments: what the department says it did, and what whoever gave it says to that."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.enums import ObligationKind, Role, TaskState
from campaigns.models import Assignment, AssignmentReport, Department
from campaigns.policy import can_hand_in
from campaigns.services.assignments import OWNER, lock_assignment, record, require_giver
from campaigns.services.obligations import meet_obligations
from qualityseason.clock import day_of, noon_of
from qualityseason.errors import ConflictOfInterest, Refused
from qualityseason.text import MAXIMUM_TEXT, tidy

MAXIMUM_NOTE = 300


def require_reporter(by: Actor, department: Department) -> None:
    """Raise ConflictOfInterest or PermissionDenied for who does not speak for this department."""
    if can_hand_in(by, department.pk):
        return
    if by.has(Role.OFFICE) and by.is_interested_in(department.pk):
        message = _("You have an interest in %(department)s: another of the office enters this on its behalf.")
        raise ConflictOfInterest(message % {"department": department.name})
    message = _("%(department)s reports and answers itself, or the campaign office does so on its behalf.")
    raise PermissionDenied(message % {"department": department.name})


@transaction.atomic
def report_assignment(
    assignment: Assignment, *, uuid: UUID, text: str, done_on: date, by: Actor, at: datetime
) -> AssignmentReport:
    """Return the report that the assignment is done; late ones too. The same `uuid` again returns the first.

    Raises Refused at `done_on` or `text`, and where the assignment was accepted or withdrawn.
    """
    assignment = lock_assignment(assignment)
    require_reporter(by, assignment.department)
    text = tidy(text)
    first = AssignmentReport.objects.filter(uuid=uuid).first()
    if first is not None:
        said = (assignment.pk, text, done_on, by.user_id)
        if (first.assignment_id, first.text, first.done_on, first.reported_by_id) == said:
            return first
        raise Refused(_("This form has been sent before with other words. Open a new one."), code="reused")
    _require_unsettled(assignment)
    if not 0 < len(text) <= MAXIMUM_TEXT:
        raise Refused(_("Say how it was carried out, in at most 2000 characters."), field="text", code="text")
    _judge_day(done_on, first=assignment.given_on, last=day_of(at))
    report = AssignmentReport.objects.create(
        uuid=uuid, assignment=assignment, text=text, done_on=done_on, reported_by_id=by.user_id, reported_at=at
    )
    assignment.state, assignment.done_on = TaskState.REPORTED, done_on
    assignment.save(update_fields=["state", "done_on"])
    record("assignment.report", assignment, by=by, at=at, after={"report": uuid, "text": text, "done_on": done_on})
    return report


@transaction.atomic
def judge_report(
    report: AssignmentReport, *, accept: bool, done_on: date | None = None, note: str = "", by: Actor, at: datetime
) -> Assignment:
    """Accept a report, its day corrected to `done_on` if given, or send it back with a note.

    The same verdict again changes nothing. Raises Refused where another was quicker or a newer report has come.
    """
    assignment = lock_assignment(report.assignment)
    require_giver(by, assignment.department)
    report = AssignmentReport.objects.select_related("judged_by").get(pk=report.pk)
    wanted = TaskState.ACCEPTED if accept else TaskState.SENT_BACK
    note, done_on = tidy(note), done_on or report.done_on
    if (report.verdict, report.judged_by_id, report.verdict_note) == (wanted, by.user_id, note) and (
        not accept or assignment.done_on == done_on
    ):
        return assignment
    _require_latest(assignment, report)
    if len(note) > MAXIMUM_NOTE:
        raise Refused(_("Keep the note under 300 characters."), field="note", code="note")
    if not accept and not note:
        raise Refused(_("Tell the department what is missing: it reads this note."), field="note", code="note")
    if accept:
        _judge_day(done_on, first=assignment.given_on, last=day_of(report.reported_at), of_report=True)
    report.verdict, report.verdict_note = wanted, note
    report.judged_by_id, report.judged_at = by.user_id, at
    report.save(update_fields=["verdict", "verdict_note", "judged_by", "judged_at"])
    assignment.state, assignment.done_on = wanted, done_on if accept else None
    assignment.save(update_fields=["state", "done_on"])
    after = {"report": report.uuid, "note": note, "done_on": assignment.done_on}
    record("assignment.accept" if accept else "assignment.send-back", assignment, by=by, at=at, after=after)
    if accept:
        meet_obligations(
            assignment.department,
            ObligationKind.ASSIGNMENT,
            key=str(assignment.uuid),
            met_at=noon_of(done_on),
            by_kind=OWNER,
            by_uuid=assignment.uuid,
            by_id=by.user_id,
            at=at,
        )
    return assignment


def _require_unsettled(assignment: Assignment) -> None:
    if assignment.state == TaskState.ACCEPTED:
        day = assignment.done_on.isoformat() if assignment.done_on else ""
        message = _("This assignment was accepted as done on %(day)s; there is nothing more to report.")
        raise Refused(message % {"day": day}, code="accepted", existing=assignment)
    if assignment.state == TaskState.WITHDRAWN:
        message = _("This assignment was withdrawn: %(because)s There is nothing to report.")
        raise Refused(message % {"because": assignment.withdrawn_because}, code="withdrawn", existing=assignment)


def _require_latest(assignment: Assignment, report: AssignmentReport) -> None:
    """Raise Refused unless this is the report that waits for a verdict."""
    if report.judged_by is not None:
        words = {"person": report.judged_by.display_name, "state": report.get_verdict_display()}
        message = _("%(person)s was quicker; the report stands like this: %(state)s. Nothing was changed.")
        raise Refused(message % words, code="stale", existing=assignment)
    if assignment.state == TaskState.WITHDRAWN:
        message = _("This assignment was withdrawn: %(because)s Nothing was changed.")
        raise Refused(message % {"because": assignment.withdrawn_because}, code="withdrawn", existing=assignment)
    if assignment.reports.order_by("reported_at", "pk").last() != report:
        message = _("The department has sent a newer report meanwhile. Read it below and judge that one.")
        raise Refused(message, code="newer", existing=assignment)


def _judge_day(day: date, *, first: date, last: date, of_report: bool = False) -> None:
    words = {"day": day.isoformat(), "first": first.isoformat(), "last": last.isoformat()}
    if day < first:
        message = _("%(day)s is before the day it was given, %(first)s.")
        raise Refused(message % words, field="done_on", code="before")
    if day > last:
        message = (
            _("%(day)s is after the day it was reported, %(last)s.")
            if of_report
            else _("%(day)s is in the future; today is %(last)s.")
        )
        raise Refused(message % words, field="done_on", code="future")
