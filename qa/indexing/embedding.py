"""A model by its name: its prompts, its fingerprint, its weight, and the vectors of texts.

Knows nothing of the library, nor of how vectors are computed: see `encoders` and `endpoint`.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import numpy as np

from qa.config import DEFAULT_MODEL
from qa.errors import ModelUnavailable
from qa.indexing.encoders import Encoder, encoder_of, read_json
from qa.indexing.endpoint import PREFIX, EndpointEncoder, address_of
from qa.indexing.model_cards import Prompts, prompts_of
from qa.indexing.remembering import Remembered

SHIPPED = DEFAULT_MODEL.name  # the shipped model's own name, wherever this program lies
DEFAULT_WEIGHT = 0.5
RECENT = 256  # questions whose vectors are kept: a question is often searched several times over
_NOT_THE_MODEL = {"README.md", "yinju.json", ".gitattributes"}
_WHOLE_BYTES = 64 * 1024 * 1024
_SAMPLES, _SAMPLE_BYTES = 64, 256 * 1024


class Embedder:
    """Unit vectors of one model. Thread-safe.

    `model` is a Sentence Transformers folder or hub name, SHIPPED, or `openai-embedding:NAME` for an endpoint that
    speaks OpenAI's protocol, at `url` (OpenAI's own where that is ""), with `key`. `fingerprint` tells vectors of
    different models apart; it is known without loading the model where it is a folder or an endpoint. Raises
    ModelUnavailable on first use when the model cannot be loaded.
    """

    def __init__(self, model: str, url: str = "", key: str = "") -> None:
        self.model = str(DEFAULT_MODEL) if model == SHIPPED else model
        self._url, self._key = url, key
        self._loading = threading.Lock()
        self._encoder: Encoder | None = None
        self._recent: Remembered[str, np.ndarray] = Remembered(RECENT)

    @cached_property
    def name(self) -> str:
        """What to call it again from anywhere: a hub name, an endpoint's model, a whole path, SHIPPED."""
        path = Path(self.model).expanduser()
        if self._is_endpoint or not path.is_dir():
            return self.model
        return SHIPPED if path.resolve() == DEFAULT_MODEL.resolve() else str(path.resolve())

    @cached_property
    def fingerprint(self) -> str:
        """What the vectors were made by.

        Sixteen hex digits of a SHA-256 over the model's files; `name@revision` for a hub name; name and address for an
        endpoint. A passage prompt that is ours, not the folder's, is part of it.
        """
        ours = hashlib.sha256(self._prompts.passage.encode()).hexdigest()[:4] if self._prompts.passage_is_ours else ""
        return self._bare_fingerprint() + (f"+{ours}" if ours else "")

    @cached_property
    def weight(self) -> float:
        """How much this model counts when lexical and vector scores are fused, 0-1, where nothing was fitted."""
        folder = _folder(self.model) if not self._is_endpoint else None
        return (
            float(read_json(folder / "yinju.json").get("fusion_weight", DEFAULT_WEIGHT)) if folder else DEFAULT_WEIGHT
        )

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
        return self._recent.get(text, self._query)

    def _query(self, text: str) -> np.ndarray:
        row: np.ndarray = self._load().encode([self._prompts.query + text])[0]
        row.flags.writeable = False
        return row

    @property
    def _is_endpoint(self) -> bool:
        return self.model.startswith(PREFIX)

    def _bare_fingerprint(self) -> str:
        if self._is_endpoint:
            return f"{self.model.removeprefix(PREFIX)}@{address_of(self._url)}"
        folder = _folder(self.model)
        if folder:
            return _digest(folder)
        revision = _cached_revision(self.model)
        if revision is None:
            self._load()  # a hub name that was never fetched: its revision is known once it is here
            revision = _cached_revision(self.model) or "unknown"
        return f"{self.model}@{revision}"

    @cached_property
    def _prompts(self) -> Prompts:
        path = None if self._is_endpoint else _file_of(self.model, "config_sentence_transformers.json")
        return prompts_of(self.model, read_json(path) if path else {})

    def _load(self) -> Encoder:
        if self._encoder is None:
            with self._loading:
                if self._encoder is None:
                    self._encoder = self._made()
        return self._encoder

    def _made(self) -> Encoder:
        if self._is_endpoint:
            return EndpointEncoder(self.model.removeprefix(PREFIX), self._url, self._key)
        folder = _folder(self.model) or _snapshot(self.model)
        try:
            return encoder_of(self.model, folder)
        except Exception as cause:  # tokenizers, safetensors, torch, onnxruntime and the hub each raise their own
            raise ModelUnavailable(
                f"向量模型 {self.model} 无法载入",
                "请检查 QA_MODEL：应是 Sentence Transformers 模型的文件夹，或模型库里的名字（第一次用要联网下载）；"
                "去掉它则用自带模型。",
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


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        within = path.relative_to(folder)
        if path.name not in _NOT_THE_MODEL and not within.parts[0].startswith("."):
            digest.update(f"{within.as_posix()}\0".encode())
            digest.update(_digest_of(path))
    return digest.hexdigest()[:16]


def _digest_of(path: Path) -> bytes:
    """A file's hash; of a large one's size and samples, since reading gigabytes at each start would take seconds and
    other training changes every weight.
    """
    size = path.stat().st_size
    if size <= _WHOLE_BYTES:
        return hashlib.sha256(path.read_bytes()).digest()
    digest = hashlib.sha256(str(size).encode())
    with path.open("rb") as file:
        for sample in range(_SAMPLES):
            file.seek(sample * (size - _SAMPLE_BYTES) // (_SAMPLES - 1))
            digest.update(file.read(_SAMPLE_BYTES))
    return digest.digest()


def _file_of(model: str, name: str) -> Path | None:
    folder = _folder(model)
    if folder:
        return folder / name
    from huggingface_hub import try_to_load_from_cache

    found = try_to_load_from_cache(model, name)
    return Path(found) if isinstance(found, str) else None


def _snapshot(model: str) -> Path | None:
    """Where a hub model's files are on this machine, None where it was never fetched."""
    path = _file_of(model, "modules.json") or _file_of(model, "config.json")
    return path.parent if path else None


def _cached_revision(model: str) -> str | None:
    """The revision of a hub model on this machine: its files lie in `snapshots/<revision>/`."""
    snapshot = _snapshot(model)
    return snapshot.name if snapshot else None
