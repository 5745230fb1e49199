"""Which row of a table has the most: 哪个门店的销售额最高？ is told by comparing the rows, not by reading one.

A row is a line of named cells. The rows of one document that the question's conditions leave are put in order by the
column that the question names, and the first is quoted with the next.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa.answering.comparing import order_of
from qa.answering.composing import Composed, quote
from qa.answering.selecting import Pick
from qa.indexing.number_forms import plain_forms
from qa.reading.table_figures import Cell, cells_of, number_of
from qa.retrieval.questions import Asked
from qa.text import ROW, fold, simplify
from qa.types import Hit, Passage

LEAST_ROWS = 2
SHOWN = 3
_WHICH = re.compile(r"哪|谁|什么")
_NAMED_UNIT = re.compile(r"[（(【\[].*?[）)】\]]")


@dataclass(frozen=True, slots=True)
class _Row:
    start: int
    end: int
    cells: Sequence[Cell]


def first_row(asked: Asked, hits: Sequence[Hit], passages: Sequence[Passage], limit: int) -> Composed | None:
    """The row with the most, or the least, of what a question names, and the next ones; None where it asks for none.

    `passages` are those of the best hit's document, in order.
    """
    plain = simplify(asked.text)
    order = order_of(plain)
    if not order or not _WHICH.search(plain) or not hits:
        return None
    document = hits[0].document
    rows = [row for row in _rows(document.text) if _fits(row, plain)]
    column = _column(rows, plain)
    if column is None or len(rows) < LEAST_ROWS:
        return None
    valued = [(value, row) for row in rows if (value := _value(row, column)) is not None]
    valued.sort(key=lambda one: (order * one[0], one[1].start))
    quoted = []
    for _, row in valued[: min(limit, SHOWN)]:
        passage = next((p for p in passages if p.start <= row.start and row.end <= p.end), None)
        if passage is not None:
            pick = Pick(Hit(passage, document, 1.0, {}), (row.start, row.end), row.start, row.end, 1, 1, 0, 1, 1)
            quoted.append(quote(pick, row.start, row.end))
    if len(quoted) < LEAST_ROWS:
        return None
    named = [cell for cell in valued[0][1].cells if not any(char.isdigit() for char in cell.value)]
    subject = next((cell.value for cell in named if cell.name in plain), named[0].value if named else "")
    told = next(cell for cell in valued[0][1].cells if cell.name == column)
    unit = _NAMED_UNIT.search(column)
    return Composed(
        f"{subject}{'：' if subject else ''}{told.value.strip()}{f'〔{unit.group()[1:-1]}〕' if unit else ''}。"
        f"〔比较了{len(valued)}行，按“{_bare(column)}”由{'高到低' if order < 0 else '低到高'}〕",
        tuple(quoted),
    )


def _rows(text: str) -> Iterator[_Row]:
    for match in ROW.finditer(text):
        cells, _ = cells_of(match.group(), match.start(), [])
        if cells:
            yield _Row(*match.span(), cells)


def _fits(row: _Row, plain: str) -> bool:
    """Is a row one of those that the question speaks of: of the days and the named things that it says?"""
    days = {form for form in plain_forms(fold(plain)) if "月" in form}
    own = {form for cell in row.cells for form in plain_forms(fold(cell.value))}
    return not days or not any("月" in form for form in own) or bool(days & own)


def _column(rows: Sequence[_Row], plain: str) -> str | None:
    """The column of numbers whose name stands in the question."""
    names = dict.fromkeys(cell.name for row in rows for cell in row.cells if number_of(cell))
    named = [name for name in names if (bare := _bare(name)) and (bare in plain or plain in bare)]
    return max(named, key=len, default=None)


def _bare(name: str) -> str:
    return _NAMED_UNIT.sub("", simplify(name)).strip()


def _value(row: _Row, column: str) -> float | None:
    cell = next((cell for cell in row.cells if cell.name == column), None)
    number = number_of(cell) if cell else None
    return float(number["number"].replace(",", "").replace("−", "-")) if number else None
