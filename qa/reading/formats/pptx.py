"""Presentations: each slide a page, its title a heading, then its words, tables and the speaker's notes.

Dates, footers and slide numbers are marked; hidden slides too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.errors import Unreadable
from qa.reading.formats.archive import Archive, open_archive
from qa.reading.formats.docx import properties
from qa.reading.formats.gathering import Lines, one_line
from qa.reading.formats.word_styles import number
from qa.types import Source

if TYPE_CHECKING:
    from lxml.etree import _Element

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_D = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MAIN = "ppt/presentation.xml"
_TITLES = ("title", "ctrTitle")
_FURNITURE = ("dt", "ftr", "sldNum", "hdr")
_NOTES = "备注："


def read(data: bytes, name: str, source_id: str) -> Source:
    """A source from the bytes of a .pptx file. Raises Unreadable."""
    archive = open_archive(data, ".pptx")
    lines = Lines()
    try:
        for at, part in enumerate(_slides(archive), 1):
            _slide(archive, part, at, lines)
    except RecursionError as cause:
        raise Unreadable("文件的结构嵌套太深", "请用原来的软件打开，另存后再加入。") from cause
    return lines.source(data, name, source_id, properties(archive))


def _slides(archive: Archive) -> Iterator[str]:
    root = archive.xml(_MAIN)
    if root is None:
        raise Unreadable("文件里缺少幻灯片", "文件可能不完整，请用 PowerPoint 或 WPS 打开后另存一份。")
    relations = archive.relations(_MAIN)
    for slide in root.iter(_P + "sldId"):
        relation = relations.get(slide.get(_R + "id", ""))
        if relation is not None:
            yield relation.part


@dataclass(frozen=True, slots=True)
class _Shape:
    """A shape's paragraphs, or its table's cells; `role` is its placeholder's type."""

    role: str
    paragraphs: list[str]
    cells: list[list[str]]


def _slide(archive: Archive, part: str, at: int, lines: Lines) -> None:
    root = archive.xml(part)
    if root is None:
        return
    lines.sheet(at, evidence=f"第 {at} 张幻灯片")
    reason = "hidden" if root.get("show", "1") in ("0", "false") else ""
    relations = archive.relations(part)
    shapes = list(_shapes(archive, root, {key: relation.part for key, relation in relations.items()}))
    for shape in shapes:
        if shape.role in _TITLES and (title := " ".join(shape.paragraphs).strip()):
            lines.add(title, 1 if at == 1 else 2, reason=reason)
    for shape in shapes:
        if shape.role in _TITLES:
            continue
        why = "page_furniture" if shape.role in _FURNITURE else reason
        for paragraph in shape.paragraphs:
            lines.add(paragraph, reason=why)
        if shape.cells:
            lines.add_table(shape.cells, reason=why)
    for relation in relations.values():
        if relation.kind == "notesSlide":
            _notes(archive, relation.part, lines, reason)


def _notes(archive: Archive, part: str, lines: Lines, reason: str) -> None:
    root = archive.xml(part)
    shapes = [] if root is None else list(_shapes(archive, root, {}))
    paragraphs = [p for shape in shapes if shape.role in ("body", "") for p in shape.paragraphs]
    for at, paragraph in enumerate(paragraphs):
        lines.add(paragraph if at else _NOTES + paragraph, reason=reason)


def _shapes(archive: Archive, root: _Element, parts: dict[str, str]) -> Iterator[_Shape]:
    """The shapes of a slide in its own order, groups opened, alternatives once."""
    rest = list(reversed(root.findall(f"{_P}cSld/{_P}spTree")))
    while rest:
        element = rest.pop()
        if element.tag == _MC + "AlternateContent":
            chosen = element.find(_MC + "Choice")
            rest.extend([] if chosen is None else reversed(chosen))
        elif element.tag in (_P + "spTree", _P + "grpSp"):
            rest.extend(reversed(element))
        elif element.tag in (_P + "sp", _P + "cxnSp"):
            holder = element.find(f"{_P}nvSpPr/{_P}nvPr/{_P}ph")
            role = "" if holder is None else holder.get("type", "body")
            body = element.find(_P + "txBody")
            yield _Shape(role, [] if body is None else _paragraphs(body), [])
        elif element.tag == _P + "graphicFrame":
            for table in element.iter(_A + "tbl"):
                yield _Shape("", [], _cells(table))
            for diagram in element.iter(_D + "relIds"):
                data = archive.xml(parts.get(diagram.get(_R + "dm", ""), ""))
                points = [] if data is None else data.iter(_D + "t")
                yield _Shape("", [text for point in points for text in _paragraphs(point)], [])


def _paragraphs(body: _Element) -> list[str]:
    return [text for paragraph in body.iterfind(_A + "p") if (text := _words(paragraph))]


def _words(paragraph: _Element) -> str:
    pieces = []
    for child in paragraph:
        if child.tag in (_A + "r", _A + "fld"):
            pieces.append(child.findtext(_A + "t") or "")
        elif child.tag == _A + "br":
            pieces.append(" ")
    return one_line("".join(pieces)).strip()


def _cells(table: _Element) -> list[list[str]]:
    """The cells of a table, merged ones repeated."""
    rows: list[list[str]] = []
    for row in table.iterfind(_A + "tr"):
        cells: list[str] = []
        for cell in row.iterfind(_A + "tc"):
            body = cell.find(_A + "txBody")
            text = "" if body is None else " ".join(_paragraphs(body))
            if number(cell.get("hMerge")) or cell.get("hMerge") == "true":
                text = cells[-1] if cells else ""
            elif (number(cell.get("vMerge")) or cell.get("vMerge") == "true") and rows and len(cells) < len(rows[-1]):
                text = rows[-1][len(cells)]
            cells.append(text)
        rows.append(cells)
    return rows
