"""Where a quotation stands in its file: boxes on its pages, or words such as 表2第3行. Knows nothing of HTTP."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from qa.reading.regions import Runs, unpacked
from qa.types import Document, Region


def regions_at(document: Document, start: int, end: int) -> tuple[Region, ...]:
    """A box for each line of the file's pages on which characters of [start, end) stand; () where it has no pages."""
    runs = unpacked(document.regions)
    return tuple(runs.region(at) for at in _runs(runs, document, start, end)) if runs.boxes else ()


def where_at(document: Document, start: int, end: int) -> str | None:
    """Where [start, end) stands, in words, such as 第12段 or 脚注1; None where the file has pages or says nothing."""
    runs = unpacked(document.regions)
    if not runs.words:
        return None
    told = list(dict.fromkeys(runs.words[runs.sheets[at]] for at in _runs(runs, document, start, end)))
    if len(told) > 2:
        told = [f"{told[0]}至{told[-1]}"]
    return "、".join(told) or None


def _runs(runs: Runs, document: Document, start: int, end: int) -> Iterator[int]:
    """Which runs of the source hold characters of [start, end)."""
    spans = document.spans
    first = max(0, bisect_right([span.start for span in spans], start) - 1)
    last = -1
    for span in spans[first:]:
        if span.start >= end:
            break
        shift = span.origin - span.start
        for at in runs.within(max(start, span.start) + shift, min(end, span.end) + shift):
            if at > last:  # two spans of one line
                yield at
                last = at
