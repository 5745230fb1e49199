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
from itertools import accumulate, compress
from operator import ne
from typing import TYPE_CHECKING, Any

from qa.reading.formats.pdf_atoms import Box, Glyphs, Seen, Style, sort_out
from qa.reading.formats.pdfium_calls import FLOAT, UNSIGNED, Handle, Numbers, answers, handle, unchecked

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

LOCK = threading.RLock()
MAX_OBJECTS = 20_000  # on one page; drawings beyond that are no tables
MAX_PAGE_CHARS = 200_000
TINY = 2.0  # points; nobody reads that
WHITE = 250
THIN = 2.5
_INVISIBLE = 3  # PDF text rendering mode
_TEXT, _PATH, _IMAGE, _SHADING, _FORM = 1, 2, 3, 4, 5
_UNKNOWN = 0xFFFD
_BOXES = Numbers(FLOAT, (0, 0, 0, 0))  # left, top, right, bottom
_MATRICES = Numbers(FLOAT, (1, 0, 0, 1, 0, 0))
_COLOURS = Numbers(UNSIGNED, (0, 0, 0, 255))  # black
_Column = list[float]


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
        sort_out(glyphs, fills, seen)
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

    def boxes(self, left: _Column, top: _Column, right: _Column, bottom: _Column) -> tuple[_Column, ...]:
        """As `box`, of many: columns of x0, y0, x1, y1."""
        if self.turn:
            boxes = map(self.box, left, bottom, right, top)
            return tuple(list(column) for column in zip(*boxes, strict=True)) or ([], [], [], [])
        x, y = self.left, self.top
        return [v - x for v in left], [y - v for v in top], [v - x for v in right], [y - v for v in bottom]

    def direction(self, x: float, y: float) -> tuple[int, int] | None:
        """The direction in which text runs, as shown; None when it is askew."""
        x, y = ((x, -y), (y, x), (-x, y), (-y, -x))[self.turn]
        length = math.hypot(x, y) or 1.0
        x, y = x / length, y / length
        return (round(x), round(y)) if max(abs(x), abs(y)) > 0.98 else None


def _glyphs(page: Any, text_page: Any, seen: Seen) -> Glyphs:
    """The characters of a page but those that pdfium made up (spaces, line ends)."""
    at, turn = handle(text_page), _Turn(page)
    count = min(unchecked("FPDFText_CountChars")(at), MAX_PAGE_CHARS)
    owners = answers("FPDFText_GetTextObject", at, range(count), ctypes.c_void_p)
    indices = list(compress(range(count), owners))
    indices, codes = _whole(indices, answers("FPDFText_GetUnicode", at, indices, UNSIGNED))
    shown = {code: _shown(code) for code in set(codes)}
    owners = [owners[index] for index in indices]
    fresh = list(map(ne, owners, [None, *owners]))  # the first of its object stands for all
    starts = list(compress(indices, fresh))
    known = _styles(at, starts, [Handle(owner) for owner in compress(owners, fresh)], turn)
    styles = [known[number - 1] for number in accumulate(fresh)]
    seen.unmapped = _unmapped(at, codes, starts, list(compress(codes, fresh)), shown)
    if not all(shown.values()):
        wanted = [bool(shown[code]) for code in codes]
        indices, codes, styles = (list(compress(column, wanted)) for column in (indices, codes, styles))
    x0, y0, x1, y1 = turn.boxes(*_BOXES.written("FPDFText_GetLooseCharBox", at, indices))
    return Glyphs([shown[code] for code in codes], x0, y0, x1, y1, styles)


def _whole(indices: list[int], codes: list[int]) -> tuple[list[int], list[int]]:
    """The code points of characters, one of two halves where a character was given in halves."""
    if not any(0xD800 <= code < 0xE000 for code in set(codes)):
        return indices, codes
    whole: dict[int, int] = {}
    high = 0
    for index, code in zip(indices, codes, strict=True):
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00) if high else _UNKNOWN
        high = 0
        whole[index] = code
    return list(whole), list(whole.values())


def _shown(code: int) -> str:
    """The character of a code, "" where there is none."""
    if code < 32 or code == 0xFFFE:
        return "-" if code == 2 else ""  # 2: a hyphen at a line's end
    text = chr(code)
    # radicals that fonts give for the character itself
    return unicodedata.normalize("NFKC", text) if "\u2e80" <= text <= "\u2fdf" else text


