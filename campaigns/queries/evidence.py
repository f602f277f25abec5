"""Evidence as other pages show it: what proves a duty, a month, a circular, a problem."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse

from campaigns.actors import Actor
from campaigns.enums import EvidenceTarget
from campaigns.models import Campaign, Department, Evidence, EvidenceLink
from campaigns.queries.attachments import AttachedFile, files_of

OWNER = "evidence"  # the kind of record its files are attached to
NO_KEY = "-"  # stands in an address where what is proven has no key
SLASH = "%2F"


@dataclass(frozen=True)
class EvidenceRow:
    """A standing piece of evidence in a list on another record's page."""

    uuid: UUID
    text: str
    happened_on: date
    department: str
    files: tuple[AttachedFile, ...]
    url: str = ""


@dataclass(frozen=True)
class EvidenceSection:
    """The evidence of one record; the two addresses are '' where the actor may not file any."""

    rows: tuple[EvidenceRow, ...]
    add_url: str = ""
    choose_url: str = ""


def evidence_for(
    actor: Actor, target: EvidenceTarget, keys: Iterable[str], *, campaign: Campaign, department_id: int | None = None
) -> dict[str, tuple[EvidenceRow, ...]]:
    """Return the standing evidence the actor sees, by key of what it proves; of one department where named.

    Three queries whatever the number of keys.
    """
    wanted = Evidence.objects.visible_to(actor).standing()
    if department_id is not None:
        wanted = wanted.filter(department_id=department_id)
    links = (
        EvidenceLink.objects.filter(target=target, key__in=list(keys), evidence__in=wanted)
        .select_related("evidence__department")
        .order_by("evidence__happened_on", "evidence_id")
    )
    pairs = [(link.key, link.evidence) for link in links]
    files = files_of(actor, OWNER, [evidence.uuid for _key, evidence in pairs], campaign=campaign) if pairs else {}
    found: dict[str, tuple[EvidenceRow, ...]] = {}
    for key, evidence in pairs:
        row = EvidenceRow(
            evidence.uuid,
            evidence.text,
            evidence.happened_on,
            evidence.department.name,
            files.get(evidence.uuid, ()),
            reverse("campaigns:evidence-record", args=[campaign.slug, evidence.uuid]),
        )
        found[key] = (*found.get(key, ()), row)
    return found


def evidence_section(
    actor: Actor,
    target: EvidenceTarget,
    key: str,
    *,
    campaign: Campaign,
    department: Department,
    may_file: bool,
    back: str = "",
) -> EvidenceSection:
    """Return what proves one record for one department, and where more is filed; `back` is the page to return to."""
    return evidence_sections(
        actor, target, [key], campaign=campaign, department=department, may_file=may_file, back=back
    )[key]


def evidence_sections(
    actor: Actor,
    target: EvidenceTarget,
    keys: Iterable[str],
    *,
    campaign: Campaign,
    department: Department,
    may_file: bool,
    back: str = "",
) -> dict[str, EvidenceSection]:
    """Return the sections of several records of one department by key, see `evidence_section`. Three queries."""
    keys = list(keys)
    rows = evidence_for(actor, target, keys, campaign=campaign, department_id=department.pk)
    query = {"department": str(department.uuid)} | ({"next": back} if back else {})
    sections = {}
    for key in keys:
        add = urlencode(query | {"target": target.value, "key": key})
        choose = reverse("campaigns:evidence-choose", args=[campaign.slug, target.value, key_in_address(key)])
        sections[key] = EvidenceSection(
            rows.get(key, ()),
            add_url=f"{reverse('campaigns:evidence-new', args=[campaign.slug])}?{add}" if may_file else "",
            choose_url=f"{choose}?{urlencode(query)}" if may_file else "",
        )
    return sections


def key_in_address(key: str) -> str:
    """Return the key of what is proven as a part of an address, which is never empty and holds no slash."""
    return key.replace("/", SLASH) or NO_KEY


def key_of_address(text: str) -> str:
    """Return the key that stands in an address."""
    return "" if text == NO_KEY else text.replace(SLASH, "/")
