"""Is a sentence borne out, contradicted or not there? A small calibrated model over what its alignment shows.

Features are shares and counts, so that they mean the same in any library. Weights: `qa/data/checking.json`, fitted by
`training/checking.py`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import dropwhile, pairwise, takewhile
from pathlib import Path

from qa.checking.aligning import DATE, LIGHT, NUMBER, PLACE, SYNONYM
from qa.checking.differing import Compared, fits_place
from qa.checking.pieces import Piece
from qa.checking.words import ordered_word_lists
from qa.text import letters

LABELS = ("supported", "contradicted", "not_found")
FEATURES = (
    "coverage", "here", "missing", "run", "bigrams", "density", "figures", "unsaid", "apart", "elsewhere", "denied",
    "replaced", "moved", "short", "exact", "lost", "weakest", "rare", "together", "spread",
    "displaced", "around", "swapped",
)  # fmt: skip
_FILE = Path(__file__).resolve().parent.parent / "data" / "checking.json"
CONTEXT = 0.6  # what a word is worth that stands only around a window
BEST_IDF = 7.0
LEAST = 0.3  # what the commonest word is worth
CLAUSE_WORDS = 3
SWAPPED = 6  # letters
PLACE_OF = 4  # pieces beside a word in which what the draft has beside it should stand
# What bears a sentence out must be surer than what contradicts it: a false "supported" costs a writer most. Chosen, as
# the coverages are, on development sentences.
SUPPORTED, CONTRADICTED = 0.65, 0.5
CLAUSE_COVERED, COVERED, ELSEWHERE_COVERED, WORD_FOR_WORD = 0.3, 0.5, 0.7, 0.9
CLOSER = 0.1
OVERSTATED = 0.8  # of "supported" goes to "not_found" where the draft claims the whole and the source does not


@dataclass(frozen=True)
class Judged:
    """The chances (0-1, summing to 1) that a window bears a sentence out, contradicts it, or speaks of other things."""

    compared: Compared
    chances: Mapping[str, float]
    features: Mapping[str, float]


def weights_of(pieces: Sequence[Piece], idf: Mapping[str, float]) -> list[float]:
    """What each piece is worth: words by how rare they are in the library, figures and places at fixed rates."""
    fixed = {"number": NUMBER, "date": DATE, "place": PLACE}
    return [
        LIGHT if piece.light else fixed.get(piece.kind) or LEAST + min(1.0, idf.get(piece.text, BEST_IDF) / BEST_IDF)
        for piece in pieces
    ]


def measure(compared: Compared, weights: Sequence[float]) -> dict[str, float]:
    """The features of the decision."""
    alignment, window = compared.alignment, compared.window
    pairs = alignment.by_draft()
    words = [i for i, p in enumerate(alignment.draft) if p.kind == "word" and not p.light]
    total = sum(weights[i] for i in words) or 1.0
    credit = {}
    for i in words:
        pair = pairs.get(i)
        credit[i] = pair.worth * (0.9 if pair.moved else 1.0) if pair and pair.same else 0.0
    here = sum(weights[i] * credit[i] for i in words) / total
    wide = {i: max(credit[i], CONTEXT * (alignment.draft[i].text in window.context)) for i in words}
    figures = [i for i, p in enumerate(alignment.draft) if p.kind in ("number", "date")]
    agreed = sum(1 for i in figures if i in pairs and pairs[i].same)
    kinds = [one.kind for one in compared.departures]
    source = [j for j, p in enumerate(alignment.source) if not p.light]
    matched = sorted(pair.source for pair in alignment.pairs if pair.same)
    inside = [j for j in source if matched and matched[0] <= j <= matched[-1]]
    there = frozenset(matched)
    mine, grams = _letters_and_bigrams("".join(p.text for p in alignment.draft))
    its = window.letters
    return {
        "coverage": sum(weights[i] * wide[i] for i in words) / total if words else 0.5,
        "here": here if words else 0.5,
        "missing": max((weights[i] * (1 - wide[i]) for i in words), default=0.0) / total,
        "lost": min(3.0, sum(1.0 for i in words if wide[i] < 0.3 and len(alignment.draft[i].text) > 1)) / 3,
        "run": _longest_run(compared) / max(1, len(mine)),
        "bigrams": sum(g in its for g in grams) / max(1, len(grams)),
        "density": sum(1 for j in inside if j in there) / max(1, len(inside)),
        "figures": min(3, agreed) / 3,
        "unsaid": min(2, sum(1 for i in compared.missing if alignment.draft[i].kind != "place")) / 2,
        "apart": min(2, sum(k in ("number", "unit", "date") for k in kinds)) / 2,
        "elsewhere": min(1, kinds.count("place")) + 0.5 * min(1, _places_missing(compared)),
        "denied": min(1, sum(k in ("negation", "scope") for k in kinds)),
        "replaced": min(1, sum(k in ("person", "organisation", "name") for k in kinds)),
        "moved": sum(1 for pair in alignment.pairs if pair.moved) / max(1, len(alignment.pairs)),
        "short": 1.0 / max(1, len(words)),
        "exact": float(mine in its),
        "at_home": float(any(p.kind == "place" and fits_place(p.text, window) == "here" for p in alignment.draft)),
        "rare": max((_rarity(weights[i]) * (1 - wide[i]) for i in words), default=0.0),
        "together": _together(compared, weights),
        "spread": _spread(compared),
        "displaced": _displaced(compared, weights),
        "swapped": _swapped(compared),
        "around": min(2, sum(1 for i in compared.around if alignment.draft[i].kind == "date")) / 2,
        "weakest": _weakest(alignment.draft, words, weights, wide),
    }


@lru_cache(maxsize=64)
def _letters_and_bigrams(text: str) -> tuple[str, frozenset[str]]:
    """Of a sentence, which is measured beside several windows."""
    mine = letters(text)
    return mine, frozenset(mine[k : k + 2] for k in range(len(mine) - 1))


def _rarity(weight: float) -> float:
    """0 for the commonest words, 1 for those that stand next to nowhere: a name, likely."""
    return max(0.0, weight - LEAST)


def _together(compared: Compared, weights: Sequence[float]) -> float:
    """The share of the matched words that stand about the agreed figures and dates, the least of them; 1 for none."""
    draft, source, pairs = compared.alignment.draft, compared.alignment.source, compared.alignment.pairs
    told = [p for p in pairs if p.same and draft[p.draft].kind == "word" and not draft[p.draft].light]
    total = sum(weights[p.draft] for p in told)
    shares = [1.0]
    for one in pairs:
        if not one.same or draft[one.draft].kind not in ("number", "date") or not total:
            continue
        clause = source[one.source].clause
        near = sum(weights[p.draft] for p in told if abs(source[p.source].clause - clause) <= 1)
        shares.append(near / total)
    return min(shares)


def _displaced(compared: Compared, weights: Sequence[float]) -> float:
    """The heaviest piece (0-1) that stands elsewhere in the window, while something else stands in its place."""
    draft, source, pairs = compared.alignment.draft, compared.alignment.source, compared.alignment.by_draft()
    taken = {pair.source for pair in pairs.values()}
    told = [i for i in sorted(pairs) if pairs[i].same and not draft[i].light]
    worst = 0.0
    for before, at, behind in zip([None, *told], told, [*told[1:], None], strict=False):
        first = pairs[before].source if before is not None else None
        last = pairs[behind].source if behind is not None else None
        j = pairs[at].source
        first, last = (max(0, (last or 0) - PLACE_OF), last) if first is None else (first, last)
        last = min(len(source), first + PLACE_OF) if last is None or last - first > 2 * PLACE_OF else last
        if last <= first or first <= j <= last:
            continue
        if any(k not in taken and not source[k].light for k in range(first + 1, last)):
            worst = max(worst, min(1.0, weights[at]))
    return worst


def _swapped(compared: Compared) -> float:
    """The letters, of SWAPPED, of the longest run of words in whose place the window has others; words as common as any
    tell a thing from another there."""
    draft, source = compared.alignment.draft, compared.alignment.source
    in_order = [pair for pair in compared.alignment.pairs if not pair.moved]
    mine, its = {p.draft for p in compared.alignment.pairs}, {p.source for p in compared.alignment.pairs}
    edges = [(-1, -1), *((p.draft, p.source) for p in in_order), (len(draft), len(source))]
    longest = 0
    for (i, j), (k, m) in pairwise(edges):
        ours = [x for x in range(i + 1, k) if x not in mine and draft[x].kind == "word" and not draft[x].light]
        first, last = max(j + 1, m - PLACE_OF if i < 0 else 0), min(m, j + 1 + PLACE_OF if k == len(draft) else m)
        if ours and any(y not in its and not source[y].light for y in range(first, last)):
            longest = max(longest, sum(len(draft[x].text) for x in ours))
    return min(longest, SWAPPED) / SWAPPED


def _spread(compared: Compared) -> float:
    """How many more clauses the matched words take in the window than in the draft, of four."""
    draft, source = compared.alignment.draft, compared.alignment.source
    told = [p for p in compared.alignment.pairs if p.same and not draft[p.draft].light]
    mine = {draft[p.draft].clause for p in told}
    its = {source[p.source].clause for p in told}
    return min(4, max(0, len(its) - len(mine))) / 4


def _weakest(
    draft: Sequence[Piece], words: Sequence[int], weights: Sequence[float], wide: Mapping[int, float]
) -> float:
    """The coverage of the clause that is least covered; a clause of a word or two goes with the one before."""
    clauses: list[list[int]] = []
    for i in words:
        if clauses and (draft[i].clause == draft[clauses[-1][-1]].clause or len(clauses[-1]) < CLAUSE_WORDS):
            clauses[-1].append(i)
        else:
            clauses.append([i])
    if len(clauses) > 1 and len(clauses[-1]) < CLAUSE_WORDS:
        last = clauses.pop()
        clauses[-1] += last
    shares = [sum(weights[i] * wide[i] for i in clause) / sum(weights[i] for i in clause) for clause in clauses]
    return min(shares, default=0.5)


def _places_missing(compared: Compared) -> int:
    return sum(1 for i in compared.missing if compared.alignment.draft[i].kind == "place")


def _longest_run(compared: Compared) -> int:
    """The letters of the longest run of the draft that stands in the window without a break."""
    best = run = 0
    last = None
    for pair in compared.alignment.pairs:
        if not pair.same or pair.worth < SYNONYM or pair.moved:
            run, last = 0, None
            continue
        size = len(compared.alignment.draft[pair.draft].text)
        follows = last is not None and pair.draft == last[0] + 1 and pair.source == last[1] + 1
        run = run + size if follows else size
        last = (pair.draft, pair.source)
        best = max(best, run)
    return best


@cache
def _model() -> tuple[dict[str, list[list[float]]], dict[str, list[float]]]:
    told = json.loads(_FILE.read_text("utf-8"))
    return told["weights"], told["biases"]


def chances(features: Mapping[str, float]) -> dict[str, float]:
    """The model's chances of each label."""
    weights, biases = _model()
    values = [features[name] for name in FEATURES]
    hidden = [
        math.tanh(bias + sum(v * w for v, w in zip(values, row, strict=True)))
        for row, bias in zip(weights["hidden"], biases["hidden"], strict=True)
    ]
    sums = [
        bias + sum(v * w for v, w in zip(hidden, row, strict=True))
        for row, bias in zip(weights["out"], biases["out"], strict=True)
    ]
    top = max(sums)
    exponents = [math.exp(value - top) for value in sums]
    return {label: e / sum(exponents) for label, e in zip(LABELS, exponents, strict=True)}


