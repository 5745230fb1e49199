"""Lexical search without an index: one look at every passage's folded text. Used while the index is being rebuilt.

Exact over the whole library from the first moment, since nothing is cut into words: a term is counted wherever its
characters stand. 10 ms at 2,500 passages, some hundreds at 100,000. The same formula as `bm25`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from qa.indexing.bm25 import BIGRAM_WEIGHT, K1, NOTHING, B, idf
from qa.indexing.lexical import best, unique
from qa.indexing.number_forms import with_forms
from qa.text import fold

_BETWEEN = "\n\n"  # no term holds a line break, so none is found across two passages


class Scan:
    """The folded texts of passages in one string. `passages`: (number, document id, text)."""

    def __init__(self, passages: Iterable[tuple[int, str, str]]) -> None:
        held = [(number, document_id, with_forms(fold(text))) for number, document_id, text in passages]
        self._numbers = np.array([number for number, _, _ in held], np.int64)
        self._documents = np.array([document_id for _, document_id, _ in held], object)
        self._lengths = np.array([len(text) for _, _, text in held], np.float64)
        self._ends = np.cumsum(self._lengths + len(_BETWEEN))
        self._text = _BETWEEN.join(text for _, _, text in held)
        self._mean = float(self._lengths.mean()) if held else 0.0

    def search(
        self,
        words: Sequence[str],
        bigrams: Sequence[str],
        limit: int,
        allowed: frozenset[str] | None,
        also: Mapping[str, float] = NOTHING,
    ) -> list[tuple[int, float]]:
        if limit <= 0 or not len(self._numbers):
            return []
        points = self._points(unique(words)) + BIGRAM_WEIGHT * self._points(unique(bigrams))
        for word, weight in also.items():
            points += weight * self._points([word])
        if allowed is not None:
            points[[document not in allowed for document in self._documents]] = 0
        return best(self._numbers, points, limit)

    def idf(self, words: Sequence[str]) -> dict[str, float]:
        total = len(self._numbers)
        return {word: idf(total, int((self._counts(word) > 0).sum())) for word in unique(words)}

    def known(self, field: str, terms: Sequence[str]) -> dict[str, int]:
        return dict.fromkeys(terms, 1)

    def _points(self, terms: Iterable[str]) -> np.ndarray:
        points = np.zeros(len(self._numbers))
        norms = K1 * (1 - B + B * self._lengths / max(self._mean, 1.0))
        for term in terms:
            counts = self._counts(term)
            points += idf(len(counts), int((counts > 0).sum())) * counts * (K1 + 1) / (counts + norms)
        return points

    def _counts(self, term: str) -> np.ndarray:
        # A Latin word or a number counts only where no further letter or digit touches it.
        pattern = rf"(?<![a-z0-9]){re.escape(term)}(?![a-z0-9])" if term[0].isascii() else re.escape(term)
        starts = [found.start() for found in re.finditer(pattern, self._text)]
        rows = np.searchsorted(self._ends, np.array(starts, np.float64), side="right")
        return np.bincount(rows, minlength=len(self._numbers)).astype(np.float64)
