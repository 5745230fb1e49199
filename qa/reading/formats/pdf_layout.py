"""The atoms of one page become its lines in reading order: columns, rows, tables. Knows nothing of other pages."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from qa.reading.formats.pdf_atoms import Atom, Box, Seen, is_western, is_word

CELL_GAP = 1.5  # em
MIN_COLUMN_EM = 8
MAX_DEPTH = 3
_TOUCH = 3.0  # points between ruled lines that meet


@dataclass(slots=True)
class Line:
    """One line of text. `left` and `right` are the edges of its column, `column` counts the page's columns in order.

    `cells` are the parts that wide gaps divide, with their places.
    """

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    bold: bool
    cells: list[tuple[float, float, str]]
    left: float = 0.0
    right: float = 0.0
    column: int = 0
    columns: int = 1
    sheet: int = 0
    recognised: bool = False

    @property
    def box(self) -> Box:
        return self.x0, self.y0, self.x1, self.y1


@dataclass(slots=True)
class Grid:
    """A ruled table: its rows of cells, where each of them stands, and where its columns stand."""

    rows: list[list[str]]
    boxes: list[Box]
    edges: list[float]
    y0: float
    y1: float
    sheet: int = 0


def lines_of(page: Seen) -> list[Line | Grid]:
    """The page's lines and ruled tables in reading order."""
    grids, atoms = _grids(page)
    items: list[Atom] = [*atoms, *grids]
    result: list[Line | Grid] = []
    ordered = list(_columns(items, grids, 0))
    for number, (column, around) in enumerate(ordered):
        left, right = _bounds([item for item in column if isinstance(item, Line)], around)
        for item in column:
            item.sheet = page.number
            if isinstance(item, Line):
                item.left, item.right, item.column, item.columns = left, right, number, len(ordered)
                item.recognised = page.recognised
            result.append(item)
    return result


def table_spans(page: Seen) -> list[tuple[float, float]]:
    """Where the page's ruled tables stand: upper and lower edge."""
    return [(grid.y0, grid.y1) for grid in _grids(page)[0].values()] if page.across and page.down else []


def rows_of(atoms: Iterable[Atom]) -> list[list[Atom]]:
    """Atoms that stand on one line, from the top down."""
    rows: list[list[Atom]] = []
    anchors: list[Atom] = []
    for atom in sorted(atoms, key=lambda a: (a.middle, a.x0)):
        for back in range(len(rows) - 1, max(-1, len(rows) - 4), -1):
            if _beside(anchors[back], atom):
                rows[back].append(atom)
                if atom.size > anchors[back].size:
                    anchors[back] = atom
                break
        else:
            rows.append([atom])
            anchors.append(atom)
    return rows


def _beside(one: Atom, other: Atom) -> bool:
    overlap = min(one.y1, other.y1) - max(one.y0, other.y0)
    return overlap >= 0.5 * min(one.y1 - one.y0, other.y1 - other.y0)


Around = tuple[float, float]  # left and right edge of what a column stands in


def _columns(items: list[Atom], grids: dict[Atom, Grid], depth: int) -> Iterable[tuple[list[Line | Grid], Around]]:
    """Columns in reading order, each a list of lines; what spans the columns stands between them."""
    around = (min((a.x0 for a in items), default=0.0), max((a.x1 for a in items), default=0.0))
    gutter = _gutter([item for item in items if item not in grids]) if depth < MAX_DEPTH else None
    if gutter is None:
        yield _lines(items, grids), around
        return
    for band in _bands(items, gutter):
        left = [item for item in band if item.x1 <= gutter]
        right = [item for item in band if item.x1 > gutter]
        if any(item.x0 < gutter for item in right) or not _side_by_side(left, right, grids):
            yield _lines(band, grids), around
        else:
            yield from _columns(left, grids, depth + 1)
            yield from _columns(right, grids, depth + 1)


