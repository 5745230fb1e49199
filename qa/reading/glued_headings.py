"""Cuts off a heading that its source glued to the end of the paragraph above it: …和实力。二、修好渡口，方便赶集.

Only lines change; every character stays where it stood.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from qa.numbers import parse_chinese
from qa.reading.cleaning import Line, Run

_NUMBER = r"(?:(?P<plain>[一二三四五六七八九十]{1,3})、|[（(](?P<round>[一二三四五六七八九十]{1,3})[)）])"
_HEADING_NUMBER = re.compile(_NUMBER)
_GLUED_HEADING = re.compile(rf"(?<=[。！？；”）]){_NUMBER}[^。！？；]{{4,60}}$")


def with_headings_cut(lines: Sequence[Line]) -> Iterator[Line]:
    """The lines, a heading that is glued to the end of a paragraph cut off.

    It numbers on from the heading before it, or the next one numbers on from it, and a new paragraph follows.
    """
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
