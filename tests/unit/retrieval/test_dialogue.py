"""What a follow-up leaves out is taken from the turns before; a question that stands alone takes nothing."""

from __future__ import annotations

import pytest

from qa.indexing.tokens import Tokens
from qa.retrieval.dialogue import StandAlone, stand_alone
from qa.retrieval.questions import understand
from qa.types import Turn

FIRST = "青屿市新添了多少艘渡船？"
_TOKENS = Tokens()


def said(*questions: str) -> list[Turn]:
    return [turn for question in questions for turn in (("user", question), ("assistant", "渡船共有六艘。"))]


def alone(question: str, history: list[Turn]) -> StandAlone:
    return stand_alone(question, history, _TOKENS)


def test_a_first_question_stands_alone():
    assert alone(FIRST, []).text == FIRST


@pytest.mark.parametrize(
    "question",
    [
        "那柳溪县呢？",
        "那浙江呢",
        "其中夜间开行的有多少艘？",
        "它们停在哪里？",
        "那些船是谁在管？",
        "船长是谁？",
        "还有别的吗？",
        "那柳溪縣呢？",
        "其中夜間開行的有多少艘？",
    ],
)
def test_a_follow_up_takes_up_what_was_spoken_of(question):
    assert "渡船" in alone(question, said(FIRST)).text


@pytest.mark.parametrize(
    "question",
    [
        "柳溪县的村级书屋是哪一年开始建的？",
        "桐湾区图书馆周末几点关门？",
        "“一园青苗”计划具体怎么做，谁来负责照看那么多的苗圃？",
    ],
)
def test_a_question_that_says_everything_takes_nothing(question):
    assert alone(question, said(FIRST)).text == question


@pytest.mark.parametrize(("question", "own"), [("那柳溪县呢？", "柳溪县"), ("它们停在哪里？", "停在哪里")])
def test_a_follow_up_keeps_its_own_words(question, own):
    assert own in alone(question, said(FIRST)).text


def test_another_place_takes_the_place_of_the_former():
    assert "青屿" not in alone("那柳溪县呢？", said(FIRST)).text


def test_a_place_called_by_its_short_name_takes_the_place_of_the_former_too():
    assert "浙江" not in alone("那江苏呢？", said("浙江新添了多少艘渡船？")).text


def test_another_place_is_asked_the_same_kind_of_thing():
    asked = understand(alone("那柳溪县呢？", said(FIRST)), _TOKENS)
    assert asked.kind == understand(alone(FIRST, []), _TOKENS).kind


def test_a_follow_up_that_asks_something_itself_is_asked_as_it_says():
    assert understand(alone("它们停在哪里？", said(FIRST)), _TOKENS).kind == "where"


def test_a_follow_up_to_a_follow_up_goes_back_to_what_was_spoken_of():
    assert "渡船" in alone("那桐湾区呢？", said(FIRST, "那柳溪县呢？")).text


def test_a_follow_up_stops_at_the_last_question_that_stands_alone():
    assert "渡船" not in alone("那柳溪县呢？", said(FIRST, "桐湾区的公共图书馆有多少个自习座位？")).text


@pytest.mark.parametrize("question", ["那柳溪县呢？", "它们停在哪里？"])
def test_what_the_assistant_said_is_not_carried(question):
    assert "六艘" not in alone(question, said(FIRST)).text


def test_blank_turns_are_passed_over():
    assert "渡船" in alone("那柳溪县呢？", [*said(FIRST), ("user", "  ")]).text


def test_a_place_of_the_library_called_by_its_short_name_gives_way_too():
    asks = stand_alone("那柳溪呢？", said("青屿新添了多少艘渡船？"), _TOKENS, ("青屿市", "柳溪县"))
    assert "青屿" not in asks.text


# Another thing after the first


def test_another_thing_may_be_asked_after_in_the_same_way():
    otherwise = alone("船工呢？", said(FIRST)).otherwise
    assert otherwise is not None
    assert otherwise.text == "青屿市有多少船工？"


@pytest.mark.parametrize("question", ["其中夜间开行的呢？", "那柳溪县呢？", "船长是谁？"])
def test_a_part_of_the_former_or_another_place_is_no_other_thing(question):
    assert alone(question, said(FIRST)).otherwise is None
