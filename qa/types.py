"""The nouns of the product, as frozen dataclasses. Imports only the standard library.

Offsets are characters (Unicode code points) into `Document.text`, end exclusive, unless a field says otherwise.
Scores lie in 0-1. Dates are ISO 8601, as exact as known: "2024", "2024-04", "2024-04-02".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Status = Literal["answered", "partial", "no_evidence"]
FileStatus = Literal["added", "updated", "unchanged", "removed", "refused"]
PageKind = Literal["exact", "work_start"]
DifferenceKind = Literal["number", "date", "wording", "only_here", "only_there"]
Origin = Literal["folder", "upload"]
Mode = Literal["auto", "extractive", "generative"]
# Where a description was found: the text, the lines around it that are not the author's, the title, the compilation's
# contents or its own title, the page's metadata, the file's properties, its record (JSON Lines) or name, the folder's
# settings, what a program said of the text.
DescribedFrom = Literal[
    "text", "byline", "title", "contents", "cover", "page_metadata", "file_properties", "record", "file_name",
    "settings", "told",
]  # fmt: skip
Turn = tuple[Literal["user", "assistant"], str]
# How a file is split into works: by its own table of contents, not at all, or where these titles or lines (from 1)
# stand.
SplitPlan = Literal["auto", "never"] | tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """A run of the source that a document keeps:

    `document.text[start:end] == source.text[origin:origin + end - start]`.
    """

    start: int
    end: int
    origin: int


@dataclass(frozen=True, slots=True)
class Dropped:
    """A run of the source that no document keeps. `start` and `end` count into `Source.text`."""

    start: int
    end: int
    reason: str


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and the text under it. `depth` is 1 for the outermost heading; the span begins at the heading."""

    heading: str
    depth: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Page:
    """The page that begins at `start`: `page` as printed, None when unknown; `sheet` the file's own, from 1."""

    page: int | str | None
    start: int
    sheet: int | None = None


