"""Word files, from their parts: what a reader of the page sees, in order, with headings, notes, tables and pages.

Deleted words, comments and field codes are left out; hidden words, headers and footers are marked. Styles and list
numbers are `word_styles`' matter.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from qa.errors import Unreadable
from qa.reading.formats.archive import Archive, Relation, open_archive
from qa.reading.formats.gathering import Lines, Mark, one_line, told
from qa.reading.formats.tables import lines_of, rows_of
from qa.reading.formats.word_styles import TITLE_LEVEL, Form, Lists, Styles, W, flag, number, value
from qa.types import Metadata, Source

if TYPE_CHECKING:
    from lxml.etree import _Element

_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_DC = "{http://purl.org/dc/elements/1.1/}"
# Elements whose children stand where they do.
_THROUGH = {
    W + name
    for name in ("ins", "moveTo", "hyperlink", "smartTag", "customXml", "sdtContent", "fldSimple", "dir", "bdo",
                 "rubyBase")
} | {_M + name for name in ("oMathPara", "oMath", "r", "e", "num", "den", "sup", "sub", "deg", "fName", "sSup", "sSub",
                            "sSubSup", "rad", "d", "nary", "func", "m", "mr", "eqArr", "acc", "bar", "box", "borderBox",
                            "groupChr", "limLow", "limUpp", "lim", "phant", "sPre")}  # fmt: skip
_SKIPPED = {
    W + name for name in ("del", "moveFrom", "instrText", "delText", "rPr", "pPr", "annotationRef", "footnoteRef")
}
_SIGNS = {W + "noBreakHyphen": "-", W + "tab": "\t", W + "ptab": "\t"}
# Characters of symbol fonts that people use for ticks and boxes.
_SYMBOLS = {
    "F052": "☑",
    "F0FE": "☑",
    "F0FC": "✓",
    "F050": "✓",
    "F06F": "□",
    "F0A8": "□",
    "F0A3": "□",
    "F0FB": "✗",
    "F04F": "✗",
}
_CONTENTS_TITLE = re.compile(r"^目\s*[录次錄]$")
_PAGE_NUMBER = re.compile(r"^(?:\d{1,4}|[ivxlcIVXLC]{1,6})$")
HEADING_CHARS = 120
SENTENCES_IN_HEADING = 40
TITLE_CHARS = 64
TITLE_LARGER = 1.2
LAYOUT_CHARS = 200
PAGE_CHARS = 2_500
INDENTED_SHARE = 0.5
LONG_LINE = 36
INDENT = "\u3000\u3000"


def read(data: bytes, name: str, source_id: str) -> Source:
    """A source from the bytes of a .docx file. Raises Unreadable."""
    archive = open_archive(data, ".docx")
    try:
        reader = _Reader(archive)
        reader.read()
    except RecursionError as cause:
        raise Unreadable("文件的结构嵌套太深", "请用 Word 或 WPS 打开，另存后再加入。") from cause
    return reader.lines.source(data, name, source_id, properties(archive))


def properties(archive: Archive) -> Metadata:
    """What an Office file's core properties say; when it was saved is no date of publication."""
    root = archive.xml("docProps/core.xml")
    return Metadata() if root is None else told(root.findtext(_DC + "title"), root.findtext(_DC + "creator"))


@dataclass(slots=True)
class _Words:
    """The words of one paragraph while they are collected; offsets count into their joined text."""

    pieces: list[str] = field(default_factory=list)
    length: int = 0
    marks: list[Mark] = field(default_factory=list)
    breaks: list[tuple[int, str]] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    boxes: list[_Element] = field(default_factory=list)
    pictures: int = 0

    def add(self, text: str, reason: str = "") -> None:
        if not text:
            return
        if reason:
            self.marks.append((self.length, self.length + len(text), reason))
        self.pieces.append(text)
        self.length += len(text)

    def text(self) -> str:
        return "".join(self.pieces)


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """A paragraph as it will be written: its words, form and list number."""

    words: _Words
    text: str
    form: Form
    label: str
    size: int


@dataclass(frozen=True, slots=True)
class _Table:
    """A table's cells, merged ones repeated; how many rows it says are its header; where pages begin, by row."""

    cells: list[list[str]]
    headers: int | None
    notes: list[tuple[str, str]]
    breaks: list[tuple[int, str]]


