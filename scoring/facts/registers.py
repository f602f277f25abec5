"""Rows of registers as detectors see them.

Names of people, classes and departments are not kept with a finding: its subject names them, and a corrected name is no
other fact.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from scoring.facts.detection import Fact, Person, named


@dataclass(frozen=True, kw_only=True)
class RegisterFact(Fact):
    """A row of a register; ``department_id`` is whom it is about that day, ``excused_on`` says it is excused."""

    department_id: int
    organiser_id: int | None = None
    organiser: str = ""
    excused_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class PersonFact(RegisterFact):
    """A row about somebody of the staff list."""

    person: Person


@dataclass(frozen=True, kw_only=True)
class TermFact(PersonFact):
    """A row about a teacher's term; it tells something since ``happened_on``, when it was entered, within the term."""

    term_name: str
    happened_on: date
    term: str = named(_("Term"))


@dataclass(frozen=True, kw_only=True)
class OccasionFact(PersonFact):
    """A row about a person on one occasion of a day: a shift, a meeting, a lesson."""

    happened_on: date = named(_("Day"))

    @property
    def occasion(self) -> str:
        """Which of the day's occasions; '' where the row does not say."""
        raise NotImplementedError

    @property
    def is_fault(self) -> bool:
        """Whether the row says that something was wrong."""
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class WorkloadFact(TermFact):
    """The hours a teacher had to teach in a term and did, lectures included."""

    kind: ClassVar[str] = "workload"
    required: Decimal = named(_("Hours required"))
    done: Decimal = named(_("Hours done"))
    lectures: Decimal = named(_("Of these lectures"))
    excused: str = named(_("Excused because"), default="")


@dataclass(frozen=True, kw_only=True)
class EvaluationFact(TermFact):
    """How students evaluate a teacher in a term."""

    kind: ClassVar[str] = "evaluation"
    score: Decimal = named(_("Mark of the students"))
    excused: str = named(_("Excused because"), default="")


@dataclass(frozen=True, kw_only=True)
class ObservationFact(TermFact):
    """How many lessons a teacher had to observe in a term and did, the inspectors' group's included."""

    kind: ClassVar[str] = "observation"
    required: int = named(_("Lessons required"))
    done: int = named(_("Lessons observed"))
    by_inspectors: int = named(_("Of these by inspectors"))
    excused: str = named(_("Excused because"), default="")


@dataclass(frozen=True, kw_only=True)
class ClassAttendanceFact(RegisterFact):
    """How many of a class came to one lesson, in per cent."""

    kind: ClassVar[str] = "class-attendance"
    class_id: int
    class_uuid: UUID
    class_name: str
    happened_on: date = named(_("Day"))
    lesson: str = named(_("Lesson"))
    rate: Decimal = named(_("Rate"))
    excused: str = named(_("Excused because"), default="")


@dataclass(frozen=True, kw_only=True)
class DutyRosterFact(OccasionFact):
    """A person on a duty roster; ``organiser`` keeps it."""

    kind: ClassVar[str] = "duty-roster"
    shift: str = named(_("Shift"))
    missed: bool = named(_("Missed"))
    excused: str = named(_("Excused because"), default="")

    @property
    def occasion(self) -> str:
        """The shift."""
        return self.shift

    @property
    def is_fault(self) -> bool:
        """Whether the duty was missed."""
        return self.missed


@dataclass(frozen=True, kw_only=True)
class ResearchMeetingFact(OccasionFact):
    """A teacher at a teaching-research meeting of ``organiser``, or away."""

    kind: ClassVar[str] = "research-meeting"
    topic: str = named(_("Topic"))
    attended: bool = named(_("Attended"))
    informed_on: date | None = named(_("Informed on"))
    excused: str = named(_("Excused because"), default="")

    @property
    def occasion(self) -> str:
        """The topic."""
        return self.topic

    @property
    def is_fault(self) -> bool:
        """Whether the teacher was away."""
        return not self.attended


@dataclass(frozen=True, kw_only=True)
class LessonPlanFact(OccasionFact):
    """What a check of lesson plans by ``organiser`` found of a teacher."""

    kind: ClassVar[str] = "lesson-plan"
    course: str = named(_("Course"))
    is_reformed: bool = named(_("Reformed course"))
    has_paper: bool = named(_("Plan on paper"))
    has_overall_design: bool = named(_("Overall design"))
    has_unit_design: bool = named(_("Unit design"))
    has_material: bool = named(_("Teaching material"))
    excused: str = named(_("Excused because"), default="")

    @property
    def occasion(self) -> str:
        """The course."""
        return self.course

    @property
    def missing(self) -> tuple[str, ...]:
        """Codes of what the rule asks for and was not there: a plan on paper, of a reformed course three documents."""
        asked = {"paper": self.has_paper}
        if self.is_reformed:
            asked = {
                "overall-design": self.has_overall_design,
                "unit-design": self.has_unit_design,
                "material": self.has_material,
            }
        return tuple(code for code, is_there in asked.items() if not is_there)

    @property
    def is_fault(self) -> bool:
        """Whether something was missing."""
        return bool(self.missing)


@dataclass(frozen=True, kw_only=True)
class ViolationFact(PersonFact):
    """A serious violation of a person and its economic consequence, '' without one."""

    kind: ClassVar[str] = "violation"
    happened_on: date = named(_("Day"))
    violation: str = named(_("Kind of violation"))
    told: str = named(_("Facts"))
    consequence: str = named(_("Economic consequence"))
    excused: str = named(_("Excused because"), default="")
