"""What a work is: its title, place, level, dates, publisher, author, organisation, kind, page, each with its evidence.

From the contents, the text, its bylines, what the file says of itself, its name, in that order. Nothing is made up:
what is not found stays None, and a title made from the first sentence says so.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from pathlib import PurePosixPath

from qa.places import gazetteer, unknown_places
from qa.reading.bylines import marked, read_bylines, reporters
from qa.reading.cleaning import Cleaned, Line
from qa.reading.compilation import Work
from qa.reading.contents_rows import are_names
from qa.reading.dating import covered, day_in_title, signed
from qa.reading.evidence import Found, in_body, in_line, in_title
from qa.reading.head_lines import head_of, said_in
from qa.reading.organisations import issuer
from qa.reading.own_title import own_title
from qa.reading.paragraphs import paragraphs
from qa.reading.placing import place_and_level, place_of_body
from qa.reading.sections import Body, assemble
from qa.text import sentence_spans, simplify
from qa.types import DescribedFrom, Document, Dropped, Metadata, Page, Source

TITLE_CHARS = 64
INFERRED_TITLE_CHARS = 40
_DASH_END = re.compile(r"[—–\-]{1,}$")
_DASH_START = re.compile(r"^[—–]{1,}")
_TITLE_TRIM = "：:、，,.。 \u3000\t"
# What a title calls its work, wherever it stands in it; and what only the title's last word can be.
_KINDS = "综述|总结|通报|简报|公报|报告|调研|讲话|方案|办法|通知|意见|条例|规定|名录|报道"
_LAST_KINDS = "规划|纲要|计划|要点|纪要|决定|公告|公示|汇报|致辞|答复|批复|细则|规则|倡议书|章程"
_KIND = re.compile(rf"{_KINDS}|(?:{_LAST_KINDS})(?=$|[（(\s—])")
_TITLE_WITHIN = re.compile(r"《[^》]*》")
_PAGES = (".html", ".htm", ".xhtml", ".mht", ".mhtml")
_NUMBERED_NAME = re.compile(r"^[\d\s._、()（）【】\[\]-]+")
_VERSION = re.compile(
    r"(?:[\s_(（-]*(?:最终|终|定|初|修改|修订|送审|打印)稿|[\s_-]*副本|[\s_]*\(\d+\)|[\s_-]*v?\d{1,2})[)）]?$"
)
_UNNAMED = re.compile("新建|未命名|无标题|文本文档|图片|扫描|下载|附件")
FILE_TITLE_CHARS = 6
HEAD_LINES = 3


def document_id(source_id: str, part: int) -> str:
    """A work's id: a hash of its source's bytes and its ordinal, so that it survives a rename and a re-index."""
    return hashlib.sha256(f"{source_id}:{part}".encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class _Told:
    """What a file says of itself outside its text, and where."""

    metadata: Metadata
    origin: DescribedFrom

    def field(self, name: str) -> Found | None:
        value = getattr(self.metadata, name)
        return Found(value, self.origin, value) if value else None


def describe(
    work: Work, part: int, cleaned: Cleaned, told_to_split: bool = False
) -> tuple[Document, tuple[Dropped, ...]]:
    """The document that a work makes, and its title lines, which are no part of its text."""
    source = cleaned.source
    # What a file says of itself holds for a lone work; in a compilation it could belong to any of its works.
    told = _Told(source.metadata if work.alone else Metadata(), _outside(source))
    title, title_lines = _title(work, cleaned, told, told_to_split)
    above = [*work.above, *(line for line in work.lines[:title_lines] if title is None or not _holds(title, line))]
    head, body_lines = head_of(work.lines[title_lines:])
    body = assemble(source.text, paragraphs(body_lines))
    plain = simplify(body.text)
    around = read_bylines([*_bylines_of(work, cleaned), *above, *head, *marked(body_lines[:HEAD_LINES])])
    beside = said_in(head)
    grouped = Found(work.level, "contents", work.group) if work.level else None
    place, level = place_and_level(title, plain, body, grouped)
    place = place or _place_of_file(work, source)
    published = beside.published or around.published or signed(body_lines) or signed(above)
    published = published or told.field("published") or day_in_title(title)
    organisation = issuer(title, [*above[-2:], *body_lines], body, around, place.value if place else None)
    if organisation and place is None:
        place, level = place_of_body(organisation, level)
    for line in head:
        if place is None:
            place, level = place_of_body(in_line(line.text, line, 0, len(line.text)), level)
    found = {
        "title": title,
        "place": place,
        "level": level,
        "kind": _kind(title),
        "organisation": organisation,
        "published": published,
        "period": covered(title, work.cover, plain, body, _file_title(source.name) if work.alone else "", published),
        "publisher": beside.publisher or around.publisher or told.field("publisher"),
        "author": beside.author or around.author or _reporters(body) or _listed(work) or told.field("author"),
    }
    values = {field: one.value if one else None for field, one in found.items()}
    pages = _pages(source, body, work.page)
    exact = any(page.page is not None for page in pages) and bool(source.sheets)
    document = Document(
        id=document_id(source.id, part),
        source_id=source.id,
        part=part,
        title=values["title"] or _first_sentence(body.text),
        title_inferred=not title,
        text=body.text,
        spans=body.spans,
        sections=body.sections,
        pages=pages,
        page=pages[0].page if exact else work.page,
        page_kind="exact" if exact else "work_start" if work.page is not None else None,
        place=values["place"],
        level=values["level"],
        kind=values["kind"],
        organisation=values["organisation"],
        published=values["published"],
        period=values["period"],
        publisher=values["publisher"],
        author=values["author"],
        external_id=told.metadata.external_id,
        described=tuple(one.of(field) for field, one in found.items() if one),
    )
    dropped = [Dropped(line.start, line.runs[-1][1], "title") for line in work.lines[:title_lines]]
    dropped += [Dropped(line.start, line.runs[-1][1], "byline") for line in head]
    return document, tuple(dropped)


def _holds(title: Found, line: Line) -> bool:
    return title.start is not None and title.end is not None and title.start <= line.start < title.end


def _listed(work: Work) -> Found | None:
    """The authors whom the contents name beside the title."""
    return Found(work.names, "contents", work.names) if work.names and are_names(work.names) else None


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


def _outside(source: Source) -> DescribedFrom:
    """What a file's metadata is called: a page's head, a record's fields, a document's properties."""
    name = source.name.lower()
    return "page_metadata" if name.endswith(_PAGES) else "record" if ".jsonl" in name else "file_properties"


def _title(work: Work, cleaned: Cleaned, told: _Told, told_to_split: bool) -> tuple[Found | None, int]:
    """The title, and how many of the work's lines it takes, with what stands above it."""
    lines, count = list(work.lines), 0
    if work.title:
        before = bisect_left(cleaned.lines, work.lines[0].start, key=_start) - 1
        lines = [cleaned.lines[before]] if before >= 0 and cleaned.lines[before].text == work.title else []
        written, origin = work.title, "settings" if told_to_split else "contents" if work.listed else "text"
    else:
        own = own_title(work.lines)
        written, count, origin = own.words, own.until, "text"
        lines = lines[own.above : own.until]
    value = written.strip(_TITLE_TRIM)
    if value:
        start, end = (lines[0].start, lines[-1].runs[-1][1]) if lines else (None, None)
        return Found(value, origin, value, start, end), count  # type: ignore[arg-type]
    file_title = _file_title(cleaned.source.name) if work.alone else ""
    return told.field("title") or (Found(file_title, "file_name", file_title) if file_title else None), count


