"""What a department leaves to its successors: people, duties, classes, open tasks, evidence, responsibilities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q

from campaigns.enums import DEPARTMENT_ROLES, OPEN_TASKS, ObligationKind, TaskState
from campaigns.models import (
    Assignment,
    Attachment,
    CircularRecipient,
    Delegation,
    Department,
    Duty,
    Evidence,
    Interest,
    Membership,
    Obligation,
    Policy,
    Posting,
    ProblemAnswer,
    Responsibility,
    StudentClass,
)

DAY = timedelta(days=1)
UNDONE_TASKS = sorted({*OPEN_TASKS, TaskState.REPORTED})
OWNERS_THAT_MOVE = ("evidence", "policy")


@dataclass
class Inheritance:
    """One department's end on a day: who comes after it, and which person, duty or class goes where.

    ``places`` gives the successor by the uuid of a person, duty or class; all others, and all papers, go to the first
    one. ``moved`` counts what went over.
    """

    predecessor: Department
    successors: Sequence[Department]
    on: date
    places: Mapping[str, Department] = field(default_factory=dict)
    moved: dict[str, int] = field(default_factory=dict)

    @property
    def first(self) -> Department:
        """The successor that takes over all papers."""
        return self.successors[0]

    def place_of(self, uuid: object) -> Department:
        """Return the successor a person, duty or class goes to."""
        return self.places.get(str(uuid), self.first)


def hand_over(inheritance: Inheritance, *, reason: str, at: datetime) -> None:
    """Let everything go to the successors; given deductions, sessions, plans and what was met stay where they are."""
    _move_people(inheritance)
    _move_members(inheritance, reason=reason)
    _move_duties(inheritance)
    _move_open_tasks(inheritance)
    _move_obligations(inheritance, at=at)
    _move_papers(inheritance)


def _move_people(inheritance: Inheritance) -> None:
    """End postings the day before and begin them with the successor; those that had not begun simply change place."""
    before, moved = inheritance.predecessor, 0
    ongoing = Q(ends_on__isnull=True) | Q(ends_on__gte=inheritance.on)
    for posting in Posting.objects.filter(ongoing, department=before).select_related("staff_member"):
        place = inheritance.place_of(posting.staff_member.uuid)
        moved += 1
        if posting.starts_on >= inheritance.on:
            posting.department = place
            posting.save(update_fields=["department"])
            continue
        _begin(posting, place, on=inheritance.on)
        posting.ends_on = inheritance.on - DAY
        posting.save(update_fields=["ends_on"])
    inheritance.moved["people"] = moved
    classes = list(StudentClass.objects.filter(department=before))
    for each in classes:
        each.department = inheritance.place_of(each.uuid)
    StudentClass.objects.bulk_update(classes, ["department"])
    inheritance.moved["classes"] = len(classes)


def _begin(former: Posting, place: Department, *, on: date) -> None:
    """Let the person belong to the successor from that day on; who begins somewhere on that very day begins once."""
    twin = Posting.objects.filter(staff_member=former.staff_member, starts_on=on).first()
    if twin is None:
        Posting.objects.create(
            campaign_id=former.campaign_id,
            staff_member=former.staff_member,
            department=place,
            starts_on=on,
            ends_on=former.ends_on,
        )
    elif twin.department_id in (former.department_id, place.pk):
        twin.ends_on = max(former.ends_on, twin.ends_on) if former.ends_on and twin.ends_on else None
        twin.save(update_fields=["ends_on"])


def _move_members(inheritance: Inheritance, *, reason: str) -> None:
    """Let heads and liaisons go on in the successor, and let nobody's interest end with the old department."""
    before = inheritance.predecessor
    belonged = set(Membership.objects.filter(department=before).values_list("user_id", flat=True))
    belonged |= set(
        Posting.objects.filter(department=before, staff_member__user__isnull=False).values_list(
            "staff_member__user_id", flat=True
        )
    )
    open_ones = Interest.objects.filter(department=before, ends_on__isnull=True)
    belonged |= set(open_ones.values_list("user_id", flat=True))
    ongoing = Q(ends_on__isnull=True) | Q(ends_on__gte=inheritance.on)
    members = Membership.objects.filter(ongoing, department=before, role__in=sorted(DEPARTMENT_ROLES))
    for membership in members.select_related("user"):
        staff = membership.user.staff_members.filter(campaign_id=before.campaign_id).first()
        place = inheritance.place_of(staff.uuid if staff else None)
        same = Membership.objects.filter(user=membership.user, role=membership.role, department=place)
        if not same.filter(ends_on__isnull=True).exists():
            Membership.objects.create(
                campaign_id=before.campaign_id,
                user=membership.user,
                role=membership.role,
                department=place,
                starts_on=max(inheritance.on, membership.starts_on),
                ends_on=membership.ends_on,
            )
        if membership.starts_on >= inheritance.on:
            membership.delete()
        else:
            membership.ends_on = inheritance.on - DAY
            membership.save(update_fields=["ends_on"])
    for place in inheritance.successors:
        known = set(Interest.objects.filter(department=place, ends_on__isnull=True).values_list("user_id", flat=True))
        Interest.objects.bulk_create(
            Interest(
                campaign_id=before.campaign_id,
                user_id=user_id,
                department=place,
                reason=reason,
                starts_on=inheritance.on,
            )
            for user_id in sorted(belonged - known)
        )
    standing = Delegation.objects.filter(department=before, ends_on__gte=inheritance.on)
    standing.filter(starts_on__gte=inheritance.on).delete()
    standing.update(ends_on=inheritance.on - DAY)
    for task in Responsibility.objects.filter(department=before):
        if Responsibility.objects.filter(code=task.code, department=inheritance.first).exists():
            task.delete()
        else:
            task.department = inheritance.first
            task.save(update_fields=["department"])


