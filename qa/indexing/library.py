"""The library: one folder, one owner, one registry that is the truth, two indexes that follow it.

What the rest of the product knows of documents at rest. Knows nothing of reading, ranking and answering.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from qa.errors import InvalidInput, NotFound
from qa.indexing import catalogue, twins, verifying
from qa.indexing.bm25 import NOTHING
from qa.indexing.conversations import Conversations
from qa.indexing.embedding import Embedder
from qa.indexing.figures import FigureKeeper
from qa.indexing.keeping import EXACT, LexicalKeeper, VectorKeeper
from qa.indexing.lock import FolderLock
from qa.indexing.registry import Change, Place, Registry
from qa.indexing.remembering import Remembered
from qa.indexing.rows import DocumentRow, FileRecord, Refusal, refusals_body, refusals_of
from qa.indexing.serving import Models
from qa.indexing.tending import Tender
from qa.indexing.tokens import Tokens
from qa.indexing.uploads import Uploads
from qa.reading.differences import differences
from qa.types import Difference, Document, Dropped, FileResult, Filters, Job, Origin, Passage, Reading, Source

log = logging.getLogger(__name__)
QUIET_S = 1.5  # the vector index follows once no change has come for so long
OPENING_S = 5.0  # and, where it is not needed, so long after the opening
FEW = 0.1  # a filter that lets fewer of the passages through is searched exactly
OVERFETCH = 300
# Naming 4,000 documents to the lexical index costs 35 ms: where a filter names more than WIDE, and they hold at least
# the share LARGE of the passages, more is fetched instead (MARGIN times as much as is likely to do) and some left out.
WIDE, LARGE, MARGIN = 200, 0.2, 1.3
DOCUMENT_CHARS = 16_000_000  # of the documents held in memory: some 50 of 1 MB, or all 256 of a usual library
REGION_CHARS = 8_000_000
PAGES = 200_000  # of the documents that ranking looked at, with one for each document: some 40 MB
NAMED = 500_000  # numbers, and ids, of what filters let through: some 40 MB
REGISTRY = "registry.sqlite3"


@dataclass(frozen=True, slots=True)
class LibraryState:
    """How much the library holds and how its indexes stand: each "ok", "rebuilding" or "missing".

    `without_vector` passages still need a vector of `model`: see `Models.complete`. `model` is its fingerprint;
    `changing_to` names the model that is to take its place, "" for none.
    """

    documents: int
    passages: int
    revision: int
    model: str
    indexes: dict[str, str]
    without_vector: int = 0
    model_name: str = ""
    changing_to: str = ""


class Library:
    """Open one with `Library.open`; close it. Thread-safe; writes take turns, reads do not wait for them."""

    @classmethod
    def open(
        cls, data: Path, embedder: Embedder | None, tokens: Tokens, address: str = "",
        make: Callable[[str], Embedder] = Embedder,
    ) -> Library:  # fmt: skip
        """Open a data folder, making it where there is none. Raises LibraryInUse, LibraryDamaged, SettingsInvalid.

        `embedder` is the model to answer with, None for the one chosen for this library, which `make` makes by name.
        """
        lock = FolderLock(data, address)
        try:
            return cls(data, embedder, tokens, lock, make)
        except BaseException:
            lock.release()
            raise

    def __init__(
        self, data: Path, embedder: Embedder | None, tokens: Tokens, lock: FolderLock, make: Callable[[str], Embedder]
    ) -> None:
        self._lock, self._tokens, self._turn = lock, tokens, threading.RLock()
        self.data = data
        self.uploads = Uploads(data / "uploads")
        self._registry = Registry(data / REGISTRY)
        self.conversations = Conversations(self._registry)
        # Of each passage that can be found, as little as search needs: a library has hundreds of thousands.
        self._ids: dict[int, str] = {}
        self._numbers: dict[str, array[int]] = {}
        self._documents: Remembered[str, Document] = Remembered(256, DOCUMENT_CHARS, lambda one: len(one.text))
        self._described: Remembered[str, Document] = Remembered(20_000, PAGES, lambda one: 1 + len(one.pages))
        self._passages: Remembered[str, Passage] = Remembered(20_000)
        self._regions: Remembered[str, str] = Remembered(64, REGION_CHARS, len)
        self._within: Remembered[frozenset[str], frozenset[int]] = Remembered(16, NAMED, len)
        self._known_places: Remembered[str, frozenset[str]] = Remembered(1)
        self._groups: Remembered[str, twins.Groups] = Remembered(1)
        self._allowed: Remembered[Filters, frozenset[str] | None] = Remembered(64, NAMED, lambda some: len(some or ()))
        self._lexical = LexicalKeeper(data, self._registry, tokens, self._turn)
        self.models = Models(data, self._registry, self._turn, embedder, make, self._shelve_change)
        self.figures = FigureKeeper(self._registry, tokens)
        self._shelve(self._registry.places())
        self._lexical.open()
        self._tender = Tender((self._lexical.tend, self.figures.tend, lambda stop: self._vectors.tend(stop)), QUIET_S)
        # Where search needs no index that is not there yet, a command that ends soon never loads Chroma.
        self._tender.wake(hurry=not self._lexical.ready or len(self._ids) > EXACT, pause=OPENING_S)

    def close(self) -> None:
        """Let go of the folder. What is not yet in the vector index goes there after the next opening."""
        self._tender.stop()
        with self._turn:
            self._vectors.close()
            self._lexical.close()
            self._registry.close()
            self._lock.release()

    def announce(self, address: str) -> None:
        """Say in the lock at what address this library is served."""
        self._lock.announce(address)

    @property
    def revision(self) -> int:
        """Grows with each change of what can be found."""
        return self._registry.revision

    def state(self) -> LibraryState:
        missing, model = self.models.missing(), self.embedder
        return LibraryState(
            documents=len(self._numbers),
            passages=len(self._ids),
            revision=self.revision,
            model=model.fingerprint,
            indexes={
                "lexical": self._standing(self._lexical.ready),
                "vector": "missing" if missing else self._standing(self._vectors.ready),
            },
            without_vector=missing,
            model_name=model.name,
            changing_to=self.models.wanted.name if self.models.waiting else "",
        )

    @property
    def embedder(self) -> Embedder:
        """The model that answers now."""
        return self.models.serving.embedder

    def settle(self, timeout: float = 60.0) -> bool:
        """Wait until the indexes have followed every change so far; False after `timeout` seconds."""
        return self._tender.settle(timeout)

    # --- writing

    def store(
        self, reading: Reading, passages: Sequence[Passage], vectors: np.ndarray, origin: Origin, path: str, size: int,
        mtime_ns: int, made_by: Embedder | None = None,
    ) -> FileResult:  # fmt: skip
        """Take in what was read from a file, in place of what `path` (relative, within its origin) held before.

        `vectors`: of `made_by` (None: of the model that answers now), float32 (len(passages), d). The same bytes again
        are "unchanged". Documents that a person deleted stay deleted. Searchable when this returns; all of it or
        nothing.
        """
        with self._turn:
            model = self.embedder.fingerprint
            if made_by is not None and made_by.fingerprint != model:  # the model has changed since they were made
                vectors = self.embedder.passages([f"{one.context}\n{one.text}" for one in passages])
            change = self._registry.store(reading, passages, vectors, model, origin, path, size, mtime_ns)
            return self._follow(change)

    def remove_file(self, origin: Origin, path: str) -> FileResult:
        """Forget a file, and its documents where no other file holds the same bytes. Raises NotFound."""
        with self._turn:
            result = self._follow(self._registry.remove_file(origin, path))
            self.uploads.keep_only(self._registry.has_source)
            return result

    def successors(self, document_id: str) -> list[Document]:
        """What the file that held a document holds now, the work in the same place first; [] where nothing is known."""
        return [self.document(found) for found in self._registry.successors(document_id)]

    def delete(self, document_id: str) -> None:
        """Take a document out of the library, remembering it: reading its file again does not bring it back."""
        with self._turn:
            self._registry.delete(document_id)
            self._shelve_change(gone=(document_id,))

    def restore(self, document_id: str) -> None:
        """Bring a deleted document back. Raises NotFound."""
        with self._turn:
            if self._registry.restore(document_id):
                self._shelve_change(come=(document_id,))

    def touch(self, origin: Origin, path: str, size: int, mtime_ns: int) -> None:
        """The same bytes, another size or time on disk."""
        self._registry.touch(origin, path, size, mtime_ns)

    def set_folder(self, folder: str) -> None:
        """Remember which folder the files of origin "folder" lie in."""
        self._registry.set_meta("folder", folder)

    def keep_refusals(self, refusals: Mapping[str, Refusal]) -> None:
        """Remember which files of the folder cannot be read, so that they need not be tried again."""
        self._registry.set_meta("refusals", refusals_body(refusals))

    def keep_upload(self, data: bytes) -> None:
        """Keep an upload's own bytes; they are found by their SHA-256, the source's id."""
        self.uploads.keep(data)

    def save_job(self, job: Job) -> None:
        self._registry.save_job(job)

    def rebuild(self) -> None:
        """Make both indexes again from the registry, without embedding anything; waits until they are there."""
        self._lexical.forget()
        self._vectors.forget()
        self._tender.wake(hurry=True)
        self._tender.settle(timeout=3600)

    def verify(self) -> list[str]:
        """What is wrong, in Chinese; [] when quotations stand, the file is whole and the indexes are in step."""
        self.settle()
        with self._turn:
            return [*verifying.findings(self._registry), *self._lexical.findings(), *self._vectors.findings()]

    # --- reading

    def files(self, origin: Origin) -> list[FileRecord]:
        """The files of an origin, in order of arrival."""
        return self._registry.files(origin)

    def folder(self) -> str | None:
        return self._registry.meta("folder")

    def has_source(self, source_id: str) -> bool:
        return self._registry.has_source(source_id)

    def source(self, source_id: str) -> Source:
        """Raises NotFound."""
        return self._registry.source(source_id)

    def dropped(self, source_id: str) -> list[Dropped]:
        """What no document of a source keeps, in order. Raises NotFound."""
        return self._registry.dropped(source_id)

    def job(self, job_id: str) -> Job:
        """Raises NotFound."""
        return self._registry.job(job_id)

    def jobs(self, limit: int) -> list[Job]:
        """The latest jobs, the newest first."""
        return self._registry.jobs(limit)

    def unfinished_jobs(self) -> list[Job]:
        """Jobs that have not ended; those of a former process will never go on."""
        return self._registry.unfinished_jobs()

    def refusals(self) -> dict[str, Refusal]:
        """The folder's files that could not be read when it was last brought in step, by path."""
        return refusals_of(self._registry.meta("refusals") or "{}")

    def document(self, document_id: str) -> Document:
        """Raises NotFound."""
        return self._documents.get(document_id, self._read_document)

    def described(self, document_ids: Sequence[str]) -> dict[str, Document]:
        """Those of the documents that can be found, by id, without text, spans, sections and twins.

        Ranking looks at a hundred documents a question, which may be of a megabyte each.
        """
        return self._described.get_many(document_ids, self._registry.described)

    def present(self, document_ids: Sequence[str]) -> list[Document]:
        """Those of the documents that can be found, in order."""
        found = []
        for document_id in document_ids:
            with contextlib.suppress(NotFound):
                found.append(self.document(document_id))
        return found

    def documents(
        self, limit: int, after: tuple[int, ...] | None = None, query: str = "", level: str = "", place: str = "",
        kind: str = "",
    ) -> tuple[list[DocumentRow], int, tuple[int, ...] | None]:  # fmt: skip
        """A page of the documents in reading order, how many there are in all, and the cursor of the next page."""
        page, total, following = catalogue.listing(self._registry, limit, after, query, level, place, kind)
        return [replace(row, document=self._grouped(row.document)) for row in page], total, following

    def twins(self, document_id: str) -> tuple[str, ...]:
        """Ids of a document's near-duplicates, in order of arrival; () where it has none."""
        return tuple(one for one in self._group(document_id) if one != document_id)

    def sharing(self, paragraph: str) -> list[str]:
        """Ids of documents that likely hold a paragraph nearly word for word, its own among them."""
        return twins.sharing(self._registry.all, paragraph)

    def differences(self, document_id: str, other_id: str) -> list[Difference]:
        """Where two near-duplicates differ, changed figures first. Raises NotFound, InvalidInput."""
        here, there = self.document(document_id), self.document(other_id)
        if other_id not in self.twins(document_id):
            raise InvalidInput("这两篇不是同一份材料的两个版本", "只能比较几乎相同的两篇资料。", field="/with")
        return differences(here.text, there.text, self._tokens.boundaries)

    def passage(self, passage_id: str) -> Passage:
        """Raises NotFound."""
        return self._passages.get(passage_id, self._registry.passage)

    def passages_of(self, document_id: str) -> list[Passage]:
        """A document's passages in order."""
        return self._registry.passages_of(document_id)

    def neighbours(self, passage_id: str) -> tuple[Passage | None, Passage | None]:
        """The passages before and after it in its document. Raises NotFound."""
        passage = self.passage(passage_id)
        around = {one.ordinal: one for one in self._registry.passages_around(passage)}
        return around.get(passage.ordinal - 1), around.get(passage.ordinal + 1)

    def get(self, passage_ids: Sequence[str]) -> dict[str, Passage]:
        """Those of the passages that can be found, by id."""
        return self._passages.get_many(passage_ids, self._registry.passages)

    def vectors_of(self, passage_ids: Sequence[str]) -> np.ndarray:
        """The passages' vectors, float32 (len(passage_ids), d). Raises NotFound where one has none."""
        return self._registry.vectors_by_id(passage_ids, self.embedder.fingerprint)

    def allowed(self, filters: Filters) -> frozenset[str] | None:
        """Ids of the documents that pass, None for all."""
        return self._allowed.get(filters, lambda asked: catalogue.allowed(self._registry, asked)) if filters else None

    def places(self) -> frozenset[str]:
        """The different places of the documents, as whole paths."""
        return self._known_places.get("", lambda _: self._registry.document_places())

    # --- candidates

    def lexical(
        self, words: Sequence[str], bigrams: Sequence[str], limit: int, allowed: frozenset[str] | None,
        also: Mapping[str, float] = NOTHING,
    ) -> list[tuple[str, float]]:  # fmt: skip
        """(passage id, BM25) of the best, best first. Terms are `Tokens`' words and bigrams of the question.

        `also` maps further words to what share of a word's weight they have.
        """
        search = self._lexical.search()
        try:
            numbers = self._within.get(allowed, self._numbers_of) if allowed and len(allowed) > WIDE else frozenset()
            share = len(numbers) / max(1, len(self._ids))
            if share >= LARGE:
                most = search.search(words, bigrams, int(MARGIN * limit / share), None, also)
                within = [pair for pair in most if pair[0] in numbers][:limit]
                if len(within) == limit:
                    return self._named(within)
            return self._named(search.search(words, bigrams, limit, allowed, also))
        except ValueError:  # what tantivy raises for files it cannot read any more
            log.warning("the lexical index failed and will be rebuilt", exc_info=True)
            self._lexical.forget()
            self._tender.wake(hurry=True)
            return self._named(self._lexical.search().search(words, bigrams, limit, allowed, also))

    def idf(self, words: Sequence[str]) -> dict[str, float]:
        """ln(1 + (N - df + ½) / (df + ½)) of each word over the library's passages."""
        return self._lexical.search().idf(words)

    def near(self, text: str, limit: int, allowed: frozenset[str] | None) -> list[tuple[str, float]]:
        """(passage id, cosine) of the passages nearest to a question, nearest first; [] where the model knows no word.

        Question and passages are seen by the same model, also while another one takes over. Raises ModelUnavailable.
        """
        serving = self.models.serving
        vector = serving.embedder.query(text)
        return self._nearest(serving.vectors, vector, limit, allowed) if vector.any() else []

    def known(self, field: str, terms: Sequence[str]) -> dict[str, int]:
        """Those of the terms that passages hold, as "words" or "bigrams", and in about how many.

        All of them while there is no index.
        """
        return self._lexical.search().known(field, terms)

    def nearest(self, vector: np.ndarray, limit: int, allowed: frozenset[str] | None) -> list[tuple[str, float]]:
        """(passage id, cosine) of the nearest, nearest first; [] for a zero vector. `vector`: of `embedder`."""
        return self._nearest(self._vectors, vector, limit, allowed)

    # --- within

    @property
    def _vectors(self) -> VectorKeeper:
        return self.models.serving.vectors

    def _nearest(
        self, vectors: VectorKeeper, vector: np.ndarray, limit: int, allowed: frozenset[str] | None
    ) -> list[tuple[str, float]]:
        if allowed is None:
            return self._named(self._near(vectors, vector, limit))
        numbers = self._within.get(allowed, self._numbers_of)
        if len(numbers) > FEW * len(self._ids):
            near = self._near(vectors, vector, limit + OVERFETCH)
            within = [pair for pair in near if pair[0] in numbers][:limit]
            if len(within) == limit:
                return self._named(within)
        return self._named(vectors.among(numbers).nearest(vector, limit, numbers))

    def _numbers_of(self, document_ids: frozenset[str]) -> frozenset[int]:
        return frozenset(number for one in document_ids for number in self._numbers.get(one, ()))

    def _near(self, vectors: VectorKeeper, vector: np.ndarray, limit: int) -> list[tuple[int, float]]:
        found, failed = vectors.nearest(vector, limit)
        if failed:
            self._tender.wake(hurry=True)
        return found

    def _named(self, found: list[tuple[int, float]]) -> list[tuple[str, float]]:
        """Numbers as passage ids; what went out of the library meanwhile is left out."""
        return [(self._ids[number], score) for number, score in found if number in self._ids]

    def _group(self, document_id: str) -> tuple[str, ...]:
        groups = self._groups.get("", lambda _: twins.groups(self._registry.all))
        return groups.get(document_id, ())

    def _read_document(self, document_id: str) -> Document:
        document = self._grouped(self._registry.document(document_id))
        return replace(document, regions=self._regions.get(document.source_id, self._registry.regions))

    def _grouped(self, document: Document) -> Document:
        """The document with the earliest of its near-duplicates."""
        first = next(iter(self._group(document.id)), document.id)
        return document if first == document.id else replace(document, duplicate_of=first)

    def _follow(self, change: Change) -> FileResult:
        if change.result.status != "unchanged":
            self._shelve_change(change.gone, change.come)
        return change.result

    def _forget(self) -> None:
        """Forget what was read before a change. Documents last: they are made from the groups."""
        for remembered in (
            self._groups, self._regions, self._documents, self._described, self._passages, self._allowed, self._within,
            self._known_places,
        ):  # fmt: skip
            remembered.clear()

    def _shelve_change(self, gone: Sequence[str] = (), come: Sequence[str] = ()) -> None:
        """Bring memory and indexes in step with the registry; called with the turn held."""
        out = [number for one in gone for number in self._numbers.pop(one, ())]
        places = self._registry.places(come) if come else []
        self._shelve(places)
        self._lexical.apply(out, [place.number for place in places])
        self._vectors.apply(out, [place.number for place in places])
        self.figures.apply(come)
        for number in out:
            del self._ids[number]
        self._forget()
        self._tender.wake()

    def _shelve(self, places: Sequence[Place]) -> None:
        for place in places:
            self._ids[place.number] = place.passage_id
            self._numbers.setdefault(place.document_id, array("q")).append(place.number)

    def _standing(self, ready: bool) -> str:
        return "ok" if ready else ("rebuilding" if self._tender.busy else "missing")
