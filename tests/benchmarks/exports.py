"""The figures of what leaves: workbook against bare openpyxl, paper against WeasyPrint's default table."""

import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from django.template.loader import render_to_string
from openpyxl import Workbook, load_workbook
from openpyxl.xml import LXML
from weasyprint import CSS, HTML

from scoring.exports.pdf import STYLESHEET, TEMPLATE, paper_context
from scoring.jobs.exports import write_export
from scoring.services.exports import open_export
from tests.benchmarks.data import COLLEGE_LINES, READER, Store, after_the_facts
from tests.benchmarks.measure import Row, compare, row, say
from tests.benchmarks.portals import Portal
from tests.benchmarks.recording import actor_of

FLAT = 1.1  # ten times the lines may take so much of the memory
# The table as WeasyPrint lays it out when nothing is said, on the same paper and in the same type, so that pages are as
# many; everything else of our stylesheet stays.
DEFAULT_TABLE = """
table { table-layout: auto; border-collapse: collapse; }
th { font-weight: bold; }
"""


def measure_workbook(store: Store) -> list[Row]:
    """Measure the workbook of many lines, and how much memory ten times the lines take."""
    sizes = store.sizes
    many, few = (store.portal(store.college, lines=lines) for lines in (sizes.sheet_lines, sizes.few_sheet_lines))
    ours, bare = store.directory / "ours.xlsx", store.directory / "bare.xlsx"
    make = _export(many, "xlsx", ours)
    make()
    say("reading the workbook back, to write the same cells")
    cells = read_cells(ours)
    assert LXML, "openpyxl found no lxml"
    pair = compare(make, lambda: write_bare(cells, bare), rounds=3, warm_up=0, leaves_much=True)
    work = f"workbook of {sizes.sheet_lines:,} lines"
    most, least = (peak_memory(portal, "export") for portal in (many, few))
    flat = most / least
    return [
        row(work, "bare openpyxl `write_only` (lxml) writing the same cells", pair, 1.2),
        Row(
            f"{work}, peak memory of the process",
            f"the same at {sizes.few_sheet_lines:,} lines",
            f"{flat:.2f}× ({most:,.0f} MB : {least:,.0f} MB)",
            f"flat (≤ {FLAT}×)",
            flat <= FLAT,
        ),
    ]


def measure_paper(store: Store, few: Portal) -> list[Row]:
    """Measure the ranking on paper for a college and for many departments."""
    college = store.portal(store.college, lines=COLLEGE_LINES)
    rounds = store.sizes.rounds
    return [
        _measure_paper(store, college, 24, rounds=max(3, rounds // 3), bar=0.8),
        _measure_paper(store, few, store.sizes.departments, rounds=3, bar=0.6),
    ]


def read_cells(path: Path) -> dict[str, list[list[object]]]:
    """Return the values of every sheet; days as days."""
    workbook = load_workbook(path, read_only=True)
    return {
        sheet.title: [
            [value.date() if isinstance(value, datetime) else value for value in values]
            for values in sheet.iter_rows(values_only=True)
        ]
        for sheet in workbook.worksheets
    }


def write_bare(cells: dict[str, list[list[object]]], path: Path) -> None:
    """Write the cells as openpyxl's documentation does."""
    workbook = Workbook(write_only=True)
    for title, rows in cells.items():
        sheet = workbook.create_sheet(title)
        for values in rows:
            sheet.append(values)
    workbook.save(path)


def _measure_paper(store: Store, portal: Portal, departments: int, *, rounds: int, bar: float) -> Row:
    path = store.directory / "ranking.pdf"
    html, style = _paper(portal), render_to_string(STYLESHEET) + DEFAULT_TABLE

    def plain() -> None:
        HTML(string=html).write_pdf(path, stylesheets=[CSS(string=style)])

    pair = compare(_export(portal, "pdf", path), plain, rounds=rounds, warm_up=1, leaves_much=True)
    work = f"ranking PDF, {departments:,} departments, warm process"
    return row(work, "WeasyPrint's default table of the same content", pair, bar)


def _export(portal: Portal, format: str, path: Path) -> Callable[[], None]:
    """Return the work of exporting as page and command do: read, lay out, write."""
    campaign, actor = portal.campaign(), actor_of(portal, READER)
    at = after_the_facts(campaign)

    def work() -> None:
        portal.use()
        write_export(campaign, path, format=format, as_of=None, actor=actor, at=at)

    return work


def _paper(portal: Portal) -> str:
    campaign = portal.campaign()
    with open_export(campaign, actor=actor_of(portal, READER), as_of=None, at=after_the_facts(campaign)) as facts:
        return render_to_string(TEMPLATE, paper_context(facts))


def peak_memory(portal: Portal, work: str) -> float:
    """Return the most memory, in MB, that a process of its own took for the workbook."""
    command = [sys.executable, "-m", "tests.benchmarks.memory", work, portal.url]
    return int(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout) / 1024
