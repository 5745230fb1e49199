"""A description and the words that say it: where in the source they stand.

Knows nothing of what is described.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa.reading.cleaning import Line
from qa.types import Described, DescribedFrom, Document, Span

# What a user reads of fields and origins.
FIELDS = {
    "title": "标题",
    "place": "地区",
    "level": "级别",
    "kind": "文种",
    "organisation": "单位",
    "published": "发布日期",
    "period": "所述时间",
    "publisher": "来源",
    "author": "作者",
}
ORIGINS: dict[DescribedFrom, str] = {
    "text": "正文",
    "byline": "署名行",
    "title": "标题",
    "contents": "目录",
    "cover": "封面",
    "page_metadata": "网页信息",
    "file_properties": "文件属性",
    "record": "记录",
    "file_name": "文件名",
    "settings": "文件夹的设置",
    "told": "加入时的说明",
}


@dataclass(frozen=True, slots=True)
class Found:
    """A description, where from, and its words; the span counts into `Source.text`, None where they stand outside."""

    value: str
    origin: DescribedFrom
    words: str = ""
    start: int | None = None
    end: int | None = None

    def of(self, field: str) -> Described:
        return Described(field, self.origin, self.words, self.start, self.end)


def in_line(value: str, line: Line, start: int, end: int, origin: DescribedFrom = "byline") -> Found:
    """What line.text[start:end] says."""
    at = _source_offset([(b - a, a) for a, b in line.runs], start)
    until = _source_offset([(b - a, a) for a, b in line.runs], end - 1) + 1
    return Found(value, origin, line.text[start:end], at, until)


def in_title(value: str, title: Found, start: int, end: int) -> Found:
    """What title.value[start:end] says. Where it stands is known when the title stands in one piece in the source."""
    origin: DescribedFrom = "title" if title.origin in ("text", "contents", "settings") else title.origin
    words = title.value[start:end]
    if title.start is None or title.end is None or title.end - title.start != len(title.value):
        return Found(value, origin, words)
    return Found(value, origin, words, title.start + start, title.start + end)


def in_body(value: str, text: str, spans: Sequence[Span], start: int, end: int) -> Found:
    """What text[start:end] of a document says."""
    runs = [(span.end - span.start, span.origin) for span in spans]
    return Found(value, "text", text[start:end], _source_offset(runs, start), _source_offset(runs, end - 1) + 1)


def _source_offset(runs: Sequence[tuple[int, int]], at: int) -> int:
    """Where the character at an offset into some runs, (length, origin) each, stands in the source."""
    for length, origin in runs:
        if at < length:
            return origin + at
        at -= length
    raise IndexError(at)


def kept_span(document: Document, one: Described) -> tuple[int, int] | None:
    """Where in a document's text the words of a description stand; None where it does not hold them."""
    if one.start is None or one.end is None or one.start >= one.end:
        return None
    ends = [
        span.start + at - span.origin
        for at in (one.start, one.end - 1)
        for span in document.spans
        if span.origin <= at < span.origin + span.end - span.start
    ]
    return (ends[0], ends[1] + 1) if len(ends) == 2 else None
