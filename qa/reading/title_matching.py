"""Finds where the titles of a table of contents stand in the body: alone on a line, or on two, in their order.

A title may differ: by spaces, a number, a page beside it, a subtitle, a few characters. Says where, never why.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from qa.reading.cleaning import Line
from qa.reading.contents import Entry
from qa.text import letters

NUMBER = re.compile(
    r"^(?:第[一二三四五六七八九十百\d]{1,4}(?:部分|[篇编部章辑卷节])[、:：.\s\u3000]*"
    r"|[一二三四五六七八九十]{1,3}[、.．][\s\u3000]*|[（(][一二三四五六七八九十\d]{1,3}[)）][\s\u3000]*"
    r"|\d{1,3}(?:[、.．)）][\s\u3000]*|[\s\u3000]+)(?=[^\d\s]))"
)
_PAGE_AFTER = re.compile(r"(?<=[^\d\s.])[\s\u3000]*[-–—(（]*\d{1,4}[-–—)）]*$")
_DASH_START = re.compile(r"^(?:[—–]|--)")
_DASH_END = re.compile(r"(?:[—–]|--)$")
_SUBTITLE = re.compile(r"[—–]{1,}|--")
_SPACED = re.compile(r"(?<=[\u3400-\u9fff])[ \u3000\u2003](?=[\u3400-\u9fff])")
_PLACE = re.compile(r"[\u4e00-\u9fff]{2,4}?(?:省|市|县|区|州|盟|旗)")
_ENDS = "。！？；，、：;,!?"
TITLE_CHARS = 100
TITLE_LINES = 3
SIMILAR = 0.8
SHORTENED = 0.5  # of a title's letters, what a shortened one still says
SHORTENED_CHARS = 6
SHORTENED_LIKENESS = 0.95
MAIN_CHARS = 4  # before a subtitle
MAX_COMPARED = 300_000  # pairs of titles and lines: more are figures in tables, and no titles


@dataclass(frozen=True, slots=True)
class Start:
    """Where a work begins: its title stands on lines[at + above:until]. `likeness` (0-1) is that of its title in the
    contents, 1 for the same letters; the first `above` lines are the work's own without being its title."""

    at: int
    until: int
    title: str
    entry: Entry | None = None
    likeness: float = 1.0
    group: str = ""
    above: int = 0


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A run of short lines, and the letters that it can be said to say."""

    at: int
    until: int
    forms: frozenset[str]
    main: str = ""


def starts_of(lines: Sequence[Line], entries: Sequence[Entry]) -> list[Start]:
    """The entries whose titles stand in the body, in order; `lines` are those of the body alone."""
    ones = [_Candidate(at, at + 1, _forms(line.text), _main(line.text)) for at, line in enumerate(lines) if _can(line)]
    places: dict[str, list[int]] = {}
    for candidate in ones:
        for form in candidate.forms:
            places.setdefault(form, []).append(candidate.at)
    found = _in_order([sorted({at for form in _forms_of(entry) for at in places.get(form, ())}) for entry in entries])
    missing = len(entries) - len(found)
    runs = _runs(lines, ones) if missing and missing * len(ones) <= MAX_COMPARED else []
    following = _following(found, len(entries), len(lines))
    starts: list[Start] = []
    low = 0
    for number, entry in enumerate(entries):
        at, likeness = found.get(number), 1.0
        one: _Candidate | None = None
        if at is not None:
            one = ones[bisect_left(ones, at, key=lambda c: c.at)]
        else:
            first = bisect_left(runs, low, key=lambda run: run.at)
            last = bisect_left(runs, following[number], key=lambda run: run.at)
            one, likeness = _nearest(entry, [run for run in runs[first:last] if run.until <= following[number]])
        if one is not None:
            until = _with_subtitle(lines, one.until)
            starts.append(Start(one.at, until, title_of(lines[one.at : until], entry), entry, likeness))
            low = until
    return starts


def _following(found: dict[int, int], count: int, end: int) -> list[int]:
    """For each ordinal, the place of the next one that was found."""
    following = [end] * count
    for number in range(count - 2, -1, -1):
        following[number] = found.get(number + 1, following[number + 1])
    return following


def find_title(lines: Sequence[Line], at: int, title: str) -> int | None:
    """The first line from `at` on that says a title: the same letters, else nearly the same."""
    ones = [_Candidate(i, i + 1, _forms(lines[i].text)) for i in range(at, len(lines)) if _can(lines[i])]
    wanted = letters(title)
    exact = next((one.at for one in ones if wanted in one.forms), None)
    if exact is not None:
        return exact
    return next((one.at for one in ones if _likeness(frozenset([wanted]), one.forms) >= SIMILAR), None)


def title_of(lines: Sequence[Line], entry: Entry | None = None) -> str:
    """The title that lines say, without its number and the page beside it, spaces between characters left out."""
    text = "".join(line.text for line in lines).strip()
    if len(_SPACED.findall(text)) * 3 > len(text):
        text = re.sub(r"[ \u3000\u2003]+", "", text)
    bare = NUMBER.sub("", text)
    if entry is None or not letters(entry.title)[-1:].isdigit():
        bare = _PAGE_AFTER.sub("", bare)
    return bare or text


def _can(line: Line) -> bool:
    """Can a line be a title, or a part of one?"""
    text = line.text.strip()
    return 0 < len(text) <= TITLE_CHARS and (text[-1] not in "。；" or len(text) <= 30)


def _forms(text: str) -> frozenset[str]:
    """The letters of a line, also without its number and without the page behind it."""
    text = text.strip()
    forms = {text, bare := NUMBER.sub("", text), _PAGE_AFTER.sub("", text), _PAGE_AFTER.sub("", bare)}
    return frozenset(said for form in forms if (said := letters(form)))


def _main(text: str) -> str:
    """The letters of a title before its subtitle, "" when it has none."""
    main, *rest = _SUBTITLE.split(NUMBER.sub("", text.strip()))
    return letters(main) if any(rest) and len(letters(main)) >= MAIN_CHARS else ""


def _forms_of(entry: Entry) -> frozenset[str]:
    return _forms(entry.title) if not entry.title[-1].isdigit() else frozenset([letters(entry.title)])


def _in_order(places: Sequence[Sequence[int]]) -> dict[int, int]:
    """The longest rising choice of one place for each: by ordinal. Patience sorting, the earliest places first."""
    tails: list[int] = []
    made: list[tuple[int, int, int]] = []  # (ordinal, place, the one before it in `made`)
    ends: list[int] = []
    for number, candidates in enumerate(places):
        for place in sorted(candidates, reverse=True):
            at = bisect_left(tails, place)
            made.append((number, place, ends[at - 1] if at else -1))
            if at == len(tails):
                tails.append(place)
                ends.append(len(made) - 1)
            else:
                tails[at], ends[at] = place, len(made) - 1
    chosen, back = {}, ends[-1] if ends else -1
    while back >= 0:
        number, place, back = made[back]
        chosen[number] = place
    return chosen


def _runs(lines: Sequence[Line], ones: Sequence[_Candidate]) -> list[_Candidate]:
    """Lines that could be titles, alone and two or three together."""
    can = {one.at for one in ones}
    runs: list[_Candidate] = []
    for one in ones:
        runs.append(one)
        text = lines[one.at].text
        for until in range(one.at + 2, one.at + TITLE_LINES + 1):
            if until - 1 not in can or text[-1] in "。！？；" or lines[until - 1].depth != lines[one.at].depth:
                break
            text += lines[until - 1].text
            if len(text) > TITLE_CHARS:
                break
            runs.append(_Candidate(one.at, until, _forms(text), _main(text)))
    return runs


def _nearest(entry: Entry, runs: Sequence[_Candidate]) -> tuple[_Candidate | None, float]:
    """The run that says an entry's title best, and how like it is; the first of equals."""
    best: tuple[_Candidate | None, float] = (None, 0.0)
    wholes = [_forms_of(entry)]
    if entry.above:
        wholes.insert(0, frozenset([letters(entry.above + entry.title)]))
    main = _main(entry.title)
    for run in runs:
        likeness = max(_likeness(whole, run.forms) for whole in wholes)
        if main in run.forms or any(run.main in whole for whole in wholes):
            likeness = max(likeness, SHORTENED_LIKENESS)
        if likeness >= SIMILAR and likeness > best[1]:
            best = run, likeness
            if likeness == 1.0:
                break
    return best


