"""What words for times mean follows from the year in which they are written, or from their sentence."""

from __future__ import annotations

import pytest

from qa.periods import bounds, meanings, plan_years, range_of, stretch_in_words, stretch_of, years_counted, years_meant


def meant(text: str, year: int | None = 2024, month: int | None = None) -> dict[str, str]:
    return {meaning.word: meaning.text for meaning in meanings(text, year, month)}


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("今年", "2024年"),
        ("去年", "2023年"),
        ("前年", "2022年"),
        ("明年", "2025年"),
        ("上半年", "2024年上半年"),
        ("下半年", "2024年下半年"),
        ("一季度", "2024年一季度"),
        ("前三季度", "2024年前三季度"),
        ("年初", "2024年初"),
        ("年底", "2024年底"),
        ("上年", "2023年"),
        ("上年度", "2023年"),
        ("近五年", "2020—2024年"),
        ("近3年来", "2022—2024年"),
        ("过去五年", "2020—2024年"),
        ("五年来", "2020—2024年"),
    ],
)
def test_a_word_means_a_time_by_the_year_of_its_text(word, text):
    assert meant(f"{word}，新开渡口三处。") == {word: text}


@pytest.mark.parametrize(
    "text",
    [
        "目前年产渡船三万条。",
        "过去年均新添三条。",
        "六十五岁以上年长者免费。",
        "这是第三次年会。",
        "按下半年来工作的回放键。",
        "将近五年没有通航。",
        "近五年时间里没有通航。",
        "每年年底清点一次。",
        "他上年纪了。",
        "还有二十五五年级学生。",
        "当年的渡口很小。",
        "近二十年来渡口变了样。",
    ],
)
def test_what_only_looks_like_a_word_for_a_time_means_none(text):
    assert meant(text) == {}


def test_without_a_year_nothing_that_follows_it_is_meant():
    assert meant("今年上半年比上年多，近五年最多，年底再看。", None) == {}


@pytest.mark.parametrize(
    ("word", "text"), [("“十三五”", "2016—2020年"), ("“十四五”", "2021—2025年"), ("“十五五”", "2026—2030年")]
)
def test_a_five_year_plan_has_its_years_whoever_speaks_of_it(word, text):
    assert list(meant(f"{word}期间新开渡口三处。", None).values()) == [text]


@pytest.mark.parametrize("word", ["民國一一二年", "民国112年", "二〇二三年", "二0二三年"])
def test_a_year_is_the_same_however_it_is_written(word):
    assert meant(f"{word}新开渡口三处。", None) == {word: "2023年"}


def test_a_part_of_a_year_is_of_the_year_that_opens_its_sentence():
    assert meant("2021年，上半年开三处，比上年多。") == {"上半年": "2021年上半年", "上年": "2020年"}


def test_a_part_of_a_year_means_nothing_sure_beside_another_year():
    assert meant("比2022年增长5%，上半年再增。") == {}


def test_that_year_and_the_next_follow_the_last_year_named():
    assert meant("2019年立项，当年开工，次年通航。") == {"当年": "2019年", "次年": "2020年"}


def test_a_year_of_another_sentence_is_not_meant():
    assert meant("2021年通航。上半年开三处。") == {"上半年": "2024年上半年"}


def test_a_month_and_a_quarter_follow_the_month_of_the_text():
    assert meant("本月开三处，上月开两处，上季度没有。", 2024, 1) == {
        "本月": "2024年1月",
        "上月": "2023年12月",
        "上季度": "2023年四季度",
    }


def test_a_month_means_nothing_where_that_of_the_text_is_unknown():
    assert meant("本月开三处。") == {}


def test_what_is_only_sure_enough_to_find_by_has_no_note():
    assert [meaning.note for meaning in meanings("五年来，近三年，上半年，二〇二三年", 2024)] == [
        "",
        "2022—2024年",
        "2024年",
        "",
    ]


@pytest.mark.parametrize(
    ("title", "stretch"),
    [
        ("柳溪县2023年渡口工作总结", "2023"),
        ("柳溪县2023年度渡口年报", "2023"),
        ("柳溪县2021—2025年渡口规划", "2021/2025"),
        ("柳溪县2019年至2023年渡口工作综述", "2019/2023"),
        ("柳溪县“十四五”渡口规划", "2021/2025"),
        ("柳溪县2024年上半年渡口通报", "2024-01/2024-06"),
        ("柳溪县2024年第三季度渡口通报", "2024-07/2024-09"),
        ("柳溪县2024年3月渡口简报", "2024-03"),
        ("二〇二三年柳溪縣渡口工作綜述", "2023"),
        ("民國一一二年渡口年報", "2023"),
    ],
)
def test_a_title_names_a_stretch_of_time(title, stretch):
    found = stretch_of(title)
    assert found and found[0] == stretch


def test_a_title_without_a_year_names_none():
    assert stretch_of("柳溪县渡口工作总结") is None


def test_years_looked_back_on_are_counted():
    assert [years_counted(title) for title in ("柳溪县五年来渡口工作综述", "近三年渡口", "渡口")] == [5, 3, 0]


def test_a_range_is_found_by_its_length():
    assert range_of("2012年到2022年变化大，2019年至2023年是忙碌的五年。", 5) == ("2019/2023", 15, 26)


def test_the_bounds_of_a_stretch_are_years():
    assert [bounds(stretch) for stretch in ("2023", "2021/2025", "2024-01/2024-06", "")] == [
        (2023, 2023),
        (2021, 2025),
        (2024, 2024),
        (0, 0),
    ]


def test_a_stretch_is_said_in_years():
    assert [stretch_in_words(stretch) for stretch in ("2021/2025", "2024-01/2024-06")] == ["2021—2025年", "2024年"]


def test_plans_follow_one_another():
    assert [plan_years(number) for number in (13, 14, 15)] == ["2016/2020", "2021/2025", "2026/2030"]


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("2019到2023年新开多少渡口？", [2019, 2023]),
        ("“十四五”期间新开多少渡口？", [2021, 2025]),
        ("民国一一二年新开多少渡口？", [2023]),
        ("今年新开多少渡口？", []),
    ],
)
def test_a_question_names_years(question, named):
    assert years_meant(question) == named
