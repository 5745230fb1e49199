"""Gradient-boosted trees, evaluated with numpy: no training library at run time.

A forest is five arrays (trees, nodes): the feature and threshold of a split, its two children, and a leaf's value.
`training/picker.py` writes them out of LightGBM; both give the same numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

LEAF = -1
SHIPPED = Path(__file__).resolve().parent.parent / "models" / "yinju-picker-zh" / "trees.npz"


@dataclass(frozen=True)
class Forest:
    """`feature` is LEAF where a node is a leaf; `names` are the columns that the trees were learned from."""

    feature: np.ndarray
    threshold: np.ndarray
    left: np.ndarray
    right: np.ndarray
    value: np.ndarray
    names: tuple[str, ...]

    @classmethod
    def load(cls, path: Path) -> Forest:
        with np.load(path) as stored:
            arrays = {name: stored[name] for name in ("feature", "threshold", "left", "right", "value")}
            return cls(**arrays, names=tuple(str(name) for name in stored["names"]))

    def save(self, path: Path) -> None:
        arrays = {name: getattr(self, name) for name in ("feature", "threshold", "left", "right", "value")}
        np.savez_compressed(path, names=np.array(self.names), **arrays)

    def predict(self, rows: np.ndarray) -> np.ndarray:
        """The sum of the trees' leaves for each row of features, float64 (rows,)."""
        trees = np.arange(len(self.feature))[None, :]
        each = np.arange(len(rows))[:, None]
        node = np.zeros((len(rows), len(self.feature)), np.int64)
        while True:
            feature = self.feature[trees, node]
            inner = feature != LEAF
            if not inner.any():
                result: np.ndarray = self.value[trees, node].sum(1)
                return result
            goes_left = rows[each, np.maximum(feature, 0)] <= self.threshold[trees, node]
            child = np.where(goes_left, self.left[trees, node], self.right[trees, node])
            node = np.where(inner, child, node)


@cache
def shipped() -> Forest | None:
    """The trees of the repository, None where they were taken out."""
    return Forest.load(SHIPPED) if SHIPPED.is_file() else None
