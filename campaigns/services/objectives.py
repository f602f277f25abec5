"""Measured values of the season's objectives: entered with day and source, withdrawn for a reason, never edited."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.calculations.objectives import HUNDRED, HUNDREDTH
from campaigns.enums import Role
from campaigns.models import Campaign, Measurement
from campaigns.queries.objectives import find_objective, value_text
from campaigns.services.recommendations import MAXIMUM_REASON, within
from qualityseason.clock import day_of
from qualityseason.errors import Refused
from qualityseason.services import audit
from qualityseason.text import tidy

MAXIMUM_SOURCE = 200


@transaction.atomic
def enter_measurement(
    campaign: Campaign,
    *,
    uuid: UUID,
    objective: str,
    value: Decimal | None = None,
    grade: str = "",
    measured_on: date,
    source: str,
    by: Actor,
    at: datetime,
) -> Measurement:
    """Write down a measured value: a figure in per cent, or one of the objective's grades, as the objective asks.

    The same `uuid` with the same value returns the one entered first. Raises Refused at the field that is wrong.
    """
    _require_office(by)
    Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
    asked = find_objective(campaign, objective)
    if asked is None:
        raise Refused(_("The season has no such objective."), code="unknown")
    _judge_value(asked, value, grade)
    _judge_day(campaign, measured_on, at=at)
    values = {
        "objective": objective,
        "value": value.quantize(HUNDREDTH) if value is not None else None,
        "grade": grade,
        "measured_on": measured_on,
        "source": within(tidy(source), MAXIMUM_SOURCE, "source", _("Say where the value comes from.")),
    }
    first = Measurement.objects.filter(uuid=uuid).first()
    if first is not None:
        if first.campaign_id == campaign.pk and all(getattr(first, name) == said for name, said in values.items()):
            return first
        raise Refused(_("This form was sent before with other words. Open it anew."), code="used")
    made = Measurement.objects.create(uuid=uuid, campaign=campaign, entered_by_id=by.user_id, entered_at=at, **values)
    _record("measurement.add", made, by=by, at=at, after=values)
    return made


@transaction.atomic
def withdraw_measurement(measurement: Measurement, *, because: str, by: Actor, at: datetime) -> Measurement:
    """Take a measured value back; the one before it counts again. A second time changes nothing."""
    _require_office(by)
    found = Measurement.objects.select_for_update(no_key=True).get(pk=measurement.pk)
    if found.withdrawn_at is not None:
        return found
    found.withdrawn_because = within(tidy(because), MAXIMUM_REASON, "because", _("Say why it is withdrawn."))
    found.withdrawn_at, found.withdrawn_by_id = at, by.user_id
    found.save(update_fields=["withdrawn_because", "withdrawn_at", "withdrawn_by"])
    after = {"objective": found.objective, "value": value_text(found), "because": found.withdrawn_because}
    _record("measurement.withdraw", found, by=by, at=at, after=after)
    return found


def _judge_value(asked: dict[str, Any], value: Decimal | None, grade: str) -> None:
    if "at_least" in asked:
        is_percent = value is not None and 0 <= value <= HUNDRED and value == value.quantize(HUNDREDTH)
        if grade or not is_percent:
            message = _("Write per cent from 0 to 100, with two decimals at most.")
            raise Refused(message, field="value", code="percent")
    elif value is not None or grade not in asked.get("grades", ()):
        raise Refused(_("Choose one of the objective's grades."), field="grade", code="grade")


def _judge_day(campaign: Campaign, measured_on: date, *, at: datetime) -> None:
    if measured_on > day_of(at):
        raise Refused(_("This day is still to come."), field="measured_on", code="future")
    first, last = date(campaign.starts_on.year, 1, 1), date(campaign.ends_on.year, 12, 31)
    if not first <= measured_on <= last:
        message = _("A value of this season is measured between %(first)s and %(last)s. Look at the year again.")
        words = {"first": first.isoformat(), "last": last.isoformat()}
        raise Refused(message % words, field="measured_on", code="year")


def _require_office(by: Actor) -> None:
    if not by.has(Role.OFFICE):
        raise PermissionDenied


def _record(act: str, found: Measurement, *, by: Actor, at: datetime, after: dict[str, Any]) -> None:
    audit.record(act, found, by_id=by.user_id, campaign_id=found.campaign_id, at=at, after=after)
