"""Nouns → JSON out. One function a noun; the shapes are in `shapes`. Decides nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from flask import Response

from qa.citing.marks import answer_text
from qa.citing.pages import page_at
from qa.citing.permalinks import permalink
from qa.citing.regions import regions_at, where_at
from qa.reading.evidence import FIELDS, ORIGINS, kept_span
from qa.reading.left_out import REASONS, LeftOut
from qa.reading.report import Notice, noted, report
from qa.retrieval.explaining import explained
from qa.types import (
    Answer,
    Checked,
    Citation,
    Delta,
    Difference,
    Document,
    Figure,
    FiguresFound,
    FileResult,
    Hit,
    Job,
    Page,
    Passage,
    Reading,
    Region,
    SearchResult,
    Section,
    Side,
    Sources,
    Table,
    Twin,
    Verdict,
)
from web.shapes import (
    AnswerJson,
    CheckedJson,
    CitationJson,
    DeltaJson,
    DescribedJson,
    DifferencesJson,
    DocumentJson,
    FigureJson,
    FiguresJson,
    FileResultJson,
    JobInShortJson,
    JobJson,
    LeftOutJson,
    NearJson,
    NeighboursJson,
    NoticeJson,
    PageJson,
    PassageJson,
    ReadingJson,
    RegionJson,
    ReportJson,
    ResultJson,
    SearchJson,
    SectionJson,
    SideJson,
    SourcesJson,
    TableJson,
    TextJson,
    TwinJson,
    VerdictJson,
    WorkJson,
)


def dump(data: Mapping[str, object]) -> str:
    """One line of JSON, Chinese as it is."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def reply(data: Mapping[str, object], status: int = 200) -> Response:
    """A JSON reply."""
    return Response(dump(data), status=status, content_type="application/json")


def passage(noun: Passage) -> PassageJson:
    return {"id": noun.id, "text": noun.text, "start": noun.start, "end": noun.end}


def near(noun: Citation) -> NearJson:
    """A citation without its number."""
    document = noun.document
    page, page_kind = page_at(document, noun.start)
    return {
        "document_id": document.id,
        "external_id": document.external_id,
        "title": document.title,
        "heading": list(noun.passage.heading),
        "place": document.place,
        "level": document.level,
        "kind": document.kind,
        "published": document.published,
        "publisher": document.publisher,
        "page": page,
        "page_kind": page_kind,
        "quote": noun.quote,
        "start": noun.start,
        "end": noun.end,
        "passage": passage(noun.passage),
        "score": round(noun.score, 4),
        "url": permalink(document.id, noun.start, noun.end, noun.quote),
        "also_in": twins(noun.also_in),
        "regions": [region(one) for one in regions_at(document, noun.start, noun.end)],
        "where": where_at(document, noun.start, noun.end),
    }


def region(noun: Region) -> RegionJson:
    return {"sheet": noun.sheet, "box": noun.box}


def twins(nouns: Sequence[Twin]) -> list[TwinJson]:
    return [{"document_id": one.document_id, "title": one.title, "start": one.start, "end": one.end} for one in nouns]


def citation(noun: Citation) -> CitationJson:
    return {"number": noun.number, **near(noun)}


def sources(noun: Sources) -> SourcesJson:
    return {"citations": [near(candidate) for candidate in noun.citations]}


def delta(noun: Delta) -> DeltaJson:
    return {"text": noun.text, "citations": [citation(new) for new in noun.citations]}


def answer(noun: Answer, conversation_id: str | None = None) -> AnswerJson:
    return {
        "id": noun.id,
        "conversation_id": conversation_id,
        "question": noun.question,
        "standalone_question": noun.standalone_question,
        "mode": noun.mode,
        "notice": noun.notice or None,
        "status": noun.status,
        "answer": answer_text(noun.blocks),
        "blocks": [{"text": block.text, "citations": list(block.citations)} for block in noun.blocks],
        "citations": [citation(one) for one in noun.citations],
        "near": [near(one) for one in noun.near],
        "table": table(noun.table) if noun.table else None,
        "conflicts": [
            {
                "what": conflict.what,
                "values": [{"value": value, "citation": number} for value, number in conflict.values],
                "why": conflict.why,
            }
            for conflict in noun.conflicts
        ],
        "suggestions": list(noun.suggestions),
        "timing_ms": _milliseconds(noun.timing_ms),
    }


def table(noun: Table) -> TableJson:
    return {
        "columns": list(noun.columns),
        "rows": [{"cells": list(cells), "citations": list(numbers)} for cells, numbers in noun.rows],
    }


