"""Keeps the library in step with its folder while the service runs: looks at it now and then, syncs what has settled.

Looks at names, sizes and times only. A change is acted upon once two looks agree, so a file that is being written is
waited for. Polls rather than asks the system: that works on every disk and share, and needs nothing installed.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path

from qa.errors import YinjuError
from qa.reading.folder import Found, look
from web.errors import Problem

logger = logging.getLogger(__name__)

EVERY_S = 2.0
SHARE = 0.02  # at most so much of the time is spent looking, however large the folder

Sync = Callable[[], None]  # brings the library in step; returns when that is done


class Watcher:
    """Watches one folder; `sync` is never called twice at once."""

    def __init__(self, folder: Path, sync: Sync, every_s: float = EVERY_S) -> None:
        self._folder = folder
        self._sync = sync
        self._every_s = every_s
        self._synced: list[Found] | None = None  # what the folder held when it was last brought in step
        self._seen: list[Found] | None = None  # what it held at the last look

    def note(self) -> None:
        """Take what the folder holds now as known: call it before a sync that others begin."""
        self._synced = self._seen = self._scan()

    def look(self) -> bool:
        """Look once. True where a change had settled and was acted upon."""
        now, before = self._scan(), self._seen
        self._seen = now
        if now is None or now == self._synced or now != before:
            return False
        try:
            self._sync()
        except (YinjuError, Problem) as error:  # busy, or stopping: the change is still there at the next look
            logger.info("the folder has changed but could not be read yet: %s", error)
            return False
        self._synced = now
        return True

    def watch(self, stopping: threading.Event) -> None:
        """Look again and again until `stopping` is set."""
        pause = self._every_s
        while not stopping.wait(pause):
            began = time.perf_counter()
            try:
                acted = self.look()
            except Exception:  # the watch outlives any one look
                logger.exception("looking at the folder failed")
                acted = False
            pause = self._every_s if acted else max(self._every_s, (time.perf_counter() - began) / SHARE)

    def _scan(self) -> list[Found] | None:
        """What the folder holds; None where it is not there (its disk is unplugged): nothing is forgotten then."""
        try:
            return look(self._folder)
        except (YinjuError, OSError):
            return None
