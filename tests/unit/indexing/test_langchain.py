"""What LangChain users get: a retriever, a vector store, embeddings, and a copy for langchain-chroma."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from qa.assembly import build
from qa.config import Settings
from qa.errors import Unreadable
from qa.langchain import LibraryStore, PassageEmbeddings, PassageRetriever, copy_to_chroma
from qa.pipeline import Pipeline
from qa.types import Filters
from tests.unit.indexing.making import SENTENCES


@pytest.fixture
def pipeline(data: Path, model: Path) -> Iterator[Pipeline]:
    made = build(Settings(data=data, model=str(model)))
    made.add_text("e-1", "云泽省图书馆年报", SENTENCES[0] + SENTENCES[4], "2025-02", "云泽省", None)
    made.add_text("e-2", "柳溪县河道", SENTENCES[2] + SENTENCES[5], "2024", "云泽省柳溪县", None)
    yield made
    made.library.close()


def test_the_retriever_finds_what_the_search_finds(pipeline: Pipeline) -> None:
    found = PassageRetriever(pipeline=pipeline, top_k=3).invoke("新开了多少家社区图书室？")
    hits = pipeline.search("新开了多少家社区图书室？", 3).hits
    assert [document.id for document in found] == [hit.passage.id for hit in hits]
    assert "318家" in found[0].page_content


def test_what_is_found_carries_what_a_citation_needs(pipeline: Pipeline) -> None:
    about = PassageRetriever(pipeline=pipeline).invoke("社区图书室")[0].metadata
    text = pipeline.library.document(about["document_id"]).text
    assert text[about["start"] : about["end"]].startswith("去年，云泽省")
    assert (about["title"], about["published"], about["external_id"]) == ("云泽省图书馆年报", "2025-02", "e-1")


def test_what_is_found_says_how_good_it_is_and_why(pipeline: Pipeline) -> None:
    about = PassageRetriever(pipeline=pipeline).invoke("社区图书室")[0].metadata
    assert 0 <= about["score"] <= 1
    assert "字词" in about["why"]


def test_the_retriever_keeps_to_its_filters(pipeline: Pipeline) -> None:
    retriever = PassageRetriever(pipeline=pipeline, filters=Filters(places=("柳溪县",)))
    assert {document.metadata["title"] for document in retriever.invoke("社区图书室与河道")} == {"柳溪县河道"}


def test_the_retriever_works_in_a_chain(pipeline: Pipeline) -> None:
    chain = PassageRetriever(pipeline=pipeline) | (lambda found: found[0].page_content)
    assert "白鹭" in chain.invoke("河道修复了多少公里，白鹭回来了吗")


def test_embeddings_are_the_librarys(pipeline: Pipeline) -> None:
    embeddings = PassageEmbeddings(pipeline.embedder)
    assert embeddings.embed_query("河道") == pytest.approx(pipeline.embedder.query("河道").tolist())
    assert len(embeddings.embed_documents(["河道", "食堂"])) == 2


def test_texts_are_taken_in_and_found(pipeline: Pipeline) -> None:
    store = LibraryStore.from_texts([SENTENCES[3]], PassageEmbeddings(pipeline.embedder), pipeline=pipeline)
    assert "自助借书柜" in store.similarity_search("自助借书柜设在哪里", 1)[0].page_content


def test_scores_lie_between_nothing_and_one(pipeline: Pipeline) -> None:
    found = LibraryStore(pipeline).similarity_search_with_relevance_scores("社区图书室", 2)
    assert all(0 <= score <= 1 for _, score in found)


def test_a_store_finds_by_vector(pipeline: Pipeline) -> None:
    store = LibraryStore(pipeline)
    assert len(store.similarity_search_by_vector(store.embeddings.embed_query(SENTENCES[2]), 2)) == 2


def test_a_deleted_document_is_found_no_more(pipeline: Pipeline) -> None:
    store = LibraryStore(pipeline)
    document_id = store.similarity_search("白鹭", 1)[0].metadata["document_id"]
    assert store.delete([document_id])
    assert all(found.metadata["document_id"] != document_id for found in store.similarity_search("白鹭", 4))
    assert not store.delete(["没有"])


def test_a_text_that_cannot_be_read_is_refused(pipeline: Pipeline) -> None:
    with pytest.raises(Unreadable):
        LibraryStore(pipeline).add_texts([""])


def test_a_copy_for_langchain_chroma_finds_with_the_same_vectors(pipeline: Pipeline, tmp_path: Path) -> None:
    copy = copy_to_chroma(pipeline.library, pipeline.embedder, tmp_path / "copy")
    found, distance = copy.similarity_search_with_score("柳溪县修复河道", 1)[0]
    (near, cosine) = pipeline.library.nearest(pipeline.embedder.query("柳溪县修复河道"), 1, None)[0]
    assert found.id == near
    assert 1 - distance == pytest.approx(cosine, abs=1e-5)
