"""A document becomes passages of whole sentences, none across a section's edge.

Each passage carries a context (title, headings, place, year, and what 我省, 今年 and the like mean there) that is
searched and embedded with it and never quoted.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache

from qa.periods import Meaning, bounds, meanings, stretch_in_words
from qa.places import innermost, steps
from qa.reading.sections import heading_path
from qa.text import sentence_spans, simplify
from qa.types import Document, Passage

# Whole sentences up to about this length: longer passages find more, shorter ones say more exactly
# (docs/measurements.md).
TARGET_CHARS = 260
MAX_CHARS = 380
# Of a document: enough to see from which year it speaks.
OPENING_CHARS = 20_000
_CLAUSE = re.compile(r"[，,；;、：:]")
_OWN_PLACE = re.compile("[我本全该][省市县区州盟旗]")
_OWN_BODY = re.compile("[我本](?:校|院|局|厅|委|部|办|馆|公司|集团|医院|中心|协会)")
_LATELY = ("近", "最近", "过去")
_CLOSERS = ("”", "」", "』", '"')  # a note stands behind “十四五”, not in it
_LOOKS_BACK = re.compile("综述|总结|报告|回顾|公报|通报|年来|以来|纪实|綜述|總結|報告|回顧|公報|通報|年來|以來|紀實")
_PLANNED = re.compile("去年.*今年[^。]{0,12}(?:将|將|计划|計劃|力争|力爭|拟|擬|预计|預計)", re.DOTALL)


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
    """What is searched with a passage: title, headings, place, years, and what its relative words mean."""
    place = document.place or ""
    covered = stretch_in_words(document.period) if document.period else ""
    written = " ".join((*heading, simplify(text)))
    meant = [meaning.text for meaning in _times(written, document)]
    ours = [document.organisation] if document.organisation and _OWN_BODY.search(written) else []
    return " ".join(part for part in (document.title, *heading, place, covered, *dict.fromkeys(meant + ours)) if part)


def resolve(text: str, document: Document) -> dict[str, str]:
    """What the relative words of a text mean in a document:

    {"今年": "2023年", "我省": "辽宁省"}; only what is known.
    """
    plain = simplify(text)
    own = {word: place for word in _OWN_PLACE.findall(plain) if (place := _own_place(word, document))}
    body = {word: document.organisation for word in _OWN_BODY.findall(plain) if document.organisation}
    return own | body | {meaning.word: meaning.text for meaning in _times(plain, document)}


def explained(document: Document, start: int, end: int) -> list[tuple[int, str]]:
    """What should be said for a reader who sees document.text[start:end] alone: (offset into it, "2024年").

    Only what is sure: which years 近五年 counts is not, where only the compilation says the document's year. The
    sentence before the piece is read with it: it may open with another year.
    """
    period = next((one.origin for one in document.described if one.field == "period"), None)
    unsure = _LATELY if period == "cover" and not document.published else ()
    begin = max(0, start - MAX_CHARS)
    found = _times(simplify(document.text[begin:end]), document)
    shown = [m for m in found if m.note and begin + m.start >= start and not m.word.startswith(unsure)]
    closed = [document.text[at : at + 1] in _CLOSERS and at < end for at in (begin + m.end for m in shown)]
    return [(begin + m.end + behind - start, m.note) for m, behind in zip(shown, closed, strict=True)]


def _times(plain: str, document: Document) -> list[Meaning]:
    published = document.published or ""
    year = year_of(document)
    month = int(published[5:7]) if year and len(published) >= 7 and published[:4] == str(year) else None
    return meanings(plain, year, month)


def year_of(document: Document) -> int | None:
    """The year that 今年 means in a document, None where it is not sure.

    That of publication, where the document covers it, or no year. A document on the year before may speak from either:
    去年 without 今年, or plans for 今年, show that it speaks from that of publication. One on years long past, put on
    the web later, speaks from its own; a plan for years to come, without a date, from none.
    """
    first, last = bounds(document.period or "")
    published = int(document.published[:4]) if document.published else None
    if published is None:
        return last if last and (first == last or _LOOKS_BACK.search(document.title)) else None
    if not last or first <= published <= last or published < first:
        return published
    return published if published == last + 1 and _speaks_later(document.text) else last


@lru_cache(maxsize=8)  # asked for each passage of a document in turn
def _speaks_later(text: str) -> bool:
    """Does a text on the year before speak from the year after it?"""
    opening = text[:OPENING_CHARS]
    return ("去年" in opening and "今年" not in opening) or bool(_PLANNED.search(opening))


def _own_place(word: str, document: Document) -> str:
    """我省 in a city's document is its province, 我区 its own district; "" where the document's place has no such part.

    区 and 州 end names of several levels: the innermost one counts.
    """
    names = steps(document.place) if document.place else ()
    return next((name for name in reversed(names) if name.endswith(word[1])), "")


def short_place(document: Document) -> str:
    """The innermost name of a document's place: 江苏省扬州市广陵区 → 广陵区; "" when it has none."""
    return innermost(document.place) if document.place else ""
