"""The weight of the vectors, fitted on questions that the library itself gives."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
import pytest

from qa.indexing.library import Library
from qa.retrieval.searching import Searcher
from qa.retrieval.tuning import FEWEST, make_questions, tune, tune_reranker
from tests.unit.indexing.fixtures import data, embedder, library, model, tokens
from tests.unit.indexing.making import SENTENCES, make_reading, store

__all__ = ["data", "embedder", "library", "model", "tokens"]
PLACES = ("青屿市", "柳溪县", "桐湾区", "澄江市", "松岭县", "白沙区", "云泽省", "雁门镇")


@pytest.fixture
def filled(library: Library, embedder) -> Library:
    for number, place in enumerate(PLACES):
        sentences = [f"{place}{sentence}" for sentence in SENTENCES]
        reading = make_reading(*sentences, title=f"{place}年报", place=place)
        store(library, embedder, reading, f"{number}.txt")
    return library


def test_questions_are_the_same_for_the_same_library(filled, tokens):
    one, other = (make_questions(filled, tokens, random.Random(0)) for _ in range(2))
    assert one == other
    assert len(one) >= FEWEST


def test_a_number_becomes_how_many(filled, tokens):
    asked = [one.text for one in make_questions(filled, tokens, random.Random(0)) if "318" in one.sentence]
    assert asked
    assert all("多少" in text and "318" not in text for text in asked)


def test_a_question_is_answered_by_the_passage_it_was_made_of(filled, tokens):
    searcher = Searcher(filled, tokens)
    questions = [one for one in make_questions(filled, tokens, random.Random(0)) if one.sentence][:10]
    found = [one.answered_by(hit) for one in questions for hit in searcher.search(searcher.understand(one.text), 40)]
    assert any(found)


def test_tuning_tells_what_the_held_out_questions_say_before_and_after(filled, tokens):
    *_, (done, total, tuned) = tune(filled, tokens, Searcher(filled, tokens).weighing)
    assert done == total
    assert tuned is not None
    assert tuned.weight_before == 0.5
    assert 0 <= tuned.before.first <= tuned.before.first_five <= 1
    assert tuned.after.reciprocal >= tuned.before.reciprocal - 0.2


def test_a_model_that_knows_nothing_loses_weight(filled, tokens):
    *_, (_, _, tuned) = tune(filled, tokens, Searcher(filled, tokens).weighing)
    assert tuned is not None
    assert tuned.weight <= tuned.weight_before  # random vectors of single characters


class LikesShort:
    """A reranker that knows nothing of questions; counts the pairs that it reads."""

    model, weight = "likes-short", 3.0

    def __init__(self) -> None:
        self.read: list[tuple[str, str]] = []

    def scores(self, question: str, passages: Sequence[str]) -> np.ndarray:
        self.read += [(question, passage) for passage in passages]
        return -np.array([len(passage) for passage in passages], np.float32)


def test_a_reranker_that_knows_nothing_loses_weight(filled, tokens):
    *_, (_, _, tuned) = tune_reranker(filled, tokens, Searcher(filled, tokens, reranker=LikesShort()))
    assert tuned is not None
    assert (tuned.what, tuned.weight_before) == ("reranker", 3.0)
    assert tuned.weight < 1


def test_a_reranker_reads_each_pair_once_whatever_the_weights(filled, tokens):
    reranker = LikesShort()
    list(tune_reranker(filled, tokens, Searcher(filled, tokens, reranker=reranker)))
    assert len(reranker.read) == len(set(reranker.read)) > 0


def test_without_a_reranker_there_is_none_to_tune(filled, tokens):
    assert list(tune_reranker(filled, tokens, Searcher(filled, tokens))) == []


def test_a_library_of_a_few_sentences_is_left_alone(library, embedder, tokens):
    store(library, embedder, make_reading(*SENTENCES))
    assert list(tune(library, tokens, Searcher(library, tokens).weighing)) == []
