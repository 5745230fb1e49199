"""Which documents are near-duplicates: linked when they come in, grouped when someone asks.

A new document is compared with a few that share a key with it, so that linking costs the same however many there are.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np

from qa.reading.duplicates import Signature, alike, likely, paragraph_keys, signature
from qa.types import Document

Groups = dict[str, tuple[str, ...]]
Read = Callable[..., list[sqlite3.Row]]  # the registry's `all`

# Where thousands are made from one form, the earliest that share a key stand for all of them.
HOLDERS = 64
CANDIDATES = 32
LINKS = 4
WORTH_COMPARING = 0.4  # `alike` takes nothing below 0.5; an estimate errs by 0.04


def link(db: sqlite3.Connection, documents: Sequence[Document]) -> None:
    """Sign documents that have come in and link each to its near-duplicates; within the caller's transaction."""
    for document in documents:
        signed = signature(document.text)
        if signed is not None:
            pairs = _twins(db, document, signed)
            _keep(db, document.id, signed)
            db.executemany("INSERT INTO twins VALUES (?, ?, ?)", pairs)


def groups(read: Read) -> Groups:
    """Each document that has near-duplicates: its whole group, itself included, in order of arrival.

    Versions that a person deleted still hold a group together.
    """
    leader: dict[str, str] = {}
    for row in read("SELECT known, came FROM twins"):
        one, other = _leader(leader, row["known"]), _leader(leader, row["came"])
        leader[other] = one
    members: dict[str, list[str]] = {}
    linked = "SELECT known FROM twins UNION SELECT came FROM twins"
    for row in read(f"SELECT id FROM live WHERE id IN ({linked}) ORDER BY seq, part"):
        members.setdefault(_leader(leader, row["id"]), []).append(row["id"])
    return {one: tuple(group) for group in members.values() if len(group) > 1 for one in group}


def sharing(read: Read, paragraph: str) -> list[str]:
    """Documents that can be found and likely hold a paragraph nearly word for word, at most HOLDERS, earliest first."""
    keys = paragraph_keys(paragraph)
    if not keys:
        return []
    found = read(
        "SELECT document_id FROM signatures s WHERE number IN"
        f" (SELECT number FROM signature_keys WHERE key IN ({', '.join('?' * len(keys))}) ORDER BY number LIMIT ?)"
        " AND NOT EXISTS (SELECT 1 FROM deletions WHERE document_id = s.document_id) ORDER BY number",
        *keys, HOLDERS,
    )  # fmt: skip
    return [row["document_id"] for row in found]


def _twins(db: sqlite3.Connection, document: Document, signed: Signature) -> list[tuple[str, str, float]]:
    """(known, came, likeness) for the nearest of those that share a key."""
    sharing: Counter[int] = Counter()
    for key in signed.keys:
        holders = db.execute("SELECT number FROM signature_keys WHERE key = ? LIMIT ?", (key, HOLDERS))
        sharing.update(number for (number,) in holders)
    likeliest = []
    for number, _ in sharing.most_common(CANDIDATES):
        row = db.execute("SELECT document_id, least FROM signatures WHERE number = ?", (number,)).fetchone()
        estimate = likely(signed.least, np.frombuffer(row["least"], "<u4"))
        if estimate >= WORTH_COMPARING:
            likeliest.append((-estimate, row["document_id"]))
    found = []
    for _, known in sorted(likeliest)[:LINKS]:
        text = db.execute("SELECT text FROM documents WHERE id = ?", (known,)).fetchone()["text"]
        likeness = alike(text, document.text)
        if likeness:
            found.append((known, document.id, likeness))
    return found


def _keep(db: sqlite3.Connection, document_id: str, signed: Signature) -> None:
    number = db.execute(
        "INSERT INTO signatures (document_id, shingles, least) VALUES (?, ?, ?)",
        (document_id, signed.shingles, signed.least.astype("<u4").tobytes()),
    ).lastrowid
    keys = {*signed.keys, *signed.paragraph_keys}
    db.executemany("INSERT INTO signature_keys VALUES (?, ?)", ((key, number) for key in keys))


def _leader(leader: dict[str, str], one: str) -> str:
    while (next_one := leader.get(one, one)) != one:
        leader[one] = leader.get(next_one, next_one)
        one = next_one
    return one
