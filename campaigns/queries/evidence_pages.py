"""Reads of the evidence pages: the list, one record with its history, what may be chosen for one thing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.calculations.guessing import Tick
from campaigns.calculations.months import first_day_of_month, last_day_of_month
from campaigns.enums import EvidenceTarget
from campaigns.models import Attachment, Campaign, Department, Evidence, EvidenceLink
from campaigns.queries.attachments import AttachedFile, files_of
from campaigns.queries.evidence import OWNER
from campaigns.queries.evidence_links import ProvenRow, proven_by
from qualityseason.models import AuditEntry, User

PAGE = 50
CHOOSABLE = 50
UNFILED, WITHDRAWN = "unfiled", "withdrawn"


@dataclass(frozen=True)
class EvidenceFilters:
    """What the list is narrowed to; ``state`` is '' (standing), unfiled or withdrawn, ``key`` goes with ``target``."""

    department: Department | None = None
    target: str = ""
    month: str = ""
    state: str = ""
    key: str = ""


@dataclass(frozen=True)
class ListedEvidence:
    """One row of the list; ``proves`` are the sorts of things it counts for, each with how many."""

    uuid: UUID
    text: str
    happened_on: date
    department: str
    files: int
    proves: tuple[tuple[str, int], ...]
    is_withdrawn: bool


@dataclass(frozen=True)
class EvidencePage:
    """Fifty rows, latest first; ``older`` and ``newer`` are the rows from which to go on, None at an end."""

    rows: tuple[ListedEvidence, ...]
    older: UUID | None
    newer: UUID | None


@dataclass(frozen=True)
class HistoryLine:
    """One act on a piece of evidence; ``said`` is what it read before the act, where that was changed."""

    at: datetime
    by: str
    act: str
    said: tuple[str, ...] = ()


@dataclass(frozen=True)
class EvidenceDetail:
    """One record: its files, what it proves, its history."""

    files: tuple[AttachedFile, ...]
    proves: tuple[ProvenRow, ...]
    history: tuple[HistoryLine, ...]


@dataclass(frozen=True)
class Choosable:
    """What the department has filed and might count for one thing more; ``more`` were not listed."""

    rows: tuple[tuple[Evidence, tuple[AttachedFile, ...]], ...]
    more: int


def evidence_page(
    actor: Actor, filters: EvidenceFilters, *, older_than: UUID | None = None, newer_than: UUID | None = None
) -> EvidencePage:
    """Return one page of the evidence the actor sees. Three queries, a fourth on later pages."""
    wanted = _filtered(Evidence.objects.visible_to(actor), filters)
    named = older_than or newer_than
    place = Evidence.objects.visible_to(actor).filter(uuid=named).first() if named else None
    backwards = place is not None and older_than is None
    if place is not None:
        way = "gt" if backwards else "lt"
        beside = Q(happened_on=place.happened_on, **{f"pk__{way}": place.pk})
        wanted = wanted.filter(Q(**{f"happened_on__{way}": place.happened_on}) | beside)
    order = ("happened_on", "pk") if backwards else ("-happened_on", "-pk")
    found = list(wanted.select_related("department").order_by(*order)[: PAGE + 1])
    more, found = len(found) > PAGE, found[:PAGE]
    if backwards:
        found.reverse()
    return EvidencePage(
        tuple(_listed(found)),
        older=found[-1].uuid if found and (more or backwards) else None,
        newer=found[0].uuid if found and (more if backwards else place is not None) else None,
    )


def evidence_detail(actor: Actor, evidence: Evidence, *, campaign: Campaign) -> EvidenceDetail:
    """Return one record's files, what it proves and what was done with it. Fourteen queries at most."""
    links = list(EvidenceLink.objects.filter(evidence=evidence).values_list("target", "key"))
    files = files_of(actor, OWNER, [evidence.uuid], campaign=campaign).get(evidence.uuid, ())
    return EvidenceDetail(files, proven_by(actor, campaign, links), tuple(_history(evidence)))


