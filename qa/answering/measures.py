"""The measures under a heading: what is asked when a how-question means a whole section, not one sentence of it.

A section that counts its measures (一是…。二是…。) is answered by them, in order; each is quoted from where it begins.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from qa.answering.composing import HOW_CHARS, Composed, quote
from qa.answering.selecting import Pick, clause_spans
from qa.answering.speaking import around, told
from qa.retrieval.questions import Asked
from qa.text import fold, sentence_spans
from qa.types import Document, Hit, Passage, Section

# A heading that says so much of what is asked means the section; as much as the best sentence does, or more.
NAMED = 0.75
SHORTEST = 36  # characters of one measure, at least its own clause
_COUNTS = re.compile(
    r"\s*(?:[一二三四五六七八九十]+是|[（(][一二三四五六七八九十]+[）)]|[一二三四五六七八九十]+要|[•·●▪]|\d{1,2}[.．、](?!\d))"
)


def measures(asked: Asked, best: Pick, passages: Sequence[Passage], limit: int) -> Composed | None:
    """The measures that the section of the best pick counts, where its heading says what is asked; None for none.

    `passages` are all those of the pick's document.
    """
    document = best.hit.document
    section = _innermost(document, best.sentence[0])
    if section is None or not asked.about:
        return None
    named = told(asked.about, asked, fold(section.heading))
    if named < NAMED or named < told(asked.about, asked, around(best.hit, *best.sentence)):
        return None
    counted = _counted(document, section)
    if len(counted) < 2:
        return None
    room = max(SHORTEST, HOW_CHARS // min(limit, len(counted)))
    picks = [one for start, end in counted if (one := _pick(best, passages, start, _cut(document, start, end, room)))]
    return Composed(f"〔{section.heading}〕", tuple(quote(p, p.start, p.end) for p in picks[:limit])) if picks else None


def _innermost(document: Document, at: int) -> Section | None:
    return max((s for s in document.sections if s.start <= at < s.end), key=lambda s: s.depth, default=None)


def _counted(document: Document, section: Section) -> list[tuple[int, int]]:
    """Spans of a section's counted measures: each from its mark to the next, or to its paragraph's end."""
    body = section.start + len(section.heading)
    starts = [a for a, _ in sentence_spans(document.text, body, section.end) if _COUNTS.match(document.text, a)]
    found = []
    for start, end in itertools.pairwise([*starts, section.end]):
        line = document.text.find("\n", start, end)
        found.append((start, end if line < 0 else line))
    return found


def _cut(document: Document, start: int, end: int, room: int) -> int:
    """Where a measure's quotation ends: with the last sentence that has room, else with the last clause that has."""
    sentences = [b for _, b in sentence_spans(document.text, start, end)]
    if sentences[0] - start > room:
        clauses = [b for _, b in clause_spans(document.text, start, sentences[0])]
        return max([clauses[0], *(b for b in clauses if b - start <= room)])
    return max(b for b in sentences if b - start <= room)


def _pick(best: Pick, passages: Sequence[Passage], start: int, end: int) -> Pick | None:
    """A pick of a span that stands in one passage, cut to that passage's end."""
    passage = next((p for p in passages if p.start <= start < p.end), None)
    if passage is None:
        return None
    end = min(end, passage.end)
    hit = Hit(passage, best.hit.document, best.hit.score, best.hit.why)
    return Pick(hit, (start, end), start, end, best.score, best.coverage, best.missing, best.fit, best.beside)
