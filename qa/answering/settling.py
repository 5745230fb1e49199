"""Settles every mark against its quotation:

numbers citations in order of first use, checks that each is its span, finds twins.
"""

from __future__ import annotations

from collections.abc import Sequence

from qa.answering.composing import Quoted
from qa.text import letters
from qa.types import Block, Citation, Passage, Twin


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


def with_twins(citations: Sequence[Citation], others: Sequence[Quoted]) -> list[Citation]:
    """Citations of the same words become one, the rest of them its `also_in`."""
    kept = []
    for citation in citations:
        words = letters(citation.quote)
        twins = tuple(
            Twin(o.pick.hit.document.id, o.pick.hit.document.title, o.start, o.end)
            for o in others
            if o.pick.hit.document.id != citation.document.id
            and letters(o.pick.hit.document.text[o.start : o.end]) == words
        )
        kept.append(
            Citation(
                citation.number,
                citation.document,
                citation.passage,
                citation.quote,
                citation.start,
                citation.end,
                citation.score,
                twins,
            )
        )
    return kept


def near_citation(piece: Quoted) -> Citation:
    """An unnumbered citation of what comes closest."""
    hit = piece.pick.hit
    return Citation(
        0, hit.document, hit.passage, hit.document.text[piece.start : piece.end], piece.start, piece.end, hit.score
    )
