"""Orders candidate passages: normalised lexical and vector scores, then what the question asks for.

A weighted sum, never reciprocal ranks: equal-weight rank fusion was measured to take 14 points of first hits away.
Every feature is kept in `Hit.why`, so that an order can be explained.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from qa.numbers import DATE, units_in
from qa.retrieval.questions import Asked, same_unit
from qa.retrieval.reader import Read
from qa.text import simplify
from qa.types import Document, Passage

# Weights of the sum, on the scale of one lexical self-score; chosen on development questions (docs/measurements.md).
PLACE, ELSEWHERE, YEAR, KIND, NAME = 0.20, 0.20, 0.03, 0.10, 0.08
# What the reader adds to the likeliest of the passages that it reads; one DEEPEST below it is added nothing. Fitted on
# CMRC trial (docs/measurements.md).
READER, DEEPEST = 0.15, 8.0
# Slope and midpoint that turn the sum into a chance that the passage answers; set by eye, not yet calibrated.
SLOPE, MIDPOINT = 9.0, 0.42
_YEAR = re.compile(r"\d{4}年")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage with its lexical score as a share of the query's own maximum (0-1) and its cosine."""

    passage: Passage
    document: Document
    lexical: float
    cosine: float


def features(
    asked: Asked, candidate: Candidate, vector_weight: float, mean: float, deviation: float
) -> dict[str, float]:
    """The terms of a candidate's score, but for "kind"; `mean` and `deviation` are of the candidates' cosines."""
    text = candidate.passage.text
    vector = (candidate.cosine - mean) / deviation if deviation else 0.0
    return {
        "lexical": candidate.lexical,
        "vector": 0.1 * vector_weight * max(-3.0, min(3.0, vector)),
        "place": place_fit(asked, candidate.document, text),
        "year": YEAR * _year_fit(asked, candidate) if asked.years else 0.0,
        "name": NAME * _name_fit(asked, text) if asked.names else 0.0,
    }


def kind(asked: Asked, passage: Passage) -> float:
    """The term for what is asked for. It reads the passage's numbers, so only the best candidates are given it."""
    return KIND * kind_fit(asked, _simplified(passage.text))


def as_read(reads: Sequence[Read]) -> list[dict[str, float]]:
    """The term of each passage that was read, 0 or more."""
    masses = [read.mass() for read in reads]
    highest = max(masses)
    return [{"reader": READER * max(0.0, 1 + (mass - highest) / DEEPEST)} for mass in masses]


def are_reports(documents: Sequence[Document]) -> bool:
    """Are most of some documents reports: of a place, and of a kind or period that reading recognised?"""
    reports = [d for d in documents if d.place is not None and (d.kind is not None or d.period is not None)]
    return 2 * len(reports) > len(documents)


@lru_cache(maxsize=8192)
def _simplified(text: str) -> str:
    return simplify(text)


@lru_cache(maxsize=8192)
def _units(text: str) -> frozenset[str]:
    """The units of the numbers in a Simplified text."""
    return units_in(text)


def probability(total: float) -> float:
    """The chance, 0-1, that a passage with this sum answers."""
    return 1.0 / (1.0 + math.exp(-SLOPE * (total - MIDPOINT)))


def place_fit(asked: Asked, document: Document, text: str) -> float:
    """PLACE when a document is of the asked place, half of it when text or title names it, -ELSEWHERE when the document
    is of another; 0 when none is asked, or the document is of no place that is known.
    """
    if not asked.place_names and not asked.unknown_places:
        return 0.0
    of_one, within_one = _placed(document.place, asked.places)
    if of_one:
        return PLACE
    plain, title = _simplified(text), _simplified(document.title)
    if any(name in plain or name in title for name in (*asked.place_names, *asked.unknown_places)):
        return PLACE / 2
    return 0.0 if within_one or document.place is None else -ELSEWHERE


@lru_cache(maxsize=4096)
def _placed(path: str | None, places: tuple[str, ...]) -> tuple[bool, bool]:
    """Is a document of just one of some places, or within one?"""
    return any(is_of(path, place) for place in places), any(is_within(path, place) for place in places)


def is_of(path: str | None, place: str) -> bool:
    """Is a document of just this place (its path may be shorter or longer at the front)?"""
    return bool(path) and (path.endswith(place) or place.endswith(path))  # type: ignore[union-attr, arg-type]


def is_within(path: str | None, place: str) -> bool:
    """Does a document's place path lie in a place, or is it that place?"""
    return bool(path) and (path.startswith(place) or path.endswith(place))  # type: ignore[union-attr]


def speaks_of(document: Document, text: str, asked: Asked) -> bool:
    """Does a text of a document speak of a place that is asked about? True when none is asked.

    A number of a city is no total of its province; a number in another place's report that names the asked place in
    passing is the other's. Only a report of a place around the asked one, or of none, may give its number by naming it.
    """
    if not asked.place_names and not asked.unknown_places:
        return True
    counts = asked.kind in ("number", "compare")
    plain = simplify(text)
    for path, name in zip(asked.places, asked.place_names, strict=False):
        if is_of(document.place, path):
            return True
        if not counts and (is_within(document.place, path) or name in plain):
            return True
        if counts and name in plain and (document.place is None or path.startswith(document.place)):
            return True
    return any(name in plain or name in (document.place or "") for name in asked.unknown_places)


def _year_fit(asked: Asked, candidate: Candidate) -> float:
    """1 for a passage of an asked year, -1 for one of other years, 0 for one of none."""
    around = candidate.passage.text + candidate.passage.context
    if any(f"{year}年" in around for year in asked.years):
        return 1.0
    return -1.0 if _YEAR.search(around) else 0.0


def _name_fit(asked: Asked, text: str) -> float:
    """How many of the names that the question quotes stand in the text, as a share."""
    plain = _simplified(text)
    return sum(name in plain for name in asked.names) / len(asked.names)


def kind_fit(asked: Asked, text: str) -> float:
    """0-1: does the text hold anything of the kind that is asked for?"""
    if asked.kind in ("number", "compare"):
        return max((same_unit(asked.unit, unit) for unit in _units(text)), default=0.0)
    if asked.kind == "when":
        return 1.0 if DATE.search(text) else 0.0
    if asked.kind in ("name", "list", "definition"):
        return 1.0 if "“" in text or "「" in text or text.count("、") >= 2 else 0.0
    return 0.5


def standardise(values: Sequence[float]) -> tuple[float, float]:
    """Mean and standard deviation of some values; (0, 0) for fewer than two."""
    if len(values) < 2:
        return 0.0, 0.0
    mean = sum(values) / len(values)
    return mean, math.sqrt(sum((v - mean) ** 2 for v in values) / len(values))
