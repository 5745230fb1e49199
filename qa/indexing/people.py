"""Personal names in a text, by jieba's parts of speech. Loads jieba on first use (about a second)."""

from __future__ import annotations

import logging
import re
from functools import cache
from typing import Any

_HAN_NAME = re.compile(r"^[\u4e00-\u9fff·]{2,4}$")


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
        if pair.flag in ("nr", "nrfg", "nrt") and _HAN_NAME.match(pair.word):
            spans.append((at, at + len(pair.word)))
        at += len(pair.word)
    return spans
