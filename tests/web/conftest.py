from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from qa.config import Settings
from tests.web.fakes import FakePipeline, sample
from web import create_app


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "data").mkdir()
    return Settings(seeds=tmp_path / "seeds", data=tmp_path / "data", port=8000)


@pytest.fixture
def pipeline() -> FakePipeline:
    return FakePipeline(sample())


@pytest.fixture
def app(pipeline: FakePipeline, settings: Settings) -> Iterator[Flask]:
    app = create_app(pipeline, settings)
    yield app
    pipeline.go_on.set()
    app.extensions["yinju"].close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return local(app)


def local(app: Flask) -> FlaskClient:
    """A client that calls under our own address, as a browser does."""
    app.test_client_class = OwnAddress
    return app.test_client()


class OwnAddress(FlaskClient):
    def open(self, *arguments, **named):
        return super().open(*arguments, **{"base_url": "http://127.0.0.1:8000"} | named)


@pytest.fixture
def ended(client: FlaskClient) -> Callable[[str], dict]:
    """The job, once it has ended."""

    def wait(job_id: str) -> dict:
        return events(client.get(f"/api/v1/jobs/{job_id}", headers={"Accept": "text/event-stream"}).text)[-1][1]

    return wait


def events(stream: str) -> list[tuple[str, dict]]:
    """The events of a stream: (name, data)."""
    frames = [frame for frame in stream.split("\n\n") if frame and not frame.startswith(":")]
    named = [dict(line.split(": ", 1) for line in frame.split("\n")) for frame in frames]
    return [(frame["event"], json.loads(frame["data"])) for frame in named]
