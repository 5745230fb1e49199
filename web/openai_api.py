"""OpenAI's chat format over our answers, so that programs made for it work unchanged with another base URL.

The last user message is the question, what was said before it the history. System messages and sampling settings change
nothing: the documents answer. Nothing is kept of such a chat, since its client sends all of it each time.
"""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Literal, NotRequired

from flask import Response, request
from pydantic import BaseModel, Field
from typing_extensions import TypedDict

from qa.citing.marks import answer_text
from qa.config import MAX_HISTORY_CHARS, MAX_HISTORY_TURNS
from qa.types import Answer, Delta, Event, Turn
from web import rendering, sse
from web.errors import OpenAIErrorJson, Problem, openai_error
from web.rendering import dump, reply
from web.routing import Route
from web.service import Service
from web.shapes import AnswerJson, CitationJson, NearJson

MODEL = "yinju"
SINCE = 1763769600  # when the model first stood there, as the format wants to know: 2025-11-22
CHAT_BYTES = 1024 * 1024  # front ends send a whole chat each time
MARK = re.compile(r"\[(\d+)\]")
# Counted as usage: each Chinese character, each run of letters or digits, each other sign.
CHINESE = "[\u3400-\u9fff\U00020000-\U0003ffff]"
TOKEN = re.compile(rf"{CHINESE}|(?:(?!{CHINESE})\w)+|[^\w\s]")


class PartIn(BaseModel):
    type: str
    text: str | None = None


class MessageIn(BaseModel):
    """What else a message may carry (names, tool calls) is left alone."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[PartIn] | None = None

    def said(self) -> str:
        """Its text. Raises `invalid_field` for a picture or a sound."""
        if isinstance(self.content, str) or self.content is None:
            return self.content or ""
        if any(part.type != "text" for part in self.content):
            raise Problem("invalid_field", "只能问文字，不能问图片、声音或文件。", (("/messages", "只能是文字"),))
        return "\n".join(part.text or "" for part in self.content)


class StreamOptionsIn(BaseModel):
    include_usage: bool | None = False


class ChatRequest(BaseModel):
    """What has no meaning here (temperature, tools, seed) is left alone."""

    messages: Annotated[list[MessageIn], Field(min_length=1, max_length=2000)]
    model: str = MODEL
    stream: bool | None = False
    stream_options: StreamOptionsIn | None = None

    def asked(self) -> tuple[str, tuple[Turn, ...]]:
        """The question and as many of the turns before it as fit. Raises `invalid_field`."""
        said = [(one.role, one.said()) for one in self.messages]
        last = max((at for at, (role, _) in enumerate(said) if role == "user"), default=-1)
        if last < 0:
            raise Problem("invalid_field", "messages 里没有 user 的话。", (("/messages", "要有一条 user"),))
        return said[last][1], _fitting(said[:last])


class UrlCitationJson(TypedDict):
    """`start_index` and `end_index` are where the mark stands in the content, in characters, end exclusive."""

    start_index: int
    end_index: int
    url: str
    title: str


class AnnotationJson(TypedDict):
    type: Literal["url_citation"]
    url_citation: UrlCitationJson


class MessageJson(TypedDict):
    role: Literal["assistant"]
    content: str
    refusal: None
    annotations: list[AnnotationJson]


class ChoiceJson(TypedDict):
    index: int
    message: MessageJson
    finish_reason: Literal["stop"]
    logprobs: None


class UsageJson(TypedDict):
    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class ChatJson(TypedDict):
    """`citations`, `near` and `status` are those of POST /api/v1/ask, beyond OpenAI's own format."""

    id: str
    object: Literal["chat.completion"]
    created: int
    model: str
    choices: list[ChoiceJson]
    usage: UsageJson
    status: str
    citations: list[CitationJson]
    near: list[NearJson]


class PieceJson(TypedDict):
    role: NotRequired[Literal["assistant"]]
    content: NotRequired[str]
    annotations: NotRequired[list[AnnotationJson]]


class PieceChoiceJson(TypedDict):
    index: int
    delta: PieceJson
    finish_reason: Literal["stop"] | None
    logprobs: None


class ChunkJson(TypedDict):
    id: str
    object: Literal["chat.completion.chunk"]
    created: int
    model: str
    choices: list[PieceChoiceJson]
    usage: NotRequired[UsageJson | None]
    status: NotRequired[str]
    citations: NotRequired[list[CitationJson]]
    near: NotRequired[list[NearJson]]


class ModelJson(TypedDict):
    id: str
    object: Literal["model"]
    created: int
    owned_by: str


class ModelsJson(TypedDict):
    object: Literal["list"]
    data: list[ModelJson]


def _fitting(said: Sequence[tuple[str, str]]) -> tuple[Turn, ...]:
    """The newest turns of user and assistant that fit the limits of a question's history."""
    turns: list[Turn] = []
    left = MAX_HISTORY_CHARS
    for role, text in reversed(said):
        left -= len(text)
        if left < 0 or len(turns) == MAX_HISTORY_TURNS:
            break
        if role == "user" or role == "assistant":
            turns.insert(0, (role, text))  # type: ignore[arg-type]
    return tuple(turns)


