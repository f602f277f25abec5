"""The plan contest: opened on approved plans, judged, closed, awarded. Ties are in `contest_ties`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.enums import ContestState
from campaigns.models import Ballot, Campaign, Contest, ContestEntry, PlanVersion
from campaigns.policy import can_judge
from campaigns.queries.contest_facts import criteria_of, judges_of, load_contest, plans_to_enter
from qualityseason.clock import day_of
from qualityseason.errors import ConflictOfInterest, Refused
from qualityseason.models import StoredFile
from qualityseason.services import audit
from qualityseason.services.files import store_path
from qualityseason.text import tidy

MOST = 100  # points for one criterion
MAXIMUM_COMMENT = 500
MAXIMUM_REASON = 500


@transaction.atomic
def open_contest(campaign: Campaign, *, judged_until: date, by: Actor, at: datetime) -> Contest:
    """Open the contest on all approved plans; while judging goes on: move its last day and add plans approved since.

    A plan entered and approved anew is judged by its newer version, as long as nobody has judged it. Raises Refused
    without a plan or a judge, and once judging is closed.
    """
    campaign = Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
    contest = Contest.objects.filter(campaign=campaign).first()
    if contest is not None:
        _require(contest, ContestState.OPEN)
    _check_opening(campaign, contest, judged_until, at=at)
    before = {"judged_until": contest.judged_until} if contest is not None else None
    if contest is None:
        contest = Contest.objects.create(
            campaign=campaign, judged_until=judged_until, opened_by_id=by.user_id, opened_at=at
        )
    elif contest.judged_until != judged_until:
        contest.judged_until = judged_until
        contest.save(update_fields=["judged_until"])
    entered, renewed = _enter(contest), _renew(contest)
    after = {"judged_until": judged_until, "entered": entered, "renewed": renewed}
    if before is None or entered or renewed or before["judged_until"] != judged_until:
        _record("contest.open", contest, by=by, at=at, before=before, after=after)
    return contest


def _check_opening(campaign: Campaign, contest: Contest | None, judged_until: date, *, at: datetime) -> None:
    if judged_until < day_of(at):
        raise Refused(
            _("The last day of judging has passed already. Give a later one."), field="judged_until", code="past"
        )
    if not criteria_of(campaign):
        raise Refused(_("The season names no criteria to judge by. Add them to its lists."), code="no_criteria")
    if contest is None and not plans_to_enter(None, campaign):
        raise Refused(_("No plan is approved yet, so there is nothing to judge."), code="no_plans")
    if not judges_of(campaign, on=day_of(at)):
        message = _("Nobody judges yet. Name judges of the plan contest among the responsibilities on the people page.")
        raise Refused(message, code="no_judges")


def _enter(contest: Contest) -> list[str]:
    plans = plans_to_enter(contest, contest.campaign)
    rows = PlanVersion.objects.filter(plan__in=plans).order_by("number").defer("content")
    latest = {version.plan_id: version for version in rows}
    entries = [ContestEntry(contest=contest, plan=plan, version=latest[plan.pk]) for plan in plans if plan.pk in latest]
    ContestEntry.objects.bulk_create(entries)
    return [entry.plan.department.name for entry in entries]


def _renew(contest: Contest) -> list[str]:
    renewed = []
    facts = {entry.pk: entry for entry in load_contest(contest, on=day_of(contest.opened_at)).entries}
    stale = [pk for pk, entry in facts.items() if not entry.is_latest and entry.is_approved and not entry.ballots]
    for row in ContestEntry.objects.filter(pk__in=stale):
        newest = PlanVersion.objects.filter(plan_id=row.plan_id).order_by("-number").first()
        if newest is not None:
            row.version = newest
            row.save(update_fields=["version"])
            renewed.append(facts[row.pk].department)
    return renewed


@transaction.atomic
def give_ballot(
    entry: ContestEntry, *, points: Mapping[str, int], comment: str, version: int, by: Actor, at: datetime
) -> Ballot:
    """Write down what the judge gives the plan; `version` is that of the ballot the form was filled from, 0 for none.

    The same again changes nothing. Raises ConflictOfInterest for the own department, Refused once judging is closed
    (code "closed"), for points that are none, and when the ballot was changed meanwhile (code "stale").
    """
    contest = _locked(entry.contest)
    require_judge(by, entry)
    _require(contest, ContestState.OPEN)
    given = _checked_points(points, criteria_of(contest.campaign))
    comment = tidy(comment)
    if len(comment) > MAXIMUM_COMMENT:
        raise Refused(_("Write at most 500 characters."), field="comment", code="long")
    ballot = Ballot.objects.filter(entry=entry, judge_id=by.user_id).first()
    if ballot is not None and (ballot.points, ballot.comment) == (given, comment):
        return ballot
    if (ballot.version if ballot is not None else 0) != version:
        message = _("You have saved other points for this plan in another window. Send again to replace them.")
        raise Refused(message, code="stale", existing=ballot)
    before = {"points": ballot.points, "comment": ballot.comment} if ballot is not None else None
    if ballot is None:
        ballot = Ballot(entry=entry, judge_id=by.user_id, version=0)
    ballot.points, ballot.comment, ballot.given_at, ballot.version = given, comment, at, ballot.version + 1
    ballot.save()
    audit.record(
        "contest.judge",
        ballot,
        by_id=by.user_id,
        campaign_id=contest.campaign_id,
        department_id=entry.plan.department_id,
        at=at,
        before=before,
        after={"points": given, "comment": comment},
    )
    return ballot


def require_judge(actor: Actor, entry: ContestEntry) -> None:
    """Let nobody past but a judge without an interest in the plan's department."""
    if not actor.judges:
        raise PermissionDenied
    if not can_judge(actor, entry, department_id=entry.plan.department_id):
        raise ConflictOfInterest(
            _("%(department)s is your own department, or you have an interest in it: other judges judge its plan.")
            % {"department": entry.plan.department.name}
        )


