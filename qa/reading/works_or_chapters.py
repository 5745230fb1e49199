"""Judges whether titles begin works of their own or the chapters of one work, and how sure that is.

Each sign adds to the log-odds: what the titles say, how the headings below them are numbered, who signs them, the
cover. To split one report does more harm than to leave a compilation whole, so a doubtful file stays one.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import exp
from pathlib import Path
from typing import Literal

from qa.places import gazetteer
from qa.reading.cleaning import Line
from qa.reading.title_matching import NUMBER
from qa.text import simplify

By = Literal["contents", "styles", "form", "marks"]
# What sets all titles off: a label before them (标题：), a count above or within them, a rule above, a box around.
Mark = Literal["label", "count", "number", "series", "source", "rule", "box"]
_TITLES = Path(__file__).resolve().parent.parent / "data" / "work_titles.toml"
_CHAPTER = re.compile(
    r"^(?:第[一二三四五六七八九十百\d]{1,4}(?:部分|[章节])|[一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十]{1,3}[)）]|\d{1,2}[、.．])"
)
_PART = re.compile(r"^第[一二三四五六七八九十百\d]{1,4}[篇编辑卷]")
_SUBTITLE = re.compile(r"[—–]{1,}|--")
_TAIL = re.compile(r"[(（《〔【][^（(]{0,20}[)）》〕】]$|\d+$")
_FIRST = re.compile(r"^一\s*[、.．]\s*\S")
_LATER = re.compile(r"^[二三四五六七八九十]\s*[、.．]\s*\S")
_ROUND_LATER = re.compile(r"^[（(][二三四五六七八九十][)）]")
_COUNT = re.compile(r"(\d{1,3})\s*篇")
SURE_ENOUGH = 0.85  # a file is split from here on
DOUBTFUL = 0.3  # from here on the report says that it could be several works
LONG_BODY = 300  # characters
# Log-odds, set by eye and checked by `benchmarks.splits`: what each sign adds where all titles show it.
_BEFORE: dict[By, float] = {"contents": -0.5, "styles": -1.0, "form": -2.0, "marks": -2.0}
_MARKS: dict[Mark, float] = {
    "label": 6.0, "count": 3.5, "number": 1.0, "series": 3.5, "source": 4.0, "rule": 3.5, "box": 1.0
}  # fmt: skip
_ONE_TITLED = -3.0  # the first title alone names a kind and whose it is: it is that of all
_TWO = -2.0
_KIND_AND_HOLDER, _KIND, _HOLDER = 3.0, 1.0, 0.5
_CHAPTER_WORDS = -4.0
_NAMED = 0.6  # of what numbers say, taken back where titles name a kind and whose it is
_NUMBERED, _NUMBERED_RESTARTING, _NUMBERED_PARTS = -3.5, -0.5, 0.5
_RESTARTS = 1.5
_CONTINUES = -4.0
_SIGNED, _ALL_SIGNED, _DATED = 3.5, 0.5, 1.5
_COLLECTION, _ONE_WORK = 2.5, -2.5
_COUNTED = 2.0
_GROUPS = 2.0
_LONG = 0.5


@dataclass(frozen=True, slots=True)
class Proposal:
    """Works as they would be: titles as they stand, the lines below each, and whether it is signed or opens as works
    do below its title; the mark that sets the titles off."""

    by: By
    titles: tuple[str, ...]
    bodies: tuple[tuple[Line, ...], ...]
    signed: tuple[bool, ...]
    cover: str = ""
    grouped: bool = False
    mark: Mark | None = None
    dated: tuple[bool, ...] = ()


@dataclass(frozen=True, slots=True)
class _Words:
    kinds: re.Pattern[str]
    books: re.Pattern[str]
    chapters: re.Pattern[str]
    collections: re.Pattern[str]
    holders: re.Pattern[str]


@cache
def _words() -> _Words:
    data = tomllib.loads(_TITLES.read_text("utf-8"))
    return _Words(
        re.compile(rf"(?:{'|'.join(data['kinds'])})$"),
        re.compile(rf"(?:{'|'.join(data['books'])})$"),
        re.compile(rf"^(?:{'|'.join(data['chapters'])})$"),
        re.compile(data["collections"]),
        re.compile(data["holders"]),
    )


def sureness(proposal: Proposal) -> float:
    """How sure it is (0-1) that the titles are those of works."""
    return 1 / (1 + exp(-_log_odds(proposal)))


def names_kind(title: str) -> bool:
    """Does a title, or the part of it before a subtitle, end with a kind of document?"""
    return _ends_with(_words().kinds, title)


def _ends_with(kinds: re.Pattern[str], title: str) -> bool:
    parts = [part.strip() for part in _SUBTITLE.split(simplify(title))]
    return any(kinds.search(_TAIL.sub("", part)) for part in parts if part)


def names_holder(title: str) -> bool:
    """Does a title name a place or an office?"""
    title = simplify(title)
    return bool(_words().holders.search(title)) or bool(gazetteer().find(title))


def names_chapter(title: str) -> bool:
    """Is a title one that chapters have (基本情况, 结语)?"""
    return bool(_words().chapters.match(simplify(NUMBER.sub("", title.strip()))))


def names_collection(cover: str) -> bool:
    return bool(_words().collections.search(simplify(cover)))


def numbered(title: str) -> bool:
    """Is a title numbered as chapters are (一、, 第一章, 1.)?"""
    return bool(_CHAPTER.match(title.strip()))


def _log_odds(proposal: Proposal) -> float:
    titles, bodies = proposal.titles, proposal.bodies
    again = _share([restarts(body) for body in bodies])
    chapters = _share([numbered(title) for title in titles])
    kinds = [names_kind(title) for title in titles]
    holders = [names_holder(title) for title in titles]
    both = _share([kind and holder for kind, holder in zip(kinds, holders, strict=True)])
    restarting = again if not any(title.startswith("第") and numbered(title) for title in titles) else 0.0
    odds = _BEFORE[proposal.by] + (_TWO if len(titles) == 2 else 0.0)
    odds += both * _KIND_AND_HOLDER + (_share(kinds) - both) * _KIND + (_share(holders) - both) * _HOLDER
    odds += _CHAPTER_WORDS * _share([names_chapter(title) for title in titles])
    odds += chapters * (1 - _NAMED * both) * (restarting * _NUMBERED_RESTARTING + (1 - restarting) * _NUMBERED)
    odds += _NUMBERED_PARTS * _share([bool(_PART.match(title)) for title in titles])
    odds += _RESTARTS * restarting + _CONTINUES * _share([_continues(body) for body in bodies])
    odds += _of_signatures(proposal, kinds) + (_GROUPS if proposal.grouped else 0.0)
    if proposal.mark:
        odds += _MARKS[proposal.mark] + (_ONE_TITLED if kinds[0] and not any(kinds[1:]) else 0.0)
    return odds + _of_cover(proposal.cover, len(titles)) + _of_length(bodies)


def _of_signatures(proposal: Proposal, kinds: Sequence[bool]) -> float:
    """Names, offices and openings tell; a date alone does where the title names a kind: events have dates, too."""
    dated = proposal.dated or (False,) * len(kinds)
    known = [signed or (date and kind) for signed, date, kind in zip(proposal.signed, dated, kinds, strict=True)]
    everyone = _ALL_SIGNED if all(known) and len(known) > 2 else 0.0
    return _SIGNED * _share(known) + everyone + _DATED * _share(dated) * (1 - _share(known))


def _share(claims: Sequence[bool]) -> float:
    return sum(claims) / len(claims) if claims else 0.0


def restarts(body: Sequence[Line]) -> bool:
    """Do its headings begin at 一?"""
    return next(
        (bool(_FIRST.match(line.text)) for line in body if _FIRST.match(line.text) or _LATER.match(line.text)), False
    )


def _continues(body: Sequence[Line]) -> bool:
    """Do its headings go on counting from those above its title?"""
    first = next(
        (
            line.text
            for line in body
            if _FIRST.match(line.text) or _LATER.match(line.text) or _ROUND_LATER.match(line.text)
        ),
        "",
    )
    return bool(first) and not _FIRST.match(first)


def _of_cover(cover: str, count: int) -> float:
    if not cover:
        return 0.0
    if names_collection(cover):
        told = _COUNT.search(cover)
        return _COLLECTION + (_COUNTED if told and int(told[1]) == count else 0.0)
    return _ONE_WORK if _ends_with(_words().books, cover) else 0.0


def _of_length(bodies: Sequence[Sequence[Line]]) -> float:
    lengths = sorted(sum(len(line.text) for line in body) for body in bodies)
    middle = lengths[len(lengths) // 2]
    return _LONG if middle >= LONG_BODY else 0.0
