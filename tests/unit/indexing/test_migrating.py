"""A registry of an earlier version opens, keeps what it holds, and is at this version's schema."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from qa.indexing import registry
from qa.indexing.registry import SCHEMA, Registry


@pytest.fixture
def first(tmp_path: Path) -> Path:
    """A registry as the first schema had it, with a document in it."""
    script = Path(registry.__file__).with_name("schema.sql").read_text("utf-8")
    path = tmp_path / "registry.sqlite"
    db = sqlite3.connect(path)
    db.executescript(script)
    db.execute("INSERT INTO sources VALUES ('s', '渡口.txt', 9, 'utf-8', 0, '2024-01-01', 'r', '[]', '[]', '渡口')")
    db.execute("INSERT INTO files (origin, path, source_id, size, mtime_ns) VALUES ('folder', '渡口.txt', 's', 9, 0)")
    columns = "id, source_id, part, title, title_inferred, passages, characters, sections, pages, spans, text"
    db.execute(f"INSERT INTO documents ({columns}) VALUES ('d', 's', 1, '渡口', 0, 0, 2, '[]', '[]', '[]', '渡口')")
    db.execute("PRAGMA user_version = 1")
    db.commit()
    db.close()
    return path


def test_a_document_of_the_first_schema_is_read(first):
    opened = Registry(first)
    assert (opened.document("d").title, opened.document("d").described) == ("渡口", ())
    opened.close()


def test_an_opened_registry_is_at_this_versions_schema(first):
    Registry(first).close()
    with sqlite3.connect(first) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (SCHEMA,)
    db.close()


def test_it_opens_again(first):
    Registry(first).close()
    opened = Registry(first)
    assert opened.count("live") == 1
    opened.close()
