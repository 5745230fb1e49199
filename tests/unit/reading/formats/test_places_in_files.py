"""A quotation knows where it stands in its file: boxes on the pages of a PDF, words for a Word file."""

from __future__ import annotations

import pytest
from pdf_making import HEIGHT, WIDTH, Book, width

from qa.citing.regions import regions_at, where_at
from qa.reading.reader import read_works
from qa.types import Document, Region
from tests.unit.reading.formats.office_files import docx, paragraph, run, table

FERRY = "柳溪县渡口管理所新添渡船6条，末班船延到20点，赶集的人不必再摸黑绕山路回家，老人过渡一律免票。"
BOOKS = "青屿市把流动书车开进山村，三辆车逢集就到，当场办证、当场借还，累计送书4.2万册，服务村民2.6万人次。"
TREES = "桐湾区在老城墙根下补种香樟86棵，又把一处废弃停车场改成口袋公园，街坊们傍晚都爱来这里坐一坐。"


class Drawn(Book):
    """A PDF that remembers where each of its lines was drawn: page, box in fractions of the page."""

    def __init__(self, **settings) -> None:
        self.drawn: list[tuple[str, Region]] = []
        super().__init__(**settings)

    def draw(self, x: float, y: float, text: str, size: float = 12) -> None:
        box = (x / WIDTH, (HEIGHT - y - 0.7 * size) / HEIGHT, (x + width(text, size)) / WIDTH, (HEIGHT - y) / HEIGHT)
        self.drawn.append((text, Region(self.sheet, box)))
        super().draw(x, y, text, size)

    def lines_of(self, quote: str) -> list[Region]:
        """Where the lines stand that hold words of the quotation."""
        return [region for text, region in self.drawn if text in quote or quote in text]


def document_of(data: bytes, name: str) -> Document:
    """The one work in a file, as the library gives it."""
    reading = read_works(data, name)
    (document,) = reading.documents
    return Document(
        document.id,
        document.source_id,
        1,
        document.title,
        document.text,
        document.spans,
        regions=reading.source.regions,
    )


def regions(document: Document, quote: str) -> tuple[Region, ...]:
    start = document.text.index(quote)
    return regions_at(document, start, start + len(quote))


def where(document: Document, quote: str) -> str | None:
    start = document.text.index(quote)
    return where_at(document, start, start + len(quote))


def holds(region: Region, true: Region) -> bool:
    """Does the box hold the true one, and little more?"""
    left, top, right, bottom = region.box
    x0, y0, x1, y1 = true.box
    slack = 0.001
    around = left <= x0 + slack and top <= y0 + slack and right >= x1 - slack and bottom >= y1 - slack
    return region.sheet == true.sheet and around and bottom - top < 2.2 * (y1 - y0) and right - left < x1 - x0 + 0.05


def assert_in_place(book: Drawn, quote: str) -> tuple[Region, ...]:
    found, true = regions(document_of(book.data(), "汇编.pdf"), quote), book.lines_of(quote)
    assert [holds(*pair) for pair in zip(found, true, strict=True)] == [True] * len(true)
    return found


def test_a_quotation_of_one_line_has_the_box_of_its_line() -> None:
    book = Drawn()
    for text in (FERRY, BOOKS, TREES):
        book.paragraph(text)
    assert len(assert_in_place(book, "柳溪县渡口管理所新添渡船6条")) == 1


def test_a_quotation_over_two_lines_has_two_boxes() -> None:
    book = Drawn()
    for text in (FERRY, BOOKS, TREES):
        book.paragraph(text)
    assert len(assert_in_place(book, BOOKS)) == 2


def test_a_quotation_over_two_columns_has_boxes_in_both() -> None:
    book = Drawn(columns=2, size=10.5)
    for _ in range(6):
        for text in (FERRY, TREES):
            book.paragraph(text)
    book.y = 80 + 2 * 10.5 * 1.6  # two lines of room are left in the first column
    book.paragraph(BOOKS)
    for text in (FERRY, TREES) * 4:
        book.paragraph(text)
    found = assert_in_place(book, BOOKS)
    assert found[0].box[2] < 0.5 < found[-1].box[0]


def test_a_quotation_over_a_page_break_has_boxes_on_both_pages() -> None:
    book = Drawn(foot=lambda sheet: f"— {sheet} —")
    for _ in range(6):
        for text in (FERRY, TREES):
            book.paragraph(text)
    book.y = 80 + 12 * 1.6
    book.paragraph(BOOKS)
    book.paragraph(TREES + FERRY)
    assert {region.sheet for region in assert_in_place(book, BOOKS)} == {1, 2}


