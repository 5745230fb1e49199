"""A cross-encoder looks at the best hits again; its word is weighed, not the last one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from qa.errors import ModelUnavailable
from qa.indexing.library import Library
from qa.retrieval.reranking import CrossEncoderReranker
from qa.retrieval.searching import Searcher
from tests.unit.indexing.fixtures import data, embedder, library, model, tokens
from tests.unit.indexing.making import SENTENCES, make_reading, store
from tests.unit.indexing.transformers_making import make_cross_encoder

__all__ = ["data", "embedder", "library", "model", "tokens"]
QUESTION = "新开的社区图书室有多少家？"


class LikesWord:
    """A reranker that likes one word only; remembers what it was asked."""

    model = "likes-word"

    def __init__(self, word: str, weight: float) -> None:
        self.word, self.weight = word, weight
        self.asked: list[str] = []

    def scores(self, question: str, passages: Sequence[str]) -> np.ndarray:
        self.asked.append(question)
        return np.array([float(self.word in passage) for passage in passages], np.float32)


@pytest.fixture
def filled(library: Library, embedder) -> Library:
    store(library, embedder, make_reading(*SENTENCES))
    return library


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_cross_encoder(tmp_path_factory.mktemp("cross"))


def first(library: Library, tokens, reranker) -> str:
    searcher = Searcher(library, tokens, reranker=reranker)
    return searcher.search(searcher.understand(QUESTION), 5)[0].passage.text


def test_a_strong_word_of_the_reranker_changes_the_order(filled, tokens) -> None:
    assert first(filled, tokens, None) == SENTENCES[0]
    assert "白鹭" in first(filled, tokens, LikesWord("白鹭", 5.0))


def test_a_weak_word_does_not(filled, tokens) -> None:
    assert first(filled, tokens, LikesWord("白鹭", 0.01)) == SENTENCES[0]


def test_its_part_in_the_order_can_be_seen(filled, tokens) -> None:
    searcher = Searcher(filled, tokens, reranker=LikesWord("白鹭", 1.0))
    hits = searcher.search(searcher.understand(QUESTION), 5)
    assert max(hits, key=lambda hit: hit.why["reranker"]).passage.text == SENTENCES[2]


def test_the_weight_that_was_fitted_on_the_library_goes_before_its_own(filled, tokens) -> None:
    filled.models.set_weight_of("likes-word", 0.01)
    assert first(filled, tokens, LikesWord("白鹭", 5.0)) == SENTENCES[0]


def test_a_weight_of_none_reads_nothing(filled, tokens) -> None:
    filled.models.set_weight_of("likes-word", 0.0)
    reranker = LikesWord("白鹭", 1.0)
    first(filled, tokens, reranker)
    assert reranker.asked == []


def test_headings_are_searched_without_it(filled, tokens) -> None:
    reranker = LikesWord("白鹭", 1.0)
    searcher = Searcher(filled, tokens, reranker=reranker)
    searcher.search(searcher.understand("概况"), 5, within="headings")
    assert reranker.asked == []


def test_a_cross_encoder_scores_as_sentence_transformers_does(folder: Path) -> None:
    from sentence_transformers import CrossEncoder

    theirs = CrossEncoder(str(folder), device="cpu").predict([(QUESTION, one) for one in SENTENCES])
    assert np.allclose(CrossEncoderReranker(str(folder)).scores(QUESTION, SENTENCES), theirs, atol=1e-5)


def test_its_weight_is_read_from_its_folder(tmp_path: Path) -> None:
    assert CrossEncoderReranker(str(tmp_path)).weight == 1.0
    (tmp_path / "yinju.json").write_text(json.dumps({"reranking_weight": 0.4}), "utf-8")
    assert CrossEncoderReranker(str(tmp_path)).weight == 0.4


def test_a_folder_that_is_no_model_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="QA_RERANKER"):
        CrossEncoderReranker(str(tmp_path)).scores(QUESTION, SENTENCES)
