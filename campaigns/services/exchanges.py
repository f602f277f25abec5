"""Exchanges of experience (经验交流、现场展示): arranged by the office with who presents, changed, cancelled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.enums import ExchangeKind
from campaigns.models import Campaign, Department, Exchange, ExchangePresenter, Recommendation
from campaigns.policy import can_issue_circulars
from campaigns.services.attachments import attach_uploads
from qualityseason.clock import day_of
from qualityseason.errors import Refused
from qualityseason.services import audit
from qualityseason.text import clean, tidy

OWNER = "exchange"
MAXIMUM_TITLE = 200
MAXIMUM_PLACE = 100
MAXIMUM_PROGRAMME = 4000
MAXIMUM_NAME = 64
MAXIMUM_REASON = 200


@dataclass(frozen=True)
class PresenterDraft:
    """One row typed: who presents what for which department."""

    department: Department
    name: str
    topic: str
    recommendation: Recommendation | None = None


@dataclass(frozen=True)
class ExchangeDraft:
    """What was typed of an event; presenters in their order."""

    kind: str
    title: str
    starts_at: datetime
    place: str
    programme: str = ""
    presenters: tuple[PresenterDraft, ...] = ()


@transaction.atomic
def arrange_exchange(
    campaign: Campaign, draft: ExchangeDraft, *, uuid: UUID, uploads: Sequence[UUID] = (), by: Actor, at: datetime
) -> Exchange:
    """Return the event arranged, or entered after it was held; the same uuid again returns the first answer."""
    _require_office(by)
    draft = _judged(campaign, draft)
    Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
    first = Exchange.objects.filter(uuid=uuid).first()
    if first is not None:
        if (first.campaign_id, first.entered_by_id, _state(first)) == (campaign.pk, by.user_id, _said(draft)):
            return first
        existing = first if first.campaign_id == campaign.pk else None
        message = _("This form has been sent before with other words. Open a new one.")
        raise Refused(message, code="used", existing=existing)
    exchange = Exchange(uuid=uuid, campaign=campaign, entered_by_id=by.user_id, entered_at=at)
    _write(exchange, draft)
    exchange.save()
    _write_presenters(exchange, draft)
    _attach(exchange, uploads, by=by, at=at)
    _record("exchange.add", exchange, by=by, at=at, after=_said(draft))
    return exchange


@transaction.atomic
def edit_exchange(
    exchange: Exchange,
    draft: ExchangeDraft,
    *,
    version: int | None,
    uploads: Sequence[UUID] = (),
    by: Actor,
    at: datetime,
) -> Exchange:
    """Change an event and who presents at it; another `version` than the row's (None: any) is refused as stale."""
    _require_office(by)
    exchange = _locked(exchange)
    if exchange.cancelled_at is not None:
        raise Refused(_("This event was cancelled; nothing is changed in it any more."), code="cancelled")
    if version is not None and version != exchange.version:
        message = _("Somebody else changed this event meanwhile. What stands there now is shown below.")
        raise Refused(message, code="stale", existing=exchange)
    chosen = frozenset(exchange.presenters.values_list("recommendation_id", flat=True))
    draft = _judged(exchange.campaign, draft, chosen=chosen)
    _attach(exchange, uploads, by=by, at=at)
    before, after = _state(exchange), _said(draft)
    if before == after:
        return exchange
    _write(exchange, draft)
    exchange.version += 1
    exchange.save(update_fields=["kind", "title", "starts_at", "place", "programme", "version"])
    if before["presenters"] != after["presenters"]:
        _write_presenters(exchange, draft)
    _record("exchange.edit", exchange, by=by, at=at, before=before, after=after)
    return exchange


@transaction.atomic
def cancel_exchange(exchange: Exchange, *, because: str, by: Actor, at: datetime) -> Exchange:
    """Cancel an event with a reason; a second time changes nothing."""
    _require_office(by)
    exchange = _locked(exchange)
    if exchange.cancelled_at is not None:
        return exchange
    because = tidy(because)
    if not 0 < len(because) <= MAXIMUM_REASON:
        raise Refused(_("Say why, in at most 200 characters."), field="because", code="reason")
    exchange.cancelled_at, exchange.cancelled_because = at, because
    exchange.version += 1
    exchange.save(update_fields=["cancelled_at", "cancelled_because", "version"])
    _record("exchange.cancel", exchange, by=by, at=at, after={"because": because})
    return exchange


def _require_office(by: Actor) -> None:
    if not can_issue_circulars(by):
        raise PermissionDenied


