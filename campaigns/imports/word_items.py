"""Items of a plan written as prose: numbered paragraphs, with labels such as 举措： inside."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from campaigns.facts.plan_readings import LINE_FIELDS, ReadItem
from campaigns.imports import plan_words as words
from qualityseason.text import squeeze

MAXIMUM_TITLE = 200  # characters an item's title has room for
LONG_TITLE = 60  # a first sentence longer than this is a measure, and its first clause the title
LIMITS = {"responsible": 100, "due": 100, "quality_document": 200}
SENTENCE = re.compile(r"[。；;！!？?\n]")
CLAUSE = re.compile(r"[，,：:。；;\n]")
HEAD = 30  # characters before a colon that still read as a title
BOLD_RANK = 9


@dataclass(frozen=True)
class Told:
    """A line under a heading: its words, the rank of its number, whether it stands out."""

    text: str
    rank: int = 0
    is_bold: bool = False


@dataclass
class _Run:
    first: Told | None
    group: str = ""
    lines: list[str] = field(default_factory=list)


def told(text: str, *, is_bold: bool = False, level: int = 0) -> Told:
    """Return a line with the rank of its number, or the level of its heading style."""
    return Told(text, words.marker_of(text)[0] or level, is_bold)


def labels_in(text: str) -> set[str]:
    """Return which fields are named by labels in the text."""
    return {words.LABEL_WORDS[squeeze(found["label"])] for found in words.LABEL.finditer(text)}


def prose_items(lines: Sequence[Told]) -> tuple[list[str], list[ReadItem]]:
    """Return the lines that belong to no item, and the items."""
    rank = _rank_of_items(lines)
    if rank is None:
        text = "\n".join(line.text for line in lines)
        return (
            ([], [item_of(lines[0].text, [line.text for line in lines[1:]])])
            if len(labels_in(text)) > 1
            else (
                [line.text for line in lines],
                [],
            )
        )
    before, runs, group = list[str](), list[_Run](), ""
    for line in lines:
        own = _own_rank(line)
        if own == rank:
            runs.append(_Run(line, group))
            group = group if rank != BOLD_RANK else ""
        elif 0 < own < rank:
            group = words.marker_of(line.text)[1]
            runs.append(_Run(None, group))
        elif runs:
            runs[-1].lines.append(line.text)
        else:
            before.append(line.text)
    items = []
    for at, run in enumerate(runs):
        if run.first is not None:
            items.append(item_of(run.first.text, run.lines, group=run.group))
        else:
            is_led = any(later.group == run.group and later.first for later in runs[at + 1 :])
            before.extend(([] if is_led else [run.group]) + run.lines)
    return before, items


def item_of(first: str, others: Iterable[str], *, group: str = "") -> ReadItem:
    """Return the item that begins with a line and goes on with others."""
    body = words.marker_of(first)[1]
    rest = "\n".join(others)
    title, body = _title_and_rest(body)
    found = labelled("\n".join(part for part in (body, rest) if part))
    source = tuple(line for line in (group, first, *rest.split("\n")) if line)
    return fitted(with_words(ReadItem(title=title, source=source), found), group=group)


def with_words(item: ReadItem, found: Mapping[str, str]) -> ReadItem:
    """Return the item with these fields."""
    values: dict[str, Any] = dict(found)
    return replace(item, **values)


def labelled(text: str) -> dict[str, str]:
    """Return the text by field, what stands before any label as the measure."""
    found: dict[str, list[str]] = {}
    name, start = "measure", 0
    for match in words.LABEL.finditer(text):
        _note(found, name, text[start : match.start()])
        name, start = words.LABEL_WORDS[squeeze(match["label"])], match.end()
    _note(found, name, text[start:])
    return {key: "\n".join(parts) for key, parts in found.items()}


def fitted(item: ReadItem, *, group: str = "") -> ReadItem:
    """Return the item with what has no room in a short field put before its measure, and with a title."""
    values = {name: getattr(item, name) for name in (*LINE_FIELDS, "measure", "title")}
    kept = []
    for name, limit in LIMITS.items():
        line = " ".join(values[name].split())
        if len(line) > limit:
            kept.append(f"{words.COLUMNS[name][0]}{words.COLON}{values[name]}")
            line = ""
        values[name] = line
    title = " ".join(values["title"].split())
    if not title:
        title = clause_of(values["measure"] or item.standard or item.outcome or item.service or item.incentive)
    if group and group not in title:
        title = f"{group}{words.COLON}{title}" if title else group
    if len(title) > MAXIMUM_TITLE:
        kept.insert(0, title)
        title = clause_of(values["title"] or title)
    values["measure"] = "\n".join(part for part in (*kept, values["measure"]) if part)
    return with_words(item, values | {"title": title[:MAXIMUM_TITLE]})


def clause_of(text: str) -> str:
    """Return the first clause of a text, short enough for a title."""
    first = CLAUSE.split(words.marker_of(text)[1], maxsplit=1)[0].strip()
    return (first or text.strip())[:LONG_TITLE]


def _title_and_rest(body: str) -> tuple[str, str]:
    match = words.LABEL.match(body)
    if match:
        return "", body
    colon = re.search(r"[：:]", body)
    end = SENTENCE.search(body)
    if colon and colon.start() <= HEAD and (end is None or colon.start() < end.start()):
        inside = words.LABEL.search(body[: colon.end()])
        if inside is None:
            return body[: colon.start()].strip(), body[colon.end() :].strip()
    sentence = body[: end.start()].strip() if end else body
    first = words.LABEL.search(sentence)
    if first:
        sentence = sentence[: first.start()].strip(" ，,")
        return (sentence, body[first.start() :]) if len(sentence) <= LONG_TITLE else (clause_of(sentence), body)
    if len(sentence) > LONG_TITLE:
        return clause_of(sentence), body
    return sentence, body[end.end() :].strip() if end else ""


def _rank_of_items(lines: Sequence[Told]) -> int | None:
    ranks = sorted({line.rank for line in lines if line.rank})
    if not ranks:
        return BOLD_RANK if any(_own_rank(line) for line in lines) else None
    if len(ranks) > 1 and _groups(lines, ranks[0], ranks[1]):
        return ranks[1]
    return ranks[0]


def _groups(lines: Sequence[Told], outer: int, inner: int) -> bool:
    """Whether the outer numbers are headings over items, which the inner ones number."""
    if any(SENTENCE.search(line.text) or len(line.text) > LONG_TITLE for line in lines if line.rank == outer):
        return False
    inside = [words.marker_of(line.text)[1] for line in lines if line.rank == inner]
    begin_with_label = sum(1 for text in inside if words.LABEL.match(text))
    return begin_with_label * 2 <= len(inside) and any(labels_in(text) for text in _with_followers(lines, inner))


def _with_followers(lines: Sequence[Told], rank: int) -> list[str]:
    found: list[str] = []
    for line in lines:
        if line.rank == rank:
            found.append(line.text)
        elif found and (line.rank == 0 or line.rank > rank):
            found[-1] += f"\n{line.text}"
    return found


def _own_rank(line: Told) -> int:
    return line.rank or (BOLD_RANK if line.is_bold and len(line.text) <= LONG_TITLE else 0)


def _note(found: dict[str, list[str]], name: str, text: str) -> None:
    said = text.strip().strip(words.BLANK).strip()
    if said:
        found.setdefault(name, []).append(said.rstrip("；;"))
