"""Duties and own policies of a department as detectors take them, with what carries them out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import Count, Q

from campaigns.enums import EvidenceTarget
from campaigns.facts import PlanContent
from campaigns.models import Attachment, Department, Duty, EvidenceLink, PlanItem, PlanVersion, Policy, PolicyItem
from scoring.facts import FileFact, papers
from scoring.facts.papers import PolicyItemFact, is_named

POLICY = "policy"  # the kind of record a policy's files are attached to


def read_duties(department: Department, on: date) -> tuple[papers.Duty, ...]:
    """Return the standing duties of a department, and whether evidence stands for them. Four queries.

    Items serve a duty as the plan is being written, also one taken out since, or by the version submitted last; those
    of a department that ended count for the duties that came over from it.
    """
    duties = list(Duty.objects.filter(department=department, ended_at__isnull=True).order_by("pk"))
    served: dict[int, set[str]] = defaultdict(set)
    links = PlanItem.objects.filter(duties__department=department, duties__ended_at__isnull=True)
    for duty_id, item in links.values_list("duties__pk", "uuid"):
        served[duty_id].add(str(item))
    submitted = PlanVersion.objects.filter(plan__department=department).order_by("-number").first()
    items = PlanContent.from_json(submitted.content).items if submitted else ()
    proven = _proven(
        Q(target=EvidenceTarget.DUTY, key__in=[str(duty.uuid) for duty in duties])
        | Q(
            target=EvidenceTarget.PLAN_ITEM,
            key__in=[item.uuid for item in items] + [uuid for uuids in served.values() for uuid in uuids],
        )
    )
    found = []
    for row in duties:
        duty = papers.Duty(row.uuid, row.number, row.text, row.source, page=department.uuid)
        named = {item.uuid for item in items if is_named(duty, item.duties)}
        keys = {str(row.uuid), *served[row.pk], *named}
        found.append(replace(duty, is_recorded=not keys.isdisjoint(proven)))
    return tuple(found)


def read_policies(department: Department, on: date) -> tuple[PolicyItemFact, ...]:
    """Return each content of each policy in force of a department, with how many carry it out. Three queries."""
    standing = Policy.objects.filter(department=department, withdrawn_at__isnull=True)
    measures = Count("measures", filter=Q(measures__removed_at__isnull=True))
    rows = PolicyItem.objects.filter(policy__in=standing, removed_at__isnull=True).select_related("policy")
    items = list(rows.annotate(measured=measures).order_by("policy__issued_on", "policy_id", "order", "pk"))
    proven = _proven(Q(target=EvidenceTarget.POLICY_ITEM, key__in=[str(item.uuid) for item in items]))
    files: dict[Any, list[FileFact]] = defaultdict(list)
    attached = Attachment.objects.current().filter(
        campaign_id=department.campaign_id, owner_kind=POLICY, owner_uuid__in=standing.values("uuid")
    )
    for owner, name, sha256 in attached.values_list("owner_uuid", "file__name", "file__sha256"):
        files[owner].append(FileFact(name, sha256))
    return tuple(
        PolicyItemFact(
            item.uuid,
            item.policy.title,
            item.policy.number,
            item.policy.issued_on,
            item.text,
            item.measured,
            proven[str(item.uuid)],
            page=item.policy.uuid,
            files=tuple(files[item.policy.uuid]),
        )
        for item in items
    )


def _proven(wanted: Q) -> Counter[str]:
    """Return how many standing pieces of evidence prove what; keys are uuids, so they tell records apart. One query."""
    links: Iterable[str] = EvidenceLink.objects.filter(wanted, evidence__withdrawn_at__isnull=True).values_list(
        "key", flat=True
    )
    return Counter(links)


SOURCES: dict[str, Callable[[Department, date], Any]] = {"duties": read_duties, "policies": read_policies}
LINKS: dict[str, str] = {
    papers.Duty.kind: "campaigns:department",
    papers.PolicyItemFact.kind: "campaigns:policy",
}
