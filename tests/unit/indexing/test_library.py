"""What the library promises: files come and go, documents are found, indexes follow."""

from __future__ import annotations

import math
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from qa.errors import NotFound
from qa.indexing import registry
from qa.indexing.embedding import Embedder
from qa.indexing.library import FileRecord, Library
from qa.indexing.rows import Refusal
from qa.indexing.tokens import Tokens
from qa.types import FileResult, Filters, Job, Page, Section
from tests.unit.indexing.making import SENTENCES, make_reading, passages_of, store

ANNUAL = make_reading(SENTENCES[0], SENTENCES[4], title="云泽省图书馆年报")
CANTEEN = make_reading(
    SENTENCES[1], title="青屿市社区食堂", place="云泽省青屿市", level="市级", kind="案例", published="2024", page=None
)  # fmt: skip
RIVER = make_reading(
    SENTENCES[2],
    SENTENCES[5],
    title="柳溪县河道",
    place="云泽省云泽市柳溪县",
    level="县级",
    kind="案例",
    published=None,
)


@pytest.fixture
def full(library: Library, embedder: Embedder) -> Library:
    """A library of three files."""
    for reading, path in ((ANNUAL, "年报.txt"), (CANTEEN, "食堂.txt"), (RIVER, "河道.txt")):
        store(library, embedder, reading, path)
    return library


def found(library: Library, tokens: Tokens, question: str) -> list[str]:
    return [one for one, _ in library.lexical(tokens.words(question), tokens.bigrams(question), 10, None)]


# --- files


def test_a_new_file_is_added_and_searchable_at_once(library: Library, embedder: Embedder, tokens: Tokens) -> None:
    result = store(library, embedder, ANNUAL)
    assert result == FileResult("年报.txt", "added", (ANNUAL.documents[0].id,))
    assert found(library, tokens, "社区图书室")[0] == passages_of(ANNUAL)[0].id
    assert library.nearest(embedder.query(f"云泽省图书馆年报 云泽省\n{SENTENCES[0]}"), 1, None)[0][1] == pytest.approx(
        1, abs=1e-5
    )


def test_the_same_bytes_are_unchanged(full: Library, embedder: Embedder) -> None:
    before = full.revision
    assert store(full, embedder, ANNUAL).status == "unchanged"
    assert full.revision == before


def test_other_bytes_replace_what_a_path_held(full: Library, embedder: Embedder, tokens: Tokens) -> None:
    newer = make_reading(SENTENCES[3], title="云泽省图书馆年报（修订）")
    assert store(full, embedder, newer).status == "updated"
    assert found(full, tokens, "社区图书室")[:1] != [passages_of(ANNUAL)[0].id]
    assert found(full, tokens, "自助借书柜")[0] == passages_of(newer)[0].id
    with pytest.raises(NotFound):
        full.document(ANNUAL.documents[0].id)


def test_an_updated_file_keeps_its_place_in_the_list(full: Library, embedder: Embedder) -> None:
    store(full, embedder, make_reading(SENTENCES[3], title="修订"))
    assert [row.document.title for row in full.documents(10)[0]] == ["修订", "青屿市社区食堂", "柳溪县河道"]


def test_a_document_id_may_live_on_in_the_bytes_that_replace_it(full: Library, embedder: Embedder) -> None:
    held = ANNUAL.documents[0]
    newer = make_reading(SENTENCES[3], title="修订")
    newer = replace(newer, documents=(replace(newer.documents[0], id=held.id),))
    assert store(full, embedder, newer).document_ids == (held.id,)
    assert full.document(held.id).text == SENTENCES[3]


def test_a_removed_file_takes_its_documents_with_it(full: Library, tokens: Tokens) -> None:
    assert full.remove_file("folder", "河道.txt").status == "removed"
    assert not set(found(full, tokens, "河道")) & {passage.id for passage in passages_of(RIVER)}
    assert not full.has_source(RIVER.source.id)


def test_removing_a_file_that_is_not_there_is_refused_by_name(full: Library) -> None:
    with pytest.raises(NotFound, match=r"没有\.txt"):
        full.remove_file("folder", "没有.txt")


def test_two_files_of_the_same_bytes_are_one_source(full: Library, embedder: Embedder) -> None:
    assert store(full, embedder, ANNUAL, "副本.txt", "upload").status == "added"
    assert full.state().documents == 3
    assert full.files("upload") == [FileRecord("副本.txt", ANNUAL.source.id, ANNUAL.source.size, 1)]


def test_documents_live_while_a_file_brings_them(full: Library, embedder: Embedder) -> None:
    store(full, embedder, ANNUAL, "副本.txt", "upload")
    full.remove_file("folder", "年报.txt")
    document = full.document(ANNUAL.documents[0].id)
    assert (document.file, document.origin) == ("副本.txt", "upload")
    full.remove_file("upload", "副本.txt")
    with pytest.raises(NotFound):
        full.document(document.id)


