"""What pdfium sees on a page: words with their places, ruled lines, pictures, and what cannot be seen.

Loads pdfium on first use. pdfium is not thread-safe: callers hold `LOCK`. Places are points from the page's
upper left corner as the page is shown, y downward. Knows nothing of lines or paragraphs.
"""

from __future__ import annotations

import ctypes
import math
import threading
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

LOCK = threading.RLock()
MAX_OBJECTS = 20_000  # on one page; drawings beyond that are no tables
MAX_PAGE_CHARS = 200_000
TINY = 2.0  # points; nobody reads that
WHITE = 250
THIN = 2.5
_SPACES = " \t\u3000\xa0\u2002\u2003\u2009"
_INVISIBLE = 3  # PDF text rendering mode
_TEXT, _PATH, _IMAGE, _SHADING, _FORM = 1, 2, 3, 4, 5
_RIGHT, _DOWN, _LEFT, _UP = (1, 0), (0, 1), (-1, 0), (0, -1)


@dataclass(slots=True, eq=False)
class Atom:
    """Characters of one line that stand close together; `size` in points. Equal only to itself."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    bold: bool = False

    @property
    def middle(self) -> float:
        return (self.y0 + self.y1) / 2


@dataclass(slots=True)
class Seen:
    """One page as it is seen. `hidden` and `askew` are atoms that are invisible, or run in another direction."""

    number: int
    width: float
    height: float
    atoms: list[Atom] = field(default_factory=list)
    hidden: list[Atom] = field(default_factory=list)
    askew: list[Atom] = field(default_factory=list)
    across: list[tuple[float, float, float]] = field(default_factory=list)  # ruled lines: y, x0, x1
    down: list[tuple[float, float, float]] = field(default_factory=list)  # x, y0, y1
    pictured: float = 0.0  # share of the page that its largest picture covers
    label: str = ""
    unmapped: int = 0  # characters whose font does not say what they are
    recognised: bool = False  # read by OCR, here or by whoever made the file
    failed: bool = False


@dataclass(frozen=True, slots=True)
class _Style:
    """What the characters of one text object share."""

    size: float
    bold: bool
    visible: bool
    white: bool
    direction: tuple[int, int] | None
    invisible: bool


@dataclass(slots=True)
class _Glyph:
    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    style: _Style


def see(document: PdfDocument, index: int) -> Seen:
    """One page of an open document, from 0. A page that pdfium cannot load is `failed`."""
    import pypdfium2.raw as c

    page = c.FPDF_LoadPage(document.raw, index)
    if not page:
        return Seen(index + 1, 595, 842, failed=True)
    try:
        seen = Seen(index + 1, c.FPDF_GetPageWidthF(page), c.FPDF_GetPageHeightF(page), label=_label(document, index))
        text_page = c.FPDFText_LoadPage(page)
        if not text_page:
            seen.failed = True
            return seen
        try:
            fills = _drawings(page, seen)
            glyphs = _glyphs(page, text_page, seen)
        finally:
            c.FPDFText_ClosePage(text_page)
        _sort_out(glyphs, fills, seen)
        return seen
    finally:
        c.FPDF_ClosePage(page)


def _label(document: PdfDocument, index: int) -> str:
    import pypdfium2.raw as c

    length = c.FPDF_GetPageLabel(document.raw, index, None, 0)
    if not 2 < length < 200:
        return ""
    buffer = ctypes.create_string_buffer(length)
    c.FPDF_GetPageLabel(document.raw, index, buffer, length)
    return buffer.raw[: length - 2].decode("utf-16-le", "replace").strip()


class _Turn:
    """From the page's own space to the page as shown: crop box and /Rotate."""

    def __init__(self, page: Any) -> None:
        import pypdfium2.raw as c

        box = c.FS_RECTF()
        c.FPDF_GetPageBoundingBox(page, ctypes.byref(box))
        self.left, self.bottom, self.right, self.top = box.left, box.bottom, box.right, box.top
        self.turn = c.FPDFPage_GetRotation(page)

    def box(self, left: float, bottom: float, right: float, top: float) -> tuple[float, float, float, float]:
        if self.turn == 0:
            return left - self.left, self.top - top, right - self.left, self.top - bottom
        if self.turn == 1:
            return bottom - self.bottom, left - self.left, top - self.bottom, right - self.left
        if self.turn == 2:
            return self.right - right, bottom - self.bottom, self.right - left, top - self.bottom
        return self.top - top, self.right - right, self.top - bottom, self.right - left

    def direction(self, x: float, y: float) -> tuple[int, int] | None:
        """The direction in which text runs, as shown; None when it is askew."""
        x, y = ((x, -y), (y, x), (-x, y), (-y, -x))[self.turn]
        length = math.hypot(x, y) or 1.0
        x, y = x / length, y / length
        return (round(x), round(y)) if max(abs(x), abs(y)) > 0.98 else None


