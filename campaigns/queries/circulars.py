"""Circulars as lists show them: all of them with counts to overseers, a department's own to its people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from campaigns.actors import Actor
from campaigns.calculations.obligations import days_late, obligation_state
from campaigns.enums import NOT_YET, CircularKind, ObligationKind, ObligationState
from campaigns.models import Circular, CircularRecipient, Department, Obligation


class CircularsShown(TextChoices):
    """Which circulars the list of overseers shows."""

    OPEN = "open", _("Not done everywhere")
    OVERDUE = "overdue", _("Overdue somewhere")
    WITHDRAWN = "withdrawn", _("Withdrawn")


@dataclass(frozen=True)
class Standing:
    """Where one department stands with one circular on a day: done when relayed and carried out."""

    relayed_on: date | None
    carried_out_on: date | None
    deadline: date
    state: ObligationState
    days_late: int
    days_left: int

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done."""
        return self.state in NOT_YET

    @property
    def is_untouched(self) -> bool:
        """Whether it is neither relayed nor carried out."""
        return self.relayed_on is None and self.carried_out_on is None

    @property
    def is_overdue(self) -> bool:
        """Whether it is not done and its last day is past."""
        return self.state == ObligationState.OVERDUE


@dataclass(frozen=True)
class CircularRow:
    """One circular as overseers see it: of how many departments, how many relayed it and carried it out."""

    uuid: UUID
    kind: str
    number: str
    title: str
    issued_on: date
    due_on: date
    is_withdrawn: bool
    recipients: int
    relayed: int
    carried_out: int
    neither: int
    open: int
    overdue: int


@dataclass(frozen=True)
class OwnCircularRow:
    """One circular as a department that received it sees it."""

    uuid: UUID
    recipient: UUID
    department: str
    kind: str
    number: str
    title: str
    issued_on: date
    standing: Standing


def standing_of(recipient: CircularRecipient, deadline: date, *, on: date) -> Standing:
    """Return where the recipient stands on that day, by the last day that counts for it."""
    days = (recipient.relayed_on, recipient.carried_out_on)
    done_on = max(day for day in days if day) if all(days) else None
    return Standing(
        relayed_on=recipient.relayed_on,
        carried_out_on=recipient.carried_out_on,
        deadline=deadline,
        state=obligation_state(deadline, done_on, on=on),
        days_late=days_late(deadline, done_on, on=on),
        days_left=(deadline - on).days,
    )


def deadlines_of(campaign_id: int, *, key: str = "") -> dict[tuple[int, str], date]:
    """Return the last days of what is owed by circulars (or by the one named), by department and key. One query."""
    rows = Obligation.objects.filter(campaign_id=campaign_id, kind=ObligationKind.CIRCULAR)
    if key:
        rows = rows.filter(key=key)
    return {
        (row.department_id, row.key): row.deadline for row in rows.only("department", "key", "due_on", "extended_to")
    }


def circular_rows(
    actor: Actor,
    *,
    on: date,
    show: str = "",
    block: str = "",
    department: Department | None = None,
) -> tuple[CircularRow, ...]:
    """Return all circulars an overseer sees, latest first; of one block or department where named. Three queries."""
    circulars = Circular.objects.visible_to(actor)
    recipients = CircularRecipient.objects.visible_to(actor).filter(removed_at__isnull=True)
    if block:
        recipients = recipients.filter(department__block__code=block)
    if department is not None:
        recipients = recipients.filter(department=department)
    deadlines = deadlines_of(actor.campaign_id)
    found: dict[int, list[CircularRecipient]] = defaultdict(list)
    for recipient in recipients.order_by("pk"):
        found[recipient.circular_id].append(recipient)
    rows = [
        _row(circular, found[circular.pk], deadlines, on=on)
        for circular in circulars
        if found[circular.pk] or not (block or department)
    ]
    return tuple(row for row in rows if _fits(row, show))


def own_circulars(actor: Actor, *, on: date) -> tuple[OwnCircularRow, ...]:
    """Return what went to the actor's own departments: what is open first, the most urgent before. Two queries."""
    recipients = (
        CircularRecipient.objects.visible_to(actor)
        .standing()
        .filter(department_id__in=actor.departments)
        .select_related("circular", "department")
        .order_by("-circular__issued_on", "-pk")
    )
    deadlines = deadlines_of(actor.campaign_id)
    rows = [_own_row(recipient, deadlines, on=on) for recipient in recipients]
    waiting = sorted((row for row in rows if row.standing.is_open), key=lambda row: row.standing.deadline)
    return (*waiting, *(row for row in rows if not row.standing.is_open))


def last_day(recipient: CircularRecipient, circular: Circular, deadlines: dict[tuple[int, str], date]) -> date:
    """Return the last day that is not late for this recipient."""
    return deadlines.get((recipient.department_id, str(circular.uuid)), circular.due_on)


def _fits(row: CircularRow, show: str) -> bool:
    if show == CircularsShown.WITHDRAWN:
        return row.is_withdrawn
    if show:
        return bool(row.overdue if show == CircularsShown.OVERDUE else row.open)
    return True


def _row(
    circular: Circular,
    recipients: Sequence[CircularRecipient],
    deadlines: dict[tuple[int, str], date],
    *,
    on: date,
) -> CircularRow:
    is_withdrawn = circular.withdrawn_at is not None
    standings = [standing_of(row, last_day(row, circular, deadlines), on=on) for row in recipients]
    return CircularRow(
        uuid=circular.uuid,
        kind=str(CircularKind(circular.kind).label),
        number=circular.number,
        title=circular.title,
        issued_on=circular.issued_on,
        due_on=circular.due_on,
        is_withdrawn=is_withdrawn,
        recipients=len(standings),
        relayed=_count(one.relayed_on is not None for one in standings),
        carried_out=_count(one.carried_out_on is not None for one in standings),
        neither=_count(one.is_untouched for one in standings),
        open=0 if is_withdrawn else _count(one.is_open for one in standings),
        overdue=0 if is_withdrawn else _count(one.is_overdue for one in standings),
    )


def _count(found: Iterable[bool]) -> int:
    return sum(found)


def _own_row(recipient: CircularRecipient, deadlines: dict[tuple[int, str], date], *, on: date) -> OwnCircularRow:
    circular = recipient.circular
    return OwnCircularRow(
        uuid=circular.uuid,
        recipient=recipient.uuid,
        department=recipient.department.name,
        kind=str(CircularKind(circular.kind).label),
        number=circular.number,
        title=circular.title,
        issued_on=circular.issued_on,
        standing=standing_of(recipient, last_day(recipient, circular, deadlines), on=on),
    )
