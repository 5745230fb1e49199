"""The walks of the product, top to bottom, in its own words. Read this file first.

1. A document, from file to library: `add`, and `sync` for a whole folder.
2. A question, from chat box to cited answer: `ask` (a stream), `answer` (its last event), `search`.
3. A draft, from paste to verdicts: `check` (a stream, its last event the whole).
4. A figure, from many documents to one table: `figures`.

Holds no technique: each step is a function of the room that it is imported from.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from qa.answering.answerer import Answerer
from qa.answering.evidence import Evidence
from qa.answering.parts import by_place, parts_of, together
from qa.answering.selecting import Pick
from qa.checking.checker import Checker
from qa.citing.annotating import annotate
from qa.citing.desk import Desk
from qa.citing.remarks import remarks
from qa.citing.styles import Style
from qa.config import MAX_DRAFT_CHARS, MAX_QUESTION_CHARS
from qa.errors import InvalidInput, NotFound, Unreadable
from qa.indexing.chunking import chunk
from qa.indexing.embedding import Embedder
from qa.indexing.library import Library
from qa.reading.describing import document_id as id_of
from qa.reading.folder import check_not_emptied, load, survey
from qa.reading.left_out import LeftOut, left_out
from qa.reading.overrides import plan_for, plans_of
from qa.reading.report import noted
from qa.reading.sandbox import read_text, read_works
from qa.retrieval.commands import both
from qa.retrieval.explaining import mended_notice
from qa.retrieval.questions import Asked
from qa.retrieval.searching import Searcher
from qa.retrieval.tuning import Tuned, tune, tune_reranker
from qa.syncing import InStep
from qa.types import (
    Answer,
    Checked,
    Event,
    FiguresFound,
    FileResult,
    Filters,
    Mode,
    Origin,
    Progress,
    Reading,
    SearchResult,
    Sources,
    SplitPlan,
    Turn,
    Verdict,
)

READ_HITS = 30


class Pipeline:
    """What the product does, over one library. `qa.assembly.build` puts one together."""

    def __init__(self, library: Library, searcher: Searcher, answerer: Answerer, checker: Checker) -> None:
        self.library = library
        self.searcher = searcher
        self.answerer = answerer
        self.figure_finder = answerer.finder
        self.checker = checker
        self.finder = checker.finder
        self.desk = Desk(library, self.finder)

    @property
    def embedder(self) -> Embedder:
        """The model that answers now."""
        return self.library.embedder

    # 1. A document, from file to library.

    def add_bytes(
        self,
        data: bytes,
        name: str,
        origin: Origin = "upload",
        path: str | None = None,
        mtime_ns: int = 0,
        plan: SplitPlan = "auto",
    ) -> FileResult:
        """Read a file's bytes into the library. A file that cannot be read is `refused`, with the reason."""
        try:
            reading = read_works(data, name, plan)
        except Unreadable as error:
            return FileResult(name, "refused", code=error.code, detail=str(error))
        if origin == "upload":
            self.library.keep_upload(data)
        return self._take_in(reading, origin, path or name, len(data), mtime_ns)

    def _take_in(self, reading: Reading, origin: Origin, path: str, size: int, mtime_ns: int) -> FileResult:
        passages = [passage for document in reading.documents for passage in chunk(document)]
        embedder = self.embedder
        vectors = embedder.passages([f"{p.context}\n{p.text}" for p in passages])
        stored = self.library.store(reading, passages, vectors, origin, path, size, mtime_ns, embedder)
        return noted(stored, reading)

    def add(self, path: Path, origin: Origin = "upload", name: str | None = None) -> FileResult:
        """Read one file of the disk into the library."""
        try:
            data = load(path.parent, path.name)
        except Unreadable as error:
            return FileResult(name or path.name, "refused", code=error.code, detail=str(error))
        return self.add_bytes(data, name or path.name, origin)

    def add_text(
        self,
        external_id: str | None,
        title: str | None,
        text: str,
        published: str | None = None,
        place: str | None = None,
        publisher: str | None = None,
    ) -> FileResult:
        """Take in a text that another program hands over, with what it knows of it."""
        try:
            reading = read_text(text, external_id, title, published, place, publisher)
        except Unreadable as error:
            return FileResult(external_id or title or "", "refused", code=error.code, detail=str(error))
        return self._take_in(reading, "upload", reading.source.name, reading.source.size, 0)

    def sync(self, folder: Path, dry_run: bool = False, force: bool = False) -> Iterator[Progress]:
        """Keep the library in step with a folder: read what is new or changed, forget what is gone; uploads stay.

        With `force` a folder that is empty now empties the library, and files that could not be read are tried again.
        Raises SettingsInvalid.
        """
        there, plans = survey(folder), plans_of(folder)
        known = {file.path: file for file in self.library.files("folder")}
        if not force:
            check_not_emptied(folder, there, len(known))
        step = InStep(self.library, self.add_bytes, folder, there, dry_run, force)
        gone = there.gone(known)
        total = len(there.files) + len(there.closed) + len(gone)
        with step.going_on():
            for done, file in enumerate(there.files):
                yield Progress(done, total, file.path)
                yield Progress(done + 1, total, file.path, step.read(file, plan_for(plans, file.path), known))
            for done, path in enumerate(there.closed, len(there.files)):
                yield Progress(done + 1, total, path, step.closed(path))
            for done, path in enumerate(gone, total - len(gone)):
                yield Progress(done + 1, total, path, step.forget(path))

    def left_out(self, document_id: str) -> list[LeftOut]:
        """What a document leaves out of its source, and why. Raises NotFound."""
        document = self.library.document(document_id)
        source = self.library.source(document.source_id)
        try:
            following = self.library.document(id_of(document.source_id, document.part + 1)).spans
        except NotFound:
            following = ()
        until = following[0].origin if following else None
        return left_out(document, source.text, self.library.dropped(document.source_id), until)

    # 2. A question, from chat box to cited answer.

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        filters: Filters = Filters(),
        max_citations: int = 6,
        mode: Mode = "auto",
    ) -> Iterator[Event]:
        """Answer a question as a stream: Sources, pieces of text, and at last the whole Answer. Raises InvalidInput."""
        _check_question(question, "/question")
        return self._ask(question, history, filters, max_citations, mode)

    def _ask(
        self, question: str, history: Sequence[Turn], filters: Filters, max_citations: int, mode: Mode
    ) -> Iterator[Event]:
        began = time.perf_counter()
        asked, picks, evidence, retrieving = self._found(question, history, filters)
        yield Sources(self.answerer.candidates(picks, max_citations))
        parts = None if self.answerer.writes(mode) else self._parts(asked, question, history, filters, max_citations)
        events = (
            self.answerer.told(parts)
            if parts
            else self.answerer.answering(question, asked, picks, evidence, max_citations, mode, filters)
        )
        for event in events:
            if isinstance(event, Answer):
                took = _timing(retrieve=retrieving, answer=time.perf_counter() - began - retrieving)
                event = replace(event, timing_ms=took, notice=event.notice or mended_notice(asked))
            yield event

    def _found(
        self, question: str, history: Sequence[Turn], filters: Filters
    ) -> tuple[Asked, list[Pick], Evidence, float]:
        """What a question asks, the sentences that may answer, their evidence, and the seconds that searching took.

        Where it may ask two things, it asks the first of which there is evidence.
        """
        first, retrieving = None, 0.0
        for asked in self.searcher.readings(question, history):
            began = time.perf_counter()
            hits = self.searcher.search_for_answer(asked, READ_HITS, both(filters, asked.only))
            retrieving += time.perf_counter() - began
            picks, evidence = self.answerer.select(asked, hits)
            if evidence.enough:
                return asked, picks, evidence, retrieving
            first = first or (asked, picks, evidence)
        assert first is not None  # a question has one reading at least
        return *first, retrieving

    def _parts(
        self, asked: Asked, question: str, history: Sequence[Turn], filters: Filters, most: int
    ) -> Answer | None:
        """The answer to a question that asks several things; None where it asks one, or none can be answered."""
        parts = parts_of(question, self.searcher.tokens, self.library.places())
        if len(parts) < 2 and asked.kind not in ("compare", "number"):
            parts = by_place(question, asked.place_names)
        if len(parts) < 2:
            return None
        told = []
        for at, part in enumerate(parts):
            one = self.searcher.understand(part, [*history, *(("user", before) for before in parts[:at])])
            hits = self.searcher.search_for_answer(one, READ_HITS, filters)
            each = max(1, most // len(parts))
            told.append((part, self.answerer.answer(part, one, *self.answerer.select(one, hits), each, filters)))
        answer = together(question, question, told)
        return None if answer.status == "no_evidence" else answer

    def answer(
        self,
        question: str,
        history: Sequence[Turn] = (),
        filters: Filters = Filters(),
        max_citations: int = 6,
        mode: Mode = "auto",
    ) -> Answer:
        """The last event of `ask`."""
        *_, last = self.ask(question, history, filters, max_citations, mode)
        assert isinstance(last, Answer)
        return last

    def search(self, query: str, top_k: int = 10, filters: Filters = Filters(), within: str = "text") -> SearchResult:
        """The passages (or headings, `within="headings"`) that fit a query best. Raises InvalidInput."""
        _check_question(query, "/query")
        began = time.perf_counter()
        asked = self.searcher.understand(query)
        hits = self.searcher.search(asked, top_k, filters, within)
        marked_hits = tuple(replace(hit, highlights=self.searcher.highlight(asked, hit.passage)) for hit in hits)
        took = _timing(retrieve=time.perf_counter() - began)
        return SearchResult(query, marked_hits, took, mended_notice(asked))

    # 3. A draft, from paste to verdicts.

    def warm(self) -> None:
        """Load what the first draft would wait for: a second or two, once."""
        self.checker.warm()

    def check(self, draft: str, filters: Filters = Filters()) -> Iterator[Verdict | Checked]:
        """Check a draft as a stream: a Verdict on each sentence as it is made, at last Checked. Raises InvalidInput."""
        _check_draft(draft)
        return self._check(draft, filters)

    def _check(self, draft: str, filters: Filters) -> Iterator[Verdict | Checked]:
        began = time.perf_counter()
        verdicts = []
        for verdict in self.checker.check(draft, filters):
            verdicts.append(verdict)
            yield verdict
        yield Checked(tuple(verdicts), _timing(check=time.perf_counter() - began))

    def annotate(self, draft: bytes, style: Style = "footnote") -> bytes:
        """A Word draft with a comment on each sentence that does not hold, a footnote on each that does.

        `style` is that of the footnotes. Raises Unreadable, InvalidInput.
        """
        return annotate(draft, lambda text: remarks(self._verdicts(text), style))

    def _verdicts(self, text: str) -> Iterator[Verdict]:
        return (event for event in self.check(text) if isinstance(event, Verdict))

    # 4. A figure, from many documents to one table.

    def figures(
        self, query: str = "", level: str = "", place: str = "", sort: str = "", limit: int = 200, offset: int = 0
    ) -> FiguresFound:
        """The numbers that the documents state where the query's words stand, one row each. Raises InvalidInput."""
        if len(query) > MAX_QUESTION_CHARS:
            _check_question(query, "/q")
        found = self.figure_finder.listed(self.searcher.understand(query), level, place, sort)
        return FiguresFound(query, tuple(self.figure_finder.cited(found[offset : offset + limit])), len(found))

    # The model that finds passages by meaning.

    def tune(self) -> Iterator[tuple[int, int, Tuned | None]]:
        """Fit how much the vectors count, then the reranker if there is one, on questions made from the library.

        The last step of each tells the result.
        """
        library, searcher, models = self.library, self.searcher, self.library.models
        for done, total, tuned in tune(library, searcher.tokens, searcher.weighing):
            if tuned is not None:
                models.set_weight(tuned.weight)
            yield done, total, tuned
        for done, total, tuned in tune_reranker(library, searcher.tokens, searcher):
            if tuned is not None and searcher.reranker is not None:
                models.set_weight_of(searcher.reranker.model, tuned.weight)
            yield done, total, tuned


def _check_draft(draft: str) -> None:
    if not draft.strip():
        raise InvalidInput("草稿是空的", "请粘贴要核对的文字。", field="/text")
    if len(draft) > MAX_DRAFT_CHARS:
        raise InvalidInput(
            f"草稿有 {len(draft)} 字，超过 {MAX_DRAFT_CHARS} 字的上限",
            "请分几次核对。",
            code="too_large",
            field="/text",
        )


def _check_question(text: str, field: str) -> None:
    if not text.strip():
        raise InvalidInput("问题是空的", "请写下要问的话。", field=field)
    if len(text) > MAX_QUESTION_CHARS:
        raise InvalidInput(
            f"问题有 {len(text)} 字，超过 {MAX_QUESTION_CHARS} 字的上限", "请把要问的写短一些。", field=field
        )


def _timing(**seconds: float) -> dict[str, float]:
    spent = {step: round(1000 * value, 2) for step, value in seconds.items()}
    return spent | {"total": round(sum(spent.values()), 2)}
