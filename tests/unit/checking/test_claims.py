"""A draft as sentences with their spans, and which of them claim something."""

from __future__ import annotations

import pytest

from qa.checking.claims import LONG_CHARS, sentences_of
from qa.indexing.tokens import Tokens

TOKENS = Tokens()


def sentences(draft: str):
    return [make() for make in sentences_of(draft, TOKENS)]


@pytest.mark.parametrize(
    "draft",
    [
        "第一句。\r\n第二句！",
        "- 青屿市开馆\n- 柳溪县修渠",
        "11.2万人参加。",
        "（一）总体要求\n全文如下。",
        "𠮷家村🙂修了路；",
    ],
)
def test_a_sentence_is_its_span_of_the_draft(draft):
    for sentence in sentences(draft):
        assert draft[sentence.start : sentence.end] == sentence.text


def test_a_list_number_is_no_part_of_the_sentence():
    assert [s.text for s in sentences("1. 青屿市开馆。\n（二）柳溪县修渠。")] == ["青屿市开馆。", "柳溪县修渠。"]


def test_a_figure_with_a_point_is_no_list_number():
    assert [s.text for s in sentences("11.2万人参加。")] == ["11.2万人参加。"]


def test_a_text_without_any_sentence_end_is_cut():
    draft = "，".join(["青屿市在老茶馆里设立阅览点"] * 200)
    found = sentences(draft)
    assert len(found) > 1 and max(len(s.text) for s in found) <= LONG_CHARS
    assert "".join(s.text for s in found) == draft


@pytest.mark.parametrize(
    ("draft", "claims"),
    [
        ("一、工作成效\n青屿市开馆。", [False, True]),
        ("青屿市为什么要开馆？", [False]),
        ("我认为还可以更好。", [False]),
        ("青屿市开馆12座", [True]),
        ("标题\n全市2023年开馆12座", [False, True]),
    ],
)
def test_headings_questions_and_opinions_claim_nothing(draft, claims):
    assert [s.claims for s in sentences(draft)] == claims


def test_punctuation_alone_is_no_sentence():
    assert sentences("……\n——\n***") == []


@pytest.mark.parametrize(
    "sentence",
    [
        "一间小屋，装得下一座城的灯火！",
        "让阅读成为习惯，让书香飘进小巷。",
        "读书正当时，奋进新征程！",
        "我认为这样的做法很好。",
    ],
)
def test_a_slogan_claims_nothing(sentence):
    assert [s.claims for s in sentences(sentence)] == [False]


@pytest.mark.parametrize(
    "sentence",
    [
        "全年开课41次！",
        "青屿市的灯火最亮！",
        "老船工李秀英教年轻人看水色！",
        "阅览点不收押金！",
        "末班船开通了！",
        "我认为全年开课41次。",
        "让《渡口工作小结》写进教材，让孩子们读到它。",
    ],
)
def test_a_call_that_tells_something_checkable_is_a_claim(sentence):
    assert [s.claims for s in sentences(sentence)] == [True]


def test_a_long_run_without_even_a_comma_is_cut():
    draft = "青屿市在老茶馆里设立阅览点" * 200
    found = sentences(draft)
    assert max(len(s.text) for s in found) <= LONG_CHARS and "".join(s.text for s in found) == draft
