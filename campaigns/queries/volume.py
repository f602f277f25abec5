"""What goes into the compiled volumes, and how they stand. The texts are loaded one by one while one is made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from django.db.models import F, OuterRef, Subquery

from campaigns.actors import Actor
from campaigns.enums import PlanState, Role
from campaigns.facts.plans import PlanContent
from campaigns.models import Campaign, Department, PlanVersion, Volume
from campaigns.queries.volume_summaries import content_of_entry, load_summaries
from campaigns.queries.volume_values import PLAN, VolumeEntry, VolumeFacts, VolumeKind
from qualityseason.models import Job

PLANS, SUMMARIES = VolumeKind.PLANS, VolumeKind.SUMMARIES
JOBS = {PLANS: "volume", SUMMARIES: "volume-summaries"}  # kinds of work


@dataclass(frozen=True)
class DepartmentState:
    """A department in the list of the page: `plan` is its plan's address, None without one."""

    block: str
    name: str
    title: str
    plan: UUID | None
    version: int | None
    state: str
    is_approved: bool


@dataclass(frozen=True)
class VolumeState:
    """How a volume stands; ``current`` is the volume of exactly what goes in now, ``latest`` the newest made."""

    current: Volume | None
    latest: Volume | None
    job: Job | None


@dataclass(frozen=True)
class VolumePage:
    """What the page of the plans' volume shows."""

    departments: tuple[DepartmentState, ...]
    state: VolumeState

    @property
    def approved(self) -> int:
        """How many plans would go in."""
        return sum(1 for department in self.departments if department.is_approved)


def load_volume(campaign: Campaign, kind: VolumeKind = PLANS) -> VolumeFacts:
    """Return what goes into the volume of that kind now. One query for plans, three for summaries."""
    return LOADERS[kind](campaign)


def _load_plans(campaign: Campaign) -> VolumeFacts:
    plans, missing = [], []
    for row in _departments(campaign):
        if row["plan__state"] == PlanState.APPROVED and row["version"] is not None:
            entry = VolumeEntry(row["block__name"], row["name"], row["said"] or "", row["version"], row["digest"])
            plans.append(entry)
        else:
            missing.append((row["block__name"], row["name"]))
    return VolumeFacts(campaign.college, campaign.name, campaign.document_number, tuple(plans), tuple(missing))


def content_of(entry: VolumeEntry) -> PlanContent:
    """Return what an entry says. One query."""
    if entry.sort != PLAN:
        return content_of_entry(entry)
    return PlanContent.from_json(PlanVersion.objects.values_list("content", flat=True).get(uuid=entry.version))


def volume_page(actor: Actor, campaign: Campaign) -> VolumePage:
    """Return the plans' states, the volumes and the work on one. Five queries."""
    words = dict(PlanState.choices)
    departments = tuple(
        DepartmentState(
            block=row["block__name"],
            name=row["name"],
            title=row["said"] or "",
            plan=row["plan__uuid"] if _may_know(actor, row) else None,
            version=row["number"],
            state=str(words.get(row["plan__state"], "")) if _may_know(actor, row) else "",
            is_approved=row["plan__state"] == PlanState.APPROVED and row["version"] is not None,
        )
        for row in _departments(campaign)
    )
    return VolumePage(departments, volume_state(actor, campaign, load_volume(campaign)))


def volume_state(actor: Actor, campaign: Campaign, facts: VolumeFacts) -> VolumeState:
    """Return how the volume of these facts stands. Three queries."""
    volumes = Volume.objects.visible_to(actor).filter(kind=facts.kind).select_related("file")
    latest = volumes.order_by("-made_at", "-pk").first()
    current = volumes.filter(digest=facts.digest).first()
    return VolumeState(current, latest, job_of(campaign, VolumeKind(facts.kind)))


def _may_know(actor: Actor, row: dict[str, Any]) -> bool:
    """Whether the actor may know of the plan at all: of what is being written, its department and the office."""
    return row["version"] is not None or actor.has(Role.OFFICE) or row["pk"] in actor.departments


def find_volume(campaign: Campaign, digest: str, kind: VolumeKind = PLANS) -> Volume | None:
    """Return the volume of exactly this content, None when it was not made. One query."""
    return Volume.objects.filter(campaign=campaign, kind=kind, digest=digest).first()


def job_of(campaign: Campaign, kind: VolumeKind = PLANS) -> Job | None:
    """Return the newest work on a volume of that kind. One query."""
    return Job.objects.filter(kind=JOBS[kind], campaign_id=campaign.pk).order_by("-pk").first()


def _departments(campaign: Campaign) -> list[dict[str, Any]]:
    newest = PlanVersion.objects.filter(plan=OuterRef("plan")).order_by("-number")
    rows = Department.objects.filter(campaign=campaign).annotate(
        version=Subquery(newest.values("uuid")[:1]),
        number=Subquery(newest.values("number")[:1]),
        digest=Subquery(newest.values("digest")[:1]),
        said=Subquery(newest.annotate(said=F("content__title")).values("said")[:1]),
    )
    columns = ("pk", "name", "block__name", "plan__state", "plan__uuid", "version", "number", "digest", "said")
    return [cast("dict[str, Any]", row) for row in rows.order_by("block__order", "order").values(*columns)]


LOADERS: dict[VolumeKind, Callable[[Campaign], VolumeFacts]] = {PLANS: _load_plans, SUMMARIES: load_summaries}
