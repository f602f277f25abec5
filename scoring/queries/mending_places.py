"""Where the ground of a finding can be mended: its record's page, where such records are made, who keeps a register."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.urls import reverse

from campaigns.actors import Actor
from campaigns.enums import WRITABLE_PLAN_STATES, RegisterCode
from campaigns.models import Plan, Responsibility, Summary
from scoring.detectors import DETECTORS
from scoring.models import Finding
from scoring.queries.record_pages import may_open, page_of
from scoring.queries.sources import LINKS

LISTS = {
    "study": "campaigns:sessions",
    "plan": "campaigns:plans",
    "duties": "campaigns:duty-records",
    "policies": "campaigns:policies",
    "summary": "campaigns:summaries",
    "service": "campaigns:service",
    "student-months": "campaigns:months",
    "circulars": "campaigns:circulars",
    "problems": "campaigns:problems",
    "problem-persons": "campaigns:problems",
    "assignments": "campaigns:assignments",
}  # where records that a detector reads are made, by the name of its source
PAPERS: dict[str, type[Plan | Summary]] = {"campaigns:plan": Plan, "campaigns:summary": Summary}
ONLY_READ = frozenset({"campaigns:department"})  # pages of records on which nothing is put right


def register_of(finding: Finding) -> RegisterCode | None:
    """Return the register the finding's records stand in; departments mend nothing there themselves."""
    source = _source_of(finding)
    return RegisterCode(source) if source in RegisterCode.values else None


def place_of(actor: Actor, finding: Finding, *, rows: Collection[str]) -> str:
    """Return the page where it is put right: of its first record that has one, else where such records are made.

    ``rows`` are the rows of registers that the actor may open; a row is its keeper's to put right.
    """
    slug = finding.campaign.slug
    found = (fact for fact in finding.facts if LINKS.get(fact["kind"], "") not in ONLY_READ)
    pages = (page_of(actor, slug, fact, rows=rows) for fact in found)
    name = LISTS.get(_source_of(finding), "")
    made = reverse(name, args=[slug]) if name and may_open(actor, name) else ""
    return next(filter(None, pages), made)


def papers_handed_in(facts: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """Return the plans and summaries among these records that their departments cannot change as they stand.

    One query for each of the two.
    """
    pages: dict[str, set[str]] = defaultdict(set)
    for fact in facts:
        if (name := LINKS.get(fact["kind"], "")) in PAPERS:
            pages[name].add(fact["page"])
    found = (PAPERS[name]._default_manager.filter(uuid__in=uuids) for name, uuids in pages.items())
    closed = (papers.exclude(state__in=WRITABLE_PLAN_STATES).values_list("uuid", flat=True) for papers in found)
    return frozenset(str(uuid) for uuids in closed for uuid in uuids)


def _source_of(finding: Finding) -> str:
    """Return the name of the records its detector reads."""
    detector = DETECTORS.get(finding.rule.detector)
    return detector.source if detector else ""


def keepers_of(actor: Actor, registers: Collection[RegisterCode]) -> dict[str, tuple[str, ...]]:
    """Return who keeps these registers, by the code of the responsibility."""
    if not registers:
        return {}
    held = Responsibility.objects.filter(
        campaign_id=actor.campaign_id, code__in=[register.responsibility for register in registers]
    )
    names: dict[str, list[str]] = defaultdict(list)
    for one in held.select_related("department", "user").order_by("department__order", "pk"):
        names[one.code].append(one.department.name if one.department else one.user.display_name if one.user else "")
    return {code: tuple(holders) for code, holders in names.items()}
