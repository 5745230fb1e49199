"""The service as a process: binds, opens the library, reads the folder while the page is already served, stops cleanly.

One process, one waitress, 32 threads (`docs/decisions/0003-server.md` says why): the library is opened in the process
that holds its lock, so a busy port, a library in use or a missing folder end the command with their own message.
"""

from __future__ import annotations

import errno
import json
import logging
import signal
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from waitress import create_server, wasyncore
from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer
from waitress.task import ErrorTask
from werkzeug.wsgi import ClosingIterator

from qa.config import Settings
from qa.errors import SettingsInvalid
from web import create_app, guard, models, rendering
from web.client import Remote
from web.errors import PROBLEMS
from web.keys import check_host
from web.service import THREADS, Service
from web.terminal import following, summarise, tell
from web.watching import Watcher

if TYPE_CHECKING:
    from qa.pipeline import Pipeline

logger = logging.getLogger(__name__)

CONNECTIONS = 400
IDLE_S = 60  # a connection that says nothing for so long is closed
DRAIN_S = 10.0
WARM_UP = "资料里说了什么？"

Build = Callable[[Settings, str], "Pipeline"]


def serve(settings: Settings, build: Build) -> int:
    """Serve until SIGTERM or SIGINT. Returns the exit status; raises YinjuError when it cannot start."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    check_seeds(settings)
    check_host(settings)
    running = Server(settings, build, bind(settings))
    running.run()
    return 0


def address_of(settings: Settings) -> str:
    """Where people open it."""
    own = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # what listens everywhere is here too
    host = f"[{own}]" if ":" in own else own
    return f"http://{host}:{settings.port}"


def check_seeds(settings: Settings) -> None:
    """The folder that sync keeps the library in step with must be there."""
    if not settings.seeds.is_dir():
        raise SettingsInvalid(
            f"找不到资料文件夹 {settings.seeds}",
            "请把文件放进去，或用 QA_SEEDS（make run SEEDS=文件夹）指定另一个文件夹。",
            code="missing_seeds",
        )


def bind(settings: Settings) -> socket.socket:
    """The listening socket. A busy port says who is likely there."""
    host = "127.0.0.1" if settings.host == "localhost" else settings.host
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, settings.port), family=family, backlog=CONNECTIONS)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            message = f"不能在 {address_of(settings)} 提供服务（{error.strerror}）"
            raise SettingsInvalid(message, "请换一个 QA_PORT。") from error
    if Remote(address_of(settings), settings.host).answers():
        raise SettingsInvalid(
            f"引据已经在 {address_of(settings)} 运行",
            "直接打开它即可；要另开一个，请换 QA_PORT 和 QA_DATA。",
            code="port_in_use",
        )
    raise SettingsInvalid(
        f"端口 {settings.port} 已被别的程序占用",
        f"请换一个，例如 QA_PORT={settings.port + 1}（make run PORT={settings.port + 1}）。",
        code="port_in_use",
    )


class Stopped(Exception):
    """Told to stop before the library was ready."""


class Server:
    """A server and the opening of its library, which goes on beside it."""

    def __init__(self, settings: Settings, build: Build, listening: socket.socket) -> None:
        self.settings = settings
        self.service = Service(settings)
        self.in_flight = InFlight(create_app(None, settings, self.service))
        self._build = build
        self._stop = threading.Event()
        self._pipeline: Pipeline | None = None
        self._failure: BaseException | None = None
        self._sockets: dict[int, wasyncore.dispatcher] = {}
        self._server: TcpWSGIServer = create_server(
            self.in_flight,
            map=self._sockets,
            sockets=[listening],
            threads=THREADS,
            ident="",
            connection_limit=CONNECTIONS,
            channel_timeout=IDLE_S,
            cleanup_interval=10,
            channel_request_lookahead=1,  # so that a stream notices a client that has gone
            max_request_body_size=guard.UPLOAD_BYTES + 1024 * 1024,
            asyncore_use_poll=True,
        )
        self._server.channel_class = Channel
        self._opening = threading.Thread(target=self._open, name="opening", daemon=True)

    def run(self) -> None:
        """Serve until told to stop. Raises what kept the library from opening."""
        previous = {number: signal.signal(number, self._on_signal) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            self._opening.start()
            while not self._stop.is_set():
                self._turn()
            self._drain()
        finally:
            for number, handler in previous.items():
                signal.signal(number, handler)
        if self._failure is not None:
            raise self._failure

    def stop(self) -> None:
        """Ask it to stop; from any thread."""
        self._stop.set()
        self._server.pull_trigger()

    def _on_signal(self, number: int, frame: object) -> None:
        signal.signal(number, signal.SIG_DFL)  # who asks twice does not want to wait
        self.stop()

    def _turn(self) -> None:
        wasyncore.loop(timeout=0.5, use_poll=True, map=self._sockets, count=1)

    def _open(self) -> None:
        try:
            self._read_and_announce()
        except Stopped:
            return
        except BaseException as error:  # carried to the main thread, which ends the command with it
            self._failure = error
            self.stop()

    def _read_and_announce(self) -> None:
        address = address_of(self.settings)
        tell("正在打开资料库…")
        self._pipeline = self._build(self.settings, address)
        self.service.attach(self._pipeline)
        self._pipeline.library.announce(address)
        self._complete_vectors()
        watcher = Watcher(self.settings.seeds, self._follow_folder)
        watcher.note()
        job = self.service.jobs.sync()
        self.service.first_reading = job.id
        following(map(rendering.job, self.service.jobs.watch(job.id)))
        self._go_on()
        self._pipeline.answer(WARM_UP, mode="extractive")  # loads dictionary and model now, not with the first question
        self.service.arrived("model", "reading")
        self._pipeline.warm()
        state = self._pipeline.library.state()
        tell(f"引据已就绪：{address}（{state.documents} 篇资料，{state.passages} 个段落；Ctrl+C 停止）")
        if models.resume(self.service):
            tell(f"正在用 {state.changing_to} 重新计算向量；算完之前仍用 {state.model_name} 回答…")
        if self.settings.watch:
            watcher.watch(self.service.stopping)

    def _complete_vectors(self) -> None:
        """Embed what has no vector of the model that answers: the one before it is not there any more."""
        assert self._pipeline is not None
        if self._pipeline.library.state().without_vector:
            tell("原来的模型不在了，正在用现在的重新计算向量；可以提问，只是暂时找得没有那么准…")
            for step in self._pipeline.library.models.complete():
                self._go_on(*step)

    def _follow_folder(self) -> None:
        """What has changed in the folder, read; told only where something came of it."""
        summarise(rendering.job(self.service.jobs.follow_folder()))

    def _go_on(self, *progress: int) -> None:
        if self._stop.is_set():
            raise Stopped

    def _drain(self) -> None:
        """Nothing new comes in; what is under way is finished, for a while."""
        wasyncore.dispatcher.close(self._server)  # the listening socket alone: replies still need the loop
        closing = threading.Thread(target=self._close_service, name="closing", daemon=True)
        closing.start()
        deadline = time.monotonic() + DRAIN_S
        while time.monotonic() < deadline and (closing.is_alive() or self.in_flight.count or self._unsent()):
            self._turn()
        self._server.task_dispatcher.shutdown(timeout=1)
        wasyncore.close_all(self._sockets, ignore_all=True)
        if self._pipeline is not None and not closing.is_alive():
            self._pipeline.library.close()

    def _close_service(self) -> None:
        self.service.close()
        self._opening.join(DRAIN_S)

    def _unsent(self) -> bool:
        return any(getattr(channel, "total_outbufs_len", 0) for channel in list(self._sockets.values()))


class InFlight:
    """The application, and how many requests are in it."""

    def __init__(self, app: Callable) -> None:
        self._app = app
        self._lock = threading.Lock()
        self.count = 0

    def __call__(self, environ: dict, start_response: Callable) -> Iterable[bytes]:
        self._add(1)
        try:
            return ClosingIterator(self._app(environ, start_response), lambda: self._add(-1))
        except BaseException:
            self._add(-1)
            raise

    def _add(self, number: int) -> None:
        with self._lock:
            self.count += number


class Refusal(ErrorTask):
    """What waitress itself refuses (a broken request, a body beyond any limit), as a problem like all others."""

    def execute(self) -> None:
        code = "too_large" if self.request.error.code == 413 else "bad_request"
        detail = "请求太大了。请分几次发送。" if code == "too_large" else "请求无法理解。接口的写法见 /api/docs。"
        status, request_id = self.request.error.code, uuid.uuid4().hex
        body = {"type": f"/api/docs#{code}", "title": PROBLEMS[code][1], "status": status, "detail": detail}
        sent = json.dumps({**body, "code": code, "request_id": request_id}, ensure_ascii=False).encode()
        self.status = f"{status} {self.request.error.reason}"
        self.response_headers += [
            ("Content-Type", "application/problem+json"),
            ("Content-Length", str(len(sent))),
            ("X-Request-ID", request_id),
            ("Connection", "close"),
            *guard.HEADERS.items(),
        ]
        self.close_on_finish = True
        self.content_length = len(sent)
        self.write(sent)


class Channel(HTTPChannel):
    error_task_class = Refusal
