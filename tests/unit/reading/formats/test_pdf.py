"""A PDF's pages become paragraphs in reading order, each with the page that is printed on it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pdf_making import LATIN, LEFT, WIDTH, Book

from qa.errors import Unreadable
from qa.reading.formats import ocr
from qa.reading.formats.pdf import ranges, read
from qa.reading.reader import read_works
from qa.types import Reading, Source

SAMPLE = Path(__file__).parents[4] / "seeds" / "01_年度工作汇编.txt"

FERRY = "柳溪县渡口管理所新添渡船6条，末班船延到20点，赶集的人不必再摸黑绕山路回家，老人过渡一律免票。"
BOOKS = "青屿市把流动书车开进山村，三辆车逢集就到，当场办证、当场借还，累计送书4.2万册，服务村民2.6万人次。"
TREES = "桐湾区在老城墙根下补种香樟86棵，又把一处废弃停车场改成口袋公园，街坊们傍晚都爱来这里坐一坐。"


def source_of(book: Book) -> Source:
    return read(book.data(), "汇编.pdf", "0" * 64)


def lines_of(source: Source) -> list[str]:
    """The source's lines without those that are marked as no text."""
    marked = {m.start for m in source.marked}
    lines, at = [], 0
    for line in source.text.split("\n"):
        if line and at not in marked:
            lines.append(line)
        at += len(line) + 1
    return lines


def marked(source: Source, reason: str) -> list[str]:
    return [source.text[m.start : m.end] for m in source.marked if m.reason == reason]


def sheet_at(source: Source, words: str):
    at = source.text.index(words)
    return [sheet for sheet in source.sheets if sheet.start <= at][-1]


def long_text(number: int) -> str:
    return f"第{number}处：" + FERRY + BOOKS + TREES


def test_the_lines_of_a_paragraph_are_one_line() -> None:
    book = Book()
    book.paragraph(FERRY + BOOKS)
    book.paragraph(TREES)
    assert lines_of(source_of(book)) == [FERRY + BOOKS, TREES]


def test_paragraphs_without_indents_are_parted_by_their_last_lines() -> None:
    book = Book()
    for text in (FERRY, BOOKS + TREES, TREES):
        book.paragraph(text, indent=0)
    assert lines_of(source_of(book)) == [FERRY, BOOKS + TREES, TREES]


def test_a_paragraph_over_a_page_break_is_one_line() -> None:
    book = Book(head=lambda sheet: "云泽省公共服务年鉴", foot=lambda sheet: f"— {sheet} —")
    texts = [long_text(number) for number in range(30)]
    for text in texts:
        book.paragraph(text)
    assert lines_of(source_of(book)) == texts


def test_each_word_keeps_its_page_where_a_paragraph_runs_over() -> None:
    book = Book(foot=lambda sheet: f"— {sheet + 100} —")
    book.y = 120
    book.paragraph(FERRY + BOOKS)
    for _ in range(30):
        book.paragraph(TREES)
    source = source_of(book)
    assert (sheet_at(source, "柳溪县").printed, sheet_at(source, "2.6万人次").printed) == (101, 102)


def test_running_heads_and_feet_are_marked() -> None:
    book = Book(head=lambda sheet: "云泽省公共服务年鉴", foot=lambda sheet: f"— {sheet} —")
    for number in range(30):
        book.paragraph(long_text(number))
    assert marked(source_of(book), "page_furniture")[:2] == ["云泽省公共服务年鉴", "— 1 —"]


def test_heads_that_alternate_are_marked() -> None:
    book = Book(head=lambda sheet: "云泽年鉴" if sheet % 2 else "公共服务", foot=str)
    for number in range(50):
        book.paragraph(long_text(number))
    assert not {"云泽年鉴", "公共服务"} & set(lines_of(source_of(book)))


def test_two_columns_are_read_one_after_the_other() -> None:
    book = Book(head=lambda sheet: "云泽省公共服务年鉴", foot=lambda sheet: f"- {sheet} -", size=10.5, columns=2)
    texts = [long_text(number) for number in range(40)]
    for text in texts:
        book.paragraph(text)
    assert lines_of(source_of(book)) == texts


def test_a_title_over_two_columns_comes_first() -> None:
    book = Book(columns=2, size=10.5)
    book.draw(180, book.y, "青屿市公共服务年度工作综述", 18)
    book.y -= 30
    for number in range(9):
        book.paragraph(long_text(number))
    assert lines_of(source_of(book))[0] == "青屿市公共服务年度工作综述"


def test_a_word_cut_at_the_line_end_is_whole() -> None:
    book = Book()
    book.canvas.setFont(LATIN, 12)
    for number, line in enumerate(
        ("The county library keeps its doors open until ten in the evening, and the inter-",
         "library loan card, which all readers may use without any deposit, is an infor-",
         "mation service that also covers the mountain villages.")
    ):  # fmt: skip
        book.canvas.drawString(LEFT, 700 - 18 * number, line)
    assert "is an information service" in source_of(book).text


