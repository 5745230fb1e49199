"""The quotations in a file, however it was exported."""

from __future__ import annotations

import json

import pytest

from qa.citing.exporting import Excerpt, markdown, quotations
from qa.citing.permalinks import permalink
from qa.citing.saved import saved_in
from qa.citing.styles import cite
from qa.errors import InvalidInput
from qa.text import quote_hash
from qa.types import Document

QUOTE = "全县修复山塘*46座*，新增蓄水两万方。"
DOCUMENT = Document("d1", "s1", 1, "水利小结", QUOTE + "夜间巡查轮流值守。")
URL = permalink("d1", 0, len(QUOTE), QUOTE)
ONE = {"document_id": "d1", "start": 0, "end": len(QUOTE), "quote": QUOTE, "url": URL, "title": "水利小结"}


def test_an_export_as_markdown_keeps_its_words():
    (one,) = saved_in(markdown(quotations("摘抄", [Excerpt(1, cite(DOCUMENT, 0, len(QUOTE)))])))
    assert (one.document_id, one.start, one.end, one.quote, one.hash) == ("d1", 0, len(QUOTE), QUOTE, quote_hash(QUOTE))


@pytest.mark.parametrize(
    "data", [{"citations": [ONE]}, [ONE], {"sentences": [{"evidence": [ONE]}]}, {"answer": "…", "citations": [ONE]}]
)
def test_an_export_as_json_keeps_its_words(data):
    (one,) = saved_in(json.dumps(data, ensure_ascii=False))
    assert (one.quote, one.hash, one.title) == (QUOTE, quote_hash(QUOTE), "水利小结")


def test_any_text_with_links_will_do():
    assert [one.document_id for one in saved_in(f"见 http://127.0.0.1:8000{URL}，又见 {URL}。")] == ["d1"]


@pytest.mark.parametrize("text", ["", "没有引文的稿子", "{}", '{"citations": [{"document_id": 3}]}', "[1, 2]"])
def test_a_file_without_quotations_is_refused(text):
    with pytest.raises(InvalidInput, match="没有引文"):
        saved_in(text)
