"""Who is free to rule on an appeal, and why somebody is not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.enums import Role
from campaigns.models import Membership
from campaigns.queries.people import interested_users
from scoring import policy
from scoring.models import Appeal, Deduction


@dataclass(frozen=True)
class Rulers:
    """The ids of those who may rule on one appeal: heads of the team, and leaders, who do where no head is free."""

    leads: frozenset[int] = frozenset()
    leaders: frozenset[int] = frozenset()

    @property
    def is_nobody(self) -> bool:
        """Whether nobody is free."""
        return not self.leads and not self.leaders

    def has(self, user_id: int) -> bool:
        """Whether it is up to this person."""
        return user_id in (self.leads or self.leaders)


def load_rulers(appeals: Iterable[Appeal], *, on: date) -> dict[int, Rulers]:
    """Return by appeal who may rule on it; appeals of one season come with `deduction` and `earlier__deduction`.

    Four queries, none for no appeals.
    """
    asked = list(appeals)
    if not asked:
        return {}
    campaign_id = asked[0].campaign_id
    members = Membership.objects.filter(
        campaign_id=campaign_id, role__in=[Role.TEAM_LEAD, Role.LEADERSHIP], user__is_active=True
    )
    rows = list(members.current(on=on).values_list("role", "user_id"))
    interested = interested_users(campaign_id, frozenset(user_id for _role, user_id in rows), on=on)
    found = {}
    for appeal in asked:
        line = appeal.deduction
        barred = barred_by_acts(appeal, line) | interested[line.charged_id] | interested[line.visited_id]
        leads, leaders = (
            frozenset(user_id for held, user_id in rows if held == role) - barred
            for role in (Role.TEAM_LEAD, Role.LEADERSHIP)
        )
        found[appeal.pk] = Rulers(leads, leaders)
    return found


def barred_by_acts(appeal: Appeal, line: Deduction) -> set[int]:
    """Return who recorded or confirmed the line, or the one it was reduced from, or ruled on that one."""
    acted = {line.recorded_by_id, line.confirmed_by_id}
    if appeal.earlier is not None:
        before = appeal.earlier.deduction
        acted |= {appeal.earlier.ruled_by_id, before.recorded_by_id, before.confirmed_by_id}
    return {user_id for user_id in acted if user_id is not None}


def why_not_rule(by: Actor, appeal: Appeal, line: Deduction, *, on: date, rulers: Rulers | None = None) -> str:
    """Return the sentence that says why the actor may not rule on this appeal, '' when it is allowed.

    `rulers` saves a leader the four queries.
    """
    if not appeal.is_pending:
        return _("It has been ruled: %(state)s.") % {"state": appeal.get_state_display()}
    if by.is_interested_in(line.charged_id, line.visited_id):
        return _("You have an interest in this department and take no part in its assessment.")
    if by.user_id in (line.recorded_by_id, line.confirmed_by_id) and appeal.earlier is None:
        return _("You recorded or confirmed this deduction; somebody else rules on it.")
    if by.user_id in barred_by_acts(appeal, line):
        return _("You took part in what was charged or ruled before; a changed line is ruled by somebody else.")
    if not policy.can_rule(by):
        return _("Only a head of the team rules on appeals, or a leader where none is free.")
    if policy.rules_only_in_need(by) and (rulers or _rulers_of(appeal, line, on=on)).leads:
        return _("A head of the team is free to rule on this; a leader does where none is.")
    return ""


def _rulers_of(appeal: Appeal, line: Deduction, *, on: date) -> Rulers:
    appeal.deduction = line
    return load_rulers([appeal], on=on)[appeal.pk]