def judge(compared: Compared, features: Mapping[str, float]) -> Judged:
    """What the model makes of the features. Where a difference is named, half of "supported" goes to "contradicted":
    the model learned from more kinds of slip than it can tell apart."""
    told = chances(features)
    if compared.departures:
        half = told["supported"] / 2
        told = {**told, "supported": half, "contradicted": told["contradicted"] + half}
    elif _overstated(compared):
        most = OVERSTATED * told["supported"]
        told = {**told, "supported": told["supported"] - most, "not_found": told["not_found"] + most}
    return Judged(compared, told, features)


def bears_out(one: Judged) -> bool:
    """Does a window bear the sentence out: surely, with no difference, every figure and every clause of it?"""
    unsaid = any(_must_be_said(one.compared, i) for i in one.compared.missing)
    whole = one.features["weakest"] >= CLAUSE_COVERED
    return one.chances["supported"] >= SUPPORTED and not one.compared.departures and not unsaid and whole


def _overstated(compared: Compared) -> bool:
    """Does the draft say that it is all of something, or the first, where the window says no such thing?"""
    said = {piece.text for piece in compared.alignment.draft}
    told = {piece.text for piece in compared.alignment.source}
    return any(said & words and not told & others for words, others in _wholes())


@cache
def _wholes() -> tuple[tuple[frozenset[str], frozenset[str]], ...]:
    """The words that claim the whole of something, and what bears them out, a pair for each kind of claim."""
    return tuple(
        (frozenset(list(takewhile("|".__ne__, line))), frozenset(list(dropwhile("|".__ne__, line))[1:]))
        for line in ordered_word_lists("whole")
    )


