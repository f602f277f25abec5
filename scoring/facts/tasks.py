"""What departments are asked for by a day: months, circulars, problems, assignments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from scoring.facts.detection import Fact, Person, named


@dataclass(frozen=True)
class ServiceMonthFact(Fact):
    """A month in which service work is owed, the last day to do it, and whether any stands."""

    kind: ClassVar[str] = "service-month"
    month: str = named(_("Month"))
    deadline: date = named(_("Last day"))
    is_served: bool = False


@dataclass(frozen=True)
class MonthlyReportFact(Fact):
    """What a department reported of its students for a month."""

    kind: ClassVar[str] = "monthly-report"
    month: str = named(_("Month"))
    reported_on: date = named(_("Handed in on"))
    has_breaches: bool = False
    has_handling: bool = False


@dataclass(frozen=True)
class StudentMonthFact(Fact):
    """A month for which a report on students is owed (``owed``: breaches or conduct), and the report."""

    kind: ClassVar[str] = "student-month"
    owed: str
    month: str = named(_("Month"))
    deadline: date = named(_("Last day"))
    report: MonthlyReportFact | None = None


@dataclass(frozen=True)
class CircularFact(Fact):
    """What a department did with a circular it received."""

    kind: ClassVar[str] = "circular-recipient"
    title: str = named(_("Circular"))
    number: str = named(_("Number of the document"))
    issued_on: date = named(_("Issued on"))
    deadline: date = named(_("Last day"))
    relayed_on: date | None = named(_("Relayed on"))
    carried_out_on: date | None = named(_("Carried out on"))


@dataclass(frozen=True)
class ProblemFact(Fact):
    """A problem a department has not answered; ``sent_back_on`` is the day its last answer was sent back."""

    kind: ClassVar[str] = "problem-answer"
    title: str = named(_("Problem"))
    found_on: date = named(_("Found on"))
    deadline: date = named(_("Last day"))
    answered_on: date | None = named(_("Answered on"))
    sent_back_on: date | None = named(_("Sent back on"))


@dataclass(frozen=True)
class ProblemPersonFact(Fact):
    """How a person whom a problem concerns was dealt with; ``person`` is None for who is not on the staff list."""

    kind: ClassVar[str] = "problem-person"
    is_handled: bool
    is_counselled: bool
    is_taught: bool
    label: str = named(_("Person"))
    title: str = named(_("Problem"))
    deadline: date = named(_("Last day"))
    handled_on: date | None = named(_("Handled on"))
    counselled_on: date | None = named(_("Counselled on"))
    taught_on: date | None = named(_("Taught on"))
    person: Person | None = None


@dataclass(frozen=True)
class AssignmentFact(Fact):
    """An assignment: ``done_on`` is what the last report says, ``sent_back_on`` when that was not taken."""

    kind: ClassVar[str] = "assignment"
    title: str = named(_("Assignment"))
    given_on: date = named(_("Given on"))
    deadline: date = named(_("Last day"))
    done_on: date | None = named(_("Done on"))
    sent_back_on: date | None = named(_("Sent back on"))
