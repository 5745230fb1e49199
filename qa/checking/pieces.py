"""A sentence as the pieces that are compared: words, and whole quantities, dates, places, quoted names.

A piece is compared by its key; what kind it is says what a difference in it is called. Knows nothing of sources.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Literal
from unicodedata import is_normalized

from qa.checking.quantities import Amount, amounts
from qa.checking.words import word_list
from qa.indexing.tokens import Tokens
from qa.numbers import DATE, parse_number
from qa.places import gazetteer, short_name, unknown_places
from qa.retrieval.synonyms import groups
from qa.text import fold, simplify

Kind = Literal["word", "number", "date", "place", "name", "mark"]
_DATA = Path(__file__).resolve().parent.parent / "data"
_QUOTED = re.compile(r"[“「『《〈\"]([^“”「」『』《》〈〉\"]{2,20})[”」』》〉\"]")
_CLAUSE = re.compile(r"[，,。；;！!？?：:\n]")
_ITEM = re.compile(r"[.、．)）](?!\d)")
_ORDINAL_ONE = re.compile(r"^一[^\d万亿]*$")
LIGHT = word_list("light")
NEGATIONS = word_list("negation")
NOWHERE = word_list("nowhere")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of a sentence: offsets into it, the folded words, and what it is.

    `clause` counts the clauses before it. `light` words carry a sentence and say little.
    `far` words name places that are in no table: countries, regions.
    `amount` for a number; `date` (year, month, day; 0 where unsaid) for a date.
    """

    start: int
    end: int
    text: str
    kind: Kind
    clause: int
    amount: Amount | None = None
    date: tuple[int, int, int] = (0, 0, 0)
    light: bool = False
    far: bool = False


def pieces_of(text: str, tokens: Tokens, known: Collection[str] | None = None) -> tuple[Piece, ...]:
    """The pieces of a sentence in order; punctuation is none, quotation marks around names are not in them.

    `known` are names of places besides those of the table; without them what ends as places do is taken for one.
    """
    plain = simplify(text)
    whole = [_dated(plain, match) for match in DATE.finditer(plain) if match["clock"] is None]
    whole += [
        Piece(one.start, one.end, fold(one.text), "number", 0, one)
        for one in amounts(plain)
        if not _ORDINAL_ONE.match(one.text)
        and not _counts_off(plain, one)
        and not any(d.start < one.end and one.start < d.end for d in whole)
    ]
    whole += [Piece(a, b, plain[a:b], "place", 0) for a, b in places_in(plain, tokens, known)]
    taken: list[Piece] = []
    for piece in sorted(whole, key=lambda p: (p.start, -p.end)):
        if not taken or piece.start >= taken[-1].end:
            taken.append(piece)
    return _with_words(plain, taken, tokens)


def _counts_off(plain: str, one: Amount) -> bool:
    """Is a number only that of an item in a list? 1. 首问负责；2. 限时办结."""
    begins = not plain[: one.start].rstrip(" （(\u3000") or plain[: one.start].rstrip(" （(\u3000")[-1] in "；;。：:\n"
    return begins and not one.unit and bool(_ITEM.match(plain, one.end))


def _with_words(plain: str, whole: list[Piece], tokens: Tokens) -> tuple[Piece, ...]:
    edges = sorted(tokens.boundaries(plain) | {0, len(plain)} | {e for p in whole for e in (p.start, p.end)})
    cuts = [match.start() for match in _CLAUSE.finditer(plain)]
    inside = {p.start: p for p in whole}
    found: list[Piece] = []
    at = 0
    for start, end in pairwise(edges):
        if start < at:
            continue
        clause = bisect_left(cuts, start)
        if start in inside:
            one = inside[start]
            found.append(Piece(one.start, one.end, one.text, one.kind, clause, one.amount, one.date))
            at = one.end
            continue
        word = plain[start:end].strip()
        # A composed word is folded already but for its case.
        word = word.lower() if is_normalized("NFKC", word) else fold(word)
        if word and any(c.isalnum() or c == "%" for c in word):
            found.append(Piece(start, end, word, "word", clause, light=word in LIGHT, far=_far(word, tokens)))
    return tuple(found)


