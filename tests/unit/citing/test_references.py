"""What is known of a document becomes a reference; what is not known is shown so and never made up."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from qa.citing.references import Name, names, reference_of
from qa.citing.styles import STYLES, cite, listed
from qa.errors import InvalidInput
from qa.types import Document, Page

QUOTE = "全省新开社区图书室318家。"
LONE = Document(
    "d1" * 8, "s1", 1, "云泽省社区图书室建设综述", "去年，" + QUOTE, kind="综述", place="云泽省", period="2024"
)
IN_PAPER = replace(LONE, publisher="云泽日报", author="本报记者 林溪、周望", published="2025-02-11")
ON_PAGE = replace(LONE, file="图书室.html", url="https://www.yunze.example/a/1.html", published="2025-02-11")
IN_COMPILATION = replace(LONE, compilation="二〇二四年工作汇编", page=18, page_kind="work_start")
REPORT = replace(LONE, title="青屿市渔港改造工作报告", kind="报告")
PAGED = replace(REPORT, text="一" * 100 + QUOTE, pages=(Page(12, 0, 3), Page(13, 105, 4)), page=12, page_kind="exact")


def text_of(document: Document, style="gbt7714", **more) -> str:
    return cite(document, 3, 3 + len(QUOTE), style, **more).text


def test_a_newspaper_article_names_the_paper_and_its_day():
    assert text_of(IN_PAPER) == "林溪，周望. 云泽省社区图书室建设综述[N]. 云泽日报，2025-02-11（[版次不详]）."


def test_a_paper_is_named_without_the_site_that_carried_it():
    assert "[N]. 云泽日报，" in text_of(replace(IN_PAPER, publisher="云泽网-云泽日报"))


def test_a_saved_page_is_cited_as_one():
    written = text_of(ON_PAGE, accessed="2025-03-01")
    assert written.endswith("[EB/OL]. （2025-02-11）[2025-03-01]. https://www.yunze.example/a/1.html.")


def test_when_a_page_was_opened_is_not_guessed():
    assert "[引用日期不详]" in text_of(ON_PAGE)


def test_the_address_of_a_saved_page_that_names_none_is_missing():
    assert cite(replace(ON_PAGE, url=None), 3, 8).missing == ("author", "url", "accessed")


def test_a_part_of_a_compilation_stands_before_its_host():
    assert "[G]//二〇二四年工作汇编. " in text_of(IN_COMPILATION)


def test_a_compilation_without_a_title_is_said_to_have_none():
    assert "[G]//[汇编题名不详]" in text_of(replace(IN_COMPILATION, compilation=""))


def test_a_page_on_which_the_work_begins_is_not_the_quotations():
    cited = cite(IN_COMPILATION, 3, 8)
    assert cited.text.endswith("：18-[止页不详].") and "page" in cited.missing


def test_a_report_is_marked_as_one():
    assert "工作报告[R]" in text_of(REPORT)


def test_what_tells_no_type_is_other():
    assert "综述[Z]" in text_of(LONE)


def test_a_standard_begins_with_its_number():
    assert "[S]" in text_of(replace(LONE, title="GB/T 3792—2021 信息与文献 资源描述"))


@pytest.mark.parametrize("publisher", ["青屿市情况简报", "云泽情报", "政务通报", "云泽大学学报"])
def test_what_only_ends_like_a_newspaper_is_none(publisher):
    assert "[N]" not in text_of(replace(IN_PAPER, publisher=publisher))


def test_nothing_known_is_nothing_made_up():
    assert text_of(LONE) == "佚名. 云泽省社区图书室建设综述[Z]. [出版地不详：出版者不详]，[出版年不详]：[页码不详]."


def test_the_place_it_is_about_is_no_place_of_publication():
    assert reference_of(LONE, 3, 8).place is None


def test_the_year_it_speaks_of_is_no_year_of_publication():
    assert "2024" not in text_of(LONE)


def test_each_missing_field_is_named():
    assert cite(LONE, 3, 8).missing == ("author", "place", "publisher", "year", "page")


def test_a_page_of_the_file_is_no_printed_page():
    assert reference_of(replace(PAGED, pages=(Page(None, 0, 3),), page=None), 3, 8).page is None


def test_a_quotation_over_two_pages_has_both():
    assert cite(PAGED, 100, 110).text.endswith("：12-13.")


def test_a_title_taken_from_the_text_is_bracketed():
    cited = cite(replace(LONE, title_inferred=True), 3, 8)
    assert "[云泽省社区图书室建设综述][Z]" in cited.text and "title" in cited.missing


def test_a_whole_document_needs_no_page():
    assert "page" not in cite(LONE, None, None).missing


def test_a_span_outside_the_text_is_refused():
    with pytest.raises(InvalidInput):
        cite(LONE, 3, 10_000)


def test_half_a_span_is_refused():
    with pytest.raises(InvalidInput):
        cite(LONE, 3, None)


@pytest.mark.parametrize(
    ("written", "known"),
    [
        ("本报记者 林溪", (Name("林溪"),)),
        ("林溪、周望 陈桥", (Name("林溪"), Name("周望"), Name("陈桥"))),
        ("云泽省图书馆", (Name("云泽省图书馆"),)),
        ("Lin, Xi; Zhou, Wang", (Name("Lin", "Xi"), Name("Zhou", "Wang"))),
        ("John Smith", (Name("John Smith"),)),
    ],
)
def test_names_are_taken_apart_only_where_they_say_so(written, known):
    assert names(written) == known


def test_a_footnote_shows_what_is_missing():
    assert text_of(IN_COMPILATION, "footnote") == (
        "〔责任者不详〕：《云泽省社区图书室建设综述》，《二〇二四年工作汇编》，〔出版地不详〕：〔出版者不详〕，"
        "〔出版年不详〕，第18页起。"
    )


def test_bibtex_leaves_what_is_missing_empty():
    written = text_of(LONE, "bibtex")
    assert "year = {}" in written and "author = {}" in written and "pages = {}" in written


def test_bibtex_says_where_a_work_begins_and_no_more():
    assert "pages = {18+}" in text_of(IN_COMPILATION, "bibtex")


def test_bibtex_escapes_what_latex_would_read():
    assert r"title = {图书室100\%覆盖\_总结}" in text_of(replace(LONE, title="图书室100%覆盖_总结"), "bibtex")


def test_ris_leaves_what_is_missing_empty():
    assert "PY  - \r\n" in text_of(LONE, "ris")


def test_ris_knows_where_a_work_begins_and_not_where_it_ends():
    written = text_of(IN_COMPILATION, "ris")
    assert "SP  - 18\r\n" in written and "EP  - \r\n" in written


def test_csl_json_names_what_is_missing():
    (item,) = json.loads(text_of(IN_COMPILATION, "csl-json"))
    assert "page" not in item and item["page-first"] == "18" and item["note"].startswith("未知：责任者")


def test_csl_json_writes_names_and_days_as_it_wants_them():
    (item,) = json.loads(text_of(IN_PAPER, "csl-json"))
    assert item["author"] == [{"literal": "林溪"}, {"literal": "周望"}]
    assert item["issued"] == {"date-parts": [[2025, 2, 11]]}


@pytest.mark.parametrize("style", STYLES)
def test_every_style_lists_many(style):
    cited = [cite(document, 3, 8, style) for document in (IN_PAPER, ON_PAGE)]
    assert listed(cited).count("云泽省社区图书室建设综述") == 2


def test_a_numeric_list_is_numbered():
    assert listed([cite(LONE, 3, 8), cite(IN_PAPER, 3, 8)]).splitlines()[1].startswith("[2] 林溪")


def test_the_edition_of_2015_asks_when_a_paper_was_opened_online():
    paper = replace(IN_PAPER, url="https://www.yunze.example/a/1.html")
    assert "（[版次不详]）[2025-03-01]. https" in text_of(paper, "gbt7714-2015", accessed="2025-03-01")
