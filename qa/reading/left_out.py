"""What a document leaves out of its source, with where it stood and why: for people who want to check the reader."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from qa.types import Document, Dropped, Reading

# Why a run of the source is in no document.
REASONS = {
    "navigation": "导航",
    "boilerplate": "声明、分享等套话",
    "spam": "广告或链接堆",
    "mojibake": "残码",
    "markup": "标记符号",
    "invisible": "不可见字符",
    "reading_aid": "注音",
    "page_furniture": "页眉、页脚、页码",
    "table_of_contents": "目录、封面",
    "hidden": "隐藏文字",
    "byline": "来源、作者、日期行",
    "title": "标题",
}


@dataclass(frozen=True, slots=True)
class LeftOut:
    """`start`: characters into `Document.text`, where it stood; `reason` a key of REASONS; `text` its own words."""

    start: int
    reason: str
    text: str


def left_out(
    document: Document, source_text: str, dropped: Iterable[Dropped], until: int | None = None
) -> list[LeftOut]:
    """What of the source belongs to no document and stood in this one, before it or behind it.

    `until`: where in the source the next document begins, None for the last one.
    """
    if not document.spans:
        return []
    origins = [span.origin for span in document.spans]
    first = 0 if document.part == 1 else origins[0]
    found = []
    for run in dropped:
        if run.start < first or (until is not None and run.start >= until):
            continue
        before = bisect_right(origins, run.start)
        start = document.spans[before - 1].end if before else 0
        found.append(LeftOut(start, run.reason, source_text[run.start : run.end]))
    return found


def left_outs(reading: Reading) -> list[list[LeftOut]]:
    """What each of a reading's documents leaves out."""
    documents = reading.documents
    begins = [document.spans[0].origin if document.spans else None for document in documents[1:]]
    return [
        left_out(document, reading.source.text, reading.dropped, until)
        for document, until in zip(documents, [*begins, None], strict=True)
    ]
