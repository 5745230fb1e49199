"""Passages of the same words are found once: versions of a document would else fill a list with one text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from qa.text import fold
from qa.types import Hit, Twin

_NO_LETTER = re.compile(r"[^\w.%]+|_|(?<!\d)\.|\.(?!\d)")


def collapse(hits: Iterable[Hit], limit: int) -> list[Hit]:
    """The first `limit` hits (best first) that say different words; each says where else its own stand.

    What one document repeats stays: only other documents' passages are taken together.
    """
    kept: list[Hit] = []
    first: dict[str, int] = {}
    twins: dict[int, list[Twin]] = {}
    for hit in hits:
        at = first.setdefault(words(hit.passage.text), len(kept))
        document = hit.document
        if at < len(kept) and kept[at].document.id != document.id:
            twins.setdefault(at, []).append(Twin(document.id, document.title, hit.passage.start, hit.passage.end))
        else:
            kept.append(hit)
    return [replace(hit, also_in=tuple(twins[at])) if at in twins else hit for at, hit in enumerate(kept[:limit])]


@lru_cache(maxsize=8192)
def words(passage: str) -> str:
    """The letters of a passage or a quotation: like `qa.text.letters`, several times as fast."""
    return _NO_LETTER.sub("", fold(passage))