def test_a_row_of_a_table_has_the_rows_box() -> None:
    book = Drawn()
    book.paragraph(FERRY + BOOKS)
    rows = [("地区", "食堂"), ("青屿市", "126家"), ("鹭洲市", "129家"), ("霁川市", "97家")]
    book.table(rows, (120, 120))
    (found,) = regions(document_of(book.data(), "汇编.pdf"), "地区：鹭洲市；食堂：129家")
    cell = next(region for text, region in book.drawn if text == "129家")
    assert found.box[1] <= cell.box[1] < cell.box[3] <= found.box[3] < cell.box[3] + 12 / HEIGHT


def test_a_page_turned_by_the_viewer_has_its_boxes_as_it_is_shown() -> None:
    book = Book()
    book.canvas.setPageRotation(90)
    book.canvas.translate(WIDTH, 0)
    book.canvas.rotate(90)
    for number, line in enumerate((FERRY[:30], FERRY[30:])):
        book.draw(60, 500 - 20 * number, line)
    (found,) = regions(document_of(book.data(), "汇编.pdf"), FERRY[:30])
    left, _, right, _ = found.box
    assert (left, right) == pytest.approx((60 / WIDTH, (60 + width(FERRY[:30], 12)) / WIDTH), abs=0.002)


def test_a_page_whose_lines_run_upward_has_upright_boxes() -> None:
    book = Book()
    book.canvas.rotate(90)
    for number, text in enumerate((FERRY, BOOKS, TREES)):
        book.draw(60, -200 - 20 * number, text)
    (found,) = regions(document_of(book.data(), "汇编.pdf"), FERRY)
    left, top, right, bottom = found.box
    assert left < 200 / WIDTH < right + 0.01
    assert bottom == pytest.approx(1 - 60 / HEIGHT, abs=0.002)
    assert bottom - top == pytest.approx(width(FERRY, 12) / HEIGHT, abs=0.01)


def test_a_text_file_has_no_places() -> None:
    document = document_of((FERRY + "\n" + BOOKS).encode(), "渡口.txt")
    assert (regions(document, FERRY[:8]), where(document, FERRY[:8])) == ((), None)


# Word


def text_box(inner: str) -> str:
    return f"<w:r><w:drawing><wps:txbx><w:txbxContent>{inner}</w:txbxContent></wps:txbx></w:drawing></w:r>"


NOTES = f'<w:footnote w:id="2">{paragraph("老魏名叫魏长河，撑船九年。")}</w:footnote>'
REFERENCE = '<w:r><w:footnoteReference w:id="2"/></w:r>'
ROWS = [["地区", "食堂"], ["青屿市", "126家"], ["鹭洲市", "129家"]]


@pytest.fixture(scope="module")
def report() -> Document:
    body = paragraph("渡口工作小结", "1") + paragraph("") + paragraph(run(FERRY) + REFERENCE)
    body += paragraph(run(TREES) + text_box(paragraph("值班电话每天8时至20时有人接听。")))
    body += table(ROWS) + table([["线路", "班次"], ["一号船", "12班"], ["二号船", "15班"]]) + paragraph(BOOKS)
    return document_of(docx(body, footnotes=NOTES), "小结.docx")


@pytest.mark.parametrize(
    ("quote", "place"),
    [
        (FERRY, "第2段"),
        (BOOKS, "第4段"),
        ("魏长河，撑船九年", "脚注1"),
        ("有人接听", "文本框1"),
        ("青屿市；食堂：126家", "表1第2行"),
        ("二号船；班次：15班", "表2第3行"),
    ],
)
def test_a_quotation_of_a_word_file_has_its_place_in_words(report, quote, place) -> None:
    assert where(report, quote) == place


def test_a_quotation_over_two_rows_names_both(report) -> None:
    start, end = report.text.index("青屿市；食堂"), report.text.index("129家")
    assert where_at(report, start, end) == "表1第2行、表1第3行"


def test_a_quotation_over_many_paragraphs_names_the_first_and_the_last(report) -> None:
    assert where_at(report, report.text.index(FERRY), report.text.index(BOOKS) + 5) == "第2段至第4段"


def test_a_word_file_has_no_boxes(report) -> None:
    assert regions(report, FERRY) == ()
