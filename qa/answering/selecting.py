"""Picks the sentences that answer, and of each the clauses that say it: what will be quoted.

A sentence is judged by how much of the question it covers (weighted by how rare each word is), by whether it holds the kind of
thing that is asked for, and by how well its passage was found. Scores are comparable within one question only.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.indexing.people import person_spans
from qa.indexing.tokens import Tokens
from qa.numbers import DATE, Quantity, quantities
from qa.places import gazetteer
from qa.retrieval.questions import Asked, same_unit
from qa.retrieval.ranking import is_of, is_within
from qa.text import fold, fold_with_origins, sentence_spans, simplify
from qa.types import Hit

READ_HITS = 12
# What a word of the question is worth by where it stands: in the sentence, just before it, in its headings, title or place.
IN_SENTENCE, BEFORE, IN_HEADING, IN_CONTEXT = 1.0, 0.5, 0.5, 0.35
WORDS, BIGRAMS, KIND, FOUND, CLAUSE = 0.6, 0.4, 0.35, 0.5, 0.35
CARRIED = 0.5
NEAR_CLAUSE, NEAR_WORDS, BESIDE_CHARS = 0.9, 0.9, 12
WINDOW_CHARS = 58
_CLAUSE_END = re.compile(r"[，；：;:]|,(?!\d{3})|(?<=[\u4e00-\u9fff]),")
_NAME_QUOTED = re.compile(r"[“「『《]([^”」』》]{2,24})[”」』》]")


@dataclass(frozen=True, slots=True)
class Lead:
    """The piece of a quotation that is what was asked for: a number, a date, a name. The span counts into the document."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Pick:
    """A sentence that may answer. `start`, `end` are its clauses to quote, `sentence` the whole; spans into the document.

    `coverage` (0-1) is the share of the question that the sentence with its surroundings covers; `missing` the idf share of
    the rarest word that stands nowhere near; `fit` (0-1) whether it holds the kind that is asked for.
    """

    hit: Hit
    sentence: tuple[int, int]
    start: int
    end: int
    score: float
    coverage: float
    missing: float
    fit: float
    lead: Lead | None = None

    @property
    def quote(self) -> str:
        return self.hit.document.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class _Terms:
    """The question's words and bigrams with their weights, the place's own words apart."""

    words: dict[str, float]
    bigrams: dict[str, float]
    place: frozenset[str]


