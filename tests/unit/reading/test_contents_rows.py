"""Contents in columns, on one line, with authors beside the titles, under many names."""

from __future__ import annotations

import pytest

from qa.reading.contents_rows import cells_of, without_names
from qa.reading.reader import read_works
from qa.types import Reading

BODY = (
    "　　一条渡船、两个船工、三本账，渡口的事说小也小，说大也大，办好了两岸方便，办不好隔河千里，柳溪人都懂得这个理。",
    "　　村里人把船票定在两元，老人孩子不收钱，年底账目贴在候船亭的墙上，谁都可以来看，看不懂的还有人讲给他听。",
    "　　去年汛期停航十一天，镇里用汽车接送学生，没有落下一节课，家长们说，船停了，心没有停，路通着就放心。",
)
TITLES = ("柳溪县渡口工作总结", "青屿市书屋工作总结", "桐湾区食堂工作总结", "云泽省公交工作总结")


def read(contents: list[str]) -> Reading:
    lines = ["便民服务材料汇编", *contents, *(line for title in TITLES for line in (title, *BODY))]
    return read_works("\n".join(lines).encode(), "汇编.txt")


@pytest.mark.parametrize(
    "contents",
    [
        ["目录", f"{TITLES[0]}……1　　　{TITLES[1]}……4", f"{TITLES[2]}……9　　　{TITLES[3]}……12"],
        ["目录", f"{TITLES[0]} 1　　　　{TITLES[2]} 9", f"{TITLES[1]} 4　　　　{TITLES[3]} 12"],
        ["目录：" + "　".join(f"{title}……{page}" for title, page in zip(TITLES, (1, 4, 9, 12), strict=True))],
        ["本期要目", *(f"{title}……{page}" for title, page in zip(TITLES, (1, 4, 9, 12), strict=True))],
        ["目录 CONTENTS", *(f"{title}……许清和……{page}" for title, page in zip(TITLES, (1, 4, 9, 12), strict=True))],
        ["★目录★", *(f"{title}（方既白） {page}" for title, page in zip(TITLES, (1, 4, 9, 12), strict=True))],
    ],
)
def test_pages_are_found_however_the_contents_are_set(contents):
    assert [(d.title, d.page) for d in read(contents).documents] == list(zip(TITLES, (1, 4, 9, 12), strict=True))


def test_an_author_whom_the_contents_name_is_the_work_s():
    contents = ["目录", *(f"{title}……许清和……{n}" for n, title in enumerate(TITLES, 1))]
    assert {document.author for document in read(contents).documents} == {"许清和"}


def test_a_year_within_a_title_is_no_page_of_a_column():
    assert cells_of("青屿市 2023 年工作总结……5") == []


def test_a_line_of_one_title_holds_no_columns():
    assert cells_of("柳溪县渡口工作总结……5") == []


def test_what_stands_in_brackets_stays_where_it_names_nobody():
    titles = ["渡口管护办法（试行）", "书屋管理办法（修订）", "食堂补贴办法（试行）"]
    assert [named.title for named in without_names(titles)] == titles
