"""Work in the background, one piece at a time: a sync of the folder, an upload. States outlive the process."""

from __future__ import annotations

import contextlib
import hashlib
import logging
import queue
import shutil
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from qa.config import Settings
from qa.errors import YinjuError
from qa.memory import give_back
from qa.types import FileResult, Job, Progress
from web.adding import Upload, add_files, add_texts
from web.errors import Problem

if TYPE_CHECKING:
    from qa.pipeline import Pipeline
    from web.wire import DocumentIn

logger = logging.getLogger(__name__)

WAITING = 16  # jobs in the queue; one more is refused
SAVE_EVERY_S = 1.0
TRIM_EVERY_S = 5.0
WATCH_EVERY_S = 0.2
STOP_WITHIN_S = 10.0
LONG = 1_000  # results; from there on a job is written and sent less often
ENDED = frozenset({"done", "failed", "cancelled"})
INTERRUPTED = "interrupted"  # the code of the last result of a job that the end of its process cut short

Work = Callable[[], Iterator[Progress]]


@dataclass
class Running:
    """A job in hand. `changed` is notified whenever `job` is replaced."""

    job: Job
    work: Work
    fingerprint: str = ""
    incoming: Path | None = None  # what was sent for it; it goes when the job ends, however it ends
    cancelled: bool = False
    changed: threading.Condition = field(default_factory=threading.Condition)

    def set(self, job: Job) -> None:
        with self.changed:
            self.job = job
            self.changed.notify_all()


