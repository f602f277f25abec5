"""What a leader sees within a minute: which objectives are met, and which assignments are late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from campaigns.actors import Actor
from campaigns.enums import Role
from campaigns.models import Campaign
from campaigns.queries.assignments import LateAssignment, late_assignments
from campaigns.queries.objectives import ObjectiveState, objective_states

SHOWN = 8  # late assignments told one by one


@dataclass(frozen=True)
class LeaderView:
    """The objectives as they stand; the assignments that are late or were done late, and how many more there are."""

    objectives: tuple[ObjectiveState, ...]
    late: tuple[LateAssignment, ...]
    more: int


def leader_view(campaign: Campaign, actor: Actor, *, at: datetime) -> LeaderView | None:
    """Return it to the leading group, None to others. Three queries for it."""
    if not actor.has(Role.LEADERSHIP):
        return None
    late = late_assignments(actor, at=at)
    return LeaderView(objective_states(campaign, actor), late[:SHOWN], max(0, len(late) - SHOWN))