class _Reader:
    """Reads one file. Blocks in, lines out."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._main = next(
            (r.part for r in archive.relations("").values() if r.kind == "officeDocument"), "word/document.xml"
        )
        self._relations = archive.relations(self._main)
        self._styles = Styles(self._part("styles"))
        self._lists = Lists(self._part("numbering"), self._styles)
        self._notes = {kind: self._note_elements(kind) for kind in ("footnote", "endnote")}
        self._field: list[bool] = []  # for each open field: are we in its code?
        self._breaks: list[tuple[int, str]] = []
        self._carried: _Words | None = None
        self._note_count = 0
        self._pictures = 0
        self.lines = Lines()

    def _part(self, kind: str) -> _Element | None:
        relation = next((r for r in self._relations.values() if r.kind == kind), None)
        return None if relation is None else self._archive.xml(relation.part)

    def _note_elements(self, kind: str) -> dict[str, _Element]:
        root = self._part(f"{kind}s")
        elements = [] if root is None else root.findall(W + kind)
        return {e.get(W + "id", ""): e for e in elements if e.get(W + "type", "normal") == "normal"}

    def read(self) -> None:
        root = self._archive.xml(self._main)
        body = None if root is None else root.find(W + "body")
        if body is None:
            raise Unreadable("文件里缺少正文", "文件可能不完整，请用 Word 或 WPS 打开后另存一份。")
        self._body(body)
        self._furniture(body)
        self._pages()
        if not any(char.isalnum() for char in self.lines.text()) and self._pictures:
            raise Unreadable("文件里只有图片，没有文字", "请先用文字识别（OCR）转成文字，再加入。", code="needs_ocr")
        if any(True for _ in body.iter(W + "altChunk", W + "subDoc")):
            self.lines.doubts.append("文档里嵌入了另外的文件，那部分没有读。")

    def _body(self, body: _Element) -> None:
        blocks = [*self._paragraphs(body), *self._rest()]
        paragraphs = [block for block in blocks if isinstance(block, _Paragraph)]
        indents = _uses_indents(paragraphs)
        body_size = _usual_size(paragraphs)
        styled = any(_outline(p) is not None for p in paragraphs)
        titled = any(_outline(p) == TITLE_LEVEL for p in paragraphs)
        before, contents = None, False
        for block in blocks:
            if isinstance(block, _Paragraph):
                depth = _depth(block, titled) if styled else _title_by_form(block, body_size)
                self._write(block, depth, indents and _flows(block) and _flows(before))
                contents = bool(_CONTENTS_TITLE.match(block.text.strip())) or (contents and not block.text.strip())
                before = block if block.text.strip() else before
            else:
                self._table(block, contents)
                before, contents = None, False

    # Blocks, in the order of the body.

    def _paragraphs(self, parent: _Element) -> Iterator[_Paragraph | _Table]:
        """The paragraphs and tables below an element, lists numbered as they come."""
        for block in _blocks(parent):
            if block.tag == W + "tbl":
                if _is_layout(block):
                    for cell in _cells(block):
                        yield from self._paragraphs(cell)
                else:
                    yield from self._rest()
                    yield self._grid(block)
            else:
                paragraph = self._paragraph(block)
                if paragraph is not None:
                    yield paragraph

    def _paragraph(self, element: _Element) -> _Paragraph | None:
        """The paragraph, None when its end was deleted and it goes on in the next one."""
        properties = element.find(W + "pPr")
        form = self._styles.form(properties)
        words, self._carried = self._carried or _Words(), None
        if flag(properties, "pageBreakBefore"):
            words.breaks.append((words.length, "page"))
        label = self._lists.label(form.list_id, form.level) if form.list_id else ""
        self._inline(element, words, form.hidden)
        if properties is not None and (section := properties.find(W + "sectPr")) is not None:
            kind = value(section, "type") or "nextPage"
            if kind != "continuous":
                words.breaks.append((words.length, "page"))
        mark = None if properties is None else properties.find(W + "rPr")
        if mark is not None and mark.find(W + "del") is not None:
            self._carried = words
            return None
        self._pictures += words.pictures
        self._field = [False] * len(self._field)  # no field's code runs on into another paragraph
        text = words.text()
        return _Paragraph(words, text, form, label if text.strip() else "", _size(element) or form.size)

    def _rest(self) -> Iterator[_Paragraph]:
        """What a paragraph left whose end was deleted and that no other follows."""
        if self._carried is not None:
            words, self._carried = self._carried, None
            yield _Paragraph(words, words.text(), Form(), "", 0)

    def _inline(self, parent: _Element, words: _Words, hidden: bool) -> None:
        for child in parent:
            tag = child.tag
            if tag == W + "r":
                self._run(child, words, hidden)
            elif tag == _M + "f":
                self._fraction(child, words, hidden)
            elif tag == _M + "t":
                words.add(one_line(child.text or ""))
            elif tag == W + "sdt":
                if (
                    child.find(f"{W}sdtPr/{W}showingPlcHdr") is None
                    and (content := child.find(W + "sdtContent")) is not None
                ):
                    self._inline(content, words, hidden)
            elif tag in _THROUGH:
                self._inline(child, words, hidden)

    def _fraction(self, element: _Element, words: _Words, hidden: bool) -> None:
        for name in ("num", "den"):
            if name == "den":
                words.add("/")
            if (part := element.find(_M + name)) is not None:
                self._inline(part, words, hidden)

    def _run(self, run: _Element, words: _Words, hidden: bool, reason: str = "") -> None:
        properties = run.find(W + "rPr")
        if properties is not None:
            own = flag(properties, "vanish")
            hidden = own if own is not None else hidden or self._styles.hides(value(properties, "rStyle"))
        reason = "hidden" if hidden else reason
        for child in run:
            tag = child.tag
            if tag in _SKIPPED:
                continue
            if tag == W + "fldChar":
                self._field_mark(child)
            elif any(self._field):
                continue  # the code of a field, not its result
            elif tag == W + "t":
                words.add(one_line(child.text or ""), reason)
            elif tag in _SIGNS:
                words.add(_SIGNS[tag], reason)
            elif tag == W + "br" and child.get(W + "type") == "page":
                words.breaks.append((words.length, "page"))
            elif tag in (W + "br", W + "cr"):
                words.add("\n")
            elif tag == W + "lastRenderedPageBreak":
                words.breaks.append((words.length, "rendered"))
            else:
                self._object(child, words, hidden)

    def _object(self, child: _Element, words: _Words, hidden: bool) -> None:
        """What a run holds beside text: notes, symbols, ruby, drawings."""
        tag = child.tag
        if tag in (W + "footnoteReference", W + "endnoteReference"):
            words.notes.append((tag.removeprefix(W).removesuffix("Reference"), child.get(W + "id", "")))
        elif tag == W + "sym":
            words.add(_SYMBOLS.get(child.get(W + "char", "").upper(), ""))
        elif tag == W + "ruby":
            for part, reason in (("rubyBase", ""), ("rt", "reading_aid")):
                for run in child.iterfind(f"{W}{part}/{W}r"):
                    self._run(run, words, hidden, reason)
        elif tag == _MC + "AlternateContent":
            chosen = child.find(_MC + "Choice")
            chosen = chosen if chosen is not None else child.find(_MC + "Fallback")
            for each in () if chosen is None else chosen:
                self._object(each, words, hidden)
        elif tag in (W + "drawing", W + "pict", W + "object"):
            boxes = [] if hidden else _text_boxes(child)
            words.boxes.extend(boxes)
            words.pictures += not boxes

    def _field_mark(self, element: _Element) -> None:
        kind = element.get(W + "fldCharType")
        if kind == "begin":
            self._field.append(True)
        elif kind == "separate" and self._field:
            self._field[-1] = False
        elif kind == "end" and self._field:
            self._field.pop()

    # Lines out.

    def _write(self, paragraph: _Paragraph, depth: int, joined: bool = False, reason: str = "") -> None:
        words, text = paragraph.words, paragraph.text
        if depth:
            text = text.replace("\n", " ")
        lead = INDENT if paragraph.form.indented and not depth and not paragraph.label else ""
        if text.strip():
            lead += paragraph.label
            marks = [(first + len(lead), last + len(lead), why) for first, last, why in words.marks]
            start = self.lines.add(lead + text, depth, not joined, reason, marks)
        else:
            start, lead = self.lines.length, ""
        self._breaks.extend((start + at + (len(lead) if at else 0), kind) for at, kind in words.breaks)
        for box in words.boxes:
            self._box(box, reason)
        for kind, note_id in words.notes:
            self._note(kind, note_id)

    def _box(self, box: _Element, reason: str = "") -> None:
        for block in self._paragraphs(box):
            if isinstance(block, _Paragraph):
                self._write(block, 0, reason=reason)
            else:
                self._table(block, False, reason)

    def _note(self, kind: str, note_id: str) -> None:
        element = self._notes.get(kind, {}).pop(note_id, None)
        if element is None:
            return
        self._note_count += 1
        text = " ".join(text for p in element.iter(W + "p") if (text := self._plain(p)))
        if text:
            self.lines.add(f"［注{self._note_count}］{text}")

    def _plain(self, paragraph: _Element) -> str:
        """A paragraph as one line, its list number left out, hidden words too."""
        words = _Words()
        self._inline(paragraph, words, self._styles.form(paragraph.find(W + "pPr")).hidden)
        self._breaks.extend((self.lines.length, kind) for _, kind in words.breaks)
        text, at, kept = words.text(), 0, []
        for first, last, _ in words.marks:
            kept.append(text[at:first])
            at = last
        inside = [text for box in words.boxes for p in box.iter(W + "p") if (text := self._plain(p))]
        return " ".join(["".join([*kept, text[at:]]).strip(), *inside]).strip()

    def _table(self, table: _Table, contents: bool, reason: str = "") -> None:
        cells = table.cells
        if contents and _is_contents(cells):
            for row in cells:
                *title, page = [cell for cell in row if cell] or [""]
                self.lines.add("\t".join(filter(None, [" ".join(title), page])))
            return
        breaks = list(table.breaks)
        for at, line in rows_of(cells, table.headers):
            start = self.lines.add(line, reason=reason)
            while breaks and breaks[0][0] <= at:
                self._breaks.append((start, breaks.pop(0)[1]))
        for kind, note_id in table.notes:
            self._note(kind, note_id)

    def _grid(self, table: _Element) -> _Table:
        rows: list[list[str]] = []
        breaks: list[tuple[int, str]] = []
        headers, still, outside = 0, True, self._breaks
        for row in _rows(table):
            properties = row.find(W + "trPr")
            if properties is not None and properties.find(W + "del") is not None:
                continue
            still = still and bool(flag(properties, "tblHeader"))
            headers += still
            self._breaks = []
            rows.append(self._row(row, rows[-1] if rows else []))
            breaks.extend((len(rows) - 1, kind) for _, kind in self._breaks[:1])
        self._breaks = outside
        return _Table(rows, headers or None, _note_references(table), breaks)

    def _row(self, row: _Element, above: list[str]) -> list[str]:
        cells: list[str] = []
        skipped = row.find(f"{W}trPr/{W}gridBefore")
        if skipped is not None:
            cells.extend([""] * min(number(skipped.get(W + "val")), 200))
        for cell in _through(row, W + "tc"):
            properties = cell.find(W + "tcPr")
            span = max(1, min(number(value(properties, "gridSpan"), 1), 200))
            merge = None if properties is None else properties.find(W + "vMerge")
            if merge is not None and merge.get(W + "val", "continue") == "continue":
                text = above[len(cells)] if len(cells) < len(above) else ""
            else:
                text = self._cell(cell)
            cells.extend([text] * span)
        return cells

    def _cell(self, cell: _Element) -> str:
        pieces = []
        for block in _blocks(cell):
            if block.tag == W + "tbl":
                inner = self._grid(block)
                pieces.extend(lines_of(inner.cells, inner.headers))
                continue
            form = self._styles.form(block.find(W + "pPr"))
            label = self._lists.label(form.list_id, form.level) if form.list_id else ""
            if text := self._plain(block):
                pieces.append(label + text)
        return " ".join(pieces)

    def _furniture(self, body: _Element) -> None:
        """Headers and footers, each once, after the text: they are no part of it."""
        told: set[str] = set()
        for reference in body.iter(W + "headerReference", W + "footerReference"):
            relation = self._relations.get(reference.get(_R + "id", ""), Relation("", ""))
            if relation.part in told:
                continue
            told.add(relation.part)
            root = self._archive.xml(relation.part)
            for paragraph in () if root is None else root.iter(W + "p"):
                if paragraph.find(f".//{W}txbxContent") is None and (text := self._plain(paragraph)):
                    self.lines.add(text, reason="page_furniture")

    def _pages(self) -> None:
        """Pages from the breaks: those of the last layout where the file kept them, else the author's own.

        The author's own breaks alone count as pages only where no page between them is longer than paper holds.
        """
        rendered = any(kind == "rendered" for _, kind in self._breaks)
        text, starts = self.lines.text(), [0]
        for at, _ in sorted(self._breaks):
            if text[starts[-1] : at].strip():
                starts.append(at)
        long = max(b - a for a, b in zip(starts, [*starts[1:], len(text)], strict=True))
        if len(starts) < 2 or (not rendered and long > PAGE_CHARS):
            return
        for page, start in enumerate(starts, 1):
            self.lines.sheet(page, start, "上次排版的分页" if rendered else "分页符")


def _blocks(parent: _Element) -> Iterator[_Element]:
    """Paragraphs and tables below an element, through content controls and insertions."""
    for child in parent:
        if child.tag in (W + "p", W + "tbl"):
            yield child
        elif child.tag == W + "sdt":
            if (
                child.find(f"{W}sdtPr/{W}showingPlcHdr") is None
                and (content := child.find(W + "sdtContent")) is not None
            ):
                yield from _blocks(content)
        elif child.tag in (W + "ins", W + "moveTo", W + "customXml", W + "smartTag"):
            yield from _blocks(child)
        elif child.tag == _MC + "AlternateContent" and (choice := child.find(_MC + "Choice")) is not None:
            yield from _blocks(choice)


def _through(parent: _Element, tag: str) -> Iterator[_Element]:
    """Children of a kind, also inside content controls."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag in (W + "sdt", W + "sdtContent", W + "customXml", W + "ins"):
            yield from _through(child, tag)


