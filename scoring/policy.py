"""Who may do what on the scoring side: the url table and the predicates for acts."""

from __future__ import annotations

from campaigns.actors import Actor
from campaigns.enums import Role
from qualityseason.policy import Access, roles
from scoring.enums import DeductionState, FindingState
from scoring.models import Deduction, Finding, Inspection

EVERYBODY = roles(*Role)
OVERSEERS = roles(Role.OFFICE, Role.ASSESSOR, Role.TEAM_LEAD, Role.LEADERSHIP)
TEAM = roles(Role.ASSESSOR, Role.TEAM_LEAD)
OFFICE = roles(Role.OFFICE)
FINDING = roles(Role.OFFICE, Role.ASSESSOR, Role.TEAM_LEAD)

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


def _is_ours(actor: Actor, finding: Finding) -> bool:
    return finding.campaign_id == actor.campaign_id
