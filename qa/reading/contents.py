"""Finds a file's table of contents by its form: lines that end in a page after a leader, or that follow 目录.

Says what the contents list, and on which lines they stand. Knows nothing of where the titles stand in the body.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from qa.reading.cleaning import Line
from qa.reading.contents_rows import LEADER, PAGE, Cell, cells_of, rising, without_names
from qa.text import fold, letters

_DIGITS = str.maketrans("０１２３４５６７８９．", "0123456789.")
_ENTRY = re.compile(rf"^(?P<title>\S.{{0,160}}?){LEADER}{PAGE}$")
_DOTS = re.compile(r"…|[.．·。・•]\s?[.．·。・•]")
_PAGE_LAST = re.compile(r"^(?P<title>\S.{2,160}?[^\d\s.])[\s\u3000]?[(（]?(?P<page>\d{1,4})[)）]?$")
_PAGE_FIRST = re.compile(r"^(?P<page>\d{1,4})(?:[\s\u3000.·…]+)(?P<title>[^\d\s.].{2,160})$")
_PAGE_ALONE = re.compile(r"^[-–—(（]?\s*(?P<page>\d{1,4})\s*[-–—)）]?$")
_GROUP = re.compile(
    r"^(?:第[一二三四五六七八九十]+(?:部分|[篇编部章辑卷])|[一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十]{1,3}[)）])"
    r"[、.\s\u3000]*(?P<name>\S{1,20})$|^[【\[〔](?P<boxed>\S{1,20})[】\]〕]$"
    r"|^(?P<bare>(?:国家|中央|省部?|市|县|区|州|乡镇|街道|村|部门|企业|高校|学校|机关|基层)(?:直|级|直属)?(?:单位|机关|部门|篇|类)?)$"
)
_WORD = r"(?:总|简|详细|本[期书刊辑册]|文章|篇章|材料|文件)?(?:目\s*[录次]|要目|篇目)"
_BESIDE = " \u3000【】[]()（）<>《》★☆■●◆·*—-:：|"
ANNOUNCED = re.compile(rf"^{_WORD}\s*(?:[(（]?续[)）]?.{{0,3}})?(?:\s*/?\s*contents)?$|^(?:table of )?contents$")
_ON_ITS_LINE = re.compile(rf"^[【\[]?{_WORD}[】\]]?\s*[:：]?\s*(?=\S)")
MIN_ENTRIES = 3
MAX_ENTRIES = 2_000  # more are the rows of a table
ENTRY_CHARS = 120
OTHERS_BETWEEN = 2
RISING_SHARE = 0.85


@dataclass(frozen=True, slots=True)
class Entry:
    """A title that the contents list. `above` is a line right above it that could be its first half, "" when none.

    `names` are those of its authors or its office where the contents name them beside it.
    """

    title: str
    page: int | str | None
    group: str = ""
    above: str = ""
    names: str = ""


@dataclass(frozen=True, slots=True)
class Contents:
    """The entries in order and the lines (indices) on which the contents stand; `announced` by the word 目录."""

    entries: tuple[Entry, ...] = ()
    lines: frozenset[int] = frozenset()
    announced: bool = False
    groups: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of the contents: its title and page by their form."""

    index: int
    text: str
    title: str
    page: str = ""
    group: str = ""


def contents_of(lines: Sequence[Line]) -> Contents:
    """The contents of a file, those of its parts taken together; without entries when there are none."""
    announced = [at for at, line in enumerate(lines) if announces(line.text) or _cells_behind(line.text)]
    blocks = [block for at in announced if (block := _announced(lines, at)).entries]
    taken = frozenset().union(*(block.lines for block in blocks))
    if not blocks:
        blocks = [block for block in _runs(lines) if block.entries]
        taken = frozenset().union(*(block.lines for block in blocks))
    listed = [entry for block in blocks for entry in block.entries]
    if not MIN_ENTRIES <= len(listed) <= MAX_ENTRIES:
        return Contents()
    entries = _without_names(_in_page_order(listed) if len(listed) > len(taken) else listed)
    return Contents(entries, taken, bool(announced), frozenset().union(*(block.groups for block in blocks)))


def announces(text: str) -> bool:
    """Is a line nothing but a word such as 目录 or 本期要目?"""
    return len(text) <= 16 and bool(ANNOUNCED.match(fold(text).strip(_BESIDE)))


