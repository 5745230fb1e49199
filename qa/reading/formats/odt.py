"""OpenDocument texts and sheets, from their parts: headings, lists, tables, notes and pages as the page shows them.

Deleted words and comments are left out; hidden words, headers and footers are marked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from qa.errors import Unreadable
from qa.reading.formats import sheets
from qa.reading.formats.archive import Archive, open_archive
from qa.reading.formats.docx import INDENT
from qa.reading.formats.gathering import Lines, Mark, one_line, told
from qa.reading.formats.numbering import bullet, written
from qa.reading.formats.tables import lines_of
from qa.reading.formats.word_forms import HEADING_CHARS, INDENTED_SHARE, LONG_LINE
from qa.reading.formats.word_styles import number
from qa.types import Metadata, Source

if TYPE_CHECKING:
    from lxml.etree import _Element

_NS = "{urn:oasis:names:tc:opendocument:xmlns:"
_TEXT, _TABLE, _STYLE, _OFFICE, _DRAW = (
    f"{_NS}{name}:1.0}}" for name in ("text", "table", "style", "office", "drawing")
)
_FO = f"{_NS}xsl-fo-compatible:1.0}}"
_META = f"{_NS}meta:1.0}}"
_MANIFEST = f"{_NS}manifest:1.0}}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_SKIPPED = {
    _TEXT + "tracked-changes", _OFFICE + "annotation", _OFFICE + "annotation-end", _TEXT + "note-citation",
    _TEXT + "sequence-decls", _OFFICE + "forms", _TEXT + "ruby-text", _DRAW + "object", _STYLE + "font-face",
    _TEXT + "variable-decls", _TEXT + "user-field-decls", _TEXT + "index-title-template", _OFFICE + "binary-data",
}  # fmt: skip
# Blocks that only hold other blocks.
_HOLDERS = {
    _TEXT + name
    for name in ("section", "table-of-content", "index-body", "index-title", "illustration-index", "table-index",
                 "alphabetical-index", "bibliography", "numbered-paragraph", "page-sequence")
}  # fmt: skip
_NUMBERS = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman",
            "一, 二, 三, ...": "chineseCounting", "壹, 贰, 叁, ...": "chineseLegalSimplified",
            "甲, 乙, 丙, ...": "ideographTraditional", "子, 丑, 寅, ...": "ideographZodiac",
            "①, ②, ③, ...": "decimalEnclosedCircle", "１, ２, ３, ...": "decimalFullWidth"}  # fmt: skip
_LENGTH = re.compile(r"^0*[1-9]|^0*\.0*[1-9]")
MAX_REPEATED = 200
MAX_COLUMNS = 16_384


def read(data: bytes, name: str, source_id: str) -> Source:
    """A source from the bytes of an .odt file. Raises Unreadable."""
    archive, content = _open(data, ".odt")
    try:
        reader = _Reader(archive, content)
        reader.read()
    except RecursionError as cause:
        raise Unreadable("文件的结构嵌套太深", "请用原来的软件打开，另存后再加入。") from cause
    return reader.lines.source(data, name, source_id, _metadata(archive))


def read_sheets(data: bytes, name: str, source_id: str) -> Source:
    """A source from the bytes of an .ods file. Raises Unreadable."""
    archive, content = _open(data, ".ods")
    hidden = {
        style.get(_STYLE + "name", "")
        for style in content.iter(_STYLE + "style")
        for each in style.iterfind(_STYLE + "table-properties")
        if each.get(_TABLE + "display") == "false"
    }
    tables = [
        sheets.Table(table.get(_TABLE + "name", ""), _cells(table), table.get(_TABLE + "style-name", "") in hidden)
        for table in content.iterfind(f"{_OFFICE}body/{_OFFICE}spreadsheet/{_TABLE}table")
    ]
    return sheets.gather(tables, data, name, source_id, _metadata(archive))


def _open(data: bytes, kind: str) -> tuple[Archive, _Element]:
    archive = open_archive(data, kind)
    manifest = archive.xml("META-INF/manifest.xml")
    if manifest is not None and next(manifest.iter(_MANIFEST + "encryption-data"), None) is not None:
        raise Unreadable("文件加了密码", "请用原来的软件打开，去掉密码另存后再加入。", code="encrypted_file")
    content = archive.xml("content.xml")
    if content is None:
        raise Unreadable("文件里缺少正文", "文件可能不完整，请用原来的软件打开后另存一份。")
    return archive, content


def _metadata(archive: Archive) -> Metadata:
    root = archive.xml("meta.xml")
    if root is None:
        return Metadata()
    author = root.findtext(f".//{_META}initial-creator") or root.findtext(f".//{_DC}creator")
    return told(root.findtext(f".//{_DC}title"), author)


@dataclass(slots=True)
class _Words:
    """The words of one paragraph while they are collected."""

    pieces: list[str] = field(default_factory=list)
    length: int = 0
    marks: list[Mark] = field(default_factory=list)
    breaks: list[int] = field(default_factory=list)
    notes: list[_Element] = field(default_factory=list)
    frames: list[_Element] = field(default_factory=list)

    def add(self, text: str, reason: str = "") -> None:
        if reason and text:
            self.marks.append((self.length, self.length + len(text), reason))
        self.pieces.append(text)
        self.length += len(text)


class _Reader:
    """Reads one text. Blocks in, lines out."""

    def __init__(self, archive: Archive, content: _Element) -> None:
        styles = archive.xml("styles.xml")
        self._roots = [root for root in (styles, content) if root is not None]  # common styles before a paragraph's own
        self._styles_root = styles
        self._body = content.find(f"{_OFFICE}body/{_OFFICE}text")
        self._hidden: set[str] = set()
        self._titles: set[str] = set()
        self._centred: set[str] = set()
        self._indented: set[str] = set()
        self._lists: dict[str, dict[int, _Element]] = {}
        self._read_styles()
        self._cut = self._uses_indents()
        self._flowing = False
        self._breaks: list[int] = []
        self._numbers: dict[str, int] = {}
        self._notes = 0
        self.lines = Lines()

    def _read_styles(self) -> None:
        for root in self._roots:
            for style in root.iter(_STYLE + "style"):
                name = style.get(_STYLE + "name", "")
                if name == "Title" or style.get(_STYLE + "parent-style-name") == "Title":
                    self._titles.add(name)
                for each in style.iterfind(_STYLE + "text-properties"):
                    if each.get(_TEXT + "display") == "none":
                        self._hidden.add(name)
                self._read_paragraph_style(style, name)
            for each in root.iter(_TEXT + "list-style"):
                levels = {number(level.get(_TEXT + "level"), 1): level for level in each if isinstance(level.tag, str)}
                self._lists[each.get(_STYLE + "name", "")] = levels

    def _read_paragraph_style(self, style: _Element, name: str) -> None:
        """Indentation and alignment, inherited from the parent where a style does not say. Parents come first."""
        parent = style.get(_STYLE + "parent-style-name", "")
        properties = style.find(_STYLE + "paragraph-properties")
        indent = None if properties is None else properties.get(_FO + "text-indent")
        aligned = None if properties is None else properties.get(_FO + "text-align")
        if _LENGTH.match(indent) if indent is not None else parent in self._indented:
            self._indented.add(name)
        if aligned in ("center", "end", "right") if aligned is not None else parent in self._centred:
            self._centred.add(name)

    def _uses_indents(self) -> bool:
        paragraphs = [] if self._body is None else self._body.iter(_TEXT + "p")
        long = [(p, text) for p in paragraphs if len(text := _plain(p)) > LONG_LINE]
        indented = sum(p.get(_TEXT + "style-name", "") in self._indented or text[0] == "\u3000" for p, text in long)
        return indented > INDENTED_SHARE * len(long)

    def read(self) -> None:
        if self._body is None:
            raise Unreadable("文件里缺少正文", "文件可能不完整，请用原来的软件打开后另存一份。")
        self._blocks(self._body)
        for root in () if self._styles_root is None else self._styles_root.iter(_STYLE + "master-page"):
            for kind in ("header", "footer"):
                for paragraph in root.iterfind(f"{_STYLE}{kind}/{_TEXT}p"):
                    if text := _plain(paragraph):
                        self.lines.add(text, reason="page_furniture")
        text, starts = self.lines.text(), [0]
        for at in self._breaks:
            if text[starts[-1] : at].strip():
                starts.append(at)
        for page, start in enumerate(starts if len(starts) > 1 else (), 1):
            self.lines.sheet(page, start, "上次排版的分页")

    def _blocks(self, parent: _Element, label: str = "") -> None:
        for block in parent:
            tag = block.tag
            if tag in _SKIPPED or not isinstance(tag, str):
                continue
            if tag in (_TEXT + "p", _TEXT + "h"):
                self._paragraph(block, label)
                label = ""
            elif tag == _TEXT + "list":
                self._list(block, 1, "")
                self._flowing = False
            elif tag == _TABLE + "table":
                for line in lines_of(_cells(block)):
                    self.lines.add(line)
                self._flowing = False
            elif tag == _TEXT + "soft-page-break":
                self._breaks.append(self.lines.length)
            elif tag in _HOLDERS:
                self._blocks(block)
            elif tag == _DRAW + "frame":
                self._frame(block)

    def _list(self, element: _Element, level: int, style: str) -> None:
        style = element.get(_TEXT + "style-name") or style
        goes_on = (
            element.get(_TEXT + "continue-numbering") == "true" or element.get(_TEXT + "continue-list") is not None
        )
        known = self._lists.get(style, {}).get(level)
        key = f"{style}/{level}"
        count = (
            self._numbers.get(key, 0)
            if goes_on
            else number(None if known is None else known.get(_TEXT + "start-value"), 1) - 1
        )
        for item in element:
            if item.tag not in (_TEXT + "list-item", _TEXT + "list-header"):
                continue
            first = next((child.tag for child in item if isinstance(child.tag, str)), "")
            label = ""
            if item.tag == _TEXT + "list-item" and first != _TEXT + "list":
                count = number(item.get(_TEXT + "start-value"), count + 1)
                label = _label(known, count)
            for child in item:
                if child.tag == _TEXT + "list":
                    self._list(child, level + 1, style)
                elif child.tag in (_TEXT + "p", _TEXT + "h"):
                    self._paragraph(child, label)
                    label = ""
        self._numbers[key] = count

    def _paragraph(self, element: _Element, label: str) -> None:
        style = element.get(_TEXT + "style-name", "")
        words = _Words()
        self._inline(element, words, style in self._hidden)
        text = "".join(words.pieces)
        depth = (
            number(element.get(_TEXT + "outline-level"), 1)
            if element.tag == _TEXT + "h"
            else int(style in self._titles)
        )
        if not text.strip():
            start = self.lines.length
        else:
            depth = depth if len(text) <= HEADING_CHARS else 0
            text = text.replace("\n", " ") if depth else text
            flows = self._cut and not depth and not label and style not in self._centred
            lead = INDENT if flows and style in self._indented else label
            marks = [(first + len(lead), last + len(lead), why) for first, last, why in words.marks]
            start = self.lines.add(lead + text, depth, not (flows and self._flowing), marks=marks) + len(lead)
            self._flowing = flows
        self._breaks.extend(start + at for at in words.breaks)
        for frame in words.frames:
            self._frame(frame)
        for note in words.notes:
            self._note(note)

    def _frame(self, frame: _Element) -> None:
        for box in frame.iterfind(_DRAW + "text-box"):
            self._blocks(box)

    def _note(self, note: _Element) -> None:
        body = note.find(_TEXT + "note-body")
        text = " ".join(text for p in (() if body is None else body.iter(_TEXT + "p")) if (text := _plain(p)))
        if text:
            self._notes += 1
            self.lines.add(f"［注{self._notes}］{text}")

    def _inline(self, parent: _Element, words: _Words, hidden: bool) -> None:
        reason = "hidden" if hidden else ""
        words.add(_spaces(parent.text), reason)
        for child in parent:
            tag = child.tag
            if tag == _TEXT + "note":
                words.notes.append(child)
            elif tag in (_DRAW + "frame", _DRAW + "custom-shape"):
                words.frames.append(child)
            elif tag == _TEXT + "soft-page-break":
                words.breaks.append(words.length)
            elif tag == _TEXT + "line-break":
                words.add("\n")
            elif tag in _SIGNS:
                words.add(_sign(child), reason)
            elif tag == _TEXT + "ruby":
                self._inline(child, words, hidden)
                words.add(_spaces(child.findtext(_TEXT + "ruby-text")), "reading_aid")
            elif isinstance(tag, str) and tag not in _SKIPPED:
                style = child.get(_TEXT + "style-name", "")
                hides = tag in (_TEXT + "hidden-text", _TEXT + "hidden-paragraph")
                self._inline(child, words, hidden or hides or style in self._hidden)
            words.add(_spaces(child.tail), reason)


_SIGNS = (_TEXT + "s", _TEXT + "tab")


def _sign(element: _Element) -> str:
    if element.tag == _TEXT + "tab":
        return "\t"
    return " " * min(number(element.get(_TEXT + "c"), 1), MAX_REPEATED)


def _spaces(text: str | None) -> str:
    """Text between tags: line breaks there are the file's, not the author's."""
    return one_line(text or "")


def _label(level: _Element | None, count: int) -> str:
    if level is None:
        return ""
    if level.tag == _TEXT + "list-level-style-bullet":
        return bullet(level.get(_TEXT + "bullet-char", ""))
    form = _NUMBERS.get(
        level.get(_STYLE + "num-format", ""), "none" if not level.get(_STYLE + "num-format") else "decimal"
    )
    label = level.get(_STYLE + "num-prefix", "") + written(count, form) + level.get(_STYLE + "num-suffix", "")
    return label + " " if label and label[-1].isascii() and not label.endswith(" ") else label


def _plain(paragraph: _Element) -> str:
    """A paragraph's words on one line, without notes and hidden text."""
    pieces = [_spaces(paragraph.text)]
    for child in paragraph:
        if child.tag in _SIGNS:
            pieces.append(_sign(child))
        elif child.tag == _TEXT + "line-break":
            pieces.append(" ")
        elif isinstance(child.tag, str) and child.tag not in _SKIPPED | {_TEXT + "note"}:
            pieces.append(_plain(child))
        pieces.append(_spaces(child.tail))
    return "".join(pieces).strip(" \n")


