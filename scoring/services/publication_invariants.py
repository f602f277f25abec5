"""What must be true of what was published: nothing altered since it was frozen, and the ledger says the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import islice

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.calculations.plans import version_code
from campaigns.models import Campaign
from qualityseason.models import AuditEntry
from scoring.calculations import ZERO, apply_tiers, places, score
from scoring.enums import PublicationState
from scoring.facts import RuleSum
from scoring.facts.results import Ranking, Result
from scoring.models import Deduction, Display, PrintedCopy, Publication, Rule, Snapshot
from scoring.queries.published import changes_between
from scoring.queries.results import result_of
from scoring.services.line_invariants import CONFIRM, WITHDRAW
from scoring.services.snapshots import audit_digest, sha256_of

CHUNK = 500  # lines looked up in the audit log at once
BUMPS = 8  # codes tried for a paper before its own is called wrong
DECIDING = {
    PublicationState.CONFIRMED: "publication.confirm",
    PublicationState.REFUSED: "publication.refuse",
    PublicationState.RECALLED: "publication.recall",
}

Sums = dict[tuple[int, int], dict[int, Decimal]]  # by department and category, of each rule


def check_publications(campaign: Campaign) -> Iterator[str]:
    """Yield what is wrong with snapshots, publications, public notices and printed copies of a season.

    Some queries per snapshot, and two for each 500 lines; one snapshot is in memory at a time, with what it replaces.
    """
    snapshots = list(Snapshot.objects.filter(campaign=campaign).order_by("pk").values_list("pk", "audit_until"))
    ledger = _ledger_then(campaign, dict(snapshots)) if snapshots else {}
    for pk, _until in snapshots:
        yield from _check_snapshot(campaign, Snapshot.objects.get(pk=pk), ledger[pk])
    yield from _check_together(campaign)
    yield from _check_changes(campaign)
    for copy in PrintedCopy.objects.filter(campaign=campaign).select_related("snapshot", "department").iterator(CHUNK):
        yield from _check_copy(copy)


def _check_snapshot(campaign: Campaign, snapshot: Snapshot, ledger: Sums) -> Iterator[str]:
    words = {"snapshot": str(snapshot.uuid)}
    if sha256_of(snapshot.content) != snapshot.sha256:
        yield _("Frozen result %(snapshot)s: its content is not what was frozen.") % words
    if audit_digest(campaign, until=snapshot.audit_until) != snapshot.audit_digest:
        yield _("Frozen result %(snapshot)s: the audit log up to it is not what it was.") % words
    try:
        result = result_of(snapshot)
    except (ValueError, LookupError, TypeError, AttributeError):
        yield _("Frozen result %(snapshot)s: its content cannot be read.") % words
        return
    rules = {
        pk: (order, group)
        for pk, order, group in Rule.objects.filter(campaign=campaign).values_list("pk", "order", "exclusive_group")
    }
    if not _follows(result.ranking):
        yield _("Frozen result %(snapshot)s: its scores or ranks do not follow from what was charged.") % words
    for department in _charged_otherwise(result, ledger, rules):
        yield _("Frozen result %(snapshot)s: the ledger charged %(department)s otherwise.") % (
            words | {"department": department}
        )


def _charged_otherwise(result: Result, ledger: Sums, rules: Mapping[int, tuple[int, str]]) -> Iterator[str]:
    """Yield the departments whose frozen figures are not what the lines confirmed by then come to."""
    for row in (row for block in result.ranking.blocks for row in block.rows):
        charged = tuple(
            apply_tiers(
                RuleSum(rule, *rules[rule], amount)
                for rule, amount in ledger.get((row.department_id, category.id), {}).items()
            ).charged
            for category in result.ranking.categories
        )
        statement = result.statement_of(row.uuid)
        if statement is None or not row.charged == charged == tuple(part.charged for part in statement.categories):
            yield row.department


def _follows(ranking: Ranking) -> bool:
    """Whether scores, totals and ranks of every block follow from its charged sums."""
    for block in ranking.blocks:
        marks = block.benchmarks or (ZERO,) * len(ranking.categories)
        scores = [
            tuple(
                score(category.full, charged, basis=ranking.basis, benchmark=mark)
                for category, charged, mark in zip(ranking.categories, row.charged, marks, strict=True)
            )
            for row in block.rows
        ]
        totals = [sum(found, ZERO) for found in scores]
        decided = {(frozenset(tie.order), tie.total): tie.order for tie in block.ties}
        ranks = places([row.uuid for row in block.rows], totals, decided=decided)
        if [(row.scores, row.total, row.rank) for row in block.rows] != list(zip(scores, totals, ranks, strict=True)):
            return False
    return True


def _ledger_then(campaign: Campaign, until: Mapping[int, int]) -> dict[int, Sums]:
    """Return by snapshot what the lines came to that were confirmed and not withdrawn by its audit entry."""
    found: dict[int, Sums] = {pk: defaultdict(lambda: defaultdict(lambda: ZERO)) for pk in until}
    fields = ("uuid", "charged_id", "category_id", "rule_id", "amount")
    lines = Deduction.objects.filter(campaign=campaign, confirmed_at__isnull=False).order_by("pk").values_list(*fields)
    rows = lines.iterator(chunk_size=CHUNK)
    while chunk := list(islice(rows, CHUNK)):
        acts = _acts_of([str(row[0]) for row in chunk])
        for uuid, charged, category, rule, amount in chunk:
            of_line = acts.get(str(uuid), {})
            confirmed, withdrawn = of_line.get(CONFIRM), of_line.get(WITHDRAW)
            for pk, entry in until.items():
                if confirmed is not None and confirmed <= entry and (withdrawn is None or withdrawn > entry):
                    found[pk][charged, category][rule] += amount
    return found


def _acts_of(uuids: list[str]) -> dict[str, dict[str, int]]:
    acts: dict[str, dict[str, int]] = defaultdict(dict)
    entries = AuditEntry.objects.filter(object_type=Deduction._meta.label, object_id__in=uuids)
    for pk, object_id, act in (
        entries.filter(act__in=(CONFIRM, WITHDRAW)).order_by("-pk").values_list("pk", "object_id", "act")
    ):
        acts[object_id][act] = pk  # the first entry stays
    return acts


@transaction.atomic
def _check_together(campaign: Campaign) -> list[str]:
    """Return what needs all acts of publishing to be over: none goes on while the season is held."""
    Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
    return [*_check_numbers(campaign), *_check_acts(campaign)]


def _check_numbers(campaign: Campaign) -> Iterator[str]:
    confirmed = Publication.objects.confirmed().filter(campaign=campaign).order_by("number")
    rows = list(confirmed.values_list("pk", "number", "replaces_id", "decided_at"))
    if [number for _pk, number, _replaces, _at in rows] != list(range(1, len(rows) + 1)):
        yield _("The numbers of the publications have a gap.")
    before = [None, *(pk for pk, *_rest in rows)]
    if [replaces for _pk, _number, replaces, _at in rows] != before[: len(rows)]:
        yield _("Not every publication replaces the one before it.")
    numbers = Display.objects.filter(campaign=campaign).order_by("number").values_list("number", flat=True)
    if list(numbers) != list(range(1, len(numbers) + 1)):
        yield _("The numbers of the public notices have a gap.")


def _check_acts(campaign: Campaign) -> Iterator[str]:
    """Yield publications and public notices of which the audit log says otherwise: by whom, for whom, and what."""
    labels = [Publication._meta.label, Display._meta.label]
    entries = AuditEntry.objects.filter(campaign_id=campaign.pk, object_type__in=labels).order_by("pk")
    told = {
        (object_id, act): (by, after or {})
        for object_id, act, by, after in entries.values_list("object_id", "act", "by_id", "after")
    }
    for publication in Publication.objects.filter(campaign=campaign).select_related("snapshot"):
        key, sha256 = str(publication.uuid), publication.snapshot.sha256
        terms = {
            "sha256": sha256,
            "visibility": publication.visibility,
            "sign_until": publication.sign_until.isoformat(),
            "still_open": publication.still_open,
        }
        proposed = (publication.proposed_by_id, terms)
        decided = {
            state: (publication.decided_by_id, said)
            for state, said in (
                (PublicationState.CONFIRMED, {"number": publication.number, "sha256": sha256}),
                (PublicationState.REFUSED, {"because": publication.because}),
                (PublicationState.RECALLED, {}),
            )
            if state == publication.state
        }
        found = {state: told[key, act] for state, act in DECIDING.items() if (key, act) in told}
        if told.get((key, "publication.propose")) != proposed or found != decided:
            yield _("Publication %(publication)s: the audit log tells of other people or another result.") % {
                "publication": key
            }
    for display in Display.objects.filter(campaign=campaign).select_related("snapshot"):
        terms = {
            "number": display.number,
            "starts_on": display.starts_on.isoformat(),
            "ends_on": display.ends_on.isoformat(),
            "visibility": display.visibility,
            "sha256": display.snapshot.sha256,
        }
        is_withdrawn = (str(display.uuid), "display.withdraw") in told
        opened = told.get((str(display.uuid), "display.open"))
        if opened != (display.opened_by_id, terms) or is_withdrawn != (display.withdrawn_at is not None):
            yield _("Public notice No. %(number)d: the audit log tells of other people or another result.") % {
                "number": display.number
            }


def _check_changes(campaign: Campaign) -> Iterator[str]:
    rows = Publication.objects.filter(campaign=campaign, replaces__isnull=False)
    for publication in rows.select_related("snapshot", "replaces__snapshot").iterator(1):
        if publication.replaces is None:  # cannot be: asked for
            continue
        try:
            changes = changes_between(result_of(publication.replaces.snapshot), result_of(publication.snapshot))
        except (ValueError, LookupError, TypeError, AttributeError):
            continue  # said of the snapshot itself
        if [change.as_json() for change in changes] != publication.changes:
            yield _("Publication %(publication)s: what it says to have changed is not what has.") % {
                "publication": str(publication.uuid)
            }


def _check_copy(copy: PrintedCopy) -> Iterator[str]:
    whose = str(copy.department.uuid) if copy.department is not None else ""
    of_paper = f"{copy.snapshot.uuid}/{copy.kind}/{whose}"
    codes = (version_code(copy.snapshot.sha256, department=of_paper, number=bump) for bump in range(BUMPS))
    if copy.code not in codes:
        yield _("Printed copy %(code)s: this is not the code of its paper.") % {"code": copy.code}
