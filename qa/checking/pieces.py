"""A sentence as the pieces that are compared: words, and whole quantities, dates, places, quoted names.

A piece is compared by its key; what kind it is says what a difference in it is called. Knows nothing of sources.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Literal

from qa.checking.quantities import Amount, amounts
from qa.indexing.tokens import Tokens
from qa.numbers import DATE, parse_number
from qa.places import gazetteer, short_name, unknown_places
from qa.retrieval.synonyms import groups
from qa.text import fold, simplify

Kind = Literal["word", "number", "date", "place", "name", "mark"]
_DATA = Path(__file__).resolve().parent.parent / "data"
_QUOTED = re.compile(r"[“「『《〈\"]([^“”「」『』《》〈〉\"]{2,20})[”」』》〉\"]")
_CLAUSE = re.compile(r"[，,。；;！!？?：:\n]")
_ORDINAL_ONE = re.compile(r"^一[^\d万亿]*$")
# Words that carry a sentence and say little: they align, but a missing one is no loss.
LIGHT = frozenset(
    "的 了 着 过 在 是 有 和 与 及 以及 等 也 还 就 又 而 并 并且 且 其 其中 该 此 这 那 这个 那个 之 于 为 对 向 从 由 被 把 将 让 使 给 用 以 按 按照 通过 进行 开展 "
    "达 达到 达成 到 至 共 共有 总共 一共 累计 共计 合计 来 去 中 里 上 下 内 后 前 时 期间 目前 近年来 年来 一年 一 个 名 位 家 人 们 都 均 全部 分别 已 已经 曾 "
    "他 她 它 他们 我 我们 所 则 即 如 若 因 因此 所以 但 但是 可 可以 能 会 要 地 得 做 作 做到 成 成为 来自 属于 关于 根据 同时 此外 另外 "
    "当中 里面 之中 实现 推动 推进 着力 大力 不断 持续 深入 扎实 积极 切实 有效 进一步 全面 也就是 即是 约 大约 近 超过 超 突破 余 多 逾 "
    "最 更 很 非常 十分 呢 吗 吧 啊 者 性 化 式".split()
)
NEGATIONS = frozenset(
    "不 没 没有 未 未能 未曾 尚未 并未 从未 并非 不是 不再 不能 不得 不必 无须 无 非 勿 莫 不会 不曾".split()
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of a sentence: offsets into it, the folded words, and what it is.

    `clause` counts the clauses before it. `amount` for a number; `date` (year, month, day; 0 where unsaid) for a date.
    """

    start: int
    end: int
    text: str
    kind: Kind
    clause: int
    amount: Amount | None = None
    date: tuple[int, int, int] = (0, 0, 0)

    @property
    def light(self) -> bool:
        return self.kind == "mark" or (self.kind == "word" and self.text in LIGHT)


def pieces_of(text: str, tokens: Tokens, known: Collection[str] | None = None) -> tuple[Piece, ...]:
    """The pieces of a sentence in order; punctuation is none, quotation marks around names are not in them.

    `known` are names of places besides those of the table; without them what ends as places do is taken for one.
    """
    plain = simplify(text)
    whole = [_dated(plain, match) for match in DATE.finditer(plain) if match["clock"] is None]
    whole += [
        Piece(one.start, one.end, fold(one.text), "number", 0, one)
        for one in amounts(plain)
        if not _ORDINAL_ONE.match(one.text) and not any(d.start < one.end and one.start < d.end for d in whole)
    ]
    whole += [Piece(a, b, plain[a:b], "place", 0) for a, b in places_in(plain, tokens, known)]
    taken: list[Piece] = []
    for piece in sorted(whole, key=lambda p: (p.start, -p.end)):
        if not taken or piece.start >= taken[-1].end:
            taken.append(piece)
    return _with_words(plain, taken, tokens)


def _with_words(plain: str, whole: list[Piece], tokens: Tokens) -> tuple[Piece, ...]:
    edges = sorted(tokens.boundaries(plain) | {0, len(plain)} | {e for p in whole for e in (p.start, p.end)})
    cuts = [match.start() for match in _CLAUSE.finditer(plain)]
    inside = {p.start: p for p in whole}
    found: list[Piece] = []
    at = 0
    for start, end in pairwise(edges):
        if start < at:
            continue
        clause = sum(cut < start for cut in cuts)
        if start in inside:
            one = inside[start]
            found.append(Piece(one.start, one.end, one.text, one.kind, clause, one.amount, one.date))
            at = one.end
            continue
        word = fold(plain[start:end]).strip()
        if word and any(c.isalnum() or c == "%" for c in word):
            found.append(Piece(start, end, word, "word", clause))
    return tuple(found)


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


def regional_variants(word: str) -> frozenset[str]:
    """What the same thing is called across the strait, the word itself among them; empty when there is nothing else."""
    return _regional().get(word, frozenset())


def synonymous(one: str, other: str) -> bool:
    """May one word stand for the other?"""
    return other in groups().get(one, ()) or other in regional_variants(one)
