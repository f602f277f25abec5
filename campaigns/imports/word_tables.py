"""Items of a plan given as a table, whatever its columns are called and however its cells are merged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from campaigns.facts.plan_readings import ReadItem
from campaigns.imports import plan_words as words
from campaigns.imports.word_items import MAXIMUM_TITLE, clause_of, fitted, with_words
from qualityseason.imports.docx_blocks import GridCell, Table, row_text
from qualityseason.text import squeeze

HEADER_ROWS = 4  # the headings stand within so many rows
Row = tuple[GridCell, ...]


@dataclass(frozen=True)
class TableColumn:
    """A column of the file: where it stands, what it means ('' for nothing of ours), its heading."""

    start: int
    end: int
    name: str
    heading: str


@dataclass
class FoundInTable:
    """What a table gave: items, the lines that are none, and its columns for a table that goes on without headings."""

    items: list[ReadItem] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    columns: tuple[TableColumn, ...] = ()


def items_in(table: Table, *, continues: Sequence[TableColumn] = ()) -> FoundInTable | None:
    """Return the items of a table, None when it is no table of items.

    `continues`: the columns of the table before, which this one goes on with where it has as many and no headings.
    """
    header = _header(table.rows)
    if header is not None:
        at, columns = header
        found = FoundInTable(lines=[row_text(row) for row in table.rows[: at[0]]], columns=columns)
        _take(table.rows[at[1] :], columns, found, headings=table.rows[at[0] : at[1]])
        _tell_apart(found.items)
        return found
    if continues and _fits(table.rows, continues):
        found = FoundInTable(columns=tuple(continues))
        _take(table.rows, continues, found, headings=())
        _tell_apart(found.items)
        return found
    return _upright(table.rows)


def _header(rows: Sequence[Row]) -> tuple[tuple[int, int], tuple[TableColumn, ...]] | None:
    """Return from which row to which the headings stand, and the columns they make."""
    for at, row in enumerate(rows[:HEADER_ROWS]):
        columns = _columns(row)
        below = rows[at + 1] if at + 1 < len(rows) else ()
        if below and any(not cell.is_first for cell in below) and len({cell.is_first for cell in below}) == 2:
            two = _two_rows(row, below)
            if _is_header(two) and all(column_of_cell(cell) for cell in below if cell.is_first and cell.text):
                return (at, at + 2), two
        if _is_header(columns):
            return (at, at + 1), columns
    return None


def column_of_cell(cell: GridCell) -> str:
    """Return which of our columns a cell names, '' for none."""
    return words.column_of(cell.text) if cell.text else ""


def _columns(row: Row) -> tuple[TableColumn, ...]:
    return tuple(
        TableColumn(cell.column, cell.column + cell.span, column_of_cell(cell), " ".join(cell.text.split()))
        for cell in row
    )


def _two_rows(upper: Row, lower: Row) -> tuple[TableColumn, ...]:
    """Return the columns of headings that stand in two rows, the upper one over several of the lower."""
    columns = []
    for cell in lower:
        above = next((one for one in upper if one.column <= cell.column < one.column + one.span), None)
        text = cell.text if above is None or not cell.is_first else f"{above.text}{cell.text}"
        name = column_of_cell(cell) or (column_of_cell(above) if above else "")
        columns.append(TableColumn(cell.column, cell.column + cell.span, name, " ".join(text.split())))
    return tuple(columns)


def _is_header(columns: Sequence[TableColumn]) -> bool:
    known = [column.name for column in columns if column.name]
    said = [column for column in columns if column.heading]
    return len(set(known)) > 1 and bool({"title", "measure"} & set(known)) and len(known) * 2 > len(said)


def _fits(rows: Sequence[Row], columns: Sequence[TableColumn]) -> bool:
    return bool(rows) and all(row[-1].column + row[-1].span == columns[-1].end for row in rows if row)


def _take(rows: Sequence[Row], columns: Sequence[TableColumn], found: FoundInTable, *, headings: Sequence[Row]) -> None:
    """Read the rows below the headings; a group's line goes before the titles that follow it."""
    repeated = {_key(row) for row in headings}
    group, waiting = "", ""
    for row in rows:
        if _key(row) in repeated:
            continue
        said = [cell for cell in row if cell.text and cell.is_first]
        if not said:
            continue
        if len(said) == 1 and (len(row) == 1 or said[0].span * 2 > columns[-1].end) and len(columns) > 1:
            if waiting:
                found.lines.append(waiting)
            group = waiting = said[0].text
            continue
        item = _item(row, columns)
        is_rest = found.items and not any(
            cell.text for cell in row if _column_at(columns, cell).name in ("title", "number")
        )
        if is_rest and group == "":
            found.items[-1] = _joined(found.items[-1], item)
            continue
        waiting = ""
        found.items.append(fitted(item, group=" ".join(words.marker_of(group)[1].split())))
    if waiting:
        found.lines.append(waiting)


