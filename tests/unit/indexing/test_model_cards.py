"""Prompts: a model's own first, then those that its card asks for."""

from __future__ import annotations

import pytest

from qa.indexing.model_cards import Prompts, cards, prompts_of

BGE = "为这个句子生成表示以用于检索相关文章："


@pytest.mark.parametrize(
    "model",
    [
        "BAAI/bge-base-zh-v1.5",
        "bge-large-zh-v1.5",
        "/模型/bge-small-zh",
        "openai-embedding:bge-base-zh-v1.5",
        "/缓存/models--BAAI--bge-base-zh-v1.5/snapshots/0123abcd",
    ],
)
def test_bge_wants_a_prompt_before_questions_by_whatever_name_it_goes(model: str) -> None:
    assert prompts_of(model, {}) == Prompts(BGE, "")


@pytest.mark.parametrize(
    "model",
    [
        "BAAI/bge-m3",
        "maidalun1020/bce-embedding-base_v1",
        "moka-ai/m3e-base",
        "thenlper/gte-base-zh",
        "shibing624/text2vec-base-chinese",
    ],
)
def test_models_that_ask_for_none_are_given_none(model: str) -> None:
    assert prompts_of(model, {}) == Prompts()


def test_e5_wants_one_before_passages_too() -> None:
    assert prompts_of("intfloat/multilingual-e5-base", {}) == Prompts("query: ", "passage: ", passage_is_ours=True)


def test_qwen_is_given_its_instruction() -> None:
    assert prompts_of("Qwen/Qwen3-Embedding-0.6B", {}).query.startswith("Instruct: ")


def test_what_the_folder_says_goes_before_the_family() -> None:
    config = {"prompts": {"query": "问：", "document": ""}}
    assert prompts_of("Qwen/Qwen3-Embedding-0.6B", config) == Prompts("问：", "")


def test_empty_prompts_of_a_folder_leave_the_word_to_the_family() -> None:
    assert prompts_of("BAAI/bge-base-zh-v1.5", {"prompts": {"query": "", "document": ""}}).query == BGE


def test_every_card_says_what_one_needs_to_know() -> None:
    for card in cards():
        assert card.name and card.licence and card.needs and card.kind in ("embedding", "reranker")
        assert bool(card.dimension) == (card.kind == "embedding")