def test_latin_lines_are_joined_with_a_space() -> None:
    book = Book()
    book.paragraph("青屿市图书馆与 New York Public Library 结为友好馆，" * 4)
    assert lines_of(source_of(book)) == ["青屿市图书馆与 New York Public Library 结为友好馆，" * 4]


def test_a_footnote_is_text_after_its_page() -> None:
    book = Book()
    book.note("① 数据由柳溪县渡口管理所提供。")
    book.paragraph(FERRY)
    book.paragraph(BOOKS)
    assert lines_of(source_of(book)) == [FERRY, BOOKS, "① 数据由柳溪县渡口管理所提供。"]


def test_a_footnote_does_not_cut_the_paragraph_that_runs_over() -> None:
    book = Book()
    book.note("① 数据由柳溪县渡口管理所提供。")
    texts = [long_text(number) for number in range(14)]
    for text in texts:
        book.paragraph(text)
    assert [line for line in lines_of(source_of(book)) if not line.startswith("①")] == texts


def test_a_footnote_keeps_its_page() -> None:
    book = Book(foot=lambda sheet: f"- {sheet} -")
    book.note("① 数据由柳溪县渡口管理所提供。")
    for number in range(24):
        book.paragraph(long_text(number))
    assert sheet_at(source_of(book), "数据由柳溪县").number == 1


def table_book(rows: int, foot=lambda sheet: f"- {sheet} -", again: bool = False) -> Book:
    book = Book(foot=foot)
    book.paragraph(FERRY)
    header = ("地区", "社区食堂（家）", "公交线路（条）")
    for start in range(0, rows, 20):
        body = [(f"云泽{n}区", str(100 + n), str(7 * n)) for n in range(start, min(rows, start + 20))]
        if start:
            book.next_page()
        book.table([header, *body] if again or not start else body, (120, 150, 150))
    book.y -= 10
    book.paragraph(TREES)
    return book


def test_a_row_of_a_table_says_what_its_figures_are() -> None:
    assert "地区：云泽3区；社区食堂（家）：103；公交线路（条）：21。" in lines_of(source_of(table_book(8)))


def test_a_table_over_a_page_break_keeps_its_header() -> None:
    assert "地区：云泽33区；社区食堂（家）：133；公交线路（条）：231。" in lines_of(source_of(table_book(40)))


def test_a_header_repeated_on_the_next_page_is_furniture() -> None:
    source = source_of(table_book(40, again=True))
    assert "地区：云泽33区；社区食堂（家）：133；公交线路（条）：231。" in lines_of(source)
    assert not any(line.startswith("地区\t") or "地区：地区" in line for line in lines_of(source))


def test_a_row_after_the_break_stands_on_the_next_page() -> None:
    source = source_of(table_book(40))
    assert [sheet_at(source, words).number for words in ("云泽3区", "云泽33区")] == [1, 2]


def test_a_table_without_ruled_lines_keeps_its_rows() -> None:
    book = Book()
    book.paragraph(FERRY)
    for row in (("地区", "食堂", "公园"), ("青屿市", "126家", "37个"), ("柳溪县", "63家", "9个")):
        book.y -= 20
        for place, cell in enumerate(row):
            book.draw(LEFT + 130 * place, book.y, cell)
    assert "地区：柳溪县；食堂：63家；公园：9个。" in lines_of(source_of(book))


def test_larger_lines_are_headings() -> None:
    book = Book()
    for title, text in (("渡口与渡船", FERRY), ("流动书车", BOOKS)):
        book.heading(title, 16, centred=False)
        book.paragraph(text + text)
    source = source_of(book)
    assert [source.text[h.start : h.end] for h in source.headings] == ["渡口与渡船", "流动书车"]


def test_the_outline_gives_headings_their_depth() -> None:
    book = Book()
    for depth, title in enumerate(("第一部分 民生实事", "让借书更方便", "书车进山")):
        book.canvas.bookmarkPage(title)
        book.canvas.addOutlineEntry(title, title, depth)
        book.line(title)
        book.paragraph(FERRY + BOOKS)
    assert [h.depth for h in source_of(book).headings] == [1, 2, 3]


def test_a_title_over_two_centred_lines_is_one() -> None:
    book = Book()
    book.heading("云泽省城乡公共服务均等化", 20)
    book.heading("三年行动情况综述", 20)
    for text in (FERRY, BOOKS, TREES) * 3:
        book.paragraph(text)
    assert lines_of(source_of(book))[0] == "云泽省城乡公共服务均等化三年行动情况综述"


