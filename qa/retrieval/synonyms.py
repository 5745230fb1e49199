"""Words that people say and words that documents write for the same thing, from `qa/data/synonyms.txt`,
and what Taiwan and the mainland call differently, from OpenCC's tables.

A question's own words count in full; what may stand for them counts less. Knows nothing of scores.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from qa.indexing.tokens import Tokens
from qa.text import regional

_FILE = Path(__file__).resolve().parent.parent / "data" / "synonyms.txt"


@cache
def groups() -> Mapping[str, frozenset[str]]:
    """For each word, the others of its groups."""
    others: dict[str, set[str]] = defaultdict(set)
    for line in _FILE.read_text("utf-8").splitlines():
        words = [] if line.startswith("#") else line.split()
        for word in words:
            others[word] |= set(words) - {word}
    return {word: frozenset(same) for word, same in others.items()}


@cache
def _longest() -> int:
    return max(map(len, groups()), default=0)


def alternatives(plain: str, tokens: Tokens) -> dict[str, tuple[str, ...]]:
    """For the words and bigrams of a Simplified text that has synonyms, what may stand for them; longest word first."""
    found: dict[str, tuple[str, ...]] = {}
    at = 0
    while at < len(plain):
        size = next((n for n in range(min(_longest(), len(plain) - at), 1, -1) if plain[at : at + n] in groups()), 0)
        if size:
            word = plain[at : at + size]
            same = tuple(sorted(groups()[word]))
            for term in (*tokens.words(word), *tokens.bigrams(word)):
                found[term] = tuple(dict.fromkeys((*found.get(term, ()), *same)))
        at += size or 1
    for word in tokens.cut(plain):
        if others := regional(word):
            for term in (*tokens.words(word), *tokens.bigrams(word)):
                found[term] = tuple(dict.fromkeys((*found.get(term, ()), *others)))
    return found
