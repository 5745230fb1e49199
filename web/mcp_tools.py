"""The tools that assistants get: what each takes, what it is for, and which call of /api/v1 it is.

Results are the API's own, less what only fills an assistant's context: scores, timings, passages around a quotation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Generic, Literal, TypeVar
from urllib.parse import quote, urlencode

from pydantic import BaseModel, ConfigDict, Field

from web.client import Api, call
from web.shapes import Level
from web.wire import Id, Question, Short, Words, check

MOST_CHARS = 20_000  # of a document at once

Json = dict[str, object]
QUOTED = (
    "number", "title", "place", "published", "publisher", "page", "page_kind", "quote", "document_id", "start", "end",
    "url",
)  # fmt: skip


class Taken(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Narrowed(Taken):
    place: Annotated[Short, Field(description="只看这个地区，例如 云泽省；空为不限")] = ""
    level: Annotated[Level | None, Field(description="只看这一级")] = None

    def filters(self) -> Json:
        return {"places": [self.place] if self.place else [], "levels": [self.level] if self.level else []}


class Searched(Narrowed):
    query: Annotated[Question, Field(description="检索词或一句话")]
    top_k: Annotated[int, Field(ge=1, le=30, description="最多几段")] = 8


class Asked(Narrowed):
    question: Annotated[Question, Field(description="一个能单独看懂的问题")]
    max_citations: Annotated[int, Field(ge=1, le=20, description="最多引用几处")] = 6


class Checked(Narrowed):
    text: Annotated[Words, Field(min_length=1, max_length=5000, description="要核对的一句或几句话")]


class Opened(Taken):
    document_id: Annotated[Id, Field(description="其他工具返回的 document_id")]
    start: Annotated[int, Field(ge=0, description="从正文第几个字起")] = 0
    length: Annotated[int, Field(ge=1, le=MOST_CHARS, description="最多几个字")] = 4000


class Figured(Taken):
    query: Annotated[Short, Field(description="数的是什么，例如 社区图书室")]
    place: Annotated[Short, Field(description="只看这个地区；空为不限")] = ""
    level: Annotated[Level | None, Field(description="只看这一级")] = None
    sort: Annotated[
        Literal["", "value", "-value", "year", "-year"], Field(description="按数值或年份排，带减号为从大到小")
    ] = ""  # fmt: skip
    limit: Annotated[int, Field(ge=1, le=200, description="最多几行")] = 50


Given = TypeVar("Given", bound=Taken)


@dataclass(frozen=True)
class Tool(Generic[Given]):
    """A tool: its name and what it says of itself, what it takes, and how it is done."""

    name: str
    title: str
    description: str
    takes: type[Given]
    run: Callable[[Api, Given], Json]

    def call(self, api: Api, arguments: Mapping[str, object]) -> Json:
        """Its result. Raises Problem for arguments that it does not take, and what the API refuses."""
        return self.run(api, check(self.takes, arguments))


def search(api: Api, given: Searched) -> Json:
    body = {"query": given.query, "top_k": given.top_k, "filters": given.filters()}
    found = call(api, "POST", "/api/v1/search", body)["results"]
    return {"results": [_passage(api, one) for one in found]}


def _passage(api: Api, result: Mapping) -> Json:
    document, passage = result["document"], result["passage"]
    told = {name: document[name] for name in ("title", "place", "published", "publisher", "page")}
    return {
        "text": passage["text"],
        **told,
        "heading": result["heading"],
        "document_id": document["id"],
        "start": passage["start"],
        "end": passage["end"],
        "url": f"{api.address}/documents/{document['id']}",
    }


def ask(api: Api, given: Asked) -> Json:
    body = {"question": given.question, "max_citations": given.max_citations, "filters": given.filters(), "keep": False}
    said = call(api, "POST", "/api/v1/ask", body)
    return {
        "status": said["status"],
        "answer": said["answer"],
        "citations": [_quotation(api, one) for one in said["citations"]],
        "near": [_quotation(api, one) for one in said["near"]],
        "table": said["table"],
        "conflicts": said["conflicts"],
    }


def _quotation(api: Api, citation: Mapping) -> Json:
    told = {name: citation[name] for name in QUOTED if name in citation}
    return {**told, "url": api.address + citation["url"]}


def check_citation(api: Api, given: Checked) -> Json:
    judged = call(api, "POST", "/api/v1/check", {"text": given.text, "filters": given.filters()})
    return {
        "summary": judged["summary"],
        "sentences": [
            {
                "text": one["text"],
                "verdict": one["verdict"],
                "verbatim": one["verbatim"],
                "differences": one["differences"],
                "evidence": [_quotation(api, shown) for shown in one["evidence"]],
            }
            for one in judged["sentences"]
        ],
    }


def get_document(api: Api, given: Opened) -> Json:
    path = f"/api/v1/documents/{quote(given.document_id, safe='')}"
    document = call(api, "GET", path)
    text = call(api, "GET", f"{path}/text")["text"]
    end = min(given.start + given.length, len(text))
    told = {name: document[name] for name in ("id", "title", "place", "kind", "published", "publisher", "file", "page")}
    shown = {"text": text[given.start : end], "start": given.start, "end": end, "characters": len(text)}
    return {**told, **shown, "url": f"{api.address}/documents/{document['id']}"}


def list_figures(api: Api, given: Figured) -> Json:
    asked = {"q": given.query, "place": given.place, "sort": given.sort, "limit": given.limit}
    found = call(api, "GET", f"/api/v1/figures?{urlencode({**asked, 'level': given.level or ''})}")
    figures = [{**one, "citation": _quotation(api, one["citation"])} for one in found["figures"]]
    return {"figures": figures, "total": found["total"]}


TOOLS: tuple[Tool, ...] = (
    Tool("search", "检索段落", "在资料库里找与一句话最相关的段落，返回原文、出处和位置。", Searched, search),
    Tool(
        "ask",
        "提问",
        "用资料库里的原句回答一个问题，每句带编号出处；资料里没有的直说没有（status 为 no_evidence）。",
        Asked,
        ask,
    ),
    Tool(
        "check_citation",
        "核对引用",
        "逐句核对文字与资料是否一致：supported 有依据、contradicted 与资料不符（differences 说明哪里不同）、"
        "not_found 资料里没有、not_a_claim 不是事实陈述；附依据的原句。",
        Checked,
        check_citation,
    ),
    Tool("get_document", "看原文", "一篇资料的说明和正文；长文从 start 起分段取。", Opened, get_document),
    Tool(
        "list_figures",
        "列出数字",
        "资料里写到的数字，一个一行：数的是什么、多少、单位、哪里、哪年、原句。适合多地多年比较。",
        Figured,
        list_figures,
    ),
)
