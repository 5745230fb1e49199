"""The piece of a clause that was asked for: a number with its unit, a date, a person, a name, a place."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qa.answering.leads import fit_without_lead, pieces
from qa.answering.selecting import clause_spans
from tests.unit.answering.making import asking


def best(question: str, kind: str, text: str, unit: str = "") -> str:
    found = pieces(asking(question, kind, unit), text, 0, len(text))
    _, start, end = max(found, key=lambda piece: piece[0])
    return text[start:end]


@pytest.mark.parametrize(
    ("question", "kind", "unit", "text", "piece"),
    [
        ("有多少座书屋？", "number", "座", "投入30万元，建成书屋12座", "12座"),
        ("占多少？", "number", "%", "建成12座，占总数的76.4%", "76.4%"),
        ("哪天通航？", "when", "", "5月20日通航，到年底共开行百日", "5月20日"),
        ("哪一年修好的？", "when", "", "3月开工，2021年修好", "2021年"),
        ("所长是谁？", "who", "", "渡口管理所所长王建国说", "王建国"),
        ("平台叫什么？", "name", "", "新建的平台名叫“一江通”", "一江通"),
        ("“一江通”的牌子叫什么？", "name", "", "“一江通”挂牌“先锋渡口”", "先锋渡口"),
        ("末班船几点开？", "when", "", "8月2日起，末班船晚上10点半开", "晚上10点半"),
        ("码头谁剪的彩？", "who", "", "本报讯（记者 林春雨）老船工李秀英剪彩", "李秀英"),
        ("有多少船工？", "number", "", "在第十六届船工比武中，12名船工获奖", "12名"),
        ("多少冊？", "number", "册", "縣裡送書4.2萬冊", "4.2萬冊"),
        ("计划叫什么？", "name", "", "实施“乌篷”计划，培养“划得稳”的船工", "乌篷"),
    ],
)
def test_the_piece_that_was_asked_for_is_found(question, kind, unit, text, piece):
    assert best(question, kind, text, unit) == piece


def test_what_the_question_says_itself_is_no_answer():
    assert best("2023年5月20日之后哪天停航？", "when", "2023年5月20日通航，9月1日停航") == "9月1日"


def test_a_clause_without_the_kind_has_no_piece():
    text = "渡口修好了"
    assert pieces(asking("有多少座？", "number", "座"), text, 0, len(text)) == []


def test_pieces_count_into_the_whole_text():
    text = "渡口修好了，新添渡船6条"
    ((_, start, end),) = pieces(asking("多少条？", "number", "条"), text, 6, len(text))
    assert text[start:end] == "6条"


def test_a_reason_fits_a_question_why():
    assert fit_without_lead(asking("为什么改道？", "why"), "由于河床变浅，渡船改走东岸。") == 1.0


def test_a_sentence_without_a_reason_does_not_fit_a_question_why():
    assert fit_without_lead(asking("为什么改道？", "why"), "渡船改走东岸。") == 0.0


# Clauses


def clauses(text: str) -> list[str]:
    return [text[start:end] for start, end in clause_spans(text, 0, len(text))]


def test_a_sentence_is_cut_after_its_commas():
    assert clauses("渡口修好了，船也多了。") == ["渡口修好了，", "船也多了。"]


def test_a_comma_in_a_number_does_not_cut():
    assert clauses("全年运送1,280人，无一延误。") == ["全年运送1,280人，", "无一延误。"]


def test_a_comma_inside_quotation_marks_does_not_cut():
    assert clauses("他说“船慢一点，人稳一点”，大家都笑了。") == ["他说“船慢一点，人稳一点”，", "大家都笑了。"]


def test_clauses_leave_out_nothing():
    text = "渡口修好了；船也多了：早班6条，晚班2条。"
    assert "".join(clauses(text)) == text


def test_the_number_beside_the_thing_counts_it():
    asked = replace(asking("惠及多少渔户？"), counted=("渔户",))
    text = "1300余家工坊带动4.2万户渔户增收"
    _, start, end = max(pieces(asked, text, 0, len(text)))
    assert text[start:end] == "4.2万户"
