"""What a work is, from its title, its text and its bylines; what is not said stays unsaid."""

from __future__ import annotations

import pytest

from qa.errors import Unreadable
from qa.reading.reader import read_text, read_works
from qa.types import Document

BODY = "　　渡口管理所新添渡船6条，末班船延到晚上八点，赶集的人不必再摸黑绕山路回家。"


def work(*lines: str, name: str = "小结.txt") -> Document:
    (document,) = read_works("\n".join(lines).encode(), name).documents
    return document


def test_the_first_line_is_the_title():
    assert work("柳溪县渡口工作小结", BODY, BODY).title == "柳溪县渡口工作小结"


def test_the_title_is_no_part_of_the_text():
    assert work("柳溪县渡口工作小结", BODY, BODY).text == f"{BODY.strip()}\n{BODY.strip()}"


def test_a_dashed_second_line_belongs_to_the_title():
    assert work("让船慢一点", "——柳溪县渡口工作小结", BODY, BODY).title == "让船慢一点——柳溪县渡口工作小结"


def test_a_file_that_opens_with_text_has_a_title_made_from_it():
    document = work(BODY, BODY)
    assert (document.title_inferred, BODY.strip().startswith(document.title.rstrip("…"))) == (True, True)


def test_a_title_that_is_written_is_not_called_inferred():
    assert not work("柳溪县渡口工作小结", BODY, BODY).title_inferred


@pytest.mark.parametrize(
    ("title", "place", "level"),
    [
        ("云泽省渡口工作综述", "云泽省", "省级"),
        ("青屿市渡口工作综述", "青屿市", "市级"),
        ("柳溪县渡口工作综述", "柳溪县", "县级"),
        ("桐湾区渡口工作综述", "桐湾区", "县级"),
        ("青嶼市渡口工作綜述", "青屿市", "市级"),
        ("扬州市渡口工作综述", "江苏省扬州市", "市级"),
    ],
)
def test_a_title_gives_place_and_level(title, place, level):
    document = work(title, BODY, BODY)
    assert (document.place, document.level) == (place, level)


def test_a_title_without_a_place_leaves_it_to_the_text():
    text = "　　青屿市新添渡船6条。青屿市的末班船延到晚上八点，我市的老人都说好，全市一片叫好。"
    assert work("把船换成新的", text, BODY).place == "青屿市"


def test_a_text_that_names_no_place_has_none():
    assert work("把船换成新的", BODY, BODY).place is None


def test_a_directory_of_many_places_has_none():
    places = ("云泽省", "云泽省", "青屿市", "柳溪县", "桐湾区", "沧原省")
    items = [f"- **措施{number}**（{place}）：每月办一次。" for number, place in enumerate(places)]
    assert work("# 措施名录", "", *items, name="名录.md").place is None


def test_the_kind_is_what_the_title_calls_it():
    assert work("柳溪县渡口工作综述", BODY, BODY).kind == "综述"


def test_a_byline_gives_date_publisher_and_author():
    document = work("柳溪县渡口通航", "2023-01-18 08:30:00　来源：青屿时报", "青屿时报记者 许清和", BODY, BODY)
    assert (document.published, document.publisher, document.author) == ("2023-01-18", "青屿时报", "许清和")


def test_the_year_of_the_title_is_the_period():
    assert work("柳溪县2022年渡口工作综述", BODY, BODY).period == "2022"


def test_the_one_year_of_the_opening_is_the_period():
    assert work("柳溪县渡口工作综述", "　　2021年，全县新添渡船6条。", BODY).period == "2021"


def test_a_text_without_a_year_has_no_period():
    assert work("柳溪县渡口工作综述", BODY, BODY).period is None


def test_a_lone_work_is_part_one():
    assert work("柳溪县渡口工作综述", BODY, BODY).part == 1


# A text that another program hands over


def test_what_a_program_says_of_a_text_is_believed():
    (document,) = read_text(BODY, "ext-7", "渡口小结", "2024-03", "柳溪县", "柳溪县广播站").documents
    told = (document.external_id, document.title, document.published, document.place, document.publisher)
    assert told == ("ext-7", "渡口小结", "2024-03", "柳溪县", "柳溪县广播站")


def test_a_title_that_a_program_gives_is_not_called_inferred():
    (document,) = read_text(BODY, title="渡口小结").documents
    assert not document.title_inferred


@pytest.mark.parametrize("text", ["", "  \n　", "首页 > 要闻 > 民生"])
def test_a_text_with_nothing_in_it_is_refused(text):
    with pytest.raises(Unreadable) as refused:
        read_text(text, "ext-7")
    assert refused.value.code == "empty_file"
