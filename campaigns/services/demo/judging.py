"""The demo's plan contest: judged and closed, with a tie across a prize line that waits for the leading group."""

from __future__ import annotations

from datetime import timedelta

from campaigns.models import ContestEntry
from campaigns.policy import can_judge
from campaigns.queries.contest_facts import criteria_of
from campaigns.services.contest import close_contest, give_ballot, open_contest
from campaigns.services.demo.paperwork import Paperwork

LEAST, STEP = 74, 2  # points: of the last plan, and between one plan and the next


def hold_contest(paperwork: Paperwork) -> None:
    """Open the contest on the approved plans, let every judge judge, and close it."""
    campaign, data = paperwork.campaign, paperwork.data["contest"]
    office = paperwork.actor(paperwork.data["office"])
    contest = open_contest(campaign, judged_until=data["until"], by=office, at=paperwork.moment(data["opened"], 10))
    order = _order(paperwork, data["tie"])
    entries = list(ContestEntry.objects.filter(contest=contest).select_related("plan__department", "contest__campaign"))
    for place, username in enumerate(data["judges"]):
        judge = paperwork.actor(username)
        at = paperwork.moment(data["until"] - timedelta(days=place), 15)
        for entry in entries:
            department = entry.plan.department
            if can_judge(judge, entry, department_id=department.pk):
                points = {criterion: min(100, order[department.pk] + place) for criterion in criteria_of(campaign)}
                give_ballot(entry, points=points, comment="", version=0, by=judge, at=at)
    close_contest(contest, accepts_missing=True, by=office, at=paperwork.moment(data["until"] + timedelta(days=3), 10))


def _order(paperwork: Paperwork, tie: list[str]) -> dict[int, int]:
    """Return the points of each department: those of `tie` share one figure, just across the second prize's line."""
    departments = [department for department in paperwork.departments if department.name not in tie]
    paperwork.rng.shuffle(departments)
    best, rest = departments[:2], departments[2:]
    ladder = [*((department, 94 - 2 * place) for place, department in enumerate(best))]
    ladder += [(department, 90) for department in paperwork.departments if department.name in tie]
    ladder += [(department, max(LEAST, 88 - STEP * place // 2)) for place, department in enumerate(rest)]
    return {department.pk: points for department, points in ladder}
