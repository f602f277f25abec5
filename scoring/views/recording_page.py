"""What the recording page is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from campaigns.models import Department
from campaigns.queries.people import ShortDepartment
from scoring.forms.recording import DeductionForm
from scoring.models import Deduction, Finding
from scoring.queries.finding_words import why
from scoring.queries.recording import Effect, PricedRule, RuleGroup, RuleReading
from scoring.queries.same_facts import SameFact
from scoring.queries.subjects import Proposal


@dataclass
class Page:
    """Everything the recording page shows around its form."""

    form: DeductionForm
    uuid: UUID
    charged: Department | None
    groups: list[RuleGroup]
    chosen: PricedRule | None
    inspection: Any = None
    reading: RuleReading | None = None
    effect: Effect | None = None
    proposal: Proposal | None = None
    proposal_is_own: bool = False
    is_undecided: bool = False
    exchanged: str = ""
    existing: Deduction | None = None
    may_replace: bool = False
    replaced: Deduction | None = None
    short: ShortDepartment | None = None
    finding: Finding | None = None
    same_facts: tuple[SameFact, ...] = ()
    place: str = ""  # what was decided about a proposed department before the page asked once more

    @property
    def finding_says(self) -> str:
        """The sentence of the finding it is about."""
        return why(self.finding) if self.finding is not None else ""
