"""A judge's way through the plans of the contest."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from campaigns.actors import Actor
from campaigns.models import Ballot, ContestEntry


@dataclass(frozen=True)
class BallotPlace:
    """Where a plan stands in the judge's list, what was given, and which plans come before, after and next open.

    ``title`` is that of the version entered.
    """

    title: str
    ballot: Ballot | None
    number: int
    total: int
    before: UUID | None
    after: UUID | None
    next_open: UUID | None


def ballot_place(actor: Actor, entry: ContestEntry) -> BallotPlace:
    """Return the judge's way through the plans, the own department's left out. Two queries."""
    rows = ContestEntry.objects.filter(contest=entry.contest_id).exclude(plan__department_id__in=actor.interests)
    titles = dict(rows.order_by("plan__department__order").values_list("uuid", "version__content__title"))
    uuids = list(titles)
    given = Ballot.objects.filter(entry__contest=entry.contest_id, judge_id=actor.user_id).select_related("entry")
    ballots = {ballot.entry.uuid: ballot for ballot in given}
    here = uuids.index(entry.uuid)
    going_on = [each for each in uuids[here + 1 :] + uuids[:here] if each not in ballots]
    return BallotPlace(
        title=titles[entry.uuid],
        ballot=ballots.get(entry.uuid),
        number=here + 1,
        total=len(uuids),
        before=uuids[here - 1] if here else None,
        after=uuids[here + 1] if here + 1 < len(uuids) else None,
        next_open=going_on[0] if going_on else None,
    )
