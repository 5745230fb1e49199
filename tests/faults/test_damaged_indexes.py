"""Indexes that are missing, damaged, behind or another's: search goes on, and they are made again unasked."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from qa.errors import LibraryDamaged
from qa.indexing.embedding import Embedder
from qa.indexing.library import REGISTRY, Library
from qa.indexing.tokens import Tokens
from tests.unit.indexing.making import SENTENCES, make_reading, passages_of, store

READING = make_reading(*SENTENCES)


def folders(data: Path, name: str) -> list[Path]:
    return sorted(data.glob(f"{name}-*"))


def overwrite(data: Path, name: str) -> None:
    for path in [path for folder in folders(data, name) for path in folder.rglob("*") if path.is_file()]:
        if path.name != "stamp.json":
            path.write_bytes(b"\x93" * 500)


def halve(data: Path, name: str) -> None:
    for path in [path for folder in folders(data, name) for path in folder.rglob("*") if path.is_file()]:
        if path.name != "stamp.json":
            path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def remove(data: Path, name: str) -> None:
    for folder in folders(data, name):
        shutil.rmtree(folder)


def empty(data: Path, name: str) -> None:
    for folder in folders(data, name):
        shutil.rmtree(folder / "index")


def tear_the_stamp(data: Path, name: str) -> None:
    for folder in folders(data, name):
        (folder / "stamp.json").write_text('{"revision": 1, "ma', "utf-8")


def change_the_stamp(field: str, value: object) -> Callable[[Path, str], None]:
    def change(data: Path, name: str) -> None:
        for folder in folders(data, name):
            said = json.loads((folder / "stamp.json").read_text("utf-8")) | {field: value}
            (folder / "stamp.json").write_text(json.dumps(said), "utf-8")

    return change


DAMAGES = {
    "overwritten": overwrite,
    "halved": halve,
    "removed": remove,
    "emptied": empty,
    "stamp torn": tear_the_stamp,
    "behind": change_the_stamp("revision", 0),
    "made by another": change_the_stamp("made_with", "另一个"),
    "not closed": change_the_stamp("files", ""),
}


@pytest.fixture
def closed(data: Path, embedder: Embedder, tokens: Tokens) -> Path:
    """A data folder with a library in step, closed."""
    library = Library.open(data, embedder, tokens)
    store(library, embedder, READING)
    assert library.settle()
    library.close()
    return data


@pytest.mark.parametrize("name", ["lexical", "vectors"])
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_index_is_made_again_while_search_goes_on(
    closed: Path, embedder: Embedder, tokens: Tokens, damage: str, name: str
) -> None:
    DAMAGES[damage](closed, name)
    library = Library.open(closed, embedder, tokens)
    wanted = passages_of(READING)
    assert library.lexical(tokens.words("社区图书室"), tokens.bigrams("社区图书室"), 5, None)[0][0] == wanted[0].id
    asked = embedder.query(f"{wanted[2].context}\n{wanted[2].text}")
    assert library.nearest(asked, 1, None)[0][0] == wanted[2].id
    assert library.settle()
    assert library.state().indexes == {"lexical": "ok", "vector": "ok"}
    assert library.nearest(asked, 1, None)[0][0] == wanted[2].id
    assert library.verify() == []
    library.close()


def test_a_healthy_folder_is_opened_and_not_made_again(closed: Path, embedder: Embedder, tokens: Tokens) -> None:
    before = folders(closed, "lexical") + folders(closed, "vectors")
    library = Library.open(closed, embedder, tokens)
    assert library.state().indexes["lexical"] == "ok"
    library.settle()
    library.close()
    assert folders(closed, "lexical") + folders(closed, "vectors") == before


def test_an_index_that_breaks_while_open_is_made_again(
    library: Library, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(library, embedder, READING)
    library.settle()

    def broken(*_: object) -> None:
        raise RuntimeError("Failed to apply logs to the hnsw segment writer")

    with monkeypatch.context() as patched:
        patched.setattr("qa.indexing.vectors.VectorIndex.nearest", broken)
        assert library.nearest(embedder.query(SENTENCES[0]), 5, None)
    assert library.settle()
    assert library.state().indexes["vector"] == "ok"
    assert library.verify() == []


def test_a_registry_that_is_no_database_is_refused_and_left_alone(
    closed: Path, embedder: Embedder, tokens: Tokens
) -> None:
    (closed / REGISTRY).write_bytes(b"no database at all" * 100)
    with pytest.raises(LibraryDamaged, match="损坏"):
        Library.open(closed, embedder, tokens)
    assert (closed / REGISTRY).read_bytes().startswith(b"no database")


def test_a_registry_of_a_newer_version_is_refused(closed: Path, embedder: Embedder, tokens: Tokens) -> None:
    import sqlite3

    with sqlite3.connect(closed / REGISTRY) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(LibraryDamaged, match="更新的版本"):
        Library.open(closed, embedder, tokens)


@pytest.mark.parametrize(
    ("statement", "finding"),
    [
        ("UPDATE passages SET text = '别的话' WHERE ordinal = 0", "与正文不一致"),
        ("UPDATE sources SET text = '别的话'", "与来源不一致"),
        ("DELETE FROM passages WHERE ordinal = 3", "个段落"),
        ("DELETE FROM vectors WHERE number = 2", "向量"),
        ("INSERT INTO files VALUES (99, 'folder', '空.txt', '没有', 1, 1)", "没有对应"),
    ],
)
def test_verify_names_what_is_wrong(
    closed: Path, embedder: Embedder, tokens: Tokens, statement: str, finding: str
) -> None:
    import sqlite3

    db = sqlite3.connect(closed / REGISTRY)
    db.execute(statement)
    db.commit()
    db.close()
    library = Library.open(closed, embedder, tokens)
    assert any(finding in found for found in library.verify())
    library.close()


def test_readers_see_whole_answers_while_files_come_and_go(
    library: Library, embedder: Embedder, tokens: Tokens
) -> None:
    store(library, embedder, READING)
    stop, wrong = threading.Event(), []

    def read() -> None:
        while not stop.is_set():
            found = library.lexical(tokens.words("社区图书室"), tokens.bigrams("社区图书室"), 10, None)
            held = library.get([one for one, _ in found])
            for passage in held.values():
                try:
                    text = library.document(passage.document_id).text
                except Exception as error:  # a document may be gone by now; anything else is wrong
                    if type(error).__name__ != "NotFound":
                        wrong.append(repr(error))
                    continue
                if text[passage.start : passage.end] != passage.text:
                    wrong.append(passage.id)
            if passages_of(READING)[0].id not in held:
                wrong.append("lost")

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for number in range(12):
        store(library, embedder, make_reading(*SENTENCES, title=f"第{number}年"), f"{number % 3}.txt")
    stop.set()
    for reader in readers:
        reader.join()
    assert wrong == []
