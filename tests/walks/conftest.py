"""The sample library, read once; small libraries of one's own; the answers to every sample question."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from qa.assembly import build
from qa.config import Settings
from qa.pipeline import Pipeline
from qa.types import Answer
from tests.walks.asking import QUESTIONS, SEEDS, ask, read_folder


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pipeline]:
    """The library of `seeds/`. No test changes it."""
    pipeline = build(Settings(seeds=SEEDS, data=tmp_path_factory.mktemp("sample")))
    read_folder(pipeline, SEEDS)
    yield pipeline
    pipeline.library.close()


@pytest.fixture(scope="session")
def answers(sample: Pipeline) -> dict[str, Answer]:
    """The answer to each sample question, by its id."""
    return {row["id"]: ask(sample, row) for row in QUESTIONS}


@pytest.fixture
def pipeline(tmp_path: Path) -> Iterator[Pipeline]:
    """An empty library that a test may change."""
    opened = build(Settings(data=tmp_path / "库"))
    yield opened
    opened.library.close()


@pytest.fixture
def folder(tmp_path: Path) -> Callable[..., Path]:
    """Makes a folder of files: `folder("资料", {"一.txt": "…"})`."""

    def make(name: str, files: dict[str, str | bytes]) -> Path:
        made = tmp_path / name
        made.mkdir(exist_ok=True)
        for path, text in files.items():
            (made / path).parent.mkdir(parents=True, exist_ok=True)
            (made / path).write_bytes(text if isinstance(text, bytes) else text.encode())
        return made

    return make
