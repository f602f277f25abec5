"""What becomes of the demo's lines: who confirms them and when, which are withdrawn and why, which still wait."""

from __future__ import annotations

from datetime import date, timedelta

from scoring.services.demo.cast import Cast, moment_of, next_workday
from scoring.services.demo.lines import Line

LAST_DAYS = 6  # a second check comes at most so many days later
AFTERNOON, NIGHT = 16 * 60 + 30, 20 * 60 + 30  # minutes of the day at which second checks are done


def decide_fates(cast: Cast, lines: list[Line]) -> None:
    """Write into each line what becomes of it before the demo begins."""
    last_day = max(line.recorded_at for line in lines).date()
    ordinary = [line for line in lines if not line.is_story]
    late = [line for line in ordinary if line.recorded_at.date() >= cast.data["waiting_since"]]
    waiting = set(map(id, cast.rng.sample(late, min(cast.data["waiting"], len(late)))))
    early = [line for line in ordinary if line not in late]
    dropped = cast.rng.sample(early, cast.data["withdrawals"]["recorded"])
    for line in dropped:
        _withdraw_recorded(cast, line)
    for line in lines:
        if id(line) not in waiting and line not in dropped:
            _confirm(cast, line, last_day)
    _withdraw_confirmed(cast, [line for line in early if line not in dropped], last_day)


def _confirm(cast: Cast, line: Line, last_day: date) -> None:
    line.confirmer = cast.pick_assessor(line.charged, line.visited, other_than=[line.recorder]) or ""
    day = line.recorded_at.date()
    second = min(next_workday(day, after=cast.rng.randint(1, 3 if line.is_story else LAST_DAYS)), last_day)
    # on the last day only in the evening, when everything of that day has been recorded
    line.confirmed_at = moment_of(second, NIGHT if second == day else AFTERNOON)
    if not line.confirmer:
        line.confirmed_at = None


def _withdraw_recorded(cast: Cast, line: Line) -> None:
    line.withdrawer = line.recorder
    line.withdrawn_at = line.recorded_at + timedelta(minutes=cast.rng.randrange(30, 180, 5))
    line.withdrawn_because = cast.rng.choice(cast.data["withdrawals"]["recorded_reasons"])


def _withdraw_confirmed(cast: Cast, lines: list[Line], last_day: date) -> None:
    lead = cast.data["withdrawals"]["by"]
    open_to_lead = [line for line in lines if not cast.actors[lead].is_interested_in(line.charged.pk, line.visited.pk)]
    for line in cast.rng.sample(open_to_lead, cast.data["withdrawals"]["confirmed"]):
        if line.confirmed_at is None:
            continue
        day = min(next_workday(line.confirmed_at.date(), after=cast.rng.randint(1, 5)), last_day)
        line.withdrawer, line.withdrawn_at = lead, moment_of(day, NIGHT + 30)
        line.withdrawn_because = cast.rng.choice(cast.data["withdrawals"]["confirmed_reasons"])
