"""`docs/quality.md`: the figures as they were, a dated row for each time they were recorded, one table for each set."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

FILE = Path(__file__).resolve().parent.parent / "docs" / "quality.md"
INTRODUCTION = """# 质量记录

`make eval ARGS=--record` 在表末添一行；`make eval` 把新的结果与最后一行并列。
指标的定义见 `benchmarks/score.py`。时间单位为毫秒，其余除个数外为比例。
"""
KEPT = {
    "documents": ("found", "starts", "ends", "place", "level", "page", "listed"),
    "search": ("recall@1", "recall@5", "recall@10", "mrr@10", "p50", "p95"),
    "questions": (
        "answered_right", "grounded", "cited_right", "first_citation_right", "right_and_cited", "span_errors",
        "refused_when_unanswerable", "refused_when_answerable", "p50", "p95",
    ),
    "citations": (
        "accuracy", "macro_f1", "false_supported", "source_found", "difference_named", "span_errors", "p50", "p95",
    ),
}  # fmt: skip

Row = dict[str, str]


def kept(what: str, figures: Mapping[str, object]) -> Row:
    """The figures that the record keeps, as they are written there."""
    latency = figures.get("latency_ms")
    flat = {**figures, **(latency if isinstance(latency, dict) else {})}
    return {name: "—" if flat.get(name) is None else str(flat[name]) for name in KEPT[what]}


def last(name: str, what: str, file: Path = FILE) -> Row:
    """The last recorded row of a set, or nothing."""
    return next(iter(reversed(_rows(_section(file, name, what)))), {})


def append(name: str, what: str, figures: Row, file: Path = FILE) -> None:
    """Add today's row at the end of the set's table; begin the file or the table where there is none."""
    text = file.read_text("utf-8") if file.exists() else INTRODUCTION
    row = {"date": datetime.now(UTC).date().isoformat(), "commit": _commit(), **figures}
    line = "| " + " | ".join(row.values()) + " |\n"
    table = _table(text, name, what)
    if table is None:
        head = "| " + " | ".join(row) + " |\n" + "| --- " * len(row) + "|\n"
        text = f"{text.rstrip()}\n\n{_heading(name, what)}\n\n{head}{line}"
    else:
        text = text[: table.end()] + line + text[table.end() :]
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, "utf-8")


def put(heading: str, lines: list[str], file: Path = FILE) -> None:
    """Set a section's lines, in place of what it held: for what is looked at as it is now, not over time."""
    text = file.read_text("utf-8") if file.exists() else INTRODUCTION
    section = f"## {heading}\n\n" + "\n".join(lines) + "\n"
    before, found, after = text.partition(f"## {heading}\n")
    following = after.find("\n## ")
    rest = after[following:] if found and following >= 0 else ""
    file.write_text(f"{before.rstrip()}\n\n{section}{rest}", "utf-8")


def _heading(name: str, what: str) -> str:
    return f"## {name} · {what}"


def _table(text: str, name: str, what: str) -> re.Match[str] | None:
    return re.search(re.escape(_heading(name, what)) + r"\n\n((?:\|.*\|\n)+)", text)


def _section(file: Path, name: str, what: str) -> str:
    found = _table(file.read_text("utf-8"), name, what) if file.exists() else None
    return found[1] if found else ""


def _rows(table: str) -> list[Row]:
    lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()]
    return [dict(zip(lines[0], cells, strict=True)) for cells in lines[2:]]


def _commit() -> str:
    asked = ["git", "-C", str(FILE.parent.parent), "rev-parse", "--short", "HEAD"]
    reply = subprocess.run(asked, capture_output=True, text=True)
    return reply.stdout.strip() or "—"
