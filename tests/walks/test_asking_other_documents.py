"""Not only reports: tables, rules, questions with answers, minutes and stories are asked as people ask them."""

from __future__ import annotations

import pytest

from qa.citing.marks import answer_text
from qa.pipeline import Pipeline
from qa.types import Answer

SALES = """门店,月份,销售额（万元）,客流（人次）
东渡店,2024-01,128.5,23110
东渡店,2024-02,141.2,25400
灯塔店,2024-01,210.8,40210
西塘店,2024-01,88.3,12045
西塘店,2024-02,79.6,11000
"""
RULES = """员工休假办法

第一章 年休假
第一条 员工工作满1年不满10年的，年休假5天；已满10年不满20年的，年休假10天；已满20年的，年休假15天。
第二条 员工请年休假应当提前3个工作日提交申请，由部门负责人审批。
"""
ANSWERS = """扫地机常见问题

问：机器人充不进电怎么办？
答：请先擦拭充电触点，再长按电源键10秒重启。

问：一次充电能扫多大面积？
答：标准模式下约150平方米。

问：尘盒多久清理一次？
答：每次清扫后清理，滤网每两周水洗一次。
"""
STORY = """老渡口

那天雾很大，船老大说不开船了。小满急得直跺脚，因为那天是阿婆的生日。最后是修船的李叔划着小木船，把他送过了河。
"""


@pytest.fixture
def mixed(pipeline: Pipeline) -> Pipeline:
    for name, text in (("销售.csv", SALES), ("办法.txt", RULES), ("问答.txt", ANSWERS), ("故事.txt", STORY)):
        pipeline.add_bytes(text.encode(), name)
    return pipeline


def told(answer: Answer) -> str:
    return answer_text(answer.blocks)


def test_a_cell_is_told_with_its_columns_unit(mixed):
    answer = mixed.answer("2024年2月西塘店的销售额是多少？")
    assert told(answer).startswith("79.6〔万元〕。")
    assert "2024-02" in answer.citations[0].quote


def test_the_row_with_the_most_is_found_by_comparing_all(mixed):
    answer = mixed.answer("哪个门店的销售额最高？")
    assert told(answer).startswith("灯塔店：210.8〔万元〕。〔比较了5行")


def test_only_rows_of_the_asked_time_are_compared(mixed):
    assert told(mixed.answer("2024年2月哪个门店的客流最少？")).startswith("西塘店：11000〔人次〕。〔比较了2行")


def test_cases_are_told_whole_for_nobody_knows_which_is_meant(mixed):
    answer = mixed.answer("工作15年的员工有几天年休假？")
    assert all(days in answer.citations[0].quote for days in ("5天", "10天", "15天"))
    assert not told(answer).startswith(("5天", "10天", "15天"))


def test_working_days_are_days(mixed):
    assert told(mixed.answer("请年休假要提前几天？")).startswith("3个工作日。")


def test_a_question_in_a_document_is_answered_with_what_follows_it(mixed):
    (citation,) = mixed.answer("充不进电怎么办？").citations
    assert citation.quote.startswith("答：请先擦拭充电触点")
    assert "尘盒" not in citation.quote


def test_a_measure_is_taken_from_the_answer_to_that_question(mixed):
    assert told(mixed.answer("一次充电能扫多大面积？")).startswith("150平方米。")


def test_a_person_of_a_small_library_is_named(mixed):
    assert told(mixed.answer("谁把小满送过了河？")).startswith("李叔。")


NEWS = """柳江地铁8号线首通段贯通

本报讯（记者 林春雨）记者15日从柳江地铁集团获悉，柳江地铁8号线首通段隧道日前全部贯通，预计年底通车。
总工程师陶望舒介绍，工程队每天早上6点换班。
"""


def test_another_line_than_the_one_asked_after_is_no_answer(pipeline):
    pipeline.add_bytes(NEWS.encode(), "新闻.txt")
    assert pipeline.answer("柳江地铁8号线什么时候通车？").status == "answered"
    assert "8号线" not in told(pipeline.answer("柳江地铁12号线什么时候通车？"))
    assert pipeline.answer("柳江地铁12号线什么时候通车？").status == "no_evidence"


def test_another_country_is_no_answer(pipeline):
    pipeline.add_bytes("代表团访问泰国渔港\n3月5日，代表团访问了泰国渔港，参观了12座码头。".encode(), "新闻.txt")
    assert "12座" in told(pipeline.answer("代表团在泰国参观了多少座码头？"))
    assert pipeline.answer("代表团在越南参观了多少座码头？").status == "no_evidence"


def test_who_reports_a_story_is_not_who_is_asked_after(pipeline):
    pipeline.add_bytes(NEWS.encode(), "新闻.txt")
    assert told(pipeline.answer("谁介绍了工程队换班？")).startswith("陶望舒。")
