"""JSON Lines: one file, many works, each with what its record says of it."""

from __future__ import annotations

import json

import pytest

from qa.errors import Unreadable
from qa.reading.formats.opening import read
from qa.reading.reader import read_works

LIBRARY = {"id": "k1", "title": "青屿市图书馆开放时间", "text": "市图书馆周二至周日开放，周一闭馆。",
           "published": "2023-09-08", "place": "青屿市", "publisher": "青屿晚报", "author": "江晚晴"}  # fmt: skip
CANTEEN = {"id": 7, "title": "柳溪县互助食堂", "content": "全县办起村级互助食堂63家。\n村民可以拿菜来抵饭钱。"}


def written(*records: object) -> bytes:
    return "\n".join(json.dumps(record, ensure_ascii=False) for record in records).encode()


def documents(*records: object):
    return read_works(written(*records), "资料.jsonl").documents


def test_each_record_is_a_work():
    assert [(d.part, d.title, d.text) for d in documents(LIBRARY, CANTEEN)] == [
        (1, "青屿市图书馆开放时间", "市图书馆周二至周日开放，周一闭馆。"),
        (2, "柳溪县互助食堂", "全县办起村级互助食堂63家。\n村民可以拿菜来抵饭钱。"),
    ]


def test_a_record_tells_where_when_and_by_whom():
    document = documents(LIBRARY, CANTEEN)[0]
    assert (document.external_id, document.published, document.place, document.publisher, document.author) == (
        "k1", "2023-09-08", "青屿市", "青屿晚报", "江晚晴",
    )  # fmt: skip


def test_what_one_record_says_holds_for_no_other():
    assert documents(LIBRARY, CANTEEN)[1].published is None and documents(LIBRARY, CANTEEN)[1].author is None


def test_a_work_knows_where_it_stood_in_the_file():
    reading = read_works(written(LIBRARY, CANTEEN), "资料.jsonl")
    for document in reading.documents:
        assert (
            "".join(reading.source.text[s.origin : s.origin + s.end - s.start] for s in document.spans) == document.text
        )


def test_closing_lines_of_one_record_take_in_no_other():
    closing = {"title": "公交线路", "text": "末班车延到24点，早高峰平均候车六分钟。\n免责声明：本文仅供演示。"}
    assert [d.title for d in documents(*[closing] * 3, CANTEEN)] == ["公交线路"] * 3 + ["柳溪县互助食堂"]


def test_a_record_with_its_own_contents_stays_one_work():
    titles = ("云泽省综述", "青屿市综述", "柳溪县综述")
    contents = "目录\n" + "".join(f"{title}　　{page}\n" for page, title in enumerate(titles, 1))
    contents += "".join(f"{title}\n这里说的是{title}的事。\n" for title in titles)
    assert len(documents({"title": "汇编", "text": contents})) == 1


def test_a_record_without_a_title_is_given_one_from_its_text():
    document = documents({"text": "全县有书车三辆。逢集必到。"})[0]
    assert (document.title, document.title_inferred) == ("全县有书车三辆。", True)


def test_lines_that_are_no_records_are_named():
    source = read(written(LIBRARY) + b"\n{broken\n[1, 2]\n" + written(CANTEEN), "资料.jsonl")
    assert len(source.parts) == 2 and "第 2、3 行" in source.doubts[0]


def test_a_file_without_records_is_refused():
    with pytest.raises(Unreadable):
        read(b'{"a": 1}\n', "资料.jsonl")


@pytest.mark.parametrize(("given", "iso"), [("2023年9月8日", "2023-09-08"), ("2023", "2023"), ("昨天", None)])
def test_a_date_is_told_as_exactly_as_written(given, iso):
    assert documents(LIBRARY | {"published": given})[0].published == iso


def test_a_lone_surrogate_does_no_harm():
    assert (
        "食堂"
        in read(b'{"text": "\\ud800\xe9\xa3\x9f\xe5\xa0\x82\xe5\xbc\x80\xe4\xba\x86\xe3\x80\x82"}', "a.jsonl").text
    )


def test_records_that_nest_without_end_are_named_and_not_fatal():
    deep = b'{"text": ' + b"[" * 100_000 + b"\n"
    assert len(read(deep + written(CANTEEN), "a.jsonl").parts) == 1
