"""The routes of citing: references, exports, links that still hold, and every place of a phrase."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from flask import Response, request

from qa.citing.desk import Kept
from qa.citing.exporting import STANDING, Excerpt, Report, markdown, quotations
from qa.citing.occurrences import Occurrence, wordings
from qa.citing.pages import page_at
from qa.citing.permalinks import permalink
from qa.citing.styles import Cited, Style, listed
from qa.citing.word import word
from qa.config import MAX_FILE_BYTES
from web import guard, rendering
from web.citing_wire import (
    CitationQuery,
    CitationsJson,
    CitationsRequest,
    CitedJson,
    DraftQuery,
    ExportedJson,
    KeptJson,
    OccurrenceJson,
    OccurrencesJson,
    OccurrencesQuery,
    ReportRequest,
    SavedJson,
    SavedRequest,
    StandingQuery,
)
from web.errors import Problem
from web.rendering import reply
from web.routing import Route
from web.service import Service
from web.uploads import safe_name

REPORT_BYTES = 4 * 1024 * 1024
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MARKDOWN = "text/markdown"
PLAIN = "text/plain"
UNTITLED = "引文"
ENDINGS: dict[Style, str] = {"bibtex": "bib", "ris": "ris", "csl-json": "json"}


def cite(service: Service, document_id: str, query: CitationQuery) -> Response:
    found = service.pipeline.desk.cite(document_id, query.start, query.end, query.style, query.accessed)
    return reply(cited(found))


def stand(service: Service, document_id: str, query: StandingQuery) -> Response:
    with service.works.place():
        return reply(kept(service.pipeline.desk.stand(query.noun(document_id))))


def occurrences(service: Service, query: OccurrencesQuery) -> Response:
    with service.works.place():
        found = service.pipeline.desk.occurrences(query.q, query.limit)
    return reply(told_occurrences(query.q, found))


def export_citations(service: Service, body: CitationsRequest) -> Response:
    with service.works.place():
        wanted = [(number, one.noun()) for number, one in enumerate(body.citations, 1)]
        found = service.pipeline.desk.excerpts(wanted, body.style)
    title = body.title or UNTITLED
    match body.format:
        case "json":
            return reply(exported(body.style, found))
        case "text":
            text = listed([one.cited for one in found if one.cited])
            return download(text.encode(), PLAIN, f"{title}.{ENDINGS.get(body.style, 'txt')}")
        case _:
            return written(quotations(title, found), body.format)


def export_report(service: Service, body: ReportRequest) -> Response:
    with service.works.place():
        found = service.pipeline.desk.excerpts([(one.number, one.noun()) for one in body.citations], body.style)
        table = body.table.noun() if body.table else None
        report = Report(body.title, tuple(line.noun() for line in body.blocks), tuple(found), table)
        return written(report if report.lines else quotations(body.title, found), body.format)


def check_saved(service: Service, body: SavedRequest) -> Response:
    with service.works.place():
        found = [service.pipeline.desk.stand(one.noun()) for one in body.citations]
    told: SavedJson = {
        "citations": [kept(one) for one in found],
        "summary": {standing: sum(one.resolved.standing == standing for one in found) for standing in STANDING},
    }
    return reply(told)


def check_docx(service: Service, query: DraftQuery) -> Response:
    pipeline = service.pipeline
    guard.check_length(request, MAX_FILE_BYTES + guard.JSON_BYTES)
    if request.mimetype != "multipart/form-data":
        raise Problem("unsupported_media_type", "请用 multipart/form-data 发送，文件放在名为 file 的字段里。")
    request.max_content_length = MAX_FILE_BYTES + guard.JSON_BYTES
    files = request.files.getlist("file")
    if len(files) != 1 or not files[0].filename:
        raise Problem("invalid_field", "一次核对一个 Word 文件，放在名为 file 的字段里。", (("/file", "应为一个文件"),))
    data = files[0].read()
    with service.works.place():
        judged = pipeline.annotate(data, query.style)
    stem = safe_name(files[0].filename).removesuffix(".docx")
    return download(judged, DOCX, f"{stem}-核对.docx")


def written(report: Report, form: str) -> Response:
    address = request.host_url.rstrip("/")
    if form == "docx":
        return download(word(report, address), DOCX, f"{report.title}.docx")
    return download(markdown(report, address).encode(), MARKDOWN, f"{report.title}.md")


def download(data: bytes, media: str, name: str) -> Response:
    """A file to be kept, under a name that says what it is."""
    charset = "; charset=utf-8" if media.startswith("text/") else ""
    sent = Response(data, content_type=media + charset)
    called = quote(safe_name(name.replace("/", "／")), safe="")
    sent.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{called}"
    return sent


def cited(noun: Cited) -> CitedJson:
    document = noun.document
    page, page_kind = page_at(document, noun.start)
    return {
        "document_id": document.id,
        "start": noun.start,
        "end": noun.end,
        "style": noun.style,
        "text": noun.text,
        "type": noun.reference.type + ("/OL" if noun.reference.online else ""),
        "missing": list(noun.missing),
        "missing_called": list(noun.missing_called),
        "page": page,
        "page_kind": page_kind,
        "url": permalink(document.id, noun.start, noun.end, noun.quote) if noun.quote else f"/documents/{document.id}",
    }


def exported(style: Style, found: Sequence[Excerpt]) -> CitationsJson:
    here = [one.cited for one in found if one.cited]
    return {"style": style, "text": listed(here), "citations": [_exported(one) for one in found if one.cited]}


def _exported(noun: Excerpt) -> ExportedJson:
    assert noun.cited is not None
    document = noun.cited.document
    return {**cited(noun.cited), "title": document.title, "quote": noun.cited.quote, "standing": noun.standing}


def kept(noun: Kept) -> KeptJson:
    resolved, wanted = noun.resolved, noun.wanted
    document = resolved.document
    found = document is not None and resolved.standing in ("same", "moved")
    words = document.text[resolved.start : resolved.end] if document and found else wanted.quote
    return {
        "document_id": document.id if document else wanted.document_id,
        "standing": resolved.standing,
        "told": STANDING[resolved.standing],
        "title": document.title if document else wanted.title,
        "url": permalink(document.id, resolved.start, resolved.end, words) if document and found else None,
        "start": resolved.start if found else None,
        "end": resolved.end if found else None,
        "quote": words,
        "elsewhere": [rendering.near(one) for one in noun.elsewhere],
    }


def told_occurrences(q: str, found: Sequence[Occurrence]) -> OccurrencesJson:
    return {
        "q": q,
        "occurrences": [occurrence(one) for one in found],
        "wordings": [{"quote": one.quote, "since": one.since, "count": one.count} for one in wordings(found)],
        "total": len(found),
    }


def occurrence(noun: Occurrence) -> OccurrenceJson:
    when, when_kind = noun.when
    citation = rendering.near(noun.citation)
    return {
        "match": noun.match,
        "distance": noun.distance,
        "when": when,
        "when_kind": when_kind,
        "citation": citation,
    }


V1 = "/api/v1"
_BUSY = ("overloaded",)
_WORD = ("type_mismatch", "unreadable_file", "encrypted_file", "protected_file", "archive_too_large", "overloaded")

ROUTES: tuple[Route, ...] = (
    Route("GET", f"{V1}/documents/{{document_id}}/citation", cite, "一处引文的著录", CitedJson, query=CitationQuery),
    Route(
        "GET",
        f"{V1}/documents/{{document_id}}/quotation",
        stand,
        "一处引文现在在哪里",
        KeptJson,
        query=StandingQuery,
        errors=_BUSY,
    ),
    Route(
        "POST",
        f"{V1}/citations/export",
        export_citations,
        "一组引文的著录",
        CitationsJson,
        body=CitationsRequest,
        body_bytes=REPORT_BYTES,
        media=(PLAIN, MARKDOWN, DOCX),
        errors=_BUSY,
    ),
    Route(
        "POST",
        f"{V1}/citations/check",
        check_saved,
        "存下的引文是否还站得住",
        SavedJson,
        body=SavedRequest,
        body_bytes=REPORT_BYTES,
        errors=_BUSY,
    ),
    Route(
        "GET",
        f"{V1}/occurrences",
        occurrences,
        "一句话在哪些地方出现过，从早到晚",
        OccurrencesJson,
        query=OccurrencesQuery,
        errors=_BUSY,
    ),
    Route(
        "POST",
        f"{V1}/export",
        export_report,
        "把回答、核对或引文写成 Markdown 或 Word",
        body=ReportRequest,
        body_bytes=REPORT_BYTES,
        media=(MARKDOWN, DOCX),
        errors=_BUSY,
    ),
    Route(
        "POST",
        f"{V1}/check/docx",
        check_docx,
        "核对 Word 草稿：原样送回，加批注和脚注",
        query=DraftQuery,
        files=True,
        media=(DOCX,),
        errors=_WORD,
    ),
)
