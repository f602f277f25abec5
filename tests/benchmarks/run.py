"""Measures every figure, prints the table, fails when a bar is missed."""

import argparse
import os
import platform
import time
from collections.abc import Callable, Iterator

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from tests.benchmarks.crowd import BAR, measure_crowd
from tests.benchmarks.data import FULL, QUICK, SEASON, Store, open_season
from tests.benchmarks.decisions import measure_decisions
from tests.benchmarks.detection import measure_detection
from tests.benchmarks.exports import measure_paper, measure_workbook
from tests.benchmarks.measure import CLOCKS, Row, say, table, use_clock
from tests.benchmarks.pages import count_queries, measure_list, measure_ranking
from tests.benchmarks.portals import Portal
from tests.benchmarks.postgresql import postgresql_database
from tests.benchmarks.recording import measure_recording

PARTS = ("pages", "recording", "crowd", "workbook", "paper", "detection", "decisions")


def run() -> int:
    """Measure what the command line asks for; return 1 when a bar was missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="part", help=f"only these: {', '.join(PARTS)}")
    parser.add_argument("--quick", action="store_true", help="a hundredth of the data, to try the harness itself")
    parser.add_argument("--clock", choices=CLOCKS, default="wall", help="what pairs are measured by (default: wall)")
    arguments = parser.parse_args()
    use_clock(arguments.clock)
    if not set(arguments.parts) <= set(PARTS):
        parser.error(f"the parts are {', '.join(PARTS)}")
    started = time.monotonic()
    rows = list(measure(arguments.parts or PARTS, quick=arguments.quick))
    print(table(rows))
    minutes = (time.monotonic() - started) / 60
    print(
        f"\nPython {platform.python_version()}, SQLite {connection.Database.sqlite_version}, {os.cpu_count()} cores; "
        f"{arguments.clock} time; {minutes:.1f} minutes in all."
    )
    if arguments.quick:
        print("A hundredth of the data: the bars do not apply.")
        return 0
    return int(any(row.met is False for row in rows))


def measure(parts: tuple[str, ...] | list[str], *, quick: bool) -> Iterator[Row]:
    """Yield the rows of the parts asked for, in the order of the table."""
    call_command("collectstatic", interactive=False, verbosity=0)
    directory = settings.DATA_DIR / "benchmark"
    directory.mkdir()
    store = Store(directory, QUICK if quick else FULL)
    sizes = store.sizes
    if not {"pages", "recording", "paper"}.isdisjoint(parts):
        few = store.portal(store.invented, lines=sizes.few_lines)
    if not {"pages", "recording"}.isdisjoint(parts):
        say(f"writing {sizes.lines:,} deductions")
        many = store.portal(store.invented, lines=sizes.lines)
    if "pages" in parts:
        yield from _told("ranking", lambda: measure_ranking(many, few, store))
        yield from _told("list", lambda: [measure_list(many, few, sizes)])
    if "recording" in parts:
        yield from _told("recording", lambda: [measure_recording(many, few, sizes)])
    if "crowd" in parts:
        yield from _told("recorders", lambda: list(measure_crowds(store)))
    if "workbook" in parts:
        yield from _told("workbook", lambda: measure_workbook(store))
    if "paper" in parts:
        yield from _told("paper", lambda: measure_paper(store, few))
    if "detection" in parts:
        yield from _told("detection", lambda: measure_detection(store))
    if "decisions" in parts:
        yield from _told("decisions", lambda: measure_decisions(store))
    if "pages" in parts:
        yield from _told("queries", lambda: [count_queries(many, few)])


def measure_crowds(store: Store) -> Iterator[Row]:
    """Yield the recorders' rows on both databases."""
    recordings = store.sizes.recordings
    yield measure_crowd(store.portal(store.college, lines=0), recordings=recordings, name="SQLite")
    with postgresql_database() as url:
        if url is None:
            yield Row("the same on PostgreSQL", "", "no PostgreSQL here; set TEST_DATABASE_URL", BAR, None)
            return
        portal = Portal(url)
        open_season(portal, SEASON)
        yield measure_crowd(portal, recordings=recordings, name="PostgreSQL")
        portal.close()


def _told(name: str, work: Callable[[], list[Row]]) -> list[Row]:
    say(f"measuring: {name}")
    rows = work()
    for row in rows:
        say(f"  {row.figure} ({row.bar})")
    return rows
