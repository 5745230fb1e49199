"""Connections to the registry's file: one writer, a pool of readers, SQLite's errors in our words.

Rollback journal, not WAL: SQLite before 3.51.3 can corrupt a WAL database that two connections write (fixed there),
and the one at hand is often older. `synchronous=FULL`, so what is committed survives a power cut.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qa.errors import LibraryBusy, LibraryDamaged, NotReady

BUSY_S = 30.0


class Connections:
    """Opens, lends and closes connections. Thread-safe; one write at a time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._idle: list[sqlite3.Connection] = []
        self._guard = threading.Lock()
        self._writing = threading.RLock()
        self._closed = False
        self._writer = self._open()

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all of it or nothing. Raises LibraryDamaged, LibraryBusy."""
        with self._writing, translated(self._path):
            if self._closed:
                raise NotReady("资料库已经关闭", "请重新启动服务。")
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                yield self._writer
                self._writer.execute("COMMIT")
            except BaseException:
                if self._writer.in_transaction:
                    self._writer.execute("ROLLBACK")
                raise

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """A connection to read from, given back afterwards. Raises LibraryDamaged, LibraryBusy."""
        with self._guard:
            if self._closed:
                raise NotReady("资料库已经关闭", "请重新启动服务。")
            connection = self._idle.pop() if self._idle else None
        with translated(self._path):
            connection = connection or self._open()
            try:
                yield connection
            finally:
                self._give_back(connection)

    def close(self) -> None:
        """Close every idle connection; lent ones when they come back. A write under way ends first."""
        with self._writing, self._guard:
            if not self._closed:
                self._closed = True
                self._writer.close()
                for connection in self._idle:
                    connection.close()
                self._idle.clear()

    def _give_back(self, connection: sqlite3.Connection) -> None:
        with self._guard:
            if self._closed:
                connection.close()
            else:
                self._idle.append(connection)

    def _open(self) -> sqlite3.Connection:
        with translated(self._path):
            connection = sqlite3.connect(
                self._path, timeout=BUSY_S, isolation_level=None, check_same_thread=False, cached_statements=256
            )
            connection.row_factory = sqlite3.Row
            connection.execute("PRAGMA journal_mode = DELETE")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            # A large change must not spill into the file before its commit: it would lock readers out until then.
            connection.execute("PRAGMA cache_spill = OFF")
            return connection


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """SQLite's errors as ours."""
    try:
        yield
    except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
        raise  # a mistake of ours
    except sqlite3.DatabaseError as cause:
        raise _ours(path, cause) from cause


def _ours(path: Path, cause: sqlite3.DatabaseError) -> LibraryBusy | LibraryDamaged:
    said = str(cause)
    if "locked" in said:
        return LibraryBusy("资料库正忙，改动没有写入", "请稍后再试。")
    if "full" in said:
        return LibraryDamaged("磁盘已满，改动没有写入", "请腾出空间后再试；已有的资料没有受影响。")
    if "readonly" in said or "unable to open" in said:
        return LibraryDamaged(f"资料库文件 {path.name} 不能写入", f"请检查 {path.parent} 的权限。")
    return LibraryDamaged(
        f"资料库文件 {path.name} 已损坏（{said}）",
        f"请把 {path.parent} 改名留存，再重新启动：文件夹里的资料会重新读取；上传过的原文件在它的 uploads 里。",
    )
