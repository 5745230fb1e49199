"""Of what type a source is in GB/T 7714's table: newspaper [N], web page [EB/OL], compilation [G], report [R].

From what is known of the document alone: where nothing tells the type it is [Z], other.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Literal

from qa.types import Document

TypeMark = Literal["M", "C", "G", "N", "J", "D", "R", "S", "P", "A", "EB", "Z"]
_DATA = Path(__file__).parents[1] / "data" / "reference_types.toml"


@cache
def _signs() -> dict[str, tuple[str, ...]]:
    read = tomllib.loads(_DATA.read_text(encoding="utf-8"))
    return {name: tuple(value) if isinstance(value, list) else (value,) for name, value in read.items()}


def type_of(document: Document) -> tuple[TypeMark, bool]:
    """The type's letters, and whether the source is online."""
    if document.compilation is not None:
        return "G", False
    online = is_page(document)
    if is_newspaper(document.publisher):
        return "N", online
    if is_journal(document.publisher):
        return "J", online
    if online:
        return "EB", True
    return _printed(document), False


def _printed(document: Document) -> TypeMark:
    if re.match(_signs()["standard"][0], document.title):
        return "S"
    return "R" if document.kind in _signs()["report_kinds"] else "Z"


def is_page(document: Document) -> bool:
    """Was it taken from the web?"""
    return bool(document.url) or document.file.lower().endswith(_signs()["page_endings"])


def is_newspaper(publisher: str | None) -> bool:
    name = (publisher or "").strip("《》 ")
    return name.endswith(_signs()["newspaper_endings"]) and not name.endswith(_signs()["not_newspapers"])


def is_journal(publisher: str | None) -> bool:
    return (publisher or "").strip("《》 ").endswith(_signs()["journal_endings"])
