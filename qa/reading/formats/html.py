"""Saved web pages: every visible word in document order, with what is no part of the article marked by its reason.

Read as HTML only: no DTD, entity or stylesheet is ever fetched or expanded, and no script runs. lxml loads here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from lxml import etree
from lxml.etree import _Element

from qa.errors import Unreadable
from qa.reading.encodings import REPLACEMENT, Decoded, decode
from qa.reading.formats import page_tables
from qa.reading.formats.page_metadata import metadata_of
from qa.reading.formats.page_parts import UNSEEN, Parts, parts_of
from qa.text import letters
from qa.types import Dropped, Heading, Metadata, Source

_CHARSET = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,24})""")
_XML_HEAD = re.compile(r"\s{0,80}<\?xml[^>]{0,200}\?>")
_SPACES = re.compile(r"([ \t\n\r\f]+)")
_NEWLINE = re.compile(r"\r\n|\r|\n")
_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_BLOCKS = frozenset(
    (
        "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "dir",
        "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6",
        "header", "hr", "html", "legend", "li", "main", "menu", "nav", "ol", "option", "p", "pre", "search",
        "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
    )
)  # fmt: skip
_DEPTHS = {f"h{depth}": depth for depth in range(1, 7)}
_ALT_NOISE = re.compile(
    r"^(?:图片|图|配图|image|img|photo|logo|icon|qr|二维码|微信|微博|分享|.*\.(?:jpe?g|png|gif|webp|bmp|svg))\s*[\d_-]*$|^[\W\d_]*$",
    re.I,
)
_WIDE_FROM = 0x2E80
# What browsers write at the head of a page that they save.
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)(https?://[^\s<>\"']{4,2000}?)\s*-->", re.I)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)[^<>]*>|<![^<>]*>")
_COMPLETE = re.compile(r"[。！？…；.!?;][”’」』）)]*$")
SNIFFED_BYTES = 4_096
MAX_ELEMENTS = 1_500_000
SENTENCE_CHARS = 20
TITLE_SHARE = 0.6
ALT_CHARS = (2, 120)
MIN_KEPT = 20


@dataclass(slots=True)
class _Line:
    """A line being written: its pieces with the reason why each is no text, "" when it is."""

    pieces: list[tuple[str, str]] = field(default_factory=list)
    depth: int = 0
    soft: bool = False  # it follows a <br>, not the edge of a block
    inside: bool = False
    linked: int = 0

    @property
    def text(self) -> str:
        return "".join(text for text, _ in self.pieces)

    @property
    def kept(self) -> str:
        return "".join(text for text, reason in self.pieces if not reason)

    def mark(self, reason: str) -> None:
        self.pieces = [(text, why or reason) for text, why in self.pieces]


def read(data: bytes, name: str, source_id: str) -> Source:
    """A source from a saved page. Raises Unreadable with the reason and what to do."""
    declared = _CHARSET.search(data[:SNIFFED_BYTES])
    found = decode(data, declared[1].decode("ascii") if declared else "")
    return page_source(found, name, source_id, len(data))


def page_source(found: Decoded, name: str, source_id: str, size: int) -> Source:
    """The source that decoded markup makes; `size` is the file's, in bytes."""
    page = read_page(found.text)
    saved_from = _SAVED_FROM.search(found.text[:SNIFFED_BYTES])
    return replace(
        page,
        metadata=replace(page.metadata, url=page.metadata.url or (saved_from[1] if saved_from else None)),
        id=source_id,
        name=name,
        size=size,
        encoding=found.encoding,
        encoding_unsure=found.unsure,
        doubts=(*found.doubts, *page.doubts),
    )


def read_page(markup: str) -> Source:
    """The source that a page's markup makes, without what its file knows (id, name, encoding). Raises Unreadable."""
    root = _parse(markup)
    if root is None:
        return _flat(markup)
    parts = parts_of(root)
    lines = _Writer(parts).write(root)
    _mark_outside(lines, parts, metadata := metadata_of(root))
    if sum(len(line.kept) for line in lines) < MIN_KEPT:
        lines = _all_but_hidden(root, parts) or lines
    return _source(lines, metadata, _doubts(lines, parts))


def _parse(markup: str) -> _Element | None:
    """The page's tree; None when it nests deeper than the parser goes, which would lose the text below."""
    head = _XML_HEAD.match(markup)
    text = _UNREADABLE.sub("", markup[head.end() :] if head else markup)
    if not text.strip():
        raise Unreadable("文件里没有文字", "请确认选对了文件。", code="empty_file")
    parser = etree.HTMLParser(huge_tree=True, recover=True, no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(text, parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable("网页的标记已损坏，读不出来", "请在浏览器里打开，另存为 .txt 后再加入。") from error
    if root is None:
        raise Unreadable("文件里没有文字", "请确认选对了文件。", code="empty_file")
    if any(entry.level_name == "FATAL" for entry in parser.error_log):
        return None
    if sum(1 for _ in root.iter("*")) > MAX_ELEMENTS:
        raise Unreadable("网页的元素太多", "请拆成几个文件。", code="file_too_large")
    return root


class _Writer:
    """Walks the tree and writes its lines. Walks without recursion: pages nest as deep as they like."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._lines: list[_Line] = []
        self._line = _Line()
        self._space = ""  # the white space that waits for the next word: "", " " or "\n"
        self._alts: list[tuple[str, str]] = []
        self._inside = parts.main is None
        self._links = 0
        self._pre = 0
        self._heading = 0

    def write(self, root: _Element) -> list[_Line]:
        walk = etree.iterwalk(root, events=("start", "end"))
        for event, element in walk:
            if event == "end":
                self._close(element)
            elif element.tag in UNSEEN or not isinstance(element.tag, str):
                walk.skip_subtree()
            elif element.tag == "table" and self._is_data(element):
                self._table(element)
                walk.skip_subtree()
            else:
                self._open(element)
        self._flush()
        return self._lines

    def _reason(self, element: _Element) -> str:
        return self._parts.reasons.get(element, "")

    def _open(self, element: _Element) -> None:
        tag = element.tag
        if tag in _BLOCKS:
            self._flush()
        if element is self._parts.main:
            self._inside = True
        if tag in _DEPTHS:
            self._heading = _DEPTHS[tag]
        elif element.get("role") == "heading":
            level = element.get("aria-level") or "2"
            self._heading = int(level) if level in "123456" else 2
        self._links += tag == "a"
        self._pre += tag == "pre"
        if tag == "br":
            self._break()
        elif tag == "img":
            self._alt(element)
        self._add(element.text, self._reason(element))

    def _close(self, element: _Element) -> None:
        tag = element.tag
        if tag in _BLOCKS and tag not in UNSEEN:
            self._flush()
        if element is self._parts.main:
            self._inside = False
        if tag in _DEPTHS or element.get("role") == "heading":
            self._heading = 0
        if tag not in UNSEEN:
            self._links -= tag == "a"
            self._pre -= tag == "pre"
        parent = element.getparent()
        if parent is not None:
            self._add(element.tail, self._reason(parent))

    def _add(self, text: str | None, reason: str) -> None:
        if not text:
            return
        if self._pre:
            for at, part in enumerate(_NEWLINE.split(text)):
                if at:
                    self._break()
                if part:
                    self._put(part, reason)
            return
        for piece in _SPACES.split(text):
            if not piece:
                continue
            if piece.isascii() and piece.isspace():
                self._space = self._space or ("\n" if "\n" in piece or "\r" in piece else " ")
            else:
                self._put(self._joint(piece) + piece, reason)
                self._space = ""

    def _joint(self, piece: str) -> str:
        """The space before a word; a line end of the markup between two Chinese characters is none."""
        pieces = self._line.pieces
        if not pieces or not self._space:
            return ""
        wide = ord(pieces[-1][0][-1]) >= _WIDE_FROM and ord(piece[0]) >= _WIDE_FROM
        return "" if self._space == "\n" and wide else " "

    def _put(self, text: str, reason: str) -> None:
        if not self._line.pieces:
            self._line.inside, self._line.depth = self._inside, self._heading
        self._line.pieces.append((text, reason))
        self._line.linked += len(text) if self._links else 0

    def _break(self) -> None:
        if self._heading:
            self._space = self._space or "\n"
            return
        self._end_line()
        self._line.soft = bool(self._lines)

    def _flush(self) -> None:
        self._end_line()
        self._line.soft = False
        alts, self._alts = self._alts, []
        for text, reason in alts:
            self._put(text, reason)
            self._end_line()

    def _end_line(self) -> None:
        if self._line.text.strip():
            self._lines.append(self._line)
        self._line, self._space = _Line(), ""

    def _alt(self, image: _Element) -> None:
        alt = " ".join((image.get("alt") or "")[: 4 * ALT_CHARS[1]].split())
        if ALT_CHARS[0] <= len(alt) <= ALT_CHARS[1] and not _ALT_NOISE.match(alt) and not self._links:
            self._alts.append((alt, self._reason(image)))

    def _is_data(self, table: _Element) -> bool:
        return page_tables.is_data(table, self._seen_text)

    def _table(self, table: _Element) -> None:
        self._flush()
        reason = self._reason(table)
        captions = [self._seen_text(caption) for caption in table.iter("caption")]
        for row in [*captions, *page_tables.rows_of(table, self._seen_text)]:
            if row:
                self._put(row, reason)
                self._end_line()
        for hidden in self._hidden_in(table) if not reason else ():
            self._put(hidden, "hidden")
            self._end_line()

    def _seen_text(self, element: _Element) -> str:
        """The words of a cell on one line, without hidden ones."""
        own = self._reason(element)
        pieces: list[str] = []
        walk = etree.iterwalk(element, events=("start", "end"))
        for event, below in walk:
            if event == "start":
                if below.tag in UNSEEN or self._reason(below) not in ("", own):
                    walk.skip_subtree()
                    continue
                pieces.append(" " if below.tag == "br" else below.text or "")
            elif below is not element:
                pieces.append((" " if below.tag in _BLOCKS else "") + (below.tail or ""))
        return _folded_space("".join(pieces))

    def _hidden_in(self, table: _Element) -> list[str]:
        tops = (
            e
            for e in table.iterdescendants()
            if self._reason(e) == "hidden" and self._reason(e.getparent()) != "hidden"
        )
        return [text for e in tops if (text := _folded_space("".join(e.itertext())))]


def _folded_space(text: str) -> str:
    pieces = _SPACES.split(text.strip(" \t\r\n\f"))
    joined = ""
    for piece, after in zip(pieces, [*pieces[1:], ""], strict=True):
        if piece.isascii() and piece.isspace():
            wide = joined and after and ord(joined[-1]) >= _WIDE_FROM and ord(after[0]) >= _WIDE_FROM
            joined += "" if wide and "\n" in piece else " "
        else:
            joined += piece
    return joined


def _mark_outside(lines: list[_Line], parts: Parts, metadata: Metadata) -> None:
    """Lines outside the article that are no sentences: a site's furniture that nothing else gives away.

    The title and what stands between it and the article (subtitle, byline) are kept, and whole sentences anywhere.
    """
    if parts.main is None or not any(line.inside for line in lines):
        return
    first = next(index for index, line in enumerate(lines) if line.inside)
    title = _title_line(lines[: first + 1], metadata.title or "")
    for index, line in enumerate(lines):
        if line.inside or (title is not None and title <= index < first and line.linked <= 0.5 * len(line.text)):
            continue
        sentence = (
            len(line.text) >= SENTENCE_CHARS and _COMPLETE.search(line.text) and line.linked <= 0.5 * len(line.text)
        )
        if not sentence:
            line.mark("navigation" if line.linked > 0.5 * len(line.text) else "boilerplate")


def _title_line(lines: list[_Line], title: str) -> int | None:
    """The line that says the page's title; else the last heading of the first depth."""
    wanted = letters(title)
    for index, line in enumerate(lines):
        said = letters(line.kept)
        if wanted and said and (said == wanted or (said in wanted and len(said) >= TITLE_SHARE * len(wanted))):
            return index
    return next((index for index in reversed(range(len(lines))) if lines[index].depth == 1 and lines[index].kept), None)


def _all_but_hidden(root: _Element, parts: Parts) -> list[_Line]:
    """A page that is all menus, such as an index: its words are kept, since there is nothing else."""
    hidden = {element: reason for element, reason in parts.reasons.items() if reason in ("hidden", "reading_aid")}
    return _Writer(Parts(hidden)).write(root)


def _doubts(lines: list[_Line], parts: Parts) -> tuple[str, ...]:
    hidden = sum(any(reason == "hidden" for _, reason in line.pieces) for line in lines)
    said = (f"网页里有 {hidden} 处看不见的文字，已略去。",) if hidden else ()
    return (*said, "网页把正文标为隐藏，仍照常读取。") if parts.unhidden else said


def _source(lines: list[_Line], metadata: Metadata, doubts: tuple[str, ...]) -> Source:
    pieces: list[str] = []
    headings: list[Heading] = []
    marked: list[Dropped] = []
    at = 0
    for line in lines:
        # An empty line keeps two paragraphs apart that a page break might seem to have cut.
        edge = "" if not at else "\n" if line.soft else "\n\n"
        at += len(edge)
        pieces.append(edge)
        start = at
        for text, reason in line.pieces:
            if reason:
                marked.append(Dropped(at, at + len(text), reason))
            marked.extend(
                Dropped(at + m.start(), at + m.end(), "mojibake")
                for m in re.finditer(f"{REPLACEMENT}+", text)
                if not reason
            )
            pieces.append(text)
            at += len(text)
        if line.depth and line.kept.strip():
            headings.append(Heading(start, at, line.depth))
    text = "".join(pieces)
    return Source("", "", 0, "", False, text, tuple(headings), (), _merged(marked), metadata, doubts)


def _merged(marked: list[Dropped]) -> tuple[Dropped, ...]:
    merged: list[Dropped] = []
    for run in marked:
        if merged and merged[-1].end == run.start and merged[-1].reason == run.reason:
            merged[-1] = Dropped(merged[-1].start, run.end, run.reason)
        else:
            merged.append(run)
    return tuple(merged)


def _flat(markup: str) -> Source:
    """The words of a page that nests too deep for a tree: tags cut out, in one pass."""
    pieces: list[str] = []
    at, skipping = 0, ""
    for tag in _TAG.finditer(markup):
        if not skipping:
            pieces.append(markup[at : tag.start()])
        name = (tag[2] or "").lower()
        if skipping:
            skipping = "" if tag[1] and name == skipping else skipping
        elif name in UNSEEN and not tag[1] and name not in ("meta", "link", "embed"):
            skipping = name
        if name in _BLOCKS or name == "br":
            pieces.append("\n\n")
        at = tag.end()
    pieces.append("" if skipping else markup[at:])
    lines = re.sub(r"\n{2,}", "<br>", "".join(pieces).replace("<", "&lt;"))
    root = etree.fromstring(f"<p>{_UNREADABLE.sub('', lines)}", etree.HTMLParser(huge_tree=True))
    return _source(_Writer(Parts()).write(root), Metadata(), ("网页嵌套过深，只取了文字，没有分出菜单和正文。",))