def _glyphs(page: Any, text_page: Any, seen: Seen) -> list[_Glyph]:
    import pypdfium2.raw as c

    turn, box = _Turn(page), c.FS_RECTF()
    reference = ctypes.byref(box)
    styles: dict[int, _Style] = {}
    reading = _Styles(text_page, turn)
    glyphs: list[_Glyph] = []
    get_object, get_unicode, get_box = c.FPDFText_GetTextObject, c.FPDFText_GetUnicode, c.FPDFText_GetLooseCharBox
    previous, high = 0, 0
    style = _Style(1.0, False, True, False, _RIGHT, False)
    for index in range(min(c.FPDFText_CountChars(text_page), MAX_PAGE_CHARS)):
        owner = get_object(text_page, index)
        if not owner:
            continue  # a space or line end that pdfium made up
        code = get_unicode(text_page, index)
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00) if high else 0xFFFD
        high = 0
        if code < 32 or code == 0xFFFE:
            code = 0x2D if code == 2 else 0  # 2: a hyphen at a line's end
        address = ctypes.addressof(owner.contents)
        fresh = address != previous  # the first of its object stands for all
        if fresh:
            previous = address
            if address not in styles:
                styles[address] = reading.style(index, owner)
            style = styles[address]
        if code in (0, 0xFFFD) or (fresh and c.FPDFText_HasUnicodeMapError(text_page, index) == 1):
            seen.unmapped += 1
            if code == 0:
                continue
        if not get_box(text_page, index, reference):
            continue
        text = chr(code)
        if "\uf900" > text >= "\ue000":
            seen.unmapped += 1
        elif "\u2e80" <= text <= "\u2fdf":
            text = unicodedata.normalize("NFKC", text)  # radicals that fonts give for the character itself
        glyphs.append(_Glyph(text, *turn.box(box.left, box.bottom, box.right, box.top), style))
    return glyphs


class _Styles:
    """Reads the style of text objects. Some programs make an object of every character: what can be is remembered."""

    def __init__(self, text_page: Any, turn: _Turn) -> None:
        import pypdfium2.raw as c

        self._c, self._page, self._turn = c, text_page, turn
        self._matrix = c.FS_MATRIX()
        self._colour = [ctypes.c_uint(0) for _ in range(4)]
        self._matrix_at = ctypes.byref(self._matrix)
        self._colour_at = [ctypes.byref(value) for value in self._colour]
        self._bold: dict[int, bool] = {}
        self._known: dict[tuple[float, ...], _Style] = {}

    def style(self, index: int, owner: Any) -> _Style:
        c, matrix = self._c, self._matrix
        c.FPDFText_GetMatrix(self._page, index, self._matrix_at)
        size = c.FPDFText_GetFontSize(self._page, index)
        red, green, blue, alpha = 0, 0, 0, 255
        if c.FPDFPageObj_GetFillColor(owner, *self._colour_at):
            red, green, blue, alpha = (value.value for value in self._colour)
        mode, font = c.FPDFTextObj_GetTextRenderMode(owner), c.FPDFTextObj_GetFont(owner)
        at = ctypes.addressof(font.contents) if font else 0
        key = (matrix.a, matrix.b, matrix.c, matrix.d, size, min(red, green, blue), alpha, mode, at)
        if key not in self._known:
            self._known[key] = self._new(key, index, font)
        return self._known[key]

    def _new(self, key: tuple[float, ...], index: int, font: Any) -> _Style:
        a, b, c, d, size, darkest, alpha, mode, at = key
        if int(at) not in self._bold:
            heavy = self._c.FPDFText_GetFontWeight(self._page, index) >= 600
            self._bold[int(at)] = heavy or "bold" in _font_name(font).lower()
        size *= math.hypot(c, d)
        return _Style(
            round(size * 2) / 2 if size < 200 else 200.0,
            self._bold[int(at)] or mode == 2,
            mode != _INVISIBLE and size >= TINY and alpha > 0,
            mode in (0, 2, 4, 6) and darkest >= WHITE,
            self._turn.direction(a, b),
            mode == _INVISIBLE,
        )


