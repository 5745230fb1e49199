"""The ways in which a file can be divided into works, and how sure each is: by contents, styles, titles, marks.

Says where works would begin; `compilation` chooses and divides.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from qa.numbers import parse_chinese
from qa.reading.cleaning import Cleaned, Line
from qa.reading.contents import Contents, group_name
from qa.reading.title_lines import (
    BODY_CHARS,
    marked_starts,
    prose,
    reads_as_named_title,
    styled_starts,
    titled_starts,
)
from qa.reading.title_matching import TITLE_CHARS, Start, starts_of
from qa.reading.title_signs import dated_below, has_subtitle, holds_date, named_below, opens_below
from qa.reading.works_or_chapters import By, Mark, Proposal, names_collection, restarts, sureness
from qa.text import letters

LEVELS = (
    ("省级", re.compile("省|自治区|直辖市")),
    ("市级", re.compile("市|州|盟|地区")),
    ("县级", re.compile("县|区|旗")),
)
_RULE = re.compile(r"^[^\w\s](?:\s*[^\w\s]){2,}$")
_ORDINALS = re.compile(
    r"^(?:(?P<chapter>第(?P<a>[一二三四五六七八九十百\d]{1,4})(?:部分|[篇编部章辑卷节]))|(?P<plain>(?P<b>[一二三四五六七八九十]{1,3})[、.．])"
    r"|(?P<round>[（(](?P<c>[一二三四五六七八九十]{1,3})[)）])|(?P<arabic>(?P<d>\d{1,3})[、.．)）\s]))"
)
COVER_CHARS = 200


@dataclass(frozen=True, slots=True)
class Proposed:
    """A way to divide a file, and how sure it is that it is one into works."""

    by: By
    starts: tuple[Start, ...]
    sureness: float

    @property
    def lines(self) -> frozenset[int]:
        """The lines on which its titles end: a count above may belong to one or not."""
        return frozenset(start.until for start in self.starts)


class Body:
    """A source's lines without its contents, and the bylines that stand below each."""

    def __init__(self, cleaned: Cleaned, contents: Contents) -> None:
        self.cleaned = cleaned
        self.contents = contents
        self.lines = tuple(line for at, line in enumerate(cleaned.lines) if at not in contents.lines)
        self.listed = tuple(line for at, line in enumerate(cleaned.lines) if at in contents.lines)
        self.bylines = self._bylines()

    def _bylines(self) -> list[tuple[str, ...]]:
        text = self.cleaned.source.text
        places = [line.start for line in self.lines]
        found: list[list[str]] = [[] for _ in places]
        for run in self.cleaned.dropped:
            if run.reason == "byline" and (at := bisect_left(places, run.start) - 1) >= 0:
                found[at].append(text[run.start : run.end])
        return [tuple(each) for each in found]

    def below(self, start: Start) -> tuple[str, ...]:
        """The bylines below a title."""
        return tuple(line for at in range(start.at, start.until) for line in self.bylines[at])

    def is_signed(self, start: Start) -> bool:
        """Does a byline, a name, an office or a subtitle stand below a title, or does its text open as works do?"""
        lines, at = self.lines, start.until
        subtitled = has_subtitle(lines, at - 1) or has_subtitle(lines, at)
        return subtitled or bool(self.below(start)) or named_below(lines, at) or opens_below(lines, at)

    def is_dated(self, start: Start) -> bool:
        """Does a date stand alone on a line below a title, or in it: ……会上的讲话（2023年3月8日）?"""
        return holds_date(start.title) or dated_below(self.lines, start.until)

    def ruled(self) -> list[bool]:
        """For each line: does a rule or a page's end stand above it?"""
        text, places = self.cleaned.source.text, [line.start for line in self.lines]
        found = ["\f" in text[a:b] for a, b in zip([0, *places], places, strict=False)]
        for run in self.cleaned.dropped:
            at = bisect_left(places, run.start)
            if run.reason == "page_furniture" and at < len(places) and _RULE.match(text[run.start : run.end]):
                found[at] = True
        return found

    def spans(self, starts: Sequence[Start]) -> Iterator[tuple[Line, ...]]:
        """The lines from each title to the next."""
        ends = [start.at for start in starts[1:]] + [len(self.lines)] * bool(starts)
        return (self.lines[start.until : end] for start, end in zip(starts, ends, strict=True))


def proposals(body: Body) -> Iterator[Proposed]:
    """The ways to divide a file, the surest kind of sign first."""
    if body.contents.entries:
        yield from _listed_proposals(body)
    if len(starts := styled_starts(body.lines)) >= 2:
        yield _judged(body, "styles", starts)
    marked = list(marked_starts(body.lines, body.ruled()))
    yield from (_judged(body, "marks", starts, mark) for mark, starts in marked if mark == "label")
    if len(starts := titled_starts(body.lines, [bool(found) for found in body.bylines])) >= 2:
        yield _judged(body, "form", starts)
    yield from (_judged(body, "marks", starts, mark) for mark, starts in marked if mark != "label")


