"""What changed in a plan or summary: between two versions, or between the last version and the text being written."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from campaigns import policy
from campaigns.actors import Actor
from campaigns.calculations.comparison import Comparison, EntryChange, FieldChange, compare_plans
from campaigns.calculations.texts import ChangeKind, Piece
from campaigns.enums import WRITABLE_PLAN_STATES
from campaigns.facts import PlanContent
from campaigns.models.any_paper import AnyPaper
from campaigns.queries.paper_content import content_of
from campaigns.queries.paper_versions import Remarks, remarks_of, versions_seen

WORKING = 0  # the text being written, in place of a version's number

LABELS = {
    "text": "",
    "measure": _("Measure"),
    "standard": _("Standard"),
    "outcome": _("Outcome"),
    "incentive": _("Incentive"),
    "service": _("Service and cooperation"),
    "cooperating": _("Cooperating departments"),
    "responsible": _("Who is responsible"),
    "due": _("By when"),
    "duties": _("Duties served"),
    "quality_document": _("Quality-system document"),
}


@dataclass(frozen=True)
class ShownField:
    """One field with its name on screen."""

    label: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class ShownEntry:
    """A part or item of the comparison, with only the fields worth showing and what the office had remarked."""

    uuid: str
    kind: ChangeKind
    before: int
    after: int
    title: tuple[Piece, ...]
    fields: tuple[ShownField, ...]
    is_moved: bool
    remark: str


@dataclass(frozen=True)
class PaperChanges:
    """The page of what changed; numbers are versions, `WORKING` the text being written."""

    older: int
    newer: int
    choices: tuple[int, ...]
    comparison: Comparison
    parts: tuple[ShownEntry, ...]
    items: tuple[ShownEntry, ...]
    remarks: Remarks
    sees_working: bool

    @property
    def added(self) -> int:
        """How many parts and items came."""
        return self.comparison.count(ChangeKind.ADDED)

    @property
    def removed(self) -> int:
        """How many parts and items went."""
        return self.comparison.count(ChangeKind.REMOVED)

    @property
    def changed(self) -> int:
        """How many parts and items read otherwise."""
        return self.comparison.count(ChangeKind.CHANGED)


def paper_changes(
    actor: Actor, paper: AnyPaper, *, older: int | None = None, newer: int | None = None
) -> PaperChanges | None:
    """Return what changed from `older` to `newer`; None where the actor sees not both.

    Left out, `newer` is the text being written for who may read it while the text is in the department's hands, else
    the latest version, and `older` the version before.
    """
    versions = {version.number: version for version in versions_seen(actor, paper)}
    sees_working = policy.can_see_working_text(actor, paper)
    numbers = sorted(versions)
    if newer is None:
        newer = WORKING if sees_working and paper.state in WRITABLE_PLAN_STATES else max(numbers, default=WORKING)
    if older is None:
        older = max((number for number in numbers if newer == WORKING or number < newer), default=newer)
    if older not in versions or not (newer in versions or (newer == WORKING and sees_working)):
        return None
    before = versions[older]
    after = content_of(paper) if newer == WORKING else PlanContent.from_json(versions[newer].content)
    comparison = compare_plans(PlanContent.from_json(before.content), after)
    remarks = remarks_of(before) if sees_working else Remarks()
    return PaperChanges(
        older=older,
        newer=newer,
        choices=tuple(numbers),
        comparison=comparison,
        parts=tuple(_shown(entry, remarks) for entry in comparison.parts),
        items=tuple(_shown(entry, remarks) for entry in comparison.items),
        remarks=remarks,
        sees_working=sees_working,
    )


def _shown(entry: EntryChange, remarks: Remarks) -> ShownEntry:
    fields: list[FieldChange] = [
        field for field in entry.fields if field.pieces and (entry.kind != ChangeKind.CHANGED or field.is_changed)
    ]
    return ShownEntry(
        uuid=entry.uuid,
        kind=entry.kind,
        before=entry.before,
        after=entry.after,
        title=entry.title,
        fields=tuple(ShownField(str(LABELS[field.name]), field.pieces) for field in fields),
        is_moved=entry.is_moved,
        remark=remarks.by_target.get(entry.uuid, ""),
    )
