"""Picks the sentences that answer, and of each the clauses that say it: what will be quoted.

A sentence is judged by how much of the question it covers (weighted by how rare each word is), by whether it holds
the kind of thing that is asked for, and by how well its passage was found. Scores are comparable within one question
only.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from qa.answering import features
from qa.answering.leads import Lead, fit_without_lead, pieces
from qa.answering.trees import Forest
from qa.indexing.chunking import resolve
from qa.indexing.number_forms import with_forms
from qa.indexing.tokens import Tokens, question_words
from qa.numbers import years
from qa.reading.sections import heading_starts
from qa.retrieval.questions import Asked
from qa.retrieval.ranking import are_reports, is_of, is_within, speaks_of
from qa.retrieval.reader import Read, Reader
from qa.text import fold, sentence_spans, simplify
from qa.types import Hit, Passage

READ_HITS = 12
# Only so many sentences are looked into: leads and clauses cost most of the time.
LOOK_INTO = 16
# What a word of the question is worth by where it stands: in the sentence, just before it, in its headings, title or
# place.
IN_SENTENCE, BEFORE, IN_HEADING, IN_CONTEXT = 1.0, 0.5, 0.5, 0.35
WORDS, BIGRAMS, KIND, FOUND, CLAUSE = 0.6, 0.4, 0.35, 0.5, 0.35
# Words of earlier turns find, but they weigh less in what answers.
CARRIED = 0.5
# What a synonym is worth beside the question's own word.
SYNONYM = 0.8
NEAR_CLAUSE, NEAR_WORDS, BESIDE_CHARS = 0.9, 0.9, 12
# What it counts for a sentence that it speaks of the asked year, or of others only.
OF_YEAR = 0.1
# What it counts that its document is of the asked place itself, not of one within it.
OF_PLACE = 0.1
# What it counts for a piece that the asked year, or another, stands before it.
YEAR = 0.3
# What a number must fit to be of the asked kind, and how little worse its sentence may be than one that states none.
STATES, HARDLY_LESS = 0.5, 0.85
# A word of this idf stands in about a tenth of the passages.
COMMON_IDF = 2.3
PLACE_CHARS = 3  # a place's name is rarely shorter than this where it ends in what it is (光禄镇)
UNKNOWN = "\ufffd"  # stands in no passage
WINDOW_CHARS = 58
# Only so many hits are read by the reader: it costs most of the time.
READER_HITS = 8
# What the learned parts count: trees and reader beside each other, and both beside the rules; fitted on CMRC trial and
# the development questions (docs/measurements.md).
TREES, READ, DEEPEST = 1.0, 0.7, 6.0
# Both beside the rules: the rules know reports of places and years, what was learned comes from an encyclopaedia.
OF_REPORTS, OF_OTHERS = 0.05, 0.3
_CLAUSE_END = re.compile(r"[，；：;:]|,(?!\d{3})|(?<=[\u4e00-\u9fff]),")


@dataclass(frozen=True, slots=True)
class Pick:
    """A sentence that may answer. `start`, `end` are its clauses to quote, `sentence` the whole; spans into the
    document.

    `coverage` (0-1) is the share of the question that the sentence with its surroundings covers; `missing` the idf
    share of the rarest word that stands nowhere near; `fit` (0-1) whether it holds the kind that is asked for; `beside`
    (0-1) the share of the question that stands in the quoted clauses themselves; `clause` the same where words of every
    clause tell less; `near` how well what leads is surrounded by the question's words.

    Learned: `trees` is what the trees say; `sure` the reader's odds (log) that the answer begins in the sentence;
    `alike` (0-1) how its passage's words are like the question's; `span` where in the document the answer stands.
    """

    hit: Hit
    sentence: tuple[int, int]
    start: int
    end: int
    score: float
    coverage: float
    missing: float
    fit: float
    beside: float
    lead: Lead | None = None
    near: float = 0.0
    clause: float = 0.0
    trees: float = 0.0
    sure: float = 0.0
    alike: float = 0.0
    span: tuple[int, int] | None = None

    @property
    def quote(self) -> str:
        return self.hit.document.text[self.start : self.end]

    @property
    def whole(self) -> str:
        return self.hit.document.text[slice(*self.sentence)]


Standing = dict[str, float]


@dataclass(frozen=True, slots=True)
class _Terms:
    """The question's words and bigrams with their weights, and what may stand for them; its places are left out."""

    words: dict[str, float]
    bigrams: dict[str, float]
    alternatives: Mapping[str, tuple[str, ...]]

    def standing(self, text: str) -> Standing:
        """For each term 1 where it stands in a folded text, less where what may stand for it does, else 0."""
        text = with_forms(text) if any(word[0].isdigit() for word in self.words) else text
        return {term: self._stands(term, text) for weights in (self.words, self.bigrams) for term in weights}

    def _stands(self, term: str, text: str) -> float:
        if term in text:
            return 1.0
        others = self.alternatives.get(term)
        return SYNONYM if others and any(other in text for other in others) else 0.0

    def share(self, standing: Standing) -> float:
        """The share (0-1) of the question's weight that stands somewhere."""
        return WORDS * _share(self.words, standing) + BIGRAMS * _share(self.bigrams, standing)

    def without(self, some: Collection[str]) -> _Terms:
        """These terms but for some of them."""
        if not some:
            return self
        words = {t: w for t, w in self.words.items() if t not in some}
        return _Terms(words, {t: w for t, w in self.bigrams.items() if t not in some}, self.alternatives)


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence before it is looked into; `found` is its passage's score, less for each rank.

    `standing` says which terms stand in itself, `around` what they are worth by headings, title and place; `before` and
    `after` are the share of the question in its neighbours.
    """

    hit: Hit
    span: tuple[int, int]
    coverage: float
    missing: float
    found: float
    standing: Standing
    around: Standing
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Looked:
    """Sentences, the likeliest first; `picks` are the first of them, looked into."""

    terms: _Terms
    sentences: Sequence[_Sentence]
    picks: Sequence[Pick]


class Selector:
    """Selects sentences; `idf` maps words to their idf in the library. Thread-safe."""

    def __init__(
        self,
        tokens: Tokens,
        idf: Callable[[Sequence[str]], dict[str, float]],
        reader: Reader | None = None,
        forest: Forest | None = None,
    ) -> None:
        self.tokens = tokens
        self._idf = idf
        self._reader = reader
        self._forest = forest

    def select(self, asked: Asked, hits: Sequence[Hit]) -> list[Pick]:
        """Sentences of the best hits, best first; none twice."""
        looked = self.look(asked, hits[:READ_HITS])
        picks = self._learned(asked, looked, self._read(asked, hits))
        return _stating(asked, sorted(picks, key=lambda p: (-p.score, p.hit.document.id, p.start)))

    def look(self, asked: Asked, hits: Sequence[Hit], most: int = LOOK_INTO, least: float = 0.0) -> Looked:
        """The sentences of some hits, the likeliest first, and the first of them looked into.

        What covers less of the question than `least` (0-1) is left out.
        """
        terms = self._terms(asked)
        sentences = [
            s for rank, hit in enumerate(hits) for s in _sentences(asked, terms, hit, rank) if s.coverage >= least
        ]
        sentences = _of_place(asked, sentences)
        sentences.sort(key=lambda s: -(s.coverage + FOUND * s.found))
        return Looked(terms, sentences, [self._pick(asked, terms, sentence) for sentence in sentences[:most]])

    def _read(self, asked: Asked, hits: Sequence[Hit]) -> dict[str, Read]:
        """What the reader says of the best hits, by their passages' ids."""
        best = hits[:READER_HITS]
        # Of reports it says nothing that the rules do not know, and reading costs more than all the rest.
        if self._reader is None or are_reports([hit.document for hit in best]):
            return {}
        reads = self._reader.read(asked.text, [(hit.passage.context, hit.passage.text) for hit in best])
        return {hit.passage.id: read for hit, read in zip(best, reads, strict=True)}

    def _learned(self, asked: Asked, looked: Looked, reads: Mapping[str, Read]) -> list[Pick]:
        """The picks with what was learned of choosing sentences added to their scores."""
        picks = looked.picks
        if self._forest is None or not picks:
            return list(picks)
        trees = self._forest.predict(self.matrix(asked, looked))
        masses = np.array([_mass(pick, reads) for pick in picks])
        learned = TREES * (trees - trees.max()) + READ * (masses - masses.max())
        learned = np.maximum(learned - learned.max(), -DEEPEST)
        weight = OF_REPORTS if are_reports([pick.hit.document for pick in picks[:READER_HITS]]) else OF_OTHERS
        return [
            replace(pick, score=pick.score + weight * float(more), trees=float(tree), **_read_of(pick, reads))
            for pick, more, tree in zip(picks, learned, trees, strict=True)
        ]

    def matrix(self, asked: Asked, looked: Looked) -> np.ndarray:
        """The features of the picks, float64 (len(picks), len(features.NAMES))."""
        terms, sentences, picks = looked.terms, looked.sentences, looked.picks
        own: dict[str, list[int]] = {}
        for row, sentence in enumerate(sentences):
            own.setdefault(sentence.hit.document.id, []).append(row)
        cover = np.zeros((len(sentences), 4))
        for rows in own.values():
            stands = [sentences[row].standing for row in rows]
            for column, weights in ((0, terms.words), (1, terms.bigrams)):
                cover[rows, column], cover[rows, column + 2] = features.shares(weights, stands)
        total = cover.sum(1)
        found = []
        for row, (sentence, pick) in enumerate(zip(sentences, picks, strict=False)):
            rest = max((total[r] for r in own[sentence.hit.document.id] if r != row), default=0.0)
            best = max((total[r] for r in range(len(sentences)) if r != row), default=0.0)
            letters, novel, length, *held = features.of_text(
                asked, pick.whole, question_words(), self.tokens.words(pick.whole)
            )
            titled = terms.share(sentence.around)
            found.append(
                [
                    *cover[row], sentence.coverage, sentence.missing, total[row] - rest, total[row] - best,
                    sentence.before, sentence.after, pick.clause, pick.beside, pick.fit, pick.near,
                    letters, novel, length, titled, *held, float(len(terms.words)), *features.of_kind(asked),
                ]
            )  # fmt: skip
        return np.array(found, np.float64).reshape(-1, len(features.NAMES))

    def _terms(self, asked: Asked) -> _Terms:
        place = {w for name in asked.place_names for w in (*self.tokens.words(name), *self.tokens.bigrams(name))}
        weights = self._idf(asked.words)
        words = {w: weights[w] * (CARRIED if w in asked.carried else 1.0) for w in asked.words if w not in place}
        mean = sum(words.values()) / len(words) if words else 1.0
        bigrams = {b: mean * (CARRIED if b in asked.carried else 1.0) for b in asked.bigrams if b not in place}
        return _Terms(words, bigrams, asked.alternatives)

    def _pick(self, asked: Asked, terms: _Terms, sentence: _Sentence) -> Pick:
        text = sentence.hit.document.text
        clauses = clause_spans(text, *sentence.span)
        pointed = terms.without(asked.carried)
        covers = _clause_covers(pointed, [text[a:b] for a, b in clauses])
        if not any(covers):
            pointed, covers = terms, _clause_covers(terms, [text[a:b] for a, b in clauses])
        lead, at, fit, near = self._lead(asked, pointed, text, clauses, covers)
        window, cover = _window(clauses, covers, at)
        score = sentence.coverage + KIND * fit + FOUND * sentence.found + CLAUSE * cover
        score += OF_YEAR * _of_year(asked, sentence) + OF_PLACE * _of_just(asked, sentence.hit)
        beside = terms.share(terms.standing(fold(text[slice(*window)])))
        return Pick(
            sentence.hit,
            sentence.span,
            *window,
            score,
            sentence.coverage,
            sentence.missing,
            fit,
            beside,
            lead,
            near,
            cover,
        )

    def _lead(
        self, asked: Asked, terms: _Terms, text: str, clauses: list[tuple[int, int]], covers: list[float]
    ) -> tuple[Lead | None, int | None, float, float]:
        """The piece that is what was asked, the clause it stands in, how well it fits the kind and its surroundings."""
        found = []
        for index, clause in enumerate(clauses):
            for fit, start, end in self._whole(asked, text, self._rare(asked, text, pieces(asked, text, *clause))):
                near = NEAR_CLAUSE * _near(covers, index) + NEAR_WORDS * _beside(terms, text, start, end, clause)
                year = YEAR * _year_fit(asked, text[clauses[0][0] : start])
                found.append((fit + near + year, -index, fit, Lead(text[start:end], start, end)))
        if not found:
            return None, None, fit_without_lead(asked, text[clauses[0][0] : clauses[-1][1]]), 0.0
        total, index, fit, lead = max(found, key=lambda item: item[:2])
        return lead, -index, fit, total - fit

    def _whole(self, asked: Asked, text: str, found: list[tuple[float, int, int]]) -> list[tuple[float, int, int]]:
        """Places from where a word of them begins: 复旦大学, not 将汇聚复旦大学."""
        if asked.kind != "where":
            return found
        return [(fit, end - self._own(text[start:end]), end) for fit, start, end in found]

    def _own(self, name: str) -> int:
        """How many characters the last words of a name have that are a name by themselves."""
        size = 0
        for word in reversed(self.tokens.cut(simplify(name))):
            size += len(word)
            if size >= PLACE_CHARS:
                break
        return min(size, len(name))

    def _rare(self, asked: Asked, text: str, found: list[tuple[float, int, int]]) -> list[tuple[float, int, int]]:
        """A person whom much of the library names is hardly the one who is asked about."""
        if asked.kind != "who" or not found:
            return found
        names = [simplify(text[start:end]) for _, start, end in found]
        idf = self._idf(names)
        many = self._idf([UNKNOWN])[UNKNOWN] > 2 * COMMON_IDF  # of a few passages every name has a low idf
        return [
            (fit if idf[name] > COMMON_IDF or not many else 0.1, start, end)
            for name, (fit, start, end) in zip(names, found, strict=True)
        ]


