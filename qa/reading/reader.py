"""The steps of reading in order: bytes → source → clean lines → works → described documents."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from functools import cache
from pathlib import Path

from qa.errors import Unreadable
from qa.reading.cleaning import clean
from qa.reading.compilation import Split, split
from qa.reading.describing import describe
from qa.reading.formats.opening import read
from qa.types import Described, DescribedFrom, Document, Dropped, Heading, Metadata, Reading, Source, SplitPlan

# Fields that are believed when something outside the text says them.
_TOLD = ("title", "published", "place", "publisher", "author")
# What decides besides qa/reading what a document and its passages are.
_READ_TOO = ("places.py", "periods.py", "numbers.py", "text.py", "indexing/chunking.py")


def read_works(data: bytes, name: str, plan: SplitPlan = "auto") -> Reading:
    """The works in a file's bytes, in this process (`sandbox` does it in another). Raises Unreadable."""
    return _reading(read(data, name), plan)


def read_text(
    text: str,
    external_id: str | None = None,
    title: str | None = None,
    published: str | None = None,
    place: str | None = None,
    publisher: str | None = None,
) -> Reading:
    """The one work that another program hands over as text; what it says of the work is believed. Raises Unreadable."""
    identity = text_id(text, external_id, title, published, place, publisher)
    source = Source(identity, external_id or title or identity[:16], len(text.encode()), "utf-8", False, text)
    reading = _reading(source, "never")
    told_of_it = Metadata(title, None, published, publisher, external_id, place)
    return replace(reading, documents=(_told(reading.documents[0], told_of_it, "told"),), reader=reader_version())


def text_id(
    text: str,
    external_id: str | None,
    title: str | None,
    published: str | None,
    place: str | None,
    publisher: str | None,
) -> str:
    """The id of a source that came as text: a hash of it and of what was said of it."""
    told = json.dumps([external_id, title, text, published, place, publisher], ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()


def _reading(source: Source, plan: SplitPlan) -> Reading:
    documents, dropped, parts = _records(source) if source.parts else _works(source, plan)
    if not any(document.text.strip() for document in documents):
        raise Unreadable("文件里没有正文", "去掉导航、声明等之后什么也不剩，请确认选对了文件。", code="empty_file")
    source = replace(source, doubts=(*source.doubts, *parts.doubts))
    in_order = tuple(sorted(dropped, key=lambda d: d.start))
    return Reading(source, tuple(documents), in_order, reader_version(plan), parts.sureness)


def _records(source: Source) -> tuple[list[Document], list[Dropped], Split]:
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
        works, left_out, _ = _works(alone, "never", first=ordinal)
        for work in works:
            spans = tuple(replace(span, origin=span.origin + part.start) for span in work.spans)
            described = tuple(_moved(one, part.start) for one in work.described)
            documents.append(_told(replace(work, spans=spans, described=described), part.metadata, "record"))
        dropped.extend(Dropped(d.start + part.start, d.end + part.start, d.reason) for d in left_out)
    return [document for document in documents if document.text.strip()], dropped, Split(())


def _works(source: Source, plan: SplitPlan, first: int = 1) -> tuple[list[Document], list[Dropped], Split]:
    cleaned = clean(source)
    parts = split(cleaned, plan)
    documents: list[Document] = []
    dropped: list[Dropped] = [*cleaned.dropped, *parts.dropped]
    for part, work in enumerate(parts.works, first):
        document, title_lines = describe(work, part, cleaned, told_to_split=not isinstance(plan, str))
        compilation = work.cover if work.cover or len(parts.works) > 1 else None
        documents.append(replace(document, file=source.name, compilation=compilation, url=cleaned.source.metadata.url))
        dropped.extend(title_lines)
    return documents, dropped, parts


@cache
def reader_version(plan: SplitPlan = "auto") -> str:
    """Names the code and data that read, and how it was told to split: bytes that another one read are read again."""
    if plan != "auto":
        return f"{reader_version()}+{hashlib.sha256(json.dumps(plan).encode()).hexdigest()[:8]}"
    here = Path(__file__).resolve().parent
    files = [*here.rglob("*.py"), *(here.parent / "data").glob("*"), *(here.parent / name for name in _READ_TOO)]
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _moved(found: Described, by: int) -> Described:
    if found.start is None or found.end is None:
        return found
    return replace(found, start=found.start + by, end=found.end + by)


def _told(document: Document, told: Metadata, origin: DescribedFrom) -> Document:
    """The document with what is said of it from outside: that is believed."""
    said = {field: value for field in _TOLD if (value := getattr(told, field))}
    kept = tuple(one for one in document.described if one.field not in said)
    described = kept + tuple(Described(field, origin, value) for field, value in said.items())
    return replace(
        document,
        external_id=told.external_id,
        title=told.title or document.title,
        title_inferred=document.title_inferred and not told.title,
        published=told.published or document.published,
        place=told.place or document.place,
        publisher=told.publisher or document.publisher,
        author=told.author or document.author,
        described=described,
    )
