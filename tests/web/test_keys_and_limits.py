"""Who may ask from where: keys, roles, the pace of each caller, hosts, and what is counted."""

from __future__ import annotations

import dataclasses
import json
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from qa.config import Settings
from qa.errors import InvalidInput, NotFound, SettingsInvalid
from tests.web.conftest import local
from tests.web.fakes import FakePipeline, sample
from tests.web.test_service_process import free_port, get, process, ready, until
from web import create_app
from web.keys import Keys, Pace, check_host

QUESTION = {"question": "全省新开社区图书室多少家？"}
ELSEWHERE = {"REMOTE_ADDR": "192.168.1.20"}


@pytest.fixture
def keys(settings: Settings) -> Keys:
    return Keys(settings.data)


@pytest.fixture
def serve(settings: Settings) -> Iterator[Callable[..., FlaskClient]]:
    """A service that other machines reach, called by one of them."""
    apps = []

    def started(**more: object) -> FlaskClient:
        app = create_app(FakePipeline(sample()), dataclasses.replace(settings, **{"host": "0.0.0.0", **more}))
        apps.append(app)
        client = local(app)
        client.environ_base = ELSEWHERE
        return client

    yield started
    for app in apps:
        app.extensions["yinju"].close()


def bearer(key: str, **more: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}", **more}


def code(reply) -> tuple[int, str]:
    return reply.status_code, reply.json["code"]


def test_a_key_is_kept_only_as_its_hash(keys, settings):
    made = keys.add("张三", "reader")
    assert made not in (settings.data / "keys.json").read_text("utf-8")
    assert [(key.name, key.role) for key in keys.all()] == [("张三", "reader")]


def test_others_on_the_machine_cannot_read_the_keys(keys, settings):
    keys.add("张三", "reader")
    assert stat.S_IMODE((settings.data / "keys.json").stat().st_mode) == 0o600


@pytest.mark.parametrize("name", ["", "a b", "甲\n", "x" * 65])
def test_a_name_that_cannot_be_written_on_a_line_is_refused(keys, name):
    with pytest.raises(InvalidInput):
        keys.add(name, "reader")


def test_a_name_is_given_once(keys):
    keys.add("张三", "reader")
    with pytest.raises(InvalidInput):
        keys.add("张三", "editor")


def test_a_key_that_is_not_there_is_not_removed(keys):
    with pytest.raises(NotFound):
        keys.remove("李四")


def test_a_damaged_file_of_keys_opens_nothing(keys, settings):
    (settings.data / "keys.json").write_text("{", "utf-8")
    with pytest.raises(SettingsInvalid):
        keys.find("yinju_x")


def test_an_open_address_needs_a_key_before_it_is_served(settings, keys):
    open_to_all = dataclasses.replace(settings, host="0.0.0.0")
    with pytest.raises(SettingsInvalid) as refused:
        check_host(open_to_all)
    assert refused.value.code == "host_not_loopback"
    keys.add("张三", "editor")
    check_host(open_to_all)


@pytest.mark.parametrize("path", ["/api/v1/documents", "/api/v1/nothing", "/v1/models", "/metrics"])
def test_without_a_key_nothing_of_the_library_is_told(serve, path):
    reply = serve().get(path)
    assert (reply.status_code, reply.headers["WWW-Authenticate"]) == (401, "Bearer")


def test_a_question_without_a_key_is_refused(serve):
    assert code(serve().post("/api/v1/ask", json=QUESTION)) == (401, "no_key")


def test_a_wrong_key_is_none(serve, keys):
    keys.add("张三", "reader")
    assert code(serve().get("/api/v1/documents", headers=bearer("yinju_wrong"))) == (401, "no_key")


@pytest.mark.parametrize("path", ["/", "/healthz", "/documents/a", "/api/docs"])
def test_the_page_itself_needs_no_key(serve, path):
    assert serve().get(path).status_code == 200


def test_a_reader_asks(serve, keys):
    assert serve().post("/api/v1/ask", json=QUESTION, headers=bearer(keys.add("张三", "reader"))).status_code == 200


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/api/v1/sync"), ("POST", "/api/v1/documents"), ("DELETE", "/api/v1/documents/x")]
)
def test_a_reader_does_not_change_the_library(serve, keys, method, path):
    reply = serve().open(path, method=method, json={}, headers=bearer(keys.add("张三", "reader")))
    assert code(reply) == (403, "not_allowed")


def test_an_editor_changes_the_library(serve, keys):
    reply = serve().post("/api/v1/sync", json={}, headers=bearer(keys.add("张三", "editor")))
    assert reply.status_code == 202


def test_an_assistant_shows_its_key_too(serve, keys):
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "ask", "arguments": QUESTION}}
    client = serve()
    assert client.post("/mcp", json=call).status_code == 401
    reply = client.post("/mcp", json=call, headers=bearer(keys.add("张三", "reader")))
    assert reply.json["result"]["structuredContent"]["status"] == "answered"


def test_an_openai_client_is_told_in_its_own_shape(serve):
    reply = serve().post("/v1/chat/completions", json={"messages": [{"role": "user", "content": "问"}]})
    assert (reply.status_code, reply.json["error"]["type"]) == (401, "authentication_error")


def test_a_removed_key_opens_nothing_any_more(serve, keys):
    key, client = keys.add("张三", "reader"), serve()
    assert client.get("/api/v1/documents", headers=bearer(key)).status_code == 200
    keys.remove("张三")
    assert client.get("/api/v1/documents", headers=bearer(key)).status_code == 401


