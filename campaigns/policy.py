"""Who may do what on the campaign side: the url table and the predicates for acts."""

from __future__ import annotations

from campaigns.actors import Actor
from campaigns.enums import (
    DEPARTMENT_ROLES,
    OVERSEEING_ROLES,
    TEAM_ROLES,
    WRITABLE_PLAN_STATES,
    ImportKind,
    PlanState,
    ReceiptKind,
    ResponsibilityCode,
    Role,
)
from campaigns.models import ContestEntry, Department, Membership, Plan, Receipt
from qualityseason.policy import SIGNED_IN, Access, roles

EVERYBODY = roles(*Role)
OFFICE = roles(Role.OFFICE)
PEOPLE_READERS = roles(Role.OFFICE, Role.ASSESSOR, Role.TEAM_LEAD, Role.HEAD, Role.STAFF)
DEPARTMENTS = roles(*DEPARTMENT_ROLES)
HANDING_IN = roles(*DEPARTMENT_ROLES, Role.OFFICE)  # the office may enter anything on a department's behalf
OVERSEERS = roles(*OVERSEEING_ROLES)
TEAM = roles(*TEAM_ROLES)
LEADING = roles(Role.LEADERSHIP, Role.OFFICE)
IMPORTERS = roles(Role.OFFICE, Role.ASSESSOR, Role.TEAM_LEAD)