def test_page_labels_name_the_pages() -> None:
    from reportlab.pdfbase.pdfdoc import PDFPageLabel

    book = Book()
    for number, label in enumerate([PDFPageLabel("ROMAN_LOWER", 1), None, None, PDFPageLabel("ARABIC", 1), None, None]):
        if label:
            book.canvas._doc.addPageLabel(number, label) if hasattr(book.canvas._doc, "addPageLabel") else (
                book.canvas.addPageLabel(number, *(("ROMAN_LOWER", 1) if number == 0 else ("ARABIC", 1)))
            )
        book.paragraph(FERRY)
        if number < 5:
            book.next_page()
    assert [sheet.printed for sheet in source_of(book).sheets] == ["i", "ii", "iii", 1, 2, 3]


def test_every_sheet_of_the_file_is_counted() -> None:
    book = Book()
    book.paragraph(FERRY)
    book.next_page()
    book.next_page()
    book.paragraph(BOOKS)
    assert [sheet.number for sheet in source_of(book).sheets] == [1, 2, 3]


def test_white_words_are_hidden() -> None:
    book = Book()
    book.paragraph(FERRY)
    book.canvas.setFillGray(1)
    book.draw(LEFT, 300, "此处文字与纸同色")
    assert marked(source_of(book), "hidden") == ["此处文字与纸同色"]


def test_white_words_on_a_dark_ground_are_text() -> None:
    book = Book()
    book.paragraph(FERRY)
    book.canvas.setFillGray(0.2)
    book.canvas.rect(LEFT - 5, 290, 200, 30, fill=1)
    book.canvas.setFillGray(1)
    book.draw(LEFT, 300, "深色底上的白字标题")
    assert "深色底上的白字标题" in lines_of(source_of(book))


def test_words_drawn_invisibly_are_hidden() -> None:
    book = Book()
    book.paragraph(FERRY)
    text = book.canvas.beginText(LEFT, 300)
    text.setFont("STSong-Light", 12)
    text.setTextRenderMode(3)
    text.textOut("看不见的关键词")
    book.canvas.drawText(text)
    assert marked(source_of(book), "hidden") == ["看不见的关键词"]


def test_tiny_words_are_hidden() -> None:
    book = Book()
    book.paragraph(FERRY)
    book.draw(LEFT, 300, "极小的文字", 1)
    assert marked(source_of(book), "hidden") == ["极小的文字"]


def test_a_watermark_on_every_page_is_marked() -> None:
    book = Book()
    for _ in range(4):
        book.canvas.saveState()
        book.canvas.translate(200, 300)
        book.canvas.rotate(45)
        book.draw(0, 0, "内部资料", 40)
        book.canvas.restoreState()
        book.paragraph(FERRY + BOOKS)
        book.next_page()
    book.paragraph(TREES)
    assert "内部资料" not in lines_of(source_of(book))


def test_a_page_turned_by_the_viewer_is_read_as_it_is_shown() -> None:
    book = Book()
    book.canvas.setPageRotation(90)
    book.canvas.translate(WIDTH, 0)
    book.canvas.rotate(90)
    for number, line in enumerate((FERRY[:30], FERRY[30:])):
        book.draw(60, 500 - 20 * number, line)
    assert FERRY[:30] in source_of(book).text


def test_vertical_writing_is_read_from_right_to_left() -> None:
    book = Book()
    columns = [FERRY[:20], FERRY[20:40], FERRY[40:]]
    for place, column in enumerate(columns):
        for row, char in enumerate(column):
            book.draw(450 - 24 * place, 700 - 14 * row, char)
    assert FERRY[:40] in source_of(book).text


def test_the_properties_name_the_work() -> None:
    book = Book()
    book.canvas.setTitle("柳溪县渡口改造综述")
    book.canvas.setAuthor("沈砚秋")
    book.paragraph(FERRY)
    metadata = source_of(book).metadata
    assert (metadata.title, metadata.author) == ("柳溪县渡口改造综述", "沈砚秋")


def test_a_title_that_a_program_made_up_is_not_believed() -> None:
    book = Book()
    book.canvas.setTitle("Microsoft Word - 新建文档.docx")
    book.paragraph(FERRY)
    assert source_of(book).metadata.title is None


def test_an_encrypted_file_is_refused() -> None:
    book = Book(encrypt="secret")
    book.paragraph(FERRY)
    with pytest.raises(Unreadable) as caught:
        source_of(book)
    assert caught.value.code == "encrypted_file"


@pytest.mark.parametrize("data", [b"%PDF-1.7\n", b"%PDF-1.4\n%%EOF", b"%PDF-1.7\n" + b"\x00" * 500])
def test_a_broken_file_is_refused(data: bytes) -> None:
    with pytest.raises(Unreadable) as caught:
        read(data, "坏.pdf", "0" * 64)
    assert caught.value.code == "unreadable_file"


