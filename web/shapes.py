"""The JSON that leaves, as types: what `rendering` builds and what the OpenAPI description is generated from."""

from __future__ import annotations

from typing import Literal, NotRequired

from typing_extensions import TypedDict  # pydantic describes no other before Python 3.12

Level = Literal["省级", "市级", "县级"]
PageKindJson = Literal["exact", "work_start"]
FileStatusJson = Literal["added", "updated", "unchanged", "removed", "refused"]


class FieldErrorJson(TypedDict):
    pointer: str
    detail: str


class ProblemJson(TypedDict):
    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str
    errors: NotRequired[list[FieldErrorJson]]
    job: NotRequired[str]


class PassageJson(TypedDict):
    id: str
    text: str
    start: int
    end: int


class TwinJson(TypedDict):
    document_id: str
    title: str
    start: int
    end: int


class RegionJson(TypedDict):
    """Where words stand on a page of the file, from 1: left, top, right, bottom in fractions of the page as shown."""

    sheet: int
    box: tuple[float, float, float, float]


class NearJson(TypedDict):
    """A quotation without a number: `text[start:end] == quote` in the document's text."""

    document_id: str
    external_id: str | None
    title: str
    heading: list[str]
    place: str | None
    level: str | None
    kind: str | None
    published: str | None
    publisher: str | None
    page: int | str | None
    page_kind: PageKindJson | None
    quote: str
    start: int
    end: int
    passage: PassageJson
    score: float
    url: str
    also_in: list[TwinJson]
    regions: list[RegionJson]
    where: str | None


class CitationJson(NearJson):
    number: int


class BlockJson(TypedDict):
    text: str
    citations: list[int]


class RowJson(TypedDict):
    cells: list[str]
    citations: list[int]


class TableJson(TypedDict):
    columns: list[str]
    rows: list[RowJson]


class ConflictValueJson(TypedDict):
    value: str
    citation: int


class ConflictJson(TypedDict):
    what: str
    values: list[ConflictValueJson]
    why: str


class AnswerJson(TypedDict):
    id: str
    conversation_id: str | None
    question: str
    standalone_question: str
    mode: str
    notice: str | None
    status: Literal["answered", "partial", "no_evidence"]
    answer: str
    blocks: list[BlockJson]
    citations: list[CitationJson]
    near: list[NearJson]
    table: TableJson | None
    conflicts: list[ConflictJson]
    suggestions: list[str]
    timing_ms: dict[str, float]


class SourcesJson(TypedDict):
    """The event `sources`: candidates, without numbers."""

    citations: list[NearJson]


class DeltaJson(TypedDict):
    """The event `delta`: a piece of the answer, and the citations that it numbers for the first time."""

    text: str
    citations: list[CitationJson]


class ConversationInShortJson(TypedDict):
    """`title` is the first question, `turns` how many questions there are in it."""

    id: str
    title: str
    created: str
    updated: str
    turns: int


class ConversationsJson(TypedDict):
    conversations: list[ConversationInShortJson]
    total: int
    next: str | None


class ExchangeJson(TypedDict):
    """A question of a conversation, when it was asked, and the answer as it was given."""

    question: str
    asked: str
    answer: AnswerJson


class ConversationJson(TypedDict):
    id: str
    title: str
    created: str
    updated: str
    turns: list[ExchangeJson]


class FoundDocumentJson(TypedDict):
    id: str
    external_id: str | None
    title: str
    place: str | None
    level: str | None
    kind: str | None
    published: str | None
    publisher: str | None
    page: int | str | None
    page_kind: PageKindJson | None


class ResultJson(TypedDict):
    rank: int
    score: float
    why: dict[str, float]
    explained: str
    passage: PassageJson
    document: FoundDocumentJson
    heading: list[str]
    highlights: list[tuple[int, int]]
    also_in: list[TwinJson]


class SearchJson(TypedDict):
    query: str
    results: list[ResultJson]
    notice: str | None
    timing_ms: dict[str, float]


class DescribedJson(TypedDict):
    """Where a description was found. `start` and `end` count into the document's text, null where it lacks the words.

    `name` and `told` are the field and the origin in Chinese.
    """

    field: str
    name: str
    value: str
    origin: str
    told: str
    words: str
    start: int | None
    end: int | None


class DocumentJson(TypedDict):
    id: str
    external_id: str | None
    title: str
    title_inferred: bool
    file: str
    part: int
    place: str | None
    level: str | None
    kind: str | None
    organisation: str | None
    published: str | None
    period: str | None
    publisher: str | None
    author: str | None
    page: int | str | None
    page_kind: PageKindJson | None
    characters: int
    passages: int
    ingested: str
    origin: Literal["folder", "upload"]
    duplicate_of: str | None
    sources: list[str]
    described: NotRequired[list[DescribedJson]]


class DocumentsJson(TypedDict):
    documents: list[DocumentJson]
    total: int
    next: str | None


class VersionJson(TypedDict):
    id: str
    title: str


class SideJson(TypedDict):
    """A piece of one version, empty where it has none: `text[start:end]` of its document; the sentence around it."""

    text: str
    start: int
    end: int
    sentence: str


class DifferenceJson(TypedDict):
    kind: Literal["number", "date", "wording", "only_here", "only_there"]
    here: SideJson
    there: SideJson


class DifferencesJson(TypedDict):
    """Where two near-duplicates differ, changed figures first."""

    here: VersionJson
    there: VersionJson
    differences: list[DifferenceJson]
    total: int


class SectionJson(TypedDict):
    heading: str
    depth: int
    start: int
    end: int


