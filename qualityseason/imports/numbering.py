"""The automatic numbers of a Word document as the text a reader sees: 一、 （二） 3. ④."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DIGITS = "〇一二三四五六七八九"
ZODIAC = "甲乙丙丁戊己庚辛壬癸"
BULLET, NONE = "bullet", "none"
CHINESE = frozenset(
    {"chineseCounting", "chineseCountingThousand", "taiwaneseCounting", "japaneseCounting", "ideographDigital"}
    | {"taiwaneseCountingThousand", "chineseLegalSimplified", "japaneseDigitalTenThousand"}
)
CIRCLED = frozenset({"decimalEnclosedCircle", "decimalEnclosedCircleChinese"})
PLACE = re.compile(r"%([1-9])")
DEEPEST = 9
CLOSING = tuple("、．.)）：:】]")
CHAPTER = re.compile(r"^\s*(?:第[一二三四五六七八九十\d]{1,3}[章部篇]|[一二三四五六七八九十]{1,3}\s*[、．.])")
SECTION = re.compile(r"^\s*(?:第[一二三四五六七八九十\d]{1,3}节|[（(][一二三四五六七八九十]{1,3}[)）]、?)")
ENDINGS = tuple("。；;，,")
LONGEST_HEADING = 40


@dataclass(frozen=True)
class Level:
    """One level of a list."""

    format: str
    text: str
    start: int = 1
    restart: int | None = None
    legal: bool = False


@dataclass
class _List:
    levels: dict[int, Level]
    counts: dict[int, int] = field(default_factory=dict)


class Numbering:
    """Counts the paragraphs of every list in their order."""

    def __init__(self, root: Any) -> None:
        self._abstract: dict[str, _List] = {}
        self._numbers: dict[str, tuple[str, dict[int, int], dict[int, Level]]] = {}
        self._begun: set[tuple[str, int]] = set()
        if root is not None:
            self._load(root)

    def next(self, number: str, depth: int) -> tuple[str, str]:
        """Return the text of the next number of list `number` at that depth, and its format; ('', '') for none."""
        if number in ("", "0") or number not in self._numbers:
            return "", ""
        abstract, starts, own = self._numbers[number]
        counted = self._abstract.get(abstract)
        level = own.get(depth) or (counted.levels.get(depth) if counted else None)
        if counted is None or level is None:
            return "", ""
        if depth in starts and (number, depth) not in self._begun:
            counted.counts.pop(depth, None)
        self._begun.add((number, depth))
        counted.counts[depth] = counted.counts[depth] + 1 if depth in counted.counts else starts.get(depth, level.start)
        for deeper in [key for key in counted.counts if key > depth]:
            below = counted.levels.get(deeper)
            if below is None or below.restart != 0:
                del counted.counts[deeper]
        if level.format in (BULLET, NONE):
            return "", level.format
        return self._text(level, counted, own), level.format

    def _text(self, level: Level, counted: _List, own: dict[int, Level]) -> str:
        def filled(match: re.Match[str]) -> str:
            place = int(match[1]) - 1
            at = own.get(place) or counted.levels.get(place)
            count = counted.counts.get(place, at.start if at else 1)
            return formatted(count, "decimal" if level.legal or at is None else at.format)

        return PLACE.sub(filled, level.text).strip()

    def _load(self, root: Any) -> None:
        linked: dict[str, str] = {}
        for abstract in root.findall(f"{W}abstractNum"):
            key = str(abstract.get(f"{W}abstractNumId"))
            levels = {_depth(level): _level(level) for level in abstract.findall(f"{W}lvl")}
            self._abstract[key] = _List(levels)
            link = abstract.find(f"{W}styleLink")
            if link is not None:
                linked[str(link.get(f"{W}val"))] = key
        for abstract in root.findall(f"{W}abstractNum"):
            link = abstract.find(f"{W}numStyleLink")
            target = linked.get(str(link.get(f"{W}val"))) if link is not None else None
            if target is not None:
                self._abstract[str(abstract.get(f"{W}abstractNumId"))] = self._abstract[target]
        for number in root.findall(f"{W}num"):
            reference = number.find(f"{W}abstractNumId")
            starts, own = {}, {}
            for override in number.findall(f"{W}lvlOverride"):
                depth = _depth(override)
                start = override.find(f"{W}startOverride")
                if start is not None:
                    starts[depth] = _count(start.get(f"{W}val"), 1)
                level = override.find(f"{W}lvl")
                if level is not None:
                    own[depth] = _level(level)
            key = str(reference.get(f"{W}val")) if reference is not None else ""
            self._numbers[str(number.get(f"{W}numId"))] = (key, starts, own)


def joined(number: str, text: str) -> str:
    """Return a paragraph with the number before it."""
    if not number or not text:
        return text
    return f"{number}{text}" if number.endswith(CLOSING) else f"{number} {text}"


def heading_rank(text: str) -> int:
    """Return 1 for a line that reads as “一、…” without being a sentence, 2 for “（一）…”, else 0."""
    line = text.strip()
    if not line or len(line) > LONGEST_HEADING or line.endswith(ENDINGS) or "。" in line:
        return 0
    return 1 if CHAPTER.match(line) else 2 if SECTION.match(line) else 0


def formatted(count: int, shape: str) -> str:
    """Return a count in the shape of a numbering format; an unknown one gives plain figures."""
    if shape in CHINESE:
        return chinese(count)
    if shape in CIRCLED:
        return chr(0x2460 + count - 1) if 1 <= count <= 20 else f"({count})"
    if shape in ("upperLetter", "lowerLetter"):
        letter = chr(ord("A") + (count - 1) % 26) * ((count - 1) // 26 + 1)
        return letter if shape == "upperLetter" else letter.lower()
    if shape in ("upperRoman", "lowerRoman"):
        roman = _roman(count)
        return roman if shape == "upperRoman" else roman.lower()
    if shape == "ideographTraditional":
        return ZODIAC[(count - 1) % len(ZODIAC)]
    if shape == "decimalFullWidth":
        return "".join(chr(ord(digit) + 0xFEE0) for digit in str(count))
    if shape == "decimalZero":
        return f"{count:02d}"
    return str(count)


def chinese(count: int) -> str:
    """Return a count below a thousand in Chinese figures."""
    if not 0 < count < 1000:
        return str(count)
    hundreds, rest = divmod(count, 100)
    tens, ones = divmod(rest, 10)
    text = f"{DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += "十" if tens == 1 and not hundreds else f"{DIGITS[tens]}十"
    elif hundreds and ones:
        text += "零"
    return text + (DIGITS[ones] if ones else "")


def _roman(count: int) -> str:
    text = ""
    for value, letters in (
        *((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC")),
        *((50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")),
    ):
        times, count = divmod(count, value)
        text += letters * min(times, 20)
    return text


def _depth(element: Any) -> int:
    return min(_count(element.get(f"{W}ilvl"), 0), DEEPEST)


def _count(value: Any, otherwise: int) -> int:
    text = str(value or "")
    return min(int(text), 100_000) if text.isascii() and text.isdecimal() else otherwise


def _level(element: Any) -> Level:
    def said(name: str) -> str | None:
        child = element.find(f"{W}{name}")
        return None if child is None else str(child.get(f"{W}val", ""))

    restart = said("lvlRestart")
    return Level(
        format=said("numFmt") or "decimal",
        text=said("lvlText") or "",
        start=_count(said("start"), 1),
        restart=_count(restart, 1) if restart is not None else None,
        legal=element.find(f"{W}isLgl") is not None,
    )
