"""Streams: heartbeats, clients that go away, and threads that end."""

from __future__ import annotations

import threading

import pytest

from web import sse


def test_silence_is_filled(monkeypatch):
    go_on = threading.Event()

    def slow():
        go_on.wait(10)
        yield "说完了"

    ticks = sse.pulse(slow(), every_s=0.01)
    assert next(ticks) is None
    go_on.set()
    assert [tick for tick in ticks if tick is not None] == ["说完了"]


def test_an_error_crosses_to_the_reader():
    def broken():
        yield "先说一句"
        raise ValueError("断了")

    with pytest.raises(ValueError, match="断了"):
        list(sse.pulse(broken(), every_s=1))


def test_what_is_no_longer_read_is_closed():
    closed = threading.Event()

    def endless():
        try:
            while True:
                yield "又一句"
        finally:
            closed.set()

    reading = sse.pulse(endless(), every_s=1)
    next(reading)
    reading.close()
    assert closed.wait(5)


def test_a_comment_keeps_a_silent_stream_alive(monkeypatch):
    monkeypatch.setattr(sse, "TICK_S", 0.01)
    monkeypatch.setattr(sse, "HEARTBEAT_S", 0.02)
    go_on = threading.Event()

    def rest():
        go_on.wait(10)
        yield "done", {"text": "好"}

    frames = sse._frames(("sources", {}), rest(), lambda error: "", lambda: False)
    assert [next(frames), next(frames)] == ["event: sources\ndata: {}\n\n", ": ping\n\n"]
    go_on.set()
    assert list(frames)[-1] == 'event: done\ndata: {"text":"好"}\n\n'


def test_a_client_that_has_gone_ends_the_stream(monkeypatch):
    monkeypatch.setattr(sse, "TICK_S", 0.01)

    def rest():
        threading.Event().wait(0.5)
        yield "done", {}

    assert list(sse._frames(("sources", {}), rest(), lambda error: "", lambda: True)) == [
        "event: sources\ndata: {}\n\n"
    ]
