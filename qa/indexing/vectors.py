"""The vector index, and the exact search that stands in for it.

Chroma holds numbers and vectors only. It is never the only copy: a kill while it saves can leave its files unusable
for ever, so the registry keeps the vectors and this index is made again from it. The only importer of chromadb.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from qa.errors import ModelUnavailable
from qa.indexing.paged import paged

if TYPE_CHECKING:
    from chromadb import EmbeddingFunction
    from chromadb.api.types import Documents, Embeddings

COLLECTION = "passages"
BLOCK = 8192  # vectors, 8 MiB where they have 256 dimensions
Block = tuple[np.ndarray, np.ndarray]  # numbers int64 (n,), rows float32 (n, d)
BATCH = 1000  # vectors: 100 cost half as much again each, more gain nothing
GIVE_UP = 1e-12  # a shorter vector has no direction


class VectorSearch(Protocol):
    """Vectors by passage number: Chroma, or the exact search. The same contract, the same tests."""

    @property
    def count(self) -> int:
        """Vectors in it."""

    def numbers(self) -> set[int]:
        """Which passages have a vector in it."""

    def change(self, gone: Iterable[int], numbers: np.ndarray, vectors: np.ndarray) -> None:
        """Take vectors out, put unit vectors in: int64 (n,), float32 (n, d). Zero vectors are left out."""

    def nearest(self, vector: np.ndarray, limit: int) -> list[tuple[int, float]]:
        """(number, cosine) of the nearest, nearest first; [] for a zero vector."""

    def close(self) -> None:
        """Save and let go of the files."""


class ExactVectors:
    """Every vector and a matrix product: 0.4 ms at 10,000 vectors of 256. Thread-safe.

    All but the last few thousand are paged in `folder`; None keeps them in memory.
    """

    def __init__(self, numbers: np.ndarray, vectors: np.ndarray, folder: Path | None = None) -> None:
        self._guard, self._folder = threading.Lock(), folder
        self._blocks: tuple[Block, ...] = ()
        self.change((), numbers, vectors)

    @property
    def count(self) -> int:
        return sum(len(numbers) for numbers, _ in self._blocks)

    def numbers(self) -> set[int]:
        return {number for numbers, _ in self._blocks for number in numbers.tolist()}

    def change(self, gone: Iterable[int], numbers: np.ndarray, vectors: np.ndarray) -> None:
        numbers, vectors = _pointing(numbers, vectors)
        with self._guard:
            out = np.concatenate([np.fromiter(gone, np.int64), numbers])
            blocks = [left for block in self._blocks if len((left := self._without(block, out))[0])]
            if len(numbers) and blocks and len(blocks[-1][0]) < BLOCK:
                held, rows = blocks.pop()
                numbers, vectors = np.concatenate([held, numbers]), np.concatenate([rows, vectors])
            for at in range(0, len(numbers), BLOCK):
                blocks.append(self._block(numbers[at : at + BLOCK], vectors[at : at + BLOCK]))
            self._blocks = tuple(blocks)

    def nearest(self, vector: np.ndarray, limit: int, among: Iterable[int] | None = None) -> list[tuple[int, float]]:
        """As the contract says; only passages whose number is `among` these."""
        blocks = self._blocks
        if among is not None:
            wanted = np.fromiter(among, np.int64)
            blocks = tuple(_at(block, np.isin(block[0], wanted)) for block in blocks)
        if not blocks or limit <= 0 or np.linalg.norm(vector) < GIVE_UP:
            return []
        numbers = np.concatenate([held for held, _ in blocks])
        # einsum stays on this thread: a BLAS product would keep every core spinning for a fraction of a millisecond.
        asked = np.asarray(vector, np.float32)
        cosines = np.concatenate([np.einsum("ij,j->i", rows, asked) for _, rows in blocks])
        near = np.argpartition(-cosines, limit - 1)[:limit] if limit < len(cosines) else np.arange(len(cosines))
        near = near[np.lexsort((numbers[near], -cosines[near]))]
        return [(int(numbers[i]), float(cosines[i])) for i in near]

    def close(self) -> None:
        self._blocks = ()

    def _without(self, block: Block, out: np.ndarray) -> Block:
        stays = ~np.isin(block[0], out)
        return block if stays.all() else self._block(*_at(block, stays))

    def _block(self, numbers: np.ndarray, rows: np.ndarray) -> Block:
        """A block, paged where it is full: it changes no more then but for what goes."""
        return numbers, paged(self._folder, rows) if self._folder and len(numbers) >= BLOCK else rows


def _at(block: Block, stays: np.ndarray) -> Block:
    return block[0][stays], block[1][stays]


class VectorIndex:
    """A Chroma collection in a folder of its own, opened or made new there. Thread-safe.

    Opening takes a second for the import. A damaged folder raises, or kills the process: see `probing`.
    """

    def __init__(self, folder: Path) -> None:
        import chromadb
        from chromadb.config import Settings

        folder.mkdir(parents=True, exist_ok=True)
        self._client = chromadb.PersistentClient(str(folder), settings=Settings(anonymized_telemetry=False))
        # The space cannot be changed later and would be l2; without a function of ours Chroma would download a model.
        self._vectors = self._client.get_or_create_collection(
            COLLECTION,
            embedding_function=_refusing(),
            configuration={"hnsw": {"space": "cosine"}},
        )
        self._writing = threading.Lock()
        self._count = int(self._vectors.count())  # asking again with each query would cost as much as the query
        self._held: np.ndarray | None = None  # its numbers, int64: as text, all of them take long

    @property
    def count(self) -> int:
        return self._count

    def numbers(self) -> set[int]:
        with self._writing:
            if self._held is None:
                self._held = np.array([int(one) for one in self._vectors.get(include=[])["ids"]], np.int64)
            return set(self._held.tolist())

    def change(self, gone: Iterable[int], numbers: np.ndarray, vectors: np.ndarray) -> None:
        numbers, vectors = _pointing(numbers, vectors)
        with self._writing:
            held, self._held = self._held, None
            # Deleted first: adding an id that is there already would be ignored.
            out = sorted({*map(int, gone), *numbers.tolist()} if self.count else ())
            for some in _split(out):
                self._vectors.delete(ids=[str(number) for number in some])
            for at in range(0, len(numbers), BATCH):
                ids = [str(number) for number in numbers[at : at + BATCH].tolist()]
                self._vectors.add(ids=ids, embeddings=vectors[at : at + BATCH])
            self._count = int(self._vectors.count())
            if held is not None:
                self._held = np.concatenate([held[~np.isin(held, np.array(out, np.int64))], numbers])

    def nearest(self, vector: np.ndarray, limit: int) -> list[tuple[int, float]]:
        limit = min(limit, self.count)
        if limit <= 0 or np.linalg.norm(vector) < GIVE_UP:
            return []
        asked = np.asarray(vector, np.float32)[None, :]
        found = self._vectors.query(query_embeddings=asked, n_results=limit, include=["distances"])
        distances = (found["distances"] or [[]])[0]
        return [(int(one), 1.0 - float(distance)) for one, distance in zip(found["ids"][0], distances, strict=True)]

    def close(self) -> None:
        self._client.close()


def _refusing() -> EmbeddingFunction[Documents]:
    """An embedding function that raises: every vector comes from our embedder."""
    from chromadb import Documents, EmbeddingFunction

    class Refusing(EmbeddingFunction[Documents]):
        def __init__(self) -> None:
            pass

        def __call__(self, input: Documents) -> Embeddings:
            raise ModelUnavailable("向量只由本程序的向量模型计算", "这是程序错误，请反馈。")

        @staticmethod
        def name() -> str:
            return "yinju-refusing"

        @staticmethod
        def build_from_config(config: dict[str, object]) -> Refusing:
            return Refusing()

        def get_config(self) -> dict[str, object]:
            return {}

    return Refusing()


def _pointing(numbers: np.ndarray, vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Those that point anywhere, as int64 and float32."""
    numbers = np.asarray(numbers, np.int64)
    if not len(numbers):
        return numbers, np.zeros((0, 0), np.float32)
    vectors = np.ascontiguousarray(vectors, np.float32)
    stays = np.linalg.norm(vectors, axis=1) > GIVE_UP
    return (numbers, vectors) if stays.all() else (numbers[stays], vectors[stays])


def _split(values: Sequence[int]) -> Iterable[Sequence[int]]:
    return (values[at : at + BATCH] for at in range(0, len(values), BATCH))