class Selector:
    """Selects sentences for one library's idf. Thread-safe."""

    def __init__(self, tokens: Tokens, idf: object) -> None:
        self.tokens = tokens
        self._idf = idf

    def select(self, asked: Asked, hits: Sequence[Hit]) -> list[Pick]:
        """Sentences of the best hits, best first; none twice."""
        terms = self._terms(asked)
        picks = [pick for rank, hit in enumerate(hits[:READ_HITS]) for pick in self._of_hit(asked, terms, hit, rank)]
        picks = _of_place(asked, picks)
        picks.sort(key=lambda p: (-p.score, p.hit.document.id, p.start))
        return picks

    def _terms(self, asked: Asked) -> _Terms:
        place = frozenset(w for name in asked.place_names for w in (*self.tokens.words(name), *self.tokens.bigrams(name)))
        weights = self._idf(asked.words)  # type: ignore[operator]
        words = {w: weights[w] * (CARRIED if w in asked.carried else 1.0) for w in asked.words if w not in place}
        mean = sum(words.values()) / len(words) if words else 1.0
        return _Terms(words, {b: mean for b in asked.bigrams if b not in place}, place)

    def _of_hit(self, asked: Asked, terms: _Terms, hit: Hit, rank: int) -> list[Pick]:
        document, passage = hit.document, hit.passage
        heading_starts = {section.start for section in document.sections}
        spans = [s for s in sentence_spans(document.text, passage.start, passage.end) if s[0] not in heading_starts]
        heading = fold(" ".join(passage.heading))
        context = fold(passage.context)
        here = bool(asked.places) and any(is_within(document.place, place) for place in asked.places)
        picks, before = [], _sentence_before(document.text, passage.start)
        for start, end in spans:
            sentence = fold(document.text[start:end])
            coverage, missing = _coverage(terms, sentence, before, heading, context, here)
            picks.append(self._pick(asked, terms, hit, (start, end), coverage, missing, rank))
            before = sentence
        return picks

    def _pick(self, asked: Asked, terms: _Terms, hit: Hit, span: tuple[int, int], coverage: float, missing: float, rank: int) -> Pick:
        text = hit.document.text
        clauses = clause_spans(text, *span)
        covers = self._clause_covers(terms, [text[a:b] for a, b in clauses])
        lead, at, fit = self._lead(asked, terms, text, clauses, covers)
        window, cover = _window(clauses, covers, at)
        found = hit.score / (1 + 0.08 * rank)
        score = coverage + KIND * fit + FOUND * found + CLAUSE * cover
        return Pick(hit, span, *window, score, coverage, missing, fit, lead)

    def _clause_covers(self, terms: _Terms, clauses: list[str]) -> list[float]:
        """For each clause the share of the question's weight that stands in it; words of every clause tell clauses apart less."""
        have = [fold(clause) for clause in clauses]

        def local(weights: dict[str, float]) -> dict[str, float]:
            seen = {t: sum(t in h for h in have) for t in weights}
            return {t: w * math.log(1 + len(have) / max(1, seen[t])) for t, w in weights.items()}

        words, bigrams = local(terms.words), local(terms.bigrams)
        return [WORDS * _share(words, h) + BIGRAMS * _share(bigrams, h) for h in have]

    def _lead(
        self, asked: Asked, terms: _Terms, text: str, clauses: list[tuple[int, int]], covers: list[float]
    ) -> tuple[Lead | None, int | None, float]:
        """The piece that is what was asked, the clause it stands in, and how well the sentence fits the kind."""
        found = [
            (
                fit + NEAR_CLAUSE * _near(covers, index) + NEAR_WORDS * self._beside(terms, text, start, end, clauses[index]),
                fit,
                index,
                Lead(text[start:end], start, end),
            )
            for index, (a, b) in enumerate(clauses)
            for fit, start, end in _answers(asked, text, a, b)
        ]
        if not found:
            return None, None, 0.0 if asked.kind in _TYPED else 0.5
        _, fit, index, lead = max(found, key=lambda item: (item[0], -item[2]))
        return lead, index, fit

    def _beside(self, terms: _Terms, text: str, start: int, end: int, clause: tuple[int, int]) -> float:
        """The share of the question's weight that stands within BESIDE_CHARS of a piece, in its clause."""
        around = text[max(clause[0], start - BESIDE_CHARS) : min(clause[1], end + BESIDE_CHARS)]
        have = fold(around)
        return WORDS * _share(terms.words, have) + BIGRAMS * _share(terms.bigrams, have)


_TYPED = {"number", "when", "who", "where", "name", "list", "compare"}


def _coverage(terms: _Terms, sentence: str, before: str, heading: str, context: str, here: bool) -> tuple[float, float]:
    """(coverage, missing): see Pick."""

    def credit(term: str) -> float:
        if term in sentence:
            return IN_SENTENCE
        if term in before:
            return BEFORE
        return IN_HEADING if term in heading else IN_CONTEXT if term in context else 0.0

    def share(weights: dict[str, float]) -> float:
        total = sum(weights.values())
        return sum(w * credit(t) for t, w in weights.items()) / total if total else float(here)

    total = sum(terms.words.values()) or 1.0
    missing = max((w / total for t, w in terms.words.items() if not credit(t)), default=0.0)
    return WORDS * share(terms.words) + BIGRAMS * share(terms.bigrams), missing


