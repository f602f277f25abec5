"""What goes into the second volume: approved summaries, then materials, then the recommendations chosen for it."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass

from django.conf import settings
from django.db.models import F, OuterRef, Subquery
from django.utils import translation
from django.utils.translation import gettext as _

from campaigns.enums import PlanState
from campaigns.facts.plans import PartContent, PlanContent
from campaigns.models import Campaign, Department, Recommendation, SummaryVersion
from campaigns.queries.volume_values import PIECE, RECOMMENDATION, SUMMARY, VolumeEntry, VolumeFacts, VolumeKind

BETWEEN = "　"  # between two words of a heading


@dataclass(frozen=True)
class SummaryCount:
    """A department on the page of the second volume: how many summaries (one or none) and materials are approved."""

    block: str
    name: str
    summaries: int
    materials: int


def load_summaries(campaign: Campaign) -> VolumeFacts:
    """Return what goes into the second volume now, in the scheme's order within each of its three parts."""
    with translation.override(settings.LANGUAGE_CODE):  # words of the book, not of somebody's screen
        closing, materials, chosen = _("Closing summaries"), _("Materials"), _("Recommended practice")
    approved = _approved(campaign)
    entries = [_entry(version, closing) for version in approved if not version.summary.is_piece]
    entries += [_entry(version, materials) for version in approved if version.summary.is_piece]
    entries += _recommended(campaign, chosen)
    with_summary = {version.summary.department_id for version in approved if not version.summary.is_piece}
    with_piece = {version.summary.department_id for version in approved if version.summary.is_piece}
    departments = list(
        Department.objects.filter(campaign=campaign)
        .order_by("block__order", "order")
        .values_list("pk", "block__name", "name")
    )
    return VolumeFacts(
        college=campaign.college,
        season=campaign.name,
        document_number=campaign.document_number,
        entries=tuple(entries),
        missing=tuple((block, name) for pk, block, name in departments if pk not in with_summary),
        kind=VolumeKind.SUMMARIES,
        missing_pieces=tuple((block, name) for pk, block, name in departments if pk not in with_piece),
    )


def content_of_entry(entry: VolumeEntry) -> PlanContent:
    """Return what an entry of the second volume says. One query."""
    if entry.sort != RECOMMENDATION:
        return PlanContent.from_json(SummaryVersion.objects.values_list("content", flat=True).get(uuid=entry.version))
    found = Recommendation.objects.select_related("recommended", "department").get(uuid=entry.version)
    parts = (
        (_("Practice"), found.practice),
        (_("Outcome"), found.outcome),
        (_("Recommended by"), found.department.name),
    )
    return PlanContent(
        title=found.title,
        parts=tuple(PartContent(uuid="", code="", title=title, text=text) for title, text in parts),
    )


def summary_counts(facts: VolumeFacts, campaign: Campaign) -> tuple[SummaryCount, ...]:
    """Return the departments with what they have in the second volume. One query."""
    found = Counter((entry.sort, entry.department) for entry in facts.entries)
    departments = Department.objects.filter(campaign=campaign).order_by("block__order", "order")
    return tuple(
        SummaryCount(block, name, found[SUMMARY, name], found[PIECE, name])
        for block, name in departments.values_list("block__name", "name")
    )


def _approved(campaign: Campaign) -> list[SummaryVersion]:
    """Return the newest versions of approved summaries and materials, without their text, in the scheme's order."""
    newest = SummaryVersion.objects.filter(summary=OuterRef("summary")).order_by("-number")
    found = SummaryVersion.objects.filter(
        summary__campaign=campaign, summary__state=PlanState.APPROVED, pk=Subquery(newest.values("pk")[:1])
    )
    ordered = found.select_related("summary__department__block").annotate(said=F("content__title")).defer("content")
    return list(ordered.order_by("summary__department__block__order", "summary__department__order", "summary_id"))


def _entry(version: SummaryVersion, part: str) -> VolumeEntry:
    department = version.summary.department
    return VolumeEntry(
        block=f"{part}{BETWEEN}{department.block.name}",
        department=department.name,
        title=str(getattr(version, "said", "") or ""),
        version=version.uuid,
        digest=version.digest,
        sort=PIECE if version.summary.is_piece else SUMMARY,
    )


def _recommended(campaign: Campaign, part: str) -> list[VolumeEntry]:
    """Return the recommendations chosen for the volume and not withdrawn. One query."""
    found = Recommendation.objects.filter(campaign=campaign, for_volume=True, withdrawn_at__isnull=True)
    found = found.select_related("recommended__block", "department")
    ordered = found.order_by("recommended__block__order", "recommended__order", "made_at", "pk")
    return [
        VolumeEntry(
            block=part,
            department=row.recommended.name,
            title=row.title,
            version=row.uuid,
            digest=_digest(row),
            sort=RECOMMENDATION,
        )
        for row in ordered
    ]


def _digest(row: Recommendation) -> str:
    said = [row.title, row.practice, row.outcome, row.department.name]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode("utf-8")).hexdigest()