def figures(noun: FiguresFound) -> FiguresJson:
    return {"query": noun.query, "figures": [figure(*row) for row in noun.rows], "total": noun.total}


def figure(noun: Figure, cited: Citation) -> FigureJson:
    return {
        "metric": noun.metric,
        "value": whole(noun.value),
        "unit": noun.unit,
        "normalized": whole(noun.normalized),
        "qualifier": noun.qualifier,
        "place": noun.place,
        "year": noun.year,
        "citation": near(cited),
    }


def whole(value: float) -> float:
    """A whole number without its point, whatever else without the errors of binary fractions."""
    shown = round(value, 6)
    return int(shown) if shown == int(shown) else shown


def result(rank: int, hit: Hit) -> ResultJson:
    document = hit.document
    page, page_kind = page_at(document, hit.passage.start)
    return {
        "rank": rank,
        "score": round(hit.score, 4),
        "why": {name: round(value, 4) for name, value in hit.why.items()},
        "explained": explained(hit.why),
        "passage": passage(hit.passage),
        "document": {
            "id": document.id,
            "external_id": document.external_id,
            "title": document.title,
            "place": document.place,
            "level": document.level,
            "kind": document.kind,
            "published": document.published,
            "publisher": document.publisher,
            "page": page,
            "page_kind": page_kind,
        },
        "heading": list(hit.passage.heading),
        "highlights": [(start, end) for start, end in hit.highlights],
        "also_in": twins(hit.also_in),
    }


def search(noun: SearchResult) -> SearchJson:
    return {
        "query": noun.query,
        "results": [result(rank, hit) for rank, hit in enumerate(noun.hits, 1)],
        "notice": noun.notice or None,
        "timing_ms": _milliseconds(noun.timing_ms),
    }


def document(noun: Document, characters: int) -> DocumentJson:
    return {
        "id": noun.id,
        "external_id": noun.external_id,
        "title": noun.title,
        "title_inferred": noun.title_inferred,
        "file": noun.file,
        "part": noun.part,
        "place": noun.place,
        "level": noun.level,
        "kind": noun.kind,
        "organisation": noun.organisation,
        "published": noun.published,
        "period": noun.period,
        "publisher": noun.publisher,
        "author": noun.author,
        "page": noun.page,
        "page_kind": noun.page_kind,
        "characters": characters,
        "passages": noun.passages,
        "ingested": noun.ingested,
        "origin": noun.origin,
        "duplicate_of": noun.duplicate_of,
        "sources": list(noun.sources),
    }


def whole_document(noun: Document) -> DocumentJson:
    """A document with where each of its descriptions was found."""
    shown = document(noun, len(noun.text))
    shown["described"] = described(noun)
    return shown


def described(noun: Document) -> list[DescribedJson]:
    return [
        {
            "field": one.field,
            "name": FIELDS.get(one.field, one.field),
            "value": getattr(noun, one.field) or "",
            "origin": one.origin,
            "told": ORIGINS[one.origin],
            "words": one.words,
            "start": span[0] if span else None,
            "end": span[1] if span else None,
        }
        for one in noun.described
        for span in [kept_span(noun, one)]
    ]


def differences(here: Document, there: Document, found: Sequence[Difference]) -> DifferencesJson:
    return {
        "here": {"id": here.id, "title": here.title},
        "there": {"id": there.id, "title": there.title},
        "differences": [{"kind": one.kind, "here": side(one.here), "there": side(one.there)} for one in found],
        "total": len(found),
    }


def side(noun: Side) -> SideJson:
    return {"text": noun.text, "start": noun.start, "end": noun.end, "sentence": noun.sentence}


def text(noun: Document, dropped: Sequence[LeftOut] | None = None) -> TextJson:
    """`dropped`: what the text leaves out, None when nobody asked."""
    shown: TextJson = {
        "id": noun.id,
        "text": noun.text,
        "sections": list(map(section, noun.sections)),
        "pages": list(map(page, noun.pages)),
    }
    if dropped is not None:
        shown["dropped"] = list(map(left_out, dropped))
    return shown


def section(noun: Section) -> SectionJson:
    return {"heading": noun.heading, "depth": noun.depth, "start": noun.start, "end": noun.end}


def page(noun: Page) -> PageJson:
    return {"page": noun.page, "start": noun.start, "sheet": noun.sheet}


def left_out(noun: LeftOut) -> LeftOutJson:
    told = REASONS.get(noun.reason, noun.reason)
    return {"start": noun.start, "reason": noun.reason, "told": told, "text": noun.text}


