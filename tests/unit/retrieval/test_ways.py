"""A how-question is about the words that tell; those that only ask for a way are left out."""

from __future__ import annotations

import pytest

from qa.indexing.tokens import Tokens
from qa.retrieval.questions import kind_of
from qa.retrieval.ways import way_asked


@pytest.fixture(scope="module")
def tokens() -> Tokens:
    return Tokens()


def test_what_a_question_is_about_leaves_the_place_out(tokens):
    about, _ = way_asked("青屿的独居老人怎么探访？", ["青屿"], tokens)
    assert set(about) == {"独居", "老人", "探访"}


def test_the_way_is_what_is_said_after_the_word_that_asks(tokens):
    _, way = way_asked("渡口的票怎么退？", [], tokens)
    assert way == ("退",)


def test_a_question_that_asks_what_was_done_says_no_way(tokens):
    _, way = way_asked("渡口排队太久怎么解决的？", [], tokens)
    assert way == ()


@pytest.mark.parametrize(
    "question",
    ["渡口人多采取了哪些措施？", "渡口对晚到的船有什么招？", "老人过江有什么照顾？", "渡口靠什么留住老船工？"],
)
def test_what_was_done_is_asked_for_in_many_words(question):
    assert kind_of(question) == "how"


def test_a_list_of_things_is_no_way():
    assert kind_of("渡口有哪些码头？") == "list"