def _share(weights: dict[str, float], have: str) -> float:
    total = sum(weights.values())
    return sum(w for t, w in weights.items() if t in have) / total if total else 0.0


def _of_place(asked: Asked, picks: list[Pick]) -> list[Pick]:
    """The picks that speak of a place that is asked about; all of them when none is asked or none does."""
    if not asked.place_names:
        return picks
    kept = [
        p
        for p in picks
        if any(is_of(p.hit.document.place, path) for path in asked.places)
        or any(name in simplify(p.hit.document.text[slice(*p.sentence)]) for name in asked.place_names)
        or (asked.kind not in ("number", "compare") and any(is_within(p.hit.document.place, path) for path in asked.places))
    ]
    return kept or picks


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
    """The run of clauses to quote, up to WINDOW_CHARS: around clause `at` (or the best one), grown where it gains most."""
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


def _answers(asked: Asked, text: str, start: int, end: int) -> list[tuple[float, int, int]]:
    """Pieces of text[start:end] of the kind that is asked for: (fit 0-1, start, end)."""
    clause = text[start:end]
    if asked.kind in ("number", "compare"):
        return [(same_unit(asked.unit, q.unit) - 0.3 * _is_year_like(q), start + q.start, start + q.end) for q in quantities(simplify(clause))]
    if asked.kind == "when":
        return [(_date_fit(asked, m), start + m.start(), start + m.end()) for m in DATE.finditer(simplify(clause))]
    if asked.kind == "name":
        return [(_name_fit(asked, m.group(1)), start + m.start(1), start + m.end(1)) for m in _NAME_QUOTED.finditer(clause)]
    if asked.kind in ("list", "definition"):
        named = not asked.names or any(name in simplify(clause) for name in asked.names)
        return [(0.6 + 0.4 * ("、" in clause), start, end)] if named and ("、" in clause or asked.names) else []
    if asked.kind == "where":
        return _place_pieces(asked, clause, start)
    if asked.kind == "who":
        return [(1.0, start + a, start + b) for a, b in person_spans(simplify(clause)) if clause[a:b] not in asked.text]
    return []


def _is_year_like(quantity: Quantity) -> bool:
    return quantity.unit in ("年", "月", "日")


def _date_fit(asked: Asked, match: re.Match[str]) -> float:
    """A date that says more is better, one that the question names already is no answer."""
    if match.group() in asked.text:
        return 0.1
    day = "日" in match.group() or "号" in match.group()
    if re.search(r"哪一?年|何年", asked.text):
        return 1.0 if match["year"] else 0.4
    if re.search(r"哪一?天|几号|哪一?日", asked.text):
        return 1.0 if day else 0.6
    return 1.0 if match["month"] or match["month2"] or match["year"] else 0.7


def _name_fit(asked: Asked, name: str) -> float:
    return 0.2 if fold(name) in fold(asked.text) else 1.0


_PLACE_ENDING = re.compile(r"[\u4e00-\u9fff]{2,8}?(?:省|市|州|盟|县|区|旗|镇|乡|村|街道|社区|大学|学院|学校|医院|公司|园区|基地|路\d+号|广场|中心|馆|站)")


def _place_pieces(asked: Asked, clause: str, start: int) -> list[tuple[float, int, int]]:
    plain = simplify(clause)
    named = [(a, b) for a, b, _ in gazetteer().find(plain) if plain[a:b] not in asked.text]
    ended = [m.span() for m in _PLACE_ENDING.finditer(plain) if m.group() not in asked.text]
    return [(1.0, start + a, start + b) for a, b in named] + [(0.8, start + a, start + b) for a, b in ended]


def matched_words(asked: Asked, text: str) -> float:
    """The share of the question's bigrams that stand in a text."""
    folded = fold_with_origins(text).text
    return sum(b in folded for b in asked.bigrams) / len(asked.bigrams) if asked.bigrams else 0.0
