"""What the lexical index and the scan that stands in for it both promise: one contract, the same tests."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import pytest

from qa.indexing.lexical import Entry, LexicalIndex, LexicalSearch
from qa.indexing.scanning import Scan
from qa.indexing.tokens import Tokens
from tests.unit.indexing.making import SENTENCES

PASSAGES = [(number, f"资料{number % 2}", text) for number, text in enumerate(SENTENCES, start=1)]


def entries(tokens: Tokens, passages: list[tuple[int, str, str]]) -> Iterator[Entry]:
    for number, document_id, text in passages:
        yield Entry(number, document_id, tokens.words(text), tokens.bigrams(text))


@pytest.fixture(params=["tantivy", "scan"])
def lexical(request: pytest.FixtureRequest, tmp_path: Path, tokens: Tokens) -> Iterator[LexicalSearch]:
    if request.param == "scan":
        yield Scan(PASSAGES)
        return
    index = LexicalIndex(tmp_path / "index")
    index.change((), entries(tokens, PASSAGES))
    yield index
    index.close()


def ask(lexical: LexicalSearch, tokens: Tokens, question: str, allowed: frozenset[str] | None = None) -> list[int]:
    found = lexical.search(tokens.words(question), tokens.bigrams(question), 10, allowed)
    return [number for number, _ in found]


def test_the_passage_with_the_words_comes_first(lexical: LexicalSearch, tokens: Tokens) -> None:
    assert ask(lexical, tokens, "新开了多少家社区图书室")[0] == 1
    assert ask(lexical, tokens, "柳溪县修复了多少公里河道")[0] == 3


def test_scores_fall_and_are_above_zero(lexical: LexicalSearch, tokens: Tokens) -> None:
    points = [
        score for _, score in lexical.search(tokens.words("社区图书馆开放"), tokens.bigrams("社区图书馆开放"), 10, None)
    ]
    assert points == sorted(points, reverse=True)
    assert points[-1] > 0


def test_a_traditional_question_finds_simplified_text(lexical: LexicalSearch, tokens: Tokens) -> None:
    assert ask(lexical, tokens, "社區圖書室")[0] == 1


def test_a_full_width_number_finds_the_plain_one(lexical: LexicalSearch, tokens: Tokens) -> None:
    assert ask(lexical, tokens, "３１８") == [1]


def test_words_that_stand_nowhere_find_nothing(lexical: LexicalSearch, tokens: Tokens) -> None:
    assert ask(lexical, tokens, "航天发射") == []


def test_no_words_find_nothing(lexical: LexicalSearch) -> None:
    assert lexical.search([], [], 10, None) == []


def test_operators_in_a_question_are_only_words(lexical: LexicalSearch) -> None:
    assert lexical.search(['社区" OR *', "words:河道", "AND", ")"], [], 10, None) == []


def test_only_allowed_documents_are_searched(lexical: LexicalSearch, tokens: Tokens) -> None:
    assert ask(lexical, tokens, "社区图书室", frozenset({"资料1"}))[0] == 1
    assert 1 not in ask(lexical, tokens, "社区图书室", frozenset({"资料0"}))


def test_nothing_allowed_finds_nothing(lexical: LexicalSearch, tokens: Tokens) -> None:
    assert ask(lexical, tokens, "社区", frozenset()) == []


def test_a_word_asked_twice_counts_once(lexical: LexicalSearch) -> None:
    assert lexical.search(["社区", "社区"], ["社区"] * 3, 10, None) == lexical.search(["社区"], ["社区"], 10, None)


def test_idf_counts_the_passages_that_hold_a_word(lexical: LexicalSearch) -> None:
    found = lexical.idf(["社区", "白鹭", "航天"])
    assert found == pytest.approx({
        "社区": math.log(1 + 4.5 / 2.5), "白鹭": math.log(1 + 5.5 / 1.5), "航天": math.log(1 + 6.5 / 0.5)
    })  # fmt: skip


def test_no_more_than_asked_for_are_found(lexical: LexicalSearch) -> None:
    assert len(lexical.search(["社区"], ["社区"], 1, None)) == 1


def test_a_question_of_which_only_the_words_stand_somewhere_finds_them(lexical: LexicalSearch) -> None:
    assert lexical.search(["社区"], ["航天"], 10, None) == lexical.search(["社区"], [], 10, None) != []
