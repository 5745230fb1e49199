"""The routes of /api/v1 and the table that lists them. Each reads: parse, call, render."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from flask import Response, request

from qa import __version__
from qa.config import Settings
from qa.types import Checked, Job, Verdict
from web import (
    citing,
    conversations,
    guard,
    mcp,
    metrics,
    models,
    openai_api,
    rendering,
    sheets,
    sse,
    transcripts,
    uploads,
)
from web.errors import Problem
from web.rendering import dump, reply
from web.routing import Route
from web.service import PARTS, Service
from web.shapes import (
    AliveJson,
    AnswerJson,
    CheckedJson,
    DeltaJson,
    DifferencesJson,
    DocumentJson,
    DocumentsJson,
    FiguresJson,
    FindingsJson,
    JobJson,
    JobsJson,
    ModelsJson,
    NeighboursJson,
    ReadyJson,
    SearchJson,
    SourcesJson,
    StartedJson,
    TextJson,
    VerdictJson,
)
from web.wire import (
    AskRequest,
    CheckRequest,
    DifferencesQuery,
    DocumentsQuery,
    FeedbackRequest,
    FiguresQuery,
    JobsQuery,
    SearchRequest,
    SyncRequest,
    TextQuery,
    UploadRequest,
    UseModelRequest,
    check,
    cursor,
)

KEY = re.compile(r"[\x21-\x7e]{1,200}")


def ask(service: Service, body: AskRequest) -> Response:
    check_mode(body, service.settings)
    talk = conversations.talk(service, body)
    asked = service.pipeline.ask(
        body.question,
        history=talk.history,
        filters=body.filters.noun(),
        max_citations=body.max_citations,
        mode=body.mode,
    )
    events = talk.following(asked)
    if sse.wanted(body.stream):
        return sse.stream(service.streams, events)
    with service.works.place():
        *_, last = events
    return reply(last[1])


def check_mode(body: AskRequest, settings: Settings) -> None:
    if body.mode == "generative" and not settings.llm:
        raise Problem("no_language_model", "没有配置语言模型。请把 mode 设为 auto 或 extractive，或者设置 QA_LLM。")


def search(service: Service, body: SearchRequest) -> Response:
    with service.works.place():
        found = service.pipeline.search(body.query, top_k=body.top_k, filters=body.filters.noun(), within=body.within)
    return reply(rendering.search(found))


def figures(service: Service, query: FiguresQuery) -> Response:
    with service.works.place():
        found = service.pipeline.figures(query.q, query.level, query.place, query.sort, query.limit, query.offset)
    return sheets.reply(found) if sheets.wanted() else reply(rendering.figures(found))


def check_draft(service: Service, body: CheckRequest) -> Response:
    events = service.pipeline.check(body.text, filters=body.filters.noun())
    if sse.wanted(body.stream):
        return sse.stream(service.streams, map(judged, events))
    with service.works.place():
        *_, last = events
    return reply(judged(last)[1])


def judged(event: Verdict | Checked) -> sse.Named:
    """A step of a check under its name on the wire."""
    return ("sentence", rendering.verdict(event)) if isinstance(event, Verdict) else ("done", rendering.checked(event))


def documents(service: Service, query: DocumentsQuery) -> Response:
    rows, total, following = service.pipeline.library.documents(
        query.limit, after=query.after(), query=query.q, level=query.level, place=query.place, kind=query.kind
    )
    return reply(
        {
            "documents": [rendering.document(row.document, row.characters) for row in rows],
            "total": total,
            "next": cursor(following) if following else None,
        }
    )


def document(service: Service, document_id: str) -> Response:
    found = service.pipeline.library.document(document_id)
    return reply(rendering.whole_document(found))


def document_text(service: Service, document_id: str, query: TextQuery) -> Response:
    found = service.pipeline.library.document(document_id)
    return reply(rendering.text(found, service.pipeline.left_out(document_id) if query.dropped else None))


def document_differences(service: Service, document_id: str, query: DifferencesQuery) -> Response:
    library = service.pipeline.library
    with service.works.place():
        found = library.differences(document_id, query.other)
    return reply(rendering.differences(library.document(document_id), library.document(query.other), found))


def delete_document(service: Service, document_id: str) -> Response:
    service.pipeline.library.delete(document_id)
    return Response(status=204)


def restore_document(service: Service, document_id: str) -> Response:
    service.pipeline.library.restore(document_id)
    return document(service, document_id)


def add_documents(service: Service) -> Response:
    jobs, key = service.jobs, idempotency_key()
    if request.mimetype == "multipart/form-data":
        folder = jobs.incoming()
        return started(jobs.upload(folder, uploads.receive(request, folder), key))
    body = check(UploadRequest, guard.read_json(request, limit=guard.TEXTS_BYTES))
    return started(jobs.texts(body.documents, key))


def idempotency_key() -> str:
    key = request.headers.get("Idempotency-Key", "")
    if key and not KEY.fullmatch(key):
        detail = "应为 1 到 200 个可见的英文字符"
        raise Problem("invalid_field", f"Idempotency-Key {detail}。", (("/Idempotency-Key", detail),))
    return key


def sync(service: Service, body: SyncRequest) -> Response:
    return started(service.jobs.sync(body.dry_run, body.force))


def started(job: Job) -> Response:
    accepted = reply({"job": rendering.job(job)}, status=202)
    accepted.headers["Location"] = f"/api/v1/jobs/{job.id}"
    return accepted


def job(service: Service, job_id: str) -> Response:
    if sse.wanted():
        return sse.stream(service.streams, progress(service.jobs.watch(job_id)))
    return reply(rendering.job(service.jobs.job(job_id)))


def jobs(service: Service, query: JobsQuery) -> Response:
    return reply({"jobs": [rendering.job_in_short(one) for one in service.jobs.latest(query.limit)]})


def progress(states: Iterator[Job]) -> Iterator[sse.Named]:
    """A job's states as events; the last one, which has ended, is `done`."""
    for state in states:
        ended = state.state not in ("queued", "running")
        yield "done" if ended else "progress", rendering.job(state)