def _gutter(atoms: list[Atom]) -> float | None:
    """The middle of a strip that parts two columns of text, None where there is none."""
    if len(atoms) < 6:
        return None
    em = usual_size(atoms)
    left, right = min(a.x0 for a in atoms), max(a.x1 for a in atoms)
    if right - left < 2 * MIN_COLUMN_EM * em:
        return None
    for start, end in _strips(atoms, left, right):
        middle = (start + end) / 2
        if end - start >= 0.7 * em and any(_parts(band, middle) for band in _bands(atoms, middle)):
            return middle
    return None


def _strips(atoms: list[Atom], left: float, right: float) -> list[tuple[float, float]]:
    """Upright strips that few atoms cross, the emptiest first."""
    width = int(right - left) + 1
    change = [0] * (width + 2)
    for atom in atoms:
        change[max(0, int(atom.x0 - left))] += 1
        change[min(width, int(atom.x1 - left) + 1)] -= 1
    cover, total = [], 0
    for step in change[:width]:
        total += step
        cover.append(total)
    few = max(cover) * 0.3
    first, last = int(width * 0.18), int(width * 0.82)
    found: list[tuple[int, int, int]] = []
    start = first
    for x in range(first, last + 1):
        if x == last or cover[x] != cover[start]:
            if cover[start] <= few:
                found.append((cover[start], x - start, start))
            start = x
    found.sort(key=lambda strip: (strip[0], -strip[1]))
    return [(left + at, left + at + length) for _, length, at in found[:12]]


def _parts(band: list[Atom], gutter: float) -> bool:
    left, right = [a for a in band if a.x1 <= gutter], [a for a in band if a.x1 > gutter]
    return all(a.x0 >= gutter for a in right) and _side_by_side(left, right, {})


def _bands(items: list[Atom], gutter: float) -> list[list[Atom]]:
    """Runs of lines from the top down: those that cross the gutter, and those that do not."""
    bands: list[list[Atom]] = []
    crossed: bool | None = None
    floor = 0.0
    crossing = [item for item in items if item.x0 < gutter < item.x1]
    for item in sorted(items, key=lambda a: (a.middle, a.x0)):
        # what stands beside a crossing line belongs to it
        crosses = item.x0 < gutter < item.x1 or any(_beside(other, item) for other in crossing)
        if crosses != crossed or not bands:
            bands.append([])
            crossed = crosses
        bands[-1].append(item)
        floor = max(floor, item.y1)
    return bands


def _side_by_side(left: list[Atom], right: list[Atom], grids: dict[Atom, Grid]) -> bool:
    """Are these two columns of text, rather than the two sides of a list or a table?"""
    one, other = (rows_of(a for a in side if a not in grids) for side in (left, right))
    if len(one) < 3 or not other:
        return bool(left and right) and any(item in grids for item in left + right)
    if not _is_filled(one):
        return False
    if len(other) >= 3:
        return _is_filled(other)
    widths = [max(a.x1 for a in side) - min(a.x0 for a in side) for side in (left, right)]
    return widths[1] > 0.3 * widths[0]


def _is_filled(rows: list[list[Atom]]) -> bool:
    """Do most rows run over the column's width, without wide gaps?"""
    left, right = min(a.x0 for row in rows for a in row), max(a.x1 for row in rows for a in row)
    em = usual_size([a for row in rows for a in row])
    if right - left < MIN_COLUMN_EM * em:
        return False
    filled = sum(sum(a.x1 - a.x0 for a in row) >= 0.6 * (right - left) for row in rows)
    return filled >= 0.5 * len(rows)


def _lines(items: list[Atom], grids: dict[Atom, Grid]) -> list[Line | Grid]:
    tables: list[Line | Grid] = [grids[item] for item in items if item in grids]
    lines: list[Line | Grid] = [merged(row) for row in rows_of(a for a in items if a not in grids)]
    return sorted(tables + lines, key=lambda item: (item.y0 + item.y1) / 2 if isinstance(item, Line) else item.y0)