def choosable(actor: Actor, department: Department, tick: Tick, *, said: str, campaign: Campaign) -> Choosable:
    """Return what the department has filed and does not count for `tick` yet, latest first. Five queries at most."""
    rows = Evidence.objects.visible_to(actor).standing().filter(department=department)
    rows = rows.exclude(links__in=EvidenceLink.objects.filter(target=tick[0], key=tick[1]))
    rows = rows.filter(text__icontains=said) if said else rows
    found = list(rows[: CHOOSABLE + 1])
    more = rows.count() - CHOOSABLE if len(found) > CHOOSABLE else 0
    files = files_of(actor, OWNER, [row.uuid for row in found[:CHOOSABLE]], campaign=campaign) if found else {}
    return Choosable(tuple((row, files.get(row.uuid, ())) for row in found[:CHOOSABLE]), more)


def months_of(campaign: Campaign) -> list[str]:
    """Return the months whose facts the season counts."""
    first, last = campaign.facts_from, campaign.facts_until
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    months = [first.year * 12 + first.month - 1 + step for step in range(count)]
    return [f"{month // 12}-{month % 12 + 1:02}" for month in months]


def _filtered(rows: Any, filters: EvidenceFilters) -> QuerySet[Evidence]:
    if filters.department is not None:
        rows = rows.filter(department=filters.department)
    if filters.target:
        links = EvidenceLink.objects.filter(target=filters.target)
        links = links.filter(key=filters.key) if filters.key else links
        rows = rows.filter(pk__in=links.values("evidence_id"))
    if filters.month:
        first, last = first_day_of_month(filters.month), last_day_of_month(filters.month)
        rows = rows.filter(happened_on__gte=first, happened_on__lte=last)
    if filters.state == WITHDRAWN:
        return rows.filter(withdrawn_at__isnull=False)  # type: ignore[no-any-return]  # of Any
    return rows.unfiled() if filters.state == UNFILED else rows.standing()  # type: ignore[no-any-return]  # of Any


def _listed(found: list[Evidence]) -> Iterable[ListedEvidence]:
    links = EvidenceLink.objects.filter(evidence__in=found).order_by().values_list("evidence_id", "target")
    by_row: dict[int, Counter[str]] = {}
    for pk, target in links:
        by_row.setdefault(pk, Counter())[target] += 1
    current = Attachment.objects.current().filter(owner_kind=OWNER, owner_uuid__in=[row.uuid for row in found])
    files = dict(current.order_by().values_list("owner_uuid").annotate(count=Count("pk")))
    for row in found:
        counts = by_row.get(row.pk, Counter())
        yield ListedEvidence(
            row.uuid,
            row.text,
            row.happened_on,
            row.department.name,
            files.get(row.uuid, 0),
            tuple((str(target.label), counts[target]) for target in EvidenceTarget if target in counts),
            row.withdrawn_at is not None,
        )


def _history(evidence: Evidence) -> Iterable[HistoryLine]:
    """Return what was done with the record, latest first. Two queries."""
    labels = {
        "evidence.file": _("Filed"),
        "evidence.change": _("Changed"),
        "evidence.link": _("Counted for more"),
        "evidence.withdraw": _("Withdrawn"),
    }
    of_record = AuditEntry.objects.filter(object_type=Evidence._meta.label, object_id=str(evidence.uuid))
    entries = list(of_record.filter(act__in=list(labels)).order_by("-pk"))
    names = dict(User.objects.filter(pk__in={entry.by_id for entry in entries}).values_list("pk", "display_name"))
    for entry in entries:
        before, after = entry.before or {}, entry.after or {}
        changed = [name for name in ("text", "happened_on") if name in before and before[name] != after.get(name)]
        said = [str(before[name]) for name in changed]
        yield HistoryLine(
            entry.campaign_at or entry.at, names.get(entry.by_id or 0, ""), labels[entry.act], tuple(said)
        )
