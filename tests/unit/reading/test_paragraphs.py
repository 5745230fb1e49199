"""Lines that a page break cut are one paragraph again; headings, lists and new paragraphs stay apart."""

from __future__ import annotations

import pytest

from qa.reading.headings import heading_depth, is_complete
from qa.reading.reader import read_works
from qa.types import Document

LONG = "　　2023年，柳溪县渡口管理所把六条老船换成新船，末班船延到晚上八点，赶集的人不必再摸黑绕山路回家。"


def work(*lines: str) -> Document:
    (document,) = read_works("\n".join(("柳溪县渡口工作小结", *lines)).encode(), "小结.txt").documents
    return document


def paragraphs(*lines: str) -> list[str]:
    return work(*lines).text.split("\n")


BEFORE = "　　码头边上新搭了三间候船室，冬天有炉火，夏天有风扇，"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("一年里来过的人已有4.2", "万人次，坐得满满当当。", id="number"),
        pytest.param("老船工说：“水面上的事急不得，船慢一点，人就", "稳一点，家里人就放心一点。”", id="quotation"),
        pytest.param("每一间都放着一本《柳溪县内河渡船安全", "手册》，一共五十页。", id="title"),
        pytest.param("老人和孩子都愿意早一点来等", "船，热水也不要钱。", id="word"),
        pytest.param("老人和孩子都愿意早一点来等船", "，热水也不要钱。", id="comma"),
    ],
)
def test_a_sentence_cut_by_a_page_break_is_one_again(before, after):
    assert (BEFORE + before).strip() + after in paragraphs(LONG, BEFORE + before, after, LONG)


@pytest.mark.parametrize(
    ("before", "after"), [("他说：“船要慢", "人要稳。”"), ("人手一本《渡船", "手册》，共五十页。")]
)
def test_a_short_line_that_leaves_a_quotation_open_goes_on_below(before, after):
    assert paragraphs(LONG.strip(), before, after, LONG.strip())[1] == before + after


def test_an_indented_line_begins_a_new_paragraph():
    assert paragraphs(LONG, "　　码头边上新搭了三间候船室") == [LONG.strip(), "码头边上新搭了三间候船室"]


def test_a_line_after_a_whole_sentence_begins_a_new_paragraph():
    assert paragraphs(LONG, LONG) == [LONG.strip(), LONG.strip()]


def test_a_blank_line_parts_paragraphs():
    assert len(paragraphs(LONG, "　　码头边上新搭了三间候船室，冬天有炉火，夏天有风扇", "", "热水也不要钱。")) == 3


def test_a_heading_is_not_joined_with_the_text_below_it():
    assert paragraphs(LONG, "一、船换新的", LONG)[1] == "一、船换新的"


def test_a_numbered_heading_becomes_a_section():
    assert [s.heading for s in work(LONG, "一、船换新的", LONG, "二、路修平的", LONG).sections] == [
        "一、船换新的",
        "二、路修平的",
    ]


def test_a_short_line_between_paragraphs_becomes_a_section():
    assert [s.heading for s in work(LONG, "把船换成新的", LONG).sections] == ["把船换成新的"]


def test_a_section_ends_where_the_next_one_of_its_depth_begins():
    first, second = work(LONG, "一、船换新的", LONG, "二、路修平的", LONG).sections
    assert first.end == second.start


def test_a_heading_below_another_lies_in_its_section():
    outer, inner = work("一、船换新的", LONG, "（一）木船", LONG).sections
    assert (outer.depth, inner.depth, outer.end) == (1, 2, inner.end)


def test_items_of_a_list_stay_apart():
    items = ["　　•早班6:30，可以带自行车；", "　　•晚班18:30，老人优先上船。"]
    assert paragraphs(LONG, *items)[1:] == [item.strip() for item in items]


def test_hard_wrapped_lines_are_one_paragraph():
    text = "柳溪县渡口管理所把六条老船换成了新船末班船延到晚上八点赶集的人不必再摸黑绕山路回家" * 8 + "。"
    lines = [text[i : i + 30] for i in range(0, len(text), 30)]
    assert paragraphs(*lines) == [text]


@pytest.mark.parametrize(
    ("line", "depth"),
    [
        ("第一章 总则", 1),
        ("第二节 渡船", 2),
        ("一、船换新的", 1),
        ("（二）木船", 2),
        ("3. 候船室", 3),
        ("（4）热水", 4),
        ("3.5万人次坐船", 0),
        ("船换新的", 0),
        ("一、船换新的，路也修平了，人人都说好。", 0),
    ],
)
def test_a_number_gives_a_heading_its_depth(line, depth):
    assert heading_depth(line) == depth


@pytest.mark.parametrize("text", ["船来了。", "船来了吗？", "他说：“船来了。”", "（船来了。）", "等了又等……"])
def test_a_whole_sentence_is_told(text):
    assert is_complete(text)


@pytest.mark.parametrize("text", ["船来了", "船来了，", "船", "“船来了", ""])
def test_a_part_of_a_sentence_is_told(text):
    assert not is_complete(text)


def test_a_line_that_opens_with_the_word_that_an_enumeration_s_members_end_with_goes_on():
    before = "　　全县把渡口、码头和新搭的候船室一并交给专人看管，平时里由乡镇的水务所、县里的航运"
    after = "　　水务所，每旬到船上走一遍，缺什么补什么。"
    assert before.strip() + after.strip() in paragraphs(LONG, LONG, before, after, LONG)


# Halves that the markup, or an empty line, keeps apart


def page(*parts: str) -> list[str]:
    inner = "".join(f"<p>{part}</p>" for part in parts)
    markup = f"<html><body><article><h1>柳溪县渡口工作小结</h1>{inner}</article></body></html>"
    (document,) = read_works(markup.encode(), "小结.html").documents
    return document.text.split("\n")


PLAIN = LONG.strip()
START = "码头边上新搭的候船室到了冬天屋里有炉火，夏天有风扇，老人和孩子都愿意早一点来，"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(START + "算下来有4.2", "万人次，坐得满满当当。", id="number"),
        pytest.param(START + "老船工说：“船慢一点，人就", "稳一点，家里人就放心一点。”", id="quotation"),
        pytest.param(START + "人手一本《渡船安全", "手册》，一共五十页。", id="title"),
        pytest.param(START + "末班", "船也等一等，再开出去。", id="word"),
    ],
)
def test_a_sentence_in_two_marked_up_paragraphs_is_one(before, after):
    assert before + after in page(PLAIN, before, after, PLAIN)


@pytest.mark.parametrize(
    "after",
    [
        "柳溪县渡口管理所",
        "二、船换新的",
        "（一）船换新的，人放心",
        "• 船换新的，人放心。",
        "一是船换新的，人放心。",
        "图为新换的船",
        "2023年12月",
    ],
)
def test_what_is_no_second_half_stays_a_paragraph(after):
    before = START + "末班"
    assert after in page(PLAIN, before, after, PLAIN)


def test_a_paragraph_that_ends_with_a_comma_is_not_joined_with_the_next():
    before, after = START + "不用在风里等船，", "所以热水也不要钱，人人都说好。"
    assert after in page(PLAIN, before, after, PLAIN)


@pytest.mark.parametrize(
    "caption", ["表1　三条渡口的班次", "图2 新换的渡船", "附表3：各乡镇渡口数", "图为新换的渡船", "单位：人次"]
)
def test_a_caption_is_no_heading(caption):
    assert caption not in [section.heading for section in work(LONG, caption, LONG).sections]
