"""build(settings): the one file that names the concrete classes together."""

from __future__ import annotations

from qa.answering.answerer import Answerer
from qa.answering.chat_models import ChatModel, chat_model
from qa.answering.claim_gate import ClaimGate
from qa.answering.trees import shipped as shipped_trees
from qa.answering.writing import Writer
from qa.checking.checker import Checker
from qa.config import Settings
from qa.indexing.embedding import Embedder
from qa.indexing.library import Library
from qa.indexing.tokens import Tokens
from qa.pipeline import Pipeline
from qa.retrieval.quoting import Finder
from qa.retrieval.reader import shipped as shipped_reader
from qa.retrieval.reranking import CrossEncoderReranker
from qa.retrieval.searching import Searcher


def build(settings: Settings, address: str = "", model: ChatModel | None = None) -> Pipeline:
    """Open the library of `settings.data` and put the pipeline together over it.

    `address` is where this process will serve, for others to find; `model` writes in place of the one that
    `settings.llm` names. Raises LibraryInUse, LibraryDamaged, ModelUnavailable, SettingsInvalid.
    """
    if model is None and settings.llm:
        model = chat_model(settings.llm, settings.llm_url, settings.llm_key)
    tokens = Tokens()

    def embedder(name: str) -> Embedder:
        return Embedder(name, settings.model_url, settings.model_key)

    wanted = embedder(settings.model) if settings.model else None  # goes before what was chosen for the library
    library = Library.open(settings.data, wanted, tokens, address, embedder)
    writer = Writer(model, ClaimGate(tokens, library.idf), settings.llm_seconds) if model else None
    reader = shipped_reader()
    checker = Checker(Searcher(library, tokens), tokens, Finder(library))  # a draft's sentences need no reading
    answerer = Answerer(library, tokens, writer, reader, shipped_trees())
    reranker = CrossEncoderReranker(settings.reranker) if settings.reranker else None
    return Pipeline(library, Searcher(library, tokens, reader, reranker), answerer, checker)