def test_each_key_has_its_own_conversations(serve, keys):
    client, first, second = serve(), keys.add("张三", "reader"), keys.add("李四", "reader")
    begun = client.post("/api/v1/ask", json=QUESTION, headers=bearer(first)).json["conversation_id"]
    assert client.get("/api/v1/conversations", headers=bearer(second)).json["total"] == 0
    assert client.get(f"/api/v1/conversations/{begun}", headers=bearer(second)).status_code == 404
    assert client.delete(f"/api/v1/conversations/{begun}", headers=bearer(first)).status_code == 204


def test_this_machines_own_programs_need_no_key(client):
    assert client.get("/api/v1/documents", headers=bearer("any")).status_code == 200


def test_who_comes_too_often_is_told_when_to_come_again(serve, keys):
    client, key = serve(requests_per_minute=6), bearer(keys.add("张三", "reader"))
    replies = [client.get("/api/v1/documents", headers=key) for _ in range(2)]
    assert [reply.status_code for reply in replies] == [200, 429]
    assert (replies[1].json["code"], replies[1].headers["Retry-After"]) == ("slow_down", "10")


def test_one_callers_haste_is_not_anothers(serve, keys):
    client = serve(requests_per_minute=6)
    for name in ("张三", "李四"):
        assert client.get("/api/v1/documents", headers=bearer(keys.add(name, "reader"))).status_code == 200


def test_guessing_keys_is_slowed_down(serve):
    client = serve(requests_per_minute=6)
    replies = [client.get("/api/v1/documents", headers=bearer(f"yinju_{n}")) for n in range(2)]
    assert [reply.status_code for reply in replies] == [401, 429]


def test_a_pace_comes_back_with_time():
    pace = Pace(60)
    waits = [pace.take("甲", 100.0) for _ in range(11)]
    assert waits[:10] == [0.0] * 10 and waits[10] == pytest.approx(1.0)
    assert pace.take("甲", 101.0) == 0.0


@pytest.mark.parametrize(
    ("host", "status"),
    [("192.168.1.9:8000", 200), ("[fd00::9]:8000", 200), ("qa.example.org", 200), ("evil.example:8000", 403)],
)
def test_other_machines_use_an_address_or_a_known_name(serve, host, status):
    assert serve(names=("qa.example.org",)).get("/healthz", headers={"Host": host}).status_code == status


def test_a_foreign_page_changes_nothing_with_a_key(serve, keys):
    headers = bearer(keys.add("张三", "editor"), Host="192.168.1.9:8000", Origin="http://192.168.1.7:8000")
    assert code(serve().post("/api/v1/sync", json={}, headers=headers)) == (403, "not_allowed")


def test_requests_are_counted_by_route_and_status(client):
    client.post("/api/v1/ask", json=QUESTION)
    client.get("/api/v1/documents/nothing")
    told = client.get("/metrics").text
    assert 'yinju_requests_total{method="POST",route="/api/v1/ask",status="200"} 1\n' in told
    assert 'route="/api/v1/documents/<document_id>",status="404"} 1\n' in told
    assert 'yinju_request_seconds_bucket{route="/api/v1/ask",le="+Inf"} 1\n' in told


def test_addresses_that_anyone_makes_up_are_counted_as_one(client):
    for number in range(3):
        client.get(f"/made/up/{number}")
    assert 'yinju_requests_total{method="ANY",route="none",status="404"} 3\n' in client.get("/metrics").text


def test_what_is_refused_at_the_door_is_counted(client):
    client.get("/api/v1/documents", headers={"Host": "evil.example"})
    assert 'route="/api/v1/documents",status="403"} 1\n' in client.get("/metrics").text


def test_the_library_is_counted(client):
    told = client.get("/metrics")
    assert "yinju_documents 4\n" in told.text and 'yinju_jobs{state="running"} 0\n' in told.text
    assert told.content_type.startswith("text/plain; version=0.0.4")


def run(folders: dict[str, str], *arguments: str) -> subprocess.CompletedProcess:
    import os

    command = [sys.executable, "-m", "qa", *arguments]
    root = Path(__file__).resolve().parents[2]
    return subprocess.run(command, cwd=root, env=os.environ | folders, capture_output=True, text=True, check=False)


def test_a_service_for_other_machines_is_used_with_a_key(tmp_path):
    """Bound to every address, yet called on this machine alone."""
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "水利.txt").write_text("柳溪县今年修复山塘四十六座。\n", "utf-8")
    port = str(free_port())
    folders = {"QA_SEEDS": str(tmp_path / "seeds"), "QA_DATA": str(tmp_path / "data"), "QA_PORT": port}
    key = json.loads(run(folders, "keys", "add", "张三", "--role", "reader", "--json").stdout)["key"]
    with process("qa", "serve", **folders | {"QA_HOST": "0.0.0.0"}):
        until(lambda: ready(port))
        assert get(port, "/api/v1/documents")[0] == 401
        told = run(folders | {"QA_KEY": key, "QA_HOST": "0.0.0.0"}, "ask", "柳溪县修复山塘多少座？")
        assert "四十六座" in told.stdout, told.stderr
        run(folders, "keys", "remove", "张三")
        assert "no_key" in run(folders | {"QA_KEY": key}, "documents").stderr
