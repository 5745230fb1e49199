"""What a Word paragraph is by its form: heading, title, running text, a line of contents."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.reading.formats.word_runs import Words
from qa.reading.formats.word_styles import TITLE_LEVEL, Form, W, number, value

if TYPE_CHECKING:
    from lxml.etree import _Element

CONTENTS_TITLE = re.compile(r"^目\s*[录次錄]$")
_NUMBERED = re.compile(
    r"^(?:第?[一二三四五六七八九十百\d]{1,4}\s*[章节篇部编、．.]|[（(][一二三四五六七八九十\d]{1,3}[)）])"
)
HEADING_CHARS = 120
SENTENCES_IN_HEADING = 40
TITLE_CHARS = 64
TITLE_LARGER = 1.2
INDENTED_SHARE = 0.5
LONG_LINE = 36
MIN_WORKS = 3


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph as it will be written: its words, form and list number."""

    words: Words
    text: str
    form: Form
    label: str
    size: int


def type_size(paragraph: _Element) -> int:
    """The type size that most of a paragraph's runs give themselves, in half-points, 0 when they give none."""
    sizes: Counter[int] = Counter()
    for run in paragraph.iterfind(W + "r"):
        size = number(value(run.find(W + "rPr"), "sz"))
        sizes[size] += sum(len(t.text or "") for t in run.iterfind(W + "t"))
    return sizes.most_common(1)[0][0] if sizes else 0


def usual_size(paragraphs: Sequence[Paragraph]) -> int:
    sizes: Counter[int] = Counter()
    for paragraph in paragraphs:
        sizes[paragraph.size] += len(paragraph.text)
    return sizes.most_common(1)[0][0] if sizes else 0


def uses_indents(paragraphs: Sequence[Paragraph]) -> bool:
    long = [p for p in paragraphs if len(p.text.strip()) > LONG_LINE]
    indented = sum(p.form.indented or p.text[:1] in "\u3000 \t" for p in long)
    return indented > INDENTED_SHARE * len(long)


def level_of_works(paragraphs: Sequence[Paragraph]) -> int:
    """The deepest level of styled contents that can name works, 0 when none can.

    Titles without numbers name works, and what stands below them sections (一、, 1.1). Where all titles have numbers,
    the outermost can name works or chapters: that is judged with the whole text in sight.
    """
    listed = [p for p in paragraphs if p.form.contents]
    for found in ([p for p in listed if not _NUMBERED.match(p.text.strip())], listed):
        levels = Counter(p.form.contents for p in found)
        if level := next((level for level in sorted(levels) if levels[level] >= MIN_WORKS), 0):
            return level
    return 0


def flows(paragraph: Paragraph | None) -> bool:
    """Is it running text, which a cut could have parted from the paragraph before it?"""
    if paragraph is None or paragraph.label or paragraph.form.contents or outline(paragraph) is not None:
        return False
    return paragraph.form.aligned not in ("center", "right", "end") and bool(paragraph.text.strip())


def outline(paragraph: Paragraph) -> int | None:
    """The outline level of a paragraph that can be a heading; whole passages styled as headings are text."""
    text = paragraph.text.strip()
    if not text or len(text) > HEADING_CHARS or (len(text) > SENTENCES_IN_HEADING and "。" in text[:-1]):
        return None
    return paragraph.form.outline


def heading_depth(paragraph: Paragraph, titled: bool) -> int:
    level = outline(paragraph)
    if level is None:
        return 0
    return 1 if level == TITLE_LEVEL else level + 1 + titled


def title_depth(paragraph: Paragraph, usual: int) -> int:
    """In a file without styled headings a short, centred line in larger type is a title."""
    text = paragraph.text.strip()
    likely = (
        paragraph.form.aligned == "center"
        and 2 <= len(text) <= TITLE_CHARS
        and text[-1] not in "。！？；，"
        and not CONTENTS_TITLE.match(text)
    )
    return 1 if likely and usual and paragraph.size >= TITLE_LARGER * usual else 0
