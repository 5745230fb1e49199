"""A background thread that does its tasks whenever it is woken, once things have been quiet for a moment."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence

log = logging.getLogger(__name__)
Task = Callable[[threading.Event], None]


class Tender:
    """Runs `tasks` in order after each `wake`; each is given the event that tells it to stop."""

    def __init__(self, tasks: Sequence[Task], pause: float) -> None:
        """`pause`: seconds of quiet to wait for, so that many changes are followed in one go."""
        self._tasks, self._usual, self._pause = tasks, pause, pause
        self._stop = threading.Event()
        self._state = threading.Condition()
        self._asked = self._done = 0
        self._hurry = False
        self._thread = threading.Thread(target=self._run, name="index-tender", daemon=True)
        self._thread.start()

    @property
    def busy(self) -> bool:
        """Is there anything that was asked for and not done?"""
        return self._done < self._asked

    def wake(self, hurry: bool = False, pause: float | None = None) -> None:
        """Ask for the tasks to be done; after another `pause` than the usual one, or in a `hurry` without any."""
        with self._state:
            self._asked += 1
            self._pause = self._usual if pause is None else pause
            self._hurry = self._hurry or hurry
            self._state.notify_all()

    def settle(self, timeout: float) -> bool:
        """Wait until all that was asked for before this call is done; False after `timeout` seconds."""
        with self._state:
            asked, self._hurry = self._asked, True
            self._state.notify_all()
            return self._state.wait_for(lambda: self._done >= asked or self._stop.is_set(), timeout)

    def stop(self) -> None:
        """End the thread, after telling its task to stop."""
        self._stop.set()
        with self._state:
            self._hurry = True
            self._state.notify_all()
        self._thread.join()

    def _run(self) -> None:
        while (asked := self._next()) is not None:
            for task in self._tasks:
                self._try(task)
            with self._state:
                self._done = asked
                self._state.notify_all()

    def _next(self) -> int | None:
        """The number of the last wake, once there is one and it has been quiet; None when it is time to end."""
        with self._state:
            self._state.wait_for(lambda: self.busy or self._stop.is_set())
            while not (self._stop.is_set() or self._hurry or self._quiet()):
                continue
            self._hurry = False
            return None if self._stop.is_set() else self._asked

    def _quiet(self) -> bool:
        """Wait for `pause` seconds: did nothing come in them, or is there no time to wait?"""
        asked = self._asked
        return not self._state.wait_for(lambda: self._asked > asked or self._hurry, self._pause) or self._hurry

    def _try(self, task: Task) -> None:
        try:
            task(self._stop)
        except Exception:
            log.warning("an index could not be brought in step; search goes on without it", exc_info=True)
