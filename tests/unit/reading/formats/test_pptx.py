"""Presentations: slides are pages, titles headings, notes text."""

from __future__ import annotations

from qa.reading.formats.opening import read
from qa.types import Source
from tests.unit.reading.formats.office_files import relations, zipped

NAMES = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)


def shape(*paragraphs: str, role: str = "") -> str:
    place = f'<p:nvSpPr><p:nvPr><p:ph type="{role}"/></p:nvPr></p:nvSpPr>' if role else ""
    words = "".join(f"<a:p><a:r><a:t>{text}</a:t></a:r></a:p>" for text in paragraphs)
    return f"<p:sp>{place}<p:txBody>{words}</p:txBody></p:sp>"


def table(*rows: list[str]) -> str:
    cells = "".join(
        "<a:tr>"
        + "".join(f"<a:tc><a:txBody><a:p><a:r><a:t>{c}</a:t></a:r></a:p></a:txBody></a:tc>" for c in row)
        + "</a:tr>"
        for row in rows
    )
    return (
        f"<p:graphicFrame><a:graphic><a:graphicData><a:tbl>{cells}</a:tbl></a:graphicData></a:graphic></p:graphicFrame>"
    )


def pptx(*slides: str, order: tuple[int, ...] = (), notes: str = "", hidden: int = 0) -> Source:
    order = order or tuple(range(1, len(slides) + 1))
    listed = "".join(f'<p:sldId id="{255 + at}" r:id="rId{at}"/>' for at in order)
    parts = {
        "_rels/.rels": relations({"rId1": ("officeDocument", "ppt/presentation.xml")}),
        "ppt/presentation.xml": f"<p:presentation {NAMES}><p:sldIdLst>{listed}</p:sldIdLst></p:presentation>",
        "ppt/_rels/presentation.xml.rels": relations(
            {f"rId{at}": ("slide", f"slides/slide{at}.xml") for at in range(1, len(slides) + 1)}
        ),
    }
    for at, inner in enumerate(slides, 1):
        show = ' show="0"' if at == hidden else ""
        parts[f"ppt/slides/slide{at}.xml"] = (
            f"<p:sld {NAMES}{show}><p:cSld><p:spTree>{inner}</p:spTree></p:cSld></p:sld>"
        )
    if notes:
        parts["ppt/slides/_rels/slide1.xml.rels"] = relations({"rId1": ("notesSlide", "../notesSlides/n1.xml")})
        inner = shape(notes, role="body") + shape("3", role="sldNum")
        parts["ppt/notesSlides/n1.xml"] = f"<p:notes {NAMES}><p:cSld><p:spTree>{inner}</p:spTree></p:cSld></p:notes>"
    return read(zipped(parts), "汇报.pptx")


def lines_of(source: Source) -> list[str]:
    return [line for line in source.text.split("\n") if line]


def test_slides_come_in_the_order_in_which_they_are_shown():
    assert lines_of(pptx(shape("后讲的"), shape("先讲的"), order=(2, 1))) == ["先讲的", "后讲的"]


def test_a_slides_title_is_a_heading_before_its_words():
    source = pptx(shape("公交全部开通。") + shape("让出行更顺畅", role="title"))
    assert lines_of(source) == ["让出行更顺畅", "公交全部开通。"] and source.headings[0].end == 6


def test_each_slide_is_a_page():
    source = pptx(shape("第一张的话。"), shape("第二张的话。"))
    assert [(s.number, s.printed, source.text[s.start : s.start + 3]) for s in source.sheets] == [
        (1, None, "第一张"), (2, None, "第二张"),
    ]  # fmt: skip


def test_a_table_on_a_slide_names_its_columns():
    assert lines_of(pptx(table(["地区", "食堂"], ["青屿市", "126家"]))) == ["地区：青屿市；食堂：126家。"]


def test_the_speakers_notes_follow_the_slide():
    assert lines_of(pptx(shape("食堂63家。"), notes="这里讲余桂香的故事。")) == [
        "食堂63家。",
        "备注：这里讲余桂香的故事。",
    ]


def test_slide_numbers_and_footers_are_page_furniture():
    source = pptx(shape("食堂63家。") + shape("12", role="sldNum") + shape("内部", role="ftr"))
    assert [(m.reason, source.text[m.start : m.end]) for m in source.marked] == [
        ("page_furniture", "12"), ("page_furniture", "内部"),
    ]  # fmt: skip


def test_a_hidden_slide_is_marked():
    source = pptx(shape("要讲的。"), shape("不讲的。"), hidden=2)
    assert [(m.reason, source.text[m.start : m.end]) for m in source.marked] == [("hidden", "不讲的。")]


def test_shapes_in_groups_are_read():
    assert lines_of(pptx(f"<p:grpSp>{shape('组里的话。')}</p:grpSp>")) == ["组里的话。"]
