"""One search serves ask, check and the search box: lexical and vector candidates, fused and ordered."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import zip_longest

from qa.errors import ModelUnreachable
from qa.indexing.embedding import Embedder
from qa.indexing.library import Library
from qa.indexing.number_forms import forms
from qa.indexing.tokens import Tokens
from qa.retrieval.collapsing import collapse
from qa.retrieval.dialogue import StandAlone, stand_alone
from qa.retrieval.questions import Asked, apart, understand
from qa.retrieval.ranking import Candidate, are_reports, as_read, features, kind, probability, standardise
from qa.retrieval.reader import Reader
from qa.retrieval.reranking import Reranker, rerank
from qa.retrieval.spelling import mended, slips
from qa.text import Folded, fold, fold_with_origins
from qa.types import Filters, Hit, Passage, Turn

log = logging.getLogger(__name__)
CANDIDATES = 80
NEIGHBOURS = 30
# So many times the wanted hits are looked through for passages of the same words.
COLLAPSED = 2
# So many of the best are looked at for what is asked for.
RERANKED = 40
# So many are read by the reader, which costs more than all the rest.
READ = 5
BIGRAM_WEIGHT = 0.5
# What a word that may stand for one of the question's weighs beside it.
SYNONYM = 0.5
# What a passage loses for each word of the question that was taken for another.
MENDED = -0.03
# BM25 gives at most k1 + 1 times a term's idf; dividing by it puts lexical scores on 0-1 (k1 as in
# qa.indexing.lexical).
SATURATION = 1.8


Scored = tuple[float, Candidate, dict[str, float]]


class Searcher:
    """Finds passages of one library. Thread-safe."""

    def __init__(
        self,
        library: Library,
        tokens: Tokens,
        reader: Reader | None = None,
        reranker: Reranker | None = None,
        weight: float | None = None,
        reranking: float | None = None,
    ) -> None:
        """`weight`: how much the vectors count, `reranking` the reranker; None for what was fitted or they say."""
        self.library = library
        self.tokens = tokens
        self.reader = reader
        self.reranker = reranker
        self._weight, self._reranking = weight, reranking

    def weighing(self, weight: float) -> Searcher:
        """The same, counting the vectors by another weight and without the reranker."""
        return Searcher(self.library, self.tokens, weight=weight)

    def reranking_by(self, reranker: Reranker, weight: float) -> Searcher:
        """The same with a reranker of that weight."""
        return Searcher(self.library, self.tokens, self.reader, reranker, self._weight, weight)

    @property
    def reranking_weight(self) -> float:
        """How much the reranker counts, 0 where there is none."""
        if self.reranker is None:
            return 0.0
        fitted = self.library.models.weight_of(self.reranker.model) if self._reranking is None else self._reranking
        return self.reranker.weight if fitted is None else fitted

    @property
    def embedder(self) -> Embedder:
        """The model that answers now."""
        return self.library.embedder

    @property
    def weight(self) -> float:
        """How much the vectors count."""
        return self.library.models.weight if self._weight is None else self._weight

    def understand(self, question: str, history: Sequence[Turn] = ()) -> Asked:
        """What a question asks after the turns before it, with the places that the library knows."""
        known = sorted(self.library.places())
        return self._understood(stand_alone(question, history, self.tokens, known), known)

    def readings(self, question: str, history: Sequence[Turn] = ()) -> Iterator[Asked]:
        """What a question asks, and what else it may ask, the likelier first."""
        asked: Asked | None = self.understand(question, history)
        while asked is not None:
            yield asked
            asked = self._understood(asked.otherwise, sorted(self.library.places())) if asked.otherwise else None

    def _understood(self, asks: StandAlone, known: Sequence[str]) -> Asked:
        found = slips(fold(asks.text), self.tokens, self.library.known)
        if not found:
            return understand(asks, self.tokens, known)
        question, carried = (mended(fold(text), found) for text in (asks.question, asks.carried))
        asked = understand(replace(asks, question=question, carried=carried), self.tokens, known)
        return replace(asked, mended=tuple((slip.written, slip.meant) for slip in found))

    def search(self, asked: Asked, top_k: int, filters: Filters = Filters(), within: str = "text") -> list[Hit]:
        """The best passages, best first, at most `top_k`; `within="headings"` looks at headings only.

        Their documents are as `Library.described` gives them: without text.
        """
        allowed = self.library.allowed(filters)
        candidates = self._candidates(asked, allowed)
        if within == "headings":
            candidates = self._by_heading(asked, candidates)
        mean, deviation = standardise([c.cosine for c in candidates])
        weight, scored = self.weight, []
        for candidate in candidates:
            why = features(asked, candidate, weight, mean, deviation)
            if asked.mended:
                why["mended"] = MENDED * len(asked.mended)
            scored.append((sum(why.values()), candidate, why))
        scored.sort(key=_order)
        looked_at = max(RERANKED, top_k)
        scored[:looked_at] = sorted((_with_kind(asked, *one) for one in scored[:looked_at]), key=_order)
        if within == "text":
            scored = self._read(asked, scored)
            if self.reranker and (weight := self.reranking_weight):
                scored = sorted(rerank(self.reranker, weight, asked.text, scored), key=_order)
        hits = (
            Hit(c.passage, c.document, round(probability(total), 4), {k: round(v, 4) for k, v in why.items()})
            for total, c, why in scored[: COLLAPSED * top_k]
        )
        return collapse(hits, top_k)

    def _read(self, asked: Asked, scored: list[Scored]) -> list[Scored]:
        """The same with the best put in order by what the reader makes of them.

        Reports of places are left alone: place, year and kind settle their order, and the reader was measured to add
        nothing (docs/measurements.md). So is what asks nothing, a statement whose source is looked for.
        """
        best = scored[:READ]
        if self.reader is None or len(best) < 2 or asked.states or are_reports([c.document for _, c, _ in best]):
            return scored
        reads = self.reader.read(asked.text, [(c.passage.context, c.passage.text) for _, c, _ in best])
        again = [
            (total + sum(more.values()), candidate, why | more)
            for (total, candidate, why), more in zip(best, as_read(reads), strict=True)
        ]
        return [*sorted(again, key=_order), *scored[READ:]]

    def search_for_answer(self, asked: Asked, top_k: int, filters: Filters = Filters()) -> list[Hit]:
        """Like `search`, the documents whole; each of several places is searched alone, so that all are found."""
        hits = self._search_apart(asked, top_k, filters)
        ids = list(dict.fromkeys(hit.document.id for hit in hits))
        documents = {one.id: one for one in self.library.present(ids)}
        return [replace(hit, document=documents[hit.document.id]) for hit in hits if hit.document.id in documents]

    def _search_apart(self, asked: Asked, top_k: int, filters: Filters) -> list[Hit]:
        if asked.kind != "compare" or len(apart(asked.places)) < 2:
            return self.search(asked, top_k, filters)
        each = [
            self.search(self._only(asked, i), top_k // len(asked.places) + 1, filters) for i in range(len(asked.places))
        ]
        merged = {hit.passage.id: hit for row in zip_longest(*each) for hit in row if hit is not None}
        return list(merged.values())

    def _only(self, asked: Asked, index: int) -> Asked:
        """The question as it would be asked of one of its places alone."""
        others = [name for i, name in enumerate(asked.place_names) if i != index]
        drop = {w for name in others for w in (*self.tokens.words(name), *self.tokens.bigrams(name))}
        return replace(
            asked,
            words=tuple(w for w in asked.words if w not in drop),
            bigrams=tuple(b for b in asked.bigrams if b not in drop),
            joints=tuple(b for b in asked.joints if b not in drop),
            places=asked.places[index : index + 1],
            place_names=asked.place_names[index : index + 1],
        )

    def _candidates(self, asked: Asked, allowed: frozenset[str] | None) -> list[Candidate]:
        bigrams = (*asked.bigrams, *asked.joints)
        lexical = dict(self.library.lexical(asked.words, bigrams, CANDIDATES, allowed, self._also(asked)))
        cosines = self._cosines(asked, allowed)
        most = self._most(asked)
        passages = self.library.get(list(dict.fromkeys([*lexical, *cosines])))
        documents = self.library.described(list(dict.fromkeys(p.document_id for p in passages.values())))
        floor = min(cosines.values(), default=0.0)
        return [
            Candidate(p, documents[p.document_id], lexical.get(i, 0.0) / most, cosines.get(i, floor))
            for i, p in passages.items()
            if p.document_id in documents
        ]

    def _cosines(self, asked: Asked, allowed: frozenset[str] | None) -> dict[str, float]:
        """The nearest passages' cosines; none while an endpoint does not answer: words find most of it alone."""
        try:
            return dict(self.library.near(asked.text, NEIGHBOURS, allowed))
        except ModelUnreachable as error:
            log.warning("searching by words alone: %s", error)
            return {}

    def _also(self, asked: Asked) -> dict[str, float]:
        """Words that may stand for the question's own, with their weight."""
        others = {other for same in asked.alternatives.values() for other in same}
        words = {word for other in others for word in self.tokens.words(other) if len(word) > 1}
        return dict.fromkeys(sorted(words - set(asked.words)), SYNONYM)

    def _most(self, asked: Asked) -> float:
        """The most that a passage could score:

        every term of the query, saturated. Bigrams have about the words' idf.
        """
        idf = self.library.idf(asked.words)
        words = sum(idf.values())
        mean = words / len(idf) if idf else 1.0
        return SATURATION * (words + BIGRAM_WEIGHT * mean * len(asked.bigrams)) or 1.0

    def _by_heading(self, asked: Asked, candidates: Sequence[Candidate]) -> list[Candidate]:
        """One candidate a heading, scored by the share of the query's words that it holds."""
        best: dict[tuple[str, tuple[str, ...]], Candidate] = {}
        for c in candidates:
            words = set(self.tokens.words(" ".join(c.passage.heading)))
            share = sum(word in words for word in asked.words) / max(1, len(asked.words))
            key = (c.document.id, c.passage.heading)
            if c.passage.heading and share > 0 and key not in best:
                best[key] = Candidate(c.passage, c.document, share, c.cosine)
        return list(best.values())

    def highlight(self, asked: Asked, passage: Passage) -> tuple[tuple[int, int], ...]:
        """Spans of passage.text where words of the question stand, merged, in order."""
        folded = _folded(passage.text)
        spans: list[tuple[int, int]] = []
        for at, until in _standing(asked.words, folded.text):
            start, end = folded.original_span(at, until)
            if all(end <= s or e <= start for s, e in spans):
                spans.append((start, end))
        return tuple(sorted(spans))


@lru_cache(maxsize=4096)
def _folded(text: str) -> Folded:
    return fold_with_origins(text)


@lru_cache(maxsize=4096)
def _forms(folded: str) -> list[tuple[int, int, str]]:
    return forms(folded)


def _standing(words: Sequence[str], folded: str) -> Iterator[tuple[int, int]]:
    """Where words stand in a folded text, numbers by their value too (3.5万 for 35000), the longest words first."""
    if any(word[0].isdigit() for word in words):
        yield from ((start, end) for start, end, form in _forms(folded) if form in words)
    for word in sorted((w for w in words if len(w) > 1 or w.isascii()), key=len, reverse=True):
        at = folded.find(word)
        while at >= 0:
            yield at, at + len(word)
            at = folded.find(word, at + len(word))


def _with_kind(asked: Asked, total: float, candidate: Candidate, why: dict[str, float]) -> Scored:
    fit = kind(asked, candidate.passage)
    return total + fit, candidate, {**why, "kind": fit}


def _order(item: Scored) -> tuple[float, str, int]:
    """Best first; equals in the order of their documents."""
    return -item[0], item[1].passage.document_id, item[1].passage.ordinal
