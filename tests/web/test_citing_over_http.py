"""References, exports, links and occurrences over HTTP."""

from __future__ import annotations

import io
import json
import zipfile
from urllib.parse import unquote

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator

from qa.citing.permalinks import links_in
from qa.text import quote_hash
from tests.unit.reading.formats.office_files import docx, paragraph
from tests.web.fakes import FakePipeline, made_up
from web.api import ROUTES
from web.openapi import describe

QUOTE = "去年，全省新开社区图书室318家，其中夜间开放的96家。"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture
def spot(pipeline: FakePipeline) -> dict:
    """Where the quotation stands, as a client would keep it."""
    document = next(one for one in pipeline.library.live() if QUOTE in one.text)
    start = document.text.index(QUOTE)
    return {"document_id": document.id, "start": start, "end": start + len(QUOTE), "quote": QUOTE}


def described(method: str, path: str, body: dict) -> None:
    """The body is as the description of the API says."""
    whole = describe(ROUTES)
    schema = whole["paths"][path][method]["responses"]["200"]["content"]["application/json"]["schema"]
    Draft202012Validator({**schema, "components": whole["components"]}).validate(body)


def citation(client: FlaskClient, spot: dict, **query: object) -> dict:
    span = {"start": spot["start"], "end": spot["end"]}
    return client.get(f"/api/v1/documents/{spot['document_id']}/citation", query_string=span | query).json


def test_a_citation_is_gbt_7714_of_2025_unless_told(client, spot):
    assert citation(client, spot)["text"] == (
        "佚名. 把书送到家门口——云泽省社区图书室建设综述[Z]. [出版地不详：出版者不详]，2025：13."
    )


def test_a_citation_names_what_is_missing(client, spot):
    reply = citation(client, spot)
    assert reply["missing"] == ["author", "place", "publisher"]
    assert reply["missing_called"] == ["责任者", "出版地", "出版者"]


def test_a_citation_is_as_described(client, spot):
    described("get", "/api/v1/documents/{document_id}/citation", citation(client, spot))


@pytest.mark.parametrize(("style", "sign"), [("footnote", "《"), ("bibtex", "@misc{"), ("ris", "TY  - GEN")])
def test_a_citation_comes_in_any_style(client, spot, style, sign):
    assert sign in citation(client, spot, style=style)["text"]


def test_a_whole_document_can_be_cited(client, spot):
    reply = client.get(f"/api/v1/documents/{spot['document_id']}/citation").json
    assert reply["text"].endswith("，2025.") and reply["url"] == f"/documents/{spot['document_id']}"


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ({"style": "apa"}, "/style"),
        ({"start": 5}, "/end"),
        ({"start": 0, "end": 10_000_000}, "/end"),
        ({"start": -1, "end": 3}, "/start"),
        ({"accessed": "昨天"}, "/accessed"),
    ],
)
def test_what_cannot_be_cited_names_the_field(client, spot, query, pointer):
    reply = client.get(f"/api/v1/documents/{spot['document_id']}/citation", query_string=query)
    assert reply.status_code == 422 and reply.json["errors"][0]["pointer"] == pointer


def test_a_document_that_is_not_there_is_not_found(client):
    assert client.get("/api/v1/documents/nowhere/citation").status_code == 404


def test_an_export_is_a_list_and_its_parts(client, spot):
    reply = client.post("/api/v1/citations/export", json={"citations": [spot, spot]}).json
    described("post", "/api/v1/citations/export", reply)
    assert reply["text"].startswith("[1] 佚名") and reply["citations"][1]["quote"] == QUOTE


@pytest.mark.parametrize(
    ("style", "ending"), [("gbt7714", "txt"), ("bibtex", "bib"), ("ris", "ris"), ("csl-json", "json")]
)
def test_an_export_as_text_is_a_file_of_its_kind(client, spot, style, ending):
    asked = {"citations": [spot], "style": style, "format": "text", "title": "报告引文"}
    reply = client.post("/api/v1/citations/export", json=asked)
    assert unquote(reply.headers["Content-Disposition"]).endswith(f"报告引文.{ending}")
    assert reply.mimetype == "text/plain"


def test_quotations_are_exported_as_markdown(client, spot):
    text = client.post("/api/v1/citations/export", json={"citations": [spot], "format": "md"}).text
    assert f"“{QUOTE}”[^1]" in text and links_in(text)[0].document_id == spot["document_id"]


REPORT = {"title": "新开了多少家？", "blocks": [{"text": "318家。"}, {"text": QUOTE, "citations": [1]}]}


def test_an_answer_is_exported_as_word(client, spot):
    reply = client.post("/api/v1/export", json={**REPORT, "citations": [{**spot, "number": 1}]})
    assert reply.mimetype == DOCX
    with zipfile.ZipFile(io.BytesIO(reply.data)) as archive:
        assert QUOTE in archive.read("word/document.xml").decode()
        assert "〔责任者不详〕" in archive.read("word/footnotes.xml").decode()


def test_an_answer_is_exported_as_markdown(client, spot):
    reply = client.post("/api/v1/export", json={**REPORT, "citations": [{**spot, "number": 1}], "format": "md"})
    assert reply.mimetype == "text/markdown" and f"{QUOTE}[^1]" in reply.text


def test_the_words_of_an_export_are_the_librarys_own(client, spot):
    changed = {**spot, "number": 1, "quote": QUOTE.replace("318", "813")}
    text = client.post("/api/v1/export", json={**REPORT, "citations": [changed], "format": "md"}).text
    assert "资料更新过，这句话已经不在文中。" in text


