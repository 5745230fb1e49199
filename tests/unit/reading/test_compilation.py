"""A compilation becomes one document for each work; a file that is one work, or that could be, stays one."""

from __future__ import annotations

import pytest

from qa.reading.compilation import SURE
from qa.reading.reader import read_text, read_works
from qa.types import Reading

BODIES = {
    "云泽省便民服务综述": "　　2023年，全省新修渡口31处，末班船延到20点，两岸村民往来方便。",
    "青屿市便民服务综述": "　　全市添置夜间公交12条，末班车延到24点，下夜班的人不用再等。",
    "柳溪县便民服务综述": "　　全县办起村级书屋63间，管书的多是退休教师，孩子们放学就来。",
}
CONTENTS = [
    "目　录",
    "一、省级",
    "云泽省便民服务综述　　1",
    "二、市级",
    "青屿市便民服务综述......4",
    "三、县级",
    "柳溪县便民服务综述\t\t7",
]


def compilation(contents: list[str] | None = None, bodies: dict[str, str] | None = None) -> Reading:
    works = [line for title, body in (bodies or BODIES).items() for line in (title, body, body)]
    return read_works("\n".join(["2023年便民服务汇编", *(contents or CONTENTS), *works]).encode(), "汇编.txt")


def test_each_work_is_a_document():
    assert [d.title for d in compilation().documents] == list(BODIES)


def test_works_are_numbered_in_the_order_of_the_file():
    assert [d.part for d in compilation().documents] == [1, 2, 3]


def test_the_contents_give_each_work_its_page():
    assert [d.page for d in compilation().documents] == [1, 4, 7]


def test_the_page_of_the_contents_is_called_that_of_the_beginning():
    assert {d.page_kind for d in compilation().documents} == {"work_start"}


def test_the_contents_give_each_work_its_level():
    assert [d.level for d in compilation().documents] == ["省级", "市级", "县级"]


def test_each_work_has_the_place_of_its_title():
    assert [d.place for d in compilation().documents] == ["云泽省", "青屿市", "柳溪县"]


def test_each_work_has_the_year_of_the_compilation():
    assert {d.period for d in compilation().documents} == {"2023"}


def test_a_work_holds_its_own_text_only():
    assert [d.text.split("\n")[0] for d in compilation().documents] == [body.strip() for body in BODIES.values()]


def test_the_contents_are_in_no_work():
    assert not any("目" in d.text or "......" in d.text for d in compilation().documents)


def test_a_title_that_differs_by_a_mark_is_still_found():
    bodies = {title.replace("青屿市", "：青屿市"): body for title, body in BODIES.items()}
    assert len(compilation(bodies=bodies).documents) == 3


def test_an_entry_without_a_work_makes_no_document():
    contents = [*CONTENTS, "附：雁浦县时刻表（另册）　　32"]
    assert [d.title for d in compilation(contents).documents] == list(BODIES)


def test_a_file_of_short_paragraphs_without_contents_is_one_work():
    lines = [line for title, body in BODIES.items() for line in (title, body)]
    assert len(read_works("\n".join(lines).encode(), "合订.txt").documents) == 1


def test_contents_whose_titles_stand_nowhere_make_no_works():
    text = "\n".join(["2023年汇编", *CONTENTS, "甲", *BODIES.values()])
    assert len(read_works(text.encode(), "汇编.txt").documents) == 1


def test_a_text_handed_over_as_one_work_stays_one():
    works = [line for title, body in BODIES.items() for line in (title, body)]
    assert len(read_text("\n".join(["汇编", *CONTENTS, *works]), "ext-1").documents) == 1


def test_ids_of_works_survive_a_new_name():
    text = "\n".join(["汇编", *CONTENTS, *(line for title, body in BODIES.items() for line in (title, body))]).encode()
    assert [d.id for d in read_works(text, "旧.txt").documents] == [d.id for d in read_works(text, "新.txt").documents]


# Contents in the forms that people use


LONG = (
    "　　2023年，各地把渡口、书屋、公交和食堂四件事列入清单，逐项明确牵头单位和完成时限，年底前全部销号，群众都说方便。"
)


