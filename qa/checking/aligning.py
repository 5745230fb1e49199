"""A draft's sentence laid against words of a source, piece by piece: what stands there, what differs, what is missing.

The order of the pieces is kept first (global alignment by dynamic programming, Needleman and Wunsch 1970, with free
ends in the source), then pieces that were moved are matched. Judges nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from qa.checking.pieces import NEGATIONS, Piece, opposed, opposites, same_place, synonyms
from qa.checking.quantities import agree, comparable

# What a pair is worth beside an equal one: a synonym, a longer word around it, and pieces of one kind that differ: low,
# so that figures follow the words around them and not the other way round.
SYNONYM, WITHIN, RELATED, PAIRED = 0.8, 0.75, 0.35, 0.3
GAP = 0.012  # for each piece of the source that is passed over
NUMBER, DATE, PLACE, LIGHT = 1.0, 0.9, 0.6, 0.08
STANDS = SYNONYM - 0.06  # how like a piece must be that stands elsewhere in the window
MOVED = 0.85  # what a piece is worth that stands elsewhere in the window


@dataclass(frozen=True, slots=True)
class Pair:
    """Piece `draft` of the draft stands for piece `source` of the window: `worth` 0-1; `same` unless they differ."""

    draft: int
    source: int
    worth: float
    same: bool
    moved: bool = False


@dataclass(frozen=True, slots=True)
class Alignment:
    """A sentence's pieces, a window's, and which stand for which, in the order of the draft."""

    draft: Sequence[Piece]
    source: Sequence[Piece]
    pairs: tuple[Pair, ...]

    def by_draft(self) -> dict[int, Pair]:
        return {pair.draft: pair for pair in self.pairs}

    def by_source(self) -> dict[int, Pair]:
        return {pair.source: pair for pair in self.pairs}


def align(draft: Sequence[Piece], weights: Sequence[float], source: Sequence[Piece]) -> Alignment:
    """Lay a draft's pieces against a window's; `weights` say what each of the draft's is worth."""
    holding = _holding(source)
    whole = [j for j, piece in enumerate(source) if piece.kind != "word"]
    likeness = [_row(d, source, holding, whole) for d in draft]
    pairs = _in_order(weights, likeness)
    pairs = _moved(draft, source, likeness, pairs)
    found = tuple(Pair(i, j, abs(likeness[i][j]), likeness[i][j] > 0, moved) for i, j, moved in sorted(pairs))
    return Alignment(draft, source, found)


def _holding(source: Sequence[Piece]) -> dict[str, list[int]]:
    """For each letter, and for each whole word, the words of the window that hold it."""
    found: dict[str, list[int]] = {}
    for j, piece in enumerate(source):
        if piece.kind == "word":
            for key in {piece.text, *piece.text}:
                found.setdefault(key, []).append(j)
    return found


def _row(one: Piece, source: Sequence[Piece], holding: Mapping[str, list[int]], whole: Sequence[int]) -> list[float]:
    """A draft's piece beside each of the window's, of which `whole` are no words.

    Words are like each other only by a letter or by a list of words, and like places by their letters.
    """
    row = [0.0] * len(source)
    for j in range(len(source)) if one.kind == "place" else whole:
        row[j] = _likeness(one, source[j])
    if one.kind != "word":
        return row
    for key in {*one.text, *_friends(one.text)}:
        for j in holding.get(key, ()):
            row[j] = -PAIRED if one.far and _other_place(one.text, source[j]) else _words(one.text, source[j].text)
    return row


def _other_place(name: str, other: Piece) -> bool:
    """德国 beside 中国: a letter that two names have in common is no likeness."""
    return other.far and name not in other.text and other.text not in name


@lru_cache(maxsize=20_000)
def _friends(word: str) -> frozenset[str]:
    """The words without a letter of this one that it may stand for, or that say the opposite of it."""
    others = {other for _, side in opposites().get(word, ()) for other in side}
    return frozenset(others | synonyms(word) | (NEGATIONS if word in NEGATIONS else frozenset()))


def _likeness(one: Piece, other: Piece) -> float:
    """0 for unrelated pieces, up to 1 for equal ones; below 0 for pieces of one kind that differ."""
    if one.kind == other.kind == "number":
        assert one.amount and other.amount
        if agree(one.amount, other.amount):
            return 1.0
        return -PAIRED if comparable(one.amount, other.amount) or one.amount.digits == other.amount.digits else 0.0
    if one.kind == other.kind == "date":
        return _dates(one.date, other.date)
    if one.kind == other.kind == "place":
        return 1.0 if same_place(one.text, other.text) else -PAIRED
    if {one.kind, other.kind} == {"place", "word"}:
        return WITHIN if len(one.text) > 1 and (one.text in other.text or other.text in one.text) else 0.0
    return 0.0


