"""Arrays that need not stay in memory: pages of a file, which the system drops when it needs room and reads again."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np


def paged(folder: Path, values: np.ndarray) -> np.ndarray:
    """The same values, not to be written to, in a file in `folder` that has no name and goes with them."""
    if not values.size:
        return values
    with tempfile.TemporaryFile(dir=folder) as file:
        file.write(values.tobytes())
        file.flush()
        return np.asarray(np.memmap(file, values.dtype, "r", shape=values.shape))
