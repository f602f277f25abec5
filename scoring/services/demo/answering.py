"""How departments of the demo hear of their deductions, contest some, and how that is ruled."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from campaigns.actors import Actor
from campaigns.queries.actors import load_actor
from qualityseason.clock import day_of
from qualityseason.models import User
from scoring.enums import AppealState
from scoring.models import Appeal, Deduction
from scoring.queries.rulers import why_not_rule
from scoring.services.appeals import WordOfMouth, make_appeal, rule_appeal
from scoring.services.demo.cast import Cast
from scoring.services.notices import hand_over_notice, open_notices

RULERS = ("teamlead", "leader")


def answer(cast: Cast, data: dict[str, Any]) -> None:
    """Let departments open their notices, take printed ones, appeal, and have the appeals ruled, in order of time."""
    for round_, at in enumerate(data["opened_at"]):
        for number, department in enumerate(cast.departments, start=1):
            if round_ and department.name in data["slow"]:
                continue
            lines = Deduction.objects.confirmed().filter(charged=department, confirmed_at__lte=at, told_at=None)
            open_notices(lines, by=_actor(cast, f"head-{number:02d}", at=at), at=at)
    for entry in data["handed"]:
        _hand_over(cast, entry)
    for entry in data["appeals"]:
        _appeal(cast, entry)


def _hand_over(cast: Cast, entry: dict[str, Any]) -> None:
    department, at = cast.department(entry["department"]), entry["at"]
    lines = Deduction.objects.confirmed().filter(charged=department, confirmed_at__lte=at, told_at=None)
    hand_over_notice(
        department,
        uuid=cast.uuid(),
        lines=list(lines.values_list("uuid", flat=True)),
        handed_on=entry["on"],
        received_by=entry["received_by"],
        by=_actor(cast, "office", at=at),
        at=at,
    )


def _appeal(cast: Cast, entry: dict[str, Any]) -> None:
    department, at = cast.department(entry["department"]), entry["at"]
    lines = Deduction.objects.confirmed().filter(charged=department, rule__code=entry["rule"], appeals=None)
    line = lines.filter(told_at__lte=at, appeal_until__gte=day_of(at)).order_by("told_at", "pk")[0]
    spoken = entry.get("spoken_by")
    head = f"head-{cast.departments.index(department) + 1:02d}"
    appeal = make_appeal(
        line,
        uuid=cast.uuid(),
        reason=entry["reason"],
        spoken=WordOfMouth(spoken, day_of(at)) if spoken else None,
        by=_actor(cast, "office" if spoken else head, at=at),
        at=at,
    )
    if "ruled_at" in entry:
        _rule(cast, appeal, entry, at=entry["ruled_at"])


def _rule(cast: Cast, appeal: Appeal, entry: dict[str, Any], *, at: datetime) -> None:
    rulers = [_actor(cast, name, at=at) for name in RULERS]
    free = next(by for by in rulers if not why_not_rule(by, appeal, appeal.deduction, on=day_of(at)))
    rule_appeal(
        appeal,
        state=AppealState(entry["state"]),
        ruling=entry["ruling"],
        quantity=entry.get("quantity"),
        by=free,
        at=at,
    )


def _actor(cast: Cast, name: str, *, at: datetime) -> Actor:
    found = load_actor(User.objects.get(username=name), cast.campaign, on=day_of(at))
    assert found is not None  # noqa: S101  # the demo's accounts are there
    return found
