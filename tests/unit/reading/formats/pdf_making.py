"""Draws the PDF files that the tests read. Chinese is set in STSong-Light, which every PDF reader knows by name."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

FONT = "STSong-Light"
LATIN = "Helvetica"
WIDTH, HEIGHT = A4
LEFT, RIGHT, TOP, BOTTOM = 72.0, WIDTH - 72.0, HEIGHT - 80.0, 80.0
_NO_START = "，。、；：！？”’）》」』】—…%"
_NO_END = "“‘（《「『【"
pdfmetrics.registerFont(UnicodeCIDFont(FONT))


class Book:
    """A PDF in the making: text flows down pages, each page gets its head and foot."""

    def __init__(
        self,
        head: Callable[[int], str] = lambda sheet: "",
        foot: Callable[[int], str] = lambda sheet: "",
        size: float = 12,
        columns: int = 1,
        encrypt: str | None = None,
    ) -> None:
        self._file = io.BytesIO()
        self.canvas = Canvas(self._file, pagesize=A4, encrypt=encrypt, invariant=1)
        self.head, self.foot, self.size, self.columns = head, foot, size, columns
        self.sheet, self.column = 1, 0
        self.y = TOP
        self.notes: list[str] = []

    @property
    def left(self) -> float:
        return LEFT + self.column * (self.width + 24)

    @property
    def width(self) -> float:
        return (RIGHT - LEFT - 24 * (self.columns - 1)) / self.columns

    def paragraph(self, text: str, indent: float = 2, size: float | None = None, leading: float = 1.6) -> None:
        """Text in lines of the column's width, the first one indented by so many characters."""
        size = size or self.size
        for number, line in enumerate(wrapped(text, self.width, size, indent)):
            self._line(line, indent * size if number == 0 else 0, size, leading)

    def heading(self, text: str, size: float = 18, centred: bool = True) -> None:
        self._line(text, (self.width - width(text, size)) / 2 if centred else 0, size, 1.8)

    def line(self, text: str, x: float = 0, size: float | None = None) -> None:
        self._line(text, x, size or self.size, 1.6)

    def entry(self, title: str, page: str) -> None:
        """A line of a table of contents, with a leader of dots."""
        dots = "." * int((self.width - width(title + page, self.size)) / width(".", self.size) - 2)
        self._line(title + dots + page, 0, self.size, 1.6)

    def note(self, text: str) -> None:
        self.notes.append(text)

    def _line(self, text: str, x: float, size: float, leading: float) -> None:
        if self.y - size * leading < BOTTOM + 14 * len(self.notes):
            self.next_column()
        self.y -= size * leading
        self.draw(self.left + x, self.y, text, size)

    def draw(self, x: float, y: float, text: str, size: float = 12) -> None:
        self.canvas.setFont(FONT, size)
        self.canvas.drawString(x, y, text)

    def table(self, rows: Sequence[Sequence[str]], widths: Sequence[float], height: float = 22) -> None:
        """A ruled table; its rows go over page breaks."""
        for row in rows:
            if self.y - height < BOTTOM:
                self.next_page()
            self.y -= height
            x = LEFT
            for cell, wide in zip(row, widths, strict=True):
                self.canvas.rect(x, self.y, wide, height)
                self.draw(x + 4, self.y + 6, cell, 11)
                x += wide

    def scan(self) -> None:
        """A page that is but a picture."""
        from PIL import Image

        self.canvas.drawInlineImage(Image.new("L", (120, 160), 200), 20, 20, WIDTH - 40, HEIGHT - 40)

    def next_column(self) -> None:
        self.column += 1
        self.y = TOP
        if self.column >= self.columns:
            self.next_page()

    def next_page(self) -> None:
        self._finish()
        self.canvas.showPage()
        self.sheet, self.column, self.y = self.sheet + 1, 0, TOP

    def _finish(self) -> None:
        for number, note in enumerate(reversed(self.notes)):
            self.draw(LEFT, BOTTOM - 6 + 14 * number, note, 9)
        self.notes = []
        for text, y in ((self.head(self.sheet), HEIGHT - 45), (self.foot(self.sheet), 40)):
            if text:
                self.draw((WIDTH - width(text, 9)) / 2, y, text, 9)

    def data(self) -> bytes:
        self._finish()
        self.canvas.showPage()
        self.canvas.save()
        return self._file.getvalue()


def width(text: str, size: float) -> float:
    return float(pdfmetrics.stringWidth(text, FONT, size))


def wrapped(text: str, room: float, size: float, indent: float = 0) -> list[str]:
    """Lines as a typesetter breaks them: no closing mark begins a line, no opening one ends it, figures stay whole."""
    lines, line, left = [], "", room - indent * size
    for unit in _units(text):
        if line and width(line + unit, size) > left:
            lines.append(line)
            line, left = "", room
        line += unit if line or unit != " " else ""
    return [*lines, line] if line else lines


def _units(text: str) -> list[str]:
    units: list[str] = []
    for char in text:
        last = units[-1] if units else ""
        glued = char in _NO_START or (last and last[-1] in _NO_END)
        glued = glued or (last and last[-1].isascii() and char.isascii() and last[-1] != " " and char != " ")
        if last and glued:
            units[-1] += char
        else:
            units.append(char)
    return units
