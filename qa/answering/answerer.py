"""The steps from hits to a stream of answer events: by quoting, or by a language model that is held to quotations."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import replace

from qa.answering.choosing import Tabler, is_part
from qa.answering.comparing import wanted
from qa.answering.composing import Composed, Quoted, overview
from qa.answering.composing import quote as quoted
from qa.answering.conflicts import with_conflicts
from qa.answering.evidence import Evidence, weigh
from qa.answering.following import follow
from qa.answering.gathering import Gatherer
from qa.answering.measures import measures
from qa.answering.prompts import WANTED
from qa.answering.selecting import Pick, Selector
from qa.answering.settling import Numbering, near_citation, settle, with_twins
from qa.answering.table_rows import first_row
from qa.answering.tables import Tabled
from qa.answering.trees import Forest
from qa.answering.writing import STRUCK, Absent, Passed, Refused, Struck, Writer
from qa.citing.marks import marked
from qa.errors import LanguageModelFailed
from qa.indexing.library import Library
from qa.indexing.tokens import Tokens
from qa.numbers import quantities
from qa.retrieval.collapsing import words
from qa.retrieval.figuring import FigureFinder
from qa.retrieval.questions import Asked, apart, spoken_of
from qa.retrieval.ranking import is_of
from qa.retrieval.reader import Reader
from qa.text import fold, letters, sentence_spans
from qa.types import Answer, Block, Citation, Delta, Document, Figure, Filters, Hit, Mode, Table

NEAR = 3
LOOKED_AT = 40  # picks whose documents may say the same
TELLING = 8  # characters; a shorter quotation stands in many documents that have nothing else in common
_SAYS_NO = "资料里没有。"
_GREETS = "这里只用资料里的原话回答。请直接问资料里的事，例如一个数、一个名字、一项做法。"


class Answerer:
    """Answers from hits by quoting, or lets `writer` write where there is one."""

    def __init__(
        self,
        library: Library,
        tokens: Tokens,
        writer: Writer | None = None,
        reader: Reader | None = None,
        forest: Forest | None = None,
    ) -> None:
        self.library = library
        self.writer = writer
        self.selector = Selector(tokens, library.idf, reader, forest)
        self.finder = FigureFinder(library, tokens)
        self.tabler = Tabler(self.finder, tokens)
        self.gatherer = Gatherer(library, tokens, self.selector)

    def select(self, asked: Asked, hits: Sequence[Hit]) -> tuple[list[Pick], Evidence]:
        """Sentences that may answer, best first, and whether they are evidence enough."""
        picks = self.selector.select(asked, hits)
        return picks, weigh(asked, hits, picks)

    def candidates(self, picks: Sequence[Pick], limit: int) -> tuple[Citation, ...]:
        """What is shown while the answer is made: the best quotation of each document, unnumbered."""
        return tuple(near_citation(piece) for piece in _distinct(picks, limit))

    def writes(self, mode: Mode) -> bool:
        """Does a language model write, where `mode` lets it?"""
        return self.writer is not None and mode != "extractive"

    def told(self, whole: Answer) -> Iterator[Delta | Answer]:
        """Pieces of an answer that is there already, and the whole of it."""
        yield from _deltas(whole)
        yield whole

    def answering(
        self, question: str, asked: Asked, picks: Sequence[Pick], evidence: Evidence, limit: int, mode: Mode = "auto",
        filters: Filters = Filters(),
    ) -> Iterator[Delta | Answer]:  # fmt: skip
        """Pieces of the answer, and at last the whole of it.

        A language model writes where one is configured, `mode` lets it and there is evidence; when it fails, the
        quotations answer, and a notice says so.
        """
        notice = ""
        if self.writer and mode != "extractive" and evidence.enough and asked.command != "sources":
            try:
                yield from self._written(self.writer, question, asked, picks, limit)
                return
            except LanguageModelFailed as error:
                notice = f"{error.message}，以下按原文摘录回答。"
            except Refused:
                evidence = replace(evidence, enough=False)
        whole = replace(self.answer(question, asked, picks, evidence, limit, filters), notice=notice)
        yield from self.told(whole)

    def _written(
        self, writer: Writer, question: str, asked: Asked, picks: Sequence[Pick], limit: int
    ) -> Iterator[Delta | Answer]:
        """What the model writes and the gate lets pass. Raises LanguageModelFailed when that is nothing."""
        numbering, blocks, partial, notice = Numbering(limit), list[Block](), False, ""
        try:
            for one in writer.write(
                f"{asked.text}{WANTED.get(asked.command, '')}",
                list({pick.hit.passage.id: pick.hit for pick in picks}.values()),
            ):
                block, new = self._block(one, numbering, bool(blocks))
                if block is not None:
                    blocks.append(block)
                    yield Delta(marked(block), tuple(new))
                partial = partial or isinstance(one, Absent)
        except LanguageModelFailed as error:
            if not any(block.citations for block in blocks):
                raise
            notice = f"{error.message}，回答到此为止。"
        if not any(block.citations for block in blocks):
            raise LanguageModelFailed("语言模型写的没有一句能在资料里核实")
        yield Answer(
            id=uuid.uuid4().hex,
            question=question,
            standalone_question=asked.text,
            status="partial" if partial else "answered",
            blocks=tuple(blocks),
            citations=tuple(with_twins(numbering.citations, lambda citation: self._elsewhere(citation, picks))),
            mode="generative",
            notice=notice,
        )

    def _block(
        self, one: Passed | Absent | Struck, numbering: Numbering, later: bool
    ) -> tuple[Block | None, list[Citation]]:
        """A sentence as a block with its marks, and the citations that it numbers for the first time."""
        match one:
            case Struck():
                return Block(STRUCK), []
            case Absent():
                return Block(one.text), []
        numbers, new = numbering.of(one.quoted)
        line = "\n" if one.paragraph and later else ""
        return (Block(line + one.text, numbers), new) if numbers else (None, [])

    def answer(
        self, question: str, asked: Asked, picks: Sequence[Pick], evidence: Evidence, limit: int,
        filters: Filters = Filters(),
    ) -> Answer:  # fmt: skip
        """The whole answer by quoting, or an honest no."""
        if asked.kind == "overview" and (named := self._titled(asked, picks)):
            return self._answered(question, asked, overview(named, limit), picks, limit)
        if asked.kind == "overview" and not spoken_of(asked) and not asked.places:
            return self._refusal(question, asked, (), evidence)
        tabled = None if asked.command else self.tabler.tabled(asked, limit, filters)
        if tabled and tabled.other_years:
            return self._only_near(question, asked, tabled)
        if tabled:
            told = self._answered(question, asked, tabled.composed, picks, limit)
            return replace(told, status="partial") if tabled.missing else told
        if not asked.command and (gathered := self.gatherer.gathered(asked, limit, filters)):
            return self._answered(question, asked, gathered, picks, limit)
        if not asked.command and picks and (ranked := self._first_row(asked, picks, limit)):
            return self._answered(question, asked, ranked, picks, limit)
        if not evidence.enough:
            return self._refusal(question, asked, picks, evidence)
        chosen = self.tabler.first(asked, picks, filters)
        if is_part(asked, chosen[0]):
            return self._refusal(question, asked, picks, replace(evidence, lacking="所问的总数"))
        composed = self._measures(asked, picks, limit) or follow(asked, chosen, limit)
        if wanted(asked) and not any(q.value != 1 for piece in composed.quoted for q in quantities(piece.text)):
            # Numbers were to be compared, and none was found: words beside the point would be no answer.
            return self._refusal(question, asked, picks, evidence)
        return self._answered(question, asked, composed, picks, limit)

    def _first_row(self, asked: Asked, picks: Sequence[Pick], limit: int) -> Composed | None:
        """The row with the most of what is asked, of the table that the best pick stands in; None for none."""
        hits = [pick.hit for pick in picks]
        return first_row(asked, hits, self.library.passages_of(hits[0].document.id), limit)

    def _measures(self, asked: Asked, picks: Sequence[Pick], limit: int) -> Composed | None:
        """The measures of the section whose heading says what a how-question asks; None where none does."""
        if asked.kind != "how" or asked.command:
            return None
        return measures(asked, picks[0], self.library.passages_of(picks[0].hit.document.id), limit)

    def _titled(self, asked: Asked, picks: Sequence[Pick]) -> list[Pick]:
        """The first sentence or heading of each section of the document that the question names; [] for none."""
        named = _named_whole(asked, list({pick.hit.document.id: pick.hit.document for pick in picks}.values()))
        if named is None:
            return []
        outermost = [section.start for section in named.sections if section.depth == 1] or [0]
        passages = self.library.passages_of(named.id)
        return [
            _opening(Hit(p, named, 1.0, {}), start) for start in outermost for p in passages if p.start <= start < p.end
        ]

    def _answered(self, question: str, asked: Asked, composed: Composed, picks: Sequence[Pick], limit: int) -> Answer:
        blocks, citations = settle(composed.quoted, {})
        lead = (Block(composed.lead),) if composed.lead else ()
        answer = Answer(
            id=uuid.uuid4().hex,
            question=question,
            standalone_question=asked.text,
            status="answered",
            blocks=(*lead, *blocks),
            citations=tuple(with_twins(citations, lambda citation: self._elsewhere(citation, picks))),
            table=_numbered(composed.table, blocks),
        )
        if asked.kind not in ("number", "compare", "where"):
            return answer
        return with_conflicts(answer, self._figures_of(composed), self.finder, self.library, limit)

    def _figures_of(self, composed: Composed) -> list[Figure]:
        """The figures that an answer leads with."""
        leads = [(p.pick.hit.document.id, p.pick.lead) for p in composed.quoted if p.pick.lead]
        return self.library.figures.of_passages([(document_id, lead.start, lead.end) for document_id, lead in leads])

    def _elsewhere(self, citation: Citation, picks: Sequence[Pick]) -> list[Document]:
        """Where a citation's words may stand too: versions of its document, those with its paragraph, those found."""
        ids = [*self.library.twins(citation.document.id)]
        if len(citation.quote) >= TELLING:
            ids += self.library.sharing(_paragraph(citation.document.text, citation.start, citation.end))
            wanted = words(citation.quote)
            hits = [pick.hit for pick in picks[:LOOKED_AT] if wanted in words(pick.hit.passage.text)]
            ids += [one for hit in hits for one in (hit.document.id, *(twin.document_id for twin in hit.also_in))]
        return self.library.present(list(dict.fromkeys(ids)))

    def _only_near(self, question: str, asked: Asked, tabled: Tabled) -> Answer:
        """A no: what is asked is stated of other years only, which are near."""
        near = tuple(map(near_citation, tabled.composed.quoted))
        return _without_citations(question, asked, f"{_SAYS_NO}{tabled.other_years}", near)

    def _refusal(self, question: str, asked: Asked, picks: Sequence[Pick], evidence: Evidence) -> Answer:
        if asked.kind == "greeting":
            return _without_citations(question, asked, _GREETS)
        nearest = [near_citation(piece) for piece in _distinct(picks, NEAR)]
        near = tuple(with_twins(nearest, lambda citation: self._elsewhere(citation, picks)))
        said = f"{_SAYS_NO}资料没有写到{evidence.lacking}。" if evidence.lacking else _SAYS_NO
        said += "离得最近的列在下面，供参考。" if near else "请换个说法，或先加入相关资料。"
        return _without_citations(question, asked, said, near)