def _rows(table: _Element) -> Iterator[_Element]:
    return _through(table, W + "tr")


def _cells(table: _Element) -> Iterator[_Element]:
    for row in _rows(table):
        yield from _through(row, W + "tc")


def _is_layout(table: _Element) -> bool:
    """Is the table only a frame for running text: one column, or cells that hold whole passages?"""
    widest = max((sum(1 for _ in _through(row, W + "tc")) for row in _rows(table)), default=0)
    if widest <= 1:
        return True
    return any(
        len(cell.findall(W + "p")) > 2 and sum(len(t.text or "") for t in cell.iter(W + "t")) > LAYOUT_CHARS
        for cell in _cells(table)
    )


def _is_contents(cells: list[list[str]]) -> bool:
    pages = sum(bool(row) and bool(_PAGE_NUMBER.match(row[-1])) for row in cells)
    return pages >= 2 and pages * 2 >= len(cells)


def _note_references(element: _Element) -> list[tuple[str, str]]:
    return [
        (reference.tag.removeprefix(W).removesuffix("Reference"), reference.get(W + "id", ""))
        for reference in element.iter(W + "footnoteReference", W + "endnoteReference")
    ]


def _text_boxes(element: _Element) -> list[_Element]:
    """The outermost text boxes of a drawing, in each alternative only the first choice."""
    found: list[_Element] = []
    rest = [element]
    while rest:
        at = rest.pop()
        if at.tag == W + "txbxContent":
            found.append(at)
        elif at.tag == _MC + "AlternateContent" and (choice := at.find(_MC + "Choice")) is not None:
            rest.append(choice)
        else:
            rest.extend(reversed(at))
    return found


