"""The lines around an article that say who wrote it, when, and who published it, field by field.

Several fields may share a line, with or without spaces between them (2023-01-31 09:01来源：青屿时报编辑：某某). An
editor is never an author. Knows nothing of works.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import takewhile
from pathlib import Path

from qa.indexing.people import is_name
from qa.numbers import parse_date
from qa.reading.cleaning import Line
from qa.reading.evidence import Found, in_line
from qa.reading.headings import is_complete
from qa.text import fold, fold_with_origins

_LABELS = Path(__file__).resolve().parent.parent / "data" / "bylines.toml"
_KINDS = ("author", "publisher", "organisation", "published", "updated", "other")
_MARKED = re.compile(r"^\s*[□■○●◎]\s*[一-龥]")
_OUTER = " □■○●◎[]()【】<>《》|·•*—-:;,、。"
_NAME = r"[一-龥]{1,6}·[一-龥·]{1,10}|[一-龥]{2,4}"
_NAMES = re.compile(rf"(?:{_NAME})(?:[ 、,/]+(?:{_NAME}))*")
_PAPER = re.compile(r"^《\s*(?P<publisher>[^》]{2,12}?)\s*》\s*\((?P<date>.*?)\s*(?P<page>\d{1,3})\s*版?\s*\)$")
_BRACKET = re.compile(r"[(（【](?P<inside>[^()（）【】\n]{4,40})[)）】]")
_NUMBERED = re.compile(r"(?:发|字|办|函|通|报)\s*[〔\[(【](?P<year>20\d\d)[〕\])】]\s*(?:第\s*)?\d{1,4}\s*号")
_BEGINS_WITH_DATE = re.compile(
    r"^\W*(?:(?:19|20)\d\d\s*[-/.年]\s*\d{1,2}|民国|[一二][〇○零0-9一二三四五六七八九]{3}年)"
)
_DATE = re.compile(r"\s*(?:19|20)\d\d\s*[-/.年]\s*\d{1,2}.*$")
_ADDRESS = re.compile(r"://|^www\.|\.(?:cn|com|net|org)\b")
MAX_LINE = 160
MAX_VALUE = 40
MAX_PUBLISHER = 24
EDGE_CHARS = 220


@dataclass(frozen=True, slots=True)
class Bylines:
    """What the lines around an article say of it; None where they say nothing."""

    author: Found | None = None
    publisher: Found | None = None
    published: Found | None = None
    organisation: Found | None = None


@dataclass(frozen=True, slots=True)
class _Field:
    """A label's kind and its value: `start` and `end` count into the folded line."""

    kind: str
    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Patterns:
    label: re.Pattern[str]
    role: re.Pattern[str]
    nobody: frozenset[str]


@cache
def _patterns() -> _Patterns:
    data = tomllib.loads(_LABELS.read_text("utf-8"))
    kinds = [rf"(?P<{kind}>{_any(data[kind])})\s*:\s*" for kind in _KINDS]
    slashed = rf"(?<![一-龥a-z0-9])(?P<slashed>{_any(data['author_slashed'])})\s*[:/]\s*(?![文图])"
    pictures = r"(?<![一-龥a-z0-9])(?P<pictures>图|摄影|供图)\s*/\s*"
    label = re.compile("|".join([*kinds, slashed, pictures]))
    return _Patterns(label, re.compile(data["role"]), frozenset(data["nobody"]))


