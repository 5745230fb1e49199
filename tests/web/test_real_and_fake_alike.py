"""The same requests over the fake pipeline and over the real one: what the edge's tests assume is true."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator

from qa import assembly
from qa.config import Settings
from tests.web.conftest import events, local
from tests.web.fakes import FakePipeline
from web import create_app
from web.api import ROUTES

TEXTS = {
    "山塘.txt": "柳溪县水利工作小结\n\n"
    + "今年全县修复山塘四十六座，新增蓄水两万方。夜间巡查由乡镇轮流值守，汛期每两小时巡查一次。\n"
    + "\n".join(
        f"第{number}处山塘由村里的值守员看护，水位到达警戒线时鸣锣示警，群众按路线转移。" for number in range(1, 30)
    ),
    "茶园.txt": "桐湾区茶园防霜经验\n\n桐湾区装了一百二十台防霜风扇，一台能护住十五亩茶。"
    + "茶农把风扇的开关交给气象员统一调度。\n",
}


@pytest.fixture(scope="module", params=["fake", "real"])
def client(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    folder: Path = tmp_path_factory.mktemp(request.param)
    settings = Settings(seeds=folder / "seeds", data=folder / "data", port=8000)
    for part in (settings.seeds, settings.data):
        part.mkdir()
    for name, text in TEXTS.items():
        (settings.seeds / name).write_text(text, encoding="utf-8")
    pipeline = FakePipeline() if request.param == "fake" else assembly.build(settings)
    app = create_app(pipeline, settings)
    client = local(app)
    follow(client, client.post("/api/v1/sync", json={}).json["job"]["id"])
    yield client
    app.extensions["yinju"].close()
    pipeline.library.close()


def follow(client: FlaskClient, job_id: str) -> dict:
    return events(client.get(f"/api/v1/jobs/{job_id}", headers={"Accept": "text/event-stream"}).text)[-1][1]


def send(client: FlaskClient, name: str, text: str) -> dict:
    data = {"file": [(io.BytesIO(text.encode()), name)]}
    return follow(client, client.post("/api/v1/documents", data=data).json["job"]["id"])


def of(client: FlaskClient, title: str) -> dict:
    listed = client.get("/api/v1/documents", query_string={"limit": 200}).json["documents"]
    return next(document for document in listed if title in document["title"])


def described(client: FlaskClient, method: str, path: str, reply: object) -> None:
    """The reply is what the description says of this route."""
    known = client.get("/api/v1/openapi.json").json
    route = next(r for r in ROUTES if r.method == method and re.fullmatch(re.sub(r"{\w+}", "[^/]+", r.path), path))
    answers = known["paths"][route.path][method.lower()]["responses"][str(route.status)]
    schema = answers["content"]["application/json"]["schema"] | {"components": known["components"]}
    Draft202012Validator(schema).validate(reply)


def test_an_answer_is_borne_out_by_its_quotes(client):
    reply = client.post("/api/v1/ask", json={"question": "今年全县修复山塘多少座？"}).json
    described(client, "POST", "/api/v1/ask", reply)
    assert reply["status"] == "answered" and "四十六座" in reply["answer"]
    for citation in reply["citations"]:
        text = client.get(f"/api/v1/documents/{citation['document_id']}/text").json["text"]
        assert text[citation["start"] : citation["end"]] == citation["quote"]
        assert citation["quote"] in citation["passage"]["text"]


def test_every_mark_has_its_citation_and_every_citation_its_mark(client):
    reply = client.post("/api/v1/ask", json={"question": "今年全县修复山塘多少座？"}).json
    marks = list(dict.fromkeys(re.findall(r"\[(\d{1,4})\]", reply["answer"])))
    numbers = [str(citation["number"]) for citation in reply["citations"]]
    assert marks == numbers == [str(n) for n in range(1, len(numbers) + 1)]


def test_what_streams_adds_up_to_the_answer(client):
    body = {"question": "今年全县修复山塘多少座？", "stream": True}
    told = events(client.post("/api/v1/ask", json=body).text)
    assert (told[0][0], told[-1][0]) == ("sources", "done")
    assert "".join(data["text"] for name, data in told if name == "delta") == told[-1][1]["answer"]


def test_an_empty_question_fails_before_the_stream_begins(client):
    assert client.post("/api/v1/ask", json={"question": " ", "stream": True}).status_code == 422


def test_what_is_not_there_is_no_evidence(client):
    reply = client.post("/api/v1/ask", json={"question": "航天发射场的火箭型号"}).json
    described(client, "POST", "/api/v1/ask", reply)
    assert (reply["status"], reply["citations"]) == ("no_evidence", [])


def test_a_filter_keeps_to_its_documents(client):
    filters = {"document_ids": [of(client, "茶园")["id"]]}
    reply = client.post("/api/v1/search", json={"query": "山塘值守", "filters": filters}).json
    assert {result["document"]["title"] for result in reply["results"]} <= {of(client, "茶园")["title"]}


def test_results_are_passages_of_their_documents(client):
    reply = client.post("/api/v1/search", json={"query": "防霜风扇", "top_k": 3}).json
    described(client, "POST", "/api/v1/search", reply)
    result = reply["results"][0]
    text = client.get(f"/api/v1/documents/{result['document']['id']}/text").json["text"]
    passage = result["passage"]
    assert text[passage["start"] : passage["end"]] == passage["text"]
    assert all(0 <= start < end <= len(passage["text"]) for start, end in result["highlights"])


def test_a_document_and_its_text_are_as_described(client):
    document = of(client, "茶园")
    described(client, "GET", f"/api/v1/documents/{document['id']}", document)
    text = client.get(f"/api/v1/documents/{document['id']}/text").json
    described(client, "GET", f"/api/v1/documents/{document['id']}/text", text)
    assert len(text["text"]) == document["characters"]


def test_pages_of_the_list_do_not_overlap(client):
    first = client.get("/api/v1/documents?limit=1").json
    described(client, "GET", "/api/v1/documents", first)
    second = client.get("/api/v1/documents", query_string={"limit": 1, "cursor": first["next"]}).json
    assert first["documents"][0]["id"] != second["documents"][0]["id"]


@pytest.mark.parametrize(
    "cursor", ["W10", "WyJhIl0", "WzEsMiwzLDRd", "WzEuNV0", "W251bGxd", "Wy0xXQ", "WzFlMzA4XQ", "WzEsIi4uIl0"]
)
def test_a_made_up_cursor_is_never_a_failure(client, cursor):
    assert client.get("/api/v1/documents", query_string={"cursor": cursor}).status_code == 422


def test_neighbours_stand_beside_their_passage(client):
    found = client.post("/api/v1/search", json={"query": "第15处山塘由村里的值守员看护"}).json["results"][0]
    reply = client.get(f"/api/v1/passages/{found['passage']['id']}").json
    described(client, "GET", f"/api/v1/passages/{found['passage']['id']}", reply)
    assert reply["previous"] is None or reply["previous"]["start"] < reply["start"]
    assert reply["next"] is None or reply["next"]["start"] > reply["start"]


def test_a_deleted_document_answers_no_more_until_it_is_restored(client):
    document = of(client, "茶园")
    path = f"/api/v1/documents/{document['id']}"
    try:
        assert client.delete(path).status_code == 204
        assert client.get(path).status_code == 404
        found = client.post("/api/v1/search", json={"query": "防霜风扇"}).json["results"]
        assert document["id"] not in {result["document"]["id"] for result in found}
    finally:
        assert client.post(path + "/restore").status_code == 200
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("path", ["documents/{}", "documents/{}/text", "passages/{}", "jobs/{}"])
@pytest.mark.parametrize("name", ["none", "0" * 64, "%00", "..%2f..", "图"])
def test_an_unknown_id_is_not_found(client, path, name):
    reply = client.get("/api/v1/" + path.format(name))
    assert (reply.status_code, reply.json["code"]) == (404, "not_found")


def test_an_upload_is_found_and_the_same_again_is_unchanged(client):
    job = send(client, "渔港.txt", "青屿市渔港改造\n\n青屿市改造渔港四座，新建冷库三处。\n")
    described(client, "GET", f"/api/v1/jobs/{job['id']}", job)
    (document_id,) = job["results"][0]["document_ids"]
    assert client.get(f"/api/v1/documents/{document_id}").json["origin"] == "upload"
    again = send(client, "渔港.txt", "青屿市渔港改造\n\n青屿市改造渔港四座，新建冷库三处。\n")
    assert again["results"][0]["status"] == "unchanged"


def test_documents_that_are_no_versions_are_not_compared(client):
    one, other = (document["id"] for document in client.get("/api/v1/documents?limit=2").json["documents"])
    reply = client.get(f"/api/v1/documents/{one}/differences", query_string={"with": other})
    assert (reply.status_code, reply.json["errors"][0]["pointer"]) == (422, "/with")


def test_an_empty_upload_is_refused_by_name(client):
    result = send(client, "空.txt", "")["results"][0]
    assert (result["file"], result["status"], result["code"]) == ("空.txt", "refused", "empty_file")


def test_a_text_sent_as_json_keeps_what_is_known_of_it(client):
    known = {"external_id": "A-7", "title": "养老食堂一年记", "published": "2024-05", "publisher": "桐湾区民政局"}
    body = {"documents": [{**known, "text": "桐湾区开了二十七家养老食堂，每餐补贴四元。"}]}
    job = follow(client, client.post("/api/v1/documents", json=body).json["job"]["id"])
    document = client.get(f"/api/v1/documents/{job['results'][0]['document_ids'][0]}").json
    assert {key: document[key] for key in known} == known


def test_a_sync_without_changes_says_so(client):
    job = follow(client, client.post("/api/v1/sync", json={}).json["job"]["id"])
    assert {result["status"] for result in job["results"]} == {"unchanged"}


def test_a_sound_library_has_no_findings(client):
    assert client.get("/api/v1/verify").json == {"findings": []}


def test_readiness_is_as_described(client):
    described(client, "GET", "/readyz", client.get("/readyz").json)


def test_models_are_listed_as_described(client):
    listed = client.get("/api/v1/models").json
    described(client, "GET", "/api/v1/models", listed)
    assert [one["name"] for one in listed["models"] if one["in_use"]] == [listed["in_use"]]


def test_a_permalink_leads_to_the_page(client):
    citation = client.post("/api/v1/ask", json={"question": "今年全县修复山塘多少座？"}).json["citations"][0]
    assert client.get(urlsplit(citation["url"]).path).status_code == 200


def kept(client) -> dict:
    """The first citation of an answer, as someone keeps it."""
    return client.post("/api/v1/ask", json={"question": "今年全县修复山塘多少座？"}).json["citations"][0]


def spot(citation: dict) -> dict:
    return {name: citation[name] for name in ("document_id", "start", "end", "quote")}


def test_a_citation_is_as_described(client):
    one = kept(client)
    span = {"start": one["start"], "end": one["end"]}
    reply = client.get(f"/api/v1/documents/{one['document_id']}/citation", query_string=span).json
    described(client, "GET", "/api/v1/documents/{document_id}/citation", reply)
    assert "年" not in reply["text"].split("]", 1)[0] and "year" in reply["missing"]


def test_a_citation_that_holds_is_said_to(client):
    reply = client.post("/api/v1/citations/check", json={"citations": [spot(kept(client))]}).json
    assert reply["summary"] == {"same": 1, "moved": 0, "changed": 0, "gone": 0}


def test_occurrences_are_as_described(client):
    reply = client.get("/api/v1/occurrences", query_string={"q": "新增蓄水两万方"}).json
    described(client, "GET", "/api/v1/occurrences", reply)
    assert [one["match"] for one in reply["occurrences"]] == ["verbatim"]


def test_occurrences_stand_in_their_passages(client):
    for one in client.get("/api/v1/occurrences", query_string={"q": "山塘"}).json["occurrences"]:
        assert one["citation"]["quote"] in one["citation"]["passage"]["text"]


def test_a_citation_is_exported(client):
    reply = client.post("/api/v1/citations/export", json={"citations": [spot(kept(client))]}).json
    described(client, "POST", "/api/v1/citations/export", reply)
    assert reply["citations"][0]["standing"] == "same"
