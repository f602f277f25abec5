"""Problems (反映或出现的问题): raised about departments, reworded, withdrawn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.enums import ObligationKind, ProblemSource, Role, TaskState
from campaigns.models import Department, Problem, ProblemAnswer
from campaigns.policy import can_attach_to_problem, can_edit_problem
from campaigns.services.attachments import attach_uploads
from campaigns.services.obligations import drop_obligations, owe
from campaigns.services.problem_drafts import ProblemDraft, judge_answers, judged, require_named
from qualityseason.errors import ConflictOfInterest, Refused
from qualityseason.services import audit
from qualityseason.text import tidy

OWNER = "problem"
MAXIMUM_REASON = 200


@transaction.atomic
def raise_problem(
    departments: Sequence[Department],
    draft: ProblemDraft,
    *,
    uuid: UUID,
    raising: Department | None = None,
    inspection: UUID | None = None,
    uploads: Sequence[UUID] = (),
    by: Actor,
    at: datetime,
) -> Problem:
    """Return a problem that names these departments; the same `uuid` with the same words returns the first.

    Who raises it follows from the actor: the team (after an `inspection` or not), the office, or the department
    `raising`. Raises Refused at the field that is wrong, ConflictOfInterest for a department of own interest.
    """
    source, raising = _source_of(by, raising, inspection)
    require_named(departments, by=by)
    draft = judged(draft, departments=departments, at=at)
    _lock_departments(departments)
    problem = Problem(
        uuid=uuid,
        campaign_id=by.campaign_id,
        source=source,
        raising_department=raising,
        inspection=inspection,
        raised_by_id=by.user_id,
        raised_at=at,
        **vars(draft),
    )
    first = Problem.objects.filter(uuid=uuid).first()
    if first is not None:
        return _same(first, problem, departments)
    problem.save()
    for department in departments:
        ProblemAnswer.objects.create(problem=problem, department=department)
        _owe(problem, department)
    _attach(problem, uploads, by=by, at=at)
    after = said(problem) | {"departments": [department.name for department in departments]}
    record("problem.raise", problem, by=by, at=at, after=after, department_id=_only(departments))
    return problem


@transaction.atomic
def edit_problem(
    problem: Problem,
    draft: ProblemDraft,
    *,
    departments: Sequence[Department],
    version: int,
    uploads: Sequence[UUID] = (),
    by: Actor,
    at: datetime,
) -> Problem:
    """Reword a problem, name more departments, or no longer name one that has not answered; what is owed follows.

    With another `version` than the row's it is refused as stale, unless nothing differs.
    """
    problem = lock_problem(problem)
    answers = {answer.department_id: answer for answer in problem.answers.select_related("department")}
    named = {pk: answer for pk, answer in answers.items() if answer.state != TaskState.WITHDRAWN}
    _require_standing(problem)
    require_changer(by, problem, named)
    draft = judged(draft, departments=departments, at=at)
    wanted = {department.pk: department for department in departments}
    added = [department for pk, department in wanted.items() if pk not in named]
    removed = [answer for pk, answer in named.items() if pk not in wanted]
    require_named(added, by=by)
    _attach(problem, uploads, by=by, at=at)
    before = said(problem)
    if before == vars(draft) and not added and not removed:
        return problem
    if version != problem.version:
        message = _("Somebody else changed this problem meanwhile. What stands there now is shown below.")
        raise Refused(message, code="stale", existing=problem)
    judge_answers(draft, named.values(), removed)
    for name, value in vars(draft).items():
        setattr(problem, name, value)
    problem.version += 1
    problem.save(update_fields=[*vars(draft), "version"])
    for department in added:
        answer = answers.get(department.pk) or ProblemAnswer(problem=problem, department=department)
        answer.state = TaskState.GIVEN
        answer.save()
    for answer in removed:
        answer.state = TaskState.WITHDRAWN
        answer.version += 1
        answer.save(update_fields=["state", "version"])
        drop_obligations(ObligationKind.PROBLEM, key=str(problem.uuid), at=at, department=answer.department)
    for department in wanted.values():
        _owe(problem, department)
    names = {
        "added": [department.name for department in added],
        "removed": [answer.department.name for answer in removed],
    }
    record("problem.edit", problem, by=by, at=at, before=before, after=said(problem) | names)
    return problem


@transaction.atomic
def withdraw_problem(problem: Problem, *, because: str, by: Actor, at: datetime) -> Problem:
    """Take a problem back; nobody owes an answer any more. A second time changes nothing."""
    problem = lock_problem(problem)
    if problem.withdrawn_at is not None and (by.oversees or problem.raising_department_id in by.departments):
        return problem
    named = problem.answers.exclude(state=TaskState.WITHDRAWN).values_list("department_id", flat=True)
    require_changer(by, problem, named)
    because = tidy(because)
    if not 0 < len(because) <= MAXIMUM_REASON:
        raise Refused(_("Say why, in at most 200 characters."), field="because", code="reason")
    problem.withdrawn_by_id, problem.withdrawn_at, problem.withdrawn_because = by.user_id, at, because
    problem.version += 1
    problem.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawn_because", "version"])
    drop_obligations(ObligationKind.PROBLEM, key=str(problem.uuid), at=at)
    record("problem.withdraw", problem, by=by, at=at, after={"withdrawn_because": because})
    return problem


def lock_problem(problem: Problem) -> Problem:
    """Return the problem as it stands, held for this transaction."""
    return Problem.objects.select_for_update(of=("self",)).select_related("campaign").get(pk=problem.pk)


def require_changer(by: Actor, problem: Problem, named: Iterable[int]) -> None:
    """Raise ConflictOfInterest or PermissionDenied for who neither rewords nor withdraws this problem."""
    named = list(named)
    if problem.campaign_id == by.campaign_id and can_edit_problem(by, problem, named=named):
        return
    if by.oversees and by.is_interested_in(*named):
        raise ConflictOfInterest(_("You have an interest in a department this is about: somebody else does this."))
    raise PermissionDenied(_("Those who raised a problem, the office and the head of the team change it."))


def _source_of(
    by: Actor, raising: Department | None, inspection: UUID | None
) -> tuple[ProblemSource, Department | None]:
    """Return who raises it, as the actor is."""
    if by.is_team:
        return (ProblemSource.INSPECTION if inspection else ProblemSource.TEAM), None
    if inspection is not None:
        raise PermissionDenied(_("Only the assessment team asks for something to be mended after an inspection."))
    if by.has(Role.OFFICE):
        return ProblemSource.OFFICE, None
    if raising is None or raising.pk not in by.departments:
        raise PermissionDenied
    return ProblemSource.DEPARTMENT, raising


def _require_standing(problem: Problem) -> None:
    if problem.withdrawn_at is not None:
        message = _("This problem was withdrawn: %(because)s Nothing was changed.")
        raise Refused(message % {"because": problem.withdrawn_because}, code="withdrawn", existing=problem)


def _same(first: Problem, again: Problem, departments: Sequence[Department]) -> Problem:
    """Return the problem raised first, when the form was only sent twice."""
    named = set(first.answers.values_list("department_id", flat=True))
    fields = ("source", "raising_department_id", "inspection", "raised_by_id", "campaign_id")
    is_same = named == {department.pk for department in departments} and said(first) == said(again)
    if not is_same or any(getattr(first, name) != getattr(again, name) for name in fields):
        message = _("This form has been sent before with other words. Open a new one.")
        raise Refused(message, code="reused", existing=first)
    return first


def _lock_departments(departments: Sequence[Department]) -> None:
    """Hold the departments, always in the same order, so that a form sent twice at once waits for itself."""
    pks = [department.pk for department in departments]
    list(Department.objects.select_for_update(no_key=True).filter(pk__in=pks).order_by("pk"))


def _owe(problem: Problem, department: Department) -> None:
    owe(department, ObligationKind.PROBLEM, key=str(problem.uuid), name=problem.title, due_on=problem.due_on)


def _attach(problem: Problem, uploads: Sequence[UUID], *, by: Actor, at: datetime) -> None:
    if uploads and not can_attach_to_problem(by, problem):
        message = _("Files of this problem are added by those who raised it. Leave them out.")
        raise Refused(message, field="files", code="files")
    attach_uploads(
        uploads,
        campaign_id=problem.campaign_id,
        department_id=problem.raising_department_id,
        owner_kind=OWNER,
        owner_uuid=problem.uuid,
        by_id=by.user_id,
        at=at,
    )


def _only(departments: Sequence[Department]) -> int | None:
    return departments[0].pk if len(departments) == 1 else None


def said(problem: Problem) -> dict[str, Any]:
    """Return what the problem says, as its form does."""
    return {name: getattr(problem, name) for name in ProblemDraft.__dataclass_fields__}


def record(
    act: str,
    problem: Problem,
    *,
    by: Actor,
    at: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    department_id: int | None = None,
) -> None:
    """Append an act on a problem to the audit log."""
    audit.record(
        act,
        problem,
        by_id=by.user_id,
        campaign_id=problem.campaign_id,
        department_id=department_id or problem.raising_department_id,
        at=at,
        before=before,
        after=after,
    )
