"""The figure of recording one deduction: checks, row, tally, audit, commit to the disk."""

import itertools
import random
import uuid
from collections.abc import Iterator
from datetime import timedelta

from campaigns.actors import Actor
from campaigns.models import Department
from campaigns.queries.actors import load_actor
from qualityseason.models import User
from scoring.calculations import text_key
from scoring.enums import REQUIRED_SUBJECTS
from scoring.facts import Subject
from scoring.models import Rule
from scoring.services.drafts import DeductionDraft
from scoring.services.ledger import record_deduction
from tests.benchmarks.data import RECORDERS, Sizes, after_the_facts
from tests.benchmarks.measure import Row, compare, row
from tests.benchmarks.portals import Portal

SEED = 2009


def measure_recording(many: Portal, few: Portal, sizes: Sizes) -> Row:
    """Measure the same drafts, one after the other, on both ledgers."""
    rounds = sizes.rounds * 10
    works = [_recorder(portal, rounds * 2) for portal in (many, few)]
    pair = compare(*works, rounds=rounds, warm_up=rounds // 4)
    over = f"over {sizes.departments:,} departments"
    work = f"recording one deduction (checks, row, tally, audit, commit) at {sizes.lines:,} {over}"
    return row(work, f"the same at {sizes.few_lines:,} lines {over}", pair, 1.2)


def actor_of(portal: Portal, username: str) -> Actor:
    """Return who that user is in the portal's season."""
    campaign = portal.campaign()
    actor = load_actor(User.objects.get(username=username), campaign, on=campaign.facts_until)
    assert actor is not None
    return actor


def drafts(portal: Portal, *, seed: int, who: str) -> Iterator[DeductionDraft]:
    """Yield deductions nobody has recorded yet: any department, any rule of its block that can be charged again."""
    portal.use()
    departments = list(Department.objects.select_related("block", "campaign").order_by("order"))
    rules = list(Rule.objects.exclude(once__in=["department", "month"]).order_by("order"))
    dice = random.Random(seed)
    for number in itertools.count():
        charged = dice.choice(departments)
        rule = dice.choice([rule for rule in rules if rule.block_id in (None, charged.block_id)])
        label = f"{rule.code} {who} {number}" if rule.subject in REQUIRED_SUBJECTS else ""
        yield DeductionDraft(
            uuid=uuid.uuid4(),
            charged=charged,
            rule=rule,
            quantity=dice.randint(1, min(rule.maximum, 4)),
            happened_on=charged.campaign.facts_from + timedelta(days=dice.randrange(150)),
            subject=Subject(label, key=text_key(label)),
        )


def _recorder(portal: Portal, count: int):
    ready = list(itertools.islice(drafts(portal, seed=SEED, who="r"), count))
    actor, at = actor_of(portal, RECORDERS[0]), after_the_facts(portal.campaign())
    waiting = iter(ready)

    def work() -> None:
        portal.use()
        record_deduction(next(waiting), by=actor, at=at)

    return work
