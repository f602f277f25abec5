"""The page of one plan or summary: where it stands, what it says, what was done with it."""

from __future__ import annotations

from typing import Any

from campaigns import policy
from campaigns.actors import Actor
from campaigns.enums import WRITABLE_PLAN_STATES, PlanState, ResponsibilityCode
from campaigns.models import Plan
from campaigns.models.any_paper import AnyPaper
from campaigns.queries.paper_page import PaperPage, paper_page
from campaigns.requests import PortalRequest
from campaigns.views.paper_access import word_for_screen
from qualityseason.clock import day_of


def page_context(request: PortalRequest, paper: AnyPaper) -> dict[str, Any]:
    """Return what the page shows, and what the actor may do there."""
    page = paper_page(request.actor, request.campaign, paper, on=day_of(request.at))
    word_html, word_problem = word_for_screen(page.text)
    return {
        "paper": paper,
        "page": page,
        "word_html": word_html,
        "word_problem": word_problem,
        "is_interested": request.actor.is_interested_in(paper.department_id),
        **acts(request.actor, paper, page),
    }


def acts(actor: Actor, paper: AnyPaper, page: PaperPage) -> dict[str, bool]:
    """Return what the actor may do with the text now, by name."""
    latest = page.versions[0] if page.versions else None
    received = {copy.kind for copy in latest.copies} if latest else frozenset()
    hands_in = policy.can_hand_in(actor, paper.department_id)
    return {
        "can_write": policy.can_write_plan(actor, paper),
        "can_request": hands_in and paper.state in (PlanState.DRAFT, PlanState.RETURNED),
        "can_recall": hands_in and paper.state == PlanState.REQUESTED,
        "can_submit": policy.can_submit_plan(actor, paper),
        "can_review": policy.can_review_plan(actor, paper),
        "can_mark": isinstance(paper, Plan) and policy.can_mark_plan(actor, paper),
        "can_compare": len(page.versions) + page.is_working > 1 and latest is not None,
        "can_receive": latest is not None
        and policy.can_receive(actor, ResponsibilityCode.ELECTRONIC_RECEIVER)
        and "electronic" not in received,
        "can_attach": hands_in and paper.state in WRITABLE_PLAN_STATES,
    }
