"""The service as a process: how it starts, refuses to start, and stops. Runs the real one over a small folder."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 120.0  # a loaded machine takes half a minute to start a service
TEXT = "柳溪县水利工作小结\n\n今年全县修复山塘四十六座，新增蓄水两万方。夜间巡查由乡镇轮流值守。\n"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return listening.getsockname()[1]


@contextmanager
def process(*arguments: str, **environment: str) -> Iterator[subprocess.Popen]:
    started = subprocess.Popen(
        [sys.executable, "-m", *arguments],
        cwd=ROOT,
        env=os.environ | environment,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield started
    finally:
        started.kill()
        started.communicate()


@pytest.fixture
def folders(tmp_path: Path) -> dict[str, str]:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    (seeds / "水利.txt").write_text(TEXT, encoding="utf-8")
    return {"QA_SEEDS": str(seeds), "QA_DATA": str(tmp_path / "data"), "QA_PORT": str(free_port())}


def get(port: str | int, path: str) -> tuple[int, dict]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as reply:
            return reply.status, json.loads(reply.read())
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.loads(error.read())


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        try:
            if holds():
                return
        except OSError:
            pass
        time.sleep(0.05)
    pytest.fail("did not happen in time")


def ready(port: str | int) -> bool:
    return get(port, "/readyz")[0] == 200


def raw(port: int, request: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(request)
        received = b""
        while chunk := connection.recv(65536):
            received += chunk
        return received


def test_it_reads_its_folder_serves_and_stops_when_told(folders):
    with process("qa", "serve", **folders) as service:
        until(lambda: ready(folders["QA_PORT"]))
        service.send_signal(signal.SIGTERM)
        _, told = service.communicate(timeout=PATIENCE_S)
    assert service.returncode == 0
    assert f"http://127.0.0.1:{folders['QA_PORT']}" in told.strip().splitlines()[-1]


def test_a_killed_service_leaves_nothing_in_the_way(folders):
    with process("qa", "serve", **folders) as service:
        until(lambda: ready(folders["QA_PORT"]))
        service.send_signal(signal.SIGKILL)
        service.communicate(timeout=PATIENCE_S)
    with process("qa", "serve", **folders):
        until(lambda: ready(folders["QA_PORT"]))


def test_a_library_in_use_is_told_with_its_address(folders):
    with process("qa", "serve", **folders):
        until(lambda: ready(folders["QA_PORT"]))
        with process("qa", "serve", **folders | {"QA_PORT": str(free_port())}) as second:
            _, told = second.communicate(timeout=PATIENCE_S)
    assert (second.returncode, "library_in_use" in told, "Traceback" in told) == (1, True, False)
    assert f"http://127.0.0.1:{folders['QA_PORT']}" in told


def test_a_busy_port_is_told_with_a_way_out(folders):
    with (
        socket.create_server(("127.0.0.1", int(folders["QA_PORT"]))),
        process("qa", "serve", **folders) as service,
    ):
        _, told = service.communicate(timeout=PATIENCE_S)
    assert (service.returncode, "port_in_use" in told, "Traceback" in told) == (1, True, False)


def test_a_missing_folder_is_told_with_a_way_out(folders):
    with process("qa", "serve", **folders | {"QA_SEEDS": "/nowhere/at/all"}) as service:
        _, told = service.communicate(timeout=PATIENCE_S)
    assert (service.returncode, "missing_seeds" in told, "Traceback" in told) == (1, True, False)


def test_an_address_that_others_could_reach_is_refused(folders):
    with process("qa", "serve", **folders | {"QA_HOST": "0.0.0.0"}) as service:
        _, told = service.communicate(timeout=PATIENCE_S)
    assert (service.returncode, "host_not_loopback" in told) == (1, True)


def test_the_command_line_asks_the_running_service(folders):
    with process("qa", "serve", **folders):
        until(lambda: ready(folders["QA_PORT"]))
        with process("qa", "ask", "修复山塘多少座？", "--json", **folders) as asking:
            said, _ = asking.communicate(timeout=PATIENCE_S)
    assert "四十六座" in json.loads(said)["answer"]


@contextmanager
def fake(pause: float = 0.0, opening: float = 0.0) -> Iterator[tuple[subprocess.Popen, int]]:
    port = free_port()
    arguments = ["--port", str(port), "--pause", str(pause), "--opening", str(opening)]
    with process("tests.web.fake_server", *arguments) as service:
        until(lambda: get(port, "/healthz")[0] == 200)
        yield service, port


def ask(port: int, **body: object) -> urllib.request.Request:
    sent = json.dumps({"question": "全省新开社区图书室多少家？", **body}).encode()
    return urllib.request.Request(
        f"http://127.0.0.1:{port}/api/v1/ask", data=sent, headers={"Content-Type": "application/json"}
    )


def test_the_page_is_served_while_the_library_opens():
    with fake(opening=30) as (_, port):
        assert get(port, "/readyz")[1]["code"] == "not_ready"
        assert get(port, "/api/v1/openapi.json")[0] == 200


def test_a_stream_that_is_under_way_is_finished_before_it_stops():
    with fake(pause=0.1) as (service, port):
        until(lambda: get(port, "/api/v1/documents")[0] == 200)
        with urllib.request.urlopen(ask(port, stream=True), timeout=PATIENCE_S) as reply:
            reply.readline()
            service.send_signal(signal.SIGTERM)
            rest = reply.read().decode()
        service.communicate(timeout=PATIENCE_S)
    assert ("event: done" in rest, service.returncode) == (True, 0)


def test_events_arrive_one_by_one():
    with fake(pause=0.2) as (_, port):
        until(lambda: get(port, "/api/v1/documents")[0] == 200)
        with urllib.request.urlopen(ask(port, stream=True), timeout=PATIENCE_S) as reply:
            first = reply.read1(100_000).decode()
    assert "event: sources" in first and "event: done" not in first


def test_what_is_no_http_is_a_problem_too():
    with fake() as (_, port):
        reply = raw(port, b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nbroken header\r\n\r\n").decode()
    assert " 400 " in reply.splitlines()[0] and "application/problem+json" in reply and "x-request-id" in reply.lower()


def test_a_body_beyond_every_limit_is_refused_before_it_is_sent():
    with fake() as (_, port):
        head = f"POST /api/v1/documents HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: 9999999999\r\n\r\n"
        reply = raw(port, head.encode()).decode()
    assert " 413 " in reply.splitlines()[0] and '"code": "too_large"' in reply
