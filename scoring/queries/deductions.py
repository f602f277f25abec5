"""The list of deductions and one deduction, as the reader may see them. Fixed numbers of queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Generic, TypeVar
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from campaigns.actors import Actor
from scoring import policy
from scoring.enums import DeductionState
from scoring.models import Deduction, Inspection
from scoring.queries.deduction_filters import DeductionFilters, Lines, filtered
from scoring.queries.periods import period_name

PAGE_LINES = 50  # rows of one page of a list
R = TypeVar("R")


@dataclass(frozen=True)
class DeductionRow:
    """One line of the list. Points are Decimal; names are '' where there is none yet."""

    uuid: UUID
    happened_on: date
    department: str
    code: str
    label: str
    category: str
    unit: str
    quantity: int
    points: Decimal
    amount: Decimal
    subject: str
    subject_is_text: bool
    state: DeductionState
    recorded_by: str
    confirmed_by: str
    may_confirm: bool

    @property
    def is_withdrawn(self) -> bool:
        """Whether the line no longer counts."""
        return self.state == DeductionState.WITHDRAWN


@dataclass(frozen=True)
class Page(Generic[R]):
    """A part of a list; `older` and `newer` are the rows from which to go on, None at an end."""

    rows: list[R]
    older: UUID | None
    newer: UUID | None


@dataclass(frozen=True)
class Event:
    """Something that happened to a line: recorded, confirmed, told, withdrawn."""

    act: str
    at: datetime
    by: str
    because: str = ""


@dataclass(frozen=True)
class DeductionDetail:
    """One line with all that belongs to it, as far as the reader may know."""

    line: Deduction
    period: str
    subject_is_text: bool
    inspection: Inspection | None
    replaces: Deduction | None
    replaced_by: Deduction | None
    answers: list[tuple[str, str]]
    events: list[Event]
    may_confirm: bool
    may_withdraw: bool
    may_correct: bool


def list_deductions(
    actor: Actor, filters: DeductionFilters, *, older_than: UUID | None = None, newer_than: UUID | None = None
) -> Page[DeductionRow]:
    """Return one page of the lines the actor may see, latest first. At most four queries without filters."""
    wanted = filtered(Deduction.objects.visible_to(actor), actor, filters)
    keys = page_keys(wanted, actor, older_than=older_than, newer_than=newer_than)
    lines = (
        Deduction.objects.filter(pk__in=keys.rows)
        .select_related("charged", "rule", "category", "rule_version", "recorded_by", "confirmed_by")
        .defer("text", "note", "answers", "rule_version__text")
        .order_by("-happened_on", "-id")
    )
    return Page([row_of(line, actor) for line in lines], keys.older, keys.newer)


def page_keys(wanted: Lines, actor: Actor, *, older_than: UUID | None, newer_than: UUID | None) -> Page[int]:
    """Return the ids of one page of `wanted`, chosen from the ledger's index alone before anything is joined."""
    place = _place_of(actor, older_than or newer_than)
    backwards = place is not None and older_than is None
    order = ("happened_on", "id") if backwards else ("-happened_on", "-id")
    found: list[tuple[int, UUID]] = []
    for part in parts_from(wanted, place, backwards=backwards):
        found += part.order_by(*order).values_list("pk", "uuid")[: PAGE_LINES + 1 - len(found)]
        if len(found) > PAGE_LINES:
            break
    more, found = len(found) > PAGE_LINES, found[:PAGE_LINES]
    if backwards:
        found.reverse()
    ends = (found[0][1], found[-1][1]) if found else (None, None)
    return Page(
        rows=[pk for pk, _uuid in found],
        older=ends[1] if more or backwards else None,
        newer=ends[0] if (more if backwards else place is not None) else None,
    )


def parts_from(wanted: Lines, place: tuple[date, int] | None, *, backwards: bool) -> list[Lines]:
    """Return what follows a place of the list: the rest of its day, then the other days.

    Each part enters the index (campaign, -happened_on, -id) exactly where it begins; one condition for both would
    read the whole day, or on SQLite everything before it.
    """
    if place is None:
        return [wanted]
    day, pk = place
    if backwards:
        return [wanted.filter(happened_on=day, pk__gt=pk), wanted.filter(happened_on__gt=day)]
    return [wanted.filter(happened_on=day, pk__lt=pk), wanted.filter(happened_on__lt=day)]


