"""Transformers: through sentence-transformers, or by their ONNX graph alone; both say the same of the same weights."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from qa.errors import ModelUnavailable
from qa.indexing import encoders
from qa.indexing.embedding import Embedder
from qa.indexing.encoders import OnnxEncoder, TorchEncoder, encoder_of
from tests.unit.indexing.making import SENTENCES
from tests.unit.indexing.transformers_making import HIDDEN, make_onnx, make_transformer

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def transformer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_transformer(tmp_path_factory.mktemp("bert"))


def test_a_transformer_gives_what_sentence_transformers_gives(transformer: Path) -> None:
    from sentence_transformers import SentenceTransformer

    theirs = SentenceTransformer(str(transformer), device="cpu").encode(list(SENTENCES))
    assert np.abs(Embedder(str(transformer)).passages(SENTENCES) - theirs).max() < 1e-5


def test_a_folder_named_like_a_family_is_given_its_prompt(transformer: Path, tmp_path: Path) -> None:
    named = tmp_path / "bge-base-zh-v1.5"
    shutil.copytree(transformer, named)
    prompted, plain = Embedder(str(named)), Embedder(str(transformer))
    question = "社区图书室"
    assert np.allclose(
        prompted.query(question), plain.query(f"为这个句子生成表示以用于检索相关文章：{question}"), atol=1e-6
    )
    assert np.allclose(prompted.passages([question]), plain.passages([question]), atol=1e-6)


def test_a_graph_pools_the_mean_of_its_tokens(tmp_path: Path) -> None:
    folder, table = make_onnx(tmp_path / "model")
    rows = OnnxEncoder(folder).encode(["社区", SENTENCES[0]])
    from tokenizers import Tokenizer

    ids = Tokenizer.from_file(str(folder / "tokenizer.json")).encode("社区").ids
    mean = table[ids].mean(axis=0)
    assert np.allclose(rows[0], mean / np.linalg.norm(mean), atol=1e-5)


def test_a_graph_that_pools_the_first_token_takes_the_first(tmp_path: Path) -> None:
    folder, _ = make_onnx(tmp_path / "model", "pooling_mode_cls_token")
    rows = OnnxEncoder(folder).encode(list(SENTENCES))
    assert np.allclose(rows, rows[0], atol=1e-6)  # this graph looks tokens up one by one: [CLS] is always the same


def test_what_stands_beside_a_text_does_not_change_its_vector(tmp_path: Path) -> None:
    encoder = OnnxEncoder(make_onnx(tmp_path / "model")[0])
    together = encoder.encode([*SENTENCES, "社区"])
    alone = np.concatenate([encoder.encode([one]) for one in (*SENTENCES, "社区")])
    assert np.allclose(together, alone, atol=1e-6)


def test_a_graph_is_served_without_torch(tmp_path: Path) -> None:
    folder, _ = make_onnx(tmp_path / "model")
    code = f"""
import sys
from pathlib import Path
from qa.indexing.encoders import OnnxEncoder
assert OnnxEncoder(Path({str(folder)!r})).encode(["社区图书室"]).shape == (1, {HIDDEN})
assert not {{"torch", "sentence_transformers", "transformers"}} & set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


@pytest.mark.skipif(bool(shutil.which("nvidia-smi")), reason="with a graphics card the weights are served by torch")
def test_a_folder_with_a_graph_is_served_by_it(tmp_path: Path, transformer: Path) -> None:
    folder, _ = make_onnx(tmp_path / "model")
    assert isinstance(encoder_of(str(folder), folder), OnnxEncoder)
    assert isinstance(encoder_of(str(transformer), transformer), TorchEncoder)


def test_a_graph_that_is_pooled_in_another_way_is_left_to_sentence_transformers(tmp_path: Path) -> None:
    folder, _ = make_onnx(tmp_path / "model", "pooling_mode_weightedmean_tokens")
    assert encoders.onnx_file(folder) is None


def test_a_graph_that_is_quantised_is_taken_where_there_is_no_other(tmp_path: Path) -> None:
    folder, _ = make_onnx(tmp_path / "model")
    (folder / "onnx" / "model.onnx").rename(folder / "onnx" / "model_quantized.onnx")
    assert encoders.onnx_file(folder) == folder / "onnx" / "model_quantized.onnx"


def test_a_broken_graph_is_refused_by_name(tmp_path: Path) -> None:
    folder, _ = make_onnx(tmp_path / "model")
    (folder / "onnx" / "model.onnx").write_bytes(b"broken")
    with pytest.raises(ModelUnavailable, match="无法载入"):
        Embedder(str(folder)).query("社区")
