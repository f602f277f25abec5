"""What the office announces of a frozen result: bulletin (通报), award list, brief (简报). Chinese whoever asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _

from campaigns.exports.paper_day import paper_day
from qualityseason.exports.paper import PAPER_LANGUAGE
from scoring.enums import Basis
from scoring.exports.official_letter import Annex, Grid, Heading, Letter, Level, Part
from scoring.exports.result_paper import PaperHead
from scoring.facts.results import BlockRanking, RankingRow, Result

NUMERALS = "一二三四五六七八九十"
NAMED = 3  # departments of each block the text names where no number to commend was decided


def bulletin_of(result: Result, *, head: PaperHead, number: int, published_on: date) -> Letter:
    """Return the bulletin: the ranking in words and as an annex, contest prizes, persons, what follows."""
    with translation.override(PAPER_LANGUAGE):
        opening = _(
            "In accordance with %(document)s, the assessment team has assessed all departments in their study, "
            "their plans and how these were carried out. After public notice and the leading group's "
            "confirmation the results are published (No. %(number)d)."
        )
        parts: list[Part] = [opening % {"document": result.document_number or result.season, "number": number}]
        sections = _sections(result)
        for index, (title, section) in enumerate(sections):
            parts += [Heading(f"{NUMERALS[index]}、{title}", Level.FIRST), *section]
        return Letter(
            title=_("Bulletin on the assessment results of the season %(season)s") % {"season": result.season},
            number=_number(published_on),
            addressee=_("To all departments:"),
            parts=tuple(parts),
            signer=_signer(result),
            day=paper_day(published_on),
            annexes=_annexes(result),
            note=_note(head),
        )


def awards_of(
    result: Result, *, head: PaperHead, number: int, published_on: date, named: Collection[UUID] | None = None
) -> Letter:
    """Return the list of departments commended, contest prizes and persons.

    `named` are the departments the leading group named from the publication; while it has named none, None, those
    within the number decided stand there.
    """
    with translation.override(PAPER_LANGUAGE):
        sections = [
            (_("Departments"), _departments(result, named)),
            (_("Plan contest"), _contest(result)),
            (_("Persons commended"), _persons(result)),
        ]
        parts: list[Part] = []
        for index, (title, section) in enumerate(sections):
            parts += [Heading(f"{NUMERALS[index]}、{title}", Level.FIRST), *(section or [_("None yet.")])]
        return Letter(
            title=_("Award list of the season %(season)s") % {"season": result.season},
            number="",
            addressee="",
            parts=tuple(parts),
            signer=_signer(result),
            day=paper_day(published_on),
            note=_note(head),
        )


def brief_of(result: Result, *, head: PaperHead, number: int, published_on: date) -> Letter:
    """Return the brief of one page: who leads each block, the mean, what cost most, prizes."""
    with translation.override(PAPER_LANGUAGE):
        parts: list[Part] = []
        for block in result.ranking.blocks:
            if block.rows:
                parts += [Heading(block.name, Level.SECOND), _in_figures(block), _leading(block, result)]
        parts += [_basis(result), *_costly(result), *_contest(result)[:1]]
        return Letter(
            title=_("Brief on the season %(season)s") % {"season": result.season},
            number="",
            addressee="",
            parts=tuple(parts),
            signer=_signer(result),
            day=paper_day(published_on),
            note=_note(head),
            is_tight=True,
        )


def _sections(result: Result) -> list[tuple[str, list[Part]]]:
    found: list[tuple[str, list[Part]]] = [(_("Assessment results"), _results(result))]
    if result.prizes:
        found.append((_("Prizes of the plan contest"), _contest(result)))
    if result.honoured:
        found.append((_("Persons commended"), _persons(result)))
    found.append((_("What follows"), [_conversion(result)]))
    return found


def _results(result: Result) -> list[Part]:
    parts: list[Part] = [_basis(result)]
    for index, block in enumerate(one for one in result.ranking.blocks if one.rows):
        parts += [Heading(f"（{NUMERALS[index]}）{block.name}", Level.SECOND), _leading(block, result)]
    return parts


def _leading(block: BlockRanking, result: Result) -> str:
    number = result.commended.get(block.code, 0)
    rows = [row for row in block.rows if row.rank <= (number or NAMED)]
    placed = _listed(
        _("No. %(rank)d %(department)s (%(total)s)")
        % {"rank": row.rank, "department": row.department, "total": row.total}
        for row in rows
    )
    return (_("To be commended: %(placed)s.") if number else _("The first places: %(placed)s.")) % {"placed": placed}


def _departments(result: Result, named: Collection[UUID] | None) -> list[Part]:
    rows = [
        (block.name, row.department, str(row.rank), str(row.total))
        for block in result.ranking.blocks
        for row in block.rows
        if (row.uuid in named if named is not None else row.rank <= result.commended.get(block.code, 0))
    ]
    if not rows:
        return [_("How many departments are commended has not been decided.")]
    columns = (_("Block"), _("Department"), _("Rank"), _("Total"))
    return [Grid(columns, tuple(rows), (40, 30, 15, 15), frozenset({2, 3}))]


def _contest(result: Result) -> list[Part]:
    by_prize: dict[str, list[str]] = defaultdict(list)
    for prize in result.prizes:
        by_prize[prize.prize].append(prize.name)
    if not by_prize:
        return []
    words = (_("%(prize)s: %(names)s") % {"prize": prize, "names": _listed(names)} for prize, names in by_prize.items())
    return [_("Plan contest: %(prizes)s.") % {"prizes": "；".join(words)}]


def _persons(result: Result) -> list[Part]:
    rows = tuple((one.honour, one.name, one.department) for one in result.honoured)
    return [Grid((_("Honour"), _("Name"), _("Department")), rows, (35, 25, 40))] if rows else []


def _conversion(result: Result) -> str:
    if not result.percentages:
        return _("The results count towards the yearly appraisal; the percentages are announced separately.")
    party, work = result.percentages.get("party"), result.percentages.get("work")
    said = [
        _("%(percent)s %% towards the party-building assessment") % {"percent": party}
        if party is not None
        else _("a percentage to be decided towards the party-building assessment"),
        _("%(percent)s %% towards the quantified assessment of departments") % {"percent": work}
        if work is not None
        else _("a percentage to be decided towards the quantified assessment of departments"),
    ]
    return _("The results count %(party)s, and %(work)s.") % {"party": said[0], "work": said[1]}


def _basis(result: Result) -> str:
    if result.ranking.basis == Basis.BEST_IS_FULL:
        return _(
            "Within each block the best case of a category counts as its full mark; the others are measured by their "
            "distance from it."
        )
    return _("Every department began with %(full)s points; what was found was deducted.") % {
        "full": result.ranking.full
    }


def _in_figures(block: BlockRanking) -> str:
    totals = [row.total for row in block.rows]
    mean = (sum(totals, Decimal(0)) / len(totals)).quantize(Decimal("0.01"))
    words = {"count": len(totals), "highest": max(totals), "lowest": min(totals), "mean": mean}
    return _("%(count)d departments, %(highest)s at most, %(lowest)s at least, %(mean)s on average.") % words


def _costly(result: Result) -> list[Part]:
    """Return the five clauses that cost the college most."""
    costs: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    touched: dict[tuple[str, str], set[str]] = defaultdict(set)
    for statement in result.statements:
        for line in (line for part in statement.categories for line in part.lines):
            costs[line.code, line.label] += line.counted
            touched[line.code, line.label].add(statement.department.name)
    most = sorted(costs, key=lambda key: (-costs[key], key))[:5]
    rows = tuple((code, label, str(costs[code, label]), str(len(touched[code, label]))) for code, label in most)
    if not rows:
        return []
    columns = (_("Rule"), _("What it is about"), _("Points"), _("Departments"))
    return [_("What cost the college most:"), Grid(columns, rows, (12, 50, 20, 18), frozenset({2, 3}))]


def _annexes(result: Result) -> tuple[Annex, ...]:
    categories = [category.name for category in result.ranking.categories]
    columns = (_("Rank"), _("Department"), *categories, _("Total"))
    shares = (10, 30, *([60 // (len(categories) + 1)] * (len(categories) + 1)))
    figures = frozenset({0, *range(2, len(columns))})
    found = [
        (_("Assessment results: %(block)s") % {"block": block.name}, Grid(columns, _rows(block.rows), shares, figures))
        for block in result.ranking.blocks
        if block.rows
    ]
    many = len(found) > 1
    return tuple(
        Annex(_("Annex %(number)d") % {"number": index} if many else _("Annex"), title, (grid,))
        for index, (title, grid) in enumerate(found, start=1)
    )


def _rows(rows: Sequence[RankingRow]) -> tuple[tuple[str, ...], ...]:
    return tuple((str(row.rank), row.department, *(str(score) for score in row.scores), str(row.total)) for row in rows)


def _number(published_on: date) -> str:
    return _("〔%(year)d〕 No.    ") % {"year": published_on.year}


def _signer(result: Result) -> str:
    words = {"college": result.college, "season": result.season}
    return _("%(college)s, leading group of the season %(season)s") % words


def _note(head: PaperHead) -> str:
    return head.note


def _listed(texts: Iterable[str]) -> str:
    return _(", ").join(texts)
