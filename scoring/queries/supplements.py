"""The register of supplements, and one of them with what each line said before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count
from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.models import Campaign
from campaigns.queries.attachments import files_of
from qualityseason.clock import day_of
from scoring import policy
from scoring.enums import SupplementState
from scoring.models import RuleVersion, Supplement, SupplementChange
from scoring.queries.rule_versions import versions_of


@dataclass(frozen=True)
class SupplementRow:
    """A supplement in the register; `number` and `decided_on` are None until it is adopted."""

    uuid: UUID
    number: int | None
    title: str
    state: str
    state_label: str
    applies_from: date
    decided_on: date | None
    lines: int
    drafted_on: date
    drafted_by: str


@dataclass(frozen=True)
class SupplementRegister:
    """Those in force by number, drafts and those discarded (both for overseers alone)."""

    adopted: tuple[SupplementRow, ...]
    drafts: tuple[SupplementRow, ...]
    discarded: tuple[SupplementRow, ...]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to list."""
        return not (self.adopted or self.drafts or self.discarded)


@dataclass(frozen=True)
class ChangeRow:
    """One line: what the rule says and costs under the supplement, and before it (`points_before` None: a new rule)."""

    code: str
    category: str
    block: str
    unit: str
    maximum: int
    label: str
    text: str
    points: Decimal
    label_before: str
    text_before: str
    points_before: Decimal | None

    @property
    def is_new(self) -> bool:
        """Whether the rulebook lacked it."""
        return self.points_before is None

    @property
    def is_reworded(self) -> bool:
        """Whether its text or label changes."""
        return not self.is_new and (self.text, self.label) != (self.text_before, self.label_before)


@dataclass(frozen=True)
class SupplementPage:
    """A supplement with its lines; who was there and the paper are for overseers."""

    supplement: Supplement
    changes: tuple[ChangeRow, ...]
    drafted_by: str
    decided_on: date | None
    present: str
    minutes: str
    files: Sequence[Any]
    may_edit: bool
    may_adopt: bool
    may_preview: bool


def load_register(actor: Actor) -> SupplementRegister:
    """Return the supplements the actor may know of. One query."""
    rows = Supplement.objects.visible_to(actor).select_related("decision", "drafted_by")
    found = [
        SupplementRow(
            uuid=row.uuid,
            number=row.number,
            title=row.title,
            state=row.state,
            state_label=str(SupplementState(row.state).label),
            applies_from=row.applies_from,
            decided_on=row.decision.decided_on if row.decision else None,
            lines=row.lines,
            drafted_on=day_of(row.drafted_at),
            drafted_by=_author(actor, row),
        )
        for row in rows.annotate(lines=Count("changes")).order_by("number", "pk")
    ]

    def of(state: SupplementState) -> tuple[SupplementRow, ...]:
        return tuple(row for row in found if row.state == state)

    return SupplementRegister(of(SupplementState.ADOPTED), of(SupplementState.DRAFT), of(SupplementState.DISCARDED))


def load_supplement(campaign: Campaign, supplement: Supplement, *, actor: Actor) -> SupplementPage:
    """Return one supplement, loaded with its decision and who drafted it. Five queries at most."""
    is_draft = supplement.state == SupplementState.DRAFT
    decision = supplement.decision if actor.oversees else None
    files = files_of(actor, "decision", [decision.uuid], campaign=campaign).get(decision.uuid, ()) if decision else ()
    return SupplementPage(
        supplement=supplement,
        changes=load_changes(supplement),
        drafted_by=_author(actor, supplement),
        decided_on=supplement.decision.decided_on if supplement.decision else None,
        present=decision.present if decision else "",
        minutes=decision.text if decision else "",
        files=files,
        may_edit=is_draft and policy.can_draft_supplement(actor),
        may_adopt=is_draft and policy.can_record_decision(actor),
        may_preview=is_draft and actor.oversees,
    )


def load_changes(supplement: Supplement) -> tuple[ChangeRow, ...]:
    """Return the lines of a supplement beside what stood before. Two queries."""
    changes = list(supplement.changes.select_related("rule__category", "rule__block", "category", "block"))
    versions = versions_of(change.rule_id for change in changes if change.rule_id is not None)
    return tuple(_change_row(change, versions.get(change.rule_id or 0, ()), supplement) for change in changes)


def _change_row(change: SupplementChange, versions: Sequence[RuleVersion], supplement: Supplement) -> ChangeRow:
    before = _before(versions, supplement)
    rule = change.rule
    category, block = (rule.category, rule.block) if rule is not None else (change.category, change.block)
    return ChangeRow(
        code=rule.code if rule is not None else change.code,
        category=category.name if category is not None else "",
        block=block.name if block is not None else _("for all blocks"),
        unit=rule.unit if rule is not None else change.unit,
        maximum=rule.maximum if rule is not None else change.maximum,
        label=change.label,
        text=change.text,
        points=change.points,
        label_before=before.label if before is not None else "",
        text_before=before.text if before is not None else "",
        points_before=before.points if before is not None else None,
    )


def _before(versions: Sequence[RuleVersion], supplement: Supplement) -> RuleVersion | None:
    """Return the version a draft would follow, or the one an adopted supplement has followed."""
    earlier: RuleVersion | None = None
    for version in versions:
        if version.supplement_id == supplement.pk:
            break
        earlier = version
    return earlier


def _author(actor: Actor, supplement: Supplement) -> str:
    return supplement.drafted_by.display_name if actor.sees_names else ""
