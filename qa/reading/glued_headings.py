"""Cuts off a heading that its source glued to a paragraph: to the end of the one above (…实力。二、修好渡口，方便赶集),
to the beginning of the one below it, or to both.

Only lines change; every character stays where it stood.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from qa.numbers import parse_chinese
from qa.reading.cleaning import Line, Run

_NUMBER = r"(?:(?P<plain>[一二三四五六七八九十]{1,3})、|[（(](?P<round>[一二三四五六七八九十]{1,3})[)）])"
_HEADING_NUMBER = re.compile(_NUMBER)
_GLUED_HEADING = re.compile(rf"(?<=[。！？；”）]){_NUMBER}[^。！？；]{{4,60}}$")


_WITHIN = re.compile(rf"(?:^|(?<=[。！？；”）])){_NUMBER}(?P<said>[^。！？；]{{4,80}})")
_CLAUSE = re.compile(r"[，,、：:—]")
MIN_SIBLINGS = 2
HEADING_CHARS = 64


def with_headings_cut(lines: Sequence[Line]) -> Iterator[Line]:
    """The lines, a heading that is glued to the end of a paragraph cut off.

    It numbers on from the heading before it, or the next one numbers on from it, and a new paragraph follows.
    """
    lines = list(_freed_of_text(lines))
    numbers = [_heading_number(line.text) for line in lines]
    following = _following(numbers)
    last: dict[str, int] = {}
    indents = any(line.indented for line in lines)
    for at, line in enumerate(lines):
        cut = _GLUED_HEADING.search(line.text)
        goes_on = at + 1 < len(lines) and indents and not (lines[at + 1].indented or numbers[at + 1])
        if cut and not goes_on and not line.depth:
            kind, number = _heading_number(line.text[cut.start() :]) or ("", 0)
            if last.get(kind) == number - 1 or following[at].get(kind) == number + 1:
                last[kind] = number
                yield from _cut(line, cut.start())
                continue
        if (number_here := numbers[at]) is not None:
            last[number_here[0]] = number_here[1]
        yield line


def _freed_of_text(lines: Sequence[Line]) -> Iterator[Line]:
    """The lines, a heading cut off that is glued to the text behind it, where its number is missing among the others.

    Where it ends is known where all the others have clauses of the same lengths: 一、修好渡口，方便赶集 has 4 and 4.
    """
    numbers = [_alone(line) for line in lines]
    forms = {
        kind: _form([line for line, own in zip(lines, numbers, strict=True) if own and own[0] == kind])
        for kind in ("plain", "round")
    }
    if not any(forms.values()):
        yield from lines
        return
    following, last = _following(numbers), dict[str, int]()
    for at, line in enumerate(lines):
        pieces: Sequence[Line] = (line,)
        if numbers[at] is None and not line.depth:
            pieces = _apart(line, forms, last, following[at])
        for piece in pieces:
            if (own := _alone(piece)) is not None:
                last[own[0]] = own[1]
        yield from pieces


def _apart(
    line: Line, forms: Mapping[str, Sequence[int]], last: Mapping[str, int], next_: Mapping[str, int]
) -> list[Line]:
    """What a line is made of: text, the heading whose number is missing here, and the text behind that."""
    for match in _WITHIN.finditer(line.text):
        kind, number = _heading_number(line.text[match.start() :]) or ("", 0)
        end = _end(match["said"], forms.get(kind, ()))
        if end and last.get(kind, 0) == number - 1 and next_.get(kind) == number + 1:
            *before, rest = _cut(line, match.start()) if match.start() else (line,)
            return [*before, *_cut(rest, match.start("said") - match.start() + end)]
    return [line]


def _alone(line: Line) -> tuple[str, int] | None:
    """The number of a heading that has its line to itself."""
    return _heading_number(line.text) if len(line.text) <= HEADING_CHARS and "。" not in line.text else None


def _form(headings: Sequence[Line]) -> tuple[int, ...]:
    """The lengths of the clauses that several headings all have, () where they differ."""
    said = [_HEADING_NUMBER.sub("", line.text, count=1).strip() for line in headings]
    forms = {tuple(len(clause) for clause in _CLAUSE.split(each)) for each in said}
    return forms.pop() if len(forms) == 1 and len(said) >= MIN_SIBLINGS else ()


def _end(said: str, form: Sequence[int]) -> int:
    """Where a heading of this form ends that begins a text, 0 where none does."""
    clauses = _CLAUSE.split(said)
    if not form or len(clauses) < len(form) or [len(clause) for clause in clauses[: len(form) - 1]] != list(form[:-1]):
        return 0
    return sum(form) + len(form) - 1 if len(clauses[len(form) - 1]) > form[-1] else 0


def _following(numbers: Sequence[tuple[str, int] | None]) -> list[dict[str, int]]:
    """For each line, the next heading's number below it, by the way in which it is written."""
    following: list[dict[str, int]] = []
    ahead: dict[str, int] = {}
    for number in reversed(numbers):
        following.append(ahead)
        if number is not None:
            ahead = ahead | {number[0]: number[1]}
    return following[::-1]


def _heading_number(text: str) -> tuple[str, int] | None:
    match = _HEADING_NUMBER.match(text)
    if match is None or match.lastgroup is None:
        return None
    return match.lastgroup, int(parse_chinese(match[match.lastgroup]) or 0)


def _cut(line: Line, at: int) -> tuple[Line, Line]:
    """The two lines that one makes, cut before text[at]."""
    first: list[Run] = []
    second: list[Run] = []
    passed = 0
    for start, end in line.runs:
        inside = min(max(at - passed, 0), end - start)
        if inside:
            first.append((start, start + inside))
        if start + inside < end:
            second.append((start + inside, end))
        passed += end - start
    return replace(line, runs=tuple(first), text=line.text[:at]), Line(tuple(second), line.text[at:], False, False)
