"""Reads files in a process of its own, which a broken or hostile file may crash, hang or fill without harm.

One worker serves the whole process, one file at a time; it is started on first use and replaced after a failure. It
holds no secret: its environment is bare, it is confined (`confining`), and what it answers is JSON, checked here
against the file's own bytes and offsets. Nothing that it sends is ever run.
"""

from __future__ import annotations

import atexit
import contextlib
import hashlib
import json
import logging
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from pathlib import Path, PurePath
from typing import BinaryIO

from pydantic import TypeAdapter, ValidationError

from qa.config import ROOT, bare_environment
from qa.errors import Unreadable
from qa.reading.confining import MEMORY_BYTES, allow, confine
from qa.reading.describing import document_id
from qa.reading.reader import reader_version, text_id
from qa.reading.regions import reach
from qa.reading.scratch import Scratch
from qa.types import Document, Reading, Span, SplitPlan

log = logging.getLogger(__name__)

SECONDS = 60.0  # of wall and of processor time for one file
START_SECONDS = 60.0
WITH_OFFICE = 1.25  # times as long: LibreOffice is stopped after 60 s, and then there is still something to say
WITH_OCR = 11  # times as long to wait for Tesseract, page by page; the worker's own processor time stays SECONDS
MAX_REPLY_BYTES = 512 << 20
RENEW_AFTER_FILES = 500
RENEW_AFTER_BYTES = 32 << 20  # what a large file needed, Python does not give back
_OFFICE = frozenset({".doc", ".dot", ".wps", ".wpt", ".rtf", ".ppt", ".dps"})
_START = "import sys; sys.path.insert(0, sys.argv[1]); from qa.reading.sandbox import work; work(*sys.argv[2:])"
_OTHERWISE = "请用原来的程序打开，另存一份（或另存为 .txt）后再加入。"


@dataclass(frozen=True, slots=True)
class _Refused:
    """What the worker says of a file that it cannot read."""

    message: str
    hint: str
    code: str


@dataclass(frozen=True, slots=True)
class _Reply:
    reading: Reading | None = None
    refused: _Refused | None = None


@dataclass(frozen=True, slots=True)
class _Ready:
    """What a worker has been confined in: some of memory, network, disk."""

    confined: tuple[str, ...]


class Sandbox:
    """A place to read files in. Thread-safe: one file at a time.

    `reads` names the module whose `read_works` and `read_text` do the work; `seconds` and `memory` (bytes of address
    space) limit one file.
    """

    def __init__(self, reads: str = "qa.reading.reader", seconds: float = SECONDS, memory: int = MEMORY_BYTES) -> None:
        self._reads, self._seconds, self._memory = reads, seconds, memory
        self._turn = threading.Lock()
        self._worker: _Worker | None = None

    def read_works(self, data: bytes, name: str, plan: SplitPlan = "auto") -> Reading:
        """As `reader.read_works`. Raises Unreadable, also where reading takes too long, too much memory, or crashes."""
        patience, programs = _needs(PurePath(name).suffix.lower(), self._seconds)
        reply = self._ask(patience, {"name": name, "plan": plan, "programs": programs}, data)
        return _checked(reply, hashlib.sha256(data).hexdigest(), reader_version(plan))

    def read_text(
        self,
        text: str,
        external_id: str | None = None,
        title: str | None = None,
        published: str | None = None,
        place: str | None = None,
        publisher: str | None = None,
    ) -> Reading:
        """As `reader.read_text`. Raises Unreadable."""
        told = (external_id, title, published, place, publisher)
        reply = self._ask(self._seconds, {"told": told, "programs": False}, _encoded(text))
        return _checked(reply, text_id(text, *told), reader_version())

    def confined(self) -> tuple[str, ...]:
        """What the worker cannot have without limit: some of memory, network, disk."""
        with self._turn:
            return self._ready().confined

    def close(self) -> None:
        """Stop the worker, even amid a file. The next file starts another."""
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.end()

    def _ask(self, patience: float, header: dict, data: bytes) -> Reading:
        with self._turn:
            worker = self._ready()
            try:
                reply = worker.ask(patience, {**header, "seconds": self._seconds}, data)
            except BaseException:
                self.close()
                raise
            if worker.files >= RENEW_AFTER_FILES or len(data) > RENEW_AFTER_BYTES or _is_spent(reply):
                self.close()
        if reply.refused is not None:
            raise Unreadable(reply.refused.message, reply.refused.hint, code=reply.refused.code)
        if reply.reading is None:
            raise _broken()
        return reply.reading

    def _ready(self) -> _Worker:
        if self._worker is None or not self._worker.is_alive():
            self.close()
            self._worker = _Worker(self._reads, self._memory)
        return self._worker


_shared = Sandbox()
atexit.register(_shared.close)
read_works = _shared.read_works
read_text = _shared.read_text


