"""What a question counts is the noun phrase after the word that asks, or before it."""

from __future__ import annotations

import pytest

from qa.indexing.tokens import Tokens
from qa.retrieval.counting import counted
from qa.retrieval.questions import asked_unit


@pytest.fixture(scope="module")
def tokens() -> Tokens:
    return Tokens()


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("青屿有多少条夜间公交线路？", ("夜间", "公交线路")),
        ("青屿建了多少个歇脚的驿站？", ("驿站",)),
        ("青屿有多少条快递线路？", ("快递", "线路")),
        ("有几个乡镇做到了？", ("乡镇",)),
        ("渡口一个月租金多少？", ("月租金",)),
        ("有多少家“潮汐食堂”？", ("潮汐", "食堂")),
        ("去了多少人？", ()),
        ("办成了百分之几？", ()),
    ],
)
def test_the_noun_phrase_is_counted(tokens, question, words):
    assert counted(question, tokens) == words


def test_a_word_that_begins_like_a_span_of_time_is_no_unit(tokens):
    question = "引进了多少年轻干部？"
    assert asked_unit(question, tokens.boundaries(question)) == ""


def test_years_are_a_unit(tokens):
    question = "渡口开了多少年？"
    assert asked_unit(question, tokens.boundaries(question)) == "年"
