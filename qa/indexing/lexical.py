"""The lexical index: tantivy finds the candidates, our own BM25 puts them in order.

tantivy's constants are fixed, so its best few hundred are scored again, with document frequencies and mean lengths
of the whole library as it is now. Holds no text; tokens come from `qa.indexing.tokens`. The only importer of tantivy.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np
import tantivy

from qa.indexing.bm25 import BIGRAM_WEIGHT, NOTHING, Field, Terms, idf, scores

CANDIDATES = 120
REMEMBERED = 20_000  # passages whose terms stay in memory, about 2 KB each
COMMON = 1_000  # passages
MOST_FREQUENCIES = 50_000  # terms whose document frequency stays in memory
WRITER_BYTES = 32 * 1024 * 1024
FORMAT = "1"  # raise it when the schema or what is stored changes: indexes are then rebuilt


@dataclass(frozen=True, slots=True)
class Entry:
    """A passage as the index takes it: its number, its document's id, its tokens."""

    number: int
    document_id: str
    words: Sequence[str]
    bigrams: Sequence[str]


class LexicalSearch(Protocol):
    """What finds passages by their words: the index, or a scan while there is none."""

    def search(
        self,
        words: Sequence[str],
        bigrams: Sequence[str],
        limit: int,
        allowed: frozenset[str] | None,
        also: Mapping[str, float] = NOTHING,
    ) -> list[tuple[int, float]]:
        """(number, BM25 > 0) of the best passages, best first; only in documents of `allowed`, None for all."""

    def idf(self, words: Sequence[str]) -> dict[str, float]:
        """Each word's idf over the words field."""

    def known(self, field: str, terms: Sequence[str]) -> dict[str, int]:
        """Those of the terms that stand in a field, "words" or "bigrams", and in about how many passages.

        A scan takes every term for known.
        """


class LexicalIndex:
    """An index in a folder of its own, opened or made new there. Reads are thread-safe; one writer at a time.

    Raises ValueError or OSError where the folder holds no index that can be read.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._index = tantivy.Index(_schema(), path=str(folder))
        analyzer = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        self._index.register_tokenizer("spaces", analyzer)
        self._index.config_reader("manual", 0)
        self._writer = self._index.writer(WRITER_BYTES, 1)
        self._terms: dict[int, tuple[Terms, Terms]] = {}
        self._guard = threading.Lock()
        self._view = self._look()

    def close(self) -> None:
        """Wait for merges to end; the folder is free afterwards."""
        self._writer.wait_merging_threads()

    @property
    def count(self) -> int:
        """Passages in it."""
        return self._view.total

    def numbers(self) -> set[int]:
        """The number of each passage in it."""
        view = self._view
        hits = view.searcher.search(tantivy.Query.all_query(), limit=max(view.total, 1), count=False).hits
        return set(view.numbers([address for _, address in hits]))

    def change(self, gone: Iterable[int], come: Iterable[Entry]) -> None:
        """Take passages out, put passages in: visible together, and safe from a kill once this returns."""
        try:
            out = list(gone)
            if out:  # by query: `delete_documents_by_term` with an integer deletes nothing and says nothing (0.27)
                self._writer.delete_documents_by_query(tantivy.Query.term_set_query(SCHEMA, "number", out))
            for entry in come:
                self._writer.add_document(_stored(entry))
            self._writer.commit()
        except BaseException:
            self._writer.rollback()
            raise
        self._view = self._look()

    def search(
        self,
        words: Sequence[str],
        bigrams: Sequence[str],
        limit: int,
        allowed: frozenset[str] | None,
        also: Mapping[str, float] = NOTHING,
    ) -> list[tuple[int, float]]:
        view, words, bigrams = self._view, unique(words), unique(bigrams)
        query = _query(words, bigrams, allowed, also)
        if query is None or limit <= 0 or not view.total:
            return []
        hits = view.searcher.search(query, limit=max(CANDIDATES, limit + limit // 2), count=False).hits
        addresses = [address for _, address in hits]
        numbers = view.numbers(addresses)
        terms = self._terms_of(view, numbers, addresses)
        points = scores(
            view.field("words", words).with_lesser(view.about("words", also), also), [pair[0] for pair in terms]
        )
        points += BIGRAM_WEIGHT * scores(view.field("bigrams", bigrams), [pair[1] for pair in terms])
        return best(np.array(numbers, np.int64), points, limit)

    def idf(self, words: Sequence[str]) -> dict[str, float]:
        return self._view.field("words", unique(words)).idf

    def known(self, field: str, terms: Sequence[str]) -> dict[str, int]:
        searcher = self._view.searcher
        return {term: found for term in terms if (found := searcher.doc_freq(field, term))}

    def _look(self) -> View:
        self._index.reload()
        return View(self._index.searcher())

    def _terms_of(
        self, view: View, numbers: Sequence[int], addresses: Sequence[tantivy.DocAddress]
    ) -> list[tuple[Terms, Terms]]:
        """Word and bigram terms of each passage, from memory where they are there."""
        with self._guard:
            known = {number: self._terms[number] for number in numbers if number in self._terms}
        fresh = {
            number: view.terms(address)
            for number, address in zip(numbers, addresses, strict=True)
            if number not in known
        }
        with self._guard:
            self._terms.update(fresh)
            while len(self._terms) > REMEMBERED:
                del self._terms[next(iter(self._terms))]
        known.update(fresh)
        return [known[number] for number in numbers]


@dataclass
class View:
    """The index as one commit left it, with what scoring needs of the whole of it."""

    searcher: tantivy.Searcher
    total: int = field(init=False)
    _lengths: dict[str, float] = field(init=False)
    _frequencies: dict[tuple[str, str], int] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.total = self.searcher.num_docs
        self._lengths = {name: self._mean(f"{name}_length") for name in ("words", "bigrams")}

    def field(self, name: str, terms: Iterable[str]) -> Field:
        """idf of each term, and the field's mean length."""
        return Field({term: idf(self.total, self.frequency(name, term)) for term in terms}, self._lengths[name])

    def about(self, name: str, terms: Iterable[str]) -> Field:
        """Like `field` for terms that weigh less: df as the index keeps it, deleted passages among them, at no cost."""
        return Field(
            {t: idf(self.total, min(self.total, self.searcher.doc_freq(name, t))) for t in terms}, self._lengths[name]
        )

    def frequency(self, name: str, term: str) -> int:
        """How many passages hold a term. Counted, since tantivy's `doc_freq` still holds what was deleted.

        Not where COMMON hold it: counting costs as much as searching then, and changes the term's weight little.
        """
        known = self._frequencies.get((name, term))
        if known is None and (held := self.searcher.doc_freq(name, term)) > COMMON:
            return min(self.total, held)
        if known is None:
            known = self.searcher.doc_freq(name, term)  # a look, where a count is a search: most terms stand nowhere
            if known:
                known = self.searcher.search(_term(name, term), limit=1, count=True).count or 0  # type: ignore[attr-defined]
            if len(self._frequencies) >= MOST_FREQUENCIES:
                self._frequencies = {}
            self._frequencies[name, term] = known
        return known

    def numbers(self, addresses: Sequence[tantivy.DocAddress]) -> list[int]:
        found = self.searcher.fast_field_values("number", list(addresses)) if addresses else []
        return [int(number) for number in found]  # type: ignore[arg-type]

    def terms(self, address: tantivy.DocAddress) -> tuple[Terms, Terms]:
        kept = self.searcher.doc(address)
        words, bigrams = kept.get_first("word_terms"), kept.get_first("bigram_terms")
        return Terms.unpacked(bytes(words or b"")), Terms.unpacked(bytes(bigrams or b""))

    def _mean(self, name: str) -> float:
        if not self.total:
            return 0.0
        asked = {"sum": {"sum": {"field": name}}}
        found = self.searcher.aggregate(tantivy.Query.all_query(), asked)
        return float(found["sum"]["value"] or 0) / self.total


