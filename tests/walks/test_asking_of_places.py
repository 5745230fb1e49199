"""A question of many places finds each of them; one of several places, or of a whole document, answers for all."""

from __future__ import annotations

import pytest

from qa.citing.marks import answer_text
from qa.pipeline import Pipeline
from qa.types import Answer, Turn
from tests.walks.asking import FERRIES, TEAHOUSES

NIGHT_BOATS = {
    "青屿市": "青屿市开行夜航船三条，末班延到二十二点。",
    "柳溪县": "柳溪县在赶集日增开夜航船，方便回村的人。",
    "桐湾区": "桐湾区把夜航船的票价降到一元。",
    "雁浦县": "雁浦县修好了旧码头，船票仍在岸上卖。",
}


@pytest.fixture
def waters(pipeline: Pipeline) -> Pipeline:
    """Four places, three of which write of boats by night."""
    for place, said in NIGHT_BOATS.items():
        pipeline.add_text(
            None, f"{place}渡运工作小结", f"2023年，{said}渡运办公室每月到各个渡口检查一次。", place=place
        )
    return pipeline


def told(answer: Answer) -> str:
    return answer_text(answer.blocks)


def test_each_place_that_does_something_is_told(waters):
    answer = waters.answer("哪些地方开了夜航船？")
    assert {c.document.place for c in answer.citations} == {"青屿市", "柳溪县", "桐湾区"}


def test_how_many_places_do_it_is_told_first(waters):
    assert told(waters.answer("哪些地方开了夜航船？")).startswith("写到的有3地：")


def test_places_beyond_the_citations_are_named(waters):
    answer = waters.answer("哪些地方开了夜航船？", max_citations=1)
    assert len(answer.citations) == 1
    assert all(place.strip("市县区") in told(answer) for place in ("青屿市", "柳溪县", "桐湾区"))


def test_only_places_of_the_asked_level_are_told(waters):
    levels = {c.document.level for c in waters.answer("哪些县开了夜航船？").citations}
    assert levels <= {"县级"}


def test_each_document_that_writes_of_something_is_told(waters):
    answer = waters.answer("哪几篇写到夜航船？")
    assert told(answer).startswith("写到的有3篇：《")
    assert {c.document.place for c in answer.citations} == {"青屿市", "柳溪县", "桐湾区"}


def test_the_one_document_that_writes_of_something_is_told(waters):
    assert told(waters.answer("旧码头在哪篇材料里？")).startswith("写到的有1篇：《雁浦县渡运工作小结》")


def test_what_no_place_does_is_told_of_none(waters):
    assert waters.answer("哪些地方建了观星台？").status == "no_evidence"


@pytest.mark.parametrize("question", ["青屿市和柳溪县分别怎么安排夜航船？", "青屿市和柳溪县的夜航船有什么不同？"])
def test_a_question_of_two_places_is_answered_for_each(waters, question):
    assert {c.document.place for c in waters.answer(question).citations} == {"青屿市", "柳溪县"}


def test_the_place_of_which_nothing_is_written_is_named(waters):
    answer = waters.answer("青屿市和雁浦县分别怎么安排夜航船？")
    assert answer.status == "partial"
    assert "雁浦县怎么安排夜航船？”：资料里没有写到" in told(answer)


def test_a_document_is_summed_up_by_its_headings(pipeline):
    text = (
        "一、修码头\n全市修好码头四处，装了路灯。\n二、开夜航\n末班船延到二十二点。\n三、教徒弟\n老船工开课四十一次。"
    )
    pipeline.add_text(None, "青屿市渡运工作小结", text, place="青屿市")
    answer = told(pipeline.answer("总结一下青屿市的渡运工作"))
    assert all(heading in answer for heading in ("修码头", "开夜航", "教徒弟"))


def test_a_summary_of_nothing_named_is_refused(pipeline):
    pipeline.add_bytes(FERRIES.encode(), "渡口.txt")
    assert pipeline.answer("总结一下").status == "no_evidence"


# Follow-ups that name another thing


BEFORE: list[Turn] = [("user", "青屿市在老茶馆里设立了多少个阅览点？")]


def test_another_thing_of_the_same_place_is_asked_after(pipeline):
    pipeline.add_bytes(
        TEAHOUSES.replace("全年读报1860场。", "全年读报1860场。全市另有图书流动车12辆。").encode(), "茶馆.txt"
    )
    answer = pipeline.answer("流动车呢？", BEFORE)
    assert "12辆" in told(answer)


def test_a_thing_that_is_not_written_of_is_not_answered_with_the_former(pipeline):
    pipeline.add_bytes(TEAHOUSES.encode(), "茶馆.txt")
    assert pipeline.answer("经费呢？", BEFORE).status == "no_evidence"


# Who, how much, and no question at all


def test_who_said_it_is_told_with_the_speech(pipeline):
    text = (
        "云泽省柳溪县渡口小结\n2023年，柳溪县换了新船。“新船真稳当！坐着一点不晃。”看着孩子们上岸，老船工李秀英笑了。"
    )
    pipeline.add_bytes(text.encode(), "渡口.txt")
    answer = pipeline.answer("谁说“新船真稳当”？")
    assert told(answer).startswith("李秀英。")
    assert answer.citations[0].quote.count("“") == answer.citations[0].quote.count("”")


@pytest.mark.parametrize("question", ["船工的工资是多少钱？", "开课每次花多少钱？"])
def test_an_amount_is_not_answered_with_another_measure(pipeline, question):
    pipeline.add_bytes(FERRIES.encode(), "渡口.txt")
    assert pipeline.answer(f"柳溪县{question}").status == "no_evidence"


def test_a_monthly_amount_is_not_answered_with_a_whole(pipeline):
    pipeline.add_bytes("柳溪县渡口小结\n2023年，柳溪县发放船工补贴38万元。".encode(), "渡口.txt")
    assert pipeline.answer("柳溪县给船工每月补贴多少钱？").status == "no_evidence"
    assert "38万元" in told(pipeline.answer("柳溪县发放了多少船工补贴？"))


@pytest.mark.parametrize("words", ["你好", "您好！", "谢谢", "你是谁？", "你能做什么？"])
def test_a_greeting_is_no_question_to_the_documents(pipeline, words):
    pipeline.add_bytes("柳溪县开展“你好，邻居”活动。".encode(), "邻居.txt")
    answer = pipeline.answer(words)
    assert (answer.status, answer.citations, answer.near) == ("no_evidence", (), ())
