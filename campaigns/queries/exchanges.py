"""Exchanges of experience as pages show them: the events with who presents, one event, what may be chosen for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from campaigns.actors import Actor
from campaigns.enums import ExchangeKind
from campaigns.models import Department, Exchange, ExchangePresenter, Recommendation


@dataclass(frozen=True)
class PresenterRow:
    """Who presents what; ``praise`` names what it was recommended for where the reader may open that."""

    department: str
    department_uuid: UUID
    name: str
    topic: str
    is_own: bool
    praise: str = ""
    praise_uuid: UUID | None = None


@dataclass(frozen=True)
class ExchangeRow:
    """One event of the list; ``is_own``: a department of the actor presents."""

    uuid: UUID
    kind: str
    title: str
    starts_at: datetime
    place: str
    presenters: tuple[PresenterRow, ...]
    is_cancelled: bool

    @property
    def is_own(self) -> bool:
        """Whether a department of the actor presents."""
        return any(row.is_own for row in self.presenters)


@dataclass(frozen=True)
class ExchangeList:
    """Events to come, the next one first, and those past or cancelled, the latest first."""

    coming: tuple[ExchangeRow, ...]
    past: tuple[ExchangeRow, ...]


def exchange_list(actor: Actor, *, at: datetime) -> ExchangeList:
    """Return the events of the season. Three queries."""
    found = Exchange.objects.visible_to(actor).prefetch_related("presenters__department").order_by("starts_at", "pk")
    coming: list[ExchangeRow] = []
    past: list[ExchangeRow] = []
    for exchange in found:
        row = ExchangeRow(
            exchange.uuid,
            str(ExchangeKind(exchange.kind).label),
            exchange.title,
            exchange.starts_at,
            exchange.place,
            tuple(_presenter(actor, presenter) for presenter in exchange.presenters.all()),
            exchange.cancelled_at is not None,
        )
        (past if row.is_cancelled or row.starts_at < at else coming).append(row)
    return ExchangeList(tuple(coming), tuple(reversed(past)))


def presenters_of(actor: Actor, exchange: Exchange) -> tuple[PresenterRow, ...]:
    """Return who presents, with the recommendation behind it where the actor sees that. Two queries."""
    rows = list(exchange.presenters.select_related("department", "recommendation"))
    opened = set(
        Recommendation.objects.visible_to(actor)
        .filter(pk__in=[row.recommendation_id for row in rows if row.recommendation_id])
        .values_list("pk", flat=True)
    )
    return tuple(_presenter(actor, row, opened) for row in rows)


def _presenter(actor: Actor, row: ExchangePresenter, opened: set[int] | None = None) -> PresenterRow:
    praise = row.recommendation if opened and row.recommendation_id in opened else None
    return PresenterRow(
        row.department.name,
        row.department.uuid,
        row.name,
        row.topic,
        row.department_id in actor.departments,
        praise.title if praise else "",
        praise.uuid if praise else None,
    )


def choosable_departments(actor: Actor, exchange: Exchange | None) -> list[Department]:
    """Return the departments that may present: those standing, and those that present already. One query."""
    standing = Q(closed_on__isnull=True)
    if exchange is not None:
        standing |= Q(pk__in=exchange.presenters.values("department_id"))
    return list(Department.objects.visible_to(actor).filter(standing).order_by("order"))


def choosable_recommendations(actor: Actor, exchange: Exchange | None) -> list[Recommendation]:
    """Return what is chosen for exchange, and what stands in this event already. One query."""
    chosen = Q(for_exchange=True, withdrawn_at__isnull=True)
    if exchange is not None:
        chosen |= Q(pk__in=exchange.presenters.values("recommendation_id"))
    return list(Recommendation.objects.visible_to(actor).filter(chosen).select_related("recommended"))
