"""Who may do what on the scoring side: the url table and the predicates for acts."""

from __future__ import annotations

from campaigns.actors import Actor
from campaigns.enums import Role
from qualityseason.policy import PUBLIC, Access, roles
from scoring.enums import DeductionState, FindingState, PublicationState
from scoring.models import Appeal, Deduction, Finding, Inspection, Notice, Publication

EVERYBODY = roles(*Role)
OVERSEERS = roles(Role.OFFICE, Role.ASSESSOR, Role.TEAM_LEAD, Role.LEADERSHIP)
TEAM = roles(Role.ASSESSOR, Role.TEAM_LEAD)
OFFICE = roles(Role.OFFICE)
FINDING = roles(Role.OFFICE, Role.ASSESSOR, Role.TEAM_LEAD)
HEARD = roles(Role.HEAD, Role.STAFF, Role.OFFICE)
RULERS = roles(Role.TEAM_LEAD, Role.LEADERSHIP)
PROPOSING = roles(Role.OFFICE, Role.TEAM_LEAD)
LEADS = roles(Role.TEAM_LEAD)
LEADERS = roles(Role.LEADERSHIP)
LEADING = roles(Role.LEADERSHIP, Role.OFFICE)
COVERAGE = roles(Role.OFFICE, Role.TEAM_LEAD, Role.LEADERSHIP)

TABLE: dict[str, Access] = {
    "scoring:ranking": OVERSEERS,
    "scoring:heatmap": OVERSEERS,
    "scoring:export": OVERSEERS,
    "scoring:rulebook": EVERYBODY,
    "scoring:statement": EVERYBODY,
    "scoring:deductions": EVERYBODY,
    "scoring:deduction": EVERYBODY,
    "scoring:deduction-new": TEAM,
    "scoring:deduction-confirm": TEAM,
    "scoring:deductions-confirm": TEAM,
    "scoring:deduction-withdraw": TEAM,
    "scoring:deduction-correct": TEAM,
    "scoring:subjects": TEAM,
    "scoring:inspections": EVERYBODY,
    "scoring:inspection": EVERYBODY,
    "scoring:inspection-new": TEAM,
    "scoring:inspection-edit": TEAM,
    "scoring:inspection-confirm": TEAM,
    "scoring:inspection-rectification": TEAM,
    "scoring:findings": FINDING,
    "scoring:finding": FINDING,
    "scoring:findings-decide": TEAM,
    "scoring:finding-match": TEAM,
    "scoring:finding-reopen": TEAM,
    "scoring:detection": FINDING,
    "scoring:detect": roles(Role.OFFICE, Role.TEAM_LEAD),
    "scoring:announcement-new": OFFICE,
    "scoring:announcement-withdraw": OFFICE,
    "scoring:mending": EVERYBODY,
    "scoring:notices": EVERYBODY,
    "scoring:department-notices": EVERYBODY,
    "scoring:notice-print": HEARD,
    "scoring:notice-hand-over": OFFICE,
    "scoring:notice": EVERYBODY,
    "scoring:appeals": EVERYBODY,
    "scoring:appeal": EVERYBODY,
    "scoring:appeal-new": HEARD,
    "scoring:appeal-take-back": HEARD,
    "scoring:appeal-rule": RULERS,
    "scoring:supplements": EVERYBODY,
    "scoring:supplement-new": PROPOSING,
    "scoring:supplement": EVERYBODY,
    "scoring:supplement-edit": PROPOSING,
    "scoring:supplement-preview": OVERSEERS,
    "scoring:supplement-adopt": LEADING,
    "scoring:supplement-discard": PROPOSING,
    "scoring:interpretations": EVERYBODY,
    "scoring:interpretation-new": LEADS,
    "scoring:interpretation-withdraw": LEADS,
    "scoring:benchmarks": OVERSEERS,
    "scoring:benchmark-name": LEADS,
    "scoring:basis-decide": LEADING,
    "scoring:decisions": OVERSEERS,
    "scoring:decision": OVERSEERS,
    "scoring:decision-new": LEADING,
    "scoring:coverage": COVERAGE,
    "scoring:outlook": RULERS,
    "scoring:trend": OVERSEERS,
    "scoring:publications": EVERYBODY,
    "scoring:display-new": PROPOSING,
    "scoring:display": EVERYBODY,
    "scoring:display-withdraw": PROPOSING,
    "scoring:objection-new": HEARD,
    "scoring:objection-answer": PROPOSING,
    "scoring:publication-new": PROPOSING,
    "scoring:publication": EVERYBODY,
    "scoring:publication-confirm": LEADERS,
    "scoring:publication-refuse": LEADERS,
    "scoring:publication-recall": PROPOSING,
    "scoring:publication-statement": EVERYBODY,
    "scoring:papers": EVERYBODY,
    "scoring:paper": EVERYBODY,
    "scoring:statement-print": EVERYBODY,
    "scoring:genuine": PUBLIC,
    "scoring:genuine-code": PUBLIC,
    "scoring:dashboard": LEADERS,
}


