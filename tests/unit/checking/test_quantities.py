"""Quantities as they are written, and which of them say the same."""

from __future__ import annotations

import pytest

from qa.checking.quantities import agree, amounts, comparable, differs_in_unit


def only(text: str):
    (one,) = amounts(text)
    return one


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("超过五万六千亿元", 5.6e12, "元"),
        ("120多万名", 1.2e6, "名"),
        ("一百二十多万名", 1.2e6, "名"),
        ("4300多万元", 4.3e7, "元"),
        ("1亿2000万元", 1.2e8, "元"),
        ("百分之三十", 30.0, "%"),
        ("三成", 30.0, "%"),
        ("四分之三", 75.0, "%"),
        ("2平方公里", 2e6, "平方米"),
        ("15亩", 1e4, "平方米"),
        ("2元5角", 2.5, "元"),
        ("两块钱", 2.0, "元"),
        ("晚上十点", 22.0, "点钟"),
        ("7点半", 7.5, "点钟"),
        ("三点建议", 3.0, "点"),
    ],
)
def test_a_quantity_is_read_in_plain_units(text, value, unit):
    assert (only(text).value, only(text).unit) == (value, unit)


@pytest.mark.parametrize(
    ("draft", "source"),
    [
        ("三千个", "3000个"),
        ("1.2亿元", "12000万元"),
        ("约2.7万人", "2.69万人"),
        ("近3000家", "2986家"),
        ("8300多人", "8300余人"),
        ("30%", "百分之三十"),
        ("35名", "35人"),
        ("十点", "22:00"),
        ("15亩", "1公顷"),
        ("不足3000家", "2986家"),
        ("2300余条", "2312条"),
    ],
)
def test_quantities_that_say_the_same_agree(draft, source):
    assert agree(only(draft), only(source))


@pytest.mark.parametrize(
    ("draft", "source"),
    [
        ("2.7万人", "2.69万人"),
        ("约2.7万人", "3.4万人"),
        ("96家", "69家"),
        ("5.3%", "53%"),
        ("300元", "300人"),
        ("3.6万亩", "3.6万平方米"),
        ("35户", "35人"),
        ("8点", "9点"),
        ("早上8点", "20点"),
    ],
)
def test_quantities_that_say_something_else_do_not(draft, source):
    assert not agree(only(draft), only(source))


@pytest.mark.parametrize(
    ("draft", "source"), [("超过32万件", "31.7万件"), ("近3000万人次", "3120万人次"), ("2300余条", "2260条")]
)
def test_a_rounded_figure_lies_on_the_side_that_it_says(draft, source):
    assert not agree(only(draft), only(source))


def test_money_and_people_are_never_compared():
    assert not comparable(only("300元"), only("300人"))


def test_the_same_figures_with_another_scale_differ_in_unit():
    assert differs_in_unit(only("4300多亿元"), only("4300多万元"))


def test_offsets_count_into_the_text():
    text = "全市有120多万名读者"
    one = only(text)
    assert text[one.start : one.end] == "120多万名"
