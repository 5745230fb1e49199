"""The files of a folder that the library is kept in step with: what is there and what is gone. Touches nothing.

What cannot be looked at is not gone: a disk may be unplugged, a share may not answer.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator
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


@dataclass(frozen=True, slots=True)
class Listing:
    """The files of a folder, by path, and the folders below it that cannot be opened ("县级/柳溪/")."""

    files: tuple[Found, ...]
    closed: tuple[str, ...] = ()

    def gone(self, known: Iterable[str]) -> list[str]:
        """Those of the known paths that are no longer there. What lies in a closed folder may well be."""
        here = {file.path for file in self.files}
        return [path for path in known if path not in here and not path.startswith(self.closed)]


def survey(folder: Path) -> Listing:
    """The regular files below a folder; hidden ones, links and special files are passed over.

    Raises SettingsInvalid when the folder is not there or cannot be opened.
    """
    return _listing(folder, settings=False)


def scan(folder: Path) -> list[Found]:
    """The files of `survey`."""
    return list(survey(folder).files)


def look(folder: Path) -> list[Found]:
    """As `scan`, with the folder's own settings: equal where nothing changed in how the folder reads."""
    return list(_listing(folder, settings=True).files)


def check_not_emptied(folder: Path, listing: Listing, known: int) -> None:
    """Raises SettingsInvalid where a folder, of which `known` files were read, has none left.

    That is more often a disk that is not mounted than somebody who threw everything away.
    """
    if known and not listing.files and not listing.closed:
        raise SettingsInvalid(
            f"资料文件夹空了：{folder}。原来读入的 {known} 个文件都留着，还能提问",
            "如果是磁盘或网盘没有连上，连上后会接着同步；如果确实都不要了，请运行 python -m qa sync --force。",
            code="empty_seeds",
        )


def _listing(folder: Path, settings: bool) -> Listing:
    closed: list[str] = []
    files = [file for file in _below(folder, "", closed) if settings or file.path != SETTINGS]
    if not folder.is_dir():
        raise SettingsInvalid(
            f"找不到资料文件夹：{folder}",
            "已经读入的资料都留着。请建好这个文件夹并放入资料，或用 SEEDS=路径 指定另一个；在移动硬盘上的，请先连上。",
            code="missing_seeds",
        )
    if "" in closed:
        raise SettingsInvalid(
            f"资料文件夹打不开：{folder}", "已经读入的资料都留着。请检查有没有读取权限。", code="unreadable_seeds"
        )
    return Listing(tuple(sorted(files, key=lambda file: file.path)), tuple(sorted(closed)))


def _below(folder: Path | str, prefix: str, closed: list[str]) -> Iterator[Found]:
    """What lies in a folder and below it. What goes away while it is looked at was not there."""
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.startswith("."):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    yield from _below(entry.path, f"{prefix}{entry.name}/", closed)
                elif entry.is_file(follow_symlinks=False) and not entry.name.startswith("~$"):
                    with contextlib.suppress(FileNotFoundError):
                        status = entry.stat(follow_symlinks=False)
                        yield Found(f"{prefix}{entry.name}", status.st_size, status.st_mtime_ns)
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError:
        closed.append(prefix)


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
