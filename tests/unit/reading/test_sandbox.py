"""Files are read in a process that may crash, hang and eat without harm to this one, and that can reach nothing."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from qa.errors import Unreadable
from qa.reading import reader
from qa.reading.confining import MEMORY_BYTES
from qa.reading.sandbox import Sandbox
from tests.unit.reading.making import make_compilation, make_text

READS = "tests.unit.reading.misbehaving"
TEXT = "柳溪县渡口工作小结\n\n2023年柳溪县修好渡口12处，过河的人少等了半小时。\n"
linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux can confine a process")


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    opened = Sandbox()
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def patient() -> Iterator[Sandbox]:
    """One whose reader does what it is told."""
    opened = Sandbox(READS)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def hasty() -> Iterator[Sandbox]:
    opened = Sandbox(READS, seconds=1)
    yield opened
    opened.close()


def refusal(sandbox: Sandbox, told: str) -> str:
    with pytest.raises(Unreadable) as refused:
        sandbox.read_works(told.encode(), "记录.txt")
    return refused.value.code


def said(sandbox: Sandbox, told: str) -> str:
    """What the stand-in found out; its words come as the encoding."""
    return sandbox.read_works(f"{told}\n\n{TEXT}".encode(), "记录.txt").source.encoding


# It reads as the plain reader does


@pytest.mark.parametrize("seed", range(4))
def test_a_file_is_read_as_it_is_in_this_process(sandbox, seed):
    data = make_text(seed).encode()
    assert sandbox.read_works(data, "综述.txt") == reader.read_works(data, "综述.txt")


def test_a_compilation_is_read_as_it_is_in_this_process(sandbox):
    data = make_compilation(3).encode("gb18030")
    assert sandbox.read_works(data, "汇编.txt") == reader.read_works(data, "汇编.txt")


def test_a_plan_reaches_the_reader(sandbox):
    data = make_compilation(3).encode()
    assert sandbox.read_works(data, "汇编.txt", "never") == reader.read_works(data, "汇编.txt", "never")


def test_a_text_is_read_as_it_is_in_this_process(sandbox):
    told = (TEXT, "7", "渡口小结", "2023-05", "云泽省柳溪县", "柳溪日报")
    assert sandbox.read_text(*told) == reader.read_text(*told)


def test_what_cannot_be_read_is_refused_with_the_readers_own_words(sandbox):
    with pytest.raises(Unreadable) as plain:
        reader.read_works(b"", "空.txt")
    with pytest.raises(Unreadable) as sandboxed:
        sandbox.read_works(b"", "空.txt")
    assert (str(sandboxed.value), sandboxed.value.code) == (str(plain.value), plain.value.code)


def test_several_threads_get_each_their_own_file(sandbox):
    texts = {number: TEXT.replace("12处", f"{number}处") for number in range(8)}
    found: dict[int, str] = {}

    def read(number: int) -> None:
        found[number] = sandbox.read_works(texts[number].encode(), f"{number}.txt").source.text

    threads = [threading.Thread(target=read, args=(number,)) for number in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == texts


# What goes wrong stays there


@pytest.mark.parametrize("told", ["崩", "走", "错"], ids=["crash", "silent end", "fault"])
def test_a_crash_is_a_refusal(patient, told):
    assert refusal(patient, told) == "unreadable_file"


@pytest.mark.parametrize("told", ["睡", "转"], ids=["waiting", "spinning"])
def test_a_file_that_takes_too_long_is_refused(hasty, told):
    assert refusal(hasty, told) == "timed_out"


@linux
def test_a_file_that_needs_too_much_memory_is_refused(patient):
    assert refusal(patient, "吃") == "too_complex"


def test_nesting_without_end_is_refused(patient):
    assert refusal(patient, "深") == "too_complex"


@pytest.mark.parametrize("told", ["崩", "走", "错", "深", "拒", "冒名"])
def test_the_file_after_a_failure_is_read(patient, told):
    refusal(patient, told)
    assert patient.read_works(TEXT.encode(), "小结.txt").documents[0].title == "柳溪县渡口工作小结"


def test_the_file_after_one_that_took_too_long_is_read(hasty):
    refusal(hasty, "睡")
    assert hasty.read_works(TEXT.encode(), "小结.txt").documents[0].title == "柳溪县渡口工作小结"


def test_words_of_a_library_do_not_fall_among_the_replies(patient):
    assert said(patient, "说 一句") == "说了话"


@linux
def test_what_a_hanging_file_started_is_stopped_with_it():
    before = sleepers()
    opened = Sandbox(READS, seconds=1)
    try:
        with pytest.raises(Unreadable):  # .doc: one that may start programs
            opened.read_works("生 子".encode(), "旧.doc")
        assert sleepers() <= before
    finally:
        opened.close()


def sleepers() -> set[str]:
    """The processes on this machine that are `sleep 60`."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if path.read_bytes() == b"sleep\x0060\x00":
                found.add(path.parent.name)
        except OSError:
            continue
    return found


