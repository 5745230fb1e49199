"""Which paragraphs are headings, how deep, and in which words: by number, by style, by standing alone between texts.

Knows nothing of lines or sources.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

_ENDS = "。！？；!?;."
_CLOSERS = "”’」』）)】》〉\"'"
_CLAUSE_END = re.compile(r"[，。；！？,;!?]")
LIST_ITEM = re.compile(r"^(?:[•·●■◆▪○-]\s*|\d{1,2}[、.．)）]\s*|[（(]?[一二三四五六七八九十]{1,3}[)）]\s*)")
_NUMBER = re.compile(r"^\W*\d{1,2}\W")
_DIGIT = re.compile(r"\d")
# Ways of numbering, the outermost first. Only those that a text uses count: 一、 is its first depth where it has no 章.
_NUMBERED = (
    re.compile(r"^第[一二三四五六七八九十百\d]{1,4}(?:[篇编卷]|部分)\s*\S"),
    re.compile(r"^第[一二三四五六七八九十百\d]{1,4}章\s*\S"),
    re.compile(r"^第[一二三四五六七八九十百\d]{1,4}节\s*\S"),
    re.compile(r"^[一二三四五六七八九十]{1,3}\s*[、．.]\s*\S"),
    re.compile(r"^[（(][一二三四五六七八九十]{1,3}[)）]\s*\S"),
    re.compile(r"^\d{1,2}\s*[、．.]\s*(?!\d)\S"),
    re.compile(r"^[（(]\d{1,2}[)）]\s*\S"),
    re.compile(r"^[一二三四五六七八九十]{1,3}是(?=\S{4})"),
)
# What is asked heads what is answered: 问：末班船几点开？
_ASKED = re.compile(
    r"^(?:[【\[（(]?(?:提?问|问题|Q)\s*\d{0,3}[】\])）]?\s*[:：.、]?|\d{1,3}\s*[.、．])\s*[^。；\n]{2,56}[？?]$",
    re.IGNORECASE,
)
_ASKED_RANK = 5  # that of 1.
_CAPTION = re.compile(
    r"^(?:附?[图表圖]\s*[-\d一二三四五六七八九十]{1,4}(?:[\s\u3000:：.、-]|$)|[图圖][为片為]|[(（]?(?:单位|單位|注|备注|數據來源|数据来源|资料来源)\s*[:：])"
)
NUMBERED_HEADING_CHARS = 64
PLAIN_HEADING_CHARS = 32
_DEPTHS = (1, 1, 2, 1, 2, 3, 4, 5)  # of those ways, where styles give other headings theirs
RUN_IN_CHARS = 34
RUN_IN_TEXT = 30  # characters that a heading run in must have behind it
MIN_RUN_IN = 2
LISTED = 3  # numbered lines in a row without text between are a list
PLAIN = 4.0  # the rank of a heading without number: that of （一）
BELOW = 0.5


@dataclass(frozen=True, slots=True)
class Heading:
    """`depth` is 0 for text; `words` are those of the heading, with its number."""

    depth: int = 0
    words: str = ""


@dataclass(frozen=True, slots=True)
class _Sign:
    """Why a paragraph is a heading: its rank among the ways of numbering, its depth where its format styles it."""

    rank: float
    words: str
    styled: int = 0
    plain: bool = False


def headings(texts: Sequence[str], styled: Sequence[int]) -> list[Heading]:
    """For each paragraph, whether it is a heading. `styled` are the depths that their format gives, 0 for none."""
    signs = [_sign(texts, at, depth) for at, depth in enumerate(styled)]
    signs = _without_lists(_with_run_in(texts, signs))
    signs = list(_in_pairs(signs))
    if any(styled):
        return [_of(sign, _depth(sign.rank)) if sign else Heading() for sign in signs]
    ranks = sorted({sign.rank for sign in signs if sign})
    return [_of(sign, ranks.index(sign.rank) + 1) if sign else Heading() for sign in signs]


def _of(sign: _Sign, depth: int) -> Heading:
    return Heading(sign.styled or depth, sign.words)


def _sign(texts: Sequence[str], at: int, styled: int) -> _Sign | None:
    text = texts[at]
    rank = _rank_of(text)
    if styled or rank is not None:
        return _Sign(PLAIN if rank is None else rank, text, styled)
    return _Sign(PLAIN, text, plain=True) if _is_plain_heading(texts, at) else None


def _rank(text: str) -> int | None:
    return next((rank for rank, pattern in enumerate(_NUMBERED) if pattern.match(text)), None)


def _rank_of(text: str) -> int | None:
    """The rank of a text that is nothing but a numbered heading, or a question that heads its answer."""
    if len(text) > NUMBERED_HEADING_CHARS:
        return None
    if _ASKED.match(text):
        return _ASKED_RANK
    return None if "。" in text[:-1] or is_complete(text) else _rank(text)


def heading_depth(text: str) -> int:
    """1 and more for a numbered heading, 0 when the text is none; 一、 counts as outermost."""
    rank = _rank_of(text)
    return 0 if rank is None else _depth(rank)


def _depth(rank: float) -> int:
    return _DEPTHS[int(rank)] + (rank > int(rank))


def _with_run_in(texts: Sequence[str], signs: Sequence[_Sign | None]) -> list[_Sign | None]:
    """Also the numbered first sentences of paragraphs: （一）加强领导。各乡镇要…… Where one rank has several."""
    run_in = [None if sign else _run_in(text) for text, sign in zip(texts, signs, strict=True)]
    times = Counter(sign.rank for sign in run_in if sign)
    return [
        sign or (own if own and times[own.rank] >= MIN_RUN_IN else None)
        for sign, own in zip(signs, run_in, strict=True)
    ]


def _run_in(text: str) -> _Sign | None:
    end = text.find("。", 0, RUN_IN_CHARS)
    if end < 0 or len(text) - end < RUN_IN_TEXT:
        return None
    rank, words = _rank(text), text[: end + 1]
    said = _NUMBER.sub("", words)
    if rank is None or rank == len(_NUMBERED) - 1 or _DIGIT.search(said) or len(_CLAUSE_END.findall(words)) > 2:
        return None
    return _Sign(rank, words)


def _without_lists(signs: Sequence[_Sign | None]) -> list[_Sign | None]:
    """Without numbered lines that follow one another with no text between: those are a list's items."""
    found = list(signs)
    at = 0
    while at < len(found):
        sign, end = found[at], at + 1
        while sign and end < len(found) and (other := found[end]) and other.rank == sign.rank:
            end += 1
        if sign and not sign.styled and not sign.plain and end - at >= LISTED:
            found[at:end] = [None] * (end - at)
        at = end
    return found


