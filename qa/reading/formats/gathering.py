"""Gathers a source's text line by line, with its headings, pages and marked runs. Knows nothing of any format."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.config import MAX_TEXT_CHARS
from qa.errors import Unreadable
from qa.numbers import parse_date
from qa.reading.formats.tables import Cells, lines_of
from qa.reading.regions import Runs, packed
from qa.types import Dropped, Heading, Metadata, Part, Sheet, Source

_BREAKS = re.compile(r"[\r\n\f\v\x1c-\x1e\x85\u2028\u2029]+")
_DEFAULT_TITLES = re.compile(
    r"^(?:(?:新建|未命名|无标题)?\s*(?:(?:microsoft|ms|office|powerpoint|word|excel|wps)\s*)*"
    r"(?:文档|文本文档|文字文稿|演示文稿|幻灯片|工作簿|工作表|presentation|document|slide|book|untitled)?[\s\-_]*\d*"
    r"|(?:microsoft|powerpoint|word|wps)\b\s*-.*|.*\.(?:docx?|pptx?|xlsx?|wps|pdf|txt|html?|indd|tmp)|[\W\d_]*|title|标题)$",
    re.IGNORECASE,
)
_DEFAULT_AUTHORS = re.compile(
    r"^(?:(?:windows|microsoft|微软|office|wps)\s*(?:用户|user|office.*|中国)?|administrator|admin|user\d*|用户\d*"
    r"|apache poi|python-docx|python-pptx|openpyxl|libreoffice.*|lenovo|dell|hp|asus|acer|thinkpad|pc|china"
    r"|unknown|未知|作者|root|[\w.\-]*@[\w.\-]*|[a-z]{0,3}\d+|[\W\d_]*)$",
    re.IGNORECASE,
)
_YEAR = re.compile(r"^(?:19|20)\d\d年?$")
_TITLE_CHARS = range(2, 81)
Mark = tuple[int, int, str]


def one_line(text: str) -> str:
    """The text with every line break made a space."""
    return _BREAKS.sub(" ", text)


def told(title: str | None, author: str | None) -> Metadata:
    """What a file's properties say, without what programs fill in by themselves (文档1, 微软用户, Administrator)."""
    title, author = one_line(title or "").strip(), one_line(author or "").strip()
    likely = len(title) in _TITLE_CHARS and not _DEFAULT_TITLES.match(title)
    named = 2 <= len(author) <= 30 and not _DEFAULT_AUTHORS.match(author)
    return Metadata(title=title if likely else None, author=author if named else None)


def date_told(written: str | None) -> str | None:
    """A date that a file's fields state, as ISO 8601: whole, or no more than its year."""
    written = (written or "").strip()
    return parse_date(written) or (written[:4] if _YEAR.match(written) else None)


class Lines:
    """The text of a source while it grows. Offsets are characters into it."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self.length = 0
        self.headings: list[Heading] = []
        self.sheets: list[Sheet] = []
        self.marked: list[Dropped] = []
        self.parts: list[Part] = []
        self.doubts: list[str] = []
        self.regions = Runs()

    def add(
        self, text: str, depth: int = 0, apart: bool = True, reason: str = "", marks: Sequence[Mark] = (),
        where: str = "",
    ) -> int:  # fmt: skip
        """One line more; returns where it starts. `depth` makes it a heading; `reason` marks all of it, `marks` are
        runs of it as (start, end, reason). A line that stands `apart` is never joined to the one before it. `where`
        says in words where the line stands in its file."""
        if self.length:
            self._append("\n\n" if apart else "\n")
        start = self.length
        self._append(text)
        if where and text:
            self.regions.tell(start, self.length, where)
        if depth:
            self.headings.append(Heading(start, self.length, depth))
        if reason and text:
            self.marked.append(Dropped(start, self.length, reason))
        self.marked.extend(Dropped(start + first, start + last, why) for first, last, why in marks if last > first)
        return start

    def add_table(self, cells: Cells, header_rows: int | None = None, reason: str = "") -> None:
        """A table as lines, one a row."""
        for line in lines_of(cells, header_rows):
            self.add(line, reason=reason)

    def sheet(self, number: int, start: int | None = None, evidence: str = "") -> None:
        """A page of the file begins at `start`, by default with the next line."""
        at = start if start is not None else self.length + 2 if self.length else 0
        self.sheets.append(Sheet(number, at, None, evidence))

    def text(self) -> str:
        return "".join(self._pieces)

    def source(self, data: bytes, name: str, source_id: str, metadata: Metadata | None = None) -> Source:
        """What was gathered. Offices keep their text in Unicode, so no encoding is in doubt."""
        text = self.text()
        return Source(
            source_id,
            name,
            len(data),
            "utf-8",
            False,
            text,
            headings=tuple(self.headings),
            sheets=tuple(sheet for sheet in self.sheets if sheet.start < len(text)),
            marked=tuple(sorted(self.marked, key=lambda mark: mark.start)),
            parts=tuple(self.parts),
            metadata=metadata or Metadata(),
            doubts=tuple(self.doubts),
            regions=packed(self.regions),
        )

    def _append(self, text: str) -> None:
        if self.length + len(text) > MAX_TEXT_CHARS:
            raise Unreadable(f"文字超过 {MAX_TEXT_CHARS} 字的上限", "请拆成几个文件。", code="file_too_large")
        self._pieces.append(text)
        self.length += len(text)
