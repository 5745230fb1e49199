"""What a work is, from its title, its text and its bylines; what is not said stays unsaid."""

from __future__ import annotations

import pytest

from qa.errors import Unreadable
from qa.reading.evidence import kept_span
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


def test_a_title_made_from_the_text_holds_both_halves_of_its_sentence():
    document = work("船是路,水是田;行船先修桨。渡口管理所新添渡船6条。", BODY)
    assert document.title == "船是路,水是田;行船先修桨。"


def test_the_first_of_numbered_headings_is_no_title():
    document = work("一、修码头", BODY, "二、开夜航", BODY)
    assert document.title_inferred
    assert [section.heading for section in document.sections] == ["一、修码头", "二、开夜航"]


def test_a_year_that_is_only_compared_with_is_not_the_period():
    document = work("柳溪县渡船增收", "　　柳溪县去年渡船收入三百万元，与2021年持平，县里准备再添新船。", BODY)
    assert document.period is None


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


# What each description was found by


def evidence(document: Document) -> dict[str, tuple[str, str]]:
    return {one.field: (one.origin, one.words) for one in document.described}


def test_each_description_is_kept_with_the_words_that_say_it():
    document = work("柳溪縣2022年渡口工作綜述", "作者：方既白　時間：2023-01-18", BODY, BODY)
    assert evidence(document) == {
        "title": ("text", "柳溪縣2022年渡口工作綜述"),
        "place": ("title", "柳溪縣"),
        "level": ("title", "柳溪縣"),
        "kind": ("title", "綜述"),
        "published": ("byline", "2023-01-18"),
        "period": ("title", "2022年"),
        "author": ("byline", "方既白"),
    }


def test_the_words_stand_where_it_is_said_in_the_source():
    text = "\n".join(("柳溪縣2022年渡口工作綜述", "作者：方既白　時間：2023-01-18", BODY, BODY, "柳溪縣交通運輸局"))
    (document,) = read_works(text.encode(), "小结.txt").documents
    assert all(text[one.start : one.end] == one.words for one in document.described)


def test_words_of_the_text_are_found_again_in_the_document():
    document = work("渡口通航", "　　2021年，全县新添渡船6条。", BODY)
    (one,) = (one for one in document.described if one.field == "period")
    start, end = kept_span(document, one) or (0, 0)
    assert document.text[start:end] == "2021"


def test_words_outside_the_text_have_no_place_in_it():
    document = work("柳溪县渡口工作综述", BODY, BODY)
    assert [kept_span(document, one) for one in document.described if one.field == "title"] == [None]


def test_what_a_record_says_is_kept_as_said_by_the_record():
    line = '{"title": "渡口小结", "text": "' + BODY.strip() * 3 + '", "published": "2024-03"}'
    (document,) = read_works(line.encode(), "资料.jsonl").documents
    assert evidence(document)["published"] == ("record", "2024-03")


def test_what_a_program_says_is_kept_as_said_by_it():
    (document,) = read_text(BODY, "ext-7", "渡口小结", "2024-03", "柳溪县").documents
    assert evidence(document)["place"] == ("told", "柳溪县")


def test_a_file_that_opens_with_text_is_called_by_its_name():
    document = work(BODY, BODY, name="03_柳溪县渡口工作总结（定稿）.txt")
    assert (document.title, document.place, evidence(document)["title"][0]) == (
        "柳溪县渡口工作总结",
        "柳溪县",
        "file_name",
    )


def test_a_file_name_that_says_nothing_is_no_title():
    assert work(BODY, BODY, name="新建文本文档 (2).txt").title_inferred


def test_the_last_word_of_a_title_says_its_kind():
    assert work("关于印发《柳溪县渡口管理办法》的通知", BODY, BODY).kind == "通知"


@pytest.mark.parametrize(
    ("title", "place"),
    [
        ("沪上渡口通航", "上海市"),
        ("蓉城渡口通航", "四川省成都市"),
        ("内蒙渡口通航", "内蒙古自治区"),
        ("京津冀渡口通航", None),
    ],
)
def test_a_place_may_be_abbreviated(title, place):
    assert work(title, BODY, BODY).place == place
