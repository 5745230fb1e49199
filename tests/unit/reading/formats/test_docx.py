"""Word files: what a reader of the page sees comes out, in order, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from qa.errors import Unreadable
from qa.reading.formats.opening import read
from qa.reading.reader import read_works
from qa.types import Source
from tests.unit.reading.formats.office_files import (
    BULLETS_AND_COUNTS,
    STYLES,
    docx,
    numbered,
    paragraph,
    run,
    table,
    zipped,
)

SAMPLE = Path(__file__).parents[4] / "seeds" / "01_年度工作汇编.txt"
FIELD = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
BREAK = '<w:r><w:br w:type="page"/></w:r>'
RENDERED = "<w:r><w:lastRenderedPageBreak/></w:r>"


def source_of(body: str, **parts: str) -> Source:
    return read(docx(body, **parts), "柳溪县图书馆总结.docx")


def lines_of(body: str, **parts: str) -> list[str]:
    return [line for line in source_of(body, **parts).text.split("\n") if line]


def headings_of(source: Source) -> list[tuple[int, str]]:
    return [(heading.depth, source.text[heading.start : heading.end]) for heading in source.headings]


def marked_of(source: Source) -> list[tuple[str, str]]:
    return [(mark.reason, source.text[mark.start : mark.end]) for mark in source.marked]


def field(code: str, result: str) -> str:
    instruction = f"<w:r><w:instrText>{code}</w:instrText></w:r>"
    return FIELD.format("begin") + instruction + FIELD.format("separate") + run(result) + FIELD.format("end")


def text_box(inner: str) -> str:
    modern = f"<w:drawing><wps:txbx><w:txbxContent>{inner}</w:txbxContent></wps:txbx></w:drawing>"
    older = f"<w:pict><v:textbox><w:txbxContent>{inner}</w:txbxContent></v:textbox></w:pict>"
    return (
        f"<w:r><mc:AlternateContent><mc:Choice>{modern}</mc:Choice><mc:Fallback>{older}</mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )


def test_paragraphs_and_tables_come_in_the_order_of_the_page():
    body = paragraph("县里有书车三辆。") + table([["地点", "藏书"], ["石桥村", "4200册"]]) + paragraph("逢集必到。")
    assert lines_of(body) == ["县里有书车三辆。", "地点：石桥村；藏书：4200册。", "逢集必到。"]


def test_headings_are_told_by_style_through_the_styles_that_they_are_based_on():
    own = (
        '<w:style w:type="paragraph" w:styleId="9"><w:name w:val="红头标题"/><w:basedOn w:val="2"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="2"><w:name w:val="标题 2"/></w:style>'
    )
    source = read(docx(paragraph("让借书更方便", "9") + paragraph("全年送书万册。"), styles=own), "a.docx")
    assert headings_of(source) == [(2, "让借书更方便")]


def test_an_outline_level_of_the_paragraph_makes_a_heading():
    source = source_of(
        paragraph("公交跑得更晚", properties='<w:outlineLvl w:val="1"/>') + paragraph("末班车延到24点。")
    )
    assert headings_of(source) == [(2, "公交跑得更晚")]


def test_a_title_stands_above_the_first_heading():
    source = source_of(paragraph("桐湾区公共服务综述", "T") + paragraph("一、小食堂", "1") + paragraph("开了18家。"))
    assert headings_of(source) == [(1, "桐湾区公共服务综述"), (2, "一、小食堂")]


def test_a_whole_passage_that_is_styled_as_a_heading_is_text():
    long = "全区从小处动手，不搞大拆大建。" * 5
    assert headings_of(source_of(paragraph(long, "1"))) == []


def test_without_styles_a_large_centred_line_is_the_title():
    large = paragraph(run("桐湾区食堂工作总结", '<w:sz w:val="44"/>'), properties='<w:jc w:val="center"/>')
    body = large + paragraph(run("全区建成社区食堂十八家，最小的一家开在停用的老邮局里。", '<w:sz w:val="32"/>'))
    assert headings_of(source_of(body)) == [(1, "桐湾区食堂工作总结")]


def test_automatic_list_numbers_are_written_out():
    body = "".join([
        numbered("把树种活", 1), numbered("先育苗", 1, 1), numbered("后分栽", 1, 1), numbered("浇足水", 1, 2),
        numbered("把书送到", 1), numbered("先修车", 1, 1),
    ])  # fmt: skip
    assert lines_of(body, numbering=BULLETS_AND_COUNTS) == [
        "一、把树种活", "（一）先育苗", "（二）后分栽", "1. 浇足水", "二、把书送到", "（一）先修车",
    ]  # fmt: skip


def test_a_list_that_starts_anew_counts_from_its_own_start():
    body = numbered("把饭做热", 1) + numbered("把路修平", 1) + numbered("经费", 3)
    assert lines_of(body, numbering=BULLETS_AND_COUNTS) == ["一、把饭做热", "二、把路修平", "一、经费"]


def test_a_bullet_of_a_symbol_font_becomes_one_that_can_be_read():
    assert lines_of(numbered("早餐六点半开始", 2), numbering=BULLETS_AND_COUNTS) == ["•早餐六点半开始"]


def test_deleted_words_are_left_out_and_inserted_ones_kept():
    changed = run("票价") + "<w:del><w:r><w:delText>九元</w:delText></w:r></w:del>" + f"<w:ins>{run('两元')}</w:ins>"
    assert lines_of(paragraph(changed + run("。"))) == ["票价两元。"]


def test_paragraphs_whose_parting_was_deleted_are_one():
    first = paragraph("末班车延到", properties="<w:rPr><w:del/></w:rPr>")
    assert lines_of(first + paragraph("19点30分。")) == ["末班车延到19点30分。"]


def test_hidden_words_are_marked():
    source = source_of(paragraph(run("送书4.2万册") + run("（内部口径）", "<w:vanish/>") + run("。")))
    assert marked_of(source) == [("hidden", "（内部口径）")]


def test_words_that_a_style_hides_but_the_run_shows_are_text():
    styles = '<w:style w:type="paragraph" w:styleId="h"><w:name w:val="hid"/><w:rPr><w:vanish/></w:rPr></w:style>'
    body = paragraph(run("藏着的") + run("看得见的", '<w:vanish w:val="0"/>'), "h")
    assert marked_of(read(docx(body, styles=styles), "a.docx")) == [("hidden", "藏着的")]


def test_a_field_shows_its_result_and_not_its_code():
    assert lines_of(paragraph(run("共") + field("=SUM(ABOVE)", "63") + run("家。"))) == ["共63家。"]


def test_a_field_that_never_ends_hides_no_more_than_its_paragraph():
    broken = paragraph(FIELD.format("begin") + "<w:r><w:instrText>PAGE</w:instrText></w:r>")
    assert lines_of(broken + paragraph("全县办起食堂63家。")) == ["全县办起食堂63家。"]


def test_contents_keep_their_titles_and_page_numbers():
    link = f"<w:hyperlink>{run('柳溪县公共服务综述')}<w:r><w:tab/></w:r>{field('PAGEREF _Toc1', '26')}</w:hyperlink>"
    source = source_of(paragraph(link, "TOC1") * 3)
    assert source.text.split("\n\n") == ["柳溪县公共服务综述\t26"] * 3 and not source.marked


def test_contents_below_the_works_titles_are_no_works():
    styles = STYLES + '<w:style w:type="paragraph" w:styleId="TOC2"><w:name w:val="toc 2"/></w:style>'
    titles = ("云泽省综述", "柳溪县综述", "桐湾区综述")
    body = "".join(paragraph(f"{t}\t1", "TOC1") + paragraph("一、让借书更方便\t1", "TOC2") for t in titles)
    body += "".join(
        paragraph(t, "1") + paragraph("一、让借书更方便", "2") + paragraph(f"这里说的是{t}的事。") for t in titles
    )
    assert tuple(d.title for d in read_works(docx(body, styles=styles), "a.docx").documents) == titles


def test_contents_of_numbered_sections_make_no_works_of_them():
    sections = ("一、让借书更方便", "二、让出行更顺畅", "三、让身边更添绿")
    body = paragraph("云泽省综述", "T") + "".join(paragraph(f"{section}\t2", "TOC1") for section in sections)
    body += "".join(paragraph(section, "1") + paragraph("这一年办成了一件实事。") for section in sections)
    assert [d.title for d in read_works(docx(body), "a.docx").documents] == ["云泽省综述"]


def test_contents_in_a_table_read_as_contents():
    body = paragraph("目　录") + table([["柳溪县综述", "1"], ["桐湾区综述", "4"]])
    assert lines_of(body) == ["目　录", "柳溪县综述\t1", "桐湾区综述\t4"]


def test_a_footnote_follows_the_paragraph_that_refers_to_it():
    body = paragraph(run("老魏九年没有误过一次集") + '<w:r><w:footnoteReference w:id="2"/></w:r>' + run("。"))
    notes = (
        f'<w:footnote w:type="separator" w:id="0">{paragraph("——")}</w:footnote>'
        f'<w:footnote w:id="2">{paragraph("老魏名叫魏长河。")}</w:footnote>'
    )
    assert lines_of(body + paragraph("书车还在走。"), footnotes=notes) == [
        "老魏九年没有误过一次集。", "［注1］老魏名叫魏长河。", "书车还在走。",
    ]  # fmt: skip


def test_a_text_box_is_read_once_though_the_file_holds_it_twice():
    assert lines_of(paragraph(run("县城到各乡镇的公交全部开通。") + text_box(paragraph("票价两元")))) == [
        "县城到各乡镇的公交全部开通。", "票价两元",
    ]  # fmt: skip


def test_headers_and_footers_are_page_furniture():
    section = '<w:sectPr><w:headerReference r:id="header1"/><w:footerReference r:id="footer1"/></w:sectPr>'
    source = source_of(
        paragraph("全年上门回访群众5700户。") + section, header1=paragraph("内部资料"), footer1=paragraph("第1页")
    )
    assert marked_of(source) == [("page_furniture", "内部资料"), ("page_furniture", "第1页")]


def test_comments_are_left_out():
    body = paragraph(
        '<w:commentRangeStart w:id="0"/>' + run("栽树九万株。") + '<w:r><w:commentReference w:id="0"/></w:r>'
    )
    assert lines_of(body, comments=f'<w:comment w:id="0">{paragraph("数字再核")}</w:comment>') == ["栽树九万株。"]


def test_a_cell_merged_downwards_says_its_text_in_every_row():
    merged, goes_on = (f"<w:tcPr><w:vMerge{value}/></w:tcPr>" for value in (' w:val="restart"', ""))
    rows = [
        ["地区", "项目", "数量"],
        [merged + paragraph("青屿市"), "食堂", "126家"],
        [goes_on + paragraph(""), "书房", "58家"],
    ]
    assert lines_of(table(rows)) == [
        "地区：青屿市；项目：食堂；数量：126家。",
        "地区：青屿市；项目：书房；数量：58家。",
    ]


def test_a_name_over_two_columns_stands_before_theirs():
    wide, low = '<w:tcPr><w:gridSpan w:val="2"/></w:tcPr>', "<w:tcPr><w:vMerge{}/></w:tcPr>"
    rows = [
        [low.format(' w:val="restart"') + paragraph("地区"), wide + paragraph("公交")],
        [low.format("") + paragraph(""), "线路", "站亭"],
        ["榆浦市", "12条", "240座"],
    ]
    assert lines_of(table(rows)) == ["地区：榆浦市；公交·线路：12条；公交·站亭：240座。"]


def test_a_table_of_pairs_needs_no_header():
    assert lines_of(table([["联系人", "余桂香"], ["地址", "石桥村食堂"]])) == ["联系人：余桂香。", "地址：石桥村食堂。"]


def test_a_table_that_only_frames_text_is_read_as_text():
    assert lines_of(table([["全县办起食堂63家。"], ["村民可以拿菜来抵饭钱。"]])) == [
        "全县办起食堂63家。", "村民可以拿菜来抵饭钱。",
    ]  # fmt: skip


def test_a_table_inside_a_cell_is_read_with_its_row():
    inner = table([["周三", "一场"], ["周六", "一场"]]) + paragraph("")
    assert "周六" in "".join(lines_of(table([["场次", "安排", "地点"], ["96场", inner, "少儿馆"]])))


def test_the_pages_of_the_last_layout_begin_where_the_breaks_stand():
    source = source_of(paragraph("第一页的话。") + paragraph(run("这句从第一页") + RENDERED + run("走到第二页。")))
    assert [(sheet.number, source.text[sheet.start :].strip()[:6]) for sheet in source.sheets] == [
        (1, "第一页的话。"), (2, "走到第二页。"),
    ]  # fmt: skip


def test_a_break_that_the_layout_repeats_counts_once():
    source = source_of(paragraph("第一页。") + paragraph(BREAK) + paragraph(RENDERED + run("第二页。")))
    assert [sheet.number for sheet in source.sheets] == [1, 2]


def test_breaks_set_by_hand_are_no_pages_where_paper_could_not_hold_what_lies_between():
    source = source_of(
        "".join(paragraph("全县新植树木，河岸村道都添了新绿。") for _ in range(300))
        + paragraph(BREAK)
        + paragraph("完。")
    )
    assert source.sheets == ()


def test_the_files_title_and_author_are_told_and_the_day_it_was_made_is_no_publication():
    core = "<dc:title>柳溪县送书总结</dc:title><dc:creator>余桂香</dc:creator>"
    core += "<dcterms:created>2024-01-05</dcterms:created>"
    metadata = read(docx(paragraph("送书四万册。"), core=core), "a.docx").metadata
    assert (metadata.title, metadata.author, metadata.published) == ("柳溪县送书总结", "余桂香", None)


@pytest.mark.parametrize(
    "title", ["文档1", "Microsoft Word - 总结.doc", "总结.docx", "PowerPoint 演示文稿", "新建 Microsoft Word 文档"]
)
def test_a_title_that_a_program_filled_in_is_none(title):
    core = f"<dc:title>{title}</dc:title><dc:creator>微软用户</dc:creator>"
    metadata = read(docx(paragraph("送书四万册。"), core=core), "a.docx").metadata
    assert (metadata.title, metadata.author) == (None, None)


def test_a_fraction_is_written_with_its_stroke():
    part = "<m:r><m:t>{}</m:t></m:r>"
    formula = f"<m:oMath><m:f><m:num>{part.format(1)}</m:num><m:den>{part.format(3)}</m:den></m:f></m:oMath>"
    assert lines_of(paragraph(run("近") + formula + run("的公交车换了新能源车。"))) == ["近1/3的公交车换了新能源车。"]


def test_ruby_over_a_character_is_a_reading_aid():
    ruby = f"<w:r><w:ruby><w:rt>{run('dù')}</w:rt><w:rubyBase>{run('渡')}</w:rubyBase></w:ruby></w:r>"
    source = source_of(paragraph(ruby + run("口栽枫香。")))
    assert source.text == "渡dù口栽枫香。" and marked_of(source) == [("reading_aid", "dù")]


def test_a_placeholder_that_nobody_filled_in_is_left_out():
    shown = f"<w:sdtContent>{paragraph('单击此处输入文字')}</w:sdtContent>"
    control = f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr>{shown}</w:sdt>"
    assert lines_of(control + paragraph("树种活了。")) == ["树种活了。"]


def test_an_indented_paragraph_that_a_page_cut_is_joined_again():
    indent = '<w:ind w:firstLineChars="200" w:firstLine="480"/>'
    text = "各部门顺着居民的作息把操心的事一件一件办妥帖，累计发放苗木380万株，成活的归农户所有，死了的第二年免费补栽。"
    body = paragraph(text, properties=indent) + paragraph(text[:25], properties=indent) + paragraph(text[25:])
    data = docx(paragraph("总结", "1") + body + paragraph(text, properties=indent))
    assert read_works(data, "a.docx").documents[0].text.split("\n") == [text, text, text]


def test_paragraphs_of_a_file_without_indents_stay_apart():
    long = "青苗行动由县林业站牵头、各乡镇配合、家家户户参与的植树护林和苗木认养办法"
    body = paragraph("总结", "1") + paragraph(long) + paragraph("送书四万册。")
    assert read_works(docx(body), "a.docx").documents[0].text == f"{long}\n送书四万册。"


def test_strict_office_files_read_like_any_other():
    plain = docx(paragraph("让借书更方便", "1") + paragraph("送书四万册。"))
    import io
    import zipfile

    with zipfile.ZipFile(io.BytesIO(plain)) as archive:
        parts = {
            name: archive.read(name)
            .replace(
                b"schemas.openxmlformats.org/wordprocessingml/2006/main", b"purl.oclc.org/ooxml/wordprocessingml/main"
            )
            .replace(b"schemas.openxmlformats.org/officeDocument/2006/", b"purl.oclc.org/ooxml/officeDocument/")
            for name in archive.namelist()
        }
    assert headings_of(read(zipped(parts), "a.docx")) == [(1, "让借书更方便")]


def test_a_file_of_pictures_asks_for_text_recognition():
    with pytest.raises(Unreadable) as refusal:
        source_of(paragraph("<w:r><w:drawing/></w:r>"))
    assert refusal.value.code == "needs_ocr"


def test_tables_within_tables_within_tables_do_no_harm():
    body = "深处的话。"
    for _ in range(60):
        body = table([[body if body.startswith("<") else paragraph(body), "左", "右"]]) + paragraph("")
    try:
        source_of(body)
    except Unreadable as refusal:
        assert refusal.code == "unreadable_file"


# The sample compilation, made into a Word file with real headings, indents and a contents list.


@pytest.fixture(scope="module")
def compilation() -> str:
    return SAMPLE.read_text("utf-8")


def as_word(text: str) -> bytes:
    """Titles as first headings; lines that a page cut stay apart, as when a text is pasted."""
    titles = {match[1] for match in re.finditer(r"^(.+?)　　\d+$", text, re.MULTILINE)} | {"榆浦市公共服务工作综述"}
    body = []
    for line in filter(str.strip, text.split("\n")):
        bare = line.strip("\u3000 ")
        if entry := re.match(r"^(\S+)　　(\d+)$", bare):
            body.append(paragraph(f"{run(entry[1])}<w:r><w:tab/></w:r>{run(entry[2])}", "TOC1"))
        elif bare in titles:
            body.append(paragraph(bare, "1"))
        else:
            indent = '<w:ind w:firstLineChars="200" w:firstLine="480"/>' if line.startswith("\u3000") else ""
            body.append(paragraph(bare, properties=indent))
    return docx("".join(body))


def test_a_compilation_in_word_gives_the_same_works_as_in_plain_text(compilation):
    plain = read_works(compilation.encode(), "汇编.txt").documents
    word = read_works(as_word(compilation), "汇编.docx").documents
    assert [(d.title, d.page, d.place, d.text) for d in word] == [(d.title, d.page, d.place, d.text) for d in plain]


def test_a_work_of_a_compilation_in_word_is_a_selection_of_the_file(compilation):
    reading = read_works(as_word(compilation), "汇编.docx")
    for document in reading.documents:
        pieces = (reading.source.text[s.origin : s.origin + s.end - s.start] for s in document.spans)
        assert "".join(pieces) == document.text
