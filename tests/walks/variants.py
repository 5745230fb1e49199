"""The sample's documents in other clothes: every format, encoding and line end in which a writer may hold them.

A document is taken apart into blocks once and written out again, in another format, from these. Knows nothing of the
product.
"""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from html import escape
from itertools import cycle, groupby
from typing import Literal

from tests.unit.reading.formats import office_files as office
from tests.unit.reading.formats import pdf_making as pdf
from tests.walks.asking import SEEDS

COMPILATION = "01_年度工作汇编.txt"
REVIEW = "02_云泽省公共图书馆综述.txt"
REPORT = "04_青嶼市公車線網報道.md"  # in Traditional script
DIRECTORY = "09_术语与措施名录.md"
FILES = (COMPILATION, REVIEW, REPORT, DIRECTORY)
ENCODINGS = {
    "utf-8": lambda text: text.encode("utf-8"),
    "utf-8 with mark": lambda text: text.encode("utf-8-sig"),
    "utf-16-le": lambda text: b"\xff\xfe" + text.encode("utf-16-le"),
    "utf-16-be": lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
    "utf-16-le without mark": lambda text: text.encode("utf-16-le"),
    "gb18030": lambda text: text.encode("gb18030"),
    "big5": lambda text: text.encode("big5"),
}
LINE_ENDS = {"lf": "\n", "crlf": "\r\n", "cr": "\r"}
CHARSETS = {
    "utf-8 with mark": "utf-8",
    "utf-16-le": "utf-16",
    "utf-16-be": "utf-16",
    "utf-16-le without mark": "utf-16",
}
INDENT = "\u3000\u3000"


@dataclass(frozen=True)
class Block:
    """A line of a document, and what it is there.

    `rest` is what a page break cut off the line before; `depth` and `number` (None for a bullet) are those of an item;
    `number` of an entry of the contents is its page.
    """

    kind: Literal["title", "entry", "work", "heading", "text", "line", "rest", "item"]
    text: str
    depth: int = 1
    number: str | None = None


@dataclass(frozen=True)
class Variant:
    """A document of the sample as another file. `pages` says where its pages' numbers come from."""

    id: str
    file: str
    name: str
    make: Callable[[], bytes]
    pages: Literal["contents", "printed", "none"]

    def __str__(self) -> str:
        return self.id


# Taken apart


@cache
def blocks(file: str) -> tuple[Block, ...]:
    lines = [line for line in (SEEDS / file).read_text("utf-8").split("\n") if line.strip()]
    if file == COMPILATION:
        return tuple(_of_compilation(lines))
    return tuple(_of_review(lines) if file == REVIEW else _of_markdown(lines))


def _of_compilation(lines: list[str]) -> Iterator[Block]:
    entries = [match for line in lines if (match := re.match(r"^(\S+)\u3000\u3000(\d+)$", line))]
    works = {entry[1].strip("：") for entry in entries}
    before = Block("title", "")
    for line in lines:
        if entry := re.match(r"^(\S+)\u3000\u3000(\d+)$", line):
            block = Block("entry", entry[1], number=entry[2])
        elif line.startswith(INDENT):
            block = Block("text", line.strip(INDENT))
        elif line in works:
            block = Block("work", line)
        elif before.kind in ("work", "text", "rest", "line", "heading") and re.match(r"[一二三四]、", line):
            block = Block("line" if re.match(r".、.级$", line) else "heading", line, 2)
        elif before.kind in ("text", "rest") and before.text[-1] not in "。；：":
            block = Block("rest", line)
        else:
            block = Block("line" if before.text else "title", line)
        yield block
        before = block


def _of_review(lines: list[str]) -> Iterator[Block]:
    yield Block("title", lines[0] + lines[1])
    for line in lines[2:]:
        yield Block("text", line) if line[-1] in ".)" else Block("heading", line, 2)


