"""What the routes share: the library once it is open, what is still awaited, and how many may enter at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from qa.config import Settings
from qa.errors import NotReady
from web.errors import Problem
from web.jobs import Jobs

if TYPE_CHECKING:
    from qa.pipeline import Pipeline

THREADS = 32
STREAMS = THREADS // 2  # half the threads always remain for those who do not stream
WORKS = 12  # and a few of those for health, pages and files

PARTS = {"library": "资料库还在打开", "model": "模型还在载入", "reading": "第一次读资料还没有读完"}


class Gate:
    """Lets so many in at once; the next one waits briefly, then is told to come back."""

    def __init__(self, places: int, patience_s: float) -> None:
        self._places = threading.BoundedSemaphore(places)
        self._patience_s = patience_s

    def enter(self) -> None:
        """Take a place, or raise `overloaded`."""
        if not self._places.acquire(timeout=self._patience_s):
            raise Problem("overloaded", "现在问的人太多。请过一两秒再试。")

    def leave(self) -> None:
        self._places.release()

    @contextmanager
    def place(self) -> Iterator[None]:
        self.enter()
        try:
            yield
        finally:
            self.leave()


class Service:
    """One running service. `waiting` names what is not ready yet; empty means that `/readyz` says yes."""

    def __init__(self, settings: Settings, streams: int = STREAMS, works: int = WORKS) -> None:
        self.settings = settings
        self.streams = Gate(streams, patience_s=0)
        self.works = Gate(works, patience_s=2)
        self.feedback_lock = threading.Lock()
        self.stopping = threading.Event()
        self.waiting: tuple[str, ...] = tuple(PARTS)
        self.first_reading: str | None = None  # the id of its job
        self._pipeline: Pipeline | None = None
        self._jobs: Jobs | None = None

    def attach(self, pipeline: Pipeline) -> None:
        """The library is open: questions are answered from what is in it."""
        self._jobs = Jobs(pipeline, self.settings)
        self._pipeline = pipeline
        self.arrived("library")

    def arrived(self, *parts: str) -> None:
        """These parts are no longer awaited."""
        self.waiting = tuple(part for part in self.waiting if part not in parts)

    def check_open(self) -> None:
        """Raises NotReady until the library is open."""
        if self._pipeline is None:
            raise NotReady("资料库还在打开", "请过几秒再试。")

    @property
    def pipeline(self) -> Pipeline:
        """Raises NotReady until the library is open."""
        if self._pipeline is None:
            raise NotReady("资料库还在打开", "请过几秒再试。")
        return self._pipeline

    @property
    def jobs(self) -> Jobs:
        """Raises NotReady until the library is open."""
        if self._jobs is None:
            raise NotReady("资料库还在打开", "请过几秒再试。")
        return self._jobs

    def close(self) -> None:
        """No new work; the work at hand is cut after its present file."""
        self.stopping.set()
        if self._jobs is not None:
            self._jobs.close()
