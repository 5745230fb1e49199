"""The lines around an article say who wrote it, when, and who published it, field by field."""

from __future__ import annotations

import pytest

from qa.reading.reader import read_works
from qa.types import Document

BODY = "　　渡口管理所新添渡船6条，末班船延到晚上八点，赶集的人不必再摸黑绕山路回家。"


def work(*lines: str) -> Document:
    (document,) = read_works("\n".join(["青屿市渡口通航", *lines]).encode(), "通航.txt").documents
    return document


@pytest.mark.parametrize(
    "line",
    [
        "作者：方既白　時間：2023-12-28 10:15　來源：雲澤文化網",
        "来源：云泽文化网  作者：方既白  发布时间：2023年12月28日",
        "发布日期：2023-12-28 来源：云泽文化网 记者：方既白 责任编辑：邓小舟",
        "2023-12-28 10:15:00来源：云泽文化网编辑：邓小舟作者：方既白",
        "来源：云泽文化网 2023-12-28 作者：本报记者 方既白",
        "时间：民國一一二年十二月二十八日　来源：云泽文化网　作者：方既白",
    ],
)
def test_fields_in_a_row_give_author_publisher_and_date(line):
    document = work(line, BODY, BODY)
    assert (document.author, document.publisher, document.published) == ("方既白", "云泽文化网", "2023-12-28")


def test_several_authors_are_all_named():
    assert work("记者 许清和 通讯员 方既白", BODY, BODY).author == "许清和、方既白"


@pytest.mark.parametrize("line", ["责任编辑：邓小舟", "責編：鄧小舟", "编辑：邓小舟 校对：何剑", "图/邓小舟"])
def test_an_editor_is_no_author(line):
    assert work(line, BODY, BODY).author is None


@pytest.mark.parametrize("line", ["文/许清和", "文/许清和 图/邓小舟", "□ 许清和", "作者：本报记者 许清和"])
def test_a_writer_is_an_author_however_marked(line):
    assert work(line, BODY, BODY).author == "许清和"


def test_reporters_in_brackets_at_the_end_are_authors():
    assert work(BODY, f"{BODY}（记者 许清和 通讯员 方既白）").author == "许清和、方既白"


def test_reporters_in_brackets_at_the_beginning_are_authors():
    assert work(f"　　本报讯（记者许清和）{BODY.strip()}", BODY).author == "许清和"


def test_reporters_in_brackets_stay_in_the_text():
    assert "（记者许清和）" in work(f"　　本报讯（记者许清和）{BODY.strip()}", BODY).text


def test_a_bracket_that_names_no_reporter_names_no_author():
    assert work(f"　　渡口（记者站旁）{BODY.strip()}", BODY).author is None


@pytest.mark.parametrize("publisher", ["网络", "互联网", "本站", "www.example.com"])
def test_what_names_no_publisher_is_none(publisher):
    assert work(f"来源：{publisher}", BODY, BODY).publisher is None


def test_a_notice_about_sources_in_general_gives_no_publisher():
    notice = "凡本网注明“来源：青屿网”的作品，版权均属青屿网所有，未经授权不得转载摘编，违者将依法追究责任。"
    assert work(BODY, BODY, "版权声明：", notice).publisher is None


def test_the_date_of_publication_comes_before_that_of_an_update():
    assert work("更新时间：2024-01-03 发布时间：2023-12-28", BODY, BODY).published == "2023-12-28"


def test_a_date_in_chinese_numerals_under_a_text_is_that_of_publication():
    assert work(BODY, BODY, "二〇二三年十二月二十八日").published == "2023-12-28"


def test_the_number_of_an_official_paper_gives_its_year():
    assert work("青政办发〔2023〕12号", BODY, BODY).published == "2023"


def test_the_closing_notice_of_a_compilation_is_not_about_its_last_work():
    titles = ("云泽省渡口综述", "青屿市渡口综述", "柳溪县渡口综述")
    lines = ["2023年渡口工作汇编", "目录", *(f"{title}　　{page}" for page, title in enumerate(titles, 1))]
    for title in titles:
        lines += [title, *[BODY] * 4]
    text = "\n".join([*lines, "免责声明：", "文稿来源：青屿资料站"])
    assert [document.publisher for document in read_works(text.encode(), "汇编.txt").documents] == [None] * 3


def test_a_byline_in_a_compilation_is_its_own_works():
    titles = ("云泽省渡口综述", "青屿市渡口综述", "柳溪县渡口综述")
    lines = ["2023年渡口工作汇编", "目录", *(f"{title}　　{page}" for page, title in enumerate(titles, 1))]
    for title, author in zip(titles, ("许清和", "方既白", "程雨棠"), strict=True):
        lines += [title, f"作者：{author}", *[BODY] * 4]
    documents = read_works("\n".join(lines).encode(), "汇编.txt").documents
    assert [document.author for document in documents] == ["许清和", "方既白", "程雨棠"]
