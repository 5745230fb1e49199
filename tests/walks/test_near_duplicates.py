"""Versions of one document in a library: linked, told apart by what changed, quoted and found once."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.assembly import build
from qa.config import Settings
from qa.errors import InvalidInput, NotFound
from qa.pipeline import Pipeline
from qa.text import letters
from qa.types import Document
from tests.unit.reading.versions import DRAFT, FERRY, FINAL, TEA
from tests.walks.asking import documents, read_folder

VERSIONS = {"稿.txt": DRAFT, "定稿.txt": FINAL}
ARTICLES = {"渡船.txt": FERRY, "茶园.txt": TEA}
LODGING = "柳溪县老街修缮每段工程不超过多少天？"
STALLS = "柳溪县安置临时摊位多少个？"
HOUSES = "柳溪县修缮老街房屋多少间？"
PORTS = """青屿市渡船更新情况
一、换船
　　去年，青屿市把十一条木船换成钢壳船，每条船配了救生衣三十件。老船工教年轻人看水色、认暗礁。
二、候船
　　渡口的候船棚装了长椅和热水，等船的人可以翻看市图书馆送来的旧书。末班船延到晚上八点。
"""


def the(pipeline: Pipeline, file: str) -> Document:
    return next(document for document in documents(pipeline) if document.file == file)


@pytest.fixture
def versions(pipeline: Pipeline, folder) -> Pipeline:
    """A library of a draft and its final version: 定稿.txt comes first, as files are read by name."""
    read_folder(pipeline, folder("资料", VERSIONS))
    return pipeline


# Linked


def test_a_final_version_and_its_draft_are_linked(versions):
    assert versions.library.twins(the(versions, "稿.txt").id) == (the(versions, "定稿.txt").id,)


def test_the_later_one_is_called_a_duplicate_of_the_earlier(versions):
    told = {document.file: document.duplicate_of for document in documents(versions)}
    assert told == {"定稿.txt": None, "稿.txt": the(versions, "定稿.txt").id}


def test_the_list_says_so_too(versions):
    rows = versions.library.documents(10)[0]
    assert [row.document.duplicate_of for row in rows] == [None, rows[0].document.id]


def test_two_articles_that_share_boilerplate_are_not_linked(pipeline, folder):
    read_folder(pipeline, folder("资料", ARTICLES))
    assert [document.duplicate_of for document in documents(pipeline)] == [None, None]


def test_a_version_that_comes_later_is_linked(pipeline, folder):
    read_folder(pipeline, folder("资料", {"稿.txt": DRAFT, **ARTICLES}))
    pipeline.add_bytes(FINAL.encode(), "定稿.txt")
    assert the(pipeline, "定稿.txt").duplicate_of == the(pipeline, "稿.txt").id


def test_three_versions_are_one_group(versions):
    versions.add_bytes(FINAL.replace("58个", "61个").encode(), "再改.txt")
    first = the(versions, "定稿.txt").id
    assert {one.duplicate_of for one in documents(versions) if one.id != first} == {first}


def test_links_survive_a_restart(tmp_path: Path, folder):
    settings = Settings(data=tmp_path / "另一库")
    first = build(settings)
    read_folder(first, folder("资料", VERSIONS))
    first.library.close()
    second = build(settings)
    try:
        assert the(second, "稿.txt").duplicate_of == the(second, "定稿.txt").id
    finally:
        second.library.close()


def test_the_one_that_stays_is_no_duplicate_any_more(versions, folder):
    seeds = folder("资料", VERSIONS)
    (seeds / "定稿.txt").unlink()
    read_folder(versions, seeds)
    assert the(versions, "稿.txt").duplicate_of is None


def test_the_one_that_stays_after_a_deletion_is_no_duplicate_any_more(versions):
    versions.library.delete(the(versions, "定稿.txt").id)
    assert the(versions, "稿.txt").duplicate_of is None


def test_a_version_that_was_restored_is_linked_again(versions):
    first = the(versions, "定稿.txt").id
    versions.library.delete(first)
    versions.library.restore(first)
    assert the(versions, "稿.txt").duplicate_of == first


def test_works_of_a_file_that_was_read_anew_are_linked_anew(versions, folder):
    changed = folder("资料", {"稿.txt": DRAFT.replace("58个", "59个")})
    read_folder(versions, changed)
    assert the(versions, "稿.txt").duplicate_of == the(versions, "定稿.txt").id


def test_a_library_with_versions_is_sound(versions):
    assert versions.library.verify() == []


# Told apart


def test_what_changed_is_listed_with_both_sides(versions):
    found = versions.library.differences(the(versions, "稿.txt").id, the(versions, "定稿.txt").id)
    told = [(one.kind, one.here.text, one.there.text) for one in found]
    assert told == [("number", "137间", "142间"), ("date", "4月18日", "5月9日"), ("wording", "顾承安", "沈怀远")]


def test_documents_that_are_no_versions_are_not_compared(pipeline, folder):
    read_folder(pipeline, folder("资料", ARTICLES))
    with pytest.raises(InvalidInput):
        pipeline.library.differences(the(pipeline, "渡船.txt").id, the(pipeline, "茶园.txt").id)


def test_a_document_that_is_not_there_is_not_compared(versions):
    with pytest.raises(NotFound):
        versions.library.differences(the(versions, "稿.txt").id, "0" * 16)


# Quoted and found once


def test_a_sentence_of_two_versions_is_quoted_once(versions):
    answer = versions.answer(LODGING)
    quotes = [letters(citation.quote) for citation in answer.citations]
    assert len(quotes) == len(set(quotes))


def test_a_quotation_says_where_else_it_stands(versions):
    citation = versions.answer(LODGING).citations[0]
    assert {citation.document.file, *(the_id(versions, t.document_id).file for t in citation.also_in)} == set(VERSIONS)


def the_id(pipeline: Pipeline, document_id: str) -> Document:
    return pipeline.library.document(document_id)


def test_the_other_place_is_exact(versions):
    citation = versions.answer(LODGING).citations[0]
    (twin,) = citation.also_in
    assert the_id(versions, twin.document_id).text[twin.start : twin.end] == citation.quote


def test_a_sentence_that_was_changed_stands_nowhere_else(versions):
    for citation in versions.answer(HOUSES).citations:
        if "间" in citation.quote:
            assert citation.also_in == ()


def test_one_answer_of_two_versions_is_quoted_once(versions):
    assert len(versions.answer(STALLS).citations) == 1


def test_both_figures_of_a_changed_sentence_are_quoted(versions):
    quotes = "".join(citation.quote for citation in versions.answer(HOUSES).citations)
    assert "137间" in quotes and "142间" in quotes


def test_the_same_sentence_in_an_article_of_another_kind_is_told(pipeline, folder):
    shared = "渡口的候船棚装了长椅和热水，等船的人可以翻看市图书馆送来的旧书，走时放回原处。"
    other = f"云泽省便民设施巡礼\n　　{shared}\n　　省城的公交站也添了遮阳棚，司机会在雨天多等一分钟。\n"
    read_folder(pipeline, folder("资料", {"渡船.txt": f"青屿市渡口小结\n　　{shared}\n", "巡礼.txt": other}))
    citation = pipeline.answer("等船的人可以翻看什么书？").citations[0]
    (twin,) = citation.also_in
    assert the_id(pipeline, twin.document_id).text[twin.start : twin.end] == citation.quote


def test_passages_of_the_same_words_are_found_once(versions):
    texts = [letters(hit.passage.text) for hit in versions.search("青砖逐块编号").hits]
    assert len(texts) == len(set(texts))


def test_a_passage_says_in_what_other_documents_it_stands(pipeline, folder):
    read_folder(pipeline, folder("资料", {"渡船.txt": PORTS, "修订.txt": PORTS.replace("晚上八点", "晚上九点半")}))
    hit = pipeline.search("救生衣三十件").hits[0]
    (twin,) = hit.also_in
    other = the_id(pipeline, twin.document_id)
    assert other.id != hit.document.id
    assert letters(other.text[twin.start : twin.end]) == letters(hit.passage.text)


def test_collapsing_leaves_as_many_results_as_were_asked_for(versions, folder):
    read_folder(versions, folder("资料", {**VERSIONS, **ARTICLES}))
    assert len(versions.search("老街茶园渡船", top_k=3).hits) == 3


# One document of several files


def test_a_document_names_all_the_files_that_hold_it(pipeline, folder):
    read_folder(pipeline, folder("资料", {"渡船.txt": FERRY, "副本/渡船.txt": FERRY}))
    assert [set(document.sources) for document in documents(pipeline)] == [{"渡船.txt", "副本/渡船.txt"}]


def test_a_copy_that_goes_is_not_named_any_more(pipeline, folder):
    seeds = folder("资料", {"渡船.txt": FERRY, "副本/渡船.txt": FERRY})
    read_folder(pipeline, seeds)
    (seeds / "渡船.txt").unlink()
    read_folder(pipeline, seeds)
    assert [document.sources for document in documents(pipeline)] == [("副本/渡船.txt",)]


def test_an_upload_of_the_same_bytes_is_named_too(pipeline, folder):
    read_folder(pipeline, folder("资料", {"渡船.txt": FERRY}))
    pipeline.add_bytes(FERRY.encode(), "新渡船.txt")
    assert [document.sources for document in documents(pipeline)] == [("渡船.txt", "新渡船.txt")]


def test_a_renamed_file_keeps_its_document_and_its_group(versions, folder):
    seeds = folder("资料", VERSIONS)
    before = {document.id: document.duplicate_of for document in documents(versions)}
    (seeds / "稿.txt").rename(seeds / "送审稿.txt")
    read_folder(versions, seeds)
    assert {document.id: document.duplicate_of for document in documents(versions)} == before


def test_a_folder_that_was_renamed_keeps_its_documents(pipeline, folder):
    seeds = folder("资料", {f"老街/{name}": text for name, text in VERSIONS.items()})
    read_folder(pipeline, seeds)
    before = {document.id for document in documents(pipeline)}
    (seeds / "老街").rename(seeds / "老街修缮")
    results = read_folder(pipeline, seeds)
    assert {document.id for document in documents(pipeline)} == before
    assert {result.status for result in results.values()} == {"added", "removed"}
