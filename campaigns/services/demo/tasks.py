"""The demo's circulars, assignments, problems and policies, with what departments made of them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from campaigns.actors import Actor
from campaigns.enums import CircularKind
from campaigns.models import CircularRecipient, Department, Posting, ProblemAnswer
from campaigns.services.assignment_reports import judge_report, report_assignment
from campaigns.services.assignments import AssignmentDraft, give_assignments
from campaigns.services.circular_drafts import CircularDraft
from campaigns.services.circular_records import record_carrying_out, record_relay
from campaigns.services.circulars import issue_circular
from campaigns.services.demo.paperwork import Paperwork
from campaigns.services.policies import enter_policy
from campaigns.services.policy_drafts import ItemDraft, PolicyDraft
from campaigns.services.policy_measures import add_measure
from campaigns.services.problem_answers import answer_problem, judge_answer
from campaigns.services.problem_drafts import ProblemDraft
from campaigns.services.problem_persons import Dealing, add_person
from campaigns.services.problems import raise_problem

OFFICE = "office"
LIAISON = "staff-"  # how the accounts of liaisons begin
DAY = timedelta(days=1)


def give_tasks(paperwork: Paperwork) -> None:
    """Let policies be made, circulars go out, assignments be given and problems be raised, and be answered."""
    for department in paperwork.departments:
        _make_policy(paperwork, department)
    for entry in paperwork.data["circulars"]:
        _send_circular(paperwork, entry)
    for entry in paperwork.data["assignments"]:
        _assign(paperwork, entry)
    for entry in paperwork.data["problems"]:
        _raise(paperwork, entry)


def _make_policy(paperwork: Paperwork, department: Department) -> None:
    data = paperwork.data["policies"]
    words = {
        "department": department.name,
        "order": department.order,
        "title": paperwork.of(department)["duties"][0].partition("|")[0],
    }
    by, at = paperwork.liaison(department), paperwork.moment(data["entered"], 10, department.order)
    policy = enter_policy(
        department,
        PolicyDraft(
            title=data["title"] % words,
            number=data["number"] % words,
            issued_on=data["issued"],
            items=tuple(ItemDraft(text) for text in data["items"]),
        ),
        uuid=paperwork.uuid(),
        by=by,
        at=at,
    )
    undone = 1 if department.name in data["without"] else 0
    pairs = list(zip(policy.items.all(), data["measures"], strict=True))
    for place, (item, text) in enumerate(pairs[: len(pairs) - undone]):
        day = paperwork.moment(data["first_measure"] + 9 * place * DAY, 9).date()
        add_measure(item, uuid=paperwork.uuid(), text=text, happened_on=day, by=by, at=paperwork.moment(day + DAY, 16))


def _send_circular(paperwork: Paperwork, entry: dict[str, Any]) -> None:
    kinds = entry.get("kinds")
    named = [each for each in paperwork.departments if not kinds or each.kind in kinds]
    draft = CircularDraft(
        kind=CircularKind(entry["kind"]),
        number=entry["number"],
        title=entry["title"],
        issued_on=entry["issued"],
        due_on=entry["due"],
    )
    circular = issue_circular(
        paperwork.campaign,
        draft,
        uuid=paperwork.uuid(),
        departments=named,
        by=paperwork.actor(OFFICE),
        at=paperwork.moment(entry["issued"], 15),
    )
    words = paperwork.data["circular_words"]
    for recipient in CircularRecipient.objects.filter(circular=circular).select_related("department"):
        department = recipient.department
        if department.name in entry["undone"]:
            continue
        by = paperwork.liaison(department)
        relayed = paperwork.moment(entry["issued"] + 2 * DAY, 15).date()
        relayed = max(relayed, entry["issued"])
        persons = [] if department.order % 3 else _posted(department, relayed)
        recipient = record_relay(
            recipient,
            relayed_on=relayed,
            to_all=not persons,
            persons=persons,
            how=paperwork.rng.choice(words["how"]),
            version=None,
            by=by,
            at=paperwork.moment(relayed, 17, department.order),
        )
        if department.name in entry["relayed_only"]:
            continue
        late = entry["late"].get(department.name)
        done = entry["due"] + late * DAY if late else max(relayed, entry["due"] - (department.order % 5) * DAY)
        done = min(done, paperwork.data["last_day"])
        at = paperwork.moment(done, 17, 30)
        record_carrying_out(
            recipient, carried_out_on=max(relayed, at.date()), what=words["done"], version=None, by=by, at=at
        )


def _posted(department: Department, on: date) -> list[Any]:
    rows = Posting.objects.filter(department=department).current(on=on).select_related("staff_member")
    return [row.staff_member for row in rows.order_by("staff_member__number")[:6]]


def _assign(paperwork: Paperwork, entry: dict[str, Any]) -> None:
    department, giver = _place(paperwork, entry["department"]), paperwork.actor(OFFICE)
    draft = AssignmentDraft(
        title=entry["title"], text="", issuer=entry["issuer"], given_on=entry["given"], due_on=entry["due"]
    )
    [assignment] = give_assignments(
        [department], draft, uuid=paperwork.uuid(), by=giver, at=paperwork.moment(entry["given"], 9)
    )
    done = entry.get("done") or entry.get("reported")
    if done is None:
        return
    by = paperwork.liaison(department)
    if "sent_back" in entry:
        early = paperwork.moment(done - DAY, 10).date()
        first = report_assignment(
            assignment,
            uuid=paperwork.uuid(),
            text=paperwork.data["circular_words"]["done"],
            done_on=early,
            by=by,
            at=paperwork.moment(early, 10),
        )
        judge_report(first, accept=False, note=entry["sent_back"], by=giver, at=paperwork.moment(early, 16))
    at = paperwork.moment(done, 16, 30)
    report = report_assignment(
        assignment,
        uuid=paperwork.uuid(),
        text=paperwork.data["circular_words"]["done"],
        done_on=at.date(),
        by=by,
        at=at,
    )
    if "done" in entry:
        judge_report(report, accept=True, by=giver, at=at + timedelta(hours=1))


def _raise(paperwork: Paperwork, entry: dict[str, Any]) -> None:
    by, departments = paperwork.actor(entry["by"]), [_place(paperwork, name) for name in entry["departments"]]
    raising = None
    if entry["by"].startswith(LIAISON):
        raising = next(each for each in paperwork.departments if each.pk in by.departments)
    draft = ProblemDraft(title=entry["title"], text=entry["text"], found_on=entry["found"], due_on=entry["due"])
    problem = raise_problem(
        departments, draft, uuid=paperwork.uuid(), raising=raising, by=by, at=paperwork.moment(entry["found"], 16)
    )
    for answer in ProblemAnswer.objects.filter(problem=problem).select_related("department"):
        said = entry["answers"].get(answer.department.name)
        if said:
            _answer(paperwork, answer, said, entry, judge=by)


def _answer(
    paperwork: Paperwork, answer: ProblemAnswer, said: list[Any], entry: dict[str, Any], *, judge: Actor
) -> None:
    kind, day, text = said
    by, at = paperwork.liaison(answer.department), paperwork.moment(day, 15)
    answer = answer_problem(answer, kind=kind, text=text, answered_on=at.date(), version=answer.version, by=by, at=at)
    dealt = entry.get("persons", {}).get(answer.department.name)
    if dealt:
        handling, counselling, teaching = dealt
        dealing = Dealing(
            handling=handling,
            handled_on=at.date() if handling else None,
            counselling=counselling,
            counselled_on=at.date() if counselling else None,
            teaching=teaching,
            taught_on=at.date() if teaching else None,
        )
        person = _posted(answer.department, day)[2]
        add_person(answer, dealing, uuid=paperwork.uuid(), person=person, by=by, at=at)
    if entry["accepted"]:
        judge_answer(answer, accept=True, version=answer.version, by=judge, at=at + timedelta(hours=2))


def _place(paperwork: Paperwork, name: str) -> Department:
    return next(each for each in paperwork.departments if each.name == name)
