"""Drops what is not the author's, and never alters what it keeps: navigation, bylines, debris, reading aids,
boilerplate.

Learned from form, with the patterns of `qa/data/boilerplate.toml`. Knows nothing of works or titles.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from qa.places import short_name
from qa.reading import reading_aids
from qa.text import fold
from qa.types import Dropped, Source

_PATTERNS = Path(__file__).resolve().parent.parent / "data" / "boilerplate.toml"
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|$)")
_SPACE = " \t\f\v\u3000\xa0\u2003\u2002\u1680\u2000\u2001\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u205f"
_MARKDOWN_HEADING = re.compile(r"(#{1,6})\s+(?=\S)")
_MARKDOWN_RULE = re.compile(r"^(?:[-*_=]\s*){3,}$")
_LINE_MARK = re.compile(r"^(?:>+\s*|[-*+]\s+(?:\[[ xX]\]\s+)?)")
_MARKDOWN_TABLE_RULE = re.compile(r"^\|?(?:\s*:?-{2,}:?\s*\|)+\s*:?-*:?$")
_BARS = re.compile(r"[|│丨]")
_OUTER = "【】[]()<>|·•*- \t"
_LONG = 40  # characters; a line this long that ends as a sentence ends is the author's
_ENDED = re.compile(r"[。！？；…!?;.][”’」』）)\]】》〉\"']*$")
_TOP_LINES = 6  # of a text without a long line: where its byline may stand
_FARM_ITEMS = 5
_TABLE_ROWS = 60
_MARKDOWN_MARK = r"\*{2,3}|(?<![A-Za-z0-9])_{2}|_{2}(?![A-Za-z0-9])|~~|`+"
Run = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Line:
    """One line that is kept: `runs` are spans of the source, `text` their characters, outer spaces left out.

    `indented` when the line opens with spaces; `after_blank` when an empty line stands before it; `depth` is the
    depth of a Markdown heading, 0 for any other line.
    """

    runs: tuple[Run, ...]
    text: str
    indented: bool
    after_blank: bool
    depth: int = 0

    @property
    def start(self) -> int:
        return self.runs[0][0]


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The lines that are the author's, the bylines (read for the description), and what was dropped."""

    source: Source
    lines: tuple[Line, ...]
    bylines: tuple[Line, ...]
    dropped: tuple[Dropped, ...]


@dataclass(frozen=True, slots=True)
class _Patterns:
    navigation: re.Pattern[str]
    byline: re.Pattern[str]
    byline_at_the_edge: re.Pattern[str]
    notice: re.Pattern[str]
    page_number: re.Pattern[str]
    closing: re.Pattern[str]
    inline: re.Pattern[str]
    inline_markdown: re.Pattern[str]


_PATTERN_GROUPS = ("navigation", "byline", "byline_at_the_edge", "notice", "page_number", "closing")


@cache
def _patterns() -> _Patterns:
    data = tomllib.loads(_PATTERNS.read_text("utf-8"))
    groups = {
        "mojibake": "|".join(data["debris"]),
        "reading_aid": reading_aids.CANDIDATE,
        "invisible": data["invisible"],
    }
    marked = groups | {"markup": _MARKDOWN_MARK}
    return _Patterns(
        **{name: re.compile("|".join(data[name])) for name in _PATTERN_GROUPS},
        inline=_named_groups(groups),
        inline_markdown=_named_groups(marked),
    )


def _named_groups(groups: dict[str, str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in groups.items()))


def clean(source: Source) -> Cleaned:
    """The lines of a source that are its author's, in order."""
    lines, dropped = _lines(source)
    folded = [fold(line.text) for line in lines]
    long = [at for at, line in enumerate(lines) if len(line.text) >= _LONG and _ENDED.search(line.text)]
    middle = range(long[0], long[-1]) if long else range(_TOP_LINES, len(lines))
    farms = _farms(folded, middle)
    kept: list[Line] = []
    bylines: list[Line] = []
    for at, line in enumerate(lines):
        reason = "" if line.depth else "spam" if at in farms else _reason(folded[at], at in middle)
        if reason == "byline":
            bylines.append(line)
        if reason:
            dropped.append(Dropped(line.start, line.runs[-1][1], reason))
        else:
            kept.append(line)
    before_closing, closing = _without_closing(kept, bylines)
    dropped.extend([*closing, *source.marked])
    return Cleaned(source, before_closing, tuple(bylines), tuple(sorted(dropped, key=lambda d: d.start)))


def _lines(source: Source) -> tuple[list[Line], list[Dropped]]:
    """The lines that hold words when debris is left out, and the debris."""
    lines: list[Line] = []
    debris = _Debris(source)
    marked, depths = _Marked(source.marked), {heading.start: heading.depth for heading in source.headings}
    blank = False
    for match in _LINE.finditer(source.text):
        if not match.group():
            break
        line = _line(source.text, match, blank, debris, marked, depths)
        blank = line is None
        if line is not None:
            lines.append(line)
    return lines, debris.dropped


class _Debris:
    """What stands inside lines and is not the author's; `dropped` gathers it."""

    def __init__(self, source: Source) -> None:
        self.markdown = source.name.lower().endswith((".md", ".markdown"))
        self.dropped: list[Dropped] = []
        self._pattern = _patterns().inline_markdown if self.markdown else _patterns().inline
        self._plain_readings = reading_aids.leans_on_readings(source.text)

    def outside(self, text: str, start: int, end: int) -> tuple[Run, ...]:
        """The spans of text[start:end] without debris."""
        runs, at = [], start
        for match in self._pattern.finditer(text, start, end):
            reason = match.lastgroup or "mojibake"
            if reason == "reading_aid" and not self._is_reading(match.group()):
                continue
            self.dropped.append(Dropped(match.start(), match.end(), reason))
            if match.start() > at:
                runs.append((at, match.start()))
            at = match.end()
        if at < end:
            runs.append((at, end))
        return tuple(runs)

    def _is_reading(self, bracket: str) -> bool:
        return reading_aids.is_reading(bracket) or (self._plain_readings and reading_aids.is_plain_reading(bracket))


