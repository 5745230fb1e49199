"""Splits a compilation into its works: by its contents, by styled headings, or by lines that read as titles.

A file that is one work stays one, and so does a doubtful one. A person who knows better says where the works begin, or
that there is but one (`overrides`).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from qa.numbers import parse_chinese
from qa.reading.cleaning import Cleaned, Line
from qa.reading.contents import ANNOUNCED, Contents, contents_of, group_name
from qa.reading.title_lines import BODY_CHARS, prose, reads_as_named_title, styled_starts, titled_starts
from qa.reading.title_matching import TITLE_CHARS, Start, find_title, starts_of
from qa.reading.works_or_chapters import (
    DOUBTFUL,
    SURE_ENOUGH,
    By,
    Proposal,
    names_collection,
    restarts,
    sureness,
)
from qa.text import fold, letters
from qa.types import Dropped, SplitPlan

_LEVELS = (
    ("省级", re.compile("省|自治区|直辖市")),
    ("市级", re.compile("市|州|盟|地区")),
    ("县级", re.compile("县|区|旗")),
)
_LINE_END = re.compile(r"\r\n|\r|\n")
_DATE_LINE = re.compile(
    r"^[（(]?(?:\d{4}|[二〇○0一三四五六七八九]{4})年\d{0,2}[一二三四五六七八九十]{0,3}月?.{0,6}[)）]?$"
)
_ORDINALS = re.compile(
    r"^(?:(?P<chapter>第(?P<a>[一二三四五六七八九十百\d]{1,4})(?:部分|[篇编部章辑卷节]))|(?P<plain>(?P<b>[一二三四五六七八九十]{1,3})[、.．])"
    r"|(?P<round>[（(](?P<c>[一二三四五六七八九十]{1,3})[)）])|(?P<arabic>(?P<d>\d{1,3})[、.．)）\s]))"
)
SURE = 0.9  # below it the report says so
NAMED_TITLES = 3
COVER_CHARS = 200
LINES_OF_BYLINE = 3


@dataclass(frozen=True, slots=True)
class Work:
    """The lines of one work, and what the contents say of it.

    `cover` is the compilation's own title, "" for a lone work; a work is `alone` when its file holds no other.
    """

    lines: tuple[Line, ...]
    title: str = ""
    page: int | str | None = None
    group: str = ""
    level: str | None = None
    cover: str = ""
    alone: bool = True


@dataclass(frozen=True, slots=True)
class Split:
    """The works of a source in order, and what belongs to none (contents, cover).

    `sureness` (0-1): how sure it is that the file is divided as its author did: that the titles are those of works,
    times the share of the titles in the contents that stand in the body. `doubts` say in Chinese what is not sure.
    """

    works: tuple[Work, ...]
    dropped: tuple[Dropped, ...] = ()
    sureness: float = 1.0
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Proposed:
    """A way to divide a file, and how sure it is that it is one into works."""

    by: By
    starts: tuple[Start, ...]
    sureness: float


def split(cleaned: Cleaned, plan: SplitPlan = "auto") -> Split:
    """The works in a cleaned source: several where its contents, its styles or its titles surely say so, else one.

    `plan` keeps it one whatever it looks like ("never"), or says where the works begin.
    """
    if plan == "never":
        return Split((Work(cleaned.lines),))
    if not isinstance(plan, str):
        return _split_as_told(cleaned, plan)
    contents = contents_of(cleaned.lines)
    body = _Body(cleaned, contents)
    likeliest = None
    for proposed in _proposals(body):
        if proposed.sureness >= SURE_ENOUGH:
            return _divided(body, proposed)
        if likeliest is None or proposed.sureness > likeliest.sureness:
            likeliest = proposed
    return _whole(body, likeliest)


class _Body:
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
        """Does a byline stand below a title, or a date alone on a line?"""
        near = self.lines[start.until : start.until + LINES_OF_BYLINE]
        return bool(self.below(start)) or any(_DATE_LINE.match(line.text.strip()) for line in near)

    def spans(self, starts: Sequence[Start]) -> Iterator[tuple[Line, ...]]:
        """The lines from each title to the next."""
        ends = [start.at for start in starts[1:]] + [len(self.lines)] * bool(starts)
        return (self.lines[start.until : end] for start, end in zip(starts, ends, strict=True))


def _proposals(body: _Body) -> Iterator[_Proposed]:
    """The ways to divide a file, the surest kind of sign first."""
    if body.contents.entries:
        starts = _grouped(body, _without_sections(body, starts_of(body.lines, body.contents.entries)))
        if len(starts) >= max(2, _listed(starts, body.contents) // 2):
            yield _judged(body, "contents", _with_unlisted(body, starts))
    if len(starts := styled_starts(body.lines)) >= 2:
        yield _judged(body, "styles", starts)
    if len(starts := titled_starts(body.lines, [bool(found) for found in body.bylines])) >= 2:
        yield _judged(body, "form", starts)


def _judged(body: _Body, by: By, starts: Sequence[Start]) -> _Proposed:
    titles = tuple(_as_written(body, start) for start in starts)
    signed = tuple(body.is_signed(start) for start in starts)
    grouped = any(pattern.search(start.group) for start in starts for _, pattern in _LEVELS)
    cover = _all_of_cover(body, starts)
    return _Proposed(
        by, tuple(starts), sureness(Proposal(by, titles, tuple(body.spans(starts)), signed, cover, grouped))
    )


def _as_written(body: _Body, start: Start) -> str:
    """A title with its number, from the body or the contents."""
    written = "".join(line.text for line in body.lines[start.at : start.until])
    return start.entry.title if start.entry and _ORDINALS.match(start.entry.title) else written


def _grouped(body: _Body, starts: Sequence[Start]) -> list[Start]:
    """The starts without those of parts, which no text follows: a part's title is the group of the works in it."""
    found, group = [], ""
    for start, lines in zip(starts, body.spans(starts), strict=True):
        if start is not starts[-1] and not any(line.text for line in lines if not group_name(line.text)):
            group = group_name(_as_written(body, start)) or start.title
        else:
            listed = start.entry.group if start.entry else ""
            found.append(replace(start, group=listed or group))
    return found


