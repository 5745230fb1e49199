"""How far one sequence is from its nearest run in another: edit distance, bit by bit.

Myers, "A fast bit-vector algorithm for approximate string matching based on dynamic programming", JACM 46 (1999), with
Python's long integers for words of any width.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Run:
    """`text[start:end]` is the run nearest to the pattern, `distance` insertions, deletions and changes from it."""

    start: int
    end: int
    distance: int


def nearest_run(pattern: Sequence[int], text: Sequence[int]) -> Run:
    """The run of a text that is nearest to a pattern; the first of several, and of those the longest."""
    distance, end = _best_end(pattern, text)
    back, length = _best_end(pattern[::-1], text[:end][::-1])
    return Run(end - length if back == distance else max(0, end - len(pattern)), end, distance)


def _best_end(pattern: Sequence[int], text: Sequence[int]) -> tuple[int, int]:
    """(distance, end) of the run of a text that ends soonest and is nearest to the pattern."""
    size = len(pattern)
    full, top = (1 << size) - 1, 1 << (size - 1)
    where: dict[int, int] = {}
    for at, one in enumerate(pattern):
        where[one] = where.get(one, 0) | 1 << at
    plus, minus, score = full, 0, size
    best, end = size, 0
    for at, one in enumerate(text, 1):
        equal = where.get(one, 0)
        vertical = equal | minus
        across = (((equal & plus) + plus) ^ plus) | equal
        rises = minus | (full & ~(across | plus))
        falls = plus & across
        score += bool(rises & top) - bool(falls & top)
        rises, falls = rises << 1 & full, falls << 1 & full
        plus = falls | (full & ~(vertical | rises))
        minus = rises & vertical
        if score < best:
            best, end = score, at
    return best, end
