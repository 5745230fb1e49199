"""The reader that is run without torch gives the trained network's numbers, and finds where an answer stands."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from qa.retrieval.reader import WEIGHTS, Read, Reader, lexicon

QUESTION = "青屿市去年新添了多少条渡船？"
PASSAGES = [
    ("青屿市渡口综述", "渡口管理所今年换了所长。2023年，全市新添渡船6条，末班船延到20点。读者来信很多。"),
    ("柳溪县茶园", "柳溪县的茶园有2.3万亩，“云雾”茶两次获奖。"),
]


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


def test_the_numbers_are_those_of_the_trained_network(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    from training import reader as training

    torch.manual_seed(3)
    network = training.Network(256, 16, 0.1).eval()
    training.save(network, tmp_path)
    with np.load(tmp_path / "weights.npz") as stored:  # halves were saved
        network.load_state_dict({name: torch.from_numpy(stored[name].astype(np.float32)) for name in stored.files})
    pieces = [training.Piece("d", 0, text, context, text) for context, text in PASSAGES]
    batches = training.Batches(lexicon(), pieces, training.Recipe())
    asked = training.Example(QUESTION, 0, 0, 1, (0, 1), ())
    with torch.no_grad():
        start, _, none = network(*batches.pad([batches.input(asked, at) for at in (0, 1)]))
    read = Reader(tmp_path / "weights.npz").read(QUESTION, PASSAGES)
    assert np.allclose(read[0].start, start[0, : len(read[0].start)], atol=1e-4)
    assert np.allclose(read[1].start, start[1, : len(read[1].start)], atol=1e-4)
    assert np.isclose(read[0].none, none[0], atol=1e-4)


def test_the_passage_that_answers_is_the_likelier(reader: Reader) -> None:
    first, second = reader.read(QUESTION, PASSAGES)
    assert first.mass() > second.mass()


def test_the_answer_is_marked_in_its_sentence(reader: Reader) -> None:
    text = PASSAGES[0][1]
    _, start, end = reader.read(QUESTION, PASSAGES)[0].best(0, len(text))
    assert "6条" in text[start:end]


def test_a_passage_is_read_the_same_alone_and_among_others(reader: Reader) -> None:
    together, alone = reader.read(QUESTION, PASSAGES)[1], Reader().read(QUESTION, PASSAGES[1:])[0]
    assert np.allclose(together.start, alone.start, atol=1e-4)


def test_a_question_in_traditional_script_is_read_the_same(reader: Reader) -> None:
    plain, other = (reader.read(question, PASSAGES)[0] for question in (QUESTION, "青嶼市去年新添了多少條渡船？"))
    assert np.allclose(plain.start, other.start, atol=1e-4)


@pytest.mark.parametrize("text", ["", "  ", "🙂"])
def test_what_holds_no_words_is_read_without_failing(reader: Reader, text: str) -> None:
    assert len(reader.read(text, [("", text), ("题", "云泽省开了书店。")])) == 2


def test_nothing_is_read_of_no_passage(reader: Reader) -> None:
    assert reader.read(QUESTION, []) == []


def test_a_span_that_holds_no_token_has_no_answer() -> None:
    read = Read(np.array([[0, 2]]), np.array([1.0]), np.array([1.0]), 0.0, 0.0, 0.0)
    assert read.best(5, 9) == (-np.inf, 5, 5)


def test_the_weights_stay_under_two_megabytes() -> None:
    assert WEIGHTS.stat().st_size < 2_000_000


def test_the_card_credits_what_it_learned_from() -> None:
    card = WEIGHTS.with_name("README.md").read_text("utf-8")
    assert "CMRC 2018" in card and "CC BY-SA 4.0" in card
