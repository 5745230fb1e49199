"""Word files, from their parts: what a reader of the page sees, in order, with headings, notes, tables and pages.

Deleted words, comments and field codes are left out; hidden words, headers and footers are marked. Styles and list
numbers are `word_styles`' matter, a paragraph's words `word_runs`', what it is by its form `word_forms`'.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.errors import Unreadable
from qa.reading.formats.archive import Archive, Relation, open_archive
from qa.reading.formats.gathering import Lines, told
from qa.reading.formats.tables import lines_of, rows_of
from qa.reading.formats.word_forms import (
    CONTENTS_TITLE,
    Paragraph,
    flows,
    heading_depth,
    level_of_works,
    outline,
    title_depth,
    type_size,
    uses_indents,
    usual_size,
)
from qa.reading.formats.word_places import Places
from qa.reading.formats.word_runs import MC, Runs, Words
from qa.reading.formats.word_styles import TITLE_LEVEL, Form, Lists, Styles, W, flag, number, value
from qa.types import Metadata, Source

if TYPE_CHECKING:
    from lxml.etree import _Element

_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_PAGE_NUMBER = re.compile(r"^(?:\d{1,4}|[ivxlcIVXLC]{1,6})$")
LAYOUT_CHARS = 200
PAGE_CHARS = 2_500
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
        self._runs = Runs(self._styles)
        self._lists = Lists(self._part("numbering"), self._styles)
        self._notes = {kind: self._note_elements(kind) for kind in ("footnote", "endnote")}
        self._breaks: list[tuple[int, str]] = []
        self._carried: Words | None = None
        self._note_count = 0
        self._pictures = 0
        self._places = Places()
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
        paragraphs = [block for block in blocks if isinstance(block, Paragraph)]
        indents = uses_indents(paragraphs)
        body_size = usual_size(paragraphs)
        styled = any(outline(p) is not None for p in paragraphs)
        titled = any(outline(p) == TITLE_LEVEL for p in paragraphs)
        works = level_of_works(paragraphs)
        before, contents = None, False
        for block in blocks:
            if isinstance(block, Paragraph):
                depth = heading_depth(block, titled) if styled else title_depth(block, body_size)
                reason = "table_of_contents" if block.form.contents > works else ""
                self._write(block, depth, indents and flows(block) and flows(before), reason)
                contents = bool(CONTENTS_TITLE.match(block.text.strip())) or (contents and not block.text.strip())
                before = block if block.text.strip() else before
            else:
                self._table(block, contents)
                before, contents = None, False

    # Blocks, in the order of the body.

    def _paragraphs(self, parent: _Element) -> Iterator[Paragraph | _Table]:
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

    def _paragraph(self, element: _Element) -> Paragraph | None:
        """The paragraph, None when its end was deleted and it goes on in the next one."""
        properties = element.find(W + "pPr")
        form = self._styles.form(properties)
        words, self._carried = self._carried or Words(), None
        if flag(properties, "pageBreakBefore"):
            words.breaks.append((words.length, "page"))
        label = self._lists.label(form.list_id, form.level) if form.list_id else ""
        self._runs.collect(element, words, form.hidden)
        if properties is not None and (section := properties.find(W + "sectPr")) is not None:
            kind = value(section, "type") or "nextPage"
            if kind != "continuous":
                words.breaks.append((words.length, "page"))
        mark = None if properties is None else properties.find(W + "rPr")
        if mark is not None and mark.find(W + "del") is not None:
            self._carried = words
            return None
        self._pictures += words.pictures
        text = words.text()
        return Paragraph(words, text, form, label if text.strip() else "", type_size(element) or form.size)

    def _rest(self) -> Iterator[Paragraph]:
        """What a paragraph left whose end was deleted and that no other follows."""
        if self._carried is not None:
            words, self._carried = self._carried, None
            yield Paragraph(words, words.text(), Form(), "", 0)

    # Lines out.

    def _write(self, paragraph: Paragraph, depth: int, joined: bool = False, reason: str = "") -> None:
        words, text = paragraph.words, paragraph.text
        if depth:
            text = text.replace("\n", " ")
        lead = INDENT if paragraph.form.indented and not depth and not paragraph.label else ""
        if text.strip():
            lead += paragraph.label
            marks = [(first + len(lead), last + len(lead), why) for first, last, why in words.marks]
            start = self.lines.add(lead + text, depth, not joined, reason, marks, self._places.paragraph())
        else:
            start, lead = self.lines.length, ""
        self._breaks.extend((start + at + (len(lead) if at else 0), kind) for at, kind in words.breaks)
        for box in words.boxes:
            self._box(box, reason)
        for kind, note_id in words.notes:
            self._note(kind, note_id)

    def _box(self, box: _Element, reason: str = "") -> None:
        with self._places.in_box():
            for block in self._paragraphs(box):
                if isinstance(block, Paragraph):
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
            self.lines.add(f"［注{self._note_count}］{text}", where=self._places.note(kind))

    def _plain(self, paragraph: _Element) -> str:
        """A paragraph as one line, its list number left out, hidden words too."""
        words = Words()
        self._runs.collect(paragraph, words, self._styles.form(paragraph.find(W + "pPr")).hidden)
        self._breaks.extend((self.lines.length, kind) for _, kind in words.breaks)
        text, at, kept = words.text(), 0, []
        for first, last, _ in words.marks:
            kept.append(text[at:first])
            at = last
        inside = [text for box in words.boxes for p in box.iter(W + "p") if (text := self._plain(p))]
        return " ".join(["".join([*kept, text[at:]]).strip(), *inside]).strip()

    def _table(self, table: _Table, contents: bool, reason: str = "") -> None:
        cells, rows = table.cells, self._places.table()
        if contents and _is_contents(cells):
            for at, row in enumerate(cells):
                *title, page = [cell for cell in row if cell] or [""]
                self.lines.add("\t".join(filter(None, [" ".join(title), page])), where=rows(at))
            return
        breaks = list(table.breaks)
        for at, line in rows_of(cells, table.headers):
            start = self.lines.add(line, reason=reason, where=rows(at))
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
                    where = "页眉" if reference.tag == W + "headerReference" else "页脚"
                    self.lines.add(text, reason="page_furniture", where=where)

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
        elif child.tag == MC + "AlternateContent" and (choice := child.find(MC + "Choice")) is not None:
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
