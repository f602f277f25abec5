"""Who may do what on the campaign side: the url table and the predicates for acts."""

from __future__ import annotations

from collections.abc import Iterable

from campaigns.actors import Actor
from campaigns.enums import (
    DEPARTMENT_ROLES,
    OVERSEEING_ROLES,
    TEAM_ROLES,
    WRITABLE_PLAN_STATES,
    ImportKind,
    NominationState,
    PlanState,
    ProblemSource,
    ReceiptKind,
    RegisterCode,
    ResponsibilityCode,
    Role,
    TaskState,
)
from campaigns.models import (
    Assignment,
    ContestEntry,
    Department,
    Evidence,
    Membership,
    MonthlyReport,
    Nomination,
    Plan,
    Problem,
    ProblemAnswer,
    Receipt,
    Recommendation,
    Summary,
)
from qualityseason.policy import SIGNED_IN, Access, roles

EVERYBODY = roles(*Role)
OFFICE = roles(Role.OFFICE)
PEOPLE_READERS = roles(Role.OFFICE, Role.ASSESSOR, Role.TEAM_LEAD, Role.HEAD, Role.STAFF)
DEPARTMENTS = roles(*DEPARTMENT_ROLES)
HANDING_IN = roles(*DEPARTMENT_ROLES, Role.OFFICE)  # the office may enter anything on a department's behalf
OVERSEERS = roles(*OVERSEEING_ROLES)
TEAM = roles(*TEAM_ROLES)
LEADING = roles(Role.LEADERSHIP, Role.OFFICE)
RAISING = roles(Role.OFFICE, *TEAM_ROLES, *DEPARTMENT_ROLES)

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
    "campaigns:account-email": OFFICE,
    "campaigns:account-slips": roles(Role.OFFICE, Role.HEAD),
    "campaigns:account-unlock": roles(Role.OFFICE, Role.HEAD),
    "campaigns:staff": PEOPLE_READERS,
    "campaigns:staff-add": OFFICE,
    "campaigns:staff-edit": OFFICE,
    "campaigns:posting-add": OFFICE,
    "campaigns:classes": PEOPLE_READERS,
    "campaigns:class-add": OFFICE,
    "campaigns:class-edit": OFFICE,
    "campaigns:imports": EVERYBODY,
    "campaigns:import-new": EVERYBODY,
    "campaigns:import-template": EVERYBODY,
    "campaigns:import": EVERYBODY,
    "campaigns:import-apply": EVERYBODY,
    "campaigns:import-annotated": EVERYBODY,
    "campaigns:import-withdraw": EVERYBODY,
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
    "campaigns:invitation-answer": OVERSEERS,
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
    "campaigns:volume-summaries": OVERSEERS,
    "campaigns:volume-summaries-make": OFFICE,
    "campaigns:volume-file": OVERSEERS,
    "campaigns:evidence": EVERYBODY,
    "campaigns:evidence-new": HANDING_IN,
    "campaigns:evidence-inbox": HANDING_IN,
    "campaigns:evidence-guess": HANDING_IN,
    "campaigns:evidence-choose": HANDING_IN,
    "campaigns:evidence-record": EVERYBODY,
    "campaigns:evidence-edit": HANDING_IN,
    "campaigns:evidence-withdraw": HANDING_IN,
    "campaigns:haves": EVERYBODY,
    "campaigns:duty-records": EVERYBODY,
    "campaigns:publicity": EVERYBODY,
    "campaigns:stage-reports": EVERYBODY,
    "campaigns:exchanges": EVERYBODY,
    "campaigns:exchange-new": OFFICE,
    "campaigns:exchange": EVERYBODY,
    "campaigns:exchange-edit": OFFICE,
    "campaigns:exchange-cancel": OFFICE,
    "campaigns:months": EVERYBODY,
    "campaigns:service": EVERYBODY,
    "campaigns:service-new": HANDING_IN,
    "campaigns:service-record": EVERYBODY,
    "campaigns:service-edit": HANDING_IN,
    "campaigns:service-withdraw": HANDING_IN,
    "campaigns:monthly-report-new": HANDING_IN,
    "campaigns:monthly-report": EVERYBODY,
    "campaigns:monthly-report-edit": HANDING_IN,
    "campaigns:monthly-report-confirm": HANDING_IN,
    "campaigns:circulars": EVERYBODY,
    "campaigns:circular-new": OFFICE,
    "campaigns:circular": EVERYBODY,
    "campaigns:circular-edit": OFFICE,
    "campaigns:circular-withdraw": OFFICE,
    "campaigns:circular-relay": HANDING_IN,
    "campaigns:circular-carry-out": HANDING_IN,
    "campaigns:policies": EVERYBODY,
    "campaigns:policy-new": HANDING_IN,
    "campaigns:policy": EVERYBODY,
    "campaigns:policy-edit": HANDING_IN,
    "campaigns:policy-withdraw": HANDING_IN,
    "campaigns:policy-measure-add": HANDING_IN,
    "campaigns:policy-measure-remove": HANDING_IN,
    "campaigns:assignments": EVERYBODY,
    "campaigns:assignment-new": LEADING,
    "campaigns:assignment": EVERYBODY,
    "campaigns:assignment-edit": LEADING,
    "campaigns:assignment-withdraw": LEADING,
    "campaigns:assignment-report": HANDING_IN,
    "campaigns:assignment-judge": LEADING,
    "campaigns:problems": EVERYBODY,
    "campaigns:problem-new": RAISING,
    "campaigns:problem": EVERYBODY,
    "campaigns:problem-edit": RAISING,
    "campaigns:problem-withdraw": RAISING,
    "campaigns:problem-answer": HANDING_IN,
    "campaigns:problem-judge": RAISING,
    "campaigns:problem-person-add": HANDING_IN,
    "campaigns:problem-person": HANDING_IN,
    "campaigns:registers": EVERYBODY,
    "campaigns:register": EVERYBODY,
    "campaigns:register-export": EVERYBODY,
    "campaigns:register-row-new": EVERYBODY,
    "campaigns:register-row": EVERYBODY,
    "campaigns:register-row-excuse": EVERYBODY,
    "campaigns:register-row-withdraw": EVERYBODY,
    "campaigns:import-match": EVERYBODY,
    "campaigns:recommendations": EVERYBODY,
    "campaigns:recommendation-new": HANDING_IN,
    "campaigns:recommendation": EVERYBODY,
    "campaigns:recommendation-edit": HANDING_IN,
    "campaigns:recommendation-withdraw": HANDING_IN,
    "campaigns:recommendation-choose": OFFICE,
    "campaigns:objectives": EVERYBODY,
    "campaigns:measurement-new": OFFICE,
    "campaigns:measurement-withdraw": OFFICE,
    "campaigns:honours": EVERYBODY,
    "campaigns:nomination-new": HANDING_IN,
    "campaigns:nomination": EVERYBODY,
    "campaigns:nomination-edit": HANDING_IN,
    "campaigns:nomination-withdraw": HANDING_IN,
    "campaigns:honours-shortlist": OFFICE,
    "campaigns:honours-decide": LEADING,
    "campaigns:honours-export": OVERSEERS,
    "campaigns:summaries": EVERYBODY,
    "campaigns:summary-start": HANDING_IN,
    "campaigns:summary": EVERYBODY,
    "campaigns:summary-write": HANDING_IN,
    "campaigns:summary-title": HANDING_IN,
    "campaigns:summary-part": HANDING_IN,
    "campaigns:summary-section-new": HANDING_IN,
    "campaigns:summary-section-remove": HANDING_IN,
    "campaigns:summary-bring-in": HANDING_IN,
    "campaigns:summary-reading": HANDING_IN,
    "campaigns:summary-request": HANDING_IN,
    "campaigns:summary-recall": HANDING_IN,
    "campaigns:summary-submit": HANDING_IN,
    "campaigns:summary-review": OFFICE,
    "campaigns:summary-approve": OFFICE,
    "campaigns:summary-version": EVERYBODY,
    "campaigns:summary-changes": EVERYBODY,
    "campaigns:summary-print": EVERYBODY,
    "campaigns:summary-receipt": EVERYBODY,
    "campaigns:reminders": OFFICE,
    "campaigns:reminders-send": OFFICE,
    "campaigns:reminder-call": OFFICE,
    "campaigns:calendar": EVERYBODY,
    "campaigns:department-changes": EVERYBODY,
    "campaigns:department-change-new": OFFICE,
    "campaigns:department-change": EVERYBODY,
    "campaigns:see-as": OFFICE,
    "campaigns:see-as-end": EVERYBODY,
    "campaigns:season-copy": OFFICE,
}

