"""Texts to unit vectors: the shipped static model without torch, any other model through sentence-transformers.

Knows nothing of the library. Heavy libraries load on first use: `tokenizers` and numpy for a static model,
`sentence_transformers` (6 s, 400 MiB) only for another one.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Protocol

import numpy as np

from qa.errors import ModelUnavailable

DEFAULT_WEIGHT = 0.5
BATCH = 128  # texts; bounds the gathered token rows to some tens of MiB
_NOT_THE_MODEL = {"README.md", "yinju.json", ".gitattributes"}


class Encoder(Protocol):
    """Texts to unit or zero rows, float32 (len(texts), dimension)."""

    dimension: int

    def encode(self, texts: Sequence[str]) -> np.ndarray: ...


@dataclass(frozen=True, slots=True)
class Prompts:
    """What the model wants to read before a question and before a passage."""

    query: str = ""
    passage: str = ""


class Embedder:
    """Unit vectors of one model, named by a Sentence Transformers folder or a hub name. Thread-safe.

    `fingerprint` tells vectors of different models apart; it is known without loading the model where it is a folder.
    Raises ModelUnavailable on first use when the model cannot be loaded.
    """

    def __init__(self, model: str) -> None:
        self.model = model
        self._loading = threading.Lock()
        self._encoder: Encoder | None = None

    @cached_property
    def fingerprint(self) -> str:
        """Sixteen hex digits of a SHA-256 over the model's files, or `name@revision` for a hub name."""
        folder = _folder(self.model)
        if folder:
            return _digest(folder)
        revision = _cached_revision(self.model)
        if revision is None:
            self._load()  # a hub name that was never fetched: its revision is known once it is here
            revision = _cached_revision(self.model) or "unknown"
        return f"{self.model}@{revision}"

    @cached_property
    def weight(self) -> float:
        """How much this model counts when lexical and vector scores are fused, 0-1."""
        folder = _folder(self.model)
        return float(_json(folder / "yinju.json").get("fusion_weight", DEFAULT_WEIGHT)) if folder else DEFAULT_WEIGHT

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._load().dimension

    def passages(self, texts: Sequence[str]) -> np.ndarray:
        """Unit vectors for passages, float32 (len(texts), dimension); a text without a known token is a zero row."""
        encoder = self._load()
        if not len(texts):
            return np.zeros((0, encoder.dimension), np.float32)
        return encoder.encode([self._prompts.passage + text for text in texts])

    def query(self, text: str) -> np.ndarray:
        """The unit vector of a question, float32 (dimension,); zero when it has no known token."""
        row: np.ndarray = self._load().encode([self._prompts.query + text])[0]
        return row

    @cached_property
    def _prompts(self) -> Prompts:
        path = _file_of(self.model, "config_sentence_transformers.json")
        config = _json(path) if path else {}
        prompts = config.get("prompts") or {}
        usual = prompts.get(config.get("default_prompt_name") or "", "") or ""
        passage = next((prompts[name] for name in ("document", "passage", "corpus") if prompts.get(name)), usual)
        return Prompts(prompts.get("query") or usual, passage)

    def _load(self) -> Encoder:
        if self._encoder is None:
            with self._loading:
                if self._encoder is None:
                    self._encoder = _encoder(self.model)
        return self._encoder


class StaticEncoder:
    """The mean of each text's token rows, made unit: what StaticEmbedding computes, in numpy."""

    def __init__(self, folder: Path) -> None:
        from tokenizers import Tokenizer

        folder = _static_folder(folder)
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._table = _table(folder / "model.safetensors")
        self.dimension = int(self._table.shape[1])

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        rows = [self._means(texts[at : at + BATCH]) for at in range(0, len(texts), BATCH)]
        return unit(np.concatenate(rows))

    def _means(self, texts: Sequence[str]) -> np.ndarray:
        ids = [coded.ids for coded in self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)]
        lengths = np.array([len(one) for one in ids])
        sums = np.zeros((len(texts), self.dimension), np.float32)
        filled = np.flatnonzero(lengths)
        if not len(filled):
            return sums
        for row in filled:  # one gather a text stays in the processor's cache: faster than one for the batch
            sums[row] = self._table[ids[row]].sum(axis=0)
        sums[filled] /= lengths[filled, None]
        return sums


