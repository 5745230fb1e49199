"""A server on loopback that speaks OpenAI's embeddings protocol, well or in a bad way that endpoints have in life."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np

DIMENSION = 8


@dataclass
class Endpoint:
    """A running endpoint. `asked` holds the bodies of the requests, `keys` their authorisation.

    `failing` are statuses for the next requests, in order; `dimension` is how long its vectors are; `spoil` alters the
    data of a reply before it is sent.
    """

    address: str = ""
    asked: list[dict] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    failing: list[int] = field(default_factory=list)
    dimension: int = DIMENSION
    spoil: str = ""


@contextmanager
def endpoint() -> Iterator[Endpoint]:
    """One that runs until the block ends."""
    served = Endpoint()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            served.asked.append(body)
            served.keys.append(self.headers["Authorization"])
            if served.failing:
                self._send(served.failing.pop(0), {"error": {"message": "no"}})
                return
            data = [
                {"object": "embedding", "index": i, "embedding": vector_of(text, served.dimension)}
                for i, text in enumerate(body["input"])
            ]
            if served.spoil == "one too few":
                data = data[1:]
            if served.spoil == "backwards":
                data = data[::-1]
            if served.spoil == "not a number":
                data[0]["embedding"][0] = float("nan")
            self._send(200, {"object": "list", "data": data, "model": body["model"], "usage": {}})

        def _send(self, status: int, body: dict) -> None:
            sent = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    served.address = f"http://127.0.0.1:{server.server_address[1]}/v1"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def vector_of(text: str, dimension: int = DIMENSION) -> list[float]:
    """The vector that it gives a text: the sum of one for each of its characters."""
    rows = [np.random.default_rng(ord(char)).normal(size=dimension) for char in text]
    total: list[float] = np.sum(rows, axis=0).tolist()
    return total