@pytest.mark.parametrize(
    "entry",
    [
        "{t} . . . . . . {p}", "{t}（{p}）", "{t} / {p}", "{t}————{p}", "{t} {p}", "{t}{p}", "{t}\n{p}", "{p} {t}",
        "{t}……第{p}页",
        "第{n}篇 {t}……{p}", "{n}、{t}\t{p}", "（{n}）{t}　　{p}", "《{t}》……{p}", "{t}________{p}",
    ],
)  # fmt: skip
def test_contents_are_known_by_their_form(entry):
    pages = (3, 9, 15)
    rows = [entry.format(t=t, p=p, n=n) for t, p, n in zip(BODIES, pages, "一二三", strict=True)]
    assert [(d.title, d.page) for d in compilation(["目录", *rows]).documents] == list(zip(BODIES, pages, strict=True))


def test_contents_without_pages_end_where_their_first_title_stands_again():
    assert [d.title for d in compilation(["目录", *BODIES]).documents] == list(BODIES)


def test_contents_can_stand_at_the_end():
    works = [line for title, body in BODIES.items() for line in (title, body, body)]
    text = "\n".join(["2023年便民服务汇编", *works, *CONTENTS])
    assert [d.title for d in read_works(text.encode(), "汇编.txt").documents] == list(BODIES)


def test_sections_that_the_contents_list_are_no_works():
    bodies = {title: f"一、今年做了什么\n{body}\n二、明年怎么做\n{body}" for title, body in BODIES.items()}
    rows = [row for title in bodies for row in (f"{title}……1", "一、今年做了什么……2", "二、明年怎么做……3")]
    assert [d.title for d in compilation(["目录", *rows], bodies).documents] == list(BODIES)


def test_the_title_of_a_part_is_no_part_of_the_work_above_it():
    first, *others = BODIES
    lines = [
        "第一编 省级",
        first,
        BODIES[first],
        "第二编 市级",
        *(line for title in others for line in (title, BODIES[title])),
    ]
    contents = ["目录", "第一编 省级", f"{first}……1", "第二编 市级", *(f"{title}……4" for title in others)]
    works = read_works("\n".join(["便民服务汇编", *contents, *lines]).encode(), "汇编.txt").documents
    assert works[0].text == BODIES[first].strip()


# Titles that differ


@pytest.mark.parametrize(
    "title",
    [
        "云泽省便民\n服务综述", "云 泽 省 便 民 服 务 综 述", "云泽省便民服务综述 1", "1 云泽省便民服务综述",
        "《云泽省便民服务综述》",
        "一、云泽省便民服务综述", "雲澤省便民服務綜述", "2023年云泽省便民服务综述",
        "云泽省便民服务综述\n——小事连着民心",
    ],
)  # fmt: skip
def test_a_title_that_is_written_otherwise_in_the_body_begins_its_work(title):
    bodies = {title if n == 0 else other: body for n, (other, body) in enumerate(BODIES.items())}
    documents = compilation(bodies=bodies).documents
    assert [d.text.split("\n")[0] for d in documents] == [body.strip() for body in BODIES.values()]


def test_a_title_has_neither_the_number_nor_the_page_beside_it():
    bodies = {f"{n}. {title}{n}": body for n, (title, body) in enumerate(BODIES.items(), 1)}
    assert [d.title for d in compilation(bodies=bodies).documents] == list(BODIES)


def test_the_title_of_another_place_is_another_title():
    contents = [line.replace("青屿市便民服务综述", "鹭洲市便民服务综述") for line in CONTENTS]
    assert "鹭洲市" not in "".join(d.title for d in compilation(contents).documents)


def test_a_title_that_runs_as_a_page_head_is_no_text():
    bodies = {title: f"{body}\n{title}\n{body}" for title, body in BODIES.items()}
    assert not any(d.title in d.text for d in compilation(bodies=bodies).documents)


def sectioned(title: str) -> list[str]:
    return [title, LONG, "一、今年做了什么", LONG, LONG, "二、明年怎么做", LONG]


def test_a_work_that_the_contents_miss_is_found_by_the_form_of_its_title():
    titles = [f"{place}便民服务综述" for place in ("云泽省", "青屿市", "鹭洲市", "柳溪县")]
    rows = [f"{title}……{n}" for n, title in enumerate(titles) if n != 2]
    text = "\n".join(["便民服务汇编", "目录", *rows, *(line for title in titles for line in sectioned(title))])
    reading = read_works(text.encode(), "汇编.txt")
    assert [d.title for d in reading.documents] == titles
    assert "鹭洲市便民服务综述" in "".join(reading.source.doubts)


