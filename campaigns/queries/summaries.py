"""The list of summaries and materials: where each department's stand, as far as the reader may know."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from campaigns.actors import Actor
from campaigns.enums import PIECES, ObligationKind, PlanState, SummaryKind
from campaigns.models import Department, Obligation, Summary, SummaryVersion
from campaigns.queries.copies import CopyReceived, copies_of_summaries
from campaigns.queries.obligations import OwedRow, owed_row

NO_SUMMARY, NO_PIECE, NOT_YET = "summary", "piece", "any"  # what the filter “not yet” shows
OWED = (ObligationKind.SUMMARY, ObligationKind.PIECE)


@dataclass(frozen=True)
class SummaryEntry:
    """A summary or material in the list; ``is_received``: the e-copy of the version submitted last was confirmed."""

    uuid: UUID
    kind: str
    title: str
    state: str
    submitted_at: datetime | None
    is_received: bool

    @property
    def state_label(self) -> str:
        """The state in words."""
        return str(PlanState(self.state).label)

    @property
    def kind_label(self) -> str:
        """The kind in words."""
        return str(SummaryKind(self.kind).label)


@dataclass(frozen=True)
class SummaryRow:
    """A department with its closing summary (None: none the reader may know of), its materials and what it owes."""

    uuid: UUID
    department: str
    department_id: int
    block: str
    block_code: str
    is_own: bool
    summary: SummaryEntry | None
    pieces: tuple[SummaryEntry, ...]
    owed_summary: OwedRow | None
    owed_piece: OwedRow | None

    @property
    def submitted(self) -> int:
        """How many materials were handed in."""
        return sum(piece.submitted_at is not None for piece in self.pieces)

    @property
    def lacks_summary(self) -> bool:
        """Whether the closing summary is still to come."""
        return self.summary is None or self.summary.submitted_at is None

    @property
    def lacks_piece(self) -> bool:
        """Whether not one material has come."""
        return not self.submitted

    def fits(self, *, block: str, show: str) -> bool:
        """Whether the row is one of those asked for."""
        if block and block != self.block_code:
            return False
        if show == NO_SUMMARY:
            return self.lacks_summary
        if show == NO_PIECE:
            return self.lacks_piece
        return self.lacks_summary or self.lacks_piece if show == NOT_YET else True


def summary_rows(actor: Actor, *, on: date) -> list[SummaryRow]:
    """Return what the actor sees by department, in the scheme's order; five queries.

    Overseers read all departments, those without a summary too; others their own and those shown to them.
    """
    found: dict[int, list[Summary]] = defaultdict(list)
    for summary in Summary.objects.visible_to(actor).order_by("pk"):
        found[summary.department_id].append(summary)
    seen = Department.objects.visible_to(actor).select_related("block")
    if not actor.oversees:
        seen = seen.filter(pk__in={*actor.departments, *found})
    latest, copies, owed = _latest(actor), copies_of_summaries(actor), _owed(actor, on=on)
    rows = []
    for department in seen.order_by("block__order", "order"):
        entries = [_entry(summary, latest, copies) for summary in found[department.pk]]
        rows.append(
            SummaryRow(
                uuid=department.uuid,
                department=department.name,
                department_id=department.pk,
                block=department.block.name,
                block_code=department.block.code,
                is_own=department.pk in actor.departments,
                summary=next((entry for entry in entries if entry.kind == SummaryKind.SUMMARY), None),
                pieces=tuple(entry for entry in entries if entry.kind in PIECES),
                owed_summary=owed.get((department.pk, ObligationKind.SUMMARY)),
                owed_piece=owed.get((department.pk, ObligationKind.PIECE)),
            )
        )
    return rows


def _entry(summary: Summary, latest: dict[int, int], copies: dict[int, CopyReceived]) -> SummaryEntry:
    copy = copies.get(summary.pk)
    return SummaryEntry(
        uuid=summary.uuid,
        kind=summary.kind,
        title=summary.title,
        state=summary.state,
        submitted_at=summary.submitted_at,
        is_received=copy is not None and copy.version == latest.get(summary.pk),
    )


def _latest(actor: Actor) -> dict[int, int]:
    """Return the number of the version submitted last, by the id of its summary. One query."""
    seen = SummaryVersion.objects.visible_to(actor).order_by("number")
    return dict(seen.values_list("summary_id", "number"))  # later ones take the place


def _owed(actor: Actor, *, on: date) -> dict[tuple[int, str], OwedRow]:
    """Return what each department owes, as it stands on that day. One query."""
    found = Obligation.objects.visible_to(actor).filter(kind__in=OWED).select_related("milestone", "department")
    return {(row.department_id, row.kind): owed_row(row, on=on) for row in found.order_by("-due_on")}
