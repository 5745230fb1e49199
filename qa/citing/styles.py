"""A quotation of a document in any style, and many of them as one list. Knows nothing of HTTP."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

from qa.citing.exchange import bibtex, csl_json, csl_text, ris
from qa.citing.footnotes import footnote
from qa.citing.gbt7714 import gbt7714
from qa.citing.references import CALLED, Field, Reference, reference_of
from qa.errors import InvalidInput
from qa.types import Document

Style = Literal[
    "gbt7714", "gbt7714-author-year", "gbt7714-2015", "gbt7714-2015-author-year", "footnote", "bibtex", "ris",
    "csl-json",
]  # fmt: skip
STYLES: tuple[Style, ...] = get_args(Style)
NUMBERED = frozenset({"gbt7714", "gbt7714-2015"})


@dataclass(frozen=True, slots=True)
class Cited:
    """One reference, written. `missing` are the fields that are not known, and `text` shows them so.

    The span counts into the document's text; it is empty where the whole document is cited.
    """

    style: Style
    text: str
    reference: Reference
    document: Document
    start: int
    end: int

    @property
    def missing(self) -> tuple[Field, ...]:
        return self.reference.missing

    @property
    def missing_called(self) -> tuple[str, ...]:
        """What is missing, in Chinese."""
        paper = self.reference.type == "N"
        return tuple("版次" if paper and field == "page" else CALLED[field] for field in self.missing)

    @property
    def shown(self) -> str:
        """The reference for a reader. A footnote says of each field itself that it is not known."""
        missing = "、".join(self.missing_called) if self.style != "footnote" else ""
        return self.text.strip() + (f"（缺：{missing}）" if missing else "")

    @property
    def quote(self) -> str:
        return self.document.text[self.start : self.end]


def cite(
    document: Document, start: int | None, end: int | None, style: Style = "gbt7714", accessed: str | None = None
) -> Cited:
    """A quotation's reference. Without a span the document is cited as a whole.

    `accessed`: the day on which the reader opened it online, ISO 8601. Raises InvalidInput for a span outside the text.
    """
    if (start is None) != (end is None):
        raise InvalidInput("start 和 end 要么都给，要么都不给", field="/end" if end is None else "/start")
    first, last = start or 0, end or 0
    if not 0 <= first <= last <= len(document.text):
        raise InvalidInput(
            f"start 到 end 应在正文的 0 到 {len(document.text)} 之间", "请按接口给出的位置填。", field="/end"
        )
    reference = reference_of(document, first, last, accessed)
    if start is None and reference.host is None and reference.type not in ("N", "J"):
        reference = replace(reference, page="", page_open=False)
    return Cited(style, written(reference, style, key_of(document, first)), reference, document, first, last)


def key_of(document: Document, start: int) -> str:
    """A key for programs that lists may tell apart."""
    return f"yinju{document.id[:8]}-{start}"


def written(reference: Reference, style: Style, key: str) -> str:
    """The reference in a style; `key` names it in the styles that have keys."""
    match style:
        case "gbt7714" | "gbt7714-author-year":
            return gbt7714(reference, "2025", author_year=style.endswith("author-year"))
        case "gbt7714-2015" | "gbt7714-2015-author-year":
            return gbt7714(reference, "2015", author_year=style.endswith("author-year"))
        case "footnote":
            return footnote(reference)
        case "bibtex":
            return bibtex(reference, key)
        case "ris":
            return ris(reference)
        case "csl-json":
            return csl_text([csl_json(reference, key)])


def listed(citations: Sequence[Cited]) -> str:
    """All of them as one list, in the form that their style has for lists. They share one style."""
    if not citations:
        return ""
    style = citations[0].style
    if style == "csl-json":
        return csl_text(csl_json(one.reference, key_of(one.document, one.start)) for one in citations)
    if style == "ris":
        return "\r\n".join(one.text for one in citations)
    if style == "bibtex":
        return "\n\n".join(one.text for one in citations) + "\n"
    if style in NUMBERED:
        return "\n".join(f"[{number}] {one.text}" for number, one in enumerate(citations, 1)) + "\n"
    return "\n".join(one.text for one in citations) + "\n"