@lru_cache(maxsize=200_000)
def _words(one: str, other: str) -> float:
    if one == other:
        return 1.0
    if opposed(one, other):
        return -2 * PAIRED
    if one in NEGATIONS or other in NEGATIONS:
        return 0.9 if one in NEGATIONS and other in NEGATIONS else 0.0
    if other in synonyms(one):
        return SYNONYM
    if len(one) > 1 and len(other) > 1:
        if one in other or other in one:
            return WITHIN
        shared = len(set(one) & set(other))
        if 2 * shared >= max(len(one), len(other)):
            return RELATED
    elif one in other or other in one:
        return RELATED if max(len(one), len(other)) <= 2 else 0.0
    return 0.0


def _dates(one: tuple[int, int, int], other: tuple[int, int, int]) -> float:
    """Equal where both say something; a date that says less is no other date."""
    said = [(a, b) for a, b in zip(one, other, strict=True) if a > 0 and b > 0]
    if any(a != b for a, b in said):
        return -PAIRED
    return 1.0 if said else (0.5 if one == other else -PAIRED / 2)


def _in_order(weights: Sequence[float], likeness: list[list[float]]) -> list[tuple[int, int, bool]]:
    """The pairs of the best alignment that keeps the order on both sides."""
    rows, columns = len(likeness), len(likeness[0]) if likeness else 0
    if not rows or not columns:
        return []
    worth = np.abs(np.array(likeness)) * np.array(weights)[:, None]
    passed = GAP * np.arange(columns + 1)
    table = np.zeros((rows + 1, columns + 1))
    for i in range(1, rows + 1):
        above, row = table[i - 1], table[i]
        np.add(above[:-1], worth[i - 1], out=row[1:])
        np.maximum(row[1:], above[1:], out=row[1:])
        # Passing over k pieces costs k gaps, none at the end: the best of all to the left is a running maximum.
        if i < rows:
            row += passed
        np.maximum.accumulate(row, out=row)
        if i < rows:
            row -= passed
    best = table.tolist()
    pairs = []
    i, j = rows, columns
    while i and j:
        like = likeness[i - 1][j - 1]
        score = best[i][j]
        if like and abs(best[i - 1][j - 1] + weights[i - 1] * abs(like) - score) < 1e-9:
            pairs.append((i - 1, j - 1, False))
            i, j = i - 1, j - 1
        elif abs(best[i - 1][j] - score) < 1e-9:
            i -= 1
        else:
            j -= 1
    return pairs[::-1]


def _moved(
    draft: Sequence[Piece], source: Sequence[Piece], likeness: list[list[float]], pairs: list[tuple[int, int, bool]]
) -> list[tuple[int, int, bool]]:
    """Match what the order left over: an equal piece elsewhere in the window is better than none, or than a figure that
    differs."""
    of_draft = {i: j for i, j, _ in pairs}
    taken = set(of_draft.values())
    found = {i: (j, False) for i, j in of_draft.items()}
    for i, row in enumerate(likeness):
        paired = of_draft.get(i)
        if paired is not None and row[paired] >= RELATED:
            continue
        if max(row) < STANDS:
            continue
        free = [(like, -j) for j, like in enumerate(row) if j not in taken and like >= STANDS]
        if not free:
            continue
        back = max(free)[1]
        if paired is None or _fits(draft, source, i, -back, paired, of_draft):
            found[i] = (-back, True)
            taken.add(-back)
    return [(i, j, moved) for i, (j, moved) in found.items()]


def _fits(
    draft: Sequence[Piece], source: Sequence[Piece], i: int, there: int, here: int, of_draft: dict[int, int]
) -> bool:
    """Does a figure go better with its equal elsewhere in the window than with the other figure in its place?

    By the words right around each: those of the clause that it stands in.
    """
    around = _around(draft, i)
    at_there, at_here = _shared(around, _around(source, there)), _shared(around, _around(source, here))
    return at_there > at_here or (at_there == at_here and draft[i].kind == "date")


def _around(pieces: Sequence[Piece], at: int) -> set[str]:
    """The telling words about a piece: back to the figure before it, and the two pieces behind it."""
    found: set[str] = set()
    for k in range(at - 1, max(-1, at - 9), -1):
        if pieces[k].kind == "number" or pieces[k].clause < pieces[at].clause - 1:
            break
        if not pieces[k].light:
            found.add(pieces[k].text)
    for k in range(at + 1, min(len(pieces), at + 3)):
        if pieces[k].kind == "number" or pieces[k].clause != pieces[at].clause:
            break
        if not pieces[k].light:
            found.add(pieces[k].text)
    return found


def _shared(one: set[str], other: set[str]) -> int:
    letters = set("".join(one))
    return len(one & other) * 10 + len(letters & set("".join(other)))