def _stating(asked: Asked, picks: list[Pick]) -> list[Pick]:
    """The picks, the first that states a number of the asked kind before one that states none and is hardly better."""
    if asked.kind != "number" or not picks or (picks[0].lead and picks[0].fit >= STATES):
        return picks
    near = (p for p in picks if p.lead and p.fit >= STATES and p.score >= HARDLY_LESS * picks[0].score)
    first = next(near, picks[0])
    return [first, *(pick for pick in picks if pick is not first)]


def _sentences(asked: Asked, terms: _Terms, hit: Hit, rank: int) -> list[_Sentence]:
    """The sentences of a hit, its headings left out."""
    document, passage = hit.document, hit.passage
    headings = heading_starts(document)
    around = _around(terms, passage)
    here = bool(asked.places) and any(is_within(document.place, place) for place in asked.places)
    found, before = [], terms.standing(_sentence_before(document.text, passage.start))
    spans = [s for s in sentence_spans(document.text, passage.start, passage.end) if s[0] not in headings]
    stands = [terms.standing(fold(document.text[start:end])) for start, end in spans]
    shares = [terms.share(standing) for standing in (before, *stands)] + [0.0]
    score = hit.score / (1 + 0.08 * rank)
    for i, (span, standing) in enumerate(zip(spans, stands, strict=True)):
        credit = {t: max(IN_SENTENCE * s, BEFORE * before[t], around[t]) for t, s in standing.items()}
        coverage, missing = _coverage(terms, credit, here)
        found.append(_Sentence(hit, span, coverage, missing, score, standing, around, shares[i], shares[i + 2]))
        before = standing
    return found


