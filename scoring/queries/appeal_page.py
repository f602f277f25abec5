"""One appeal with the line it contests, as far as the reader may know. A fixed number of queries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Q

from campaigns.actors import Actor
from campaigns.models import Campaign
from campaigns.queries.attachments import AttachedFile, files_of
from qualityseason.clock import day_of
from scoring import policy
from scoring.enums import AppealState
from scoring.models import Appeal, Deduction
from scoring.queries.deductions import DeductionDetail, author, load_detail, sees_names
from scoring.queries.line_facts import LineFacts, facts_behind
from scoring.queries.rulers import Rulers, load_rulers, why_not_rule
from scoring.queries.ruling_choices import Reduction, reductions_of
from scoring.querysets import AppealQuerySet


@dataclass(frozen=True)
class Step:
    """A line of the chain that rulings made: what it costs, and the appeal that contests it (None: none does)."""

    line: UUID
    code: str
    quantity: int
    amount: Decimal
    is_withdrawn: bool
    appeal: UUID | None
    state: str
    is_this: bool


@dataclass(frozen=True)
class AppealPage:
    """What the page of an appeal shows besides the appeal itself.

    `why_not` says why the reader may not rule ('' when allowed, None for who never does); `is_stuck` that nobody may.
    `left` is what the ruling leaves of the amount, None while it waits.
    """

    line: Deduction
    detail: DeductionDetail
    behind: LineFacts | None
    files: tuple[AttachedFile, ...]
    evidence: tuple[AttachedFile, ...]
    steps: tuple[Step, ...]
    earlier: Appeal | None
    ruled_by: str
    left: Decimal | None
    reductions: tuple[Reduction, ...]
    why_not: str | None
    is_stuck: bool
    is_for_leaders: bool
    may_take_back: bool

    @property
    def may_rule(self) -> bool:
        """Whether the reader rules on it."""
        return self.why_not == ""


def page_appeals(actor: Actor) -> AppealQuerySet[Appeal]:
    """Return the visible appeals with what a page about one of them names."""
    about = (
        "charged__block", "visited", "rule", "category", "rule_version", "recorded_by", "confirmed_by", "told_by",
        "withdrawn_by", "subject_person", "subject_class",
    )  # fmt: skip
    return Appeal.objects.visible_to(actor).select_related(
        "department",
        "appealed_by",
        "ruled_by",
        "outcome",
        "earlier__deduction",
        "earlier__ruled_by",
        *(f"deduction__{name}" for name in about),
    )


def load_appeal(actor: Actor, campaign: Campaign, appeal: Appeal, *, at: datetime) -> AppealPage:
    """Return everything about an appeal loaded with `page_appeals`. At most twenty queries."""
    line = appeal.deduction
    is_told = appeal.is_pending and actor.oversees and not actor.is_interested_in(line.charged_id, line.visited_id)
    rulers = load_rulers([appeal], on=day_of(at))[appeal.pk] if is_told else Rulers()
    why_not = None
    if policy.can_rule(actor) and appeal.is_pending:
        why_not = why_not_rule(actor, appeal, line, on=day_of(at), rulers=rulers)
    named = sees_names(actor, line)
    return AppealPage(
        line=line,
        detail=load_detail(actor, line),
        behind=facts_behind(actor, campaign, line),
        files=files_of(actor, "appeal", [appeal.uuid], campaign=campaign).get(appeal.uuid, ()),
        evidence=files_of(actor, "deduction", [line.uuid], campaign=campaign).get(line.uuid, ()),
        steps=_steps(actor, appeal),
        earlier=appeal.earlier,
        ruled_by=author(appeal.ruled_by.display_name if appeal.ruled_by else None, named=named),
        left=_left(appeal),
        reductions=reductions_of(line) if why_not == "" else (),
        why_not=why_not,
        is_stuck=is_told and rulers.is_nobody,
        is_for_leaders=is_told and not rulers.leads and bool(rulers.leaders),
        may_take_back=appeal.is_pending and policy.can_take_back(actor, appeal),
    )


def _left(appeal: Appeal) -> Decimal | None:
    if appeal.is_pending or appeal.withdrawn_at is not None:
        return None
    stands = appeal.outcome or appeal.deduction
    return Decimal(0) if appeal.state == AppealState.REVOKED else Decimal(stands.amount)


def _steps(actor: Actor, appeal: Appeal) -> tuple[Step, ...]:
    """Return the lines that came of one another by rulings, the first first; () where this is the only one."""
    around = Appeal.objects.visible_to(actor).filter(Q(pk=appeal.earlier_id) | Q(earlier=appeal) | Q(pk=appeal.pk))
    known = list(around.select_related("deduction__rule", "outcome__rule").order_by("pk"))
    by_line: Mapping[int, Appeal] = {
        row.deduction_id: row for row in known if row.withdrawn_at is None or row.pk == appeal.pk
    }
    lines = {row.deduction.pk: row.deduction for row in known}
    lines |= {row.outcome.pk: row.outcome for row in known if row.outcome is not None}
    if len(lines) < 2:
        return ()
    return tuple(_step(line, by_line.get(line.pk), appeal) for _pk, line in sorted(lines.items()))


def _step(line: Deduction, contested: Appeal | None, appeal: Appeal) -> Step:
    return Step(
        line=line.uuid,
        code=line.rule.code,
        quantity=line.quantity,
        amount=line.amount,
        is_withdrawn=line.withdrawn_at is not None,
        appeal=contested.uuid if contested is not None else None,
        state=contested.get_state_display() if contested is not None else "",
        is_this=line.pk == appeal.deduction_id,
    )
