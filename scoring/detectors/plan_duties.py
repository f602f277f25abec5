"""P3: duties of the department that no item of its plan serves; all of them where there is no plan."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from scoring.detectors.words import by_word
from scoring.enums import RecordKind
from scoring.facts import Detector, Subject, Suspicion, Terms
from scoring.facts.papers import Duty, Owed, PlanFacts, PlanText, is_named


def detect(facts: PlanFacts, terms: Terms) -> Iterator[Suspicion]:
    """Yield each standing duty without an item; without any plan only once the day it was due is over."""
    latest, owed = facts.latest, facts.owed
    for duty in facts.duties:
        if is_named(duty, facts.elsewhere.get(duty.uuid, ())):
            continue
        if latest is not None:
            if not latest.serves(duty):
                yield _not_in_plan(facts, duty, latest)
        elif owed is not None and terms.on > owed.deadline:
            yield _no_plan(duty, owed)


def _not_in_plan(facts: PlanFacts, duty: Duty, latest: PlanText) -> Suspicion:
    since = facts.since(lambda text: not text.serves(duty))
    return Suspicion(
        reason=by_word("no-item", latest.word),
        parameters={
            "duty": duty.label,
            "day": since.submitted_on.isoformat(),
            "file": latest.word.name if latest.word else "",
        },
        happened_on=since.submitted_on,
        subject=Subject(duty.label),
        record=duty.key,
        rests_on=(facts.version_fact(since), duty),
        silence=RecordKind.PLAN if latest.word else None,
    )


def _no_plan(duty: Duty, owed: Owed) -> Suspicion:
    return Suspicion(
        reason="no-plan",
        parameters={"duty": duty.label, "day": owed.deadline.isoformat()},
        happened_on=owed.deadline,
        subject=Subject(duty.label),
        record=duty.key,
        rests_on=(owed, duty),
        silence=RecordKind.PLAN,
    )


DETECTORS = (
    Detector(
        name="plan-duties",
        source="plan",
        detect=detect,
        reasons={
            "no-item": _("Duty “%(duty)s”: no item of the plan submitted on %(day)s serves it."),
            "no-item-word": _(
                "Duty “%(duty)s”: on the portal no item of the plan submitted on %(day)s serves it. The official text "
                "is the Word file “%(file)s”."
            ),
            "no-plan": _("Duty “%(duty)s”: no plan was submitted by %(day)s, so no item serves it."),
        },
    ),
)
