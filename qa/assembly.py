"""build(settings): the one file that names the concrete classes together."""

from __future__ import annotations

from qa.answering.answerer import Answerer
from qa.config import Settings
from qa.indexing.embedding import Embedder
from qa.indexing.library import Library
from qa.indexing.tokens import Tokens
from qa.pipeline import Pipeline
from qa.retrieval.searching import Searcher


def build(settings: Settings, address: str = "") -> Pipeline:
    """Open the library of `settings.data` and put the pipeline together over it.

    `address` is where this process will serve, for others to find. Raises LibraryInUse, LibraryDamaged,
    ModelUnavailable.
    """
    tokens = Tokens()
    embedder = Embedder(settings.model)
    library = Library.open(settings.data, embedder, tokens, address)
    return Pipeline(library, embedder, Searcher(library, embedder, tokens), Answerer(library, tokens))