def test_a_file_that_is_no_pdf_is_refused() -> None:
    with pytest.raises(Unreadable) as caught:
        read("一段文字".encode(), "文.pdf", "0" * 64)
    assert caught.value.code == "type_mismatch"


def test_a_file_without_a_word_is_refused() -> None:
    with pytest.raises(Unreadable) as caught:
        source_of(Book())
    assert caught.value.code == "empty_file"


@pytest.mark.parametrize("percent", range(5, 100, 5))
def test_a_truncated_file_is_read_in_part_or_refused(percent: int) -> None:
    book = Book(head=lambda sheet: "云泽省公共服务年鉴", foot=str)
    for number in range(30):
        book.paragraph(long_text(number))
    data = book.data()
    try:
        source = read(data[: len(data) * percent // 100], "半.pdf", "0" * 64)
    except Unreadable as refused:
        assert refused.code in ("unreadable_file", "empty_file")
    else:
        assert any("不完整" in doubt for doubt in source.doubts)


def test_a_scanned_page_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "is_installed", lambda: False)
    book = Book()
    book.paragraph(FERRY)
    for _ in range(2):
        book.next_page()
        book.scan()
    assert source_of(book).doubts[0].startswith("第 2、3 页是扫描图，没有文字")


def test_a_file_of_scans_says_how_to_install_recognition(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "is_installed", lambda: False)
    book = Book()
    book.scan()
    with pytest.raises(Unreadable) as caught:
        source_of(book)
    assert (caught.value.code, "apt install tesseract-ocr" in caught.value.hint) == ("needs_ocr", True)


def test_the_works_of_a_compilation_have_their_printed_pages() -> None:
    titles = ["云泽省公共服务工作综述", "青屿市民生实事综述", "柳溪县便民服务综述", "桐湾区绿化工作综述"]
    book = Book(
        head=lambda sheet: "公共服务工作汇编" if sheet > 2 else "",
        foot=lambda sheet: f"— {sheet - 2} —" if sheet > 2 else "",
    )
    book.heading("公共服务工作汇编", 22)
    book.next_page()
    book.heading("目　　录", 16)
    for title, page in zip(titles, (1, 3, 5, 7), strict=True):
        book.entry(title, str(page))
    for title in titles:
        book.next_page()
        book.heading(title, 16)
        for number in range(8):
            book.paragraph(f"{title[:3]}记事{number}。" + long_text(number))
    works = read_works(book.data(), "汇编.pdf").documents
    assert [(work.title, work.page, work.page_kind) for work in works] == [
        (title, page, "exact") for title, page in zip(titles, (1, 3, 5, 7), strict=True)
    ]


@pytest.fixture(scope="module")
def printed_sample() -> tuple[Reading, dict[str, int]]:
    """The sample compilation printed as a PDF, each work on a page of its own, and the pages on which they begin."""
    lines = SAMPLE.read_text("utf-8").splitlines()
    entries = [match for line in lines[:17] if (match := re.match("^：?(.+?)　　\\d+$", line))]
    titles = [match[1] for match in entries if "另册" not in match[1]]
    book = Book(
        head=lambda sheet: "公共服务工作汇编" if sheet > 2 else "",
        foot=lambda sheet: f"— {sheet - 2} —" if sheet > 2 else "",
    )
    book.heading(lines[0], 20)
    book.next_page()
    book.heading("目　　录", 16)
    for number, title in enumerate(titles, 1):
        book.entry(title, str(number))
    begins: dict[str, int] = {}
    for line in lines[16:]:
        text = line.strip("　 ：")
        if text in titles:
            book.next_page()
            begins[text] = book.sheet - 2
            book.heading(text, 16)
        elif begins:
            book.paragraph(text, indent=2 if line.startswith("　") else 0)
    return read_works(book.data(), "汇编.pdf"), begins


def test_the_sample_compilation_as_a_pdf_has_its_works_on_their_pages(
    printed_sample: tuple[Reading, dict[str, int]],
) -> None:
    reading, begins = printed_sample
    assert len(begins) == 10
    assert {work.title: work.page for work in reading.documents} == begins


def test_every_page_of_the_sample_compilation_is_exact(printed_sample: tuple[Reading, dict[str, int]]) -> None:
    assert {work.page_kind for work in printed_sample[0].documents} == {"exact"}


@pytest.mark.parametrize(
    ("numbers", "written"), [([3, 4], "3、4"), ([1, 2, 3, 7], "1—3、7"), ([5], "5"), ([1, 3, 5], "1、3、5")]
)
def test_page_numbers_are_written_as_people_do(numbers: list[int], written: str) -> None:
    assert ranges(numbers) == written
