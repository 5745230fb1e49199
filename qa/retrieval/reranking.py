"""A second look at the best hits by a model that reads question and passage together. An option: off without one.

Its scores are fused with the order that was there, by a weight of its own; they never replace it. Loads
`sentence_transformers` on first use.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Protocol

import numpy as np

from qa.errors import ModelUnavailable
from qa.retrieval.ranking import Candidate, standardise

LOOKED_AT = 30  # hits; a base-size model on two cores reads about as many pairs in a second or two
DEFAULT_WEIGHT = 1.0
SCALE = 0.1  # of one standard deviation, on the scale of the sum: as for vectors (ranking.py)

Scored = tuple[float, Candidate, dict[str, float]]


class Reranker(Protocol):
    """Anything that says how well passages answer a question."""

    model: str  # its folder or name

    @property
    def weight(self) -> float:
        """How much it counts beside the order that was there, where nothing was fitted."""

    def scores(self, question: str, passages: Sequence[str]) -> np.ndarray:
        """Any scale, more is better; float32 (len(passages),). Raises ModelUnavailable."""
        ...


class CrossEncoderReranker:
    """Any cross-encoder of Sentence Transformers, by folder or hub name. Thread-safe."""

    def __init__(self, model: str) -> None:
        self.model = model
        self._turn = threading.Lock()

    @cached_property
    def weight(self) -> float:
        """`reranking_weight` of a `yinju.json` in its folder, or DEFAULT_WEIGHT."""
        path = Path(self.model).expanduser() / "yinju.json"
        said = json.loads(path.read_text("utf-8")) if path.is_file() else {}
        return float(said.get("reranking_weight", DEFAULT_WEIGHT))

    def scores(self, question: str, passages: Sequence[str]) -> np.ndarray:
        with self._turn:
            found = self._encoder.predict(
                [(question, passage) for passage in passages], batch_size=16, show_progress_bar=False
            )
        return np.asarray(found, np.float32)

    @cached_property
    def _encoder(self):  # type: ignore[no-untyped-def]
        try:
            from sentence_transformers import CrossEncoder

            local = Path(self.model).expanduser().is_dir()
            encoder = CrossEncoder(self.model, local_files_only=local)
        except Exception as cause:  # torch, transformers and the hub each raise their own
            raise ModelUnavailable(
                f"重排模型 {self.model} 无法载入",
                "请检查 QA_RERANKER：应是交叉编码器的文件夹，或模型库里的名字（第一次用要联网下载）；去掉它则不重排。",
            ) from cause
        if encoder.num_labels != 1:
            raise ModelUnavailable(
                f"{self.model} 不是重排模型：它给出 {encoder.num_labels} 个分数", "请换一个只给一个分数的交叉编码器。"
            )
        return encoder


class Once:
    """A reranker that reads no pair twice: to try several weights with."""

    def __init__(self, reranker: Reranker) -> None:
        self.model, self.weight = reranker.model, reranker.weight
        self._reranker = reranker
        self._known: dict[tuple[str, str], float] = {}

    def scores(self, question: str, passages: Sequence[str]) -> np.ndarray:
        unread = [passage for passage in passages if (question, passage) not in self._known]
        if unread:
            values = self._reranker.scores(question, unread).tolist()
            self._known.update(zip([(question, passage) for passage in unread], values, strict=True))
        return np.array([self._known[question, passage] for passage in passages], np.float32)


def rerank(reranker: Reranker, weight: float, question: str, scored: Sequence[Scored]) -> list[Scored]:
    """The same candidates, the first LOOKED_AT with the reranker's term "reranker" added to their sums."""
    first = list(scored[:LOOKED_AT])
    if len(first) < 2:
        return list(scored)
    texts = [f"{candidate.passage.context}\n{candidate.passage.text}" for _, candidate, _ in first]
    values = reranker.scores(question, texts).tolist()
    mean, deviation = standardise(values)
    found: list[Scored] = []
    for (total, candidate, why), value in zip(first, values, strict=True):
        fit = max(-3.0, min(3.0, (value - mean) / deviation)) if deviation else 0.0
        term = SCALE * weight * fit
        found.append((total + term, candidate, {**why, "reranker": term}))
    return [*found, *scored[LOOKED_AT:]]