@dataclass(frozen=True, slots=True)
class Heading:
    """A line that its format styles as a heading;

    `depth` is 1 for the outermost. The span counts into `Source.text`.
    """

    start: int
    end: int
    depth: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page of the file, from 1, and where it starts in `Source.text`.

    `printed` is the page number that stands on it (12, "iv"), None when none was found; `evidence` says in Chinese
    where from.
    """

    number: int
    start: int
    printed: int | str | None = None
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Region:
    """Where words stand on a page of their file, `sheet` from 1.

    `box` is (left, top, right, bottom) in fractions of the page's width and height as it is shown, from its upper left
    corner.
    """

    sheet: int
    box: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a file says of itself outside its text; None where it says nothing. `published` is ISO 8601."""

    title: str | None = None
    author: str | None = None
    published: str | None = None
    publisher: str | None = None
    external_id: str | None = None
    place: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A work that the file itself keeps apart from its others (a record of JSON Lines), and what it says of the work.

    The span counts into `Source.text`; a heading at its start is the work's title.
    """

    start: int
    end: int
    metadata: Metadata = Metadata()


@dataclass(frozen=True, slots=True)
class Source:
    """What a file says, as its reader gave it. `id` is the SHA-256 of its bytes, in hex.

    `marked` are runs that the format itself shows to be no text of the author's (menus, running headers, hidden
    words), with the reason; `parts` are the works of a file that keeps them apart itself, empty for any other; `doubts`
    are Chinese notes on what the reader was not sure of.
    """

    id: str
    name: str
    size: int
    encoding: str
    encoding_unsure: bool
    text: str
    headings: tuple[Heading, ...] = ()
    sheets: tuple[Sheet, ...] = ()
    marked: tuple[Dropped, ...] = ()
    metadata: Metadata = Metadata()
    doubts: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    # Where each line stands on its page, or in words, packed by qa.reading.regions; "" where the format has no places.
    regions: str = ""


@dataclass(frozen=True, slots=True)
class Described:
    """Where the description in a document's field was found, by the words that say it, as they are written.

    The span counts into `Source.text`; None where the words stand outside it (a file's properties, its name).
    """

    field: str
    origin: DescribedFrom
    words: str = ""
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """One work. `text` is a selection of its source's text: no kept character is altered, `spans` say where each stood.

    `place` is the whole path (山西省临汾市尧都区); `level` is 省级, 市级, 县级 or None. `part` is the work's ordinal in
    its source, from 1; a file that is one work has part 1. `compilation` is the title of the collection that the work
    is part of, "" where the collection names none, None for a lone work; `url` the address that a web page gives as
    its own.
    """

    id: str
    source_id: str
    part: int
    title: str
    text: str
    spans: tuple[Span, ...] = ()
    sections: tuple[Section, ...] = ()
    pages: tuple[Page, ...] = ()
    title_inferred: bool = False
    place: str | None = None
    level: str | None = None
    kind: str | None = None
    organisation: str | None = None
    published: str | None = None
    period: str | None = None
    publisher: str | None = None
    author: str | None = None
    page: int | str | None = None
    page_kind: PageKind | None = None
    external_id: str | None = None
    compilation: str | None = None
    url: str | None = None
    # What the registry adds: the file's name, where it came from, and when it was read (ISO 8601, UTC); all the files
    # that hold the same bytes, first come first; the earliest of its near-duplicates, None for that one itself.
    file: str = ""
    origin: Origin = "folder"
    ingested: str = ""
    passages: int = 0
    sources: tuple[str, ...] = ()
    duplicate_of: str | None = None
    described: tuple[Described, ...] = ()
    regions: str = ""  # its source's


@dataclass(frozen=True, slots=True)
class Passage:
    """`document.text[start:end] == text`.

    `context` (title, headings, place, year) is searched with it, never quoted.
    """

    id: str
    document_id: str
    ordinal: int
    heading: tuple[str, ...]
    start: int
    end: int
    text: str
    context: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A source, the works in it, and what was left out, with the reason.

    `reader` names the code that read it, and how it was told to split: bytes that another reader read are read again.
    `sureness` (0-1): how sure it is that the works are split where they begin.
    """

    source: Source
    documents: tuple[Document, ...]
    dropped: tuple[Dropped, ...] = ()
    reader: str = ""
    sureness: float = 1.0


@dataclass(frozen=True, slots=True)
class Filters:
    """Which documents may answer. Empty means any. A document without a date fails a date filter."""

    document_ids: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    published_from: str | None = None
    published_to: str | None = None

    def __bool__(self) -> bool:
        return any((self.document_ids, self.places, self.levels, self.kinds, self.published_from, self.published_to))


@dataclass(frozen=True, slots=True)
class Twin:
    """The same words in another document."""

    document_id: str
    title: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found, and why: ranks and features by name. `highlights` count into `passage.text`.

    `also_in`: other documents' passages of the same words, which are found with it and not again.
    """

    passage: Passage
    document: Document
    score: float
    why: dict[str, float]
    highlights: tuple[tuple[int, int], ...] = ()
    also_in: tuple[Twin, ...] = ()


@dataclass(frozen=True, slots=True)
class Side:
    """One version's side of a difference: the piece, "" where it has none, and the sentence that it stands in."""

    text: str
    start: int
    end: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Difference:
    """Where two versions of a document differ: in a figure, a date, other wording, or a sentence that only one has."""

    kind: DifferenceKind
    here: Side
    there: Side


@dataclass(frozen=True, slots=True)
class Citation:
    """A verbatim quotation: `document.text[start:end] == quote`, and the quote stands in `passage.text`.

    `number` is 0 for what is near and not cited.
    """

    number: int
    document: Document
    passage: Passage
    quote: str
    start: int
    end: int
    score: float
    also_in: tuple[Twin, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of an answer and the numbers of the citations that bear it out."""

    text: str
    citations: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells and, for each row, the citations behind it."""

    columns: tuple[str, ...]
    rows: tuple[tuple[tuple[str, ...], tuple[int, ...]], ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """The same quantity with different values: (value, citation number) pairs, and the likely reason."""

    what: str
    values: tuple[tuple[str, int], ...]
    why: str


@dataclass(frozen=True, slots=True)
class Answer:
    """Every mark has its citation, every citation is used; without evidence there are no citations.

    `notice` says in Chinese what the reader should know of how it was made (a language model that failed), "" for
    nothing; `timing_ms` maps a step to milliseconds.
    """

    id: str
    question: str
    standalone_question: str
    status: Status
    blocks: tuple[Block, ...]
    citations: tuple[Citation, ...]
    near: tuple[Citation, ...] = ()
    table: Table | None = None
    conflicts: tuple[Conflict, ...] = ()
    suggestions: tuple[str, ...] = ()
    mode: str = "extractive"
    notice: str = ""
    timing_ms: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What a search found, best first. `timing_ms` maps a step to milliseconds.

    `notice` says in Chinese what was looked for instead of a slip of the pen, "" for nothing.
    """

    query: str
    hits: tuple[Hit, ...]
    timing_ms: dict[str, float]
    notice: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that a document states. `metric` is what it counts or measures (社区图书室), `action` the verb before.

    `value` is as written in `unit` (1.2, 亿元), `normalized` in the base unit (120000000, 元), `text` the number's own
    words at `at`. `qualifier`: 约, 近, 余, 超过 and the like; "原" for what something was before it changed; or "".
    `place` is a whole path, `scope` the span of time that is counted over (2019年以来, 累计), "" where none is named.
    `document.text[start:end]` is the quotation, and the number stands in it.
    """

    document_id: str
    metric: str
    value: float
    unit: str
    normalized: float
    qualifier: str
    place: str | None
    year: int | None
    start: int
    end: int
    at: int
    text: str
    action: str = ""
    scope: str = ""


@dataclass(frozen=True, slots=True)
class FiguresFound:
    """A page of figures, each with its citation (number 0), and how many there are in all."""

    query: str
    rows: tuple[tuple[Figure, Citation], ...]
    total: int


@dataclass(frozen=True, slots=True)
class FileResult:
    """What became of one file. `code` and `detail` say why a file was refused.

    Of a file that was read: `works` is how many are in it, `doubts` what the reader was not sure of (Chinese), `hidden`
    how many characters nobody sees in it, which no work keeps; `same_as` the file that brought the very same bytes
    before; `alike` the titles of earlier works that are nearly the same as one of its own.
    """

    file: str
    status: FileStatus
    document_ids: tuple[str, ...] = ()
    code: str | None = None
    detail: str | None = None
    works: int = 0
    doubts: tuple[str, ...] = ()
    hidden: int = 0
    same_as: str = ""
    alike: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Progress:
    """One step of reading many files: `result` is None when `file` begins, set when it is done."""

    done: int
    total: int
    file: str
    result: FileResult | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of work that goes on in the background: a sync, an upload, a change or fitting of the model."""

    id: str
    kind: Literal["sync", "upload", "model"]
    state: Literal["queued", "running", "done", "failed", "cancelled"]
    done: int = 0
    total: int = 0
    file: str = ""
    results: tuple[FileResult, ...] = ()
    created: str = ""
    dry_run: bool = False


# What a question streams, in order: Sources, any number of Delta, one Answer.
@dataclass(frozen=True, slots=True)
class Sources:
    """Candidate quotations, unnumbered, best first: shown while the answer is made."""

    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Delta:
    """A piece of the answer's text, marks included, and the citations that it numbers for the first time."""

    text: str
    citations: tuple[Citation, ...] = ()


Event = Sources | Delta | Answer


CheckLabel = Literal["supported", "contradicted", "not_found", "not_a_claim"]
DraftDifferenceKind = Literal[
    "number", "unit", "date", "place", "person", "organisation", "name", "negation", "scope", "wording"
]
NoteKind = Literal["stitched", "misattributed", "newer_figure", "stated_twice", "sum", "impossible_date"]


@dataclass(frozen=True, slots=True)
class DraftDifference:
    """A piece of a draft that its source says otherwise: both pieces, and the span of the draft's.

    `start` and `end` count into the draft as it was sent; `source` is "" where the source says nothing in its place.
    """

    kind: DraftDifferenceKind
    draft: str
    source: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Note:
    """What else a writer should look at, said in Chinese; the span counts into the draft as it was sent."""

    kind: NoteKind
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the library says of a sentence: `draft[start:end] == text`. `confidence` (0-1) is that of the label.

    Supported and contradicted have citations, numbered 0, the telling one first. `verbatim`: the words stand so in a
    source, whatever their script, width and punctuation.
    """

    text: str
    start: int
    end: int
    label: CheckLabel
    confidence: float
    verbatim: bool = False
    differences: tuple[DraftDifference, ...] = ()
    citations: tuple[Citation, ...] = ()
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Checked:
    """A whole draft, checked: its sentences in order. `timing_ms` maps a step to milliseconds."""

    verdicts: tuple[Verdict, ...]
    timing_ms: dict[str, float] = field(default_factory=dict)

    @property
    def summary(self) -> dict[CheckLabel, int]:
        """How many sentences have each label."""
        labels = [verdict.label for verdict in self.verdicts]
        return {label: labels.count(label) for label in ("supported", "contradicted", "not_found", "not_a_claim")}
