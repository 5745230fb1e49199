"""Tells running heads, feet and watermarks from the text by repetition and place, and finds the printed pages.

Works from the edge of a page inward: a line is furniture only if all that is farther out is.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from qa.reading.formats.pdf_atoms import Atom, Seen
from qa.reading.formats.pdf_layout import rows_of, table_spans
from qa.reading.formats.printed_pages import Candidate, Printed, Where, candidates_in, from_label, printed_pages

EDGE = 0.2  # of the page's height
CORNER = 0.15
ROWS = 4
MARGIN = 62.0  # points, 22 mm
LONGEST = 60
_NEAR = 6.0  # points
_SENTENCE = re.compile(r"[，。；！？]")
_NUMBER = re.compile(r"^[\W_]{0,4}\d{1,4}[\W_]{0,4}$")


@dataclass(slots=True)
class _Row:
    """A line at the upper or lower edge; `edge` is how far it stands from it in points."""

    atoms: list[Atom]
    side: Where
    edge: float
    gap: float  # to the next line inward
    text: str = ""
    candidates: list[Candidate] = field(default_factory=list)
    is_furniture: bool = False
    is_usual: bool = False  # on most pages, or the page's number


def strip_furniture(pages: Sequence[Seen], body_size: float) -> tuple[list[Printed], list[list[str]]]:
    """Takes the furniture out of the pages' atoms. Gives each page's printed number and the words of its furniture."""
    edges = [_edge_rows(page) for page in pages]
    offered = [
        from_label(page.label) + [c for row in rows for c in row.candidates]
        for page, rows in zip(pages, edges, strict=True)
    ]
    printed = printed_pages(offered)
    _mark_repeated(edges)
    for rows, number in zip(edges, printed, strict=True):
        _mark_numbers(rows, number)
        for side in ("head", "foot"):
            _spare_text([row for row in rows if row.side == side])
    _mark_slots(edges, body_size)
    taken: list[list[str]] = []
    for page, rows in zip(pages, edges, strict=True):
        furniture = [row for side in ("head", "foot") for row in _outer([r for r in rows if r.side == side])]
        gone = {id(atom) for row in furniture for atom in row.atoms}
        page.atoms = [atom for atom in page.atoms if id(atom) not in gone]
        taken.append([row.text for row in furniture])
    _take_watermarks(pages, taken)
    return printed, taken


def _edge_rows(page: Seen) -> list[_Row]:
    """The lines near the upper and lower edge, from the edge inward."""
    tables = table_spans(page)
    rows = [row for row in rows_of(page.atoms) if not any(y0 <= row[0].middle <= y1 for y0, y1 in tables)]
    boxes = [(min(a.y0 for a in row), max(a.y1 for a in row)) for row in rows]
    found = []
    for index in range(min(ROWS, len(rows))):
        top, bottom = boxes[index]
        if top < EDGE * page.height:
            below = boxes[index + 1][0] if index + 1 < len(rows) else page.height
            found.append(_row(rows[index], "head", top, below - bottom, page.height))
    for index in range(len(rows) - 1, max(-1, len(rows) - 1 - ROWS), -1):
        top, bottom = boxes[index]
        if bottom > (1 - EDGE) * page.height:
            above = boxes[index - 1][1] if index else 0.0
            found.append(_row(rows[index], "foot", page.height - bottom, top - above, page.height))
    return found


def _row(atoms: list[Atom], side: Where, edge: float, gap: float, height: float) -> _Row:
    atoms = sorted(atoms, key=lambda atom: atom.x0)
    row = _Row(atoms, side, edge, gap, " ".join(atom.text for atom in atoms))
    if edge < CORNER * height and len(row.text) <= 2 * LONGEST:
        texts = dict.fromkeys([row.text, atoms[0].text, atoms[-1].text])
        found = {(c.value, c.roman, c.last): c for text in reversed(texts) for c in candidates_in(text, side)}
        row.candidates = list(found.values())
    return row


def _mark_repeated(edges: Sequence[Sequence[_Row]]) -> None:
    """The same words at the same height on several pages."""
    places: dict[tuple[str, str], list[tuple[int, float]]] = defaultdict(list)
    for number, rows in enumerate(edges):
        for row in rows:
            places[row.side, _key(row)].append((number, row.edge))
    needed = 2 if len(edges) <= 5 else 3
    for rows in edges:
        for row in rows:
            near = {number for number, edge in places[row.side, _key(row)] if abs(edge - row.edge) <= _NEAR}
            row.is_furniture = len(near) >= needed and len(row.text) <= 2 * LONGEST and not _only_figures(row)
            row.is_usual = len(near) >= 3 and len(near) * 2 >= len(edges) and not _SENTENCE.search(row.text)


def _spare_text(rows: Sequence[_Row]) -> None:
    """The innermost repeated line stands apart, or on most pages; else it is a sentence that recurs by chance."""
    for row in reversed(_outer(rows)):
        if row.is_usual or row.gap >= 0.9 * max(a.size for a in row.atoms):
            break
        row.is_furniture = False


def _key(row: _Row) -> str:
    return "".join(row.text.split())


def _only_figures(row: _Row) -> bool:
    return not any(c.isalpha() for c in row.text)


def _mark_numbers(rows: Sequence[_Row], printed: Printed) -> None:
    """A short line that bears the page's number; at the very edge, any line that is but a number."""
    candidate = printed.candidate if printed.confident else None
    for row in rows:
        if len(row.text) > LONGEST:
            continue
        if candidate is not None and any(_is_same(c, candidate) for c in row.candidates):
            row.is_furniture = row.is_usual = True
        if printed.number is None and _NUMBER.match(row.text) and row.gap > 1.2 * row.atoms[0].size:
            row.is_furniture = row.is_usual = True


