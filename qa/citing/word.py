"""A report as a Word file with real footnotes, written part by part: a title, paragraphs, a table, an appendix.

The parts are those that ECMA-376 asks of a document with footnotes, and no more. lxml loads here.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from qa.citing.exporting import STANDING, Excerpt, Line, Report, note, where
from qa.citing.footnotes import booked
from qa.types import Table

if TYPE_CHECKING:
    from lxml.etree import _Element

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_MEDIA = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_WRITTEN = (1980, 1, 1, 0, 0, 0)  # the same report is the same bytes
_BORDERS = ("top", "left", "bottom", "right", "insideH", "insideV")
_TIGHT = (("snapToGrid", "0"), ("spacing", {"after": "0", "line": "240"}))
# Style id, kind, name, what it is formed by: (element, value) of the run and of the paragraph. Sizes are half points.
_STYLES = (
    ("Normal", "paragraph", "Normal", (("sz", "24"),), (("spacing", {"after": "120", "line": "360"}),)),
    ("Title", "paragraph", "Title", (("b", ""), ("sz", "36")), (("spacing", {"after": "240"}), ("jc", "center"))),
    ("Heading1", "paragraph", "heading 1", (("b", ""), ("sz", "30")), (("keepNext", ""), ("outlineLvl", "0"))),
    ("Heading2", "paragraph", "heading 2", (("b", ""), ("sz", "24")), (("keepNext", ""), ("outlineLvl", "1"))),
    ("Quote", "paragraph", "Quote", (("sz", "22"),), (("ind", {"left": "420"}),)),
    ("FootnoteText", "paragraph", "footnote text", (("sz", "18"),), _TIGHT),
    ("FootnoteReference", "character", "footnote reference", (("vertAlign", "superscript"),), ()),
)


def word(report: Report, address: str = "") -> bytes:
    """The report as a .docx file. `address`: as for Markdown."""
    parts = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relations({"officeDocument": "word/document.xml"}),
        "word/document.xml": _document(report, address),
        "word/styles.xml": _styles(),
        "word/footnotes.xml": _footnotes(report),
        "word/settings.xml": _settings(),
        "word/_rels/document.xml.rels": _relations(
            {"styles": "styles.xml", "footnotes": "footnotes.xml", "settings": "settings.xml"}
        ),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, root in parts.items():
            told = zipfile.ZipInfo(name, _WRITTEN)
            told.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(told, _written(root))
    return out.getvalue()


def _written(root: _Element) -> bytes:
    from lxml import etree

    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return written


def _w(name: str, *children: _Element, **attributes: str) -> _Element:
    from lxml import etree

    element = etree.Element(f"{{{_W}}}{name}", {f"{{{_W}}}{k}": v for k, v in attributes.items()}, nsmap={"w": _W})
    element.extend(children)
    return element


def _package(namespace: str, root: str, rows: Iterable[tuple[str, dict[str, str]]]) -> _Element:
    from lxml import etree

    element = etree.Element(f"{{{namespace}}}{root}", nsmap={None: namespace})
    element.extend(etree.Element(f"{{{namespace}}}{name}", told) for name, told in rows)
    return element


def _content_types() -> _Element:
    relations = "application/vnd.openxmlformats-package.relationships+xml"
    parts = {"document": "document.main", "styles": "styles", "footnotes": "footnotes", "settings": "settings"}
    return _package(
        _TYPES,
        "Types",
        [
            ("Default", {"Extension": "rels", "ContentType": relations}),
            ("Default", {"Extension": "xml", "ContentType": "application/xml"}),
            *(
                ("Override", {"PartName": f"/word/{part}.xml", "ContentType": f"{_MEDIA}{kind}+xml"})
                for part, kind in parts.items()
            ),
        ],
    )


def _relations(targets: dict[str, str]) -> _Element:
    rows = [
        ("Relationship", {"Id": f"rId{number}", "Type": _KIND + kind, "Target": target})
        for number, (kind, target) in enumerate(targets.items(), 1)
    ]
    return _package(_RELATIONS, "Relationships", rows)


def _document(report: Report, address: str) -> _Element:
    body = _w("body", *_Body(report, address).blocks())
    body.append(_w("sectPr", _w("pgSz", w="11906", h="16838"), _w("pgMar", **_margins())))
    return _w("document", body)


def _margins() -> dict[str, str]:
    """A4 with 2.54 cm above and below, 3.17 cm beside, in twentieths of a point."""
    sides = {"top": "1440", "right": "1797", "bottom": "1440", "left": "1797"}
    return sides | {"header": "851", "footer": "992", "gutter": "0"}


class _Body:
    """The body being written: each mark is a footnote of its own, numbered as it comes."""

    def __init__(self, report: Report, address: str) -> None:
        self._report, self._address, self._marks = report, address, 0

    def blocks(self) -> Iterator[_Element]:
        report = self._report
        yield _paragraph([_run(report.title)], "Title")
        yield from (self._line(line) for line in report.lines)
        if report.table:
            yield self._table(report.table)
        if report.excerpts:
            yield _paragraph([_run("摘录")], "Heading1")
        for excerpt in report.excerpts:
            yield from self._excerpt(excerpt)

    def _line(self, line: Line) -> _Element:
        remark = [_run(f"（{line.remark}）", _w("i"))] if line.remark else []
        return _paragraph([_run(line.text), *self._noted(line.notes), *remark])

    def _noted(self, notes: Iterable[int]) -> Iterator[_Element]:
        for _ in notes:
            self._marks += 1
            yield _mark(_w("footnoteReference", id=str(self._marks)))

    def _table(self, table: Table) -> _Element:
        borders = [_w(side, val="single", sz="4", space="0", color="auto") for side in _BORDERS]
        form = _w("tblPr", _w("tblW", w="0", type="auto"), _w("tblBorders", *borders))
        grid = _w("tblGrid", *(_w("gridCol") for _ in (*table.columns, "")))
        head = _w("tr", *(_cell([_run(name, _w("b"))]) for name in (*table.columns, "出处")))
        rows = [
            _w("tr", *(_cell([_run(cell)]) for cell in cells), _cell(list(self._noted(notes))))
            for cells, notes in table.rows
        ]
        return _w("tbl", form, grid, head, *rows)

    def _excerpt(self, excerpt: Excerpt) -> Iterator[_Element]:
        cited = excerpt.cited
        title = cited.document.title if cited else excerpt.title or "无题"
        yield _paragraph([_run(f"{excerpt.number}. {booked(title)}")], "Heading2")
        if cited and cited.quote:
            lines = [line for line in cited.quote.splitlines() if line.strip()]
            yield from (_paragraph([_run(line.strip())], "Quote") for line in lines)
            yield _paragraph([_run(f"{self._address}{where(excerpt)}")], "FootnoteText")
        if excerpt.standing != "same":
            yield _paragraph([_run(STANDING[excerpt.standing], _w("i"))])


def _cell(runs: list[_Element]) -> _Element:
    return _w("tc", _w("tcPr", _w("tcW", w="0", type="auto")), _paragraph(runs))


def _paragraph(runs: Iterable[_Element], style: str = "") -> _Element:
    form = [_w("pPr", _w("pStyle", val=style))] if style else []
    return _w("p", *form, *runs)


def _run(text: str, *form: _Element) -> _Element:
    words = _w("t")
    words.text = _UNWRITABLE.sub("", text)
    words.set(_SPACE, "preserve")
    return _w("r", *([_w("rPr", *form)] if form else []), words)


def _mark(element: _Element) -> _Element:
    return _w("r", _w("rPr", _w("rStyle", val="FootnoteReference")), element)


def _footnotes(report: Report) -> _Element:
    """A footnote for each mark of the body, in its order."""
    told = {one.number: note(one) for one in report.excerpts}
    marks = [number for line in report.lines for number in line.notes]
    marks += [number for _, notes in (report.table.rows if report.table else ()) for number in notes]
    root = _w("footnotes", *(_separator(*one) for one in ((-1, "separator"), (0, "continuationSeparator"))))
    for number, mark in enumerate(marks, 1):
        runs = [_mark(_w("footnoteRef")), _run(f" {told[mark]}")]
        root.append(_w("footnote", _paragraph(runs, "FootnoteText"), id=str(number)))
    return root


def _separator(number: int, kind: str) -> _Element:
    return _w("footnote", _w("p", _w("r", _w(kind))), type=kind, id=str(number))


def _settings() -> _Element:
    return _w("settings", _w("footnotePr", _w("footnote", id="-1"), _w("footnote", id="0")))


def _styles() -> _Element:
    fonts = _w("rFonts", ascii="Times New Roman", hAnsi="Times New Roman", eastAsia="宋体", cs="Times New Roman")
    defaults = _w("docDefaults", _w("rPrDefault", _w("rPr", fonts, _w("lang", val="en-US", eastAsia="zh-CN"))))
    root = _w("styles", defaults)
    for style, kind, name, run_form, paragraph_form in _STYLES:
        made = _w("style", _w("name", val=name), type=kind, styleId=style)
        if style == "Normal":
            made.set(f"{{{_W}}}default", "1")
        elif kind == "paragraph":
            made.append(_w("basedOn", val="Normal"))
        if paragraph_form:
            made.append(_w("pPr", *(_formed(*one) for one in paragraph_form)))
        made.append(_w("rPr", *(_formed(*one) for one in run_form)))
        root.append(made)
    return root


def _formed(name: str, value: str | dict[str, str]) -> _Element:
    return _w(name, **(value if isinstance(value, dict) else {"val": value} if value else {}))