class _Marked:
    """The runs that a format's reader marked as no text of the author's, looked up by line."""

    def __init__(self, marked: Sequence[Dropped]) -> None:
        self._spans = sorted((m.start, m.end) for m in marked)
        self._starts = [start for start, _ in self._spans]

    def within(self, start: int, end: int) -> list[Run]:
        """The marked runs that touch text[start:end], in order."""
        at = max(0, bisect_right(self._starts, start) - 1)
        found = []
        while at < len(self._spans) and self._spans[at][0] < end:
            if self._spans[at][1] > start:
                found.append(self._spans[at])
            at += 1
        return found


def _line(
    text: str, match: re.Match[str], blank: bool, debris: _Debris, marked: _Marked, depths: dict[int, int]
) -> Line | None:
    start, end = match.span()
    while end > start and text[end - 1] in "\r\n" + _SPACE:
        end -= 1
    first = start
    while first < end and text[first] in _SPACE:
        first += 1
    indented, depth = first > start, depths.get(start, depths.get(first, 0))
    if debris.markdown:
        if _MARKDOWN_RULE.match(text[first:end]) or _MARKDOWN_TABLE_RULE.match(text[first:end]):
            return None
        if heading := _MARKDOWN_HEADING.match(text, first, end):
            first, depth = heading.end(), len(heading.group(1))
        elif mark := _LINE_MARK.match(text[first:end]):
            first += mark.end()
    runs = tuple(
        run for piece in _outside(marked.within(first, end), first, end) for run in debris.outside(text, *piece)
    )
    kept = "".join(text[a:b] for a, b in runs)
    return Line(runs, kept, indented, blank, depth) if kept.strip(_SPACE) else None


def _outside(taken: Sequence[Run], start: int, end: int) -> list[Run]:
    """The parts of (start, end) that none of the runs takes."""
    pieces, at = [], start
    for first, last in taken:
        if first > at:
            pieces.append((at, min(first, end)))
        at = max(at, last)
    return pieces + ([(at, end)] if at < end else [])


def _reason(folded: str, amid_text: bool) -> str:
    """Why a line is no part of the text, "" when it is. `amid_text`: whole paragraphs stand above and below it."""
    bare = folded.strip(_OUTER)
    patterns = _patterns()
    if any(patterns.byline.search(form) for form in {folded, bare}):
        return "byline"
    if not amid_text and patterns.byline_at_the_edge.search(bare):
        return "byline"
    if any(patterns.navigation.search(form) for form in {folded, bare}):
        return "navigation"
    if patterns.notice.search(bare):
        return "boilerplate"
    return "page_furniture" if patterns.page_number.search(folded) else ""


def reads_as_byline(text: str) -> bool:
    """Does a line at the edge of a work say who, when or whence, with a label?"""
    patterns, folded = _patterns(), fold(text)
    bare = folded.strip(_OUTER)
    return any(patterns.byline.search(form) for form in (folded, bare)) or bool(
        patterns.byline_at_the_edge.search(bare)
    )


def _farms(folded: Sequence[str], middle: range) -> set[int]:
    """The lines that are menus or link farms: short items between bars.

    Two such lines with as many bars each, amid the text or beside a row with figures, are rows of a table.
    """
    bars = {at: len(_BARS.findall(line)) for at, line in enumerate(folded) if len(_BARS.findall(line)) >= 2}
    short = {at: _farm_items(folded[at]) for at in bars}
    farms = set()
    for at, items in short.items():
        if not items:
            continue
        near = [other for other in _beside(at, bars) if other != at]
        is_table = bool(near) and (at in middle or any(not short[other] for other in near))
        places = len(items) >= _FARM_ITEMS and sum(short_name(item) != item for item in items) * 2 > len(items)
        if not is_table or (places and not any(_has_digit(folded[other]) for other in near)):
            farms.add(at)
    return farms


def _beside(at: int, bars: dict[int, int]) -> list[int]:
    """The lines without a gap around one, with as many bars."""
    found = [at]
    for step in (-1, 1):
        other = at + step
        while bars.get(other) == bars[at] and len(found) < _TABLE_ROWS:
            found.append(other)
            other += step
    return found


def _farm_items(line: str) -> list[str]:
    """The items of a line that could be a menu: three or more, short, without digits; [] when it could not."""
    items = [item.strip() for item in _BARS.split(line.strip("|│丨 "))]
    return items if len(items) >= 3 and max(map(len, items)) <= 16 and not _has_digit(line) else []


def _has_digit(line: str) -> bool:
    return any(c.isdigit() for c in line)


def _without_closing(lines: list[Line], bylines: list[Line]) -> tuple[tuple[Line, ...], list[Dropped]]:
    """The lines before the closing boilerplate:

    it opens in the last quarter (by characters), or among the last 40 lines.
    """
    total = sum(len(line.text) for line in lines)
    seen = 0
    for index, line in enumerate(lines):
        late = seen > 0.6 * total and (seen > 0.75 * total or len(lines) - index <= 40)
        if late and len(line.text) <= 40 and _patterns().closing.search(fold(line.text)):
            bylines.extend(lines[index:])
            return tuple(lines[:index]), [
                Dropped(rest.start, rest.runs[-1][1], "boilerplate") for rest in lines[index:]
            ]
        seen += len(line.text)
    return tuple(lines), []
