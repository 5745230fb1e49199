"""An answer, a check or a set of quotations as a text with footnotes and an appendix of excerpts, in Markdown or Word.

Quotations are taken from the library, never from who asks: what no longer stands there is said to have moved or gone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from qa.citing.footnotes import booked
from qa.citing.permalinks import Standing, permalink
from qa.citing.styles import Cited
from qa.types import Table

Format = Literal["md", "docx"]
STANDING: dict[Standing, str] = {
    "same": "",
    "moved": "资料更新过，这句话换了位置，已重新找到。",
    "changed": "资料更新过，这句话已经不在文中。",
    "gone": "这篇资料已不在资料库里。",
}
_MARKDOWN = re.compile(r"([\\`*_\[\]<>|#~])")
_AT_LINE_START = re.compile(r"^(\s*)([-+]|\d+[.)])(?=\s)")


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph: its text, the numbers of the quotations that bear it out, and what is remarked on it."""

    text: str
    notes: tuple[int, ...] = ()
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A quotation of the appendix. `cited` None: its document is gone, and `title` is all that is known of it."""

    number: int
    cited: Cited | None
    standing: Standing = "same"
    title: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What is exported. Every note of a line or of the table has its excerpt."""

    title: str
    lines: tuple[Line, ...]
    excerpts: tuple[Excerpt, ...]
    table: Table | None = None


def quotations(title: str, excerpts: Sequence[Excerpt]) -> Report:
    """A set of quotations as a report: each a paragraph with its footnote."""
    lines = [Line(f"“{one.cited.quote}”" if one.cited else one.title, (one.number,)) for one in excerpts]
    return Report(title, tuple(lines), tuple(excerpts))


def note(excerpt: Excerpt) -> str:
    """The footnote of a quotation: its reference, and what is missing or has changed."""
    if excerpt.cited is None:
        return f"{booked(excerpt.title or '无题')}。{STANDING[excerpt.standing]}"
    return " ".join(filter(None, (excerpt.cited.shown, STANDING[excerpt.standing])))


def where(excerpt: Excerpt) -> str:
    """The way back to the words, as a path of the service."""
    cited = excerpt.cited
    return permalink(cited.document.id, cited.start, cited.end, cited.quote) if cited else ""


def markdown(report: Report, address: str = "") -> str:
    """The report as Markdown; `address` is put before the paths of the service, such as http://127.0.0.1:8000."""
    parts = [f"# {_plain(report.title)}", *(_paragraph(line) for line in report.lines)]
    if report.table:
        parts.append("\n".join(_table(report.table)))
    parts.append("\n".join(f"[^{one.number}]: {_plain(note(one))}" for one in report.excerpts))
    if report.excerpts:
        parts += ["## 摘录", *("\n\n".join(_excerpt(one, address)) for one in report.excerpts)]
    return "\n\n".join(filter(None, parts)) + "\n"


def _plain(text: str) -> str:
    """Text that Markdown shows as it is, on one line."""
    line = " ".join(text.split())
    return _AT_LINE_START.sub(r"\1\\\2", _MARKDOWN.sub(r"\\\1", line))


def _paragraph(line: Line) -> str:
    marks = "".join(f"[^{number}]" for number in line.notes)
    remark = f" *（{_plain(line.remark)}）*" if line.remark else ""
    return f"{_plain(line.text)}{marks}{remark}"


def _table(table: Table) -> Iterator[str]:
    yield f"| {' | '.join(map(_plain, table.columns))} | 出处 |"
    yield "|" + " --- |" * (len(table.columns) + 1)
    for cells, notes in table.rows:
        yield f"| {' | '.join(map(_plain, cells))} | {''.join(f'[^{number}]' for number in notes)} |"


def _excerpt(excerpt: Excerpt, address: str) -> Iterator[str]:
    cited = excerpt.cited
    yield f"### {excerpt.number}. {_plain(booked(cited.document.title if cited else excerpt.title or '无题'))}"
    if cited and cited.quote:
        yield "\n".join(f"> {_plain(line)}" for line in cited.quote.splitlines() if line.strip())
        yield f"<{address}{where(excerpt)}>"
    if excerpt.standing != "same":
        yield STANDING[excerpt.standing]
