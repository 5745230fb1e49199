"""A real Chromium against the real HTTP edge over the pipeline in memory, each test with a library of its own."""

from __future__ import annotations

import contextlib
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from qa.assembly import build
from qa.config import Settings
from qa.pipeline import Pipeline
from tests.walks.asking import FERRIES, TEAHOUSES
from tests.web.fakes import FakePipeline, sample
from web import create_app
from web.service import PARTS, Service

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
VIOLATIONS = """
    window.violations = [];
    document.addEventListener("securitypolicyviolation", (event) =>
        window.violations.push(`${event.violatedDirective} ${event.blockedURI}`));
"""


@dataclass
class Site:
    """A running service: its address, and what stands behind it."""

    url: str
    pipeline: FakePipeline | Pipeline
    service: Service
    seeds: Path

    def ready(self) -> None:
        self.service.attach(self.pipeline)
        self.service.arrived(*PARTS)


class Quiet(WSGIRequestHandler):
    """Nothing is written to the test's output."""

    def log(self, type: str, message: str, *args: object) -> None:
        pass


@contextlib.contextmanager
def serving(folder: Path, pipeline: FakePipeline | Pipeline, ready: bool = True, **more: object) -> Iterator[Site]:
    """The service on a free port of this machine; `more` are settings."""
    seeds, data = folder / "seeds", folder / "data"
    seeds.mkdir()
    data.mkdir()
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(64)
        port = listening.getsockname()[1]
        settings = Settings(seeds=seeds, data=data, port=port, **more)  # type: ignore[arg-type]
        app = create_app(pipeline if ready else None, settings)
        server = make_server("127.0.0.1", port, app, threaded=True, request_handler=Quiet, fd=listening.fileno())
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield Site(f"http://127.0.0.1:{port}", pipeline, app.extensions["yinju"], seeds)
        finally:
            if isinstance(pipeline, FakePipeline):
                pipeline.go_on.set()
            app.extensions["yinju"].close()
            server.shutdown()
            thread.join(5)
            server.server_close()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    found = next((path for path in map(shutil.which, NAMES) if path), None)
    if found is None:
        pytest.skip(f"没有浏览器，页面没有测：请用系统的包管理器安装 chromium（找过 {'、'.join(NAMES)}）")
    browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
    yield browser
    browser.close()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with serving(tmp_path, FakePipeline(sample())) as running:
        yield running


@pytest.fixture
def unready(tmp_path: Path) -> Iterator[Site]:
    with serving(tmp_path, FakePipeline(sample()), ready=False) as running:
        yield running


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The service over a real library of two documents, which no test changes."""
    folder = tmp_path_factory.mktemp("真")
    pipeline = build(Settings(data=folder / "库"))
    pipeline.add_bytes(TEAHOUSES.encode(), "茶馆.txt")
    pipeline.add_bytes(FERRIES.encode(), "渡口.txt")
    with serving(folder, pipeline) as running:
        yield running


Visit = Callable[..., Page]


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    """Opens a page in a fresh context. What the console and the policy complain of is in `page.troubles`."""
    contexts = []

    def visit(url: str, **options: object) -> Page:
        options.setdefault("viewport", {"width": 1280, "height": 800})
        context = browser.new_context(reduced_motion="reduce", locale="zh-CN", **options)  # type: ignore[arg-type]
        contexts.append(context)
        context.set_default_timeout(10_000)
        context.add_init_script(VIOLATIONS)
        page = context.new_page()
        page.troubles = []  # type: ignore[attr-defined]
        page.on("console", lambda said: page.troubles.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: page.troubles.append(str(error)))
        page.goto(url)
        return page

    yield visit
    for context in contexts:
        context.close()


PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def ask(page: Page, question: str) -> None:
    """Asks by the keyboard and waits for the end of the answer."""
    page.locator("#question").fill(question)
    page.locator("#question").press("Enter")
    page.locator(".turn:last-child[data-status]").wait_for()


LIBRARY_ROOMS = "社区图书室新开了多少家？"
NOWHERE = "火星ABCDE氧气XYZ"
