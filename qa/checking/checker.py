"""The third walk's steps: a sentence's likely sources, each compared with it, and the verdict with what shows it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from qa.checking import consistency, quotations
from qa.checking.aligning import align
from qa.checking.claims import Sentence, sentences_of
from qa.checking.consistency import Figures
from qa.checking.differing import Compared, compare
from qa.checking.judging import Judged, bears_out, closer, judge, measure, nearness, speaks_against, weights_of
from qa.checking.newer import later, newer
from qa.checking.windows import Window, Windows
from qa.indexing import people
from qa.indexing.tokens import Tokens
from qa.retrieval.quoting import Finder, Found
from qa.retrieval.searching import Searcher
from qa.text import letters
from qa.types import Citation, Document, DraftDifference, Filters, Verdict

PASSAGES = 12
WINDOWS = 5  # that are laid against a sentence piece by piece
SHOWN = 3  # citations of a verdict
MIN_LETTERS = 4


class Checker:
    """Checks the sentences of drafts against one library. Thread-safe."""

    def __init__(self, searcher: Searcher, tokens: Tokens, finder: Finder | None = None) -> None:
        self.library = searcher.library
        self.searcher = searcher
        self.tokens = tokens
        self.finder = finder or Finder(self.library)
        self.windows = Windows(self.library, tokens)

    def warm(self) -> None:
        """Loads what the first draft would wait for: the dictionary of names, and the letters of the library."""
        people.warm()
        self.finder.find("资料里说了什么", limit=1, near=False)

    def check(self, draft: str, filters: Filters) -> Iterator[Verdict]:
        """A verdict on each sentence of a draft, in order, each as soon as it is made."""
        allowed, figures = self.library.allowed(filters), Figures()
        for make in sentences_of(draft, self.tokens):
            sentence = make()
            verdict = self.judge(sentence, allowed)
            notes = (*consistency.dates(sentence), *consistency.sums(sentence), *figures.again(sentence))
            notes += tuple(quotations.notes(sentence, self.finder, self.library, allowed))
            yield replace(verdict, notes=(*verdict.notes, *notes))

    def judge(self, sentence: Sentence, allowed: frozenset[str] | None = None) -> Verdict:
        """The verdict on one sentence."""
        standing = self._standing(sentence, allowed)
        if standing:
            return self._with_newer(sentence, self._verbatim(sentence, standing), allowed)
        judged = self.judgements(sentence, allowed)
        verdict = self.verdict_of(sentence, judged)
        if verdict.label != "contradicted" and (standing := quotations.stand(sentence, self.finder, allowed)):
            return self._with_newer(sentence, self._verbatim(sentence, standing), allowed)
        verdict = self._as_quoted(sentence, verdict, allowed)
        return replace(verdict, notes=tuple(newer(sentence, verdict, judged)))

    def _with_newer(self, sentence: Sentence, verdict: Verdict, allowed: frozenset[str] | None) -> Verdict:
        return replace(verdict, notes=tuple(newer(sentence, verdict, self._later(sentence, verdict, allowed))))

    def _later(self, sentence: Sentence, verdict: Verdict, allowed: frozenset[str] | None) -> list[Judged]:
        """A sentence with a figure against what later documents of the same place say."""
        if not verdict.citations or not any(p.amount for p in sentence.pieces):
            return []
        mine = verdict.citations[0].document
        return self.judgements(sentence, allowed, lambda document: later(document, mine))

    def _as_quoted(self, sentence: Sentence, verdict: Verdict, allowed: frozenset[str] | None) -> Verdict:
        """Contradicted where a quotation departs from the words that it gives as a source's."""
        for nearest, departures in quotations.wording(sentence, self.finder, self.library, allowed):
            cited = self._cited(nearest.document_id, nearest.start, nearest.end, 1.0)
            known = [(d.start, d.end) for d in verdict.differences]
            more = [d for d in departures if not any(d.start < b and a < d.end for a, b in known)]
            if cited is None or not more:
                continue
            citations = _each_once([cited, *verdict.citations])[:SHOWN]
            verdict = replace(
                verdict, label="contradicted", differences=(*verdict.differences, *more), citations=tuple(citations)
            )
        return verdict

    def judgements(
        self,
        sentence: Sentence,
        allowed: frozenset[str] | None = None,
        only: Callable[[Document], bool] = lambda document: True,
    ) -> list[Judged]:
        """The sentence against its likely sources, those that bear it out or contradict it first."""
        found = (judge(compared, features) for compared, features in self.measured(sentence, allowed, only))
        return sorted(found, key=lambda one: one.chances["not_found"])

    def measured(
        self,
        sentence: Sentence,
        allowed: frozenset[str] | None = None,
        only: Callable[[Document], bool] = lambda document: True,
    ) -> Iterator[tuple[Compared, dict[str, float]]]:
        """The sentence beside its likely sources, and the features of each comparison; asks no model."""
        idf = self.library.idf([p.text for p in sentence.pieces if p.kind == "word"])
        weights = weights_of(sentence.pieces, idf)
        for window in self._likely(sentence, weights, allowed, only):
            compared = compare(sentence.text, align(sentence.pieces, weights, window.pieces), window)
            yield compared, measure(compared, weights)

    # --- where it may stand

    def _standing(self, sentence: Sentence, allowed: frozenset[str] | None) -> list[Found]:
        """Places where the sentence stands word for word."""
        if len(letters(sentence.text)) < MIN_LETTERS:
            return []
        return self.finder.find(sentence.text, limit=8, near=False, allowed=allowed)

    def _likely(
        self,
        sentence: Sentence,
        weights: Sequence[float],
        allowed: frozenset[str] | None,
        only: Callable[[Document], bool],
    ) -> list[Window]:
        text = sentence.text
        words = list(dict.fromkeys(self.tokens.words(text)))
        bigrams = list(dict.fromkeys(self.tokens.bigrams(text)))
        ranked = [i for i, _ in self.library.lexical(words, bigrams, PASSAGES, allowed)]
        found = self.library.get(ranked).values()
        passages = [p for p in found if only(self.library.document(p.document_id))]
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

    def verdict_of(self, sentence: Sentence, judged: Sequence[Judged]) -> Verdict:
        """The verdict that a sentence's judgements come to."""
        supporting = max(filter(bears_out, judged), key=lambda one: one.chances["supported"], default=None)
        against = max(filter(speaks_against, judged), key=nearness, default=None)
        if supporting is not None and (against is None or not closer(against, supporting)):
            return self._made(sentence, "supported", supporting, judged)
        if against is not None and sentence.claims:
            return self._made(sentence, "contradicted", against, judged)
        sure = min((one.chances["not_found"] for one in judged), default=0.99)
        if not sentence.claims:
            return Verdict(sentence.text, sentence.start, sentence.end, "not_a_claim", round(sure, 4))
        near = sorted(judged, key=lambda one: (-one.features["at_home"], -one.chances["supported"]))
        nearest = _each_once([self._citation(one.compared.window, one.chances["supported"]) for one in near])
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