TABLE: dict[str, Access] = {
    "campaigns:home": SIGNED_IN,
    "campaigns:campaign-home": EVERYBODY,
    "campaigns:campaign": EVERYBODY,
    "campaigns:departments": EVERYBODY,
    "campaigns:department": EVERYBODY,
    "campaigns:people": OFFICE,
    "campaigns:membership-add": OFFICE,
    "campaigns:membership-end": OFFICE,
    "campaigns:interest-add": OFFICE,
    "campaigns:interest-end": OFFICE,
    "campaigns:responsibility-add": OFFICE,
    "campaigns:responsibility-remove": OFFICE,
    "campaigns:accounts": roles(Role.OFFICE, Role.HEAD),
    "campaigns:account-add": OFFICE,
    "campaigns:account-slips": roles(Role.OFFICE, Role.HEAD),
    "campaigns:account-unlock": roles(Role.OFFICE, Role.HEAD),
    "campaigns:staff": PEOPLE_READERS,
    "campaigns:staff-add": OFFICE,
    "campaigns:staff-edit": OFFICE,
    "campaigns:posting-add": OFFICE,
    "campaigns:classes": PEOPLE_READERS,
    "campaigns:class-add": OFFICE,
    "campaigns:class-edit": OFFICE,
    "campaigns:imports": IMPORTERS,
    "campaigns:import-new": IMPORTERS,
    "campaigns:import-template": IMPORTERS,
    "campaigns:import": IMPORTERS,
    "campaigns:import-apply": IMPORTERS,
    "campaigns:import-annotated": IMPORTERS,
    "campaigns:import-withdraw": IMPORTERS,
    "campaigns:obligations": EVERYBODY,
    "campaigns:obligations-export": OVERSEERS,
    "campaigns:obligations-chase": OFFICE,
    "campaigns:obligation": EVERYBODY,
    "campaigns:obligation-hand-in": HANDING_IN,
    "campaigns:obligation-extend": OFFICE,
    "campaigns:milestone-move": OFFICE,
    "campaigns:upload": EVERYBODY,
    "campaigns:uploaded": EVERYBODY,
    "campaigns:attachment": EVERYBODY,
    "campaigns:attachment-open": EVERYBODY,
    "campaigns:attachment-pages": EVERYBODY,
    "campaigns:attachment-page": EVERYBODY,
    "campaigns:attachment-add": EVERYBODY,
    "campaigns:attachment-replace": EVERYBODY,
    "campaigns:attachment-remove": EVERYBODY,
    "campaigns:duties": EVERYBODY,
    "campaigns:proposals": HANDING_IN,
    "campaigns:proposal-new": DEPARTMENTS,
    "campaigns:proposal": HANDING_IN,
    "campaigns:leaders": OFFICE,
    "campaigns:leader-remove": OFFICE,
    "campaigns:delegations": HANDING_IN,
    "campaigns:delegation-end": roles(Role.HEAD, Role.OFFICE),
    "campaigns:sessions": EVERYBODY,
    "campaigns:session-new": HANDING_IN,
    "campaigns:session": EVERYBODY,
    "campaigns:session-edit": HANDING_IN,
    "campaigns:session-cancel": HANDING_IN,
    "campaigns:session-roll": HANDING_IN,
    "campaigns:session-minutes": HANDING_IN,
    "campaigns:session-sign-in": EVERYBODY,
    "campaigns:invitation-remark": OVERSEERS,
    "campaigns:leave": HANDING_IN,
    "campaigns:suggestion-add": HANDING_IN,
    "campaigns:suggestion": HANDING_IN,
    "campaigns:plans": EVERYBODY,
    "campaigns:plan": EVERYBODY,
    "campaigns:plan-start": HANDING_IN,
    "campaigns:plan-write": HANDING_IN,
    "campaigns:plan-title": HANDING_IN,
    "campaigns:plan-part": HANDING_IN,
    "campaigns:plan-section-new": HANDING_IN,
    "campaigns:plan-section-remove": HANDING_IN,
    "campaigns:plan-item-new": HANDING_IN,
    "campaigns:plan-item": HANDING_IN,
    "campaigns:plan-item-remove": HANDING_IN,
    "campaigns:plan-item-move": HANDING_IN,
    "campaigns:plan-template": HANDING_IN,
    "campaigns:plan-bring-in": HANDING_IN,
    "campaigns:plan-reading": HANDING_IN,
    "campaigns:plan-request": HANDING_IN,
    "campaigns:plan-recall": HANDING_IN,
    "campaigns:plan-submit": HANDING_IN,
    "campaigns:plan-review": OFFICE,
    "campaigns:plan-approve": OFFICE,
    "campaigns:plan-version": EVERYBODY,
    "campaigns:plan-changes": EVERYBODY,
    "campaigns:plan-print": EVERYBODY,
    "campaigns:plan-marks": TEAM,
    "campaigns:plan-mark-withdraw": TEAM,
    "campaigns:receipts": EVERYBODY,
    "campaigns:receipt-electronic": EVERYBODY,
    "campaigns:receipt-paper": EVERYBODY,
    "campaigns:receipt": EVERYBODY,
    "campaigns:receipt-print": EVERYBODY,
    "campaigns:contest": EVERYBODY,
    "campaigns:contest-open": OFFICE,
    "campaigns:contest-ballot": EVERYBODY,
    "campaigns:contest-close": OFFICE,
    "campaigns:contest-reopen": OFFICE,
    "campaigns:contest-tie": LEADING,
    "campaigns:contest-award": OFFICE,
    "campaigns:contest-awards": EVERYBODY,
    "campaigns:volume": OVERSEERS,
    "campaigns:volume-make": OFFICE,
    "campaigns:volume-file": OVERSEERS,
}

IMPORT_ROLES: dict[str, frozenset[str]] = {
    ImportKind.STAFF: frozenset({Role.OFFICE}),
    ImportKind.CLASSES: frozenset({Role.OFFICE}),
    ImportKind.ACCOUNTS: frozenset({Role.OFFICE}),
    ImportKind.DUTIES: frozenset({Role.OFFICE}),
    ImportKind.DEDUCTIONS: frozenset({Role.ASSESSOR, Role.TEAM_LEAD}),
}


def importable_kinds(actor: Actor) -> frozenset[str]:
    """Return the kinds of sheet the actor may bring in."""
    return frozenset(kind for kind, allowed in IMPORT_ROLES.items() if not actor.roles.isdisjoint(allowed))


def can_keep_people(actor: Actor) -> bool:
    """Whether the actor keeps memberships, interests, responsibilities, staff list and classes."""
    return actor.has(Role.OFFICE)


