"""Gives back to the system the memory that reading files took and nothing holds any more.

glibc keeps freed memory in an arena for each thread: after 100 MB of documents some hundreds of MiB that nobody uses.
Does nothing where there is no glibc (macOS, Windows, musl).
"""

from __future__ import annotations

import ctypes
import sys
from functools import cache

_ARENA_MAX = -8  # M_ARENA_MAX of malloc.h
ARENAS = 2


def share_arenas() -> None:
    """Let all threads share a few arenas. Call it before they start."""
    libc = _glibc()
    if libc is not None:
        libc.mallopt(_ARENA_MAX, ARENAS)


def give_back() -> None:
    """Return what is free; some tens of milliseconds where there is much of it."""
    libc = _glibc()
    if libc is not None:
        libc.malloc_trim(0)


@cache
def _glibc() -> ctypes.CDLL | None:
    if not sys.platform.startswith("linux"):
        return None
    try:
        libc = ctypes.CDLL("libc.so.6")
    except OSError:
        return None
    return libc if hasattr(libc, "malloc_trim") and hasattr(libc, "mallopt") else None
