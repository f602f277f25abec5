"""Attachments: seen by whoever sees the record they belong to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Self, TypeVar
from uuid import UUID

from django.db import models
from django.db.models import Q

from campaigns.actors import Actor
from campaigns.querysets.people import CampaignOwned

M = TypeVar("M", bound=models.Model)


class AttachmentQuerySet(CampaignOwned[M]):
    """Files in their places."""

    def current(self) -> Self:
        """Return those neither replaced nor removed."""
        return self.filter(removed_at__isnull=True, replacement__isnull=True)

    def of_owner(self, kind: str, uuid: UUID) -> Self:
        """Return the attachments of one record, every version of them."""
        return self.filter(owner_kind=kind, owner_uuid=uuid)

    def visible_to(self, actor: Actor, *, sight: Mapping[str, Callable[[Actor], models.QuerySet[Any]]]) -> Self:
        """Return the attachments of the records the actor sees; `sight` gives these per kind of owner.

        The owner's queryset says who may open the files, which may be fewer than see the record itself.
        """
        seen = Q(pk__in=())
        for kind, records in sight.items():
            seen |= Q(owner_kind=kind, owner_uuid__in=records(actor).order_by().values("uuid"))
        return self.of_campaign(actor).filter(seen)
