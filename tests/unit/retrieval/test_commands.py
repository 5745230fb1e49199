"""A turn that wants the answer before it otherwise is told from one that asks."""

from __future__ import annotations

import pytest

from qa.indexing.tokens import Tokens
from qa.retrieval.commands import both, command_of
from qa.retrieval.dialogue import stand_alone
from qa.types import Filters, Turn

FIRST = "青屿市新添了多少艘渡船？"
_TOKENS = Tokens()


@pytest.mark.parametrize(
    ("turn", "wanted"),
    [
        ("出处呢？", "sources"),
        ("出處呢？", "sources"),
        ("在哪一页？", "sources"),
        ("原文在哪里？", "sources"),
        ("详细一点", "more"),
        ("能不能再具体一些？", "more"),
        ("展开说说", "more"),
        ("换个说法", "again"),
        ("请换一种说法", "again"),
        ("有没有别的说法？", "again"),
        ("只看市级的", "only"),
        ("只看2023年的", "only"),
        ("只看柳溪县的", "only"),
    ],
)
def test_a_turn_that_asks_nothing_new_is_a_command(turn, wanted):
    assert command_of(turn, ["云泽省青屿市柳溪县"])[0] == wanted


@pytest.mark.parametrize(
    "turn",
    [
        "那浙江呢？",
        "来源地是哪里？",
        "具体措施有哪些？",
        "只有多少人参加？",
        "渡船换了几条？",
        "详细地址是什么？",
        "根据地有几处？",
    ],
)
def test_a_question_is_no_command(turn):
    assert command_of(turn) == ("", Filters())


@pytest.mark.parametrize(
    ("turn", "only"),
    [
        ("只看市级的", Filters(levels=("市级",))),
        ("只看2023年的", Filters(published_from="2023", published_to="2023")),
        ("只要江苏省的", Filters(places=("江苏省",))),
    ],
)
def test_a_narrowing_turn_names_its_documents(turn, only):
    assert command_of(turn)[1] == only


def test_a_command_takes_up_the_whole_question_before_it():
    history: list[Turn] = [("user", FIRST), ("assistant", "六艘。"), ("user", "详细一点")]
    again = stand_alone("只看市级的", history, _TOKENS)
    assert (again.text, again.command, again.only.levels) == (FIRST, "more", ("市级",))


def test_a_question_after_a_command_takes_up_the_question_before_the_command():
    history: list[Turn] = [("user", FIRST), ("user", "出处呢？")]
    assert "渡船" in stand_alone("其中夜间开行的有几艘？", history, _TOKENS).text


def test_without_a_question_before_it_a_command_is_a_question():
    assert stand_alone("详细一点", [], _TOKENS).command == ""


def test_the_later_word_narrows_further():
    assert both(Filters(levels=("省级",)), Filters(levels=("市级",))).levels == ("市级",)
    assert both(Filters(levels=("省级",)), Filters(places=("江苏省",))).levels == ("省级",)
