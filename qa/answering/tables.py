"""Figures laid out as a table, the conclusion in one line before it, each row with its quotation.

Nothing is added up in silence: a sum or a difference says that it was computed, and of what. What no document states is
said to be missing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from qa.answering.comparing import Wanted
from qa.answering.composing import Composed, Quoted, quote
from qa.answering.leads import Lead
from qa.answering.selecting import Pick, clause_spans
from qa.indexing.figures import unit_class
from qa.places import short_name
from qa.types import Citation, Document, Figure, Hit, Table

COLUMNS = ("地区", "指标", "数值", "单位", "年份")
MISSING = "资料没有写到"
QUOTE_CHARS = 64
_FIRST = {"place": "地区", "document": "来源", "year": "时间"}
TITLE_CHARS = 12
FEW = 3  # rows whose years are told in the conclusion


@dataclass(frozen=True, slots=True)
class Row:
    """One place's figure with its citation."""

    name: str
    path: str
    figure: Figure
    citation: Citation


@dataclass(frozen=True, slots=True)
class Tabled:
    """An answer as a table, and the places of which nothing is stated.

    `other_years` says in Chinese that all of it is of other years than the asked one, "" where it is of that year.
    """

    composed: Composed
    missing: tuple[str, ...]
    other_years: str = ""


def lay_out(asks: Wanted, rows: Sequence[Row], missing: tuple[str, ...], limit: int) -> Tabled:
    """Rows, already sorted, as an answer; at most `limit` of them."""
    shown, left_out = rows[:limit], max(0, len(rows) - limit)
    metric = Counter(row.figure.metric for row in shown).most_common(1)[0][0]
    quotations = tuple(quoted(row.figure, row.citation) for row in shown)
    scale = _scale(shown)
    cells = [(_cells(row, scale), (at,)) for at, row in enumerate(shown)]
    gaps = [((name, metric, MISSING, "", ""), ()) for name in missing]
    columns = (_FIRST[asks.apart_by], *COLUMNS[1:])
    lead = _conclusion(asks, shown, metric, left_out)
    if missing:
        lead += f"{MISSING}{'、'.join(missing)}的{metric}。"
    return Tabled(Composed(lead, quotations, Table(columns, (*cells, *gaps))), missing)


def _conclusion(asks: Wanted, rows: Sequence[Row], metric: str, left_out: int) -> str:
    """What the table says, in one line; which is most only where all are counted alike."""
    alike = len({unit_class(row.figure.unit) for row in rows}) == 1
    each = "；".join(f"{_short(row.name)}：{said(row.figure)}" for row in rows)
    told = f"{each}。"
    if asks.order and alike and len(rows) > 1:
        word = ("更" if len(asks.places) == 2 else "最") + ("多" if asks.order < 0 else "少")
        if unit_class(rows[0].figure.unit) == "%":
            word = word[0] + ("高" if asks.order < 0 else "低")
        tied = rows[0].figure.normalized == rows[1].figure.normalized
        told = each + "。" if tied else f"{short_name(rows[0].name)}{word}。{each}。"
    if not alike:
        told += "〔单位不同，不能直接相比〕"
    elif (
        asks.apart_by == "place"
        and len({row.figure.year for row in rows}) > 1
        and (asks.order or asks.total or asks.difference)
    ):
        years = "：" + "、".join(f"{short_name(r.name)}{_year(r)}" for r in rows) if len(rows) <= FEW else "，见表"
        told += f"〔年份不同{years}〕"
    if left_out:
        told += f"〔另有{left_out}地也写到，没有列出〕"
    return told + _computed(asks, rows, alike, left_out)


def _short(name: str) -> str:
    """A place by its short name, a document by the beginning of its title."""
    if len(name) <= TITLE_CHARS:
        return short_name(name)
    return f"《{name[: TITLE_CHARS - 1]}…》"


def dated(document: Document) -> str:
    """When a document was published, else the time that it speaks of; ISO 8601, "" where neither is known."""
    return document.published or document.period or ""


