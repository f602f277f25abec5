"""The workbook: the ranking of each block, the confirmed lines, the rulebook, and the sheet that checks them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from pathlib import Path

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.workbook.properties import CalcProperties
from openpyxl.worksheet.properties import PageSetupProperties

from qualityseason.errors import Refused
from qualityseason.exports.cells import Sheet, Style, Value, lines_of
from qualityseason.exports.paper import PAPER_LANGUAGE
from qualityseason.exports.styles import Styles
from scoring.exports import words
from scoring.exports.check_sheet import CheckSheet
from scoring.exports.formulas import ListedBlock, Matching, is_plain
from scoring.exports.heading import Heading, heading_of
from scoring.facts.results import BlockRanking, ClauseRow
from scoring.queries.exports import ExportFacts
from scoring.queries.ledger import LedgerRow

A4 = 9
MOST_LINES = 1_048_575  # rows of a sheet less its header
FORBIDDEN_IN_TITLES = str.maketrans(r"\/*?:[]'", "________")
MARGIN_ROOM = 75  # characters of one part of a header; Excel stops at 255 with all three and their codes
MARGIN_SIZE = 9
NOTE_WIDTH, TEXT_WIDTH = 48, 84
LEDGER_WIDTHS = (19, 6, 8, 6, 8, 8, 12, 20, NOTE_WIDTH + 2, 12, 12, 12, 10, 8)
RULEBOOK_WIDTHS = (8, 8, 12, 6, TEXT_WIDTH + 2, 8, 16)


def write_workbook(facts: ExportFacts, path: Path, *, heading: Heading | None = None) -> None:
    """Write the workbook of these facts to `path`; memory stays flat however many lines there are.

    `heading` takes the place of what the facts say of themselves, for a result that was frozen.
    """
    with translation.override(PAPER_LANGUAGE):
        _Book(facts, heading or heading_of(facts)).save(path)


class _Book:
    def __init__(self, facts: ExportFacts, heading: Heading) -> None:
        self.facts, self.heading = facts, heading
        self.workbook = Workbook(write_only=True)
        self.sheets: list[Sheet] = []
        self.workbook.calculation = CalcProperties(fullCalcOnLoad=True)
        self._describe()
        titles = [words.RANKING % block.code.translate(FORBIDDEN_IN_TITLES) for block in facts.ranking.blocks]
        self.ranking_sheets = [self._open(title) for title in titles]
        self.ledger_sheet = self._open(words.LEDGER)
        self.rulebook_sheet = self._open(words.RULEBOOK)
        self.check_sheet = self._open(words.CHECK)
        self.styles = Styles(self.workbook, self.check_sheet)
        self.plain = _is_plain(facts)

    def save(self, path: Path) -> None:
        """Write all sheets; nothing is left behind when one fails."""
        try:
            listed = [
                self._write_ranking(sheet, block)
                for sheet, block in zip(self.ranking_sheets, self.facts.ranking.blocks, strict=True)
            ]
            count = self._write_ledger()
            self._write_rulebook()
            matching = Matching(count, plain=self.plain)
            check = CheckSheet(
                self.check_sheet, self.styles, self.facts.ranking, self.facts.exclusive, matching, listed
            )
            check.write(self.heading)
            self._set_up(self.check_sheet, landscape=True, header_row=check.header_row)
            self.workbook.save(path)
        except BaseException:
            for sheet in self.sheets:
                sheet.discard()
            raise

    def _describe(self) -> None:
        properties = self.workbook.properties
        properties.creator = self.heading.college
        properties.title = self.heading.title
        properties.subject = self.heading.document_number
        properties.description = f"{self.heading.basis}\n{self.heading.standing}"
        properties.created = timezone.localtime(self.facts.at).replace(tzinfo=None)
        properties.language = "zh-CN"

    def _open(self, title: str) -> Sheet:
        sheet = Sheet(self.workbook, title)
        self.workbook._add_sheet(sheet)  # type: ignore[attr-defined]  # create_sheet would make openpyxl's own kind
        self.sheets.append(sheet)
        return sheet

    def _set_up(self, sheet: Sheet, *, landscape: bool, header_row: int = 1) -> None:
        """Set the sheet up for paper; widths and panes stand before the rows and are not touched here."""
        sheet.print_title_rows = f"{header_row}:{header_row}"
        sheet.page_setup.orientation = "landscape" if landscape else "portrait"
        sheet.page_setup.paperSize = A4
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.print_options.horizontalCentered = True
        sheet.page_margins.left = sheet.page_margins.right = 0.5
        margin = {
            sheet.oddHeader.left: self.heading.college,
            sheet.oddHeader.center: self.heading.title,
            sheet.oddHeader.right: self.heading.basis,
            sheet.oddFooter.left: self.heading.standing,
        }
        for part, text in margin.items():
            part.text, part.size = text[:MARGIN_ROOM].replace("&", "&&"), MARGIN_SIZE
        sheet.oddFooter.center.text, sheet.oddFooter.right.text = "— &P —", "&A"

    def _begin(self, sheet: Sheet, columns: Sequence[str], widths: Iterable[int], *, landscape: bool) -> None:
        for index, width in enumerate(widths, start=1):
            sheet.column_dimensions[get_column_letter(index)].width = width
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        sheet.freeze_panes = "A2"
        self._set_up(sheet, landscape=landscape)
        sheet.add(columns, [self.styles.head] * len(columns))

    def _write_ranking(self, sheet: Sheet, block: BlockRanking) -> ListedBlock:
        names = [category.name for category in self.facts.ranking.categories]
        columns = [words.RANK, words.DEPARTMENT, *names, words.TOTAL]
        self._begin(sheet, columns, [8, 24, *(14 for _name in names), 12], landscape=False)
        points = [self.styles.points] * len(names)
        styles = [self.styles.whole, self.styles.text, *points, self.styles.total]
        for row in block.rows:
            sheet.add([row.rank, row.department, *row.scores, row.total], styles)
        return ListedBlock(block.code, sheet.title, [row.department for row in block.rows], self.plain)

    def _write_ledger(self) -> int:
        sheet, look = self.ledger_sheet, self.styles
        self._begin(sheet, words.LEDGER_COLUMNS, LEDGER_WIDTHS, landscape=True)
        styles: list[Style] = [look.text, look.centred, look.centred, look.whole, look.points, look.points, look.day]
        styles += [look.text, look.prose, look.text, look.text, look.text, look.centred, look.points]
        count, author = 0, _author_of(self.facts)
        with closing(self.facts.lines) as lines:
            for line in lines:
                count += 1
                if count > MOST_LINES:
                    raise _too_many()
                sheet.add(_ledger_values(line, author), styles, lines=lines_of(line.note, NOTE_WIDTH))
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(words.LEDGER_COLUMNS))}{count + 1}"
        return count

    def _write_rulebook(self) -> None:
        sheet, look = self.rulebook_sheet, self.styles
        self._begin(sheet, words.RULEBOOK_COLUMNS, RULEBOOK_WIDTHS, landscape=True)
        styles = [look.centred, look.centred, look.text, look.whole, look.prose, look.points, look.text]
        for clause in self.facts.clauses:
            sheet.add(_clause_values(clause), styles, lines=lines_of(clause.text, TEXT_WIDTH))


def _too_many() -> Refused:
    sentence = _("More than %(count)d deductions do not fit on a sheet; export the ranking as PDF instead.")
    return Refused(sentence % {"count": MOST_LINES}, code="too_many_lines")


def _ledger_values(line: LedgerRow, author: Callable[[LedgerRow, str], str]) -> list[Value]:
    return [
        line.department,
        line.block,
        line.code,
        line.quantity,
        line.points,
        line.amount,
        line.happened_on,
        line.subject,
        line.note,
        author(line, line.recorded_by),
        author(line, line.confirmed_by),
        line.category,
        line.group,
        line.counted,
    ]


def _clause_values(clause: ClauseRow) -> list[Value]:
    block = clause.block or words.COMMON
    return [clause.code, block, clause.category, clause.clause, clause.text, clause.points, clause.unit]


def _author_of(facts: ExportFacts) -> Callable[[LedgerRow, str], str]:
    def author(line: LedgerRow, name: str) -> str:
        return name if facts.names and facts.unnamed.isdisjoint((line.charged_id, line.visited_id)) else words.TEAM

    return author


def _is_plain(facts: ExportFacts) -> bool:
    departments = [row.department for block in facts.ranking.blocks for row in block.rows]
    categories = [category.name for category in facts.ranking.categories]
    codes = [clause.code for clause in facts.clauses] + [rule.code for rule in facts.exclusive]
    groups = {rule.group for rule in facts.exclusive}
    return all(is_plain(texts) for texts in (set(departments), set(categories), set(codes), groups))
