"""The stretch that a work covers: precision first."""

from __future__ import annotations

import pytest

from qa.reading.reader import read_works

BODY = "　　渡口管理所新添渡船6条，末班船延到晚上八点，赶集的人不必再摸黑绕山路回家。"


def period(*lines: str, name: str = "渡口.txt") -> str | None:
    (document,) = read_works("\n".join(lines).encode(), name).documents
    return document.period


def test_a_report_that_came_out_the_year_after_covers_the_year_before():
    assert period("柳溪县2023年渡口工作总结", "2024-01-05 08:00", BODY, BODY) == "2023"


def test_a_plan_covers_its_years():
    assert period("柳溪县2021—2025年渡口规划", BODY, BODY) == "2021/2025"


def test_a_five_year_plan_covers_its_years():
    assert period("柳溪县“十四五”渡口发展规划", BODY, BODY) == "2021/2025"


def test_a_title_that_only_speaks_of_a_plan_does_not_cover_its_years():
    assert period("“十四五”开局之年看柳溪县渡口", BODY, BODY) is None


def test_a_review_of_some_years_covers_those_that_its_opening_names():
    assert period("柳溪县五年来渡口工作综述", "　　2019年至2023年，是忙碌的五年。", BODY) == "2019/2023"


def test_news_cover_their_own_year_whatever_year_they_recall():
    assert period("渡口通航", "2024-04-02 08:00", "　　说起2021年的渡口，老人都摇头。", BODY) == "2024"


def test_news_that_open_with_a_year_cover_it():
    assert period("渡口通航", "2024-01-02 08:00", "　　2023年，渡口新添渡船6条。", BODY) == "2023"


def test_what_sums_up_in_january_and_names_no_year_covers_none_for_sure():
    assert period("柳溪县渡口工作总结", "2024-01-05 08:00", BODY, BODY) is None


def test_the_files_name_says_it_where_the_text_does_not():
    assert period("柳溪县渡口工作总结", BODY, BODY, name="柳溪县2023年渡口工作总结.txt") == "2023"


@pytest.mark.parametrize(
    ("title", "stretch"), [("柳溪县2024年上半年通报", "2024-01/2024-06"), ("柳溪县2024年3月简报", "2024-03")]
)
def test_a_part_of_a_year_is_covered_as_a_part(title, stretch):
    assert period(title, BODY, BODY) == stretch
