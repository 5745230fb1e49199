"""E-books: the chapters in reading order, without the navigation."""

from __future__ import annotations

import pytest

from qa.errors import Unreadable
from qa.reading.formats.opening import read
from qa.types import Source
from tests.unit.reading.formats.office_files import epub

METADATA = (
    "<dc:title>柳溪县志摘编</dc:title><dc:creator>余桂香</dc:creator><dc:date>2021-05-01T00:00:00Z</dc:date>"
    "<dc:publisher>云泽出版社</dc:publisher>"
)
LOCKED = '<encryption xmlns:enc="http://www.w3.org/2001/04/xmlenc#"><enc:EncryptionMethod Algorithm="{}"/></encryption>'


def source_of(chapters: dict[str, str], **rest) -> Source:
    return read(epub(chapters, METADATA, **rest), "柳溪县志.epub")


def test_chapters_come_in_reading_order():
    source = source_of(
        {"b": "<p>后一章说的是渡口的事情。</p>", "a": "<p>前一章说的是山路的事情。</p>"}, order=["a", "b"]
    )
    assert [line for line in source.text.split("\n") if line] == [
        "前一章说的是山路的事情。",
        "后一章说的是渡口的事情。",
    ]


def test_headings_of_three_depths_are_headings():
    source = source_of(
        {"a": "<h1>山路</h1><p>路修到了村口。</p><h3>票价</h3><p>从市区到石篷镇两元。</p><h4>附记</h4><p>完。</p>"}
    )
    assert [(h.depth, source.text[h.start : h.end]) for h in source.headings] == [(1, "山路"), (3, "票价")]


def test_headings_of_later_chapters_stand_where_they_say():
    source = source_of(
        {"a": "<h1>山路</h1><p>路修到了村口，班车也开到了。</p>", "b": "<h1>渡口</h1><p>渡口栽了枫香，一街栽一树。</p>"}
    )
    assert [source.text[h.start : h.end] for h in source.headings] == ["山路", "渡口"]


def test_the_navigation_is_left_out():
    source = source_of(
        {"nav": "<nav><ol><li><a href='a.xhtml'>山路</a></li></ol></nav>", "a": "<p>路修到了村口，班车也开到了。</p>"},
        nav="nav",
    )
    assert source.text.strip() == "路修到了村口，班车也开到了。"


def test_the_book_tells_its_title_author_date_and_publisher():
    told = source_of({"a": "<p>路修到了村口，班车也开到了。</p>"}).metadata
    assert (told.title, told.author, told.published, told.publisher) == (
        "柳溪县志摘编",
        "余桂香",
        "2021-05-01",
        "云泽出版社",
    )


def test_a_protected_book_is_called_encrypted():
    locked = LOCKED.format("http://www.w3.org/2001/04/xmlenc#aes128-cbc")
    with pytest.raises(Unreadable) as refused:
        source_of({"a": "<p>路。</p>"}, **{"META-INF__encryption.xml": locked})
    assert refused.value.code == "encrypted_file"


def test_scrambled_fonts_keep_no_text_away():
    fonts = LOCKED.format("http://www.idpf.org/2008/embedding")
    assert "村口" in source_of({"a": "<p>路修到了村口，班车也开到了。</p>"}, **{"META-INF__encryption.xml": fonts}).text
