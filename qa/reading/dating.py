"""When a work was published where no byline says it, and the stretch of time that it covers.

The stretch is of the years that a work reports on or plans for: a report on 2023 that came out in January 2024 covers
2023. Written as `qa.periods` writes stretches.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from qa.numbers import YEAR, parse_date, years
from qa.periods import range_of, stretch_of, years_counted
from qa.reading.bylines import year_of_number
from qa.reading.cleaning import Line
from qa.reading.evidence import Found, in_body, in_line, in_title
from qa.reading.headings import is_complete
from qa.reading.sections import Body
from qa.text import simplify

PERIOD_CHARS = 300
RANGE_CHARS = 800
SIGNATURE_LINES = 4
HEAD_LINES = 3
SIGNATURE_CHARS = 40
_FULL_DATE = re.compile(r"\d{1,2}\s*日|[一二三四五六七八九十]\s*日|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}")
# Dates that are not of publication.
_OTHER_DATE = re.compile("^(?!.*(?:公布|通过|印发|发布)).*(?:收稿|修回|接受日期|录用|截止|截至|报名|施行|生效|会期)")
_PLANS = re.compile("规划|纲要|时期|期间|五年计划")
_REVIEW = re.compile("综述|总结|报告|通报|公报|年报|回顾|纪实|情况|盘点|名录")
_SUMMARY = re.compile("总结|年报|年度|公报|述职")
_COMPARED = re.compile(r"[与比较同和]$")  # 与2021年持平: a year beside the one that is written of
_DAY = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日")
_OPENS = re.compile(rf"^[\s“（(]*(?:{YEAR})年")


def signed(lines: Sequence[Line]) -> Found | None:
    """The full date in a work's last lines, alone or beside a signature; else the year in a paper's number."""
    for line in reversed(lines[-SIGNATURE_LINES:]):
        short = len(line.text) <= SIGNATURE_CHARS and not is_complete(line.text) and "，" not in line.text
        other = _OTHER_DATE.search(simplify(line.text))
        if short and not other and _FULL_DATE.search(line.text) and (date := parse_date(line.text)):
            return in_line(date, line, 0, len(line.text), "text")
    for line in lines[:HEAD_LINES]:
        if (number := year_of_number(line.text)) and len(line.text) <= SIGNATURE_CHARS:
            return in_line(number[0], line, number[1], number[2], "text")
    return None


def day_in_title(title: Found | None) -> Found | None:
    """The full date that a title names: 政府工作报告——2024年1月15日在……会议上."""
    match = _DAY.search(simplify(title.value)) if title else None
    date = parse_date(match.group()) if match else None
    return in_title(date, title, *match.span()) if title and match and date else None


def covered(
    title: Found | None, cover: str, plain: str, body: Body, file_title: str, published: Found | None
) -> Found | None:
    """The stretch that a work covers; `plain` is its text, Simplified.

    Its title's; of a review of N years the N years that its opening names; the compilation's; the one year that its
    opening names, where that is its subject; its file's name's; the year of publication.
    """
    named = _named(simplify(title.value)) if title else None
    if title and named:
        return in_title(named[0], title, named[1], named[2])
    counted = years_counted(simplify(title.value)) if title else 0
    if counted and (found := range_of(plain[:RANGE_CHARS], counted)):
        return in_body(found[0], body.text, body.spans, found[1], found[2])
    if found := _named(simplify(cover)):
        return Found(found[0], "cover", cover[found[1] : found[2]])
    opening = set(years(plain[:PERIOD_CHARS]))
    if len(opening) == 1 and _is_subject(opening, title, plain, published):
        match = re.search(rf"{YEAR}(?=年|[—\-－~至到]\d{{4}})", plain)
        assert match is not None
        return in_body(str(opening.pop()), body.text, body.spans, *match.span())
    if found := _named(simplify(file_title)):
        return Found(found[0], "file_name", file_title[found[1] : found[2]])
    if published is None or (title and _is_on_last_year(simplify(title.value), published)):
        return None
    return replace(published, value=published.value[:4])


def _named(plain: str) -> tuple[str, int, int] | None:
    """The stretch that a title names; a five-year plan's only where the title is of the plan or its time."""
    found = stretch_of(plain)
    if found and "五" in plain[found[1] : found[2]] and not re.search(YEAR, plain) and not _PLANS.search(plain):
        return None
    return found


def _is_subject(opening: set[int], title: Found | None, plain: str, published: Found | None) -> bool:
    """Is the one year that an opening names what the work is about? A news item may name a year in passing."""
    if published is not None and published.value[:4] in {str(year) for year in opening}:
        return True
    named = (plain[: at.start()] for at in re.finditer(rf"(?<!\d){YEAR}(?!\d)", plain[:PERIOD_CHARS]))
    if published is None and not all(_COMPARED.search(before) for before in named):
        return True
    return bool(_OPENS.match(plain) or (title and _REVIEW.search(simplify(title.value))))


def _is_on_last_year(title: str, published: Found) -> bool:
    """A summary that came out in January or February is hardly one of the year of publication."""
    return published.value[5:7] in ("01", "02") and bool(_SUMMARY.search(title))
