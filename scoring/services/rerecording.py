"""Lines that wait, withdrawn and recorded again under the version a supplement has made."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from uuid import uuid4

from campaigns.actors import Actor
from scoring.models import Deduction, RuleVersion
from scoring.queries.rule_versions import waiting_lines
from scoring.queries.subjects import stored_subject
from scoring.services.drafts import DeductionDraft
from scoring.services.finding_lines import hold_findings, settle_finding
from scoring.services.ledger_rows import audit_line, body_of, carry_files, insert_line, withdraw_line
from scoring.services.once import key_of
from scoring.services.tallies import recompute_tallies


def rerecord_lines(
    versions: Mapping[int, RuleVersion], *, since: date, because: str, by: Actor, at: datetime
) -> list[Deduction]:
    """Record the waiting lines of these rules, of facts since that day, again under their new versions; returns them.

    Recorder, day, subject, answers, files, charge key and finding stay. A waiting line that is to take the place of one
    of them is recorded again as well, so that it names the one that stands. The caller holds every department.
    """
    touched = list(waiting_lines(versions, since=since).values_list("pk", flat=True))
    wanted = _with_successors(touched)
    lines = list(
        Deduction.objects.filter(pk__in=wanted)
        .select_related(
            "rule", "rule_version", "charged__campaign", "visited", "inspection", "finding", "batch",
            "subject_person", "subject_class", "replaces",
        )
        .order_by("pk")
    )  # fmt: skip
    if not lines:
        return []
    named = [line.finding_id for line in lines if line.finding_id is not None]
    hold_findings(by.campaign_id, ids=named, keys=[key_of(line) for line in lines])
    made: dict[int, Deduction] = {}
    places: dict[int, set[int]] = defaultdict(set)
    repriced = frozenset(touched)
    for line in lines:
        version = versions[line.rule_id] if line.pk in repriced else line.rule_version
        made[line.pk] = _again(line, version, made.get(line.replaces_id or 0), because=because, by=by, at=at)
        places[line.charged_id].add(line.category_id)
    for department_id, category_ids in sorted(places.items()):
        recompute_tallies(department_id, category_ids=category_ids)
    return list(made.values())


def _with_successors(touched: list[int]) -> set[int]:
    """Return the lines, and those that wait to take the place of one of them."""
    found, newest = set(touched), set(touched)
    while newest:
        rows = Deduction.objects.recorded().filter(replaces_id__in=newest)
        newest = set(rows.values_list("pk", flat=True)) - found
        found |= newest
    return found


def _again(
    line: Deduction, version: RuleVersion, replaced: Deduction | None, *, because: str, by: Actor, at: datetime
) -> Deduction:
    draft = DeductionDraft(
        uuid=uuid4(),
        charged=line.charged,
        rule=line.rule,
        quantity=line.quantity,
        happened_on=line.happened_on,
        subject=stored_subject(line),
        month=line.period,
        note=line.note,
        visited=line.visited,
        inspection=line.inspection,
        answers=line.answers,
        replaces=replaced or line.replaces,
        finding=line.finding,
        batch=line.batch,
    )
    key = line.charge_key
    withdraw_line(line, by=by, at=at, because=because)
    made = insert_line(draft, version, line.period, key, by=replace(by, user_id=line.recorded_by_id), at=at)
    settle_finding(made, at=at)
    audit_line("deduction.record", made, by=by, at=at, after=body_of(made) | {"again": line.uuid})
    carry_files(line, made)
    return made
