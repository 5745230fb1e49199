"""Headings make a tree: by their numbers, by standing in pairs, run into their text, glued to it by a careless copy."""

from __future__ import annotations

from qa.reading.reader import read_text
from qa.reading.sections import heading_path, heading_starts
from qa.types import Document

WHOLE = "渡口修好以后，两岸的人来往方便多了，末班船延到二十点，赶集的、上学的、看病的都不必再跑着上船。"


def read(*lines: str) -> Document:
    return read_text("\n".join(["柳溪县渡口工作汇报", *lines])).documents[0]


def tree(*lines: str) -> list[tuple[int, str]]:
    return [(section.depth, section.heading) for section in read(*lines).sections]


def test_chapters_hold_what_is_numbered_within_them():
    lines = ("第一章　渡口", "第一节　船只", "一、船要勤修", WHOLE, "（一）船底", WHOLE)
    assert [depth for depth, _ in tree(*lines)] == [1, 2, 3, 4]


def test_only_the_ways_of_numbering_that_a_text_uses_count():
    assert tree("一、船要勤修", WHOLE, "1.船底", WHOLE) == [(1, "一、船要勤修"), (2, "1.船底")]


def test_books_hold_chapters():
    assert [depth for depth, _ in tree("第一编　总则", "第一章　船只", WHOLE, "第二章　船工", WHOLE)] == [1, 2, 2]


def test_the_second_of_two_headings_without_numbers_lies_below_the_first():
    lines = (WHOLE, "守住渡口", "让两岸的人放心", WHOLE, "办好书屋", "让孩子们有处去", WHOLE)
    assert tree(*lines) == [(1, "守住渡口"), (2, "让两岸的人放心"), (1, "办好书屋"), (2, "让孩子们有处去")]


def test_text_below_two_headings_is_of_both():
    document = read(WHOLE, "守住渡口", "让两岸的人放心", WHOLE)
    assert heading_path(document.sections, len(document.text) - 1) == ("守住渡口", "让两岸的人放心")


def test_numbered_lines_without_text_between_are_a_list():
    assert tree("一、船要勤修", WHOLE, "1.船底补漆", "2.缆绳更换", "3.救生衣晾晒", WHOLE) == [(1, "一、船要勤修")]


def test_headings_with_text_between_are_no_list():
    assert len(tree("1.船底补漆", WHOLE, "2.缆绳更换", WHOLE, "3.救生衣晾晒", WHOLE)) == 3


def test_an_item_alone_on_its_line_lies_below_the_other_numbers():
    lines = ("一、船要勤修", "（一）船底", "一是按季补漆不误工期", WHOLE, "二是逐船登记不漏一条", WHOLE)
    assert [depth for depth, _ in tree(*lines)] == [1, 2, 3, 3]


def test_a_heading_that_runs_into_its_text_makes_a_section():
    lines = (f"（一）加强领导。{WHOLE}", f"（二）落实责任。{WHOLE}")
    assert tree(*lines) == [(1, "（一）加强领导。"), (1, "（二）落实责任。")]


def test_a_first_sentence_with_a_figure_is_no_heading():
    assert tree(f"（一）新修渡口31处。{WHOLE}", f"（二）新添渡船40条。{WHOLE}") == []


def test_one_first_sentence_with_a_number_is_no_heading():
    assert tree(f"（一）加强领导。{WHOLE}", WHOLE) == []


GLUED = ("一、修好渡口，方便赶集", WHOLE, "三、办好书屋，方便读书", WHOLE, "四、添置路灯，方便夜归", WHOLE)


def test_a_heading_glued_to_the_text_on_both_sides_is_found_by_the_form_of_the_others():
    glued = f"{WHOLE}二、开通公交，方便上学孩子们从此不用再走山路，{WHOLE}"
    assert (1, "二、开通公交，方便上学") in tree(*GLUED[:2], glued, *GLUED[2:])


def test_no_character_is_lost_where_a_heading_is_freed():
    glued = f"{WHOLE}二、开通公交，方便上学孩子们从此不用再走山路，{WHOLE}"
    assert glued in read(*GLUED[:2], glued, *GLUED[2:]).text


def test_a_number_that_is_not_missing_is_no_glued_heading():
    glued = f"{WHOLE}五、开通公交，方便上学孩子们从此不用再走山路，{WHOLE}"
    assert len(tree(*GLUED[:2], glued, *GLUED[2:])) == 3


def test_where_the_headings_differ_in_form_none_is_freed():
    glued = f"{WHOLE}二、开通公交，方便上学孩子们从此不用再走山路，{WHOLE}"
    assert len(tree("一、渡口", WHOLE, glued, *GLUED[2:])) == 3


def test_a_sentence_that_a_heading_runs_into_without_a_stop_is_no_heading():
    glued = f"{WHOLE}二、开通公交，方便上学孩子们从此不用再走山路，{WHOLE}"
    document = read(*GLUED[:2], glued, *GLUED[2:])
    found = next(section for section in document.sections if section.heading.startswith("二、"))
    assert found.start not in heading_starts(document)
