"""Chinese text as characters: folding for matching, and sentence spans.

Folding is used for matching everywhere and for quoting nowhere: quotations keep the source's characters.
Knows nothing of words; `qa.indexing.tokens` does.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from opencc import OpenCC

HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"

# A sentence ends at these, with the closing marks that follow; a line always ends one.
_SENTENCE_END = re.compile(r"(?:[。！？；!?;]|…{2})+[”’」』）)\]】》〉\"']*|[\r\n]+")
# A row as the readers of tables write it.
ROW = re.compile(r"^[^：；。\n]{1,40}：[^：；\n]{0,60}(?:；[^：；。\n]{1,40}：[^：；\n]{0,60})+$", re.MULTILINE)
_PUNCTUATION = ("P", "Z", "C")


@cache
def _simplifier() -> OpenCC:
    return OpenCC("t2s")


def simplify(text: str) -> str:
    """Traditional to Simplified, character for character: the length never changes (OpenCC t2s, measured so)."""
    converted = _simplifier().convert(text)
    return converted if len(converted) == len(text) else "".join(map(_simplify_char, text))


@cache
def _simplify_char(char: str) -> str:
    converted = _simplifier().convert(char)
    return converted if len(converted) == 1 else char


@lru_cache(maxsize=16_384)
def regional(word: str) -> tuple[str, ...]:
    """What Taiwan or the mainland calls a Simplified word, in Simplified: 软件 → (软体), 资讯 → (信息)."""
    if len(word) < 2 or word.isascii():
        return ()
    there = simplify(_converter("s2twp").convert(word))
    here = simplify(_converter("tw2sp").convert(_converter("s2tw").convert(word)))
    return tuple(dict.fromkeys(other for other in (there, here) if other != word))


@cache
def _converter(name: str) -> OpenCC:
    return OpenCC(name)


def is_traditional(text: str) -> bool:
    """Does the text hold more than a few Traditional characters?"""
    changed = sum(a != b for a, b in zip(text, simplify(text), strict=True))
    return changed >= 2 and changed * 12 > len(text)


def fold(text: str) -> str:
    """The form in which texts are compared: compatibility forms (NFKC), Simplified, lower case."""
    return simplify(unicodedata.normalize("NFKC", text)).lower()


@dataclass(frozen=True, slots=True)
class Folded:
    """Folded text, and for each of its characters the place in the original: `origins[i]` is an index into it."""

    text: str
    origins: Sequence[int]

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original that folded[start:end] came from."""
        return self.origins[start], self.origins[end - 1] + 1


class _Plain(dict[str, str]):
    """Each character's own folded form, worked out once."""

    def __missing__(self, char: str) -> str:
        plain = unicodedata.normalize("NFKC", char).lower()
        self[char] = plain
        return plain


_PLAIN = _Plain()


def fold_with_origins(text: str, letters_only: bool = False) -> Folded:
    """Like `fold`, and remembers where each character came from; `letters_only` drops spaces and punctuation.

    '%' and '.' between digits stay: without them 46.7 would equal 467.
    """
    plain = list(map(_PLAIN.__getitem__, simplify(text)))
    if letters_only:
        kept = [at for at, piece in enumerate(plain) if _counts(piece, text, at)]
        pieces = [plain[at] for at in kept]
    else:
        kept, pieces = range(len(plain)), plain  # type: ignore[assignment]
    folded = "".join(pieces)
    if len(folded) == len(pieces):
        return Folded(folded, kept)
    return Folded(folded, [at for at, piece in zip(kept, pieces, strict=True) for _ in piece])


def _counts(plain: str, text: str, at: int) -> bool:
    if plain in {".", "%"}:
        return plain == "%" or (text[at - 1 : at].isdigit() and text[at + 1 : at + 2].isdigit())
    return bool(plain) and unicodedata.category(plain[0])[0] not in _PUNCTUATION


def letters(text: str) -> str:
    """Folded text without spaces and punctuation, for comparing quotations and titles."""
    return fold_with_origins(text, letters_only=True).text


def quote_hash(quote: str) -> str:
    """Eight hex digits that name a quotation's words whatever their script, width and punctuation."""
    return hashlib.sha256(letters(quote).encode()).hexdigest()[:8]


def sentence_spans(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """Spans of the sentences in text[start:end], closing quotation marks included, outer spaces not.

    A table's row (地区：柳溪县；书屋：12) is one: its cells tell nothing apart.
    """
    end = len(text) if end is None else end
    spans, begin = [], start
    rows = _rows(text, start, end)
    for match in _SENTENCE_END.finditer(text, start, end):
        if rows and any(a < match.start() < b - 1 for a, b in rows):
            continue
        spans.append((begin, match.end()))
        begin = match.end()
    spans.append((begin, end))
    trimmed = (_trim(text, *span) for span in spans)
    return [span for span in trimmed if span[0] < span[1]]


def _rows(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The lines of text[start:end] that are rows of a table: named cells, apart by semicolons."""
    if text.find("：", start, end) < 0 or text.find("；", start, end) < 0:
        return []
    return [match.span() for match in ROW.finditer(text, start, end)]


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
