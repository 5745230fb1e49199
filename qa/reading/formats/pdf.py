"""PDF: the words of its pages as paragraphs in reading order, with the page that is printed on each.

The order of steps: see the pages, take out their furniture, lay out lines, let the text flow. What cannot be read is
said: encrypted and broken files are refused, scanned pages are named, and read where OCR is installed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from qa.config import MAX_TEXT_CHARS
from qa.errors import Unreadable
from qa.reading.formats import ocr
from qa.reading.formats.gathering import Lines, told
from qa.reading.formats.pdf_atoms import Seen, on_page
from qa.reading.formats.pdf_flow import Block, Piece, flow
from qa.reading.formats.pdf_furniture import strip_furniture
from qa.reading.formats.pdf_glyphs import LOCK, see
from qa.reading.formats.pdf_layout import lines_of, usual_size
from qa.reading.formats.printed_pages import Printed
from qa.reading.regions import Runs
from qa.text import letters
from qa.types import Metadata, Sheet, Source

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

MAX_PAGES = 5_000
MAX_BOOKMARKS = 20_000
SCAN_CHARS = 12
PICTURED = 0.3
_PASSWORD = 4  # FPDF_ERR_PASSWORD
Bookmark = tuple[str, int, int]  # title, sheet, depth


def read(data: bytes, name: str, source_id: str) -> Source:
    """A source from a PDF's bytes. Raises Unreadable (encrypted_file, unreadable_file, needs_ocr and the like)."""
    with LOCK:
        document = _open(data)
        try:
            pages, bookmarks, metadata = _see_all(document), _bookmarks(document), _metadata(document)
            doubts = _recognise(document, pages)
        finally:
            document.close()
    doubts += _doubts(pages, data)
    if not any(page.atoms or page.askew for page in pages):
        raise Unreadable("文件里没有文字", "各页都是空白或图形，请确认选对了文件。", code="empty_file")
    return _source(data, name, source_id, pages, bookmarks, metadata, doubts)


def _open(data: bytes) -> PdfDocument:
    import pypdfium2

    if b"%PDF" not in data[:1024]:
        raise Unreadable(
            "文件内容与扩展名 .pdf 不符", "请用原来的软件打开，另存为 PDF 后再加入。", code="type_mismatch"
        )
    try:
        document = pypdfium2.PdfDocument(data)
        count = len(document)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == _PASSWORD or "password" in str(error).lower():
            raise Unreadable(
                "PDF 设了打开密码", "请用能打开它的软件去掉密码、另存一份后再加入。", code="encrypted_file"
            ) from error
        raise Unreadable(
            "PDF 已损坏，打不开", "请用阅读器打开看看；能打开的话，另存或“打印为 PDF”一份再加入。"
        ) from error
    if not count or count > MAX_PAGES:
        document.close()
        if count:
            raise Unreadable(f"PDF 有 {count} 页，超过 {MAX_PAGES} 页的上限", "请拆成几个文件。", code="file_too_large")
        raise Unreadable("PDF 里没有一页能打开", "文件可能不完整，请重新下载或另存一份再加入。")
    return document


def _see_all(document: PdfDocument) -> list[Seen]:
    pages, characters = [], 0
    for index in range(len(document)):
        pages.append(see(document, index))
        characters += sum(len(atom.text) for atom in pages[-1].atoms)
        if characters > MAX_TEXT_CHARS:
            raise Unreadable(f"文字超过 {MAX_TEXT_CHARS} 字的上限", "请拆成几个文件。", code="file_too_large")
    if all(page.failed for page in pages):
        raise Unreadable("PDF 里没有一页能打开", "文件可能不完整，请重新下载或另存一份再加入。")
    return pages


def _metadata(document: PdfDocument) -> Metadata:
    entries = document.get_metadata_dict(skip_empty=True)
    title = entries.get("Title", "").replace("\x00", "")
    title = "" if "\ufffd" in title or re.search(r"[À-ÿ]{2}", title) else title  # GBK bytes read as Latin
    author = entries.get("Author", "").replace("\x00", "")
    garbled = "\ufffd" in author or re.search(r"[À-ÿ]{2}", author) or author.strip("() ").lower() == "anonymous"
    return told(title, "" if garbled else author)


def _bookmarks(document: PdfDocument) -> list[Bookmark]:
    """The outline's entries: title, sheet, depth from 1."""
    found: list[Bookmark] = []
    for bookmark in document.get_toc(max_depth=6):
        destination = bookmark.get_dest()
        index = destination.get_index() if destination is not None else None
        if index is not None and index >= 0:
            found.append((bookmark.get_title().strip(), index + 1, bookmark.level + 1))
        if len(found) >= MAX_BOOKMARKS:
            break
    return found


def _recognise(document: PdfDocument, pages: list[Seen]) -> list[str]:
    """Reads scanned pages where OCR is installed, else notes them. Raises Unreadable when no page has words."""
    scans = [page for page in pages if _is_scan(page)]
    if not scans:
        return []
    if not ocr.is_installed():
        if not any(page.atoms for page in pages if page not in scans):
            raise Unreadable("PDF 是扫描图，没有文字", ocr.INSTALL, code="needs_ocr")
        for page in scans:
            page.atoms = [] if page.unmapped else page.atoms
        return [f"第 {ranges(p.number for p in scans)} 页是扫描图，没有文字。{ocr.INSTALL}"]
    read, left = ocr.read_pages(document, scans)
    if not read and not any(page.atoms for page in pages):
        raise Unreadable("PDF 是扫描图，文字识别没有读出文字", "请换一份更清楚的扫描件。", code="needs_ocr")
    doubts = [f"第 {ranges(p.number for p in read)} 页是扫描图，文字由 OCR 识别，可能有错字。"] if read else []
    return doubts + ([f"第 {ranges(p.number for p in left)} 页是扫描图，OCR 没有读出文字。"] if left else [])


