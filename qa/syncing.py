"""One run that keeps the library in step with its folder: what is done about each file, and what is not done again.

The walk itself is `Pipeline.sync`. A file that could not be read is not tried again while it, its reader and the
programs that help to read it stay as they are; what it says is told again all the same.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from qa.errors import YinjuError
from qa.indexing.library import Library
from qa.indexing.rows import FileRecord, Refusal
from qa.reading.folder import Found, Listing, load
from qa.reading.reader import reader_version
from qa.types import FileResult, Origin, SplitPlan

Add = Callable[[bytes, str, Origin, str, int, SplitPlan], FileResult]  # Pipeline.add_bytes
HELPERS = ("soffice", "libreoffice", "tesseract")  # once one is installed, files that it can read are tried again
STILL_THERE = "先前读入的内容还留着。"


class InStep:
    """One run over a folder. With `dry_run` nothing is changed; with `force` refused files are tried again."""

    def __init__(self, library: Library, add: Add, folder: Path, there: Listing, dry_run: bool, force: bool) -> None:
        self._library, self._add, self._folder, self._there, self._dry_run = library, add, folder, there, dry_run
        self._same_folder = library.folder() in (None, str(folder))
        self._remembered = library.refusals()
        self._refusals = {} if force or not self._same_folder else dict(self._remembered)
        self._helpers = "".join(f"+{name}" for name in HELPERS if shutil.which(name))

    @contextmanager
    def going_on(self) -> Iterator[None]:
        """The run itself, also one that is cut short: what was refused in it is remembered."""
        if self._dry_run:
            yield
            return
        self._library.set_folder(str(self._folder))
        try:
            yield
        finally:
            gone = set(self._there.gone(self._refusals))
            refusals = {path: one for path, one in self._refusals.items() if path not in gone}
            if refusals != self._remembered:
                self._library.keep_refusals(refusals)

    def read(self, file: Found, plan: SplitPlan, known: Mapping[str, FileRecord]) -> FileResult:
        """Read a file where it is new or has changed."""
        old, reader = known.get(file.path), reader_version(plan)
        if self._same_folder and old and (old.size, old.mtime_ns, old.reader) == (file.size, file.mtime_ns, reader):
            return FileResult(file.path, "unchanged")
        before = self._refusals.pop(file.path, None)
        as_it_is = (file.size, file.mtime_ns, reader + self._helpers)
        if before and (before.size, before.mtime_ns, before.reader) == as_it_is:
            self._refusals[file.path] = before
            return FileResult(file.path, "refused", code=before.code, detail=before.detail)
        if self._dry_run:
            return FileResult(file.path, "updated" if old else "added")
        return self._take_in(file, plan, old is not None, as_it_is)

    def closed(self, path: str) -> FileResult:
        """A folder that cannot be opened: nothing is known of what lies in it, so nothing is forgotten."""
        detail = f"这个文件夹打不开，{STILL_THERE}请检查有没有读取权限，网盘是否连上。"
        return FileResult(path, "refused", code="unreadable_folder", detail=detail)

    def forget(self, path: str) -> FileResult:
        """A file that is no longer there."""
        return FileResult(path, "removed") if self._dry_run else self._library.remove_file("folder", path)

    def _take_in(self, file: Found, plan: SplitPlan, known: bool, as_it_is: tuple[int, int, str]) -> FileResult:
        try:
            data = load(self._folder, file.path)
            result = self._add(data, file.path, "folder", file.path, file.mtime_ns, plan)
        except YinjuError as error:  # the file may be as good as ever: what was read of it before stays
            return self._not_now(file.path, error, known)
        if result.status == "refused":
            self._refusals[file.path] = Refusal(*as_it_is, result.code or "", result.detail or "")
            if known:
                self._library.remove_file("folder", file.path)
        if result.status == "unchanged":
            self._library.touch("folder", file.path, file.size, file.mtime_ns)
        return result

    def _not_now(self, path: str, error: YinjuError, known: bool) -> FileResult:
        detail = str(error)
        if known and self._same_folder:
            detail += STILL_THERE
        elif known:  # the former folder's file of this name
            self._library.remove_file("folder", path)
        return FileResult(path, "refused", code=error.code, detail=detail)