def row_of(line: Deduction, actor: Actor) -> DeductionRow:
    """Return a line loaded with its department, rule, version, category and people as a row the actor may read."""
    named = sees_names(actor, line)
    return DeductionRow(
        uuid=line.uuid,
        happened_on=line.happened_on,
        department=line.charged.name,
        code=line.rule.code,
        label=line.rule_version.label,
        category=line.category.name,
        unit=line.rule.unit,
        quantity=line.quantity,
        points=line.points,
        amount=line.amount,
        subject=line.subject_label,
        subject_is_text=line.subject_is_text,
        state=line.state,
        recorded_by=author(line.recorded_by.display_name, named=named),
        confirmed_by=author(line.confirmed_by.display_name if line.confirmed_by else None, named=named),
        may_confirm=policy.can_confirm(actor, line),
    )


def load_detail(actor: Actor, line: Deduction) -> DeductionDetail:
    """Return everything about a visible line loaded with `detail_lines`. Three queries, four with a period."""
    named = sees_names(actor, line)
    visible = Deduction.objects.visible_to(actor).select_related("rule")
    around = {one.pk: one for one in visible.filter(Q(pk=line.replaces_id) | Q(replaces=line)).order_by("pk")}
    successors = [one for one in around.values() if one.replaces_id == line.pk]
    labels = {ask["code"]: ask["label"] for ask in line.rule.asks}
    inspections = Inspection.objects.visible_to(actor).select_related("department")
    return DeductionDetail(
        line=line,
        period=period_name(line.campaign_id, line.period),
        subject_is_text=line.subject_is_text,
        inspection=inspections.filter(pk=line.inspection_id or 0).first(),
        replaces=around.get(line.replaces_id or 0),
        replaced_by=next((one for one in successors if one.withdrawn_at is None), None),
        answers=[(labels.get(code, code), text) for code, text in line.answers.items()] if named else [],
        events=_events(line, named=named),
        may_confirm=policy.can_confirm(actor, line),
        may_withdraw=policy.can_withdraw(actor, line),
        may_correct=policy.can_withdraw(actor, line) and policy.can_record(actor, line.charged_id, line.visited_id),
    )


def detail_lines(actor: Actor) -> Lines:
    """Return the visible lines with what a page about one of them names."""
    return Deduction.objects.visible_to(actor).select_related(
        "charged__block", "visited", "rule", "category", "rule_version", "recorded_by", "confirmed_by", "told_by",
        "withdrawn_by", "subject_person", "subject_class",
    )  # fmt: skip


def sees_names(actor: Actor, line: Deduction) -> bool:
    """Whether the actor reads who recorded and confirmed this line; nobody does about an own department."""
    return actor.sees_names and not actor.is_interested_in(line.charged_id, line.visited_id)


def author(name: str | None, *, named: bool) -> str:
    """Return a name, or the assessment team in its place; '' where nobody has acted yet."""
    if name is None:
        return ""
    return name if named else _("Assessment team")


def _place_of(actor: Actor, uuid: UUID | None) -> tuple[date, int] | None:
    if uuid is None:
        return None
    known = Deduction.objects.of_campaign(actor).filter(uuid=uuid)
    return known.values_list("happened_on", "pk").first()


def _events(line: Deduction, *, named: bool) -> list[Event]:
    told = (
        (_("Was recorded"), line.recorded_at, line.recorded_by, ""),
        (_("Was confirmed"), line.confirmed_at, line.confirmed_by, ""),
        (_("Was told to the department"), line.told_at, line.told_by, ""),
        (_("Was withdrawn"), line.withdrawn_at, line.withdrawn_by, line.withdrawn_because),
    )
    return [
        Event(act, at, author(by.display_name if by else _("Portal"), named=named or at is line.told_at), because)
        for act, at, by, because in told
        if at is not None
    ]