def _is_scan(page: Seen) -> bool:
    """A picture with hardly a word; or words whose font does not say what they are."""
    characters = sum(len(atom.text) for atom in page.atoms)
    if page.unmapped > 20 and page.unmapped > 0.3 * (characters + page.unmapped):
        return True
    return characters < SCAN_CHARS and page.pictured >= PICTURED


def _doubts(pages: Sequence[Seen], data: bytes) -> list[str]:
    doubts = []
    if failed := [page.number for page in pages if page.failed]:
        doubts.append(f"第 {ranges(failed)} 页损坏，没有读出。")
    if b"%%EOF" not in data[-2048:]:
        doubts.append("文件结尾不完整，可能缺页。")
    if own := [page.number for page in pages if page.recognised and not page.failed and page.pictured > 0.4]:
        doubts.append(f"第 {ranges(own)} 页是扫描图，文字来自识别（OCR），可能有错字。")
    if hidden := [page.number for page in pages if page.hidden]:
        doubts.append(f"第 {ranges(hidden)} 页有看不见的文字（透明、白字、极小或在页外），没有算作正文。")
    return doubts


def _source(
    data: bytes,
    name: str,
    source_id: str,
    pages: list[Seen],
    bookmarks: list[Bookmark],
    metadata: Metadata,
    doubts: list[str],
) -> Source:
    printed, furniture = strip_furniture(pages, usual_size([atom for page in pages for atom in page.atoms]))
    blocks = flow([lines_of(page) for page in pages])
    _follow_outline(blocks, bookmarks)
    text = Lines()
    starts: dict[int, int] = {}
    asides = {page.number: _asides(page, words) for page, words in zip(pages, furniture, strict=True)}
    for block in blocks:
        for sheet in [number for number in asides if number < block.first]:
            _put(asides.pop(sheet), text, starts)
        at = _put_block(block, text, starts)
        _place(block, at, text.regions, pages)
    for aside in asides.values():
        _put(aside, text, starts)
    text.sheets = _sheets(pages, printed, starts, text.length)
    text.doubts = doubts
    return text.source(data, name, source_id, metadata)


def _asides(page: Seen, furniture: Sequence[str]) -> list[Block]:
    """What stands on a page beside its text: words askew, furniture, hidden words."""
    told = [(atom.text, "") for atom in page.askew] + [(words, "page_furniture") for words in furniture]
    if page.hidden:
        told.append((" ".join(atom.text for atom in page.hidden), "hidden"))
    return [Block([Piece(words, page.number)], reason=reason) for words, reason in told if words.strip()]


def _put(blocks: Sequence[Block], text: Lines, starts: dict[int, int]) -> None:
    for block in blocks:
        _put_block(block, text, starts)


def _put_block(block: Block, text: Lines, starts: dict[int, int]) -> int | None:
    """Writes a block; returns where, None where it has no words."""
    words = block.text
    if not words.strip():
        return None
    begin = at = text.add(words, block.depth, reason=block.reason)
    for piece in block.pieces:
        starts.setdefault(piece.sheet, at)
        at += len(piece.text)
    return begin


def _place(block: Block, at: int | None, runs: Runs, pages: Sequence[Seen]) -> None:
    """Notes where each line of a block stands."""
    if at is None:
        return
    for piece in block.pieces:
        ends = [start for start, _ in piece.lines[1:]] + [len(piece.text)]
        for (start, box), end in zip(piece.lines, ends, strict=False):
            runs.put(at + start, at + end, piece.sheet, on_page(box, pages[piece.sheet - 1]))
        at += len(piece.text)


def _sheets(pages: Sequence[Seen], printed: Sequence[Printed], starts: dict[int, int], length: int) -> list[Sheet]:
    """Every page and where it starts; one without a word starts where the next one does."""
    sheets: list[Sheet] = []
    start = length
    for page, number in zip(reversed(pages), reversed(printed), strict=True):
        start = min(start, starts.get(page.number, start))
        if number.confident:
            sheets.append(Sheet(page.number, start, number.number, number.evidence))
        else:
            seen = f"：{number.evidence}，前后页对不上" if number.evidence else ""
            sheets.append(Sheet(page.number, start, None, f"没有找到可信的印刷页码{seen}"))
    return sheets[::-1]


def _follow_outline(blocks: Sequence[Block], bookmarks: Sequence[Bookmark]) -> None:
    """The file's own outline says which lines are headings and how deep; lines of the same look get the same depth."""
    wanted: dict[tuple[int, str], int] = {(sheet, letters(title)): depth for title, sheet, depth in bookmarks}
    depths: dict[tuple[float, bool], int] = {}
    for block in blocks:
        if block.reason or len(block.text) > 120 or not wanted:
            continue
        own = letters(block.text)
        depth = wanted.pop((block.first, own), 0) or next(
            (
                d
                for (sheet, title), d in wanted.items()
                if sheet == block.first and len(title) > 3 and own.endswith(title)
            ),
            0,
        )
        if depth:
            depths.setdefault(block.style, depth)
            block.depth, block.style = depth, (-1.0, False)
    for block in blocks:
        if block.depth and block.style[0] > 0 and depths:
            block.depth = depths.get(block.style) or min(6, max(block.depth, max(depths.values()) + 1))


def ranges(numbers: Iterator[int] | Sequence[int]) -> str:
    """Page numbers as a person writes them: 3、4、7—9."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    written = [str(a) if a == b else f"{a}、{b}" if b == a + 1 else f"{a}—{b}" for a, b in runs]
    return "、".join(written if len(written) <= 12 else [*written[:12], "……"])
