"""What must be true of every line of the ledger besides the database's own constraints."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from campaigns.models import Campaign
from qualityseason.clock import day_of
from scoring.enums import Once
from scoring.models import Deduction
from scoring.services.once import key_of

RECORD, CONFIRM, WITHDRAW = ACTS = ("deduction.record", "deduction.confirm", "deduction.withdraw")


@dataclass(frozen=True)
class Season:
    """What is the same for all lines of a season; `interests` holds since when a user has one in a department."""

    campaign: Campaign
    categories: dict[int, str]
    terms: tuple[tuple[str, date, date], ...]
    interests: dict[tuple[int, int], date]


def check_line(season: Season, line: Deduction) -> Iterator[str]:
    """Yield what is wrong with a line; rule, version, inspection, subjects and people come with it."""
    yield from _check_price(season, line)
    yield from _check_rule(season, line)
    yield from _check_time(season, line)
    yield from _check_people(season, line)
    expected = key_of(line)
    waits = line.replaces_id is not None and line.confirmed_at is None
    if line.charge_key != (None if waits else expected):
        yield _("its charge key is %(key)s and must be %(expected)s.") % {
            "key": line.charge_key,
            "expected": None if waits else expected,
        }


def _check_price(season: Season, line: Deduction) -> Iterator[str]:
    version = line.rule_version
    if version.rule_id != line.rule_id:
        yield _("its version belongs to another rule.")
    if line.points != version.points or line.text != version.text:
        yield _("its price or text is not that of the rule's version (%(points)s).") % {"points": version.points}
    if line.amount != line.points * line.quantity:
        yield _("its amount is not price × quantity.")
    if version.valid_from > line.happened_on:
        yield _("its version was not in force on that day.")


def _check_rule(season: Season, line: Deduction) -> Iterator[str]:
    rule = line.rule
    if {rule.campaign_id, line.campaign_id, line.visited.campaign_id} != {season.campaign.pk}:
        yield _("it mixes two seasons.")
    if rule.block_id not in (None, line.charged.block_id):
        yield _("the rule is of the other block.")
    if line.category_id != rule.category_id:
        yield _("it stands in another category than its rule.")
    if not 1 <= line.quantity <= rule.maximum:
        yield _("its quantity %(quantity)d is not within 1 to %(maximum)d.") % {
            "quantity": line.quantity,
            "maximum": rule.maximum,
        }
    if line.inspection is not None and line.inspection.department_id != line.visited_id:
        yield _("its inspection visited another department.")


def _check_time(season: Season, line: Deduction) -> Iterator[str]:
    campaign, day = season.campaign, line.happened_on
    if not campaign.facts_from <= day <= campaign.facts_until:
        yield _("its day lies outside the days whose facts count.")
    if day > day_of(line.recorded_at):
        yield _("its day comes after the day it was recorded on.")
    if line.rule.once == Once.TERM:
        valid = any(code == line.period and first <= day <= last for code, first, last in season.terms)
    elif line.rule.once == Once.MONTH:
        valid = f"{campaign.facts_from:%Y-%m}" <= line.period <= f"{campaign.facts_until:%Y-%m}"
    else:
        valid = line.period == ""
    if not valid:
        yield _("its period “%(period)s” is not valid.") % {"period": line.period}


def _check_people(season: Season, line: Deduction) -> Iterator[str]:
    if line.confirmed_by_id == line.recorded_by_id:
        yield _("%(person)s recorded and confirmed it.") % {"person": line.recorded_by.display_name}
    if _is_interested(season, line.recorded_by_id, line, on=day_of(line.recorded_at)):
        yield _("%(person)s recorded it and has an interest in the department.") % {
            "person": line.recorded_by.display_name
        }
    if (
        line.confirmed_by is not None
        and line.confirmed_at is not None
        and _is_interested(season, line.confirmed_by.pk, line, on=day_of(line.confirmed_at))
    ):
        yield _("%(person)s confirmed it and has an interest in the department.") % {
            "person": line.confirmed_by.display_name
        }


def _is_interested(season: Season, user_id: int, line: Deduction, *, on: date) -> bool:
    """Whether the user had an interest by that day; what came later was no conflict then."""
    keys = ((user_id, line.charged_id), (user_id, line.visited_id))
    return any(key in season.interests and season.interests[key] <= on for key in keys)


def check_acts(line: Deduction, acts: Counter[str]) -> Iterator[str]:
    """Yield where the audit log doesn't tell once of each act the line tells of."""
    expected = {RECORD: True, CONFIRM: line.confirmed_at is not None, WITHDRAW: line.withdrawn_at is not None}
    for act, happened in expected.items():
        if acts[act] != happened:
            yield _("the audit log has %(count)d entries “%(act)s” and must have %(expected)d.") % {
                "count": acts[act],
                "act": act,
                "expected": happened,
            }
