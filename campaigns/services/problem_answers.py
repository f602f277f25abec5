"""Answers to problems: what a department mended or explains, and what whoever raised the problem says to that."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.enums import AnswerKind, ObligationKind, TaskState
from campaigns.models import ProblemAnswer
from campaigns.policy import can_judge_answer
from campaigns.services.assignment_reports import MAXIMUM_NOTE, require_reporter
from campaigns.services.obligations import meet_obligations, reopen_obligations
from campaigns.services.problems import OWNER, require_changer
from qualityseason.clock import day_of, noon_of
from qualityseason.errors import ConflictOfInterest, Refused
from qualityseason.services import audit
from qualityseason.text import MAXIMUM_TEXT, tidy

FIELDS = ("kind", "text", "answered_on")


@transaction.atomic
def answer_problem(
    answer: ProblemAnswer, *, kind: str, text: str, answered_on: date, version: int, by: Actor, at: datetime
) -> ProblemAnswer:
    """Answer a problem, or put the answer otherwise until it is accepted; late ones too.

    With another `version` than the row's it is refused as stale, unless nothing differs.
    """
    answer = lock_answer(answer)
    require_reporter(by, answer.department)
    require_standing(answer)
    if answer.state == TaskState.ACCEPTED:
        message = _("This answer of %(day)s was accepted; it is not changed any more.")
        day = answer.answered_on.isoformat() if answer.answered_on else ""
        raise Refused(message % {"day": day}, code="accepted", existing=answer)
    text = _judged(answer, kind, text, answered_on, today=day_of(at))
    before = {name: getattr(answer, name) for name in FIELDS}
    after = {"kind": kind, "text": text, "answered_on": answered_on}
    if answer.state == TaskState.REPORTED and before == after:
        return answer
    if version != answer.version:
        message = _("Somebody else wrote this answer meanwhile. What stands there now is shown below; yours is kept.")
        raise Refused(message, code="stale", existing=answer)
    for name, value in after.items():
        setattr(answer, name, value)
    answer.state, answer.answered_by_id, answer.answered_at = TaskState.REPORTED, by.user_id, at
    answer.version += 1
    answer.save(update_fields=[*FIELDS, "state", "answered_by", "answered_at", "version"])
    _record("problem.answer", answer, by=by, at=at, before=before, after=after)
    if before["answered_on"] != answered_on:
        _reopen(answer, by=by, at=at)
    meet_obligations(
        answer.department,
        ObligationKind.PROBLEM,
        key=str(answer.problem.uuid),
        met_at=noon_of(answered_on),
        by_kind=OWNER,
        by_uuid=answer.problem.uuid,
        by_id=by.user_id,
        at=at,
    )
    return answer


@transaction.atomic
def judge_answer(
    answer: ProblemAnswer, *, accept: bool, note: str = "", version: int, by: Actor, at: datetime
) -> ProblemAnswer:
    """Accept the answer that was read (`version`), or send it back with a note; then it is owed again.

    The same verdict again changes nothing. Raises Refused where another was quicker or the answer reads otherwise now.
    """
    answer = lock_answer(answer)
    require_standing(answer)
    _require_judge(by, answer)
    wanted = TaskState.ACCEPTED if accept else TaskState.SENT_BACK
    note = tidy(note)
    said = (answer.state, answer.judged_by_id, answer.verdict_note, answer.version)
    if said == (wanted, by.user_id, note, version + 1):
        return answer
    _require_waiting(answer, version, by)
    if len(note) > MAXIMUM_NOTE:
        raise Refused(_("Keep the note under 300 characters."), field="note", code="note")
    if not accept and not note:
        raise Refused(_("Tell the department what is missing: it reads this note."), field="note", code="note")
    answer.state, answer.verdict_note = wanted, note
    answer.judged_by_id, answer.judged_at = by.user_id, at
    answer.version += 1
    answer.save(update_fields=["state", "verdict_note", "judged_by", "judged_at", "version"])
    act = "problem.accept" if accept else "problem.send-back"
    _record(act, answer, by=by, at=at, after={"state": wanted, "note": note})
    if not accept:
        _reopen(answer, by=by, at=at)
    return answer


def lock_answer(answer: ProblemAnswer) -> ProblemAnswer:
    """Return the answer as it stands, held for this transaction."""
    rows = ProblemAnswer.objects.select_for_update(of=("self",))
    return rows.select_related("problem__campaign", "department", "judged_by").get(pk=answer.pk)


def require_standing(answer: ProblemAnswer) -> None:
    """Raise Refused where the department need not answer any more."""
    if answer.problem.withdrawn_at is not None:
        message = _("This problem was withdrawn: %(because)s Nothing was changed.")
        words = {"because": answer.problem.withdrawn_because}
        raise Refused(message % words, code="withdrawn", existing=answer.problem)
    if answer.state == TaskState.WITHDRAWN:
        message = _("%(department)s is not asked about this problem any more. Nothing was changed.")
        raise Refused(message % {"department": answer.department.name}, code="withdrawn", existing=answer.problem)


def _require_judge(by: Actor, answer: ProblemAnswer) -> None:
    """Raise ConflictOfInterest or PermissionDenied for who says nothing to answers of this department."""
    if can_judge_answer(by, answer):
        return
    if by.is_interested_in(answer.department_id) or answer.department_id in by.departments:
        message = _("You have an interest in %(department)s: somebody else raises and judges its problems.")
        raise ConflictOfInterest(message % {"department": answer.department.name})
    require_changer(by, answer.problem, [answer.department_id])


def _require_waiting(answer: ProblemAnswer, version: int, by: Actor) -> None:
    if answer.state == TaskState.GIVEN:
        raise Refused(_("The department has not answered yet."), code="unanswered", existing=answer)
    if answer.state != TaskState.REPORTED:
        person = answer.judged_by.display_name if answer.judged_by and by.sees_names else _("Somebody else")
        words = {"person": person, "state": answer.get_state_display()}
        message = _("%(person)s was quicker; the answer stands like this: %(state)s. Nothing was changed.")
        raise Refused(message % words, code="judged", existing=answer)
    if answer.version != version:
        message = _("The department has put its answer otherwise meanwhile. Read it below and decide once more.")
        raise Refused(message, code="stale", existing=answer)


def _judged(answer: ProblemAnswer, kind: str, text: str, answered_on: date, *, today: date) -> str:
    """Return the text tidied; raises Refused at the field that is wrong."""
    if kind not in AnswerKind.values:
        raise Refused(_("Say whether it was mended or is explained."), field="kind", code="kind")
    text = tidy(text)
    if not 0 < len(text) <= MAXIMUM_TEXT:
        raise Refused(_("Write the answer, at most 2000 characters."), field="text", code="text")
    found_on = answer.problem.found_on
    words = {"day": answered_on.isoformat(), "found": found_on.isoformat(), "today": today.isoformat()}
    if answered_on < found_on:
        message = _("%(day)s is before the day the problem was found, %(found)s.")
        raise Refused(message % words, field="answered_on", code="before")
    if answered_on > today:
        message = _("%(day)s is in the future; today is %(today)s.")
        raise Refused(message % words, field="answered_on", code="future")
    return text


def _reopen(answer: ProblemAnswer, *, by: Actor, at: datetime) -> None:
    reopen_obligations(
        by_kind=OWNER, by_uuid=answer.problem.uuid, by_id=by.user_id, at=at, department=answer.department
    )


def _record(
    act: str,
    answer: ProblemAnswer,
    *,
    by: Actor,
    at: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    audit.record(
        act,
        answer,
        by_id=by.user_id,
        campaign_id=answer.problem.campaign_id,
        department_id=answer.department_id,
        at=at,
        before=before,
        after=after,
    )
