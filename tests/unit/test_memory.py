"""Memory that nobody uses goes back to the system where the system's allocator keeps it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from qa.memory import give_back


def resident_mib() -> float:
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only glibc keeps freed memory")
def test_what_was_freed_goes_back_to_the_system() -> None:
    pieces = [bytes(1000) + str(number).encode() for number in range(200_000)]
    kept = pieces[::1000]  # so that the heap cannot simply shrink from its end
    held = resident_mib()
    del pieces
    give_back()
    assert kept
    assert resident_mib() < held - 100


def test_where_there_is_no_such_allocator_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.memory._glibc", lambda: None)
    give_back()
