"""Conversations: begun by a first question, gone on with by id, listed, shown again, deleted, bounded."""

from __future__ import annotations

import dataclasses
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from qa import assembly
from qa.config import Settings
from qa.indexing import conversations
from qa.indexing.conversations import Conversations, Exchange
from qa.indexing.registry import Registry
from tests.web.conftest import events, local
from tests.web.fakes import FakePipeline, sample
from web import create_app

QUESTION = "全省新开社区图书室多少家？"
TEXT = "柳溪县水利工作小结\n\n今年全县修复山塘四十六座，新增蓄水两万方。桐湾区今年修复山塘十二座。\n"


def ask(client: FlaskClient, question: str = QUESTION, **body: object) -> dict:
    reply = client.post("/api/v1/ask", json={"question": question, **body})
    assert reply.status_code == 200, reply.json
    return reply.json


def listed(client: FlaskClient, **query: object) -> dict:
    return client.get("/api/v1/conversations", query_string=query).json


def shown(client: FlaskClient, conversation_id: str) -> dict:
    return client.get(f"/api/v1/conversations/{conversation_id}").json


def test_a_first_question_begins_a_conversation(client):
    begun = ask(client)["conversation_id"]
    assert [one["id"] for one in listed(client)["conversations"]] == [begun]


def test_a_conversation_is_named_by_its_first_question(client):
    begun = ask(client)["conversation_id"]
    ask(client, "夜间开放到几点？", conversation_id=begun)
    assert [(one["title"], one["turns"]) for one in listed(client)["conversations"]] == [(QUESTION, 2)]


def test_a_question_goes_on_with_what_was_said_before(client):
    begun = ask(client)["conversation_id"]
    assert ask(client, "夜间呢？", conversation_id=begun)["standalone_question"] == f"{QUESTION} 夜间呢？"


def test_the_reply_to_a_later_question_names_the_same_conversation(client):
    begun = ask(client)["conversation_id"]
    assert ask(client, "夜间呢？", conversation_id=begun)["conversation_id"] == begun


def test_a_stream_ends_with_its_conversations_id(client):
    stream = client.post("/api/v1/ask", json={"question": QUESTION, "stream": True}).text
    assert events(stream)[-1][1]["conversation_id"] == listed(client)["conversations"][0]["id"]


def test_a_question_with_history_belongs_to_no_conversation(client):
    reply = ask(client, history=[{"role": "user", "content": "图书室有哪些？"}])
    assert (reply["conversation_id"], listed(client)["total"]) == (None, 0)


def test_a_question_that_is_not_to_be_kept_is_not(client):
    assert (ask(client, keep=False)["conversation_id"], listed(client)["total"]) == (None, 0)


def test_history_and_conversation_are_not_taken_together(client):
    both = {"conversation_id": ask(client)["conversation_id"], "history": [{"role": "user", "content": "问"}]}
    reply = client.post("/api/v1/ask", json={"question": QUESTION, **both})
    assert (reply.status_code, reply.json["code"]) == (409, "history_and_conversation")


def test_an_unknown_conversation_is_not_found(client):
    for reply in (
        client.post("/api/v1/ask", json={"question": QUESTION, "conversation_id": "没有"}),
        client.get("/api/v1/conversations/none"),
        client.delete("/api/v1/conversations/none"),
    ):
        assert (reply.status_code, reply.json["code"]) == (404, "not_found")


def test_an_answer_is_shown_again_as_it_was_given(client):
    given = ask(client)
    assert shown(client, given["conversation_id"])["turns"][0]["answer"] == given


def test_what_was_near_is_shown_again(client):
    given = ask(client, "xyzzy火箭轨道")
    assert shown(client, given["conversation_id"])["turns"][0]["answer"]["near"] == given["near"]


def test_a_quotation_outlives_its_document(client, pipeline):
    given = ask(client)
    quoted = given["citations"][0]
    pipeline.library.passages.clear()
    again = shown(client, given["conversation_id"])["turns"][0]["answer"]["citations"][0]
    assert (again["quote"], again["passage"]["text"]) == (quoted["quote"], quoted["quote"])


def test_the_passages_text_is_not_kept_twice(client, pipeline):
    given = ask(client)
    kept = pipeline.library.conversations.exchanges(given["conversation_id"])[0].answer
    passage = max((one["passage"]["text"] for one in given["citations"]), key=len)
    assert passage not in kept


def test_a_deleted_conversation_is_gone(client):
    begun = ask(client)["conversation_id"]
    assert client.delete(f"/api/v1/conversations/{begun}").status_code == 204
    assert (listed(client)["total"], client.get(f"/api/v1/conversations/{begun}").status_code) == (0, 404)


def test_a_conversation_deleted_while_it_is_answered_stays_deleted(client, pipeline):
    begun = ask(client)["conversation_id"]
    keep = pipeline.library.conversations
    asked = pipeline.ask

    def meanwhile(*rest, **named):
        keep.delete(begun)
        return asked(*rest, **named)

    pipeline.ask = meanwhile
    assert (ask(client, "夜间呢？", conversation_id=begun)["conversation_id"], listed(client)["total"]) == (None, 0)