def _judged(campaign: Campaign, draft: ExchangeDraft, *, chosen: frozenset[int | None] = frozenset()) -> ExchangeDraft:
    title, place, programme = tidy(draft.title), tidy(draft.place), tidy(draft.programme)
    if draft.kind not in ExchangeKind.values:
        raise Refused(_("Choose what sort of event it is."), field="kind", code="kind")
    if not 0 < len(title) <= MAXIMUM_TITLE:
        raise Refused(_("Give the event a title, at most 200 characters."), field="title", code="title")
    if not 0 < len(place) <= MAXIMUM_PLACE:
        raise Refused(_("Say where it takes place, in at most 100 characters."), field="place", code="place")
    if len(programme) > MAXIMUM_PROGRAMME:
        raise Refused(_("At most 4000 characters."), field="programme", code="long")
    if not campaign.starts_on <= day_of(draft.starts_at) <= campaign.ends_on:
        words = {"day": day_of(draft.starts_at), "from": campaign.starts_on, "until": campaign.ends_on}
        message = _("%(day)s lies outside the campaign, which runs from %(from)s to %(until)s.")
        raise Refused(message % words, field="day", code="outside")
    presenters = tuple(_judged_presenter(campaign, row, chosen) for row in draft.presenters)
    return ExchangeDraft(draft.kind, title, draft.starts_at, place, programme, presenters)


def _judged_presenter(campaign: Campaign, row: PresenterDraft, chosen: frozenset[int | None]) -> PresenterDraft:
    name, topic = clean(row.name), tidy(row.topic)
    if row.department.campaign_id != campaign.pk:
        raise Refused(_("Choose a department of this season."), field="presenters", code="department")
    if not 0 < len(name) <= MAXIMUM_NAME or not 0 < len(topic) <= MAXIMUM_TITLE:
        message = _("Each presenter has a name of at most 64 and a topic of at most 200 characters: look at %(who)s.")
        raise Refused(message % {"who": name or row.department.name}, field="presenters", code="presenter")
    praise = row.recommendation
    if praise is not None and praise.pk not in chosen and not _may_be_shown(campaign, praise):
        message = _("“%(title)s” is not chosen for exchange any more. Leave it out or choose it again.")
        raise Refused(message % {"title": praise.title}, field="presenters", code="recommendation")
    return PresenterDraft(row.department, name, topic, praise)


def _may_be_shown(campaign: Campaign, praise: Recommendation) -> bool:
    return praise.campaign_id == campaign.pk and praise.withdrawn_at is None and praise.for_exchange


def _write(exchange: Exchange, draft: ExchangeDraft) -> None:
    exchange.kind, exchange.title, exchange.starts_at = draft.kind, draft.title, draft.starts_at
    exchange.place, exchange.programme = draft.place, draft.programme


def _write_presenters(exchange: Exchange, draft: ExchangeDraft) -> None:
    ExchangePresenter.objects.filter(exchange=exchange).delete()
    ExchangePresenter.objects.bulk_create(
        ExchangePresenter(
            exchange=exchange,
            department=row.department,
            recommendation=row.recommendation,
            name=row.name,
            topic=row.topic,
            order=order,
        )
        for order, row in enumerate(draft.presenters)
    )


def _attach(exchange: Exchange, uploads: Sequence[UUID], *, by: Actor, at: datetime) -> None:
    attach_uploads(
        uploads,
        campaign_id=exchange.campaign_id,
        department_id=None,
        owner_kind=OWNER,
        owner_uuid=exchange.uuid,
        by_id=by.user_id,
        at=at,
    )


def _locked(exchange: Exchange) -> Exchange:
    rows = Exchange.objects.select_for_update(of=("self",), no_key=True).select_related("campaign")
    return rows.get(pk=exchange.pk)


def _state(exchange: Exchange) -> dict[str, Any]:
    rows = ExchangePresenter.objects.filter(exchange=exchange).order_by("order", "id")
    return {
        "kind": str(exchange.kind),
        "title": exchange.title,
        "starts_at": exchange.starts_at,
        "place": exchange.place,
        "programme": exchange.programme,
        "presenters": list(rows.values_list("department_id", "name", "topic", "recommendation_id")),
    }


def _said(draft: ExchangeDraft) -> dict[str, Any]:
    return {
        "kind": str(draft.kind),
        "title": draft.title,
        "starts_at": draft.starts_at.astimezone(timezone.get_current_timezone()),
        "place": draft.place,
        "programme": draft.programme,
        "presenters": [
            (row.department.pk, row.name, row.topic, row.recommendation.pk if row.recommendation else None)
            for row in draft.presenters
        ],
    }


def _record(
    act: str,
    exchange: Exchange,
    *,
    by: Actor,
    at: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    audit.record(act, exchange, by_id=by.user_id, campaign_id=exchange.campaign_id, at=at, before=before, after=after)
