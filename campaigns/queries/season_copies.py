"""What the next season would be as a copy of this one: its dates, what comes along and what does not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils.translation import gettext as _

from campaigns.calculations.season_shift import shift_months, shift_years, whole_years
from campaigns.enums import DepartmentKind
from campaigns.models import (
    Block,
    Campaign,
    Department,
    DepartmentLeader,
    Duty,
    Milestone,
    Phase,
    Responsibility,
    Term,
)
from qualityseason.text import fingerprint, squeeze


@dataclass(frozen=True)
class SeasonDraft:
    """What somebody asks of the next season; ``term_names`` by the code of the old term, where not as computed."""

    slug: str
    name: str
    starts_on: date
    term_names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class MovedRow:
    """Something with dates: what it is called then, its days before and after as text."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class CopyPreview:
    """The copy before it is made; ``closed`` are departments left out, ``dropped`` names nobody bears any more."""

    days: int
    sections: tuple[tuple[str, tuple[MovedRow, ...]], ...]
    blocks: int
    departments: int
    closed: tuple[str, ...]
    duties: int
    leaders: int
    of_departments: int
    of_users: tuple[str, ...]
    dropped: tuple[str, ...]

    @property
    def digest(self) -> str:
        """A mark of all it says; the form carries it, so that what is made is what was shown."""
        return fingerprint(self)


class NameBook:
    """Names by which lists call departments: kinds, codes of blocks, names and aliases of standing departments."""

    def __init__(self, departments: Sequence[Department], blocks: Sequence[str]) -> None:
        self._fixed = {*DepartmentKind.values, *blocks, *(row.name for row in departments)}
        self._aliases = {squeeze(alias): row.name for row in departments for alias in row.aliases}

    def carried(self, names: Sequence[str]) -> list[str]:
        """Return the names as they are now, those nobody bears left out."""
        found = (name if name in self._fixed else self._aliases.get(squeeze(name)) for name in names)
        return list(dict.fromkeys(name for name in found if name is not None))

    def dropped(self, names: Sequence[str]) -> list[str]:
        """Return the names nobody bears any more."""
        return [name for name in names if not self.carried([name])]


def standing_departments(campaign: Campaign) -> list[Department]:
    """Return the departments that are not closed. One query."""
    rows = Department.objects.filter(campaign=campaign, closed_on__isnull=True)
    return list(rows.select_related("block").order_by("order"))


def name_book(campaign: Campaign, departments: Sequence[Department]) -> NameBook:
    """Return the names lists of the season may use. One query."""
    return NameBook(departments, list(Block.objects.filter(campaign=campaign).values_list("code", flat=True)))


def days_between(campaign: Campaign, draft: SeasonDraft) -> int:
    """Return by how many days everything moves."""
    return (draft.starts_on - campaign.starts_on).days


def term_name(term: Term, draft: SeasonDraft, *, days: int) -> str:
    """Return what a term is called in the next season."""
    return draft.term_names.get(term.code) or shift_years(term.name, whole_years(days))


def preview_copy(campaign: Campaign, draft: SeasonDraft) -> CopyPreview:
    """Return what the copy would be. Ten queries, whatever the season holds."""
    days = days_between(campaign, draft)
    departments = standing_departments(campaign)
    book = name_book(campaign, departments)
    milestones = list(Milestone.objects.filter(campaign=campaign))
    standing = {"campaign": campaign, "department__closed_on__isnull": True}
    held = Responsibility.objects.filter(campaign=campaign).exclude(department__closed_on__isnull=False)
    holders = list(held.select_related("user", "department"))
    named = [name for row in milestones for name in row.owed_by]
    named += [name for entry in campaign.lists.get("monthly", ()) for name in (*entry["owed_by"], *entry.get("to", ()))]
    closed = Department.objects.filter(campaign=campaign, closed_on__isnull=False).order_by("order")
    return CopyPreview(
        days=days,
        sections=_sections(campaign, draft, milestones, days=days),
        blocks=Block.objects.filter(campaign=campaign).count(),
        departments=len(departments),
        closed=tuple(closed.values_list("name", flat=True)),
        duties=Duty.objects.filter(**standing, ended_at__isnull=True).count(),
        leaders=DepartmentLeader.objects.filter(**standing).count(),
        of_departments=sum(row.department_id is not None for row in holders),
        of_users=tuple(dict.fromkeys(row.user.display_name for row in holders if row.user is not None)),
        dropped=tuple(dict.fromkeys(book.dropped(named))),
    )


def _sections(
    campaign: Campaign, draft: SeasonDraft, milestones: Sequence[Milestone], *, days: int
) -> tuple[tuple[str, tuple[MovedRow, ...]], ...]:
    by = timedelta(days=days)

    def moved(name: str, first: date | None, last: date) -> MovedRow:
        return MovedRow(name, _span(first, last), _span(first + by if first else None, last + by))

    months = zip(campaign.working_months, shift_months(campaign.working_months, days), strict=True)
    terms = Term.objects.filter(campaign=campaign)
    return (
        (
            _("Season"),
            (
                moved(_("Season"), campaign.starts_on, campaign.ends_on),
                moved(_("Days of facts"), campaign.facts_from, campaign.facts_until),
            ),
        ),
        (_("Terms"), tuple(moved(term_name(row, draft, days=days), row.starts_on, row.ends_on) for row in terms)),
        (
            _("Phases"),
            tuple(moved(row.name, row.starts_on, row.ends_on) for row in Phase.objects.filter(campaign=campaign)),
        ),
        (_("Milestones"), tuple(moved(row.name, row.opens_on, row.due_on) for row in milestones)),
        (_("Working months"), tuple(MovedRow("", before, after) for before, after in months)),
    )


def _span(first: date | None, last: date) -> str:
    return f"{first.isoformat()} — {last.isoformat()}" if first is not None else last.isoformat()
