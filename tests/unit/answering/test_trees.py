"""The trees give LightGBM's own numbers without LightGBM."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from qa.answering.features import NAMES
from qa.answering.trees import LEAF, SHIPPED, Forest

# Made once by `training.picker.exported` from LightGBM 4.7, with rows drawn at random and its own predictions.
TOLD = Path(__file__).with_name("lightgbm_trees.npz")


def forest(threshold: float = 0.5) -> Forest:
    """One tree: 1 up to the threshold in the second feature, 2 beyond it; and one tree that is a leaf of 10."""
    return Forest(
        feature=np.array([[1, LEAF, LEAF], [LEAF, LEAF, LEAF]]),
        threshold=np.array([[threshold, 0, 0], [0.0, 0, 0]]),
        left=np.array([[1, 0, 0], [0, 0, 0]]),
        right=np.array([[2, 0, 0], [0, 0, 0]]),
        value=np.array([[0.0, 1, 2], [10.0, 0, 0]]),
        names=("甲", "乙"),
    )


@pytest.mark.parametrize(("held", "score"), [(0.4, 11.0), (0.5, 11.0), (0.6, 12.0)])
def test_a_row_goes_left_up_to_the_threshold(held: float, score: float) -> None:
    assert forest().predict(np.array([[9.0, held]])).tolist() == [score]


def test_no_rows_have_no_scores() -> None:
    assert forest().predict(np.zeros((0, 2))).shape == (0,)


def test_a_forest_is_read_as_it_was_saved(tmp_path) -> None:  # type: ignore[no-untyped-def]
    forest().save(tmp_path / "trees.npz")
    rows = np.random.default_rng(1).random((5, 2))
    assert np.array_equal(Forest.load(tmp_path / "trees.npz").predict(rows), forest().predict(rows))


def test_trees_out_of_lightgbm_score_as_they_did_there() -> None:
    with np.load(TOLD) as told:
        assert np.allclose(Forest.load(TOLD).predict(told["rows"]), told["scores"])


def test_the_shipped_trees_look_at_the_features_that_are_measured() -> None:
    assert Forest.load(SHIPPED).names == NAMES


def test_the_shipped_trees_stay_under_two_megabytes() -> None:
    assert SHIPPED.stat().st_size < 2_000_000
