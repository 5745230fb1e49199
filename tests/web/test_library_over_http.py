"""Documents, passages, search and feedback over HTTP."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from qa.types import Described, Document, Span
from web import rendering

DOCUMENT_FIELDS = (
    "id external_id title title_inferred file part place level kind organisation published period publisher author "
    "page page_kind characters passages ingested origin duplicate_of sources"
)


def first(client) -> dict:
    return client.get("/api/v1/documents").json["documents"][0]


def test_a_document_has_every_field_of_the_contract(client):
    assert set(first(client)) == set(DOCUMENT_FIELDS.split())


def test_one_document_is_what_the_list_shows(client):
    listed = first(client)
    assert client.get(f"/api/v1/documents/{listed['id']}").json == {**listed, "described": []}


def test_a_description_says_where_it_was_found_in_the_text():
    found = Described("place", "text", "云泽省", 102, 105)
    document = Document("d", "s", 1, "渡口", "在云泽省。", (Span(0, 5, 101),), place="云泽省", described=(found,))
    assert rendering.described(document) == [
        {
            "field": "place",
            "name": "地区",
            "value": "云泽省",
            "origin": "text",
            "told": "正文",
            "words": "云泽省",
            "start": 1,
            "end": 4,
        }
    ]


def test_turning_pages_shows_each_document_once(client):
    seen, following = [], ""
    while following is not None:
        page = client.get(f"/api/v1/documents?limit=1&cursor={following}").json
        seen += [document["id"] for document in page["documents"]]
        following = page["next"]
    assert len(seen) == len(set(seen)) == page["total"] == 4


def test_a_cursor_is_url_safe(client):
    assert re.fullmatch(r"[A-Za-z0-9_-]+", client.get("/api/v1/documents?limit=1").json["next"])


@pytest.mark.parametrize("cursor", ["!!!", "abc", "AAAA", "eyJhIjoxfQ", "W1tdXQ", "图"])
def test_a_made_up_cursor_is_refused(client, cursor):
    reply = client.get("/api/v1/documents", query_string={"cursor": cursor})
    assert (reply.status_code, reply.json["errors"][0]["pointer"]) == (422, "/cursor")


@pytest.mark.parametrize("limit", ["0", "201", "x", "-1", "1.5"])
def test_a_limit_out_of_range_is_refused(client, limit):
    reply = client.get(f"/api/v1/documents?limit={limit}")
    assert (reply.status_code, reply.json["errors"][0]["pointer"]) == (422, "/limit")


def test_the_list_can_be_narrowed(client):
    reply = client.get("/api/v1/documents", query_string={"level": "县级", "q": "茶园", "place": "云泽省"})
    assert [document["title"] for document in reply.json["documents"]] == ["柳溪县茶园防霜经验"]


def test_a_documents_sections_are_spans_of_its_text(client):
    reply = client.get(f"/api/v1/documents/{first(client)['id']}/text").json
    assert set(reply) >= {"id", "text", "sections", "pages"}
    assert all(reply["text"][s["start"] :].startswith(s["heading"]) for s in reply["sections"])


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/v1/documents/none"),
        ("GET", "/api/v1/documents/none/text"),
        ("GET", "/api/v1/documents/none/differences?with=none"),
        ("DELETE", "/api/v1/documents/none"),
        ("POST", "/api/v1/documents/none/restore"),
        ("GET", "/api/v1/passages/none"),
        ("GET", "/api/v1/jobs/none"),
        ("DELETE", "/api/v1/jobs/none"),
    ],
)
def test_an_unknown_id_is_not_found(client, method, path):
    reply = client.open(path, method=method)
    assert (reply.status_code, reply.json["code"]) == (404, "not_found")


def test_a_deleted_document_is_gone_until_it_is_restored(client):
    path = f"/api/v1/documents/{first(client)['id']}"
    assert (client.delete(path).status_code, client.delete(path).status_code) == (204, 404)
    assert client.get(path).status_code == 404
    assert client.post(path + "/restore").json["id"] == path.rsplit("/", 1)[1]
    assert client.get(path).status_code == 200


def test_versions_of_a_document_are_compared(client, pipeline):
    known = pipeline.library.live()[0]
    later = replace(known, id="later", text=known.text.replace("318家", "305家"), duplicate_of=known.id)
    pipeline.library.put(later)
    reply = client.get(f"/api/v1/documents/later/differences?with={known.id}").json
    assert [(one["kind"], one["here"]["text"], one["there"]["text"]) for one in reply["differences"]] == [
        ("number", "305家", "318家")
    ]
    assert (reply["here"]["id"], reply["there"]["title"], reply["total"]) == ("later", known.title, 1)


def test_a_comparison_needs_another_document(client):
    reply = client.get(f"/api/v1/documents/{first(client)['id']}/differences")
    assert (reply.status_code, reply.json["errors"][0]["pointer"]) == (422, "/with")


def test_documents_that_are_no_versions_are_not_compared(client, pipeline):
    one, other = [document.id for document in pipeline.library.live()[:2]]
    reply = client.get(f"/api/v1/documents/{one}/differences?with={other}")
    assert (reply.status_code, reply.json["errors"][0]["pointer"]) == (422, "/with")


def test_a_result_has_every_field_of_the_contract(client):
    reply = client.post("/api/v1/search", json={"query": "社区图书室"}).json
    assert set(reply) == {"query", "results", "notice", "timing_ms"}
    result = reply["results"][0]
    assert set(result) == {
        "rank",
        "score",
        "why",
        "explained",
        "passage",
        "document",
        "heading",
        "highlights",
        "also_in",
    }
    fields = "id external_id title place level kind published publisher page page_kind"
    assert set(result["document"]) == set(fields.split())


def test_highlights_count_into_the_passage(client):
    result = client.post("/api/v1/search", json={"query": "图书室"}).json["results"][0]
    assert all(result["passage"]["text"][start:end] in "图书室" for start, end in result["highlights"])


def test_headings_can_be_searched_alone(client):
    reply = client.post("/api/v1/search", json={"query": "风扇与烟堆", "in": "headings"})
    assert reply.status_code == 200


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"query": ""}, "/query"),
        ({}, "/query"),
        ({"query": "图书室", "top_k": 101}, "/top_k"),
        ({"query": "图书室", "top_k": 0}, "/top_k"),
        ({"query": "图书室", "in": "titles"}, "/in"),
        ({"query": "图书室", "within": "text"}, "/within"),
    ],
)
def test_a_bad_search_names_the_field(client, body, pointer):
    reply = client.post("/api/v1/search", json=body)
    assert (reply.status_code, [e["pointer"] for e in reply.json["errors"]]) == (422, [pointer])


def test_a_passage_comes_with_its_neighbours(client):
    found = client.post("/api/v1/search", json={"query": "每季度更换一次图书"}).json["results"][0]["passage"]
    reply = client.get(f"/api/v1/passages/{found['id']}").json
    assert reply["text"] == found["text"]
    assert reply["previous"]["end"] <= reply["start"]
    assert reply["next"] is None


def test_feedback_is_kept_line_by_line(client, settings):
    for vote in ("up", "down"):
        body = {"answer_id": "a1", "vote": vote, "comment": "数字对，\n页码不对"}
        assert client.post("/api/v1/feedback", json=body).status_code == 204
    lines = (settings.data / "feedback.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["vote"] for line in lines] == ["up", "down"]


def test_feedback_needs_a_vote(client):
    assert client.post("/api/v1/feedback", json={"answer_id": "a1", "vote": "maybe"}).status_code == 422


def test_verify_tells_what_it_found(client, pipeline):
    pipeline.library.findings = ["索引落后于登记"]
    assert client.get("/api/v1/verify").json == {"findings": ["索引落后于登记"]}
