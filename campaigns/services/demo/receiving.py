"""The demo's receipts: e-copies confirmed one by one, papers taken in the day after, a few still missing."""

from __future__ import annotations

from datetime import timedelta

from campaigns.models import Department, PlanVersion
from campaigns.services.demo.paperwork import Paperwork
from campaigns.services.receipts import receive_electronic, receive_paper
from qualityseason.clock import day_of

PAGES = (3, 6)  # of a printed plan, fewest and most
UNCONFIRMED = 2  # e-copies, the latest, that still wait for the receiver


def receive_copies(paperwork: Paperwork) -> None:
    """Let the receivers confirm and take in what was submitted, in the order it came."""
    versions = list(
        PlanVersion.objects.filter(plan__campaign=paperwork.campaign)
        .select_related("plan__department", "plan__campaign")
        .order_by("submitted_at", "pk")
    )
    electronic = paperwork.liaison(_department(paperwork, "electronic-receiver"))
    paper = paperwork.liaison(_department(paperwork, "paper-receiver"))
    for version in versions[: len(versions) - UNCONFIRMED]:
        receive_electronic(version, by=electronic, at=version.submitted_at + timedelta(hours=5))
    for version in versions:
        if version.plan.department.name in paperwork.data["without_paper"]:
            continue
        came = version.submitted_at + timedelta(days=1)
        pages = paperwork.rng.randint(*PAGES)
        receive_paper(version, pages=pages, received_on=day_of(came), note="", newest=1, by=paper, at=came)


def _department(paperwork: Paperwork, code: str) -> Department:
    found = paperwork.book.find(paperwork.data["receivers"][code])
    if found is None:
        raise LookupError(code)
    return found
