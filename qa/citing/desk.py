"""Citing over one library: a reference for a span, how a link stands, every place of a phrase, a report of quotations.

Joins the library and the finder with the rooms' own steps. Knows nothing of HTTP.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa.citing.exporting import Excerpt
from qa.citing.occurrences import Occurrence, in_order
from qa.citing.permalinks import Link, Resolved, resolve
from qa.citing.styles import Cited, Style, cite
from qa.errors import InvalidInput, NotFound
from qa.indexing.library import Library
from qa.retrieval.quoting import Finder, Found
from qa.text import letters, quote_hash
from qa.types import Citation, Document, Passage

MAX_OCCURRENCES = 500
ELSEWHERE = 5


@dataclass(frozen=True, slots=True)
class Wanted:
    """A quotation that someone keeps. `hash` or `quote` says which words stood there; both may be missing."""

    document_id: str
    start: int
    end: int
    hash: str = ""
    quote: str = ""
    title: str = ""
    accessed: str | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """How a kept quotation stands, and where else its words stand where its document has them no longer."""

    wanted: Wanted
    resolved: Resolved
    elsewhere: tuple[Citation, ...] = ()


class Desk:
    """What the product does with citations."""

    def __init__(self, library: Library, finder: Finder) -> None:
        self.library = library
        self.finder = finder

    def cite(
        self, document_id: str, start: int | None, end: int | None, style: Style, accessed: str | None = None
    ) -> Cited:
        """A document's or a quotation's reference. Raises NotFound, InvalidInput."""
        return cite(self.library.document(document_id), start, end, style, accessed)

    def stand(self, wanted: Wanted) -> Kept:
        """Whether a quotation still stands where it stood, and where it went. Never raises for what is gone."""
        resolved = self._resolve(wanted)
        lost = resolved.standing in ("changed", "gone") and letters(wanted.quote)
        found = self.finder.find(wanted.quote, ELSEWHERE, near=False) if lost else []
        return Kept(wanted, resolved, tuple(citation for one in found if (citation := self._citation(one))))

    def _resolve(self, wanted: Wanted) -> Resolved:
        document = self._document(wanted.document_id)
        words = wanted.hash or (quote_hash(wanted.quote) if letters(wanted.quote) else "")
        if not words and document is not None:  # nobody says which words: the span is taken at its word
            words = quote_hash(document.text[wanted.start : wanted.end])
        link = Link(wanted.document_id, wanted.start, wanted.end, words)
        successors = () if document is not None else self.library.successors(wanted.document_id)
        return resolve(link, document, successors, wanted.quote)

    def _document(self, document_id: str) -> Document | None:
        try:
            return self.library.document(document_id)
        except NotFound:
            return None

    def excerpts(self, wanted: Sequence[tuple[int, Wanted]], style: Style) -> list[Excerpt]:
        """Numbered quotations as they stand now, for a report. Raises InvalidInput for a span outside its text."""
        return [self._excerpt(number, one, style) for number, one in wanted]

    def _excerpt(self, number: int, wanted: Wanted, style: Style) -> Excerpt:
        resolved = self._resolve(wanted)
        document = resolved.document
        if document is None:
            return Excerpt(number, None, resolved.standing, wanted.title)
        if resolved.standing == "changed":  # the words are not there: the document alone can be cited
            return Excerpt(number, cite(document, None, None, style, wanted.accessed), "changed")
        cited = cite(document, resolved.start, resolved.end, style, wanted.accessed)
        return Excerpt(number, cited, resolved.standing)

    def occurrences(self, words: str, limit: int = MAX_OCCURRENCES) -> list[Occurrence]:
        """Every place where words stand, earliest first. Raises InvalidInput where there is nothing to look for."""
        if not letters(words):
            raise InvalidInput("没有可查的字", "请写下要查的一句话、一个词或一个数。", field="/q")
        found = self.finder.find(words, limit)
        cited = ((one, self._citation(one)) for one in found)
        return in_order(Occurrence(one.match, one.distance, citation) for one, citation in cited if citation)

    def _citation(self, found: Found) -> Citation | None:
        """A place as a citation, None where its document went in the meantime."""
        document = self._document(found.document_id)
        if document is None:
            return None
        quote = document.text[found.start : found.end]
        passage = self._passage(document, found.start, found.end)
        return Citation(0, document, passage, quote, found.start, found.end, 1.0)

    def _passage(self, document: Document, start: int, end: int) -> Passage:
        """The passage that holds a span; where the span runs on, the passage is stretched to its end."""
        passages = self.library.passages_of(document.id)
        at = next((one for one in passages if one.start <= start < one.end), None)
        if at is None:
            return Passage("", document.id, 0, (), start, end, document.text[start:end], "")
        last = max(end, at.end)
        return at if last == at.end else replace(at, end=last, text=document.text[at.start : last])
