"""Texts and prices of rules through the season: the latest of each, and which came before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from qualityseason.text import fingerprint
from scoring.models import Deduction, RuleVersion, Supplement


def versions_of(rule_ids: Iterable[int]) -> dict[int, list[RuleVersion]]:
    """Return the versions of each rule in the order in which they come into force. One query."""
    found: dict[int, list[RuleVersion]] = defaultdict(list)
    rows = RuleVersion.objects.filter(rule_id__in=set(rule_ids)).select_related(
        "supplement__decision", "interpretation"
    )
    for version in rows.order_by("rule_id", "valid_from", "number"):
        found[version.rule_id].append(version)
    return found


def latest_versions(rule_ids: Iterable[int]) -> dict[int, RuleVersion]:
    """Return the version of each rule that comes into force last. One query."""
    return {rule_id: versions[-1] for rule_id, versions in versions_of(rule_ids).items()}


def standing_mark(supplement: Supplement) -> str:
    """Return a short mark of what a draft says and of the versions it would follow. Two queries.

    Who adopts has read both; another mark means that one of them changed meanwhile.
    """
    rules = [pk for pk in supplement.changes.values_list("rule_id", flat=True) if pk is not None]
    latest = latest_versions(rules)
    return fingerprint((supplement.version, sorted((rule, version.pk) for rule, version in latest.items())))


def waiting_lines(rule_ids: Iterable[int], *, since: date) -> QuerySet[Deduction]:
    """Return the recorded lines of these rules whose fact happened on that day or later."""
    return Deduction.objects.recorded().filter(rule_id__in=set(rule_ids), happened_on__gte=since)
