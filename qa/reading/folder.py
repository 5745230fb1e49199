"""The files of a folder that the library is kept in step with: what is new, changed, gone. Touches nothing."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from qa.config import MAX_FILE_BYTES
from qa.errors import SettingsInvalid, Unreadable

SETTINGS = "yinju.toml"  # at the top of a folder: how its files are to be read; no document itself


@dataclass(frozen=True, slots=True)
class Found:
    """A regular file: its path below the folder, its size in bytes, its time of change in nanoseconds."""

    path: str
    size: int
    mtime_ns: int


def scan(folder: Path) -> list[Found]:
    """The regular files below a folder, by path; hidden ones, links and special files are passed over.

    Raises SettingsInvalid when the folder is not there.
    """
    return [file for file in look(folder) if file.path != SETTINGS]


def look(folder: Path) -> list[Found]:
    """As `scan`, with the folder's own settings: equal where nothing changed in how the folder reads."""
    if not folder.is_dir():
        raise SettingsInvalid(
            f"找不到资料文件夹：{folder}",
            "请建好这个文件夹并放入资料，或用 SEEDS=路径 指定另一个。",
            code="missing_seeds",
        )
    return sorted(_below(folder, ""), key=lambda file: file.path)


def _below(folder: Path | str, prefix: str) -> Iterator[Found]:
    """What lies in a folder and below it. What goes away while it is looked at was not there."""
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):
                yield from _below(entry.path, f"{prefix}{entry.name}/")
            elif entry.is_file(follow_symlinks=False) and not entry.name.startswith("~$"):
                with contextlib.suppress(FileNotFoundError):
                    status = entry.stat(follow_symlinks=False)
                    yield Found(f"{prefix}{entry.name}", status.st_size, status.st_mtime_ns)


def load(folder: Path, path: str) -> bytes:
    """A file's bytes, at most the limit; links are not followed. Raises Unreadable."""
    try:
        handle = os.open(folder / path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(handle, "rb") as file:
            if os.fstat(file.fileno()).st_size > MAX_FILE_BYTES:
                raise Unreadable(
                    f"文件超过 {MAX_FILE_BYTES >> 20} MB 的上限", "请拆成几个文件。", code="file_too_large"
                )
            return file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise Unreadable(
            f"这个文件打不开：{error.strerror or error}", "请检查文件是否还在、有没有读取权限。"
        ) from error
