"""Service work as pages show it: the list, whom it is done for, which departments enter it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from campaigns.actors import Actor
from campaigns.calculations.months import first_day_of_month, last_day_of_month, month_of
from campaigns.enums import ObligationKind, ServiceKind
from campaigns.models import Campaign, Department, ServiceWork
from campaigns.policy import can_hand_in

PAGE = 50  # rows


@dataclass(frozen=True)
class ServiceRow:
    """One service work of the list; ``is_received``: it was done for one of the actor's departments."""

    uuid: UUID
    department: str
    visited: str
    kind: str
    happened_on: date
    place: str
    text: str
    counts: bool
    is_withdrawn: bool
    is_received: bool


@dataclass(frozen=True)
class ServiceList:
    """A page of service work, the latest first; ``older`` is the key to go on from."""

    rows: tuple[ServiceRow, ...]
    older: UUID | None


@dataclass(frozen=True)
class ServiceWanted:
    """What the list shows."""

    department: Department | None = None
    visited: Department | None = None
    block: str = ""
    month: str = ""
    kind: str = ""


def service_list(
    actor: Actor, campaign: Campaign, *, wanted: ServiceWanted, older_than: UUID | None = None
) -> ServiceList:
    """Return a page of the service work the actor sees. One query, a second on later pages."""
    rows = ServiceWork.objects.visible_to(actor).select_related("department", "visited")
    if wanted.department is not None:
        rows = rows.filter(department=wanted.department)
    if wanted.visited is not None:
        rows = rows.filter(visited=wanted.visited)
    if wanted.block:
        rows = rows.filter(department__block__code=wanted.block)
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.month:
        rows = rows.filter(happened_on__range=(first_day_of_month(wanted.month), last_day_of_month(wanted.month)))
    last = ServiceWork.objects.visible_to(actor).filter(uuid=older_than).first() if older_than else None
    if last is not None:
        rows = rows.filter(Q(happened_on__lt=last.happened_on) | Q(happened_on=last.happened_on, pk__lt=last.pk))
    found = list(rows.order_by("-happened_on", "-pk")[: PAGE + 1])
    shown = tuple(service_row(work, actor, campaign) for work in found[:PAGE])
    return ServiceList(shown, found[PAGE - 1].uuid if len(found) > PAGE else None)


def service_row(work: ServiceWork, actor: Actor, campaign: Campaign) -> ServiceRow:
    """Return a service work, loaded with its departments, as a row."""
    return ServiceRow(
        uuid=work.uuid,
        department=work.department.name,
        visited=work.visited.name,
        kind=str(ServiceKind(work.kind).label),
        happened_on=work.happened_on,
        place=work.place,
        text=work.text,
        counts=month_of(work.happened_on) in campaign.working_months,
        is_withdrawn=work.withdrawn_at is not None,
        is_received=work.visited_id in actor.departments and work.department_id not in actor.departments,
    )


def serving_departments(actor: Actor) -> list[Department]:
    """Return the departments for which the actor writes service work down: those that owe it. One query."""
    owing = Department.objects.visible_to(actor).filter(
        closed_on__isnull=True,
        obligations__kind=ObligationKind.SERVICE,
        obligations__dropped_at__isnull=True,
    )
    return [each for each in owing.distinct().order_by("order") if can_hand_in(actor, each.pk)]