class Jobs:
    """The queue, its one worker, and what became of earlier jobs."""

    def __init__(self, pipeline: Pipeline, settings: Settings) -> None:
        self._pipeline = pipeline
        self._settings = settings
        self._incoming = settings.data / "incoming"
        shutil.rmtree(self._incoming, ignore_errors=True)  # what a former process did not get to
        self._queue: queue.Queue[Running | None] = queue.Queue(WAITING)
        self._live: dict[str, Running] = {}
        self._lock = threading.Lock()
        self._closing = False
        self._end_left_behind()
        self._beside: threading.Thread | None = None  # what does not wait in the queue
        self._worker = threading.Thread(target=self._work_on, name="jobs", daemon=True)
        self._worker.start()

    def sync(self, dry_run: bool = False, force: bool = False) -> Job:
        """Bring the library in step with its folder; with `dry_run`, only say what would change.

        With `force` a folder that is empty now empties the library, and files that could not be read are tried again.
        """
        folder = self._settings.seeds
        work = partial(self._pipeline.sync, folder, dry_run=dry_run, force=force)
        return self._submit("sync", work, dry_run=dry_run)

    def follow_folder(self) -> Job:
        """A sync that is kept small, as it comes again and again: files that did not change are not among its results.

        Returns the job as it ended.
        """
        folder = self._settings.seeds
        job = self._submit("sync", lambda: map(_without_unchanged, self._pipeline.sync(folder)))
        *_, ended = self.watch(job.id)
        return ended

    def upload(self, incoming: Path, files: Sequence[Upload], key: str = "") -> Job:
        """Add files that were sent. They lie in `incoming`, which is removed when the job ends, or is not begun."""
        fingerprint = _fingerprint(*(f"{file.name}\0{file.path.stat().st_size}" for file in files))
        work = partial(add_files, self._pipeline, files)
        return self._submit("upload", work, len(files), key, fingerprint, incoming=incoming)

    def texts(self, documents: Sequence[DocumentIn], key: str = "") -> Job:
        """Add documents that were sent as JSON."""
        fingerprint = _fingerprint(*(document.model_dump_json() for document in documents))
        return self._submit("upload", lambda: add_texts(self._pipeline, documents), len(documents), key, fingerprint)

    def model(self, work: Work, name: str) -> Job:
        """A change or fitting of the model, beside the queue: it may take hours, and files are read meanwhile."""
        with self._lock:
            if any(running.job.kind == "model" for running in self._live.values()):
                raise Problem("library_busy", "正在换模型或调权重。请等它做完，或先停止那件工作。")
            running = Running(Job(uuid.uuid4().hex, "model", "queued", file=name, created=_now()), work)
            self._pipeline.library.save_job(running.job)
            self._live[running.job.id] = running
            self._beside = threading.Thread(target=self._run, args=(running,), name="model", daemon=True)
            self._beside.start()
        return running.job

    def incoming(self) -> Path:
        """A new empty folder for the files of one upload."""
        folder = self._incoming / uuid.uuid4().hex
        folder.mkdir(parents=True)
        return folder

    def job(self, job_id: str) -> Job:
        """The job as it stands. Raises NotFound."""
        with self._lock:
            running = self._live.get(job_id)
        return running.job if running is not None else self._pipeline.library.job(job_id)

    def latest(self, limit: int) -> list[Job]:
        """The latest jobs as they stand, the newest first."""
        return [self.job(job.id) for job in self._pipeline.library.jobs(limit)]

    def watch(self, job_id: str) -> Iterator[Job]:
        """The job each time it has changed, a few times a second at most; the last one has ended."""
        job = self.job(job_id)
        yield job
        with self._lock:
            running = self._live.get(job_id)
        while job.state not in ENDED:
            if running is None:
                job = self.job(job_id)
            else:
                with running.changed:
                    while running.job is job:
                        running.changed.wait(timeout=1)
                    job = running.job
            yield job
            time.sleep(_pause(WATCH_EVERY_S, job) if job.state not in ENDED else 0)

    def cancel(self, job_id: str) -> Job:
        """Stop a job after its present file. One that has ended stays as it is. Raises NotFound."""
        with self._lock:
            running = self._live.get(job_id)
            if running is None:
                pass
            elif running.job.state == "queued":
                running.cancelled = True
                self._finish(running, replace(running.job, state="cancelled"))
            else:
                running.cancelled = True
        return self.job(job_id)

    def close(self) -> None:
        """Stop after the present file. What waits in the queue ends as well, and says why."""
        self._closing = True
        with contextlib.suppress(queue.Full):
            self._queue.put_nowait(None)
        self._worker.join(STOP_WITHIN_S)
        if self._beside is not None:
            self._beside.join(STOP_WITHIN_S)
        with self._lock:
            for running in [one for one in self._live.values() if one.job.state == "queued"]:
                running.cancelled = True
                self._finish(running, _interrupted(running.job))

    def _submit(
        self,
        kind: Literal["sync", "upload"],
        work: Work,
        total: int = 0,
        key: str = "",
        fingerprint: str = "",
        dry_run: bool = False,
        incoming: Path | None = None,
    ) -> Job:
        job_id = _id_of(key) if key else uuid.uuid4().hex
        with self._lock, contextlib.ExitStack() as unwanted:
            unwanted.callback(_drop, incoming)
            if key and (known := self._known(job_id, fingerprint)):
                return known
            job = Job(job_id, kind, "queued", total=total, created=_now(), dry_run=dry_run)
            running = Running(job, work, fingerprint, incoming)
            if self._queue.full() or self._closing:
                raise Problem("overloaded", f"已有 {WAITING} 件工作在排队。请等前面的做完再提交。")
            self._pipeline.library.save_job(running.job)
            self._live[job_id] = running
            self._queue.put_nowait(running)
            unwanted.pop_all()
        return running.job

    def _known(self, job_id: str, fingerprint: str) -> Job | None:
        """The job that the same Idempotency-Key began, if any; one that was cut short begins anew with what is sent."""
        running = self._live.get(job_id)
        if running is not None:
            if running.fingerprint != fingerprint:
                detail = "这个 Idempotency-Key 已经用于别的内容"
                raise Problem("invalid_field", f"{detail}。请换一个。", (("/Idempotency-Key", detail),))
            return running.job
        try:
            known = self._pipeline.library.job(job_id)
        except YinjuError:
            return None
        return None if known.results and known.results[-1].code == INTERRUPTED else known

    def _end_left_behind(self) -> None:
        """End the jobs that a former process left unfinished: they say why, and will not go on."""
        for job in self._pipeline.library.unfinished_jobs():
            self._pipeline.library.save_job(_interrupted(job))

    def _work_on(self) -> None:
        while not self._closing:
            running = self._queue.get()
            if running is None:
                return
            if not running.cancelled:
                self._run(running)

    def _run(self, running: Running) -> None:
        running.set(replace(running.job, state="running"))
        try:
            self._pipeline.library.save_job(running.job)
            ended = self._follow(running)
        except Exception as error:  # the worker outlives any one job
            ended = _failed(running.job, error)
        if ended.state == "done" and ended.results and all(result.status == "refused" for result in ended.results):
            ended = replace(ended, state="failed")
        with self._lock:
            self._finish(running, ended)

    def _follow(self, running: Running) -> Job:
        """Take the work's steps one by one, until it ends, is cancelled, or the service stops. Returns how it ended."""
        saved = trimmed = time.monotonic()
        steps = running.work()
        try:
            for step in steps:
                running.set(_advanced(running.job, step))
                if self._closing:
                    return _interrupted(running.job)
                if running.cancelled:
                    return replace(running.job, state="cancelled", file="")
                if time.monotonic() - saved > _pause(SAVE_EVERY_S, running.job):
                    self._pipeline.library.save_job(running.job)
                    saved = time.monotonic()
                if time.monotonic() - trimmed > TRIM_EVERY_S:
                    give_back()
                    trimmed = time.monotonic()
            return replace(running.job, state="done", file="")
        finally:
            close = getattr(steps, "close", None)
            if close is not None:
                close()
            give_back()

    def _finish(self, running: Running, job: Job) -> None:
        _drop(running.incoming)
        try:
            self._pipeline.library.save_job(job)
            self._live.pop(job.id, None)
        except Exception:  # kept in memory then; the result is not lost while the service runs
            logger.exception("job %s could not be saved", job.id)
        running.set(job)


