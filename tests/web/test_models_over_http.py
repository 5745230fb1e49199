"""Models over HTTP: what is in use, what could be, and the job of changing."""

from __future__ import annotations

from tests.web.conftest import local
from web import create_app


def test_the_model_in_use_comes_first_and_known_ones_follow(client):
    listed = client.get("/api/v1/models").json
    first = listed["models"][0]
    assert (listed["in_use"], first["name"], first["in_use"], first["passages"]) == ("fake", "fake", True, 3)
    assert {"embedding", "reranker"} == {one["kind"] for one in listed["models"]}
    assert next(one for one in listed["models"] if one["name"] == "BAAI/bge-base-zh-v1.5")["licence"] == "MIT"


def test_changing_is_a_job_that_says_how_far_it_is(client, ended, pipeline):
    accepted = client.post("/api/v1/models/use", json={"model": "BAAI/bge-base-zh-v1.5"})
    assert (accepted.status_code, accepted.json["job"]["kind"]) == (202, "model")
    job = ended(accepted.json["job"]["id"])
    assert (job["state"], job["done"], job["total"]) == ("done", 3, 3)
    assert pipeline.library.models.asked == ["BAAI/bge-base-zh-v1.5"]


def test_a_model_that_a_setting_names_is_not_changed_here(client, pipeline):
    pipeline.library.models.fixed = True
    refused = client.post("/api/v1/models/use", json={"model": "BAAI/bge-base-zh-v1.5"})
    assert (refused.status_code, refused.json["code"]) == (409, "model_fixed")
    assert "QA_MODEL" in refused.json["detail"]


def test_a_name_is_required(client):
    assert client.post("/api/v1/models/use", json={"model": " "}).status_code == 422


def test_only_one_change_goes_on_at_a_time(settings, pipeline, monkeypatch):
    import threading

    going = threading.Event()

    def slow(name):
        going.wait(20)
        yield 1, 1

    monkeypatch.setattr(pipeline.library.models, "use", slow)
    client = local(create_app(pipeline, settings))
    assert client.post("/api/v1/models/use", json={"model": "甲"}).status_code == 202
    second = client.post("/api/v1/models/use", json={"model": "乙"})
    going.set()
    assert (second.status_code, second.json["code"]) == (409, "library_busy")


def test_a_change_that_was_due_goes_on_when_the_service_starts(settings, pipeline):
    from web import models
    from web.service import Service

    service = Service(settings)
    service.attach(pipeline)
    assert not models.resume(service)
    service.close()
