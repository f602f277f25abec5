"""The list of appeals, and what of an appeal stands on the page of its line. Fixed numbers of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from campaigns.actors import Actor
from campaigns.models import Department
from qualityseason.clock import day_of
from scoring import policy
from scoring.enums import RULINGS, AppealState
from scoring.models import Appeal, Deduction
from scoring.queries.rulers import Rulers, load_rulers, why_not_rule
from scoring.querysets import AppealQuerySet

if TYPE_CHECKING:
    from scoring.facts.detection import Text

PAGE = 50  # appeals of one page of the list


@dataclass(frozen=True)
class Tab:
    """A part of the list: appeals in some states; those that wait with the oldest first."""

    code: str
    label: Text
    states: tuple[AppealState, ...]

    @property
    def is_waiting(self) -> bool:
        """Whether its appeals wait for a ruling."""
        return AppealState.PENDING in self.states


TABS = (
    Tab("pending", _("To be ruled"), (AppealState.PENDING,)),
    Tab("ruled", _("Ruled"), tuple(sorted(RULINGS))),
    Tab("taken-back", _("Taken back"), (AppealState.WITHDRAWN,)),
)


@dataclass(frozen=True)
class AppealRow:
    """One appeal of the list: `days` since it was made, `is_mine` where the reader may rule, `is_stuck` where nobody.

    `left` is what a ruling leaves of the amount, None where it left it as it was.
    """

    uuid: UUID
    department: str
    line: UUID
    code: str
    label: str
    subject: str
    happened_on: date
    amount: Decimal
    left: Decimal | None
    reason: str
    appealed_on: date
    is_late: bool
    spoken_by: str
    state: AppealState
    state_name: str
    ruled_at: datetime | None
    days: int
    is_again: bool
    is_mine: bool
    is_stuck: bool
    is_for_leaders: bool

    @property
    def is_changed(self) -> bool:
        """Whether a ruling took something off."""
        return self.left is not None


@dataclass(frozen=True)
class AppealPart:
    """A part of the list, with how many appeals each tab has; `before` and `after` name where to go on."""

    rows: tuple[AppealRow, ...]
    tab: Tab
    counts: dict[str, int]
    before: UUID | None
    after: UUID | None


@dataclass(frozen=True)
class LineAppeal:
    """What the page of a line says about appealing it; `until` is the last day, None while it is not opened.

    `appeal` contests this line, `made_by` is the one whose ruling made it. `may_appeal`, `may_enter`: the reader does;
    `head_may`: the reader's head does. `is_late`: the window is over; `is_final`: changed twice, it stands.
    """

    appeal: Appeal | None
    made_by: Appeal | None
    until: date | None
    days_left: int
    may_appeal: bool
    may_enter: bool
    head_may: bool
    is_late: bool
    is_final: bool

    @property
    def says_anything(self) -> bool:
        """Whether there is anything to say to this reader."""
        return bool(self.appeal or self.made_by or self.may_appeal or self.may_enter or self.head_may)


def tab_of(code: str) -> Tab:
    """Return the tab of that code, what is to be ruled for any other."""
    return next((tab for tab in TABS if tab.code == code), TABS[0])


def list_appeals(
    actor: Actor,
    tab: Tab,
    *,
    at: datetime,
    department: UUID | None = None,
    after: UUID | None = None,
    before: UUID | None = None,
) -> AppealPart:
    """Return one page of the appeals the actor may see. Two queries, five more where appeals wait, one for a place."""
    visible = Appeal.objects.visible_to(actor)
    if department is not None:
        visible = visible.filter(department__uuid=department)
    numbers = dict(visible.order_by().values_list("state").annotate(number=Count("pk")))
    counts = {one.code: sum(numbers.get(state, 0) for state in one.states) for one in TABS}
    part, newer, older = _part(visible.filter(state__in=tab.states), tab, after=after, before=before)
    rulers = load_rulers(part, on=day_of(at)) if tab.is_waiting and actor.oversees else {}
    rows = tuple(_row(actor, appeal, rulers.get(appeal.pk), at=at) for appeal in part)
    return AppealPart(rows, tab, counts, newer, older)


def appealing_departments(actor: Actor) -> Sequence[Department]:
    """Return the departments with appeals the actor may see, to filter by. One query."""
    appealing = Appeal.objects.visible_to(actor).order_by().values("department")
    return list(Department.objects.filter(pk__in=appealing).select_related("block").order_by("order"))


def appeal_of_line(actor: Actor, line: Deduction, *, on: date) -> LineAppeal:
    """Return what the page of a confirmed visible line says about appealing it. One query."""
    around = Appeal.objects.visible_to(actor).filter(Q(deduction=line) | Q(outcome=line)).order_by("pk")
    rows = [] if line.confirmed_at is None else list(around)
    own = next((row for row in rows if row.deduction_id == line.pk and row.state != AppealState.WITHDRAWN), None)
    made_by = next((row for row in rows if row.outcome_id == line.pk), None)
    is_final = made_by is not None and made_by.earlier_id is not None
    is_late = line.appeal_until is not None and on > line.appeal_until
    is_open = own is None and not is_final and line.confirmed_at is not None and line.withdrawn_at is None
    may_appeal = is_open and policy.can_appeal(actor, line)
    is_own = line.charged_id in actor.departments
    return LineAppeal(
        appeal=own,
        made_by=made_by,
        until=line.appeal_until,
        days_left=(line.appeal_until - on).days if line.appeal_until is not None else 0,
        may_appeal=may_appeal and not is_late,
        may_enter=is_open and policy.can_enter_appeal(actor, line),
        head_may=is_open and is_own and not may_appeal and not is_late,
        is_late=is_open and is_late and is_own,
        is_final=is_final,
    )


def _part(
    appeals: AppealQuerySet[Appeal], tab: Tab, *, after: UUID | None, before: UUID | None
) -> tuple[list[Appeal], UUID | None, UUID | None]:
    """Return one page in the tab's order, and the appeals to go on from on both sides."""
    place = _place_of(appeals, after or before)
    backwards = place is not None and after is None
    rising = tab.is_waiting != backwards
    if place is not None:
        at, pk = place
        later = Q(appealed_at__gt=at) | Q(appealed_at=at, pk__gt=pk)
        sooner = Q(appealed_at__lt=at) | Q(appealed_at=at, pk__lt=pk)
        appeals = appeals.filter(later if rising else sooner)
    loaded = appeals.select_related(
        "department", "deduction__rule", "deduction__rule_version", "outcome", "earlier__deduction"
    )
    order = ("appealed_at", "pk") if rising else ("-appealed_at", "-pk")
    found = list(loaded.order_by(*order)[: PAGE + 1])
    more, found = len(found) > PAGE, found[:PAGE]
    if backwards:
        found.reverse()
    if not found:
        return [], None, None
    has_before = more if backwards else place is not None
    has_after = True if backwards else more
    return found, found[0].uuid if has_before else None, found[-1].uuid if has_after else None


