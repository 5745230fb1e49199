"""What an embedder promises, and that the lean path says what SentenceTransformer says."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from qa.errors import ModelUnavailable
from qa.indexing.embedding import Embedder
from tests.unit.indexing.making import SENTENCES, make_model


def test_the_lean_path_gives_the_vectors_of_sentence_transformers(model: Path) -> None:
    from sentence_transformers import SentenceTransformer

    texts = [*SENTENCES, "", "龘龘龘", "云" * 900]
    theirs = SentenceTransformer(str(model), device="cpu").encode(texts)
    assert np.abs(Embedder(str(model)).passages(texts) - theirs).max() < 1e-5


def test_a_folder_saved_by_sentence_transformers_is_served_lean(tmp_path: Path, model: Path) -> None:
    from sentence_transformers import SentenceTransformer

    SentenceTransformer(str(model), device="cpu").save(str(tmp_path / "saved"))
    ours = Embedder(str(tmp_path / "saved"))
    assert np.abs(ours.passages(SENTENCES) - Embedder(str(model)).passages(SENTENCES)).max() < 1e-6
    assert type(ours._load()).__name__ == "StaticEncoder"


def test_half_precision_weights_give_single_precision_vectors(tmp_path: Path) -> None:
    half = Embedder(str(make_model(tmp_path / "half", dtype="float16"))).passages(SENTENCES)
    whole = Embedder(str(make_model(tmp_path / "whole"))).passages(SENTENCES)
    assert half.dtype == np.float32
    assert np.abs(half - whole).max() < 2e-3


def test_a_static_model_is_served_without_torch(model: Path) -> None:
    code = f"""
import sys
from qa.indexing.embedding import Embedder
Embedder({str(model)!r}).query("社区图书室")
assert not {{"torch", "sentence_transformers", "transformers"}} & set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).resolve().parents[3])


def test_vectors_have_unit_length(embedder: Embedder) -> None:
    assert np.allclose(np.linalg.norm(embedder.passages(SENTENCES), axis=1), 1, atol=1e-6)


def test_a_text_without_a_known_token_is_a_zero_vector(embedder: Embedder) -> None:
    assert not embedder.query("龘龘").any()
    assert not embedder.passages(["", "龘"]).any()


def test_no_texts_give_no_rows(embedder: Embedder) -> None:
    assert embedder.passages([]).shape == (0, embedder.dimension)


def test_a_question_and_a_passage_of_the_same_words_are_the_same(embedder: Embedder) -> None:
    assert np.allclose(embedder.query(SENTENCES[0]), embedder.passages([SENTENCES[0]])[0])


def test_prompts_of_the_model_are_put_before_its_texts(tmp_path: Path) -> None:
    folder = make_model(tmp_path / "model")
    prompts = {"query": "图书室", "document": "老人"}
    (folder / "config_sentence_transformers.json").write_text(json.dumps({"prompts": prompts}), "utf-8")
    prompted, plain = Embedder(str(folder)), Embedder(str(make_model(tmp_path / "plain")))
    assert np.allclose(prompted.query("河道"), plain.query("图书室河道"))
    assert np.allclose(prompted.passages(["河道"]), plain.passages(["老人河道"]))


def test_a_model_of_other_modules_goes_through_sentence_transformers(tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Dense

    folder = make_model(tmp_path / "model")
    static = SentenceTransformer(str(folder), device="cpu")
    SentenceTransformer(modules=[static[0], Dense(32, 8)], device="cpu").save(str(tmp_path / "dense"))
    rows = Embedder(str(tmp_path / "dense")).passages(SENTENCES[:2])
    assert rows.shape == (2, 8)
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)


def test_the_fingerprint_changes_with_the_weights(tmp_path: Path) -> None:
    one, other = make_model(tmp_path / "a", seed=1), make_model(tmp_path / "b", seed=2)
    assert Embedder(str(one)).fingerprint != Embedder(str(other)).fingerprint


def test_the_fingerprint_is_that_of_the_files_wherever_they_lie(tmp_path: Path, model: Path) -> None:
    shutil.copytree(model, tmp_path / "moved")
    (tmp_path / "moved" / "README.md").write_text("说明", "utf-8")
    assert Embedder(str(tmp_path / "moved")).fingerprint == Embedder(str(model)).fingerprint


def test_the_fusion_weight_is_read_from_the_folder(tmp_path: Path) -> None:
    folder = make_model(tmp_path / "model")
    assert Embedder(str(folder)).weight == 0.5
    (folder / "yinju.json").write_text('{"fusion_weight": 0.2}', "utf-8")
    assert Embedder(str(folder)).weight == 0.2


def test_a_missing_folder_is_refused_with_a_way_out(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="QA_MODEL"):
        Embedder(str(tmp_path / "nothing")).query("社区")


def test_a_broken_folder_is_refused_by_name(tmp_path: Path) -> None:
    folder = make_model(tmp_path / "model")
    (folder / "0_StaticEmbedding" / "model.safetensors").write_bytes(b"broken")
    with pytest.raises(ModelUnavailable, match="无法载入"):
        Embedder(str(folder)).query("社区")


def test_half_precision_weights_are_reckoned_with_in_single_precision(tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer

    folder = make_model(tmp_path / "half", dtype="float16")
    theirs = SentenceTransformer(str(folder), device="cpu").float().encode(list(SENTENCES))
    assert np.abs(Embedder(str(folder)).passages(SENTENCES) - theirs).max() < 1e-5
