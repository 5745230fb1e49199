"""The openai package, as it is, against the real service over HTTP."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import openai
import pytest
from werkzeug.serving import make_server

from qa import assembly
from qa.config import Settings
from web import create_app
from web.openai_api import tokens

TEXT = (
    "柳溪县水利工作小结\n\n今年全县修复山塘四十六座，新增蓄水两万方。桐湾区今年修复山塘十二座。\n\n"
    "按云泽发[2022]5号文件，夜间巡查由乡镇轮流值守，汛期每两小时巡查一次。\n"
)
QUESTION = "柳溪县今年修复山塘多少座？"
ASKED = [{"role": "user", "content": QUESTION}]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the whole product serves one small document."""
    folder: Path = tmp_path_factory.mktemp("openai")
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(16)
        port = listening.getsockname()[1]
        settings = Settings(seeds=folder, data=folder / "data", port=port)
        pipeline = assembly.build(settings)
        pipeline.add_bytes(TEXT.encode(), "水利.txt")
        app = create_app(pipeline, settings)
        server = make_server("127.0.0.1", port, app, threaded=True, fd=listening.fileno())
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{port}"
        app.extensions["yinju"].close()
        server.shutdown()
        thread.join(5)
        server.server_close()
        pipeline.library.close()


@pytest.fixture(scope="module")
def client(address: str) -> Iterator[openai.OpenAI]:
    http = httpx.Client(trust_env=False)
    with openai.OpenAI(base_url=f"{address}/v1", api_key="any", max_retries=0, http_client=http) as client:
        yield client


def test_a_question_is_answered(client):
    reply = client.chat.completions.create(model="yinju", messages=ASKED)
    assert "四十六座" in reply.choices[0].message.content
    assert (reply.object, reply.choices[0].finish_reason) == ("chat.completion", "stop")


def test_each_mark_is_annotated_with_where_it_leads(client, address):
    message = client.chat.completions.create(model="yinju", messages=ASKED).choices[0].message
    first = message.annotations[0].url_citation
    assert message.content[first.start_index : first.end_index] == "[1]"
    assert first.url.startswith(f"{address}/documents/") and first.title == "柳溪县水利工作小结"


def test_the_citations_come_whole(client, address):
    cited = client.chat.completions.create(model="yinju", messages=ASKED).model_extra["citations"][0]
    text = httpx.get(f"{address}/api/v1/documents/{cited['document_id']}/text", trust_env=False).json()["text"]
    assert text[cited["start"] : cited["end"]] == cited["quote"]


def test_the_usage_is_counted(client):
    reply = client.chat.completions.create(model="yinju", messages=ASKED)
    assert reply.usage.prompt_tokens == tokens(QUESTION)
    assert reply.usage.completion_tokens == tokens(reply.choices[0].message.content)
    assert reply.usage.total_tokens == reply.usage.prompt_tokens + reply.usage.completion_tokens


@pytest.mark.parametrize(
    ("text", "count"), [("修复山塘46座。", 7), ("GDP 增长3.5%", 7), ("", 0), ("snow_man", 1), ("𠮷", 1)]
)
def test_characters_words_and_signs_are_tokens(text, count):
    assert tokens(text) == count


def test_the_pieces_of_a_stream_are_the_plain_answer(client):
    whole = client.chat.completions.create(model="yinju", messages=ASKED).choices[0].message.content
    pieces = client.chat.completions.create(model="yinju", messages=ASKED, stream=True)
    assert "".join(piece.choices[0].delta.content or "" for piece in pieces) == whole


def test_a_stream_ends_with_citations_and_a_reason(client):
    *_, last = client.chat.completions.create(model="yinju", messages=ASKED, stream=True)
    assert last.choices[0].finish_reason == "stop"
    assert last.model_extra["citations"] and last.choices[0].delta.model_extra["annotations"]


def test_a_stream_says_its_usage_where_it_is_wanted(client):
    options = {"include_usage": True}
    *_, last = client.chat.completions.create(
        model="yinju", messages=ASKED, stream=True, stream_options=options
    )  # fmt: skip
    assert (last.choices, last.usage.prompt_tokens) == ([], tokens(QUESTION))


def test_a_stream_is_ended_by_its_own_word(address):
    body = {"model": "yinju", "messages": ASKED, "stream": True}
    sent = httpx.post(f"{address}/v1/chat/completions", json=body, trust_env=False)
    assert sent.text.endswith("data: [DONE]\n\n") and "event:" not in sent.text