def _without_citations(question: str, asked: Asked, said: str, near: tuple[Citation, ...] = ()) -> Answer:
    """An answer that tells nothing of the documents, with what is near."""
    return Answer(
        id=uuid.uuid4().hex,
        question=question,
        standalone_question=asked.text,
        status="no_evidence",
        blocks=(Block(said),),
        citations=(),
        near=near,
    )


def _named_whole(asked: Asked, documents: Sequence[Document]) -> Document | None:
    """The document whose title a question names, or whose place and title hold all that it says; None for none."""
    said = letters(asked.text)
    for document in documents:
        if len(letters(document.title)) > 3 and letters(document.title) in said:
            return document
    words, places = spoken_of(asked), apart(asked.places)
    held = [
        document
        for document in documents
        if (words or places)
        and all(is_of(document.place, place) for place in places)
        and all(word in fold(document.title) for word in words)
    ]
    return max(held, key=lambda d: any(str(y) in (d.period or d.published or "") for y in asked.years), default=None)


def _deltas(answer: Answer) -> Iterator[Delta]:
    """An answer block by block, each citation with the block that first uses it."""
    known: set[int] = set()
    for block in answer.blocks:
        new = tuple(c for c in answer.citations if c.number in set(block.citations) - known)
        known.update(block.citations)
        yield Delta(marked(block), new)


def _opening(hit: Hit, start: int) -> Pick:
    """The sentence (a heading is one) that begins at `start`."""
    span = next(s for s in sentence_spans(hit.document.text, hit.passage.start, hit.passage.end) if s[1] > start)
    return Pick(hit, span, *span, score=1.0, coverage=1.0, missing=0.0, fit=1.0, beside=1.0)


def _paragraph(text: str, start: int, end: int) -> str:
    """The line or lines that a span stands in."""
    beyond = text.find("\n", end)
    return text[text.rfind("\n", 0, start) + 1 : len(text) if beyond < 0 else beyond]


def _distinct(picks: Sequence[Pick], limit: int) -> list[Quoted]:
    """The best pick of each of the first few documents; none says again what another says."""
    seen: set[str] = set()
    pieces: list[Quoted] = []
    for pick in picks:
        if len(pieces) == limit:
            break
        if pick.hit.document.id not in seen and (said := letters(pick.whole)) not in seen:
            seen |= {pick.hit.document.id, said}
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
