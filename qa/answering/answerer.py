"""The steps from hits to a stream of answer events, without a language model."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from qa.answering.composing import Composed, Quoted, compose, overview
from qa.answering.composing import quote as quoted
from qa.answering.evidence import Evidence, weigh
from qa.answering.selecting import Pick, Selector
from qa.answering.settling import near_citation, settle, with_twins
from qa.indexing.library import Library
from qa.indexing.tokens import Tokens
from qa.retrieval.questions import Asked
from qa.text import letters, sentence_spans
from qa.types import Answer, Block, Citation, Hit, Table

NEAR = 3
_SAYS_NO = "资料里没有。"


class Answerer:
    """Answers from hits by quoting."""

    def __init__(self, library: Library, tokens: Tokens) -> None:
        self.library = library
        self.selector = Selector(tokens, library.idf)

    def select(self, asked: Asked, hits: Sequence[Hit]) -> tuple[list[Pick], Evidence]:
        """Sentences that may answer, best first, and whether they are evidence enough."""
        picks = self.selector.select(asked, hits)
        return picks, weigh(asked, hits, picks)

    def candidates(self, picks: Sequence[Pick], limit: int) -> tuple[Citation, ...]:
        """What is shown while the answer is made: the best quotation of each document, unnumbered."""
        return tuple(near_citation(piece) for piece in _distinct(picks, limit))

    def answer(self, question: str, asked: Asked, picks: Sequence[Pick], evidence: Evidence, limit: int) -> Answer:
        """The whole answer, or an honest no."""
        if asked.kind == "overview" and (named := self._titled(asked, picks)):
            return self._answered(question, asked, overview(named, limit), picks)
        if not evidence.enough:
            return self._refusal(question, asked, picks, evidence)
        composed = compose(asked, picks, limit)
        return self._answered(question, asked, composed, picks)

    def _titled(self, asked: Asked, picks: Sequence[Pick]) -> list[Pick]:
        """The first sentence or heading of each section of the document whose title the question names; [] for none."""
        said = letters(asked.text)
        named = next(
            (
                p.hit.document
                for p in picks
                if len(letters(p.hit.document.title)) > 3 and letters(p.hit.document.title) in said
            ),
            None,
        )
        if named is None:
            return []
        outermost = [section.start for section in named.sections if section.depth == 1] or [0]
        passages = self.library.passages_of(named.id)
        return [
            _opening(Hit(p, named, 1.0, {}), start) for start in outermost for p in passages if p.start <= start < p.end
        ]

    def _answered(self, question: str, asked: Asked, composed: Composed, picks: Sequence[Pick]) -> Answer:
        blocks, citations = settle(composed.quoted, {})
        others = [quoted(p, p.start, p.end) for p in picks[:40]]
        lead = (Block(composed.lead),) if composed.lead else ()
        return Answer(
            id=uuid.uuid4().hex,
            question=question,
            standalone_question=asked.text,
            status="answered",
            blocks=(*lead, *blocks),
            citations=tuple(with_twins(citations, others)),
            table=_numbered(composed.table, blocks),
        )

    def _refusal(self, question: str, asked: Asked, picks: Sequence[Pick], evidence: Evidence) -> Answer:
        near = tuple(near_citation(piece) for piece in _distinct(picks, NEAR))
        said = f"{_SAYS_NO}资料没有写到{evidence.lacking}。" if evidence.lacking else _SAYS_NO
        said += "离得最近的列在下面，供参考。" if near else "请换个说法，或先加入相关资料。"
        return Answer(
            id=uuid.uuid4().hex,
            question=question,
            standalone_question=asked.text,
            status="no_evidence",
            blocks=(Block(said),),
            citations=(),
            near=near,
        )


def _opening(hit: Hit, start: int) -> Pick:
    """The sentence (a heading is one) that begins at `start`."""
    span = next(s for s in sentence_spans(hit.document.text, hit.passage.start, hit.passage.end) if s[1] > start)
    return Pick(hit, span, *span, score=1.0, coverage=1.0, missing=0.0, fit=1.0, beside=1.0)


def _distinct(picks: Sequence[Pick], limit: int) -> list[Quoted]:
    """The best pick of each of the first few documents."""
    seen: set[str] = set()
    pieces = []
    for pick in picks:
        if pick.hit.document.id not in seen and len(pieces) < limit:
            seen.add(pick.hit.document.id)
            pieces.append(
                quoted(pick, *pick.sentence if pick.sentence[1] - pick.sentence[0] <= 160 else (pick.start, pick.end))
            )
    return pieces


def _numbered(table: Table | None, blocks: Sequence[Block]) -> Table | None:
    """The table with its rows' quotations replaced by their citation numbers."""
    if table is None:
        return None
    rows = tuple(
        (cells, tuple(n for i in which if i < len(blocks) for n in blocks[i].citations)) for cells, which in table.rows
    )
    return Table(table.columns, rows)
