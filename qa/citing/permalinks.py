"""Links that open a document at a quotation and notice when it has moved. Knows nothing of HTTP."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from qa.text import Folded, fold_with_origins, letters, quote_hash, sentence_spans
from qa.types import Document

Standing = Literal["same", "moved", "changed", "gone"]
_LINK = re.compile(r"/documents/([^/#\s\"'<>()]+)#s(\d{1,9})-(\d{1,9})-([0-9a-f]{8})")
# A mark or two may have come or gone since: the words are looked for at these lengths too.
STRETCH = (0, 1, -1, 2, -2)
LONGEST = 5_000
# Characters; in longer texts words are looked for by their hash where sentences begin, and not everywhere.
LONG_TEXT = 100_000
_OPENING = frozenset("“‘《〈（〔「『([")
_CLOSING = frozenset("。！？；…”’》〉）〕」』)]!?")


@dataclass(frozen=True, slots=True)
class Link:
    """What a permalink says: `hash` names the quotation's words, whatever their script, width and punctuation."""

    document_id: str
    start: int
    end: int
    hash: str


@dataclass(frozen=True, slots=True)
class Resolved:
    """How a link stands. `document` and the span say where its words are now; None and 0 where they are nowhere.

    same: they stand where they stood; moved: elsewhere in the document or in what replaced it; changed: the document is
    there, the words are not; gone: the document is not there.
    """

    link: Link
    standing: Standing
    document: Document | None = None
    start: int = 0
    end: int = 0


def permalink(document_id: str, start: int, end: int, quote: str) -> str:
    """Where a reader opens the quotation, such as `/documents/3f…#s1203-1260-9f2a77c1`."""
    return f"/documents/{document_id}#s{start}-{end}-{quote_hash(quote)}"


def links_in(text: str) -> list[Link]:
    """The permalinks in a text, in order, each once."""
    found = (Link(m[1], int(m[2]), int(m[3]), m[4]) for m in _LINK.finditer(text))
    return list(dict.fromkeys(found))


def resolve(link: Link, document: Document | None, successors: Sequence[Document] = (), quote: str = "") -> Resolved:
    """Where a link's words stand now: in its document, else in what its file holds since.

    `quote`: the words themselves where they are known; the hash alone finds them too, more slowly.
    """
    if document is not None and quote_hash(document.text[link.start : link.end]) == link.hash:
        return Resolved(link, "same", document, link.start, link.end)
    homes = [document] if document is not None else successors
    for home in homes:
        if (span := _find(home.text, link, quote)) is not None:
            return Resolved(link, "moved", home, *span)
    return Resolved(link, "changed", homes[0]) if homes else Resolved(link, "gone")


def _find(text: str, link: Link, quote: str) -> tuple[int, int] | None:
    """The words nearest to where they stood."""
    return _find_words(text, link, quote) if letters(quote) else _find_by_hash(text, link)


def _find_words(text: str, link: Link, quote: str) -> tuple[int, int] | None:
    folded, wanted = fold_with_origins(text, letters_only=True), letters(quote)
    spans = []
    at = folded.text.find(wanted)
    while at >= 0:
        spans.append(folded.original_span(at, at + len(wanted)))
        at = folded.text.find(wanted, at + 1)
    return min((_with_marks(text, *span) for span in spans), key=lambda s: abs(s[0] - link.start), default=None)


def _with_marks(text: str, start: int, end: int) -> tuple[int, int]:
    """With the quotation marks and the full stop that enclose the words."""
    while start > 0 and text[start - 1] in _OPENING:
        start -= 1
    while end < len(text) and text[end] in _CLOSING:
        end += 1
    return start, end


def _find_by_hash(text: str, link: Link) -> tuple[int, int] | None:
    length = link.end - link.start
    if not link.hash or not 0 < length <= LONGEST:
        return None
    folded = fold_with_origins(text, letters_only=True)
    places = [start for start, _ in sentence_spans(text)]
    for starts in (places, range(len(text)) if len(text) <= LONG_TEXT else ()):
        nearest = sorted(starts, key=lambda at: abs(at - link.start))
        for stretch in STRETCH:
            if (span := _window(text, folded, nearest, length + stretch, link.hash)) is not None:
                return span
    return None


def _window(text: str, folded: Folded, starts: Sequence[int], length: int, wanted: str) -> tuple[int, int] | None:
    """The first of the windows of `length` characters whose letters have the hash."""
    seen: set[tuple[int, int]] = set()
    for start in starts:
        first, last = bisect_left(folded.origins, start), bisect_left(folded.origins, start + length)
        if first >= last or (first, last) in seen or start + length > len(text):
            continue
        seen.add((first, last))
        if hashlib.sha256(folded.text[first:last].encode()).hexdigest()[:8] == wanted:
            return _with_marks(text, folded.origins[first], folded.origins[last - 1] + 1)
    return None
