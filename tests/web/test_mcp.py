"""MCP as assistants speak it: over the streams of a child process, and over HTTP in the service itself."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from qa import assembly
from qa.config import Settings
from tests.web.conftest import local
from tests.web.test_service_process import free_port, process, ready, until
from web import create_app

ROOT = Path(__file__).resolve().parents[2]
TEXT = "柳溪县水利工作小结\n\n今年全县修复山塘四十六座，新增蓄水两万方。夜间巡查由乡镇轮流值守。\n"
QUESTION = "柳溪县今年修复山塘多少座？"
HELLO = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "试", "version": "1"}}
NAMES = ["search", "ask", "check_citation", "get_document", "list_figures"]

Call = Callable[..., dict]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """The whole product over one small document."""
    folder = tmp_path_factory.mktemp("mcp")
    settings = Settings(seeds=folder, data=folder / "data", port=8000)
    pipeline = assembly.build(settings)
    pipeline.add_bytes(TEXT.encode(), "水利.txt")
    app = create_app(pipeline, settings)
    yield local(app)
    app.extensions["yinju"].close()
    pipeline.library.close()


@pytest.fixture
def call(client: FlaskClient) -> Call:
    """One call over HTTP; its result."""

    def sent(method: str, **params: object) -> dict:
        reply = client.post("/mcp", json={"jsonrpc": "2.0", "id": 7, "method": method, "params": params})
        assert (reply.status_code, reply.json["id"], reply.mimetype) == (200, 7, "application/json")
        return reply.json["result"] if "result" in reply.json else reply.json["error"]

    return sent


def tool(call: Call, name: str, **given: object) -> dict:
    return call("tools/call", name=name, arguments=given)


def test_the_version_that_a_client_wants_is_spoken(call):
    said = call("initialize", **HELLO)
    assert (said["protocolVersion"], said["serverInfo"]["name"]) == ("2025-06-18", "yinju")


def test_a_client_of_an_unknown_version_is_offered_the_newest(call):
    assert call("initialize", **HELLO | {"protocolVersion": "2099-01-01"})["protocolVersion"] == "2025-11-25"


def test_a_ping_is_answered(client):
    reply = client.post("/mcp", json={"jsonrpc": "2.0", "id": "a", "method": "ping"})
    assert reply.json == {"jsonrpc": "2.0", "id": "a", "result": {}}


def test_a_notification_is_taken_without_an_answer(client):
    reply = client.post("/mcp", json={"jsonrpc": "2.0", "method": "notifications/initialized"})
    assert (reply.status_code, reply.data) == (202, b"")


def test_the_tools_are_listed_with_what_they_take(call):
    tools = call("tools/list")["tools"]
    assert [one["name"] for one in tools] == NAMES
    assert all(one["inputSchema"]["type"] == "object" and one["description"] for one in tools)


def test_a_question_is_answered_with_quotations(call):
    said = tool(call, "ask", question=QUESTION)["structuredContent"]
    assert said["status"] == "answered" and "四十六座" in said["answer"]
    assert said["citations"][0]["title"] == "柳溪县水利工作小结"


def test_a_result_is_there_as_text_too(call):
    said = tool(call, "ask", question=QUESTION)
    assert json.loads(said["content"][0]["text"])["status"] == said["structuredContent"]["status"] == "answered"


def test_an_assistants_questions_are_not_kept(call, client):
    tool(call, "ask", question=QUESTION)
    assert client.get("/api/v1/conversations").json["total"] == 0


def test_passages_are_found(call):
    found = tool(call, "search", query="山塘", top_k=3)["structuredContent"]["results"]
    assert "四十六座" in found[0]["text"]


def test_a_changed_number_is_told_apart(call):
    judged = tool(call, "check_citation", text="今年柳溪县修复山塘六十四座。")["structuredContent"]
    assert judged["sentences"][0]["verdict"] == "contradicted"


def test_a_document_is_read_in_pieces(call, client):
    found = tool(call, "search", query="山塘")["structuredContent"]["results"][0]
    read = tool(call, "get_document", document_id=found["document_id"], start=3, length=2)["structuredContent"]
    text = client.get(f"/api/v1/documents/{found['document_id']}/text").json["text"]
    assert (read["text"], read["start"], read["end"], read["characters"]) == (text[3:5], 3, 5, len(text))


def test_figures_are_listed(call):
    figures = tool(call, "list_figures", query="山塘")["structuredContent"]["figures"]
    assert 46 in [one["value"] for one in figures]


@pytest.mark.parametrize(
    ("name", "given", "says"),
    [
        ("ask", {"question": ""}, "/question"),
        ("ask", {"question": "问", "speed": 1}, "/speed"),
        ("get_document", {"document_id": "没有"}, "没有这篇资料"),
    ],
)
def test_what_a_tool_refuses_is_a_result_that_says_why(call, name, given, says):
    said = tool(call, name, **given)
    assert said["isError"] and says in said["content"][0]["text"]


def test_an_unknown_tool_is_an_error_of_the_protocol(call):
    assert tool(call, "delete_everything")["code"] == -32602


def test_an_unknown_method_is_an_error_of_the_protocol(call):
    assert call("resources/list")["code"] == -32601


def test_a_version_of_another_era_is_told_what_is_spoken(client):
    reply = client.post(
        "/mcp",
        json={"jsonrpc": "2.0", "id": 1, "method": "server/discover"},
        headers={"MCP-Protocol-Version": "2026-07-28"},
    )
    assert (reply.status_code, "2025-11-25" in reply.json["error"]["data"]["supported"]) == (400, True)


def test_there_is_no_stream_to_listen_to(client):
    assert client.get("/mcp", headers={"Accept": "text/event-stream"}).status_code == 405


@pytest.mark.parametrize("headers", [{"Origin": "http://evil.example"}, {"Host": "evil.example"}])
def test_a_foreign_page_reaches_no_tool(client, headers):
    body = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
    assert client.post("/mcp", json=body, headers=headers).status_code == 403


class Session:
    """A child process that is spoken to line by line."""

    def __init__(self, child: subprocess.Popen) -> None:
        self._child, self._last = child, 0

    def tell(self, line: str) -> None:
        self._child.stdin.write(line + "\n")
        self._child.stdin.flush()

    def call(self, method: str, **params: object) -> dict:
        self._last += 1
        self.tell(json.dumps({"jsonrpc": "2.0", "id": self._last, "method": method, "params": params}))
        reply = self.heard()
        assert reply["id"] == self._last
        return reply["result"] if "result" in reply else reply["error"]

    def heard(self) -> dict:
        return json.loads(self._child.stdout.readline())

    def ended(self) -> int:
        self._child.communicate(timeout=30)
        return self._child.returncode


@pytest.fixture
def folders(tmp_path: Path) -> dict[str, str]:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    (seeds / "水利.txt").write_text(TEXT, encoding="utf-8")
    return {"QA_SEEDS": str(seeds), "QA_DATA": str(tmp_path / "data"), "QA_PORT": str(free_port())}


@pytest.fixture
def session(folders: dict[str, str]) -> Iterator[Session]:
    child = subprocess.Popen(
        [sys.executable, "-m", "qa", "mcp"],
        cwd=ROOT,
        env=os.environ | folders,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    yield Session(child)
    if child.poll() is None:
        child.kill()
        child.communicate()


def test_a_session_over_streams_opens_the_library_itself(folders, session):
    subprocess.run([sys.executable, "-m", "qa", "sync"], cwd=ROOT, env=os.environ | folders, check=True)
    session.call("initialize", **HELLO)
    session.tell('{"jsonrpc": "2.0", "method": "notifications/initialized"}')
    assert [one["name"] for one in session.call("tools/list")["tools"]] == NAMES
    assert "四十六座" in tool(session.call, "ask", question=QUESTION)["structuredContent"]["answer"]
    assert session.ended() == 0


def test_a_session_over_streams_asks_the_service_that_owns_the_library(folders, session):
    with process("qa", "serve", **folders):
        until(lambda: ready(folders["QA_PORT"]))
        cited = tool(session.call, "ask", question=QUESTION)["structuredContent"]["citations"][0]
        assert cited["url"].startswith(f"http://127.0.0.1:{folders['QA_PORT']}/documents/")


def test_a_line_that_is_no_message_ends_nothing(session):
    session.tell("你好")
    assert session.heard()["error"]["code"] == -32700
    session.tell("[1]")
    assert session.heard()["error"]["code"] == -32600
    assert session.call("ping") == {}
    assert session.ended() == 0


def test_a_session_goes_on_by_itself_when_the_service_has_ended(folders, session):
    with process("qa", "serve", **folders) as service:
        until(lambda: ready(folders["QA_PORT"]))
        tool(session.call, "ask", question=QUESTION)
        service.terminate()
        service.wait(30)
    assert "四十六座" in tool(session.call, "ask", question=QUESTION)["structuredContent"]["answer"]
