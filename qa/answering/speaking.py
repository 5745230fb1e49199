"""How much of what a how-question is about a passage speaks of: its telling words, or what may stand for them.

People ask in words of their own, so a word that is rare in the library says little; what counts is how many are borne
out by a sentence, by what stands beside it, and by its headings.
"""

from __future__ import annotations

from collections.abc import Sequence

from qa.retrieval.questions import Asked
from qa.text import fold
from qa.types import Hit

BEFORE_CHARS, AFTER_CHARS = 100, 60
# What a word is worth of which only characters stand there, and a character that stands there, maybe in another word.
IN_PART, LONE = 0.3, 0.3


def told(words: Sequence[str], asked: Asked, said: str) -> float:
    """The share (0-1) of some words of a question that stand in a folded text; 0 of no words."""
    return sum(_stands(word, asked, said) for word in words) / len(words) if words else 0.0


def around(hit: Hit, start: int, end: int) -> str:
    """A sentence of a hit's document, what stands just before and after it, and its headings, folded."""
    text = hit.document.text
    return fold(" ".join((text[max(0, start - BEFORE_CHARS) : end + AFTER_CHARS], *hit.passage.heading)))


def _stands(word: str, asked: Asked, said: str) -> float:
    if word in said or any(other in said for other in asked.alternatives.get(word, ())):
        return 1.0 if len(word) > 1 else LONE
    return IN_PART * sum(char in said for char in word) / len(word) if len(word) > 1 else 0.0
