"""At the door: text is read whatever its encoding, and what is no text is refused with the reason and what to do."""

from __future__ import annotations

import pytest

from qa.config import MAX_FILE_BYTES
from qa.errors import Unreadable
from qa.reading.formats.opening import read

TEXT = "柳溪县渡口管理所工作小结\n　　2023年，县里新添渡船6条，末班船延到20点。\n"


def refusal(data: bytes, name: str = "资料.txt") -> Unreadable:
    with pytest.raises(Unreadable) as refused:
        read(data, name)
    return refused.value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_a_text_reads_the_same_in_every_encoding(encoding):
    assert read(TEXT.encode(encoding), "小结.txt").text == TEXT


@pytest.mark.parametrize(("mark", "encoding"), [(b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")])
def test_a_byte_order_mark_tells_utf_16(mark, encoding):
    assert read(mark + TEXT.encode(encoding), "小结.txt").text == TEXT


def test_a_traditional_text_reads_in_gb18030():
    text = "青嶼市公車末班車延到二十三點，護理師說方便多了。"
    assert read(text.encode("gb18030"), "報道.txt").text == text


def test_line_ends_stay_as_they_are():
    text = TEXT.replace("\n", "\r\n")
    assert read(text.encode(), "小结.txt").text == text


def test_a_source_is_known_by_its_bytes_whatever_its_name():
    assert read(TEXT.encode(), "一.txt").id == read(TEXT.encode(), "二.txt").id


def test_other_bytes_are_another_source():
    assert read(TEXT.encode(), "一.txt").id != read(TEXT.encode("gb18030"), "一.txt").id


@pytest.mark.parametrize("name", ["资料.txt", "资料.TXT", "资料.md", "资料.markdown", "目录/资料.text"])
def test_a_text_file_is_known_by_its_ending(name):
    assert read(TEXT.encode(), name).text == TEXT


# Refusals


@pytest.mark.parametrize("data", [b"", b" \r\n\t\n", "　　\n　".encode(), "\ufeff".encode(), "……——".encode()])
def test_a_file_without_a_word_is_refused_as_empty(data):
    assert refusal(data).code == "empty_file"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"%PDF-1.7\n1 0 obj", id="pdf"),
        pytest.param(b"PK\x03\x04" + bytes(30), id="docx"),
        pytest.param(b"\x89PNG\r\n\x1a\n" + bytes(30), id="png"),
        pytest.param(b"\xff\xd8\xff\xe0" + bytes(30), id="jpeg"),
        pytest.param(bytes(range(256)) * 8, id="any bytes"),
        pytest.param("小结".encode() + b"\x00" * 9, id="nul"),
        pytest.param(b"\x01\x02\x03\x04\x05\x06" * 50, id="control characters"),
    ],
)
def test_a_binary_file_is_refused_whatever_its_name_says(data):
    assert refusal(data).code == "binary_file"


def test_a_pdf_under_another_name_is_called_a_pdf():
    assert "PDF" in refusal(b"%PDF-1.4\n", "报告.txt").message


@pytest.mark.parametrize("name", ["录音.mp3", "照片.jpg", "没有扩展名", "归档.tar.gz", ".txt"])
def test_a_format_that_is_not_read_is_refused(name):
    assert refusal(TEXT.encode(), name).code == "unsupported_format"


def test_a_file_just_over_the_limit_is_refused():
    assert refusal(bytes(MAX_FILE_BYTES + 1)).code == "file_too_large"


@pytest.mark.parametrize(("data", "name"), [(b"", "空.txt"), (b"%PDF-1.7", "假.txt"), (b"x", "录音.mp3")])
def test_a_refusal_says_what_to_do(data, name):
    assert refusal(data, name).hint.endswith("。")
