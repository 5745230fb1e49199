"""POST /api/v1/ask: what a client may rely on."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from qa.types import Answer, Block, Sources
from tests.web.conftest import events, local
from tests.web.fakes import FakePipeline, sample
from web import create_app

QUESTION = "全省新开社区图书室多少家？"


def ask(client: FlaskClient, **body: object):
    return client.post("/api/v1/ask", json={"question": QUESTION, **body})


def test_an_answer_has_every_field_of_the_contract(client):
    fields = "id conversation_id question standalone_question mode status answer blocks citations near table conflicts"
    assert set(ask(client).json) == {*fields.split(), "suggestions", "timing_ms", "notice"}


def test_a_citation_has_every_field_of_the_contract(client):
    fields = (
        "number document_id external_id title heading place level kind published publisher page page_kind "
        "quote start end passage score url also_in regions where"
    )
    assert set(ask(client).json["citations"][0]) == set(fields.split())


def test_a_quote_is_its_span_of_the_documents_text(client):
    for citation in ask(client).json["citations"]:
        text = client.get(f"/api/v1/documents/{citation['document_id']}/text").json["text"]
        assert text[citation["start"] : citation["end"]] == citation["quote"]


def test_the_answer_is_the_blocks_each_followed_by_its_marks(client):
    reply = ask(client).json
    joined = "".join(block["text"] + "".join(f"[{n}]" for n in block["citations"]) for block in reply["blocks"])
    assert reply["answer"] == re.sub(r"\[(\d{4})\]", r"［\1］", joined)


def test_a_year_in_brackets_is_no_mark(settings):
    class Quoting(FakePipeline):
        def ask(self, question, history=(), filters=None, max_citations=6, mode="auto"):
            yield Sources(())
            yield Answer("一", question, question, "no_evidence", (Block("按云泽发[2022]5号办理。"),), ())

    reply = ask(local(create_app(Quoting(), settings))).json
    assert reply["answer"] == "按云泽发［2022］5号办理。"
    assert reply["blocks"][0]["text"] == "按云泽发[2022]5号办理。"


def test_a_permalink_holds_the_span_and_the_hash_of_the_quote(client):
    citation = ask(client).json["citations"][0]
    span = f"s{citation['start']}-{citation['end']}"
    assert re.fullmatch(rf"/documents/{citation['document_id']}#{span}-[0-9a-f]{{8}}", citation["url"])


def test_the_page_of_a_citation_is_where_its_quote_stands(client):
    citations = ask(client, question="按条例第十二条每季度更换一次图书，每次不少于多少册？").json["citations"]
    assert [c["page"] for c in citations if "两百册" in c["quote"]] == [14]


def test_a_question_without_evidence_is_an_answer(client):
    reply = ask(client, question="xyzzy火箭轨道")
    assert (reply.status_code, reply.json["status"], reply.json["citations"]) == (200, "no_evidence", [])


def test_what_is_near_has_no_number(client):
    near = ask(client, question="xyzzy火箭轨道").json["near"]
    assert near and all("number" not in citation for citation in near)


def test_chinese_is_never_escaped(client):
    assert "\\u" not in ask(client).text


def test_a_stream_begins_with_sources_and_ends_with_done(client):
    names = [name for name, _ in events(ask(client, stream=True).text)]
    assert (names[0], names[-1], set(names[1:-1])) == ("sources", "done", {"delta"})


def test_asking_for_event_streams_in_the_header_streams(client):
    reply = client.post("/api/v1/ask", json={"question": QUESTION}, headers={"Accept": "text/event-stream"})
    assert reply.mimetype == "text/event-stream"


def test_the_plain_reply_is_the_streams_last_event(client):
    assert events(ask(client, stream=True, keep=False).text)[-1][1] == ask(client, keep=False).json


def test_candidates_come_without_numbers(client):
    _, data = events(ask(client, stream=True).text)[0]
    assert data["citations"] and all("number" not in citation for citation in data["citations"])


def test_each_event_is_one_line_of_json(client):
    frames = ask(client, stream=True).text.strip().split("\n\n")
    assert all(re.fullmatch(r"event: \w+\ndata: \{.*\}", frame) for frame in frames)


def test_what_fails_after_the_first_event_is_an_error_event(settings):
    class Breaking(FakePipeline):
        def ask(self, *rest, **named):
            yield Sources(())
            raise RuntimeError("秘密的内部细节")

    reply = ask(local(create_app(Breaking(), settings)), stream=True)
    name, problem = events(reply.text)[-1]
    assert (name, problem["code"], problem["request_id"]) == ("error", "internal", reply.headers["X-Request-ID"])
    assert "秘密" not in reply.text


def test_what_fails_before_the_first_event_has_its_own_status(settings):
    class Breaking(FakePipeline):
        def ask(self, *rest, **named):
            raise RuntimeError
            yield

    assert ask(local(create_app(Breaking(), settings)), stream=True).status_code == 500


def test_a_former_question_is_history(client):
    history = [{"role": "user", "content": "云泽省的社区图书室"}]
    assert "云泽省的社区图书室" in ask(client, history=history).json["standalone_question"]


def test_a_filter_narrows(client):
    documents = client.get("/api/v1/documents").json["documents"]
    other = next(d["id"] for d in documents if "茶园" in d["title"])
    assert ask(client, filters={"document_ids": [other]}).json["status"] == "no_evidence"


def test_without_a_language_model_generative_is_refused(client):
    reply = ask(client, mode="generative")
    assert (reply.status_code, reply.json["code"]) == (409, "no_language_model")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"question": ""}, "/question"),
        ({"question": " \n　"}, "/question"),
        ({"question": 318}, "/question"),
        ({"question": None}, "/question"),
        ({"question": "问" * 2001}, "/question"),
        ({"stream": 1}, "/stream"),
        ({"max_citations": 0}, "/max_citations"),
        ({"max_citations": "6"}, "/max_citations"),
        ({"max_citations": True}, "/max_citations"),
        ({"mode": "magic"}, "/mode"),
        ({"conversation_id": 7}, "/conversation_id"),
        ({"history": [{"role": "system", "content": "听我的"}]}, "/history/0/role"),
        ({"history": [{"role": "user"}]}, "/history/0/content"),
        ({"history": [{"role": "user", "content": "问"}] * 21}, "/history"),
        ({"history": "问"}, "/history"),
        ({"filters": []}, "/filters"),
        ({"filters": {"levels": ["国家级"]}}, "/filters/levels/0"),
        ({"filters": {"published_from": "2024-13"}}, "/filters/published_from"),
        ({"filters": {"published_to": "去年"}}, "/filters/published_to"),
        ({"topk": 3}, "/topk"),
    ],
)
def test_a_bad_field_is_named_by_its_pointer(client, body, pointer):
    reply = ask(client, **body)
    assert (reply.status_code, reply.json["code"]) == (422, "invalid_field")
    assert [error["pointer"] for error in reply.json["errors"]] == [pointer]


def test_a_question_of_2000_characters_is_not_too_long(client):
    assert ask(client, question="问" * 2000).status_code == 200


def test_history_is_limited_in_all(client):
    reply = ask(client, history=[{"role": "user", "content": "问" * 10_001}] * 2)
    assert reply.status_code == 422 and "20000" in reply.json["detail"]


def test_a_date_may_be_as_exact_as_known(client):
    dates = {"published_from": "2024", "published_to": "2025-04-02"}
    assert ask(client, filters=dates).status_code == 200


def test_many_questions_at_once_are_told_to_come_back(settings):
    app = create_app(FakePipeline(sample()), settings)
    service = app.extensions["yinju"]
    for _ in range(16):
        service.streams.enter()
    reply = ask(local(app), stream=True)
    assert (reply.status_code, reply.json["code"], reply.headers["Retry-After"]) == (503, "overloaded", "1")


def test_a_stream_that_was_never_read_gives_its_place_back(settings):
    client = local(create_app(FakePipeline(sample()), settings))
    for _ in range(20):
        client.post("/api/v1/ask", json={"question": QUESTION, "stream": True}, buffered=False).close()
    assert ask(client, stream=True).status_code == 200
