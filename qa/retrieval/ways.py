"""What a how-question is about, and what it asks the way to: 老人的午饭怎么送 is about 老人 and 午饭, the way is to 送.

People ask so in words of their own, and half of those say only that something was done; what is left tells whether a
passage speaks of the same. Knows nothing of passages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from qa.indexing.tokens import Tokens, question_words
from qa.text import fold

_FILE = Path(__file__).resolve().parent.parent / "data" / "how_words.txt"
# Asks after what was done, where other words of the kind (哪些图书室) ask for a list.
MEASURES = re.compile(
    r"(?:什么|哪些|啥|什么样的)(?:好?办法|措施|做法|举措|手段|高?招数?|路子|对策|渠道|途径|照顾|优待|方便)"
)
HOW = re.compile(rf"怎么|如何|怎样|咋|靠什么|靠啥|通过什么|凭什么|{MEASURES.pattern}")
_CLAUSE_END = re.compile(r"[，。；？?！!,]")


@cache
def general() -> frozenset[str]:
    """Words of how-questions that do not say what they are about."""
    lines = _FILE.read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def way_asked(plain: str, places: Iterable[str], tokens: Tokens) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(words that it is about, those of them that say what is to be done) of a Simplified question, places aside."""
    for name in sorted(places, key=len, reverse=True):
        plain = plain.replace(name, " ")
    asks = HOW.search(plain)
    to = _telling(_CLAUSE_END.split(plain[asks.end() :])[0], tokens) if asks else []
    return tuple(_telling(plain, tokens)), tuple(to)


def _telling(text: str, tokens: Tokens) -> list[str]:
    words = dict.fromkeys(fold(word) for word in tokens.cut(text))
    kept = (w for w in words if w not in question_words() and w not in general())
    return [word for word in kept if any(c.isalpha() for c in word)]
