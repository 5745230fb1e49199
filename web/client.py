"""How the command line reaches the API: over HTTP where a service owns the library, inside this process otherwise.

Either way the same requests get the same replies, so the commands are written once.
"""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Protocol

from flask import Flask
from werkzeug.test import Client as InProcess

from qa.errors import YinjuError
from web.rendering import dump

TIMEOUT_S = 300
POLL_S = 0.2
LOCAL_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})

Json = dict


class Refused(YinjuError):
    """The service said no; code and message are its own."""


class Api(Protocol):
    """Something that answers requests to /api/v1."""

    address: str  # "" when nobody serves

    def send(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> tuple[int, bytes]: ...


class Remote:
    """A running service on this machine. `host` is an address of the machine's that the settings name."""

    def __init__(self, address: str, host: str = "", key: str = "") -> None:
        if urllib.parse.urlsplit(address).hostname not in LOCAL_NAMES | {host}:
            raise Refused(f"{address} 不是本机地址", "请检查资料库文件夹是否被改动过。", code="not_allowed")
        self.address = address
        self._key = {"Authorization": f"Bearer {key}"} if key else {}
        # No proxy: the service is on this machine, whatever the environment says.
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def send(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> tuple[int, bytes]:
        sent = {**headers, **self._key}
        request = urllib.request.Request(self.address + path, data=body, headers=sent, method=method)
        try:
            with self._opener.open(request, timeout=TIMEOUT_S) as reply:
                return reply.status, reply.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()
        except OSError as error:
            hint = "它可能刚停下或还没有起来，请稍后再试。"
            raise Refused(f"连不上正在运行的引据（{self.address}）", hint, code="library_in_use") from error

    def answers(self) -> bool:
        """Is it one of ours that is there?"""
        request = urllib.request.Request(self.address + "/healthz")
        try:
            with self._opener.open(request, timeout=2) as reply:
                return json.loads(reply.read(1000)).get("name") == "yinju"
        except (OSError, ValueError, AttributeError):
            return False


class Local:
    """The same application, called inside this process."""

    address = ""

    def __init__(self, app: Flask, base_url: str) -> None:
        self._client = InProcess(app)
        self._base_url = base_url

    def send(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> tuple[int, bytes]:
        reply = self._client.open(path, method=method, data=body, headers=dict(headers), base_url=self._base_url)
        return reply.status_code, reply.get_data()


def call(api: Api, method: str, path: str, body: Json | None = None) -> Json:
    """One JSON request. Raises Refused with the service's own code and words."""
    sent = dump(body).encode() if body is not None else None
    return _read(api.send(method, path, sent, {"Content-Type": "application/json"} if body is not None else {}))


def text(api: Api, path: str, kind: str) -> str:
    """One reply as a text of the kind that is asked for (text/csv). Raises Refused."""
    status, body = api.send("GET", path, None, {"Accept": kind})
    if status >= 400:
        _read((status, body))
    return body.decode("utf-8")


def upload(api: Api, path: Path) -> Json:
    """Send one file; returns the job."""
    return _read(_sent(api, "/api/v1/documents", path))["job"]


def send_file(api: Api, address: str, path: Path) -> bytes:
    """Send one file and get one back. Raises Refused with the service's own code and words."""
    status, body = _sent(api, address, path)
    if status >= 400:
        _read((status, body))
    return body


def _sent(api: Api, address: str, path: Path) -> tuple[int, bytes]:
    """One file as a form."""
    boundary = uuid.uuid4().hex
    name = path.name.replace("\\", "_").replace('"', "%22").replace("\r", " ").replace("\n", " ")
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    body = head.encode("utf-8", "replace") + path.read_bytes() + f"\r\n--{boundary}--\r\n".encode()
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    return api.send("POST", address, body, headers)


def watch(api: Api, job: Json) -> Iterator[Json]:
    """The job as it goes on; the last one has ended."""
    yield job
    while job["state"] in ("queued", "running"):
        time.sleep(POLL_S)
        job = call(api, "GET", f"/api/v1/jobs/{job['id']}")
        yield job


def _read(reply: tuple[int, bytes]) -> Json:
    status, body = reply
    try:
        data = json.loads(body) if body else {}
    except ValueError:
        raise Refused(f"服务的答复读不懂（状态 {status}）", "请看看这个地址上是不是引据。") from None
    if status >= 400:
        raise Refused(data.get("detail", f"服务拒绝了请求（状态 {status}）"), code=data.get("code", "error"))
    return data