def _advanced(job: Job, step: Progress) -> Job:
    results = (*job.results, step.result) if step.result is not None else job.results
    return replace(job, done=step.done, total=step.total, file=step.file, results=results)


def _pause(seconds: float, job: Job) -> float:
    """How long to wait before a job is written or sent again: longer where it is long."""
    return seconds * (1 + len(job.results) / LONG)


def _without_unchanged(step: Progress) -> Progress:
    return replace(step, result=None) if step.result is not None and step.result.status == "unchanged" else step


def _failed(job: Job, error: Exception) -> Job:
    """A job that an exception ended: `failed` only when nothing succeeded."""
    if isinstance(error, YinjuError):
        code, detail = error.code, str(error)
    else:
        logger.error("job %s failed", job.id, exc_info=error)
        code, detail = "internal", "服务内部出错了，这一步没有做完，已读好的不受影响。请重试。"
    return _with_ending(job, FileResult(job.file, "refused", code=code, detail=detail), "done")


def _interrupted(job: Job) -> Job:
    """A job that was under way when the service stopped. An upload alone does not begin anew with the service."""
    todo = {
        "sync": "已读好的不受影响。服务再启动时会接着对齐文件夹。",
        "model": "已算好的都在。服务再启动时会接着换模型。",
    }.get(job.kind, "已读好的不受影响。请把没读完的文件再添加一次。")
    detail = f"服务中途停了，这件工作没有做完，{todo}"
    return _with_ending(job, FileResult("", "refused", code=INTERRUPTED, detail=detail), "cancelled")


def _with_ending(job: Job, result: FileResult, otherwise: Literal["done", "cancelled"]) -> Job:
    succeeded = any(earlier.status != "refused" for earlier in job.results)
    return replace(job, state=otherwise if succeeded else "failed", results=(*job.results, result))


def _drop(incoming: Path | None) -> None:
    if incoming is not None:
        shutil.rmtree(incoming, ignore_errors=True)


def _id_of(key: str) -> str:
    """The same key names the same job, after a restart too."""
    return hashlib.sha256(f"Idempotency-Key {key}".encode()).hexdigest()[:32]


def _fingerprint(*parts: str) -> str:
    return hashlib.sha256("\0\0".join(parts).encode()).hexdigest()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
