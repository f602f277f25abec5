"""The demo as a whole: clock, accounts, and two months of activity told through the services."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.models import Campaign
from campaigns.services.demo import (
    read_demo,
    seed_accounts,
    seed_motion,
    seed_paperwork,
    seed_people,
    set_clock,
)
from qualityseason.errors import Refused
from qualityseason.models import User
from scoring.models import Deduction, Inspection
from scoring.services.demo.answering import answer
from scoring.services.demo.cast import Cast
from scoring.services.demo.fates import decide_fates
from scoring.services.demo.lines import plan_cases, plan_stories
from scoring.services.demo.noticing import notice
from scoring.services.demo.tie import make_ties
from scoring.services.demo.timeline import tell
from scoring.services.demo.visits import plan_visits
from scoring.services.rulebook import RULEBOOK_PART


@dataclass(frozen=True)
class DemoReport:
    """What was made: accounts, inspections, deductions; `has_activity` says that none was added to what is there."""

    accounts: int
    inspections: int = 0
    deductions: int = 0
    has_activity: bool = False


def is_database_in_use() -> bool:
    """Whether anybody has an account."""
    return User.objects.exists()


def demo_campaign() -> Campaign:
    """Return the season the demo plays in; raises Refused when it is not loaded."""
    slug = read_demo("accounts")["campaign"]
    campaign = Campaign.objects.filter(slug=slug).first()
    if campaign is None:
        raise Refused(
            _("Season %(season)s is not loaded; run first: manage.py load_season season%(season)s") % {"season": slug},
            code="no_season",
        )
    return campaign


@transaction.atomic
def seed_demo(campaign: Campaign, *, password: str, activity: bool) -> DemoReport:
    """Set the demo clock, make the demo accounts, and tell two months of activity where the season has none.

    A second run keeps accounts and records; it gives the password again and turns the clock back unless something was
    recorded after the demo's beginning.
    """
    accounts = read_demo("accounts")
    start = accounts["clock"]
    if campaign.clock_offset is None or not (
        Deduction.objects.filter(campaign=campaign, recorded_at__gte=start).exists()
        or Inspection.objects.filter(campaign=campaign, entered_at__gte=start).exists()
    ):
        set_clock(campaign, start=start)
    made = seed_accounts(campaign, accounts, password=password)
    if not activity:
        return DemoReport(made)
    if RULEBOOK_PART.is_in_use(campaign):
        return DemoReport(made, has_activity=True)
    data = read_demo("activity")
    rng = Random(data["seed"])  # noqa: S311  # the same demo everywhere, no secret
    office = User.objects.get(username=accounts["team"][0]["username"])
    seed_people(campaign, accounts, read_demo("people"), by_id=office.pk, rng=rng)
    handing_in = read_demo("handing_in")
    seed_paperwork(campaign, handing_in, seed=data["seed"])
    seed_motion(campaign, read_demo("in_motion"), handing_in["departments"], seed=data["seed"])
    cast = Cast(campaign, data, rng=rng)
    visits, stories = plan_visits(cast), plan_stories(cast)
    lines = stories + plan_cases(cast, read_demo("cases")["cases"], visits=visits, stories=stories)
    decide_fates(cast, lines)
    tell(cast, visits, lines)
    notice(cast, read_demo("findings"))
    answer(cast, read_demo("answers"))
    lines += make_ties(cast)
    return DemoReport(made, inspections=len(visits), deductions=len(lines))