def _cells_behind(text: str) -> list[Cell]:
    """The entries that stand on the line of the word 目录 itself: 目录：渡口通了……3　书屋开了……8."""
    match = _ON_ITS_LINE.match(text[:16])
    cells = cells_of(_shown(text[match.end() :])) if match else []
    return cells if len(cells) >= MIN_ENTRIES else []


def _in_page_order(entries: list[Entry]) -> list[Entry]:
    """The entries of columns that were read across, in the order of their pages."""
    if not all(isinstance(entry.page, int) for entry in entries):
        return entries
    return sorted(entries, key=lambda entry: entry.page if isinstance(entry.page, int) else 0)


def _without_names(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    named = without_names([entry.title for entry in entries])
    return tuple(replace(entry, title=one.title, names=one.names) for entry, one in zip(entries, named, strict=True))


def group_name(text: str) -> str:
    """The name of the group that a line such as 一、省级, 第一篇 省级 or 【省级】 opens, "" when it is none."""
    match = _GROUP.match(text.strip())
    return next((name for name in match.groups() if name), "") if match else ""


def _announced(lines: Sequence[Line], at: int) -> Contents:
    """The contents below the word 目录."""
    rows: list[_Row] = []
    others, seen, short = 0, set[str](), 0
    rows += [_Row(at, cell.title, cell.title, cell.page) for cell in _cells_behind(lines[at].text)]
    for index in range(at + 1, len(lines)):
        line = lines[index]
        text = _shown(line.text)
        if announces(line.text):
            break
        if cells := _cells(text):
            rows += [_Row(index, cell.title, cell.title, cell.page) for cell in cells]
            seen.update(letters(cell.title) for cell in cells)
            continue
        strong = _ENTRY.match(text)
        title = letters(_without_page(text))
        if not strong and title in seen and not _PAGE_ALONE.match(text):
            break
        if len(re.sub(r"\s", "", text)) > ENTRY_CHARS or line.depth or (text[-1] in "。！？；" and len(text) > 20):
            others += 1
            short = short or len(rows)
            if strong is None and (others > OTHERS_BETWEEN or line.depth or len(text) > ENTRY_CHARS):
                break
            continue
        seen.add(title)
        rows.append(_row(index, text, strong))
    if not others:
        return _contents(rows, at, rows)
    return _contents(rows, at, _above_the_body(rows[:short]))


def _above_the_body(rows: list[_Row]) -> list[_Row]:
    """Short rows without those at their end that are the body's first title: one, or two or three that make it."""
    for count in (2, 3):
        if rows and letters("".join(row.title for row in rows[-count:])) in {letters(row.title) for row in rows[:3]}:
            return rows[:-count]
    return rows[:-1]


def _runs(lines: Sequence[Line]) -> Iterator[Contents]:
    """Contents that nothing announces: entries with leaders, one after another, groups between them."""
    rows: list[_Row] = []
    others = 0
    for index, line in enumerate(lines):
        if len(line.text) > 2 * ENTRY_CHARS:
            strong, group = None, ""
        else:
            text = _shown(line.text)
            strong, group = _ENTRY.match(text), group_name(text)
            if cells := _cells(text, dotted=True):
                rows += [_Row(index, cell.title, cell.title, cell.page) for cell in cells]
                others = 0
                continue
        if strong or group:
            rows.append(_row(index, text, strong))
            others = 0
            continue
        others += 1
        if len(line.text) <= ENTRY_CHARS and rows:
            rows.append(_row(index, _shown(line.text), None))
        if others > OTHERS_BETWEEN and rows:
            yield _by_leaders(rows, ()) if _count(rows) >= MIN_ENTRIES else Contents()
            rows = []
    if _count(rows) >= MIN_ENTRIES:
        yield _by_leaders(rows, ())


def _shown(text: str) -> str:
    return text.strip().translate(_DIGITS)


def _cells(text: str, dotted: bool = False) -> list[Cell]:
    """The entries that stand side by side on a line, [] when it holds one or none; only those with dots, if told."""
    cells = cells_of(text) if not dotted or _DOTS.search(text) else []
    return cells if rising([cell.page for cell in cells]) else []


def _without_page(text: str) -> str:
    match = _ENTRY.match(text)
    return match["title"] if match else text


def _row(index: int, text: str, entry: re.Match[str] | None) -> _Row:
    if entry:
        return _Row(index, text, entry["title"].strip(" \u3000.·…"), entry["page"])
    return _Row(index, text, text, "", group_name(text))


def _contents(rows: list[_Row], at: int, short: list[_Row]) -> Contents:
    """What the rows below the word 目录 list, in the manner in which most of them do; `short` stand above all text."""
    manners = [rows, *(manner(rows) for manner in (_pages_alone, _pages_last, _pages_first))]
    found = max(manners, key=_count)  # the first of equals: leaders tell best
    if _count(found) >= MIN_ENTRIES:
        last = max(row.index for row in found if row.page)
        return _by_leaders(found, (at, *(row.index for row in rows if row.index <= last)))
    return _bare(short, at)


def _count(rows: Sequence[_Row]) -> int:
    return sum(bool(row.page) for row in rows)


def _by_leaders(rows: Sequence[_Row], also: Sequence[int]) -> Contents:
    """Rows with pages are entries, what stands between them groups, or first halves of titles."""
    paged = [number for number, row in enumerate(rows) if row.page]
    inside = rows[: paged[-1] + 1] if also else rows[_first_group(rows, paged[0]) : paged[-1] + 1]
    entries: list[Entry] = []
    group, above = "", ""
    for row in inside:
        if row.page and (name := group_name(row.title)) and group_name(name) == name:
            group, above = name, ""  # 一、省级……1
        elif row.page:
            entries.append(Entry(row.title, _page(row.page), group, above))
            above = ""
        elif row.group:
            group, above = row.group, ""
        else:
            above = row.title
    groups = frozenset(name for row in inside if (name := row.group or group_name(row.title)))
    return Contents(tuple(entries), frozenset([*also, *(row.index for row in inside)]), groups=groups)


def _first_group(rows: Sequence[_Row], first: int) -> int:
    while first and rows[first - 1].group:
        first -= 1
    return first


def _pages_alone(rows: list[_Row]) -> list[_Row]:
    """Each page on a line of its own, below its title."""
    found: list[_Row] = []
    for row in rows:
        alone = _PAGE_ALONE.match(row.text)
        if alone and found and not found[-1].page:
            found[-1] = _Row(row.index, found[-1].text, found[-1].title, alone["page"])
        elif not alone:
            found.append(row)
    return found


def _pages_last(rows: list[_Row]) -> list[_Row]:
    """A page right behind the title: believed when the pages rise from entry to entry."""
    return _rising(rows, _PAGE_LAST)


def _pages_first(rows: list[_Row]) -> list[_Row]:
    """A page before the title; numbers that count 1, 2, 3 are no pages."""
    found = _rising(rows, _PAGE_FIRST)
    pages = [int(row.page) for row in found if row.page]
    return [] if not pages or pages == list(range(pages[0], pages[0] + len(pages))) else found


def _rising(rows: list[_Row], form: re.Pattern[str]) -> list[_Row]:
    """The rows with the pages that a form finds in them; none when these do not rise."""
    found = [row if row.page else _paged(row, form) for row in rows]
    pages = [int(new.page) for old, new in zip(rows, found, strict=True) if new.page and not old.page]
    rising = sum(a <= b for a, b in pairwise(pages))
    return found if len(pages) >= MIN_ENTRIES and rising >= RISING_SHARE * (len(pages) - 1) else []


def _paged(row: _Row, form: re.Pattern[str]) -> _Row:
    match = form.match(row.text)
    return replace(row, title=match["title"].strip(), page=match["page"]) if match else row


def _bare(rows: list[_Row], at: int) -> Contents:
    """Titles without pages: all rows to the body; where nearly all are numbered, those are the titles."""
    titles = [row for row in rows if not row.group]
    if len(titles) < MIN_ENTRIES:
        titles = rows
    entries, group = [], ""
    for row in rows:
        if row in titles:
            entries.append(Entry(row.title, None, group))
        else:
            group = row.group
    groups = frozenset(row.group for row in rows if row.group and row not in titles)
    return Contents(tuple(entries), frozenset([at, *(row.index for row in rows)]), groups=groups)


def _page(written: str) -> int | str:
    return int(written) if written.isdigit() else written
