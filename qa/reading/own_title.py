"""The title that opens a lone work, below what offices print above it: 某某文件, a number, a briefing's masthead.

Says on which lines it stands. Knows nothing of compilations.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.reading.cleaning import Line
from qa.reading.headings import is_complete
from qa.reading.organisations import is_body
from qa.reading.title_signs import is_number_of_paper, opens_masthead
from qa.reading.works_or_chapters import names_kind
from qa.text import simplify

TITLE_CHARS = 64
JOINED_CHARS = 40  # of each line of a title on several
TITLE_LINES = 3
ABOVE_LINES = 6
_DASH_END = re.compile(r"[—–\-]{1,}$")
_DASH_START = re.compile(r"^[—–]{1,}")
_RED_HEAD = re.compile(r"^(?P<body>\S(?:.*\S)?)\s*文\s*件$")
_SECRECY = re.compile(
    r"^(?:\d{3,6}|(?:绝密|机密|秘密|内部|特急|加急|急件|平急)\S{0,6}|签发人\s*[:：].*|公开方式\s*[:：].*)$"
)
_DAY = re.compile(r"\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日$")
_SERIES = (("一、", "二、"), ("（一）", "（二）"), ("1.", "2."), ("1、", "2、"), ("第一章", "第二章"))
_CLAUSE_ENDS = ("，", "、", ",", "：", ":", "；")


@dataclass(frozen=True, slots=True)
class OwnTitle:
    """`words` stand on lines[above:until]; the lines above them are the paper's head. "" when a text has no title."""

    words: str = ""
    above: int = 0
    until: int = 0


def own_title(lines: Sequence[Line]) -> OwnTitle:
    """The title that opens a lone work."""
    above = _head_of_paper(lines) or _masthead(lines)
    if len(lines) < above + 2:
        return OwnTitle()
    first = lines[above]
    if _opens_a_series(lines[above:]) or (first.depth != 1 and not _can_be_title(first.text)):
        return OwnTitle()
    until = above + 1
    while until + 1 < len(lines) and until - above < TITLE_LINES and _goes_on(lines[above:until], lines[until]):
        until += 1
    return OwnTitle("".join(line.text for line in lines[above:until]), above, until)


def _opens_a_series(lines: Sequence[Line]) -> bool:
    """Is the first line the first of numbered headings (一、… 二、…)? Then the work has no title of its own."""
    return any(
        lines[0].text.startswith(one) and any(line.text.startswith(two) for line in lines[1:]) for one, two in _SERIES
    )


def _can_be_title(text: str) -> bool:
    return not is_complete(text) and len(text) <= TITLE_CHARS and not text.endswith(("，", "、", ","))


def _goes_on(title: Sequence[Line], below: Line) -> bool:
    """Does a title go on below: after or with a dash, from the office to 关于, until it names its kind?"""
    said, text = "".join(line.text for line in title), below.text
    if len(text) > TITLE_CHARS or is_complete(text):
        return False
    if _DASH_END.search(said) or _DASH_START.search(text):
        return len(title) == 1
    if below.depth or below.indented or text.endswith(_CLAUSE_ENDS) or max(len(said), len(text)) > JOINED_CHARS:
        return False
    if text.startswith(("关于", "關於")):
        return is_body(simplify(said).replace(" ", ""))
    return "关于" in simplify(said) and not names_kind(said) and names_kind(text)


def _head_of_paper(lines: Sequence[Line]) -> int:
    """How many lines an official paper has above its title: 某某文件, its number, secrecy, urgency."""
    count, red = 0, False
    for line in lines[:ABOVE_LINES]:
        text = simplify(line.text.strip())
        head = _RED_HEAD.match(text)
        is_red = bool(head) and is_body(re.sub(r"\s", "", head["body"])) if head else False
        if not (is_red or is_number_of_paper(text) or _SECRECY.match(text)):
            break
        count, red = count + 1, red or is_red or is_number_of_paper(text)
    return count if red else 0


def _masthead(lines: Sequence[Line]) -> int:
    """How many lines a briefing has above the title of its one piece: its name, 第8期, its office and date."""
    texts = [line.text.strip() for line in lines[:ABOVE_LINES]]
    if len(texts) < ABOVE_LINES - 1 or not opens_masthead(lines, 0):
        return 0
    count = 2
    while count < ABOVE_LINES - 2 and (_DAY.search(texts[count]) or is_body(re.sub(r"[\s编]", "", texts[count]))):
        count += 1
    return count if count > 2 and _can_be_title(texts[count]) and len(texts[count]) > 5 else 0
