"""Conversations on the wire: a question goes on with what was said before, and its answer is kept to be shown again.

Kept is what was said and where it stands: a citation's passage is looked up when it is shown.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass

from flask import Response, g

from qa.citing.marks import answer_text
from qa.config import MAX_HISTORY_CHARS, MAX_HISTORY_TURNS
from qa.errors import LibraryBusy, LibraryDamaged, NotFound
from qa.indexing.conversations import Conversation, Exchange
from qa.types import Answer, Delta, Event, Sources, Turn
from web import rendering, sse
from web.errors import Problem
from web.rendering import dump, reply
from web.routing import Route
from web.service import Service
from web.shapes import AnswerJson, ConversationInShortJson, ConversationJson, ConversationsJson, NearJson
from web.wire import AskRequest, ConversationsQuery, cursor

logger = logging.getLogger(__name__)
V1 = "/api/v1/conversations"


def talk(service: Service, body: AskRequest) -> Talk:
    """The conversation that a question belongs to. Raises NotFound and `history_and_conversation`."""
    if body.conversation_id is None:
        begins = service.settings.keep_conversations and body.keep and not body.history
        return Talk(service, body.turns(), None, begins)
    if body.history:
        raise Problem("history_and_conversation", "conversation_id 和 history 只能给一个。请去掉其中一个再发。")
    if not service.settings.keep_conversations:
        raise NotFound("这个服务不保存对话", "请把之前的问答放在 history 里。", field="/conversation_id")
    known = service.pipeline.library.conversations
    said = known.exchanges(body.conversation_id, owner(), MAX_HISTORY_TURNS // 2)
    return Talk(service, history(said), body.conversation_id, body.keep)


def owner() -> str:
    """Whose conversations a request sees: those of its key, "" without one."""
    return str(g.get("key_name", ""))


def history(exchanges: list[Exchange]) -> tuple[Turn, ...]:
    """As many of the newest turns as a question may bring along."""
    turns: list[Turn] = []
    left = MAX_HISTORY_CHARS
    for one in reversed(exchanges):
        left -= len(one.question) + len(one.said)
        if left < 0:
            break
        turns[:0] = [("user", one.question), ("assistant", one.said)]
    return tuple(turns)


@dataclass(frozen=True)
class Talk:
    """What was said before a question, and whether its answer is kept: in `id`, or in a new conversation."""

    service: Service
    history: tuple[Turn, ...]
    id: str | None
    keeps: bool

    def following(self, events: Iterator[Event]) -> Iterator[sse.Named]:
        """The events under their names on the wire; the answer is kept before it is sent."""
        whose = owner()  # the request is gone once the stream runs
        for event in events:
            match event:
                case Sources():
                    yield "sources", rendering.sources(event)
                case Delta():
                    yield "delta", rendering.delta(event)
                case Answer():
                    yield "done", rendering.answer(event, self._keep(event, whose) if self.keeps else self.id)

    def _keep(self, answer: Answer, whose: str) -> str | None:
        """An answer that cannot be kept is still an answer: it then belongs to no conversation."""
        kept = Exchange(answer.question, answer_text(answer.blocks), dump(compact(rendering.answer(answer))))
        try:
            return self.service.pipeline.library.conversations.keep(self.id, kept, whose)
        except NotFound:  # deleted while it was answered
            return None
        except (LibraryBusy, LibraryDamaged):
            logger.warning("an answer could not be kept", exc_info=True)
            return None


def compact(answer: AnswerJson) -> AnswerJson:
    """Without the passages' texts, which are the most of it and stand in the library."""
    return {
        **answer,
        "citations": [{**one, "passage": {**one["passage"], "text": ""}} for one in answer["citations"]],
        "near": [{**one, "passage": {**one["passage"], "text": ""}} for one in answer["near"]],
    }


def restored(service: Service, conversation_id: str, kept: str) -> AnswerJson:
    """The inverse of `compact`."""
    answer: AnswerJson = json.loads(kept)
    quotations: list[NearJson] = [*answer["citations"], *answer["near"]]
    passages = service.pipeline.library.get([one["passage"]["id"] for one in quotations])
    for one in quotations:
        held = passages.get(one["passage"]["id"])
        if held is not None and one["quote"] in held.text:
            one["passage"] = rendering.passage(held)
        else:  # cut otherwise since, or gone: the quotation alone is what was shown
            shown = {"text": one["quote"], "start": one["start"], "end": one["end"]}
            one["passage"] = {"id": one["passage"]["id"], **shown}  # type: ignore[typeddict-item]
    answer["conversation_id"] = conversation_id
    return answer


def conversations(service: Service, query: ConversationsQuery) -> Response:
    known = service.pipeline.library.conversations
    found = known.latest(query.limit + 1, query.before(), owner())
    shown = found[: query.limit]
    body: ConversationsJson = {
        "conversations": [in_short(one) for one in shown],
        "total": known.count(owner()),
        "next": cursor((shown[-1].touched, 0)) if len(found) > len(shown) else None,
    }
    return reply(body)


def in_short(noun: Conversation) -> ConversationInShortJson:
    return {
        "id": noun.id,
        "title": noun.title,
        "created": noun.created,
        "updated": noun.updated,
        "turns": noun.turns,
    }


def conversation(service: Service, conversation_id: str) -> Response:
    known = service.pipeline.library.conversations
    found = known.conversation(conversation_id, owner())
    body: ConversationJson = {
        "id": found.id,
        "title": found.title,
        "created": found.created,
        "updated": found.updated,
        "turns": [
            {"question": one.question, "asked": one.asked, "answer": restored(service, conversation_id, one.answer)}
            for one in known.exchanges(conversation_id, owner())
        ],
    }
    return reply(body)


def answers(service: Service, conversation_id: str) -> tuple[str, list[AnswerJson]]:
    """A conversation's title and its answers as they were given. Raises NotFound."""
    known = service.pipeline.library.conversations
    title = known.conversation(conversation_id, owner()).title
    said = known.exchanges(conversation_id, owner())
    return title, [restored(service, conversation_id, one.answer) for one in said]


def delete_conversation(service: Service, conversation_id: str) -> Response:
    service.pipeline.library.conversations.delete(conversation_id, owner())
    return Response(status=204)


ROUTES: tuple[Route, ...] = (
    Route("GET", V1, conversations, "保存的对话，新的在前", ConversationsJson, query=ConversationsQuery),
    Route("GET", V1 + "/{conversation_id}", conversation, "一个对话：问过的和答过的", ConversationJson),
    Route("DELETE", V1 + "/{conversation_id}", delete_conversation, "删去一个对话", status=204),
)
