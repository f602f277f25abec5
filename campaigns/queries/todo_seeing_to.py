"""What waits for those who receive, review, judge and decide, and the sessions announced to the team."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Exists, F, Min, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.enums import ContestState, ObligationKind, PlanState, ReceiptKind, ResponsibilityCode, Role
from campaigns.models import (
    Campaign,
    Contest,
    ContestEntry,
    Invitation,
    Obligation,
    Plan,
    PlanVersion,
    Proposal,
    Receipt,
    StudySession,
)
from campaigns.policy import can_receive
from campaigns.queries.contest_facts import load_contest
from campaigns.queries.reminders import due_rows
from campaigns.queries.todo_item import FEW, Todo, few, line, together
from qualityseason.clock import day_of


def seeing_to(campaign: Campaign, actor: Actor, *, at: datetime) -> list[Todo]:
    """Return what waits for the actor as receiver (a query each), office (four), judge (one), leader, team (one).

    A contest with its judging closed asks up to nine more of office and leading group.
    """
    on = day_of(at)
    return [
        *_receiving(campaign, actor, on=on),
        *(_office(campaign, actor, on=on) if actor.has(Role.OFFICE) else ()),
        *_contest(campaign, actor, on=on),
        *(_sessions(campaign, actor, at=at) if actor.is_team else ()),
        *(_invitations(campaign, actor, at=at) if actor.oversees else ()),
    ]


def _receiving(campaign: Campaign, actor: Actor, *, on: date) -> list[Todo]:
    everything = reverse("campaigns:receipts", args=[campaign.slug])
    items: list[Todo] = []
    if can_receive(actor, ResponsibilityCode.ELECTRONIC_RECEIVER):
        later = PlanVersion.objects.filter(plan=OuterRef("plan"), number__gt=OuterRef("number"))
        confirmed = Receipt.objects.filter(version=OuterRef("pk"), kind=ReceiptKind.ELECTRONIC)
        versions = PlanVersion.objects.visible_to(actor).filter(~Exists(later), ~Exists(confirmed))
        names = versions.order_by("submitted_at", "pk").values_list("plan__department__name", flat=True)
        found = [(name, everything) for name in names]  # confirmed there, by a button
        items += together(_("Electronic copies to confirm"), found, url=everything, on=on)
    if can_receive(actor, ResponsibilityCode.PAPER_RECEIVER):
        expected = Obligation.objects.visible_to(actor).open().filter(kind=ObligationKind.PLAN_PAPER)
        papers = list(
            expected.order_by("due_on", "department__order").values_list("department__name", "due_on", "extended_to")
        )
        if papers:
            first = min(max(due_on, extended or due_on) for _name, due_on, extended in papers)
            url = reverse("campaigns:receipt-paper", args=[campaign.slug])
            whose = few([name for name, *_days in papers])
            items.append(
                line(_("Paper copies still to come"), url, whose, day=first, on=on, count=len(papers), is_news=True)
            )
    return items


def _office(campaign: Campaign, actor: Actor, *, on: date) -> list[Todo]:
    def address(name: str, *args: object) -> str:
        return reverse(f"campaigns:{name}", args=[campaign.slug, *args])

    plans = Plan.objects.visible_to(actor).filter(state=PlanState.SUBMITTED).exclude(department_id__in=actor.interests)
    to_review = [
        (name, address("plan-review", uuid))
        for uuid, name in plans.order_by("submitted_at", "pk").values_list("uuid", "department__name")
    ]
    proposals = Proposal.objects.visible_to(actor).open().exclude(department_id__in=actor.interests)
    to_decide = [
        (name, address("proposal", uuid))
        for uuid, name in proposals.order_by("proposed_at", "pk").values_list("uuid", "department__name")
    ]
    overdue = [row.department for row in due_rows(campaign, on=on, days=-1)]
    chase = address("reminders")
    return [
        *together(_("Plans to review"), to_review, url=address("plans"), on=on),
        *together(_("Proposed changes to decide"), to_decide, url=address("proposals"), on=on),
        *together(_("Overdue: to be reminded"), [(name, chase) for name in overdue], url=chase, on=on),
    ]


def _contest(campaign: Campaign, actor: Actor, *, on: date) -> list[Todo]:
    contest: Contest | None = getattr(campaign, "contest", None)  # None where there is none
    if contest is None:
        return []
    if contest.state == ContestState.OPEN and actor.judges:
        entries = (
            ContestEntry.objects.filter(contest=contest)
            .exclude(plan__department_id__in=actor.interests)
            .exclude(ballots__judge_id=actor.user_id)
            .order_by("plan__department__order")
            .values_list("uuid", "plan__department__name")
        )
        found = [(name, reverse("campaigns:contest-ballot", args=[campaign.slug, uuid])) for uuid, name in entries]
        return together(
            _("Plans to judge in the contest"),
            found,
            url=reverse("campaigns:contest", args=[campaign.slug]),
            day=contest.judged_until,
            on=on,
        )
    if contest.state == ContestState.CLOSED and actor.has(Role.LEADERSHIP, Role.OFFICE):
        return _prizes(campaign, contest, actor, on=on)
    return []


def _prizes(campaign: Campaign, contest: Contest, actor: Actor, *, on: date) -> list[Todo]:
    """Return the ties the actor may settle; for the office, once there is none, the prizes to award."""
    facts = load_contest(contest, on=on)
    departments = {entry.uuid: (entry.department_id, entry.department) for entry in facts.entries}
    items = []
    for tie in facts.outcome.open_ties:
        tied = [departments[uuid] for uuid in tie.entries]
        if not actor.is_interested_in(*(pk for pk, _name in tied)):
            url = f"{reverse('campaigns:contest-tie', args=[campaign.slug])}?rank={tie.rank}"
            items.append(Todo(_("Tie in the contest to decide"), url, few([name for _pk, name in tied])))
    if not facts.outcome.open_ties and actor.has(Role.OFFICE):
        items.append(Todo(_("Prizes of the contest to award"), reverse("campaigns:contest", args=[campaign.slug])))
    return items


def _sessions(campaign: Campaign, actor: Actor, *, at: datetime) -> list[Todo]:
    """Return the announced sessions still to come: the notice to the assessment team. One query."""
    rows = list(
        StudySession.objects.visible_to(actor)
        .filter(announced_at__isnull=False, cancelled_at__isnull=True)
        .exclude(department_id__in=actor.interests)
        .annotate(next_at=Min("sittings__starts_at", filter=Q(sittings__starts_at__gte=at)))
        .filter(next_at__isnull=False)
        .order_by("next_at", "department__order")
        .values_list("uuid", "department__name", "next_at")
    )
    title, on = _("Study session announced"), day_of(at)
    shown = rows if len(rows) <= FEW + 1 else rows[:FEW]
    items = [
        line(
            title,
            reverse("campaigns:session", args=[campaign.slug, uuid]),
            name,
            day=day_of(next_at),
            on=on,
            is_news=True,
        )
        for uuid, name, next_at in shown
    ]
    rest = rows[len(shown) :]
    url = reverse("campaigns:sessions", args=[campaign.slug])
    return items + together(title, [(name, url) for _uuid, name, _at in rest], url=url, on=on, is_news=True)


def _invitations(campaign: Campaign, actor: Actor, *, at: datetime) -> list[Todo]:
    """Return the sessions I am invited to that are to come, and those I attended without a word on them. One query."""
    mine = (
        Invitation.objects.visible_to(actor)
        .filter(user_id=actor.user_id, session__cancelled_at__isnull=True)
        .exclude(session__department_id__in=actor.interests)
        .annotate(next_at=Min("session__sittings__starts_at", filter=Q(session__sittings__starts_at__gte=at)))
        .filter(Q(next_at__isnull=False) | Q(came=True, remark=""))
        .order_by(F("next_at").asc(nulls_last=True), "pk")
        .values_list("uuid", "session__uuid", "session__department__name", "next_at")
    )
    on, items, silent = day_of(at), [], []
    for uuid, session, name, next_at in mine:
        if next_at is None:
            silent.append((name, reverse("campaigns:invitation-remark", args=[campaign.slug, uuid])))
            continue
        url = reverse("campaigns:session", args=[campaign.slug, session])
        items.append(line(_("You are invited to a study session"), url, name, day=day_of(next_at), on=on))
    sessions, title = reverse("campaigns:sessions", args=[campaign.slug]), _("Say how the discussion went")
    shown = silent if len(silent) <= FEW + 1 else silent[:FEW]  # each by its own link: the list does not tell them
    items += [line(title, url, name, on=on) for name, url in shown]
    return items + together(title, silent[len(shown) :], url=sessions, on=on)