def _mass(pick: Pick, reads: Mapping[str, Read]) -> float:
    """How likely the reader finds an answer to begin in a pick's sentence; what it did not read, it finds unlikely."""
    if not reads:
        return 0.0
    read, start = reads.get(pick.hit.passage.id), pick.hit.passage.start
    lowest = min(each.mass() for each in reads.values()) - DEEPEST
    return read.mass(pick.sentence[0] - start, pick.sentence[1] - start) if read else lowest


def _read_of(pick: Pick, reads: Mapping[str, Read]) -> dict[str, Any]:
    """What the reader says of a pick's sentence, as fields of a pick; nothing where it did not read it."""
    read, at = reads.get(pick.hit.passage.id), pick.hit.passage.start
    if read is None:
        return {}
    here = pick.sentence[0] - at, pick.sentence[1] - at
    _, start, end = read.best(*here)
    span = (at + start, at + end) if end > start else None
    return {"span": span, "sure": read.mass(*here) - read.none, "alike": read.alike}


def _around(terms: _Terms, passage: Passage) -> Standing:
    """What each term is worth by a passage's headings, title, place and year."""
    heading = terms.standing(fold(" ".join(passage.heading)))
    context = terms.standing(fold(passage.context))
    return {t: max(IN_HEADING * heading[t], IN_CONTEXT * context[t]) for t in heading}


