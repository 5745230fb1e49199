"""OpenDocument: texts and sheets as their page shows them."""

from __future__ import annotations

import pytest

from qa.errors import Unreadable
from qa.reading.formats.opening import read
from qa.types import Source
from tests.unit.reading.formats.office_files import ODF, odt, zipped

LISTS = (
    '<text:list-style style:name="L"><text:list-level-style-number text:level="1"'
    ' style:num-format="一, 二, 三, ..." style:num-suffix="、"/>'
    '<text:list-level-style-bullet text:level="2" text:bullet-char="•"/></text:list-style>'
)


def source_of(body: str, **parts: str) -> Source:
    return read(odt(body, **parts), "总结.odt")


def lines_of(body: str, **rest: str) -> list[str]:
    return [line for line in source_of(body, **rest).text.split("\n") if line]


def p(text: str, style: str = "") -> str:
    return f'<text:p text:style-name="{style}">{text}</text:p>'


def row(*cells: str) -> str:
    return (
        "<table:table-row>"
        + "".join(c if c.startswith("<") else f"<table:table-cell>{p(c)}</table:table-cell>" for c in cells)
        + "</table:table-row>"
    )


def test_headings_have_their_outline_level():
    source = source_of('<text:h text:outline-level="2">让借书更方便</text:h>' + p("送书四万册。"))
    assert [(h.depth, source.text[h.start : h.end]) for h in source.headings] == [(2, "让借书更方便")]


def test_list_numbers_are_written_out():
    inner = f"<text:list><text:list-item>{p('先育苗')}</text:list-item></text:list>"
    items = f"<text:list-item>{p('把树种活')}{inner}</text:list-item><text:list-item>{p('把书送到')}</text:list-item>"
    assert lines_of(f'<text:list text:style-name="L">{items}</text:list>', styles=LISTS) == [
        "一、把树种活",
        "•先育苗",
        "二、把书送到",
    ]


def test_a_table_names_its_columns_and_fills_merged_cells():
    wide = f'<table:table-cell table:number-rows-spanned="2">{p("青屿市")}</table:table-cell>'
    rows = row("地区", "项目", "数") + row(wide, "食堂", "126家") + row("<table:covered-table-cell/>", "书房", "58家")
    assert lines_of(f"<table:table>{rows}</table:table>") == [
        "地区：青屿市；项目：食堂；数：126家。",
        "地区：青屿市；项目：书房；数：58家。",
    ]


def test_a_note_follows_its_paragraph_and_spaces_are_spaces():
    body = f"<text:note-body>{p('他名叫魏长河。')}</text:note-body>"
    note = f"<text:note><text:note-citation>1</text:note-citation>{body}</text:note>"
    assert lines_of(p(f"老魏<text:s text:c='2'/>开书车{note}。")) == ["老魏  开书车。", "［注1］他名叫魏长河。"]


def test_deleted_words_and_comments_are_left_out():
    gone = f"<text:tracked-changes><text:changed-region>{p('票价九元')}</text:changed-region></text:tracked-changes>"
    assert lines_of(gone + p(f"票价两元<office:annotation>{p('再核')}</office:annotation>。")) == ["票价两元。"]


def test_hidden_words_are_marked():
    style = '<style:style style:name="H"><style:text-properties text:display="none"/></style:style>'
    source = source_of(p('送书<text:span text:style-name="H">（内部）</text:span>四万册。'), styles=style)
    assert [(m.reason, source.text[m.start : m.end]) for m in source.marked] == [("hidden", "（内部）")]


def test_headers_are_page_furniture():
    master = f"<style:master-page><style:header>{p('内部资料')}</style:header></style:master-page>"
    source = source_of(p("送书四万册。"), masters=master)
    assert [(m.reason, source.text[m.start : m.end]) for m in source.marked] == [("page_furniture", "内部资料")]


def test_pages_begin_at_the_soft_breaks():
    source = source_of(p("第一页的话。") + p("这句从第一页<text:soft-page-break/>走到第二页。"))
    assert [source.text[sheet.start :].strip()[:3] for sheet in source.sheets] == ["第一页", "走到第"]


def test_a_text_box_is_read_after_its_paragraph():
    box = f"<draw:frame><draw:text-box>{p('票价两元')}</draw:text-box></draw:frame>"
    assert lines_of(p(f"公交全部开通。{box}")) == ["公交全部开通。", "票价两元"]


def test_the_files_title_and_author_are_told():
    told = source_of(
        p("送书。"), meta="<dc:title>柳溪县送书总结</dc:title><meta:initial-creator>余桂香</meta:initial-creator>"
    ).metadata
    assert (told.title, told.author) == ("柳溪县送书总结", "余桂香")


def test_a_file_with_a_password_is_called_encrypted():
    with pytest.raises(Unreadable) as refused:
        source_of(p("送书。"), manifest="<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>")
    assert refused.value.code == "encrypted_file"


def test_a_sheet_is_read_as_it_is_shown():
    share = f'<table:table-cell office:value-type="percentage" office:value="0.987">{p("98.7%")}</table:table-cell>'
    cell = '<table:table-cell table:number-columns-repeated="16384"/>'
    blank = f'<table:table-row table:number-rows-repeated="1048574">{cell}</table:table-row>'
    rows = row("地区", "满意度") + row("鹭洲市", share) + blank
    parts = {
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "content.xml": f"<office:document-content {ODF}><office:body><office:spreadsheet>"
        f'<table:table table:name="满意度">{rows}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>",
    }
    assert read(zipped(parts), "a.ods").text == "满意度\n\n地区：鹭洲市；满意度：98.7%。"