IMPORT_ROLES: dict[str, frozenset[str]] = {
    ImportKind.STAFF: frozenset({Role.OFFICE}),
    ImportKind.CLASSES: frozenset({Role.OFFICE}),
    ImportKind.ACCOUNTS: frozenset({Role.OFFICE}),
    ImportKind.DUTIES: frozenset({Role.OFFICE}),
    ImportKind.DEDUCTIONS: frozenset({Role.ASSESSOR, Role.TEAM_LEAD}),
}


def importable_kinds(actor: Actor) -> frozenset[str]:
    """Return the kinds of sheet the actor may bring in: by role, and the registers one keeps (the office all)."""
    by_role = {kind for kind, allowed in IMPORT_ROLES.items() if not actor.roles.isdisjoint(allowed)}
    return frozenset(by_role | {ImportKind(code.responsibility) for code in RegisterCode if can_keep(actor, code)})


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


def can_see_working_text(actor: Actor, plan: Plan | Summary) -> bool:
    """Whether the actor reads the plan as it is being written; all others read what was submitted."""
    return plan.department_id in actor.departments or actor.has(Role.OFFICE)


def can_write_plan(actor: Actor, plan: Plan | Summary) -> bool:
    """Whether the actor changes the plan's text now: it is not in anybody else's hands."""
    return plan.state in WRITABLE_PLAN_STATES and can_hand_in(actor, plan.department_id)


