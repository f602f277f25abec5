"""Two people at once on one problem or assignment, each with a connection of their own."""

import uuid

from campaigns.models import Assignment, AssignmentReport, Problem, ProblemAnswer
from campaigns.services.assignment_reports import judge_report
from campaigns.services.problem_answers import answer_problem, judge_answer
from qualityseason.errors import Refused
from qualityseason.models import AuditEntry
from tests.at_once import at_once
from tests.campaigns.task_working import DUE, answer, answer_of, give, office, owed, raise_about, report, staff, team
from tests.factories import NOON, make_actor


def split(results):
    """Return what went through and the codes of what was refused."""
    return [one for one in results if not isinstance(one, Exception)], [
        one.refusal_code for one in results if isinstance(one, Refused)
    ]


def test_of_two_answers_at_once_one_stands_and_the_other_is_told(committed_season):
    season = committed_season
    problem = raise_about(season, by=team(season))
    row, writers = (
        answer_of(problem),
        [staff(season), make_actor(season, "HEAD", department=answer_of(problem).department)],
    )

    def writing(by, text):
        said = {"kind": "explanation", "text": text, "answered_on": DUE}
        return lambda: answer_problem(row, **said, version=1, by=by, at=NOON)

    done, refused = split(at_once(*(writing(by, f"第{n}人") for n, by in enumerate(writers))))
    assert (len(done), refused) == (1, ["stale"])
    assert (answer_of(problem).text, answer_of(problem).version) == (done[0].text, 2)
    assert AuditEntry.objects.filter(act="problem.answer").count() == 1
    assert owed(problem).met_by_id == done[0].answered_by_id


def test_of_two_verdicts_on_an_answer_at_once_one_stands(committed_season):
    season = committed_season
    problem = raise_about(season, by=team(season))
    row = answer(problem, by=staff(season))
    judges = [office(season), make_actor(season, "TEAM_LEAD")]

    def judging(by, accept):
        return lambda: judge_answer(row, accept=accept, note="意见", version=2, by=by, at=NOON)

    done, refused = split(at_once(judging(judges[0], True), judging(judges[1], False)))
    assert (len(done), refused) == (1, ["judged"])
    stands = answer_of(problem)
    assert (stands.state, stands.judged_by_id) == (done[0].state, done[0].judged_by_id)
    assert (owed(problem).met_at is None) == (stands.state == "sent-back")


def test_of_two_verdicts_on_a_report_at_once_one_stands(committed_season):
    season = committed_season
    clerk = office(season)
    task = give(season, by=clerk)[0]
    found = report(task, by=staff(season))
    judges = [clerk, make_actor(season, "LEADERSHIP")]

    def judging(by, accept):
        return lambda: judge_report(found, accept=accept, note="意见", by=by, at=NOON)

    done, refused = split(at_once(judging(judges[0], True), judging(judges[1], False)))
    assert (len(done), refused) == (1, ["stale"])
    assert AssignmentReport.objects.get().verdict == Assignment.objects.get().state == done[0].state
    assert (owed(task).met_at is None) == (done[0].state == "sent-back")


def test_one_form_sent_several_times_at_once_gives_and_raises_once(committed_season):
    season = committed_season
    clerk, form, key = office(season), uuid.uuid4(), uuid.uuid4()
    results = at_once(
        *[lambda: give(season, "工会", "图书馆", by=clerk, form=form)] * 3,
        *[lambda: raise_about(season, "图书馆", "工会", by=clerk, key=key)] * 3,
    )
    assert [one for one in results if isinstance(one, Exception)] == []
    assert (Assignment.objects.count(), Problem.objects.count(), ProblemAnswer.objects.count()) == (2, 1, 2)