def can_record(actor: Actor, *department_ids: int) -> bool:
    """Whether the actor may record a deduction or inspection that concerns these departments."""
    return actor.is_team and not actor.is_interested_in(*department_ids)


def can_confirm(actor: Actor, deduction: Deduction) -> bool:
    """Whether the actor may be the second person on this line: of the team, not its recorder, without interest."""
    return (
        actor.is_team
        and deduction.campaign_id == actor.campaign_id
        and deduction.state == DeductionState.RECORDED
        and deduction.recorded_by_id != actor.user_id
        and not actor.is_interested_in(deduction.charged_id, deduction.visited_id)
    )


def can_withdraw(actor: Actor, deduction: Deduction) -> bool:
    """Whether the actor may withdraw the line: recorder or team lead while recorded, a team lead once confirmed."""
    if actor.is_interested_in(deduction.charged_id, deduction.visited_id) or not actor.is_team:
        return False
    if deduction.campaign_id != actor.campaign_id:
        return False
    if deduction.state == DeductionState.RECORDED:
        return deduction.recorded_by_id == actor.user_id or actor.has(Role.TEAM_LEAD)
    return deduction.state == DeductionState.CONFIRMED and actor.has(Role.TEAM_LEAD)


def can_attach_to_deduction(actor: Actor, deduction: Deduction) -> bool:
    """Whether the actor adds, replaces or removes files of the line: recorder or team lead, as long as it stands."""
    if not can_record(actor, deduction.charged_id, deduction.visited_id):
        return False
    if deduction.campaign_id != actor.campaign_id or deduction.state == DeductionState.WITHDRAWN:
        return False
    return deduction.recorded_by_id == actor.user_id or actor.has(Role.TEAM_LEAD)


def can_edit_inspection(actor: Actor, inspection: Inspection, *, assessor_ids: frozenset[int]) -> bool:
    """Whether the actor may change the inspection: one of its assessors, who entered it, or the team lead."""
    if not can_record(actor, inspection.department_id):
        return False
    return actor.has(Role.TEAM_LEAD) or actor.user_id in assessor_ids or inspection.entered_by_id == actor.user_id


def can_decide(actor: Actor, finding: Finding) -> bool:
    """Whether the actor may charge or dismiss the finding: of the team, without interest, while it is open."""
    return finding.state == FindingState.OPEN and can_record(actor, finding.charged_id) and _is_ours(actor, finding)


def can_reopen(actor: Actor, finding: Finding) -> bool:
    """Whether the actor may put a dismissed finding back among the undecided."""
    return (
        finding.state == FindingState.DISMISSED and can_record(actor, finding.charged_id) and _is_ours(actor, finding)
    )


def can_announce(actor: Actor) -> bool:
    """Whether the actor may announce from when on the portal's records count."""
    return actor.has(Role.OFFICE)


