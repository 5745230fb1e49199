"""The library for LangChain users: a retriever, a vector store and embeddings over the pipeline.

The one place that hands out LangChain objects; the product itself uses none. Importing it loads langchain-core (0.6 s).
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import uuid4

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document as LangChainDocument
from langchain_core.embeddings import Embeddings
from langchain_core.language_models import BaseChatModel
from langchain_core.retrievers import BaseRetriever
from langchain_core.vectorstores import VectorStore
from pydantic import ConfigDict

from qa.answering.chat_models import Message
from qa.errors import LanguageModelFailed, NotFound, Unreadable
from qa.indexing.embedding import Embedder
from qa.indexing.library import Library
from qa.pipeline import Pipeline
from qa.retrieval.explaining import explained
from qa.types import Document, Filters, Hit, Passage

if TYPE_CHECKING:
    from langchain_chroma import Chroma

COPIED_AT_ONCE = 1000


class PassageRetriever(BaseRetriever):
    """Finds passages as the product's own search does, lexical and vector side fused.

    >>> PassageRetriever(pipeline=pipeline, top_k=5).invoke("新开了多少家社区图书室？")
    """

    model_config: ClassVar[ConfigDict] = ConfigDict(arbitrary_types_allowed=True)

    pipeline: Pipeline
    top_k: int = 10
    filters: Filters = Filters()

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun | None = None
    ) -> list[LangChainDocument]:
        return [_of_hit(hit) for hit in self.pipeline.search(query, self.top_k, self.filters).hits]


class PassageEmbeddings(Embeddings):
    """The library's embedding model."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        rows: list[list[float]] = self._embedder.passages(texts).tolist()
        return rows

    def embed_query(self, text: str) -> list[float]:
        row: list[float] = self._embedder.query(text).tolist()
        return row


class LangChainChat:
    """A LangChain chat model that writes our answers, held to the claim gate like any other.

    >>> build(settings, model=LangChainChat(chat))
    """

    def __init__(self, chat: BaseChatModel) -> None:
        self.name = str(getattr(chat, "model_name", "") or type(chat).__name__)
        self._chat = chat

    def stream(self, messages: Sequence[Message], until: float) -> Iterator[str]:
        """The reply, piece by piece; between pieces it is given up at `until`. Raises LanguageModelFailed.

        A model that says nothing at all is bounded by its own timeout, which is set where it is made.
        """
        try:
            for piece in self._chat.stream([(message.role, message.text) for message in messages]):
                if time.monotonic() > until:
                    raise LanguageModelFailed("语言模型超时")
                yield str(piece.text)
        except (LanguageModelFailed, GeneratorExit):
            raise
        except Exception as error:  # whatever the provider's own library raises
            raise LanguageModelFailed("语言模型没有好好回应") from error