def _must_be_said(compared: Compared, i: int) -> bool:
    """A figure, or a date to the month; a year may go without saying."""
    piece = compared.alignment.draft[i]
    return piece.kind == "number" or (piece.kind == "date" and any(piece.date[1:]))


def speaks_against(one: Judged) -> bool:
    """Does a window say the same thing otherwise? Of another place it must say it nearly word for word, every figure of
    it: places report much alike, and what one did is no evidence against the other; nor is
    a single word beside the name."""
    kinds = {departure.kind for departure in one.compared.departures}
    least = COVERED
    if "place" in kinds and not one.features["at_home"]:
        least = WORD_FOR_WORD if kinds & {"number", "unit", "date"} else ELSEWHERE_COVERED
        if one.features["short"] == 1 or any(_must_be_said(one.compared, i) for i in one.compared.missing):
            return False
    return bool(kinds) and one.chances["contradicted"] >= CONTRADICTED and one.features["coverage"] >= least


def nearness(one: Judged) -> float:
    """How likely a contradicting window is the very source: it holds the sentence but for little, of its place."""
    home, apart = one.features["at_home"], len(one.compared.departures)
    return one.chances["contradicted"] + one.features["here"] + 0.2 * home - 0.1 * apart


def closer(against: Judged, supporting: Judged) -> bool:
    """Does the window that says it otherwise hold so much more of the sentence that it is its source?"""
    return against.features["here"] >= supporting.features["here"] + CLOSER
