"""What a draft's own words show to be wrong, whatever the sources say: dates, sums, the same figure given twice.

Only what cannot be right is told; where a reading could make it right, nothing is.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import pairwise

from qa.checking.claims import FACTS, Sentence
from qa.checking.pieces import Piece
from qa.checking.quantities import CLOCK, Amount, agree
from qa.places import short_name
from qa.text import simplify
from qa.types import Note

_PAST = re.compile(r"[了过]|已经?|曾|完成|建成|达到|实现了|荣获|召开")
_FUTURE = re.compile(r"将|到时|力争|预计|计划|规划|目标|有望|拟|争取|以前|之前|底前|远景|展望")
_PARTS = re.compile(r"其中|包括|分别(?:为|是|有|达)|由")
_WHOLE = re.compile(r"(?:合计|总计|共计|一共|总共|共)(?:有|为|达|是)?$")
_TOTAL = re.compile(r"(?:合计|总计|共计|一共|总共|总数|总量|共)")
SHARED = 2  # telling words that two figures' clauses have in common before they are of one thing
_NO_COUNT = frozenset(
    ("", "年", "月", "日", "岁", "级", "届", "号", "期", "次", "轮", "层", "成", "倍", "页", "字", CLOCK)
)
_WHOLE_PLACES = frozenset(whole + part for whole in "全我" for part in "省市县区州")


def dates(sentence: Sentence, today: date | None = None) -> Iterator[Note]:
    """Days that no calendar has, and years to come of which something is told as done."""
    now = (today or datetime.now(UTC).date()).year
    for piece in sentence.pieces:
        if piece.kind != "date":
            continue
        year, month, day = piece.date
        said = sentence.text[piece.start : piece.end]
        if month > 12 or (day and month and day > monthrange(year if year > 0 else 2024, month)[1]):
            yield _note(sentence, "impossible_date", f"没有“{said}”这一天", piece.start, piece.end)
        elif year > now and _PAST.search(sentence.text) and not _FUTURE.search(sentence.text):
            yield _note(sentence, "impossible_date", f"“{said}”还没有到，句子却说已经做了", piece.start, piece.end)


def sums(sentence: Sentence) -> Iterator[Note]:
    """Parts that are more than their whole, or that are said to make it up and do not."""
    plain = simplify(sentence.text)
    found = [piece.amount for piece in sentence.pieces if piece.amount and piece.amount.unit not in _NO_COUNT]
    for at, whole in enumerate(found):
        after = [one for one in found[at + 1 :] if one.unit == whole.unit]
        opening = _PARTS.search(plain, whole.end, after[0].start) if after else None
        if (
            opening
            and opening.group() == "其中"
            and len(after) > 1
            and _too_many(whole, after)
            and _apart(plain, after)
        ):
            total = sum(one.value for one in after)
            told = f"各部分合计 {_written(total)}，多于总数“{whole.text}”"
            yield _note(sentence, "sum", told, whole.start, whole.end)
        before = [one for one in found[:at] if one.unit == whole.unit]
        if _WHOLE.search(plain[: whole.start]) and len(before) > 1 and not any(o.about for o in (*before, whole)):
            total = sum(one.value for one in before)
            if (
                abs(total - whole.value) > 1e-6 * max(total, whole.value)
                and "，" not in plain[before[0].end : before[-1].start]
            ):
                told = f"前面各项合计 {_written(total)}，与“{whole.text}”不符"
                yield _note(sentence, "sum", told, whole.start, whole.end)


def _too_many(whole: Amount, parts: list[Amount]) -> bool:
    return sum(one.value for one in parts) > whole.value * (1.005 if whole.about or whole.unit == "%" else 1 + 1e-9)


def _apart(plain: str, parts: list[Amount]) -> bool:
    """Do the parts stand side by side, as parts that exclude one another do, and not one within another?"""
    between = (plain[a.end : b.start] for a, b in pairwise(parts))
    return all("其中" not in one and "。" not in one and "占" not in one for one in between)


def _written(value: float) -> str:
    return f"{value:,.2f}".rstrip("0").rstrip(".").replace(",", "")


@dataclass(frozen=True, slots=True)
class _Stated:
    """A figure of a draft: what it counts, by the words of its clause, where and when."""

    amount: Amount
    words: frozenset[str]
    places: frozenset[str]
    dates: frozenset[str]

    def again(self, other: _Stated) -> bool:
        """Is the same thing counted, at one place and time? 建成 and 有 make no other thing of it."""
        apart = self.words ^ other.words
        return (
            self.amount.unit == other.amount.unit
            and (self.places, self.dates) == (other.places, other.dates)
            and len(self.words & other.words) >= SHARED
            and (not apart or apart <= FACTS)
        )


class Figures:
    """The figures that a draft has given so far, to find the same one given again with another value.

    A sentence that names no place, or says 全省, is of the place named last; the same for its year.
    """

    def __init__(self) -> None:
        self._stated: dict[tuple[str, frozenset[str], frozenset[str]], list[_Stated]] = {}
        self._places: frozenset[str] = frozenset()
        self._dates: frozenset[str] = frozenset()

    def again(self, sentence: Sentence) -> Iterator[Note]:
        """Figures of a sentence that the draft has given before, otherwise; takes note of all of them."""
        self._places = _named(sentence, "place") or self._places
        self._dates = _named(sentence, "date") or self._dates
        new = list(_stated(sentence, self._places, self._dates))
        for one in new:
            known = self._stated.get(_where(one), [])
            other = next((o for o in known if one.again(o) and not _agree(one.amount, o.amount)), None)
            if other is not None:
                told = f"前文写的是“{other.amount.text}”，这里写的是“{one.amount.text}”"
                yield _note(sentence, "stated_twice", told, one.amount.start, one.amount.end)
        for one in new:
            self._stated.setdefault(_where(one), []).append(one)


def _where(one: _Stated) -> tuple[str, frozenset[str], frozenset[str]]:
    return one.amount.unit, one.places, one.dates


def _agree(one: Amount, other: Amount) -> bool:
    return agree(one, other) or agree(other, one)


def _named(sentence: Sentence, kind: str) -> frozenset[str]:
    return frozenset(
        short_name(piece.text) if kind == "place" else piece.text for piece in sentence.pieces if piece.kind == kind
    )


def _stated(sentence: Sentence, places: frozenset[str], dates: frozenset[str]) -> Iterator[_Stated]:
    for at, piece in enumerate(sentence.pieces):
        if piece.amount is None or piece.amount.unit in _NO_COUNT:
            continue
        words = frozenset(_subject(sentence.pieces, at)) - _WHOLE_PLACES
        if len(words) >= SHARED:
            yield _Stated(piece.amount, words, places, dates)


def _subject(pieces: tuple[Piece, ...], at: int) -> Iterator[str]:
    """The telling words of a figure's clause, back to the figure before it and on to the next."""
    for step in (-1, 1):
        k = at + step
        while 0 <= k < len(pieces) and pieces[k].clause == pieces[at].clause and pieces[k].kind != "number":
            if pieces[k].kind == "word" and not pieces[k].light:
                yield pieces[k].text
            k += step


def _note(sentence: Sentence, kind: str, told: str, start: int, end: int) -> Note:
    return Note(kind, told, sentence.start + start, sentence.start + end)  # type: ignore[arg-type]
