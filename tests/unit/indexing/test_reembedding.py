"""Another model: everything is embedded again beside the old one, resumably, and vectors of two models never meet."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from qa.errors import LibraryBusy, ModelUnavailable
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


def test_the_old_model_answers_until_the_new_one_has_seen_everything(changed: Library, embedder: Embedder) -> None:
    assert changed.embedder.fingerprint == embedder.fingerprint
    assert len(changed.near(SENTENCES[0], 10, None)) == len(SENTENCES)
    assert changed.state().indexes["vector"] != "missing"
    changed.close()


def test_the_state_names_the_model_that_is_to_come(changed: Library, embedder: Embedder, other: Embedder) -> None:
    assert (changed.state().model_name, changed.state().changing_to) == (embedder.name, other.name)
    changed.close()


def test_the_new_model_answers_once_it_has_seen_everything(changed: Library, other: Embedder) -> None:
    assert list(changed.models.change()) == [(6, 6)]
    assert changed.embedder.fingerprint == other.fingerprint
    assert len(changed.nearest(other.query(SENTENCES[0]), 10, None)) == 6
    assert changed.verify() == []
    assert (changed.state().indexes["vector"], changed.state().changing_to) == ("ok", "")
    changed.close()


def test_it_goes_on_where_it_was_stopped(
    changed: Library, data: Path, other: Embedder, tokens: Tokens, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qa.indexing.serving.EMBED_AT_ONCE", 2)
    steps = changed.models.change()
    assert (next(steps), next(steps)) == ((2, 6), (4, 6))
    steps.close()
    changed.close()
    again = Library.open(data, other, tokens)
    assert list(again.models.change()) == [(2, 2)]
    assert again.verify() == []
    again.close()


def test_what_comes_in_meanwhile_is_seen_by_the_new_model_too(
    changed: Library, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qa.indexing.serving.EMBED_AT_ONCE", 3)
    steps = changed.models.change()
    next(steps)
    store(changed, embedder, make_reading("桐湾区的河道边种了柳树。", title="新来的"), "新来的.txt")
    assert changed.models.waiting
    for _ in steps:
        pass
    assert not changed.models.waiting
    assert changed.verify() == []
    changed.close()


def test_vectors_that_the_old_model_made_before_the_change_are_made_again(
    changed: Library, embedder: Embedder, other: Embedder
) -> None:
    from tests.unit.indexing.making import passages_of

    reading = make_reading("桐湾区的河道边种了柳树。", title="新来的")
    passages = passages_of(reading)
    vectors = embedder.passages([f"{one.context}\n{one.text}" for one in passages])
    list(changed.models.change())
    changed.store(reading, passages, vectors, "folder", "新来的.txt", 1, 1, embedder)
    assert changed.vectors_of([passages[0].id]).shape == (1, other.dimension)
    changed.close()


def test_only_one_change_goes_on_at_a_time(changed: Library) -> None:
    steps = changed.models.change()
    next(steps)
    with pytest.raises(LibraryBusy):
        next(changed.models.change())
    steps.close()
    changed.close()


def test_one_can_go_back_at_once(changed: Library, data: Path, embedder: Embedder, tokens: Tokens) -> None:
    list(changed.models.change())
    changed.close()
    back = Library.open(data, embedder, tokens)
    assert back.embedder.fingerprint == embedder.fingerprint
    assert not back.models.waiting
    assert back.verify() == []
    back.close()


def test_the_vectors_of_the_last_two_models_are_kept_and_no_others(
    changed: Library, other: Embedder, embedder: Embedder, tmp_path: Path
) -> None:
    third = make_model(tmp_path / "third", seed=3)
    list(changed.models.change())
    list(changed.models.use(str(third)))
    held = changed.models.held()
    assert [(one.name, one.passages, one.in_use) for one in held] == [(str(third), 6, True), (other.name, 6, False)]
    changed.close()


def test_a_chosen_model_is_remembered_by_the_library(
    data: Path, library: Library, embedder: Embedder, other: Embedder, tokens: Tokens
) -> None:
    store(library, embedder, make_reading(*SENTENCES))
    list(library.models.use(other.name))
    library.close()
    again = Library.open(data, None, tokens)
    assert again.embedder.fingerprint == other.fingerprint
    again.close()


def test_a_setting_goes_before_the_choice(
    data: Path, library: Library, embedder: Embedder, other: Embedder, tokens: Tokens
) -> None:
    store(library, embedder, make_reading(*SENTENCES))
    list(library.models.use(other.name))
    library.close()
    again = Library.open(data, embedder, tokens)
    assert again.models.wanted.fingerprint == embedder.fingerprint
    again.close()


def test_a_model_that_is_not_there_is_not_chosen(library: Library, embedder: Embedder, tmp_path: Path) -> None:
    store(library, embedder, make_reading(*SENTENCES))
    with pytest.raises(ModelUnavailable):
        next(library.models.use(str(tmp_path / "没有")))
    assert not library.models.waiting
    assert library.embedder.fingerprint == embedder.fingerprint


def test_a_chosen_model_that_has_gone_leaves_a_library_that_opens(
    data: Path, library: Library, embedder: Embedder, other: Embedder, tokens: Tokens
) -> None:
    store(library, embedder, make_reading(*SENTENCES))
    list(library.models.use(other.name))
    library.close()
    shutil.rmtree(other.name)
    again = Library.open(data, None, tokens)
    assert again.lexical(tokens.words("社区图书室"), tokens.bigrams("社区图书室"), 5, None)
    again.close()


def test_passages_without_a_vector_are_embedded_where_the_old_model_is_not_there_any_more(
    data: Path, other: Embedder, tokens: Tokens, tmp_path: Path
) -> None:
    gone = Embedder(str(make_model(tmp_path / "gone", seed=4)))
    first = Library.open(data, gone, tokens)
    store(first, gone, make_reading(*SENTENCES))
    first.close()
    shutil.rmtree(gone.name)
    again = Library.open(data, other, tokens)
    assert again.state().without_vector == len(SENTENCES)
    assert again.state().indexes["vector"] == "missing"
    assert list(again.models.complete()) == [(6, 6)]
    assert again.verify() == []
    again.close()


def test_a_fitted_weight_is_kept_for_its_model_alone(library: Library, embedder: Embedder, other: Embedder) -> None:
    store(library, embedder, make_reading(*SENTENCES))
    library.models.set_weight(0.9)
    assert library.models.weight == 0.9
    list(library.models.use(other.name))
    assert library.models.weight == other.weight
    list(library.models.use(embedder.name))
    assert library.models.weight == 0.9


def test_nothing_is_embedded_when_the_model_is_the_same(library: Library, embedder: Embedder) -> None:
    store(library, embedder, make_reading(*SENTENCES))
    before = library.revision
    assert list(library.models.change()) == []
    assert library.revision == before
