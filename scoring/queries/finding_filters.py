"""What the queue of findings can be filtered by, and the findings that fit, in the order of the queue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.actors import Actor
from campaigns.models import Department
from scoring.enums import FindingState, Proof
from scoring.models import Category, Finding, Rule
from scoring.querysets import FindingQuerySet

if TYPE_CHECKING:
    from scoring.facts.detection import Text


Findings: TypeAlias = FindingQuerySet[Finding]
ORDER = ("rule__order", "charged__block__order", "charged__order", "happened_on", "id")


@dataclass(frozen=True)
class Tab:
    """A part of the queue: findings in one state, of open ones those with one proof."""

    code: str
    label: Text
    state: FindingState
    proof: Proof | None = None

    @property
    def is_undecided(self) -> bool:
        """Whether its findings wait for somebody."""
        return self.state == FindingState.OPEN

    @property
    def proposes_points(self) -> bool:
        """Whether its findings may be charged as they stand."""
        return self.is_undecided and self.proof == Proof.PROVEN


TABS = (
    Tab("open", _("To decide"), FindingState.OPEN, Proof.PROVEN),
    Tab("no-record", _("No record on the portal"), FindingState.OPEN, Proof.NO_RECORD),
    Tab("contradicted", _("Contradictory records"), FindingState.OPEN, Proof.CONTRADICTED),
    Tab("charged", _("Charged"), FindingState.CHARGED),
    Tab("dismissed", _("Dismissed"), FindingState.DISMISSED),
    Tab("gone", _("Gone by itself"), FindingState.GONE),
)
TO_DECIDE = TABS[0]


@dataclass(frozen=True)
class FindingFilters:
    """What a reader wants to see of the queue; everything empty shows what is to be decided."""

    tab: Tab = TO_DECIDE
    rule: str = ""
    department: UUID | None = None
    block: str = ""
    category: str = ""


@dataclass(frozen=True)
class FindingChoices:
    """What the queue can be filtered by."""

    departments: Sequence[Department]
    categories: Sequence[Category]
    rules: Sequence[tuple[str, str]]


def tab_of(code: str) -> Tab:
    """Return the tab of that code, what is to be decided for any other."""
    return next((tab for tab in TABS if tab.code == code), TO_DECIDE)


def finding_choices(actor: Actor) -> FindingChoices:
    """Return departments, categories and the rules that are seen from records. Three queries."""
    rules = Rule.objects.filter(campaign_id=actor.campaign_id, versions__number=1).exclude(detector="")
    departments = Department.objects.statement_visible_to(actor).select_related("block")
    return FindingChoices(
        departments=list(departments.order_by("block__order", "order")),
        categories=list(Category.objects.filter(campaign_id=actor.campaign_id)),
        rules=list(rules.order_by("order").values_list("code", "versions__label")),
    )


def filtered(findings: Findings, filters: FindingFilters) -> Findings:
    """Return of these findings what is wanted."""
    wanted: dict[str, Any] = {
        "state": filters.tab.state,
        "proof": filters.tab.proof,
        "rule__code": filters.rule,
        "charged__uuid": filters.department,
        "charged__block__code": filters.block,
        "rule__category__code": filters.category,
    }
    return findings.filter(**{name: value for name, value in wanted.items() if value})


def beyond(findings: Findings, place: tuple[Any, ...], *, backwards: bool = False) -> Findings:
    """Return the findings that follow a place of the queue (or precede it), nearest first."""
    condition = Q()
    for at, name in enumerate(ORDER):
        same = Q(**dict(zip(ORDER[:at], place[:at], strict=True)))
        condition |= same & Q(**{f"{name}__{'lt' if backwards else 'gt'}": place[at]})
    return findings.filter(condition).order_by(*(f"-{name}" if backwards else name for name in ORDER))


def place_of(actor: Actor, uuid: UUID | None) -> tuple[Any, ...] | None:
    """Return where in the queue a finding stands, decided or not; None when there is none. One query."""
    if uuid is None:
        return None
    return Finding.objects.of_campaign(actor).filter(uuid=uuid).values_list(*ORDER).first()
