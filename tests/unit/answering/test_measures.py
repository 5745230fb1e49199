"""A section that counts its measures answers a question after what its heading says, in order."""

from __future__ import annotations

from dataclasses import replace

from qa.answering.composing import compose
from qa.answering.measures import measures
from qa.types import Section
from tests.unit.answering.making import DOCUMENT, asking, pick_of

HEADING = "一、让过江更方便"
BODY = "渡口年年添船。\n一是延时。末班船延到21点。\n二是减价。老人过江不收钱。\n三是问需。"
TEXT = f"{HEADING}\n{BODY}\n二、让岸边更绿\n种了柳树。"
SECTIONS = (
    Section(HEADING, 1, 0, TEXT.index("二、让岸边")),
    Section("二、让岸边更绿", 1, TEXT.index("二、让岸边"), len(TEXT)),
)
REPORT = replace(DOCUMENT, text=TEXT, sections=SECTIONS)
ASKED = replace(asking("青屿怎么让过江更方便？", "how"), about=("过江", "更方便"))


def told(asked=ASKED, words="渡口年年添船"):
    pick = replace(pick_of(words, REPORT), sentence=(TEXT.index(words), TEXT.index(words) + len(words)))
    return measures(asked, pick, [pick.hit.passage], 6)


def test_the_measures_are_told_in_order():
    found = told()
    assert [TEXT[p.start : p.end][:2] for p in found.quoted] == ["一是", "二是", "三是"]


def test_the_heading_leads():
    assert told().lead == f"〔{HEADING}〕"


def test_a_measure_is_quoted_with_what_it_says():
    assert "末班船延到21点" in told().quoted[0].text


def test_a_heading_that_says_something_else_tells_no_measures():
    assert told(replace(ASKED, about=("夜航", "灯"))) is None


def test_a_section_that_counts_nothing_tells_no_measures():
    assert told(replace(ASKED, about=("岸边", "更绿")), "种了柳树") is None


def test_a_quotation_stands_under_its_heading():
    pick = pick_of("末班船延到20点")
    passage = replace(pick.hit.passage, heading=("一、夜里也有船",))
    headed = replace(pick, hit=replace(pick.hit, passage=passage))
    assert compose(asking("夜里怎么过江？", "how"), [headed], 6).quoted[0].text.startswith("〔一、夜里也有船〕")
