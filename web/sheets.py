"""Figures as a table file that spreadsheets open: UTF-8 with a mark at its front, no cell that a program would run."""

from __future__ import annotations

import csv
import io

from flask import Response, request

from qa.citing.pages import page_at
from qa.citing.permalinks import permalink
from qa.types import FiguresFound
from web.rendering import whole

COLUMNS = ("指标", "数值", "单位", "折合", "约数", "地区", "年份", "出处", "页码", "成文日期", "原句", "链接")
# A cell that begins so is a formula to Excel, LibreOffice and WPS.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
BOM = "\ufeff"


def wanted() -> bool:
    """Does the request rather have a table file than JSON?"""
    best = request.accept_mimetypes.best_match(("application/json", "text/csv"), default="application/json")
    return best == "text/csv"


def reply(found: FiguresFound) -> Response:
    """The rows as CSV (RFC 4180); `X-Total-Count` says how many there are in all."""
    file = io.StringIO(newline="")
    table = csv.writer(file)
    table.writerow(COLUMNS)
    for figure, cited in found.rows:
        document, page = cited.document, page_at(cited.document, cited.start)[0]
        numbers = (whole(figure.value), figure.unit, whole(figure.normalized))
        place = (figure.qualifier, figure.place or "", figure.year or "")
        source = (document.title, page or "", document.published or document.period or "", cited.quote)
        link = permalink(document.id, cited.start, cited.end, cited.quote)
        table.writerow([safe(cell) for cell in (figure.metric, *numbers, *place, *source, link)])
    headers = {"Content-Disposition": 'attachment; filename="figures.csv"', "X-Total-Count": str(found.total)}
    return Response(BOM + file.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)


def safe(cell: object) -> object:
    """A cell that a spreadsheet shows and does not run: text that begins like a formula gets an apostrophe."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
