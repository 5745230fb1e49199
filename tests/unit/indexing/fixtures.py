"""Fixtures for every test that needs a library; conftest files import them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from qa.indexing.embedding import Embedder
from qa.indexing.library import Library
from qa.indexing.tokens import Tokens
from tests.unit.indexing.making import make_model


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_model(tmp_path_factory.mktemp("model"))


@pytest.fixture(scope="session")
def embedder(model: Path) -> Embedder:
    return Embedder(str(model))


@pytest.fixture(scope="session")
def tokens() -> Tokens:
    return Tokens()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "library"


@pytest.fixture
def library(data: Path, embedder: Embedder, tokens: Tokens) -> Iterator[Library]:
    opened = Library.open(data, embedder, tokens)
    yield opened
    opened.close()