def merged(row: list[Atom]) -> Line:
    """One line from the atoms that stand on it."""
    row = sorted(row, key=lambda atom: atom.x0)
    size = usual_size(row)
    stretched = _is_stretched(row, size)
    cells: list[tuple[float, float, str]] = []
    x0 = row[0].x0
    text, end = "", row[0].x0
    last: Atom | None = None
    for atom in row:
        if last is not None and atom.text == last.text and abs(atom.x0 - last.x0) < 0.3 * size:
            continue  # drawn twice to look bold
        gap = atom.x0 - end
        if text and stretched:
            text += " " if is_western(text[-1]) and is_western(atom.text[0]) else ""
        elif text and gap >= CELL_GAP * size:
            cells.append((x0, end, text))
            text, x0 = "", atom.x0
        elif text and (gap > 0.9 * size or (gap > 0.2 * size and is_western(text[-1]) and is_western(atom.text[0]))):
            text += " "
        text += atom.text
        end, last = max(end, atom.x1), atom
    cells.append((x0, end, text))
    bold = sum(len(a.text) for a in row if a.bold) * 2 > sum(len(a.text) for a in row)
    joined = "\t".join(cell for _, _, cell in cells)
    return Line(joined, row[0].x0, min(a.y0 for a in row), end, max(a.y1 for a in row), size, bold, cells)


def _is_stretched(row: list[Atom], size: float) -> bool:
    """Is it one line of words set wide, all gaps alike, rather than the cells of a table?"""
    gaps = [other.x0 - one.x1 for one, other in pairwise(row)]
    return len(gaps) >= 3 and max(gaps) - min(gaps) < 0.25 * size and max(gaps) < 4 * size


def usual_size(atoms: Sequence[Atom]) -> float:
    """The size that most characters have, in points."""
    counts: Counter[float] = Counter()
    for atom in atoms:
        counts[atom.size] += len(atom.text)
    return max(1.0, counts.most_common(1)[0][0]) if counts else 1.0


def _bounds(lines: Sequence[Line], around: Around) -> tuple[float, float]:
    """The left and right edges of a column: what at least two lines reach, where there are enough."""
    if len(lines) < 4:
        return around
    left, right = min(line.x0 for line in lines), max(line.x1 for line in lines)
    starts = sorted(line.x0 for line in lines)
    ends = sorted(line.x1 for line in lines)
    left = next((a for a, b in pairwise(starts) if b - a <= 3), left)
    right = next((b for a, b in reversed(list(pairwise(ends))) if b - a <= 0.7 * lines[0].size), right)
    return left, right


@dataclass(slots=True)
class _Rules:
    """Ruled lines that meet: the frame of one table."""

    across: list[tuple[float, float, float]] = field(default_factory=list)
    down: list[tuple[float, float, float]] = field(default_factory=list)


def _grids(page: Seen) -> tuple[dict[Atom, Grid], list[Atom]]:
    """The ruled tables of a page, each with an atom that stands for it, and the atoms outside them."""
    grids: dict[Atom, Grid] = {}
    atoms = page.atoms
    for rules in _frames(_whole(page.across), _whole(page.down)):
        ys, xs = _distinct(y for y, _, _ in rules.across), _distinct(x for x, _, _ in rules.down)
        if len(ys) < 2 or len(xs) < 3 or (len(ys) == 2 and len(xs) < 4):
            continue
        inside = [a for a in atoms if xs[0] <= (a.x0 + a.x1) / 2 <= xs[-1] and ys[0] <= a.middle <= ys[-1]]
        rows, boxes = _cells(inside, xs, ys, rules)
        if sum(bool(cell) for row in rows for cell in row) < 3:
            continue
        taken = {id(a) for a in inside}
        atoms = [a for a in atoms if id(a) not in taken]
        grids[Atom("", xs[0], ys[0], xs[-1], ys[-1], 1.0)] = Grid(rows, boxes, xs, ys[0], ys[-1])
    return grids, atoms


def _whole(rules: Iterable[tuple[float, float, float]]) -> list[tuple[float, float, float]]:
    """Pieces of one ruled line made one."""
    whole: list[tuple[float, float, float]] = []
    for at, start, end in sorted((round(at), start, end) for at, start, end in rules):
        if whole and abs(whole[-1][0] - at) <= 1 and start <= whole[-1][2] + _TOUCH:
            whole[-1] = (whole[-1][0], min(whole[-1][1], start), max(whole[-1][2], end))
        else:
            whole.append((at, start, end))
    return whole[:3000]


