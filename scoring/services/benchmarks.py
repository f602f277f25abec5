"""The fullest mark of a block in a category, and whether scores are read against it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.enums import DecisionKind, Role
from campaigns.models import Block, Campaign, Decision, Department
from qualityseason.errors import ConflictOfInterest, Refused
from qualityseason.services import audit
from qualityseason.text import tidy
from scoring import policy
from scoring.calculations import ZERO
from scoring.enums import Basis
from scoring.models import Benchmark, Category, Rulebook, Tally
from scoring.queries.benchmarks import standing_benchmark
from scoring.services.decisions import DecisionDraft, record_single
from scoring.services.snapshots import hold_ledger

MAXIMUM_REASON = 1000


@dataclass(frozen=True)
class BenchmarkDraft:
    """What the head of the team names: `amount` and `standing` are what the form showed, None for no benchmark."""

    uuid: UUID
    block: Block
    category: Category
    department: Department
    reason: str
    amount: Decimal
    standing: UUID | None


@transaction.atomic
def name_benchmark(campaign: Campaign, draft: BenchmarkDraft, *, by: Actor, at: datetime) -> Benchmark:
    """Name a department's figure as the full mark of its block in a category; returns the benchmark.

    What was deducted from it by now is frozen and the benchmark before it superseded. The ledger is held meanwhile,
    so that neither the figure nor a result being frozen moves. Sent twice it is named once. Raises PermissionDenied,
    ConflictOfInterest or Refused.
    """
    department = draft.department
    if not by.has(Role.TEAM_LEAD) or campaign.pk != by.campaign_id:
        raise PermissionDenied
    if not policy.can_name_benchmark(by, department.pk):
        raise ConflictOfInterest(_("You have an interest in this department and take no part in its assessment."))
    Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
    reason = _reason(draft.reason)
    there = Benchmark.objects.filter(uuid=draft.uuid).first()
    if there is not None:
        return _same(there, draft, reason, by=by)
    if department.block_id != draft.block.pk or {draft.block.campaign_id, draft.category.campaign_id} != {campaign.pk}:
        raise Refused(_("Choose a department of this block."), field="department", code="other_block")
    hold_ledger(campaign)
    now = Tally.objects.filter(department=department, category=draft.category).values_list("charged", flat=True).first()
    amount = ZERO if now is None else now
    before = standing_benchmark(draft.block, draft.category)
    _require_fresh(draft, amount, before)
    if before is not None:
        before.superseded_at = at
        before.save(update_fields=["superseded_at"])
    made = Benchmark.objects.create(
        uuid=draft.uuid,
        campaign=campaign,
        block=draft.block,
        category=draft.category,
        department=department,
        amount=amount,
        reason=reason,
        named_by_id=by.user_id,
        named_at=at,
    )
    audit.record(
        "benchmark.name",
        made,
        by_id=by.user_id,
        campaign_id=campaign.pk,
        department_id=department.pk,
        at=at,
        before=_body(before) if before is not None else None,
        after=_body(made) | {"reason": reason},
    )
    return made


@transaction.atomic
def decide_basis(campaign: Campaign, draft: DecisionDraft, *, basis: str, by: Actor, at: datetime) -> Decision:
    """Set how scores are read from now on; returns the decision.

    The ledger is held meanwhile, so that no result is frozen half on one basis and half on the other. It concerns all
    departments alike, so an interest in one bars nobody. Raises PermissionDenied or Refused.
    """

    def require(campaign: Campaign) -> None:
        if basis not in Basis.values:
            raise Refused(_("Choose a basis."), field="basis", code="unknown")
        if Rulebook.objects.filter(campaign=campaign, basis=basis).exists():
            sentence = _("“%(basis)s” is the basis already; there is nothing to decide.")
            raise Refused(sentence % {"basis": Basis(basis).label}, field="basis", code="same")

    found = record_single(campaign, DecisionKind.BASIS, draft, {"basis": basis}, by=by, at=at, require=require)
    if found.is_new:
        hold_ledger(campaign)
        Rulebook.objects.filter(campaign=campaign).update(basis=basis)
    return found.decision


def _require_fresh(draft: BenchmarkDraft, amount: Decimal, before: Benchmark | None) -> None:
    if (before.uuid if before is not None else None) != draft.standing:
        sentence = _("Another benchmark was named here meanwhile; it is shown below. Send again to replace it.")
        raise Refused(sentence, code="stale", existing=before)
    if amount != draft.amount:
        sentence = _(
            "The deductions of %(department)s have moved from %(shown)s to %(now)s meanwhile. Look again at what it "
            "changes, and send again to name the new figure."
        )
        said = {"department": draft.department.name, "shown": draft.amount, "now": amount}
        raise Refused(sentence % said, code="moved")
    if before is not None and (before.department_id, before.amount) == (draft.department.pk, amount):
        sentence = _(
            "%(department)s is the benchmark here already, with %(amount)s deducted. There is nothing to change."
        )
        raise Refused(sentence % {"department": draft.department.name, "amount": amount}, code="same")


def _reason(text: str) -> str:
    reason = tidy(text)
    if not reason:
        raise Refused(_("Say why this is the best case."), field="reason", code="empty")
    if len(reason) > MAXIMUM_REASON:
        sentence = _("Write at most %(maximum)d characters.") % {"maximum": MAXIMUM_REASON}
        raise Refused(sentence, field="reason", code="long")
    return reason


def _same(there: Benchmark, draft: BenchmarkDraft, reason: str, *, by: Actor) -> Benchmark:
    said = (there.campaign_id, there.block_id, there.category_id, there.department_id, there.reason, there.named_by_id)
    if said == (by.campaign_id, draft.block.pk, draft.category.pk, draft.department.pk, reason, by.user_id):
        return there
    raise Refused(_("This form was sent before with other words. Open it anew."), code="reused")


def _body(row: Benchmark) -> dict[str, object]:
    return {
        "block": row.block.code,
        "category": row.category.code,
        "department": row.department.name,
        "amount": row.amount,
    }
