"""Where else the words of a quotation stand, whatever their script, width and punctuation."""

from __future__ import annotations

import re
from functools import lru_cache

from qa.text import Folded, fold, fold_with_origins

_NO_LETTER = re.compile(r"[\W_]+")
_LARGE = 200_000  # characters; in a larger text only the very same characters are looked for


def standing(quote: str, text: str) -> tuple[int, int] | None:
    """The first span of a text that has a quotation's words, None where they do not stand there.

    Numbers are whole: 6条 does not stand in 16条.
    """
    at = text.find(quote)
    if at >= 0 and _whole(text, at, at + len(quote)):
        return at, at + len(quote)
    if len(text) > _LARGE or _plain(quote) not in _plain(text):
        return None
    wanted, folded = fold_with_origins(quote, letters_only=True).text, _folded(text)
    at = folded.text.find(wanted) if wanted else -1
    while at >= 0:
        if _whole(folded.text, at, at + len(wanted)):
            return folded.original_span(at, at + len(wanted))
        at = folded.text.find(wanted, at + 1)
    return None


def _whole(text: str, start: int, end: int) -> bool:
    """Does a span cut no number in two?"""
    return not (_number(text[start - 1 : start]) and _number(text[start])) and not (
        _number(text[end : end + 1]) and _number(text[end - 1])
    )


def _number(character: str) -> bool:
    return character.isdigit() or character in {".", "%"}


@lru_cache(maxsize=64)
def _plain(text: str) -> str:
    """Fewer characters than letters are, and got in a tenth of the time: what is not in these is not in those."""
    return _NO_LETTER.sub("", fold(text))


@lru_cache(maxsize=64)
def _folded(text: str) -> Folded:
    return fold_with_origins(text, letters_only=True)
