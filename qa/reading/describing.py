"""What a work is: its title, place, level, dates, publisher, author, page. From the contents, the text, its bylines,
in that order.

Nothing is made up: what is not found stays None, and a title made from the first sentence says so.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from typing import TypeVar

from qa.numbers import parse_date, years
from qa.places import Place, gazetteer, level_by_ending, unknown_places
from qa.reading.cleaning import Cleaned, Line
from qa.reading.compilation import Work
from qa.reading.paragraphs import is_complete, paragraphs
from qa.reading.sections import Body, assemble
from qa.text import fold, sentence_spans, simplify
from qa.types import Document, Dropped, Metadata, Page, Source

T = TypeVar("T")
TITLE_CHARS = 64
INFERRED_TITLE_CHARS = 40
OPENING_CHARS = 3000
PERIOD_CHARS = 300
_DASH_END = re.compile(r"[—–\-]{1,}$")
_DASH_START = re.compile(r"^[—–]{1,}")
_TITLE_TRIM = "：:、，,.。 \u3000\t"
_KINDS = (
    "综述",
    "总结",
    "通报",
    "简报",
    "公报",
    "报告",
    "调研",
    "讲话",
    "方案",
    "办法",
    "通知",
    "意见",
    "条例",
    "规定",
    "名录",
    "报道",
)
_SELF = {
    "省级": re.compile("我省|全省|省委"),
    "市级": re.compile("我市|全市|市委"),
    "县级": re.compile("我县|我区|全县|本区|区委|县委"),
}
_SOURCE = re.compile(r"来源\s*[::]\s*(?P<publisher>.{2,24}?)(?:\s|编辑|责编|责任编辑|作者|$)")
_AUTHOR = re.compile(
    r"(?:作者|记者)\s*[::]?\s*(?:本报记者)?\s*(?P<author>[一-龥·]{2,4}(?:[ 、,]+[一-龥·]{2,4}){0,3})\s*$"
)
_PAPER = re.compile(r"^《\s*(?P<publisher>[^》]{2,12}?)\s*》\s*\((?P<date>.*?)\s*(?P<page>\d{1,3})\s*版?\s*\)$")


def document_id(source_id: str, part: int) -> str:
    """A work's id: a hash of its source's bytes and its ordinal, so that it survives a rename and a re-index."""
    return hashlib.sha256(f"{source_id}:{part}".encode()).hexdigest()[:16]


def describe(work: Work, part: int, cleaned: Cleaned) -> tuple[Document, tuple[Dropped, ...]]:
    """The document that a work makes, and its title lines, which are no part of its text."""
    # What a file says of itself holds for a lone work; in a compilation it could belong to any of its works.
    told = Metadata() if work.cover else cleaned.source.metadata
    title, title_lines = (work.title, 0) if work.title else _title_of(work.lines)
    title = title or told.title or ""
    body_lines = work.lines[title_lines:]
    body = assemble(cleaned.source.text, paragraphs(body_lines))
    plain = simplify(body.text)
    place, level = _place_and_level(simplify(title), plain, work.level)
    bylines = [fold(line) for line in cleaned.bylines] if not work.cover else []
    published = _published(bylines) or told.published
    pages = _pages(cleaned.source, body, work.page)
    exact = any(page.page is not None for page in pages) and bool(cleaned.source.sheets)
    document = Document(
        id=document_id(cleaned.source.id, part),
        source_id=cleaned.source.id,
        part=part,
        title=title.strip(_TITLE_TRIM) or _first_sentence(body.text),
        title_inferred=not title.strip(_TITLE_TRIM),
        text=body.text,
        spans=body.spans,
        sections=body.sections,
        pages=pages,
        page=pages[0].page if exact else work.page,
        page_kind="exact" if exact else "work_start" if work.page is not None else None,
        place=place,
        level=level,
        kind=next((kind for kind in _KINDS if kind in simplify(title)), None),
        published=published,
        period=_period(plain, work.cover, title, published),
        publisher=_found(_SOURCE, bylines, "publisher") or _found(_PAPER, bylines, "publisher") or told.publisher,
        author=_found(_AUTHOR, bylines, "author") or told.author,
        external_id=told.external_id,
    )
    dropped = tuple(Dropped(line.start, line.runs[-1][1], "title") for line in work.lines[:title_lines])
    return document, dropped


def _pages(source: Source, body: Body, first_page: int | str | None) -> tuple[Page, ...]:
    """The pages that a document's text runs over, by its file's sheets; else the page on which the work begins."""
    if not source.sheets:
        return (Page(first_page, 0),) if first_page is not None else ()
    starts = [sheet.start for sheet in source.sheets]
    found: list[Page] = []
    for span in body.spans:
        first = max(0, bisect_right(starts, span.origin) - 1)
        last = max(0, bisect_right(starts, span.origin + span.end - span.start - 1) - 1)
        for sheet in source.sheets[first : last + 1]:
            if not found or found[-1].sheet != sheet.number:
                at = span.start + max(0, sheet.start - span.origin)
                found.append(Page(sheet.printed, at, sheet.number))
    return tuple(found)


def _title_of(lines: Sequence[Line]) -> tuple[str, int]:
    """The title that opens a lone work, and how many lines it takes; ("", 0) when it opens with text."""
    if len(lines) < 2:
        return "", 0
    first = lines[0]
    if first.depth == 1 or (
        not is_complete(first.text) and len(first.text) <= TITLE_CHARS and not first.text.endswith(("，", "、", ","))
    ):
        second = lines[1]
        dashed = _DASH_END.search(first.text) or _DASH_START.search(second.text)
        if dashed and len(second.text) <= TITLE_CHARS and not is_complete(second.text):
            return first.text + second.text, 2
        return first.text, 1
    return "", 0


def _first_sentence(text: str) -> str:
    start, end = next(iter(sentence_spans(text)), (0, 0))
    sentence = text[start:end]
    return sentence if len(sentence) <= INFERRED_TITLE_CHARS else sentence[: INFERRED_TITLE_CHARS - 1] + "…"


def _place_and_level(title: str, text: str, level: str | None) -> tuple[str | None, str | None]:
    """The place that a work is about, as a path, and its level. `title` and `text` are Simplified."""
    place = _named(title, level)
    if place is None and (names := unknown_places(title, around=text)):
        return names[0], level or level_by_ending(names[0])
    if place is not None:
        return place.full, level or place.level
    level = level or _own_level(text)
    place = _most_named(text[:OPENING_CHARS], level)
    if place is not None:
        return place.full, level or place.level
    unknown = Counter(
        name for name in unknown_places(text[:OPENING_CHARS]) if level is None or level_by_ending(name) == level
    )
    name = _prevailing(unknown)
    return name, level or (level_by_ending(name) if name else None)


def _named(title: str, level: str | None) -> Place | None:
    """The place that a title names: one of the wanted level first, else the first."""
    found = [place for _, _, place in gazetteer().find(title, level)]
    wanted = [place for place in found if place.level == level] or found
    return wanted[0] if wanted else None


def _own_level(text: str) -> str | None:
    counts = {level: len(pattern.findall(text)) for level, pattern in _SELF.items()}
    level, count = max(counts.items(), key=lambda item: item[1])
    return level if count >= 2 else None


def _most_named(text: str, level: str | None) -> Place | None:
    counts = Counter(place for _, _, place in gazetteer().find(text, level) if level is None or place.level == level)
    return _prevailing(counts)


def _prevailing(counts: Counter[T]) -> T | None:
    """What is named at least twice and as often as everything else together: a directory of many places is of none."""
    for most, count in counts.most_common(1):
        if count >= 2 and 2 * count >= counts.total():
            return most
    return None


def _published(bylines: list[str]) -> str | None:
    dates = [date for line in bylines if (date := parse_date(line))]
    return max(dates, key=len) if dates else None


def _period(text: str, cover: str, title: str, published: str | None) -> str | None:
    """The year that a work speaks of:

    its title's, the compilation's, the one that its opening names, that of publication.
    """
    for written in (title, cover):
        if named := years(simplify(written)):
            return str(named[-1])
    opening = Counter(years(text[:PERIOD_CHARS]))
    if len(opening) == 1:
        return str(next(iter(opening)))
    return published[:4] if published else None


def _found(pattern: re.Pattern[str], bylines: list[str], group: str) -> str | None:
    return next((m.group(group).strip() for line in bylines if (m := pattern.search(line))), None)