def test_a_document_that_is_gone_is_said_to_be_so(client, spot):
    gone = {**spot, "number": 1, "document_id": "nowhere", "title": "从前的一篇"}
    text = client.post("/api/v1/export", json={**REPORT, "citations": [gone], "format": "md"}).text
    assert "《从前的一篇》。这篇资料已不在资料库里。" in text


def test_a_mark_without_its_citation_is_refused(client):
    reply = client.post("/api/v1/export", json=REPORT)
    assert reply.status_code == 422 and "没有的编号" in reply.json["detail"]


def stand(client: FlaskClient, spot: dict, **query: object) -> dict:
    span = {"start": spot["start"], "end": spot["end"]}
    reply = client.get(f"/api/v1/documents/{spot['document_id']}/quotation", query_string=span | query).json
    described("get", "/api/v1/documents/{document_id}/quotation", reply)
    return reply


def test_a_link_that_holds_says_so(client, spot):
    assert stand(client, spot, hash=quote_hash(QUOTE))["standing"] == "same"


def test_a_link_whose_words_moved_says_where_to(client, spot):
    reply = stand(client, {**spot, "start": 0, "end": len(QUOTE)}, hash=quote_hash(QUOTE))
    assert (reply["standing"], reply["start"], reply["quote"]) == ("moved", spot["start"], QUOTE)


def test_a_link_whose_document_is_gone_says_where_else_the_words_stand(client, spot):
    reply = stand(client, {**spot, "document_id": "nowhere"}, quote=QUOTE)
    assert reply["standing"] == "gone" and reply["url"] is None
    assert [one["document_id"] for one in reply["elsewhere"]] == [spot["document_id"]]


def test_saved_citations_are_checked_together(client, spot):
    gone = {**spot, "document_id": "nowhere"}
    reply = client.post("/api/v1/citations/check", json={"citations": [spot, gone]}).json
    described("post", "/api/v1/citations/check", reply)
    assert reply["summary"] == {"same": 1, "moved": 0, "changed": 0, "gone": 1}


def occurrences(client: FlaskClient, q: str) -> dict:
    reply = client.get("/api/v1/occurrences", query_string={"q": q}).json
    described("get", "/api/v1/occurrences", reply)
    return reply


def test_a_phrase_is_found_wherever_it_stands(client, spot):
    reply = occurrences(client, "新开社区图书室318家")
    assert reply["total"] == 1 and reply["occurrences"][0]["citation"]["document_id"] == spot["document_id"]


def test_what_stands_nowhere_has_no_occurrences(client):
    assert occurrences(client, "火星农场")["total"] == 0


def test_the_earliest_comes_first(client, pipeline):
    for year in ("2023", "2021"):
        pipeline.library.put(made_up(f"{year}年小结", [("一、", "坚持开门办馆。")], None, None, published=year))
    found = occurrences(client, "坚持开门办馆")
    assert [one["when"] for one in found["occurrences"]] == ["2021", "2023"]
    assert found["wordings"] == [{"quote": "坚持开门办馆", "since": "2021", "count": 2}]


def test_a_document_without_a_date_has_the_year_it_speaks_of(client, pipeline):
    pipeline.library.put(made_up("旧稿", [("一、", "坚持开门办馆。")], None, None, published=None, period="2019"))
    (one,) = occurrences(client, "坚持开门办馆")["occurrences"]
    assert (one["when"], one["when_kind"]) == ("2019", "period")


def test_nothing_to_look_for_is_refused(client):
    reply = client.get("/api/v1/occurrences", query_string={"q": "——"})
    assert reply.status_code == 422 and json.loads(reply.data)["errors"][0]["pointer"] == "/q"


def draft(client: FlaskClient, data: bytes, name: str = "稿.docx", **query: str):
    files = {"file": (io.BytesIO(data), name)}
    return client.post("/api/v1/check/docx", data=files, query_string=query)


WRITTEN = docx(paragraph(QUOTE + "桐湾区种出了三米高的水稻。"))


def test_a_word_draft_comes_back_with_footnotes_and_comments(client):
    reply = draft(client, WRITTEN)
    assert (reply.status_code, reply.mimetype) == (200, DOCX)
    with zipfile.ZipFile(io.BytesIO(reply.data)) as archive:
        assert "把书送到家门口" in archive.read("word/footnotes.xml").decode()
        assert "没有找到这句话的出处" in archive.read("word/comments.xml").decode()


def test_it_comes_back_under_its_own_name(client):
    assert "稿-核对.docx" in unquote(draft(client, WRITTEN).headers["Content-Disposition"])


def test_its_footnotes_are_in_the_style_that_was_asked_for(client):
    with zipfile.ZipFile(io.BytesIO(draft(client, WRITTEN, style="gbt7714").data)) as archive:
        assert "[Z]. " in archive.read("word/footnotes.xml").decode()


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        (b"PK\x03\x04", 422, "unreadable_file"),
        ("一段文字".encode(), 422, "type_mismatch"),
        (docx(paragraph("")), 422, "invalid_field"),
        (docx(paragraph("云" * 100_001)), 413, "too_large"),
        (docx(paragraph("文"), settings='<w:documentProtection w:enforcement="1"/>'), 422, "protected_file"),
    ],
)
def test_a_draft_that_cannot_be_checked_is_refused_by_name(client, data, status, code):
    reply = draft(client, data)
    assert (reply.status_code, reply.json["code"]) == (status, code)


def test_one_draft_at_a_time(client):
    files = {"file": [(io.BytesIO(WRITTEN), "一.docx"), (io.BytesIO(WRITTEN), "二.docx")]}
    assert client.post("/api/v1/check/docx", data=files).status_code == 422


def test_a_draft_is_sent_as_a_file(client):
    assert client.post("/api/v1/check/docx", json={}).status_code == 415
