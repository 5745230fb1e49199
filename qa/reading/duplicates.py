"""How alike two texts are, and by what a text's near-duplicates are found among many.

A text is its set of folded five-letter shingles. MinHash (Broder 1997) keeps the least value of the set under each of
128 hash functions: two texts agree in such a value as often as their sets overlap (Jaccard). Locality-sensitive
hashing (Indyk and Motwani 1998) makes keys of them that alike texts are likely to share; what shares one is compared
exactly. Ours rather than datasketch, which hashes shingles one by one and loads SciPy. Knows nothing of the registry.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import numpy as np

from qa.text import fold

SHINGLE = 5
FUNCTIONS = 128
ROWS = 4  # values in a key: alike by a half, two texts share one of 32 keys with 0.87; by a fifth, with 0.05
PARAGRAPH_LETTERS = 40
PARAGRAPH_KEYS = 2  # alike by nine tenths, two paragraphs share one with 0.88
ALIKE = 0.7  # each edit takes some eight shingles: a page with five of them still has its draft
CONTAINED, COMPARABLE = 0.9, 0.6  # so much of the shorter stands in the longer, which is not much longer
AT_ONCE = 1 << 20  # shingles hashed at a time: a large text must not need a large memory

_NO_LETTER = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Signature:
    """What is kept of a text to find its like: its least values, the keys made of them, those of its paragraphs."""

    least: np.ndarray  # uint32 (FUNCTIONS,)
    keys: tuple[int, ...]
    paragraph_keys: tuple[int, ...]
    shingles: int  # how many stand in the text, repeated ones included


def signature(text: str) -> Signature | None:
    """The signature of a document's text, None where it has no five letters."""
    lines = [_letters(line) for line in fold(text).split("\n")]
    hashes = _hashes("".join(lines))
    if not len(hashes):
        return None
    paragraphs = _least_of_each(hashes, _paragraphs(lines), PARAGRAPH_KEYS * ROWS)
    least = _least(hashes)
    return Signature(least, _keys(least[None, :], 0), tuple(sorted(set(_keys(paragraphs, 1)))), len(hashes))


def paragraph_keys(text: str) -> tuple[int, ...]:
    """The keys by which documents that hold such a paragraph are found; () for one that is too short."""
    folded = _letters(fold(text))
    if len(folded) < PARAGRAPH_LETTERS:
        return ()
    hashes = _hashes(folded)
    return _keys(_least_of_each(hashes, [(0, len(hashes))], PARAGRAPH_KEYS * ROWS), 1)


def likely(a: np.ndarray, b: np.ndarray) -> float:
    """An estimate of two texts' Jaccard overlap from their least values; its error is about 0.04."""
    return float(np.mean(a == b))


def alike(a: str, b: str) -> float:
    """How far two texts are near-duplicates: their Jaccard overlap, 0.0 where it is too small for that.

    The shorter may also stand nearly whole in a longer one of comparable length.
    """
    one, other = (np.unique(_hashes(_letters(fold(text)))) for text in (a, b))
    shorter, longer = sorted((len(one), len(other)))
    if not shorter:
        return 0.0
    both = len(np.intersect1d(one, other, assume_unique=True))
    overlap = both / (shorter + longer - both)
    contained = both >= CONTAINED * shorter and shorter >= COMPARABLE * longer
    return overlap if overlap >= ALIKE or contained else 0.0


def _letters(folded: str) -> str:
    return _NO_LETTER.sub("", folded)


def _paragraphs(lines: list[str]) -> list[tuple[int, int]]:
    """Which runs of shingles stand within each of the longer paragraphs."""
    runs, at = [], 0
    for line in lines:
        if len(line) >= PARAGRAPH_LETTERS:
            runs.append((at, at + len(line) - SHINGLE + 1))
        at += len(line)
    return runs


def _hashes(letters: str) -> np.ndarray:
    """A uint32 for each shingle of a text, in order: a polynomial of its characters, mixed as in splitmix64."""
    codes = np.frombuffer(letters.encode("utf-32-le", "surrogatepass"), np.uint32)
    count = max(0, len(codes) - SHINGLE + 1)
    found = np.empty(count, np.uint32)
    for at in range(0, count, AT_ONCE):
        some = codes[at : at + AT_ONCE + SHINGLE - 1].astype(np.uint64)
        value = np.zeros(len(some) - SHINGLE + 1, np.uint64)
        for i in range(SHINGLE):
            value = value * np.uint64(0x9E3779B97F4A7C15) + some[i : i + len(value)]
        found[at : at + AT_ONCE] = _mixed(value) >> np.uint64(32)
    return found


def _mixed(value: np.ndarray) -> np.ndarray:
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: np.ndarray = value ^ (value >> np.uint64(31))
    return mixed


@cache
def _functions() -> tuple[np.ndarray, np.ndarray]:
    """Factors and summands of h(x) = (ax + b mod 2⁶⁴) >> 32 (Dietzfelbinger 1996).

    Always the same ones: signatures that are kept must stay comparable.
    """
    drawn = np.random.default_rng(20_260_101).integers(0, 1 << 64, (2, FUNCTIONS), np.uint64)
    return drawn[0] | np.uint64(1), drawn[1]


def _least(hashes: np.ndarray) -> np.ndarray:
    factors, summands = _functions()
    least = np.full(FUNCTIONS, np.iinfo(np.uint32).max, np.uint64)
    for at in range(0, len(hashes), AT_ONCE):
        some = hashes[at : at + AT_ONCE].astype(np.uint64)
        for i in range(FUNCTIONS):
            least[i] = min(least[i], (some * factors[i] + summands[i]).min() >> np.uint64(32))
    return least.astype(np.uint32)


def _least_of_each(hashes: np.ndarray, runs: list[tuple[int, int]], functions: int) -> np.ndarray:
    """The least values of each run of shingles, uint32 (len(runs), functions)."""
    if not runs:
        return np.empty((0, functions), np.uint32)
    factors, summands = _functions()
    within = np.concatenate([hashes[start:end] for start, end in runs]).astype(np.uint64)
    starts = np.cumsum([0] + [end - start for start, end in runs[:-1]])
    rows = [np.minimum.reduceat(within * factors[i] + summands[i], starts) >> np.uint64(32) for i in range(functions)]
    return np.stack(rows, axis=1).astype(np.uint32)


def _keys(least: np.ndarray, kind: int) -> tuple[int, ...]:
    """A key for each ROWS values, as SQLite's signed integers; `kind` keeps documents' and paragraphs' keys apart."""
    bands = least.reshape(len(least), least.shape[1] // ROWS, ROWS).astype(np.uint64)
    value = np.arange(bands.shape[1], dtype=np.uint64) * np.uint64(2) + np.uint64(kind)
    for i in range(ROWS):
        value = _mixed(value * np.uint64(0x9E3779B97F4A7C15) + bands[:, :, i])
    return tuple(value.view(np.int64).ravel().tolist())
