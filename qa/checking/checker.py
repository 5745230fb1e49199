"""The third walk's steps: a sentence's likely sources, each compared with it, and the verdict with what shows it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from qa.checking.aligning import align
from qa.checking.claims import Sentence, sentences_of
from qa.checking.differing import compare
from qa.checking.judging import Judged, chances, measure, weights_of
from qa.checking.windows import Window, Windows
from qa.indexing.tokens import Tokens
from qa.retrieval.quoting import Finder, Found
from qa.retrieval.searching import Searcher
from qa.text import letters
from qa.types import Citation, DraftDifference, Filters, Passage, Verdict

PASSAGES = 12
WINDOWS = 6  # that are laid against a sentence piece by piece
SHOWN = 3  # citations of a verdict
# What bears a sentence out must be this sure: a false "supported" costs a writer most.
SUPPORTED, CONTRADICTED = 0.6, 0.5
MIN_LETTERS = 4
NEAR = 0.12  # letters of a hundred that may differ in a place that the finder gives


class Checker:
    """Checks the sentences of drafts against one library. Thread-safe."""

    def __init__(self, searcher: Searcher, tokens: Tokens, finder: Finder | None = None) -> None:
        self.library = searcher.library
        self.searcher = searcher
        self.tokens = tokens
        self.finder = finder or Finder(self.library)
        self.windows = Windows(self.library, tokens)

    def check(self, draft: str, filters: Filters) -> Iterator[Verdict]:
        """A verdict on each sentence of a draft, in order, each as soon as it is made."""
        allowed = self.library.allowed(filters)
        for sentence in sentences_of(draft, self.tokens):
            yield self.judge(sentence(), allowed)

    def judge(self, sentence: Sentence, allowed: frozenset[str] | None = None) -> Verdict:
        """The verdict on one sentence."""
        standing = self._standing(sentence, allowed)
        if standing:
            return self._verbatim(sentence, standing)
        judged = self.judgements(sentence, allowed)
        return self._verdict(sentence, judged)

    def judgements(self, sentence: Sentence, allowed: frozenset[str] | None = None) -> list[Judged]:
        """The sentence against its likely sources, those that bear it out or contradict it first."""
        idf = self.library.idf([p.text for p in sentence.pieces if p.kind == "word"])
        weights = weights_of(sentence.pieces, idf)
        found = []
        for window in self._likely(sentence, weights, allowed):
            alignment = align(sentence.pieces, weights, window.pieces)
            compared = compare(sentence.text, alignment, window)
            features = measure(compared, weights)
            found.append(Judged(compared, chances(features), features))
        return sorted(found, key=lambda one: one.chances["not_found"])

    # --- where it may stand

    def _standing(self, sentence: Sentence, allowed: frozenset[str] | None) -> list[Found]:
        """Places where the sentence stands word for word."""
        if len(letters(sentence.text)) < MIN_LETTERS:
            return []
        return self.finder.find(sentence.text, limit=8, near=False, allowed=allowed)

    def _likely(self, sentence: Sentence, weights: Sequence[float], allowed: frozenset[str] | None) -> list[Window]:
        text = sentence.text
        words = list(dict.fromkeys(self.tokens.words(text)))
        bigrams = list(dict.fromkeys(self.tokens.bigrams(text)))
        ranked = [i for i, _ in self.library.lexical(words, bigrams, PASSAGES, allowed)]
        passages = list(self.library.get(ranked).values())
        terms = [(p.text, w) for p, w in zip(sentence.pieces, weights, strict=True) if not p.light]
        places = [p.text for p in sentence.pieces if p.kind == "place"]
        return self.windows.likely(passages, terms, places, WINDOWS)

    # --- what is said of it

    def _verbatim(self, sentence: Sentence, standing: Sequence[Found]) -> Verdict:
        shown = [c for c in (self._cited(one.document_id, one.start, one.end, 1.0) for one in standing) if c]
        return Verdict(
            sentence.text,
            sentence.start,
            sentence.end,
            "supported",
            0.99,
            verbatim=True,
            citations=tuple(shown[:SHOWN]),
        )

    def _verdict(self, sentence: Sentence, judged: Sequence[Judged]) -> Verdict:
        supporting = max(judged, key=lambda one: one.chances["supported"], default=None)
        if (
            supporting is not None
            and supporting.chances["supported"] >= SUPPORTED
            and not supporting.compared.departures
        ):
            return self._made(sentence, "supported", supporting, judged)
        against = [one for one in judged if one.compared.departures]
        contradicting = max(against, key=lambda one: one.chances["contradicted"], default=None)
        if contradicting is not None and contradicting.chances["contradicted"] >= CONTRADICTED:
            return self._made(sentence, "contradicted", contradicting, judged)
        sure = min((one.chances["not_found"] for one in judged), default=0.99)
        if not sentence.claims:
            return Verdict(sentence.text, sentence.start, sentence.end, "not_a_claim", round(sure, 4))
        nearest = _each_once([self._citation(one.compared.window, one.chances["supported"]) for one in judged])
        return Verdict(
            sentence.text, sentence.start, sentence.end, "not_found", round(sure, 4), citations=tuple(nearest[:SHOWN])
        )

    def _made(self, sentence: Sentence, label: str, telling: Judged, judged: Sequence[Judged]) -> Verdict:
        ordered = [telling, *sorted((j for j in judged if j is not telling), key=lambda j: -j.chances[label])]
        kept = [one for one in ordered if one is telling or one.chances[label] >= 0.5]
        citations = [self._citation(one.compared.window, one.chances[label]) for one in kept]
        differences = telling.compared.departures if label == "contradicted" else ()
        return Verdict(
            sentence.text,
            sentence.start,
            sentence.end,
            label,  # type: ignore[arg-type]
            round(telling.chances[label], 4),
            differences=tuple(
                DraftDifference(d.kind, d.draft, d.source, sentence.start + d.start, sentence.start + d.end)
                for d in differences
            ),
            citations=tuple(_each_once(citations)[:SHOWN]),
        )

    def _citation(self, window: Window, score: float) -> Citation:
        cited = self._cited(window.document.id, window.start, window.end, score)
        assert cited is not None
        return cited

    def _cited(self, document_id: str, start: int, end: int, score: float) -> Citation | None:
        """A quotation of a span, cut at its passage's ends where the words run over them."""
        passage = self.windows.passage_at(document_id, start, end)
        if passage is None:
            return None
        document = self.library.document(document_id)
        start, end = max(start, passage.start), min(end, passage.end)
        return Citation(0, document, passage, document.text[start:end], start, end, round(score, 4))


def _each_once(citations: Sequence[Citation]) -> list[Citation]:
    """Without those whose words an earlier one quotes already."""
    kept: list[Citation] = []
    for one in citations:
        if not any(one.document.id == k.document.id and one.start < k.end and k.start < one.end for k in kept):
            kept.append(one)
    return kept


Words = Mapping[str, float]
_PASSAGE = Passage