def can_submit_plan(actor: Actor, plan: Plan | Summary) -> bool:
    """Whether the actor submits the plan: a head, who is handed it for these days, or the office with the paper."""
    if plan.state not in WRITABLE_PLAN_STATES:
        return False
    department_id = plan.department_id
    if department_id in actor.headed or department_id in actor.delegated:
        return True
    return actor.has(Role.OFFICE) and not actor.is_interested_in(department_id)


def can_review_plan(actor: Actor, plan: Plan | Summary) -> bool:
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


def can_file_evidence(actor: Actor, evidence: Evidence) -> bool:
    """Whether the actor changes a piece of evidence or what it proves."""
    return evidence.withdrawn_at is None and can_hand_in(actor, evidence.department_id)


def can_issue_circulars(actor: Actor) -> bool:
    """Whether the actor sends circulars to departments, and arranges exchanges of experience."""
    return actor.has(Role.OFFICE)


def can_assign(actor: Actor, department_id: int) -> bool:
    """Whether the actor gives the department assignments, and accepts or sends back its reports (回避)."""
    return actor.has(Role.OFFICE, Role.LEADERSHIP) and not actor.is_interested_in(department_id)


def can_judge_assignment(actor: Actor, assignment: Assignment) -> bool:
    """Whether the actor accepts or sends back the report that stands."""
    return assignment.state == TaskState.REPORTED and can_assign(actor, assignment.department_id)


