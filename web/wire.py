"""JSON in → checked arguments. Strict: a wrong type, an unknown field or a limit out of range names its place."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal, Self, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, WithJsonSchema, model_validator

from qa.config import MAX_HISTORY_CHARS, MAX_HISTORY_TURNS, MAX_QUESTION_CHARS, MAX_TEXT_CHARS, MAX_TOP_K
from qa.types import Filters, Turn
from web.errors import Problem
from web.shapes import Level

MAX_DOCUMENTS_AT_ONCE = 200
DATE = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?", re.ASCII)


def _said(text: str) -> str:
    if not text.strip():
        raise ValueError("不能是空的")
    return text


def _as_exact_as_known(text: str) -> str:
    match = DATE.fullmatch(text)
    try:
        if match is None:
            raise ValueError
        date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
    except ValueError:
        raise ValueError("日期写成 2024、2024-04 或 2024-04-02") from None
    return text


# Where a page of the list ended: the ordinal of the source and the part within it.
Place = tuple[int, int]

Words = Annotated[str, AfterValidator(_said)]
Question = Annotated[Words, Field(max_length=MAX_QUESTION_CHARS, min_length=1)]
Short = Annotated[str, Field(max_length=200)]
Id = Annotated[Words, Field(max_length=200, min_length=1)]
Date = Annotated[str, AfterValidator(_as_exact_as_known), WithJsonSchema({"type": "string", "pattern": DATE.pattern})]


class Request(BaseModel):
    """What every request body has in common: exact types, no field that we do not know."""

    model_config = ConfigDict(strict=True, extra="forbid")


class TurnIn(Request):
    role: Literal["user", "assistant"]
    content: str = Field(max_length=MAX_HISTORY_CHARS)


class UseModelRequest(Request):
    model: Id


class FiltersIn(Request):
    document_ids: list[Id] = []
    places: list[Id] = []
    levels: list[Level] = []
    kinds: list[Id] = []
    published_from: Date | None = None
    published_to: Date | None = None

    def noun(self) -> Filters:
        return Filters(
            document_ids=tuple(self.document_ids),
            places=tuple(self.places),
            levels=tuple(self.levels),
            kinds=tuple(self.kinds),
            published_from=self.published_from,
            published_to=self.published_to,
        )


class AskRequest(Request):
    question: Question
    history: list[TurnIn] = Field([], max_length=MAX_HISTORY_TURNS)
    conversation_id: Id | None = None
    filters: FiltersIn = FiltersIn()
    max_citations: int = Field(6, ge=1, le=20)
    mode: Literal["auto", "extractive", "generative"] = "auto"
    stream: bool = False
    keep: bool = True

    @model_validator(mode="after")
    def _history_is_short(self) -> Self:
        if sum(len(turn.content) for turn in self.history) > MAX_HISTORY_CHARS:
            raise ValueError(f"history 合计不能超过 {MAX_HISTORY_CHARS} 个字，请只留最近的几轮")
        return self

    def turns(self) -> tuple[Turn, ...]:
        return tuple((turn.role, turn.content) for turn in self.history)


class ConversationsQuery(BaseModel):
    """Read from the address, so numbers come as digits."""

    limit: int = Field(50, ge=1, le=200)
    cursor: str = Field("", max_length=1000)

    def before(self) -> int | None:
        """Where the last page ended."""
        return read_cursor(self.cursor)[0] if self.cursor else None


class SearchRequest(Request):
    query: Question
    top_k: int = Field(10, ge=1, le=MAX_TOP_K)
    filters: FiltersIn = FiltersIn()
    within: Literal["text", "headings"] = Field("text", alias="in")


class CheckRequest(Request):
    """A draft over the limit is too large, which the pipeline says; the offsets of the reply count into `text`."""

    text: Annotated[Words, Field(min_length=1)]
    filters: FiltersIn = FiltersIn()
    stream: bool = False


class DocumentIn(Request):
    external_id: Id | None = None
    title: Annotated[str, Field(max_length=500)] | None = None
    text: Annotated[Words, Field(max_length=MAX_TEXT_CHARS, min_length=1)]
    published: Date | None = None
    place: Short | None = None
    publisher: Short | None = None


class UploadRequest(Request):
    documents: list[DocumentIn] = Field(min_length=1, max_length=MAX_DOCUMENTS_AT_ONCE)


class SyncRequest(Request):
    dry_run: bool = False
    force: bool = False


class JobsQuery(BaseModel):
    """Read from the address, so numbers come as digits."""

    limit: int = Field(10, ge=1, le=100)


class FeedbackRequest(Request):
    answer_id: Id
    vote: Literal["up", "down"]
    comment: str = Field("", max_length=2000)


class DocumentsQuery(BaseModel):
    """Read from the address, so numbers come as digits."""

    limit: int = Field(50, ge=1, le=200)
    cursor: str = Field("", max_length=1000)
    q: Short = ""
    level: Literal["", "省级", "市级", "县级"] = ""
    place: Short = ""
    kind: Short = ""

    def after(self) -> Place | None:
        """Where the last page ended."""
        return read_cursor(self.cursor) if self.cursor else None


class FiguresQuery(BaseModel):
    """`sort`: value, year, place or metric, with a minus the other way round; "" for what fits best first."""

    q: str = Field("", max_length=MAX_QUESTION_CHARS)
    level: Literal["", "省级", "市级", "县级"] = ""
    place: Short = ""
    sort: Literal["", "value", "-value", "year", "-year", "place", "metric"] = ""
    limit: int = Field(200, ge=1, le=1000)
    offset: int = Field(0, ge=0, le=1_000_000)


class TextQuery(BaseModel):
    """`dropped`: also what the text leaves out."""

    dropped: bool = False


class DifferencesQuery(BaseModel):
    other: Id = Field(alias="with")


Model = TypeVar("Model", bound=BaseModel)


def check(model: type[Model], data: Mapping[str, object]) -> Model:
    """The request as its model, or a problem that names each place at fault."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        errors = tuple((_pointer(fault["loc"]), _explain(fault)) for fault in error.errors(include_url=False))
    listed = "；".join(f"{pointer or '/'} {detail}" for pointer, detail in errors[:5])
    raise Problem("invalid_field", f"请求里有 {len(errors)} 处不能用：{listed}。请改正后再发。", errors)


