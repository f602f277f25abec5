"""The list of honours for whoever takes it along: who is commended, and all nominations with their states."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from campaigns.actors import Actor
from campaigns.enums import DecisionKind
from campaigns.models import Campaign, Decision
from campaigns.queries.nominations import ChosenRow, NominationRow, chosen_rows, honours_of, nomination_rows
from qualityseason.clock import day_of


@dataclass(frozen=True)
class HonoursList:
    """What the list says on a day; `rows` is empty on a list of the commended alone, which may be put up."""

    college: str
    issuer: str
    season: str
    listed_on: date
    honours: tuple[str, ...]
    chosen: tuple[ChosenRow, ...]
    rows: tuple[NominationRow, ...]
    decided_on: tuple[date, ...]
    only_chosen: bool


def honours_list(actor: Actor, campaign: Campaign, *, only_chosen: bool, at: datetime) -> HonoursList:
    """Return the list as the actor, who oversees, may read it. Three queries at most."""
    decisions = Decision.objects.visible_to(actor).filter(kind=DecisionKind.HONOURS)
    return HonoursList(
        college=campaign.college,
        issuer=f"{campaign.college} {campaign.document_number}".strip(),
        season=campaign.name,
        listed_on=day_of(at),
        honours=honours_of(campaign),
        chosen=chosen_rows(actor, campaign),
        rows=() if only_chosen else nomination_rows(actor, campaign),
        decided_on=tuple(decisions.order_by("decided_on").values_list("decided_on", flat=True)),
        only_chosen=only_chosen,
    )
