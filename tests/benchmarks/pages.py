"""The figures of pages: ranking and list of deductions, asked for through every middleware."""

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.models import Department
from campaigns.queries.actors import load_actor
from qualityseason import clock
from qualityseason.models import User
from scoring.models import Deduction
from scoring.queries.deductions import PAGE_LINES
from scoring.queries.ranking import load_ranking
from scoring.views.ranking import ranking_context
from tests.benchmarks import urls
from tests.benchmarks.data import COLLEGE_LINES, READER, Sizes, Store
from tests.benchmarks.measure import Row, compare, row
from tests.benchmarks.portals import Portal

DEPTHS = {"first page": 0.0, "middle": 0.5, "last page": 1.0}


def measure_ranking(many: Portal, few: Portal, store: Store) -> list[Row]:
    """Measure the ranking of many departments against few lines and against constants, and that of a college."""
    sizes = store.sizes
    path, constant = _path(many, "scoring:ranking"), _path(many, "benchmark-constants")
    urls.CONSTANTS |= _constants(many)
    same = compare(lambda: many.get(path), lambda: few.get(path), rounds=sizes.rounds)
    constants = compare(lambda: many.get(path), lambda: many.get(constant), rounds=sizes.rounds)
    college = store.portal(store.college, lines=COLLEGE_LINES)
    page, empty = _path(college, "scoring:ranking"), _path(college, "benchmark-empty")
    small = compare(lambda: college.get(page), lambda: college.get(empty), rounds=sizes.rounds * 5)
    work = f"ranking page, {sizes.departments:,} departments, {sizes.lines:,} deductions"
    return [
        row(work, f"the same page at {sizes.few_lines:,} deductions", same, 1.1),
        row("the same", "a page of the same table from constants, same template", constants, 1.5),
        row("ranking page, 24 departments", "an empty signed-in page", small, 3),
    ]


def measure_list(many: Portal, few: Portal, sizes: Sizes) -> Row:
    """Measure the list at several depths against the first page of a short ledger; the worst counts."""
    path = _path(many, "scoring:deductions")
    pairs = {}
    for name, depth in DEPTHS.items():
        deep = path + _place(many, depth)
        pairs[name] = compare(
            lambda deep=deep: many.get(deep), lambda: few.get(path), rounds=sizes.rounds
        )  # fmt: skip
    worst = max(pairs.values(), key=lambda pair: pair.ratio)
    measured = row(
        f"deduction list at any depth at {sizes.lines:,}", f"its first page at {sizes.few_lines:,}", worst, 1.1
    )
    depths = ", ".join(f"{name} {pair.ratio:.2f}×" for name, pair in pairs.items())
    return Row(measured.work, measured.against, f"{measured.figure}; {depths}", measured.bar, measured.met)


def count_queries(many: Portal, few: Portal) -> Row:
    """Count the queries of the reading pages on both ledgers."""
    counts = {
        name: [_count(portal, url) for portal in (many, few)]
        for name, url in {
            "ranking": "scoring:ranking",
            "statement": "scoring:statement",
            "list": "scoring:deductions",
            "heat map": "scoring:heatmap",
        }.items()
    }
    figure = ", ".join(f"{name} {' : '.join(map(str, found))}" for name, found in counts.items())
    same = all(len(set(found)) == 1 for found in counts.values())
    return Row("queries of a page", "the same with few lines", figure, "the same at any size", same)


def _path(portal: Portal, name: str) -> str:
    return reverse(name, args=[portal.campaign().slug])


def _place(portal: Portal, depth: float) -> str:
    """Return the query string of the page that ends at that part of the ledger."""
    if not depth:
        return ""
    lines = Deduction.objects.filter(campaign=portal.campaign()).order_by("-happened_on", "-id")
    before = max(0, int(lines.count() * depth) - PAGE_LINES - 1)
    return f"?older={lines.values_list('uuid', flat=True)[before]}"


def _count(portal: Portal, name: str) -> int:
    slug = portal.campaign().slug
    of_one = [Department.objects.values_list("uuid", flat=True)[0]] if name == "scoring:statement" else []
    path = reverse(name, args=[slug, *of_one])
    with CaptureQueriesContext(connection) as queries:
        portal.get(path)
    return len(queries)


def _constants(portal: Portal) -> dict[str, object]:
    """Return what the ranking page is made of, read once."""
    campaign = portal.campaign()
    actor = load_actor(User.objects.get(username=READER), campaign, on=clock.day_of(clock.now(campaign)))
    found = ranking_context(load_ranking(campaign, actor=actor), slug=campaign.slug)
    return found | {"typed": "", "problem": ""}