# Without contents


def test_works_without_contents_are_told_by_their_titles():
    titles = [f"{place}便民服务综述" for place in ("云泽省", "青屿市", "柳溪县")]
    text = "\n".join(line for title in titles for line in sectioned(title))
    assert [d.title for d in read_works(text.encode(), "合订.txt").documents] == titles


def test_works_without_contents_are_told_by_their_bylines():
    titles = ["渡口通了，日子近了", "灯亮着，门就开着", "老街坊的新食堂"]
    lines = [line for title in titles for line in (title, "作者：陈小舟　来源：云泽日报", LONG, LONG, LONG)]
    assert [d.title for d in read_works("\n".join(lines).encode(), "合订.txt").documents] == titles


def test_a_byline_is_its_own_work_s():
    authors = {"渡口通了，日子近了": "陈小舟", "灯亮着，门就开着": "李小河", "老街坊的新食堂": "周小桥"}
    lines = [line for title, author in authors.items() for line in (title, f"作者：{author}", LONG, LONG, LONG)]
    found = read_works("\n".join(lines).encode(), "合订.txt").documents
    assert {d.title: d.author for d in found} == authors


def test_a_split_without_contents_asks_to_be_looked_at():
    text = "\n".join(line for place in ("云泽省", "青屿市", "柳溪县") for line in sectioned(f"{place}便民服务综述"))
    (doubt,) = read_works(text.encode(), "合订.txt").source.doubts
    assert "没有目录" in doubt


# One work


CHAPTERS = ("基本情况", "主要做法", "存在的问题", "下一步打算")
HEADS = ("让借书更方便", "公交跑得更晚", "荒坡种出果园", "书房开在街角")


@pytest.mark.parametrize("number", ["{}、", "第{}章 ", "第{}部分 ", "（{}）", ""])
@pytest.mark.parametrize("heads", [CHAPTERS, HEADS])
def test_a_report_with_contents_of_its_chapters_is_one_work(number, heads):
    heads = [number.format(n) + head for n, head in zip("一二三四", heads, strict=True)]
    rows = [f"{head}……{n}" for n, head in enumerate(heads)]
    chapters = [line for head in heads for line in (head, LONG, LONG, LONG)]
    text = "\n".join(["柳溪县便民服务工作报告", "目录", *rows, *chapters])
    (document,) = read_works(text.encode(), "报告.txt").documents
    assert "……" not in document.text


@pytest.mark.parametrize(
    "heads", [("云泽省", "青屿市", "柳溪县"), ("云泽省：渡口添船", "青屿市：公交加密", "柳溪县：书屋进村"), HEADS]
)
def test_headings_without_numbers_do_not_make_works(heads):
    lines = [line for head in heads for line in (head, LONG, LONG, LONG)]
    assert len(read_works("\n".join(["各地便民措施综述", *lines]).encode(), "综述.txt").documents) == 1


def test_an_enclosure_is_no_work_of_its_own():
    lines = [*sectioned("柳溪县便民服务工作报告"), "附件1", "柳溪县便民服务实施方案", LONG, LONG, LONG]
    assert len(read_works("\n".join(lines).encode(), "报告.txt").documents) == 1


def test_a_file_that_could_be_several_works_is_one_and_says_so():
    titles = [f"{place}便民服务" for place in ("云泽省", "青屿市", "柳溪县")]
    rows = [f"{title}……{n}" for n, title in enumerate(titles)]
    text = "\n".join(["目录", *rows, *(line for title in titles for line in sectioned(title))])
    reading = read_works(text.encode(), "材料.txt")
    assert (len(reading.documents) == 1) == (reading.sureness < SURE)


# What a work is part of


def test_each_work_knows_what_it_is_part_of():
    assert {d.compilation for d in compilation().documents} == {"2023年便民服务汇编"}


def test_a_lone_work_is_part_of_nothing():
    assert read_works("云泽省便民服务综述\n\n全省新修渡口31处。".encode(), "综述.txt").documents[0].compilation is None


def test_works_whose_file_has_no_cover_are_part_of_something_without_a_name():
    works = [line for title, body in BODIES.items() for line in (title, body, body)]
    documents = read_works("\n".join([*CONTENTS, *works]).encode(), "汇编.txt").documents
    assert {d.compilation for d in documents} == {""}
