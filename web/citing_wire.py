"""Citing over HTTP, as types: the requests that come in and the JSON that leaves."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, Field, model_validator
from typing_extensions import TypedDict  # pydantic describes no other before Python 3.12

from qa.citing.desk import MAX_OCCURRENCES, Wanted
from qa.citing.exporting import Line
from qa.citing.styles import Style
from qa.types import Table
from web.shapes import NearJson, PageKindJson
from web.wire import Date, Id, Question, Request, Short

MAX_CITATIONS = 500
# Styles that are text for people: the footnotes of a report.
TextStyle = Literal["gbt7714", "gbt7714-author-year", "gbt7714-2015", "gbt7714-2015-author-year", "footnote"]
MissingJson = Literal["author", "title", "host", "container", "place", "publisher", "year", "page", "url", "accessed"]
StandingJson = Literal["same", "moved", "changed", "gone"]
Offset = Annotated[int, Field(ge=0, lt=2**31)]
Hash = Annotated[str, Field(pattern="^(?:[0-9a-f]{8})?$")]
Quote = Annotated[str, Field(max_length=20_000)]


class CitationQuery(BaseModel):
    """Read from the address. Without `start` and `end` the document is cited as a whole."""

    start: Offset | None = None
    end: Offset | None = None
    style: Style = "gbt7714"
    accessed: Date | None = None


class StandingQuery(BaseModel):
    start: Offset
    end: Offset
    hash: Hash = ""
    quote: Annotated[str, Field(max_length=2_000)] = ""

    def noun(self, document_id: str) -> Wanted:
        return Wanted(document_id, self.start, self.end, self.hash, self.quote)


class OccurrencesQuery(BaseModel):
    q: Question
    limit: int = Field(100, ge=1, le=MAX_OCCURRENCES)


class WantedIn(Request):
    """A quotation to be cited. `hash` or `quote` say which words stood there: a span alone is taken at its word."""

    document_id: Id
    start: Offset
    end: Offset
    hash: Hash = ""
    quote: Quote = ""
    title: Annotated[str, Field(max_length=500)] = ""
    accessed: Date | None = None

    def noun(self) -> Wanted:
        return Wanted(self.document_id, self.start, self.end, self.hash, self.quote, self.title, self.accessed)


class NumberedIn(WantedIn):
    number: int = Field(ge=1, le=9999)


class CitationsRequest(Request):
    citations: list[WantedIn] = Field(min_length=1, max_length=MAX_CITATIONS)
    style: Style = "gbt7714"
    format: Literal["json", "text", "md", "docx"] = "json"
    title: Short = ""


class SavedRequest(Request):
    citations: list[WantedIn] = Field(min_length=1, max_length=MAX_CITATIONS)


class LineIn(Request):
    """A paragraph of a report. `remark` is set behind it, in brackets."""

    text: Annotated[str, Field(max_length=20_000)]
    citations: list[int] = Field([], max_length=50)
    remark: Annotated[str, Field(max_length=2_000)] = ""

    def noun(self) -> Line:
        return Line(self.text, tuple(self.citations), self.remark)


class RowIn(Request):
    cells: list[Annotated[str, Field(max_length=2_000)]] = Field(max_length=50)
    citations: list[int] = Field([], max_length=50)


class TableIn(Request):
    columns: list[Short] = Field(max_length=50)
    rows: list[RowIn] = Field(max_length=1_000)

    def noun(self) -> Table:
        return Table(tuple(self.columns), tuple((tuple(row.cells), tuple(row.citations)) for row in self.rows))


class ReportRequest(Request):
    """An answer, a check or a chosen set of quotations to be written out."""

    title: Annotated[str, Field(max_length=2_000)]
    blocks: list[LineIn] = Field([], max_length=5_000)
    citations: list[NumberedIn] = Field([], max_length=MAX_CITATIONS)
    table: TableIn | None = None
    style: TextStyle = "footnote"
    format: Literal["md", "docx"] = "docx"

    @model_validator(mode="after")
    def _every_mark_has_its_citation(self) -> Self:
        known = {one.number for one in self.citations}
        if len(known) < len(self.citations):
            raise ValueError("citations 的编号不能重复")
        marks = [line.citations for line in self.blocks]
        marks += [row.citations for row in self.table.rows] if self.table else []
        if any(number not in known for numbers in marks for number in numbers):
            raise ValueError("blocks 或 table 里有 citations 没有的编号")
        return self


class DraftQuery(BaseModel):
    """How the footnotes of a checked draft are written."""

    style: TextStyle = "footnote"


class CitedJson(TypedDict):
    """`text` shows what is not known as missing; `missing` names it, `missing_called` in Chinese."""

    document_id: str
    start: int
    end: int
    style: Style
    text: str
    type: str
    missing: list[MissingJson]
    missing_called: list[str]
    page: int | str | None
    page_kind: PageKindJson | None
    url: str


class ExportedJson(CitedJson):
    """One of an export: with its words, so that it can be told later whether it still holds."""

    title: str
    quote: str
    standing: StandingJson


class CitationsJson(TypedDict):
    """`text` is the whole list in its style; what is gone is left out of it and has its `standing`."""

    style: Style
    text: str
    citations: list[ExportedJson]


class KeptJson(TypedDict):
    """Where a quotation stands now: `url` opens it, None where its words are nowhere in its document."""

    document_id: str
    standing: StandingJson
    told: str
    title: str
    url: str | None
    start: int | None
    end: int | None
    quote: str
    elsewhere: list[NearJson]


class SavedJson(TypedDict):
    citations: list[KeptJson]
    summary: dict[StandingJson, int]


class OccurrenceJson(TypedDict):
    """`when` is the document's own date, or the year that it speaks of where it has none."""

    match: Literal["verbatim", "script", "variant"]
    distance: int
    when: str | None
    when_kind: Literal["published", "period"] | None
    citation: NearJson


class WordingJson(TypedDict):
    quote: str
    since: str | None
    count: int


class OccurrencesJson(TypedDict):
    """Earliest first. `wordings`: the different ways in which it is said, in order of their first appearance."""

    q: str
    occurrences: list[OccurrenceJson]
    wordings: list[WordingJson]
    total: int