def unique(terms: Sequence[str]) -> list[str]:
    """Each term once, in order; without what a whitespace tokenizer could not hold."""
    return [term for term in dict.fromkeys(terms) if term and not any(map(str.isspace, term))]


def best(numbers: np.ndarray, points: np.ndarray, limit: int) -> list[tuple[int, float]]:
    """(number, points) of the best with more than 0 points; equal points in order of number."""
    order = np.lexsort((numbers, -points))[:limit]
    return [(int(numbers[i]), float(points[i])) for i in order if points[i] > 0]


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("number", stored=False, indexed=True, fast=True)
    builder.add_text_field("document", stored=False, tokenizer_name="raw", index_option="basic")
    for name in ("words", "bigrams"):
        builder.add_text_field(name, stored=False, tokenizer_name="spaces", index_option="freq")
        builder.add_unsigned_field(f"{name}_length", stored=False, fast=True)
    builder.add_bytes_field("word_terms", stored=True)
    builder.add_bytes_field("bigram_terms", stored=True)
    return builder.build()


SCHEMA = _schema()


def _stored(entry: Entry) -> tantivy.Document:
    words, bigrams = Terms.of(entry.words), Terms.of(entry.bigrams)
    document = tantivy.Document()
    document.add_unsigned("number", entry.number)
    document.add_text("document", entry.document_id)
    document.add_text("words", " ".join(entry.words))
    document.add_text("bigrams", " ".join(entry.bigrams))
    document.add_unsigned("words_length", words.length)
    document.add_unsigned("bigrams_length", bigrams.length)
    document.add_bytes("word_terms", words.packed())
    document.add_bytes("bigram_terms", bigrams.packed())
    return document


def _query(
    words: Sequence[str], bigrams: Sequence[str], allowed: frozenset[str] | None, also: Mapping[str, float] = NOTHING
) -> tantivy.Query | None:
    """Any of the terms, in allowed documents. Built from terms: the query parser would read operators into them."""
    should = [(tantivy.Occur.Should, _term("words", word)) for word in words]
    should += [
        (tantivy.Occur.Should, tantivy.Query.boost_query(_term("bigrams", bigram), BIGRAM_WEIGHT)) for bigram in bigrams
    ]
    should += [
        (tantivy.Occur.Should, tantivy.Query.boost_query(_term("words", word), weight)) for word, weight in also.items()
    ]
    if not should or (allowed is not None and not allowed):
        return None
    any_term = tantivy.Query.boolean_query(should)
    if allowed is None:
        return any_term
    within = tantivy.Query.const_score_query(tantivy.Query.term_set_query(SCHEMA, "document", sorted(allowed)), 0.0)
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, any_term), (tantivy.Occur.Must, within)])


def _term(name: str, term: str) -> tantivy.Query:
    return tantivy.Query.term_query(SCHEMA, name, term, index_option="freq")
