"""Fits how much the vectors and a reranker count, on questions made from the library itself, without a language model.

Sentences lose words and have others put in their place, numbers become 多少, headings are asked for with their place:
what people type, roughly. They keep words of their source, which favours the lexical side: a weight fitted so is rather
too small than too large. One half of the questions chooses, the other, held out, tells what it brought.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from statistics import mean, stdev
from typing import Literal

from qa.indexing.library import Library
from qa.indexing.tokens import Tokens
from qa.retrieval.reranking import Once
from qa.retrieval.searching import Searcher
from qa.retrieval.synonyms import groups
from qa.text import sentence_spans, simplify
from qa.types import Document, Hit, Passage

QUESTIONS = 240
FEWEST = 20  # below so many a difference is chance
DOCUMENTS = 400
WEIGHTS = (0.0, 0.1, 0.2, 0.35, 0.5, 0.75, 1.0, 1.5)
RERANKED = 80  # questions; each costs a cross-encoder thirty pairs, a second or more on a processor
RERANKING = (0.0, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0)
KEPT = 0.35  # of a sentence's words
SHORTEST, LONGEST = 14, 80
_NUMBER = re.compile(
    r"(?<![\d.])\d[\d,.]*(?=(?:[万亿多余]*)(?:家|个|人|名|户|处|条|座|所|场|次|项|公里|亩|吨|元|辆|套|张|本|册))"
)


@dataclass(frozen=True, slots=True)
class MadeQuestion:
    """A question and how to know its passage: by a sentence that stands in it, or by its heading in a document."""

    text: str
    document_id: str
    sentence: str = ""
    heading: tuple[str, ...] = ()

    def answered_by(self, hit: Hit) -> bool:
        """Is this the passage, or another that holds the very sentence?"""
        if self.sentence:
            return self.sentence in hit.passage.text
        return hit.document.id == self.document_id and hit.passage.heading == self.heading


@dataclass(frozen=True, slots=True)
class Scores:
    """Shares of the questions, 0-1: those whose passage comes first, among the first five; and the mean of 1 / rank."""

    first: float
    first_five: float
    reciprocal: float


@dataclass(frozen=True, slots=True)
class Tuned:
    """The weight of `what` before and after, and what the held-out questions score with each."""

    what: Literal["vectors", "reranker"]
    questions: int
    weight_before: float
    weight: float
    before: Scores
    after: Scores


def tune(
    library: Library, tokens: Tokens, searcher: Callable[[float], Searcher], seed: int = 0
) -> Iterator[tuple[int, int, Tuned | None]]:
    """Fit the weight of the model that answers. Yields (done, total, None) and last the result; keeps nothing.

    `searcher` makes one that counts the vectors by a weight. With fewer than FEWEST questions nothing is yielded.
    """
    questions = make_questions(library, tokens, random.Random(seed))
    yield from _fit("vectors", questions, {*WEIGHTS, library.models.weight}, library.models.weight, searcher)


def tune_reranker(
    library: Library, tokens: Tokens, searcher: Searcher, seed: int = 1
) -> Iterator[tuple[int, int, Tuned | None]]:
    """Like `tune` for the weight of a searcher's reranker: fewer questions, since each is read with many passages."""
    if searcher.reranker is None:
        return
    questions = make_questions(library, tokens, random.Random(seed))[:RERANKED]
    once, before = Once(searcher.reranker), searcher.reranking_weight
    yield from _fit(
        "reranker", questions, {*RERANKING, before}, before, lambda weight: searcher.reranking_by(once, weight)
    )