def _likeness(wanted: frozenset[str], forms: frozenset[str]) -> float:
    return max((_like(a, b) for a in wanted for b in forms), default=0.0)


def _like(title: str, text: str) -> float:
    """How like two titles are. One that begins with the whole of the other is it, shortened;
    where more than a character differs, titles of other places are others."""
    if title == text:
        return 1.0
    short, long = sorted((title, text), key=len)
    if len(short) >= SHORTENED_CHARS and len(short) >= SHORTENED * len(long):
        if long.startswith(short):
            return SHORTENED_LIKENESS
        if long.endswith(short):
            return 0.9
    if abs(len(title) - len(text)) > 6 or 2 * sum(c in long for c in short) < SIMILAR * (len(short) + len(long)):
        return 0.0
    matcher = SequenceMatcher(None, text, title, autojunk=False)
    same = sum(block.size for block in matcher.get_matching_blocks())
    mine, theirs = _PLACE.search(title), _PLACE.search(text)
    if same < len(long) - 1 and mine and theirs and mine.group() not in text and theirs.group() not in title:
        return 0.0
    return matcher.ratio()


def _with_subtitle(lines: Sequence[Line], until: int) -> int:
    """The end of a title that goes on with —— on the next line."""
    if until < len(lines):
        below = lines[until].text.strip()
        dashed = _DASH_START.match(below) or _DASH_END.search(lines[until - 1].text.strip())
        if dashed and len(below) <= TITLE_CHARS and below[-1] not in _ENDS:
            return until + 1
    return until
