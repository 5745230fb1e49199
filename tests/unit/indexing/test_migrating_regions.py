"""A library of the first schema opens; its sources say nothing of places until they are read again."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from qa.indexing import registry
from qa.indexing.registry import SCHEMA, Registry


@pytest.fixture
def first(tmp_path: Path) -> Path:
    """A registry as the first schema had it, with a source in it."""
    script = Path(registry.__file__).with_name("schema.sql").read_text("utf-8")
    path = tmp_path / "registry.sqlite3"
    db = sqlite3.connect(path)
    db.executescript(script)
    db.execute("INSERT INTO sources VALUES ('s', '渡口.pdf', 9, 'utf-8', 0, '2024-01-01', 'r', '[]', '[]', '渡口')")
    db.execute("PRAGMA user_version = 1")
    db.commit()
    db.close()
    return path


def test_a_source_of_the_first_schema_has_no_places(first):
    opened = Registry(first)
    assert (opened.source("s").text, opened.regions("s")) == ("渡口", "")
    opened.close()


def test_an_opened_registry_is_at_this_versions_schema(first):
    Registry(first).close()
    with sqlite3.connect(first) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (SCHEMA,)
    db.close()
