"""A report has its footnotes and its excerpts, in Markdown and in Word."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from lxml import etree

from qa.citing.exporting import Excerpt, Line, Report, markdown, quotations
from qa.citing.permalinks import links_in
from qa.citing.styles import cite
from qa.citing.word import word
from qa.reading.formats import docx as reader
from qa.types import Document, Table

QUOTE = "全省新开社区图书室318家。"
DOCUMENT = Document(
    "d1", "s1", 1, "云泽省社区图书室*综述*", "去年，" + QUOTE, publisher="云泽日报", published="2025-02-11"
)  # fmt: skip
FIRST = Excerpt(1, cite(DOCUMENT, 3, 3 + len(QUOTE)))
GONE = Excerpt(2, None, "gone", "青屿市渔港改造")
ANSWER = Report(
    "新开了多少家？",
    (Line("318家。"), Line(f"去年，{QUOTE}", (1,)), Line("渔港也在改造。", (1, 2), "未找到")),
    (FIRST, GONE),
    Table(("地区", "数值"), ((("云泽省", "318"), (1,)),)),
)
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def part(data: bytes, name: str):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return etree.fromstring(archive.read(f"word/{name}.xml"))


def test_markdown_has_a_footnote_for_each_source():
    written = markdown(ANSWER)
    assert "去年，全省新开社区图书室318家。[^1]" in written
    assert "[^1]: 佚名. 云泽省社区图书室\\*综述\\*\\[N\\]. 云泽日报，2025-02-11（\\[版次不详\\]）." in written


def test_markdown_names_what_a_reference_misses():
    assert "（缺：责任者、版次）" in markdown(ANSWER)


def test_markdown_says_what_is_gone():
    assert "[^2]: 《青屿市渔港改造》。这篇资料已不在资料库里。" in markdown(ANSWER)


def test_markdown_ends_with_the_excerpts_and_the_way_back():
    appendix = markdown(ANSWER, "http://127.0.0.1:8000").split("## 摘录")[1]
    assert f"> {QUOTE}" in appendix
    assert [link.document_id for link in links_in(appendix)] == ["d1"]


@pytest.mark.parametrize("text", ["# 一、概况", "- 一项", "1. 一项", "[链接](http://x)", "<b>粗</b>", "a|b`c`*d*_e_"])
def test_nothing_in_a_text_is_markup(text):
    written = markdown(Report("题", (Line(text),), ()))
    unescaped = re.sub(r"\\(.)", r"\1", written.split("\n\n")[1].rstrip("\n"))
    assert unescaped == text and written.split("\n\n")[1].rstrip("\n") != text


def test_a_table_keeps_its_sources():
    assert "| 云泽省 | 318 | [^1] |" in markdown(ANSWER)


def test_a_set_of_quotations_is_one_paragraph_each():
    assert f"“{QUOTE}”[^1]" in markdown(quotations("摘抄", [FIRST]))


def test_word_has_a_real_footnote_for_each_mark():
    data = word(ANSWER)
    marks = [m.get(W + "id") for m in part(data, "document").iter(W + "footnoteReference")]
    notes = [n.get(W + "id") for n in part(data, "footnotes") if n.get(W + "type") is None]
    assert marks == notes == ["1", "2", "3", "4"]


def test_words_footnotes_are_those_of_their_marks():
    notes = ["".join(n.itertext()) for n in part(word(ANSWER), "footnotes") if n.get(W + "type") is None]
    assert ["云泽日报" in text for text in notes] == [True, True, False, True]


def test_word_is_read_back_by_our_own_reader():
    assert QUOTE in reader.read(word(ANSWER), "答.docx", "s").text


def test_characters_that_xml_has_not_are_left_out():
    assert "甲乙" in reader.read(word(Report("题", (Line("甲\x00\x0b乙"),), ())), "答.docx", "s").text


def test_the_same_report_is_the_same_bytes():
    assert word(ANSWER) == word(ANSWER)


@pytest.mark.skipif(not shutil.which("soffice"), reason="没有 LibreOffice")
def test_libreoffice_opens_it(tmp_path: Path):
    (tmp_path / "答.docx").write_bytes(word(ANSWER))
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "fodt",
         "--outdir", str(tmp_path), str(tmp_path / "答.docx")],
        capture_output=True, timeout=120, check=False,
    )  # fmt: skip
    opened = (tmp_path / "答.fodt").read_text(encoding="utf-8")
    assert opened.count('text:note-class="footnote"') >= 4 and QUOTE in opened
