"""Looks through the registry for anything that is not as it must be: every finding is a Chinese sentence."""

from __future__ import annotations

from collections.abc import Iterator

from qa.indexing.registry import Registry
from qa.types import Document, Passage


def findings(registry: Registry) -> Iterator[str]:
    """The file is whole, references hold, every text stands where it says it does."""
    yield from _file(registry)
    for row in registry.all("SELECT id FROM live ORDER BY seq, part"):
        document = registry.document(row["id"])
        yield from _spans(document, registry.source(document.source_id).text)
        yield from _passages(document, registry.passages_of(document.id))


def _file(registry: Registry) -> Iterator[str]:
    for row in registry.all("PRAGMA integrity_check"):
        if row[0] != "ok":
            yield f"资料库文件损坏：{row[0]}"
    for row in registry.all("PRAGMA foreign_key_check"):
        yield f"资料库中表 {row[0]} 的第 {row[1]} 行没有对应的上级记录"


def _spans(document: Document, source: str) -> Iterator[str]:
    at = 0
    for span in document.spans:
        if (
            span.start != at
            or document.text[span.start : span.end] != source[span.origin : span.origin + span.end - span.start]
        ):
            yield f"《{document.title}》第 {span.start} 到 {span.end} 字与来源不一致"
        at = span.end
    if document.spans and at != len(document.text):
        yield f"《{document.title}》第 {at} 字以后没有来源"


def _passages(document: Document, passages: list[Passage]) -> Iterator[str]:
    for passage in passages:
        if document.text[passage.start : passage.end] != passage.text:
            yield f"《{document.title}》的段落 {passage.id} 与正文不一致"
    if len(passages) != document.passages:
        yield f"《{document.title}》应有 {document.passages} 个段落，实有 {len(passages)} 个"
