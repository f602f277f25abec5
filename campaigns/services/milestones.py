"""Moving a milestone for all departments: a recorded decision, taken on a preview."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.models import Milestone, MilestoneMove, Obligation
from campaigns.queries.milestones import MovePreview, preview_move
from qualityseason.clock import day_of
from qualityseason.errors import ConflictOfInterest, Refused
from qualityseason.services import audit
from qualityseason.text import tidy

MAXIMUM_REASON = 300
LONGEST = timedelta(days=366)


@transaction.atomic
def move_milestone(
    milestone: Milestone, *, until: date, reason: str, seen: str, by: Actor, at: datetime
) -> MilestoneMove:
    """Let a milestone fall on another day for all; `seen` is the digest of the preview the decision rests on.

    The same decision sent twice is one. Raises Refused at `until` or `reason`, as stale when the preview no longer
    holds; ConflictOfInterest when it would turn a department of own interest.
    """
    milestone = Milestone.objects.select_for_update().get(pk=milestone.pk)
    reason = tidy(reason)
    last = MilestoneMove.objects.filter(milestone=milestone).last()
    is_again = last is not None and (last.until, last.reason, last.decided_by_id) == (until, reason, by.user_id)
    if last is not None and is_again and milestone.due_on == until:
        return last
    refuse_move(milestone, until=until, reason=reason)
    held = Obligation.objects.select_for_update(of=("self",)).order_by("pk")  # not their departments, too
    rows = list(held.filter(milestone=milestone))
    preview = preview_move(milestone, until=until, on=day_of(at))
    if preview.digest != seen:
        message = _("Something has changed since the preview. Look at it again: it now shows what the move would do.")
        raise Refused(message, code="stale", existing=milestone)
    refuse_own(preview, by)
    move = MilestoneMove.objects.create(
        milestone=milestone,
        before=milestone.due_on,
        until=until,
        reason=reason,
        decided_by_id=by.user_id,
        decided_at=at,
    )
    milestone.due_on = until
    milestone.save(update_fields=["due_on"])
    Obligation.objects.filter(pk__in=[row.pk for row in rows]).update(due_on=until)
    audit.record(
        "milestone.move",
        milestone,
        by_id=by.user_id,
        campaign_id=milestone.campaign_id,
        at=at,
        before={"due_on": move.before},
        after={
            "due_on": until,
            "reason": reason,
            "to_on_time": [effect.department for effect in preview.to_on_time],
            "to_late": [effect.department for effect in preview.to_late],
        },
    )
    return move


def refuse_move(milestone: Milestone, *, until: date, reason: str) -> None:
    """Raise Refused at `until` or `reason` when the milestone cannot be moved there."""
    if not 0 < len(tidy(reason)) <= MAXIMUM_REASON:
        raise Refused(_("Give the reason, at most 300 characters."), field="reason", code="reason")
    if until == milestone.due_on:
        message = _("It falls on %(day)s already. Write another day.") % {"day": until.isoformat()}
        raise Refused(message, field="until", code="same")
    if milestone.opens_on is not None and until < milestone.opens_on:
        message = _("It begins on %(day)s; the last day cannot come before. Write a later one.")
        raise Refused(message % {"day": milestone.opens_on.isoformat()}, field="until", code="early")
    if abs(until - milestone.due_on) > LONGEST:
        message = _("That is more than a year from %(day)s. Look at the year again.")
        raise Refused(message % {"day": milestone.due_on.isoformat()}, field="until", code="far")


def refuse_own(preview: MovePreview, by: Actor) -> None:
    """Raise ConflictOfInterest when the move would turn a department of own interest."""
    own = [effect for effect in (*preview.to_on_time, *preview.to_late) if by.is_interested_in(effect.department_id)]
    if own:
        message = _("The move would turn %(department)s, in which you have an interest: another of the office decides.")
        raise ConflictOfInterest(message % {"department": own[0].department})
