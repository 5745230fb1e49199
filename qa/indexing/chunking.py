"""A document becomes passages of whole sentences, none across a section's edge.

Each passage carries a context (title, headings, place, year, and what 我省, 今年 and the like mean there) that is
searched and embedded with it and never quoted.
"""

from __future__ import annotations

import hashlib
import re

from qa.places import innermost
from qa.reading.sections import heading_path
from qa.text import sentence_spans, simplify
from qa.types import Document, Passage

# Whole sentences up to about this length: longer passages find more, shorter ones say more exactly
# (docs/measurements.md).
TARGET_CHARS = 260
MAX_CHARS = 380
_CLAUSE = re.compile(r"[，,；;、：:]")
_OWN_PLACE = re.compile("我[省市县区州]|本[省市县区州]|全[省市县区州]|该[省市县区州]")
_YEARS = (("今年", 0), ("本年", 0), ("去年", -1), ("前年", -2), ("明年", 1))


def chunk(document: Document) -> list[Passage]:
    """The passages of a document, in order; together they cover every sentence of it once."""
    starts = {section.start for section in document.sections}
    passages: list[Passage] = []
    group: list[tuple[int, int]] = []
    for start, end in _pieces(document.text):
        if group and (start in starts or end - group[0][0] > TARGET_CHARS):
            passages.append(_passage(document, len(passages), group))
            group = []
        group.append((start, end))
        if end - group[0][0] >= TARGET_CHARS:
            passages.append(_passage(document, len(passages), group))
            group = []
    if group:
        passages.append(_passage(document, len(passages), group))
    return passages


def _pieces(text: str) -> list[tuple[int, int]]:
    """Sentences, those over MAX_CHARS cut at clause ends."""
    pieces = []
    for start, end in sentence_spans(text):
        while end - start > MAX_CHARS:
            cuts = [m.end() for m in _CLAUSE.finditer(text, start + MAX_CHARS // 2, start + MAX_CHARS)]
            cut = cuts[-1] if cuts else start + MAX_CHARS
            pieces.append((start, cut))
            start = cut
        pieces.append((start, end))
    return pieces


def _passage(document: Document, ordinal: int, group: list[tuple[int, int]]) -> Passage:
    start, end = group[0][0], group[-1][1]
    text = document.text[start:end]
    heading = heading_path(document.sections, start)
    identity = hashlib.sha256(f"{document.id}:{start}:{end}".encode()).hexdigest()[:16]
    return Passage(identity, document.id, ordinal, heading, start, end, text, context_of(document, heading, text))


def context_of(document: Document, heading: tuple[str, ...], text: str) -> str:
    """What is searched with a passage: title, headings, place, year, and the years and place that its words mean."""
    plain = simplify(text)
    place = document.place or ""
    year = f"{document.period}年" if document.period else ""
    meant = [f"{int(document.period[:4]) + shift}年" for word, shift in _YEARS if document.period and word in plain]
    return " ".join(part for part in (document.title, *heading, place, year, *dict.fromkeys(meant)) if part)


def resolve(text: str, document: Document) -> dict[str, str]:
    """What the relative words of a text mean in a document:

    {"今年": "2023年", "我省": "辽宁省"}; only what is known.
    """
    plain = simplify(text)
    meanings = {m.group(): short_place(document) for m in _OWN_PLACE.finditer(plain) if document.place}
    if document.period and document.period[:4].isdigit():
        meanings |= {word: f"{int(document.period[:4]) + shift}年" for word, shift in _YEARS if word in plain}
    return meanings


def short_place(document: Document) -> str:
    """The innermost name of a document's place: 江苏省扬州市广陵区 → 广陵区; "" when it has none."""
    return innermost(document.place) if document.place else ""
