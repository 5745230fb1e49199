"""E-books: the chapters in reading order, each read as a page is; the navigation is left out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from qa.errors import Unreadable
from qa.reading.encodings import decode
from qa.reading.formats.archive import Archive, open_archive, resolve
from qa.reading.formats.gathering import Lines, date_told, told
from qa.reading.formats.html import read_page
from qa.types import Metadata, Source

if TYPE_CHECKING:
    from lxml.etree import _Element

_CONTAINER = "{urn:oasis:names:tc:opendocument:xmlns:container}"
_OPF = "{http://www.idpf.org/2007/opf}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_ENC = "{http://www.w3.org/2001/04/xmlenc#}"
# Fonts are scrambled in many free books; only other encryption keeps the text from us.
_FONT_SCRAMBLING = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
# A book has no menus or adverts: of what pages mark, only this is no text.
_MARKS = ("hidden", "reading_aid", "mojibake")
_PAGES = (".xhtml", ".html", ".htm", ".xml")
MAX_DEPTH = 3


def read(data: bytes, name: str, source_id: str) -> Source:
    """A source from the bytes of an .epub file. Raises Unreadable."""
    archive = open_archive(data, ".epub")
    _refuse_locked(archive)
    root = archive.xml("META-INF/container.xml")
    where = None if root is None else next(root.iter(_CONTAINER + "rootfile"), None)
    opf = where.get("full-path", "") if where is not None else ""
    package = archive.xml(opf)
    if package is None:
        raise Unreadable("电子书里缺少目录文件", "文件可能不完整，请重新下载。")
    lines = Lines()
    for chapter in _chapters(package, opf):
        if chapter in archive:
            _chapter(lines, archive.read(chapter))
    return lines.source(data, name, source_id, _metadata(package))


def _refuse_locked(archive: Archive) -> None:
    root = archive.xml("META-INF/encryption.xml")
    methods = [] if root is None else [each.get("Algorithm", "") for each in root.iter(_ENC + "EncryptionMethod")]
    if any(method not in _FONT_SCRAMBLING for method in methods) or "META-INF/sinf.xml" in archive:
        raise Unreadable("电子书加了版权保护（DRM）", "请换用没有加密的版本。", code="encrypted_file")


def _chapters(package: _Element, opf: str) -> Iterator[str]:
    """The names of the book's pages in reading order."""
    folder = opf.rpartition("/")[0]
    items = {item.get("id", ""): item for item in package.iter(_OPF + "item")}
    contents = {
        resolve(folder, each.get("href", "").partition("#")[0])
        for each in package.iter(_OPF + "reference")
        if each.get("type") == "toc"
    }
    for reference in package.iter(_OPF + "itemref"):
        item = items.get(reference.get("idref", ""))
        if item is None or "nav" in item.get("properties", "").split():
            continue
        part = resolve(folder, _unquoted(item.get("href", "")))
        if part.lower().endswith(_PAGES) and part not in contents:
            yield part


def _unquoted(href: str) -> str:
    from urllib.parse import unquote

    return unquote(href.partition("#")[0])


def _chapter(lines: Lines, data: bytes) -> None:
    try:
        page = read_page(decode(data).text)
    except Unreadable:
        return  # a page without words: a cover, a plate
    if not page.text.strip():
        return
    start = lines.add(page.text)
    lines.headings.extend(
        type(heading)(start + heading.start, start + heading.end, heading.depth)
        for heading in page.headings
        if heading.depth <= MAX_DEPTH
    )
    lines.marked.extend(
        type(mark)(start + mark.start, start + mark.end, mark.reason) for mark in page.marked if mark.reason in _MARKS
    )


def _metadata(package: _Element) -> Metadata:
    properties = told(package.findtext(f".//{_DC}title"), package.findtext(f".//{_DC}creator"))
    return Metadata(
        title=properties.title,
        author=properties.author,
        published=date_told(package.findtext(f".//{_DC}date")),
        publisher=(package.findtext(f".//{_DC}publisher") or "").strip() or None,
    )
