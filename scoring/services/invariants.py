"""Checking what constraints can't: tallies against the ledger, every line against its rule, and the paperwork."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Max, Min, Q
from django.utils.translation import gettext as _

from campaigns.models import Campaign, Department, Interest, Membership, Posting, StaffMember, Term
from campaigns.services.invariants import Difference, check_files, check_paperwork
from qualityseason.models import AuditEntry
from scoring.models import Category, Deduction, Tally
from scoring.services.appeal_invariants import check_appeals
from scoring.services.decision_invariants import check_decisions
from scoring.services.finding_invariants import check_findings
from scoring.services.line_invariants import (
    ACTS,
    RECORD,
    KnownInterest,
    Season,
    check_acts,
    check_interests,
    check_line,
)
from scoring.services.notice_invariants import check_notices
from scoring.services.publication_invariants import check_publications
from scoring.services.tallies import CategorySum, lock_departments, sum_ledger

CHUNK = 500  # lines looked up in the audit log at once


@dataclass
class Checked:
    """How much was looked at."""

    seasons: int = 0
    departments: int = 0
    tallies: int = 0
    lines: int = 0


def check_invariants(counts: Checked) -> Iterator[Difference]:
    """Yield every difference in every season; `counts` grows along.

    In constant memory, with 13 queries per department and one more for each 500 lines; each department is read under
    its lock, so that nothing half-done is seen. The paperwork and the store come before and after. Remarks come along.
    """
    for campaign in Campaign.objects.order_by("slug"):
        counts.seasons += 1
        yield from check_paperwork(campaign)
        yield from _check_audit_totals(campaign)
        yield from (Difference(campaign.slug, "", sentence) for sentence in check_publications(campaign))
        yield from (Difference(campaign.slug, "", sentence) for sentence in check_decisions(campaign))
        season = _load(campaign)
        for department in Department.objects.filter(campaign=campaign).select_related("block").order_by("order"):
            counts.departments += 1
            yield from _check_department(season, department, counts)
    yield from check_files()


def _load(campaign: Campaign) -> Season:
    return Season(
        campaign,
        categories=dict(Category.objects.filter(campaign=campaign).order_by("order").values_list("pk", "name")),
        terms=tuple(Term.objects.filter(campaign=campaign).values_list("code", "starts_on", "ends_on")),
        interests=_load_interests(campaign),
    )


def _load_interests(campaign: Campaign) -> dict[tuple[int, int], list[KnownInterest]]:
    """Return what `load_actor` goes by: departments belonged to at any time this season, and interests declared."""
    entries = _load_entries(campaign)
    found: dict[tuple[int, int], list[KnownInterest]] = defaultdict(list)
    for user_id, department_id, uuid in Membership.objects.filter(
        campaign=campaign, department__isnull=False
    ).values_list("user_id", "department_id", "uuid"):
        found[user_id, department_id].append(KnownInterest(None, None, entries.first(uuid)))
    for user_id, department_id, starts_on, ends_on, uuid in Interest.objects.filter(campaign=campaign).values_list(
        "user_id", "department_id", "starts_on", "ends_on", "uuid"
    ):
        found[user_id, department_id].append(KnownInterest(starts_on, ends_on, entries.first(uuid)))
    recent = Q(ends_on__isnull=True) | Q(ends_on__gte=campaign.facts_from)
    for user_id, department_id, uuid, person in Posting.objects.filter(
        recent, campaign=campaign, staff_member__user__isnull=False
    ).values_list("staff_member__user_id", "department_id", "uuid", "staff_member__uuid"):
        # the account may have been linked to the person long after the posting was known
        entry = max(entries.first(uuid), entries.last(person))
        found[user_id, department_id].append(KnownInterest(None, None, entry))
    return found


class _Entries(dict[str, tuple[int, int]]):
    """The first and the last entry of the audit log about each object; past all entries where there is none."""

    def first(self, uuid: UUID) -> int:
        return self.get(str(uuid), (sys.maxsize, 0))[0]

    def last(self, uuid: UUID) -> int:
        return self.get(str(uuid), (0, sys.maxsize))[1]


def _load_entries(campaign: Campaign) -> _Entries:
    labels = [model._meta.label for model in (Membership, Interest, Posting, StaffMember)]
    entries = AuditEntry.objects.filter(campaign_id=campaign.pk, object_type__in=labels).order_by()
    rows = entries.values_list("object_id").annotate(first=Min("pk"), last=Max("pk"))
    return _Entries({object_id: (first, last) for object_id, first, last in rows})


def _check_audit_totals(campaign: Campaign) -> Iterator[Difference]:
    """Yield departments with fewer lines than the audit log knows of: lines that are gone."""
    entries = AuditEntry.objects.filter(campaign_id=campaign.pk, act=RECORD).order_by()
    # the log first: a line recorded in between must not look like a missing one
    told = dict(entries.values_list("department_id").annotate(count=Count("object_id", distinct=True)))
    lines = Deduction.objects.filter(campaign=campaign).order_by()
    kept = dict(lines.values_list("charged_id").annotate(count=Count("pk")))
    names = dict(Department.objects.filter(campaign=campaign).values_list("pk", "name"))
    for department_id, count in told.items():
        missing = count - kept.get(department_id, 0)
        if missing > 0:
            sentence = _("%(count)d deductions of the audit log are missing from the ledger.") % {"count": missing}
            yield Difference(campaign.slug, names.get(department_id or 0, ""), sentence)


@transaction.atomic
def _check_department(season: Season, department: Department, counts: Checked) -> list[Difference]:
    def differ(sentence: str, line: Deduction | None = None, *, is_remark: bool = False) -> Difference:
        if line is not None:
            sentence = _("%(line)s: %(what)s") % {"line": _named(line), "what": sentence}
        return Difference(season.campaign.slug, department.name, sentence, is_remark)

    lock_departments([department.pk])
    found = [differ(sentence) for sentence in _check_tallies(season, department, counts)]
    found += [differ(sentence) for sentence in check_findings(department)]
    found += [differ(sentence) for sentence in check_notices(department, appeal_days=season.campaign.appeal_days)]
    found += [
        differ(sentence, is_remark=not was_known) for sentence, was_known in check_appeals(department, season.interests)
    ]
    lines = (
        Deduction.objects.filter(charged=department)
        .select_related(
            "rule",
            "rule_version",
            "inspection",
            "subject_person",
            "subject_class",
            "finding",
            "visited",
            "recorded_by",
            "confirmed_by",
            "replaces",
        )
        .order_by("pk")
        .iterator(chunk_size=CHUNK)
    )
    while chunk := list(islice(lines, CHUNK)):
        acts = _load_acts(chunk)
        for line in chunk:
            line.charged = department
            counts.lines += 1
            of_line = acts[str(line.uuid)]
            found += [differ(sentence, line) for sentence in (*check_line(season, line), *check_acts(line, of_line))]
            for sentence, was_known in check_interests(season, line, of_line):
                found.append(differ(sentence, line, is_remark=not was_known))
    return found


def _named(line: Deduction) -> str:
    return f"{line.rule.code} {line.happened_on.isoformat()} {line.uuid}"


def _check_tallies(season: Season, department: Department, counts: Checked) -> Iterator[str]:
    stored = {tally.category_id: tally for tally in Tally.objects.filter(department=department)}
    ledger = sum_ledger(department.pk)
    for category_id, name in season.categories.items():
        tally, entry = stored.pop(category_id, None), ledger.pop(category_id, CategorySum())
        if tally is None:
            yield _("%(category)s has no tally.") % {"category": name}
            continue
        counts.tallies += 1
        for field, value in vars(entry).items():
            kept = getattr(tally, field)
            if kept != value:
                yield _("%(category)s: the tally says %(field)s %(tally)s, the ledger %(ledger)s.") % {
                    "category": name,
                    "field": field,
                    "tally": kept,
                    "ledger": value,
                }
    if stored or ledger:
        yield _("There are tallies or lines of a category this season doesn't have.")


def _load_acts(lines: Iterable[Deduction]) -> dict[str, dict[str, list[int]]]:
    entries = AuditEntry.objects.filter(
        object_type=Deduction._meta.label, object_id__in=[str(line.uuid) for line in lines], act__in=ACTS
    )
    acts: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for pk, object_id, act in entries.order_by("pk").values_list("pk", "object_id", "act"):
        acts[object_id][act].append(pk)
    return acts
