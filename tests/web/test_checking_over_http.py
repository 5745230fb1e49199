"""POST /api/v1/check: what a client may rely on."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from qa.types import Checked, DraftDifference, Note, Verdict
from tests.web.conftest import events, local
from tests.web.fakes import FakePipeline, sample
from web import create_app

FIRST = sample()[0].text.split("。")[0].split("\n")[-1] + "。"
DRAFT = f"{FIRST}\n\n柳溪县从来没有写过这一句话。"


def check(client: FlaskClient, text: str = DRAFT, **body: object):
    return client.post("/api/v1/check", json={"text": text, **body})


def test_a_check_has_every_field_of_the_contract(client):
    assert set(check(client).json) == {"sentences", "summary", "timing_ms"}


def test_a_sentence_has_every_field_of_the_contract(client):
    fields = "text start end verdict confidence verbatim differences evidence notes"
    assert set(check(client).json["sentences"][0]) == set(fields.split())


def test_a_sentence_is_its_span_of_the_text_as_it_was_sent(client):
    text = "第一句说的是水库。\r\n𠮷家村修了渠🙂。\r\n\r\n第三句。"
    for sentence in check(client, text).json["sentences"]:
        assert text[sentence["start"] : sentence["end"]] == sentence["text"]


def test_the_summary_counts_the_verdicts(client):
    reply = check(client).json
    assert sum(reply["summary"].values()) == len(reply["sentences"])
    assert set(reply["summary"]) == {"supported", "contradicted", "not_found", "not_a_claim"}


def test_evidence_is_a_citation_without_a_number(client):
    evidence = check(client).json["sentences"][0]["evidence"]
    assert evidence and all("number" not in one and one["quote"] in one["passage"]["text"] for one in evidence)


def test_a_check_streams_a_sentence_at_a_time_and_then_the_whole(client):
    streamed = events(check(client, stream=True).text)
    assert [name for name, _ in streamed] == ["sentence", "sentence", "done"]
    assert [data for name, data in streamed if name == "sentence"] == streamed[-1][1]["sentences"]


def test_a_check_streams_for_whoever_accepts_events(client):
    reply = client.post("/api/v1/check", json={"text": DRAFT}, headers={"Accept": "text/event-stream"})
    assert reply.content_type.startswith("text/event-stream")


def test_differences_and_notes_leave_with_their_spans(settings):
    class Finding(FakePipeline):
        def check(self, draft, filters=None):
            difference = DraftDifference("number", "69家", "96家", 2, 5)
            note = Note("impossible_date", "2月没有30日", 0, 2)
            verdict = Verdict(draft, 0, len(draft), "contradicted", 0.9, differences=(difference,), notes=(note,))
            yield Checked((verdict,))

    sentence = check(local(create_app(Finding(), settings)), "开了69家。").json["sentences"][0]
    assert sentence["differences"] == [{"kind": "number", "draft": "69家", "source": "96家", "start": 2, "end": 5}]
    assert sentence["notes"] == [{"kind": "impossible_date", "text": "2月没有30日", "start": 0, "end": 2}]


@pytest.mark.parametrize("text", ["", "  \n\u3000"])
def test_an_empty_draft_is_an_invalid_field(client, text):
    reply = check(client, text)
    assert (reply.status_code, reply.json["code"]) == (422, "invalid_field")
    assert reply.json["errors"][0]["pointer"] == "/text"


def test_a_draft_over_the_limit_is_too_large(client):
    reply = check(client, "字" * 100_001)
    assert (reply.status_code, reply.json["code"]) == (413, "too_large")


def test_a_draft_of_100000_characters_is_not_too_large(client):
    assert check(client, "字" * 99_999 + "。").status_code == 200


@pytest.mark.parametrize(
    ("body", "pointer"),
    [({"text": 3}, "/text"), ({"text": "好。", "filters": {"levels": ["国家级"]}}, "/filters/levels/0"), ({}, "/text")],
)
def test_a_bad_field_is_named_by_its_pointer(client, body, pointer):
    reply = client.post("/api/v1/check", json=body)
    assert (reply.status_code, reply.json["code"]) == (422, "invalid_field")
    assert [error["pointer"] for error in reply.json["errors"]] == [pointer]


def test_a_stream_of_an_empty_draft_fails_with_its_own_status(client):
    assert check(client, " ", stream=True).status_code == 422


def test_many_checks_at_once_are_told_to_come_back(settings):
    app = create_app(FakePipeline(sample()), settings)
    for _ in range(16):
        app.extensions["yinju"].streams.enter()
    reply = check(local(app), stream=True)
    assert (reply.status_code, reply.json["code"], reply.headers["Retry-After"]) == (503, "overloaded", "1")


def test_the_description_knows_the_route(client):
    described = client.get("/api/v1/openapi.json").json["paths"]["/api/v1/check"]["post"]
    streamed = described["responses"]["200"]["content"]["text/event-stream"]["x-events"]
    assert set(streamed) == {"sentence", "done", "error"}
