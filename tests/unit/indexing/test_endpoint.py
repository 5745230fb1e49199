"""Vectors from an endpoint: asked in batches, again where it is busy, and never believed without a look."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from qa.errors import ModelUnavailable, ModelUnreachable
from qa.indexing.embedding import Embedder
from qa.indexing.endpoint import EndpointEncoder
from qa.indexing.library import Library
from qa.indexing.tokens import Tokens
from tests.unit.indexing.endpoints import DIMENSION, Endpoint, endpoint, vector_of
from tests.unit.indexing.making import SENTENCES, make_reading, store


@pytest.fixture
def served() -> Iterator[Endpoint]:
    with endpoint() as running:
        yield running


@pytest.fixture
def pauses() -> list[float]:
    return []


@pytest.fixture
def encoder(served: Endpoint, pauses: list[float]) -> EndpointEncoder:
    return EndpointEncoder("小模型", served.address, "密钥".encode().hex(), pauses.append)


def test_its_vectors_are_made_unit(encoder: EndpointEncoder) -> None:
    wanted = np.array(vector_of(SENTENCES[0]))
    assert np.allclose(encoder.encode([SENTENCES[0]])[0], wanted / np.linalg.norm(wanted), atol=1e-6)


def test_many_texts_go_in_batches_and_come_back_in_order(served: Endpoint, encoder: EndpointEncoder) -> None:
    texts = [f"第{number}号社区图书室" for number in range(70)]
    rows = encoder.encode(texts)
    assert [len(body["input"]) for body in served.asked] == [32, 32, 6]
    assert np.allclose(rows[69], encoder.encode([texts[69]])[0], atol=1e-6)


def test_a_reply_out_of_order_is_put_in_order(served: Endpoint, encoder: EndpointEncoder) -> None:
    served.spoil = "backwards"
    rows = encoder.encode(list(SENTENCES[:2]))
    assert np.allclose(rows[0], encoder.encode([SENTENCES[0]])[0], atol=1e-6)


def test_the_length_of_a_vector_is_learned_from_the_first_reply(served: Endpoint, encoder: EndpointEncoder) -> None:
    assert encoder.dimension == DIMENSION
    assert len(served.asked) == 1


def test_an_empty_text_is_not_sent(served: Endpoint, encoder: EndpointEncoder) -> None:
    rows = encoder.encode(["", SENTENCES[0]])
    assert not rows[0].any()
    assert [body["input"] for body in served.asked] == [[SENTENCES[0]]]


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_endpoint_is_asked_again_after_growing_pauses(
    served: Endpoint, encoder: EndpointEncoder, pauses: list[float], status: int
) -> None:
    served.failing = [status] * 3
    assert encoder.encode(list(SENTENCES)).shape == (len(SENTENCES), DIMENSION)
    assert len(pauses) == 3
    assert pauses[0] < pauses[2]


def test_an_endpoint_that_stays_busy_is_given_up(served: Endpoint, encoder: EndpointEncoder) -> None:
    served.failing = [503] * 20
    with pytest.raises(ModelUnreachable, match="503"):
        encoder.encode(list(SENTENCES))
    assert len(served.asked) == 6


def test_a_question_is_asked_twice_at_most(served: Endpoint, encoder: EndpointEncoder) -> None:
    served.failing = [503] * 20
    with pytest.raises(ModelUnreachable):
        encoder.encode([SENTENCES[0]])
    assert len(served.asked) == 2


@pytest.mark.parametrize(("status", "told"), [(401, "QA_MODEL_KEY"), (404, "QA_MODEL_URL"), (400, "拒绝")])
def test_a_refusal_is_told_at_once(
    served: Endpoint, encoder: EndpointEncoder, pauses: list[float], status: int, told: str
) -> None:
    served.failing = [status]
    with pytest.raises(ModelUnavailable, match=told):
        encoder.encode([SENTENCES[0]])
    assert pauses == []


def test_an_endpoint_that_is_not_there_is_told_by_its_address() -> None:
    with pytest.raises(ModelUnreachable, match=r"127\.0\.0\.1:9.*没有回应"):
        EndpointEncoder("小模型", "http://127.0.0.1:9/v1", pause=lambda _: None).encode(["社区"])


@pytest.mark.parametrize("spoil", ["one too few", "not a number"])
def test_a_reply_that_is_wrong_is_refused(served: Endpoint, encoder: EndpointEncoder, spoil: str) -> None:
    served.spoil = spoil
    with pytest.raises(ModelUnavailable, match="答复"):
        encoder.encode(list(SENTENCES))


def test_vectors_that_change_their_length_are_refused(served: Endpoint, encoder: EndpointEncoder) -> None:
    encoder.encode([SENTENCES[0]])
    served.dimension = 4
    with pytest.raises(ModelUnavailable, match="原来 8，现在 4"):
        encoder.encode([SENTENCES[0]])


def test_the_key_is_sent_and_never_shown(served: Endpoint, encoder: EndpointEncoder) -> None:
    encoder.encode([SENTENCES[0]])
    assert served.keys == [f"Bearer {'密钥'.encode().hex()}"]


@pytest.mark.parametrize(("model", "url"), [("openai-embedding:", ""), ("openai-embedding:m", "127.0.0.1:8000")])
def test_a_setting_without_a_name_or_with_half_an_address_is_refused(model: str, url: str) -> None:
    with pytest.raises(ModelUnavailable, match="QA_MODEL_URL"):
        Embedder(model, url).query("社区")


def test_its_fingerprint_is_known_without_asking_it() -> None:
    one, other = (Embedder("openai-embedding:bge-m3", f"http://127.0.0.1:{port}/v1") for port in (1, 2))
    assert one.fingerprint == "bge-m3@http://127.0.0.1:1/v1"
    assert one.fingerprint != other.fingerprint


def test_prompts_of_the_family_are_sent(served: Endpoint) -> None:
    embedder = Embedder("openai-embedding:bge-base-zh-v1.5", served.address)
    embedder.query("社区图书室有多少家？")
    embedder.passages(["社区图书室318家。", "河道十二公里。"])
    assert [body["input"] for body in served.asked] == [
        ["为这个句子生成表示以用于检索相关文章：社区图书室有多少家？"],
        ["社区图书室318家。", "河道十二公里。"],
    ]


def test_the_same_question_is_sent_once(served: Endpoint) -> None:
    embedder = Embedder("openai-embedding:m", served.address)
    assert np.array_equal(embedder.query("社区"), embedder.query("社区"))
    assert len(served.asked) == 1


def test_words_find_passages_while_it_does_not_answer(data: Path, tokens: Tokens, served: Endpoint) -> None:
    from qa.retrieval.searching import Searcher

    embedder = Embedder("openai-embedding:m", served.address)
    library = Library.open(data, embedder, tokens)
    store(library, embedder, make_reading(*SENTENCES))
    served.failing = [503, 503]
    searcher = Searcher(library, tokens)
    assert SENTENCES[0] in [hit.passage.text for hit in searcher.search(searcher.understand("新开社区图书室"), 5)]
    library.close()
