"""What must be true of appeals besides the database's own constraints: they and the ledger tell one story."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from django.utils.translation import gettext as _

from campaigns.models import Department
from qualityseason.clock import day_of
from qualityseason.models import AuditEntry
from scoring.enums import AppealState
from scoring.models import Appeal, Deduction
from scoring.queries.rulers import barred_by_acts
from scoring.services.line_invariants import KnownInterest

MAKE, RULE, TAKE_BACK = ACTS = ("appeal.make", "appeal.rule", "appeal.take-back")
Interests = Mapping[tuple[int, int], Sequence[KnownInterest]]
Acts = Mapping[str, Sequence[int]]


def check_appeals(department: Department, interests: Interests) -> Iterator[tuple[str, bool]]:
    """Yield what is wrong with the appeals of a department, and whether it was known then (an interest may not be).

    It is read under its lock. Two queries.
    """
    appeals = list(
        Appeal.objects.filter(department=department)
        .select_related("deduction__rule", "outcome__rule", "earlier__deduction", "ruled_by")
        .order_by("pk")
    )
    acts = _load_acts(appeals)
    made_by = {appeal.outcome_id: appeal for appeal in appeals if appeal.outcome_id is not None}
    for appeal in appeals:
        for sentence in _check(appeal, made_by.get(appeal.deduction_id), acts[str(appeal.uuid)]):
            yield _named(appeal, sentence), True
        for sentence, was_known in _check_interest(appeal, interests, acts[str(appeal.uuid)]):
            yield _named(appeal, sentence), was_known


def _named(appeal: Appeal, sentence: str) -> str:
    name = _("appeal %(uuid)s of %(day)s: ") % {"uuid": appeal.uuid, "day": appeal.appealed_on.isoformat()}
    return name + sentence


def _check(appeal: Appeal, made_by: Appeal | None, acts: Acts) -> Iterator[str]:
    line = appeal.deduction
    if (line.charged_id, line.campaign_id) != (appeal.department_id, appeal.campaign_id):
        yield _("its deduction charges another department.")
    if line.confirmed_at is None:
        yield _("its deduction was never confirmed.")
    if appeal.is_late and (
        not appeal.spoken_by or line.appeal_until is None or appeal.appealed_on <= line.appeal_until
    ):
        yield _("it counts as late, but was made in time or not entered by the office.")
    if appeal.is_pending and line.withdrawn_at is not None:
        yield _("it waits for a ruling, but its deduction is withdrawn.")
    if appeal.earlier != made_by:
        yield _("it does not name the appeal whose ruling made its deduction.")
    if made_by is not None and made_by.earlier_id is not None:
        yield _("it contests a line that was changed twice.")
    if appeal.ruled_by_id is not None and appeal.ruled_by_id in barred_by_acts(appeal, line):
        yield _("%(person)s ruled on it and took part in what was charged.") % {"person": appeal.ruled_by}
    yield from _check_ledger(appeal, line)
    expected = {MAKE: True, RULE: appeal.ruled_at is not None, TAKE_BACK: appeal.withdrawn_at is not None}
    for act, happened in expected.items():
        count = len(acts.get(act, ()))
        if count != happened:
            words = {"count": count, "act": act, "expected": happened}
            yield _("the audit log has %(count)d entries “%(act)s” and must have %(expected)d.") % words


def _check_ledger(appeal: Appeal, line: Deduction) -> Iterator[str]:
    """Yield where the ledger does not have what the ruling says."""
    if not appeal.changed_the_line:
        if appeal.ruled_at is not None and line.withdrawn_at is not None and line.withdrawn_at <= appeal.ruled_at:
            yield _("it is upheld, but its deduction was withdrawn before.")
        return
    if (line.withdrawn_at, line.withdrawn_by_id) != (appeal.ruled_at, appeal.ruled_by_id):
        yield _("it took the deduction away, but the ledger does not say so.")
    made = appeal.outcome
    if appeal.state == AppealState.REVOKED:
        return
    if made is None or made.replaces_id != line.pk:
        yield _("it is reduced, but no line took the deduction's place.")
        return
    if (made.recorded_by_id, made.confirmed_by_id) != (line.recorded_by_id, appeal.ruled_by_id):
        yield _("the reduced line does not name the same recorder and the ruler.")
    if made.amount >= line.amount or made.charged_id != line.charged_id:
        yield _("the reduced line is not smaller, or charges another department.")
    if (made.rule.category_id, made.rule.block_id, made.rule.clause) != (
        line.rule.category_id,
        line.rule.block_id,
        line.rule.clause,
    ):
        yield _("the reduced line is of another clause.")


def _check_interest(appeal: Appeal, interests: Interests, acts: Acts) -> Iterator[tuple[str, bool]]:
    if appeal.ruled_at is None or appeal.ruled_by_id is None:
        return
    line = appeal.deduction
    met = [
        one
        for department_id in {line.charged_id, line.visited_id}
        for one in interests.get((appeal.ruled_by_id, department_id), ())
        if one.holds(on=day_of(appeal.ruled_at))
    ]
    if met:
        ruled = acts.get(RULE, ())
        was_known = bool(ruled) and any(one.entry < ruled[0] for one in met)
        yield (
            _("%(person)s ruled on it and has an interest in the department.") % {"person": appeal.ruled_by},
            was_known,
        )


def _load_acts(appeals: Sequence[Appeal]) -> dict[str, dict[str, list[int]]]:
    wanted = [str(appeal.uuid) for appeal in appeals]
    entries = AuditEntry.objects.filter(object_type=Appeal._meta.label, object_id__in=wanted, act__in=ACTS)
    acts: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for pk, object_id, act in entries.order_by("pk").values_list("pk", "object_id", "act"):
        acts[object_id][act].append(pk)
    return acts
