"""Personal names in a text, by jieba's parts of speech. Loads jieba on first use (about a second)."""

from __future__ import annotations

import logging
import re
from functools import cache
from pathlib import Path
from typing import Any

_HAN_NAME = re.compile(r"^[\u4e00-\u9fff·]{2,4}$")
_SURNAMES = Path(__file__).resolve().parent.parent / "data" / "surnames.txt"


@cache
def _surnames() -> tuple[frozenset[str], frozenset[str]]:
    """Surnames of one character, and of two."""
    lines = [line for line in _SURNAMES.read_text("utf-8").splitlines() if not line.startswith("#")]
    words = [word for line in lines for word in line.split()]
    return frozenset(c for word in words if len(word) > 2 for c in word), frozenset(w for w in words if len(w) == 2)


def is_name(word: str) -> bool:
    """A surname and one or two characters more, or a name with a point in it (阿依古丽·买买提)."""
    if not _HAN_NAME.match(word):
        return False
    one, two = _surnames()
    return "·" in word or (word[:2] in two and len(word) > 2) or (word[0] in one and len(word) <= 3)


def may_hold_name(text: str) -> bool:
    """Does a text hold a surname, or the point of a foreign name? Tagging one costs milliseconds, this nothing."""
    one, _ = _surnames()
    return any(c in one or c == "·" for c in text)


@cache
def _tagger() -> Any:
    import jieba
    import jieba.posseg

    jieba.setLogLevel(logging.ERROR)
    jieba.initialize()
    return jieba.posseg


def warm() -> None:
    """Loads the dictionary, so that the first question about a person does not wait for it."""
    _tagger()


def person_spans(text: str) -> list[tuple[int, int]]:
    """Spans of personal names (tag nr) of two to four characters in a Simplified text."""
    spans, at = [], 0
    for pair in _tagger().cut(text):
        if pair.flag in ("nr", "nrfg", "nrt") and is_name(pair.word):
            spans.append((at, at + len(pair.word)))
        at += len(pair.word)
    return spans