def _fit(
    what: Literal["vectors", "reranker"],
    questions: Sequence[MadeQuestion],
    trying: Collection[float],
    before: float,
    searcher: Callable[[float], Searcher],
) -> Iterator[tuple[int, int, Tuned | None]]:
    if len(questions) < FEWEST:
        return
    fitting, held_out = questions[::2], questions[1::2]
    weights = sorted(trying)
    total = len(weights) + 2
    ranks: dict[float, list[int]] = {}
    for weight in weights:
        yield len(ranks), total, None
        ranks[weight] = _ranks(searcher(weight), fitting)
    best = _best(ranks, before)
    was = scores(_ranks(searcher(before), held_out))
    yield total - 1, total, None
    now = was if best == before else scores(_ranks(searcher(best), held_out))
    yield total, total, Tuned(what, len(held_out), before, best, was, now)


def _best(ranks: dict[float, list[int]], before: float) -> float:
    """The weight with the best mean of 1 / rank; the present one where the gain is within one standard error."""
    best = max(ranks, key=lambda weight: scores(ranks[weight]).reciprocal)
    gains = [_reciprocal(now) - _reciprocal(was) for now, was in zip(ranks[best], ranks[before], strict=True)]
    return best if mean(gains) > stdev(gains) / len(gains) ** 0.5 else before


def scores(ranks: Sequence[int]) -> Scores:
    """How well the passages of questions are found, by their ranks."""
    count = max(1, len(ranks))
    return Scores(
        sum(rank == 1 for rank in ranks) / count,
        sum(0 < rank <= 5 for rank in ranks) / count,
        sum(map(_reciprocal, ranks)) / count,
    )


def _reciprocal(rank: int) -> float:
    return 1 / rank if rank else 0.0


def _ranks(searcher: Searcher, questions: Sequence[MadeQuestion]) -> list[int]:
    return [_rank(searcher, question) for question in questions]


def _rank(searcher: Searcher, question: MadeQuestion) -> int:
    """From 1; 0 where it is not among the first ten."""
    hits = searcher.search(searcher.understand(question.text), 10)
    return next((rank for rank, hit in enumerate(hits, 1) if question.answered_by(hit)), 0)


def make_questions(library: Library, tokens: Tokens, chance: random.Random) -> list[MadeQuestion]:
    """At most QUESTIONS questions on passages all over the library, in random order; the same for the same library."""
    rows, _, _ = library.documents(10_000)
    documents = [row.document for row in rows if row.document.duplicate_of is None]
    documents = chance.sample(documents, min(DOCUMENTS, len(documents)))
    made: list[MadeQuestion] = []
    each = max(1, -(-QUESTIONS // max(1, len(documents))))
    for document in documents:
        passages = library.passages_of(document.id)
        for passage in chance.sample(passages, min(each, len(passages))):
            question = _question(document, passage, tokens, chance)
            if question is not None:
                made.append(question)
    chance.shuffle(made)
    return made[:QUESTIONS]


def _question(document: Document, passage: Passage, tokens: Tokens, chance: random.Random) -> MadeQuestion | None:
    if passage.heading and chance.random() < 0.2:
        return MadeQuestion(f"{document.place or ''}{passage.heading[-1]}", document.id, heading=passage.heading)
    sentences = [passage.text[start:end].strip() for start, end in sentence_spans(passage.text)]
    sentences = [one for one in sentences if SHORTEST <= len(one) <= LONGEST]
    if not sentences:
        return None
    sentence = chance.choice(sentences)
    number = _NUMBER.search(sentence)
    asked = f"{sentence[: number.start()]}多少{sentence[number.end() :]}" if number else sentence
    place = document.place or ""
    text = (place if chance.random() < 0.5 else "") + _reworded(asked, tokens, chance)
    return MadeQuestion(text, document.id, sentence=sentence)


def _reworded(text: str, tokens: Tokens, chance: random.Random) -> str:
    """Some of the words of a text, in order, others in the place of those that have synonyms."""
    words = [word for word in tokens.cut(simplify(text)) if len(word) > 1 or not word.isascii()]
    kept = [word for word in words if word == "多少" or chance.random() < KEPT]
    kept = kept if len(kept) >= 3 else words
    return "".join(chance.choice(sorted(groups()[word])) if word in groups() else word for word in kept)
