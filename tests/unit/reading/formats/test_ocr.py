"""Scanned pages are read where Tesseract is installed, and named where they cannot be."""

from __future__ import annotations

import subprocess
from difflib import SequenceMatcher

import pytest
from pdf_making import HEIGHT, WIDTH, Book

from qa.errors import Unreadable
from qa.reading.formats import ocr
from qa.reading.formats.pdf import read

FERRY = "柳溪县渡口管理所新添渡船六条，末班船延到晚上八点，赶集的人不必再摸黑绕山路回家。"


def scanned(*texts: str) -> bytes:
    """A PDF whose pages are pictures of the texts."""
    import pypdfium2

    book, words = Book(), Book(size=16)
    for text in texts:
        words.paragraph(text)
        words.next_page()
    drawn = pypdfium2.PdfDocument(words.data())
    for number in range(len(texts)):
        picture = drawn[number].render(scale=200 / 72, grayscale=True).to_pil()
        book.canvas.drawInlineImage(picture, 0, 0, WIDTH, HEIGHT)
        book.next_page()
    book.paragraph("全书完。")
    return book.data()


needs_tesseract = pytest.mark.skipif(not ocr.is_installed(), reason="tesseract with chi_sim is not installed")


@needs_tesseract
def test_a_scanned_page_is_read() -> None:
    text = read(scanned(FERRY), "扫描.pdf", "0" * 64).text
    assert SequenceMatcher(None, text.split("\n")[0], FERRY, autojunk=False).ratio() >= 0.85


@needs_tesseract
def test_recognised_pages_are_named_as_doubtful() -> None:
    assert "第 1 页是扫描图，文字由 OCR 识别" in read(scanned(FERRY), "扫描.pdf", "0" * 64).doubts[0]


@needs_tesseract
def test_a_recognised_word_knows_its_page() -> None:
    source = read(scanned(FERRY, "各村一律免收船票，老人和孩子先上船。"), "扫描.pdf", "0" * 64)
    second, third = (sheet.start for sheet in source.sheets[1:3])
    read_there = source.text[second:third].strip()
    assert SequenceMatcher(None, read_there, "各村一律免收船票，老人和孩子先上船。", autojunk=False).ratio() >= 0.6


def test_recognition_that_takes_too_long_leaves_the_page_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(command: list[str], **_: object) -> None:
        raise subprocess.TimeoutExpired(command, 1)

    monkeypatch.setattr(ocr, "is_installed", lambda: True)
    monkeypatch.setattr(subprocess, "run", never)
    assert "第 1 页是扫描图，OCR 没有读出文字" in read(scanned(FERRY), "扫描.pdf", "0" * 64).doubts[0]


def test_without_recognition_a_scan_is_refused_with_the_command_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "is_installed", lambda: False)
    book = Book()
    book.scan()
    with pytest.raises(Unreadable) as caught:
        read(book.data(), "扫描.pdf", "0" * 64)
    assert "sudo apt install tesseract-ocr tesseract-ocr-chi-sim" in caught.value.hint
