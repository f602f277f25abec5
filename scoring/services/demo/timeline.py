"""Telling the planned activity through the services, in the order of time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from functools import partial

from scoring.facts import Subject
from scoring.models import Deduction
from scoring.queries.subjects import resolve_subject
from scoring.services.demo.cast import Cast
from scoring.services.demo.inspecting import enter_visit
from scoring.services.demo.lines import Line
from scoring.services.demo.visits import Visit
from scoring.services.drafts import DeductionDraft
from scoring.services.ledger import confirm_deductions, record_deduction, withdraw_deduction

Act = Callable[[], None]


def tell(cast: Cast, visits: list[Visit], lines: list[Line]) -> None:
    """Enter visits, record, confirm and withdraw lines as if on those days."""
    acts: list[tuple[datetime, Act]] = []
    together: dict[tuple[datetime, str], list[Line]] = defaultdict(list)
    acts += [(visit.entered_at, partial(enter_visit, cast, visit)) for visit in visits]
    for line in lines:
        acts.append((line.recorded_at, partial(record, cast, line)))
        if line.confirmed_at is not None:
            together[line.confirmed_at, line.confirmer].append(line)
        if line.withdrawn_at is not None:
            acts.append((line.withdrawn_at, partial(_withdraw, cast, line, line.withdrawn_at)))
    acts += [(at, partial(confirm, cast, group, name, at)) for (at, name), group in together.items()]
    for _at, act in sorted(acts, key=lambda entry: entry[0]):
        act()


def record(cast: Cast, line: Line) -> None:
    """Record the line; a subject given as text is looked up as on the page."""
    subject = line.subject
    line.deduction = record_deduction(
        DeductionDraft(
            uuid=cast.uuid(),
            charged=line.charged,
            rule=line.rule,
            quantity=line.quantity,
            happened_on=line.happened_on,
            subject=subject if isinstance(subject, Subject) else resolve_subject(cast.campaign, line.rule, subject),
            month=line.month,
            note=line.note,
            inspection=line.visit.inspection if line.visit else None,
            answers=line.answers,
            replaces=line.replaces.deduction if line.replaces else None,
        ),
        by=cast.actors[line.recorder],
        at=line.recorded_at,
    )


def confirm(cast: Cast, lines: list[Line], name: str, at: datetime) -> None:
    """Confirm recorded lines together; nothing of the plan may be refused."""
    answer = confirm_deductions([_deduction(line) for line in lines], by=cast.actors[name], at=at)
    if answer.refused:
        raise RuntimeError(answer.refused[0][1])


def _withdraw(cast: Cast, line: Line, at: datetime) -> None:
    withdraw_deduction(_deduction(line), by=cast.actors[line.withdrawer], at=at, because=line.withdrawn_because)


def _deduction(line: Line) -> Deduction:
    if line.deduction is None:
        raise RuntimeError("not recorded yet")
    return line.deduction
