"""Server-sent events: framing, heartbeats, and a first event that may still fail with a status of its own."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

from flask import Response, request

from web.errors import body_of, problem_of
from web.rendering import dump
from web.service import Gate

HEARTBEAT_S = 15.0
TICK_S = 1.0  # how often a silent stream looks whether its client has gone

Named = tuple[str, Mapping[str, object]]
Item = TypeVar("Item")


def wanted(asked: bool = False) -> bool:
    """Does the caller want a stream?"""
    return asked or "text/event-stream" in request.headers.get("Accept", "")


def frame(name: str, data: Mapping[str, object]) -> str:
    """One event: `event: NAME`, `data: ONE LINE`, a blank line."""
    return f"event: {name}\ndata: {dump(data)}\n\n"


Framed = Callable[[str, Mapping[str, object]], str]


def stream(gate: Gate, events: Iterator[Named], framed: Framed = frame) -> Response:
    """The events as a stream. What fails before the first of them is raised, what fails later is an `error` event.

    `framed` writes an event by its name and its data.
    """
    gate.enter()
    try:
        first = next(events)
    except BaseException:
        gate.leave()
        raise
    gone = request.environ.get("waitress.client_disconnected", lambda: False)
    reply = Response(
        _frames(first, events, _problem_event(framed), gone, framed), content_type="text/event-stream; charset=utf-8"
    )
    reply.headers["Cache-Control"] = "no-store"
    reply.headers["X-Accel-Buffering"] = "no"
    # Not in the generator: one that never started would never give the place back.
    reply.call_on_close(gate.leave)
    return reply


def _frames(
    first: Named,
    rest: Iterator[Named],
    failed: Callable[[Exception], str],
    gone: Callable[[], bool],
    framed: Framed = frame,
) -> Iterator[str]:
    yield framed(*first)
    try:
        silent = 0.0
        for event in pulse(rest, TICK_S):
            if event is not None:
                silent = 0.0
                yield framed(*event)
                continue
            if gone():
                return
            silent += TICK_S
            if silent >= HEARTBEAT_S:
                silent = 0.0
                yield ": ping\n\n"
    except Exception as error:  # the status is sent: nothing may fail any more but inside the stream
        yield failed(error)


def _problem_event(framed: Framed) -> Callable[[Exception], str]:
    """Problems carry the request's id, which is gone once the stream runs; so remember it now."""
    from web.errors import request_id

    known = request_id()

    def event(error: Exception) -> str:
        return framed("error", {**body_of(problem_of(error)), "request_id": known})

    return event


def pulse(items: Iterator[Item], every_s: float) -> Iterator[Item | None]:
    """The items as they come, and None whenever none came for `every_s` seconds. Draws them on a thread of its own."""
    out: queue.SimpleQueue[tuple[str, Item | Exception | None]] = queue.SimpleQueue()
    stop = threading.Event()

    def draw() -> None:
        try:
            for item in items:
                out.put(("item", item))
                if stop.is_set():
                    break
            out.put(("end", None))
        except Exception as error:  # carried over to the reader's thread
            out.put(("error", error))
        finally:
            close = getattr(items, "close", None)
            if close is not None:
                close()

    threading.Thread(target=draw, name="sse", daemon=True).start()
    try:
        while True:
            try:
                kind, value = out.get(timeout=every_s)
            except queue.Empty:
                yield None
                continue
            if kind == "end":
                return
            if isinstance(value, Exception) and kind == "error":
                raise value
            yield value  # type: ignore[misc]
    finally:
        stop.set()
