"""The award list for whoever takes it along: prizes, and for who may know more the whole judging."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from campaigns.actors import Actor
from campaigns.calculations.contest import Prize
from campaigns.models import Contest
from campaigns.policy import can_see_contest_table
from campaigns.queries.contest import Award, TableRow, award_rows, standing_decision, table_rows
from campaigns.queries.contest_facts import criteria_of, load_contest, prizes_of, tie_decisions
from qualityseason.clock import day_of


@dataclass(frozen=True)
class AwardList:
    """What the list says; `rows` is empty for who does not see the table, `decided` are ranks with the day."""

    college: str
    issuer: str
    season: str
    awarded_on: date
    criteria: tuple[str, ...]
    prizes: tuple[Prize, ...]
    awards: tuple[Award, ...]
    rows: tuple[TableRow, ...]
    decided: tuple[tuple[int, date], ...]
    sees_table: bool


def award_list(actor: Actor, contest: Contest, *, at: datetime) -> AwardList:
    """Return the award list of an awarded contest. At most nine queries."""
    campaign = contest.campaign
    decisions = tie_decisions(contest)
    facts = load_contest(contest, on=day_of(at), decisions=decisions)
    sees = can_see_contest_table(actor)
    found = [(tie.rank, standing_decision(tie, decisions)) for tie in facts.outcome.ties]
    return AwardList(
        college=campaign.college,
        issuer=f"{campaign.college} {campaign.document_number}".strip(),
        season=campaign.name,
        awarded_on=day_of(contest.awarded_at or at),
        criteria=criteria_of(campaign),
        prizes=prizes_of(campaign),
        awards=award_rows(actor, facts),
        rows=table_rows(actor, contest, facts) if sees else (),
        decided=tuple((rank, decision.decided_on) for rank, decision in found if decision is not None),
        sees_table=sees,
    )
