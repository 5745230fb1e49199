"""A figure that is borne out, though a later document of the same place gives another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qa.checking.claims import Sentence
from qa.checking.judging import Judged
from qa.types import Document, Note, Verdict

ALIKE = 0.8  # share of the sentence's words that the later document must have, for it to speak of the same thing


def newer(sentence: Sentence, verdict: Verdict, judged: Sequence[Judged]) -> Iterator[Note]:
    """One note for each figure of a supported sentence that a later document gives otherwise."""
    if verdict.label != "supported" or not verdict.citations:
        return
    mine = verdict.citations[0].document
    told: set[int] = set()
    for one in judged:
        document = one.compared.window.document
        if document.id == mine.id or not later(document, mine) or one.features["here"] < ALIKE:
            continue
        if {d.kind for d in one.compared.departures} - {"number", "unit", "date"}:
            continue
        for departure in one.compared.departures:
            if departure.kind == "date" or departure.start in told:
                continue
            told.add(departure.start)
            text = f"《{document.title}》（{_when(document)}）写的是“{departure.source}”"
            yield Note("newer_figure", text, sentence.start + departure.start, sentence.start + departure.end)


def later(document: Document, mine: Document) -> bool:
    """Of the same place, and of a later time."""
    return document.place == mine.place and bool(_when(mine)) and _when(document) > _when(mine)


def _when(document: Document) -> str:
    return document.published or document.period or ""
