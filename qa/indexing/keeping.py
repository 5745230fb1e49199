"""Keeps the two derived indexes in step with the registry, and answers without them while they are not.

The lexical index follows each change at once. The vector index follows in the background, in few large batches: fewer
saves, fewer moments at which a kill would tear it. Until then the exact search answers. Nothing is embedded here.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np

from qa.indexing import lexical, probing, stamping
from qa.indexing.lexical import Entry, LexicalIndex, LexicalSearch
from qa.indexing.registry import Registry
from qa.indexing.remembering import Remembered
from qa.indexing.scanning import Scan
from qa.indexing.stamping import Shelf
from qa.indexing.tokens import Tokens
from qa.indexing.vectors import ExactVectors, VectorIndex

T = TypeVar("T")
log = logging.getLogger(__name__)
PART = 2000  # passages between two commits of a rebuild
SAMPLE = 300  # vectors that a probe looks for
EXACT = 10_000  # vectors; 0.4 ms as a product, 2 to 3 ms through Chroma
SCANNED = 10_000  # passages that a scan gets through in some tens of milliseconds
NONE = np.zeros(0, np.int64), np.zeros((0, 0), np.float32)  # no vectors
WORN = 2  # a vector index that saw this many deletions for each vector left is made again: Chroma reuses no room


class LexicalKeeper:
    """The lexical index and its stand-ins. Changes are made under the library's lock, rebuilding beside it.

    While there is no index in step, a small library is scanned, and a large one is served by the old index, or by the
    new one as far as it is made.
    """

    def __init__(self, data: Path, registry: Registry, tokens: Tokens, turn: threading.RLock) -> None:
        self._data, self._registry, self._tokens, self._turn = data, registry, tokens, turn
        self._meanwhile: LexicalIndex | None = None
        self._made_with = f"{lexical.FORMAT}|{tokens.fingerprint}"
        self._index: LexicalIndex | None = None
        self._shelf: Shelf | None = None
        self._scan: tuple[int, Scan] | None = None
        self._scanning = threading.Lock()

    @property
    def ready(self) -> bool:
        return self._index is not None

    def open(self) -> None:
        """Take the newest index if it is in step; it is made again by `tend` otherwise."""
        shelf = stamping.newest(self._data, "lexical")
        stamp = shelf.stamp() if shelf else None
        if not shelf or not stamp or stamp.made_with != self._made_with:
            return
        if stamp.files and not shelf.untouched(stamp):
            return
        index = attempt(lambda: LexicalIndex(shelf.inside))
        live = self._registry.count("live_passages")
        if index is not None and stamp.revision == self._registry.revision and index.count == stamp.count == live:
            self._index, self._shelf = index, shelf
            shelf.mark(stamp.revision, stamp.made_with, stamp.count)
            _drop_others(self._data, "lexical", shelf)
        else:
            self._meanwhile = index

    def search(self) -> LexicalSearch:
        """The index, or what stands in for it."""
        index = self._index
        if index is not None:
            return index
        meanwhile = self._meanwhile
        if meanwhile is not None and self._registry.count("live_passages") > SCANNED:
            return meanwhile
        return self._scan_now()

    def apply(self, gone: Sequence[int], come: Sequence[int]) -> None:
        """Follow a change of the registry. An index that fails is given up and made again; nothing is lost."""
        if self._index is None or self._shelf is None:
            return
        try:
            self._index.change(gone, self._entries(come))
            self._shelf.mark(self._registry.revision, self._made_with, self._index.count)
        except Exception:
            log.warning("the lexical index failed and will be rebuilt", exc_info=True)
            self.forget()

    def forget(self) -> None:
        """Give the index up: `tend` makes it again."""
        with self._turn:
            self._index = self._meanwhile = None

    def tend(self, stop: threading.Event) -> None:
        """Make the index where there is none."""
        if self._index is not None:
            return
        shelf = stamping.fresh(self._data, "lexical")
        index = LexicalIndex(shelf.inside)
        self._meanwhile = self._meanwhile or index
        for part in _split(self._numbers()):
            if stop.is_set():
                return
            index.change((), self._entries(part))
        with self._turn:
            have, want = index.numbers(), set(self._numbers())
            index.change(have - want, self._entries(sorted(want - have)))
            shelf.mark(self._registry.revision, self._made_with, index.count)
            self._index, self._shelf, self._meanwhile, self._scan = index, shelf, None, None
        _drop_others(self._data, "lexical", shelf)

    def close(self) -> None:
        self._meanwhile = None
        if self._index is not None and self._shelf is not None:
            count = self._index.count
            self._index.close()
            self._shelf.mark(self._registry.revision, self._made_with, count, closed=True)
            self._index = None

    def findings(self) -> list[str]:
        """What is wrong with it, in Chinese."""
        if self._index is None:
            return ["词语索引还没有建好"]
        have, want = self._index.numbers(), set(self._numbers())
        found = []
        if want - have:
            found.append(f"词语索引缺少 {len(want - have)} 个段落")
        if have - want:
            found.append(f"词语索引多出 {len(have - want)} 个段落")
        return found

    def _entries(self, numbers: Iterable[int]) -> Iterator[Entry]:
        for number, document_id, text in self._registry.texts(numbers):
            yield Entry(number, document_id, self._tokens.words(text), self._tokens.bigrams(text))

    def _numbers(self) -> list[int]:
        return self._registry.live_numbers()

    def _scan_now(self) -> Scan:
        with self._scanning:
            revision = self._registry.revision
            if self._scan is None or self._scan[0] != revision:
                self._scan = revision, Scan(self._registry.texts(self._numbers()))
            return self._scan[1]


class VectorKeeper:
    """Chroma and the exact search. `tend` runs in the background only; everything else is thread-safe."""

    def __init__(self, data: Path, registry: Registry, model: str, turn: threading.RLock) -> None:
        self._data, self._registry, self._model, self._turn = data, registry, model, turn
        self._index: VectorIndex | None = None
        self._shelf: Shelf | None = None
        self._shows = -1  # the revision that the index shows
        self._deleted = 0
        self._exact: ExactVectors | None = None
        self._among: Remembered[frozenset[int], ExactVectors] = Remembered(16, 2 * EXACT, lambda some: some.count)
        self._retired = False
        self._loading = threading.Lock()

    @property
    def ready(self) -> bool:
        return self._index is not None and self._shows == self._registry.revision

    def exact(self) -> ExactVectors:
        """Every vector that can be found, read from the registry on first use."""
        exact = self._exact
        if exact is None:
            with self._turn, self._loading:
                exact = self._exact = self._exact or self._read_all()
        return exact

    def _read_all(self) -> ExactVectors:
        exact = ExactVectors(*NONE, self._data)
        for part in _split(self._registry.live_numbers()):
            exact.change((), *self._registry.vectors(part, self._model))
        return exact

    def among(self, numbers: frozenset[int]) -> ExactVectors:
        """At least the vectors of some passages: where there are many more, only theirs are read."""
        if self._exact is None and self.ready and len(numbers) <= EXACT:
            return self._among.get(numbers, lambda some: ExactVectors(*self._registry.vectors([*some], self._model)))
        return self.exact()

    def nearest(self, vector: np.ndarray, limit: int) -> tuple[list[tuple[int, float]], bool]:
        """(number, cosine), nearest first, from the index where it is in step; and whether the index just failed.

        Up to EXACT vectors the plain product is several times as fast as the index, and exact.
        """
        index, failed = self._index, False
        if index is not None and self.ready and index.count > EXACT:
            try:
                return index.nearest(vector, limit), False
            except Exception:
                log.warning("the vector index failed and will be rebuilt", exc_info=True)
                self.forget()
                failed = True
        return self.exact().nearest(vector, limit), failed

    def apply(self, gone: Sequence[int], come: Sequence[int]) -> None:
        """Follow a change of the registry, in memory; the index follows in `tend`."""
        self._among.clear()
        if self._exact is not None:
            self._exact.change(gone, *self._registry.vectors(come, self._model))

    def reload(self) -> None:
        """Read the vectors again: they are another model's now."""
        self._among.clear()
        with self._turn, self._loading:
            self._exact = None

    def forget(self) -> None:
        """Give the index up: `tend` makes it again in a fresh folder."""
        with self._turn:
            index, self._index, self._shelf, self._shows = self._index, None, None, -1
        for shelf in stamping.generations(self._data, "vectors"):
            (shelf.folder / stamping.STAMP).unlink(missing_ok=True)
        if index is not None:
            attempt(index.close)

    def retire(self) -> None:
        """Leave the index to another model's keeper. Questions under way are still answered, exactly."""
        self._retired = True
        self.forget()

    def tend(self, stop: threading.Event) -> None:
        """Open or make the index and bring it in step; nothing while vectors are missing."""
        if self._retired or self.ready or self._registry.count_without_vector(self._model):
            return
        if self._index is None:
            self._open()
        if self._index is None or self._deleted > WORN * max(self._index.count, PART):
            self._remake(stop)
        elif not self._follow(self._index, stop):
            return

    def close(self) -> None:
        """Close the index, saying what it shows; nobody writes to it any more."""
        index, shelf = self._index, self._shelf
        if index is None or shelf is None:
            return
        count, shows = index.count, self._shows
        index.close()
        shelf.mark(shows, self._model, count, closed=True)
        self._index = None

    def findings(self) -> list[str]:
        """What is wrong with the vectors and their index, in Chinese."""
        missing = len(self._registry.without_vector(self._model))
        found = [f"{missing} 个段落还没有当前模型的向量，需要重新计算"] if missing else []
        if self._index is None or not self.ready:
            return [*found, "向量索引还没有建好"]
        have, want = self._index.numbers(), set(self._registry.numbers_with_vector(self._model))
        if have != want:
            found.append(f"向量索引与登记不一致：缺少 {len(want - have)} 个，多出 {len(have - want)} 个")
        return found

    def _open(self) -> None:
        shelf = stamping.newest(self._data, "vectors")
        stamp = shelf.stamp() if shelf else None
        if not shelf or not stamp or stamp.made_with != self._model:
            return
        if not shelf.untouched(stamp) and not self._sound(shelf):
            return
        index = attempt(lambda: VectorIndex(shelf.inside))
        if index is None:
            return
        shelf.mark(stamp.revision, stamp.made_with, stamp.count)  # from here on it is not closed
        self._index, self._shelf = index, shelf
        _drop_others(self._data, "vectors", shelf)
        if stamp.files and stamp.count == index.count:
            self._shows = stamp.revision

    def _sound(self, shelf: Shelf) -> bool:
        wanted = self._registry.numbers_with_vector(self._model)
        some = wanted[:: max(1, len(wanted) // SAMPLE)]
        return shelf.inside.is_dir() and probing.sound(shelf.inside, *self._registry.vectors(some, self._model))

    def _remake(self, stop: threading.Event) -> None:
        old, shelf = self._index, stamping.fresh(self._data, "vectors")
        index = VectorIndex(shelf.inside)
        if not self._follow(index, stop, shelf):
            index.close()
            return
        self._deleted = 0
        if old is not None:
            attempt(old.close)
        _drop_others(self._data, "vectors", shelf)

    def _follow(self, index: VectorIndex, stop: threading.Event, shelf: Shelf | None = None) -> bool:
        """Bring an index in step with the registry. False where it was stopped before that."""
        while not stop.is_set():
            revision = self._registry.revision
            if (self._shows != revision or shelf is not None) and not self._match(index, stop):
                return False
            with self._turn:
                marked = shelf or self._shelf
                if self._retired or marked is None or (shelf is None and self._index is not index):
                    return False  # it was given up meanwhile
                if revision == self._registry.revision:
                    self._index, self._shelf, self._shows = index, marked, revision
                    marked.mark(revision, self._model, index.count)
                    if index.count > EXACT:  # it stood in for the index
                        self._exact = None
                    return True
        return False

    def _match(self, index: VectorIndex, stop: threading.Event) -> bool:
        # Not `numbers_with_vector`: it looks at every vector of the library each time a file comes.
        have, live = index.numbers(), set(self._registry.live_numbers())
        gone = have - live
        self._deleted += len(gone)
        index.change(sorted(gone), *NONE)
        for part in _split(sorted(live - have)):
            if stop.is_set():
                return False
            index.change((), *self._registry.vectors(part, self._model))
        return True


def attempt(step: Callable[[], T]) -> T | None:
    """What a step returns, None where it failed in whatever way: tantivy's panics are no Exception."""
    try:
        return step()
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:
        log.info("an index could not be opened and will be rebuilt", exc_info=True)
        return None


def _drop_others(data: Path, name: str, kept: Shelf) -> None:
    for shelf in stamping.generations(data, name):
        if shelf.folder != kept.folder:
            shelf.drop()


def _split(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    return (numbers[at : at + PART] for at in range(0, len(numbers), PART))
