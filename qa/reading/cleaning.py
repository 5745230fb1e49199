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
from qa.text import fold
from qa.types import Dropped, Source

_PATTERNS = Path(__file__).resolve().parent.parent / "data" / "boilerplate.toml"
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|$)")
_SPACE = " \t\f\v\u3000\xa0\u2003\u2002\u1680\u2000\u2001\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u205f"
_MARKDOWN_HEADING = re.compile(r"(#{1,6})\s+(?=\S)")
_MARKDOWN_RULE = re.compile(r"^(?:[-*_=]\s*){3,}$")
_LINE_MARK = re.compile(r"^(?:>+\s*|[-*+]\s+(?:\[[ xX]\]\s+)?)")
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
    bylines: tuple[str, ...]
    dropped: tuple[Dropped, ...]


@dataclass(frozen=True, slots=True)
class _Patterns:
    navigation: re.Pattern[str]
    byline: re.Pattern[str]
    closing: re.Pattern[str]
    inline: re.Pattern[str]
    inline_markdown: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    data = tomllib.loads(_PATTERNS.read_text("utf-8"))
    groups = {"mojibake": "|".join(data["debris"]), "reading_aid": data["reading_aid"], "invisible": data["invisible"]}
    marked = groups | {"markup": _MARKDOWN_MARK}
    return _Patterns(
        *(re.compile("|".join(data[key])) for key in ("navigation", "byline", "closing")),
        _named_groups(groups),
        _named_groups(marked),
    )


def _named_groups(groups: dict[str, str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in groups.items()))


def clean(source: Source) -> Cleaned:
    """The lines of a source that are its author's, in order."""
    kept: list[Line] = []
    bylines: list[str] = []
    dropped: list[Dropped] = []
    blank = False
    markdown = source.name.lower().endswith((".md", ".markdown"))
    marked, depths = _Marked(source.marked), {heading.start: heading.depth for heading in source.headings}
    for match in _LINE.finditer(source.text):
        if not match.group():
            break
        line = _line(source.text, match, blank, dropped, markdown, marked, depths)
        blank = line is None
        if line is None:
            continue
        reason = "" if line.depth else _reason(fold(line.text))
        if reason == "byline":
            bylines.append(line.text)
        if reason:
            dropped.append(Dropped(line.start, line.runs[-1][1], reason))
        else:
            kept.append(line)
    lines, closing = _without_closing(kept, bylines)
    dropped.extend([*closing, *source.marked])
    return Cleaned(source, lines, tuple(bylines), tuple(sorted(dropped, key=lambda d: d.start)))


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
    text: str,
    match: re.Match[str],
    blank: bool,
    dropped: list[Dropped],
    markdown: bool,
    marked: _Marked,
    depths: dict[int, int],
) -> Line | None:
    start, end = match.span()
    while end > start and text[end - 1] in "\r\n" + _SPACE:
        end -= 1
    first = start
    while first < end and text[first] in _SPACE:
        first += 1
    indented, depth = first > start, depths.get(start, depths.get(first, 0))
    if markdown:
        if _MARKDOWN_RULE.match(text[first:end]):
            return None
        if heading := _MARKDOWN_HEADING.match(text, first, end):
            first, depth = heading.end(), len(heading.group(1))
        elif mark := _LINE_MARK.match(text[first:end]):
            first += mark.end()
    runs = tuple(
        run
        for piece in _outside(marked.within(first, end), first, end)
        for run in _runs(text, *piece, dropped, markdown)
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


def _runs(text: str, start: int, end: int, dropped: list[Dropped], markdown: bool) -> tuple[Run, ...]:
    """The spans of text[start:end] without debris."""
    pattern = _patterns().inline_markdown if markdown else _patterns().inline
    runs, at = [], start
    for match in pattern.finditer(text, start, end):
        dropped.append(Dropped(match.start(), match.end(), match.lastgroup or "mojibake"))
        if match.start() > at:
            runs.append((at, match.start()))
        at = match.end()
    if at < end:
        runs.append((at, end))
    return tuple(runs)


def _reason(folded: str) -> str:
    """Why a line is no part of the text, "" when it is."""
    if _is_link_farm(folded):
        return "spam"
    if _patterns().byline.search(folded):
        return "byline"
    if _patterns().navigation.search(folded):
        return "navigation"
    return ""


def _is_link_farm(folded: str) -> bool:
    """Three or more short items between bars: a menu; many of them, or mostly place names: a spam footer."""
    items = [item.strip() for item in folded.strip("|").split("|")]
    if len(items) < 3 or max(map(len, items)) > 16:
        return False
    return (len(items) >= 3 and not any(c.isdigit() for c in folded)) or sum(
        short_name(i) != i for i in items
    ) * 2 > len(items)


def _without_closing(lines: list[Line], bylines: list[str]) -> tuple[tuple[Line, ...], list[Dropped]]:
    """The lines before the closing boilerplate:

    it opens in the last quarter (by characters), or among the last 40 lines.
    """
    total = sum(len(line.text) for line in lines)
    seen = 0
    for index, line in enumerate(lines):
        late = seen > 0.6 * total and (seen > 0.75 * total or len(lines) - index <= 40)
        if late and len(line.text) <= 40 and _patterns().closing.search(fold(line.text)):
            bylines.extend(rest.text for rest in lines[index:])
            return tuple(lines[:index]), [
                Dropped(rest.start, rest.runs[-1][1], "boilerplate") for rest in lines[index:]
            ]
        seen += len(line.text)
    return tuple(lines), []
