"""Errors as clients see them: RFC 9457 problem details, one table from code to status. No trace ever leaves here."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass

from flask import Flask, Response, g, request
from typing_extensions import TypedDict
from werkzeug.exceptions import HTTPException

from qa.errors import YinjuError
from web.shapes import FieldErrorJson, ProblemJson

logger = logging.getLogger(__name__)

# code → (status, title)
PROBLEMS: dict[str, tuple[int, str]] = {
    "bad_json": (400, "请求不是规范的 JSON"),
    "bad_request": (400, "请求无法理解"),
    "no_key": (401, "需要钥匙"),
    "not_allowed": (403, "不允许"),
    "not_found": (404, "没有找到"),
    "method_not_allowed": (405, "不支持这种操作"),
    "no_language_model": (409, "没有配置语言模型"),
    "history_and_conversation": (409, "历史与会话只能给一个"),
    "model_fixed": (409, "模型由 QA_MODEL 设定"),
    "library_busy": (409, "资料库正忙"),
    "too_large": (413, "太大"),
    "file_too_large": (413, "文件太大"),
    "unsupported_media_type": (415, "不支持这种内容类型"),
    "invalid_field": (422, "字段不能用"),
    "empty_file": (422, "文件是空的"),
    "binary_file": (422, "不是文字"),
    "unsupported_format": (422, "不支持这种格式"),
    "unreadable_file": (422, "文件打不开"),
    "type_mismatch": (422, "文件内容与扩展名不符"),
    "encrypted_file": (422, "文件加了密码"),
    "protected_file": (422, "文件受保护"),
    "archive_too_large": (413, "文件解开后太大"),
    "slow_down": (429, "请求太快"),
    "internal": (500, "服务内部出错"),
    "library_damaged": (500, "资料库损坏"),
    "overloaded": (503, "正忙"),
    "not_ready": (503, "还没有准备好"),
    "library_in_use": (503, "资料库正被使用"),
    "model_unavailable": (503, "模型不可用"),
    "bad_setting": (503, "设置不能用"),
    "missing_seeds": (503, "找不到资料文件夹"),
    "empty_seeds": (503, "资料文件夹空了"),
    "unreadable_seeds": (503, "资料文件夹打不开"),
}
RETRY_AFTER_S = {"slow_down": 1, "overloaded": 1, "not_ready": 2, "library_busy": 1}


@dataclass(eq=False)
class Problem(Exception):
    """A refusal at the door. `detail` is Chinese and says what to do next; `errors` name fields by JSON pointer."""

    code: str
    detail: str
    errors: tuple[tuple[str, str], ...] = ()
    status: int | None = None
    allow: str | None = None
    job: str | None = None  # the job whose end is awaited
    retry_after: int | None = None  # seconds, where the table's are not right

    def __str__(self) -> str:
        return f"{self.code}: {self.detail}"


def problem_of(error: Exception) -> Problem:
    """Any exception as a problem. What nobody foresaw is logged with its trace and told without it."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, YinjuError):
        if error.code not in PROBLEMS:
            logger.error("error code %s has no status", error.code)
        return Problem(error.code, str(error), ((error.field, error.message),) if error.field else ())
    if isinstance(error, HTTPException):
        return _of_http(error)
    logger.error("request %s failed", request_id(), exc_info=error)
    return Problem("internal", f"服务内部出错了。请重试；还不行，请带上请求编号 {request_id()} 反馈。")


def _of_http(error: HTTPException) -> Problem:
    match error.code:
        case 404:
            return Problem("not_found", "没有这个地址。可用的接口见 /api/docs。")
        case 405:
            allowed = ", ".join(sorted(set(getattr(error, "valid_methods", None) or ())))
            return Problem("method_not_allowed", f"这个地址不支持这种操作，可用的是：{allowed}。", allow=allowed)
        case 413:
            return Problem("too_large", "请求太大了。请分几次发送。")
        case 415:
            return Problem("unsupported_media_type", "请用 application/json 发送。")
        case _:
            return Problem("bad_request", "请求无法理解。接口的写法见 /api/docs。", status=error.code or 400)


def body_of(problem: Problem) -> ProblemJson:
    """The problem as clients read it."""
    status, title = PROBLEMS.get(problem.code, (500, "出错"))
    body: ProblemJson = {
        "type": f"/api/docs#{problem.code}",
        "title": title,
        "status": problem.status or status,
        "detail": problem.detail,
        "code": problem.code,
        "request_id": request_id(),
    }
    if problem.errors:
        body["errors"] = [FieldErrorJson(pointer=pointer, detail=detail) for pointer, detail in problem.errors]
    if problem.job:
        body["job"] = problem.job
    return body


class OpenAIFaultJson(TypedDict):
    message: str
    type: str
    param: str | None
    code: str


class OpenAIErrorJson(TypedDict):
    """An error as OpenAI's clients read it; `code` is our own."""

    error: OpenAIFaultJson


OPENAI_TYPES = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}


def openai_status(status: int) -> int:
    """OpenAI says 400 of every field that it cannot use."""
    return 400 if status == 422 else status


def openai_error(problem: Mapping[str, object]) -> OpenAIErrorJson:
    """A problem's body in OpenAI's shape."""
    status, fields = int(str(problem["status"])), problem.get("errors")
    kind = OPENAI_TYPES.get(status, "server_error" if status >= 500 else "invalid_request_error")
    param = str(fields[0]["pointer"]).strip("/").replace("/", ".") or None if isinstance(fields, list) else None
    message = str(problem["detail"])
    return {"error": {"message": message, "type": kind, "param": param, "code": str(problem["code"])}}


def reply_of(problem: Problem) -> Response:
    """The problem as a reply of its own, in the shape that the address speaks."""
    body = body_of(problem)
    sent: Mapping[str, object] = body
    status, media = body["status"], "application/problem+json"
    if request and request.path.startswith("/v1/"):
        sent, status, media = openai_error(body), openai_status(status), "application/json"
    reply = Response(json.dumps(sent, ensure_ascii=False), status=status, content_type=media)
    if problem.code in RETRY_AFTER_S:
        reply.headers["Retry-After"] = str(problem.retry_after or RETRY_AFTER_S[problem.code])
    if problem.code == "no_key":
        reply.headers["WWW-Authenticate"] = "Bearer"
    if problem.allow:
        reply.headers["Allow"] = problem.allow
    return reply


def request_id() -> str:
    """The id of the request at hand, "" outside one."""
    return g.get("request_id", "") if g else ""


def install(app: Flask) -> None:
    """Every error of the app becomes a problem."""
    app.register_error_handler(Exception, lambda error: reply_of(problem_of(error)))
