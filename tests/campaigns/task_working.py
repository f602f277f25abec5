"""What the tests of assignments and problems share."""

import uuid
from datetime import date

from campaigns.enums import Issuer, Role
from campaigns.models import Obligation, ProblemAnswer
from campaigns.services.assignment_reports import judge_report, report_assignment
from campaigns.services.assignments import AssignmentDraft, give_assignments
from campaigns.services.problem_answers import answer_problem, judge_answer
from campaigns.services.problem_drafts import ProblemDraft
from campaigns.services.problems import raise_problem
from tests.campaigns.people_working import actor_of, make_member
from tests.factories import NOON, department, make_actor

GIVEN, DUE = date(2009, 11, 16), date(2009, 11, 20)


def staff(season, home="图书馆", **values):
    """Return a liaison of a department."""
    return actor_of(make_member(season, Role.STAFF, home, **values), season)


def assignment_draft(**values):
    said = {"title": "报送档案目录", "text": "按附件格式", "issuer": Issuer.OFFICE, "given_on": GIVEN, "due_on": DUE}
    return AssignmentDraft(**(said | values))


def give(season, *homes, by, form=None, uploads=(), at=NOON, **values):
    """Return the assignments of one form."""
    return give_assignments(
        [department(season, home) for home in homes or ("图书馆",)],
        assignment_draft(**values),
        uuid=form or uuid.uuid4(),
        uploads=uploads,
        by=by,
        at=at,
    )


def report(assignment, *, by, key=None, text="已报送", done_on=DUE, at=NOON):
    return report_assignment(assignment, uuid=key or uuid.uuid4(), text=text, done_on=done_on, by=by, at=at)


def accept(found, *, by, **values):
    return judge_report(found, accept=True, by=by, at=values.pop("at", NOON), **values)


def send_back(found, *, by, note="缺目录", **values):
    return judge_report(found, accept=False, note=note, by=by, at=values.pop("at", NOON), **values)


def problem_draft(**values):
    said = {"title": "阅览室地面积水", "text": "二楼东侧", "found_on": GIVEN, "due_on": DUE}
    return ProblemDraft(**(said | values))


def raise_about(season, *homes, by, key=None, raising="", inspection=None, uploads=(), at=NOON, **values):
    """Return a problem that names these departments."""
    return raise_problem(
        [department(season, home) for home in homes or ("图书馆",)],
        problem_draft(**values),
        uuid=key or uuid.uuid4(),
        raising=department(season, raising) if raising else None,
        inspection=inspection,
        uploads=uploads,
        by=by,
        at=at,
    )


def answer_of(problem, home="图书馆"):
    """Return the row of a department's answer as it stands."""
    return ProblemAnswer.objects.select_related("problem", "department").get(problem=problem, department__name=home)


def answer(problem, *, by, home="图书馆", version=None, kind="rectification", text="已整改", on=DUE, at=NOON):
    row = answer_of(problem, home)
    seen = row.version if version is None else version
    return answer_problem(row, kind=kind, text=text, answered_on=on, version=seen, by=by, at=at)


def judge(row, *, by, accept=True, note="", version=None, at=NOON):
    row.refresh_from_db()
    seen = row.version if version is None else version
    return judge_answer(row, accept=accept, note=note, version=seen, by=by, at=at)


def owed(record, home="图书馆"):
    """Return what a department owes for an assignment or problem."""
    return Obligation.objects.get(key=str(record.uuid), department__name=home)


def office(season):
    return make_actor(season, Role.OFFICE)


def team(season, **values):
    return make_actor(season, Role.ASSESSOR, **values)