def _is_spent(reply: _Reply) -> bool:
    """Has the worker run out of memory or stack? It may be the worse for it."""
    return reply.refused is not None and reply.refused.code == "too_complex"


def _needs(suffix: str, seconds: float) -> tuple[float, bool]:
    """How long to wait for a file of this kind, and whether another program reads it or its pictures."""
    if suffix in _OFFICE:
        return seconds * WITH_OFFICE, True
    if suffix == ".pdf" and shutil.which("tesseract"):
        return seconds * WITH_OCR, True
    return seconds, False


class _Worker:
    """A reading process, seen from outside."""

    def __init__(self, reads: str, memory: int) -> None:
        self.files = 0
        self._scratch = Scratch()
        homes = dict.fromkeys(("HOME", "TMPDIR", "TEMP", "TMP"), str(self._scratch.path))
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-B", "-X", "utf8", "-c", _START, str(ROOT), reads, str(memory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=self._scratch.path,
            env=bare_environment() | homes,
            start_new_session=True,
        )
        self._timed_out = False
        try:
            ready = self._within(START_SECONDS, lambda: _receive(self._replies))
            self.confined = TypeAdapter(_Ready).validate_json(ready).confined
        except Exception as cause:
            self.end()
            raise RuntimeError("the reading process does not start") from cause
        log.info("reading process %s, confined in: %s", self._process.pid, self.confined)

    def ask(self, patience: float, header: dict, data: bytes) -> _Reply:
        """Hand over a file, and wait for what it says. Raises Unreadable; the worker is of no more use then."""
        self.files += 1
        try:
            reply = self._within(patience, lambda: self._exchange(header, data))
            return _replies().validate_json(reply, strict=True)
        except ValidationError as cause:
            raise _broken() from cause
        except (OSError, EOFError, ValueError) as cause:
            raise self._failure(patience) from cause

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def end(self) -> None:
        """Stop it and all that it started, and remove its folder."""
        self._kill()
        self._process.wait()
        for pipe in (self._requests, self._replies):
            with contextlib.suppress(OSError):  # what was still to be written has nowhere to go
                pipe.close()
        self._scratch.close()

    @property
    def _requests(self) -> BinaryIO:
        assert self._process.stdin is not None
        return self._process.stdin  # type: ignore[return-value]

    @property
    def _replies(self) -> BinaryIO:
        assert self._process.stdout is not None
        return self._process.stdout  # type: ignore[return-value]

    def _exchange(self, header: dict, data: bytes) -> bytes:
        _send(self._requests, _encoded(json.dumps(header, ensure_ascii=False)))
        _send(self._requests, data)
        return _receive(self._replies)

    def _within(self, seconds: float, step: Callable[[], bytes]) -> bytes:
        """Do a step; when it takes longer, the worker is killed, which ends the step with EOFError or OSError."""
        timer = threading.Timer(seconds, self._time_out)
        timer.daemon = True
        timer.start()
        try:
            return step()
        finally:
            timer.cancel()

    def _time_out(self) -> None:
        self._timed_out = True
        self._kill()

    def _kill(self) -> None:
        for process in [*_below(self._process.pid), self._process.pid]:
            with contextlib.suppress(OSError):
                os.kill(process, getattr(signal, "SIGKILL", signal.SIGTERM))

    def _failure(self, patience: float) -> Unreadable:
        """Why it stopped talking."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(1)
        ended = -(self._process.returncode or 0)
        if self._timed_out or ended == getattr(signal, "SIGXCPU", -1):
            message = f"读了 {patience:.0f} 秒还没有读完，先跳过了"
            return Unreadable(message, "请拆成几个文件，或另存为 .txt 后再加入。", code="timed_out")
        if ended == getattr(signal, "SIGKILL", -1):  # by the system, which had no more memory
            return _too_complex()
        return _broken()


def _below(process: int) -> list[int]:
    """The processes that a process started, and that these started, where the system tells (Linux)."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            told = entry.read_text("utf-8", "replace")
            parents[int(told.split(" ", 1)[0])] = int(told.rpartition(")")[2].split()[1])
    found = [process]
    for one in found:
        found.extend(child for child, parent in parents.items() if parent == one)
    return found[1:]


@cache
def _replies() -> TypeAdapter[_Reply]:
    return TypeAdapter(_Reply)


