"""Keys: who may ask, who may change the library, and how often. Needed wherever others than this machine can reach us.

Kept in the data folder as SHA-256 of the key alone: a key is 256 random bits, which no dictionary shortens.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import math
import os
import re
import secrets
import threading
import time
from collections import OrderedDict
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from flask import Flask, g, request

from qa.config import Settings
from qa.errors import InvalidInput, NotFound, SettingsInvalid
from web.errors import Problem

FILE = "keys.json"
PREFIX = "yinju_"
NAME = re.compile(r"[\w.@-]{1,64}")
BEARER = re.compile(r"Bearer +(\S{1,300})", re.IGNORECASE)
# What asks without changing the library, though its method could; any other change is for editors.
ASKING = frozenset(
    {
        "/api/v1/ask",
        "/api/v1/search",
        "/api/v1/check",
        "/api/v1/check/docx",
        "/api/v1/citations/check",
        "/api/v1/citations/export",
        "/api/v1/export",
        "/api/v1/feedback",
        "/api/v1/conversations/<conversation_id>",
        "/v1/chat/completions",
        "/mcp",
    }
)
OPEN = ("/api/docs", "/api/v1/openapi.json", "/healthz", "/readyz")  # and the page itself, which asks with a key
GUARDED = ("/api/", "/v1/", "/mcp", "/metrics")
BURST_S = 10.0  # so many seconds' worth of requests may come at once
CALLERS = 10_000

Role = Literal["reader", "editor"]


@dataclass(frozen=True, slots=True)
class Key:
    """`hash`: SHA-256 of the key, in hex; the key itself is nowhere."""

    name: str
    role: Role
    hash: str
    created: str


class Keys:
    """The keys of a data folder; read again when the file changes, so that one added or removed counts at once."""

    def __init__(self, data: Path) -> None:
        self._path = data / FILE
        self._lock = threading.Lock()
        self._stamp: tuple[int, int] | None = None
        self._held: dict[str, Key] = {}

    def all(self) -> list[Key]:
        """In the order in which they were made. Raises SettingsInvalid for a file that cannot be read."""
        return list(self._current().values())

    def add(self, name: str, role: Role) -> str:
        """Make a key; the only time that it is told. Raises InvalidInput."""
        if not NAME.fullmatch(name):
            raise InvalidInput(f"名字 {name} 不能用", "请用 1 到 64 个字、字母、数字或 . @ - _。")
        known = self.all()
        if any(key.name == name for key in known):
            raise InvalidInput(f"已经有名为 {name} 的钥匙", "请换一个名字，或先删去它。")
        made = PREFIX + secrets.token_urlsafe(32)
        self._write([*known, Key(name, role, hashed(made), datetime.now(UTC).isoformat(timespec="seconds"))])
        return made

    def remove(self, name: str) -> None:
        """Raises NotFound."""
        known = self.all()
        left = [key for key in known if key.name != name]
        if len(left) == len(known):
            raise NotFound(f"没有名为 {name} 的钥匙", "请用 keys list 看看有哪些。")
        self._write(left)

    def find(self, given: str) -> Key | None:
        """The key that was given, if it is one."""
        sought = hashed(given)
        key = self._current().get(sought)
        return key if key is not None and hmac.compare_digest(key.hash, sought) else None

    def _current(self) -> dict[str, Key]:
        with self._lock:
            try:
                stat = self._path.stat()
            except FileNotFoundError:
                self._stamp, self._held = None, {}
                return self._held
            stamp = (stat.st_mtime_ns, stat.st_ino)
            if stamp != self._stamp:
                self._held, self._stamp = self._read(), stamp
            return self._held

    def _read(self) -> dict[str, Key]:
        try:
            keys = [Key(**one) for one in json.loads(self._path.read_text("utf-8"))]
        except (ValueError, TypeError) as error:
            hint = "请恢复它，或删去后用 keys add 重新做钥匙。"
            raise SettingsInvalid(f"钥匙文件 {self._path} 读不懂", hint) from error
        return {key.hash: key for key in keys}

    def _write(self, keys: list[Key]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._path.with_suffix(f".{os.getpid()}.tmp")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump([asdict(key) for key in keys], file, ensure_ascii=False, indent=1)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._path)


def hashed(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


class Pace:
    """How often each caller may come: a bucket for each that fills at an even pace. Thread-safe."""

    def __init__(self, per_minute: int) -> None:
        self._per_second = per_minute / 60
        self._most = max(1.0, self._per_second * BURST_S)
        self._lock = threading.Lock()
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, caller: str, now: float) -> float:
        """Let a caller in: 0, or how many seconds to wait. `now` is a monotonic clock in seconds."""
        with self._lock:
            left, at = self._buckets.pop(caller, (self._most, now))
            left = min(self._most, left + (now - at) * self._per_second)
            passes = left >= 1
            self._buckets[caller] = (left - 1 if passes else left, now)
            if len(self._buckets) > CALLERS:
                self._buckets.popitem(last=False)
        return 0.0 if passes else (1 - left) / self._per_second


def check_host(settings: Settings) -> None:
    """Others can reach an address that is not this machine's own: then there must be a key. Raises SettingsInvalid."""
    if settings.loopback or Keys(settings.data).all():
        return
    raise SettingsInvalid(
        f"地址 {settings.host} 不是本机地址，别人也能访问，要先有钥匙",
        "请用 python -m qa keys add 名字 --role editor 做一把，或把 QA_HOST 设为 127.0.0.1。",
        code="host_not_loopback",
    )


def install(app: Flask, settings: Settings) -> None:
    """Every request shows its key where one is needed, and keeps to its pace."""
    keys = Keys(settings.data)
    pace = Pace(settings.requests_per_minute) if settings.requests_per_minute else None

    @app.before_request
    def enter() -> None:
        if request.remote_addr is None or request.path in OPEN or not request.path.startswith(GUARDED):
            return  # called within the process; or the page, which holds nothing of the library
        given = BEARER.fullmatch(request.headers.get("Authorization", ""))
        key = keys.find(given[1]) if given else None
        if pace is not None and (key is not None or not settings.loopback):
            check_pace(pace, f"key {key.name}" if key else f"address {request.remote_addr}")
        if key is None:
            if settings.loopback:
                return  # this machine's own programs need none
            raise Problem("no_key", "需要钥匙。请用 Authorization: Bearer 带上；钥匙由管理这个服务的人给。")
        g.key_name = key.name
        check_role(key)


def check_role(key: Key) -> None:
    """A reader asks; it does not change what is asked."""
    rule = request.url_rule.rule if request.url_rule else ""
    if key.role == "reader" and request.method not in ("GET", "HEAD") and rule not in ASKING:
        raise Problem("not_allowed", "这把钥匙只能提问和查看，不能改资料库。请换一把 editor 的钥匙。")


def check_pace(pace: Pace, caller: str) -> None:
    """Raises `slow_down`, with how long to wait."""
    wait = pace.take(caller, time.monotonic())
    if wait:
        raise Problem("slow_down", "请求太密了。请等一会儿再试。", retry_after=max(1, math.ceil(wait)))
