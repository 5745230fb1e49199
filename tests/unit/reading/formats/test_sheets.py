"""Spreadsheets: each row is a sentence that names its columns and can be quoted alone."""

from __future__ import annotations

import pytest

from qa.errors import Unreadable
from qa.reading.formats.archive import OLE
from qa.reading.formats.opening import read
from qa.reading.formats.tables import lines_of
from qa.reading.reader import read_works
from qa.types import Source
from tests.unit.reading.formats.office_files import relations, zipped

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
# Styles 0 plain, 1 whole percentages, 2 percentages with one decimal, 3 dates.
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><numFmts><numFmt numFmtId="170" formatCode="0.0%;[Red]-0.0%"/></numFmts><cellXfs>'
    '<xf numFmtId="0"/><xf numFmtId="9"/><xf numFmtId="170"/><xf numFmtId="14"/></cellXfs></styleSheet>'
)
Cell = str | int | float | tuple[float, int] | None


def cell(value: Cell, at: str) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return f'<c r="{at}" t="inlineStr"><is><t>{value}</t></is></c>'
    number, style = value if isinstance(value, tuple) else (value, 0)
    return f'<c r="{at}" s="{style}"><v>{number}</v></c>'


def sheet(rows: list[list[Cell]], merged: str = "", first: int = 1) -> str:
    written = "".join(
        f'<row r="{at}">{"".join(cell(value, f"{chr(65 + column)}{at}") for column, value in enumerate(row))}</row>'
        for at, row in enumerate(rows, first)
    )
    ranges = f'<mergeCells count="1"><mergeCell ref="{merged}"/></mergeCells>' if merged else ""
    return f'<worksheet xmlns="{MAIN}"><sheetData>{written}</sheetData>{ranges}</worksheet>'


def xlsx(sheets: dict[str, str], hidden: tuple[str, ...] = ()) -> bytes:
    listed = "".join(
        f'<sheet name="{name}" sheetId="{at}" r:id="rId{at}" state="{"hidden" if name in hidden else "visible"}"/>'
        for at, name in enumerate(sheets, 1)
    )
    parts = {f"xl/worksheets/sheet{at}.xml": content for at, content in enumerate(sheets.values(), 1)}
    references = {f"rId{at}": ("worksheet", f"worksheets/sheet{at}.xml") for at in range(1, len(sheets) + 1)}
    return zipped({
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": relations({"rId1": ("officeDocument", "xl/workbook.xml")}),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{REL}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relations(references | {"rIdS": ("styles", "styles.xml")}),
        "xl/styles.xml": STYLES,
        **parts,
    })  # fmt: skip


def source_of(rows: list[list[Cell]], merged: str = "") -> Source:
    return read(xlsx({"社区食堂": sheet(rows, merged)}), "民生台账.xlsx")


def rows_of(rows: list[list[Cell]], merged: str = "") -> list[str]:
    return [line for line in source_of(rows, merged).text.split("\n") if line][1:]


def csv_rows(data: bytes, name: str = "台账.csv") -> list[str]:
    return [line for line in read(data, name).text.split("\n") if line]


def test_a_row_names_its_columns():
    assert rows_of([["地区", "食堂数"], ["青屿市", "126家"]]) == ["地区：青屿市；食堂数：126家。"]


def test_a_sheet_is_a_heading():
    source = source_of([["地区", "食堂数"], ["青屿市", 126]])
    assert source.text[source.headings[0].start : source.headings[0].end] == "社区食堂"


def test_several_sheets_stand_under_the_files_name():
    table = sheet([["地区", "数"], ["青屿市", 126]])
    source = read(xlsx({"食堂": table, "书房": table}), "民生台账.xlsx")
    assert [(h.depth, source.text[h.start : h.end]) for h in source.headings] == [
        (1, "民生台账"),
        (2, "食堂"),
        (2, "书房"),
    ]


def test_a_sheet_that_nobody_named_gives_its_place_to_the_files_name():
    source = read(xlsx({"Sheet1": sheet([["地区", "数"], ["青屿市", 126]])}), "民生台账.xlsx")
    assert (
        read_works(xlsx({"Sheet1": sheet([["地区", "数"], ["青屿市", 126]])}), "民生台账.xlsx").documents[0].title
        == "民生台账"
    )
    assert "Sheet1" not in source.text


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (35, "35"),
        (35.0, "35"),
        (66.5, "66.5"),
        (0.1 + 0.2, "0.3"),
        ((0.987, 2), "98.7%"),
        ((1, 1), "100%"),
        ((45177, 3), "2023-09-08"),
    ],
)
def test_a_number_is_written_as_the_sheet_shows_it(value, shown):
    assert rows_of([["地区", "数"], ["青屿市", value]]) == [f"地区：青屿市；数：{shown}。"]


