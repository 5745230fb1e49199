"""Settles every mark against its quotation:

numbers citations in order of first use, checks that each is its span, says where else its words stand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from qa.answering.composing import Quoted
from qa.answering.elsewhere import standing
from qa.types import Block, Citation, Document, Hit, Passage, Twin

Elsewhere = Callable[[Citation], Iterable[Document]]  # in which documents a citation's words may stand too, each once


def settle(quoted: Sequence[Quoted], passages: dict[str, Passage]) -> tuple[list[Block], list[Citation]]:
    """Blocks with marks and their citations.

    A quotation that is not its span would be a bug: it is left out, never shown.
    """
    blocks: list[Block] = []
    citations: list[Citation] = []
    for piece in quoted:
        document = piece.pick.hit.document
        quote = document.text[piece.start : piece.end]
        passage = passages.get(piece.pick.hit.passage.id, piece.pick.hit.passage)
        if not quote or quote not in passage.text:
            continue
        number = next(
            (
                c.number
                for c in citations
                if c.document.id == document.id and (c.start, c.end) == (piece.start, piece.end)
            ),
            0,
        )
        if not number:
            number = len(citations) + 1
            citations.append(Citation(number, document, passage, quote, piece.start, piece.end, piece.pick.hit.score))
        blocks.append(Block(piece.text, (number,)))
    return blocks, citations


def with_twins(citations: Sequence[Citation], elsewhere: Elsewhere) -> list[Citation]:
    """Citations with where else their words stand: in each document that `elsewhere` names, the first place."""
    return [replace(citation, also_in=tuple(_twins(citation, elsewhere(citation)))) for citation in citations]


def _twins(citation: Citation, documents: Iterable[Document]) -> Iterator[Twin]:
    for document in documents:
        if document.id != citation.document.id and (span := standing(citation.quote, document.text)):
            yield Twin(document.id, document.title, *span)


def near_citation(piece: Quoted) -> Citation:
    """An unnumbered citation of what comes closest."""
    hit = piece.pick.hit
    return Citation(
        0, hit.document, hit.passage, hit.document.text[piece.start : piece.end], piece.start, piece.end, hit.score
    )


class Numbering:
    """Numbers the citations of an answer while it is being written: in order of first use, at most `limit`."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self.citations: list[Citation] = []

    def of(self, quoted: Sequence[tuple[Hit, int, int]]) -> tuple[tuple[int, ...], list[Citation]]:
        """The numbers of quotations (a passage and a span of its document each), and the citations that are new.

        A quotation that is not its span would be a bug: it is left out, never shown.
        """
        numbers: list[int] = []
        new: list[Citation] = []
        for hit, start, end in quoted:
            known = next(
                (c for c in self.citations if c.document.id == hit.document.id and (c.start, c.end) == (start, end)),
                None,
            )
            quote = hit.document.text[start:end]
            if known is None and quote and quote in hit.passage.text and len(self.citations) < self._limit:
                known = Citation(len(self.citations) + 1, hit.document, hit.passage, quote, start, end, hit.score)
                self.citations.append(known)
                new.append(known)
            if known is not None and known.number not in numbers:
                numbers.append(known.number)
        return tuple(numbers), new
