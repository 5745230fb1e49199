"""Web pages saved as one file (.mht, .mhtml): the page itself, out of the message that holds it with its pictures."""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import replace
from email.message import Message

from qa.errors import Unreadable
from qa.reading.encodings import decode
from qa.reading.formats import html
from qa.types import Source

MAX_PARTS = 2_000
_ADDRESS = re.compile(r"https?://[^\s<>\"']{4,2000}")


def read(data: bytes, name: str, source_id: str) -> Source:
    """A source from a page saved with its pictures. Raises Unreadable with the reason and what to do."""
    message = email.message_from_bytes(data.lstrip(b"\r\n"), policy=email.policy.compat32)
    part = _page(message)
    body = part.get_payload(decode=True) if part is not None else None
    if part is None or not isinstance(body, bytes) or not body.strip():
        raise Unreadable("这个网页归档里没有网页", "请在浏览器里打开，另存为 .html 后再加入。", code="unreadable_file")
    found = decode(body, str(part.get_param("charset") or ""))
    page = html.page_source(found, name, source_id, len(data))
    address = message.get("Snapshot-Content-Location") or part.get("Content-Location") or ""
    told = address.strip() if _ADDRESS.fullmatch(address.strip()) else None
    return replace(page, metadata=replace(page.metadata, url=page.metadata.url or told))


def _page(message: Message) -> Message | None:
    """The first part that is a page: browsers write it before what it shows."""
    for count, part in enumerate(message.walk()):
        if count > MAX_PARTS:
            raise Unreadable(
                "网页归档里的部分太多", "请在浏览器里打开，另存为 .html 后再加入。", code="archive_too_large"
            )
        if part.get_content_type() in ("text/html", "application/xhtml+xml"):
            return part
    return None