def cancel_job(service: Service, job_id: str) -> Response:
    return reply(rendering.job(service.jobs.cancel(job_id)))


def passage(service: Service, passage_id: str) -> Response:
    library = service.pipeline.library
    return reply(rendering.neighbours(library.passage(passage_id), *library.neighbours(passage_id)))


def feedback(service: Service, body: FeedbackRequest) -> Response:
    line = {**body.model_dump(), "at": datetime.now(UTC).isoformat(timespec="seconds")}
    with service.feedback_lock, (service.settings.data / "feedback.jsonl").open("a", encoding="utf-8") as file:
        file.write(dump(line) + "\n")
    return Response(status=204)


def verify(service: Service) -> Response:
    with service.works.place():
        return reply({"findings": service.pipeline.library.verify()})


def list_models(service: Service) -> Response:
    return reply(models.listing(service))


def use_model(service: Service, body: UseModelRequest) -> Response:
    return started(models.use(service, body.model))


def tune_model(service: Service) -> Response:
    return started(models.tune(service))


def healthz(service: Service) -> Response:
    return reply({"status": "alive", "name": "yinju", "version": __version__})


def readyz(service: Service) -> Response:
    waiting = ["stopping"] if service.stopping.is_set() else list(service.waiting)
    if waiting:
        names = "，".join({**PARTS, "stopping": "服务正在停下"}[part] for part in waiting)
        missing = tuple((f"/{part}", "还没有好") for part in waiting)
        raise Problem("not_ready", f"{names}。请过几秒再试。", missing, job=service.first_reading)
    state = service.pipeline.library.state()
    return reply(
        {
            "status": "ready",
            "documents": state.documents,
            "passages": state.passages,
            "revision": state.revision,
            "model": state.model,
            "model_name": state.model_name,
            "changing_to": state.changing_to or None,
            "indexes": dict(state.indexes),
        }
    )


ASKED = (("sources", SourcesJson), ("delta", DeltaJson), ("done", AnswerJson))
CHECKED = (("sentence", VerdictJson), ("done", CheckedJson))
FOLLOWED = (("progress", JobJson), ("done", JobJson))
V1 = "/api/v1"

