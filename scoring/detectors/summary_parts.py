"""A14, B16: what the closing summary had to contain and does not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext_lazy as _

from qualityseason.text import squeeze
from scoring.detectors.words import by_word
from scoring.enums import RecordKind
from scoring.facts import Detector, Subject, Suspicion, Terms
from scoring.facts.papers import SummaryFact, SummaryFacts, SummaryText, label_of

CODE = "part-%d"  # of a part of a summary, by its place in the season's list


def detect(facts: SummaryFacts, terms: Terms) -> Iterator[Suspicion]:
    """Yield the summary with the parts it lacks; all of them once the day is over and there is no summary."""
    asked, record = terms.season.summary_parts, f"summary:{terms.department.uuid}"
    if facts.texts:
        latest = facts.texts[-1]
        missing = _lacking(latest, asked)
        if missing:
            since = facts.since(lambda text: _lacking(text, asked) == missing)
            yield Suspicion(
                reason=by_word("lacking", latest.word),
                parameters={
                    "title": latest.title,
                    "day": since.submitted_on.isoformat(),
                    "parts": missing,
                    "file": latest.word.name if latest.word else "",
                },
                happened_on=since.submitted_on,
                subject=Subject(label_of(latest.title)),
                record=record,
                quantity=min(len(missing), terms.rule.maximum),
                rests_on=(_fact(facts, latest, since),),
                silence=RecordKind.SUMMARY if latest.word else None,
            )
    elif facts.owed is not None and asked and terms.on > facts.owed.deadline:
        yield Suspicion(
            reason="none",
            parameters={"name": facts.owed.name, "day": facts.owed.deadline.isoformat(), "parts": list(asked)},
            happened_on=facts.owed.deadline,
            subject=Subject(label_of(facts.owed.name)),
            record=record,
            quantity=min(len(asked), terms.rule.maximum),
            rests_on=(facts.owed,),
            silence=RecordKind.SUMMARY,
        )


def _lacking(text: SummaryText, asked: Sequence[str]) -> list[str]:
    """Return the parts asked for that say nothing, neither at their place nor in a section of that name."""
    written = [part for part in text.parts if part.text.strip()]
    said = {part.code for part in written} | {squeeze(part.title) for part in written}
    return [name for place, name in enumerate(asked, start=1) if not said & {CODE % place, squeeze(name)}]


def _fact(facts: SummaryFacts, latest: SummaryText, since: SummaryText) -> SummaryFact:
    assert facts.uuid is not None  # noqa: S101  # there is no version without a summary
    return SummaryFact(
        facts.uuid,
        latest.title,
        since.submitted_on,
        tuple(part.title for part in latest.parts if part.text.strip()),
        files=(latest.word,) if latest.word else (),
    )


DETECTORS = (
    Detector(
        name="summary-parts",
        source="summary",
        detect=detect,
        reasons={
            "lacking": _("The summary “%(title)s” submitted on %(day)s lacks: %(parts)s."),
            "lacking-word": _(
                "The summary “%(title)s” submitted on %(day)s lacks on the portal: %(parts)s. The official text is the "
                "Word file “%(file)s”."
            ),
            "none": _("%(name)s: nothing was submitted by %(day)s. Missing are: %(parts)s."),
        },
    ),
)
