"""What every step of a text's way shares: the lock, who may, the state before and after, event and audit."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from campaigns import policy
from campaigns.actors import Actor
from campaigns.enums import PLAN_TRANSITIONS, PlanAct, Role
from campaigns.models.any_paper import AnyPaper, AnyVersion, P
from qualityseason.errors import ConflictOfInterest, Refused
from qualityseason.services import audit
from qualityseason.text import tidy

MAXIMUM_NOTE = 2000  # characters of a note or a remark
ACTS = {
    PlanAct.REQUESTED: "request",
    PlanAct.RECALLED: "recall",
    PlanAct.SUBMITTED: "submit",
    PlanAct.RETURNED: "return",
    PlanAct.APPROVED: "approve",
}


def locked(paper: P) -> P:
    """Return the text as it stands now, under its lock."""
    rows = type(paper).objects.select_for_update(no_key=True, of=("self",)).select_related("campaign", "department")
    return cast("P", rows.get(pk=paper.pk))


def latest_version(paper: AnyPaper) -> AnyVersion | None:
    """Return the version submitted last."""
    return paper.versions.order_by("-number").first()


def not_allowed(by: Actor, paper: AnyPaper) -> PermissionDenied:
    """Return the refusal for somebody who may not: with the sentence where an interest stands in the way (回避)."""
    if by.has(Role.OFFICE) and by.is_interested_in(paper.department_id):
        return ConflictOfInterest(
            _("You have an interest in this department and decide nothing about what it hands in.")
        )
    return PermissionDenied()


def require_office(by: Actor, paper: AnyPaper) -> None:
    """Refuse whoever does not decide about what the department hands in."""
    if not policy.can_decide_for(by, paper.department_id):
        raise not_allowed(by, paper)


def require_state(paper: AnyPaper, act: PlanAct) -> None:
    """Refuse an act the state does not allow."""
    before, _after = PLAN_TRANSITIONS[act]
    if paper.state not in before:
        message = _("That cannot be done now: the %(paper)s stands at “%(state)s”. Somebody else may have been here.")
        words = {"paper": paper.noun, "state": paper.get_state_display()}
        raise Refused(message % words, code="state", existing=paper)


def understood_note(text: str, field: str) -> str:
    """Return a note as it is kept; raises Refused at `field` when it is too long."""
    text = tidy(text)
    if len(text) > MAXIMUM_NOTE:
        message = _("This has %(length)s characters; at most %(limit)s are kept. Shorten it.")
        raise Refused(message % {"length": len(text), "limit": MAXIMUM_NOTE}, field=field, code="long")
    return text


def go(
    paper: AnyPaper,
    act: PlanAct,
    *,
    by: Actor,
    at: datetime,
    version: AnyVersion | None = None,
    note: str = "",
    on_behalf_of: int | None = None,
    remarks: int = 0,
) -> AnyPaper:
    """Bring the text into the state the act leads to, with its event and audit entry."""
    before = paper.state
    paper.state = PLAN_TRANSITIONS[act][1]
    paper.save(update_fields=["state"])
    step = {
        "act": act,
        "version": version,
        "by_id": by.user_id,
        "on_behalf_of_id": on_behalf_of,
        "note": note,
        "at": at,
    }
    paper.events.create(**step)
    after: dict[str, object] = {"state": paper.state, "note": note}
    if version is not None:
        after |= {"version": version.number, "code": version.code, "digest": version.digest}
    if on_behalf_of is not None:
        after["on_behalf_of"] = on_behalf_of
    if remarks:
        after["remarks"] = remarks
    audit.record(
        f"{paper.SORT}.{ACTS[act]}",
        paper,
        by_id=by.user_id,
        campaign_id=paper.campaign_id,
        department_id=paper.department_id,
        at=at,
        before={"state": before},
        after=after,
    )
    return paper
