"""What a reading process gives up before it sees a file: memory without end, the network, the disk but for one folder.

Linux grants all of it (network by a namespace or Landlock, the disk by Landlock); elsewhere what the system has no word
for is left out, and `confine` says what was reached. Knows nothing of documents.
"""

from __future__ import annotations

import contextlib
import ctypes
import math
import os
import sys
from pathlib import Path

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

MEMORY_BYTES = 2 << 30  # of address space: the imports take 60 MB, and LibreOffice, which inherits it, fits
PROGRAM_FILE_BYTES = 256 << 20  # the largest file that LibreOffice may write
OPEN_FILES = 256

_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_NO_NEW_PRIVILEGES = 38
# Landlock (linux/landlock.h): its system calls, and what they can forbid.
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_WRITING = sum(1 << bit for bit in (1, 4, 5, 6, 7, 8, 10, 11, 12))  # all but sockets
_REMOVING = 1 << 5  # LibreOffice opens a socket in /tmp, and stops when it may not take it away again
_MOVING, _TRUNCATING = 1 << 13, 1 << 14
_TCP = 0b11
_SIGNALS_AND_SOCKETS = 0b11


def confine(folder: Path, memory: int = MEMORY_BYTES) -> list[str]:
    """Confine this process, of one thread yet, and all it starts. Returns which of memory, network, disk are."""
    reached = []
    if resource is not None:
        _limit("RLIMIT_CORE", 0, 0)
        _limit("RLIMIT_NOFILE", OPEN_FILES, OPEN_FILES)
        _limit("RLIMIT_FSIZE", 0, PROGRAM_FILE_BYTES)
        if _limit("RLIMIT_AS", memory, memory) and sys.platform == "linux":
            reached.append("memory")
    if sys.platform == "linux":
        with contextlib.suppress(OSError):  # of two processes the system should rather stop this one
            Path("/proc/self/oom_score_adj").write_text("500")
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        alone = _leave_network(libc)
        version = _lock_disk(libc, folder)
        if alone or version >= 4:
            reached.append("network")
        if version:
            reached.append("disk")
    return reached


def allow(seconds: float, programs: bool) -> None:
    """Limits for the next file: processor time, and whether other programs may be started and write files."""
    if resource is None:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    _limit("RLIMIT_CPU", math.ceil(used.ru_utime + used.ru_stime + seconds))
    _limit("RLIMIT_FSIZE", PROGRAM_FILE_BYTES if programs else 0)
    _limit("RLIMIT_NPROC", resource.getrlimit(resource.RLIMIT_NPROC)[1] if programs else 0)


def _limit(name: str, soft: int, hard: int | None = None) -> bool:
    """Set a limit where the system has it; without `hard` that stays as it is."""
    try:
        kind = getattr(resource, name)
        resource.setrlimit(kind, (soft, resource.getrlimit(kind)[1] if hard is None else hard))
    except (AttributeError, OSError, ValueError):
        return False
    return True


def _leave_network(libc: ctypes.CDLL) -> bool:
    """Go where there is no network, not even to this machine itself. An ordinary user needs a user namespace for it."""
    if libc.unshare(_CLONE_NEWNET) == 0:
        return True
    user, group = os.geteuid(), os.getegid()
    if libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) != 0:
        return False
    with contextlib.suppress(OSError):  # keep one's own number, which programs like to know
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    return True


def _lock_disk(libc: ctypes.CDLL, folder: Path) -> int:
    """Forbid to write anywhere but in `folder`. Returns the version of Landlock, 0 where there is none."""
    version = int(libc.syscall(_CREATE_RULESET, None, 0, 1))
    if version < 1:
        return 0
    disk = _WRITING | (_MOVING if version >= 2 else 0) | (_TRUNCATING if version >= 3 else 0)
    wanted = (disk, _TCP if version >= 4 else 0, _SIGNALS_AND_SOCKETS if version >= 6 else 0)
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    rules = libc.syscall(_CREATE_RULESET, (ctypes.c_uint64 * 3)(*wanted), size, 0)
    if rules < 0:
        return 0
    try:
        at_files = disk & (1 << 1 | _TRUNCATING)
        _permit(libc, rules, folder, disk)
        _permit(libc, rules, Path(os.devnull), at_files)
        _permit(libc, rules, Path("/tmp"), _REMOVING)
        return version if libc.syscall(_RESTRICT_SELF, rules, 0) == 0 else 0
    finally:
        os.close(rules)


def _permit(libc: ctypes.CDLL, rules: int, path: Path, access: int) -> None:
    try:
        handle = os.open(path, getattr(os, "O_PATH", 0) | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        beneath = access.to_bytes(8, sys.byteorder) + handle.to_bytes(4, sys.byteorder)
        libc.syscall(_ADD_RULE, rules, 1, beneath, 0)
    finally:
        os.close(handle)