def _tell_apart(items: list[ReadItem]) -> None:
    """Rows under one merged title get the beginning of what each of them says added."""
    shared = {item.title for at, item in enumerate(items) if at and items[at - 1].title == item.title}
    for at, item in enumerate(items):
        clause = clause_of(item.measure)
        if item.title in shared and clause:
            items[at] = replace(item, title=f"{item.title}{words.COLON}{clause}"[:MAXIMUM_TITLE])


def _item(row: Row, columns: Sequence[TableColumn]) -> ReadItem:
    values: dict[str, list[str]] = {}
    source = []
    for cell in row:
        column = _column_at(columns, cell)
        if not cell.text:
            continue
        source.append(f"{column.heading}{words.COLON}{cell.text}" if column.heading else cell.text)
        if column.name == "number" and cell.text.strip("0123456789.、（）()①②③④⑤⑥⑦⑧⑨⑩一二三四五六七八九十 ") == "":
            continue
        name = column.name if column.name and column.name != "number" else ""
        if name:
            values.setdefault(name, []).append(cell.text)
        else:
            text = f"{column.heading}{words.COLON}{cell.text}" if column.heading else cell.text
            values.setdefault("measure", []).append(text)
    titles = [words.marker_of(title)[1] for title in values.pop("title", [])]
    joined = {name: "\n".join(dict.fromkeys(texts)) for name, texts in values.items()}
    item = ReadItem(title=words.COLON.join(dict.fromkeys(titles)), source=tuple(source))
    return with_words(item, joined)


def _joined(item: ReadItem, more: ReadItem) -> ReadItem:
    """Return an item with the row that goes on with it, as after a page break."""
    values = {
        name: "\n".join(part for part in (getattr(item, name), getattr(more, name)) if part)
        for name in (*words.LABELS, "cooperating")
        if getattr(more, name) and getattr(more, name) != getattr(item, name)
    }
    return fitted(replace(with_words(item, values), source=(*item.source, *more.source)))


def _upright(rows: Sequence[Row]) -> FoundInTable | None:
    """Return the item of a table that has its headings in the first column, None when it has none."""
    named = [(column_of_cell(row[0]), row) for row in rows if len(row) > 1 and row[0].is_first]
    known = {name for name, _row in named if name}
    if len(known) < 3 or not {"title", "measure"} & known or len(named) != len(rows):  # a form has more
        return None
    found = FoundInTable()
    values: dict[str, list[str]] = {}
    source = []
    for name, row in named:
        text = "\n".join(cell.text for cell in row[1:] if cell.text and cell.is_first)
        source.append(f"{row[0].text}{words.COLON}{text}")
        if name == "title" and values:
            found.items.append(_upright_item(values, source[:-1]))
            values, source = {}, source[-1:]
        if name and name != "number":
            values.setdefault(name, []).append(text)
        elif text or row[0].text:
            values.setdefault("measure", []).append(f"{row[0].text}{words.COLON}{text}")
    if values:
        found.items.append(_upright_item(values, source))
    return found


def _upright_item(values: dict[str, list[str]], source: Sequence[str]) -> ReadItem:
    joined = {name: "\n".join(texts) for name, texts in values.items()}
    title = joined.pop("title", "")
    return fitted(with_words(ReadItem(title=words.marker_of(title)[1], source=tuple(source)), joined))


def _column_at(columns: Sequence[TableColumn], cell: GridCell) -> TableColumn:
    nearest = [column for column in columns if column.start <= cell.column < column.end]
    return nearest[0] if nearest else TableColumn(cell.column, cell.column + 1, "", "")


def _key(row: Row) -> tuple[str, ...]:
    return tuple(squeeze(cell.text) for cell in row)
