"""A hit, a pick and what is asked, about an invented ferry."""

from __future__ import annotations

from dataclasses import replace

from qa.answering.leads import Lead
from qa.answering.selecting import Pick
from qa.retrieval.questions import Asked, Kind
from qa.types import Document, Hit, Passage

TEXT = "2023年，全市新添渡船6条，末班船延到20点。渡口管理所所长陶望舒说，今年还要添2条。"
DOCUMENT = Document("d1", "s1", 1, "青屿市渡口综述", TEXT, place="青屿市", level="市级", period="2023")


def asking(text: str, kind: Kind = "number", unit: str = "") -> Asked:
    return Asked(text, kind, (), (), unit=unit)


def pick_of(quote: str, document: Document = DOCUMENT, lead: str = "", score: float = 1.0, fit: float = 1.0) -> Pick:
    """A pick of the words that are to be quoted; its sentence and its passage are the document's whole text."""
    text = document.text
    start = text.index(quote)
    at = text.index(lead) if lead else 0
    passage = Passage(f"{document.id}-p", document.id, 0, (), 0, len(text), text, document.title)
    return Pick(
        hit=Hit(passage, document, 0.9, {}),
        sentence=(0, len(text)),
        start=start,
        end=start + len(quote),
        score=score,
        coverage=0.9,
        missing=0.0,
        fit=fit,
        beside=0.9,
        lead=Lead(lead, at, at + len(lead)) if lead else None,
    )


def another(text: str = TEXT, **changes: object) -> Document:
    return replace(DOCUMENT, id="d2", title="另一份综述", text=text, **changes)  # type: ignore[arg-type]