def _of_markdown(lines: list[str]) -> Iterator[Block]:
    for line in lines:
        text = line.strip().replace("**", "")
        if text.startswith("#"):
            depth = len(text) - len(text.lstrip("#"))
            yield Block("title" if depth == 1 else "heading", text.lstrip("# "), depth)
        elif item := re.match(r"( *)(?:-|(\d+)\.) (.+)", line.replace("**", "")):
            yield Block("item", item[3], 1 + len(item[1]) // 2, item[2])
        elif text != "---":
            yield Block("text", text.lstrip("> "))


def whole(parts: Iterable[Block]) -> tuple[Block, ...]:
    """The blocks with what page breaks cut put together, as an author's own file has it."""
    joined: list[Block] = []
    for block in parts:
        if block.kind == "rest":
            joined[-1] = replace(joined[-1], text=joined[-1].text + block.text)
        else:
            joined.append(block)
    return tuple(joined)


def with_bullet(block: Block, bullet: str = "•") -> str:
    return f"{block.number}. {block.text}" if block.number else f"{bullet}{block.text}"


# Written out


def as_text(parts: Iterable[Block]) -> str:
    shown = {
        "entry": lambda b: f"{b.text}\u3000\u3000{b.number}",
        "text": lambda b: INDENT + b.text,
        "item": with_bullet,
    }
    return "".join(shown.get(b.kind, lambda b: b.text)(b) + "\n" for b in parts)


def as_markdown(parts: Iterable[Block]) -> str:
    shown = {
        "title": lambda b: f"# {b.text}",
        "work": lambda b: f"# {b.text}",
        "heading": lambda b: f"## {b.text}",
        "entry": lambda b: f"- {b.text}\u3000\u3000{b.number}",
        "item": lambda b: "  " * (b.depth - 1) + (f"{b.number}. {b.text}" if b.number else f"- **{b.text}**"),
    }
    lines = (("\n" if b.kind == "rest" else "\n\n") + shown.get(b.kind, lambda b: b.text)(b) for b in parts)
    return "".join(lines).lstrip("\n") + "\n"


def as_body(parts: Iterable[Block]) -> str:
    """The body of a web page. Works and titles are first headings, lists are lists."""
    parts = tuple(parts)
    indent = INDENT if any(block.kind == "rest" for block in parts) else ""
    tags = {"title": "h1", "work": "h1", "heading": "h2"}
    written = []
    for kind, group in groupby(parts, key=lambda block: block.kind):
        alike = list(group)
        if kind == "item":
            written.append(_list_of(alike))
            continue
        for block in alike:
            tag = tags.get(kind, "p")
            page = f"……{block.number}" if kind == "entry" else ""
            before = indent if kind == "text" else ""
            written.append(f"<{tag}>{before}{escape(block.text)}{page}</{tag}>")
    return "\n".join(written)


def _list_of(items: list[Block]) -> str:
    """Nested lists in HTML."""
    tag, depth = ("ol" if items[0].number else "ul"), items[0].depth
    written, at = [], 0
    while at < len(items):
        end = next((i for i in range(at + 1, len(items)) if items[i].depth <= depth), len(items))
        inner = _list_of(items[at + 1 : end]) if end > at + 1 else ""
        written.append(f"<li>{escape(items[at].text)}{inner}</li>")
        at = end
    return f"<{tag}>\n" + "\n".join(written) + f"\n</{tag}>"


def as_page(parts: Iterable[Block], charset: str = "utf-8", traditional: bool = False) -> str:
    """A saved web page with its menu and its foot."""
    parts = tuple(parts)
    names, foot = (
        (("首頁", "要聞", "數據"), "網站地圖 | 聯絡我們")
        if traditional
        else (("首页", "要闻", "数据"), "网站地图 | 联系我们")
    )
    menu = "".join(f'<li><a href="/{n}">{name}</a></li>\n' for n, name in enumerate(names))
    return (
        f'<!DOCTYPE html>\n<html lang="zh">\n<head>\n<meta charset="{charset}">\n'
        f"<title>{escape(parts[0].text)}</title>\n</head>\n<body>\n<nav>\n<ul>\n{menu}</ul>\n</nav>\n"
        f"<article>\n{as_body(parts)}\n</article>\n<footer>\n<p>{foot}</p>\n</footer>\n</body>\n</html>\n"
    )


def as_old_page(parts: Iterable[Block]) -> str:
    """A page as they were made before style sheets: a table for the frame, line breaks and blanks for paragraphs."""
    parts = tuple(parts)
    lines = [escape(line) for block in parts for line in as_text([block]).split("\n") if line]
    body = "<br>\n".join(line.replace(INDENT, "&nbsp;" * 4) for line in lines)
    menu = " | ".join(f'<a href="/{n}">{name}</a>' for n, name in enumerate(("首页", "要闻", "民生", "数据")))
    return (
        f"<html><head><title>{escape(parts[0].text)}</title></head>\n<body bgcolor=#ffffff><table width=760>"
        f"<tr><td>{menu}</td></tr>\n<tr><td>{body}</td></tr></table></body></html>\n"
    )


def as_word(parts: Iterable[Block]) -> bytes:
    return office.docx("".join(map(_word_paragraph, parts)), numbering=office.BULLETS_AND_COUNTS)


def _word_paragraph(block: Block) -> str:
    match block.kind:
        case "entry":
            return office.paragraph(
                f"{office.run(block.text)}<w:r><w:tab/></w:r>{office.run(block.number or '')}", "TOC1"
            )
        case "title" | "work" | "heading":
            return office.paragraph(block.text, {"title": "T", "work": "1", "heading": "2"}[block.kind])
        case "item" if block.number:
            return office.numbered(block.text, 1, 2)
        case "item":
            return office.numbered(block.text, 2)
        case "text":
            return office.paragraph(block.text, properties='<w:ind w:firstLineChars="200" w:firstLine="480"/>')
    return office.paragraph(block.text)


def as_open_document(parts: Iterable[Block]) -> bytes:
    written = []
    for block in parts:
        text = escape(block.text)
        if block.kind in ("title", "work", "heading"):
            depth = 2 if block.kind == "heading" else 1
            written.append(f'<text:h text:outline-level="{depth}">{text}</text:h>')
        elif block.kind == "entry":
            written.append(f"<text:p>{text}<text:tab/>{block.number}</text:p>")
        else:
            shown = {"text": INDENT + text, "item": escape(with_bullet(block))}.get(block.kind, text)
            written.append(f"<text:p>{shown}</text:p>")
    return office.odt("".join(written))


def as_book(parts: Iterable[Block]) -> bytes:
    """An e-book: what stands before the first work is a chapter, and so is each work."""
    chapters: list[list[Block]] = [[]]
    for block in parts:
        if block.kind == "work":
            chapters.append([])
        chapters[-1].append(block)
    bodies = {f"c{number}": as_body(chapter) for number, chapter in enumerate(chapters)}
    return office.epub(bodies, f"<dc:title>{escape(chapters[0][0].text)}</dc:title>")


def as_records(parts: Iterable[Block]) -> str:
    """JSON Lines: each work a record; the contents are none."""
    works: list[dict] = []
    for block in parts:
        if block.kind in ("title", "work"):
            works.append({"id": f"w{len(works)}", "title": block.text, "text": ""})
        elif block.text.startswith("免责声明"):
            break
        else:
            works[-1]["text"] += as_text([block])
    found = works if len(works) == 1 else works[1:]
    return "".join(json.dumps(work, ensure_ascii=False) + "\n" for work in found)


# Printed


class Printed(pdf.Book):
    """A PDF that remembers which page each of its words was printed on; what stands in its margins is left out."""

    def __init__(self, first: int = 1, front: int = 0, columns: int = 1, size: float = 12, head: str = "") -> None:
        """`front` pages come before the numbered ones, which begin with the page `first`."""
        self.first, self.front = first, front
        self.drawn: list[tuple[int, str]] = []
        super().__init__(lambda sheet: head, self._foot, size, columns)

    def number(self, sheet: int) -> int:
        return sheet - self.front + self.first - 1

    def _foot(self, sheet: int) -> str:
        return f"— {self.number(sheet)} —" if sheet > self.front else ""

    def draw(self, x: float, y: float, text: str, size: float = 12) -> None:
        if pdf.BOTTOM <= y <= pdf.TOP:
            self.drawn.append((self.number(self.sheet), text))
        super().draw(x, y, text, size)

    def title(self, lines: list[str], size: float) -> None:
        """A title, over all columns."""
        if self.columns == 1:
            for line in lines:
                self.heading(line, size)
            return
        for number, line in enumerate(reversed(lines)):
            left = (pdf.WIDTH - pdf.width(line, size)) / 2
            super().draw(left, pdf.TOP + 8 + number * size * 1.5, line, size)

    def pages_of(self, words: str) -> list[int]:
        """The page of each place where the words begin, in the order of the pages."""
        text = "".join(line for _, line in self.drawn)
        pages = [page for page, line in self.drawn for _ in line]
        return [pages[at.start()] for at in re.finditer(re.escape(words), text) if pages[at.start()] >= self.first]


@dataclass(frozen=True)
class Layout:
    """How a document is printed."""

    columns: int = 1
    size: float = 12
    first: int = 1
    front: int = 2
    head: str = ""


@cache
def printed(file: str, layout: Layout) -> Printed:
    """The document in print. A compilation's contents name the pages on which its works do begin."""
    parts = whole(blocks(file))
    if file != COMPILATION:
        return _print(parts, replace(layout, front=0), {})[0]
    _, begins = _print(parts, layout, {})
    return _print(parts, layout, begins)[0]


def _print(parts: tuple[Block, ...], layout: Layout, begins: dict[str, int]) -> tuple[Printed, dict[str, int]]:
    book = Printed(layout.first, layout.front, layout.columns, layout.size, layout.head)
    found: dict[str, int] = {}
    for block in parts:
        if block.kind == "title":
            book.title(re.split("(?=——)", block.text), layout.size * 1.4)
            if layout.front:
                book.next_page()
        elif block.kind == "entry":
            book.entry(block.text, str(begins.get(block.text.strip("："), block.number)))
        elif block.kind == "work":
            book.next_page()
            found[block.text] = book.number(book.sheet)
            book.heading(block.text, layout.size * 1.4)
        elif block.kind == "heading":
            book.line(block.text, size=layout.size * 1.1)
        elif block.kind == "item":
            book.paragraph(with_bullet(block), indent=0)
        else:
            book.paragraph(block.text, indent=2 if block.kind == "text" else 0)
    return book, found


LAYOUTS = {
    "one column": Layout(),
    "two columns": Layout(columns=2, size=10.5),
    "large type": Layout(size=18),
    "pages from 101, running heads": Layout(size=16, first=101, head="云泽省公共服务资料选编"),
}


# All of them


def variants() -> Iterator[Variant]:
    yield from _texts()
    for file in FILES:
        yield from _pages(file)
        yield from _packed(file)
        yield from _lists(file)
        for layout in LAYOUTS:
            yield _variant(file, "pdf", layout, lambda f=file, n=layout: _bytes(f, LAYOUTS[n]), "printed")


@cache
def _bytes(file: str, layout: Layout) -> bytes:
    return printed(file, layout).data()


def _texts() -> Iterator[Variant]:
    """Every document as text in every encoding with every line end; as Markdown in some."""
    for file in FILES:
        raw = (SEEDS / file).read_text("utf-8")
        other = "md" if file.endswith("txt") else "txt"
        rewritten = as_markdown(blocks(file)) if other == "md" else as_text(blocks(file))
        for encoding, line_end in ((e, n) for e in ENCODINGS for n in LINE_ENDS if e != "big5" or file == REPORT):
            yield _encoded(file, file.rpartition(".")[2], raw, encoding, line_end)
            if encoding in ("utf-8", "gb18030", "big5") and line_end != "cr":
                yield _encoded(file, other, rewritten, encoding, line_end)
        mixed = "".join(line + end for line, end in zip(raw.split("\n"), cycle(LINE_ENDS.values()), strict=False))
        wrapped = "".join(line + "\n" for block in whole(blocks(file)) for line in textwrap.wrap(as_text([block]), 38))
        yield _encoded(file, file.rpartition(".")[2], mixed, how="mixed line ends")
        yield _encoded(file, "txt", wrapped, how="lines of 38 characters")


def _pages(file: str) -> Iterator[Variant]:
    parts = blocks(file)
    for encoding in ENCODINGS:
        if encoding != "big5" or file == REPORT:
            page = as_page(whole(parts), CHARSETS.get(encoding, encoding), file == REPORT)
            yield _encoded(file, "html", page, encoding, "crlf" if encoding == "gb18030" else "lf")
    yield _encoded(file, "html", as_page(whole(parts), traditional=file == REPORT), "utf-8", "cr")
    yield _variant(file, "html", "line breaks for paragraphs", lambda: as_old_page(whole(parts)).encode("gb18030"))
    if file == COMPILATION:
        yield _variant(file, "html", "cut by pages", lambda: as_page(parts).encode())


def _packed(file: str) -> Iterator[Variant]:
    makers = {"docx": as_word, "odt": as_open_document, "epub": as_book}
    for kind, make in makers.items():
        yield _variant(file, kind, "whole", lambda m=make: m(whole(blocks(file))))
        if file == COMPILATION:
            yield _variant(file, kind, "cut by pages", lambda m=make: m(blocks(file)))


def _lists(file: str) -> Iterator[Variant]:
    written = as_records(blocks(file))
    for encoding, line_end in (("utf-8", "lf"), ("utf-8 with mark", "crlf"), ("gb18030", "lf")):
        yield replace(_encoded(file, "jsonl", written, encoding, line_end), pages="none")


def _encoded(file: str, kind: str, text: str, encoding: str = "utf-8", line_end: str = "lf", how: str = "") -> Variant:
    data = ENCODINGS[encoding](text.replace("\n", LINE_ENDS[line_end]))
    return _variant(file, kind, how or f"{encoding}, {line_end}", lambda: data)


def _variant(file: str, kind: str, how: str, make: Callable[[], bytes], pages: str = "contents") -> Variant:
    return Variant(f"{file[:2]} as {kind}, {how}", file, f"{file.rpartition('.')[0]}.{kind}", make, pages)
