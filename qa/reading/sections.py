"""Paragraphs become a document's text, its spans, and the tree of its sections.

The text is a selection: each character stood in the source, newlines between paragraphs included.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa.reading.paragraphs import Paragraph
from qa.types import Document, Section, Span

_ENDS = frozenset("。！？；!?;")
_AFTER = frozenset(("", "\n", "\r"))


@dataclass(frozen=True, slots=True)
class Body:
    """A document's text with where it came from and how it is divided."""

    text: str
    spans: tuple[Span, ...]
    sections: tuple[Section, ...]


def assemble(source_text: str, paragraphs: Sequence[Paragraph]) -> Body:
    """The text of paragraphs, joined by the source's own newlines."""
    spans: list[Span] = []
    headings: list[tuple[str, int, int]] = []
    at, previous_end = 0, None
    for paragraph in paragraphs:
        if previous_end is not None:
            newline = _newline(source_text, previous_end, paragraph.runs[0][0])
            if newline >= 0:  # there is none before a heading that its source glued to a paragraph
                at = _keep(spans, at, newline, newline + 1)
        if paragraph.depth:
            headings.append((paragraph.heading, paragraph.depth, at))
        for start, end in paragraph.runs:
            at = _keep(spans, at, start, end)
        previous_end = paragraph.runs[-1][1]
    text = "".join(source_text[s.origin : s.origin + s.end - s.start] for s in spans)
    return Body(text, tuple(spans), _sections(headings, len(text)))


def _newline(text: str, start: int, end: int) -> int:
    found = text.find("\n", start, end)
    return found if found >= 0 else text.find("\r", start, end)


def _keep(spans: list[Span], at: int, start: int, end: int) -> int:
    if spans and spans[-1].origin + spans[-1].end - spans[-1].start == start:
        spans[-1] = Span(spans[-1].start, at + end - start, spans[-1].origin)
    else:
        spans.append(Span(at, at + end - start, start))
    return at + end - start


def _sections(headings: list[tuple[str, int, int]], length: int) -> tuple[Section, ...]:
    """Each section ends where the next one of its depth or above begins. Depths are made to begin at 1."""
    shallowest = min((depth for _, depth, _ in headings), default=1)
    sections = []
    for index, (heading, depth, start) in enumerate(headings):
        end = next((s for _, d, s in headings[index + 1 :] if d <= depth), length)
        sections.append(Section(heading, depth - shallowest + 1, start, end))
    return tuple(sections)


def heading_path(sections: Sequence[Section], start: int) -> tuple[str, ...]:
    """The headings above a point of the text, outermost first."""
    return tuple(s.heading for s in sections if s.start <= start < s.end)


def heading_starts(document: Document) -> frozenset[int]:
    """Where the headings stand that have their sentence to themselves; one that runs into its text has not."""
    text = document.text
    ends = ((section.start, section.start + len(section.heading)) for section in document.sections)
    return frozenset(start for start, end in ends if text[end - 1 : end] in _ENDS or text[end : end + 1] in _AFTER)
