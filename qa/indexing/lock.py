"""One process owns a data folder; whoever comes second is told at once by whom, and at what address.

The operating system holds the lock, so a killed owner leaves none behind; what `owner.json` says is only read while
the lock is held.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from filelock import FileLock, Timeout

from qa.errors import LibraryInUse, SettingsInvalid

LOCK = "library.lock"
OWNER = "owner.json"


class FolderLock:
    """The right to open a data folder, held until `release`. Raises LibraryInUse, SettingsInvalid."""

    def __init__(self, folder: Path, address: str = "") -> None:
        self._folder = folder
        _make(folder)
        self._lock = FileLock(folder / LOCK, timeout=0, thread_local=False)
        try:
            self._lock.acquire()
        except Timeout:
            raise _in_use(folder) from None
        self.announce(address)

    def announce(self, address: str) -> None:
        """Say at what address the owner serves, "" for none."""
        _write_whole(self._folder / OWNER, json.dumps({"pid": os.getpid(), "address": address}))

    def release(self) -> None:
        (self._folder / OWNER).unlink(missing_ok=True)
        self._lock.release()


def _write_whole(path: Path, text: str) -> None:
    """Write a small file so that a reader sees the old text or the new one, never a part."""
    beside = path.with_name(f"{path.name}.new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as cause:
        raise SettingsInvalid(f"数据文件夹 {folder} 不能使用", "请把 QA_DATA 设为一个可以写入的文件夹。") from cause
    if not os.access(folder, os.W_OK | os.X_OK):
        raise SettingsInvalid(f"数据文件夹 {folder} 不能写入", "请检查它的权限，或把 QA_DATA 设为另一个文件夹。")


def _in_use(folder: Path) -> LibraryInUse:
    pid, address = _owner(folder)
    where = f"，服务地址是 {address}" if address else ""
    return LibraryInUse(
        f"资料库正由另一个进程使用（进程号 {pid}{where}）",
        f"请直接使用 {address}，或先结束那个进程。" if address else "请等它结束，或用 QA_DATA 指定另一个数据文件夹。",
        address,
    )


def _owner(folder: Path) -> tuple[str, str]:
    """(process id, address) as the owner wrote them; "未知" and "" in the moment before it has."""
    try:
        said = json.loads((folder / OWNER).read_text(encoding="utf-8"))
        return str(said["pid"]), str(said["address"])
    except (OSError, ValueError, KeyError, TypeError):
        return "未知", ""