def _in_pairs(signs: Sequence[_Sign | None]) -> Iterator[_Sign | None]:
    """A heading on two lines is one with another below it; of three lines and more without numbers the last is one."""
    for at, sign in enumerate(signs):
        if sign is None or not sign.plain:
            yield sign
            continue
        above, below = _plain_run(signs, at, -1), _plain_run(signs, at, 1)
        if above + below + 1 >= LISTED:
            yield sign if below == 0 else None
        else:
            yield replace(sign, rank=sign.rank + BELOW) if above else sign


def _plain_run(signs: Sequence[_Sign | None], at: int, step: int) -> int:
    """How many plain headings follow one another on one side of a place."""
    count = 0
    while 0 <= at + step < len(signs) and (other := signs[at + step]) and other.plain:
        count, at = count + 1, at + step
    return count


def _is_plain_heading(texts: Sequence[str], index: int) -> bool:
    """A short line without an end, a comma-rich clause or a list mark, between whole paragraphs, with text below it.

    A caption is none.
    """
    text = texts[index]
    if (
        len(text) > PLAIN_HEADING_CHARS
        or is_complete(text)
        or text[-1] in "，、：,:—"
        or LIST_ITEM.match(text)
        or _CAPTION.match(text)
        or len(_CLAUSE_END.findall(text)) > 1
        or "。" in text
    ):
        return False
    below = next((t for t in texts[index + 1 : index + 4] if is_complete(t)), "")
    return bool(below) and (index == 0 or is_complete(texts[index - 1]) or len(texts[index - 1]) <= PLAIN_HEADING_CHARS)


def is_complete(text: str) -> bool:
    """Does the text end as a sentence ends, closing marks aside?"""
    bare = text.rstrip(_CLOSERS + " \u3000")
    return bool(bare) and (bare[-1] in _ENDS or bare.endswith("…"))