def _far(word: str, tokens: Tokens) -> bool:
    return word not in NOWHERE and tokens.names_place(word)


def _dated(plain: str, match: re.Match[str]) -> Piece:
    year = _year(match["year"] or "")
    month, day = (_small(match["month"] or match["month2"]), _small(match["day"] or match["day2"]))
    return Piece(*match.span(), fold(match.group()), "date", 0, None, (year, month, day))


def _year(written: str) -> int:
    """2022; a relative one (今, 去) as a negative number that its document resolves."""
    relative = {"今": -1, "本": -1, "去": -2, "前": -3, "明": -4}
    value = parse_number(written) if written not in relative else None
    return relative.get(written, int(value) if value and 1000 <= value <= 2999 else 0)


def _small(written: str | None) -> int:
    value = parse_number(written) if written else None
    return int(value) if value else 0


def places_in(plain: str, tokens: Tokens, known: Collection[str] | None = None) -> list[tuple[int, int]]:
    """Spans of the names of places, in order; see `pieces_of`."""
    found = [(a, b) for a, b, place in gazetteer().find(plain)]
    others = unknown_places(plain, tokens.boundaries(plain)) if known is None else [n for n in known if n in plain]
    for name in sorted(others, key=len, reverse=True):
        at = plain.find(name)
        while at >= 0:
            if all(b <= at or a >= at + len(name) for a, b in found):
                found.append((at, at + len(name)))
            at = plain.find(name, at + 1)
    return sorted(found)


def names_in(plain: str) -> list[tuple[int, int]]:
    """Spans of what stands in quotation marks or book marks, the marks left out."""
    return [match.span(1) for match in _QUOTED.finditer(plain)]


@cache
def same_place(one: str, other: str) -> bool:
    """Do two written names mean one place? 四川 and 四川省, 楚雄州 and 楚雄彝族自治州."""
    a, b = short_name(one), short_name(other)
    if a == b or one == other:
        return True
    found = {p.full for p in gazetteer().names.get(one, ())} & {p.full for p in gazetteer().names.get(other, ())}
    return bool(found)


@cache
def opposites() -> Mapping[str, tuple[tuple[Literal["negation", "scope"], frozenset[str]], ...]]:
    """For a word, the words that say something else where it might have stood, and what that is called."""
    found: dict[str, list[tuple[Literal["negation", "scope"], frozenset[str]]]] = {}
    for line in (_DATA / "opposites.txt").read_text("utf-8").splitlines():
        if line.startswith("#") or "|" not in line:
            continue
        kind, _, rest = line.partition(" ")
        left, right = (frozenset(side.split()) for side in rest.split("|"))
        for word in left:
            found.setdefault(word, []).append((kind, right))  # type: ignore[arg-type]
        for word in right:
            found.setdefault(word, []).append((kind, left))  # type: ignore[arg-type]
    return {word: tuple(sides) for word, sides in found.items()}


def opposed(one: str, other: str) -> Literal["negation", "scope"] | None:
    """What it is called when one word stands for the other: negation (增长, 下降), scope (全部, 部分), or None."""
    return next((kind for kind, others in opposites().get(one, ()) if other in others), None)


@cache
def _regional() -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for line in (_DATA / "regional_words.txt").read_text("utf-8").splitlines():
        words = [] if line.startswith("#") else line.split()
        for word in words:
            found.setdefault(word, set()).update(words)
    return {word: frozenset(words) for word, words in found.items()}


@cache
def synonyms(word: str) -> frozenset[str]:
    """The words that may stand for one, those of the other side of the strait among them."""
    return groups().get(word, frozenset()) | _regional().get(word, frozenset())
