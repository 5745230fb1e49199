"""Which places do something: 哪些城市建了人才公寓？ is asked of every place, so one search would name the loudest few.

Of each place the passage in which most of the question stands is looked at; the place is told where one sentence holds
nearly all of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa.answering.comparing import EACH, LEVELS, counted_runs, counted_words
from qa.answering.composing import Composed, quote
from qa.answering.selecting import Pick, Selector
from qa.indexing.library import Library
from qa.indexing.tokens import Tokens, question_words
from qa.places import innermost, short_name
from qa.retrieval.questions import Asked
from qa.retrieval.ranking import is_within
from qa.text import fold, simplify
from qa.types import Filters, Hit

CANDIDATES = 600
# Of so many places the best passage is looked into: that costs most of the time.
PLACES = 60
# What share of the question a place's sentence must hold; looked at on own questions.
ENOUGH = 0.8
TOGETHER = 0.75  # the same of its pairs of characters, which stand only where its words stand together
NAMED = 12  # places named in the lead beside those that are quoted
_SOME = re.compile(r"哪些|哪几")


@dataclass(frozen=True, slots=True)
class _Place:
    path: str
    pick: Pick

    @property
    def name(self) -> str:
        return short_name(innermost(self.path))


class Gatherer:
    """Finds the places of one library of which something is said. Thread-safe."""

    def __init__(self, library: Library, tokens: Tokens, selector: Selector) -> None:
        self._library, self._tokens, self._selector = library, tokens, selector

    def gathered(self, asked: Asked, limit: int, filters: Filters = Filters()) -> Composed | None:
        """The places of which what is asked is said, the first `limit` quoted; None unless two or more are."""
        each = EACH.search(simplify(asked.text)) if asked.kind in ("list", "where") else None
        if each is None or not _SOME.match(each.group()):
            return None
        words = tuple(w for w in counted_words(asked, self._tokens) if w not in question_words())
        if not words:
            return None
        runs = [run for run in counted_runs(asked) if any(word in run for word in words)]
        bigrams = tuple(dict.fromkeys(bigram for run in runs for bigram in self._tokens.bigrams(run)))
        about = replace(asked, kind="other", words=words, bigrams=bigrams, places=(), place_names=())
        found = self._places(about, asked.places, LEVELS.get(each["kind"], ""), filters)
        return _told(found, limit) if len(found) > 1 else None

    def _places(self, asked: Asked, inside: Sequence[str], level: str, filters: Filters) -> list[_Place]:
        """The places with the sentence of each, those first that say it most plainly."""
        allowed = self._library.allowed(filters)
        ranked = self._library.lexical(asked.words, asked.bigrams, CANDIDATES, allowed)
        passages = self._library.get([passage for passage, _ in ranked])
        best: dict[str, Hit] = {}
        for passage_id, _ in ranked:
            if (passage := passages.get(passage_id)) is None:
                continue
            document = self._library.document(passage.document_id)
            here = document.place and (not level or document.level == level) and _is_inside(document.place, inside)
            if here and len(best) < PLACES:
                best.setdefault(document.place or "", Hit(passage, document, 1.0, {}))
        looked = self._selector.look(asked, list(best.values()), 2 * len(best), ENOUGH)
        picks: dict[str, Pick] = {}
        for pick in sorted(looked.picks, key=lambda pick: -pick.coverage):
            if _stand_together(asked.bigrams, pick.whole):
                picks.setdefault(pick.hit.document.place or "", pick)
        return [_Place(path, pick) for path, pick in picks.items()]


def _stand_together(bigrams: Sequence[str], sentence: str) -> bool:
    """Do the question's words stand together in a sentence, as they do in the question?"""
    said = fold(sentence)
    return sum(bigram in said for bigram in bigrams) >= TOGETHER * len(bigrams)


def _is_inside(path: str, places: Sequence[str]) -> bool:
    """Is a place inside those that are asked about, and none of them itself? True where none is."""
    return all(is_within(path, place) and not path.endswith(place) for place in places)


def _told(places: Sequence[_Place], limit: int) -> Composed:
    shown, others = places[:limit], places[limit:]
    lead = f"写到的有{len(places)}地：{'、'.join(place.name for place in shown)}"
    if others:
        lead += f"〔另有{'、'.join(place.name for place in others[:NAMED])}{'等' if len(others) > NAMED else ''}〕"
    lead += "。"
    return Composed(lead, tuple(quote(p.pick, p.pick.start, p.pick.end) for p in shown))
