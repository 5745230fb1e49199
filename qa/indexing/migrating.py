"""A registry that an earlier version wrote is brought to this version's schema, in the transaction that opens it.

What a new column should hold is not known of documents read before: they are read again, as their reader's name
differs. Each step is named by the schema that it leads to; steps are added, never changed.
"""

from __future__ import annotations

import sqlite3

STEPS: dict[int, tuple[str, ...]] = {
    2: ("ALTER TABLE documents ADD COLUMN described TEXT NOT NULL DEFAULT '[]'",),
}
SCHEMA = max(STEPS)


def migrate(db: sqlite3.Connection, version: int) -> None:
    """Lead a registry of some version (1 and up) to SCHEMA, within the transaction that is open."""
    for step in range(version + 1, SCHEMA + 1):
        for statement in STEPS[step]:
            db.execute(statement)
    db.execute(f"PRAGMA user_version = {SCHEMA}")