class TorchEncoder:
    """Any Sentence Transformers model, on the processor."""

    def __init__(self, model: str) -> None:
        from sentence_transformers import SentenceTransformer

        self._model = SentenceTransformer(model, device="cpu", local_files_only=_folder(model) is not None)
        self._turn = threading.Lock()
        self.dimension = int(self._model.get_embedding_dimension() or 0)

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        with self._turn:
            # prompt="": ours is already in front of the text, the model's default one must not come before it again
            rows = self._model.encode(
                list(texts), prompt="", convert_to_numpy=True, batch_size=32, show_progress_bar=False
            )
        return unit(np.asarray(rows, np.float32))


def unit(rows: np.ndarray) -> np.ndarray:
    """Rows of length one; zero rows stay zero."""
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    result: np.ndarray = np.divide(rows, norms, out=np.zeros_like(rows), where=norms > 1e-12)
    return result


def _encoder(model: str) -> Encoder:
    try:
        folder = _folder(model)
        return StaticEncoder(folder) if folder and _is_static(folder) else TorchEncoder(model)
    except ModelUnavailable:
        raise
    except Exception as cause:  # tokenizers, safetensors, torch and the hub each raise their own
        raise ModelUnavailable(
            f"向量模型 {model} 无法载入",
            "请检查 QA_MODEL：应是 Sentence Transformers 模型的文件夹，或已下载的模型名；去掉它则用自带模型。",
        ) from cause


def _folder(model: str) -> Path | None:
    """The model's folder, None for a hub name. Raises ModelUnavailable for a path where there is no folder."""
    path = Path(model).expanduser()
    if path.is_dir():
        return path
    if path.is_absolute() or model.startswith((".", "~")) or model.count("/") > 1:
        raise ModelUnavailable(
            f"找不到向量模型文件夹 {model}", "请检查 QA_MODEL 的路径，或去掉这项设置以使用自带模型。"
        )
    return None


def _is_static(folder: Path) -> bool:
    kinds = [module["type"].rsplit(".", 1)[-1] for module in _json(folder / "modules.json", default=[])]
    return (
        bool(kinds)
        and kinds[0] == "StaticEmbedding"
        and all(kind == "Normalize" for kind in kinds[1:])
        and ("embedding.weight" in _tensor_names(_static_folder(folder) / "model.safetensors"))
    )


def _static_folder(folder: Path) -> Path:
    return folder / str(_json(folder / "modules.json")[0].get("path", ""))


def _tensor_names(path: Path) -> list[str]:
    from safetensors import safe_open

    with safe_open(path, framework="numpy") as tensors:
        return list(tensors.keys())


def _table(path: Path) -> np.ndarray:
    from safetensors.numpy import load_file

    weights: np.ndarray = load_file(path)["embedding.weight"]
    return np.asarray(weights, np.float32, order="C")  # it may lie there as float16


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        if path.name not in _NOT_THE_MODEL:
            digest.update(f"{path.relative_to(folder).as_posix()}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def _file_of(model: str, name: str) -> Path | None:
    folder = _folder(model)
    if folder:
        return folder / name
    from huggingface_hub import try_to_load_from_cache

    found = try_to_load_from_cache(model, name)
    return Path(found) if isinstance(found, str) else None


def _cached_revision(model: str) -> str | None:
    """The revision of a hub model on this machine: its files lie in `snapshots/<revision>/`."""
    path = _file_of(model, "modules.json") or _file_of(model, "config.json")
    return path.parent.name if path else None


def _json(path: Path, default: object = None):  # type: ignore[no-untyped-def]
    """What a JSON file holds; `default` (an empty object) where there is none."""
    if not path.is_file():
        return {} if default is None else default
    return json.loads(path.read_text(encoding="utf-8"))
