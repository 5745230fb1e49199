"""An HTTP client for one exchange with a stranger: it ends by a given time and takes in so many bytes, whatever the
other side does (silence, a byte a second, a stream without end, compressed nonsense).
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

import httpx2

if TYPE_CHECKING:
    import openai

CONNECT_S = 5.0
SILENT_S = 30.0  # a model on a laptop may think so long before its first word
REPLY_BYTES = 4 * 1024 * 1024

# What the client would say of this machine to the endpoint; nobody needs to know.
_UNSAID = (
    "Arch",
    "Async",
    "Lang",
    "OS",
    "Package-Version",
    "Read-Timeout",
    "Retry-Count",
    "Runtime",
    "Runtime-Version",
)


def openai_client(address: str, key: str, until: float) -> openai.OpenAI:
    """OpenAI's client for one exchange, which ends by `until`. Importing the library costs a second, the first time."""
    import openai

    return openai.OpenAI(
        api_key=key or "none",
        organization="",
        project="",
        base_url=address,
        max_retries=0,
        http_client=limited_client(until),
        default_headers={f"X-Stainless-{name}": openai.Omit() for name in _UNSAID},  # type: ignore[misc]
    )


def limited_client(until: float) -> httpx2.Client:
    """A client whose exchanges end by `until` (seconds of time.monotonic)."""
    # Redirects are not followed, since the key would travel with them; nor is a proxy of the environment used.
    return httpx2.Client(
        transport=_Limited(until), follow_redirects=False, trust_env=False, headers={"Accept-Encoding": "identity"}
    )


class _Limited(httpx2.BaseTransport):
    """Transport with a deadline.

    A timeout of httpx2 holds for each read, so that a byte a second would go on for ever: a timer shuts the socket.
    """

    def __init__(self, until: float) -> None:
        self._until = until
        self._inner = httpx2.HTTPTransport(retries=0, trust_env=False)
        self._socket: socket.socket | None = None
        self._timer = threading.Timer(max(0.0, until - time.monotonic()), self._shut)
        self._timer.daemon = True
        self._timer.start()

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        left = self._until - time.monotonic()
        if left <= 0:
            raise httpx2.ConnectTimeout("the time is over", request=request)
        silent = min(SILENT_S, left)
        request.extensions = {
            **request.extensions,
            "timeout": {"connect": min(CONNECT_S, left), "read": silent, "write": silent, "pool": silent},
            "trace": self._notice,
        }
        response = self._inner.handle_request(request)
        if response.headers.get("Content-Encoding", "identity") != "identity":
            response.close()
            raise httpx2.DecodingError("the reply is compressed, which was not asked for", request=request)
        response.stream = _Counted(response.stream, self._until)  # type: ignore[arg-type]
        return response

    def close(self) -> None:
        self._timer.cancel()
        self._inner.close()

    def _notice(self, event: str, info: Mapping[str, object]) -> None:
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            self._socket = info["return_value"].get_extra_info("socket")  # type: ignore[attr-defined]

    def _shut(self) -> None:
        if self._socket is not None:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)


class _Counted(httpx2.SyncByteStream):
    """A reply's bytes, up to REPLY_BYTES and `until`."""

    def __init__(self, stream: httpx2.SyncByteStream, until: float) -> None:
        self._stream = stream
        self._until = until

    def __iter__(self) -> Iterator[bytes]:
        taken = 0
        for piece in self._stream:
            taken += len(piece)
            if taken > REPLY_BYTES:
                raise httpx2.ReadError("the reply has no end")
            if time.monotonic() > self._until:
                raise httpx2.ReadTimeout("the time is over")
            yield piece

    def close(self) -> None:
        self._stream.close()