def can_raise_problem(actor: Actor, department_id: int) -> bool:
    """Whether the actor raises a problem this department answers: team and office (回避), or another department."""
    if actor.has(Role.OFFICE) or actor.is_team:
        return not actor.is_interested_in(department_id)
    return bool(actor.departments) and department_id not in actor.departments


def can_change_problem(actor: Actor, problem: Problem) -> bool:
    """Whether the actor rewords or withdraws a problem: those who raised it, or the office."""
    if problem.withdrawn_at is not None:
        return False
    if problem.source == ProblemSource.DEPARTMENT and problem.raising_department_id in actor.departments:
        return True
    return actor.has(Role.OFFICE) or problem.raised_by_id == actor.user_id or actor.has(Role.TEAM_LEAD)


def can_edit_problem(actor: Actor, problem: Problem, *, named: Iterable[int]) -> bool:
    """Whether the actor rewords or withdraws a problem about the departments `named` (回避)."""
    is_own = problem.raising_department_id in actor.departments
    return can_change_problem(actor, problem) and (is_own or not actor.is_interested_in(*named))


def can_attach_to_problem(actor: Actor, problem: Problem) -> bool:
    """Whether the actor adds and removes its files: who may change it, the team only those of its own problems."""
    if not can_change_problem(actor, problem):
        return False
    is_own = problem.raising_department_id in actor.departments or problem.raised_by_id == actor.user_id
    return is_own or actor.has(Role.OFFICE) or problem.source in (ProblemSource.TEAM, ProblemSource.INSPECTION)


def can_judge_answer(actor: Actor, answer: ProblemAnswer) -> bool:
    """Whether the actor accepts an answer or sends it back: who may change the problem, never about an own department.

    `answer` comes with its problem.
    """
    own = actor.is_interested_in(answer.department_id) or answer.department_id in actor.departments
    return answer.state == TaskState.REPORTED and not own and can_change_problem(actor, answer.problem)


def can_confirm_report(actor: Actor, report: MonthlyReport) -> bool:
    """Whether the actor confirms receipt of a report on students' conduct: the people it went to."""
    return report.confirmed_at is None and can_hand_in(actor, report.addressee_id)


def can_keep(actor: Actor, register: RegisterCode) -> bool:
    """Whether the actor keeps a register: by responsibility, or the office; rows of own departments are marked."""
    return register in actor.keeps or actor.has(Role.OFFICE)


def can_see_register(actor: Actor, register: RegisterCode) -> bool:
    """Whether a register is there for the actor at all: rows of others stay unseen, see `visible_to`."""
    return can_keep(actor, register) or actor.is_team or bool(actor.departments)


def can_choose_recommendation(actor: Actor, recommendation: Recommendation) -> bool:
    """Whether the actor chooses a recommendation for exchange, volume or honours (回避)."""
    about = (recommendation.recommended_id, recommendation.department_id)
    return actor.has(Role.OFFICE) and not actor.is_interested_in(*about)


def can_change_nomination(actor: Actor, nomination: Nomination) -> bool:
    """Whether the actor changes or withdraws a nomination: its department, before anything was decided on it."""
    return nomination.state == NominationState.NOMINATED and can_hand_in(actor, nomination.department_id)


def can_shortlist(actor: Actor, nomination: Nomination) -> bool:
    """Whether the actor takes a nomination onto the short list or off it (回避)."""
    return nomination.state in (NominationState.NOMINATED, NominationState.SHORTLISTED) and can_decide_for(
        actor, nomination.department_id
    )


def can_decide_honours(actor: Actor) -> bool:
    """Whether the actor records the leading group's decision on honours; the office enters it from the paper."""
    return actor.has(Role.LEADERSHIP, Role.OFFICE)


def can_remind(actor: Actor) -> bool:
    """Whether the actor reminds others of what is due."""
    return actor.has(Role.OFFICE)


def can_change_departments(actor: Actor) -> bool:
    """Whether the actor records that departments were renamed, merged, split or closed."""
    return actor.has(Role.OFFICE)