def _computed(asks: Wanted, rows: Sequence[Row], alike: bool, left_out: int) -> str:
    """A sum or a difference with its parts; "" where none is asked, or the parts do not add up."""
    percent = any(unit_class(row.figure.unit) in ("%", "‰", "个百分点") for row in rows)
    if not alike or len(rows) < 2 or left_out:
        return ""
    factor, unit = _scale(rows)
    parts = [f"{number(row.figure.normalized / factor)}{unit}" for row in rows]
    about = "约" if any(row.figure.qualifier for row in rows) else ""
    if asks.total and not percent:
        total = number(sum(row.figure.normalized for row in rows) / factor)
        return f"〔计算得出：{'＋'.join(parts)}＝{about}{total}{unit}〕"
    if asks.difference and len(rows) == 2:
        first, second = sorted(rows, key=lambda row: -row.figure.normalized)
        difference = number((first.figure.normalized - second.figure.normalized) / factor)
        apart_by = "个百分点" if percent else unit
        high, low = (f"{number(r.figure.normalized / factor)}{unit}" for r in (first, second))
        return f"〔计算得出：{high}－{low}＝{about}{difference}{apart_by}〕"
    return ""


def said(figure: Figure) -> str:
    """A figure as its document says it: 超过265万人, 3.6万余名."""
    before = (
        figure.qualifier
        if figure.qualifier in ("近", "约", "大约", "超", "超过", "突破", "不足", "接近", "将近")
        else ""
    )
    after = figure.qualifier if figure.qualifier in ("以上", "左右", "以内", "以下", "上下") else ""
    text = figure.text if figure.text[-1:] not in "0123456789" else f"{figure.text}{figure.unit}"
    return f"{before}{text}{after}"


def _cells(row: Row, scale: tuple[float, str]) -> tuple[str, ...]:
    figure, (factor, unit) = row.figure, scale
    if figure.unit == unit or not unit:
        value, unit = number(figure.value), figure.unit
    else:
        value = f"{number(figure.normalized / factor)}〔{said(figure)}〕"
    about = figure.qualifier if figure.qualifier != "原" and "〔" not in value else ""
    shown = f"{value}{about}" if about in ("余", "多", "以上", "左右") else f"{about}{value}"
    return row.name, figure.metric, shown, unit, _year(row)


def _scale(rows: Sequence[Row]) -> tuple[float, str]:
    """The factor and unit in which rows of one kind are shown: the smallest that one of them is written in.

    ("", 1) where they are of different kinds: then each keeps its own.
    """
    if len({unit_class(row.figure.unit) for row in rows}) > 1:
        return 1.0, ""
    smallest = min((row.figure for row in rows), key=lambda f: f.normalized / f.value if f.value else 1.0)
    return (smallest.normalized / smallest.value if smallest.value else 1.0), smallest.unit


def number(value: float) -> str:
    """At most six digits after the point, none that say nothing."""
    return f"{value:.6f}".rstrip("0").rstrip(".")


def _year(row: Row) -> str:
    return f"{row.figure.year}年" if row.figure.year else ""


def quoted(figure: Figure, citation: Citation) -> Quoted:
    """The clauses around a number, as many before it as are short together."""
    text, end_of_number = citation.document.text, figure.at + len(figure.text)
    clauses = clause_spans(text, citation.start, citation.end)
    end = next((b for _, b in clauses if b >= end_of_number), citation.end)
    start = next((a for a, b in clauses if a <= figure.at < b), citation.start)
    for a, _ in reversed([c for c in clauses if c[0] < start]):
        if end - a > QUOTE_CHARS:
            break
        start = a
    hit = Hit(citation.passage, citation.document, 1.0, {})
    lead = Lead(figure.text, figure.at, end_of_number)
    pick = Pick(hit, (citation.start, citation.end), start, end, 1.0, 1.0, 0.0, 1.0, 1.0, lead)
    return quote(pick, start, end)