def _file_title(name: str) -> str:
    """The title that a file's name gives, without its number and version; "" where it gives none."""
    path = PurePosixPath(name)
    title = _VERSION.sub("", _NUMBERED_NAME.sub("", path.stem)).strip(_TITLE_TRIM + "_") if path.suffix else ""
    han = sum("\u4e00" <= char <= "\u9fff" for char in title)
    return title if han >= FILE_TITLE_CHARS and not _UNNAMED.search(title) else ""


def _bylines_of(work: Work, cleaned: Cleaned) -> list[Line]:
    """The bylines that stand within a work: from its title to the next work's; of a lone work, all.

    What closes a compilation is about the compilation.
    """
    if work.alone:
        return list(cleaned.bylines)
    lines = cleaned.lines
    first = bisect_left(lines, work.lines[0].start, key=_start) - 1
    last = bisect_right(lines, work.lines[-1].start, key=_start)
    begin = lines[first].start if first >= 0 else 0
    until = lines[last].start if last < len(lines) else len(cleaned.source.text)
    a, b = (bisect_left(cleaned.bylines, at, key=_start) for at in (begin, until))
    drops = cleaned.dropped
    closing = {
        drops[at].start
        for at in range(bisect_left(drops, begin, key=_start), bisect_left(drops, until, key=_start))
        if drops[at].reason == "boilerplate"
    }
    return [line for line in cleaned.bylines[a:b] if line.start not in closing]


def _start(one: Line | Dropped) -> int:
    return one.start


def _place_of_file(work: Work, source: Source) -> Found | None:
    """The place that the file's name names in full."""
    plain = simplify(_file_title(source.name)) if work.alone else ""
    known = [(place.full, plain[a:b]) for a, b, place in gazetteer().find(plain) if plain[a:b] == place.name]
    found = known or [(name, name) for name in unknown_places(plain)]
    return Found(found[0][0], "file_name", found[0][1]) if found else None


def _kind(title: Found | None) -> Found | None:
    """What the title calls its work last, outside the titles that it quotes: 关于印发《……方案》的通知 is a 通知."""
    plain = simplify(title.value) if title else ""
    quoted = [match.span() for match in _TITLE_WITHIN.finditer(plain)]
    named = [m for m in _KIND.finditer(plain) if not any(a <= m.start() < b for a, b in quoted)]
    return in_title(named[-1].group(), title, *named[-1].span()) if title and named else None


def _reporters(body: Body) -> Found | None:
    named = reporters(body.text)
    return in_body(named[0], body.text, body.spans, named[1], named[2]) if named else None


def _first_sentence(text: str) -> str:
    start, end = next(iter(sentence_spans(text)), (0, 0))
    # Halves of a sentence that belong together (…；…。) are one title, as far as there is room.
    for further, until in sentence_spans(text, end):
        if text[end - 1 : end] not in "；;" or further > end or until - start > INFERRED_TITLE_CHARS:
            break
        end = until
    sentence = text[start:end].rstrip("；;")
    return sentence if len(sentence) <= INFERRED_TITLE_CHARS else sentence[: INFERRED_TITLE_CHARS - 1] + "…"
