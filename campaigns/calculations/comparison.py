"""What changed between two texts of a plan: parts and items added, removed, changed, and the words inside each."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from campaigns.calculations.texts import ChangeKind, Pieces, compare_texts
from campaigns.facts.plans import ItemContent, PartContent, PlanContent

ITEM_FIELDS = (
    "measure",
    "standard",
    "outcome",
    "incentive",
    "service",
    "cooperating",
    "responsible",
    "due",
    "duties",
    "quality_document",
)


@dataclass(frozen=True)
class FieldChange:
    """One field of an item or part, with the words that came and went."""

    name: str
    pieces: Pieces

    @property
    def is_changed(self) -> bool:
        """Whether any word differs."""
        return any(piece.kind != ChangeKind.SAME for piece in self.pieces)


@dataclass(frozen=True)
class EntryChange:
    """A part or item in either version; ``before`` and ``after`` are its numbers there, 0 where it is not."""

    uuid: str
    kind: ChangeKind
    before: int
    after: int
    title: Pieces
    fields: tuple[FieldChange, ...]
    is_moved: bool = False


@dataclass(frozen=True)
class Comparison:
    """All that differs between two texts of a plan, in the order of the new one."""

    title: Pieces
    parts: tuple[EntryChange, ...]
    items: tuple[EntryChange, ...]
    files_added: tuple[str, ...] = ()
    files_removed: tuple[str, ...] = ()
    word_before: str = ""
    word_after: str = ""
    word_changed: bool = False

    @property
    def is_same(self) -> bool:
        """Whether both texts say the same."""
        entries = (*self.parts, *self.items)
        return (
            all(piece.kind == ChangeKind.SAME for piece in self.title)
            and all(entry.kind == ChangeKind.SAME and not entry.is_moved for entry in entries)
            and not (self.files_added or self.files_removed or self.word_changed)
        )

    def count(self, kind: ChangeKind) -> int:
        """Return how many parts and items are of that kind."""
        return sum(entry.kind == kind for entry in (*self.parts, *self.items))


def compare_plans(before: PlanContent, after: PlanContent) -> Comparison:
    """Return what changed from one text of a plan to the next; parts and items are known by their uuid."""
    files_before = {(file.name, file.sha256): file.name for file in before.files}
    files_after = {(file.name, file.sha256): file.name for file in after.files}
    return Comparison(
        title=compare_texts(before.title, after.title),
        parts=_compare_entries(before.parts, after.parts),
        items=_compare_entries(before.items, after.items),
        files_added=tuple(name for key, name in files_after.items() if key not in files_before),
        files_removed=tuple(name for key, name in files_before.items() if key not in files_after),
        word_before=before.word_name,
        word_after=after.word_name,
        word_changed=before.word_sha256 != after.word_sha256,
    )


Entry = PartContent | ItemContent


def _compare_entries(before: Sequence[Entry], after: Sequence[Entry]) -> tuple[EntryChange, ...]:
    old = {entry.uuid: (number, entry) for number, entry in enumerate(before, start=1)}
    new = {entry.uuid: (number, entry) for number, entry in enumerate(after, start=1)}
    moved = _moved([uuid for uuid in old if uuid in new], [uuid for uuid in new if uuid in old])
    return tuple(
        _compare_entry(uuid, old.get(uuid), new.get(uuid), is_moved=uuid in moved)
        for uuid in _in_order(list(old), list(new))
    )


def _in_order(old: Sequence[str], new: Sequence[str]) -> list[str]:
    """Return the new order, each one taken out standing behind what it stood behind before."""
    order = list(new)
    known = set(new)
    for place, uuid in enumerate(old):
        if uuid not in known:
            order.insert(order.index(old[place - 1]) + 1 if place else 0, uuid)
    return order


def _moved(old: Sequence[str], new: Sequence[str]) -> frozenset[str]:
    kept: set[str] = set()
    for block in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks():
        kept.update(old[block.a : block.a + block.size])
    return frozenset(uuid for uuid in new if uuid not in kept)


def _compare_entry(
    uuid: str, old: tuple[int, Entry] | None, new: tuple[int, Entry] | None, *, is_moved: bool
) -> EntryChange:
    before, after = old[1] if old else None, new[1] if new else None
    title = compare_texts(before.title if before else "", after.title if after else "")
    texts_before, texts_after = _texts_of(before), _texts_of(after)
    names = list(dict.fromkeys((*texts_after, *texts_before)))
    fields = tuple(
        FieldChange(name, compare_texts(texts_before.get(name, ""), texts_after.get(name, ""))) for name in names
    )
    if old is None:
        kind = ChangeKind.ADDED
    elif new is None:
        kind = ChangeKind.REMOVED
    else:
        is_changed = _texts_differ(title) or any(field.is_changed for field in fields)
        kind = ChangeKind.CHANGED if is_changed else ChangeKind.SAME
    return EntryChange(
        uuid=uuid,
        kind=kind,
        before=old[0] if old else 0,
        after=new[0] if new else 0,
        title=title,
        fields=fields,
        is_moved=is_moved,
    )


def _texts_differ(pieces: Pieces) -> bool:
    return any(piece.kind != ChangeKind.SAME for piece in pieces)


def _texts_of(entry: Entry | None) -> dict[str, str]:
    if entry is None:
        return {}
    if isinstance(entry, PartContent):
        return {"text": entry.text}
    return {name: _text(getattr(entry, name)) for name in ITEM_FIELDS}


def _text(value: Hashable) -> str:
    return "\n".join(value) if isinstance(value, tuple) else str(value)
