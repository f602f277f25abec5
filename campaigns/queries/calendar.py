"""A month of the season: phases, milestones, sessions, exchanges, and what falls due."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.actors import Actor
from campaigns.calculations.calendar import months_between, nearest, weeks_of
from campaigns.calculations.months import month_of
from campaigns.enums import ObligationState
from campaigns.models import Campaign, Exchange, Milestone, Obligation, Phase, Sitting, StudySession
from campaigns.queries.obligations import OwedRow, owed_row
from campaigns.queries.todo_item import few
from qualityseason.clock import day_of

COLOURS = 4  # of phases, one after the other
TOLD_APART = 3  # sessions of a day that are told one by one


@dataclass(frozen=True)
class PhaseBar:
    """A phase on one day: '' where it is named already in that week; None stands for a phase that does not run."""

    label: str
    colour: int
    starts: bool
    ends: bool


@dataclass(frozen=True)
class Entry:
    """One thing on a day; ``sort`` (milestone, begins, session, exchange, due) is its colour and its symbol's word.

    ``state`` is that of something owed: open, overdue, met or met-late; ``time`` '' for a whole day.
    """

    sort: str
    title: str
    url: str
    time: str = ""
    note: str = ""
    state: str = ""


@dataclass(frozen=True)
class Day:
    """A day of the grid with what falls on it."""

    day: date
    is_in_month: bool
    is_today: bool
    bars: tuple[PhaseBar | None, ...]
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class CalendarMonth:
    """The grid of one month; ``months`` are all the season has, ``before`` and ``after`` '' at its ends."""

    month: str
    first: date
    weeks: tuple[tuple[Day, ...], ...]
    phases: tuple[tuple[str, int, date, date], ...]
    months: tuple[str, ...]
    before: str
    after: str
    is_empty: bool


def load_calendar(campaign: Campaign, actor: Actor, *, month: str, at: datetime) -> CalendarMonth:
    """Return the month, or the nearest one of the season. Five queries."""
    on = day_of(at)
    milestones = list(Milestone.objects.filter(campaign=campaign))
    months = _months(campaign, milestones)
    month = nearest(month or month_of(on), months)
    weeks = weeks_of(month)
    first, last = weeks[0][0], weeks[-1][-1]
    phases = [phase for phase in Phase.objects.filter(campaign=campaign) if _meets(phase, first, last)]
    entries: dict[date, list[Entry]] = defaultdict(list)
    owed = _owed(campaign, actor, first, last, on)
    for day, entry in [
        *_milestones(campaign, milestones, owed),
        *_sittings(campaign, actor, first, last),
        *_exchanges(campaign, actor, first, last),
        *_due(campaign, actor, owed),
    ]:
        entries[day].append(entry)
    place = months.index(month)
    return CalendarMonth(
        month=month,
        first=date.fromisoformat(f"{month}-01"),
        weeks=tuple(_week(week, month, on, phases, entries) for week in weeks),
        phases=tuple((phase.name, _colour(phase), phase.starts_on, phase.ends_on) for phase in phases),
        months=months,
        before=months[place - 1] if place else "",
        after=months[place + 1] if place + 1 < len(months) else "",
        is_empty=not any(entries[day] for week in weeks for day in week if month_of(day) == month),
    )


def _months(campaign: Campaign, milestones: list[Milestone]) -> tuple[str, ...]:
    """Return the months from the season's first day to its last, or to a milestone beyond."""
    days = [campaign.starts_on, campaign.ends_on, *(milestone.due_on for milestone in milestones)]
    return tuple(months_between(min(days), max(days)))


def _meets(phase: Phase, first: date, last: date) -> bool:
    return phase.starts_on <= last and phase.ends_on >= first


def _colour(phase: Phase) -> int:
    return (phase.number - 1) % COLOURS + 1


def _week(
    week: tuple[date, ...], month: str, on: date, phases: list[Phase], entries: dict[date, list[Entry]]
) -> tuple[Day, ...]:
    running = [phase for phase in phases if _meets(phase, week[0], week[-1])]
    return tuple(_day(day, month, on, running, entries[day]) for day in week)


def _day(day: date, month: str, on: date, phases: list[Phase], entries: list[Entry]) -> Day:
    bars = tuple(_bar(phase, day) if phase.starts_on <= day <= phase.ends_on else None for phase in phases)
    return Day(day, month_of(day) == month, day == on, bars, tuple(sorted(entries, key=lambda each: each.time or "24")))


def _bar(phase: Phase, day: date) -> PhaseBar:
    starts = day == phase.starts_on
    label = f"{phase.number}. {phase.name}" if starts or day.weekday() == 0 else ""
    return PhaseBar(label, _colour(phase), starts, day == phase.ends_on)


