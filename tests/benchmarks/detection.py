"""The figures of detection: one department in a small and a large college, all of them, and the memory they take."""

import time
from collections.abc import Callable

from campaigns.models import Department
from scoring.services.detection import detect_campaign, detect_department
from tests.benchmarks.data import Store, after_the_facts
from tests.benchmarks.exports import peak_memory
from tests.benchmarks.measure import Row, compare, row, say
from tests.benchmarks.portals import Portal

PEOPLE, FEW_PEOPLE = 300, 30
ONE_SECOND = 1.0
LINEAR = 1.25  # times as long per register row in the large college
FLAT = 1.2


def measure_detection(store: Store) -> list[Row]:
    """Measure a college of 24 departments and a large one, each with a full season's registers."""

    people = PEOPLE if store.sizes.departments >= 1_000 else FEW_PEOPLE
    say(f"writing the registers of 24 and of {store.sizes.departments:,} departments × {people}")
    small, small_rows = store.registers(store.college, people=people)
    large, large_rows = store.registers(store.invented, people=people)
    pair = compare(_one(large), _one(small), rounds=store.sizes.rounds // 2 or 3)
    name = f"detection of one department of {people} people"
    seconds = {portal: _all(portal) for portal in (small, large)}
    per_row = [seconds[portal] / rows * 1e6 for portal, rows in ((large, large_rows), (small, small_rows))]
    peaks = [peak_memory(portal, "detect") for portal in (large, small)]
    of = f"{store.sizes.departments:,} departments"
    return [
        row(f"{name} in a college of {of}", "the same in a college of 24", pair, LINEAR),
        Row(name, "a second of work", f"{pair.ours * 1000:,.0f} ms", "≤ 1 s", pair.ours <= ONE_SECOND),
        Row(
            f"detection of all {of} ({large_rows:,} register rows), per row",
            f"the same of 24 ({small_rows:,} rows)",
            f"{per_row[0] / per_row[1]:.2f}× ({per_row[0]:.0f} µs : {per_row[1]:.0f} µs)",
            f"linear (≤ {LINEAR}×)",
            per_row[0] / per_row[1] <= LINEAR,
        ),
        Row(
            f"peak memory of detecting all {of}",
            "the same of 24",
            f"{peaks[0] / peaks[1]:.2f}× ({peaks[0]:,.0f} MB : {peaks[1]:,.0f} MB)",
            f"flat (≤ {FLAT}×)",
            peaks[0] / peaks[1] <= FLAT,
        ),
    ]


def _one(portal: Portal) -> Callable[[], None]:
    """Return the work of looking at the same department again; the kind that has all registers."""

    campaign = portal.campaign()
    department = Department.objects.filter(kind="specialty").select_related("block", "campaign").order_by("pk").first()

    def work() -> None:
        portal.use()
        detect_department(department, at=after_the_facts(campaign))

    return work


def _all(portal: Portal) -> float:
    """Return the seconds that a second detection of all departments takes; the first has made the findings."""

    campaign = portal.campaign()
    detect_campaign(campaign, at=after_the_facts(campaign))
    started = time.process_time()
    detect_campaign(campaign, at=after_the_facts(campaign))
    return time.process_time() - started