def can_issue_slip(actor: Actor, membership: Membership) -> bool:
    """Whether the actor may reissue the slip or unlock the login behind this membership.

    The office may for everybody, a head for the liaisons of a department headed, unless they hold other roles too:
    that is judged by the caller, who knows all memberships of the user.
    """
    if actor.has(Role.OFFICE):
        return True
    return membership.role == Role.STAFF and membership.department_id in actor.headed


def can_see_department_people(actor: Actor, department: Department) -> bool:
    """Whether the actor reads the names and categories of a department's staff."""
    return actor.has(Role.OFFICE) or actor.is_team or department.pk in actor.departments


def can_hand_in(actor: Actor, department_id: int | None) -> bool:
    """Whether the actor prepares what the department hands in: its people, or the office on its behalf (回避 apart)."""
    if department_id is None:
        return False
    if department_id in actor.departments:
        return True
    return actor.has(Role.OFFICE) and not actor.is_interested_in(department_id)


def can_decide_for(actor: Actor, department_id: int) -> bool:
    """Whether the office decides about the department: extension, proposed change, return, approval."""
    return actor.has(Role.OFFICE) and not actor.is_interested_in(department_id)


def can_see_working_text(actor: Actor, plan: Plan) -> bool:
    """Whether the actor reads the plan as it is being written; all others read what was submitted."""
    return plan.department_id in actor.departments or actor.has(Role.OFFICE)


def can_write_plan(actor: Actor, plan: Plan) -> bool:
    """Whether the actor changes the plan's text now: it is not in anybody else's hands."""
    return plan.state in WRITABLE_PLAN_STATES and can_hand_in(actor, plan.department_id)


def can_submit_plan(actor: Actor, plan: Plan) -> bool:
    """Whether the actor submits the plan: a head, who is handed it for these days, or the office with the paper."""
    if plan.state not in WRITABLE_PLAN_STATES:
        return False
    department_id = plan.department_id
    if department_id in actor.headed or department_id in actor.delegated:
        return True
    return actor.has(Role.OFFICE) and not actor.is_interested_in(department_id)


def can_review_plan(actor: Actor, plan: Plan) -> bool:
    """Whether the actor returns the plan, with remarks, or approves it."""
    return plan.state in (PlanState.SUBMITTED, PlanState.APPROVED) and can_decide_for(actor, plan.department_id)


def can_mark_plan(actor: Actor, plan: Plan) -> bool:
    """Whether the actor notes on items of the plan what may cost points."""
    return actor.is_team and plan.submitted_at is not None and not actor.is_interested_in(plan.department_id)


def can_receive(actor: Actor, code: ResponsibilityCode) -> bool:
    """Whether the actor receives copies of that sort; one's own department's too, which the receipt then says."""
    return code in actor.responsibilities


def can_change_receipt(actor: Actor, receipt: Receipt) -> bool:
    """Whether the actor adds files to a receipt: who receives copies of that sort."""
    is_paper = receipt.kind == ReceiptKind.PAPER
    code = ResponsibilityCode.PAPER_RECEIVER if is_paper else ResponsibilityCode.ELECTRONIC_RECEIVER
    return can_receive(actor, code)


def can_judge(actor: Actor, entry: ContestEntry, *, department_id: int) -> bool:
    """Whether the actor judges this plan: a judge, never the own department."""
    return actor.judges and not actor.is_interested_in(department_id)


def can_run_contest(actor: Actor) -> bool:
    """Whether the actor opens, closes and awards the plan contest and makes the volume."""
    return actor.has(Role.OFFICE)


def can_see_contest_table(actor: Actor) -> bool:
    """Whether the actor reads what all judges gave, once judging is closed (own departments apart)."""
    return actor.has(Role.OFFICE, Role.LEADERSHIP, Role.TEAM_LEAD)


def can_decide_tie(actor: Actor) -> bool:
    """Whether the actor records the leading group's decision on a tie; the office enters it from the paper."""
    return actor.has(Role.LEADERSHIP, Role.OFFICE)
