"""Reads of proposed changes: the list, one of them with before and after, and what may be proposed about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.enums import ProposalKind, ProposalState, StaffCategory
from campaigns.models import Duty, Posting, Proposal, StaffMember
from campaigns.queries.duties import duty_state

PAGE = 50  # decided ones at once
STATES = {
    ProposalState.PROPOSED: "pending",
    ProposalState.ACCEPTED: "done",
    ProposalState.REFUSED: "failed",
    ProposalState.WITHDRAWN: "withdrawn",
}
STAFF_KINDS = (ProposalKind.STAFF_JOIN, ProposalKind.STAFF_LEAVE, ProposalKind.STAFF_CORRECT)
DUTY_KINDS = (ProposalKind.DUTY_ADD, ProposalKind.DUTY_CHANGE, ProposalKind.DUTY_END)


@dataclass(frozen=True)
class ProposalRow:
    """One proposal in the list; ``tone`` is a word for the state partial."""

    uuid: UUID
    kind: str
    subject: str
    department: str
    reason: str
    proposed_by: str
    proposed_at: datetime
    state: str
    tone: str
    decided_by: str
    decided_at: datetime | None


@dataclass(frozen=True)
class ProposalPage:
    """Those waiting, oldest first, and a page of the settled ones, latest first; ``older`` is the key to go on from."""

    waiting: tuple[ProposalRow, ...]
    settled: tuple[ProposalRow, ...]
    older: UUID | None


@dataclass(frozen=True)
class ChangeLine:
    """One field of a change; ``before`` is '' where nothing was."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class ProposalDetail:
    """One proposal: its fields, and what stands in the lists now that whoever decides should know."""

    row: ProposalRow
    lines: tuple[ChangeLine, ...]
    remark: str


def proposals_page(actor: Actor, *, older_than: UUID | None = None) -> ProposalPage:
    """Return all proposals waiting and fifty settled ones. Two queries, a third on later pages."""
    rows = Proposal.objects.visible_to(actor).select_related(
        "department", "staff_member", "duty", "proposed_by", "decided_by"
    )
    settled = rows.exclude(state=ProposalState.PROPOSED).order_by("-pk")
    if older_than is not None:
        key = Proposal.objects.filter(uuid=older_than).values_list("pk", flat=True).first()
        settled = settled.filter(pk__lt=key or 0)
    found = list(settled[: PAGE + 1])
    waiting = rows.filter(state=ProposalState.PROPOSED).order_by("proposed_at", "pk")
    return ProposalPage(
        tuple(proposal_row(proposal) for proposal in waiting),
        tuple(proposal_row(proposal) for proposal in found[:PAGE]),
        found[PAGE - 1].uuid if len(found) > PAGE else None,
    )


def proposal_row(proposal: Proposal) -> ProposalRow:
    """Return a proposal, loaded with its people, as a row."""
    return ProposalRow(
        uuid=proposal.uuid,
        kind=str(ProposalKind(proposal.kind).label),
        subject=_subject(proposal),
        department=proposal.department.name,
        reason=proposal.reason,
        proposed_by=proposal.proposed_by.display_name,
        proposed_at=proposal.proposed_at,
        state=str(ProposalState(proposal.state).label),
        tone=STATES[ProposalState(proposal.state)],
        decided_by=proposal.decided_by.display_name if proposal.decided_by else "",
        decided_at=proposal.decided_at,
    )


def proposal_detail(proposal: Proposal, *, on: date) -> ProposalDetail:
    """Return a proposal, loaded with its people, with before and after and a remark. At most two queries."""
    remark = _remark(proposal, on=on) if proposal.state == ProposalState.PROPOSED else ""
    return ProposalDetail(proposal_row(proposal), tuple(_lines(proposal)), remark)


def own_people(actor: Actor, *, on: date) -> tuple[Posting, ...]:
    """Return who is posted to the actor's departments that day or later, to propose a change about. One query."""
    standing = Q(ends_on__isnull=True) | Q(ends_on__gte=on)
    postings = Posting.objects.filter(standing, campaign_id=actor.campaign_id, department_id__in=actor.departments)
    return tuple(postings.select_related("staff_member", "department").order_by("department__order", "staff_member"))


def own_duties(actor: Actor) -> tuple[Duty, ...]:
    """Return the standing duties of the actor's departments, to propose a change about. One query."""
    duties = Duty.objects.filter(campaign_id=actor.campaign_id, department_id__in=actor.departments)
    return tuple(duties.filter(ended_at__isnull=True).select_related("department"))


def said_of(row: StaffMember | Duty | None) -> dict[str, Any]:
    """Return what the row to be changed says, to be compared when the change is carried out."""
    if isinstance(row, StaffMember):
        return {"number": row.number, "name": row.name, "category": row.category}
    return duty_state(row) if row is not None else {}


def _subject(proposal: Proposal) -> str:
    if proposal.staff_member is not None:
        return str(proposal.staff_member)
    if proposal.duty is not None:
        return str(proposal.duty)
    if proposal.kind == ProposalKind.STAFF_JOIN:
        return f"{proposal.values.get('name', '')}({proposal.values.get('number', '')})"
    return f"{proposal.values.get('number', '')} {proposal.values.get('text', '')}"[:60].strip()


def _lines(proposal: Proposal) -> Iterable[ChangeLine]:
    labels = {
        "number": _("Staff number") if proposal.kind in STAFF_KINDS else _("Duty number"),
        "name": _("Name"),
        "category": _("Staff category"),
        "starts_on": _("Posted there from"),
        "ends_on": _("Last day there"),
        "text": _("Duty"),
        "source": _("Document"),
    }
    before = proposal.values.get("before") or {}
    for name, label in labels.items():
        if name in proposal.values:
            yield ChangeLine(label, _shown(name, before.get(name, "")), _shown(name, proposal.values[name]))


def _shown(name: str, value: str) -> str:
    return str(dict(StaffCategory.choices).get(value, value)) if name == "category" else value


def _remark(proposal: Proposal, *, on: date) -> str:
    """Return what stands now that whoever decides should know, or ''."""
    row = proposal.staff_member or proposal.duty
    before = proposal.values.get("before")
    if before and said_of(row) != before:
        return _("%(row)s was changed after this was proposed; it can only be refused.") % {"row": str(row)}
    if proposal.kind != ProposalKind.STAFF_JOIN:
        return ""
    known = StaffMember.objects.filter(campaign_id=proposal.campaign_id, number=proposal.values["number"]).first()
    if known is None:
        return ""
    posting = Posting.objects.filter(staff_member=known).current(on=on).select_related("department").first()
    words = {"person": str(known), "department": posting.department.name if posting else _("nowhere")}
    return (
        _("%(person)s is on the staff list, posted to %(department)s. Accepting posts the person here from that day.")
        % words
    )