def _is_same(candidate: Candidate, chosen: Candidate) -> bool:
    """Is this the candidate that gave the page its number, or half of the spread that did?"""
    half = chosen.last is not None and candidate.alone and candidate.value in (chosen.value, chosen.last)
    return candidate is chosen or (half and candidate.where == chosen.where)


def _mark_slots(edges: Sequence[Sequence[_Row]], body_size: float) -> None:
    """Where most pages have furniture, another short line apart from the text is a chapter's running head."""
    slots: Counter[tuple[str, int]] = Counter()
    for rows in edges:
        slots.update({(row.side, round(row.edge / _NEAR)) for row in rows if row.is_furniture or _is_apart(row)})
    for rows in edges:
        for row in rows:
            if row.is_furniture or len(row.text) > LONGEST or max(a.size for a in row.atoms) > body_size:
                continue
            at = round(row.edge / _NEAR)
            used = max(slots[row.side, near] for near in (at - 1, at, at + 1))
            enough = used >= 3 and used * 2 >= len(edges)
            row.is_furniture = row.gap > row.atoms[0].size and (enough or 2 == used == len(edges))


def _is_apart(row: _Row) -> bool:
    """A short line in the outermost margin, well apart from what follows."""
    return row.edge < MARGIN and len(row.text) <= LONGEST and row.gap > 1.5 * max(a.size for a in row.atoms)


def _outer(rows: Sequence[_Row]) -> list[_Row]:
    """The furniture that no line of text stands outside of. `rows` run from the edge inward."""
    found = []
    for row in rows:
        if not row.is_furniture:
            break
        found.append(row)
    return found


def _take_watermarks(pages: Sequence[Seen], taken: list[list[str]]) -> None:
    """Words askew that several pages carry."""
    counts = Counter(text for page in pages for text in {atom.text for atom in page.askew})
    for page, words in zip(pages, taken, strict=True):
        words += [atom.text for atom in page.askew if counts[atom.text] >= 3]
        page.askew = [atom for atom in page.askew if counts[atom.text] < 3]
