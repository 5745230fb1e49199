"""JSON Lines: one record a line, each a work of its own with what the record says of it (id, title, date, place)."""

from __future__ import annotations

import json
from dataclasses import replace

from qa.errors import Unreadable
from qa.reading.encodings import decode
from qa.reading.formats.gathering import Lines, date_told, one_line
from qa.types import Metadata, Part, Source

# What people call the same thing; the first that a record has counts.
_FIELDS = {
    "external_id": ("id", "_id", "docid", "doc_id", "document_id", "编号"),
    "title": ("title", "标题", "题目", "name", "headline"),
    "text": ("text", "content", "正文", "内容", "body", "contents", "article"),
    "published": (
        "published",
        "date",
        "发布日期",
        "发布时间",
        "日期",
        "pubdate",
        "published_at",
        "publish_time",
        "time",
    ),
    "place": ("place", "地区", "地点", "region", "area"),
    "publisher": ("publisher", "source", "来源", "发布单位", "发布机构", "media", "site"),
    "author": ("author", "作者", "记者", "authors", "by"),
}
HINT = '每行应是一条 JSON 记录，例如 {"id": "1", "title": "标题", "text": "正文"}。'
NAMED_LINES = 5


def read(data: bytes, name: str, source_id: str) -> Source:
    """A source from the bytes of a .jsonl file, one part a record. Raises Unreadable when no line is a record."""
    decoded = decode(data)
    lines = Lines()
    wrong: list[int] = []
    # split at line feeds only: JSON text may hold the other line separators
    for at, line in enumerate(decoded.text.split("\n"), 1):
        if not line.strip():
            continue
        record = _record(line)
        if record is None or not record.get("text"):
            wrong.append(at)
        else:
            _add(lines, record)
    if not lines.parts:
        raise Unreadable("文件里没有可读的记录", HINT)
    if wrong:
        named = "、".join(map(str, wrong[:NAMED_LINES])) + ("……" if len(wrong) > NAMED_LINES else "")
        lines.doubts.append(f"有 {len(wrong)} 行不是完整的记录，没有读：第 {named} 行。")
    source = lines.source(data, name, source_id)
    return replace(
        source, encoding=decoded.encoding, encoding_unsure=decoded.unsure, doubts=(*decoded.doubts, *source.doubts)
    )


def _record(line: str) -> dict[str, str] | None:
    """The fields of a record that are known, as text; None when the line is no record."""
    try:
        given = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(given, dict):
        return None
    folded = {key.strip().lower(): value for key, value in given.items()}
    found = {}
    for field, names in _FIELDS.items():
        value = next((text for each in names if (text := _text(folded.get(each)))), "")
        found[field] = value
    return found


def _text(value: object) -> str:
    if isinstance(value, str):
        # a lone surrogate is no character and cannot be kept
        return value.encode("utf-8", "replace").decode("utf-8").strip("\ufeff")
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, list) and value and all(isinstance(each, str) for each in value):
        return "、".join(value)
    return ""


def _add(lines: Lines, record: dict[str, str]) -> None:
    title = one_line(record["title"]).strip()
    first = lines.add(title, 1) if title else None
    start = lines.add(record["text"])
    told = Metadata(
        title=title or None,
        author=one_line(record["author"]) or None,
        published=date_told(record["published"]),
        publisher=one_line(record["publisher"]) or None,
        external_id=record["external_id"] or None,
        place=one_line(record["place"]) or None,
    )
    lines.parts.append(Part(start if first is None else first, lines.length, told))
