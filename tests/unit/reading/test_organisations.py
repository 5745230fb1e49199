"""The body behind a work is known where it stands as the issuer, and nowhere else."""

from __future__ import annotations

import pytest

from qa.reading.organisations import is_body, is_medium
from qa.reading.reader import read_works
from qa.types import Document

BODY = "　　渡口管理所新添渡船6条，末班船延到晚上八点，赶集的人不必再摸黑绕山路回家。"


def work(*lines: str) -> Document:
    (document,) = read_works("\n".join(lines).encode(), "通航.txt").documents
    return document


@pytest.mark.parametrize(
    "title",
    [
        "柳溪县财政局2023年工作总结",
        "柳溪县财政局关于渡口补贴的通知",
        "柳溪县财政局党组关于渡口补贴的报告",
        "柳溪縣財政局2023年工作總結",
    ],
)
def test_the_body_at_the_head_of_a_title_speaks(title):
    assert work(title, BODY, BODY).organisation == "柳溪县财政局"


@pytest.mark.parametrize(
    "closing",
    [
        ("柳溪县财政局", "2023年12月28日"),
        ("柳 溪 县 财 政 局", "二〇二三年十二月二十八日"),
        ("柳溪县财政局　2023年12月28日",),
        ("（柳溪县财政局供稿）",),
        ("柳溪县财政局",),
    ],
)
def test_a_signature_names_the_body(closing):
    assert work("渡口通航", BODY, BODY, *closing).organisation == "柳溪县财政局"


def test_a_body_alone_under_the_title_speaks():
    assert work("渡口补贴情况", "柳溪县财政局", BODY, BODY).organisation == "柳溪县财政局"


def test_a_committee_without_its_place_is_that_of_the_works_place():
    assert work("青屿市渡口通航", "市委组织部", BODY, BODY).organisation == "青屿市委组织部"


def test_a_publisher_that_is_a_body_speaks():
    assert work("渡口通航", "来源：桐湾区应急管理局", BODY, BODY).organisation == "桐湾区应急管理局"


@pytest.mark.parametrize("publisher", ["青屿日报", "云泽新闻网", "柳溪县融媒体中心", "青屿市广播电视台"])
def test_a_medium_only_publishes(publisher):
    assert work("渡口通航", f"来源：{publisher}", BODY, BODY).organisation is None


def test_a_body_that_calls_itself_ours_speaks():
    text = "　　柳溪县交通运输局今年新添渡船，我局上下一条心，我局的船都换了新。柳溪县的渡口好。"
    assert work("柳溪县渡口换新", text, BODY).organisation == "柳溪县交通运输局"


def test_a_university_is_known_where_the_text_names_it_too():
    text = "　　青屿大学今年毕业生多，青屿大学的老师很高兴。"
    assert work("青屿大学2023届毕业生就业质量年度报告", text, BODY).organisation == "青屿大学"


@pytest.mark.parametrize(
    "lines",
    [
        ("在全市组织部长会议上的讲话", BODY, BODY),
        ("云泽省公共服务工作综述", BODY, BODY),
        ("高校2023年工作总结", BODY, BODY),
        ("渡口通航", "　　柳溪县财政局拨款三次，青屿市民政局也来帮忙。", BODY),
        ("渡口通航", BODY, "获奖单位：", "柳溪县财政局", "柳溪县民政局", "柳溪县教育局"),
        ("柳溪县财政局长的一天", BODY, BODY),
    ],
)
def test_a_body_that_does_not_stand_as_issuer_is_not_taken(lines):
    assert work(*lines).organisation is None


@pytest.mark.parametrize(
    "name", ["柳溪县财政局", "中共云泽省委组织部", "青屿市人民政府办公室", "市委组织部", "青屿大学"]
)
def test_a_body_is_known_by_its_ending(name):
    assert is_body(name)


@pytest.mark.parametrize("name", ["门面房局", "我市财政局", "推动工作的办公室", "渡口", "全省组织部", "会议办公室，"])
def test_what_only_ends_like_a_body_is_none(name):
    assert not is_body(name)


def test_a_newspaper_is_a_medium():
    assert (is_medium("青屿日报"), is_medium("青屿市财政局")) == (True, False)