def _cells(table: _Element) -> list[list[str]]:
    """The cells of a table as they are shown, merged ones repeated; empty rows and columns at the ends left out."""
    rows: list[list[str]] = []
    down: dict[int, tuple[str, int]] = {}  # column → what a merged cell above says, and for how many rows more
    for row in _rows(table):
        filled, reaching = _row(row, down)
        down = {column: (text, left - 1) for column, (text, left) in down.items() if left > 1}
        down |= {column: (text, left) for column, text, left in reaching}
        while filled and not filled[-1]:
            filled.pop()
        times = min(number(row.get(_TABLE + "number-rows-repeated"), 1), MAX_REPEATED) if filled else 1
        rows.extend(list(filled) for _ in range(max(1, times)))
    while rows and not rows[-1]:
        rows.pop()
    return rows


def _row(row: _Element, down: dict[int, tuple[str, int]]) -> tuple[list[str], list[tuple[int, str, int]]]:
    """A row's cells, and the (column, text, rows below) of those that reach further down."""
    cells: list[str] = []
    reaching: list[tuple[int, str, int]] = []
    across, columns = "", 0
    for cell in row:
        if cell.tag not in (_TABLE + "table-cell", _TABLE + "covered-table-cell"):
            continue
        text = " ".join(text for p in cell.iter(_TEXT + "p", _TEXT + "h") if (text := _plain(p)))
        covered = cell.tag == _TABLE + "covered-table-cell"
        times = min(number(cell.get(_TABLE + "number-columns-repeated"), 1), MAX_REPEATED if text else MAX_COLUMNS)
        if not covered:
            across, columns = text, number(cell.get(_TABLE + "number-columns-spanned"), 1) - 1
            below = number(cell.get(_TABLE + "number-rows-spanned"), 1) - 1
            if below > 0:
                reaching.extend((len(cells) + at, text, below) for at in range(min(columns, MAX_REPEATED) + 1))
        for _ in range(max(1, times)):
            if covered and not text:
                cells.append(across if columns > 0 else down.get(len(cells), ("", 0))[0])
                columns -= 1
            else:
                cells.append(text)
    return cells, reaching


def _rows(table: _Element) -> Iterator[_Element]:
    for child in table:
        if child.tag == _TABLE + "table-row":
            yield child
        elif child.tag in (_TABLE + "table-header-rows", _TABLE + "table-rows", _TABLE + "table-row-group"):
            yield from _rows(child)
