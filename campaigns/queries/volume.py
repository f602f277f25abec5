"""What goes into the compiled volume, and how it stands. The plans' texts are loaded one by one while it is made."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any, cast
from uuid import UUID

from django.db.models import F, OuterRef, Subquery

from campaigns.actors import Actor
from campaigns.enums import PlanState, Role
from campaigns.facts.plans import PlanContent
from campaigns.models import Campaign, Department, PlanVersion, Volume
from qualityseason.models import Job

PLANS = "plans"  # the kind of volume, and part of its job's
JOB = "volume"
LAYOUT = 1  # raise it when the same plans would be printed otherwise


@dataclass(frozen=True)
class VolumePlan:
    """An approved plan: its version is loaded when its turn comes."""

    block: str
    department: str
    title: str
    version: UUID
    digest: str


@dataclass(frozen=True)
class VolumeFacts:
    """The volume before it is made: heading, plans in the scheme's order, and departments without an approved plan."""

    college: str
    season: str
    document_number: str
    plans: tuple[VolumePlan, ...]
    missing: tuple[tuple[str, str], ...]

    @property
    def digest(self) -> str:
        """The sha256 of all that goes in; equal, and a new volume would be the same but for its date."""
        canonical = json.dumps([LAYOUT, asdict(self)], ensure_ascii=False, sort_keys=True, default=str)
        return hashlib.sha256(canonical.encode("utf-8")).hexdigest()


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
class VolumePage:
    """What the page shows; ``current`` is the volume of exactly these plans, ``latest`` the newest made."""

    departments: tuple[DepartmentState, ...]
    current: Volume | None
    latest: Volume | None
    job: Job | None

    @property
    def approved(self) -> int:
        """How many plans would go in."""
        return sum(1 for department in self.departments if department.is_approved)


def load_volume(campaign: Campaign) -> VolumeFacts:
    """Return what goes into the volume now. One query."""
    plans, missing = [], []
    for row in _departments(campaign):
        if row["plan__state"] == PlanState.APPROVED and row["version"] is not None:
            plans.append(VolumePlan(row["block__name"], row["name"], row["said"] or "", row["version"], row["digest"]))
        else:
            missing.append((row["block__name"], row["name"]))
    return VolumeFacts(campaign.college, campaign.name, campaign.document_number, tuple(plans), tuple(missing))


def content_of_version(version: UUID) -> PlanContent:
    """Return what a version says. One query."""
    return PlanContent.from_json(PlanVersion.objects.values_list("content", flat=True).get(uuid=version))


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
    volumes = Volume.objects.visible_to(actor).filter(kind=PLANS).select_related("file")
    latest = volumes.order_by("-made_at", "-pk").first()
    current = volumes.filter(digest=load_volume(campaign).digest).first()
    return VolumePage(departments, current, latest, job_of(campaign))


def _may_know(actor: Actor, row: dict[str, Any]) -> bool:
    """Whether the actor may know of the plan at all: of what is being written, its department and the office."""
    return row["version"] is not None or actor.has(Role.OFFICE) or row["pk"] in actor.departments


def find_volume(campaign: Campaign, digest: str) -> Volume | None:
    """Return the volume of exactly these plans, None when it was not made. One query."""
    return Volume.objects.filter(campaign=campaign, kind=PLANS, digest=digest).first()


def job_of(campaign: Campaign) -> Job | None:
    """Return the newest work on a volume of the campaign. One query."""
    return Job.objects.filter(kind=JOB, campaign_id=campaign.pk).order_by("-pk").first()


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