def _of_year(asked: Asked, sentence: _Sentence) -> int:
    """1 when a sentence speaks of an asked year (今年 is its document's), -1 when of others only, 0 when of none."""
    document = sentence.hit.document
    text = document.text[slice(*sentence.span)]
    meant = [year for meaning in resolve(text, document).values() for year in years(meaning)]
    named = {*years(simplify(text)), *meant} if asked.years else set()
    return 0 if not named else 1 if named & set(asked.years) else -1


def _of_just(asked: Asked, hit: Hit) -> bool:
    """Is a hit's document of an asked place itself?"""
    return any(is_of(hit.document.place, place) for place in asked.places)


def _year_fit(asked: Asked, before: str) -> int:
    """1 when the last year named before a piece is an asked one, -1 when another, 0 when none is asked or named."""
    named = years(simplify(before)) if asked.years else []
    return 0 if not named else 1 if named[-1] in asked.years else -1


def _beside(terms: _Terms, text: str, start: int, end: int, clause: tuple[int, int]) -> float:
    """The share of the question's weight that stands within BESIDE_CHARS of a piece, in its clause."""
    around = text[max(clause[0], start - BESIDE_CHARS) : min(clause[1], end + BESIDE_CHARS)]
    return terms.share(terms.standing(fold(around)))


