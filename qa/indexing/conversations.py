"""Conversations at rest: who asked what, and the answers as they were given, in the registry's file.

Bounded, so that what is kept for convenience never grows into an archive. Knows nothing of how answers are made.
"""

from __future__ import annotations

import sqlite3
import uuid
from dataclasses import dataclass

from qa.errors import NotFound
from qa.indexing.registry import Registry, now

MOST_CONVERSATIONS = 1_000
MOST_TURNS = 200
TITLE_CHARS = 200
_LISTED = (
    "SELECT c.id, c.title, c.created, c.updated, c.touched,"
    " (SELECT count(*) FROM conversation_turns t WHERE t.conversation_id = c.id) AS turns FROM conversations c"
)


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and its answer: `said` is the answer's words, `answer` the whole of it as JSON; `asked` ISO 8601."""

    question: str
    said: str
    answer: str
    asked: str = ""


@dataclass(frozen=True, slots=True)
class Conversation:
    """`title` is the first question; `touched` orders conversations, a greater one being newer."""

    id: str
    title: str
    created: str
    updated: str
    touched: int
    turns: int


class Conversations:
    """The newest 1,000, each with its newest 200 turns. Whose they are is said by `owner`; another's are not found."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def keep(self, conversation_id: str | None, exchange: Exchange, owner: str = "") -> str:
        """Add a turn, beginning a conversation where `conversation_id` is None. Returns its id. Raises NotFound."""
        with self._registry.write() as db:
            kept = conversation_id or uuid.uuid4().hex
            if conversation_id is None:
                _begin(db, kept, exchange.question[:TITLE_CHARS], owner)
            elif not db.execute("SELECT 1 FROM conversations WHERE id = ? AND owner = ?", (kept, owner)).fetchone():
                raise _none()
            _add(db, kept, exchange)
        return kept

    def latest(self, limit: int, before: int | None = None, owner: str = "") -> list[Conversation]:
        """The newest first; `before` is the last page's last `touched`."""
        found = self._registry.all(
            f"{_LISTED} WHERE c.owner = ? AND c.touched < ? ORDER BY c.touched DESC LIMIT ?",
            owner, 2**62 if before is None else before, limit,
        )  # fmt: skip
        return [_conversation(row) for row in found]

    def count(self, owner: str = "") -> int:
        return int(self._registry.all("SELECT count(*) FROM conversations WHERE owner = ?", owner)[0][0])

    def conversation(self, conversation_id: str, owner: str = "") -> Conversation:
        """Raises NotFound."""
        found = self._registry.all(f"{_LISTED} WHERE c.id = ? AND c.owner = ?", conversation_id, owner)
        if not found:
            raise _none()
        return _conversation(found[0])

    def exchanges(self, conversation_id: str, owner: str = "", newest: int = MOST_TURNS) -> list[Exchange]:
        """Its newest turns, in order. Raises NotFound."""
        self.conversation(conversation_id, owner)
        found = self._registry.all(
            "SELECT question, said, answer, asked FROM conversation_turns WHERE conversation_id = ?"
            " ORDER BY ordinal DESC LIMIT ?",
            conversation_id, newest,
        )  # fmt: skip
        return [Exchange(*row) for row in reversed(found)]

    def delete(self, conversation_id: str, owner: str = "") -> None:
        """Forget a conversation and all that was said in it. Raises NotFound."""
        with self._registry.write() as db:
            db.execute("PRAGMA secure_delete = ON")  # what a person deletes is overwritten, not only unlinked
            gone = db.execute("DELETE FROM conversations WHERE id = ? AND owner = ?", (conversation_id, owner))
            if not gone.rowcount:
                raise _none()


def _begin(db: sqlite3.Connection, conversation_id: str, title: str, owner: str) -> None:
    db.execute("INSERT INTO conversations VALUES (?, ?, ?, ?, ?, 0)", (conversation_id, owner, title, now(), now()))
    db.execute(
        "DELETE FROM conversations WHERE id <> ?1 AND touched <= ("
        " SELECT touched FROM conversations WHERE id <> ?1 ORDER BY touched DESC LIMIT 1 OFFSET ?2)",
        (conversation_id, MOST_CONVERSATIONS - 1),
    )


def _add(db: sqlite3.Connection, conversation_id: str, exchange: Exchange) -> None:
    last = db.execute(
        "SELECT coalesce(max(ordinal), 0) FROM conversation_turns WHERE conversation_id = ?", (conversation_id,)
    ).fetchone()[0]
    db.execute(
        "INSERT INTO conversation_turns VALUES (?, ?, ?, ?, ?, ?)",
        (conversation_id, last + 1, exchange.question, exchange.said, exchange.answer, now()),
    )
    db.execute(
        "DELETE FROM conversation_turns WHERE conversation_id = ? AND ordinal <= ?",
        (conversation_id, last + 1 - MOST_TURNS),
    )
    db.execute(
        "UPDATE conversations SET updated = ?, touched = (SELECT max(touched) + 1 FROM conversations) WHERE id = ?",
        (now(), conversation_id),
    )


def _conversation(row: sqlite3.Row) -> Conversation:
    return Conversation(row["id"], row["title"], row["created"], row["updated"], row["touched"], row["turns"])


def _none() -> NotFound:
    return NotFound("没有这个对话，它可能已被删去", "请开始新的对话。", field="/conversation_id")