def _checked_points(points: Mapping[str, int], criteria: tuple[str, ...]) -> dict[str, int]:
    for criterion in criteria:
        value = points.get(criterion)
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST:
            message = _("Give whole points from 0 to 100 for “%(criterion)s”.") % {"criterion": criterion}
            raise Refused(message, field=criterion, code="points")
    return {criterion: points[criterion] for criterion in criteria}


@transaction.atomic
def close_contest(contest: Contest, *, accepts_missing: bool, by: Actor, at: datetime) -> Contest:
    """Close judging; a second time changes nothing. Raises Refused naming plans that nobody has judged, and (code
    "missing") where ballots are missing that nobody has accepted to be missing."""
    contest = _locked(contest)
    if contest.state == ContestState.CLOSED:
        return contest
    _require(contest, ContestState.OPEN)
    facts = load_contest(contest, on=day_of(at))
    bare = [entry.department for entry in facts.entries if entry.mean is None]
    if bare:
        message = _("Nobody has judged the plan of %(departments)s yet; judging cannot be closed before.")
        raise Refused(message % {"departments": "、".join(bare)}, code="unjudged")
    missing = {entry.department: list(entry.missing) for entry in facts.entries if entry.missing}
    if missing and not accepts_missing:
        message = _("Ballots are missing. Tick that judging is to be closed without them, or wait for them.")
        raise Refused(message, field="accepts_missing", code="missing")
    contest.state, contest.closed_at = ContestState.CLOSED, at
    contest.save(update_fields=["state", "closed_at"])
    _record("contest.close", contest, by=by, at=at, after={"missing": missing})
    return contest


@transaction.atomic
def reopen_contest(contest: Contest, *, reason: str, by: Actor, at: datetime) -> Contest:
    """Let judges judge again, before the award only; a second time changes nothing. Raises Refused without a reason."""
    contest = _locked(contest)
    if contest.state == ContestState.OPEN:
        return contest
    _require(contest, ContestState.CLOSED)
    reason = tidy(reason)
    if not 0 < len(reason) <= MAXIMUM_REASON:
        raise Refused(_("Say why judging is opened again, in at most 500 characters."), field="reason", code="reason")
    before = {"closed_at": contest.closed_at}
    contest.state, contest.closed_at = ContestState.OPEN, None
    contest.save(update_fields=["state", "closed_at"])
    _record("contest.reopen", contest, by=by, at=at, before=before, after={"reason": reason})
    return contest


@transaction.atomic
def award_contest(contest: Contest, *, by: Actor, at: datetime) -> Contest:
    """Write rank, mean and prize into the entries, once; a second time changes nothing.

    Raises Refused while judging is open, or while a tie across a line between prizes is not decided.
    """
    contest = _locked(contest)
    if contest.state == ContestState.AWARDED:
        return contest
    _require(contest, ContestState.CLOSED)
    facts = load_contest(contest, on=day_of(at))
    if facts.outcome.open_ties or any(entry.mean is None for entry in facts.entries):
        message = _("A tie across a line between prizes waits for the leading group; record its decision first.")
        raise Refused(message, code="tie")
    rows = {row.uuid: row for row in ContestEntry.objects.filter(contest=contest)}
    written = []
    for entry in facts.entries:
        row, placing = rows[entry.uuid], facts.outcome.placings[entry.uuid]
        row.rank, row.mean, row.prize = placing.rank, entry.mean, placing.prize or ""
        row.save(update_fields=["rank", "mean", "prize"])
        written.append([entry.department, row.rank, row.mean, row.prize])
    contest.state, contest.awarded_at = ContestState.AWARDED, at
    contest.save(update_fields=["state", "awarded_at"])
    _record("contest.award", contest, by=by, at=at, after={"entries": written})
    return contest


def keep_award_list(contest: Contest, path: Path, *, name: str, media_type: str, by: Actor, at: datetime) -> StoredFile:
    """Put a printed award list into the store for who asked; returns its row."""
    with transaction.atomic():
        stored = store_path(path, name=name, media_type=media_type, by_id=by.user_id)
        _record("contest.print", contest, by=by, at=at, after={"name": stored.name, "sha256": stored.sha256})
    return stored


def _locked(contest: Contest) -> Contest:
    locked = Contest.objects.select_for_update(no_key=True, of=("self",)).select_related("campaign")
    return locked.get(pk=contest.pk)


def _require(contest: Contest, state: ContestState) -> None:
    if contest.state == state:
        return
    sentences = {
        ContestState.OPEN: _("Judging is open. Close it first."),
        ContestState.CLOSED: _("Judging is closed. Ask the office whether it can be opened again."),
        ContestState.AWARDED: _("The prizes are awarded; nothing of the contest changes any more."),
    }
    raise Refused(sentences[ContestState(contest.state)], code="closed")


def _record(
    act: str,
    contest: Contest,
    *,
    by: Actor,
    at: datetime,
    after: dict[str, Any],
    before: dict[str, Any] | None = None,
) -> None:
    audit.record(act, contest, by_id=by.user_id, campaign_id=contest.campaign_id, at=at, before=before, after=after)
