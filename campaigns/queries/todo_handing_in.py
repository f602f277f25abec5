"""What waits for those who hand in: heads, liaisons, and who stands in for a head."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.enums import ObligationKind, PlanState, ProposalState
from campaigns.models import Campaign, Delegation, Plan, Proposal, Suggestion
from campaigns.policy import can_submit_plan
from campaigns.queries.obligation_pages import where_met
from campaigns.queries.obligations import OwedRow, own_rows
from campaigns.queries.todo_item import Todo, line, together
from qualityseason.clock import day_of

NEWS = timedelta(days=14)  # how long a decided proposal is told of


def handing_in(campaign: Campaign, actor: Actor, *, at: datetime) -> list[Todo]:
    """Return what own departments owe, their plans in my hands, suggestions to settle, proposals decided.

    Four queries, five for who stands in for a head.
    """
    if not actor.departments:
        return []
    on = day_of(at)
    rows = [row for row in own_rows(actor, on=on) if row.is_open]
    return [
        *_owed_and_plans(campaign, actor, rows, on=on),
        *_suggestions(campaign, actor),
        *_decided_proposals(campaign, actor, at=at),
    ]


def _owed_and_plans(campaign: Campaign, actor: Actor, rows: list[OwedRow], *, on: date) -> list[Todo]:
    """Return the open obligations; where a plan waits for its head, the head confirms it instead of handing it in."""
    mine = Plan.objects.visible_to(actor).filter(department_id__in=actor.departments)
    plans = {plan.department_id: plan for plan in mine.select_related("department")}
    heads = _stood_in_for(actor, on=on)
    deadlines = {row.department_id: row.deadline for row in rows if row.kind == ObligationKind.PLAN_ELECTRONIC}
    items, confirmed = [], set()
    for department_id, plan in plans.items():
        about = _about(actor, plan.department.name, heads.get(department_id, ""))
        day = deadlines.get(department_id)
        if plan.state == PlanState.REQUESTED and _answers_for(actor, plan):
            url = reverse("campaigns:plan-submit", args=[campaign.slug, plan.uuid])
            items.append(line(_("Confirm and submit the plan"), url, about, day=day, on=on))
            confirmed.add(department_id)
        elif plan.state == PlanState.RETURNED:
            url = reverse("campaigns:plan", args=[campaign.slug, plan.uuid])
            items.append(line(_("The plan was returned with remarks"), url, about, day=day, on=on))
    for row in rows:
        if row.kind == ObligationKind.PLAN_ELECTRONIC and row.department_id in confirmed:
            continue
        about = _about(actor, row.department, "")
        items.append(line(row.name, where_met(campaign, row), about, day=row.deadline, on=on))
    return items


def _answers_for(actor: Actor, plan: Plan) -> bool:
    own = plan.department_id in actor.headed or plan.department_id in actor.delegated
    return own and can_submit_plan(actor, plan)


def _about(actor: Actor, department: str, head: str) -> str:
    name = department if len(actor.departments) > 1 or head else ""
    return _("%(department)s, for %(head)s") % {"department": name, "head": head} if head else name


def _stood_in_for(actor: Actor, *, on: date) -> dict[int, str]:
    """Return department id → head whose work was handed to the actor for these days."""
    if not actor.delegated:
        return {}
    held = Delegation.objects.of_campaign(actor).filter(delegate_id=actor.user_id, department_id__in=actor.delegated)
    return dict(held.current(on=on).order_by("given_at", "pk").values_list("department_id", "head__display_name"))


def _suggestions(campaign: Campaign, actor: Actor) -> list[Todo]:
    open_ones = Suggestion.objects.visible_to(actor).filter(
        session__department_id__in=actor.departments,
        session__cancelled_at__isnull=True,
        settled_at__isnull=True,
    )
    rows = open_ones.order_by("session_id").values_list("session__uuid", "session__topic").annotate(Count("pk"))
    return [
        Todo(
            _("Suggestions to take into the plan or to answer"),
            reverse("campaigns:session", args=[campaign.slug, uuid]),
            topic,
            count=number,
        )
        for uuid, topic, number in rows
    ]


def _decided_proposals(campaign: Campaign, actor: Actor, *, at: datetime) -> list[Todo]:
    decided = Proposal.objects.visible_to(actor).filter(
        department_id__in=actor.departments,
        state__in=[ProposalState.ACCEPTED, ProposalState.REFUSED],
        decided_at__gte=at - NEWS,
    )
    found = [
        (f"{row.get_kind_display()}: {row.get_state_display()}", _proposal_url(campaign, row))
        for row in decided.order_by("-decided_at", "-pk")
    ]
    everything = reverse("campaigns:proposals", args=[campaign.slug])
    return together(_("Proposed changes are decided"), found, url=everything, on=day_of(at), is_news=True)


def _proposal_url(campaign: Campaign, proposal: Proposal) -> str:
    return reverse("campaigns:proposal", args=[campaign.slug, proposal.uuid])