def _clause_covers(terms: _Terms, clauses: list[str]) -> list[float]:
    """For each clause the share of the question's weight that stands in it; words of every clause tell less apart."""
    have = [terms.standing(fold(clause)) for clause in clauses]

    def local(weights: dict[str, float]) -> dict[str, float]:
        return {t: w * math.log(1 + len(have) / max(1, sum(h[t] > 0 for h in have))) for t, w in weights.items()}

    weighted = _Terms(local(terms.words), local(terms.bigrams), terms.alternatives)
    return [weighted.share(standing) for standing in have]


def _coverage(terms: _Terms, credit: Standing, here: bool) -> tuple[float, float]:
    """(coverage, missing): see Pick. `here`: the passage is of the asked place, which is all to cover if no term is."""
    if not terms.words and not terms.bigrams:
        return float(here), 0.0
    total = sum(terms.words.values()) or 1.0
    missing = max((w / total for t, w in terms.words.items() if not credit[t]), default=0.0)
    return WORDS * _share(terms.words, credit, here) + BIGRAMS * _share(terms.bigrams, credit, here), missing


def _share(weights: dict[str, float], standing: Standing, nothing: float = 0.0) -> float:
    total = sum(weights.values())
    return sum(w * standing[t] for t, w in weights.items()) / total if total else nothing


def _of_place(asked: Asked, sentences: list[_Sentence]) -> list[_Sentence]:
    """The sentences of what speaks of a place that is asked about; all of them when nothing does.

    A passage of a report must speak of it itself; another text may name it once and go on about it.
    """
    names = (*asked.place_names, *asked.unknown_places)
    if not names:
        return sentences
    if are_reports([s.hit.document for s in sentences]):
        kept = [s for s in sentences if speaks_of(s.hit.document, s.hit.passage.text, asked)]
    else:
        kept = [s for s in sentences if any(name in s.hit.document.text for name in names)]
    return kept or sentences


def _sentence_before(text: str, start: int) -> str:
    """The sentence that stands before a passage, folded."""
    spans = sentence_spans(text, max(0, start - 200), start)
    return fold(text[slice(*spans[-1])]) if spans else ""


def _near(covers: list[float], index: int) -> float:
    """A clause's coverage, with half of its left neighbour's and a third of its right one's."""
    left = covers[index - 1] if index else 0.0
    right = covers[index + 1] if index + 1 < len(covers) else 0.0
    return covers[index] + 0.5 * left + 0.33 * right


def clause_spans(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Spans of the clauses of a sentence, their closing marks included. Commas inside quotation marks do not cut."""
    spans, begin = [], start
    for match in _CLAUSE_END.finditer(text, start, end):
        piece = text[begin : match.end()]
        if all(piece.count(a) == piece.count(b) for a, b in ("“”", "「」", "《》", "（）", "()")):
            spans.append((begin, match.end()))
            begin = match.end()
    if begin < end:
        spans.append((begin, end))
    return spans


def _window(clauses: list[tuple[int, int]], covers: list[float], at: int | None) -> tuple[tuple[int, int], float]:
    """The run of clauses to quote, up to WINDOW_CHARS:

    around clause `at` (or the best one), grown where it gains most.
    """
    at = max(range(len(clauses)), key=lambda i: covers[i]) if at is None else at
    first = last = at
    while True:
        sides = []
        if first > 0 and clauses[last][1] - clauses[first - 1][0] <= WINDOW_CHARS:
            sides.append((covers[first - 1] + 0.02, first - 1, last))
        if last + 1 < len(clauses) and clauses[last + 1][1] - clauses[first][0] <= WINDOW_CHARS:
            sides.append((covers[last + 1], first, last + 1))
        if not sides:
            break
        _, first, last = max(sides)
    return (clauses[first][0], clauses[last][1]), min(1.0, sum(covers[first : last + 1]))