def _without_sections(body: _Body, starts: list[Start]) -> list[Start]:
    """The starts without those of sections: titles whose numbers begin again below titles numbered otherwise.

    Below the titles of parts (第一篇 省级) those of works may well begin again.
    """
    numbers = [_ordinal(_as_written(body, start)) for start in starts]
    begun = Counter(kind for kind, ordinal in numbers if kind and ordinal == 1)
    for kind, times in begun.items():
        others = [start for start, (own, _) in zip(starts, numbers, strict=True) if own != kind]
        if times >= 2 and len(others) >= times and not all(group_name(_as_written(body, one)) for one in others):
            return _without_sections(body, others)
    return starts


def _ordinal(title: str) -> tuple[str, int]:
    """The way in which a title is numbered, and its number; ("", 0) when it is not."""
    match = _ORDINALS.match(title.strip())
    if match is None:
        return "", 0
    kind = next(name for name in ("chapter", "plain", "round", "arabic") if match[name])
    written = next(match[name] for name in "abcd" if match[name])
    return kind, int(written) if written.isdigit() else int(parse_chinese(written) or 0)


def _listed(starts: Sequence[Start], contents: Contents) -> int:
    """How many entries of the contents are to be found: all, but for those numbered as sections where works are not."""
    kinds = {_ordinal(start.entry.title)[0] for start in starts if start.entry}
    return sum(_ordinal(entry.title)[0] in kinds for entry in contents.entries)


def _with_unlisted(body: _Body, starts: list[Start]) -> list[Start]:
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


def _divided(body: _Body, proposed: _Proposed) -> Split:
    starts = proposed.starts
    cover = _cover(body.lines[: starts[0].at])
    works: list[Work] = []
    groups = body.contents.groups | {start.group for start in starts if start.group}
    dropped = _dropped(body.listed, "table_of_contents") + _dropped(body.lines[: starts[0].at], "table_of_contents")
    for start, lines in zip(starts, body.spans(starts), strict=True):
        kept, heads = _without_heads(lines, start.title, groups)
        level = next((level for level, pattern in _LEVELS if pattern.search(start.group)), None)
        page = start.entry.page if start.entry else None
        works.append(Work(kept, start.title, page, start.group, level, cover, False))
        dropped += _dropped(body.lines[start.at : start.until], "title") + heads
    share, doubts = _found_share(proposed, body.contents)
    works = [work for work in works if work.lines]
    return Split(tuple(works), tuple(dropped), round(proposed.sureness * share, 4), doubts)


def _found_share(proposed: _Proposed, contents: Contents) -> tuple[float, tuple[str, ...]]:
    """The share of the titles in the contents that stand in the body, as like as they are, and what to say of it."""
    starts, many = proposed.starts, len(proposed.starts)
    if proposed.by != "contents":
        how = "标题样式" if proposed.by == "styles" else "标题的写法"
        return 1.0, (f"没有目录，按{how}分成 {many} 篇，请核对",)
    found = {id(start.entry): start.likeness for start in starts if start.entry}
    kinds = {_ordinal(start.entry.title)[0] for start in starts if start.entry}
    listed = [entry for entry in contents.entries if _ordinal(entry.title)[0] in kinds]
    missing = [entry.title for entry in listed if id(entry) not in found]
    unlisted = [start.title for start in starts if start.entry is None]
    share = sum(found.values()) / (len(listed) + 0.5 * len(unlisted))
    doubts = []
    if missing and share < SURE:
        doubts.append(f"目录有 {len(listed)} 条，{_not_found(missing)}，分篇可能不全")
    if unlisted:
        doubts.append(f"有 {len(unlisted)} 篇不在目录里，按标题的写法分出：{_named(unlisted)}")
    return min(share, 1.0), tuple(doubts)


