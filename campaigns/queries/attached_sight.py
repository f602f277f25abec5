"""Which files of a plan, summary or decision a reader may open: not all that is attached is for who sees the record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from campaigns.actors import Actor
from campaigns.enums import DecisionKind
from campaigns.models import Attachment, ContestEntry, Decision, Plan, PlanVersion, Summary, SummaryVersion
from campaigns.policy import can_see_working_text
from campaigns.queries.honours import interested_uuids

SIGNED = "signed"
OF_VERSIONS = frozenset({"", "word"})  # slots whose files versions are made with
NAMING: dict[str, str] = {
    DecisionKind.HONOURS: "departments",
    DecisionKind.RANK_TIE: "order",
    DecisionKind.COMMENDED: "touched",
}  # where a decision's data names the departments it concerns, by their uuids


def plan_files(actor: Actor, plans: Sequence[Plan], files: Sequence[Attachment]) -> frozenset[int]:
    """Return the ids of the files of plans the actor may open. One query at most."""
    versions = PlanVersion.objects.visible_to(actor).filter(plan__in=[plan.pk for plan in plans])
    return _opened(actor, plans, files, versions)


def summary_files(actor: Actor, summaries: Sequence[Summary], files: Sequence[Attachment]) -> frozenset[int]:
    """Return the ids of the files of summaries and materials the actor may open. One query at most."""
    versions = SummaryVersion.objects.visible_to(actor).filter(summary__in=[summary.pk for summary in summaries])
    return _opened(actor, summaries, files, versions)


def _opened(
    actor: Actor,
    papers: Sequence[Plan] | Sequence[Summary],
    files: Sequence[Attachment],
    versions: QuerySet[PlanVersion] | QuerySet[SummaryVersion],
) -> frozenset[int]:
    """Return which files may be opened, `versions` being those seen.

    Writers and office open what stands there, overseers and receivers the signed paper, and everybody the files of
    the versions seen, also those the next version leaves out; the rest is a draft.
    """
    writers_of = {paper.uuid for paper in papers if can_see_working_text(actor, paper)}
    sees_signed = actor.oversees or actor.receives
    standing = frozenset(
        file.pk
        for file in files
        if file.removed_at is None and (file.owner_uuid in writers_of or (file.slot == SIGNED and sees_signed))
    )
    rest = [file for file in files if file.pk not in standing and file.slot in OF_VERSIONS]
    if not rest:
        return standing
    words: set[int | None] = set()
    enclosed: set[str] = set()
    for word, listed in versions.order_by("pk").values_list("word_file_id", "content__files"):
        words.add(word)
        enclosed.update(file["uuid"] for file in listed or ())
    return standing | {file.pk for file in rest if file.pk in words or str(file.uuid) in enclosed}


def is_free_of_tie(actor: Actor, decision: Decision) -> bool:
    """Whether the actor has no interest in a department of the tie that was decided. One query for who has any."""
    return not (actor.interests and _touching(actor, [decision]))


def decision_files(actor: Actor, decisions: Sequence[Decision], files: Sequence[Attachment]) -> frozenset[int]:
    """Return the ids of the files the actor may open: none of a tie with a department of own interest (回避)."""
    barred = decisions_of_interest(actor, decisions)
    return frozenset(file.pk for file in files if file.removed_at is None and file.owner_uuid not in barred)


def decisions_of_interest(actor: Actor, decisions: Sequence[Decision]) -> frozenset[Any]:
    """Return the uuids of the decisions that concern a department of own interest. Two queries, none without any."""
    return _touching(actor, decisions) if actor.interests else frozenset()


def _touching(actor: Actor, decisions: Sequence[Decision]) -> frozenset[Any]:
    """Return the uuids of the decisions that concern a department of own interest."""
    named = {row.uuid: row.data.get(NAMING[row.kind], ()) for row in decisions if row.kind in NAMING}
    own_places = interested_uuids(actor) if named else frozenset()
    barred = frozenset(uuid for uuid, places in named.items() if not own_places.isdisjoint(places))
    ties = {row.uuid: set(row.data.get("order", ())) for row in decisions if row.kind == DecisionKind.CONTEST_TIE}
    if not ties:
        return barred
    own = ContestEntry.objects.filter(
        contest__campaign_id=actor.campaign_id, plan__department_id__in=actor.interests
    ).order_by()
    uuids = {str(uuid) for uuid in own.values_list("uuid", flat=True)}
    return barred | {uuid for uuid, order in ties.items() if order & uuids}