def _listed_proposals(body: Body) -> Iterator[Proposed]:
    """By the contents: the outermost titles; where these are but of parts, the titles within them."""
    every = starts_of(body.lines, body.contents.entries)
    outer = _without_sections(body, every)
    for starts in (_grouped(body, outer), _grouped(body, every) if len(outer) < len(every) else []):
        if len(starts) >= max(2, _listed(starts, body.contents) // 2):
            yield _judged(body, "contents", _with_unlisted(body, starts))


def _judged(body: Body, by: By, starts: Sequence[Start], mark: Mark | None = None) -> Proposed:
    titles = tuple(start.title if mark else _as_written(body, start) for start in starts)
    signed = tuple(body.is_signed(start) for start in starts)
    dated = tuple(body.is_dated(start) for start in starts)
    grouped = any(pattern.search(start.group) for start in starts for _, pattern in LEVELS)
    cover = _all_of_cover(body, starts)
    return Proposed(
        by,
        tuple(starts),
        sureness(Proposal(by, titles, tuple(body.spans(starts)), signed, cover, grouped, mark, dated)),
    )


def _as_written(body: Body, start: Start) -> str:
    """A title with its number, from the body or the contents."""
    written = "".join(line.text for line in body.lines[start.at : start.until])
    within = start.entry is not None and start.group and not start.entry.group  # numbered in the contents of its part
    return start.entry.title if start.entry and not within and _ORDINALS.match(start.entry.title) else written


def _grouped(body: Body, starts: Sequence[Start]) -> list[Start]:
    """The starts without those of parts, which no text follows: a part's title is the group of the works in it."""
    found, group = [], ""
    for start, lines in zip(starts, body.spans(starts), strict=True):
        if start is not starts[-1] and not any(line.text for line in lines if not group_name(line.text)):
            group = group_name(_as_written(body, start)) or start.title
        else:
            listed = start.entry.group if start.entry else ""
            found.append(replace(start, group=listed or group))
    return found


def _without_sections(body: Body, starts: list[Start]) -> list[Start]:
    """The starts without those of sections: titles whose numbers begin again below titles numbered otherwise.

    Below the titles of parts (第一篇 省级) those of works may well begin again.
    """
    numbers = [ordinal(_as_written(body, start)) for start in starts]
    begun = Counter(kind for kind, ordinal in numbers if kind and ordinal == 1)
    for kind, times in begun.items():
        others = [start for start, (own, _) in zip(starts, numbers, strict=True) if own != kind]
        if times >= 2 and len(others) >= times and not all(group_name(_as_written(body, one)) for one in others):
            return _without_sections(body, others)
    return starts


def ordinal(title: str) -> tuple[str, int]:
    """The way in which a title is numbered, and its number; ("", 0) when it is not."""
    match = _ORDINALS.match(title.strip())
    if match is None:
        return "", 0
    kind = next(name for name in ("chapter", "plain", "round", "arabic") if match[name])
    written = next(match[name] for name in "abcd" if match[name])
    return kind, int(written) if written.isdigit() else int(parse_chinese(written) or 0)


def _listed(starts: Sequence[Start], contents: Contents) -> int:
    """How many entries of the contents are to be found: all, but for those numbered as sections where works are not."""
    kinds = {ordinal(start.entry.title)[0] for start in starts if start.entry}
    return sum(ordinal(entry.title)[0] in kinds for entry in contents.entries)


def _with_unlisted(body: Body, starts: list[Start]) -> list[Start]:
    """The starts with works that the contents miss: titles of the same form, with text above and below them."""
    depths = {body.lines[start.at].depth for start in starts}
    ends = Counter(letters(start.title)[-2:] for start in starts).most_common(1)[0]
    common = ends[0] if 2 * ends[1] > len(starts) else None
    again = 2 * sum(restarts(lines) for lines in body.spans(starts)) > len(starts)
    found: list[Start] = []
    for start, lines in zip(starts, body.spans(starts), strict=True):
        found.append(start)
        at = start.until
        for number in range(1, len(lines) - 1):
            line = lines[number]
            if len(line.text) > TITLE_CHARS:
                continue
            like = (depths == {line.depth} and line.depth > 0) or (
                not line.depth and common == letters(line.text)[-2:] and reads_as_named_title(line.text)
            )
            said = letters(line.text) != letters(start.title)
            above, below = lines[found[-1].until - at if found[-1] is not start else 0 : number], lines[number + 1 :]
            if like and said and min(prose(above), prose(below)) >= BODY_CHARS and (not again or restarts(below)):
                found.append(Start(at + number, at + number + 1, line.text.strip(), group=start.group))
    return found


def _all_of_cover(body: Body, starts: Sequence[Start]) -> str:
    """What the cover says, or the file's own title, or its name where that speaks of a collection."""
    source = body.cleaned.source
    said = " ".join(line.text for line in body.lines[: starts[0].at] if len(line.text) <= COVER_CHARS)[:COVER_CHARS]
    name = source.name.rpartition("/")[2].rpartition(".")[0]
    if names_collection(name) and not names_collection(said):
        return name
    told = source.metadata.title or ""
    return said or (told if letters(told) != letters(starts[0].title) else "")