def test_a_touched_file_has_its_new_time(full: Library) -> None:
    full.touch("folder", "年报.txt", 99, 123)
    assert full.files("folder")[0] == FileRecord("年报.txt", ANNUAL.source.id, 99, 123)


def test_the_folder_is_remembered(full: Library) -> None:
    assert full.folder() is None
    full.set_folder("/资料")
    assert full.folder() == "/资料"


def test_an_uploads_bytes_are_kept_while_its_source_lives(library: Library, embedder: Embedder) -> None:
    reading = make_reading(SENTENCES[0])
    library.keep_upload(b"bytes")
    path = library.uploads.path("277089d91c0bdf4f2e6862ba7e4a07605119431f5d13f726dd352b06f1b206a9")
    assert path and path.read_bytes() == b"bytes"
    store(library, embedder, reading, "上传.txt", "upload")
    library.remove_file("upload", "上传.txt")
    assert not path.exists()


def test_vectors_and_passages_must_be_as_many(library: Library) -> None:
    with pytest.raises(ValueError, match="2 passages"):
        library.store(ANNUAL, passages_of(ANNUAL), np.zeros((1, 32), np.float32), "folder", "年报.txt", 1, 1)
    assert library.state().documents == 0


# --- deleting


def test_a_deleted_document_is_not_found(full: Library, embedder: Embedder, tokens: Tokens) -> None:
    document = CANTEEN.documents[0]
    full.delete(document.id)
    passage = passages_of(CANTEEN)[0].id
    assert passage not in found(full, tokens, "社区食堂")
    assert passage not in [one for one, _ in full.nearest(embedder.query(SENTENCES[1]), 10, None)]
    assert full.get([passage]) == {}
    with pytest.raises(NotFound):
        full.document(document.id)


def test_a_restored_document_is_found_again(full: Library, embedder: Embedder, tokens: Tokens) -> None:
    full.delete(CANTEEN.documents[0].id)
    full.restore(CANTEEN.documents[0].id)
    passage = passages_of(CANTEEN)[0].id
    assert found(full, tokens, "社区食堂")[0] == passage
    assert passage in [one for one, _ in full.nearest(embedder.query(SENTENCES[1]), 10, None)]


def test_deleting_and_restoring_what_is_unknown_is_refused(full: Library) -> None:
    for step in (full.delete, full.restore):
        with pytest.raises(NotFound):
            step("没有")


def test_a_deletion_outlives_the_reading_of_the_same_bytes(full: Library, embedder: Embedder, tokens: Tokens) -> None:
    full.delete(CANTEEN.documents[0].id)
    full.remove_file("folder", "食堂.txt")
    store(full, embedder, CANTEEN, "食堂.txt")
    assert passages_of(CANTEEN)[0].id not in found(full, tokens, "社区食堂")
    full.restore(CANTEEN.documents[0].id)
    assert found(full, tokens, "社区食堂")[0] == passages_of(CANTEEN)[0].id


# --- reading


def test_a_document_comes_back_as_it_was_stored(library: Library, embedder: Embedder) -> None:
    document = replace(
        ANNUAL.documents[0], sections=(Section("一、概况", 1, 0, 9),), pages=(Page("ⅳ", 0), Page(5, 9)), page="ⅳ",
        title_inferred=True, organisation="省图书馆", period="2024", publisher="出版社", author="作者",
        external_id="e-1",
    )  # fmt: skip
    store(library, embedder, replace(ANNUAL, documents=(document,)))
    held = library.document(document.id)
    assert held.ingested.startswith("20")
    added = {"file": "年报.txt", "sources": ("年报.txt",), "origin": "folder", "ingested": held.ingested, "passages": 2}
    assert held == replace(document, **added)


def test_a_source_comes_back_as_it_was_stored(full: Library) -> None:
    assert full.source(ANNUAL.source.id) == ANNUAL.source


def test_passages_come_back_in_order(full: Library) -> None:
    assert full.passages_of(ANNUAL.documents[0].id) == passages_of(ANNUAL)


def test_a_passage_knows_its_neighbours(full: Library) -> None:
    first, second = passages_of(ANNUAL)
    assert full.neighbours(first.id) == (None, second)
    assert full.neighbours(second.id) == (first, None)


def test_an_unknown_passage_is_refused(full: Library) -> None:
    with pytest.raises(NotFound):
        full.passage("没有")


def test_passages_are_got_in_the_order_asked_for(full: Library) -> None:
    first, second = passages_of(ANNUAL)
    assert list(full.get([second.id, "没有", first.id]).values()) == [second, first]


