"""What filing evidence needs: the things to tick with the portal's guesses, files filed before, what waits unfiled."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.calculations.guessing import Candidate, Guess, GuessReason, Tick, guess
from campaigns.enums import EvidenceTarget
from campaigns.models import Attachment, Campaign, Department, Evidence
from campaigns.queries.attachments import AttachedFile, files_of
from campaigns.queries.evidence import OWNER
from campaigns.queries.evidence_candidates import candidates_of, groups_of, ignored_words
from qualityseason.models import StoredFile

INBOX = 30  # shown at once, the oldest first
SHORT = 8  # letters
TWINS = 3  # told of at once


@dataclass(frozen=True)
class TickRow:
    """One thing to tick; ``reason`` says why the portal ticked it beforehand ('' where it did not)."""

    value: str
    label: str
    note: str
    is_ticked: bool
    reason: str = ""


@dataclass(frozen=True)
class TickGroup:
    """The things of one sort, those ticked first."""

    target: EvidenceTarget
    label: str
    rows: tuple[TickRow, ...]

    @property
    def ticked(self) -> int:
        """How many of them are ticked."""
        return sum(row.is_ticked for row in self.rows)

    @property
    def is_short(self) -> bool:
        """Whether its names are so short that they stand side by side."""
        return all(len(row.label) <= SHORT and not row.note for row in self.rows)


@dataclass(frozen=True)
class Twin:
    """A file of the same content that the department has filed already, and the evidence it belongs to."""

    name: str
    evidence: UUID
    text: str
    happened_on: date


@dataclass(frozen=True)
class WaitingEvidence:
    """Unfiled evidence with what the portal would tick."""

    uuid: UUID
    version: int
    text: str
    happened_on: date
    department: str
    files: tuple[AttachedFile, ...]
    ticks: tuple[TickRow, ...]


@dataclass(frozen=True)
class Inbox:
    """What waits unfiled, the oldest first; ``more`` are not shown yet."""

    rows: tuple[WaitingEvidence, ...]
    more: int


def value_of(tick: Tick) -> str:
    """Return what a box sends for something ticked."""
    return f"{tick[0]}:{tick[1]}"


def reason_of(found: Guess) -> str:
    """Return why the portal ticked something, in words."""
    if found.reason == GuessReason.CAME_FROM:
        return _("you came from there")
    if found.reason == GuessReason.MONTH:
        return _("month of that day")
    return _("guessed by “%(words)s”") % {"words": found.words}


def guesses_for(
    campaign: Campaign,
    department: Department,
    candidates: Sequence[Candidate],
    *,
    text: str,
    names: Iterable[str],
    day: date | None,
    came_from: Tick | None = None,
) -> tuple[Guess, ...]:
    """Return what the portal would tick of the department's candidates."""
    ignored = ignored_words(campaign, department)
    return guess(text, names, day, candidates, ignored=ignored, came_from=came_from)


def tick_groups(
    candidates: Iterable[Candidate], *, ticked: Collection[Tick], guesses: Iterable[Guess] = ()
) -> tuple[TickGroup, ...]:
    """Return everything to tick in groups, those ticked at the top of theirs."""
    reasons = {found.tick: reason_of(found) for found in guesses}
    return tuple(
        TickGroup(
            group.target,
            group.label,
            tuple(
                _row(one, ticked=ticked, reasons=reasons)
                for one in sorted(group.rows, key=lambda one: one.tick not in ticked)
            ),
        )
        for group in groups_of(candidates)
    )


def twins_of(department: Department, uploads: Sequence[UUID], *, by_id: int) -> tuple[Twin, ...]:
    """Return what the department has filed already with the content of these own uploads. Two queries.

    Another department's files are never looked at, so that equal content betrays nothing.
    """
    if not uploads:
        return ()
    own = StoredFile.objects.filter(uuid__in=uploads, stored_by_id=by_id, is_upload=True)
    names = dict(own.values_list("sha256", "name"))
    there = Attachment.objects.current().filter(department=department, owner_kind=OWNER, file__sha256__in=names)
    by_record = {owner: names[sha256] for owner, sha256 in there.values_list("owner_uuid", "file__sha256")}
    rows = Evidence.objects.filter(department=department, uuid__in=by_record).standing()[:TWINS]
    return tuple(Twin(by_record[row.uuid], row.uuid, row.text, row.happened_on) for row in rows)


def inbox(actor: Actor, campaign: Campaign, department_ids: Collection[int]) -> Inbox:
    """Return what waits unfiled in these departments with the guesses ticked. Thirteen queries at most."""
    unfiled = Evidence.objects.visible_to(actor).unfiled().filter(department_id__in=department_ids)
    rows = list(unfiled.select_related("department").order_by("entered_at", "pk")[:INBOX])
    more = unfiled.count() - len(rows)
    files = files_of(actor, OWNER, [row.uuid for row in rows], campaign=campaign) if rows else {}
    candidates = candidates_of(campaign, {row.department_id for row in rows}) if rows else {}
    return Inbox(tuple(_waiting(row, campaign, candidates, files.get(row.uuid, ())) for row in rows), more)


def _waiting(
    row: Evidence, campaign: Campaign, candidates: Mapping[int, tuple[Candidate, ...]], files: tuple[AttachedFile, ...]
) -> WaitingEvidence:
    own = candidates[row.department_id]
    names = [file.name for file in files]
    found = guesses_for(campaign, row.department, own, text=row.text, names=names, day=row.happened_on)
    by_tick = {candidate.tick: candidate for candidate in own}
    reasons = {one.tick: reason_of(one) for one in found}
    ticks = tuple(_row(by_tick[one.tick], ticked=reasons, reasons=reasons) for one in found)
    return WaitingEvidence(row.uuid, row.version, row.text, row.happened_on, row.department.name, files, ticks)


def _row(candidate: Candidate, *, ticked: Collection[Tick], reasons: Mapping[Tick, str]) -> TickRow:
    is_ticked = candidate.tick in ticked
    reason = reasons.get(candidate.tick, "") if is_ticked else ""
    return TickRow(value_of(candidate.tick), candidate.label, candidate.note, is_ticked, reason)