def _any(words: Sequence[str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


def read_bylines(lines: Sequence[Line]) -> Bylines:
    """The fields of the lines around an article; of several that say the same, the first (of dates, the fullest)."""
    found: dict[str, list[Found]] = {"published": [], "updated": [], "author": [], "publisher": [], "organisation": []}
    for line in lines:
        if len(line.text) > MAX_LINE or (len(line.text) > MAX_VALUE and is_complete(line.text)):
            continue  # a notice that speaks of sources and authors in general
        folded = fold_with_origins(line.text)
        for field in _fields(folded.text):
            value = _value(field)
            if value and field.kind in found:
                start, end = folded.original_span(field.start, field.end)
                found[field.kind].append(in_line(value, line, start, end))
    dates = found["published"] or found["updated"]
    return Bylines(
        author=next(iter(found["author"]), None),
        publisher=next(iter(found["publisher"]), None),
        published=max(dates, key=lambda date: len(date.value)) if dates else None,
        organisation=next(iter(found["organisation"]), None),
    )


def marked(lines: Sequence[Line]) -> list[Line]:
    """Lines above the text that a mark shows to be names: □ 许清和."""
    return [line for line in takewhile(lambda line: not is_complete(line.text), lines) if _MARKED.match(line.text)]


def _fields(folded: str) -> Iterator[_Field]:
    """The labelled fields of a folded line, and what its other words say."""
    labels = list(_patterns().label.finditer(folded))
    first = labels[0].start() if labels else len(folded)
    if first and not (paper := _PAPER.match(folded)):
        yield from _unlabelled(folded[:first])
    elif first and paper:
        yield _Field("publisher", paper["publisher"], *paper.span("publisher"))
        yield _Field("published", paper["date"], *paper.span("date"))
    ends = [*(label.start() for label in labels), len(folded)][1:]
    for label, end in zip(labels, ends, strict=False):
        kind = {"slashed": "author", "pictures": "other"}.get(label.lastgroup or "", label.lastgroup or "")
        yield from _split_off_date(_trimmed(kind, folded, label.end(), end))


def _unlabelled(text: str) -> Iterator[_Field]:
    """A date, or a row of reporters without labels: 青屿时报记者 许清和."""
    if _BEGINS_WITH_DATE.match(text):
        yield _trimmed("published", text, 0, len(text))
    elif _patterns().role.match(text.strip(_OUTER)) or _MARKED.match(text):
        yield _trimmed("author", text, 0, len(text))


def _trimmed(kind: str, text: str, start: int, end: int) -> _Field:
    while start < end and text[start] in _OUTER:
        start += 1
    while end > start and text[end - 1] in _OUTER:
        end -= 1
    return _Field(kind, text[start:end], start, end)


def _split_off_date(field: _Field) -> Iterator[_Field]:
    """来源：青屿时报 2023-01-18 says two things."""
    date = _DATE.search(field.value) if field.kind in ("author", "publisher", "organisation") else None
    if date is None:
        yield field
        return
    yield _Field(field.kind, field.value[: date.start()], field.start, field.start + date.start())
    at = field.start + date.start() + len(date.group()) - len(date.group().lstrip())
    yield _Field("published", date.group().strip(), at, field.end)


def _value(field: _Field) -> str | None:
    """What a field says, None where it says nothing."""
    if not field.value or len(field.value) > MAX_VALUE or field.value in _patterns().nobody:
        return None
    if field.kind in ("published", "updated"):
        return parse_date(field.value)
    if field.kind == "author":
        return names_in(field.value)
    value = field.value.split(" ")[0]
    if field.kind == "publisher" and not 2 <= len(value) <= MAX_PUBLISHER:
        return None
    if _ADDRESS.search(value) or value in _patterns().nobody:
        return None
    return value if re.search(r"[^\W\d_]", value) else None


def names_in(written: str) -> str | None:
    """The names in a row of them, what people are left out: 本报记者 许清和 通讯员 方既白 → 许清和、方既白."""
    plain = _patterns().role.sub(" ", written).strip(_OUTER)
    match = _NAMES.fullmatch(plain)
    if match is None:
        return plain if 4 < len(plain) <= MAX_PUBLISHER and re.fullmatch(r"[一-龥a-z ·]+", plain) else None
    named = [name for name in re.split(r"[ 、,/]+", plain) if name not in _patterns().nobody]
    return "、".join(dict.fromkeys(named)) or None


def reporters(text: str) -> tuple[str, int, int] | None:
    """The reporters that a text names in brackets at its beginning or end: (names, start, end).

    本报讯（记者 许清和）; （记者 许清和 通讯员 方既白）.
    """
    last = max(0, len(text) - EDGE_CHARS)
    for match in (*_BRACKET.finditer(text, 0, EDGE_CHARS), *_BRACKET.finditer(text, max(last, EDGE_CHARS))):
        plain = fold(match["inside"])
        names = names_in(plain) if _patterns().role.match(plain) else None
        if names and all(map(is_name, names.split("、"))):  # no 记者站旁
            return names, match.start("inside"), match.end("inside")
    return None


def year_of_number(text: str) -> tuple[str, int, int] | None:
    """The year in an official paper's number, 云政办发〔2023〕5号 → ("2023", start, end of the number)."""
    match = _NUMBERED.search(text)
    return (match["year"], *match.span()) if match else None
