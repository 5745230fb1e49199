"""A compilation with a table of contents becomes one document for each work; any other file stays one."""

from __future__ import annotations

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


def test_a_file_without_contents_is_one_work():
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