def _font_name(font: Any) -> str:
    import pypdfium2.raw as c

    if not font:
        return ""
    length = c.FPDFFont_GetBaseFontName(font, None, 0)
    if not 0 < length < 500:
        return ""
    buffer = ctypes.create_string_buffer(length)
    c.FPDFFont_GetBaseFontName(font, buffer, length)
    return buffer.value.decode("utf-8", "replace")


Box = tuple[float, float, float, float]


def _drawings(page: Any, seen: Seen) -> list[Box]:
    """Notes ruled lines and pictures; gives the boxes of what is filled with another colour than white."""
    import pypdfium2.raw as c

    turn, fills = _Turn(page), []
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    references = [ctypes.byref(value) for value in (left, bottom, right, top)]
    for number, (kind, item) in enumerate(_objects(page)):
        if number >= MAX_OBJECTS:
            break
        if kind == _TEXT or not c.FPDFPageObj_GetBounds(item, *references):
            continue
        box = turn.box(left.value, bottom.value, right.value, top.value)
        if kind in (_IMAGE, _SHADING):
            fills.append(box)
            area = max(0.0, box[2] - box[0]) * max(0.0, box[3] - box[1])
            seen.pictured = max(seen.pictured, min(1.0, area / max(1.0, seen.width * seen.height)))
        elif kind == _PATH:
            _path(item, box, seen, fills)
    return fills


def _objects(page: Any) -> Iterator[tuple[int, Any]]:
    import pypdfium2.raw as c

    for index in range(c.FPDFPage_CountObjects(page)):
        item = c.FPDFPage_GetObject(page, index)
        if not item:
            continue
        kind = c.FPDFPageObj_GetType(item)
        yield kind, item
        if kind == _FORM:  # a form's own coordinates are not the page's: only that it holds a picture matters
            for inner in range(min(50, c.FPDFFormObj_CountObjects(item))):
                part = c.FPDFFormObj_GetObject(item, inner)
                if part and c.FPDFPageObj_GetType(part) == _IMAGE:
                    yield _IMAGE, item
                    break


def _path(item: Any, box: Box, seen: Seen, fills: list[Box]) -> None:
    import pypdfium2.raw as c

    x0, y0, x1, y1 = box
    if y1 - y0 <= THIN < x1 - x0:
        seen.across.append(((y0 + y1) / 2, x0, x1))
        return
    if x1 - x0 <= THIN < y1 - y0:
        seen.down.append(((x0 + x1) / 2, y0, y1))
        return
    mode, stroke = ctypes.c_int(), ctypes.c_int()
    if not c.FPDFPath_GetDrawMode(item, ctypes.byref(mode), ctypes.byref(stroke)):
        return
    if stroke.value and c.FPDFPath_CountSegments(item) in (4, 5):
        seen.across += [(y0, x0, x1), (y1, x0, x1)]
        seen.down += [(x0, y0, y1), (x1, y0, y1)]
    red, green, blue, alpha = (ctypes.c_uint(0) for _ in range(4))
    filled = mode.value and c.FPDFPageObj_GetFillColor(item, *map(ctypes.byref, (red, green, blue, alpha)))
    if filled and alpha.value and min(red.value, green.value, blue.value) < WHITE:
        fills.append(box)


def _sort_out(glyphs: list[_Glyph], fills: list[Box], seen: Seen) -> None:
    """Glyphs become atoms: those of the page's direction, those askew, and those that nobody sees."""
    # A scan's words are drawn invisibly over its picture: they are what the reader sees.
    invisible = sum(g.style.invisible for g in glyphs)
    seen.recognised = invisible > 0.5 * len(glyphs) and seen.pictured > 0.4
    shown: list[_Glyph] = []
    unseen: list[_Glyph] = []
    for glyph in glyphs:
        (shown if _is_seen(glyph, fills, seen) else unseen).append(glyph)
    main = _direction(shown)
    straight = [g for g in shown if g.style.direction == main[0]]
    askew = [g for g in shown if g.style.direction != main[0]]
    if main[1] != _RIGHT:
        _turn_all(straight, main[1], seen)
    seen.atoms, seen.askew, seen.hidden = _atoms(straight, seen.down), _atoms(askew), _atoms(unseen)


def _is_seen(glyph: _Glyph, fills: list[Box], seen: Seen) -> bool:
    style = glyph.style
    if not style.visible and not (seen.recognised and style.invisible):
        return False
    x, y = (glyph.x0 + glyph.x1) / 2, (glyph.y0 + glyph.y1) / 2
    if not (-2 <= x <= seen.width + 2 and -2 <= y <= seen.height + 2):
        return False
    return not style.white or any(a <= x <= c and b <= y <= d for a, b, c, d in fills)


