"""What papers are made from: a publication or a result on public notice, who may have which of its papers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist

from campaigns.actors import Actor
from campaigns.models import Campaign, Department
from qualityseason.enums import JobState
from qualityseason.models import Job
from scoring.enums import DEPARTMENT_PAPERS, PaperKind, PublicationState, Visibility
from scoring.models import Display, Publication, Snapshot

JOB = "paper"  # the kind of work
SHOWN_JOBS = 10
OWN_PAPERS = frozenset({PaperKind.STATEMENT, PaperKind.CONFIRMATION, PaperKind.ANNEX})  # those a department has itself


@dataclass(frozen=True)
class PaperSource:
    """A frozen result with what it was frozen for: one of `publication` and `display` is given."""

    snapshot: Snapshot
    publication: Publication | None = None
    display: Display | None = None
    replaced_by: int | None = None

    @property
    def record(self) -> Publication | Display:
        """The publication, or the public notice."""
        found = self.publication or self.display
        if found is None:
            raise ValueError("a paper comes from a publication or a public notice")
        return found

    @property
    def uuid(self) -> UUID:
        """The uuid of the publication or of the public notice."""
        return self.record.uuid

    @property
    def kinds(self) -> frozenset[PaperKind]:
        """Which papers it has: of a public notice its sheet alone, of what is not confirmed none."""
        if self.publication is None:
            return frozenset({PaperKind.DISPLAY})
        if self.publication.state != PublicationState.CONFIRMED:
            return frozenset()
        return frozenset(PaperKind) - {PaperKind.DISPLAY}

    @property
    def shows_ranks(self) -> bool:
        """Whether a department may read its rank: in its block, or in all."""
        return self.record.visibility in (Visibility.BLOCK, Visibility.ALL)


@dataclass(frozen=True)
class MadePaper:
    """A paper somebody asked for: the work on it, which leads to the file."""

    uuid: UUID
    label: str
    outcome: JobState
    asked_at: datetime


@dataclass(frozen=True)
class DepartmentChoice:
    """A department whose papers the reader may have."""

    uuid: UUID
    name: str
    block: str


@dataclass(frozen=True)
class PapersPage:
    """What there is for one reader."""

    departments: tuple[DepartmentChoice, ...]
    made: tuple[MadePaper, ...]


def find_source(actor: Actor, uuid: UUID) -> PaperSource | None:
    """Return the publication or public notice of that uuid that the actor may know of. At most three queries."""
    publication = Publication.objects.visible_to(actor).select_related("snapshot").filter(uuid=uuid).first()
    if publication is not None:
        later = Publication.objects.confirmed().filter(replaces=publication).values_list("number", flat=True).first()
        return PaperSource(publication.snapshot, publication=publication, replaced_by=later)
    if not actor.oversees:  # of a public notice there is no paper for departments, and of one to come no word
        return None
    display = Display.objects.visible_to(actor).select_related("snapshot").filter(uuid=uuid).first()
    return PaperSource(display.snapshot, display=display) if display is not None else None


def kinds_for(actor: Actor, source: PaperSource) -> frozenset[PaperKind]:
    """Return which papers of the source the actor may have: overseers all, departments their own three."""
    if actor.oversees:
        return source.kinds
    return source.kinds & OWN_PAPERS if actor.departments else frozenset()


def may_have(actor: Actor, source: PaperSource, kind: PaperKind, department: Department | None) -> bool:
    """Whether the actor may have this paper now: of one department, their own or as overseer any."""
    if kind not in kinds_for(actor, source) or (kind in DEPARTMENT_PAPERS) != (department is not None):
        return False
    if department is None:
        return True
    return department.campaign_id == actor.campaign_id and (actor.oversees or department.pk in actor.departments)


def departments_for(actor: Actor, campaign: Campaign) -> tuple[DepartmentChoice, ...]:
    """Return the departments whose papers the actor may have, in the scheme's order. One query."""
    rows = Department.objects.filter(campaign=campaign)
    if not actor.oversees:
        rows = rows.filter(pk__in=actor.departments)
    found = rows.order_by("block__order", "order").values_list("uuid", "name", "block__name")
    return tuple(DepartmentChoice(*row) for row in found)


def papers_page(actor: Actor, campaign: Campaign, source: PaperSource) -> PapersPage:
    """Return the departments and what the actor asked for lately. Two queries at any size."""
    jobs = Job.objects.asked_by(actor.user_id).filter(kind=JOB, parameters__source=str(source.uuid)).order_by("-pk")
    return PapersPage(departments_for(actor, campaign), tuple(_made(jobs[:SHOWN_JOBS])))


def department_of(actor: Actor, uuid: str) -> Department | None:
    """Return the department of the actor's campaign by its uuid as sent, None where there is none. One query."""
    try:
        return Department.objects.select_related("block", "campaign").get(
            campaign_id=actor.campaign_id, uuid=UUID(uuid)
        )
    except (ValueError, ObjectDoesNotExist):
        return None


def _made(jobs: Iterable[Job]) -> Iterable[MadePaper]:
    for job in jobs:
        yield MadePaper(job.uuid, str(job.parameters.get("label", "")), job.outcome, job.asked_at)
