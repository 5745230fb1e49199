"""The number of a part is no total, and a lead says what it is the number of where that is more than was asked."""

from __future__ import annotations

from dataclasses import replace

from qa.answering.choosing import is_part
from qa.answering.composing import compose
from qa.answering.leads import Lead
from tests.unit.answering.making import asking, pick_of

ASKED = replace(asking("青屿的渡船总量是多少？"), counted=("渡船", "总量"))


def leading(of: str = "") -> object:
    pick = pick_of("全市新添渡船6条", lead="6条")
    return replace(pick, lead=replace(pick.lead or Lead("", 0, 0), of=of))


def test_the_number_of_some_is_part_of_a_total():
    assert is_part(ASKED, leading("观光渡船"))


def test_a_number_of_all_is_no_part():
    assert not is_part(ASKED, leading("渡船总量"))


def test_only_a_total_has_parts():
    assert not is_part(replace(ASKED, text="青屿有多少条渡船？"), leading("观光渡船"))


def test_a_span_of_time_is_no_part():
    assert not is_part(ASKED, leading("五年来"))


def test_a_lead_says_what_it_is_the_number_of():
    assert compose(asking("渡船多少条？", "number", "条"), [leading("观光渡船")], 6).lead == "6条〔观光渡船〕。"
