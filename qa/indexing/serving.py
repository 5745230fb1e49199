"""Which model the library answers with, which one it is changing to, and whose vectors it holds.

The registry is the truth: a change of model is one transaction, made once every passage has a vector of the new model.
Until then the old one answers, so a kill at any moment leaves either the one or the other. Knows nothing of searching.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from qa.errors import LibraryBusy, ModelUnavailable
from qa.indexing.embedding import SHIPPED, Embedder
from qa.indexing.keeping import VectorKeeper
from qa.indexing.registry import Registry

log = logging.getLogger(__name__)
EMBED_AT_ONCE = 64  # passages between two commits: what a kill costs at most


@dataclass(frozen=True, slots=True)
class Serving:
    """A model at work: what makes its vectors, and where they are found."""

    embedder: Embedder
    vectors: VectorKeeper


@dataclass(frozen=True, slots=True)
class HeldModel:
    """A model that the library has vectors of: of how many passages, and whether it answers.

    `weight` is how much it counts in fusion, None where nothing was fitted and the model is not at hand.
    """

    name: str
    fingerprint: str
    passages: int
    in_use: bool
    weight: float | None


class Models:
    """The library's models. Thread-safe; one change at a time.

    `wanted` is the model to answer with, None for the one that was chosen for this library, or else the shipped one;
    `make` makes an embedder of a name; `changed` is called, with the library's turn held, when another model answers.
    Raises ModelUnavailable where a wanted model is not there.
    """

    def __init__(
        self, data: Path, registry: Registry, turn: threading.RLock, wanted: Embedder | None,
        make: Callable[[str], Embedder], changed: Callable[[], None],
    ) -> None:  # fmt: skip
        self._data, self._registry, self._turn, self._make, self._changed = data, registry, turn, make, changed
        self._changing = threading.Lock()
        self._weight: tuple[str, float] | None = None
        self.fixed = wanted is not None
        self._wanted = wanted or self._chosen_or_shipped()
        self._serving = self._at_work(self._first())
        self._note(self._serving.embedder)
        if self._in_use() != (self._serving.embedder.name, self._serving.embedder.fingerprint):
            self._registry.serve(self._serving.embedder.fingerprint, _packed(self._serving.embedder), keep=None)

    @property
    def serving(self) -> Serving:
        """What answers now. Take it once for a question: it may change between two looks."""
        return self._serving

    @property
    def wanted(self) -> Embedder:
        """What is to answer: the one that answers, or the one that it is changing to."""
        return self._wanted

    @property
    def waiting(self) -> bool:
        """Is there a change of model to begin or to go on with?"""
        return self._wanted.fingerprint != self._serving.embedder.fingerprint

    @property
    def weight(self) -> float:
        """How much the serving model counts in fusion: as fitted on this library, or its own."""
        fingerprint = self._serving.embedder.fingerprint
        if self._weight is None or self._weight[0] != fingerprint:
            fitted = self._fitted(fingerprint, None)
            self._weight = fingerprint, self._serving.embedder.weight if fitted is None else fitted
        return self._weight[1]

    def set_weight(self, weight: float) -> None:
        """Keep a fitted weight of the serving model, in the data folder."""
        self._registry.set_meta(f"weight_of:{self._serving.embedder.fingerprint}", repr(weight))
        self._weight = None

    def weight_of(self, reranker: str) -> float | None:
        """How much a reranker counts, as fitted on this library; None where nothing was fitted."""
        return self._fitted(f"reranker:{reranker}", None)

    def set_weight_of(self, reranker: str, weight: float) -> None:
        """Keep a fitted weight of a reranker, in the data folder."""
        self._registry.set_meta(f"weight_of:reranker:{reranker}", repr(weight))

    def held(self) -> list[HeldModel]:
        """The models that there are vectors of, the one in use first."""
        now = self._serving.embedder
        found = [
            HeldModel(
                self._registry.meta(f"name_of:{fingerprint}") or fingerprint, fingerprint, passages,
                fingerprint == now.fingerprint,
                self._fitted(fingerprint, now.weight if fingerprint == now.fingerprint else None),
            )
            for fingerprint, passages in self._registry.vector_counts().items()
        ]  # fmt: skip
        return sorted(found, key=lambda one: (not one.in_use, one.name))

    def missing(self) -> int:
        """Passages that have no vector of the serving model."""
        return self._registry.count_without_vector(self._serving.embedder.fingerprint)

    def complete(self) -> Iterator[tuple[int, int]]:
        """Embed what has no vector of the serving model. Yields (done, total) after each batch, each of them kept."""
        for step in self._embed(self._serving.embedder):
            self._serving.vectors.reload()
            yield step

    def use(self, name: str) -> Iterator[tuple[int, int]]:
        """Choose a model for good, and change to it. As `change`. Raises ModelUnavailable where it is not there."""
        embedder = self._make(name)
        embedder.query("能用吗？")  # before anything is remembered
        self._registry.set_meta("chosen_model", embedder.name)
        self._wanted = embedder
        yield from self.change()

    def change(self) -> Iterator[tuple[int, int]]:
        """Embed everything with the wanted model, then answer with it. Yields (done, total) after each batch.

        Each batch is kept, so that it goes on where it was stopped: by closing the iterator, by an error, by a kill.
        Raises LibraryBusy where a change is under way, ModelUnavailable.
        """
        if not self._changing.acquire(blocking=False):
            raise LibraryBusy("正在换模型", "请等它换完，或先停止那件工作。")
        try:
            embedder = self._wanted
            self._note(embedder)
            while True:
                yield from self._embed(embedder)
                with self._turn:  # nobody adds a passage meanwhile
                    if not self._registry.without_vector(embedder.fingerprint, 1):
                        self._take_over(embedder)
                        return
        finally:
            self._changing.release()

    def _take_over(self, embedder: Embedder) -> None:
        """Answer with a model that has all its vectors; those of the one before it stay, so that one can go back."""
        before = self._serving
        if before.embedder.fingerprint == embedder.fingerprint:
            return
        self._registry.serve(embedder.fingerprint, _packed(embedder), keep=before.embedder.fingerprint)
        self._serving = self._at_work(embedder)
        before.vectors.retire()
        self._changed()

    def _embed(self, embedder: Embedder) -> Iterator[tuple[int, int]]:
        todo = self._registry.without_vector(embedder.fingerprint)
        for at in range(0, len(todo), EMBED_AT_ONCE):
            texts = list(self._registry.texts(todo[at : at + EMBED_AT_ONCE]))
            vectors = embedder.passages([text for _, _, text in texts])
            self._registry.add_vectors([number for number, _, _ in texts], vectors, embedder.fingerprint)
            yield min(at + EMBED_AT_ONCE, len(todo)), len(todo)

    def _first(self) -> Embedder:
        """Who answers after opening: the wanted model if its vectors are all there, or else the one that did before."""
        missing = self._registry.count_without_vector(self._wanted.fingerprint)
        before = self._before() if missing else None
        if before is None or self._registry.count_without_vector(before.fingerprint) >= missing:
            return self._wanted
        return before

    def _before(self) -> Embedder | None:
        """The model that answered when the library was closed, None where it is not there any more."""
        name, fingerprint = self._in_use()
        try:
            embedder = self._make(name)
            return embedder if not fingerprint or embedder.fingerprint == fingerprint else None
        except ModelUnavailable:
            return None

    def _chosen_or_shipped(self) -> Embedder:
        """The model that was chosen for this library. One that is not there any more is told of and passed over."""
        chosen = self._make(self._registry.meta("chosen_model") or SHIPPED)
        try:
            chosen.fingerprint  # noqa: B018  (raises)
        except ModelUnavailable as error:
            log.warning("选定的向量模型不能用，先用原来的：%s", error)
            return self._before() or self._make(SHIPPED)
        return chosen

    def _in_use(self) -> tuple[str, str]:
        """Name and fingerprint of the model in use; a library that does not say began with the shipped one."""
        name, fingerprint = json.loads(self._registry.meta("model_in_use") or f'["{SHIPPED}", ""]')
        return str(name), str(fingerprint)

    def _at_work(self, embedder: Embedder) -> Serving:
        return Serving(embedder, VectorKeeper(self._data, self._registry, embedder.fingerprint, self._turn))

    def _note(self, embedder: Embedder) -> None:
        key = f"name_of:{embedder.fingerprint}"
        if self._registry.meta(key) != embedder.name:
            self._registry.set_meta(key, embedder.name)

    def _fitted(self, fingerprint: str, otherwise: float | None) -> float | None:
        said = self._registry.meta(f"weight_of:{fingerprint}")
        return otherwise if said is None else float(said)


def _packed(embedder: Embedder) -> str:
    return json.dumps([embedder.name, embedder.fingerprint], ensure_ascii=False)
