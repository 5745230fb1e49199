"""Where in the library a sentence may stand: sentences of the passages that are most like it, and what they mean.

A window is one sentence of a document, or two that follow each other; words like 今年 and 我省 are resolved in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import pairwise

from qa.checking.pieces import Piece, pieces_of
from qa.indexing.library import Library
from qa.indexing.remembering import Remembered
from qa.indexing.tokens import Tokens
from qa.numbers import years
from qa.places import gazetteer, innermost, short_name
from qa.text import fold, letters, sentence_spans, simplify
from qa.types import Document, Passage

_SHIFTS = {-1: 0, -2: -1, -3: -2, -4: 1}  # as qa.checking.pieces has 今, 去, 前, 明
AROUND = 240  # characters before a window that may name its year and its subject
OF_PLACE = 0.2  # what it counts for a window that its document is of a place that the sentence names
ADDS = 0.04  # the share of a sentence's weight that a second sentence must add to a window
# Where one window holds as much of a sentence as PLAIN, those that hold less than HOPELESS have nothing to say to it.
PLAIN, HOPELESS = 0.8, 0.35
ROW = 160  # characters of a row of a table, at most
LONG = 420  # two sentences longer than this are looked at one by one


Sentences = tuple[tuple[tuple[int, int], str], ...]  # of a passage: spans of its document, and their folded words


@dataclass(frozen=True)
class Window:
    """`document.text[start:end] == text`, within or around `passage`. Pieces count into `text`."""

    document: Document
    passage: Passage
    start: int
    end: int
    text: str
    pieces: tuple[Piece, ...]

    @cached_property
    def folded(self) -> str:
        return fold(self.text)

    @cached_property
    def letters(self) -> str:
        return letters(self.folded)

    @cached_property
    def simplified(self) -> str:
        return simplify(self.text)

    @cached_property
    def context(self) -> str:
        """What stands around it and belongs to it: title, headings, place, the sentences before; folded."""
        before = self.document.text[max(0, self.start - AROUND) : self.start]
        return fold(f"{self.document.title} {' '.join(self.passage.heading)} {self.document.place or ''} {before}")

    @cached_property
    def years(self) -> frozenset[int]:
        """The years that it may speak of without naming them."""
        before = self.document.text[max(0, self.start - 2 * AROUND) : self.start]
        # Of the years before it the last: under an earlier one other things are told.
        named = years(simplify(before))[-1:] + years(simplify(f"{self.document.title}年"))
        period = self.document.period or ""
        if period[:4].isdigit():
            named.append(int(period[:4]))
        return frozenset(named)


class Windows:
    """Cuts passages of one library into windows, remembering their pieces. Thread-safe."""

    def __init__(self, library: Library, tokens: Tokens) -> None:
        self.library = library
        self.tokens = tokens
        self._pieces: Remembered[tuple[str, int, int], tuple[Piece, ...]] = Remembered(4096)
        self._sentences: Remembered[str, Sentences] = Remembered(4096)
        self._windows: Remembered[tuple[str, int, int], Window] = Remembered(1024)
        self._passages: Remembered[str, list[Passage]] = Remembered(256)
        self._known: Remembered[frozenset[str], frozenset[str]] = Remembered(1)
        self._revision = -1

    def likely(
        self, passages: Iterable[Passage], words: Sequence[tuple[str, float]], places: Sequence[str], limit: int
    ) -> list[Window]:
        """The windows that hold most of the weighted words, most first; those of `places` before others."""
        scored: dict[tuple[str, int, int], tuple[float, Passage, float]] = {}
        total = sum(weight for _, weight in words) or 1.0
        self._follow()
        for rank, passage in enumerate(passages):
            own = self.library.document(passage.document_id).place or ""
            here = OF_PLACE if any(short_name(place) in own for place in places) else 0.0
            for (start, end), held in _held(self._cut(passage), words, total):
                score = held + here - 0.0002 * (end - start) - 0.002 * rank
                key = (passage.document_id, start, end)
                if key not in scored or score > scored[key][0]:
                    scored[key] = (score, passage, held + here)
        best = sorted(scored.items(), key=lambda item: -item[1][0])[:limit]
        enough = HOPELESS if best and best[0][1][2] >= PLAIN else 0.0
        return [self._windows.get(key, partial(self._window, it)) for key, (_, it, held) in best if held >= enough]

    def _window(self, passage: Passage, key: tuple[str, int, int]) -> Window:
        return self.window(passage, key[1], key[2])

    def _follow(self) -> None:
        """A changed library may say otherwise of what place and year its documents are."""
        if self._revision != (revision := self.library.revision):
            self._windows.clear()
            self._pieces.clear()
            self._passages.clear()
            self._revision = revision

    def window(self, passage: Passage, start: int, end: int) -> Window:
        document = self.library.document(passage.document_id)
        found: list[Piece] = []
        for a, b in sentence_spans(document.text, start, end):
            own = self._pieces.get((document.id, a, b), lambda key: self._pieces_of(document, key))
            clauses = found[-1].clause + 1 if found else 0
            found += (
                own
                if a == start
                else (
                    replace(p, start=p.start + a - start, end=p.end + a - start, clause=p.clause + clauses) for p in own
                )
            )
        return Window(document, passage, start, end, document.text[start:end], tuple(found))

    def _pieces_of(self, document: Document, key: tuple[str, int, int]) -> tuple[Piece, ...]:
        return _resolved(pieces_of(document.text[key[1] : key[2]], self.tokens, self._places()), document)

    def _places(self) -> frozenset[str]:
        """The names of the documents' places that are in no table."""
        return self._known.get(
            self.library.places(), lambda paths: frozenset(map(innermost, paths)) - gazetteer().names.keys()
        )

    def passage_at(self, document_id: str, start: int, end: int) -> Passage | None:
        """The passage in which a span of a document stands, or most of it."""
        best, most = None, 0
        self._follow()
        for passage in self._passages.get(document_id, self.library.passages_of):
            shared = min(end, passage.end) - max(start, passage.start)
            if shared > most:
                best, most = passage, shared
        return best

    def _cut(self, passage: Passage) -> Sentences:
        return self._sentences.get(
            passage.id, lambda _: _sentences(self.library.document(passage.document_id), passage)
        )