ROUTES: tuple[Route, ...] = (
    Route(
        "POST",
        f"{V1}/ask",
        ask,
        "提问，回答带出处",
        AnswerJson,
        body=AskRequest,
        body_bytes=guard.ASK_BYTES,
        events=ASKED,
        errors=("not_found", "no_language_model", "history_and_conversation", "overloaded"),
    ),
    Route("POST", f"{V1}/search", search, "检索段落", SearchJson, body=SearchRequest, errors=("overloaded",)),
    Route(
        "GET",
        f"{V1}/figures",
        figures,
        "资料里写到的数字，一个一行；Accept: text/csv 时是表格文件",
        FiguresJson,
        query=FiguresQuery,
        errors=("overloaded",),
    ),
    Route(
        "POST",
        f"{V1}/check",
        check_draft,
        "核对草稿：逐句说明有没有出处、哪里不一样",
        CheckedJson,
        body=CheckRequest,
        body_bytes=guard.CHECK_BYTES,
        events=CHECKED,
        errors=("overloaded",),
    ),
    Route("GET", f"{V1}/documents", documents, "资料一览", DocumentsJson, query=DocumentsQuery),
    Route(
        "POST",
        f"{V1}/documents",
        add_documents,
        "加入资料：文件，或 JSON 里的文字",
        StartedJson,
        status=202,
        body=UploadRequest,
        files=True,
        idempotent_by_key=True,
        errors=("overloaded",),
    ),
    Route("GET", f"{V1}/documents/{{document_id}}", document, "一篇资料", DocumentJson),
    Route("GET", f"{V1}/documents/{{document_id}}/text", document_text, "一篇资料的全文", TextJson, query=TextQuery),
    Route(
        "GET",
        f"{V1}/documents/{{document_id}}/differences",
        document_differences,
        "一篇资料与几乎相同的另一篇有何不同",
        DifferencesJson,
        query=DifferencesQuery,
        errors=("overloaded",),
    ),
    Route("DELETE", f"{V1}/documents/{{document_id}}", delete_document, "删去一篇资料", status=204),
    Route("POST", f"{V1}/documents/{{document_id}}/restore", restore_document, "恢复删去的资料", DocumentJson),
    Route(
        "POST",
        f"{V1}/sync",
        sync,
        "与资料文件夹对齐",
        StartedJson,
        status=202,
        body=SyncRequest,
        body_may_be_empty=True,
        errors=("overloaded",),
    ),
    Route("GET", f"{V1}/jobs", jobs, "最近的后台工作，新的在前", JobsJson, query=JobsQuery),
    Route("GET", f"{V1}/jobs/{{job_id}}", job, "一件后台工作的进度", JobJson, events=FOLLOWED, errors=("overloaded",)),
    Route("DELETE", f"{V1}/jobs/{{job_id}}", cancel_job, "停止一件后台工作", JobJson),
    Route("GET", f"{V1}/passages/{{passage_id}}", passage, "一个段落和它前后的段落", NeighboursJson),
    Route("POST", f"{V1}/feedback", feedback, "对回答的评价", status=204, body=FeedbackRequest),
    *conversations.ROUTES,
    *transcripts.ROUTES,
    Route("GET", f"{V1}/verify", verify, "核对资料库是否完好", FindingsJson, errors=("overloaded",)),
    Route("GET", f"{V1}/models", list_models, "向量模型：在用的、算过向量的、可以换用的", ModelsJson),
    Route(
        "POST",
        f"{V1}/models/use",
        use_model,
        "换用一个向量模型；算完之前仍用原来的回答",
        StartedJson,
        status=202,
        body=UseModelRequest,
        errors=("model_fixed", "library_busy"),
    ),
    Route(
        "POST",
        f"{V1}/models/tune",
        tune_model,
        "在这个资料库上调整向量的权重",
        StartedJson,
        status=202,
        errors=("library_busy",),
    ),
    Route("GET", "/healthz", healthz, "是否活着", AliveJson, needs_library=False),
    Route("GET", "/readyz", readyz, "是否可以提问", ReadyJson, errors=("not_ready",), needs_library=False),
    *citing.ROUTES,
    *openai_api.ROUTES,
    *mcp.ROUTES,
    *metrics.ROUTES,
)
