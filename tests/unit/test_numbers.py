"""What a number, a quantity or a date means, however it is written."""

from __future__ import annotations

import pytest

from qa.numbers import parse_chinese, parse_date, parse_mixed, parse_number, quantities, years


def stated(text: str) -> list[tuple[float, str]]:
    return [(round(q.value, 6), q.unit) for q in quantities(text)]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("零", 0), ("七", 7), ("十", 10), ("十二", 12), ("三十", 30), ("四十五", 45), ("一百零八", 108), ("两千", 2000),
        ("三千六百二十", 3620), ("一万二千", 12000), ("十万", 100_000), ("三亿五千万", 350_000_000), ("二〇二二", 2022),
        ("二0二二", 2022), ("二○一九", 2019),
    ],
)  # fmt: skip
def test_a_chinese_number_has_its_value(written, value):
    assert parse_chinese(written) == value


@pytest.mark.parametrize("written", ["", "几十", "图书", "三本"])
def test_what_is_no_number_has_no_value(written):
    assert parse_chinese(written) is None


@pytest.mark.parametrize(
    ("written", "value"), [("46.7", 46.7), ("1,200", 1200), ("4．35", 4.35), ("１８", 18), ("三十", 30)]
)
def test_an_arabic_number_has_its_value_however_it_is_set(written, value):
    assert parse_number(written) == value


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("全年接待3.5万人次", 35_000, "人次"),
        ("培训20余万人次", 200_000, "人次"),
        ("资金4000多万元", 40_000_000, "元"),
        ("投入18.6亿元", 1_860_000_000, "元"),
        ("绿化率达到57.9%", 57.9, "%"),
        ("绿化率达到57.9％", 57.9, "%"),
        ("占百分之三十", 30, "%"),
        ("修路十二公里", 12, "公里"),
        ("共1,280户", 1280, "户"),
        ("近300名老人", 300, "名"),
        ("提高1.4个百分点", 1.4, "个百分点"),
        ("送書4.2萬冊", 42_000, ""),
    ],
)
def test_a_quantity_has_value_and_unit(text, value, unit):
    assert stated(text) == [(value, unit)]


def test_each_quantity_of_a_sentence_is_found_in_order():
    assert stated("新开线路7条，撤并6条，添车120辆") == [(7, "条"), (6, "条"), (120, "辆")]


def test_a_quantity_says_where_it_stands():
    text = "柳溪县去年一共送书4.2万册，比前年多"
    (found,) = quantities(text)
    assert text[found.start : found.end] == found.text == "4.2万册"


@pytest.mark.parametrize("text", ["2023年的事", "2023年5月20日启用", "6月底贯通", "早上8:30开门", "二〇二二年以来"])
def test_a_date_is_no_quantity(text):
    assert stated(text) == []


@pytest.mark.parametrize("text", ["一些老人", "千万别走那条路", "百姓都说好"])
def test_a_numeral_inside_a_word_is_no_quantity(text):
    assert stated(text) == []


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("2022年办成了三件事", [2022]),
        ("二0二二年青屿市调整线路", [2022]),
        ("二〇一九年以来", [2019]),
        ("2018-2020年的规划", [2018, 2020]),
        ("从2019年到2023年", [2019, 2023]),
        ("全年2022人次", []),
        ("今年的事", []),
    ],
)
def test_the_years_of_a_text_are_found(text, named):
    assert years(text) == named


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2024年4月2日发布", "2024-04-02"),
        ("2023-01-31 09:01 来源：青屿时报", "2023-01-31"),
        ("2023/7/1", "2023-07-01"),
        ("2024年4月", "2024-04"),
        ("2024年13月40日", "2024"),
        ("没有日期", None),
    ],
)
def test_a_date_is_as_exact_as_it_is_written(text, date):
    assert parse_date(text) == date


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("3万5千", 35_000),
        ("1.2亿", 120_000_000),
        ("一万二", 12_000),
        ("三百零五", 305),
        ("一万亿", 1e12),
        ("三十点五", 30.5),
    ],
)
def test_a_number_in_both_ways_of_writing_has_its_value(written, value):
    assert parse_mixed(written) == value


@pytest.mark.parametrize("written", ["十四五", "二三十", "", "百"])
def test_what_is_no_single_number_has_no_mixed_value(written):
    assert parse_mixed(written) is None