def reading(noun: Reading, dropped: Sequence[Sequence[LeftOut]] | None = None) -> ReadingJson:
    """What a file's reader found. `dropped`: what each work leaves out, None when nobody asked."""
    result = noted(FileResult(noun.source.name, "added"), noun)
    works = [work(document) for document in noun.documents]
    for shown, runs in zip(works, dropped or (), strict=False):
        shown["dropped"] = list(map(left_out, runs))
    return {
        "file": noun.source.name,
        "size": noun.source.size,
        "encoding": noun.source.encoding,
        "encoding_unsure": noun.source.encoding_unsure,
        "sureness": round(noun.sureness, 3),
        "doubts": list(result.doubts),
        "hidden": result.hidden,
        "works": works,
    }


def work(noun: Document) -> WorkJson:
    return {
        "part": noun.part,
        "title": noun.title,
        "title_inferred": noun.title_inferred,
        "place": noun.place,
        "level": noun.level,
        "kind": noun.kind,
        "organisation": noun.organisation,
        "published": noun.published,
        "period": noun.period,
        "publisher": noun.publisher,
        "author": noun.author,
        "page": noun.page,
        "page_kind": noun.page_kind,
        "characters": len(noun.text),
        "sections": list(map(section, noun.sections)),
        "pages": list(map(page, noun.pages)),
        "described": described(noun),
    }


def neighbours(noun: Passage, before: Passage | None, after: Passage | None) -> NeighboursJson:
    return {
        **passage(noun),
        "document_id": noun.document_id,
        "heading": list(noun.heading),
        "url": permalink(noun.document_id, noun.start, noun.end, noun.text),
        "previous": passage(before) if before else None,
        "next": passage(after) if after else None,
    }


def file_result(noun: FileResult) -> FileResultJson:
    return {
        "file": noun.file,
        "status": noun.status,
        "document_ids": list(noun.document_ids),
        "code": noun.code,
        "detail": noun.detail,
        "works": noun.works,
        "doubts": list(noun.doubts),
        "hidden": noun.hidden,
        "same_as": noun.same_as or None,
        "alike": list(noun.alike),
    }


def report_on(results: Sequence[FileResult]) -> ReportJson:
    made = report(results)
    return {
        "read": len(made.read),
        "works": made.works,
        "updated": len(made.updated),
        "unchanged": len(made.unchanged),
        "removed": len(made.removed),
        "refused": [one.file for one in made.refused],
        "split": [one.file for one in made.split],
        "doubtful": [one.file for one in made.doubtful],
        "hidden": [one.file for one in made.hidden],
        "duplicates": [one.file for one in made.duplicates],
        "summary": made.summary,
        "notices": list(map(notice, made.notices())),
        "lines": list(made.lines()),
    }


def notice(noun: Notice) -> NoticeJson:
    return {
        "kind": noun.kind,
        "file": noun.file,
        "told": noun.told,
        "todo": noun.todo,
        "document_ids": list(noun.document_ids),
    }


def job(noun: Job) -> JobJson:
    return {**job_in_short(noun), "results": [file_result(one) for one in noun.results]}


def job_in_short(noun: Job) -> JobInShortJson:
    """A job with its report and without what became of each file."""
    return {
        "id": noun.id,
        "kind": noun.kind,
        "dry_run": noun.dry_run,
        "state": noun.state,
        "done": noun.done,
        "total": noun.total,
        "file": noun.file,
        "report": report_on(noun.results),
        "created": noun.created,
    }


def verdict(noun: Verdict) -> VerdictJson:
    return {
        "text": noun.text,
        "start": noun.start,
        "end": noun.end,
        "verdict": noun.label,
        "confidence": round(noun.confidence, 4),
        "verbatim": noun.verbatim,
        "differences": [
            {"kind": one.kind, "draft": one.draft, "source": one.source, "start": one.start, "end": one.end}
            for one in noun.differences
        ],
        "evidence": [near(one) for one in noun.citations],
        "notes": [{"kind": one.kind, "text": one.text, "start": one.start, "end": one.end} for one in noun.notes],
    }


def checked(noun: Checked) -> CheckedJson:
    counts = noun.summary
    return {
        "sentences": [verdict(one) for one in noun.verdicts],
        "summary": {
            "supported": counts["supported"],
            "contradicted": counts["contradicted"],
            "not_found": counts["not_found"],
            "not_a_claim": counts["not_a_claim"],
        },
        "timing_ms": _milliseconds(noun.timing_ms),
    }


def _milliseconds(timing: Mapping[str, float]) -> dict[str, float]:
    return {step: round(value, 2) for step, value in timing.items()}
