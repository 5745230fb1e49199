"""Nouns to the registry's rows and back. Lists of small nouns are JSON arrays of their fields, in order."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import asdict, astuple, dataclass, replace
from typing import Any

from qa.types import Described, Document, FileResult, Job, Page, Passage, Section, Span

# Columns of `documents` that are fields of Document under the same name and are stored as they are.
_PLAIN = (
    "id", "source_id", "part", "title", "place", "level", "kind", "organisation", "published", "period", "publisher",
    "author", "page_kind", "external_id", "compilation", "url", "passages",
)  # fmt: skip
_ADDED = ("file", "origin", "ingested")  # by the view `live`
LIGHT = ", ".join((*_PLAIN, "title_inferred", "page", "characters", "seq", "files", *_ADDED))
WHOLE = f"{LIGHT}, sections, pages, spans, described, text"


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A file that the library has read:

    `path` within its origin, `size` in bytes, `mtime_ns` in nanoseconds, `reader` which read it.
    """

    path: str
    source_id: str
    size: int
    mtime_ns: int
    reader: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file of the folder that could not be read, and why; `reader` and what else read it as it was then."""

    size: int
    mtime_ns: int
    reader: str
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document without its text, sections, pages and spans, and how many characters its text has."""

    document: Document
    characters: int


def packed(nouns: Iterable[Any]) -> str:
    """Dataclasses as a JSON array of arrays."""
    return json.dumps([astuple(noun) for noun in nouns], ensure_ascii=False, separators=(",", ":"))


def document_values(document: Document, passages: int) -> dict[str, object]:
    """Column to value, for an insert into `documents`."""
    plain = {name: getattr(document, name) for name in _PLAIN}
    return plain | {
        "title_inferred": int(document.title_inferred),
        "page": None if document.page is None else json.dumps(document.page, ensure_ascii=False),
        "passages": passages,
        "characters": len(document.text),
        "sections": packed(document.sections),
        "pages": packed(document.pages),
        "spans": packed(document.spans),
        "described": packed(document.described),
        "text": document.text,
    }


def light_document(row: sqlite3.Row) -> Document:
    """A document from a row of LIGHT, its text left empty."""
    return _document(row, "", (), (), ())


def paged_document(row: sqlite3.Row) -> Document:
    """A document from a row of LIGHT and pages, its text left empty."""
    return replace(light_document(row), pages=_pages(row))


def whole_document(row: sqlite3.Row) -> Document:
    """A document from a row of WHOLE."""
    whole = _document(
        row,
        row["text"],
        tuple(Span(*fields) for fields in json.loads(row["spans"])),
        tuple(Section(*fields) for fields in json.loads(row["sections"])),
        _pages(row),
    )
    return replace(whole, described=tuple(Described(*fields) for fields in json.loads(row["described"])))


def _pages(row: sqlite3.Row) -> tuple[Page, ...]:
    return tuple(Page(*fields) for fields in json.loads(row["pages"]))


def _document(
    row: sqlite3.Row, text: str, spans: tuple[Span, ...], sections: tuple[Section, ...], pages: tuple[Page, ...]
) -> Document:
    return Document(
        **{name: row[name] for name in (*_PLAIN, *_ADDED)},
        text=text,
        spans=spans,
        sections=sections,
        pages=pages,
        title_inferred=bool(row["title_inferred"]),
        page=None if row["page"] is None else json.loads(row["page"]),
        sources=tuple(json.loads(row["files"])),
    )


PASSAGE = 'id, document_id, ordinal, heading, start, "end", text, context'


def passage_values(passage: Passage) -> tuple[object, ...]:
    """Values for PASSAGE."""
    heading = json.dumps(passage.heading, ensure_ascii=False)
    return (
        passage.id, passage.document_id, passage.ordinal, heading, passage.start, passage.end, passage.text,
        passage.context,
    )  # fmt: skip


def passage_of(row: sqlite3.Row) -> Passage:
    """A passage from a row of PASSAGE."""
    return Passage(
        row["id"], row["document_id"], row["ordinal"], tuple(json.loads(row["heading"])), row["start"], row["end"],
        row["text"], row["context"],
    )  # fmt: skip


def refusals_body(refusals: Mapping[str, Refusal]) -> str:
    """Refusals by path as JSON."""
    return json.dumps({path: astuple(one) for path, one in refusals.items()}, ensure_ascii=False)


def refusals_of(body: str) -> dict[str, Refusal]:
    """The refusals that `refusals_body` wrote."""
    return {path: Refusal(*fields) for path, fields in json.loads(body).items()}


def job_body(job: Job) -> str:
    """A job as JSON."""
    return json.dumps(asdict(job), ensure_ascii=False)


def job_of(body: str) -> Job:
    """The job that `job_body` wrote."""
    fields = json.loads(body)
    results = tuple(
        FileResult(**{**one, **{name: tuple(value) for name, value in one.items() if isinstance(value, list)}})
        for one in fields.pop("results")
    )
    return Job(**fields, results=results)
