"""A table of a web page as rows of text: with its header, `列：值；列：值。`, so that a row can be quoted alone.

Without a header, cells and tabs.
A table that only lays out the page is no table.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lxml.etree import _Element

MAX_SPAN = 100
MAX_CELLS = 300_000
LONG_CELL = 240
LABEL_CHARS = 24
_BLOCKS = frozenset(["table", "ul", "ol", "h1", "h2", "h3", "h4", "form", "blockquote", "article", "section"])


@dataclass(slots=True)
class _Cell:
    text: str
    header: bool
    first: bool  # in the row and column where it was written, not one that it spans


def is_data(table: _Element, text_of: Callable[[_Element], str]) -> bool:
    """Do its cells hold values, rather than parts of the page?"""
    if any(below.tag in _BLOCKS for below in table.iterdescendants()):
        return False
    cells = [[cell for cell in row if cell.tag in ("td", "th")] for row in _rows(table)]
    if sum(len(row) > 1 for row in cells) < 2:
        return False
    return not any(len(text_of(cell)) > LONG_CELL for row in cells for cell in row)


def rows_of(table: _Element, text_of: Callable[[_Element], str]) -> list[str]:
    """One line for each row below the header, in order; empty rows left out."""
    rows = _rows(table)
    grid = _grid(rows, text_of)
    head = _header_rows(rows, grid)
    names = _names(grid[:head])
    body = [line for row in grid[head:] if (line := _line(row, names))]
    return body or [line for row in grid if (line := _line(row, []))]


def _rows(table: _Element) -> list[_Element]:
    return list(table.iter("tr"))


def _grid(rows: list[_Element], text_of: Callable[[_Element], str]) -> list[list[_Cell]]:
    """The cells of each row, those that span repeated where they reach."""
    grid: list[list[_Cell]] = []
    reaching: dict[int, tuple[int, _Cell]] = {}
    count = 0
    for row in rows:
        made: list[_Cell] = []
        for cell in (c for c in row if c.tag in ("td", "th")):
            _fill(made, reaching)
            text, header = text_of(cell), cell.tag == "th"
            wide, tall = _span(cell, "colspan"), _span(cell, "rowspan")
            for offset in range(wide):
                if tall > 1:
                    reaching[len(made)] = (tall - 1, _Cell(text, header, offset == 0))
                made.append(_Cell(text, header, offset == 0))
        _fill(made, reaching)
        grid.append(made)
        count += len(made)
        if count > MAX_CELLS:
            break
    return grid


def _fill(made: list[_Cell], reaching: dict[int, tuple[int, _Cell]]) -> None:
    """The cells of rows above that reach down to here."""
    while len(made) in reaching:
        at = len(made)
        left, cell = reaching.pop(at)
        if left > 1:
            reaching[at] = (left - 1, cell)
        made.append(cell)


def _span(cell: _Element, name: str) -> int:
    written = (cell.get(name) or "1").strip()
    return max(1, min(MAX_SPAN, int(written))) if written.isascii() and written.isdigit() and len(written) < 6 else 1


def _header_rows(rows: list[_Element], grid: list[list[_Cell]]) -> int:
    """How many rows name the columns."""
    count = 0
    for row, cells in zip(rows, grid, strict=False):
        parent = row.getparent()
        in_head = parent is not None and parent.tag == "thead"
        if not cells or not (in_head or all(cell.header or not cell.text for cell in cells)):
            break
        count += 1
    if count:
        return count if count < len(grid) else 0
    return 1 if _reads_as_header(grid) else 0


def _reads_as_header(grid: list[list[_Cell]]) -> bool:
    """Short labels without a digit, all different, over rows with digits."""
    if len(grid) < 3 or len(grid[0]) < 2:
        return False
    labels = [cell.text for cell in grid[0]]
    if any(not label or len(label) > LABEL_CHARS or label[0].isdigit() for label in labels) or len(set(labels)) < len(
        labels
    ):
        return False
    below = [row for row in grid[1:] if len(row) == len(labels)]
    numeric = sum(any(c.isdigit() for c in cell.text) for row in below for cell in row)
    return bool(below) and numeric >= len(below)


def _names(head: list[list[_Cell]]) -> list[str]:
    """Each column's name, from the top down: 2023年·数量."""
    width = max((len(row) for row in head), default=0)
    columns = [[row[at].text for row in head if at < len(row) and row[at].text] for at in range(width)]
    return ["·".join(dict.fromkeys(column)) for column in columns]


def _line(row: list[_Cell], names: list[str]) -> str:
    written = [(at, cell.text) for at, cell in enumerate(row) if cell.text and cell.first]
    if not names or len(written) < 2:
        return "\t".join(text for _, text in written)
    named = ((names[at] if at < len(names) else "", text) for at, text in written)
    line = "；".join(f"{name}：{text}" if name else text for name, text in named)
    return line if line.endswith("。") else line + "。"
