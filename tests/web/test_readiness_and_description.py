"""Health, readiness, pages, and the description of the API."""

from __future__ import annotations

import pytest
from jsonschema import Draft202012Validator

from tests.web.conftest import events, local
from tests.web.fakes import FakePipeline, sample
from web import create_app
from web.api import ROUTES
from web.errors import PROBLEMS
from web.service import Service


@pytest.fixture
def opening(settings):
    """A service whose library is still being opened."""
    service = Service(settings)
    return service, local(create_app(None, settings, service))


def test_a_service_that_is_opening_is_alive(opening):
    assert opening[1].get("/healthz").status_code == 200


def test_a_service_that_is_opening_names_what_is_not_ready(opening):
    reply = opening[1].get("/readyz")
    assert (reply.status_code, reply.json["code"], "Retry-After" in reply.headers) == (503, "not_ready", True)
    assert [error["pointer"] for error in reply.json["errors"]] == ["/library", "/model", "/reading"]


def test_a_service_that_is_opening_serves_its_page(opening):
    assert opening[1].get("/").status_code == 200


@pytest.mark.parametrize(
    ("method", "path"), [(r.method, r.path.replace("{", "").replace("}", "")) for r in ROUTES if r.needs_library]
)
def test_nothing_else_is_answered_before_the_library_is_open(opening, method, path):
    if path == "/api/v1/feedback":
        pytest.skip("feedback needs the data folder alone")
    reply = opening[1].open(path, method=method, json={})
    told = reply.json.get("error", reply.json)
    assert (reply.status_code, told["code"]) == (503, "not_ready")


def test_it_answers_while_the_first_reading_goes_on_but_is_not_ready(opening):
    service, client = opening
    service.attach(FakePipeline(sample()))
    assert client.post("/api/v1/ask", json={"question": "社区图书室"}).status_code == 200
    assert [error["pointer"] for error in client.get("/readyz").json["errors"]] == ["/model", "/reading"]


def test_the_first_reading_can_be_followed(opening):
    service, client = opening
    service.attach(FakePipeline())
    service.first_reading = service.jobs.sync().id
    job = client.get("/readyz").json["job"]
    stream = client.get(f"/api/v1/jobs/{job}", headers={"Accept": "text/event-stream"}).text
    assert events(stream)[-1][0] == "done"


def test_a_service_that_is_ready_says_so(client):
    reply = client.get("/readyz")
    assert (reply.status_code, reply.json["status"], reply.json["documents"]) == (200, "ready", 4)


def test_a_service_that_is_stopping_is_not_ready(app, client):
    app.extensions["yinju"].close()
    assert client.get("/readyz").status_code == 503


@pytest.mark.parametrize("path", ["/", "/documents/3f2a"])
def test_every_address_of_the_page_is_the_page(client, path):
    assert client.get(path).data == client.get("/").data


@pytest.mark.parametrize("path", ["/", "/api/docs"])
def test_no_page_has_code_inline_or_anything_from_elsewhere(client, path):
    html = client.get(path).text
    assert "<style" not in html and "style=" not in html and " onclick" not in html
    assert "http://" not in html.replace("http://www.w3.org", "") and "https://" not in html


def test_static_files_are_asked_for_again_and_sent_once(client):
    with client.get("/static/api_docs.js") as first:
        assert first.headers["Cache-Control"] == "no-cache"
    with client.get("/static/api_docs.js", headers={"If-None-Match": first.headers["ETag"]}) as again:
        assert again.status_code == 304


def test_every_route_is_described(client):
    paths = client.get("/api/v1/openapi.json").json["paths"]
    assert {(m.upper(), path) for path, methods in paths.items() for m in methods} == {
        (r.method, r.path) for r in ROUTES
    }


def test_the_description_is_openapi_3_1(client):
    described = client.get("/api/v1/openapi.json").json
    assert described["openapi"] == "3.1.0"
    for schema in described["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_every_reference_of_the_description_resolves(client):
    reply = client.get("/api/v1/openapi.json")
    known = reply.json["components"]["schemas"]
    references = {part.split('"')[0] for part in reply.text.split("#/components/schemas/")[1:]}
    assert references and references <= set(known)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/api/v1/ask", {"question": "社区图书室有多少家？"}),
        ("POST", "/api/v1/ask", {"question": "xyzzy"}),
        ("POST", "/api/v1/search", {"query": "渔港"}),
        ("GET", "/api/v1/documents", None),
        ("POST", "/api/v1/sync", {}),
        ("GET", "/healthz", None),
        ("GET", "/readyz", None),
    ],
)
def test_replies_are_what_the_description_says(client, method, path, body):
    described = client.get("/api/v1/openapi.json").json
    route = next(r for r in ROUTES if (r.method, r.path) == (method, path))
    replies = described["paths"][path][method.lower()]["responses"][str(route.status)]
    schema = replies["content"]["application/json"]["schema"] | {"components": described["components"]}
    Draft202012Validator(schema).validate(client.open(path, method=method, json=body).json)


def test_each_code_has_a_status_and_a_title(client):
    assert all(400 <= status < 600 and title for status, title in PROBLEMS.values())
