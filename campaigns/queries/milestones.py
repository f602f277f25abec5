"""What moving a milestone for all departments would change, before anybody decides."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from campaigns.calculations.obligations import days_late, deadline_of, obligation_state
from campaigns.enums import ObligationState
from campaigns.models import Milestone, Obligation
from qualityseason.clock import day_of

LATE = frozenset({ObligationState.MET_LATE, ObligationState.OVERDUE})


@dataclass(frozen=True)
class MoveEffect:
    """What a move does to one department; days are those it is late before and after, 0 when it is not."""

    uuid: UUID
    department_id: int
    department: str
    met_on: date | None
    extended_to: date | None
    deadline: date
    before: ObligationState
    after: ObligationState
    days_before: int
    days_after: int

    @property
    def to_on_time(self) -> bool:
        """Whether it is late now and will not be."""
        return self.before in LATE and self.after not in LATE

    @property
    def to_late(self) -> bool:
        """Whether it is on time now and will not be."""
        return self.before not in LATE and self.after in LATE


@dataclass(frozen=True)
class MovePreview:
    """All a move would change. ``digest`` is the same as long as nothing it rests on has changed."""

    until: date
    to_on_time: tuple[MoveEffect, ...]
    to_late: tuple[MoveEffect, ...]
    still_late: tuple[MoveEffect, ...]
    extended: tuple[MoveEffect, ...]
    overtaken: tuple[MoveEffect, ...]
    unchanged: int
    digest: str


def preview_move(milestone: Milestone, *, until: date, on: date) -> MovePreview:
    """Return what the move would change, as it stands on the day `on`. One query.

    An own extension is kept; where the new day is as late or later (``overtaken``) it means nothing any more.
    """
    rows = Obligation.objects.filter(milestone=milestone).select_related("department").order_by("department__order")
    effects = tuple(_effect(row, until, on) for row in rows)
    extended = tuple(effect for effect in effects if effect.extended_to and effect.extended_to > until)
    turned = tuple(effect for effect in effects if effect.to_on_time or effect.to_late)
    seen = repr((milestone.due_on.isoformat(), until.isoformat(), [_seen(effect) for effect in effects]))
    return MovePreview(
        until=until,
        to_on_time=tuple(effect for effect in effects if effect.to_on_time),
        to_late=tuple(effect for effect in effects if effect.to_late),
        still_late=tuple(effect for effect in effects if effect.before in LATE and effect.after in LATE),
        extended=extended,
        overtaken=tuple(effect for effect in effects if effect.extended_to and effect.extended_to <= until),
        unchanged=len(effects) - len(turned),
        digest=hashlib.sha256(seen.encode()).hexdigest()[:32],
    )


def _effect(row: Obligation, until: date, on: date) -> MoveEffect:
    met_on = day_of(row.met_at) if row.met_at else None
    deadline = deadline_of(until, row.extended_to)
    return MoveEffect(
        uuid=row.uuid,
        department_id=row.department_id,
        department=row.department.name,
        met_on=met_on,
        extended_to=row.extended_to,
        deadline=deadline,
        before=obligation_state(row.deadline, met_on, on=on),
        after=obligation_state(deadline, met_on, on=on),
        days_before=days_late(row.deadline, met_on, on=on),
        days_after=days_late(deadline, met_on, on=on),
    )


def _seen(effect: MoveEffect) -> tuple[str, ...]:
    return (str(effect.uuid), str(effect.extended_to), str(effect.met_on), effect.before.value, effect.after.value)
