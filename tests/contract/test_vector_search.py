"""What Chroma and the exact search both promise: one contract, the same tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from qa.indexing.vectors import ExactVectors, VectorIndex, VectorSearch

NOTHING = np.zeros(0, np.int64), np.zeros((0, 4), np.float32)


@pytest.fixture(params=["chroma", "exact"])
def vectors(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[VectorSearch]:
    made: VectorSearch = VectorIndex(tmp_path / "index") if request.param == "chroma" else ExactVectors(*NOTHING)
    yield made
    made.close()


def rows(*of: tuple[float, ...]) -> np.ndarray:
    held = np.array(of, np.float32)
    norms = np.linalg.norm(held, axis=1, keepdims=True)
    return held / np.where(norms == 0, 1, norms)


def three(vectors: VectorSearch) -> None:
    vectors.change((), np.array([1, 2, 3]), rows((1, 0, 0, 0), (1, 1, 0, 0), (0, 0, 1, 0)))


def test_the_nearest_comes_first_with_its_cosine(vectors: VectorSearch) -> None:
    three(vectors)
    found = vectors.nearest(rows((1, 0.1, 0, 0))[0], 2)
    assert [number for number, _ in found] == [1, 2]
    assert found[0][1] == pytest.approx(1 / np.sqrt(1.01), abs=1e-5)


def test_no_more_than_asked_for_are_found(vectors: VectorSearch) -> None:
    three(vectors)
    assert len(vectors.nearest(rows((1, 0, 0, 0))[0], 1)) == 1
    assert vectors.nearest(rows((1, 0, 0, 0))[0], 0) == []


def test_fewer_than_asked_for_are_no_error(vectors: VectorSearch) -> None:
    three(vectors)
    assert len(vectors.nearest(rows((1, 0, 0, 0))[0], 50)) == 3


def test_an_empty_index_finds_nothing(vectors: VectorSearch) -> None:
    assert vectors.nearest(rows((1, 0, 0, 0))[0], 5) == []


def test_a_zero_question_finds_nothing(vectors: VectorSearch) -> None:
    three(vectors)
    assert vectors.nearest(np.zeros(4, np.float32), 5) == []


def test_zero_vectors_are_not_taken_in(vectors: VectorSearch) -> None:
    vectors.change((), np.array([1, 2]), rows((0, 0, 0, 0), (1, 0, 0, 0)))
    assert vectors.numbers() == {2}


def test_what_is_gone_is_not_found(vectors: VectorSearch) -> None:
    three(vectors)
    vectors.change([1], *NOTHING)
    assert [number for number, _ in vectors.nearest(rows((1, 0, 0, 0))[0], 5)] == [2, 3]
    assert vectors.count == 2


def test_taking_out_what_is_not_there_changes_nothing(vectors: VectorSearch) -> None:
    three(vectors)
    vectors.change([99], *NOTHING)
    assert vectors.numbers() == {1, 2, 3}


def test_a_number_that_comes_again_has_its_new_vector(vectors: VectorSearch) -> None:
    three(vectors)
    vectors.change((), np.array([1]), rows((0, 0, 0, 1)))
    assert vectors.nearest(rows((0, 0, 0, 1))[0], 1)[0][0] == 1
    assert vectors.count == 3


def test_large_changes_are_taken_whole(vectors: VectorSearch) -> None:
    made = np.random.default_rng(1).normal(size=(2500, 4)).astype(np.float32)
    vectors.change((), np.arange(2500), made / np.linalg.norm(made, axis=1, keepdims=True))
    assert vectors.count == 2500
    vectors.change(range(2400), *NOTHING)
    assert vectors.numbers() == set(range(2400, 2500))


def test_what_lies_in_files_is_found_like_the_rest(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("qa.indexing.vectors.BLOCK", 2)
    paged = ExactVectors(*NOTHING, tmp_path)
    for number in (1, 2, 3, 4, 5):
        paged.change((), np.array([number]), rows((1, number, 0, 0)))
    paged.change([3], np.array([2]), rows((0, 0, 1, 0)))
    assert [number for number, _ in paged.nearest(rows((1, 0, 0, 0))[0], 9)] == [1, 4, 5, 2]
    assert [number for number, _ in paged.nearest(rows((1, 0, 0, 0))[0], 1, among=(4, 5))] == [4]