class LibraryStore(VectorStore):
    """The library as a LangChain vector store. Texts are taken in whole, cut and cited as any document.

    `similarity_search` searches as the product does; `similarity_search_by_vector` asks the vector side alone. Scores
    lie in 0-1, more is better.
    """

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline

    @property
    def embeddings(self) -> Embeddings:
        return PassageEmbeddings(self._pipeline.embedder)

    def add_texts(
        self, texts: Iterable[str], metadatas: list[dict[str, Any]] | None = None, *, ids: list[str] | None = None,
        **kwargs: Any,
    ) -> list[str]:  # fmt: skip
        """Take texts in; returns their documents' ids. Metadata: title, published, place, publisher.

        `ids` become external ids: a text with one that is known replaces it. Raises Unreadable.
        """
        held = list(texts)
        told = metadatas or [{} for _ in held]
        names = ids or [uuid4().hex for _ in held]
        return [
            one for text, about, name in zip(held, told, names, strict=True) for one in self._add(name, text, about)
        ]

    def delete(self, ids: list[str] | None = None, **kwargs: Any) -> bool:
        """Take documents out by id; False where one was not there."""
        known = True
        for document_id in ids or []:
            try:
                self._pipeline.library.delete(document_id)
            except NotFound:
                known = False
        return known

    def get_by_ids(self, ids: Sequence[str], /) -> list[LangChainDocument]:
        """Passages by id; those that are not there are left out."""
        library = self._pipeline.library
        return [_of(passage, library.document(passage.document_id)) for passage in library.get(ids).values()]

    def similarity_search(
        self, query: str, k: int = 4, filters: Filters | None = None, **kwargs: Any
    ) -> list[LangChainDocument]:
        return [document for document, _ in self.similarity_search_with_score(query, k, filters)]

    def similarity_search_with_score(
        self, query: str, k: int = 4, filters: Filters | None = None, **kwargs: Any
    ) -> list[tuple[LangChainDocument, float]]:
        return [(_of_hit(hit), hit.score) for hit in self._pipeline.search(query, k, filters or Filters()).hits]

    def similarity_search_by_vector(self, embedding: list[float], k: int = 4, **kwargs: Any) -> list[LangChainDocument]:
        import numpy as np

        near = self._pipeline.library.nearest(np.asarray(embedding, np.float32), k, None)
        return self.get_by_ids([passage_id for passage_id, _ in near])

    def _select_relevance_score_fn(self):  # type: ignore[no-untyped-def]
        return lambda score: score

    @classmethod
    def from_texts(
        cls, texts: list[str], embedding: Embeddings, metadatas: list[dict[str, Any]] | None = None, *,
        ids: list[str] | None = None, pipeline: Pipeline | None = None, **kwargs: Any,
    ) -> LibraryStore:  # fmt: skip
        """A store over `pipeline`, which must be given, with the texts taken in. Its own model embeds them."""
        if pipeline is None:
            raise TypeError("from_texts needs pipeline=, the library that is to hold the texts")
        store = cls(pipeline)
        store.add_texts(texts, metadatas, ids=ids)
        return store

    def _add(self, name: str, text: str, about: dict[str, Any]) -> tuple[str, ...]:
        result = self._pipeline.add_text(
            name, about.get("title"), text, about.get("published"), about.get("place"), about.get("publisher")
        )
        if result.status == "refused":
            raise Unreadable(result.detail or f"{name} 没有被收入", code=result.code)
        return result.document_ids


def copy_to_chroma(library: Library, embedder: Embedder, folder: Path) -> Chroma:
    """A langchain-chroma store in a folder of its own, holding every passage with its text, vector and source.

    For programs that want that store. A copy: later changes of the library do not reach it. Nothing is embedded again.
    """
    from langchain_chroma import Chroma

    store = Chroma("passages", PassageEmbeddings(embedder), str(folder), collection_metadata={"hnsw:space": "cosine"})
    after: tuple[int, ...] | None = None
    while True:
        listed, _, after = library.documents(100, after)
        for row in listed:
            _copy(library, row.document, store)
        if after is None:
            return store


def _copy(library: Library, document: Document, store: Chroma) -> None:
    held = library.passages_of(document.id)
    for at in range(0, len(held), COPIED_AT_ONCE):
        some = held[at : at + COPIED_AT_ONCE]
        store._collection.upsert(  # its own add_texts would embed the texts again
            ids=[passage.id for passage in some],
            documents=[passage.text for passage in some],
            embeddings=library.vectors_of([passage.id for passage in some]),
            metadatas=[_metadata(passage, document) for passage in some],
        )


def _of_hit(hit: Hit) -> LangChainDocument:
    return _of(hit.passage, hit.document, score=hit.score, why=explained(hit.why))


def _of(passage: Passage, document: Document, **more: float | str) -> LangChainDocument:
    return LangChainDocument(id=passage.id, page_content=passage.text, metadata=_metadata(passage, document) | more)


def _metadata(passage: Passage, document: Document) -> dict[str, str | int | float]:
    """What a citation needs; offsets count characters of the document's text. Unknown fields are left out."""
    said: dict[str, str | int | float | None] = {
        "document_id": document.id,
        "title": document.title,
        "heading": " > ".join(passage.heading),
        "start": passage.start,
        "end": passage.end,
        "place": document.place,
        "level": document.level,
        "kind": document.kind,
        "published": document.published,
        "publisher": document.publisher,
        "page": document.page,
        "source": document.file,
        "external_id": document.external_id,
    }
    return {name: value for name, value in said.items() if value is not None and value != ""}
