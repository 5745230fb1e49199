"""The numbers that documents state, by form: what they count, how much, where, when; and numbers that state nothing."""

from __future__ import annotations

import pytest

from qa.indexing.tokens import Tokens
from qa.reading.figures import figures
from qa.types import Document, Figure, Section

TOKENS = Tokens()


def stated(text: str, place: str | None = "云泽省", period: str = "2024", **fields: object) -> list[Figure]:
    document = Document("甲", "源", 1, "云泽省公共服务综述", text, place=place, period=period, **fields)  # type: ignore[arg-type]
    return figures(document, TOKENS.tagged)


def rows(text: str) -> list[tuple[str, float, str]]:
    return [(one.metric, one.value, one.unit) for one in stated(text)]


def test_a_number_after_its_noun_counts_it_without_the_verb() -> None:
    assert rows("去年，全省新开社区图书室318家。") == [("社区图书室", 318, "家")]


def test_a_number_before_its_noun_counts_it() -> None:
    assert rows("全省新建了318家社区图书室。") == [("社区图书室", 318, "家")]


def test_a_growth_is_a_figure_of_what_grew() -> None:
    assert rows("柳溪县实现税收1.2亿元，同比增长8.3%。") == [("税收", 1.2, "亿元"), ("税收同比增长", 8.3, "%")]


def test_values_are_normalised_to_the_base_unit() -> None:
    both = stated("全县投入资金12000万元。") + stated("全县投入资金1.2亿元。")
    assert [one.normalized for one in both] == [120_000_000, 120_000_000]


def test_a_percentage_stays_a_percentage() -> None:
    (one,) = stated("图书借阅率达百分之六十二。")
    assert (one.normalized, one.unit) == (62, "%")


@pytest.mark.parametrize(
    ("text", "qualifier"),
    [
        ("培训馆员近3800人次。", "近"),
        ("培训馆员3800余人次。", "余"),
        ("培训馆员超过3800人次。", "超过"),
        ("满意率达90%以上。", "以上"),
        ("馆员总量达到3800人。", ""),
    ],
)
def test_what_makes_a_number_inexact_is_kept(text: str, qualifier: str) -> None:
    assert [one.qualifier for one in stated(text)] == [qualifier]


def test_what_something_was_before_is_marked() -> None:
    before, after = stated("全省藏书总量从170万册增加到381万册。")
    assert (before.qualifier, after.qualifier, after.metric) == ("原", "", "藏书总量")


def test_last_year_is_the_year_before_the_documents_own() -> None:
    assert [one.year for one in stated("去年，全省新开图书室318家。")] == [2023]


def test_a_named_year_is_the_figures_year() -> None:
    assert [one.year for one in stated("2021年，全省新开图书室280家。")] == [2021]


def test_a_year_that_it_is_compared_with_is_not_the_figures_year() -> None:
    assert [one.year for one in stated("全省图书室总量达318家，比2019年增加62家。")] == [2024, 2024]


def test_the_place_is_the_one_that_the_sentence_names() -> None:
    assert [one.place for one in stated("南京市新开图书室41家。", place="江苏省")] == ["江苏省南京市"]


def test_the_place_is_the_documents_where_none_is_named() -> None:
    assert [one.place for one in stated("新开图书室41家。")] == ["云泽省"]


def test_each_of_two_has_its_own_number() -> None:
    assert rows("图书馆、文化馆总数分别达到35家、28家。") == [("图书馆总数", 35, "家"), ("文化馆总数", 28, "家")]


def test_the_part_of_something_is_named_by_the_whole() -> None:
    assert rows("新开社区图书室318家，其中夜间开放的96家。")[1] == ("夜间开放的社区图书室", 96, "家")


def test_the_number_stands_in_the_quotation() -> None:
    text = "一、借书\n去年，全省新开社区图书室318家。"
    (one,) = stated(text, sections=(Section("一、借书", 1, 0, len(text)),))
    assert (text[one.start : one.end], text[one.at :][: len(one.text)]) == ("去年，全省新开社区图书室318家。", "318家")


def test_a_row_of_a_table_gives_its_numbers() -> None:
    assert rows("地区：柳溪县；图书室：41家；藏书：12.5万册。") == [("图书室", 41, "家"), ("藏书", 12.5, "万册")]


def test_a_row_of_a_table_is_of_the_place_that_it_names() -> None:
    assert {one.place for one in stated("地区：柳溪县；图书室：41家；藏书：12.5万册。")} == {"云泽省柳溪县"}


def test_cells_joined_by_tabs_are_named_by_the_first_row() -> None:
    text = "单位：万元\n项目\t2022年\t2023年\n图书室经费\t120\t168"
    found = [(one.metric, one.value, one.unit, one.year) for one in stated(text)]
    assert found == [("图书室经费", 120, "万元", 2022), ("图书室经费", 168, "万元", 2023)]


def test_a_header_with_its_unit_gives_bare_numbers_their_unit() -> None:
    assert rows("地区：柳溪县；图书室（家）：41；经费（万元）：320.5。") == [
        ("图书室", 41, "家"),
        ("经费", 320.5, "万元"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "2024年3月15日印发。",
        "云泽办发〔2024〕12号文件印发。",
        "咨询电话：0511-8765432。",
        "第3批名单公布。",
        "一是办好图书室。",
        "（3）延长开放时间。",
        "颁发“光荣在党50年”纪念章。",
        "推行“1+5”模式。",
        "连续3年开展活动。",
        "组成3—5人的小组。",
        "一批图书室开放。",
    ],
)
def test_what_states_no_quantity_is_no_figure(text: str) -> None:
    assert rows(text) == []
