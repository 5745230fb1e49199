"""A draft becomes sentences, and a sentence becomes what it claims. Offsets count into the draft as it was sent."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from qa.checking.pieces import Piece, pieces_of
from qa.checking.words import word_list
from qa.indexing.people import may_hold_name, person_spans
from qa.indexing.tokens import Tokens
from qa.text import letters, sentence_spans, simplify

# A draft without sentence ends is cut at commas into pieces of about this length.
LONG_CHARS = 400
_COMMA = re.compile(r"[，,、：:]")
_ENDS = re.compile(r"[。！!；;…][”’」』）)\]\"']*$")
_ASKS = re.compile(r"[？?][”’」』）)\]\"']*$|^(?:为什么|怎么|如何|何以)[^。]*$")
_NUMBERED = re.compile(
    r"^(?:[#*>•·●■◆\-—–]+\s*|[（(]?[一二三四五六七八九十\d]{1,3}[）)、.．](?!\d)\s*|第[一二三四五六七八九十\d]{1,3}[章节条部分]+\s*)+"
)
_OPINION = re.compile(
    r"^(?:我(?:个人)?(?:认为|觉得|以为|想|相信|希望|建议)|笔者(?:认为|以为)|个人(?:认为|以为)|在我看来|希望|祝|愿|建议|不妨|但愿|让我们)"
)
# Calls and slogans: 一间小屋，装得下一座城的灯火！ 让阅读成为习惯，让书香飘满城乡。
_CALLS = re.compile(r"[！!][”’」』）)\]\"']*$|^让[^，]+，让")
_NAMED = re.compile(
    r"《[^》]+》|[省市县区镇乡村委部院局厅办](?:委|政府|组织部|宣传部|办公室)|大学|学院|公司|集团|银行|医院|研究院|委员会|协会"
)
FACTS = word_list("fact")
_DENIES = re.compile(r"没|未(?!来)|不(?![负忘懈朽断凡息])")
HEADING_CHARS = 32


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a draft, `draft[start:end] == text`, and its pieces (offsets into `text`).

    `claims` is False for a heading, a question, an opinion or a slogan that states nothing that a source could bear
    out.
    """

    text: str
    start: int
    end: int
    pieces: tuple[Piece, ...]
    claims: bool

    @property
    def weighty(self) -> list[Piece]:
        return [piece for piece in self.pieces if not piece.light]


def sentences_of(draft: str, tokens: Tokens) -> list[Callable[[], Sentence]]:
    """The sentences of a draft in order; each is worked out when it is called for, so that the first comes at once."""
    spans = [span for whole in sentence_spans(draft) for span in _short(draft, *whole)]
    kept = [(start, end) for start, end in spans if letters(draft[start:end])]
    return [lambda a=a, b=b: _sentence(draft, a, b, tokens) for a, b in kept]  # type: ignore[misc]


def _short(draft: str, start: int, end: int) -> Sequence[tuple[int, int]]:
    """A run without a sentence end for long, cut at commas."""
    if end - start <= LONG_CHARS:
        return [(start, end)]
    cuts, at = [start], start
    while end - at > LONG_CHARS:
        commas = [m.end() for m in _COMMA.finditer(draft, at + LONG_CHARS // 3, at + LONG_CHARS)]
        at = commas[-1] if commas else at + LONG_CHARS
        cuts.append(at)
    return list(pairwise([*cuts, end]))


def _sentence(draft: str, start: int, end: int, tokens: Tokens) -> Sentence:
    marked = _NUMBERED.match(draft[start:end])
    if marked and marked.end() < end - start:
        start += marked.end()
    text = draft[start:end]
    pieces = pieces_of(text, tokens)
    return Sentence(text, start, end, pieces, _claims(draft, start, end, pieces))


def _claims(draft: str, start: int, end: int, pieces: Sequence[Piece]) -> bool:
    text = draft[start:end]
    if _ASKS.search(text) or _is_heading(draft, start, end):
        return False
    if _OPINION.match(text):
        return _checkable(text, pieces)
    if _CALLS.search(text):
        return _checkable(text, pieces) or bool(_DENIES.search(text)) or any(p.text in FACTS for p in pieces)
    return True


def _checkable(text: str, pieces: Sequence[Piece]) -> bool:
    """Does a sentence give a figure, a date, a place, a person, an organisation or a title, which a source may bear
    out however it is said?"""
    if any(piece.kind != "word" for piece in pieces):
        return True
    plain = simplify(text)
    return bool(_NAMED.search(plain)) or (may_hold_name(plain) and bool(person_spans(plain)))


def _is_heading(draft: str, start: int, end: int) -> bool:
    """A short line of its own without an end mark, and without a figure."""
    text = draft[start:end]
    alone = (
        not draft[:start]
        .rstrip(" \t\u3000")
        .rpartition("\n")[2]
        .strip("#*·•-—>（()）一二三四五六七八九十、.．0123456789 \u3000")
    )
    more = draft[end:].lstrip(" \t\u3000")
    whole_line = alone and (not more or more[0] in "\r\n")
    several = "\n" in draft.strip()
    return (
        whole_line and several and not _ENDS.search(text) and len(text) <= HEADING_CHARS and not re.search(r"\d", text)
    )
