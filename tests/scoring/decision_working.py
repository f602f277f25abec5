"""What tests of benchmarks and decisions start from."""

import uuid
from datetime import timedelta
from decimal import Decimal

import pytest

from campaigns.enums import Role
from campaigns.models import Block
from qualityseason.errors import Refused
from scoring.enums import PublicationState, Visibility
from scoring.models import Benchmark, Category, Publication, Tally
from scoring.queries.benchmarks import standing_benchmark
from scoring.services.benchmarks import BenchmarkDraft, name_benchmark
from scoring.services.decisions import DecisionDraft
from scoring.services.snapshots import take_snapshot
from tests.campaigns.honours_working import upload
from tests.factories import NOON, department, make_actor

TODAY = NOON.date()
YESTERDAY = TODAY - timedelta(days=1)


def refusal(call, *args, **options):
    """Return the code a service refuses with."""
    with pytest.raises(Refused) as refused:
        call(*args, **options)
    return refused.value.refusal_code


def place(season, block="B", category="study"):
    """Return block and category of a benchmark."""
    return Block.objects.get(campaign=season, code=block), Category.objects.get(campaign=season, code=category)


def charged(season, name, category="study"):
    """Return what was deducted from a department in a category."""
    return Tally.objects.get(department=department(season, name), category__code=category).charged


def benchmark_draft(season, name="图书馆", *, block="B", category="study", **values):
    """Return what the form sends to name a department's figure as it stands."""
    here, there = place(season, block, category)
    standing = standing_benchmark(here, there)
    said = {
        "uuid": uuid.uuid4(),
        "block": here,
        "category": there,
        "department": department(season, name),
        "reason": "讨论充分，记录完整。",
        "amount": charged(season, name, category),
        "standing": standing.uuid if standing is not None else None,
    }
    return BenchmarkDraft(**said | values)


def name(season, who="图书馆", *, by, at=NOON, **values) -> Benchmark:
    """Return a benchmark named through the service."""
    return name_benchmark(season, benchmark_draft(season, who, **values), by=by, at=at)


def said(season, by, **values) -> DecisionDraft:
    """Return what every decision says; the office attaches a paper."""
    fields = {
        "uuid": uuid.uuid4(),
        "decided_on": TODAY,
        "present": "支校衡、郭朝雄",
        "text": "一致同意。",
        "standing": None,
        "uploads": [] if by.has(Role.LEADERSHIP) else [upload(season, by)],
    }
    return DecisionDraft(**fields | values)


def posted(form, **values):
    """Return what a browser sends of a form, with other values."""
    shown = {field.html_name: field.value() for field in form if field.value() not in (None, [])}
    return shown | {"decided_on": TODAY.isoformat(), "present": "支校衡", "text": "一致同意。"} | values


def publish(season, *, number=1, replaces=None, at=NOON) -> Publication:
    """Return a publication of the result as it stands, as two people would have signed it."""
    office, leader = make_actor(season, Role.OFFICE), make_actor(season, Role.LEADERSHIP)
    return Publication.objects.create(
        campaign=season,
        number=number,
        snapshot=take_snapshot(season, at=at),
        replaces=replaces,
        visibility=Visibility.ALL,
        sign_until=TODAY + timedelta(days=7),
        state=PublicationState.CONFIRMED,
        proposed_by_id=office.user_id,
        proposed_at=at,
        decided_by_id=leader.user_id,
        decided_at=at,
    )


def points(text) -> Decimal:
    """Return points."""
    return Decimal(text)
