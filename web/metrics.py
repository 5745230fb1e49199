"""What the service does, in numbers, as Prometheus reads them: GET /metrics. Says nothing of what was asked."""

from __future__ import annotations

import threading
import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator

from flask import Flask, Response, current_app, g, request

from qa import __version__
from web.routing import Route
from web.service import Service

# Seconds. The narrow ones tell an answer from the library's words, the wide ones a language model's.
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
LATEST_JOBS = 100
STATES = ("queued", "running", "done", "failed", "cancelled")


class Tally:
    """Requests by route and status, and how long they took until their reply began. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: Counter[tuple[str, str, int]] = Counter()
        self._spans: dict[str, list[int]] = {}
        self._seconds: Counter[str] = Counter()

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        with self._lock:
            self._requests[method, route, status] += 1
            self._spans.setdefault(route, [0] * (len(BUCKETS) + 1))[bisect_left(BUCKETS, seconds)] += 1
            self._seconds[route] += seconds  # type: ignore[assignment]

    def lines(self) -> Iterator[str]:
        with self._lock:
            requests, seconds = dict(self._requests), dict(self._seconds)
            spans = {route: list(counts) for route, counts in self._spans.items()}
        yield "# HELP yinju_requests_total Requests by method, route and status."
        yield "# TYPE yinju_requests_total counter"
        for (method, route, status), number in sorted(requests.items()):
            yield f'yinju_requests_total{{method="{method}",route="{route}",status="{status}"}} {number}'
        yield "# HELP yinju_request_seconds Seconds until a reply began."
        yield "# TYPE yinju_request_seconds histogram"
        for route, counts in sorted(spans.items()):
            yield from _histogram(route, counts, seconds[route])


def _histogram(route: str, counts: list[int], seconds: float) -> Iterator[str]:
    total = 0
    for limit, number in zip((*map(str, BUCKETS), "+Inf"), counts, strict=True):
        total += number
        yield f'yinju_request_seconds_bucket{{route="{route}",le="{limit}"}} {total}'
    yield f'yinju_request_seconds_sum{{route="{route}"}} {seconds:.6f}'
    yield f'yinju_request_seconds_count{{route="{route}"}} {total}'


def install(app: Flask) -> Tally:
    """Counts every request of the app. Installed first, so that refusals at the door are counted too."""
    tally = Tally()

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()

    @app.after_request
    def end(reply: Response) -> Response:
        route = (
            request.url_rule.rule if request.url_rule else "none"
        )  # never the address itself: anyone can make one up
        method = request.method if request.url_rule else "ANY"
        tally.count(method, route, reply.status_code, time.perf_counter() - g.get("began", time.perf_counter()))
        return reply

    app.extensions["yinju.tally"] = tally
    return tally


def metrics(service: Service) -> Response:
    tally: Tally = current_app.extensions["yinju.tally"]
    lines = [f'yinju_info{{version="{__version__}"}} 1', *tally.lines(), *_library(service)]
    return Response("\n".join(lines) + "\n", content_type="text/plain; version=0.0.4; charset=utf-8")


def _library(service: Service) -> Iterator[str]:
    yield from _gauge("yinju_ready", "1 when questions are answered from the whole library.", int(not service.waiting))
    if "library" in service.waiting:
        return
    state = service.pipeline.library.state()
    yield from _gauge("yinju_documents", "Documents that can be found.", state.documents)
    yield from _gauge("yinju_passages", "Passages that can be found.", state.passages)
    jobs: Counter[str] = Counter(job.state for job in service.jobs.latest(LATEST_JOBS))
    yield f"# HELP yinju_jobs The latest {LATEST_JOBS} jobs by state."
    yield "# TYPE yinju_jobs gauge"
    yield from (f'yinju_jobs{{state="{state}"}} {jobs[state]}' for state in STATES)


def _gauge(name: str, told: str, value: int) -> Iterator[str]:
    yield from (f"# HELP {name} {told}", f"# TYPE {name} gauge", f"{name} {value}")


ROUTES: tuple[Route, ...] = (
    Route("GET", "/metrics", metrics, "服务的计数，Prometheus 的格式", needs_library=False, media=("text/plain",)),
)