def chat_completions(service: Service, body: ChatRequest) -> Response:
    question, history = body.asked()
    events = service.pipeline.ask(question, history=history)
    prompt = sum(tokens(one.said()) for one in body.messages)
    address = request.host_url.rstrip("/")
    if body.stream:
        wants_usage = bool(body.stream_options and body.stream_options.include_usage)
        return sse.stream(service.streams, _chunks(events, address, prompt, wants_usage), _framed)
    with service.works.place():
        *_, last = events
    assert isinstance(last, Answer)
    return reply(completion(rendering.answer(last), address, prompt))


def models(service: Service) -> Response:
    return reply({"object": "list", "data": [model()]})


def one_model(service: Service, model_id: str) -> Response:
    if model_id != MODEL:
        raise Problem("not_found", f"没有模型 {model_id}，可用的是 {MODEL}。")
    return reply(model())


def model() -> ModelJson:
    return {"id": MODEL, "object": "model", "created": SINCE, "owned_by": "yinju"}


def tokens(text: str) -> int:
    """How many tokens a text is counted as."""
    return sum(1 for _ in TOKEN.finditer(text))


def usage(prompt: int, said: str) -> UsageJson:
    answer = tokens(said)
    return {"prompt_tokens": prompt, "completion_tokens": answer, "total_tokens": prompt + answer}


def url_citations(answer: AnswerJson, address: str) -> list[AnnotationJson]:
    """Each mark of the answer's text as a citation that front ends can show."""
    cited = {one["number"]: one for one in answer["citations"]}
    return [
        {
            "type": "url_citation",
            "url_citation": {
                "start_index": mark.start(),
                "end_index": mark.end(),
                "url": address + cited[int(mark[1])]["url"],
                "title": cited[int(mark[1])]["title"],
            },
        }
        for mark in MARK.finditer(answer["answer"])
        if int(mark[1]) in cited
    ]


def completion(answer: AnswerJson, address: str, prompt: int) -> ChatJson:
    message: MessageJson = {
        "role": "assistant",
        "content": answer["answer"],
        "refusal": None,
        "annotations": url_citations(answer, address),
    }
    return {
        "id": f"chatcmpl-{answer['id']}",
        "object": "chat.completion",
        "created": int(time.time()),
        "model": MODEL,
        "choices": [{"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}],
        "usage": usage(prompt, answer["answer"]),
        "status": answer["status"],
        "citations": answer["citations"],
        "near": answer["near"],
    }


def _chunks(events: Iterator[Event], address: str, prompt: int, wants_usage: bool) -> Iterator[sse.Named]:
    """The answer in pieces. The last piece carries the citations; then, where wanted, one with the usage alone."""
    name, created, sent = f"chatcmpl-{uuid.uuid4().hex}", int(time.time()), ""

    def chunk(delta: PieceJson, ends: bool = False) -> ChunkJson:
        choice: PieceChoiceJson = {
            "index": 0,
            "delta": delta,
            "finish_reason": "stop" if ends else None,
            "logprobs": None,
        }
        made: ChunkJson = {
            "id": name,
            "object": "chat.completion.chunk",
            "created": created,
            "model": MODEL,
            "choices": [choice],
        }
        return {**made, "usage": None} if wants_usage else made

    for event in events:
        if isinstance(event, Delta):
            yield "chunk", chunk({"role": "assistant", "content": event.text} if not sent else {"content": event.text})
            sent += event.text
        elif isinstance(event, Answer):
            whole = rendering.answer(event)
            if rest := _missing(sent, answer_text(event.blocks)):
                yield "chunk", chunk({"role": "assistant", "content": rest} if not sent else {"content": rest})
            last = chunk({"annotations": url_citations(whole, address)}, ends=True)
            shown = {"status": whole["status"], "citations": whole["citations"], "near": whole["near"]}
            yield "chunk", {**last, **shown}
            if wants_usage:
                yield "chunk", {**last, "choices": [], "usage": usage(prompt, whole["answer"])}
    yield "end", {}


def _missing(sent: str, whole: str) -> str:
    """What the pieces lack of the answer. Pieces that turned out otherwise are followed by the answer itself."""
    return whole[len(sent) :] if whole.startswith(sent) else f"\n\n{whole}"


def _framed(name: str, data: Mapping[str, object]) -> str:
    """An event as OpenAI sends it: no name, and a word of its own at the end."""
    match name:
        case "end":
            return "data: [DONE]\n\n"
        case "error":
            return f"data: {dump(openai_error(data))}\n\n"
        case _:
            return f"data: {dump(data)}\n\n"


ROUTES: tuple[Route, ...] = (
    Route(
        "POST",
        "/v1/chat/completions",
        chat_completions,
        "提问，用 OpenAI 的格式",
        ChatJson,
        body=ChatRequest,
        body_bytes=CHAT_BYTES,
        events=(("", ChunkJson),),
        errors=("overloaded",),
        refuses=OpenAIErrorJson,
    ),
    Route(
        "GET",
        "/v1/models",
        models,
        "可用的模型，用 OpenAI 的格式",
        ModelsJson,
        needs_library=False,
        refuses=OpenAIErrorJson,
    ),
    Route(
        "GET",
        "/v1/models/{model_id}",
        one_model,
        "一个模型，用 OpenAI 的格式",
        ModelJson,
        needs_library=False,
        refuses=OpenAIErrorJson,
    ),
)
