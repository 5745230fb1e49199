"""Lines of all pages become paragraphs, headings, footnotes and tables; what a line end or a page cut is joined.

A paragraph starts on the page where its first character stands and may end on a later one; what else stands on a page
(footnotes) is put before the paragraph that leaves it, so that every word keeps its page.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from qa.reading.formats.pdf_atoms import Box
from qa.reading.formats.pdf_layout import Grid, Line, joined
from qa.reading.formats.tables import header_count, rows_of

HEADING_CHARS = 64
LARGER = 1.1
SMALLER = 0.93
_ENDS = "。！？；!?;.…"
_CLOSERS = "”’」』）)】》〉\"'"
_NO_LINE_START = "，。、；：！？”’）》」』】〉…—,.;:!?)%％‰℃"
_LIST_ITEM = re.compile(
    r"^(?:[•·●■◆▪○◎☆★－-]\s*\S|\d{1,3}[、.．)）]\s*(?!\d)|[（(](?:\d{1,2}|[一二三四五六七八九十]{1,3})[)）]"
    r"|[一二三四五六七八九十]{1,3}、|第[一二三四五六七八九十百\d]{1,4}[章篇编部节条])"
)
_NOTE = re.compile(r"^(?:[①-⑳*＊※†‡]|[\[〔【(（]\d{1,3}[\]〕】)）]|\d{1,3}(?![\d.%年月日])\s*\S|注\s*\d*\s*[:：])")
_CONTENTS_LINE = re.compile(
    r"(?:\s{2,}|[\s\u3000]*[.．·…‥]{3,}[\s\u3000]*|[\u3000\t]+)(?:[-—(（]?\s*)?(?:\d{1,4}|[ivxlc]{1,6})(?:\s*[-—)）])?$"
)
_PAGE_COLUMN = re.compile(r"^页\s*[码次数]$")
_UNIT = re.compile(r"[A-Za-z0-9][A-Za-z0-9.,%'’/-]*")
_TableRow = tuple[list[str], int, Box]


@dataclass(slots=True)
class Piece:
    """Words of a paragraph that stand on one page. `lines` says where in them each line begins, and its box there."""

    text: str
    sheet: int
    lines: list[tuple[int, Box]] = field(default_factory=list)


@dataclass(slots=True)
class Block:
    """A paragraph, a heading (`depth`), a footnote or a row of a table; `reason` marks it as not the author's."""

    pieces: list[Piece]
    depth: int = 0
    reason: str = ""
    style: tuple[float, bool] = (0.0, False)

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)

    @property
    def first(self) -> int:
        return self.pieces[0].sheet

    @property
    def last(self) -> int:
        return self.pieces[-1].sheet


@dataclass(slots=True)
class _Manner:
    """How this file sets its text: size and weight of its body, first-line indents, distance of lines (in em)."""

    size: float
    bold: bool
    indents: bool = False
    leading: float = 0.0
    hyphened: set[str] = field(default_factory=set)


def body_size(pages: Iterable[Sequence[Line | Grid]]) -> float:
    """The size in points that most characters have."""
    counts: Counter[float] = Counter()
    for page in pages:
        for line in page:
            if isinstance(line, Line):
                counts[line.size] += len(line.text)
    return counts.most_common(1)[0][0] if counts else 10.5


def flow(pages: Sequence[Sequence[Line | Grid]]) -> list[Block]:
    """The blocks of all pages in reading order."""
    _widen(pages)
    manner = _manner(pages)
    blocks: list[Block] = []
    for page in pages:
        body, notes = _without_notes(page, manner)
        follow = _Flow(manner, blocks)
        for item in body:
            follow.add(item)
        follow.end_page([_note_block(lines, manner) for lines in notes])
    _merge_tables(blocks)
    _set_depths(blocks, manner)
    return blocks


class _Tabled(Block):
    """Rows of a table that are still to be told from its header: cells, page, box."""

    __slots__ = ("edges", "grid", "rows")

    def __init__(self, rows: list[_TableRow], edges: Sequence[float], grid: bool) -> None:
        super().__init__([Piece("", sheet) for _, sheet, _ in rows])
        self.rows, self.edges, self.grid = rows, list(edges), grid


