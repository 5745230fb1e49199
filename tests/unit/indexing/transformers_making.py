"""Tiny real transformers with random weights: an embedding model, a cross-encoder, and an ONNX graph beside a model."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from tests.unit.indexing.making import SENTENCES

HIDDEN = 32


def make_tokenizer(folder: Path) -> int:
    """A BERT tokenizer over the characters of SENTENCES; returns how many it knows."""
    from transformers import BertTokenizerFast

    folder.mkdir(parents=True, exist_ok=True)
    known = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *sorted({char for one in SENTENCES for char in one})]
    (folder / "vocab.txt").write_text("\n".join(known), encoding="utf-8")
    BertTokenizerFast(vocab={word: i for i, word in enumerate(known)}).save_pretrained(str(folder))
    return len(known)


def _config(words: int, **more: object):
    from transformers import BertConfig

    return BertConfig(
        vocab_size=words, hidden_size=HIDDEN, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64,
        max_position_embeddings=128, **more,
    )  # fmt: skip


def make_transformer(folder: Path) -> Path:
    """A Sentence Transformers folder: BERT of two layers, mean pooling, Normalize."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
    from transformers import BertModel

    words = make_tokenizer(folder / "bert")
    torch.manual_seed(1)
    BertModel(_config(words)).save_pretrained(str(folder / "bert"))
    transformer = Transformer(str(folder / "bert"))
    SentenceTransformer(modules=[transformer, Pooling(HIDDEN), Normalize()], device="cpu").save(str(folder / "model"))
    return folder / "model"


def make_cross_encoder(folder: Path) -> Path:
    """A cross-encoder: BERT of two layers with one score."""
    import torch
    from transformers import BertForSequenceClassification

    words = make_tokenizer(folder)
    torch.manual_seed(1)
    BertForSequenceClassification(_config(words, num_labels=1)).save_pretrained(str(folder))
    return folder


def make_onnx(folder: Path, pooling: str = "pooling_mode_mean_tokens") -> tuple[Path, np.ndarray]:
    """A folder whose graph looks each token up in a table, pooled; and the table, float32 (words, HIDDEN)."""
    words = make_tokenizer(folder)
    table = np.random.default_rng(1).normal(size=(words, HIDDEN)).astype(np.float32)
    modules = "sentence_transformers.models"
    _write(folder / "modules.json", [
        {"idx": 0, "name": "0", "path": "", "type": f"{modules}.Transformer"},
        {"idx": 1, "name": "1", "path": "1_Pooling", "type": f"{modules}.Pooling"},
        {"idx": 2, "name": "2", "path": "2_Normalize", "type": f"{modules}.Normalize"},
    ])  # fmt: skip
    (folder / "1_Pooling").mkdir()
    _write(folder / "1_Pooling" / "config.json", {"word_embedding_dimension": HIDDEN, pooling: True})
    _write(folder / "sentence_bert_config.json", {"max_seq_length": 64})
    (folder / "onnx").mkdir()
    (folder / "onnx" / "model.onnx").write_bytes(_graph(table))
    return folder, table


def _graph(table: np.ndarray) -> bytes:
    """An ONNX model, written by hand in protobuf's wire format: last_hidden_state = table[input_ids]."""
    node = _text(1, "table") + _text(1, "input_ids") + _text(2, "last_hidden_state") + _text(4, "Gather")
    weights = _number(1, table.shape[0]) + _number(1, table.shape[1]) + _number(2, 1) + _text(8, "table")
    weights += _bytes(9, table.tobytes())
    graph = _bytes(1, node) + _text(2, "lookup") + _bytes(5, weights)
    graph += _bytes(11, _value("input_ids", 7, ["texts", "tokens"]))
    graph += _bytes(11, _value("attention_mask", 7, ["texts", "tokens"]))
    graph += _bytes(12, _value("last_hidden_state", 1, ["texts", "tokens", HIDDEN]))
    return _number(1, 8) + _bytes(7, graph) + _bytes(8, _text(1, "") + _number(2, 17))


def _value(name: str, kind: int, shape: list[str | int]) -> bytes:
    sizes = b"".join(_bytes(1, _number(1, one) if isinstance(one, int) else _text(2, one)) for one in shape)
    return _text(1, name) + _bytes(2, _bytes(1, _number(1, kind) + _bytes(2, sizes)))


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes([*out, value])


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _bytes(field: int, value: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(value)) + value


def _text(field: int, value: str) -> bytes:
    return _bytes(field, value.encode())


def _write(path: Path, what: object) -> None:
    path.write_text(json.dumps(what), encoding="utf-8")