def cursor(after: tuple[int, ...]) -> str:
    """Where a page of the list ended, opaque and URL-safe."""
    return base64.urlsafe_b64encode(json.dumps(after, ensure_ascii=False).encode()).decode().rstrip("=")


def read_cursor(text: str) -> Place:
    """The inverse of `cursor`."""
    try:
        after = json.loads(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True))
        source, part = after
        if not (type(source) is type(part) is int and 0 <= source < 2**63 and 0 <= part < 2**63):
            raise ValueError
    except (ValueError, TypeError, binascii.Error, RecursionError):
        detail = "不是这里给出的 next；请从第一页重新翻起"
        raise Problem("invalid_field", f"/cursor {detail}。", (("/cursor", detail),)) from None
    return source, part


def _pointer(place: tuple[int | str, ...]) -> str:
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in place)


def _explain(fault: Mapping) -> str:
    context = fault.get("ctx") or {}
    match fault["type"]:
        case "missing":
            return "缺这一项"
        case "extra_forbidden":
            return "没有这一项"
        case "string_type":
            return "应为文字"
        case "int_type" | "int_parsing" | "int_from_float" | "int_parsing_size":
            return "应为整数"
        case "bool_type":
            return "应为 true 或 false"
        case "list_type":
            return "应为列表"
        case "model_type" | "model_attributes_type" | "dict_type":
            return "应为对象"
        case "string_too_short":
            return "不能是空的"
        case "string_too_long":
            return f"不能超过 {context['max_length']} 个字"
        case "too_short":
            return f"至少要有 {context['min_length']} 项"
        case "too_long":
            return f"不能超过 {context['max_length']} 项"
        case "greater_than_equal":
            return f"不能小于 {context['ge']}"
        case "less_than_equal":
            return f"不能大于 {context['le']}"
        case "literal_error":
            return f"只能是 {context['expected'].replace(' or ', '、').replace(', ', '、')}"
        case "value_error":
            return str(context["error"])
        case _:
            return "不能用"