class _Flow:
    """The text as it runs on from page to page: `blocks` grows, its last paragraph may still be open."""

    def __init__(self, manner: _Manner, blocks: list[Block]) -> None:
        self._manner = manner
        self._blocks = blocks

    def add(self, item: Line | Grid) -> None:
        if isinstance(item, Grid):
            rows = [(row, item.sheet, box) for row, box in zip(item.rows, item.boxes, strict=True) if any(row)]
            if rows:
                self._blocks.append(_Tabled(rows, item.edges, True))
            return
        last = self._blocks[-1] if self._blocks else None
        if isinstance(last, _Paragraph) and last.open and _continues(last.lines, item, self._manner):
            last.append(item, self._manner)
        else:
            self._blocks.append(_Paragraph(item))

    def end_page(self, notes: list[Block]) -> None:
        """Footnotes go before the last paragraph if it starts on this page: it may go on over the break."""
        if not notes:
            return
        at = len(self._blocks)
        last = self._blocks[-1] if self._blocks else None
        if (
            isinstance(last, _Paragraph)
            and last.first == notes[0].first
            and not _is_ended(last.lines[-1], self._manner)
        ):
            at -= 1
            self._blocks[at:at] = notes
        else:
            self._blocks += notes


class _Paragraph(Block):
    """A block made of lines, joined as they come."""

    __slots__ = ("lines", "open")

    def __init__(self, line: Line) -> None:
        super().__init__([_piece(line)])
        self.lines = [line]
        self.open = not _CONTENTS_LINE.search(line.text)

    def append(self, line: Line, manner: _Manner) -> None:
        last = self.pieces[-1]
        whole = _hyphened(last.text, line.text, manner)
        together = last.text + line.text if whole else joined(last.text, line.text)
        cut = len(together) - len(line.text)
        if last.sheet == line.sheet:
            last.text = together
            last.lines.append((cut, line.box))
        else:
            last.text = together[:cut]
            self.pieces.append(_piece(line))
        self.lines.append(line)
        self.open = not _CONTENTS_LINE.search(line.text)


def _piece(line: Line) -> Piece:
    return Piece(line.text, line.sheet, [(0, line.box)])


def _hyphened(text: str, more: str, manner: _Manner) -> bool:
    """Does a hyphen at the line's end belong to the word, as elsewhere in the file?"""
    one, other = re.search(r"[A-Za-z]+-$", text), re.match(r"[A-Za-z]+", more)
    return bool(one and other and (one[0] + other[0]).lower() in manner.hyphened)


def _note_block(lines: list[Line], manner: _Manner) -> Block:
    note = _Paragraph(lines[0])
    for line in lines[1:]:
        note.append(line, manner)
    note.open = False
    return note


def _widen(pages: Sequence[Sequence[Line | Grid]]) -> None:
    """A column of few lines is as wide as the like columns of other pages."""
    edges: dict[tuple[int, int, int], list[tuple[float, float]]] = defaultdict(list)
    for page in pages:
        columns: dict[tuple[int, int, int], list[Line]] = defaultdict(list)
        for line in page:
            if isinstance(line, Line):
                columns[line.columns, line.column, line.sheet % 2].append(line)
        for key, lines in columns.items():
            if len(lines) >= 8:
                edges[key].append((lines[0].left, lines[0].right))
    usual = {key: (median(a for a, _ in both), median(b for _, b in both)) for key, both in edges.items()}
    for page in pages:
        counts = Counter((line.columns, line.column, line.sheet % 2) for line in page if isinstance(line, Line))
        for line in page:
            if isinstance(line, Line):
                key = (line.columns, line.column, line.sheet % 2)
                other = usual.get(key) or usual.get((*key[:2], 1 - key[2]))
                if counts[key] < 8 and other is not None and abs(other[0] - line.left) < 6 * line.size:
                    line.left, line.right = min(line.left, other[0]), max(line.right, other[1])


