"""Rows of a table become lines that can be quoted alone: `地区：青屿市；食堂：126家。` Knows nothing of any format."""

from __future__ import annotations

import re
from collections.abc import Sequence

Cells = Sequence[Sequence[str]]
HEADER_CHARS = 40
_ENDS = "。；;"
_SENTENCE = re.compile(r"[。！？；]")
_YEAR = re.compile(r"^(?:19|20)\d\d年?(?:度|末|底)?$")
_NUMBER = re.compile(r"^[\s(（]*[-+－]?[\d,，.．]+\s*[%％‰]?[\s)）]*$")


def lines_of(cells: Cells, header_rows: int | None = None) -> list[str]:
    """A line for each row that says something."""
    return [line for _, line in rows_of(cells, header_rows)]


def rows_of(cells: Cells, header_rows: int | None = None) -> list[tuple[int, str]]:
    """(row, line) for each row that says something; rows from 0. `header_rows` is how many rows below the table's own
    title are headers, None to tell from the form."""
    rows = [(at, tidy) for at, row in enumerate(cells) if any(tidy := [_tidy(cell) for cell in row])]
    captions = _caption_rows([row for _, row in rows])
    lines = [(at, next(cell for cell in row if cell)) for at, row in rows[:captions]]
    told, rows = (header_rows - captions if header_rows else None), rows[captions:]
    count = header_count([row for _, row in rows]) if told is None else max(0, told)
    if not 0 < count < len(rows):
        return lines + [(at, _plain(row)) for at, row in rows]
    names = names_of([row for _, row in rows[:count]])
    return lines + [(at, sentence(names, row)) for at, row in rows[count:]]


def _caption_rows(rows: Cells) -> int:
    """How many rows at the top hold one text over all columns: the table's title or unit."""
    at = 0
    while at < len(rows) - 1 and len(rows[at]) > 1 and len({cell for cell in rows[at] if cell}) == 1:
        at += 1
    return at if len(rows) - at > 1 else 0


def header_count(rows: Cells) -> int:
    """How many of the first rows name the columns: 0, 1, or 2 where one name spans several below it."""
    if len(rows) < 2 or not _names(rows[0], rows[1]):
        return 0
    first = [cell for cell in rows[0] if cell]
    if len(set(first)) < len(first) and len(rows) > 2 and _names(rows[1], rows[2]):
        return 2
    return 1 if _differs(rows) else 0


def _names(row: Sequence[str], below: Sequence[str]) -> bool:
    """Could these cells name columns? Years can, where the cells below them are no years."""
    filled = [(cell, below[at] if at < len(below) else "") for at, cell in enumerate(row) if cell]
    return len(filled) >= 2 and all(_could_name(cell, under) for cell, under in filled)


def _could_name(cell: str, below: str) -> bool:
    if _YEAR.match(cell):
        return not _YEAR.match(below)
    return len(cell) <= HEADER_CHARS and not _SENTENCE.search(cell) and not _NUMBER.match(cell)


def _differs(rows: Cells) -> bool:
    """Does a column hold figures or sentences under its name? Or are there more than two columns of words?"""
    below = [cell for row in rows[1:] for cell in row if cell]
    told = any(any(c.isdigit() for c in cell) or len(cell) > HEADER_CHARS for cell in below)
    return told or max(map(len, rows)) > 2 or rows[0][0] in ("项目", "名称", "类别", "序号", "指标", "单位", "事项")


def names_of(header: Cells) -> list[str]:
    """One name for each column; of two header rows the upper name comes first (公交·线路)."""
    width = max(map(len, header))
    names = []
    for column in range(width):
        parts: list[str] = []
        for row in header:
            cell = row[column] if column < len(row) else ""
            if cell and cell not in parts:
                parts.append(cell)
        names.append("·".join(parts))
    return names


def sentence(names: Sequence[str], row: Sequence[str]) -> str:
    """`列：值；列：值。`; a column without a name gives its value alone, an empty cell nothing."""
    if len({cell for cell in row if cell}) == 1 and len(row) > 2 and all(row):
        return row[0]  # one text over all columns: a heading inside the table
    pieces = []
    for column, cell in enumerate(row):
        name = names[column].rstrip("：:") if column < len(names) else ""
        if cell:
            pieces.append(f"{name}：{cell.rstrip(_ENDS)}" if name else cell.rstrip(_ENDS))
    return "；".join(pieces) + "。" if pieces else ""


def _plain(row: Sequence[str]) -> str:
    """A row of a table without names: `联系人：张三。` for a pair, else its cells."""
    filled: list[str] = []
    for cell in row:
        if cell and (not filled or filled[-1] != cell):  # a merged cell says its text once
            filled.append(cell)
    if len(filled) == 1:
        return filled[0]
    pair = len(filled) == 2 and len(filled[0]) <= 12 and not _NUMBER.match(filled[0])
    if pair:
        return f"{filled[0].rstrip('：:')}：{filled[1].rstrip(_ENDS)}。"
    return "；".join(cell.rstrip(_ENDS) for cell in filled) + "。"


def _tidy(cell: str) -> str:
    return " ".join(cell.split())
