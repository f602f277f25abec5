"""What the campaign side puts into its own registries: the records that files are attached to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaigns import hooks, policy
from campaigns.actors import Actor
from campaigns.enums import DecisionKind, ProblemSource, ProposalState
from campaigns.models import (
    Assignment,
    Attachment,
    Attendance,
    Campaign,
    Circular,
    Decision,
    Evidence,
    Exchange,
    Nomination,
    Obligation,
    Plan,
    Policy,
    Problem,
    Proposal,
    Receipt,
    StudySession,
    Summary,
)
from campaigns.queries.attached_sight import decision_files, is_free_of_tie, plan_files, summary_files
from campaigns.services.changes import hear_act
from campaigns.services.evidence_judging import keep_evidence
from campaigns.services.kept_files import keep_handed_in, keep_scan_of_minutes
from qualityseason.services import audit

SLIP = "slip"
TEAM_SOURCES = frozenset({ProblemSource.TEAM, ProblemSource.INSPECTION})


def register() -> None:
    """Fill the registry of records that own files, and hear of every act."""
    if hear_act not in audit.listeners:
        audit.listeners.append(hear_act)
    for owner in OWNERS:
        hooks.attachment_owners[owner.kind] = owner


def _url(name: str, *, of_session: bool = False) -> Callable[[Campaign, Any], str]:
    def url(campaign: Campaign, record: Any) -> str:
        shown = record.session if of_session else record
        return reverse(f"campaigns:{name}", args=[campaign.slug, shown.uuid])

    return url


def _url_of_decision(campaign: Campaign, record: Any) -> str:
    page = {DecisionKind.HONOURS: "honours", DecisionKind.CONTEST_TIE: "contest"}.get(record.kind)
    if page is None and hooks.decision_url:
        return hooks.decision_url[0](campaign, record.uuid)
    return reverse(f"campaigns:{page or 'contest'}", args=[campaign.slug])


def _may_open_slip(actor: Actor, attendance: Attendance, attachment: Attachment) -> bool:
    """Whether the actor must judge the absence: the team, without an interest in the department."""
    return actor.is_team and not actor.is_interested_in(attendance.session.department_id)


def _may_change_proposal(actor: Actor, proposal: Proposal) -> bool:
    return proposal.state == ProposalState.PROPOSED and policy.can_hand_in(actor, proposal.department_id)


def _may_change_problem(actor: Actor, problem: Problem) -> bool:
    """Whether the actor changes its files: nobody with an interest in a department it is about (回避)."""
    if not policy.can_attach_to_problem(actor, problem):
        return False
    if problem.raising_department_id in actor.departments or not actor.interests:
        return True
    return not problem.answers.standing().filter(department_id__in=actor.interests).exists()


OWNERS = (
    hooks.AttachmentOwner(
        kind="obligation",
        label=_("Files handed in"),
        records=lambda actor: Obligation.objects.visible_to(actor),
        may_change=lambda actor, record: policy.can_hand_in(actor, record.department_id),
        department_id=lambda record: record.department_id,
        url=_url("obligation"),
        slots=frozenset({"", "extension"}),
        guarded={"extension": lambda actor, record: policy.can_decide_for(actor, record.department_id)},
        keep=keep_handed_in,
    ),
    hooks.AttachmentOwner(
        kind="study-session",
        label=_("Study session"),
        records=lambda actor: StudySession.objects.visible_to(actor),
        may_change=lambda actor, record: policy.can_hand_in(actor, record.department_id),
        department_id=lambda record: record.department_id,
        url=_url("session"),
        slots=frozenset({"", "minutes", "sign-in"}),
        keep=keep_scan_of_minutes,
    ),
    hooks.AttachmentOwner(
        kind="attendance",
        label=_("Leave slip"),
        records=lambda actor: Attendance.objects.visible_to(actor).select_related("session"),
        may_change=lambda actor, record: policy.can_hand_in(actor, record.session.department_id),
        department_id=lambda record: record.session.department_id,
        url=_url("session", of_session=True),
        slots=frozenset({SLIP}),
        private=frozenset({SLIP}),
        may_open_private=_may_open_slip,
    ),
    hooks.AttachmentOwner(
        kind="plan",
        label=_("Plan"),
        records=lambda actor: Plan.objects.visible_to(actor),
        may_change=policy.can_write_plan,
        department_id=lambda record: record.department_id,
        url=_url("plan"),
        slots=frozenset({"", "signed"}),  # Word text and sheet come in by being brought in alone
        guarded={"signed": lambda actor, record: policy.can_hand_in(actor, record.department_id)},
        opens=plan_files,
    ),
    hooks.AttachmentOwner(
        kind="receipt",
        label=_("Receipt"),
        records=lambda actor: Receipt.objects.visible_to(actor),
        may_change=policy.can_change_receipt,
        department_id=lambda record: record.department_id,
        url=_url("receipt"),
    ),
    hooks.AttachmentOwner(
        kind="proposal",
        label=_("Proposed change"),
        records=lambda actor: Proposal.objects.visible_to(actor),
        may_change=_may_change_proposal,
        department_id=lambda record: record.department_id,
        url=_url("proposal"),
    ),
    hooks.AttachmentOwner(
        kind="decision",
        label=_("Decision"),
        records=lambda actor: Decision.objects.visible_to(actor),
        may_change=lambda actor, record: policy.can_decide_tie(actor) and is_free_of_tie(actor, record),
        department_id=lambda record: None,
        url=_url_of_decision,
        opens=decision_files,
    ),
    hooks.AttachmentOwner(
        kind="evidence",
        label=_("Evidence"),
        records=lambda actor: Evidence.objects.visible_to(actor),
        may_change=policy.can_file_evidence,
        department_id=lambda record: record.department_id,
        url=_url("evidence-record"),
        keep=keep_evidence,
    ),
    hooks.AttachmentOwner(
        kind="exchange",
        label=_("Exchange of experience"),
        records=lambda actor: Exchange.objects.visible_to(actor),
        may_change=lambda actor, record: policy.can_issue_circulars(actor) and record.cancelled_at is None,
        department_id=lambda record: None,
        url=_url("exchange"),
    ),
    hooks.AttachmentOwner(
        kind="circular",
        label=_("Circular"),
        records=lambda actor: Circular.objects.visible_to(actor),
        may_change=lambda actor, record: policy.can_issue_circulars(actor) and record.withdrawn_at is None,
        department_id=lambda record: None,
        url=_url("circular"),
    ),
    hooks.AttachmentOwner(
        kind="policy",
        label=_("Policy"),
        records=lambda actor: Policy.objects.visible_to(actor),
        may_change=lambda actor, record: (
            record.withdrawn_at is None and policy.can_hand_in(actor, record.department_id)
        ),
        department_id=lambda record: record.department_id,
        url=_url("policy"),
    ),
    hooks.AttachmentOwner(
        kind="assignment",
        label=_("Assignment"),
        records=lambda actor: Assignment.objects.visible_to(actor),
        may_change=lambda actor, record: record.withdrawn_at is None and policy.can_assign(actor, record.department_id),
        department_id=lambda record: None,
        url=_url("assignment"),
    ),
    hooks.AttachmentOwner(
        kind="problem",
        label=_("Problem"),
        records=lambda actor: Problem.objects.visible_to(actor),
        may_change=_may_change_problem,
        department_id=lambda record: record.raising_department_id,
        url=_url("problem"),
        shows_names=lambda actor, record: actor.sees_names or record.source not in TEAM_SOURCES,
    ),
    hooks.AttachmentOwner(
        kind="nomination",
        label=_("Nomination"),
        records=lambda actor: Nomination.objects.files_visible_to(actor),
        may_change=policy.can_change_nomination,
        department_id=lambda record: record.department_id,
        url=_url("nomination"),
    ),
    hooks.AttachmentOwner(
        kind="summary",
        label=_("Summary"),
        records=lambda actor: Summary.objects.visible_to(actor),
        may_change=policy.can_write_plan,
        department_id=lambda record: record.department_id,
        url=_url("summary"),
        slots=frozenset({"", "signed"}),  # the Word text comes in by being brought in alone
        guarded={"signed": lambda actor, record: policy.can_hand_in(actor, record.department_id)},
        opens=summary_files,
    ),
)
