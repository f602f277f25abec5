"""A told line, who appeals and who rules, for the tests of appeals."""

import uuid
from datetime import timedelta

from campaigns.enums import Role
from scoring.enums import AppealState
from scoring.models import Appeal, Deduction
from scoring.services.appeals import make_appeal, rule_appeal
from scoring.services.notices import open_notices
from tests.factories import NOON, department, make_actor, make_deduction

LATER = NOON + timedelta(hours=2)


class Cast:
    """Recorder, confirmer, head of the charged department, a head of the team who may rule, and the office."""

    def __init__(self, season, home="图书馆"):
        self.season, self.home = season, home
        self.recorder = make_actor(season, Role.ASSESSOR)
        self.confirmer = make_actor(season, Role.ASSESSOR)
        self.head = make_actor(season, Role.HEAD, department=department(season, home))
        self.liaison = make_actor(season, Role.STAFF, department=department(season, home))
        self.lead = make_actor(season, Role.TEAM_LEAD)
        self.office = make_actor(season, Role.OFFICE)

    def charge(self, code="P1", *, told=True, at=NOON, **values):
        """Return a confirmed line, opened by the head unless said otherwise."""
        line = make_deduction(
            self.season, code, by=self.recorder, confirmed_by=self.confirmer, charged=self.home, at=at, **values
        )
        if told:
            open_notices([line], by=self.head, at=at)
        return fresh(line)

    def appeal(self, line, *, at=LATER, by=None, **values):
        """Return an appeal of the head."""
        words = {"uuid": uuid.uuid4(), "reason": "记录与事实不符"} | values
        return make_appeal(line, by=by or self.head, at=at, **words)

    def rule(self, appeal, state=AppealState.UPHELD, *, at=LATER, by=None, **values):
        """Return the appeal as ruled by the head of the team."""
        return rule_appeal(
            appeal, state=state, ruling=values.pop("ruling", "核对佐证"), by=by or self.lead, at=at, **values
        )


def fresh(row):
    """Return the row as it stands now."""
    return type(row).objects.get(pk=row.pk)


def standing(season, home="图书馆"):
    """Return (rule, quantity, amount) of the department's standing lines."""
    lines = Deduction.objects.standing().filter(campaign=season, charged__name=home).order_by("pk")
    return [(line.rule.code, line.quantity, str(line.amount)) for line in lines.select_related("rule")]


def states():
    """Return the states of all appeals in the order they were made."""
    return list(Appeal.objects.order_by("pk").values_list("state", flat=True))
