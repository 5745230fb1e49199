"""A number or a day is found however it is written; what merely looks like one is left alone."""

from __future__ import annotations

import pytest

from qa.indexing.number_forms import forms, plain_forms
from qa.indexing.scanning import Scan
from qa.indexing.tokens import Tokens
from qa.text import fold


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("三千六百二十个村", "3620"),
        ("3,620个村", "3620"),
        ("3.5万人", "35000"),
        ("3万5千人", "35000"),
        ("三万五千人", "35000"),
        ("1.2亿元", "120000000"),
        ("12000万元", "120000000"),
        ("1亿2千万元", "120000000"),
        ("百分之三十", "30%"),
        ("百分之46.7", "46.7%"),
        ("百分之百", "100%"),
        ("二〇二二年", "2022"),
        ("二0二二年", "2022"),
        ("二○二二年", "2022"),
        ("三十多万人", "300000"),
        ("一万二的月薪", "12000"),
        ("三百零五天", "305"),
        ("十五年", "15"),
        ("三月五日", "3月5日"),
        ("3月5日", "3月5日"),
        ("５，０００", "5000"),
        ("兩萬人", "20000"),
    ],
)
def test_a_number_has_one_form(written, form):
    assert plain_forms(fold(written)) == [form]


@pytest.mark.parametrize(
    "text",
    ["十四五规划", "二三十人", "千方百计", "三五成群", "四两拨千斤", "一个", "3620个村", "46.7%", "十几家", "三点五"],
)
def test_what_is_plain_or_no_single_number_has_no_form(text):
    assert plain_forms(fold(text)) == []


def test_a_form_says_where_it_was_written():
    assert forms("柳溪县有三千六百二十户") == [(4, 10, "3620")]


@pytest.mark.parametrize(
    ("one", "other"),
    [("三千六百二十", "3,620"), ("3.5万", "三万五千"), ("百分之三十", "30%"), ("二〇二二年", "2022年")],
)
def test_two_ways_of_writing_a_number_share_a_word(one, other):
    tokens = Tokens()
    assert set(tokens.words(one)) & set(tokens.words(other)) & {"3620", "35000", "30%", "2022"}


def test_what_was_written_stays_a_word():
    assert {"3.5", "万", "35000"} <= set(Tokens().words("3.5万"))


def test_a_number_is_found_by_its_form_while_there_is_no_index():
    scan = Scan([(1, "甲", "柳溪县有三千六百二十户。"), (2, "乙", "桐湾区有三百户。")])
    assert [number for number, _ in scan.search(["3620"], [], 5, None)] == [1]