def _unmapped(
    at: Handle, codes: Sequence[int], starts: Sequence[int], first_codes: Sequence[int], shown: dict[int, str]
) -> int:
    """How many characters have a font that does not say what they are."""
    counts = Counter(codes)
    nothing = {code for code, text in shown.items() if not text or code == _UNKNOWN}
    failed = [one == 1 for one in answers("FPDFText_HasUnicodeMapError", at, starts)]
    unsure = sum(code not in nothing for code in compress(first_codes, failed))
    private = sum(count for code, count in counts.items() if 0xE000 <= code < 0xF900)
    return sum(counts[code] for code in nothing) + unsure + private


def _styles(at: Handle, indices: Sequence[int], owners: Sequence[Handle], turn: _Turn) -> list[Style]:
    """The styles of text objects, each by the index of a character of its. Some programs make an object of every
    character, so what is alike is made once."""
    matrices = zip(*_MATRICES.written("FPDFText_GetMatrix", at, indices)[:4], strict=True)
    sizes = answers("FPDFText_GetFontSize", at, indices, ctypes.c_double)
    colours = zip(*_COLOURS.written_of("FPDFPageObj_GetFillColor", owners), strict=True)
    modes = map(unchecked("FPDFTextObj_GetTextRenderMode"), owners)
    fonts = map(unchecked("FPDFTextObj_GetFont", ctypes.c_void_p), owners)
    known: dict[tuple, Style] = {}
    alike: dict[tuple, Style] = {}  # matrices that differ by the last bits give one style
    heavy: dict[int | None, bool] = {}
    styles = []
    for key in zip(matrices, sizes, colours, modes, fonts, indices, strict=True):
        matrix, size, colour, mode, font, index = key
        style = known.get(key[:-1])
        if style is None:
            if font not in heavy:
                heavy[font] = _is_heavy(at, index, font)
            look = _look(matrix, size, colour, mode, heavy[font], turn)
            style = known[key[:-1]] = alike.setdefault(look, Style(*look))
        styles.append(style)
    return styles


def _look(
    matrix: tuple[float, ...], size: float, colour: tuple[float, ...], mode: int, heavy: bool, turn: _Turn
) -> tuple[float, bool, bool, bool, tuple[int, int] | None, bool]:
    """The fields of a Style."""
    a, b, c, d = matrix
    size *= math.hypot(c, d)
    return (
        round(size * 2) / 2 if size < 200 else 200.0,
        heavy or mode == 2,
        mode != _INVISIBLE and size >= TINY and colour[3] > 0,
        mode in (0, 2, 4, 6) and min(colour[:3]) >= WHITE,
        turn.direction(a, b),
        mode == _INVISIBLE,
    )


def _is_heavy(at: Handle, index: int, font: int | None) -> bool:
    return unchecked("FPDFText_GetFontWeight")(at, index) >= 600 or "bold" in _font_name(font).lower()


def _font_name(font: int | None) -> str:
    name_of = unchecked("FPDFFont_GetBaseFontName", ctypes.c_size_t)
    length = name_of(Handle(font), None, ctypes.c_size_t(0)) if font else 0
    if not 0 < length < 500:
        return ""
    buffer = ctypes.create_string_buffer(length)
    name_of(Handle(font), buffer, ctypes.c_size_t(length))
    return buffer.value.decode("utf-8", "replace")


def _drawings(page: Any, seen: Seen) -> list[Box]:
    """Notes ruled lines and pictures; gives the boxes of what is filled with another colour than white."""
    import pypdfium2.raw as c

    turn, fills = _Turn(page), []
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    references = [ctypes.byref(value) for value in (left, bottom, right, top)]
    for kind, item in _objects(page):
        if not c.FPDFPageObj_GetBounds(item, *references):
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
    """The kind and the object of all that is drawn on a page but text."""
    import pypdfium2.raw as c

    indices = range(min(c.FPDFPage_CountObjects(page), MAX_OBJECTS))
    items = answers("FPDFPage_GetObject", handle(page), indices, Handle)
    for index, kind in enumerate(map(unchecked("FPDFPageObj_GetType"), items)):
        if kind == _TEXT or not items[index]:
            continue
        item = c.FPDFPage_GetObject(page, index)
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