# What it says is checked


@pytest.mark.parametrize("told", ["冒名", "冒号", "越界", "错节", "错型", "缺文", "非书"])
def test_a_reply_that_cannot_be_true_is_refused(patient, told):
    with pytest.raises(Unreadable):
        patient.read_works(f"{told} 小结\n\n{TEXT}".encode(), "记录.txt")


# It can reach nothing


def test_it_knows_nothing_of_the_environment(patient, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "秘密")
    opened = Sandbox(READS)
    try:
        held = set(json.loads(said(opened, "环境 ")))
    finally:
        opened.close()
    assert held <= {"PATH", "LANG", "LC_ALL", "LC_CTYPE", "SYSTEMROOT", "HOME", "TMPDIR", "TEMP", "TMP"}


def test_it_stands_in_a_folder_of_its_own_that_goes_with_it():
    opened = Sandbox(READS)
    folder = Path(said(opened, "位置 "))
    stood = folder.is_dir() and folder != Path.cwd()
    opened.close()
    assert (stood, folder.exists()) == (True, False)


@linux
def test_it_writes_no_file(patient, tmp_path):
    said(patient, f"写 {tmp_path / '脱逃.txt'}")
    assert not (tmp_path / "脱逃.txt").exists() or (tmp_path / "脱逃.txt").read_bytes() == b""


@linux
def test_it_makes_no_file_where_the_system_can_forbid_it(patient, tmp_path):
    if "disk" not in patient.confined():
        pytest.skip("this system has no Landlock")
    said(patient, f"写 {tmp_path / '脱逃.txt'}")
    assert not (tmp_path / "脱逃.txt").exists()


@linux
def test_it_reaches_no_network_where_the_system_can_forbid_it(patient):
    if "network" not in patient.confined():
        pytest.skip("this system lets no process leave the network")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        assert said(patient, f"连 {listening.getsockname()[1]}") != "连上了"


@linux
def test_its_memory_is_limited(sandbox):
    assert "memory" in sandbox.confined() and MEMORY_BYTES <= 2 << 30


# Its life


@linux
def test_it_ends_with_the_process_that_reads():
    run = f"""
import os, sys
sys.path.insert(0, {str(Path.cwd())!r})
from qa.reading.sandbox import Sandbox
opened = Sandbox()
opened.confined()
print(opened._worker._process.pid, flush=True)
os._exit(9)
"""
    worker = Path("/proc", subprocess.run([sys.executable, "-c", run], capture_output=True, text=True).stdout.strip())
    ends = time.monotonic() + 20
    while worker.exists() and time.monotonic() < ends:
        time.sleep(0.1)
    assert not worker.exists()


def test_one_that_was_closed_starts_again():
    opened = Sandbox()
    opened.read_works(TEXT.encode(), "小结.txt")
    opened.close()
    try:
        assert opened.read_works(TEXT.encode(), "小结.txt").documents
    finally:
        opened.close()
