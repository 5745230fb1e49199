"""What is not the author's is dropped with its reason, and what is the author's is never altered."""

from __future__ import annotations

import pytest

from qa.reading.reader import read_works
from qa.types import Document, Reading

BODY = (
    "　　2023年，柳溪县把渡口、书屋、食堂三件事列入清单，逐项定下时间和经办人，年底前全部办完。",
    "　　渡口管理所新添渡船6条，末班船延到20点，赶集的人不必再摸黑绕山路回家。",
    "　　村级书屋添书1.8万册，管书的多是退休教师，他们每周三教孩子们认字画画。",
)


def reading_of(*lines: str, name: str = "小结.txt") -> Reading:
    return read_works("\n".join(lines).encode(), name)


def work(*lines: str, name: str = "小结.txt") -> Document:
    (document,) = reading_of(*lines, name=name).documents
    return document


def reasons(reading: Reading) -> dict[str, str]:
    return {reading.source.text[d.start : d.end]: d.reason for d in reading.dropped}


@pytest.mark.parametrize(
    "line", ["首页 > 要闻 > 民生", "上一篇：河堤修好了", "分享到：微信 微博", "返回顶部", "字号：大 中 小"]
)
def test_a_navigation_line_is_no_part_of_the_text(line):
    assert line.strip() not in work("柳溪县工作小结", *BODY, line).text


def test_a_bracketed_navigation_line_is_no_part_of_the_text():
    assert "大 中 小" not in work("柳溪县工作小结", *BODY, "【字体：大 中 小】").text


def test_a_navigation_line_is_dropped_as_such():
    assert reasons(reading_of("首页 > 要闻 > 民生", "柳溪县工作小结", *BODY))["首页 > 要闻 > 民生"] == "navigation"


def test_a_sentence_with_a_greater_sign_is_no_navigation():
    line = "　　测量结果表明，水深>3米的河段都能通航，渡船因此改走东岸。"
    assert line.strip() in work("柳溪县工作小结", *BODY, line).text


@pytest.mark.parametrize(
    "line",
    [
        "来源：青屿时报",
        "作者：林晚舟",
        "2023-01-18 08:30:00　来源：青屿时报",
        "责任编辑：周以宁",
        "青屿时报记者 许清和",
    ],
)
def test_a_byline_is_no_part_of_the_text(line):
    assert line not in work("柳溪县工作小结", line, *BODY).text


def test_a_spam_footer_is_no_part_of_the_text():
    assert "乙县" not in work("柳溪县工作小结", *BODY, "甲县| 乙县| 丙县| 丁县| 戊县").text


def test_a_copyright_notice_at_the_end_is_no_part_of_the_text():
    text = work("柳溪县工作小结", *BODY * 2, "版权声明：", "1、本文版权归青屿时报社。", "2、转载请注明。").text
    assert text.endswith("认字画画。")


def test_a_copyright_notice_with_a_remark_in_its_heading_is_no_part_of_the_text():
    text = work("柳溪县工作小结", *BODY * 2, "版权与免责声明（仅供演示）：", "1、本文版权归青屿时报社。").text
    assert text.endswith("认字画画。")


def test_a_sentence_about_copyright_in_the_body_stays():
    line = "　　县图书馆请律师讲版权声明怎么写，来听的摄影爱好者坐满了三楼报告厅。"
    assert line.strip() in work("柳溪县工作小结", line, *BODY).text


@pytest.mark.parametrize("debris", ["##br##", "&nbsp;", "</p>", "?/p>", "\u200b", "\ue010"])
def test_debris_inside_a_sentence_is_left_out(debris):
    text = work("柳溪县工作小结", *BODY, f"　　渡口{debris}修好了。").text
    assert text.endswith("渡口修好了。")


def test_a_reading_aid_is_left_out():
    assert work("柳溪县工作小结", *BODY, "　　老街上有一家卖饆(bì)饠(luó)的铺子。").text.endswith("卖饆饠的铺子。")


def test_a_remark_in_brackets_stays():
    text = work("柳溪县工作小结", *BODY, "　　渡口周一停航（法定节假日除外），村民都知道。").text
    assert "（法定节假日除外）" in text


def test_what_is_kept_keeps_its_script_and_width():
    line = "　　公車全票２元，長者半價。"
    assert line.strip() in work("青嶼市公車小結", *BODY, line).text


# Markdown


def test_a_markdown_heading_loses_its_mark():
    assert "## 渡口" not in work("# 小结", "", "## 渡口", "", *BODY, name="小结.md").text


def test_a_markdown_heading_becomes_a_section():
    document = work("# 小结", "", "## 渡口", "", *BODY, name="小结.md")
    assert [s.heading for s in document.sections] == ["渡口"]


def test_bold_marks_are_left_out():
    assert (
        "一票到底（青屿市）"
        in work("# 名录", "", "- **一票到底**（青屿市）：换乘不再买票。", *BODY, name="名录.md").text
    )


def test_asterisks_stay_in_a_plain_text():
    assert "**一票到底**" in work("名录", "**一票到底**：换乘不再买票。", *BODY).text


def test_a_rule_is_no_part_of_a_markdown_text():
    assert "---" not in work("# 小结", "", *BODY, "", "---", name="小结.md").text
