"""A text file is read as it stands: line ends, spaces and width untouched, bytes that make no character marked."""

from __future__ import annotations

import pytest

from qa.reading.formats.plain import read
from qa.reading.reader import read_works

TEXT = "柳溪县渡口管理所小结\r\n　　2023年，县里新添渡船6条,末班船延到20点。\r\n　　赶集的人都说好。\n"


def test_a_text_is_taken_as_it_stands():
    assert read(TEXT.encode(), "小结.txt", "0").text == TEXT


def test_the_size_is_that_of_the_bytes():
    assert read(TEXT.encode("gbk"), "小结.txt", "0").size == len(TEXT.encode("gbk"))


def test_a_whole_text_has_nothing_marked():
    assert read(TEXT.encode(), "小结.txt", "0").marked == ()


def test_a_broken_byte_is_marked_as_mojibake():
    source = read((TEXT * 9).encode() + b"\xe6\x9f", "小结.txt", "0")
    assert [(run.reason, source.text[run.start : run.end]) for run in source.marked] == [("mojibake", "\ufffd")]


def test_a_broken_byte_is_in_no_document():
    data = (TEXT * 9).encode() + "　　末班船延到2".encode() + b"\xff" + "0点，风雨无阻。".encode()
    assert "末班船延到20点，风雨无阻。" in read_works(data, "小结.txt").documents[0].text


def test_a_cut_file_makes_the_encoding_unsure():
    assert read((TEXT * 9).encode()[:-20], "小结.txt", "0").encoding_unsure


@pytest.mark.parametrize("encoding", ["big5", "cp950"])
def test_a_traditional_page_is_read(encoding):
    text = "青嶼市圖書館延長開放時間，讀者坐得下也坐得久，館員輪流值晚班。"
    assert read(text.encode(encoding), "報道.txt", "0").text == text