def _move_duties(inheritance: Inheritance) -> None:
    """Give standing duties to the successors; a number taken there already gets the next free one."""
    duties = list(Duty.objects.filter(department=inheritance.predecessor, ended_at__isnull=True).order_by("pk"))
    for duty in duties:
        duty.department = inheritance.place_of(duty.uuid)
        there = Duty.objects.filter(department=duty.department, ended_at__isnull=True)
        taken = set(there.values_list("number", flat=True))
        if duty.number in taken:
            duty.number = next(str(number) for number in range(1, 10_000) if str(number) not in taken)
        duty.save(update_fields=["department", "number"])
    inheritance.moved["duties"] = len(duties)


def _move_open_tasks(inheritance: Inheritance) -> None:
    """Give what is not done to the first successor: assignments, answers, circulars; what it has itself stays.

    What the successor was once asked for and is no more gives way to what comes over.
    """
    before, place = inheritance.predecessor, inheritance.first
    tasks = Assignment.objects.filter(department=before, state__in=UNDONE_TASKS)
    inheritance.moved["assignments"] = tasks.update(department=place)
    answers = ProblemAnswer.objects.filter(department=before, state__in=UNDONE_TASKS)
    theirs = ProblemAnswer.objects.filter(department=place)
    gone = theirs.filter(state=TaskState.WITHDRAWN, problem_id__in=answers.values("problem_id"))
    gone.filter(persons__isnull=True).delete()
    answers = answers.exclude(problem_id__in=list(theirs.values_list("problem_id", flat=True)))
    keys = [str(uuid) for uuid in answers.values_list("problem__uuid", flat=True)]
    _move_met_answers(inheritance, keys)
    inheritance.moved["problems"] = answers.update(department=place)
    undone = Q(relayed_on__isnull=True) | Q(carried_out_on__isnull=True)
    mine = CircularRecipient.objects.filter(undone, department=before, removed_at__isnull=True)
    has = CircularRecipient.objects.filter(department=place)
    has.filter(removed_at__isnull=False, circular_id__in=mine.values("circular_id")).delete()
    mine = mine.exclude(circular_id__in=list(has.values_list("circular_id", flat=True)))
    inheritance.moved["circulars"] = mine.update(department=place)


def _move_met_answers(inheritance: Inheritance, keys: list[str]) -> None:
    """Let what an answer met that waits for a word go along: sent back, it is owed again by who answers then."""
    problems = Obligation.objects.filter(kind=ObligationKind.PROBLEM)
    met = problems.filter(department=inheritance.predecessor, key__in=keys, met_at__isnull=False)
    keys = list(met.values_list("key", flat=True))
    problems.filter(department=inheritance.first, key__in=keys, dropped_at__isnull=False).delete()
    met.update(department=inheritance.first)


def _move_obligations(inheritance: Inheritance, *, at: datetime) -> None:
    """Give what is open to the first successor; where that owes the same itself, the old one is dropped.

    What the successor owed and owes no more stands again, as the old one was owed.
    """
    place, moved, owed_twice = inheritance.first, 0, 0
    own = {_owed(row): row for row in Obligation.objects.filter(department=place)}
    open_ones = Obligation.objects.filter(department=inheritance.predecessor).open()
    for obligation in open_ones.exclude(kind=ObligationKind.NOTICE):  # the lines to be told of stay where they are
        same = own.get(_owed(obligation))
        if same is None:
            obligation.department = place
            obligation.save(update_fields=["department"])
            moved += 1
            continue
        if same.dropped_at is not None:
            same.name, same.due_on, same.extended_to = obligation.name, obligation.due_on, obligation.extended_to
            same.dropped_at = None
            same.save(update_fields=["name", "due_on", "extended_to", "dropped_at"])
            moved += 1
        else:
            owed_twice += 1
        obligation.dropped_at = at
        obligation.save(update_fields=["dropped_at"])
    inheritance.moved.update(obligations=moved, owed_twice=owed_twice)


def _owed(obligation: Obligation) -> tuple[Any, ...]:
    return (obligation.milestone_id, obligation.kind if obligation.key else ObligationKind.HAND_IN, obligation.key)


def _move_papers(inheritance: Inheritance) -> None:
    """Give evidence and policies with their files to the first successor."""
    before, place = inheritance.predecessor, inheritance.first
    evidence = Evidence.objects.filter(department=before)
    inheritance.moved["evidence"] = evidence.update(department=place)
    Policy.objects.filter(department=before).update(department=place)
    Attachment.objects.filter(department=before, owner_kind__in=OWNERS_THAT_MOVE).update(department=place)