def _sentences(document: Document, passage: Passage) -> Sentences:
    spans = sentence_spans(document.text, passage.start, passage.end)
    # Folded in one go: a call for each sentence costs more than the folding. No sentence has a line end within.
    folded = fold("\n".join(document.text[a:b] for a, b in spans)).split("\n")
    return tuple(zip(spans, folded, strict=True))


def _held(
    sentences: Sentences, words: Sequence[tuple[str, float]], total: float
) -> Iterator[tuple[tuple[int, int], float]]:
    """The windows of a passage, each with the share (0-1) of the weighted words that it holds."""
    holding = [frozenset(i for i, (word, _) in enumerate(words) if word in folded) for _, folded in sentences]
    shares = [sum(words[i][1] for i in held) / total for held in holding]
    yield from zip((span for span, _ in sentences), shares, strict=True)
    for k, (((start, _), _), ((_, end), _)) in enumerate(pairwise(sentences)):
        both = sum(words[i][1] for i in holding[k] | holding[k + 1]) / total
        # A second sentence must add something; of two windows that hold as much, the shorter is more exact.
        if end - start <= LONG and both >= max(shares[k], shares[k + 1]) + ADDS:
            yield (start, end), both
    for first, last in _rows(sentences):
        row = sum(words[i][1] for i in frozenset().union(*holding[first : last + 1])) / total
        if row >= max(shares[first : last + 1]) + ADDS:
            yield (sentences[first][0][0], sentences[last][0][1]), row


def _rows(sentences: Sentences) -> Iterator[tuple[int, int]]:
    """Runs of three or more short sentences that semicolons join, as the cells of a table's row are: first, last."""
    first = 0
    for k, (_, folded) in enumerate(sentences):
        if k + 1 < len(sentences) and folded.endswith(";"):
            continue
        if k - first >= 2 and sentences[k][0][1] - sentences[first][0][0] <= ROW:
            yield first, k
        first = k + 1


def _resolved(pieces: tuple[Piece, ...], document: Document) -> tuple[Piece, ...]:
    """今年 as the year of the document."""
    period = document.period or ""
    if not period[:4].isdigit():
        return pieces
    year = int(period[:4])
    return tuple(replace(p, date=(year + _SHIFTS[p.date[0]], *p.date[1:])) if p.date[0] < 0 else p for p in pieces)


def own_place(document: Document) -> str:
    """The short name of a document's own place, "" when it has none."""
    return short_name(innermost(document.place)) if document.place else ""
