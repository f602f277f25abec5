"""The demo's paperwork as a whole: leaders, duties, sessions, plans, receipts, the contest."""

from __future__ import annotations

from random import Random
from typing import Any

from django.db import transaction

from campaigns.enums import LeaderPost, ProposalKind, ResponsibilityCode
from campaigns.models import Campaign, Department, Duty
from campaigns.services.delegations import give_delegation
from campaigns.services.demo.judging import hold_contest
from campaigns.services.demo.paperwork import Paperwork
from campaigns.services.demo.plans import mark_items, write_plans
from campaigns.services.demo.receiving import receive_copies
from campaigns.services.demo.study import hold_sessions
from campaigns.services.duties import add_duty
from campaigns.services.leaders import GivenTelephone, NamedLeaders, name_leaders
from campaigns.services.obligations import make_obligations
from campaigns.services.people import add_responsibility
from campaigns.services.proposals import propose_change
from qualityseason.models import User


@transaction.atomic
def seed_paperwork(campaign: Campaign, data: dict[str, Any], *, seed: int) -> None:
    """Tell how the departments studied, planned and handed in, through the services, each at its time."""
    paperwork = Paperwork(campaign, data, Random(seed))  # noqa: S311  # the same demo everywhere, no secret
    make_obligations(campaign)
    _give_responsibilities(paperwork)
    _name_leaders(paperwork)
    _give_duties(paperwork)
    hold_sessions(paperwork)
    write_plans(paperwork)
    mark_items(paperwork)
    receive_copies(paperwork)
    hold_contest(paperwork)
    _propose_changes(paperwork)
    _hand_over(paperwork)


def _give_responsibilities(paperwork: Paperwork) -> None:
    at = paperwork.data["entered_at"]
    for code, name in paperwork.data["receivers"].items():
        add_responsibility(
            paperwork.campaign,
            code=code,
            department=_department(paperwork, name),
            user=None,
            by_id=_office(paperwork),
            at=at,
        )
    for username in paperwork.data["contest"]["judges"]:
        add_responsibility(
            paperwork.campaign,
            code=ResponsibilityCode.CONTEST_JUDGE,
            department=None,
            user=User.objects.get(username=username),
            by_id=_office(paperwork),
            at=at,
        )


def _office(paperwork: Paperwork) -> int:
    return User.objects.get(username=paperwork.data["office"]).pk


def _name_leaders(paperwork: Paperwork) -> None:
    account = paperwork.data["with_account"]
    user = User.objects.get(username=account["username"])
    cells = []
    for place, department in enumerate(paperwork.departments):
        for post, names in (
            (LeaderPost.IN_CHARGE, paperwork.data["in_charge"]),
            (LeaderPost.LIAISON, paperwork.data["liaison"]),
        ):
            name = names[place % len(names)]
            person = (name, user if name == account["name"] else None)
            cells.append(NamedLeaders(department, post, (person,), seen=""))
    first = paperwork.data["telephone"]
    telephones = [
        GivenTelephone(department, str(number), seen="")
        for number, department in enumerate(paperwork.departments, start=first)
    ]
    name_leaders(
        paperwork.campaign,
        cells,
        telephones=telephones,
        by_id=_office(paperwork),
        at=paperwork.data["entered_at"],
    )


def _give_duties(paperwork: Paperwork) -> None:
    for department in paperwork.departments:
        for number, entry in enumerate(paperwork.of(department).get("duties", ()), start=1):
            add_duty(
                department,
                number=str(number),
                text=entry.partition("|")[2],
                source=paperwork.data["source"],
                is_sample=True,
                by_id=_office(paperwork),
                at=paperwork.data["entered_at"],
            )


def _propose_changes(paperwork: Paperwork) -> None:
    for entry in paperwork.data["proposals"]:
        department = _department(paperwork, entry["department"])
        propose_change(
            department,
            kind=ProposalKind(entry["kind"]),
            values=entry["values"],
            reason=entry["reason"],
            by=paperwork.liaison(department),
            at=paperwork.data["proposals_at"],
            uuid=paperwork.uuid(),
            duty=Duty.objects.get(department=department, number=entry["duty"]) if "duty" in entry else None,
        )


def _hand_over(paperwork: Paperwork) -> None:
    entry = paperwork.data["delegation"]
    department = _department(paperwork, entry["department"])
    give_delegation(
        department,
        head=User.objects.get(pk=paperwork.head(department).user_id),
        delegate=User.objects.get(pk=paperwork.liaison(department).user_id),
        starts_on=entry["starts_on"],
        ends_on=entry["ends_on"],
        by=paperwork.head(department),
        at=paperwork.moment(entry["starts_on"], 8),
    )


def _department(paperwork: Paperwork, name: str) -> Department:
    found = paperwork.book.find(name)
    if found is None:
        raise LookupError(name)
    return found