class PageJson(TypedDict):
    """A page as printed, null when unknown; `sheet` is the file's own, from 1."""

    page: int | str | None
    start: int
    sheet: int | None


class LeftOutJson(TypedDict):
    """What stood at `start` of the text and is left out, with the reason: a code, and Chinese words for it."""

    start: int
    reason: str
    told: str
    text: str


class TextJson(TypedDict):
    id: str
    text: str
    sections: list[SectionJson]
    pages: list[PageJson]
    dropped: NotRequired[list[LeftOutJson]]


class WorkJson(TypedDict):
    """A work as a file's reader found it, outside any library."""

    part: int
    title: str
    title_inferred: bool
    place: str | None
    level: str | None
    kind: str | None
    organisation: str | None
    published: str | None
    period: str | None
    publisher: str | None
    author: str | None
    page: int | str | None
    page_kind: PageKindJson | None
    characters: int
    sections: list[SectionJson]
    pages: list[PageJson]
    described: list[DescribedJson]
    dropped: NotRequired[list[LeftOutJson]]


class ReadingJson(TypedDict):
    """`sureness` (0-1): how sure it is that the works are split where they begin."""

    file: str
    size: int
    encoding: str
    encoding_unsure: bool
    sureness: float
    doubts: list[str]
    hidden: int
    works: list[WorkJson]


class NeighboursJson(PassageJson):
    document_id: str
    heading: list[str]
    url: str
    previous: PassageJson | None
    next: PassageJson | None


class FileResultJson(TypedDict):
    file: str
    status: FileStatusJson
    document_ids: list[str]
    code: str | None
    detail: str | None
    works: int
    doubts: list[str]
    hidden: int
    same_as: str | None
    alike: list[str]


class NoticeJson(TypedDict):
    """Something for a person to look at: the file, empty for the run as a whole; what there is, and what to do."""

    kind: Literal["failed", "refused", "doubtful", "hidden", "duplicate"]
    file: str
    told: str
    todo: str
    document_ids: list[str]


class ReportJson(TypedDict):
    """What became of the files: how many, and the names of those that ask for attention; `lines` say it in Chinese.

    `summary` is the first of the lines; `notices` say the others as data, the most pressing first.
    """

    read: int
    works: int
    updated: int
    unchanged: int
    removed: int
    refused: list[str]
    split: list[str]
    doubtful: list[str]
    hidden: list[str]
    duplicates: list[str]
    summary: str
    notices: list[NoticeJson]
    lines: list[str]


class JobInShortJson(TypedDict):
    id: str
    kind: Literal["sync", "upload", "model"]
    dry_run: bool
    state: Literal["queued", "running", "done", "failed", "cancelled"]
    done: int
    total: int
    file: str
    report: ReportJson
    created: str


class JobJson(JobInShortJson):
    results: list[FileResultJson]


class JobsJson(TypedDict):
    jobs: list[JobInShortJson]


class StartedJson(TypedDict):
    job: JobJson


class FigureJson(TypedDict):
    """`normalized` is the value in the base unit (1.2 亿元 → 120000000); `year` is null where nothing names one."""

    metric: str
    value: float
    unit: str
    normalized: float
    qualifier: str
    place: str | None
    year: int | None
    citation: NearJson


class FiguresJson(TypedDict):
    query: str
    figures: list[FigureJson]
    total: int


class FindingsJson(TypedDict):
    findings: list[str]


class AliveJson(TypedDict):
    status: Literal["alive"]
    name: str
    version: str


class ReadyJson(TypedDict):
    status: Literal["ready"]
    documents: int
    passages: int
    revision: int
    model: str
    model_name: str
    changing_to: str | None
    indexes: dict[str, str]


class DraftDifferenceJson(TypedDict):
    """A piece of the draft that its source says otherwise; `start` and `end` count into the text as it was sent."""

    kind: Literal["number", "unit", "date", "place", "person", "organisation", "name", "negation", "scope", "wording"]
    draft: str
    source: str
    start: int
    end: int


class NoteJson(TypedDict):
    """What else to look at, in Chinese; the span counts into the text as it was sent."""

    kind: Literal["stitched", "misattributed", "newer_figure", "stated_twice", "sum", "impossible_date"]
    text: str
    start: int
    end: int


class VerdictJson(TypedDict):
    """The event `sentence`: `text` is its span of the draft as it was sent; `confidence` is that of the verdict."""

    text: str
    start: int
    end: int
    verdict: Literal["supported", "contradicted", "not_found", "not_a_claim"]
    confidence: float
    verbatim: bool
    differences: list[DraftDifferenceJson]
    evidence: list[NearJson]
    notes: list[NoteJson]


class SummaryJson(TypedDict):
    supported: int
    contradicted: int
    not_found: int
    not_a_claim: int


class CheckedJson(TypedDict):
    sentences: list[VerdictJson]
    summary: SummaryJson
    timing_ms: dict[str, float]


class ModelJson(TypedDict):
    """A model that the library has vectors of, or that is known to do well. `weight`: how much it counts in fusion.

    `size` is in MB to fetch, 0 for what is here; `needs` and `note` are Chinese.
    """

    name: str
    kind: Literal["embedding", "reranker"]
    in_use: bool
    passages: int
    weight: float | None
    size: int | None
    licence: str | None
    dimension: int | None
    needs: str
    note: str


class ModelsJson(TypedDict):
    """`fixed` by QA_MODEL, which goes before what is chosen here; `changing_to` is embedded and will answer then."""

    in_use: str
    changing_to: str | None
    fixed: bool
    models: list[ModelJson]