def _milestones(campaign: Campaign, milestones: list[Milestone], owed: list[OwedRow]) -> list[tuple[date, Entry]]:
    """Return when milestones begin, and those nobody owes anything for: what is owed stands by itself."""
    url = reverse("campaigns:campaign", args=[campaign.slug])
    told = {row.code for row in owed}
    found = [
        (each.opens_on, Entry("begins", _("%(name)s begins") % {"name": each.name}, url))
        for each in milestones
        if each.opens_on is not None and each.opens_on != each.due_on
    ]
    return found + [(each.due_on, Entry("milestone", each.name, url)) for each in milestones if each.code not in told]


def _sittings(campaign: Campaign, actor: Actor, first: date, last: date) -> list[tuple[date, Entry]]:
    sessions = StudySession.objects.visible_to(actor).filter(cancelled_at__isnull=True)
    rows = Sitting.objects.filter(session__in=sessions, starts_at__date__range=(first, last))
    by_day: dict[date, list[tuple[str, Entry]]] = defaultdict(list)
    for sitting in rows.select_related("session__department").order_by("starts_at", "pk"):
        session = sitting.session
        url = reverse("campaigns:session", args=[campaign.slug, session.uuid])
        name = session.department.name if len(actor.departments) != 1 or actor.oversees else ""
        time = _time(sitting.starts_at)
        by_day[day_of(sitting.starts_at)].append((name, Entry("session", session.topic, url, time=time, note=name)))
    found = []
    for day, entries in by_day.items():
        if len(entries) > TOLD_APART:
            number = {"number": len(entries)}
            title = ngettext("%(number)s study session", "%(number)s study sessions", len(entries)) % number
            url = reverse("campaigns:sessions", args=[campaign.slug])
            found.append((day, Entry("session", title, url, note=few([name for name, _entry in entries]))))
        else:
            found += [(day, entry) for _name, entry in entries]
    return found


def _exchanges(campaign: Campaign, actor: Actor, first: date, last: date) -> list[tuple[date, Entry]]:
    rows = Exchange.objects.visible_to(actor).filter(cancelled_at__isnull=True, starts_at__date__range=(first, last))
    return [
        (
            day_of(row.starts_at),
            Entry(
                "exchange",
                row.title,
                reverse("campaigns:exchange", args=[campaign.slug, row.uuid]),
                time=_time(row.starts_at),
                note=row.place,
            ),
        )
        for row in rows.order_by("starts_at", "pk")
    ]


def _time(moment: datetime) -> str:
    """Return the time of day in the portal's zone."""
    return timezone.localtime(moment).strftime("%H:%M")


def _owed(campaign: Campaign, actor: Actor, first: date, last: date, on: date) -> list[OwedRow]:
    """Return what falls due in the grid: of own departments, or of all for who oversees."""
    seen = Obligation.objects.visible_to(actor).filter(campaign=campaign)
    if not actor.oversees:
        seen = seen.filter(department_id__in=actor.departments)
    rows = [owed_row(row, on=on) for row in seen.select_related("milestone", "department")]
    return [row for row in rows if first <= row.deadline <= last]


def _due(campaign: Campaign, actor: Actor, owed: list[OwedRow]) -> list[tuple[date, Entry]]:
    if actor.oversees:
        return _due_summed(campaign, owed)
    several = len(actor.departments) > 1
    return [
        (
            row.deadline,
            Entry(
                "due",
                row.name,
                reverse("campaigns:obligation", args=[campaign.slug, row.uuid]),
                note=row.department if several else "",
                state=row.state.value,
            ),
        )
        for row in owed
    ]


def _due_summed(campaign: Campaign, owed: list[OwedRow]) -> list[tuple[date, Entry]]:
    """Return one entry for all that is due for the same on a day, with how many have done it."""
    groups: dict[tuple[date, str, str], list[OwedRow]] = defaultdict(list)
    for row in owed:
        groups[row.deadline, row.code, row.kind].append(row)
    matrix = reverse("campaigns:obligations", args=[campaign.slug])
    found = []
    for (day, code, _kind), rows in groups.items():
        done = sum(not row.is_open for row in rows)
        state = (
            "met"
            if done == len(rows)
            else ("overdue" if any(row.state == ObligationState.OVERDUE for row in rows) else "open")
        )
        title = str(rows[0].kind.label) if rows[0].is_record else rows[0].name
        note = _("%(done)s of %(owed)s done") % {"done": done, "owed": len(rows)}
        found.append((day, Entry("due", title, f"{matrix}?milestone={code}", note=note, state=state)))
    return found
