"""Plain text and Markdown. Line ends stay as they are, so that offsets hold."""

from __future__ import annotations

from qa.reading.encodings import decode
from qa.types import Source


def read(data: bytes, name: str, source_id: str) -> Source:
    """A source from the bytes of a text file. Raises Unreadable with the reason and what to do."""
    found = decode(data)
    return Source(
        source_id,
        name,
        len(data),
        found.encoding,
        found.unsure,
        found.text,
        marked=found.broken,
        doubts=found.doubts,
    )
