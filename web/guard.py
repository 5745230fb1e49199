"""The front door: who may ask, and what a body may be. One function a rule, so that no second door lets it slip."""

from __future__ import annotations

import ipaddress
import json
import re
import socket
import uuid
from typing import NoReturn

from flask import Flask, Request, Response, g, request
from werkzeug.exceptions import ClientDisconnected

from qa.config import Settings
from web.errors import Problem

JSON_BYTES = 64 * 1024
ASK_BYTES = 256 * 1024  # 20,000 characters of history take 120 KB where a client escapes them
CHECK_BYTES = 1280 * 1024  # 100,000 characters, each escaped as two halves
UPLOAD_BYTES = 256 * 1024 * 1024  # all files of one upload
TEXTS_BYTES = 64 * 1024 * 1024  # documents sent as JSON, which are read in memory
DEPTH = 32
DIGITS = 19  # more than 64 bits hold; longer ones cost quadratic time to read
SAFE_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
SAFE_METHODS = frozenset({"GET", "HEAD"})

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def hosts(settings: Settings) -> frozenset[str]:
    """The names under which this machine's own programs and pages reach us."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    names = {"127.0.0.1", "localhost", "[::1]", host}
    bare = names if settings.port == 80 else set()
    return frozenset({f"{name}:{settings.port}" for name in names} | bare)


def install(app: Flask, settings: Settings) -> None:
    """Every request passes here first, every reply last."""
    known = hosts(settings)

    @app.before_request
    def enter() -> None:
        given = request.headers.get("X-Request-ID", "")
        g.request_id = given if SAFE_ID.fullmatch(given) else uuid.uuid4().hex
        allowed = known if settings.loopback else known | others(request, settings)
        check_host(request, allowed)
        if request.method not in SAFE_METHODS:
            check_origin(request, known if settings.loopback else frozenset({request.host.lower()}), settings.loopback)

    @app.after_request
    def leave(reply: Response) -> Response:
        reply.headers["X-Request-ID"] = g.get("request_id") or uuid.uuid4().hex
        for name, value in HEADERS.items():
            reply.headers.setdefault(name, value)
        if "Cache-Control" not in reply.headers:
            reply.headers["Cache-Control"] = "no-store"
        return reply


def others(request: Request, settings: Settings) -> frozenset[str]:
    """The host of a request from another machine, where it is one of ours.

    An address always is: a foreign name that is made to point at us stays a name. Of names, this machine's own is, and
    those of the settings.
    """
    given = request.headers.get("Host", "").lower()
    name = re.sub(r":\d{1,5}$", "", given)
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        if name not in {socket.gethostname().lower(), *settings.names}:
            return frozenset()
    return frozenset({given})


def check_host(request: Request, known: frozenset[str]) -> None:
    """A foreign name that points at this machine (DNS rebinding) gets nothing."""
    if request.headers.get("Host", "").lower() not in known:
        raise Problem("not_allowed", "只回答发给本机地址的请求。请用 http://127.0.0.1 加端口号打开。")


def check_origin(request: Request, known: frozenset[str], loopback: bool = True) -> None:
    """Only our own page changes anything; programs send no Origin. For other machines a proxy may speak https."""
    origin = request.headers.get("Origin")
    own = origin is None or re.sub(r"^http://" if loopback else r"^https?://", "", origin.lower()) in known
    if not own or request.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin"):
        raise Problem("not_allowed", "不接受别的网站发来的请求。请在引据自己的页面上操作。")


def check_length(request: Request, limit: int) -> None:
    """A body says how long it is: servers cut a chunked one silently at the limit."""
    if request.content_length is None:
        if "Transfer-Encoding" in request.headers:
            raise Problem("too_large", "请求要用 Content-Length 说明长度，不能分块发送。", status=411)
        return
    if request.content_length > limit:
        raise Problem("too_large", f"请求超过了 {_readable(limit)}。请缩短，或分几次发送。")


def read_json(request: Request, limit: int = JSON_BYTES) -> dict[str, object]:
    """The body as one JSON object. Stricter than `json.loads`: nothing that two readers could read differently."""
    check_length(request, limit)
    if request.mimetype != "application/json":
        raise Problem("unsupported_media_type", "请用 Content-Type: application/json 发送。")
    body = _received(request)
    if len(body) > limit:
        raise Problem("too_large", f"请求超过了 {_readable(limit)}。请缩短，或分几次发送。")
    if len(body) != (request.content_length or 0):
        refuse("请求没有发完整")
    return parse(body)


def _received(request: Request) -> bytes:
    try:
        return request.get_data(cache=False)
    except ClientDisconnected:
        refuse("请求没有发完整")


def parse(body: bytes) -> dict[str, object]:
    """Strict JSON: UTF-8, no duplicate keys, no NaN or infinity, at most 32 deep, no NUL, no half characters."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        refuse("请求不是 UTF-8 文字")
    if _depth(text) > DEPTH:
        refuse(f"请求嵌套超过了 {DEPTH} 层")
    try:
        data = json.loads(
            text, object_pairs_hook=_once, parse_constant=_no_constant, parse_int=_integer, parse_float=_finite
        )
    except (ValueError, RecursionError):
        refuse("请求不是规范的 JSON")
    _check_characters(data)
    if not isinstance(data, dict):
        raise Problem("invalid_field", '请求应为一个 JSON 对象，例如 {"question": "…"}。', (("", "应为对象"),))
    return data


def refuse(why: str) -> NoReturn:
    """A body that is no JSON as we read it."""
    raise Problem("bad_json", f"{why}。请检查后再发，写法见 /api/docs。")


def _readable(size: int) -> str:
    return f"{size // 1024 // 1024} MB" if size >= 1024 * 1024 else f"{size // 1024} KB"


# A string, or a bracket outside of strings. A string that never ends is taken whole, so that the time stays linear.
STRUCTURE = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[\]{}]', re.DOTALL)
NO_CHARACTER = re.compile(r"[\0\ud800-\udfff]")


def _depth(text: str) -> int:
    depth = deepest = 0
    for match in STRUCTURE.finditer(text):
        if match[0] in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif match[0] in "]}":
            depth -= 1
    return deepest


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    keys = dict(pairs)
    if len(keys) != len(pairs):
        refuse("请求里有重复的键")
    return keys


def _no_constant(name: str) -> NoReturn:
    refuse(f"请求里有 {name}，它不是 JSON 的数")


def _integer(digits: str) -> int:
    if len(digits) > DIGITS:
        refuse("请求里的整数太长")
    return int(digits)


def _finite(digits: str) -> float:
    if len(digits) > 100 or abs(number := float(digits)) == float("inf"):
        refuse("请求里的数太大或太长")
    return number


def _check_characters(value: object) -> None:
    if isinstance(value, str):
        if NO_CHARACTER.search(value):
            refuse("请求里有不成字符的编码")
    elif isinstance(value, dict):
        for key, inner in value.items():
            _check_characters(key)
            _check_characters(inner)
    elif isinstance(value, list):
        for inner in value:
            _check_characters(inner)
