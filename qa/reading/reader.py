"""The steps of reading in order: bytes → source → clean lines → works → described documents."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from functools import cache
from pathlib import Path

from qa.errors import Unreadable
from qa.reading.cleaning import clean
from qa.reading.compilation import split
from qa.reading.describing import describe
from qa.reading.formats.opening import read
from qa.types import Document, Dropped, Heading, Metadata, Reading, Source

# What decides besides qa/reading what a document and its passages are.
_READ_TOO = ("places.py", "numbers.py", "text.py", "indexing/chunking.py")


def read_works(data: bytes, name: str) -> Reading:
    """The works in a file's bytes. Raises Unreadable."""
    return _reading(read(data, name))


def read_text(
    text: str,
    external_id: str | None = None,
    title: str | None = None,
    published: str | None = None,
    place: str | None = None,
    publisher: str | None = None,
) -> Reading:
    """The one work that another program hands over as text; what it says of the work is believed. Raises Unreadable."""
    told = json.dumps([external_id, title, text, published, place, publisher], ensure_ascii=False)
    identity = hashlib.sha256(told.encode()).hexdigest()
    source = Source(identity, external_id or title or identity[:16], len(text.encode()), "utf-8", False, text)
    reading = _reading(source, whole=True)
    told_of_it = Metadata(title, None, published, publisher, external_id, place)
    return replace(reading, documents=(_told(reading.documents[0], told_of_it),))


def _reading(source: Source, whole: bool = False) -> Reading:
    documents, dropped = _records(source) if source.parts else _works(source, whole)
    if not any(document.text.strip() for document in documents):
        raise Unreadable("文件里没有正文", "去掉导航、声明等之后什么也不剩，请确认选对了文件。", code="empty_file")
    return Reading(source, tuple(documents), tuple(sorted(dropped, key=lambda d: d.start)), reader_version())


def _records(source: Source) -> tuple[list[Document], list[Dropped]]:
    """The works that a file keeps apart itself. Each is read alone: its closing lines must not take in the next one."""
    documents: list[Document] = []
    dropped: list[Dropped] = []
    headings = {heading.start: heading for heading in source.headings}
    for ordinal, part in enumerate(source.parts, 1):
        title = headings.get(part.start)
        alone = replace(
            source,
            text=source.text[part.start : part.end],
            headings=(Heading(0, title.end - title.start, title.depth),) if title else (),
            parts=(),
            metadata=part.metadata,
        )
        works, left_out = _works(alone, whole=True, first=ordinal)
        for work in works:
            spans = tuple(replace(span, origin=span.origin + part.start) for span in work.spans)
            documents.append(_told(replace(work, spans=spans), part.metadata))
        dropped.extend(Dropped(d.start + part.start, d.end + part.start, d.reason) for d in left_out)
    return [document for document in documents if document.text.strip()], dropped


def _works(source: Source, whole: bool, first: int = 1) -> tuple[list[Document], list[Dropped]]:
    cleaned = clean(source)
    parts = split(cleaned, whole)
    documents: list[Document] = []
    dropped: list[Dropped] = [*cleaned.dropped, *parts.dropped]
    for part, work in enumerate(parts.works, first):
        document, title_lines = describe(work, part, cleaned)
        documents.append(replace(document, file=source.name))
        dropped.extend(title_lines)
    return documents, dropped


@cache
def reader_version() -> str:
    """Names the code and data that read: bytes read by another version are read again."""
    here = Path(__file__).resolve().parent
    files = [*here.rglob("*.py"), *(here.parent / "data").glob("*"), *(here.parent / name for name in _READ_TOO)]
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _told(document: Document, told: Metadata) -> Document:
    """The document with what another program says of it: that is believed."""
    return replace(
        document,
        external_id=told.external_id,
        title=told.title or document.title,
        title_inferred=document.title_inferred and not told.title,
        published=told.published or document.published,
        place=told.place or document.place,
        publisher=told.publisher or document.publisher,
        author=told.author or document.author,
    )
