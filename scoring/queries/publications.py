"""Lists and pages of public notices and publications; what of a result is read stands in `published`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from campaigns.actors import Actor
from campaigns.enums import ObligationKind, Role
from campaigns.models import Campaign, Department, Membership, Obligation
from qualityseason.clock import day_of
from scoring.enums import PublicationState, Visibility
from scoring.models import Display, Objection, Publication

FIELDS = (
    "pk",
    "uuid",
    "number",
    "state",
    "visibility",
    "proposed_at",
    "decided_at",
    "replaces_id",
    "replaces__number",
    "changes",
)
AHEAD, RUNNING, ENDED, WITHDRAWN = "ahead", "running", "ended", "withdrawn"


@dataclass(frozen=True)
class PublicationRow:
    """One publication in the list; `replaced_by` is the number of the one that corrects it, None while it is current.

    `changed` counts the departments a correction is about, None for who may not know.
    """

    uuid: UUID
    number: int | None
    state: PublicationState
    visibility: Visibility
    proposed_at: datetime
    decided_at: datetime | None
    replaces: int | None
    replaced_by: int | None
    changed: int | None

    @property
    def is_current(self) -> bool:
        """Whether it is what counts."""
        return self.state == PublicationState.CONFIRMED and self.replaced_by is None

    @property
    def waits(self) -> bool:
        """Whether it waits for a leader."""
        return self.state == PublicationState.PROPOSED


@dataclass(frozen=True)
class DisplayRow:
    """One public notice in the list; its objections are counted for overseers, None for others."""

    uuid: UUID
    number: int
    starts_on: date
    ends_on: date
    visibility: Visibility
    state: str
    objections: int | None
    unanswered: int | None


@dataclass(frozen=True)
class PublicationsPage:
    """Everything that was put up or published, newest first."""

    publications: tuple[PublicationRow, ...]
    displays: tuple[DisplayRow, ...]

    @property
    def current(self) -> PublicationRow | None:
        """What is published now."""
        return next((row for row in self.publications if row.is_current), None)

    @property
    def proposal(self) -> PublicationRow | None:
        """What waits for a leader."""
        return next((row for row in self.publications if row.waits), None)

    @property
    def may_begin(self) -> bool:
        """Whether a result can be proposed: a public notice has ended, or one is published and to be corrected."""
        return self.current is not None or (self.standing is not None and self.standing.state == ENDED)

    @property
    def standing(self) -> DisplayRow | None:
        """What is, or will be, on public notice."""
        return next((row for row in self.displays if row.state != WITHDRAWN), None)


def displays_seen(actor: Actor, *, on: date) -> QuerySet[Display]:
    """Return the public notices the actor may open: a department's from their first day on."""
    rows = Display.objects.visible_to(actor)
    return rows if actor.oversees else rows.filter(starts_on__lte=on)


def state_of(display: Display, *, on: date) -> str:
    """Return where a public notice stands on that day."""
    if display.withdrawn_at is not None:
        return WITHDRAWN
    if on < display.starts_on:
        return AHEAD
    return RUNNING if on <= display.ends_on else ENDED


def load_publications(actor: Actor, *, at: datetime) -> PublicationsPage:
    """Return what the actor may know to exist. Two queries at any size."""
    rows = list(Publication.objects.visible_to(actor).values(*FIELDS))
    by = {row["replaces_id"]: row["number"] for row in rows if row["state"] == PublicationState.CONFIRMED}
    displays = displays_seen(actor, on=day_of(at)).annotate(
        made=Count("objections"), unanswered=Count("objections", filter=Q(objections__answered_at__isnull=True))
    )
    return PublicationsPage(
        publications=tuple(_publication_row(row, by.get(row["pk"]), actor) for row in rows),
        displays=tuple(
            DisplayRow(
                uuid=display.uuid,
                number=display.number,
                starts_on=display.starts_on,
                ends_on=display.ends_on,
                visibility=Visibility(display.visibility),
                state=state_of(display, on=day_of(at)),
                objections=display.made if actor.oversees else None,
                unanswered=display.unanswered if actor.oversees else None,
            )
            for display in displays
        ),
    )


def publications_panel(
    campaign: Campaign, actor: Actor, department: Department | None, at: datetime
) -> dict[str, Any] | None:
    """Return for the home what waits for a leader, is on public notice or is published; None while nothing is.

    Two queries.
    """
    page = load_publications(actor, at=at)
    display = page.standing if page.standing is not None and page.standing.state == RUNNING else None
    if page.proposal is None and page.current is None and display is None:
        return None
    return {"slug": campaign.slug, "proposal": page.proposal, "display": display, "current": page.current}


def _publication_row(row: dict[str, Any], replaced_by: int | None, actor: Actor) -> PublicationRow:
    return PublicationRow(
        uuid=row["uuid"],
        number=row["number"],
        state=PublicationState(row["state"]),
        visibility=Visibility(row["visibility"]),
        proposed_at=row["proposed_at"],
        decided_at=row["decided_at"],
        replaces=row["replaces__number"],
        replaced_by=replaced_by,
        changed=len(row["changes"]) if actor.oversees else None,
    )


def correction_of(publication: Publication) -> Publication | None:
    """Return the publication that replaces this one. One query."""
    found = Publication.objects.confirmed().filter(replaces=publication)
    return found.only("uuid", "number", "decided_at").first()


def has_another_leader(actor: Actor, *, on: date) -> bool:
    """Whether a leader besides the actor could confirm what the actor proposes. One query."""
    leaders = Membership.objects.filter(
        campaign_id=actor.campaign_id, role=Role.LEADERSHIP, user__is_active=True
    ).current(on=on)
    return leaders.exclude(user_id=actor.user_id).exists()


@dataclass(frozen=True)
class Signing:
    """How many departments signed the confirmation of a publication, and the reader's own ones to sign."""

    owed: int
    signed: int
    own: tuple[tuple[UUID, str, bool], ...]  # obligation, department, whether it is signed


def load_signing(publication: Publication, actor: Actor) -> Signing:
    """Return who has signed; a department knows of its own alone. One query."""
    rows = Obligation.objects.filter(
        kind=ObligationKind.CONFIRMATION, key=str(publication.uuid), dropped_at__isnull=True
    ).order_by("department__order")
    found = list(rows.values_list("uuid", "department_id", "department__name", "met_at"))
    own = tuple((uuid, name, met_at is not None) for uuid, pk, name, met_at in found if pk in actor.departments)
    if not actor.oversees:
        return Signing(len(own), sum(signed for _uuid, _name, signed in own), own)
    return Signing(len(found), sum(row[3] is not None for row in found), own)


def load_objections(display: Display, actor: Actor) -> list[Objection]:
    """Return the objections to a public notice that the actor may read, in the order they came. One query."""
    rows = Objection.objects.visible_to(actor).filter(display=display)
    return list(rows.select_related("department", "answered_by", "entered_by"))
