"""A service of our own for one measurement: its own data folder, a free port, its memory watched; gone afterwards."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PATIENCE_S = 600
SAMPLE_S = 0.05


class ServiceFailed(Exception):
    """The service ended or stayed silent; the message holds the end of what it printed."""


class Memory:
    """Most memory that a process and all it started held at once, MiB of resident set, sampled."""

    def __init__(self, pid: int) -> None:
        self.peak_mib, self._pid, self._ended = 0.0, pid, threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        while not self._ended.wait(SAMPLE_S):
            self.peak_mib = max(self.peak_mib, tree_mib(self._pid))

    def close(self) -> None:
        self._ended.set()
        self._thread.join()


def tree_mib(root: int) -> float:
    """Resident memory of a process and its descendants. Pages that they share count for each."""
    return sum(family_mib(root).values())


def family_mib(root: int) -> dict[int, float]:
    """Resident memory of a process and of each of its descendants, MiB by process id."""
    parent, resident = _processes()
    family = {root}
    grown = True
    while grown:
        more = {pid for pid, above in parent.items() if above in family} - family
        family |= more
        grown = bool(more)
    return {pid: resident.get(pid, 0) / 1024 for pid in family}


def _processes() -> tuple[dict[int, int], dict[int, int]]:
    """Every process's parent, and its resident KiB."""
    parent: dict[int, int] = {}
    resident: dict[int, int] = {}
    if not Path("/proc/self/status").exists():
        listing = subprocess.run(["ps", "-axo", "pid=,ppid=,rss="], capture_output=True, text=True, check=True).stdout
        for pid, above, size in (map(int, line.split()) for line in listing.splitlines()):
            parent[pid], resident[pid] = above, size
        return parent, resident
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            try:
                lines = dict(line.split(":", 1) for line in (folder / "status").read_text().splitlines())
            except (OSError, ValueError):
                continue  # it ended while we looked
            parent[int(folder.name)] = int(lines["PPid"])
            resident[int(folder.name)] = int(lines.get("VmRSS", "0").split()[0])
    return parent, resident


@dataclass
class Service:
    base: str
    memory: Memory
    ready_s: float  # from starting the process until the documents are searchable
    pid: int = 0


@contextmanager
def running(seeds: Path, data: Path | None = None, patience_s: float = PATIENCE_S) -> Iterator[Service]:
    """Serve `seeds` until the block ends. Raises ServiceFailed when it is not ready within `patience_s`."""
    with tempfile.TemporaryDirectory(prefix="yinju-") as folder:
        port = free_port()
        settings = {"QA_SEEDS": str(seeds), "QA_DATA": str(data or Path(folder, "data")), "QA_PORT": str(port)}
        log = Path(folder, "service.log")
        started = time.perf_counter()
        with log.open("wb") as out:
            process = subprocess.Popen(
                [sys.executable, "-m", "qa", "serve"],
                cwd=ROOT, env={**os.environ, **settings}, stdout=out, stderr=subprocess.STDOUT,
            )  # fmt: skip
        memory = Memory(process.pid)
        base = f"http://127.0.0.1:{port}"
        try:
            _wait(process, base, log, patience_s)
            yield Service(base, memory, time.perf_counter() - started, process.pid)
        finally:
            memory.close()
            _stop(process)


def _wait(process: subprocess.Popen[bytes], base: str, log: Path, patience_s: float) -> None:
    until = time.monotonic() + patience_s
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(base + "/readyz", timeout=5) as reply:
                if reply.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            pass  # not listening yet, or 503: still reading
        time.sleep(0.05)
    raise ServiceFailed(f"服务没有就绪：\n{log.read_text('utf-8', 'replace')[-2000:]}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