def test_a_title_above_the_header_stands_alone():
    assert rows_of([["2023年社区食堂台账"], ["地区", "数"], ["青屿市", 126]]) == [
        "2023年社区食堂台账",
        "地区：青屿市；数：126。",
    ]


def test_years_can_name_columns():
    assert rows_of([["指标", 2022, 2023], ["食堂数", 97, 126]]) == ["指标：食堂数；2022：97；2023：126。"]


def test_a_merged_cell_says_its_text_in_every_row():
    rows: list[list[Cell]] = [["地区", "项目", "数"], ["青屿市", "食堂", 126], [None, "书房", 58]]
    assert rows_of(rows, "A2:A3")[1] == "地区：青屿市；项目：书房；数：58。"


def test_a_name_over_two_columns_stands_before_theirs():
    rows: list[list[Cell]] = [["地区", "公交", None], [None, "线路", "站亭"], ["榆浦市", 12, 240]]
    assert rows_of(rows, "B1:C1") == ["地区：榆浦市；公交·线路：12；公交·站亭：240。"]


def test_an_empty_cell_says_nothing_and_a_nameless_column_only_its_value():
    assert rows_of([["地区", "数", None], ["青屿市", None, "待核"], ["鹭洲市", 129, None]]) == [
        "地区：青屿市；待核。",
        "地区：鹭洲市；数：129。",
    ]


def test_rows_without_a_header_are_their_cells():
    assert rows_of([["青屿市", 126, "海风书房"], ["鹭洲市", 129, "望潮馆"]]) == [
        "青屿市；126；海风书房。",
        "鹭洲市；129；望潮馆。",
    ]


def test_a_hidden_sheet_is_marked():
    table = sheet([["地区", "数"], ["青屿市", 126]])
    source = read(xlsx({"公开": table, "底稿": table}, hidden=("底稿",)), "a.xlsx")
    assert "底稿" in [source.text[m.start : m.end] for m in source.marked if m.reason == "hidden"] and source.doubts


def test_a_cell_far_away_is_refused_before_it_costs_memory():
    row = f'<row r="1048576">{cell(1, "XFD1048576")}</row>'
    far = f'<worksheet xmlns="{MAIN}"><sheetData>{row}</sheetData></worksheet>'
    with pytest.raises(Unreadable) as refused:
        read(xlsx({"远": far}), "a.xlsx")
    assert refused.value.code == "file_too_large"


def test_a_workbook_that_is_no_workbook_is_refused():
    with pytest.raises(Unreadable):
        read(zipped({"xl/workbook.xml": "<workbook"}), "a.xlsx")


def test_a_web_page_under_an_old_excel_name_is_a_mismatch():
    with pytest.raises(Unreadable) as refused:
        read(b"<html><table><tr><td>1</td></tr></table></html>", "a.xls")
    assert refused.value.code == "type_mismatch"


def test_a_broken_old_workbook_is_refused():
    with pytest.raises(Unreadable):
        read(OLE + b"\x00" * 2_000, "a.xls")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_delimited_text_is_read_in_its_encoding(encoding):
    assert csv_rows("地区,食堂数量,说明\n青屿市,126,老人每份午餐补贴三元\n".encode(encoding)) == [
        "地区：青屿市；食堂数量：126；说明：老人每份午餐补贴三元。"
    ]


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_the_sign_between_columns_is_found(sign):
    assert csv_rows(sign.join(["地区", "数"]).encode() + b"\n" + sign.join(["青屿市", "126"]).encode()) == [
        "地区：青屿市；数：126。"
    ]


def test_a_quoted_cell_may_hold_commas_and_lines():
    assert csv_rows('地区,说明\n青屿市,"先修车,\n后送书"\n柳溪县,2023年办\n'.encode()) == [
        "地区：青屿市；说明：先修车, 后送书。", "地区：柳溪县；说明：2023年办。",
    ]  # fmt: skip


def test_a_line_in_a_table_of_one_text_is_a_heading_inside_it():
    assert lines_of([["地区", "项目", "数"], ["市级", "市级", "市级"], ["青屿市", "食堂", "126"]])[0] == "市级"


def test_a_row_is_cited_whole():
    document = read_works("地区,食堂数\n青屿市,126家\n鹭洲市,129家\n".encode(), "食堂台账.csv").documents[0]
    assert document.text == "地区：青屿市；食堂数：126家。\n地区：鹭洲市；食堂数：129家。"
