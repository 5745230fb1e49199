"""The word lists of `qa/data/checking_words.txt`."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_FILE = Path(__file__).resolve().parent.parent / "data" / "checking_words.txt"


@cache
def word_lists(name: str) -> tuple[frozenset[str], ...]:
    """The lines of a list, each as a set of its own."""
    return tuple(map(frozenset, ordered_word_lists(name)))


@cache
def ordered_word_lists(name: str) -> tuple[tuple[str, ...], ...]:
    """The lines of a list, the words of each in order."""
    lines = (line.split() for line in _FILE.read_text("utf-8").splitlines() if not line.startswith("#"))
    return tuple(tuple(words[1:]) for words in lines if words and words[0] == name)


def word_list(name: str) -> frozenset[str]:
    """All words of a list."""
    return frozenset().union(*word_lists(name))
