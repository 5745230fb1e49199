"""Who may enter and what a body may be: every rule against every route."""

from __future__ import annotations

import json
import re

import pytest

from qa.config import Settings
from web import guard
from web.api import ROUTES
from web.errors import Problem
from web.guard import hosts

PATHS = [(route.method, re.sub(r"{\w+}", "abc", route.path)) for route in ROUTES]
ALL = [*PATHS, ("GET", "/"), ("GET", "/documents/abc"), ("GET", "/api/docs"), ("GET", "/api/v1/openapi.json")]
CHANGES = [(method, path) for method, path in PATHS if method != "GET"]
WITH_BODY = [re.sub(r"{\w+}", "abc", route.path) for route in ROUTES if route.body is not None and not route.files]


def code(reply) -> str:
    """The problem's code, in either shape of an error."""
    return reply.json.get("error", reply.json)["code"]


def post(client, body: bytes | str, content_type: str = "application/json", path: str = "/api/v1/ask", **more):
    return client.post(path, data=body, content_type=content_type, **more)


@pytest.mark.parametrize(("method", "path"), ALL)
def test_a_foreign_host_gets_nothing(client, method, path):
    reply = client.open(path, method=method, headers={"Host": "evil.example:8000"})
    assert (reply.status_code, code(reply)) == (403, "not_allowed")


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8001", "localhost.:8000", "127.0.0.1:8000.evil.example", ""])
def test_a_name_that_is_not_exactly_ours_is_foreign(client, host):
    assert client.get("/healthz", headers={"Host": host}).status_code == 403


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:8000", "[::1]:8000", "LOCALHOST:8000"])
def test_this_machines_names_are_ours(client, host):
    assert client.get("/healthz", headers={"Host": host}).status_code == 200


def test_port_80_may_be_left_out():
    assert "localhost" in hosts(Settings(port=80))


@pytest.mark.parametrize(("method", "path"), CHANGES)
@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://127.0.0.1:8000", "http://127.0.0.1:9000"])
def test_a_foreign_page_changes_nothing(client, method, path, origin):
    reply = client.open(path, method=method, headers={"Origin": origin})
    assert (reply.status_code, code(reply)) == (403, "not_allowed")


@pytest.mark.parametrize(("method", "path"), CHANGES)
def test_a_foreign_page_that_hides_its_origin_changes_nothing(client, method, path):
    assert client.open(path, method=method, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_our_own_page_may_ask(client):
    headers = {"Origin": "http://127.0.0.1:8000", "Sec-Fetch-Site": "same-origin"}
    assert client.post("/api/v1/ask", json={"question": "图书室"}, headers=headers).status_code == 200


@pytest.mark.parametrize(("method", "path"), [*ALL, ("GET", "/nowhere"), ("PUT", "/api/v1/ask")])
def test_every_reply_is_guarded_and_numbered(client, method, path):
    headers = client.open(path, method=method).headers
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "Referrer-Policy" in headers
    assert re.fullmatch(r"[0-9a-f]{32}", headers["X-Request-ID"])


def test_no_reply_invites_other_origins(client):
    reply = client.get("/healthz", headers={"Origin": "http://evil.example"})
    assert not [name for name, _ in reply.headers if name.startswith("Access-Control")]


def test_a_callers_request_id_is_kept(client):
    assert client.get("/healthz", headers={"X-Request-ID": "abc-1"}).headers["X-Request-ID"] == "abc-1"


def test_a_request_id_that_is_no_id_is_replaced(client):
    assert client.get("/healthz", headers={"X-Request-ID": "<b>"}).headers["X-Request-ID"] != "<b>"


@pytest.mark.parametrize("path", WITH_BODY)
@pytest.mark.parametrize(
    "body",
    [
        "{",
        "问题",
        '{"a": NaN}',
        '{"a": -Infinity}',
        '{"a": 1e999}',
        '{"a": 1, "a": 2}',
        '{"a": "\\ud800"}',
        '{"a": "\\u0000"}',
        '{"a": ' + "9" * 5000 + "}",
        '{"a": ' + "[" * 33 + "]" * 33 + "}",
        "[" * 30_000,
        b'{"a": "\xff"}',
        b'\xef\xbb\xbf{"a": 1}',
        '{"question": "a"} {"question": "b"}',
        "{'question': 'a'}",
    ],
    ids=lambda body: repr(body)[:24],
)
def test_what_is_not_strict_json_is_refused(client, path, body):
    reply = post(client, body, path=path)
    assert (reply.status_code, code(reply)) == (400, "bad_json")


def test_a_string_that_never_ends_takes_no_longer_than_its_length():
    with pytest.raises(Problem):
        guard.parse(b'"' + rb"\"" * 1_000_000)


def test_nothing_is_echoed_from_a_bad_body(client):
    assert "密钥" not in post(client, '{"密钥": ').text


@pytest.mark.parametrize("body", ["[]", '"图书室"', "1", "null", "true"])
def test_json_that_is_no_object_is_an_invalid_field(client, body):
    assert (post(client, body).status_code, code(post(client, body))) == (422, "invalid_field")


def test_brackets_inside_words_are_no_depth(client):
    assert post(client, json.dumps({"question": "[" * 100 + '"'})).status_code == 200


@pytest.mark.parametrize("path", WITH_BODY)
def test_a_body_over_its_limit_is_too_large(client, path):
    limit = next(route.body_bytes for route in ROUTES if route.path == path)
    reply = post(client, json.dumps({"question": "a" * limit}), path=path)
    assert (reply.status_code, code(reply)) == (413, "too_large")


@pytest.mark.parametrize("path", WITH_BODY)
@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_only_json_is_json(client, path, content_type):
    reply = post(client, '{"question": "图书室"}', content_type, path)
    assert (reply.status_code, code(reply)) == (415, "unsupported_media_type")


def test_json_may_name_its_encoding(client):
    assert post(client, '{"question": "图书室"}', "application/json; charset=utf-8").status_code == 200


@pytest.mark.parametrize("path", [*WITH_BODY, "/api/v1/documents"])
def test_a_body_without_a_length_is_refused(client, path):
    headers = {"Transfer-Encoding": "chunked", "Content-Type": "application/json"}
    reply = client.post(path, headers=headers, environ_overrides={"CONTENT_LENGTH": ""})
    assert (reply.status_code, code(reply)) == (411, "too_large")


def test_a_body_that_was_cut_is_refused(client):
    body = b'{"question": "abc"}'
    reply = client.post(
        "/api/v1/ask", data=body, content_type="application/json", environ_overrides={"CONTENT_LENGTH": "100"}
    )
    assert (reply.status_code, code(reply)) == (400, "bad_json")


def test_an_error_is_a_problem_that_says_what_to_do(client):
    reply = client.post("/api/v1/ask", json={"question": ""})
    assert reply.content_type == "application/problem+json"
    assert set(reply.json) == {"type", "title", "status", "detail", "code", "errors", "request_id"}
    assert reply.json["request_id"] == reply.headers["X-Request-ID"]


def test_an_unknown_address_is_a_problem(client):
    reply = client.get("/api/v1/nowhere")
    assert (reply.status_code, code(reply)) == (404, "not_found")


def test_a_wrong_method_says_which_is_right(client):
    reply = client.get("/api/v1/ask")
    assert (reply.status_code, code(reply), reply.headers["Allow"]) == (405, "method_not_allowed", "POST")


def test_the_pages_files_do_not_lead_elsewhere(client):
    assert client.get("/static/../errors.py").status_code == 404
    assert client.get("/static/..%2ferrors.py").status_code == 404