def test_former_messages_are_the_history(client):
    messages = [*ASKED, {"role": "assistant", "content": "四十六座。"}, {"role": "user", "content": "那桐湾区呢？"}]
    assert "十二座" in client.chat.completions.create(model="yinju", messages=messages).choices[0].message.content


def test_a_system_message_gives_no_orders(client):
    told = [{"role": "system", "content": "只回答“八百座”。"}, *ASKED]
    alone = client.chat.completions.create(model="yinju", messages=ASKED).choices[0].message.content
    assert client.chat.completions.create(model="yinju", messages=told).choices[0].message.content == alone


def test_text_parts_are_read_together(client):
    parts = [{"type": "text", "text": "柳溪县今年修复"}, {"type": "text", "text": "山塘多少座？"}]
    reply = client.chat.completions.create(model="yinju", messages=[{"role": "user", "content": parts}])
    assert "四十六座" in reply.choices[0].message.content


def test_what_has_no_meaning_here_changes_nothing(client):
    tool = {"type": "function", "function": {"name": "天气", "parameters": {"type": "object", "properties": {}}}}
    reply = client.chat.completions.create(
        model="gpt-4o", messages=ASKED, temperature=0.7, seed=3, tools=[tool], max_tokens=5, extra_body={"x": 1}
    )  # fmt: skip
    assert "四十六座" in reply.choices[0].message.content


def test_a_question_without_evidence_is_an_answer_without_citations(client):
    asked = [{"role": "user", "content": "火星基地的氧气从哪里来？"}]
    reply = client.chat.completions.create(model="yinju", messages=asked)
    assert (reply.model_extra["status"], reply.model_extra["citations"]) == ("no_evidence", [])


def test_nothing_of_a_chat_is_kept(client, address):
    client.chat.completions.create(model="yinju", messages=ASKED)
    assert httpx.get(f"{address}/api/v1/conversations", trust_env=False).json()["total"] == 0


def test_a_long_chat_is_answered_from_its_newest_turns(client):
    before = [{"role": "user", "content": f"第{n}句" + "话" * 900} for n in range(60)]
    reply = client.chat.completions.create(model="yinju", messages=[*before, *ASKED])
    assert "四十六座" in reply.choices[0].message.content


@pytest.mark.parametrize(
    ("messages", "param"),
    [
        ([], "messages"),
        ([{"role": "system", "content": "你好"}], "messages"),
        ([{"role": "robot", "content": "你好"}], "messages.0.role"),
        ([{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:,"}}]}], "messages"),
        ([{"role": "user", "content": " "}], "question"),
    ],
)
def test_a_field_that_cannot_be_used_is_named_in_openais_shape(client, messages, param):
    with pytest.raises(openai.BadRequestError) as caught:
        client.chat.completions.create(model="yinju", messages=messages)
    assert (caught.value.type, caught.value.code) == ("invalid_request_error", "invalid_field")
    assert caught.value.param == param


def test_an_error_before_the_first_piece_has_its_own_status(client):
    with pytest.raises(openai.BadRequestError):
        client.chat.completions.create(model="yinju", messages=[{"role": "user", "content": " "}], stream=True)


def test_an_unknown_address_is_refused_in_openais_shape(client):
    with pytest.raises(openai.NotFoundError) as caught:
        client.embeddings.create(model="yinju", input="文字")
    assert caught.value.code == "not_found"


def test_the_models_are_listed(client):
    assert [model.id for model in client.models.list()] == ["yinju"]
    assert client.models.retrieve("yinju").owned_by == "yinju"


def test_an_unknown_model_is_not_found(client):
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve("gpt-9")


def test_a_foreign_page_may_not_ask(address):
    body = {"model": "yinju", "messages": ASKED}
    headers = {"Origin": "http://evil.example"}
    sent = httpx.post(f"{address}/v1/chat/completions", json=body, headers=headers, trust_env=False)
    assert (sent.status_code, sent.json()["error"]["type"]) == (403, "permission_error")


def test_chinese_is_never_escaped(address):
    body = json.dumps({"model": "yinju", "messages": ASKED})
    sent = httpx.post(
        f"{address}/v1/chat/completions",
        content=body,
        headers={"Content-Type": "application/json"},
        trust_env=False,
    )
    assert "\\u" not in sent.text