def _size(paragraph: _Element) -> int:
    """The type size that most of a paragraph's runs give themselves, in half-points, 0 when they give none."""
    sizes: Counter[int] = Counter()
    for run in paragraph.iterfind(W + "r"):
        size = number(value(run.find(W + "rPr"), "sz"))
        sizes[size] += sum(len(t.text or "") for t in run.iterfind(W + "t"))
    return sizes.most_common(1)[0][0] if sizes else 0


def _usual_size(paragraphs: list[_Paragraph]) -> int:
    sizes: Counter[int] = Counter()
    for paragraph in paragraphs:
        sizes[paragraph.size] += len(paragraph.text)
    return sizes.most_common(1)[0][0] if sizes else 0


def _uses_indents(paragraphs: list[_Paragraph]) -> bool:
    long = [p for p in paragraphs if len(p.text.strip()) > LONG_LINE]
    indented = sum(p.form.indented or p.text[:1] in "\u3000 \t" for p in long)
    return indented > INDENTED_SHARE * len(long)


def _flows(paragraph: _Paragraph | None) -> bool:
    """Is it running text, which a cut could have parted from the paragraph before it?"""
    if paragraph is None or paragraph.label or paragraph.form.contents or _outline(paragraph) is not None:
        return False
    return paragraph.form.aligned not in ("center", "right", "end") and bool(paragraph.text.strip())


def _outline(paragraph: _Paragraph) -> int | None:
    """The outline level of a paragraph that can be a heading; whole passages styled as headings are text."""
    text = paragraph.text.strip()
    if not text or len(text) > HEADING_CHARS or (len(text) > SENTENCES_IN_HEADING and "。" in text[:-1]):
        return None
    return paragraph.form.outline


def _depth(paragraph: _Paragraph, titled: bool) -> int:
    outline = _outline(paragraph)
    if outline is None:
        return 0
    return 1 if outline == TITLE_LEVEL else outline + 1 + titled


def _title_by_form(paragraph: _Paragraph, usual: int) -> int:
    """In a file without styled headings a short, centred line in larger type is a title."""
    text = paragraph.text.strip()
    likely = (
        paragraph.form.aligned == "center"
        and 2 <= len(text) <= TITLE_CHARS
        and text[-1] not in "。！？；，"
        and not _CONTENTS_TITLE.match(text)
    )
    return 1 if likely and usual and paragraph.size >= TITLE_LARGER * usual else 0
