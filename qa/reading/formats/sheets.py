"""Spreadsheets and delimited text: each sheet a heading, each row a line that names its columns.

Excel's values come through calamine, the percent signs that only a cell's format knows through the parts themselves;
OpenDocument keeps what its cells show. Loads calamine on first use.
"""

from __future__ import annotations

import csv
import datetime
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

from qa.config import MAX_TEXT_CHARS
from qa.errors import Unreadable
from qa.reading.encodings import decode
from qa.reading.formats.archive import OLE, Archive, open_archive, refuse_encrypted
from qa.reading.formats.docx import properties
from qa.reading.formats.gathering import Lines, one_line
from qa.reading.formats.tables import header_count, rows_of
from qa.reading.formats.word_styles import number
from qa.types import Metadata, Source

_S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_DEFAULT_NAME = re.compile(r"^(?:sheet|工作表|表|表格)\s*\d*$", re.IGNORECASE)
_CELL = re.compile(rb"<(?:\w+:)?c\s([^>]*)>")
_REFERENCE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_STYLE = re.compile(rb'\bs="(\d+)"')
_PERCENT_FORMATS = {9: 0, 10: 2}  # ECMA-376 18.8.30
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
_DECIMALS = re.compile(r"0(?:\.(0+))?%")
_DELIMITERS = ",\t;|"
SAVE_AS_XLSX = "请用 Excel 或 WPS 打开，另存为 .xlsx 后再加入。"
# calamine lays a sheet out as a full rectangle: one cell far away would cost gigabytes.
MAX_CELLS = 5_000_000
Value = str | int | float | bool | datetime.date | datetime.time | datetime.timedelta
Rows = list[list[str]]


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet: its name, its rows as they are shown, whether the file hides it."""

    name: str
    rows: Rows
    hidden: bool = False


def read_excel(data: bytes, name: str, source_id: str) -> Source:
    """A source from the bytes of a .xlsx, .xlsm or .xls file. Raises Unreadable."""
    if PurePath(name).suffix.lower() == ".xls":
        refuse_encrypted(data)
        if not data.startswith(OLE):
            raise Unreadable("文件内容与扩展名 .xls 不符", SAVE_AS_XLSX, code="type_mismatch")
        return gather(_workbook(data, {}), data, name, source_id, Metadata())
    archive = open_archive(data, ".xlsx")
    archive.verify()
    tables = _workbook(data, _percents(archive))
    return gather(tables, data, name, source_id, properties(archive))


def read_delimited(data: bytes, name: str, source_id: str) -> Source:
    """A source from the bytes of a .csv or .tsv file. Raises Unreadable."""
    decoded = decode(data)
    delimiter = "\t" if name.lower().endswith(".tsv") else _delimiter(decoded.text)
    csv.field_size_limit(MAX_TEXT_CHARS)
    try:
        rows = [list(row) for row in csv.reader(io.StringIO(decoded.text, newline=""), delimiter=delimiter)]
    except csv.Error as cause:
        raise Unreadable("表格的格式不对", SAVE_AS_XLSX) from cause
    source = gather([Table("", rows)], data, name, source_id, Metadata())
    return replace(
        source, encoding=decoded.encoding, encoding_unsure=decoded.unsure, doubts=(*decoded.doubts, *source.doubts)
    )


def gather(tables: Sequence[Table], data: bytes, name: str, source_id: str, metadata: Metadata) -> Source:
    """The source that sheets make. Several sheets stand under the workbook's title, or its file's name."""
    lines = Lines()
    filled = [table for table in tables if any(any(row) for row in table.rows)]
    title = metadata.title or PurePath(name).stem
    named = [table for table in filled if not _DEFAULT_NAME.match(table.name) and table.name]
    if len(filled) > 1:
        lines.add(title, 1)
    for number_, table in enumerate(tables, 1):
        if table not in filled:
            continue
        reason = "hidden" if table.hidden else ""
        if len(tables) > 1:
            lines.sheet(number_, evidence="工作表")
        if table in named or len(filled) > 1:
            lines.add(one_line(table.name), 1 if len(filled) == 1 else 2, reason=reason)
        _rows(lines, table.rows, reason)
    if any(table.hidden for table in filled):
        lines.doubts.append("有隐藏的工作表，没有当作正文。")
    return lines.source(data, name, source_id, replace(metadata, title=title))


def _rows(lines: Lines, rows: Rows, reason: str) -> None:
    """The lines before the first row of two cells or more stand alone; that row names the columns, if it names any."""
    first = next((at for at, row in enumerate(rows) if len({cell for cell in row if cell.strip()}) > 1), len(rows))
    for row in rows[:first]:
        if cell := next((cell for cell in row if cell.strip()), ""):
            lines.add(" ".join(cell.split()), reason=reason)
    table = [row for row in rows[first:] if any(cell.strip() for cell in row)]
    for _, line in rows_of(table, header_count(table) or None):
        lines.add(line, reason=reason)


def _workbook(data: bytes, percents: dict[str, dict[tuple[int, int], int]]) -> list[Table]:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

    tables = []
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as workbook:
            for about in workbook.sheets_metadata:
                if about.typ != SheetTypeEnum.WorkSheet:
                    continue
                sheet = workbook.get_sheet_by_name(about.name)
                shown = percents.get(about.name, {})
                rows = [
                    [_shown(value, shown.get((at, column))) for column, value in enumerate(row)]
                    for at, row in enumerate(sheet.to_python(skip_empty_area=False))
                ]
                _fill(rows, sheet.merged_cell_ranges or [])
                tables.append(Table(about.name, rows, about.visible != SheetVisibleEnum.Visible))
    except PasswordError as cause:
        raise Unreadable("文件加了密码", "请用原来的软件打开，去掉密码另存后再加入。", code="encrypted_file") from cause
    except (CalamineError, ValueError, OSError) as cause:
        raise Unreadable("表格文件损坏或不完整", SAVE_AS_XLSX) from cause
    except BaseException as cause:
        if type(cause).__name__ != "PanicException":  # a broken file can panic calamine; that is no Exception
            raise
        raise Unreadable("表格文件损坏或不完整", SAVE_AS_XLSX) from cause
    return tables


def _fill(rows: Rows, merged: Iterable[tuple[tuple[int, int], tuple[int, int]]]) -> None:
    """Every cell of a merged range says what its first one says."""
    for (top, left), (bottom, right) in merged:
        if top >= len(rows) or left >= len(rows[top]) or not rows[top][left]:
            continue
        for row in rows[top : bottom + 1]:
            for column in range(left, min(right + 1, len(row))):
                row[column] = row[column] or rows[top][left]


def _shown(value: Value, decimals: int | None = None) -> str:
    """A value as a sheet shows it: 35 and not 35.0, dates in ISO 8601, shares as percentages."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime.datetime):
        exact = value.time() != datetime.time()
        return value.strftime("%Y-%m-%d %H:%M") if exact else value.date().isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, datetime.time):
        return value.strftime("%H:%M" if not value.second else "%H:%M:%S")
    if isinstance(value, datetime.timedelta):
        minutes, seconds = divmod(int(value.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02d}" + (f":{seconds:02d}" if seconds else "")
    if decimals is not None:
        return f"{100 * value:.{decimals}f}%"
    if value == int(value) and abs(value) < 1e21:
        return str(int(value))
    return f"{value:.15g}"  # as many digits as Excel keeps


def _percents(archive: Archive) -> dict[str, dict[tuple[int, int], int]]:
    """Cells that are shown as percentages: sheet → (row, column) → decimals. Raises Unreadable for sheets too large."""
    styles = _percent_styles(archive)
    workbook = archive.xml("xl/workbook.xml")
    relations = archive.relations("xl/workbook.xml")
    found: dict[str, dict[tuple[int, int], int]] = {}
    for sheet in () if workbook is None else workbook.iter(_S + "sheet"):
        relation = relations.get(sheet.get(_R + "id", ""))
        if relation is not None and relation.kind == "worksheet" and relation.part in archive:
            found[sheet.get("name", "")] = _scan(archive.read(relation.part), styles)
    return found


def _percent_styles(archive: Archive) -> dict[int, int]:
    root = archive.xml("xl/styles.xml")
    if root is None:
        return {}
    formats = dict(_PERCENT_FORMATS)
    for each in root.iter(_S + "numFmt"):
        code = _QUOTED.sub("", each.get("formatCode", ""))
        if match := _DECIMALS.search(code):
            formats[number(each.get("numFmtId"))] = len(match[1] or "")
    cells = root.find(_S + "cellXfs")
    ids = [] if cells is None else [number(each.get("numFmtId")) for each in cells.findall(_S + "xf")]
    return {at: formats[format_id] for at, format_id in enumerate(ids) if format_id in formats}


def _scan(xml: bytes, styles: dict[int, int]) -> dict[tuple[int, int], int]:
    found: dict[tuple[int, int], int] = {}
    bottom = right = 0
    for cell in _CELL.finditer(xml):
        reference = _REFERENCE.search(cell[1])
        if reference is None:
            continue
        row, column = int(reference[2]), _column(reference[1])
        bottom, right = max(bottom, row), max(right, column)
        if styles and (style := _STYLE.search(cell[1])) and int(style[1]) in styles:
            found[row - 1, column - 1] = styles[int(style[1])]
    if bottom * right > MAX_CELLS:
        raise Unreadable("工作表太大", "请删去远处的空行空列，或拆成几个文件。", code="file_too_large")
    return found


def _column(letters: bytes) -> int:
    number_ = 0
    for letter in letters:
        number_ = 26 * number_ + letter - 64
    return number_


def _delimiter(text: str) -> str:
    """The sign that parts the first lines into the most even columns."""
    lines = [line for line in text[:20_000].splitlines()[:20] if line.strip()]
    counts = {sign: [line.count(sign) for line in lines] for sign in _DELIMITERS}
    return max(_DELIMITERS, key=lambda sign: (min(counts[sign], default=0), sum(counts[sign])))
