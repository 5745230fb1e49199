"""Titles of works where no contents list them: lines that their format styles as headings, or that read as titles do.

Only proposes; `works_or_chapters` judges.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.reading.cleaning import Line
from qa.reading.title_matching import Start, title_of
from qa.reading.works_or_chapters import names_holder, names_kind, numbered
from qa.text import letters

_MARKS = re.compile(r"[。！？；;!?]")
_DASH_START = re.compile(r"^(?:[—–]|--)")
_PART = re.compile(r"^第[一二三四五六七八九十百]{1,4}[篇编]\s*\S{4}")
_ENCLOSURE = re.compile(r"^附[件录表]?\s*[一二三四五六七八九十\d]{0,2}\s*[:：]?$")
_ENDS = "，、：；—,:;。！？"
TITLE_LETTERS = range(6, 56)
LONG_LINE = 36
LINES_BELOW = 4  # a subtitle, an office, a date may stand between a title and its text
BODY_CHARS = 150
COVER_CHARS = 120


def styled_starts(lines: Sequence[Line]) -> list[Start]:
    """The headings of the shallowest depth that has several with text below them; [] when there is none."""
    for depth in sorted({line.depth for line in lines if line.depth}):
        heads = [at for at, line in enumerate(lines) if line.depth == depth]
        ends = [next((i for i in range(at + 1, len(lines)) if 0 < lines[i].depth <= depth), len(lines)) for at in heads]
        full = [at for at, end in zip(heads, ends, strict=True) if prose(lines[at + 1 : end]) >= BODY_CHARS]
        if len(full) >= 2:
            return [_start(lines, at) for at in full]
        if full and not _is_cover(lines, full[0]):
            return []
    return []


def _is_cover(lines: Sequence[Line], at: int) -> bool:
    """Do deeper headings follow a heading with hardly any text between?"""
    below = next((i for i in range(at + 1, len(lines)) if lines[i].depth), len(lines))
    return below < len(lines) and sum(len(line.text) for line in lines[at + 1 : below]) <= COVER_CHARS


def titled_starts(lines: Sequence[Line], bylines: Sequence[bool]) -> list[Start]:
    """The lines that read as the titles of works and have text below them; `bylines[i]`: one stands below line i."""
    found = [at for at in range(len(lines)) if _reads_as_title(lines, at, bylines[at])]
    found = [_title_among(lines, run) for run in _together(lines, found)]
    if len(found) < 2 or sum(len(line.text) for line in lines[: found[0]]) > COVER_CHARS:
        return []
    ends = [*found[1:], len(lines)]
    full = [at for at, end in zip(found, ends, strict=True) if prose(lines[at + 1 : end]) >= BODY_CHARS]
    if full[:1] != found[:1] and not (full and len(found) == len(full) + 1):
        return []
    return [_start(lines, at) for at in full] if len(full) >= 2 else []


def _together(lines: Sequence[Line], found: Sequence[int]) -> list[list[int]]:
    """The lines that read as titles, those together between which no text stands: a title, an office, a date."""
    runs: list[list[int]] = []
    for at in found:
        if runs and all(len(line.text) < LONG_LINE for line in lines[runs[-1][-1] : at]):
            runs[-1].append(at)
        else:
            runs.append([at])
    return runs


def _title_among(lines: Sequence[Line], run: Sequence[int]) -> int:
    """The title among lines that stand together: the last that names a kind of document, else the first."""
    return next((at for at in reversed(run) if reads_as_named_title(lines[at].text)), run[0])


def reads_as_named_title(text: str) -> bool:
    """Is it short, without a number, and does it name a kind of document and whose it is?"""
    return _is_title_like(text) and not numbered(text) and names_kind(text) and names_holder(text)


def _reads_as_title(lines: Sequence[Line], at: int, byline: bool) -> bool:
    text = lines[at].text.strip()
    if not _is_title_like(text) or (numbered(text) and not _PART.match(text)):
        return False
    if at and (_ENCLOSURE.match(lines[at - 1].text.strip()) or not _closed(lines[at - 1].text)):
        return False
    below = lines[at + 1 : at + 1 + LINES_BELOW]
    if not any(len(line.text) >= LONG_LINE for line in below):
        return False
    if byline or _PART.match(text):
        return True
    whole = text + (below[0].text if _DASH_START.match(below[0].text) else "")
    return names_kind(whole) and names_holder(whole)


def _is_title_like(text: str) -> bool:
    text = text.strip()
    return (
        bool(text)
        and not _DASH_START.match(text)
        and len(letters(text)) in TITLE_LETTERS
        and text[-1] not in _ENDS
        and not _MARKS.search(text)
    )


def _closed(text: str) -> bool:
    """Can a title follow a line: the end of a sentence, or a short line such as a signature?"""
    return len(text) < LONG_LINE or text.rstrip("”’」』）) \u3000")[-1:] in set("。！？；…!?;.")


def prose(lines: Sequence[Line]) -> int:
    """How many characters of whole sentences lines hold."""
    return sum(len(line.text) for line in lines if len(line.text) >= 20 and "。" in line.text)


def _start(lines: Sequence[Line], at: int) -> Start:
    until = at + 1
    if until < len(lines) and _DASH_START.match(lines[until].text.strip()) and len(lines[until].text) < 2 * LONG_LINE:
        until += 1
    return Start(at, until, title_of(lines[at:until]))