def _checked(reading: Reading, source_id: str, reader: str) -> Reading:
    """The reading with its documents' texts, which the worker leaves out: they are selections of the source's text.

    Raises Unreadable where ids or offsets are not what they must be, as a worker that a file took over could send.
    """
    source, length = reading.source, len(reading.source.text)
    placed = [(heading.start, heading.end) for heading in source.headings]
    placed += [(part.start, part.end) for part in source.parts]
    placed += [(run.start, run.end) for run in (*source.marked, *reading.dropped)]
    placed += [(one.start or 0, one.end or 0) for document in reading.documents for one in document.described]
    placed += [(sheet.start, sheet.start) for sheet in source.sheets]
    placed.append((0, _reach(source.regions)))
    sound = source.id == source_id and all(0 <= start <= end <= length for start, end in placed)
    if not sound or len({document.part for document in reading.documents}) != len(reading.documents):
        raise _broken()
    documents = tuple(_restored(document, source.text, source_id) for document in reading.documents)
    return replace(reading, documents=documents, reader=reader)


def _reach(regions: str) -> int:
    try:
        return reach(regions)
    except ValueError as cause:
        raise _broken() from cause


def _restored(document: Document, source_text: str, source_id: str) -> Document:
    if document.source_id != source_id or document.id != document_id(source_id, document.part):
        raise _broken()
    if not _is_selection(document.spans, len(source_text)):
        raise _broken()
    text = "".join(source_text[span.origin : span.origin + span.end - span.start] for span in document.spans)
    placed = [(section.start, section.end) for section in document.sections]
    placed += [(page.start, page.start) for page in document.pages]
    if not all(0 <= start <= end <= len(text) for start, end in placed):
        raise _broken()
    return replace(document, text=text)


def _is_selection(spans: Sequence[Span], length: int) -> bool:
    """Do the spans follow one another without a gap, each within a source of so many characters?"""
    at = 0
    for span in spans:
        if span.start != at or span.end < at or not 0 <= span.origin <= length - (span.end - span.start):
            return False
        at = span.end
    return True


def _broken() -> Unreadable:
    return Unreadable("文件已损坏，或写法特别，读到一半就断了", _OTHERWISE)


def _too_complex() -> Unreadable:
    return Unreadable(
        "文件太复杂，读它要用的内存超过了上限", "请拆成几个文件，或另存为 .txt 后再加入。", code="too_complex"
    )


# Inside the worker.


def work(reads: str, memory: str) -> None:
    """The worker's life: say that it is ready, then read one file after another until nobody asks any more."""
    requests, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    with Path(os.devnull).open("r+b") as nothing:  # a library's own words must not fall among ours
        for number in (0, 1, 2):
            os.dup2(nothing.fileno(), number)
    confined = confine(Path.cwd(), int(memory))
    threading.Thread(target=_leave_with, args=(os.getppid(),), daemon=True).start()
    reader = import_module(reads)
    _send(replies, _written({"confined": confined}))
    with contextlib.suppress(EOFError):
        while True:
            header = json.loads(_receive(requests))
            _send(replies, _written(_answer(reader, header, _receive(requests))))


def _leave_with(parent: int) -> None:
    """Nobody reads for a parent that is gone."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


def _answer(reader: object, header: dict, data: bytes) -> dict:
    """What becomes of one file: {"reading": …} or {"refused": …}."""
    allow(header["seconds"], header["programs"])
    try:
        if "told" in header:
            reading = reader.read_text(data.decode(), *header["told"])  # type: ignore[attr-defined]
        else:
            plan = header["plan"] if isinstance(header["plan"], str) else tuple(header["plan"])
            reading = reader.read_works(data, header["name"], plan)  # type: ignore[attr-defined]
    except Unreadable as error:
        return _refusal(error)
    except (MemoryError, RecursionError):
        return _refusal(_too_complex())
    except Exception:  # a fault of ours or of a library's: the file is named, the next one is read
        return _refusal(_broken())
    return {"reading": replace(reading, documents=tuple(replace(one, text="") for one in reading.documents))}


def _refusal(error: Unreadable) -> dict:
    return {"refused": {"message": error.message, "hint": error.hint, "code": error.code}}


def _written(noun: object) -> bytes:
    return _encoded(json.dumps(noun, ensure_ascii=False, separators=(",", ":"), default=_fields))


def _fields(noun: object) -> dict:
    return {name: getattr(noun, name) for name in noun.__slots__}  # type: ignore[attr-defined]


# Between them: eight bytes that say how many follow, and these.


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "replace")  # half a surrogate pair is no character and becomes one "?"


def _send(pipe: BinaryIO, content: bytes) -> None:
    pipe.write(len(content).to_bytes(8, "big"))
    pipe.write(content)
    pipe.flush()


def _receive(pipe: BinaryIO) -> bytes:
    """Raises EOFError when the other side is gone."""
    length = int.from_bytes(_exactly(pipe, 8), "big")
    if length > MAX_REPLY_BYTES:
        raise EOFError
    return _exactly(pipe, length)


def _exactly(pipe: BinaryIO, length: int) -> bytes:
    content = pipe.read(length)
    if len(content) < length:
        raise EOFError
    return content
