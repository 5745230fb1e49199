"""Splits a compilation into its works: by its contents, by styled headings, or by lines that read as titles.

A file that is one work stays one, and so does a doubtful one. A person who knows better says where the works begin, or
that there is but one (`overrides`).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from qa.reading.cleaning import Cleaned, Line
from qa.reading.contents import Contents, announces, contents_of, group_name
from qa.reading.split_proposals import LEVELS, Body, Proposed, ordinal, proposals
from qa.reading.title_matching import find_title, starts_of
from qa.reading.work_heads import with_heads
from qa.reading.works_or_chapters import DOUBTFUL, SURE_ENOUGH
from qa.text import letters
from qa.types import Dropped, SplitPlan

_LINE_END = re.compile(r"\r\n|\r|\n")
SURE = 0.9  # below it the report says so
NAMED_TITLES = 3


@dataclass(frozen=True, slots=True)
class Work:
    """The lines of one work, and what the contents say of it.

    `cover` is the compilation's own title, "" for a lone work; a work is `alone` when its file holds no other. `above`
    are lines above its title that are its own (a briefing's masthead); `names` are its authors' in the contents, which
    have it `listed`.
    """

    lines: tuple[Line, ...]
    title: str = ""
    page: int | str | None = None
    group: str = ""
    level: str | None = None
    cover: str = ""
    alone: bool = True
    above: tuple[Line, ...] = ()
    names: str = ""
    listed: bool = False


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


def split(cleaned: Cleaned, plan: SplitPlan = "auto") -> Split:
    """The works in a cleaned source: several where its contents, its styles or its titles surely say so, else one.

    `plan` keeps it one whatever it looks like ("never"), or says where the works begin.
    """
    if plan == "never":
        return Split((Work(cleaned.lines),))
    if not isinstance(plan, str):
        return _split_as_told(cleaned, plan)
    contents = contents_of(cleaned.lines)
    body = Body(cleaned, contents)
    proposed: list[Proposed] = []
    for one in proposals(body):
        if one.sureness >= SURE_ENOUGH and one.by in ("contents", "styles"):
            return _divided(body, one)
        proposed.append(one)
    if sure := [one for one in proposed if one.sureness >= SURE_ENOUGH]:
        return _divided(body, _fullest(sure))
    return _whole(body, max(proposed, key=lambda one: one.sureness, default=None))


def _fullest(sure: Sequence[Proposed]) -> Proposed:
    """The first of the sure proposals, or one that has all its titles and more: what has a sign may have another."""
    found = sure[0]
    for one in sure[1:]:
        if found.lines < one.lines:
            found = one
    return found


def _divided(body: Body, proposed: Proposed) -> Split:
    starts = with_heads(body.lines, proposed.starts)
    cover = _cover(body.lines[: starts[0].at])
    works: list[Work] = []
    groups = body.contents.groups | {start.group for start in starts if start.group}
    dropped = _dropped(body.listed, "table_of_contents") + _dropped(body.lines[: starts[0].at], "table_of_contents")
    for start, lines in zip(starts, body.spans(starts), strict=True):
        kept, heads = _without_heads(lines, start.title, groups)
        level = next((level for level, pattern in LEVELS if pattern.search(start.group)), None)
        page = start.entry.page if start.entry else None
        names = start.entry.names if start.entry else ""
        above = body.lines[start.at : start.at + start.above]
        works.append(Work(kept, start.title, page, start.group, level, cover, False, above, names, bool(start.entry)))
        dropped += _dropped(body.lines[start.at : start.until], "title") + heads
    share, doubts = _found_share(proposed, body.contents)
    works = [work for work in works if work.lines]
    return Split(tuple(works), tuple(dropped), round(proposed.sureness * share, 4), doubts)


def _found_share(proposed: Proposed, contents: Contents) -> tuple[float, tuple[str, ...]]:
    """The share of the titles in the contents that stand in the body, as like as they are, and what to say of it."""
    starts, many = proposed.starts, len(proposed.starts)
    if proposed.by != "contents":
        how = "标题样式" if proposed.by == "styles" else "标题的写法"
        return 1.0, (f"没有目录，按{how}分成 {many} 篇，请核对",)
    found = {id(start.entry): start.likeness for start in starts if start.entry}
    kinds = {ordinal(start.entry.title)[0] for start in starts if start.entry}
    listed = [entry for entry in contents.entries if ordinal(entry.title)[0] in kinds]
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
    parts = {letters(group) for group in groups}
    while kept and (group_name(kept[-1].text) in groups or letters(kept[-1].text) in parts):
        kept.pop()
    heads = lines[len(kept) :]
    running = [line for line in kept if len(line.text) <= 2 * len(title) + 4 and letters(line.text) == said]
    kept = [line for line in kept if line not in running]
    return tuple(kept), _dropped(heads, "title") + _dropped(running, "page_furniture")


def _whole(body: Body, likeliest: Proposed | None) -> Split:
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
    titles = (line.text for line in lines if not announces(line.text) and not group_name(line.text))
    return next(titles, "")
