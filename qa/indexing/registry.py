"""The truth about what the library holds: files, sources, documents, passages, vectors, jobs, in one SQLite file.

The lexical and the vector index are derived from it and can be rebuilt from it alone. Knows nothing of them.
A `number` is a passage's own integer, never used twice; the indexes know a passage by it.
"""

from __future__ import annotations

import base64
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import numpy as np

from qa.errors import LibraryDamaged, NotFound
from qa.indexing import rows, twins
from qa.indexing.connections import Connections
from qa.indexing.rows import FileRecord
from qa.types import Document, Dropped, FileResult, FileStatus, Job, Origin, Passage, Reading, Source

# schema.sql is the first; each later one is the former and a file of `migrations/`, so that any library can follow.
SCHEMA = 6
T = TypeVar("T")
JOBS = 500
UNFINISHED = "('queued', 'running')"
AT_ONCE = 500  # values in one statement; SQLite takes 999 at least


@dataclass(frozen=True, slots=True)
class Place:
    """Where a passage belongs: its number, its id, its document's id."""

    number: int
    passage_id: str
    document_id: str


@dataclass(frozen=True, slots=True)
class Change:
    """What a write did: the result for its caller, and the documents that can be found since, or no longer."""

    result: FileResult
    come: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()


class Registry:
    """Each write is one transaction and raises `revision` by one where it changes what can be found.

    Thread-safe. Raises LibraryDamaged where the file cannot be read, LibraryBusy where it stays locked.
    """

    def __init__(self, path: Path) -> None:
        self._connections = Connections(path)
        self._prepare(path)
        self.revision = int(self.meta("revision") or 0)

    def close(self) -> None:
        self._connections.close()

    # --- writing

    def store(
        self, reading: Reading, passages: Sequence[Passage], vectors: np.ndarray, model: str, origin: Origin,
        path: str, size: int, mtime_ns: int,
    ) -> Change:  # fmt: skip
        """Take in a file's reading in place of what `path` held. `vectors`: float32 (len(passages), d)."""
        source = reading.source
        with self._connections.write() as db:
            held = _file(db, origin, path)
            known = _exists(db, "SELECT 1 FROM sources WHERE id = ? AND reader = ?", source.id, reading.reader)
            if known and held and held["source_id"] == source.id:
                self._touch(db, origin, path, size, mtime_ns)
                return Change(FileResult(path, "unchanged", _document_ids(db, source.id)))
            outdated = () if known else _live_ids(db, source.id)
            if held and held["source_id"] != source.id:
                _remember_former(db, held["source_id"], origin, path)
            if not known:
                db.execute("DELETE FROM documents WHERE source_id = ?", (source.id,))
                _put_source(db, reading)
            _upsert_file(db, origin, path, source.id, size, mtime_ns)
            gone = outdated + (_drop_orphan(db, held["source_id"]) if held else ())
            if not known:
                _insert_documents(db, reading.documents, passages)
                _insert_vectors(db, passages, vectors, model)
                twins.link(db, reading.documents)
            status: FileStatus = "updated" if held else "added"
            come = () if known else _live_ids(db, source.id)
            result = _twinned(db, FileResult(path, status, _document_ids(db, source.id)), source.id)
            revision = self._next(db)
        self.revision = revision
        return Change(result, come, gone)

    def remove_file(self, origin: Origin, path: str) -> Change:
        """Forget a file; its source goes with the last file that brought it. Raises NotFound."""
        with self._connections.write() as db:
            held = _file(db, origin, path)
            if held is None:
                raise NotFound(f"资料库里没有文件 {path}", "请核对文件名。")
            ids = _document_ids(db, held["source_id"])
            db.execute("DELETE FROM files WHERE seq = ?", (held["seq"],))
            gone = _drop_orphan(db, held["source_id"])
            revision = self._next(db)
        self.revision = revision
        return Change(FileResult(path, "removed", ids), gone=gone)

    def delete(self, document_id: str) -> None:
        """Take a document out of what can be found, remembering that a person did. Raises NotFound."""
        with self._connections.write() as db:
            if not _exists(db, "SELECT 1 FROM live WHERE id = ?", document_id):
                raise _no_document()
            db.execute("INSERT INTO deletions VALUES (?, ?)", (document_id, now()))
            revision = self._next(db)
        self.revision = revision

    def restore(self, document_id: str) -> bool:
        """Bring a deleted document back. False where it was not deleted. Raises NotFound."""
        with self._connections.write() as db:
            if not _exists(db, "SELECT 1 FROM documents WHERE id = ?", document_id):
                raise _no_document()
            if not db.execute("DELETE FROM deletions WHERE document_id = ?", (document_id,)).rowcount:
                return False
            revision = self._next(db)
        self.revision = revision
        return True

    def touch(self, origin: Origin, path: str, size: int, mtime_ns: int) -> None:
        """The same bytes, another size or time on disk."""
        with self._connections.write() as db:
            self._touch(db, origin, path, size, mtime_ns)

    def add_vectors(self, numbers: Sequence[int], vectors: np.ndarray, model: str) -> None:
        """Keep vectors of passages for a model: float32 (len(numbers), d)."""
        with self._connections.write() as db:
            pairs = [(number, model, row.tobytes()) for number, row in zip(numbers, _little(vectors), strict=True)]
            db.executemany("INSERT OR REPLACE INTO vectors SELECT ?1, ?2, ?3 FROM passages WHERE number = ?1", pairs)

    def serve(self, model: str, said: str, keep: str | None) -> None:
        """Note that a model answers from now on, as `said`, in place of `keep`; the vectors of all others go.

        With `keep` None it answers from the opening on: nothing goes, and nothing that can be found has changed.
        """
        revision = self.revision
        with self._connections.write() as db:
            _set_meta(db, "model_in_use", said)
            if keep is not None:
                db.execute("DELETE FROM vectors WHERE model NOT IN (?, ?)", (model, keep))
                revision = self._next(db)
        self.revision = revision

    def set_meta(self, key: str, value: str) -> None:
        with self._connections.write() as db:
            _set_meta(db, key, value)

    def save_job(self, job: Job) -> None:
        """Keep a job as it stands. Of those that have ended, the last JOBS stay, and all of the last day."""
        with self._connections.write() as db:
            db.execute(
                "INSERT OR REPLACE INTO jobs VALUES (?, ?, ?, ?)", (job.id, job.state, job.created, rows.job_body(job))
            )
            db.execute(
                f"DELETE FROM jobs WHERE state NOT IN {UNFINISHED} AND created < ?"
                " AND id NOT IN (SELECT id FROM jobs ORDER BY created DESC LIMIT ?)",
                ((datetime.now(UTC) - timedelta(days=1)).isoformat(timespec="milliseconds"), JOBS),
            )

    # --- reading

    def meta(self, key: str) -> str | None:
        row = self._one("SELECT value FROM meta WHERE key = ?", key)
        return row["value"] if row else None

    def job(self, job_id: str) -> Job:
        """Raises NotFound."""
        row = self._one("SELECT body FROM jobs WHERE id = ?", job_id)
        if row is None:
            raise NotFound("没有这个任务", "请核对任务编号。")
        return rows.job_of(row["body"])

    def jobs(self, limit: int) -> list[Job]:
        """The latest jobs, the newest first."""
        return [
            rows.job_of(row["body"]) for row in self.all("SELECT body FROM jobs ORDER BY created DESC LIMIT ?", limit)
        ]

    def unfinished_jobs(self) -> list[Job]:
        """Jobs that a process left behind when it ended."""
        return [rows.job_of(row["body"]) for row in self.all(f"SELECT body FROM jobs WHERE state IN {UNFINISHED}")]

    def files(self, origin: Origin) -> list[FileRecord]:
        found = self.all(
            "SELECT f.path, f.source_id, f.size, f.mtime_ns, s.reader FROM files f JOIN sources s ON s.id = f.source_id"
            " WHERE f.origin = ? ORDER BY f.seq",
            origin,
        )
        return [FileRecord(*row) for row in found]

    def has_source(self, source_id: str) -> bool:
        return self._one("SELECT 1 FROM sources WHERE id = ?", source_id) is not None

    def source(self, source_id: str) -> Source:
        """Raises NotFound."""
        row = self._one("SELECT id, name, size, encoding, encoding_unsure, text FROM sources WHERE id = ?", source_id)
        if row is None:
            raise NotFound("资料库里没有这份来源", "请核对编号。")
        return Source(row["id"], row["name"], row["size"], row["encoding"], bool(row["encoding_unsure"]), row["text"])

    def dropped(self, source_id: str) -> list[Dropped]:
        """What no document of a source keeps, in order. Raises NotFound."""
        row = self._one("SELECT dropped FROM sources WHERE id = ?", source_id)
        if row is None:
            raise NotFound("资料库里没有这份来源", "请核对编号。")
        return [Dropped(*fields) for fields in json.loads(row["dropped"])]

    def regions(self, source_id: str) -> str:
        """Where a source's lines stand in its file, packed. Raises NotFound."""
        row = self._one("SELECT regions FROM sources WHERE id = ?", source_id)
        if row is None:
            raise NotFound("资料库里没有这份来源", "请核对编号。")
        return base64.b64encode(row["regions"]).decode()

    def document(self, document_id: str) -> Document:
        """Raises NotFound."""
        row = self._one(f"SELECT {rows.WHOLE} FROM live WHERE id = ?", document_id)
        if row is None:
            raise _no_document()
        return rows.whole_document(row)

    def described(self, document_ids: Sequence[str]) -> dict[str, Document]:
        """Those of the documents that can be found, by id, without text, spans and sections."""
        found = (
            self.all(f"SELECT {rows.LIGHT}, pages FROM live WHERE id IN ({_marks(some)})", *some)
            for some in _split(document_ids)
        )
        return {row["id"]: rows.paged_document(row) for some in found for row in some}

    def successors(self, document_id: str) -> list[str]:
        """The live documents of the file that once held a document: that of the same part first, then in order."""
        found = self.all(
            "SELECT d.id FROM former o JOIN files f ON f.origin = o.origin AND f.path = o.path"
            " JOIN live d ON d.source_id = f.source_id WHERE o.document_id = ? ORDER BY d.part <> o.part, d.part",
            document_id,
        )
        return [row["id"] for row in found]

    def passages(self, passage_ids: Sequence[str]) -> dict[str, Passage]:
        """Those of the passages that can be found, by id."""
        found = (self._passages(f"id IN ({_marks(some)})", *some) for some in _split(passage_ids))
        return {passage.id: passage for some in found for passage in some}

    def passages_of(self, document_id: str) -> list[Passage]:
        """A live document's passages in order."""
        return self._passages("document_id = ? ORDER BY ordinal", document_id)

    def passage(self, passage_id: str) -> Passage:
        """Raises NotFound."""
        found = self._passages("id = ?", passage_id)
        if not found:
            raise NotFound("没有这个段落，它所在的资料可能已被删除或更新", "请重新检索。")
        return found[0]

    def passages_around(self, passage: Passage) -> list[Passage]:
        """The passage before it, itself, and the one after it."""
        return self._passages(
            "document_id = ? AND ordinal BETWEEN ? AND ?", passage.document_id, passage.ordinal - 1, passage.ordinal + 1
        )

    def document_places(self) -> frozenset[str]:
        """The different places of live documents."""
        return frozenset(row["place"] for row in self.all("SELECT DISTINCT place FROM live WHERE place IS NOT NULL"))

    def places(self, document_ids: Sequence[str] | None = None) -> list[Place]:
        """Where each passage that can be found belongs; of all documents, or of some."""
        columns = "SELECT number, id, document_id FROM live_passages"
        if document_ids is None:
            return [Place(*row) for row in self.all(f"{columns} ORDER BY number")]
        return [
            Place(*row)
            for some in _split(document_ids)
            for row in self.all(f"{columns} WHERE document_id IN ({_marks(some)}) ORDER BY number", *some)
        ]

    def live_numbers(self) -> list[int]:
        """Numbers of the passages that can be found."""
        # Without ORDER BY: SQLite reads them from an index then, and not through every passage's text.
        return sorted(number for (number,) in self.all("SELECT number FROM live_passages"))

    def numbers_with_vector(self, model: str) -> list[int]:
        """Those that have a vector from the model which points anywhere."""
        found = self.all(
            "SELECT v.number FROM vectors v JOIN live_passages p ON p.number = v.number"
            " WHERE v.model = ? AND v.vector <> zeroblob(length(v.vector)) ORDER BY v.number",
            model,
        )
        return [row["number"] for row in found]

    def texts(self, numbers: Iterable[int]) -> Iterator[tuple[int, str, str]]:
        """(number, document id, the text that is indexed) of passages, in batches behind the scenes."""
        for some in _split(list(numbers)):
            yield from (
                (row["number"], row["document_id"], f"{row['context']}\n{row['text']}")
                for row in self.all(
                    f"SELECT number, document_id, context, text FROM passages WHERE number IN ({_marks(some)})", *some
                )
            )

    def vectors(self, numbers: Sequence[int], model: str) -> tuple[np.ndarray, np.ndarray]:
        """(numbers int64 (n,), vectors float32 (n, d)) of those of the passages that have one from the model."""
        found = [
            row
            for some in _split(numbers)
            for row in self.all(
                f"SELECT number, vector FROM vectors WHERE model = ? AND number IN ({_marks(some)})", model, *some
            )
        ]
        return _matrix(found)

    def vectors_by_id(self, passage_ids: Sequence[str], model: str) -> np.ndarray:
        """Vectors in the order of the ids, float32 (len(passage_ids), d). Raises NotFound."""
        numbers = {
            row["id"]: row["number"]
            for some in _split(passage_ids)
            for row in self.all(f"SELECT id, number FROM live_passages WHERE id IN ({_marks(some)})", *some)
        }
        held, vectors = self.vectors(list(numbers.values()), model)
        at = {number: row for row, number in enumerate(held.tolist())}
        try:
            return vectors[[at[numbers[passage_id]] for passage_id in passage_ids]]
        except KeyError as cause:
            raise NotFound("有段落还没有向量", "请等资料库准备好以后再试。") from cause

    def without_vector(self, model: str, limit: int = -1) -> list[int]:
        """Numbers of passages, deleted documents' too, that have no vector from the model."""
        found = self.all(
            "SELECT number FROM passages p WHERE NOT EXISTS"
            " (SELECT 1 FROM vectors v WHERE v.number = p.number AND v.model = ?) ORDER BY number LIMIT ?",
            model, limit,
        )  # fmt: skip
        return [row["number"] for row in found]

    def count_without_vector(self, model: str) -> int:
        """How many `without_vector` would list."""
        asked = "SELECT (SELECT count(*) FROM passages) - (SELECT count(*) FROM vectors WHERE model = ?)"
        return int(self.all(asked, model)[0][0])

    def vector_counts(self) -> dict[str, int]:
        """How many passages have a vector, by model."""
        return dict(map(tuple, self.all("SELECT model, count(*) FROM vectors GROUP BY model ORDER BY model")))

    def count(self, table: str) -> int:
        """Rows of a table or view, such as "live"."""
        return int(self.all(f"SELECT count(*) FROM {table}")[0][0])

    def write(self) -> AbstractContextManager[sqlite3.Connection]:
        """A transaction for what is kept beside the documents: the revision stays."""
        return self._connections.write()

    def all(self, statement: str, *values: object) -> list[sqlite3.Row]:
        """Every row of a query."""
        with self._connections.read() as db:
            return db.execute(statement, values).fetchall()

    # --- within

    def _one(self, statement: str, *values: object) -> sqlite3.Row | None:
        with self._connections.read() as db:
            row: sqlite3.Row | None = db.execute(statement, values).fetchone()
            return row

    def _passages(self, condition: str, *values: object) -> list[Passage]:
        return [
            rows.passage_of(row)
            for row in self.all(f"SELECT {rows.PASSAGE} FROM live_passages WHERE {condition}", *values)
        ]

    @staticmethod
    def _next(db: sqlite3.Connection) -> int:
        """Raise the revision in the file; `self.revision` follows once the transaction is committed."""
        row = db.execute("SELECT value FROM meta WHERE key = 'revision'").fetchone()
        revision = int(row["value"]) + 1 if row else 1
        _set_meta(db, "revision", str(revision))
        return revision

    @staticmethod
    def _touch(db: sqlite3.Connection, origin: Origin, path: str, size: int, mtime_ns: int) -> None:
        db.execute(
            "UPDATE files SET size = ?, mtime_ns = ? WHERE origin = ? AND path = ?", (size, mtime_ns, origin, path)
        )

    def _prepare(self, path: Path) -> None:
        version = int(self.all("PRAGMA user_version")[0][0])
        if version > SCHEMA:
            raise LibraryDamaged(
                "资料库由更新的版本写成，这个版本不能打开",
                f"请升级本程序，或用 QA_DATA 指定另一个文件夹代替 {path.parent}。",
            )
        if version < SCHEMA:
            with self._connections.write() as db:
                for script in _scripts(version):
                    for statement in _statements(script):
                        db.execute(statement)
                db.execute(f"PRAGMA user_version = {SCHEMA}")


