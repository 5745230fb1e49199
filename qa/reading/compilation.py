"""Splits a compilation into its works by its table of contents; a file that is one work stays one.

Knows a contents list by its form: consecutive lines that end in a page number after a leader of spaces or dots, with
level headings (一、省级) between them. The work begins where its title stands again, alone on a line, in the order of
the contents. A person who knows better says where the works begin, or that there is but one (`overrides`).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from qa.reading.cleaning import Cleaned, Line
from qa.text import fold, letters
from qa.types import Dropped, SplitPlan

_ENTRY = re.compile(
    r"^(?P<title>\S.{0,80}?)(?:[\s\u3000]{2,}|[\s\u3000]*[.．·…‥。]{2,}[\s\u3000]*|\t+)(?:第\s*)?(?P<page>\d{1,4}|[ivxlc]{1,6})(?:\s*页)?$"
)
_GROUP = re.compile(
    r"^(?:第[一二三四五六七八九十]+[篇编部分章辑]|[一二三四五六七八九十]{1,3})[、.\s\u3000]*(?P<name>\S{1,20})$"
)
_CONTENTS = re.compile(r"^目\s*[录次]$|^contents$")
_LEVELS = (
    ("省级", re.compile("省|自治区|直辖市")),
    ("市级", re.compile("市|州|盟|地区")),
    ("县级", re.compile("县|区|旗")),
)
_LINE_END = re.compile(r"\r\n|\r|\n")
MIN_ENTRIES = 3
SIMILAR = 0.8
SURE = 0.9  # below it the report says so
NAMED_TITLES = 3


@dataclass(frozen=True, slots=True)
class Work:
    """The lines of one work, and what the contents say of it.

    `cover` is the compilation's own title, "" for a lone work.
    """

    lines: tuple[Line, ...]
    title: str = ""
    page: int | str | None = None
    group: str = ""
    level: str | None = None
    cover: str = ""


@dataclass(frozen=True, slots=True)
class Split:
    """The works of a source in order, and what belongs to none (contents, cover).

    `sureness` (0-1): the share of the titles in the contents that stand in the body, in their order; `doubts` say in
    Chinese which do not.
    """

    works: tuple[Work, ...]
    dropped: tuple[Dropped, ...] = ()
    sureness: float = 1.0
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Entry:
    title: str
    page: int | str
    group: str


def split(cleaned: Cleaned, plan: SplitPlan = "auto") -> Split:
    """The works in a cleaned source: several where it has a table of contents whose titles stand in the body, else one.

    `plan` keeps it one whatever it looks like ("never"), or says where the works begin.
    """
    lines = cleaned.lines
    if plan == "never":
        return Split((Work(lines),))
    if not isinstance(plan, str):
        return _split_as_told(cleaned, plan)
    first, last, entries = _contents(lines)
    if len(entries) < MIN_ENTRIES:
        return Split((Work(lines),))
    starts = _starts(lines, last, entries)
    share = len(starts) / len(entries)
    if len(starts) < max(2, len(entries) // 2):
        return Split((Work(lines),), sureness=1 - share, doubts=_unsplit(len(entries), len(starts)))
    missing = [entry.title for entry in entries if entry not in {found for _, found in starts}]
    cover = _cover(lines[:first])
    works = []
    for (at, entry), until in zip(starts, [at for at, _ in starts[1:]] + [len(lines)], strict=True):
        level = next((level for level, pattern in _LEVELS if pattern.search(entry.group)), None)
        works.append(Work(lines[at + 1 : until], lines[at].text, entry.page, entry.group, level, cover))
    dropped = [Dropped(line.start, line.runs[-1][1], "table_of_contents") for line in lines[: starts[0][0]]]
    dropped += [Dropped(lines[at].start, lines[at].runs[-1][1], "title") for at, _ in starts]
    doubts = (f"目录有 {len(entries)} 条，{_not_found(missing)}，分篇可能不全",) if share < SURE else ()
    return Split(tuple(work for work in works if work.lines), tuple(dropped), share, doubts)


def _unsplit(entries: int, found: int) -> tuple[str, ...]:
    """What to say of a file with contents that stays one work; nothing where none of its titles stands in it."""
    return (f"像有目录（{entries} 条），但正文里只有 {found} 条的标题，当作一篇读了",) if found else ()


def _not_found(titles: Sequence[str]) -> str:
    named = "、".join(f"《{title}》" for title in titles[:NAMED_TITLES])
    return f"有 {len(titles)} 条的标题在正文里没有找到：{named}{'等' if len(titles) > NAMED_TITLES else ''}"


def _split_as_told(cleaned: Cleaned, plan: Sequence[str | int]) -> Split:
    """The works that begin where a person said: at these titles, or at these lines of the file, in order."""
    lines = cleaned.lines
    _, at, _ = _contents(lines)
    starts: list[int] = []
    missing: list[str] = []
    for told in plan:
        found = _line_at(cleaned, told) if isinstance(told, int) else _find_title(lines, at, letters(told))
        if found is None or (starts and found <= starts[-1]):
            missing.append(f"第 {told} 行" if isinstance(told, int) else told)
        else:
            starts.append(found)
            at = found + 1
    doubts = (f"指定了 {len(plan)} 篇，{_not_found(missing)}",) if missing else ()
    sureness = len(starts) / len(plan) if plan else 0.0
    if not starts:
        return Split((Work(lines),), sureness=sureness, doubts=doubts)
    ends = [*starts[1:], len(lines)]
    cover = _cover(lines[: starts[0]])
    works = [Work(lines[a + 1 : b], lines[a].text, cover=cover) for a, b in zip(starts, ends, strict=True)]
    dropped = [Dropped(line.start, line.runs[-1][1], "table_of_contents") for line in lines[: starts[0]]]
    dropped += [Dropped(lines[a].start, lines[a].runs[-1][1], "title") for a in starts]
    return Split(tuple(work for work in works if work.lines), tuple(dropped), sureness, doubts)


def _line_at(cleaned: Cleaned, number: int) -> int | None:
    """The kept line that stands at a line of the file, counted from 1, or first after it."""
    beginnings = [0, *(match.end() for match in _LINE_END.finditer(cleaned.source.text))]
    if not 1 <= number <= len(beginnings):
        return None
    found = bisect_left([line.start for line in cleaned.lines], beginnings[number - 1])
    return found if found < len(cleaned.lines) else None


def _contents(lines: tuple[Line, ...]) -> tuple[int, int, list[_Entry]]:
    """Where the contents begin and end (line indices, end exclusive) and their entries; empty when there are none."""
    entries: list[_Entry] = []
    first, last, group, other = 0, 0, "", 0
    for index, line in enumerate(lines):
        folded = fold(line.text)
        if match := _ENTRY.match(line.text.strip()):
            first = first if entries else index
            entries.append(_Entry(match["title"].strip(), _page(match["page"]), group))
            last, other = index + 1, 0
        elif match := _GROUP.match(line.text.strip()):
            group = match["name"]
        elif not _CONTENTS.match(folded):
            other += 1
            if len(entries) >= MIN_ENTRIES and other > 2:
                break
            if len(entries) < MIN_ENTRIES:
                entries = []
        if not entries and index > 60:
            break
    return first, last, entries


def _page(written: str) -> int | str:
    return int(written) if written.isdigit() else written


def _starts(lines: tuple[Line, ...], body: int, entries: list[_Entry]) -> list[tuple[int, _Entry]]:
    """For each entry whose title stands alone in the body, after the one before it: (line index, entry)."""
    starts, at = [], body
    for entry in entries:
        found = _find_title(lines, at, letters(entry.title))
        if found is not None:
            starts.append((found, entry))
            at = found + 1
    return starts


def _find_title(lines: tuple[Line, ...], at: int, title: str) -> int | None:
    near = None
    for index in range(at, len(lines)):
        if len(lines[index].text) > 2 * len(title) + 12:
            continue
        text = letters(lines[index].text)
        if text == title:
            return index
        if near is None and abs(len(text) - len(title)) <= 6 and SequenceMatcher(None, text, title).ratio() >= SIMILAR:
            near = index
    return near


def _cover(lines: tuple[Line, ...]) -> str:
    """The compilation's own title: its first line before the contents that says something."""
    titles = (line.text for line in lines if not _CONTENTS.match(fold(line.text)) and not _GROUP.match(line.text))
    return next(titles, "")
