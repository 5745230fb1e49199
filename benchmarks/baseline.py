"""Tuned BM25 over the product's own passages, to measure the product's search against: no place, no reranking.

Okapi over words and half of Okapi over character bigrams, k1 0.8 and b 0.4 (chosen on CMRC trial and DRCD dev), the
title and headings before each passage, words that only ask left out of the question.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence

import numpy as np

from qa.indexing.tokens import Tokens, question_words
from qa.types import Passage

K1, B, BIGRAMS = 0.8, 0.4, 0.5


class Field:
    """The postings of one kind of term: rows and saturated, idf-weighted counts."""

    def __init__(self, texts: Sequence[list[str]]) -> None:
        rows: dict[str, list[tuple[int, int]]] = defaultdict(list)
        lengths = np.array([len(terms) for terms in texts], np.float32)
        for row, terms in enumerate(texts):
            for term, count in Counter(terms).items():
                rows[term].append((row, count))
        share = K1 * (1 - B + B * lengths / max(float(lengths.mean()), 1e-9))
        self._postings: dict[str, tuple[np.ndarray, np.ndarray]] = {}
        for term, found in rows.items():
            at, counts = (np.array(column) for column in zip(*found, strict=True))
            idf = math.log(1 + (len(texts) - len(at) + 0.5) / (len(at) + 0.5))
            self._postings[term] = at, (idf * counts * (K1 + 1) / (counts + share[at])).astype(np.float32)
        self._count = len(texts)

    def scores(self, terms: Sequence[str]) -> np.ndarray:
        points = np.zeros(self._count, np.float32)
        for term in dict.fromkeys(terms):
            if term in self._postings:
                at, values = self._postings[term]
                points[at] += values
        return points


class BM25:
    """Ranks passages for a question."""

    def __init__(self, tokens: Tokens, passages: Sequence[Passage]) -> None:
        texts = [f"{passage.context}\n{passage.text}" for passage in passages]
        self._tokens, self.passages = tokens, passages
        self._words = Field([tokens.words(text) for text in texts])
        self._bigrams = Field([tokens.bigrams(text) for text in texts])

    def search(self, question: str, top_k: int) -> list[Passage]:
        """The best passages, best first."""
        points = self._words.scores(_content(self._tokens.words, question))
        points += BIGRAMS * self._bigrams.scores(_content(self._tokens.bigrams, question))
        order = np.argsort(-points, kind="stable")[:top_k]
        return [self.passages[row] for row in order]


def _content(cut: Callable[[str], list[str]], question: str) -> list[str]:
    terms = cut(question)
    return [term for term in terms if term not in question_words()] or terms
