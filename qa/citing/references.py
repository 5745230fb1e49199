"""What is known of a source, as one who cites it needs it, and what is not known.

None stands for what is not known and has to be shown as missing; "" and () for what such a source does not have.
Nothing is made up here: the place that a document is about is no place of publication, the year that it speaks of no
year of publication, a page of the file no printed page. Knows no style.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from qa.citing.kinds import TypeMark, type_of
from qa.citing.pages import page_at
from qa.types import Document

Field = Literal["author", "title", "host", "container", "place", "publisher", "year", "page", "url", "accessed"]

# How a missing field is called, in the order of a reference.
CALLED: dict[Field, str] = {
    "author": "责任者",
    "title": "题名",
    "host": "汇编题名",
    "container": "报刊名",
    "place": "出版地",
    "publisher": "出版者",
    "year": "出版年",
    "page": "页码",
    "url": "网址",
    "accessed": "引用日期",
}
_LATIN = re.compile(r"[A-Za-zÀ-ÿ]")
_HAN = re.compile(r"[㐀-鿿]")
_BETWEEN_NAMES = re.compile(r"[\s、，,;；]+")
_CALLINGS = frozenset({"本报记者", "记者", "本报", "通讯员", "本报通讯员", "特约记者", "作者"})


@dataclass(frozen=True, slots=True)
class Name:
    """A person or body. `given` and `suffix` only where the family name is known to stand apart."""

    family: str
    given: str = ""
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class Host:
    """The collection that a work is part of. `title` None: not known."""

    title: str | None
    authors: tuple[Name, ...] | None = ()


@dataclass(frozen=True, slots=True)
class Reference:
    """One source. None: not known; "" or (): it has none. Dates are ISO 8601, as exact as known.

    `page` is printed, never the file's; where `page_open`, it is where the work begins, and the quotation's own page is
    not known. For a newspaper `page` is its 版次.
    """

    type: TypeMark
    title: str
    authors: tuple[Name, ...] | None = None
    online: bool = False
    title_inferred: bool = False
    number: str = ""
    translators: tuple[Name, ...] = ()
    edition: str = ""
    host: Host | None = None
    container: str | None = ""
    place: str | None = ""
    publisher: str | None = ""
    date: str | None = ""
    volume: str = ""
    issue: str = ""
    page: str | None = ""
    page_open: bool = False
    url: str | None = ""
    accessed: str | None = ""
    doi: str = ""

    @property
    def year(self) -> str | None:
        return self.date[:4] if self.date else self.date

    @property
    def chinese(self) -> bool:
        """Is it cited with Chinese words (等, 版)?"""
        return bool(_HAN.search(self.title)) or not _LATIN.search(self.title)

    @property
    def missing(self) -> tuple[Field, ...]:
        """What is not known, in the order of a reference."""
        unknown: dict[Field, bool] = {
            "author": self.authors is None,
            "title": self.title_inferred,
            "host": self.host is not None and self.host.title is None,
            "container": self.container is None,
            "place": self.place is None,
            "publisher": self.publisher is None,
            "year": self.date is None,
            "page": self.page is None or self.page_open,
            "url": self.url is None,
            "accessed": self.accessed is None,
        }
        return tuple(field for field, is_unknown in unknown.items() if is_unknown)


def reference_of(document: Document, start: int, end: int, accessed: str | None = None) -> Reference:
    """A quotation's source, from what the library knows of its document.

    `start` and `end` are characters into `document.text`; `accessed` is the day on which the reader opened it online.
    """
    mark, online = type_of(document)
    page, is_open = _pages(document, start, end)
    printed = not online and mark not in ("N", "J")
    return Reference(
        type=mark,
        title=document.title,
        title_inferred=document.title_inferred,
        authors=names(document.author) if document.author else None,
        online=online,
        host=Host(document.compilation or None, ()) if mark == "G" else None,
        container=paper_of(document.publisher) if mark in ("N", "J") else "",
        place=None if printed else "",
        publisher=(document.publisher or None) if printed else "",
        date=document.published,
        page=page if mark != "EB" else page or "",
        page_open=is_open,
        url=(document.url or None) if online else "",
        accessed=accessed if online else "",
    )


def _pages(document: Document, start: int, end: int) -> tuple[str | None, bool]:
    """The printed page or pages of a span, None where unknown; and whether only the work's first page is known."""
    first, kind = page_at(document, start)
    if first is None:
        return None, False
    if kind == "work_start":
        return str(first), True
    last, _ = page_at(document, max(start, end - 1))
    return (f"{first}-{last}" if last not in (None, first) else str(first)), False


def paper_of(publisher: str | None) -> str | None:
    """The paper's own name: 人民网-人民日报 is 人民日报 as its site has it."""
    return re.split(r"\s*[-—–]\s*", publisher)[-1].strip("《》 ") if publisher else None


def names(written: str) -> tuple[Name, ...]:
    """The names in an author line. A Latin name is taken apart only where a comma does it: which part of "John Smith"
    is the family's is not known.
    """
    if not _HAN.search(written):
        pieces = [piece.strip() for piece in re.split(r";|；|\band\b", written) if piece.strip()]
        return tuple(_latin(piece) for piece in pieces)
    pieces = [piece for piece in _BETWEEN_NAMES.split(written) if piece and piece not in _CALLINGS]
    return tuple(Name(re.sub(r"^(?:本报)?(?:记者|通讯员)", "", piece) or piece) for piece in pieces)


def _latin(written: str) -> Name:
    family, comma, given = (piece.strip() for piece in written.partition(","))
    return Name(family, given) if comma and given else Name(written)
