"""What only the lexical index promises: exact scores, and changes that count at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from qa.indexing.bm25 import BIGRAM_WEIGHT, K1, B, idf
from qa.indexing.lexical import Entry, LexicalIndex
from qa.indexing.tokens import Tokens
from tests.unit.indexing.making import SENTENCES


@pytest.fixture
def index(tmp_path: Path) -> Iterator[LexicalIndex]:
    made = LexicalIndex(tmp_path / "index")
    yield made
    made.close()


def entry(tokens: Tokens, number: int, text: str, document_id: str = "资料") -> Entry:
    return Entry(number, document_id, tokens.words(text), tokens.bigrams(text))


def naive(query: list[str], texts: dict[int, list[str]]) -> dict[int, float]:
    mean = sum(map(len, texts.values())) / len(texts)
    points = dict.fromkeys(texts, 0.0)
    for term in set(query):
        df = sum(term in text for text in texts.values())
        for number, text in texts.items():
            tf = text.count(term)
            points[number] += idf(len(texts), df) * tf * (K1 + 1) / (tf + K1 * (1 - B + B * len(text) / mean))
    return points


def test_scores_are_exact_over_the_passages_that_are_left(index: LexicalIndex, tokens: Tokens) -> None:
    index.change((), [entry(tokens, number, text * (number % 3 + 1)) for number, text in enumerate(SENTENCES * 5)])
    index.change(range(0, 30, 4), ())
    left = {n: text * (n % 3 + 1) for n, text in enumerate(SENTENCES * 5) if n % 4}
    question = "社区图书馆夜间开放吗"
    words = naive(tokens.words(question), {n: tokens.words(text) for n, text in left.items()})
    bigrams = naive(tokens.bigrams(question), {n: tokens.bigrams(text) for n, text in left.items()})
    expected = {n: words[n] + BIGRAM_WEIGHT * bigrams[n] for n in left if words[n] + bigrams[n] > 0}
    assert dict(index.search(tokens.words(question), tokens.bigrams(question), 50, None)) == pytest.approx(expected)


def test_a_change_is_searchable_at_once(index: LexicalIndex, tokens: Tokens) -> None:
    index.change((), [entry(tokens, 1, SENTENCES[0])])
    index.change([1], [entry(tokens, 2, SENTENCES[2])])
    assert index.search(["河道"], [], 5, None)[0][0] == 2
    assert index.search(["图书"], [], 5, None) == []
    assert index.numbers() == {2}


def test_what_was_added_is_there_after_a_reopening(tmp_path: Path, tokens: Tokens) -> None:
    first = LexicalIndex(tmp_path / "again")
    first.change((), [entry(tokens, 7, SENTENCES[1])])
    first.close()
    second = LexicalIndex(tmp_path / "again")
    assert second.search(["食堂"], [], 5, None)[0][0] == 7
    second.close()


def test_a_change_that_fails_leaves_nothing_behind(index: LexicalIndex, tokens: Tokens) -> None:
    def entries() -> Iterator[Entry]:
        yield entry(tokens, 1, SENTENCES[0])
        raise RuntimeError

    with pytest.raises(RuntimeError):
        index.change((), entries())
    index.change((), [entry(tokens, 2, SENTENCES[1])])
    assert index.numbers() == {2}