def _without_heads(
    lines: tuple[Line, ...], title: str, groups: frozenset[str]
) -> tuple[tuple[Line, ...], list[Dropped]]:
    """A work's lines without its title where it runs as a page's head, and without the title of the next part."""
    said = letters(title)
    kept = list(lines)
    while kept and (name := group_name(kept[-1].text)) and (name in groups or ANNOUNCED.match(fold(kept[-1].text))):
        kept.pop()
    heads = lines[len(kept) :]
    running = [line for line in kept if len(line.text) <= 2 * len(title) + 4 and letters(line.text) == said]
    kept = [line for line in kept if line not in running]
    return tuple(kept), _dropped(heads, "title") + _dropped(running, "page_furniture")


def _whole(body: _Body, likeliest: _Proposed | None) -> Split:
    """One work, its contents left out where the titles in them do stand in it."""
    lines, dropped = body.cleaned.lines, list[Dropped]()
    found = starts_of(body.lines, body.contents.entries)
    if body.contents.entries and 2 * len(found) >= len(body.contents.entries):
        lines, dropped = body.lines, _dropped(body.listed, "table_of_contents")
    sure = 1.0 if likeliest is None else round(1 - likeliest.sureness, 4)
    doubts: tuple[str, ...] = ()
    if likeliest is not None and likeliest.sureness >= DOUBTFUL:
        doubts = (
            f"像有 {len(likeliest.starts)} 篇（{_named([s.title for s in likeliest.starts])}），拿不准，当作一篇读了",
        )
    elif found and not dropped:
        told = f"像有目录（{len(body.contents.entries)} 条），但正文里只有 {len(found)} 条的标题，当作一篇读了"
        return Split((Work(lines),), sureness=round(1 - len(found) / len(body.contents.entries), 4), doubts=(told,))
    return Split((Work(lines),), tuple(dropped), sure, doubts)


def _dropped(lines: Iterable[Line], reason: str) -> list[Dropped]:
    return [Dropped(line.start, line.runs[-1][1], reason) for line in lines]


def _not_found(titles: Sequence[str]) -> str:
    return f"有 {len(titles)} 条的标题在正文里没有找到：{_named(titles)}"


def _named(titles: Sequence[str]) -> str:
    named = "、".join(f"《{title}》" for title in titles[:NAMED_TITLES])
    return f"{named}{'等' if len(titles) > NAMED_TITLES else ''}"


def _all_of_cover(body: _Body, starts: Sequence[Start]) -> str:
    """What the cover says, or the file's own title, or its name where that speaks of a collection."""
    source = body.cleaned.source
    said = " ".join(line.text for line in body.lines[: starts[0].at] if len(line.text) <= COVER_CHARS)[:COVER_CHARS]
    name = source.name.rpartition("/")[2].rpartition(".")[0]
    if names_collection(name) and not names_collection(said):
        return name
    told = source.metadata.title or ""
    return said or (told if letters(told) != letters(starts[0].title) else "")


def _split_as_told(cleaned: Cleaned, plan: Sequence[str | int]) -> Split:
    """The works that begin where a person said: at these titles, or at these lines of the file, in order."""
    lines = cleaned.lines
    listed = contents_of(lines).lines
    at = max(listed, default=-1) + 1 if listed and min(listed) < len(lines) // 2 else 0
    starts: list[int] = []
    missing: list[str] = []
    for told in plan:
        found = _line_at(cleaned, told) if isinstance(told, int) else find_title(lines, at, told)
        if found is None or (starts and found <= starts[-1]):
            missing.append(f"第 {told} 行" if isinstance(told, int) else told)
        else:
            starts.append(found)
            at = found + 1
    doubts = (f"指定了 {len(plan)} 篇，{_not_found(missing)}",) if missing else ()
    sure = len(starts) / len(plan) if plan else 0.0
    if not starts:
        return Split((Work(lines),), sureness=sure, doubts=doubts)
    ends = [*starts[1:], len(lines)]
    cover = _cover(lines[: starts[0]])
    works = [Work(lines[a + 1 : b], lines[a].text, cover=cover, alone=False) for a, b in zip(starts, ends, strict=True)]
    dropped = _dropped(lines[: starts[0]], "table_of_contents") + _dropped([lines[a] for a in starts], "title")
    return Split(tuple(work for work in works if work.lines), tuple(dropped), sure, doubts)


def _line_at(cleaned: Cleaned, number: int) -> int | None:
    """The kept line that stands at a line of the file, counted from 1, or first after it."""
    beginnings = [0, *(match.end() for match in _LINE_END.finditer(cleaned.source.text))]
    if not 1 <= number <= len(beginnings):
        return None
    found = bisect_left([line.start for line in cleaned.lines], beginnings[number - 1])
    return found if found < len(cleaned.lines) else None


def _cover(lines: Sequence[Line]) -> str:
    """The compilation's own title: its first line before the works that says something and is no line of contents."""
    titles = (line.text for line in lines if not ANNOUNCED.match(fold(line.text)) and not group_name(line.text))
    return next(titles, "")
