"""The own bytes of uploaded files, each under its SHA-256, so that they can be read again."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path


class Uploads:
    """A folder of files named by their hash."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, data: bytes) -> None:
        """Keep bytes; whole or not at all."""
        path = self._folder / hashlib.sha256(data).hexdigest()
        if path.exists():
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        beside = path.with_suffix(".new")
        with beside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)

    def path(self, source_id: str) -> Path | None:
        """Where a source's bytes lie, None where they were not uploaded."""
        path = self._folder / source_id
        return path if source_id.isalnum() and path.is_file() else None

    def keep_only(self, wanted: Callable[[str], bool]) -> None:
        """Drop the bytes of sources that nobody wants any more."""
        if self._folder.is_dir():
            for path in list(self._folder.iterdir()):
                if not wanted(path.name):
                    path.unlink(missing_ok=True)