def can_detect(actor: Actor) -> bool:
    """Whether the actor may have the records looked at now."""
    return actor.has(Role.OFFICE, Role.TEAM_LEAD)


def can_open_notice(actor: Actor, line: Deduction) -> bool:
    """Whether opening the line tells its department of it: its head or liaison, not who looks as another."""
    return line.charged_id in actor.departments and actor.seeing_as is None and line.confirmed_at is not None


def can_hand_over(actor: Actor) -> bool:
    """Whether the actor records that printed notices were handed over."""
    return actor.has(Role.OFFICE)


def can_attach_to_notice(actor: Actor, notice: Notice) -> bool:
    """Whether the actor adds, replaces or removes the signed copy of a printed notice: the office, without interest."""
    return (
        can_hand_over(actor)
        and notice.campaign_id == actor.campaign_id
        and not actor.is_interested_in(notice.department_id)
    )


def can_appeal(actor: Actor, line: Deduction) -> bool:
    """Whether the actor appeals for the charged department: a head, or who is handed it for these days."""
    answers = line.charged_id in actor.headed or line.charged_id in actor.delegated
    return answers and actor.seeing_as is None and line.campaign_id == actor.campaign_id


def can_enter_appeal(actor: Actor, line: Deduction) -> bool:
    """Whether the actor enters an appeal made by word of mouth: the office, without interest."""
    return (
        actor.has(Role.OFFICE)
        and line.campaign_id == actor.campaign_id
        and not actor.is_interested_in(line.charged_id, line.visited_id)
    )


def can_take_back(actor: Actor, appeal: Appeal) -> bool:
    """Whether the actor takes the appeal back and changes its files: who may make it, the office what it entered."""
    line = appeal.deduction
    return can_appeal(actor, line) or (appeal.spoken_by != "" and can_enter_appeal(actor, line))


def can_rule(actor: Actor) -> bool:
    """Whether the actor is of those who rule on appeals at all; who of them may is judged by the appeal."""
    return actor.has(Role.TEAM_LEAD, Role.LEADERSHIP)


def rules_only_in_need(actor: Actor) -> bool:
    """Whether the actor rules only where no head of the team is free: a leader."""
    return not actor.has(Role.TEAM_LEAD)


def can_draft_supplement(actor: Actor) -> bool:
    """Whether the actor writes supplements down for the leading group."""
    return actor.has(Role.OFFICE, Role.TEAM_LEAD)


def can_record_decision(actor: Actor) -> bool:
    """Whether the actor records what the leading group decided: a leader, or the office with its paper."""
    return actor.has(Role.LEADERSHIP, Role.OFFICE)


def can_interpret(actor: Actor) -> bool:
    """Whether the actor says how a line is read."""
    return actor.has(Role.TEAM_LEAD)


def can_name_benchmark(actor: Actor, department_id: int) -> bool:
    """Whether the actor names that department's figure as the fullest mark."""
    return actor.has(Role.TEAM_LEAD) and not actor.is_interested_in(department_id)


def can_propose(actor: Actor) -> bool:
    """Whether the actor puts a result on public notice and proposes it for publication."""
    return actor.has(Role.OFFICE, Role.TEAM_LEAD)


def can_enter_objection(actor: Actor) -> bool:
    """Whether the actor enters what somebody objected at the office, in person or by letter."""
    return actor.has(Role.OFFICE)


def can_lead_publication(actor: Actor) -> bool:
    """Whether the actor is of those who confirm or refuse proposals; who of them may is judged by the proposal."""
    return actor.has(Role.LEADERSHIP)


def can_confirm_publication(actor: Actor, publication: Publication) -> bool:
    """Whether the actor confirms or refuses the proposal: a leader who did not propose it."""
    return (
        actor.has(Role.LEADERSHIP)
        and publication.campaign_id == actor.campaign_id
        and publication.state == PublicationState.PROPOSED
        and publication.proposed_by_id != actor.user_id
    )


def _is_ours(actor: Actor, finding: Finding) -> bool:
    return finding.campaign_id == actor.campaign_id
