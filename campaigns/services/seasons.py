"""Loading a season from its folder of TOML files."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from campaigns import hooks
from campaigns.enums import PlanKind
from campaigns.models import Block, Campaign, Department, Milestone, Phase, Term
from campaigns.services.obligations import make_obligations
from campaigns.services.syncing import Sync, pick
from qualityseason.services import audit

FILES = ("campaign", "departments", "rulebook")
OPTIONAL: dict[str, Any] = {"opens_on": None, "phase": None, "source": "", "text": "", "obligation": "", "owed_by": []}
CAMPAIGN_TABLES = ("terms", "phases", "milestones")


@dataclass(frozen=True)
class SeasonLoad:
    """What loading did: the campaign (None when it would be new), the differences met, whether they were written.

    ``always`` are those written though records rest on the season.
    """

    campaign: Campaign | None
    differences: list[str]
    written: bool
    always: list[str]


def read_season(name: str) -> dict[str, Any]:
    """Return the data of `fixtures/<name>`; raises FileNotFoundError naming the file that is missing."""
    folder = Path(settings.BASE_DIR) / "fixtures" / name
    data: dict[str, Any] = {}
    for part in FILES:
        with (folder / f"{part}.toml").open("rb") as handle:
            data[part] = tomllib.load(handle)
    return data


@transaction.atomic
def load_season(name: str) -> SeasonLoad:
    """Bring the season in line with its folder; once records rest on it, only report the differences."""
    data = read_season(name)
    existing = Campaign.objects.filter(slug=data["campaign"]["slug"]).first()
    in_use = existing is not None and any(part.is_in_use(existing) for part in hooks.season_parts)
    sync = Sync(write=not in_use)
    campaign = _sync_campaign(data["campaign"], sync)
    if campaign is not None:
        _sync_departments(campaign, data["departments"], sync)
        for part in hooks.season_parts:
            part.sync(campaign, data, sync)
    if campaign is not None and sync.write:
        make_obligations(campaign)
    if campaign is not None and ((sync.write and sync.differences) or sync.written):
        audit.record("season.load", campaign, by_id=None, campaign_id=campaign.pk, after={"folder": name})
    return SeasonLoad(campaign, sync.differences, written=sync.write, always=sync.written)


def _sync_campaign(data: dict[str, Any], sync: Sync) -> Campaign | None:
    tables = {*CAMPAIGN_TABLES, "slug"}
    values = {key: value for key, value in data.items() if key not in tables}
    campaign = sync.row(Campaign, lookup={"slug": data["slug"]}, values=values)
    if campaign is None:
        return None
    for term in data["terms"]:
        _sync_coded(Term, campaign, term, "code", sync)
    for phase in data["phases"]:
        _sync_coded(Phase, campaign, phase, "number", sync)
    phases = {phase.number: phase for phase in campaign.phases.all()}
    moved = set(Milestone.objects.filter(campaign=campaign, moves__isnull=False).values_list("code", flat=True))
    for milestone in data["milestones"]:
        whole = {
            key: milestone.get(key, OPTIONAL[key]) for key in ("opens_on", "source", "obligation", "owed_by")
        } | milestone
        if milestone["code"] in moved:  # a recorded decision, not undone by a file
            del whole["due_on"]
        _sync_coded(Milestone, campaign, whole | {"phase": phases.get(milestone.get("phase"))}, "code", sync)
    known = {milestone["code"] for milestone in data["milestones"]}
    sync.report_unnamed(Milestone, within={"campaign": campaign}, key="code", known=known)
    return campaign


def _sync_coded(model: type[Any], campaign: Campaign, data: dict[str, Any], key: str, sync: Sync) -> None:
    values = {name: value for name, value in data.items() if name != key}
    sync.row(model, lookup={"campaign": campaign, key: data[key]}, values=values)


def _sync_departments(campaign: Campaign, data: dict[str, Any], sync: Sync) -> None:
    blocks: dict[str, Block | None] = {}
    for order, block in enumerate(data["blocks"], start=1):
        blocks[block["code"]] = sync.row(
            Block,
            lookup={"campaign": campaign, "code": block["code"]},
            values={"name": block["name"], "description": block.get("description", ""), "order": order},
        )
    for order, department in enumerate(data["departments"], start=1):
        sync.row(
            Department,
            lookup={"campaign": campaign, "name": department["name"]},
            values={
                "block": pick(blocks, department["block"], where=f"departments.toml, {department['name']}, block"),
                "bracket": department.get("bracket", ""),
                "kind": department["kind"],
                "aliases": department.get("aliases", []),
                "in_quality_system": department.get("in_quality_system"),
                "plan_kind": department.get("plan_kind", PlanKind.DEPARTMENT),
                "order": order,
            }
            | _named_telephone(department),
        )
    known = {department["name"] for department in data["departments"]}
    sync.report_unnamed(Department, within={"campaign": campaign}, key="name", known=known)


def _named_telephone(department: dict[str, Any]) -> dict[str, str]:
    """Return the telephone where the file names one; elsewhere the number the office entered stays."""
    return {"telephone": str(department["telephone"])} if "telephone" in department else {}
