"""Teachers without a lesson plan on paper, or in a reformed course without one of its three documents (B13)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext_lazy as _

from scoring.detectors.registers import faults, is_alike, when
from scoring.facts import Detector, Suspicion, Terms
from scoring.facts.registers import LessonPlanFact

REASONS = {
    "missing": _("%(person)s, lesson plans checked by %(organiser)s on %(when)s: no %(missing)s."),
    "disagree": _(
        "%(person)s, lesson plans on %(when)s: %(organiser)s found no %(missing)s, another check found all there "
        "(%(others)s). Only one of them can be right."
    ),
}
WORDS = {
    "paper": _("lesson plan on paper"),
    "overall-design": _("overall design"),
    "unit-design": _("unit design"),
    "material": _("teaching material"),
}


def detect(facts: Iterable[LessonPlanFact], terms: Terms) -> Iterator[Suspicion]:
    """Yield each check that found something missing; one that found all there the same day contradicts it."""
    for fault in faults(facts, terms, is_same=is_alike):
        row = fault.row
        yield Suspicion(
            reason="disagree" if fault.against else "missing",
            parameters={
                "person": str(row.person),
                "when": when(row),
                "organiser": row.organiser,
                "missing": list(row.missing),
                "others": [other.organiser for other in fault.against],
            },
            happened_on=row.happened_on,
            rests_on=fault.rests_on,
            subject=row.person.subject,
            record=row.key,
            is_contradicted=bool(fault.against),
        )


DETECTORS = (Detector("lesson-plans", source="lesson-plan", detect=detect, reasons=REASONS, words=WORDS),)
