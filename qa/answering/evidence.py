"""Is there enough evidence to answer? A question about another place, or whose words the library does not bear out, is refused.

Judged by normalised quantities only (raw BM25 and cosine were measured to be poor thresholds): how much of the question the best
sentence with its surroundings covers, whether its rarest word stands anywhere near, whether the asked place and year are there.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from qa.answering.selecting import Pick
from qa.retrieval.questions import Asked
from qa.retrieval.ranking import is_of, is_within
from qa.text import simplify
from qa.types import Hit

# A logistic model; weights and the threshold are fitted by benchmarks/fit_evidence.py (docs/quality.md has the curve).
WEIGHTS = {"coverage": 6.0, "lexical": 6.0, "missing": -3.0, "fit": 0.8}
BIAS = -2.6
THRESHOLD = 0.5


@dataclass(frozen=True, slots=True)
class Evidence:
    """Whether the picks bear out an answer. `chance` is 0-1; `lacking` says in Chinese what is not there, "" if nothing stands out."""

    enough: bool
    chance: float
    lacking: str = ""


def weigh(asked: Asked, hits: Sequence[Hit], picks: Sequence[Pick]) -> Evidence:
    """The evidence that the best picks give for a question."""
    if not hits or not picks:
        return Evidence(False, 0.0)
    if lacking := lacking_place(asked, hits):
        return Evidence(False, 0.0, lacking)
    chance = 1.0 / (1.0 + math.exp(-(BIAS + sum(WEIGHTS[name] * value for name, value in measure(asked, hits, picks).items()))))
    return Evidence(chance >= THRESHOLD, chance)


def measure(asked: Asked, hits: Sequence[Hit], picks: Sequence[Pick]) -> dict[str, float]:
    """The features of the decision, each 0-1."""
    best = max(picks[:3], key=lambda p: p.coverage)
    return {
        "coverage": best.coverage,
        "lexical": max(hit.why.get("lexical", 0.0) for hit in hits[:3]),
        "missing": best.missing,
        "fit": picks[0].fit,
    }


def _speaks_of(asked: Asked, hit: Hit, path: str, name: str) -> bool:
    """Is a hit about a place? What holds for a city inside it is no total of a province."""
    if is_of(hit.document.place, path) or name in simplify(hit.passage.text):
        return True
    return asked.kind not in ("number", "compare") and is_within(hit.document.place, path)


def lacking_place(asked: Asked, hits: Sequence[Hit]) -> str:
    """The place that is asked for when none of the hits is of it or names it, "" otherwise."""
    for path, name in zip(asked.places, asked.place_names, strict=False):
        if not any(_speaks_of(asked, hit, path, name) for hit in hits):
            return name
    for name in asked.unknown_places:
        if not any(name in simplify(hit.passage.text + hit.passage.context) for hit in hits):
            return name
    return ""
