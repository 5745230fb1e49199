"""The library's fixtures."""

from tests.unit.indexing.fixtures import data, embedder, library, model, tokens

__all__ = ["data", "embedder", "library", "model", "tokens"]