def _place_of(appeals: AppealQuerySet[Appeal], uuid: UUID | None) -> tuple[datetime, int] | None:
    return None if uuid is None else appeals.filter(uuid=uuid).values_list("appealed_at", "pk").first()


def _row(actor: Actor, appeal: Appeal, rulers: Rulers | None, *, at: datetime) -> AppealRow:
    line = appeal.deduction
    if actor.is_interested_in(line.charged_id, line.visited_id):
        rulers = None
    is_up_to_reader = rulers is not None and not why_not_rule(actor, appeal, line, on=day_of(at), rulers=rulers)
    if appeal.state == AppealState.REDUCED and appeal.outcome is not None:
        left = appeal.outcome.amount
    else:
        left = Decimal(0) if appeal.state == AppealState.REVOKED else None
    return AppealRow(
        uuid=appeal.uuid,
        department=appeal.department.name,
        line=line.uuid,
        code=line.rule.code,
        label=line.rule_version.label,
        subject=line.subject_label,
        happened_on=line.happened_on,
        amount=line.amount,
        left=left,
        reason=appeal.reason,
        appealed_on=appeal.appealed_on,
        is_late=appeal.is_late,
        spoken_by=appeal.spoken_by,
        state=AppealState(appeal.state),
        state_name=appeal.get_state_display(),
        ruled_at=appeal.ruled_at,
        days=(day_of(at) - appeal.appealed_on).days,
        is_again=appeal.earlier_id is not None,
        is_mine=is_up_to_reader,
        is_stuck=rulers is not None and rulers.is_nobody,
        is_for_leaders=rulers is not None and not rulers.leads and bool(rulers.leaders),
    )
