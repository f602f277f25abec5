"""The figure of sixteen recorders at once, each a process with a connection of its own."""

import itertools
import multiprocessing
import time
from collections import Counter
from multiprocessing.synchronize import Barrier
from typing import Any

from django.db.models import Sum

from scoring.models import Deduction, Tally
from scoring.services.ledger import record_deduction
from tests.benchmarks.data import RECORDERS, after_the_facts
from tests.benchmarks.measure import Row, say
from tests.benchmarks.portals import Portal
from tests.benchmarks.recording import actor_of, drafts

BAR = "0 errors, tallies equal the sums"


def measure_crowd(portal: Portal, *, recordings: int, name: str) -> Row:
    """Let all recorders loose on one season of 24 departments; count errors and compare tallies with sums."""
    portal.use()
    portal.close()  # no connection may be shared with a child
    context = multiprocessing.get_context("fork")
    barrier, results = context.Barrier(len(RECORDERS) + 1), context.SimpleQueue()
    share = recordings // len(RECORDERS)
    processes = [
        context.Process(target=_record, args=(portal.url, number, share, barrier, results))
        for number in range(len(RECORDERS))
    ]
    for process in processes:
        process.start()
    barrier.wait()
    started = time.perf_counter()
    errors = Counter(itertools.chain.from_iterable(results.get() for _ in processes))
    seconds = time.perf_counter() - started
    for process in processes:
        process.join()
    for error, times in errors.most_common(5):
        say(f"{name}: {times} × {error}")
    portal.use()
    lines, differences = Deduction.objects.count(), _differences()
    met = not errors and lines == recordings and not differences
    figure = f"{errors.total()} errors in {lines:,}, {differences} tallies differ, {lines / seconds:,.0f} a second"
    return Row(f"{len(RECORDERS)} concurrent recorders on {name}", "", figure, BAR, met)


def _record(url: str, number: int, count: int, barrier: Barrier, results: Any) -> None:
    portal = Portal(url)
    portal.use()
    errors: list[str] = []
    mine = list(itertools.islice(drafts(portal, seed=number, who=RECORDERS[number]), count))
    actor, at = actor_of(portal, RECORDERS[number]), after_the_facts(portal.campaign())
    barrier.wait()
    for draft in mine:
        began = time.perf_counter()
        try:
            record_deduction(draft, by=actor, at=at)
        except Exception as error:  # every kind of failure is counted
            seconds = time.perf_counter() - began
            errors.append(f"{type(error).__name__}: {error}"[:120] + f" after {seconds:.0f} s")
    portal.close()
    results.put(errors)


def _differences() -> int:
    """Return how many tallies are not what a plain sum over the ledger says; nothing is confirmed yet."""
    sums = {
        (department, category): amount
        for department, category, amount in Deduction.objects.order_by()
        .values_list("charged_id", "category_id")
        .annotate(Sum("amount"))
    }
    tallies = Tally.objects.values_list("department_id", "category_id", "pending")
    return sum(sums.get((department, category), 0) != pending for department, category, pending in tallies)
