"""Whether assessors and inspections are even-handed, and whether somebody with an interest had a hand in a line."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.models import Campaign, Interest, Membership, Posting
from qualityseason.clock import day_of
from scoring.calculations import ZERO
from scoring.calculations.evenness import mean, stands_out
from scoring.models import Deduction, Inspection

Span = tuple[date | None, date | None]
Interests = dict[tuple[int, int], list[Span]]  # by user and department


@dataclass(frozen=True)
class AssessorShare:
    """What one assessor recorded by eye, against all others: `mean` and `rest` are points per deduction."""

    name: str
    lines: int
    points: Decimal
    mean: Decimal
    rest: Decimal | None
    stands_out: bool


@dataclass(frozen=True)
class InspectionShare:
    """What one inspection led to; `rest` are points per inspection of all others."""

    uuid: UUID
    department: str
    started_at: datetime
    lines: int
    points: Decimal
    rest: Decimal | None
    stands_out: bool


@dataclass(frozen=True)
class Conflict:
    """A line recorded or confirmed by somebody who has an interest in its department; `person` is '' where unnamed."""

    uuid: UUID
    department: str
    code: str
    happened_on: date
    is_confirmer: bool
    person: str


def load_assessors(actor: Actor) -> tuple[AssessorShare, ...]:
    """Return who recorded what by eye: lines that stand and charge no finding. One query.

    Lines about departments of own interest are left out: nobody is told who recorded those. Who does not see names
    reads numbers, always the same ones.
    """
    lines = Deduction.objects.visible_to(actor).standing().filter(finding__isnull=True)
    lines = lines.exclude(Q(charged_id__in=actor.interests) | Q(visited_id__in=actor.interests)).order_by()
    by_person = lines.values_list("recorded_by_id", "recorded_by__display_name")
    rows = sorted(by_person.annotate(number=Count("pk"), amount=Sum("amount")))
    number, amount = sum(row[2] for row in rows), sum((row[3] for row in rows), ZERO)
    found = []
    for place, (_pk, name, own_number, own_amount) in enumerate(rows, start=1):
        own, rest = own_amount / own_number, mean(amount - own_amount, number - own_number)
        found.append(
            AssessorShare(
                name if actor.sees_names else _("Assessor %(number)d") % {"number": place},
                own_number,
                own_amount,
                own,
                rest,
                stands_out(own, rest, lines=own_number, both_ways=True),
            )
        )
    return tuple(found)


def load_inspections(actor: Actor) -> tuple[InspectionShare, ...]:
    """Return every inspection with what it led to, the most points first. Two queries."""
    lines = Deduction.objects.visible_to(actor).standing().filter(inspection__isnull=False).order_by()
    sums = {
        pk: (number, amount)
        for pk, number, amount in lines.values_list("inspection_id").annotate(number=Count("pk"), amount=Sum("amount"))
    }
    visits = list(Inspection.objects.visible_to(actor).select_related("department").order_by("pk"))
    whole = sum((sums.get(visit.pk, (0, ZERO))[1] for visit in visits), ZERO)
    found = []
    for visit in visits:
        number, amount = sums.get(visit.pk, (0, ZERO))
        rest = mean(whole - amount, len(visits) - 1)
        out = stands_out(amount, rest, lines=number, both_ways=False)
        found.append(InspectionShare(visit.uuid, visit.department.name, visit.started_at, number, amount, rest, out))
    return tuple(sorted(found, key=lambda one: -one.points))


def load_conflicts(campaign: Campaign, *, actor: Actor) -> tuple[Conflict, ...]:
    """Return standing lines with an act of somebody who, as far as is known today, had an interest then. Five queries.

    Lines about departments of own interest are left out.
    """
    interests = _interests(campaign)
    lines = Deduction.objects.visible_to(actor).standing()
    lines = lines.exclude(Q(charged_id__in=actor.interests) | Q(visited_id__in=actor.interests))
    hands = lines.order_by().values_list("recorded_by_id", "confirmed_by_id", "charged_id", "visited_id").distinct()
    met = {
        (user, department)
        for recorder, confirmer, *departments in hands
        for user in (recorder, confirmer)
        for department in departments
        if (user, department) in interests
    }
    users, departments = {user for user, _one in met}, {department for _user, department in met}
    doubtful = lines.filter(
        Q(recorded_by_id__in=users) | Q(confirmed_by_id__in=users),
        Q(charged_id__in=departments) | Q(visited_id__in=departments),
    ).select_related("charged", "rule", "recorded_by", "confirmed_by")
    found = []
    for line in doubtful.order_by("-happened_on", "-pk"):
        acts = ((line.recorded_by, line.recorded_at, False), (line.confirmed_by, line.confirmed_at, True))
        for person, at, is_confirmer in acts:
            if person is None or at is None or not _has_interest(interests, person.pk, line, day_of(at)):
                continue
            name = str(person) if actor.sees_names else ""
            found.append(Conflict(line.uuid, line.charged.name, line.rule.code, line.happened_on, is_confirmer, name))
    return tuple(found)


def _has_interest(interests: Interests, user_id: int, line: Deduction, day: date) -> bool:
    return any(
        (first is None or first <= day) and (last is None or last >= day)
        for department_id in (line.charged_id, line.visited_id)
        for first, last in interests.get((user_id, department_id), ())
    )


def _interests(campaign: Campaign) -> Interests:
    """Return what counts as an interest: any membership this season, any posting in it, what was declared."""
    found: Interests = defaultdict(list)
    members = Membership.objects.filter(campaign=campaign, department__isnull=False).order_by()
    for user_id, department_id in members.values_list("user_id", "department_id"):
        if department_id is not None:
            found[user_id, department_id].append((None, None))
    declared = Interest.objects.filter(campaign=campaign).order_by()
    for user_id, department_id, first, last in declared.values_list("user_id", "department_id", "starts_on", "ends_on"):
        found[user_id, department_id].append((first, last))
    recent = Q(ends_on__isnull=True) | Q(ends_on__gte=campaign.facts_from)
    posted = Posting.objects.filter(recent, campaign=campaign, staff_member__user__isnull=False).order_by()
    for user_id, department_id in posted.values_list("staff_member__user_id", "department_id"):
        if user_id is not None:
            found[user_id, department_id].append((None, None))
    return dict(found)
