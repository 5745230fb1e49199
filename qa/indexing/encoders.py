"""What computes vectors: a static table and an ONNX graph without torch, anything else through sentence-transformers.

Knows nothing of prompts, names and weights. Heavy libraries load with the encoder that needs them: `tokenizers` and
numpy for a static table, `onnxruntime` for a graph, `sentence_transformers` (6 s, 400 MiB) only for what is neither.
"""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

if TYPE_CHECKING:
    from tokenizers import Tokenizer

BATCH = 128  # texts; bounds the gathered token rows to some tens of MiB
FEW = 16  # texts that go through a transformer at once on a processor: more gain nothing there
LONGEST = 512  # tokens, where a folder does not say


class Encoder(Protocol):
    """Texts to unit or zero rows, float32 (len(texts), dimension)."""

    @property
    def dimension(self) -> int: ...

    def encode(self, texts: Sequence[str]) -> np.ndarray: ...


class StaticEncoder:
    """The mean of each text's token rows, made unit: what StaticEmbedding computes, in numpy."""

    def __init__(self, folder: Path) -> None:
        folder = _first_module(folder)
        self._tokenizer = _tokenizer(folder / "tokenizer.json")
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


class OnnxEncoder:
    """A transformer that its folder also holds as an ONNX graph, pooled as its own configuration says. Thread-safe."""

    def __init__(self, folder: Path) -> None:
        import onnxruntime

        self._session = onnxruntime.InferenceSession(str(onnx_file(folder)), providers=["CPUExecutionProvider"])
        self._wanted = {given.name for given in self._session.get_inputs()}
        self._output = self._session.get_outputs()[0].name
        self._pool = _pooling(folder)
        self._tokenizer = _tokenizer(folder / "tokenizer.json")
        self._tokenizer.enable_truncation(_longest(folder))
        self._tokenizer.enable_padding()
        self.dimension = int(self.encode(["长"]).shape[1])

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))  # like lengths together: less padding
        rows = [self._pooled([texts[i] for i in order[at : at + FEW]]) for at in range(0, len(order), FEW)]
        found = np.concatenate(rows)
        result = np.empty_like(found)
        result[order] = found
        return unit(result)

    def _pooled(self, texts: list[str]) -> np.ndarray:
        coded = self._tokenizer.encode_batch(texts)
        mask = np.array([one.attention_mask for one in coded], np.int64)
        given = {
            "input_ids": np.array([one.ids for one in coded], np.int64),
            "attention_mask": mask,
            "token_type_ids": np.array([one.type_ids for one in coded], np.int64),
        }
        states = self._session.run([self._output], {name: given[name] for name in self._wanted})[0]
        return _pool(np.asarray(states, np.float32), mask, self._pool)


class TorchEncoder:
    """Any Sentence Transformers model, on the graphics card where there is one."""

    def __init__(self, model: str, local: bool) -> None:
        from sentence_transformers import SentenceTransformer

        self._model = SentenceTransformer(model, local_files_only=local)
        self._turn = threading.Lock()
        self.dimension = int(self._model.get_embedding_dimension() or 0)

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        with self._turn:
            # prompt="": ours is already in front of the text, the model's default one must not come before it again
            rows = self._model.encode(
                list(texts), prompt="", convert_to_numpy=True, batch_size=32, show_progress_bar=False
            )
        return unit(np.asarray(rows, np.float32))


def encoder_of(model: str, folder: Path | None) -> Encoder:
    """The leanest encoder that serves a model; `folder` is where its files are, None for a hub name not fetched yet."""
    if folder and is_static(folder):
        return StaticEncoder(folder)
    if (
        folder and onnx_file(folder) and not shutil.which("nvidia-smi")
    ):  # a graphics card beats the graph on a processor
        return OnnxEncoder(folder)
    return TorchEncoder(model, local=Path(model).is_dir())


def unit(rows: np.ndarray) -> np.ndarray:
    """Rows of length one; zero rows stay zero."""
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    result: np.ndarray = np.divide(rows, norms, out=np.zeros_like(rows), where=norms > 1e-12)
    return result


def is_static(folder: Path) -> bool:
    """Is the model a StaticEmbedding and nothing else?"""
    kinds = _kinds(folder)
    return (
        bool(kinds)
        and kinds[0] == "StaticEmbedding"
        and all(kind == "Normalize" for kind in kinds[1:])
        and ("embedding.weight" in _tensor_names(_first_module(folder) / "model.safetensors"))
    )


def onnx_file(folder: Path) -> Path | None:
    """The graph of a folder that can be served by it alone: a transformer, pooled. The unquantised one where it is."""
    kinds = _kinds(folder)
    if kinds[:2] != ["Transformer", "Pooling"] or kinds[2:] not in ([], ["Normalize"]) or not _pooling(folder):
        return None
    if not (folder / "tokenizer.json").is_file():
        return None
    graphs = sorted(
        [*folder.glob("onnx/*.onnx"), *folder.glob("*.onnx")], key=lambda path: (path.stem != "model", path)
    )
    return graphs[0] if graphs else None


def read_json(path: Path, default: Any = None) -> Any:
    """What a JSON file holds; `default` (an empty object) where there is none."""
    if not path.is_file():
        return {} if default is None else default
    return json.loads(path.read_text(encoding="utf-8"))


def _kinds(folder: Path) -> list[str]:
    return [module["type"].rsplit(".", 1)[-1] for module in read_json(folder / "modules.json", [])]


def _first_module(folder: Path) -> Path:
    return folder / str(read_json(folder / "modules.json")[0].get("path", ""))


def _pooling(folder: Path) -> str:
    """How a folder pools: "cls", "mean" or "lasttoken"; "" for any other way."""
    modules = read_json(folder / "modules.json", [])
    config = read_json(folder / str(modules[1].get("path", "")) / "config.json") if len(modules) > 1 else {}
    named = config.get("pooling_mode")  # how sentence-transformers 6 writes it; a flag for each way before that
    ways = {"cls": "pooling_mode_cls_token", "mean": "pooling_mode_mean_tokens", "lasttoken": "pooling_mode_lasttoken"}
    flagged = [way for way, flag in ways.items() if config.get(flag)]
    if named in ways:
        return str(named)
    return flagged[0] if len(flagged) == 1 else ""


def _pool(states: np.ndarray, mask: np.ndarray, way: str) -> np.ndarray:
    """(n, tokens, d) and (n, tokens) to (n, d). The tokenizer pads at the right."""
    if way == "cls":
        return states[:, 0]
    if way == "lasttoken":
        return states[np.arange(len(states)), mask.sum(axis=1) - 1]
    weights = mask[:, :, None].astype(np.float32)
    means: np.ndarray = (states * weights).sum(axis=1) / np.maximum(weights.sum(axis=1), 1e-9)
    return means


def _longest(folder: Path) -> int:
    said = read_json(folder / "sentence_bert_config.json").get("max_seq_length")
    said = said or read_json(folder / "tokenizer_config.json").get("model_max_length")
    return min(int(said or LONGEST), 8192)


def _tokenizer(path: Path) -> Tokenizer:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_padding()
    return tokenizer


def _tensor_names(path: Path) -> list[str]:
    from safetensors import safe_open

    with safe_open(path, framework="numpy") as tensors:
        return list(tensors.keys())


def _table(path: Path) -> np.ndarray:
    from safetensors.numpy import load_file

    weights: np.ndarray = load_file(path)["embedding.weight"]
    return np.asarray(weights, np.float32, order="C")  # it may lie there as float16
