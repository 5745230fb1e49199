"""The quotations that someone keeps in a file: an export as JSON, or any text with permalinks, such as Markdown."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from qa.citing.desk import Wanted
from qa.citing.permalinks import links_in
from qa.errors import InvalidInput

_ESCAPED = re.compile(r"\\([\\`*_\[\]<>|#~])")


def saved_in(text: str) -> list[Wanted]:
    """The quotations in a file's text, in order, each once. Raises InvalidInput where there are none."""
    found = list(dict.fromkeys(_of_json(text) if text.lstrip()[:1] in ("{", "[") else _of_text(text)))
    if not found:
        raise InvalidInput(
            "文件里没有引文", "可用的是导出的 JSON，或带有 /documents/… 链接的 Markdown、文本。", code="invalid_field"
        )
    return found


def _of_json(text: str) -> Iterator[Wanted]:
    try:
        data = json.loads(text)
    except ValueError:
        yield from _of_text(text)
        return
    for one in _objects(data):
        document, start, end = one.get("document_id"), one.get("start"), one.get("end")
        if isinstance(document, str) and type(start) is type(end) is int and 0 <= start < end:
            link = next(iter(links_in(str(one.get("url") or ""))), None)
            quote, title = str(one.get("quote") or ""), str(one.get("title") or "")
            yield Wanted(document, start, end, link.hash if link else "", quote, title)


def _objects(data: object) -> Iterator[dict[str, object]]:
    """The citations of an export, an answer or a check: the objects in any list called citations or evidence, or in the
    outermost list.
    """
    if isinstance(data, list):
        yield from (one for one in data if isinstance(one, dict))
    elif isinstance(data, dict):
        for name, value in data.items():
            if name in ("citations", "evidence") and isinstance(value, list):
                yield from (one for one in value if isinstance(one, dict))
            elif name == "sentences" and isinstance(value, list):
                for one in value:
                    yield from _objects(one)


def _of_text(text: str) -> Iterator[Wanted]:
    """Links, each with the words of the block quotation just before it, where there is one."""
    quote: list[str] = []
    for line in text.splitlines():
        if line.startswith(">"):
            quote.append(_ESCAPED.sub(r"\1", line.lstrip("> ").rstrip()))
            continue
        links = links_in(line)
        for link in links:
            words = "\n".join(quote) if len(links) == 1 else ""
            yield Wanted(link.document_id, link.start, link.end, link.hash, words)
        if line.strip():
            quote = []