def now() -> str:
    """The time, ISO 8601, UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _scripts(version: int) -> Iterator[str]:
    """What makes a file of an older schema one of this: all of it for a new file."""
    here = Path(__file__).parent
    if version == 0:
        yield (here / "schema.sql").read_text(encoding="utf-8")
    for script in sorted((here / "migrations").glob("*.sql")):
        if version < int(script.name[:4]) <= SCHEMA:
            yield script.read_text(encoding="utf-8")


def _statements(script: str) -> Iterator[str]:
    """The statements of a script one by one: `executescript` would commit the transaction it runs in."""
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            yield pending
            pending = ""


def _put_source(db: sqlite3.Connection, reading: Reading) -> None:
    source = reading.source
    db.execute(
        "INSERT INTO sources (id, name, size, encoding, encoding_unsure, ingested, reader, doubts, dropped, regions,"
        " text) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET encoding = excluded.encoding,"
        " encoding_unsure = excluded.encoding_unsure, ingested = excluded.ingested, reader = excluded.reader,"
        " doubts = excluded.doubts, dropped = excluded.dropped, regions = excluded.regions,"
        " text = excluded.text",
        (
            source.id, source.name, source.size, source.encoding, int(source.encoding_unsure), now(), reading.reader,
            json.dumps(source.doubts, ensure_ascii=False), rows.packed(reading.dropped),
            base64.b64decode(source.regions), source.text,
        ),
    )  # fmt: skip


def _upsert_file(db: sqlite3.Connection, origin: Origin, path: str, source_id: str, size: int, mtime_ns: int) -> None:
    db.execute(
        "INSERT INTO files (origin, path, source_id, size, mtime_ns) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (origin, path) DO UPDATE SET source_id = excluded.source_id, size = excluded.size,"
        " mtime_ns = excluded.mtime_ns",
        (origin, path, source_id, size, mtime_ns),
    )


def _insert_documents(db: sqlite3.Connection, documents: Sequence[Document], passages: Sequence[Passage]) -> None:
    held: dict[str, int] = {}
    for passage in passages:
        held[passage.document_id] = held.get(passage.document_id, 0) + 1
    for document in documents:
        values = rows.document_values(document, held.get(document.id, 0))
        db.execute(
            f"INSERT INTO documents ({', '.join(values)}) VALUES ({_marks(list(values))})", tuple(values.values())
        )
    db.executemany(
        f"INSERT INTO passages ({rows.PASSAGE}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", map(rows.passage_values, passages)
    )


def _insert_vectors(db: sqlite3.Connection, passages: Sequence[Passage], vectors: np.ndarray, model: str) -> None:
    if len(passages) != len(vectors):
        raise ValueError(f"{len(passages)} passages, {len(vectors)} vectors")
    db.executemany(
        "INSERT INTO vectors (number, model, vector) SELECT number, ?, ? FROM passages WHERE id = ?",
        ((model, row.tobytes(), passage.id) for passage, row in zip(passages, _little(vectors), strict=True)),
    )


def _drop_orphan(db: sqlite3.Connection, source_id: str) -> tuple[str, ...]:
    """Drop a source that no file brings any more, with its documents; the ids of those that could be found."""
    if _exists(db, "SELECT 1 FROM files WHERE source_id = ?", source_id):
        return ()
    found = db.execute(
        "SELECT id FROM documents d WHERE source_id = ?"
        " AND NOT EXISTS (SELECT 1 FROM deletions WHERE document_id = d.id) ORDER BY part",
        (source_id,),
    ).fetchall()
    db.execute("DELETE FROM sources WHERE id = ?", (source_id,))
    return tuple(row["id"] for row in found)


def _remember_former(db: sqlite3.Connection, source_id: str, origin: Origin, path: str) -> None:
    """Links to the documents that `path` held lead to what it holds next."""
    db.execute(
        "INSERT OR REPLACE INTO former SELECT id, ?, ?, part FROM documents WHERE source_id = ?",
        (origin, path, source_id),
    )


def _file(db: sqlite3.Connection, origin: Origin, path: str) -> sqlite3.Row | None:
    row: sqlite3.Row | None = db.execute(
        "SELECT seq, source_id FROM files WHERE origin = ? AND path = ?", (origin, path)
    ).fetchone()
    return row


def _document_ids(db: sqlite3.Connection, source_id: str) -> tuple[str, ...]:
    found = db.execute("SELECT id FROM documents WHERE source_id = ? ORDER BY part", (source_id,))
    return tuple(row["id"] for row in found)


def _twinned(db: sqlite3.Connection, result: FileResult, source_id: str) -> FileResult:
    """A file's result with the file that brought the same bytes before it, and the works that its own resemble."""
    first = db.execute("SELECT path FROM files WHERE source_id = ? ORDER BY seq LIMIT 1", (source_id,)).fetchone()
    alike = db.execute(
        "SELECT DISTINCT k.title FROM twins t JOIN documents c ON c.id = t.came JOIN live k ON k.id = t.known"
        " WHERE c.source_id = ? ORDER BY c.part, t.likeness DESC",
        (source_id,),
    )
    same_as = first["path"] if first["path"] != result.file else ""
    return replace(result, same_as=same_as, alike=() if same_as else tuple(row["title"] for row in alike))


def _live_ids(db: sqlite3.Connection, source_id: str) -> tuple[str, ...]:
    return tuple(row["id"] for row in db.execute("SELECT id FROM live WHERE source_id = ? ORDER BY part", (source_id,)))


def _exists(db: sqlite3.Connection, statement: str, *values: str) -> bool:
    return db.execute(statement, values).fetchone() is not None


def _set_meta(db: sqlite3.Connection, key: str, value: str) -> None:
    db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))


def _little(vectors: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(vectors, dtype="<f4")


def _matrix(found: Sequence[sqlite3.Row]) -> tuple[np.ndarray, np.ndarray]:
    numbers = np.fromiter((row["number"] for row in found), np.int64, len(found))
    if not found:
        return numbers, np.zeros((0, 0), np.float32)
    rows_of = np.frombuffer(b"".join(row["vector"] for row in found), "<f4")
    return numbers, rows_of.reshape(len(found), -1).astype(np.float32, copy=False)


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))


def _split(values: Sequence[T]) -> Iterator[Sequence[T]]:
    return (values[at : at + AT_ONCE] for at in range(0, len(values), AT_ONCE))


def _no_document() -> NotFound:
    return NotFound("没有这篇资料，它可能已被删除", "请在资料库列表里重新查找。")