def test_the_list_goes_on_where_a_page_ended(full: Library) -> None:
    page, total, after = full.documents(2)
    rest, _, end = full.documents(2, after)
    assert [row.document.title for row in (*page, *rest)] == ["云泽省图书馆年报", "青屿市社区食堂", "柳溪县河道"]
    assert (total, end) == (3, None)


def test_the_list_is_light_but_knows_the_length(full: Library) -> None:
    row = full.documents(1)[0][0]
    assert row.document.text == ""
    assert row.characters == len(ANNUAL.documents[0].text)


@pytest.mark.parametrize(
    ("asked", "titles"),
    [
        ({"query": "食堂"}, ["青屿市社区食堂"]),
        ({"query": "云泽 河道"}, ["柳溪县河道"]),
        ({"level": "省级"}, ["云泽省图书馆年报"]),
        ({"place": "青屿市"}, ["青屿市社区食堂"]),
        ({"kind": "案例"}, ["青屿市社区食堂", "柳溪县河道"]),
        ({"query": "100%"}, []),
    ],
)
def test_the_list_can_be_narrowed(full: Library, asked: dict[str, str], titles: list[str]) -> None:
    listed, total, _ = full.documents(10, **asked)
    assert [row.document.title for row in listed] == titles
    assert total == len(titles)


@pytest.mark.parametrize(
    ("filters", "passing"),
    [
        (Filters(places=("云泽省",)), {ANNUAL, CANTEEN, RIVER}),
        (Filters(places=("柳溪县",)), {RIVER}),
        (Filters(levels=("市级", "县级")), {CANTEEN, RIVER}),
        (Filters(kinds=("综述",)), {ANNUAL}),
        (Filters(document_ids=(RIVER.documents[0].id, "没有")), {RIVER}),
        (Filters(published_from="2025"), {ANNUAL}),
        (Filters(published_to="2024-06"), {CANTEEN}),
        (Filters(published_from="2025-03"), set()),
        (Filters(places=("云泽省",), levels=("县级",)), {RIVER}),
    ],
)
def test_filters_say_which_documents_may_answer(full: Library, filters: Filters, passing: set[object]) -> None:
    assert full.allowed(filters) == {reading.documents[0].id for reading in passing}  # type: ignore[attr-defined]


def test_no_filters_let_everything_through(full: Library) -> None:
    assert full.allowed(Filters()) is None


def test_filters_follow_the_library(full: Library) -> None:
    filters = Filters(places=("青屿市",))
    assert full.allowed(filters)
    full.delete(CANTEEN.documents[0].id)
    assert full.allowed(filters) == frozenset()


def test_places_are_those_of_documents_that_can_be_found(full: Library) -> None:
    full.delete(CANTEEN.documents[0].id)
    assert full.places() == {"云泽省", "云泽省云泽市柳溪县"}


# --- candidates


def test_only_allowed_documents_are_found(full: Library, embedder: Embedder, tokens: Tokens) -> None:
    only = frozenset({RIVER.documents[0].id})
    inside = {passage.id for passage in passages_of(RIVER)}
    assert {one for one, _ in full.nearest(embedder.query(SENTENCES[0]), 10, only)} == inside
    assert {one for one, _ in full.lexical(tokens.words("学校河道"), tokens.bigrams("学校河道"), 10, only)} <= inside


def test_nothing_allowed_finds_nothing(full: Library, embedder: Embedder, tokens: Tokens) -> None:
    assert full.nearest(embedder.query(SENTENCES[0]), 10, frozenset()) == []
    assert full.lexical(tokens.words("社区"), tokens.bigrams("社区"), 10, frozenset()) == []


def test_index_and_exact_search_find_the_same(full: Library, embedder: Embedder) -> None:
    exact = full.nearest(embedder.query(SENTENCES[3]), 5, None)
    assert full.settle()
    assert full.state().indexes["vector"] == "ok"
    indexed = full.nearest(embedder.query(SENTENCES[3]), 5, None)
    assert [one for one, _ in indexed] == [one for one, _ in exact]
    assert [cosine for _, cosine in indexed] == pytest.approx([cosine for _, cosine in exact], abs=1e-5)


def test_idf_is_that_of_the_whole_library(full: Library) -> None:
    assert full.idf(["白鹭"]) == {"白鹭": pytest.approx(math.log(1 + 4.5 / 1.5))}


def test_the_revision_grows_with_each_change(full: Library) -> None:
    seen = [full.revision]
    full.delete(CANTEEN.documents[0].id)
    seen.append(full.revision)
    full.restore(CANTEEN.documents[0].id)
    seen.append(full.revision)
    full.remove_file("folder", "食堂.txt")
    seen.append(full.revision)
    assert seen == sorted(set(seen))


# --- jobs and state


