"""The rows that a line of contents holds: a title and its page, or several where columns run together.

Also tells the authors that contents name beside the titles from the titles. Knows nothing of where contents stand.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from qa.indexing.people import is_name
from qa.reading.organisations import is_body
from qa.text import simplify

PAGE = r"[(（]?\s*(?:第|P\.?)?\s*(?P<page>\d{1,4}|[ivxlcIVXLC]{1,6})\s*页?\s*[)）]?"
# Between a title and its page: tabs, two spaces or more, dots however set, dashes, a stroke.
LEADER = (
    r"(?:\s*\t\s*|[\s\u3000]{2,}|[\s\u3000]*(?:…|‥|(?:[.．·。•・][\s\u3000]*){2,})[\s\u3000.．·…‥。•・]*"
    r"|[\s\u3000]*[-–—_＿~～=]{2,}[\s\u3000]*|[\s\u3000]+[/／|｜][\s\u3000]*)"
)
# One of several on a line: a leader or a space before the page, spaces or the line's end behind it.
_CELL = re.compile(rf"(?P<title>\S.{{2,80}}?)(?:(?P<leader>{LEADER})|[ \u3000]){PAGE}(?:[\s\u3000]+|$)")
_YEAR = re.compile(r"(?:19|20)\d\d$")
_HAN = re.compile(r"[\u3400-\u9fff]")
_BETWEEN = re.compile(rf"{LEADER}|[\s\u3000]+|[/／|｜]")
_BRACKETED = re.compile(r"^(?P<title>.{2,}?)\s*[(（\[【](?P<names>[^()（）\[\]【】]{2,24})[)）\]】]$")
_LED = re.compile(r"^(?P<names>[\u3400-\u9fff·、 \u3000]{2,24})[:：]\s*(?P<title>.{3,})$")
_NAMES = re.compile(r"^[\s\u3000]*[\u3400-\u9fff][\u3400-\u9fff·、，,/（）() \u3000]{1,40}$")
_AND = re.compile(r"[、,，/ \u3000]+")
MIN_HAN = 3
BESIDE_SHARE = 0.6


@dataclass(frozen=True, slots=True)
class Cell:
    """A title and the page beside it, as they are written."""

    title: str
    page: str


def cells_of(text: str) -> list[Cell]:
    """The titles with pages that stand side by side on one line; [] unless the whole line is made of two or more.

    >>> [cell.page for cell in cells_of("渡口通了……3　　书屋开了……8")]
    ['3', '8']
    """
    found, at = [], 0
    while at < len(text):
        match = _CELL.match(text, at)
        if match is None or len(_HAN.findall(match["title"])) < MIN_HAN:
            return []
        if not match["leader"] and _YEAR.match(match["page"]):
            return []
        found.append(Cell(match["title"].strip(" \u3000.·…"), match["page"]))
        at = match.end()
    return found if len(found) >= 2 else []


def rising(pages: Sequence[str]) -> bool:
    numbers = [int(page) for page in pages if page.isdigit()]
    return all(a <= b for a, b in pairwise(numbers))


@dataclass(frozen=True, slots=True)
class Named:
    """A title without the authors or the office beside it; "" where none stands there."""

    title: str
    names: str = ""


def without_names(titles: Sequence[str]) -> list[Named]:
    """The titles without who wrote them, where contents name that beside most of them; else as they are.

    守渡人的三十年……许清和, 守渡人的三十年（许清和）, 守渡人的三十年 / 许清和, 许清和：守渡人的三十年.
    """
    for way in (_behind, _in_brackets, _before):
        found = [way(title) for title in titles]
        if sum(bool(one.names) for one in found) >= BESIDE_SHARE * len(titles):
            return found
    return [Named(title) for title in titles]


def _behind(title: str) -> Named:
    for match in reversed(list(_BETWEEN.finditer(title))):
        names, rest = title[match.end() :], title[: match.start()]
        if len(_HAN.findall(rest)) >= MIN_HAN and says_who(names):
            return Named(rest.strip(), names.strip())
    return Named(title)


def _in_brackets(title: str) -> Named:
    match = _BRACKETED.match(title)
    return Named(match["title"].strip(), match["names"]) if match and says_who(match["names"]) else Named(title)


def _before(title: str) -> Named:
    match = _LED.match(title)
    return Named(match["title"], match["names"]) if match and are_names(match["names"]) else Named(title)


@lru_cache(maxsize=4096)
def says_who(text: str) -> bool:
    """Is a text nothing but names of people, or the name of an office?"""
    return are_names(text) or (bool(_NAMES.match(text)) and is_body(simplify(text.strip())))


def are_names(text: str) -> bool:
    """Is a text nothing but names of people, set wide or not?"""
    if not _NAMES.match(text):
        return False
    text = simplify(text.strip())
    parts = [part for part in _AND.split(text) if part]
    if len(parts) == 2 and all(len(part) == 1 for part in parts):
        parts = ["".join(parts)]  # 林 叶, set wide
    return bool(parts) and all(is_name(part) for part in parts)