def _manner(pages: Sequence[Sequence[Line | Grid]]) -> _Manner:
    size = body_size(pages)
    body = [line for page in pages for line in page if isinstance(line, Line) and abs(line.size - size) < 0.6]
    bold = sum(len(line.text) for line in body if line.bold) * 2 > sum(len(line.text) for line in body)
    manner = _Manner(size, bold)
    leads, indented = [], 0
    for one, other in pairwise(body):
        if one.sheet != other.sheet or one.column != other.column or other.y0 <= one.y0:
            continue
        leads.append((other.y0 - one.y0) / size)
        in_em = [(line.x0 - line.left) / size for line in (one, other)]
        indented += 1.4 <= in_em[0] <= 4.2 and in_em[1] < 0.6 and one.x1 > one.right - 4 * size
        for word in re.findall(r"[A-Za-z]+-[A-Za-z]+", one.text):
            manner.hyphened.add(word.lower())
    # paragraphs may stand apart: the distance within them is the smaller one
    manner.leading = sorted(leads)[len(leads) // 4] if leads else 0.0
    manner.indents = indented >= max(1, 0.02 * len(body))
    return manner


def _without_notes(page: Sequence[Line | Grid], manner: _Manner) -> tuple[list[Line | Grid], list[list[Line]]]:
    """The body of a page, and its footnotes: small text at the foot of a column that opens with a mark."""
    columns: dict[int, list[Line | Grid]] = defaultdict(list)
    for item in page:
        columns[item.column if isinstance(item, Line) else -1].append(item)
    notes: list[Line] = []
    bottom = max((item.y1 for item in page), default=0.0)
    for items in columns.values():
        small: list[Line] = []
        for item in reversed(items):
            if not isinstance(item, Line) or item.size > SMALLER * manner.size or "\t" in item.text:
                break
            small.append(item)
        small.reverse()
        while small and not _NOTE.match(small[0].text):
            small.pop(0)
        above = (
            any(isinstance(i, Line) and i.size > SMALLER * manner.size and i.y1 <= small[0].y0 + 2 for i in page)
            if small
            else False
        )
        if small and above and bottom - small[-1].y1 < 3 * manner.size:
            notes += small
    taken = {id(line) for line in notes}
    groups: list[list[Line]] = []
    for line in notes:
        if groups and not _NOTE.match(line.text):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [item for item in page if id(item) not in taken], groups


def _continues(lines: Sequence[Line], line: Line, manner: _Manner) -> bool:
    """Does a line go on with the paragraph of the lines before it?"""
    last, em = lines[-1], max(line.size, lines[-1].size, 1.0)
    if "\t" in line.text or "\t" in last.text or _CONTENTS_LINE.search(line.text):
        return False
    if not line.recognised and not 0.92 < line.size / max(last.size, 0.1) < 1.09:
        return False
    below = line.sheet == last.sheet and line.column == last.column
    if below and manner.leading and line.y0 - last.y0 > 1.4 * max(manner.leading, 1.0) * em:
        return False
    complete = is_complete(last.text)
    if _is_centred(last) or _is_centred(line):
        special = last.size > LARGER * manner.size or (last.bold and not manner.bold)
        return _is_centred(last) and _is_centred(line) and special and not complete and last.bold == line.bold and below
    indent = (line.x0 - line.left) / em
    hanging = len(lines) > 1 and abs(lines[-1].x0 - line.x0) < 0.4 * em and lines[0].x0 < line.x0 - 0.8 * em
    hanging = hanging or (
        bool(_LIST_ITEM.match(lines[0].text)) and indent > 0 and len(lines) == 1 and line.x0 - last.x0 > 0.8 * em
    )
    if line.text[0] in _NO_LINE_START and line.text[:2] != "——":
        return True
    if _room(last) >= _first_unit(line) + 0.35 * em:
        return False
    if indent >= 1.2 and not hanging and (manner.indents or complete):
        return False
    if _LIST_ITEM.match(line.text) and (complete or not below or last.bold != line.bold):
        return False
    if complete and not below and not manner.indents:
        return False
    return not (last.bold != line.bold and all(one.bold for one in lines) and len(lines) == 1 and complete)


def _is_ended(line: Line, manner: _Manner) -> bool:
    """Is a page's last line surely its paragraph's last?"""
    return is_complete(line.text) and (_room(line) > 2 * line.size or not manner.indents)


def _is_centred(line: Line) -> bool:
    """Both margins wide and alike."""
    before, after = line.x0 - line.left, line.right - line.x1
    return min(before, after) > 2.6 * line.size and abs(before - after) < 1.2 * line.size


def _room(line: Line) -> float:
    """How much room a line leaves before its column's right edge, in points."""
    return line.right - line.x1


def _first_unit(line: Line) -> float:
    """The width of what must stand together at a line's start: a word, or a character and the marks after it."""
    text = line.text
    if match := _UNIT.match(text):
        return line.size * (0.25 + sum(0.75 if c.isupper() or c in "mw%" else 0.5 for c in match[0]))
    at = 1
    while at < len(text) and at < 5 and (text[at] in _NO_LINE_START or text[at - 1] in "“‘（《「『【〈("):
        at += 1
    return line.size * at


def is_complete(text: str) -> bool:
    """Does the text end as a sentence ends, closing marks aside?"""
    bare = text.rstrip(_CLOSERS + " \u3000")
    return bool(bare) and bare[-1] in _ENDS


def _merge_tables(blocks: list[Block]) -> None:
    """Lines with cells become tables where their columns agree; a table that goes on over a page break is one."""
    merged: list[Block] = []
    for block in blocks:
        table = _as_table(block)
        last = merged[-1] if merged else None
        if table is not None and isinstance(last, _Tabled) and _same_table(last, table):
            last.rows += table.rows
            last.edges = last.edges if last.grid else _union(last.edges, table.edges)
        else:
            merged.append(table or block)
    blocks[:] = [one for block in merged for one in (_rows(block) if isinstance(block, _Tabled) else [block])]


def _as_table(block: Block) -> _Tabled | None:
    """A table from rows, or from a line that wide gaps divide."""
    if isinstance(block, _Tabled):
        return block
    if isinstance(block, _Paragraph) and len(block.lines) == 1 and len(block.lines[0].cells) > 1:
        cells = block.lines[0].cells
        if _LIST_ITEM.match(cells[0][2] + "字") and len(cells) == 2 and len(cells[0][2]) <= 4:
            block.pieces[0].text = block.text.replace("\t", " ")
            return None
        edges = [edge for x0, x1, _ in cells for edge in (x0, x1)]
        return _Tabled([([text for _, _, text in cells], block.first, block.lines[0].box)], edges, False)
    return None


def _same_table(one: _Tabled, other: _Tabled) -> bool:
    if one.grid != other.grid:
        return False
    if one.grid:
        same = len(one.edges) == len(other.edges)
        return same and other.rows[0][1] - one.rows[-1][1] == 1 and _alike(one.edges, other.edges)
    if len(one.edges) != len(other.edges) or other.rows[0][1] - one.rows[-1][1] > 1:
        return False
    spans = list(zip(one.edges[::2], one.edges[1::2], strict=True))
    others = list(zip(other.edges[::2], other.edges[1::2], strict=True))
    meet = all(a < d and c < b for (a, b), (c, d) in zip(spans, others, strict=True))
    return meet and all(b < c for (_, b), (c, _) in pairwise(_pairs(_union(one.edges, other.edges))))


def _alike(one: Sequence[float], other: Sequence[float]) -> bool:
    """The same widths, wherever the page's margin lies."""
    return all(abs((a - one[0]) - (b - other[0])) < 6 for a, b in zip(one, other, strict=True))


def _union(one: Sequence[float], other: Sequence[float]) -> list[float]:
    return [min(a, b) if at % 2 == 0 else max(a, b) for at, (a, b) in enumerate(zip(one, other, strict=True))]


def _pairs(edges: Sequence[float]) -> list[tuple[float, float]]:
    return list(zip(edges[::2], edges[1::2], strict=True))


def _rows(table: _Tabled) -> list[Block]:
    """A block for each row. Columns that are named make sentences; a contents list and other rows keep their tabs."""
    cells = [row for row, _, _ in table.rows]
    sheets = [sheet for _, sheet, _ in table.rows]
    again = {
        at
        for at in range(1, len(cells))
        if sheets[at] != sheets[at - 1] and cells[at] == cells[0] and header_count(cells[: max(3, at)])
    }
    kept = [at for at in range(len(cells)) if at not in again]
    count = header_count([cells[at] for at in kept])
    contents = any(_PAGE_COLUMN.match(cell.strip()) for cell in cells[0])
    if contents or (not table.grid and not count):
        return [Block([Piece("\t".join(row), sheet, [(0, box)])]) for row, sheet, box in table.rows]
    blocks = [Block([Piece("\t".join(cells[at]), sheets[at])], reason="page_furniture") for at in sorted(again)]
    for at, line in rows_of([cells[at] for at in kept]):
        _, sheet, box = table.rows[kept[at]]
        blocks.append(Block([Piece(line, sheet, [(0, box)])]))
    return sorted(blocks, key=lambda block: block.first)


def _set_depths(blocks: Sequence[Block], manner: _Manner) -> None:
    """Headings by size, then by weight: the larger, the further out."""
    styles: dict[int, tuple[float, bool]] = {}
    for at, block in enumerate(blocks):
        if isinstance(block, _Paragraph) and _is_heading(block, manner):
            first = block.lines[0]
            styles[at] = block.style = (max(first.size, manner.size), first.bold)
    order = sorted(set(styles.values()), reverse=True)
    for at, style in styles.items():
        blocks[at].depth = min(6, order.index(style) + 1)


def _is_heading(block: _Paragraph, manner: _Manner) -> bool:
    text, first = block.text, block.lines[0]
    if (
        not 1 < len(text) <= HEADING_CHARS
        or is_complete(text)
        or "\t" in text
        or text[-1] in "，、：,:"
        or first.recognised
    ):
        return False
    if _CONTENTS_LINE.search(text) or not any(c.isalpha() for c in text):
        return False
    larger = all(line.size >= LARGER * manner.size for line in block.lines)
    bolder = not manner.bold and all(line.bold for line in block.lines) and first.size >= SMALLER * manner.size
    return larger or (bolder and len(text) <= 40)
