"""The page of one circular, and whom a department may have relayed it to. Fixed numbers of queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from campaigns.actors import Actor
from campaigns.enums import EvidenceTarget
from campaigns.models import (
    Campaign,
    Circular,
    CircularRecipient,
    Department,
    Evidence,
    EvidenceLink,
    Posting,
    StaffMember,
)
from campaigns.policy import can_hand_in, can_see_department_people
from campaigns.queries.attachments import AttachedFile, files_of
from campaigns.queries.circulars import Standing, deadlines_of, last_day, standing_of
from campaigns.queries.evidence import EvidenceRow, EvidenceSection, evidence_for, evidence_section

OWNER = "circular"


@dataclass(frozen=True)
class RecipientPart:
    """What one department did with the circular; ``persons`` are empty for who reads numbers alone."""

    uuid: UUID
    department: Department
    standing: Standing
    to_all: bool
    people: int
    persons: tuple[str, ...]
    how: str
    carried_out: str
    may_enter: bool
    is_barred: bool
    evidence: tuple[EvidenceRow, ...]

    @property
    def block(self) -> str:
        """The block of the department, for grouping."""
        return self.department.block.name


@dataclass(frozen=True)
class CircularPage:
    """One circular: the own departments' parts with their evidence, and for overseers the parts of all."""

    files: tuple[AttachedFile, ...]
    own: tuple[tuple[RecipientPart, EvidenceSection], ...]
    parts: tuple[RecipientPart, ...]

    @property
    def of(self) -> str:
        """Of how many departments, as it stands behind a figure."""
        return f"/{len(self.parts)}"

    @property
    def relayed(self) -> int:
        """How many departments relayed it."""
        return sum(part.standing.relayed_on is not None for part in self.parts)

    @property
    def carried_out(self) -> int:
        """How many carried it out."""
        return sum(part.standing.carried_out_on is not None for part in self.parts)

    @property
    def neither(self) -> int:
        """How many did neither."""
        return sum(part.standing.is_untouched for part in self.parts)

    @property
    def overdue(self) -> int:
        """How many are overdue."""
        return sum(part.standing.is_overdue for part in self.parts)


@dataclass(frozen=True)
class PostedPerson:
    """Somebody a circular may have been relayed to, with the days of the posting that do not cover all of them."""

    member: StaffMember
    since: date | None
    until: date | None


def circular_page(circular: Circular, actor: Actor, campaign: Campaign, *, on: date, back: str) -> CircularPage:
    """Return one circular the actor sees. Nine queries, three more for each own department."""
    key = str(circular.uuid)
    rows = (
        CircularRecipient.objects.visible_to(actor)
        .filter(circular=circular, removed_at__isnull=True)
        .select_related("department__block")
        .prefetch_related("relayed_to")
        .order_by("department__order")
    )
    deadlines = deadlines_of(campaign.pk, key=key)
    evidence = evidence_for(actor, EvidenceTarget.CIRCULAR, [key], campaign=campaign).get(key, ())
    parts = [_part(row, circular, actor, deadlines, evidence, on=on) for row in rows]
    own = [part for part in parts if part.department.pk in actor.departments]
    sections = [
        evidence_section(
            actor,
            EvidenceTarget.CIRCULAR,
            key,
            campaign=campaign,
            department=part.department,
            may_file=part.may_enter,
            back=back,
        )
        for part in own
    ]
    return CircularPage(
        files=files_of(actor, OWNER, [circular.uuid], campaign=campaign).get(circular.uuid, ()),
        own=tuple(zip(own, sections, strict=True)),
        parts=tuple(parts) if actor.oversees else (),
    )


def people_to_relay_to(recipient: CircularRecipient, *, on: date) -> tuple[PostedPerson, ...]:
    """Return who was posted to the department on any day from the issue to `on`, and who is chosen already. One query.

    `recipient` comes with its circular.
    """
    first = recipient.circular.issued_on
    meanwhile = Q(starts_on__lte=max(on, first)) & (Q(ends_on__isnull=True) | Q(ends_on__gte=first))
    chosen = Q(staff_member__in=recipient.relayed_to.all())
    postings = (
        Posting.objects.filter(meanwhile | chosen, department_id=recipient.department_id)
        .select_related("staff_member")
        .order_by("staff_member__number", "starts_on")
    )
    found: dict[int, PostedPerson] = {}
    for posting in postings:
        since = posting.starts_on if posting.starts_on > first else None
        until = posting.ends_on if posting.ends_on is not None and posting.ends_on < on else None
        found[posting.staff_member_id] = PostedPerson(posting.staff_member, since, until)
    return tuple(found.values())


def recipients_of(circular: Circular) -> tuple[Department, ...]:
    """Return the departments a circular goes to, in order. One query."""
    rows = Department.objects.filter(circulars__circular=circular, circulars__removed_at__isnull=True)
    return tuple(rows.order_by("order"))


def fixed_recipients(circular: Circular) -> frozenset[int]:
    """Return the ids of departments that have recorded something, and so stay. Two queries."""
    rows = circular.recipients.filter(removed_at__isnull=True)
    recorded = rows.filter(Q(relayed_on__isnull=False) | Q(carried_out_on__isnull=False))
    links = EvidenceLink.objects.filter(
        target=EvidenceTarget.CIRCULAR, key=str(circular.uuid), evidence__in=Evidence.objects.standing()
    )
    filed = links.values_list("evidence__department_id", flat=True)
    return frozenset(recorded.values_list("department_id", flat=True)) | frozenset(filed)


def _part(
    row: CircularRecipient,
    circular: Circular,
    actor: Actor,
    deadlines: dict[tuple[int, str], date],
    evidence: tuple[EvidenceRow, ...],
    *,
    on: date,
) -> RecipientPart:
    people = list(row.relayed_to.all())
    may_enter = circular.withdrawn_at is None and can_hand_in(actor, row.department_id)
    reads = can_see_department_people(actor, row.department)
    return RecipientPart(
        uuid=row.uuid,
        department=row.department,
        standing=standing_of(row, last_day(row, circular, deadlines), on=on),
        to_all=row.relayed_to_all,
        people=len(people),
        persons=tuple(person.name for person in people) if reads else (),
        how=row.relayed_how,
        carried_out=row.carried_out,
        may_enter=may_enter,
        is_barred=circular.withdrawn_at is None and not may_enter and actor.is_interested_in(row.department_id),
        evidence=tuple(piece for piece in evidence if piece.department == row.department.name),
    )
