"""A server on loopback that speaks OpenAI's chat completions, well or in one of many bad ways.

`well` answers with what the test tells it to write; each other way is a fault that endpoints have in life.
"""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

Reply = Callable[[list[dict[str, str]]], str]
HEADERS = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"


@dataclass
class Endpoint:
    """A running endpoint. `asked` holds the messages of each request; `open_sockets` those not closed yet."""

    address: str
    asked: list[list[dict[str, str]]] = field(default_factory=list)


@contextmanager
def endpoint(way: str, reply: Reply) -> Iterator[Endpoint]:
    """An endpoint that behaves in one way for each request until the block ends."""
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(0.2)
    stopping = threading.Event()
    served = Endpoint(f"http://127.0.0.1:{server.getsockname()[1]}/v1")

    def serve() -> None:
        while not stopping.is_set():
            with suppress(TimeoutError, OSError):
                connection, _ = server.accept()
                threading.Thread(target=handle, args=(connection,), daemon=True).start()

    def handle(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.settimeout(5)
            messages = _read(connection)
            served.asked.append(messages)
            WAYS[way](connection, reply(messages) if messages else "", stopping)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield served
    finally:
        stopping.set()
        thread.join()
        server.close()


def _read(connection: socket.socket) -> list[dict[str, str]]:
    data = b""
    while b"\r\n\r\n" not in data:
        data += connection.recv(65536)
    head, _, body = data.partition(b"\r\n\r\n")
    length = next(int(h.split(b":")[1]) for h in head.split(b"\r\n") if h.lower().startswith(b"content-length"))
    while len(body) < length:
        body += connection.recv(65536)
    return json.loads(body)["messages"]


def _chunk(text: str | None) -> bytes:
    choice = {"index": 0, "delta": {"content": text}, "finish_reason": None}
    data = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
    return f"data: {json.dumps(data, ensure_ascii=False)}\n\n".encode()


def _pieces(text: str, size: int = 3) -> Sequence[str]:
    return [text[i : i + size] for i in range(0, len(text), size)]


Way = Callable[[socket.socket, str, threading.Event], None]


def _well(connection: socket.socket, text: str, stopping: threading.Event) -> None:
    connection.sendall(HEADERS.encode() + b"".join(map(_chunk, _pieces(text))) + b"data: [DONE]\n\n")


def _status(
    line: str, body: str = '{"error": {"message": "no"}}', kind: str = "application/json", extra: str = ""
) -> Way:
    def way(connection: socket.socket, text: str, stopping: threading.Event) -> None:
        data = body.encode()
        head = f"HTTP/1.1 {line}\r\nContent-Type: {kind}\r\nContent-Length: {len(data)}\r\n"
        head += f"{extra}Connection: close\r\n\r\n"
        connection.sendall(head.encode() + data)

    return way


def _raw(data: bytes) -> Way:
    return lambda connection, text, stopping: connection.sendall(data)


def _silent(connection: socket.socket, text: str, stopping: threading.Event) -> None:
    stopping.wait(30)


def _trickling_headers(connection: socket.socket, text: str, stopping: threading.Event) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while not stopping.wait(0.05):
        connection.sendall(b"a")


def _trickling_body(connection: socket.socket, text: str, stopping: threading.Event) -> None:
    connection.sendall(HEADERS.encode())
    while not stopping.wait(0.05):
        connection.sendall(b" ")


def _silent_midway(connection: socket.socket, text: str, stopping: threading.Event) -> None:
    connection.sendall(HEADERS.encode() + _chunk("全市"))
    stopping.wait(30)


def _cut_midway(connection: socket.socket, text: str, stopping: threading.Event) -> None:
    connection.sendall(HEADERS.replace("Connection: close", "Content-Length: 99999").encode() + _chunk("全市"))


def _endless(connection: socket.socket, text: str, stopping: threading.Event) -> None:
    connection.sendall(HEADERS.encode())
    while not stopping.is_set():
        connection.sendall(_chunk("好" * 500))


def _endless_line(connection: socket.socket, text: str, stopping: threading.Event) -> None:
    connection.sendall(HEADERS.encode() + b"data: ")
    while not stopping.is_set():
        connection.sendall(b"x" * 65536)


def _heartbeats_only(connection: socket.socket, text: str, stopping: threading.Event) -> None:
    connection.sendall(HEADERS.encode())
    while not stopping.wait(0.05):
        connection.sendall(b": ping\n\n")


def _reset(connection: socket.socket, text: str, stopping: threading.Event) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")


_BODY = HEADERS.encode()
WAYS: dict[str, Way] = {
    "well": _well,
    "says 500": _status("500 Internal Server Error"),
    "says 503 with a long Retry-After": _status("503 Service Unavailable", extra="Retry-After: 3600\r\n"),
    "is over quota": _status("429 Too Many Requests", extra="Retry-After: 3600\r\n"),
    "refuses the key": _status("401 Unauthorized"),
    "does not know the model": _status("404 Not Found"),
    "redirects elsewhere": _status("302 Found", extra="Location: http://127.0.0.1:9/v1\r\n"),
    "sends a web page": _status("200 OK", "<html>请登录</html>", "text/html"),
    "sends nothing": _status("200 OK", "", "text/event-stream"),
    "sends JSON that is none": _raw(_BODY + b"data: {oops\n\n"),
    "sends an error inside the stream": _raw(_BODY + b'data: {"error": {"message": "overloaded"}}\n\n'),
    "sends no choices": _raw(_BODY + b'data: {"id": "1", "choices": []}\n\ndata: [DONE]\n\n'),
    "sends nulls": _raw(_BODY + _chunk(None) + b"data: [DONE]\n\n"),
    "sends lists where objects belong": _raw(_BODY + b"data: [[1], 2]\n\ndata: [DONE]\n\n"),
    "sends broken UTF-8": _raw(_BODY + b'data: {"choices": [{"delta": {"content": "\xff\xfe"}}]}\n\ndata: [DONE]\n\n'),
    "sends gzip that nobody asked for": _raw(
        _BODY.replace(b"\r\n\r\n", b"\r\nContent-Encoding: gzip\r\n\r\n") + b"x" * 99
    ),
    "does not speak HTTP": _raw(b"SSH-2.0-OpenSSH_9.6\r\n"),
    "closes at once": _reset,
    "stays silent": _silent,
    "trickles its headers": _trickling_headers,
    "trickles its body": _trickling_body,
    "sends heartbeats only": _heartbeats_only,
    "falls silent midway": _silent_midway,
    "is cut midway": _cut_midway,
    "never ends": _endless,
    "sends a line without end": _endless_line,
}
BAD_WAYS = [way for way in WAYS if way != "well"]