def _direction(glyphs: list[_Glyph]) -> tuple[tuple[int, int] | None, tuple[int, int]]:
    """The direction that most glyphs have, and the one in which lines are read (downward in vertical writing)."""
    counts = Counter(g.style.direction for g in glyphs if g.style.direction is not None)
    if not counts:
        return _RIGHT, _RIGHT
    main = counts.most_common(1)[0][0]
    if main == _RIGHT and _is_vertical([g for g in glyphs if g.style.direction == main]):
        return main, _DOWN
    return main, main


def _is_vertical(glyphs: list[_Glyph]) -> bool:
    """Do the characters follow each other downward?"""
    down = 0
    for one, other in pairwise(glyphs):
        size = one.style.size
        down += abs(other.x0 - one.x0) < 0.3 * size and 0.5 * size < other.y0 - one.y0 < 1.6 * size
    return len(glyphs) > 20 and down > 0.6 * len(glyphs)


def _turn_all(glyphs: list[_Glyph], direction: tuple[int, int], seen: Seen) -> None:
    """Turns the page so that its lines run to the right. Ruled lines are left behind: no table is looked for."""
    width, height = seen.width, seen.height
    for g in glyphs:
        if direction == _DOWN:
            g.x0, g.y0, g.x1, g.y1 = g.y0, width - g.x1, g.y1, width - g.x0
        elif direction == _UP:
            g.x0, g.y0, g.x1, g.y1 = height - g.y1, g.x0, height - g.y0, g.x1
        else:
            g.x0, g.y0, g.x1, g.y1 = width - g.x1, height - g.y1, width - g.x0, height - g.y0
    if direction != _LEFT:
        seen.width, seen.height = height, width
    seen.across, seen.down = [], []


def _atoms(glyphs: list[_Glyph], down: Sequence[tuple[float, float, float]] = ()) -> list[Atom]:
    """Glyphs that stand side by side, in the order of the file; a ruled line parts them."""
    atoms: list[Atom] = []
    pieces: list[str] = []
    spaces = ""
    last: _Glyph | None = None
    atom: Atom | None = None
    bold = count = 0

    def close() -> None:
        nonlocal pieces, spaces, atom
        if atom is not None:
            atom.text, atom.bold = "".join(pieces), bold * 2 > count
            atoms.append(atom)
        pieces, spaces, atom = [], "", None

    for glyph in glyphs:
        if atom is not None and last is not None and (not _follows(last, glyph, atom) or _is_parted(last, glyph, down)):
            close()
        last = glyph
        if glyph.text in _SPACES:
            spaces += glyph.text if atom is not None else ""
            continue
        if atom is None:
            atom = Atom("", glyph.x0, glyph.y0, glyph.x1, glyph.y1, glyph.style.size)
            bold = count = 0
        elif spaces:
            pieces.append(spaces)
        elif glyph.x0 - atom.x1 > 0.2 * atom.size and is_western(pieces[-1][-1]) and is_western(glyph.text):
            pieces.append(" ")
        spaces = ""
        pieces.append(glyph.text)
        bold, count = bold + glyph.style.bold, count + 1
        atom.x1 = max(atom.x1, glyph.x1)
        atom.y0, atom.y1 = min(atom.y0, glyph.y0), max(atom.y1, glyph.y1)
        atom.size = max(atom.size, glyph.style.size)
    close()
    return atoms


def _follows(last: _Glyph, glyph: _Glyph, atom: Atom) -> bool:
    size = max(last.style.size, glyph.style.size, 1.0)
    overlap = min(atom.y1, glyph.y1) - max(atom.y0, glyph.y0)
    beside = overlap >= 0.45 * min(atom.y1 - atom.y0, glyph.y1 - glyph.y0)
    return beside and -0.7 * size <= glyph.x0 - last.x1 <= 0.9 * size


def _is_parted(last: _Glyph, glyph: _Glyph, down: Sequence[tuple[float, float, float]]) -> bool:
    if not down or glyph.x0 - last.x1 < 1:
        return False
    middle = (glyph.y0 + glyph.y1) / 2
    return any(last.x1 - 1 <= x <= glyph.x0 + 1 and y0 <= middle <= y1 for x, y0, y1 in down)


def is_word(char: str) -> bool:
    """A character of a script that parts its words with spaces, or a digit."""
    return char.isalnum() and (char < "\u0590" or "\uff21" <= char <= "\uff5a")


def is_western(char: str) -> bool:
    """A character that stands between spaces: a word's, or a mark of Western punctuation."""
    return is_word(char) or char < "\u0590"
