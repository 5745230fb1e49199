"""A lone work's title, place and dates are found below what offices print above them, and in who signs or speaks."""

from __future__ import annotations

import pytest

from qa.reading.reader import read_works
from qa.types import Document

WHOLE = "　　渡口修好以后，两岸的人来往方便多了，末班船延到二十点，赶集的、上学的、看病的都不必再跑着上船。"


def read(*lines: str) -> Document:
    return read_works("\n".join([*lines, WHOLE, WHOLE]).encode(), "a.txt").documents[0]


RED_HEAD = (
    "柳溪县人民政府办公室文件",
    "柳政办发〔2023〕17号",
    "柳溪县人民政府办公室",
    "关于做好汛期渡口安全工作的通知",
    "各乡镇人民政府：",
)
BRIEFING = ("便民服务工作简报", "第8期（总第112期）", "桐湾区便民服务办公室　　2023年9月15日", "桐湾区办好社区食堂")


def test_a_paper_s_title_stands_below_its_red_head():
    assert read(*RED_HEAD).title == "柳溪县人民政府办公室关于做好汛期渡口安全工作的通知"


def test_a_red_head_is_no_text():
    assert read(*RED_HEAD).text.startswith("各乡镇人民政府")


def test_a_paper_is_a_notice_and_not_a_file():
    assert read(*RED_HEAD).kind == "通知"


def test_a_title_on_two_lines_is_one():
    lines = ("关于进一步做好柳溪县渡口管护", "切实方便群众出行的通知", "各乡镇人民政府：")
    assert read(*lines).title == "关于进一步做好柳溪县渡口管护切实方便群众出行的通知"


def test_a_heading_below_a_title_is_no_part_of_it():
    assert read("关于柳溪县渡口情况的报告", "渡口的通知").title == "关于柳溪县渡口情况的报告"


def test_a_briefing_s_title_stands_below_its_masthead():
    assert read(*BRIEFING).title == "桐湾区办好社区食堂"


def test_a_masthead_dates_the_piece_and_names_its_office():
    document = read(*BRIEFING)
    assert (document.published, document.organisation) == ("2023-09-15", "桐湾区便民服务办公室")


def test_who_speaks_is_the_author_and_his_office_tells_the_place():
    document = read("在渡口工作会议上的讲话", "青屿市副市长　许清和", "（2024年3月12日）", "同志们：")
    assert (document.author, document.place, document.published) == ("许清和", "青屿市", "2024-03-12")


def test_a_signature_tells_the_place_of_a_text_that_names_none():
    lines = ["致居民的一封信", WHOLE, WHOLE, "桐湾区望潮街道办事处", "2023年8月10日"]
    assert read_works("\n".join(lines).encode(), "a.txt").documents[0].place == "桐湾区"


def test_a_title_s_full_date_is_that_of_the_speech():
    assert read("政府工作报告", "——2024年1月15日在柳溪县人民代表大会上").published == "2024-01-15"


@pytest.mark.parametrize("line", ["收稿日期：2022-10-08", "报名截止：2022-10-08"])
def test_a_date_of_something_else_is_not_of_publication(line):
    lines = ["渡口管护研究", WHOLE, WHOLE, line]
    assert read_works("\n".join(lines).encode(), "a.txt").documents[0].published is None


def test_authors_with_marks_of_notes_are_named():
    assert read("渡口管护研究", "许清和1　方既白2*").author == "许清和、方既白"


def test_a_bare_office_is_that_of_the_work_s_place():
    assert read("桐湾区2024年工作汇报", "区便民服务中心").organisation == "桐湾区便民服务中心"
