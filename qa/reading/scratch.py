"""The folder that a reading process stands in. One that a killed service left behind goes when the next one is made."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import time
from pathlib import Path

from filelock import FileLock, Timeout

PREFIX = "yinju-reader-"
_LOCK = "lock"  # held while the folder is in use; the system lets go of it however its holder ends
_NEW_S = 60  # a folder younger than this may not be locked yet


class Scratch:
    """An empty folder (`path`) until it is closed."""

    def __init__(self) -> None:
        _sweep(Path(tempfile.gettempdir()))
        self.path = Path(tempfile.mkdtemp(prefix=PREFIX))
        self._lock = FileLock(self.path / _LOCK, timeout=0, thread_local=False)
        self._lock.acquire()

    def close(self) -> None:
        """Remove it and all that is in it."""
        self._lock.release()
        shutil.rmtree(self.path, ignore_errors=True)


def _sweep(within: Path) -> None:
    """Remove the folders that nobody holds any more."""
    for folder in within.glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError, Timeout):  # another user's, or still in use
            if not folder.is_symlink() and time.time() - folder.stat().st_mtime > _NEW_S:
                FileLock(folder / _LOCK, timeout=0).acquire().lock.release()
                shutil.rmtree(folder, ignore_errors=True)
