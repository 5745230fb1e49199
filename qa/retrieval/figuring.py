"""Figures that a query means: by the words around them, the place and the year that it names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, get_args

from qa.errors import InvalidInput
from qa.indexing.library import Library
from qa.indexing.tokens import Tokens, question_words
from qa.places import innermost, level_by_ending
from qa.retrieval.questions import Asked
from qa.types import Citation, Document, Figure, Filters, Passage

Sort = Literal["", "value", "-value", "year", "-year", "place", "metric"]
SORTS: tuple[str, ...] = get_args(Sort)


class FigureFinder:
    """Finds figures of one library. Thread-safe."""

    def __init__(self, library: Library, tokens: Tokens) -> None:
        self._library, self._tokens = library, tokens

    def find(self, asked: Asked, filters: Filters = Filters()) -> list[tuple[float, Figure]]:
        """(share of the question's words around it, figure), best first, of whatever place and year."""
        words = self.words(asked)
        allowed = self._library.allowed(filters)
        return self._library.figures.find(words, self._others(asked, words), allowed)

    def near(
        self, asked: Asked, words: Mapping[str, float], filters: Filters = Filters()
    ) -> list[tuple[float, Figure]]:
        """Like `find`, but also figures around which only the greater part of some words stands."""
        allowed = self._library.allowed(filters)
        return self._library.figures.find(words, self._others(asked, words), allowed, all_if_any=False)

    def within(self, document_id: str, start: int, end: int) -> list[Figure]:
        """The figures that stand in a span of a document, in order."""
        return self._library.figures.of_passages([(document_id, start, end)])

    def words(self, asked: Asked) -> dict[str, float]:
        """The question's words with their idf, its places and years left out."""
        names = (*asked.place_names, *asked.unknown_places, *(f"{year}年" for year in asked.years))
        apart = {w for name in names for w in self._tokens.words(name)} | {str(year) for year in asked.years}
        return self.weights([w for w in asked.words if w not in apart])

    def weights(self, words: Sequence[str]) -> dict[str, float]:
        """Words with their idf, those left out that ask and do not tell."""
        kept = [word for word in words if word not in question_words()]
        return self._library.idf(kept) if kept else {}

    def listed(self, asked: Asked, level: str, place: str, sort: str, filters: Filters = Filters()) -> list[Figure]:
        """Every figure that a query means, sorted; of the places and years that it names. Raises InvalidInput."""
        if sort not in SORTS:
            raise InvalidInput(f"不能按 {sort} 排序", f"可用：{'、'.join(filter(None, SORTS))}。", field="/sort")
        if not self.words(asked) and asked.unknown_places:
            return []
        found = [figure for _, figure in self.find(asked, filters)]
        kept = [f for f in found if _of_place(f, asked.places, place) and (not asked.years or f.year in asked.years)]
        if level:
            kept = [f for f in kept if self._level(f) == level]
        return sorted(kept, key=_KEYS[sort.lstrip("-")], reverse=sort.startswith("-")) if sort else kept

    def cited(self, figures: Sequence[Figure], number: int = 0) -> list[tuple[Figure, Citation]]:
        """Figures with their citations; one whose document went out of the library meanwhile is left out."""
        documents = {d.id: d for d in self._library.present(list(dict.fromkeys(f.document_id for f in figures)))}
        passages = {one: self._library.passages_of(one) for one in documents}
        return [
            (figure, citation)
            for figure in figures
            if figure.document_id in documents
            and (citation := cite(figure, documents[figure.document_id], passages[figure.document_id], number))
        ]

    def _others(self, asked: Asked, words: Mapping[str, float]) -> dict[str, list[str]]:
        """What may stand for a word, where it is one word itself."""
        others = {word: asked.alternatives.get(word, ()) for word in words}
        return {
            word: [o for other in same for o in self._tokens.words(other) if o == other]
            for word, same in others.items()
        }

    def _level(self, figure: Figure) -> str | None:
        return level_by_ending(innermost(figure.place)) if figure.place else None


def cite(figure: Figure, document: Document, passages: Sequence[Passage], number: int = 0) -> Citation | None:
    """The citation of a figure: its quotation, cut to the passage that the number stands in."""
    held = next((p for p in passages if p.start <= figure.at and figure.at + len(figure.text) <= p.end), None)
    if held is None:
        return None
    start, end = max(figure.start, held.start), min(figure.end, held.end)
    return Citation(number, document, held, document.text[start:end], start, end, 1.0)


def _of_place(figure: Figure, places: Sequence[str], wanted: str) -> bool:
    own = figure.place or ""
    return (not places or any(place in own for place in places)) and (not wanted or wanted in own)


_KEYS = {
    "value": lambda f: f.normalized,
    "year": lambda f: (f.year or 0, f.normalized),
    "place": lambda f: (f.place or "", -(f.year or 0)),
    "metric": lambda f: (f.metric, f.place or ""),
}