def _frames(across: list[tuple[float, float, float]], down: list[tuple[float, float, float]]) -> list[_Rules]:
    """Groups of ruled lines that touch each other, from the top down."""
    parent = list(range(len(across) + len(down)))

    def root(at: int) -> int:
        while parent[at] != at:
            parent[at] = parent[parent[at]]
            at = parent[at]
        return at

    heights = [y for y, _, _ in across]
    for index, (x, y0, y1) in enumerate(down, len(across)):
        for other in range(bisect_right(heights, y0 - _TOUCH), bisect_right(heights, y1 + _TOUCH)):
            if across[other][1] - _TOUCH <= x <= across[other][2] + _TOUCH:
                parent[root(index)] = root(other)
    frames: dict[int, _Rules] = {}
    for index, rule in enumerate(across + down):
        frame = frames.setdefault(root(index), _Rules())
        (frame.across if index < len(across) else frame.down).append(rule)
    return sorted((f for f in frames.values() if len(f.across) > 1 and len(f.down) > 1), key=lambda f: min(f.across)[0])


def _distinct(values: Iterable[float]) -> list[float]:
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > _TOUCH:
            found.append(value)
    return found


def _cells(atoms: list[Atom], xs: list[float], ys: list[float], rules: _Rules) -> tuple[list[list[str]], list[Box]]:
    """The words in each cell, and the box of each row; cells that no ruled line parts are one, with their words in the
    first."""
    held: dict[tuple[int, int], list[Atom]] = {}
    for atom in atoms:
        row = min(max(bisect_right(ys, atom.middle) - 1, 0), len(ys) - 2)
        column = min(max(bisect_right(xs, atom.x0 + 0.3 * atom.size) - 1, 0), len(xs) - 2)
        while column and not _parted(rules.down, xs[column], ys[row], ys[row + 1]):
            column -= 1
        middle = (max(atom.x0, xs[column]) + min(atom.x1, xs[column + 1])) / 2
        while row and not _parted(rules.across, ys[row], middle - 1, middle + 1):
            row -= 1
        held.setdefault((row, column), []).append(atom)
    boxes = [(xs[0], ys[row], xs[-1], ys[row + 1]) for row in range(len(ys) - 1)]
    for (row, _), inside in held.items():
        boxes[row] = around([boxes[row], *((a.x0, a.y0, a.x1, a.y1) for a in inside)])
    return [
        [_cell(held.get((row, column), [])) for column in range(len(xs) - 1)]
        for row in range(len(ys) - 1)
    ], boxes  # fmt: skip


def around(boxes: Sequence[Box]) -> Box:
    """The smallest box that holds them all."""
    left, top, right, bottom = zip(*boxes, strict=True)
    return min(left), min(top), max(right), max(bottom)


def _parted(rules: list[tuple[float, float, float]], at: float, start: float, end: float) -> bool:
    """Does a ruled line at this place run over the middle of (start, end)?"""
    middle = (start + end) / 2
    return any(abs(place - at) <= _TOUCH and first - 1 <= middle <= last + 1 for place, first, last in rules)


def _cell(atoms: list[Atom]) -> str:
    text = ""
    for row in rows_of(atoms):
        text = joined(text, merged(row).text.replace("\t", " "))
    return text


def joined(text: str, more: str) -> str:
    """Two lines of one paragraph: words of Latin script get a space between them, Chinese none."""
    if not text or not more:
        return text + more
    one, other = text[-1], more[0]
    if one == "\xad":
        return text[:-1] + more
    if one == "-" and len(text) > 1 and text[-2].isalpha() and is_word(text[-2]) and is_word(other) and other.islower():
        return text[:-1] + more
    if one.isdigit() and other.isdigit() and _is_chinese(text[-40:] + more[:40]):
        return text + more
    if is_word(one) and is_word(other):
        return text + " " + more
    return (
        text + (" " if one < "\u0590" and other < "\u0590" and not _is_chinese(text[-40:] + more[:40]) else "") + more
    )


def _is_chinese(text: str) -> bool:
    return sum("\u3400" <= c <= "\u9fff" for c in text) * 3 > len(text)