def test_the_newest_conversation_is_listed_first(client):
    first, second = ask(client)["conversation_id"], ask(client, "夜间开放到几点？")["conversation_id"]
    ask(client, "还有呢？", conversation_id=first)
    assert [one["id"] for one in listed(client)["conversations"]] == [first, second]


def test_a_long_list_comes_in_pages(client):
    known = [ask(client, f"第{n}号图书室在哪里？")["conversation_id"] for n in range(5)]
    page = listed(client, limit=3)
    rest = listed(client, limit=3, cursor=page["next"])
    found = [one["id"] for one in page["conversations"] + rest["conversations"]]
    assert (found, page["total"], rest["next"]) == (known[::-1], 5, None)


def test_what_failed_begins_no_conversation(client):
    client.post("/api/v1/ask", json={"question": " "})
    assert listed(client)["total"] == 0


@pytest.fixture
def private(settings: Settings) -> Iterator[FlaskClient]:
    """A service that keeps no conversations."""
    app = create_app(FakePipeline(sample()), dataclasses.replace(settings, keep_conversations=False))
    yield local(app)
    app.extensions["yinju"].close()


def test_nothing_is_kept_where_nothing_is_to_be_kept(private):
    assert (ask(private)["conversation_id"], listed(private)["total"]) == (None, 0)


def test_a_conversation_is_not_gone_on_with_where_nothing_is_kept(private):
    reply = private.post("/api/v1/ask", json={"question": QUESTION, "conversation_id": "a"})
    assert (reply.status_code, "不保存对话" in reply.json["detail"]) == (404, True)


@pytest.mark.parametrize(("told", "kept"), [("0", False), ("1", True), ("", True)])
def test_a_setting_says_whether_conversations_are_kept(told, kept):
    assert Settings.from_environment({"QA_KEEP_CONVERSATIONS": told}).keep_conversations is kept


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Conversations]:
    registry = Registry(tmp_path / "registry.sqlite3")
    yield Conversations(registry)
    registry.close()


def said(number: int) -> Exchange:
    return Exchange(f"第{number}问", f"第{number}答", "{}")


def test_the_oldest_conversations_make_room(store, monkeypatch):
    monkeypatch.setattr(conversations, "MOST_CONVERSATIONS", 3)
    kept = [store.keep(None, said(number)) for number in range(5)]
    assert [one.id for one in store.latest(10)] == kept[:1:-1]


def test_the_oldest_turns_make_room(store, monkeypatch):
    monkeypatch.setattr(conversations, "MOST_TURNS", 3)
    begun = store.keep(None, said(0))
    for number in range(1, 5):
        store.keep(begun, said(number))
    assert [one.question for one in store.exchanges(begun)] == ["第2问", "第3问", "第4问"]


def test_anothers_conversation_is_not_found(store):
    begun = store.keep(None, said(1), owner="甲")
    with pytest.raises(conversations.NotFound):
        store.exchanges(begun, owner="乙")
    assert (store.count("乙"), store.count("甲")) == (0, 1)


def test_a_deleted_conversation_leaves_no_words_behind(tmp_path):
    registry = Registry(tmp_path / "registry.sqlite3")
    store = Conversations(registry)
    store.delete(store.keep(None, said(1)))
    registry.close()
    with sqlite3.connect(tmp_path / "registry.sqlite3") as db:
        assert db.execute("SELECT count(*) FROM conversation_turns").fetchone() == (0,)
    assert "第1问".encode() not in (tmp_path / "registry.sqlite3").read_bytes()


@pytest.fixture
def real(settings: Settings) -> Iterator[FlaskClient]:
    """The whole product over one small document."""
    pipeline = assembly.build(settings)
    pipeline.add_bytes(TEXT.encode(), "水利.txt")
    app = create_app(pipeline, settings)
    yield local(app)
    app.extensions["yinju"].close()
    pipeline.library.close()


def test_a_place_is_changed_by_a_word_in_a_kept_conversation(real):
    begun = ask(real, "柳溪县今年修复山塘多少座？")["conversation_id"]
    assert "十二座" in ask(real, "那桐湾区呢？", conversation_id=begun)["answer"]


def test_a_conversation_of_the_real_library_is_shown_again(real):
    given = ask(real, "柳溪县今年修复山塘多少座？")
    assert shown(real, given["conversation_id"])["turns"][0]["answer"] == given


def test_a_conversation_is_exported_with_its_notes_numbered_through(real):
    begun = ask(real, "柳溪县今年修复山塘多少座？")["conversation_id"]
    ask(real, "那桐湾区呢？", conversation_id=begun)
    told = real.get(f"/api/v1/conversations/{begun}/export", query_string={"format": "md"})
    assert told.mimetype == "text/markdown"
    assert "问：柳溪县今年修复山塘多少座？" in told.text and "问：那桐湾区呢？" in told.text
    assert "[^1]:" in told.text and "[^2]:" in told.text


def test_a_conversation_is_exported_as_a_word_file(real):
    begun = ask(real, "柳溪县今年修复山塘多少座？")["conversation_id"]
    sent = real.get(f"/api/v1/conversations/{begun}/export")
    assert sent.data.startswith(b"PK") and ".docx" in sent.headers["Content-Disposition"]


def test_an_unknown_conversation_is_not_exported(real):
    assert real.get("/api/v1/conversations/none/export").status_code == 404
