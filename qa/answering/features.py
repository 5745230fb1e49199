"""What the learned score of a sentence looks at: its words, its neighbours, and what it holds of what is asked.

Nothing here depends on how long a text is or where in it a sentence stands: what holds of an encyclopaedia need not
hold of a report.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

import numpy as np

from qa.numbers import DATE
from qa.retrieval.questions import Asked
from qa.text import simplify

KINDS = ("number", "when", "who", "where", "name", "list", "how", "why", "definition", "other")
NAMES = (
    "words", "bigrams", "local_words", "local_bigrams", "coverage", "missing", "behind", "ahead", "before", "after",
    "clause", "beside", "fit", "near", "letters", "novel", "length", "titled", "numbers", "new_numbers", "dates",
    "quoted", "listed", "reason", "run", "left", "right", "terms", *(f"kind_{kind}" for kind in KINDS),
)  # fmt: skip
_NUMBER = re.compile(r"\d+(?:\.\d+)?|[一二三四五六七八九十百千两]+")
_ASKS = re.compile(r"什么|哪\w?|谁|多少|几|何时|何处|为何|怎么|怎样|如何|是否")
AROUND = 5  # characters beside the word that asks
_REASON = re.compile(r"因为|由于|原因|导致|因此|所以|为了|源于|得益|是因|使得|从而")


def shares(weights: Mapping[str, float], stands: Sequence[Mapping[str, float]]) -> tuple[np.ndarray, np.ndarray]:
    """For each sentence the share of the terms that stands in it, (n,): by weight, and by how few hold each."""
    terms = list(weights)
    if not terms or not stands:
        return np.zeros(len(stands)), np.zeros(len(stands))
    standing = np.array([[one[term] for term in terms] for one in stands])
    plain = np.array([weights[term] for term in terms])
    local = np.log1p(len(stands) / ((standing > 0).sum(0) + 0.5))
    return standing @ plain / (plain.sum() or 1.0), standing @ local / (local.sum() or 1.0)


def of_text(asked: Asked, text: str, question_words: frozenset[str], own_words: Sequence[str]) -> list[float]:
    """What a sentence holds by itself: from "letters" to "reason" but for "titled"."""
    plain = simplify(text)
    asked_numbers = set(_NUMBER.findall(asked.text))
    numbers = set(_NUMBER.findall(plain))
    asked_letters = {c for c in asked.text if c.isalnum()}
    novel = sum(word not in question_words for word in own_words) / max(1, len(own_words))
    return [
        len(asked_letters & set(plain)) / max(1, len(asked_letters)),
        novel,
        math.log1p(len(plain)),
        len(asked_numbers & numbers) / len(asked_numbers) if asked_numbers else 0.5,
        min(4.0, len(numbers - asked_numbers)),
        min(3.0, len(DATE.findall(plain))),
        float("“" in plain or "《" in plain or "「" in plain),
        min(3.0, plain.count("、")),
        float(bool(_REASON.search(plain))),
        longest_run(asked.text, plain) / max(4, len(asked.text)),
        *beside_the_asking(asked.text, plain),
    ]


def longest_run(question: str, text: str) -> int:
    """Length of the longest run of characters that a question and a text share."""
    longest = at = 0
    while at + longest < len(question):
        if question[at : at + longest + 1] in text:
            longest += 1
        else:
            at += 1
    return longest


def beside_the_asking(question: str, text: str) -> tuple[float, float]:
    """How much (0-1) of what stands just before and just after the word that asks stands in a text, by bigrams."""
    match = _ASKS.search(question)
    if match is None:
        return 0.5, 0.5
    before = question[max(0, match.start() - AROUND) : match.start()]
    return _bigrams_in(before, text), _bigrams_in(question[match.end() : match.end() + AROUND], text)


def _bigrams_in(piece: str, text: str) -> float:
    pairs = [piece[i : i + 2] for i in range(len(piece) - 1) if piece[i : i + 2].isalnum()]
    return sum(pair in text for pair in pairs) / len(pairs) if pairs else 0.5


def of_kind(asked: Asked) -> list[float]:
    """The kind of what is asked, one column each; a comparison asks for a number, a keyword for anything."""
    kind = {"compare": "number"}.get(asked.kind, asked.kind)
    return [float(kind == each or (each == "other" and kind not in KINDS)) for each in KINDS]
