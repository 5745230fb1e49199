"""What stands above the titles of works in the same form again and again: a masthead, 第12期, 材料之三, 案例一.

Such lines belong to the work below them and not to the one above. Knows nothing of what titles say.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from qa.numbers import parse_chinese
from qa.reading.cleaning import Line
from qa.reading.headings import is_complete
from qa.reading.title_matching import Start

_NUMERAL = re.compile(r"\d+|[一二三四五六七八九十]+")
MAX_LINES = 4
MAX_CHARS = 40
SHARE = 0.8


def with_heads(lines: Sequence[Line], starts: Sequence[Start]) -> list[Start]:
    """The starts with the lines above each title that have the form of those above the first and count on."""
    above = _same_form(lines, starts)
    while above and not _counts_on(lines, starts, above):
        above -= 1
    if not above:
        return list(starts)
    forms = _forms(lines, starts[0].at)
    return [
        replace(start, at=start.at - above, above=start.above + above)
        if _matching(lines, start.at, forms) >= above
        else start
        for start in starts
    ]


def _same_form(lines: Sequence[Line], starts: Sequence[Start]) -> int:
    """How many lines above the titles have the same form in nearly all works."""
    forms = _forms(lines, starts[0].at)
    matching = sorted((_matching(lines, start.at, forms) for start in starts), reverse=True)
    return matching[int(SHARE * (len(matching) - 1))] if matching else 0


def _forms(lines: Sequence[Line], at: int) -> list[str]:
    """The forms of the short lines above lines[at], the nearest first."""
    forms = []
    for line in reversed(lines[max(0, at - MAX_LINES) : at]):
        if len(line.text) > MAX_CHARS or (is_complete(line.text) and "。" in line.text):
            break
        forms.append(_form(line.text))
    return forms


def _form(text: str) -> str:
    return _NUMERAL.sub("#", re.sub(r"\s+", " ", text.strip()))


def _matching(lines: Sequence[Line], at: int, forms: Sequence[str]) -> int:
    own = _forms(lines, at)
    return next((n for n, (a, b) in enumerate(zip(own, forms, strict=False)) if a != b), min(len(own), len(forms)))


def _counts_on(lines: Sequence[Line], starts: Sequence[Start], above: int) -> bool:
    """Does the uppermost of the lines, or one below it, hold a number that grows by one from work to work?"""
    forms = _forms(lines, starts[0].at)
    headed = [start.at for start in starts if _matching(lines, start.at, forms) >= above]
    for back in range(1, above + 1):
        rows = [_numbers(lines[at - back].text) for at in headed]
        for column in zip(*rows, strict=False):
            if len(column) >= 2 and all(b == a + 1 for a, b in pairwise(column)):
                return True
    return False


def _numbers(text: str) -> list[int]:
    return [int(n) if n.isdigit() else int(parse_chinese(n) or 0) for n in _NUMERAL.findall(text)]
