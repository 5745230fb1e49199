"""Lines become paragraphs: what a page break or a hard wrap cut is joined, headings are told from text.

Only joins; every character of a paragraph is a character of its lines. Knows nothing of works.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.reading.cleaning import Line, Run

_ENDS = "。！？；!?;."
_CLOSERS = "”’」』）)】》〉\"'"
_OPENS_WITH_CLOSER = re.compile(r"^[，。、；：！？”’）》」』】,;:!?)%％]")
_CLAUSE_END = re.compile(r"[，。；！？,;!?]")
_LIST_ITEM = re.compile(r"^(?:[•·●■◆▪○-]\s*|\d{1,2}[、.．)）]\s*|[（(]?[一二三四五六七八九十]{1,3}[)）]\s*)")
_NUMBERED = (
    (1, re.compile(r"^第[一二三四五六七八九十百\d]{1,4}[章篇编部]\s*\S")),
    (2, re.compile(r"^第[一二三四五六七八九十百\d]{1,4}节\s*\S")),
    (1, re.compile(r"^[一二三四五六七八九十]{1,3}\s*[、．.]\s*\S")),
    (2, re.compile(r"^[（(][一二三四五六七八九十]{1,3}[)）]\s*\S")),
    (3, re.compile(r"^\d{1,2}\s*[、．.]\s*(?!\d)\S")),
    (4, re.compile(r"^[（(]\d{1,2}[)）]\s*\S")),
)
NUMBERED_HEADING_CHARS = 64
PLAIN_HEADING_CHARS = 32
SHORT_HEADING_CHARS = 20
LONG_LINE = 36
HEADING_TAIL_CHARS = 8
INDENTED_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`runs` are spans of the source, `text` their characters; `depth` is 0 for text, 1 and more for a heading."""

    runs: tuple[Run, ...]
    text: str
    depth: int = 0


def paragraphs(lines: Sequence[Line]) -> list[Paragraph]:
    """The paragraphs and headings that lines make, in order."""
    indents = _uses_indents(lines)
    wrapped = _hard_wrapped(lines)
    groups: list[list[Line]] = []
    for line in lines:
        if groups and _continues(groups[-1], line, indents, wrapped):
            groups[-1].append(line)
        else:
            groups.append([line])
    texts = ["".join(line.text for line in group) for group in groups]
    return [_paragraph(group, texts, index) for index, group in enumerate(groups)]


def _paragraph(group: list[Line], texts: list[str], index: int) -> Paragraph:
    runs = tuple(run for line in group for run in line.runs)
    depth = group[0].depth or heading_depth(texts[index])
    if not depth and _is_plain_heading(texts, index):
        depth = 2
    return Paragraph(runs, texts[index], depth)


def heading_depth(text: str) -> int:
    """The depth that a heading's number gives it, 0 when the text is no numbered heading."""
    if len(text) > NUMBERED_HEADING_CHARS or "。" in text[:-1] or is_complete(text):
        return 0
    return next((depth for depth, pattern in _NUMBERED if pattern.match(text)), 0)


def _is_plain_heading(texts: list[str], index: int) -> bool:
    """A short line without an end, a comma-rich clause or a list mark, between whole paragraphs, with text below it."""
    text = texts[index]
    if (
        len(text) > PLAIN_HEADING_CHARS
        or is_complete(text)
        or text[-1] in "，、：,:—"
        or _LIST_ITEM.match(text)
        or len(_CLAUSE_END.findall(text)) > 1
        or "。" in text
    ):
        return False
    below = next((t for t in texts[index + 1 : index + 4] if is_complete(t)), "")
    return bool(below) and (index == 0 or is_complete(texts[index - 1]) or len(texts[index - 1]) <= PLAIN_HEADING_CHARS)


def is_complete(text: str) -> bool:
    """Does the text end as a sentence ends, closing marks aside?"""
    bare = text.rstrip(_CLOSERS + " \u3000")
    return bool(bare) and (bare[-1] in _ENDS or bare.endswith("…"))


def _uses_indents(lines: Sequence[Line]) -> bool:
    long = [line for line in lines if len(line.text) > LONG_LINE]
    return sum(line.indented for line in long) > INDENTED_SHARE * len(long)


def _hard_wrapped(lines: Sequence[Line]) -> int:
    """The width at which every line was cut, 0 when lines are whole paragraphs."""
    lengths = sorted(len(line.text) for line in lines if len(line.text) > 15)
    if len(lengths) < 8:
        return 0
    width = lengths[int(len(lengths) * 0.9)]
    near = sum(abs(length - width) <= 2 for length in lengths)
    return width if width <= 60 and near > 0.5 * len(lengths) else 0


def _continues(group: list[Line], line: Line, indents: bool, wrapped: int) -> bool:
    """Does the line go on with the paragraph that the group holds?"""
    if line.after_blank or line.depth or group[-1].depth:
        return False
    if _OPENS_WITH_CLOSER.match(line.text):
        return True
    so_far = "".join(part.text for part in group)
    if (line.indented and indents) or heading_depth(line.text):
        return False
    if len(group) == 1 and heading_depth(so_far):
        return indents and len(line.text) <= HEADING_TAIL_CHARS and not is_complete(line.text)
    if _LIST_ITEM.match(line.text) and is_complete(so_far):
        return False
    open_quote = so_far.count("“") > so_far.count("”") or so_far.count("《") > so_far.count("》")
    if is_complete(so_far):
        return (open_quote and indents) or (wrapped > 0 and len(group[-1].text) >= wrapped - 2 and not line.indented)
    if open_quote:
        return True
    if so_far[-1] in "：:" and not wrapped:
        return False
    if wrapped:
        return len(group[-1].text) >= wrapped - 4
    if indents:
        return group[0].indented or len(so_far) > SHORT_HEADING_CHARS or bool(_CLAUSE_END.search(so_far))
    return len(so_far) > LONG_LINE