def test_a_job_comes_back_as_it_was_saved(library: Library) -> None:
    job = Job("任务", "upload", "done", 1, 2, "年报.txt", (FileResult("年报.txt", "added", ("a", "b")),), "2026-01-01")
    library.save_job(job)
    assert library.job("任务") == job
    with pytest.raises(NotFound):
        library.job("没有")


def test_a_job_that_its_process_left_behind_is_known_as_unfinished(
    data: Path, embedder: Embedder, tokens: Tokens
) -> None:
    first = Library.open(data, embedder, tokens)
    first.save_job(Job("任务", "sync", "running"))
    first.save_job(Job("做完了", "sync", "done"))
    first.close()
    second = Library.open(data, embedder, tokens)
    assert [job.id for job in second.unfinished_jobs()] == ["任务"]
    second.close()


def test_old_jobs_are_forgotten_but_for_the_last(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "JOBS", 2)
    library.save_job(Job("没做完", "sync", "running", created="2026-01-01"))
    for number in (2, 3, 4):
        library.save_job(Job(f"任务{number}", "sync", "done", created=f"2026-01-0{number}"))
    assert [job.id for job in library.jobs(9)] == ["任务4", "任务3", "没做完"]


def test_no_job_of_the_last_day_is_forgotten(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "JOBS", 2)
    for number in range(4):
        library.save_job(Job(f"任务{number}", "sync", "done", created=registry.now()))
    assert len(library.jobs(9)) == 4


def test_the_latest_jobs_come_first(library: Library) -> None:
    for number in (2, 3, 1):
        library.save_job(Job(f"任务{number}", "sync", "done", created=f"2026-01-0{number}"))
    assert [job.id for job in library.jobs(2)] == ["任务3", "任务2"]


def test_refusals_come_back_as_they_were_kept(library: Library) -> None:
    refusals = {"坏.pdf": Refusal(3, 1, "r", "empty_file", "文件里没有文字。")}
    library.keep_refusals(refusals)
    assert library.refusals() == refusals


def test_all_is_there_after_a_reopening(data: Path, embedder: Embedder, tokens: Tokens) -> None:
    first = Library.open(data, embedder, tokens)
    store(first, embedder, ANNUAL)
    store(first, embedder, CANTEEN, "食堂.txt")
    first.delete(CANTEEN.documents[0].id)
    first.settle()
    first.close()
    second = Library.open(data, embedder, tokens)
    assert second.state().indexes["lexical"] == "ok"
    assert found(second, tokens, "社区图书室")[0] == passages_of(ANNUAL)[0].id
    assert second.state().documents == 1
    assert second.verify() == []
    second.close()


def test_state_counts_what_can_be_found(full: Library, embedder: Embedder) -> None:
    full.delete(CANTEEN.documents[0].id)
    state = full.state()
    assert (state.documents, state.passages, state.model) == (2, 4, embedder.fingerprint)


def test_a_sound_library_has_no_findings(full: Library) -> None:
    assert full.verify() == []


def test_a_rebuild_changes_nothing_that_is_found(full: Library, embedder: Embedder, tokens: Tokens) -> None:
    before = found(full, tokens, "社区图书"), full.nearest(embedder.query(SENTENCES[0]), 5, None)
    full.rebuild()
    assert full.state().indexes == {"lexical": "ok", "vector": "ok"}
    after = found(full, tokens, "社区图书"), full.nearest(embedder.query(SENTENCES[0]), 5, None)
    assert before[0] == after[0]
    assert [one for one, _ in before[1]] == [one for one, _ in after[1]]


# --- where a document went


def test_a_replaced_documents_successors_are_what_its_file_holds_now(full: Library, embedder: Embedder) -> None:
    store(full, embedder, RIVER, "年报.txt")
    assert [one.title for one in full.successors(ANNUAL.documents[0].id)] == ["柳溪县河道"]


def test_a_document_whose_file_is_gone_has_no_successors(full: Library, embedder: Embedder) -> None:
    store(full, embedder, make_reading(SENTENCES[3], title="借书柜"), "年报.txt")
    full.remove_file("folder", "年报.txt")
    assert full.successors(ANNUAL.documents[0].id) == []


def test_a_registry_from_before_citations_is_brought_up(tmp_path: Path, embedder: Embedder, tokens: Tokens) -> None:
    with closing(Library.open(tmp_path / "data", embedder, tokens)) as library:
        store(library, embedder, ANNUAL)
    with closing(sqlite3.connect(tmp_path / "data" / "registry.sqlite3")) as db:
        db.executescript(
            "DROP TABLE former; ALTER TABLE documents DROP COLUMN compilation;"
            " ALTER TABLE documents DROP COLUMN url; PRAGMA user_version = 4"
        )
    with closing(Library.open(tmp_path / "data", embedder, tokens)) as library:
        assert library.document(ANNUAL.documents[0].id).compilation is None
