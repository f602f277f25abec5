"""What must be true of every line of the ledger besides the database's own constraints."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from campaigns.models import Campaign
from qualityseason.clock import day_of
from scoring.enums import Once
from scoring.models import Deduction
from scoring.services.once import key_of

RECORD, CONFIRM, WITHDRAW = ACTS = ("deduction.record", "deduction.confirm", "deduction.withdraw")


Acts = Mapping[str, Sequence[int]]  # of one line: its entries in the audit log by act, in order


@dataclass(frozen=True)
class KnownInterest:
    """Days on which a user has an interest in a department, and the entry of the audit log that told of it first."""

    starts_on: date | None
    ends_on: date | None
    entry: int

    def holds(self, *, on: date) -> bool:
        """Whether it holds on that day."""
        return (self.starts_on is None or self.starts_on <= on) and (self.ends_on is None or self.ends_on >= on)


@dataclass(frozen=True)
class Season:
    """What is the same for all lines of a season; `interests` by user and department."""

    campaign: Campaign
    categories: dict[int, str]
    terms: tuple[tuple[str, date, date], ...]
    interests: Mapping[tuple[int, int], Sequence[KnownInterest]]


def check_line(season: Season, line: Deduction) -> Iterator[str]:
    """Yield what is wrong with a line; rule, version, inspection, subjects and people come with it."""
    yield from _check_price(season, line)
    yield from _check_rule(season, line)
    yield from _check_time(season, line)
    if line.confirmed_by_id == line.recorded_by_id:
        yield _("%(person)s recorded and confirmed it.") % {"person": line.recorded_by.display_name}
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


def check_interests(season: Season, line: Deduction, acts: Acts) -> Iterator[tuple[str, bool]]:
    """Yield each act of somebody with an interest (回避), and whether that was known then.

    What was found only afterwards was no breach; the line is worth a look, nothing more. Who recorded the line that a
    ruling reduced, or that a supplement had recorded again, is asked of that line.
    """
    recorded = _("%(person)s recorded it and has an interest in the department.")
    met = _interests_in(season, line, line.recorded_by_id, day_of(line.recorded_at))
    if met and not is_made_by_ruling(line) and not is_recorded_again(line):
        yield recorded % {"person": line.recorded_by.display_name}, _was_known(met, acts.get(RECORD, ()))
    if line.confirmed_by is None or line.confirmed_at is None:
        return
    confirmed = _("%(person)s confirmed it and has an interest in the department.")
    met = _interests_in(season, line, line.confirmed_by.pk, day_of(line.confirmed_at))
    if met:
        yield confirmed % {"person": line.confirmed_by.display_name}, _was_known(met, acts.get(CONFIRM, ()))


def is_made_by_ruling(line: Deduction) -> bool:
    """Whether the line came, with its recorder, in the moment in which the one it replaces was withdrawn."""
    old = line.replaces
    same = old is not None and (old.recorded_by_id, old.withdrawn_at) == (line.recorded_by_id, line.recorded_at)
    return same and line.confirmed_at == line.recorded_at


def is_recorded_again(line: Deduction) -> bool:
    """Whether the line came, with its recorder, in the moment in which the same one was withdrawn. One query."""
    fields = ("recorded_by", "charged", "visited", "rule", "quantity", "happened_on", "subject_label", "period")
    same = Deduction.objects.filter(**{name: getattr(line, f"{name}_id", getattr(line, name)) for name in fields})
    return same.filter(withdrawn_at=line.recorded_at, confirmed_at__isnull=True).exclude(pk=line.pk).exists()


def _interests_in(season: Season, line: Deduction, user_id: int, day: date) -> list[KnownInterest]:
    every = (season.interests.get((user_id, department_id), ()) for department_id in (line.charged_id, line.visited_id))
    return [interest for of_department in every for interest in of_department if interest.holds(on=day)]


def _was_known(met: Sequence[KnownInterest], entries: Sequence[int]) -> bool:
    return bool(entries) and any(interest.entry < entries[0] for interest in met)


def check_acts(line: Deduction, acts: Acts) -> Iterator[str]:
    """Yield where the audit log doesn't tell once of each act the line tells of."""
    expected = {RECORD: True, CONFIRM: line.confirmed_at is not None, WITHDRAW: line.withdrawn_at is not None}
    for act, happened in expected.items():
        count = len(acts.get(act, ()))
        if count != happened:
            yield _("the audit log has %(count)d entries “%(act)s” and must have %(expected)d.") % {
                "count": count,
                "act": act,
                "expected": happened,
            }
