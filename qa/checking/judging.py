"""Is a sentence borne out, contradicted or not there? A small calibrated model over what its alignment shows.

Features are shares and counts, so that they mean the same in any library. Weights: `qa/data/checking.json`, fitted by
`training/checking.py`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from qa.checking.aligning import DATE, LIGHT, NUMBER, PLACE, SYNONYM
from qa.checking.differing import Compared, Departure
from qa.checking.pieces import Piece
from qa.text import letters

LABELS = ("supported", "contradicted", "not_found")
FEATURES = (
    "coverage", "here", "missing", "run", "bigrams", "density", "figures", "unsaid", "apart", "elsewhere", "denied",
    "replaced", "moved", "short", "exact", "lost", "names",
)  # fmt: skip
_FILE = Path(__file__).resolve().parent.parent / "data" / "checking.json"
CONTEXT = 0.6  # what a word is worth that stands only around a window
BEST_IDF = 7.0


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
        LIGHT if piece.light else fixed.get(piece.kind) or 0.3 + min(1.0, idf.get(piece.text, BEST_IDF) / BEST_IDF)
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
    mine = letters("".join(p.text for p in alignment.draft))
    grams = {mine[k : k + 2] for k in range(len(mine) - 1)}
    its = letters(window.folded)
    return {
        "coverage": sum(weights[i] * wide[i] for i in words) / total if words else 0.5,
        "here": here if words else 0.5,
        "missing": max((weights[i] * (1 - wide[i]) for i in words), default=0.0) / total,
        "lost": min(3.0, sum(1.0 for i in words if wide[i] < 0.3 and len(alignment.draft[i].text) > 1)) / 3,
        "run": _longest_run(compared) / max(1, len(mine)),
        "bigrams": sum(g in its for g in grams) / max(1, len(grams)),
        "density": sum(1 for j in inside if j in set(matched)) / max(1, len(inside)),
        "figures": min(3, agreed) / 3,
        "unsaid": min(2, sum(1 for i in compared.missing if alignment.draft[i].kind != "place")) / 2,
        "apart": min(2, sum(k in ("number", "unit", "date") for k in kinds)) / 2,
        "elsewhere": min(1, kinds.count("place")) + 0.5 * min(1, _places_missing(compared)),
        "denied": min(1, sum(k in ("negation", "scope") for k in kinds)),
        "replaced": min(1, sum(k in ("person", "organisation", "name") for k in kinds)),
        "moved": sum(1 for pair in alignment.pairs if pair.moved) / max(1, len(alignment.pairs)),
        "short": 1.0 / max(1, len(words)),
        "exact": float(mine in its),
        "names": 0.0,
    }


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


def telling(departures: Sequence[Departure]) -> tuple[Departure, ...]:
    """The differences that a reader is shown: all but wording."""
    return tuple(one for one in departures if one.kind != "wording")
