"""The numbers of a table's rows: `地区：柳溪县；图书室（家）：41。` as our readers write them, or cells joined by tabs.

A column's name says what is counted, its brackets (or the table's 单位：万元) in what; the row's first words of what.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from qa.numbers import SCALE
from qa.reading.metrics import base_unit
from qa.reading.standing import Standing
from qa.types import Document, Figure

_CELL = re.compile(r"(?P<name>[^：；。\n]{1,40})：(?P<value>[^；\n]{0,60}?)(?:；|。?$)")
_NUMBER = re.compile(
    r"\s*(?P<about>约|近|超|超过)?(?P<number>[-−]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)\s*(?P<scale>万亿|万|亿)?(?P<more>[余多])?"
    r"(?P<unit>[%％‰]|[\u4e00-\u9fff/]{0,4})\s*"
)
_UNIT = re.compile(r"[（(【\[](?:单位[:：])?(?P<unit>[^）)】\]]{1,8})[）)】\]]")
_CAPTION_UNIT = re.compile(r"单位[:：]\s*(?P<unit>[^\s）)，；。]{1,6})")
_YEAR = re.compile(r"(?P<year>(?:19|20)\d\d)年?(?:度|末|底)?")
_PLACES = re.compile(r"地区|地市|省份|市州|市县|县区|区县|区域|城市|行政区|^[省市县区州]$|县（市、区）")
_NO_MEASURE = re.compile(r"序号|编号|电话|邮编|日期|时间|年份|年度|代码|文号|页码|备注|联系|号码|身份证|地址|排名|名次")
_SUBJECT_CHARS = 20


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a row with its column's name."""

    name: str
    value: str
    at: int  # where the value begins, in the text


def table_figures(document: Document, plain: str, standing: Standing) -> tuple[list[Figure], list[tuple[int, int]]]:
    """The figures of a Simplified text's table rows, and the spans of those rows."""
    found: list[Figure] = []
    spans: list[tuple[int, int]] = []
    unit, names = "", list[str]()
    at = 0
    for line in plain.split("\n"):
        cells, names = cells_of(line, at, names)
        if len(cells) > 1 and any(number_of(cell) for cell in cells):
            found += _of_row(document, plain, (at, at + len(line)), cells, unit, standing)
            spans.append((at, at + len(line)))
        elif caption := _CAPTION_UNIT.search(line):
            unit = caption["unit"]
        elif len(line) > _SUBJECT_CHARS * 3:
            unit = ""
        at += len(line) + 1
    return found, spans


def cells_of(line: str, start: int, names: list[str]) -> tuple[list[Cell], list[str]]:
    """A row's cells, and the names of the columns for the rows that follow where cells are joined by tabs."""
    if "\t" in line:
        parts = [(m.group().strip(), start + m.start()) for m in re.finditer(r"[^\t]+", line)]
        if not names or len(parts) != len(names) or not any(_NUMBER.fullmatch(text) for text, _ in parts):
            return [], [text for text, _ in parts]
        return [Cell(name, text, at) for name, (text, at) in zip(names, parts, strict=True)], names
    if line.count("：") < 2:
        return [], []
    matches = list(_CELL.finditer(line.strip()))
    if len(matches) < 2 or sum(len(m.group()) for m in matches) < 0.9 * len(line.strip()):
        return [], []
    indent = start + len(line) - len(line.lstrip())
    return [Cell(m["name"].strip(), m["value"], indent + m.start("value")) for m in matches], []


def number_of(cell: Cell) -> re.Match[str] | None:
    """The number that a cell holds and measures something by; None for words, years, codes."""
    return None if _NO_MEASURE.search(cell.name) else _NUMBER.fullmatch(cell.value)


def _of_row(
    document: Document, plain: str, span: tuple[int, int], cells: list[Cell], unit: str, standing: Standing
) -> Iterator[Figure]:
    where = standing.at("", span[0], 0, ())
    subject = ""
    for cell in cells:
        if (year := _YEAR.fullmatch(cell.value.strip())) and re.search("年", cell.name + cell.value):
            where = replace(where, year=int(year["year"]))
        elif _NUMBER.fullmatch(cell.value) or _NO_MEASURE.search(cell.name):
            continue
        elif (_PLACES.search(cell.name) or not subject) and (place := standing.place_of(cell.value.strip())):
            where = replace(where, place=place)
        elif not subject and len(cell.value.strip()) <= _SUBJECT_CHARS:
            subject = cell.value.strip()
    for cell in cells:
        number = number_of(cell)
        if number is None or (not number["unit"] and _YEAR.fullmatch(cell.value.strip()) and "年" in cell.name):
            continue
        yield from _figure(document, plain, span, cell, number, unit, subject, where.place, where.year)


def _figure(
    document: Document, plain: str, span: tuple[int, int], cell: Cell, number: re.Match[str], default: str,
    subject: str, place: str | None, year: int | None,
) -> Iterator[Figure]:  # fmt: skip
    name = _UNIT.sub("", cell.name).strip()
    named = _UNIT.search(cell.name)
    scale = number["scale"] or ""
    unit = scale + number["unit"].replace("％", "%") or (named["unit"] if named else default)
    if of_year := _YEAR.fullmatch(name):
        name, year = "", int(of_year["year"])
    metric = f"{subject}{name}" if name not in ("数量", "数值", "金额", "指标值", "合计") or not subject else subject
    if not metric:
        return
    value = float(number["number"].replace(",", "").replace("−", "-"))
    said = re.match(r"万亿|[万亿]", unit)
    bare = unit[said.end() :] if said else unit
    factor = (SCALE[said.group()] if said else 1.0) * base_unit(bare)[0]
    start, end = cell.at + number.start("number"), cell.at + number.end()
    yield Figure(
        document.id, metric, value, unit, value * factor, number["about"] or number["more"] or "", place, year,
        span[0], span[1], start, plain[start:end].rstrip(),
    )  # fmt: skip
