"""Texts as arrays of letters: folded as `qa.text.letters` folds, some fifty times as fast, for whole libraries.

One 16-bit code a letter; codes are for finding only, and what is found is compared again as text.
"""

from __future__ import annotations

import unicodedata
from functools import cache

import numpy as np

from qa.text import simplify

_PLANE = 0x10000
_SEVERAL = 0xFFFF  # a character whose folded form is several letters: ㎡ → m2
_POINT = ord(".")
_RARE = 0x7FFF  # rare characters beyond the basic plane share codes


def codes(text: str) -> tuple[np.ndarray, np.ndarray]:
    """A text's letters as codes (uint16) and where in the text each stood (int32); spaces and punctuation are none."""
    written = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    plain, digits = _table()
    found = plain[np.minimum(written, _PLANE - 1)]
    beyond = written >= _PLANE
    if beyond.any():
        found[beyond] = written[beyond] & _RARE | 1
    points = np.flatnonzero(found == _POINT)
    if points.size:
        number = np.concatenate(([False], digits[np.minimum(written, _PLANE - 1)] & ~beyond, [False]))
        found[points[~(number[points] & number[points + 2])]] = 0
    kept = np.flatnonzero(found)
    letters, origins = found[kept], kept.astype(np.int32)
    several = np.flatnonzero(letters == _SEVERAL)
    return _spelt_out(text, letters, origins, several) if several.size else (letters, origins)


def _spelt_out(
    text: str, letters: np.ndarray, origins: np.ndarray, several: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The same with each character that stands for several letters replaced by them."""
    spelt = {int(at): _fold(text[origins[at]]) for at in several}
    counts = np.ones(len(letters), dtype=np.int64)
    counts[several] = [len(spelt[int(at)]) for at in several]
    long = np.repeat(letters, counts)
    starts = np.cumsum(counts) - counts
    for at, piece in spelt.items():
        long[starts[at] : starts[at] + len(piece)] = [min(ord(c), _SEVERAL - 1) for c in piece]
    return long, np.repeat(origins, counts)


@cache
def _table() -> tuple[np.ndarray, np.ndarray]:
    """For each character of the basic plane its letter (0: none, _SEVERAL: several), and whether it is a digit."""
    characters = [chr(code) for code in range(_PLANE)]
    plain = [_fold(c) if not 0xD800 <= ord(c) <= 0xDFFF else "" for c in characters]
    simple = simplify("\n".join(c if len(c) == 1 else "。" for c in plain)).split("\n")
    letters = np.zeros(_PLANE, dtype=np.uint16)
    for code, (piece, one) in enumerate(zip(plain, simple, strict=True)):
        if piece and (piece in ".%" or unicodedata.category(piece[0])[0] not in "PZC"):
            letters[code] = _SEVERAL if len(piece) > 1 else ord(one) if ord(one) < _PLANE else ord(one) & _RARE | 1
    return letters, np.array([c.isdigit() for c in characters])


def _fold(character: str) -> str:
    folded = unicodedata.normalize("NFKC", character).lower()
    return "。" if folded == "\n" else folded
