"""Stands in for the reader, inside the sandbox's own process, and does what the file's text says."""

from __future__ import annotations

import ctypes
import json
import os
import socket
import subprocess
import time
from dataclasses import replace
from pathlib import Path

from qa.errors import Unreadable
from qa.reading import reader
from qa.types import Heading, Reading, Source, SplitPlan


def read_works(data: bytes, name: str, plan: SplitPlan = "auto") -> Reading:
    told, _, rest = data.decode().partition("\n")[0].partition(" ")
    if told in _DEEDS:
        return _said(data, str(_DEEDS[told](rest)))
    reading = reader.read_works(data, name, plan)
    return _FORGED[told](reading) if told in _FORGED else reading


def _said(data: bytes, words: str) -> Reading:
    """A reading whose encoding says what was found out."""
    reading = reader.read_works(data, "记录.txt")
    return replace(reading, source=replace(reading.source, encoding=words))


def _sleep(_: str) -> None:
    time.sleep(60)


def _loop(_: str) -> None:
    while True:
        pass


def _eat(_: str) -> int:
    return len(bytearray(8 << 30))


def _crash(_: str) -> None:
    ctypes.string_at(0)


def _leave(_: str) -> None:
    os._exit(0)


def _recurse(_: str) -> None:
    _recurse(_)


def _fail(_: str) -> None:
    raise KeyError("内部")


def _refuse(_: str) -> None:
    raise Unreadable("文件加了密", "请去掉密码。", code="encrypted_file")


def _print(_: str) -> str:
    os.write(1, b"\x00\x00\x00\x00\x00\x00\x00\x01x")
    print("话", flush=True)
    return "说了话"


def _environment(_: str) -> str:
    return json.dumps(sorted(os.environ))


def _folder(_: str) -> str:
    return str(Path.cwd())


def _write(path: str) -> str:
    try:
        Path(path).write_text("脱逃")
    except OSError as error:
        return type(error).__name__
    return "写了"


def _connect(address: str) -> str:
    with socket.socket() as made:
        made.settimeout(5)
        try:
            made.connect(("127.0.0.1", int(address)))
        except OSError as error:
            return type(error).__name__
    return "连上了"


def _start(_: str) -> str:
    child = subprocess.Popen(["sleep", "60"], start_new_session=True)
    time.sleep(60)
    return str(child.pid)


_DEEDS = {
    "睡": _sleep, "转": _loop, "吃": _eat, "崩": _crash, "走": _leave, "深": _recurse, "错": _fail, "拒": _refuse,
    "说": _print, "环境": _environment, "位置": _folder, "写": _write, "连": _connect, "生": _start,
}  # fmt: skip


def _document(reading: Reading, **changes: object) -> Reading:
    return replace(reading, documents=(replace(reading.documents[0], **changes),))  # type: ignore[arg-type]


# What a worker that a file has taken over could send.
_FORGED = {
    "冒名": lambda reading: replace(reading, source=replace(reading.source, id="0" * 64)),
    "冒号": lambda reading: _document(reading, id="0" * 16),
    "越界": lambda reading: _document(reading, spans=(replace(reading.documents[0].spans[0], origin=10_000),)),
    "错节": lambda reading: replace(reading, source=replace(reading.source, headings=(Heading(5, 99_999, 1),))),
    "错型": lambda reading: _document(reading, title=5),
    "缺文": lambda reading: replace(reading, source=replace(reading.source, text=None)),  # type: ignore[arg-type]
    "非书": lambda reading: Source("", "", 0, "", False, ""),
}
