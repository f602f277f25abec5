"""Planning what the demo's assessors find, line by line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from campaigns.enums import TEACHING_KINDS
from campaigns.models import Department
from scoring.enums import Once, SubjectKind
from scoring.facts import Subject
from scoring.models import Deduction, Rule
from scoring.queries.subjects import subject_of
from scoring.services.demo.cast import Cast, moment_of, workdays
from scoring.services.demo.visits import Visit

TRIES = 200  # throws of the dice until a case fits a department, a day and a subject not charged yet


@dataclass(eq=False)
class Line:
    """A deduction to be recorded, and what becomes of it: confirmed, withdrawn, or left waiting."""

    charged: Department
    rule: Rule
    happened_on: date
    recorder: str
    recorded_at: datetime
    note: str
    quantity: int = 1
    subject: Subject | str = ""
    month: str = ""
    answers: dict[str, str] = field(default_factory=dict)
    visit: Visit | None = None
    replaces: Line | None = None
    is_story: bool = False
    confirmer: str = ""
    confirmed_at: datetime | None = None
    withdrawer: str = ""
    withdrawn_at: datetime | None = None
    withdrawn_because: str = ""
    deduction: Deduction | None = None

    @property
    def visited(self) -> Department:
        """The department visited."""
        return self.visit.department if self.visit else self.charged


def plan_stories(cast: Cast) -> list[Line]:
    """Return the stories told in full in the data."""
    told: dict[tuple[int, str], Line] = {}
    for entry in cast.data["stories"]:
        department = cast.department(entry["department"])
        replaced = told[department.pk, entry["replaces"]] if "replaces" in entry else None
        told[department.pk, entry["rule"]] = Line(
            department,
            cast.rules[entry["rule"]],
            happened_on=entry["on"],
            recorder=cast.pick_assessor(department) or "",
            recorded_at=moment_of(entry["on"], 16 * 60),
            note=entry["note"],
            subject=entry.get("subject", ""),
            answers=entry.get("answers", {}),
            replaces=replaced,
            is_story=True,
        )
    return list(told.values())


def plan_cases(cast: Cast, cases: list[dict[str, Any]], *, visits: list[Visit], stories: list[Line]) -> list[Line]:
    """Return the lines of all cases, each rule as often as the data says."""
    charged = {_fact(line.rule, line.charged, line.subject, line.month) for line in stories}
    planner = _Planner(cast, [visit for visit in visits if visit.ended_at], charged)
    return [line for case in cases for line in planner.lines(case)]


def _fact(rule: Rule, department: Department, subject: Subject | str, month: str) -> tuple[str, str, str]:
    named = f"{department.pk}/{subject}" if isinstance(subject, str) else subject.key
    return (rule.family, named, month)


class _Planner:
    """Throws the dice for department, visit, day and subject of each line."""

    def __init__(self, cast: Cast, visits: list[Visit], charged: set[tuple[str, str, str]]) -> None:
        self.cast, self.visits, self.charged = cast, visits, charged

    def lines(self, case: dict[str, Any]) -> Iterator[Line]:
        """Yield the lines of one case."""
        for code, count in zip(case["rules"], case["counts"], strict=True):
            rule = self.cast.rules[code]
            departments = [
                department
                for department in self.cast.departments
                if rule.block_id in (None, department.block_id)
                and department.kind in case.get("kinds", [department.kind])
            ]
            for _number in range(count):
                yield self._line(case, rule, departments)

    def _line(self, case: dict[str, Any], rule: Rule, departments: list[Department]) -> Line:
        for _try in range(TRIES):
            line = self._throw(case, rule, self.cast.pick_department(departments))
            if line is not None:
                return line
        raise LookupError(f"no department left for {rule.code}")

    def _throw(self, case: dict[str, Any], rule: Rule, department: Department) -> Line | None:
        cast, rng = self.cast, self.cast.rng
        visit = self._visit(case, department)
        if visit is None:
            day = rng.choice(workdays(case["from"], case["until"]))
            recorder = cast.pick_assessor(department)
        else:
            day = visit.day
            recorder = rng.choice(visit.assessors)
            if cast.actors[recorder].is_interested_in(department.pk):
                return None
        happened_on = self._happened_on(case, rule, day, visit)
        seen = rng.choice(case["seen"])
        subject = self._subject(case, rule, seen, department, happened_on)
        month = rng.choice(case["months"]) if rule.once == Once.MONTH else ""
        if recorder is None or subject is None or month > f"{day:%Y-%m}":
            return None
        fact = _fact(rule, department, subject, month)
        if fact in self.charged:
            return None
        self.charged.add(fact)
        if visit is not None:
            visit.rules.add(rule)
            recorded_at = visit.entered_at + timedelta(minutes=rng.randint(1, 25))
        else:
            recorded_at = cast.moment(day, earliest=15 * 60, latest=17 * 60 + 20)
        return Line(
            department,
            rule,
            happened_on=happened_on,
            recorder=recorder,
            recorded_at=recorded_at,
            note=seen["note"].format(month=happened_on.month, day=happened_on.day),
            quantity=rng.randint(*case.get("quantity", (1, 1))),
            subject=subject,
            month=month,
            visit=visit,
        )

    def _visit(self, case: dict[str, Any], department: Department) -> Visit | None:
        away = case.get("found_in")
        if not away and self.cast.rng.random() < self.cast.data["share_without_inspection"]:
            return None
        fitting = [
            visit
            for visit in self.visits
            if case["from"] <= visit.day <= case["until"]
            and (visit.department.kind in TEACHING_KINDS if away else visit.department == department)
        ]
        return self.cast.rng.choice(fitting) if fitting else None

    def _happened_on(self, case: dict[str, Any], rule: Rule, day: date, visit: Visit | None) -> date:
        rng = self.cast.rng
        if "happened" in case:
            return rng.choice(workdays(*case["happened"]))
        if "earlier" in case:
            return rng.choice(workdays(day - timedelta(days=5), day - timedelta(days=1)))
        if visit is not None and (rule.subject == SubjectKind.ITEM or rng.random() < 0.5):
            return day
        return rng.choice(workdays(day - timedelta(days=5), day))

    def _subject(
        self, case: dict[str, Any], rule: Rule, seen: dict[str, str], department: Department, on: date
    ) -> Subject | str | None:
        if "subject" in seen:
            return seen["subject"]
        if rule.subject == SubjectKind.PERSON:
            people = self.cast.staff_of(department, categories=case["people"], on=on)
            return subject_of(self.cast.rng.choice(people)) if people else None
        if rule.subject == SubjectKind.CLASS:
            classes = self.cast.classes[department.pk]
            return subject_of(self.cast.rng.choice(classes)) if classes else None
        return ""
