"""Another model: everything is embedded again, resumably, and vectors of two models never meet."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.indexing.embedding import Embedder
from qa.indexing.library import Library
from qa.indexing.tokens import Tokens
from tests.unit.indexing.making import SENTENCES, make_model, make_reading, store


@pytest.fixture
def other(tmp_path: Path) -> Embedder:
    return Embedder(str(make_model(tmp_path / "other", seed=2, dimension=16)))


@pytest.fixture
def changed(data: Path, embedder: Embedder, other: Embedder, tokens: Tokens) -> Library:
    """A library made with one model and opened with another."""
    first = Library.open(data, embedder, tokens)
    store(first, embedder, make_reading(*SENTENCES))
    first.settle()
    first.close()
    return Library.open(data, other, tokens)


def test_no_vector_of_the_old_model_is_searched(changed: Library, other: Embedder) -> None:
    assert changed.nearest(other.query(SENTENCES[0]), 5, None) == []
    assert changed.state().without_vector == len(SENTENCES)
    assert changed.state().indexes["vector"] == "missing"
    changed.close()


def test_words_are_found_meanwhile(changed: Library, tokens: Tokens) -> None:
    assert changed.lexical(tokens.words("社区图书室"), tokens.bigrams("社区图书室"), 5, None)
    changed.close()


def test_everything_is_found_once_it_is_embedded_again(changed: Library, other: Embedder) -> None:
    said: list[tuple[int, int]] = []
    changed.reembed(lambda done, total: said.append((done, total)))
    assert said == [(6, 6)]
    assert len(changed.nearest(other.query(SENTENCES[0]), 10, None)) == 6
    assert changed.verify() == []
    assert changed.state().indexes["vector"] == "ok"
    changed.close()


def test_it_goes_on_where_it_was_stopped(
    changed: Library, data: Path, other: Embedder, tokens: Tokens, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qa.indexing.library.EMBED_AT_ONCE", 2)

    def stop(done: int, _: int) -> None:
        if done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        changed.reembed(stop)
    changed.close()
    again = Library.open(data, other, tokens)
    said: list[tuple[int, int]] = []
    again.reembed(lambda done, total: said.append((done, total)))
    assert said == [(2, 2)]
    assert again.verify() == []
    again.close()


def test_nothing_is_embedded_when_the_model_is_the_same(library: Library, embedder: Embedder) -> None:
    store(library, embedder, make_reading(*SENTENCES))
    before = library.revision
    library.reembed(lambda *_: pytest.fail("nothing was to be embedded"))
    assert library.revision == before
