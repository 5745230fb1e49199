"""Every place where a phrase stands, in order of time, and the wordings that it took: how a saying came to be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from qa.text import letters
from qa.types import Citation

Dated = Literal["published", "period"]


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One place. `distance`: how many letters differ from what was asked for."""

    match: Literal["verbatim", "script", "variant"]
    distance: int
    citation: Citation

    @property
    def when(self) -> tuple[str | None, Dated | None]:
        """The document's time, ISO 8601 as exact as known: when it was published, else the year that it speaks of."""
        document = self.citation.document
        if document.published:
            return document.published, "published"
        return (document.period, "period") if document.period else (None, None)


@dataclass(frozen=True, slots=True)
class Wording:
    """One way in which it is said: its words as they first stand, since when (None: not known), how often."""

    quote: str
    since: str | None
    count: int


def in_order(occurrences: Iterable[Occurrence]) -> list[Occurrence]:
    """Earliest first; what has no time comes last."""
    return sorted(occurrences, key=lambda one: (one.when[0] or "9999", one.citation.document.id, one.citation.start))


def wordings(occurrences: Sequence[Occurrence]) -> list[Wording]:
    """The different wordings, scripts and punctuation aside, in order of their first appearance."""
    groups: dict[str, list[Occurrence]] = {}
    for one in occurrences:
        groups.setdefault(letters(one.citation.quote), []).append(one)
    return [Wording(group[0].citation.quote, group[0].when[0], len(group)) for group in groups.values()]
