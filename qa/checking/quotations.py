"""The quotations in a draft: is each one piece of a source, and of the document that is named for it?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from qa.checking.claims import Sentence
from qa.indexing.library import Library
from qa.retrieval.quoting import Finder, Found
from qa.text import fold_with_origins, letters
from qa.types import DraftDifference, Note

QUOTED_LETTERS = 12  # fewer are a name or a catchword
PART_LETTERS = 6
MOST = 0.4  # of a sentence's characters
NEARLY = 0.25  # letters of a quotation that may differ before it is no quotation of that place
_QUOTATION = re.compile(r"[“「『\"]([^“”「」『』\"]{8,400})[”」』\"]")
_TITLE = re.compile(r"《([^《》]{4,60})》")
_SAYS = re.compile(r"指出|强调|提出|要求|写道|写到|明确|规定|称|说|表示|载|中|里|：|:|所述")
_CUT = re.compile(r"(?<=[，,；;。、：:…])")


def quotations(sentence: Sentence) -> list[tuple[int, int]]:
    """Spans of the sentence's long quotations, their marks left out."""
    spans = [match.span(1) for match in _QUOTATION.finditer(sentence.text)]
    return [(a, b) for a, b in spans if len(letters(sentence.text[a:b])) >= QUOTED_LETTERS]


def notes(
    sentence: Sentence, finder: Finder, library: Library, allowed: frozenset[str] | None = None
) -> Iterator[Note]:
    """Quotations put together from two places, and those that another document holds than the one named."""
    for start, end in quotations(sentence):
        quote = sentence.text[start:end]
        standing = finder.find(quote, limit=12, near=False, allowed=allowed)
        if standing:
            yield from _misattributed(sentence, start, end, standing, library)
        elif parts := _parts(quote, finder, allowed):
            told = f"这段引文由两处拼成：“{parts[0]}”与“{parts[1]}”不在一起"
            yield Note("stitched", told, sentence.start + start, sentence.start + end)


def wording(
    sentence: Sentence, finder: Finder, library: Library, allowed: frozenset[str] | None = None
) -> Iterator[tuple[Found, list[DraftDifference]]]:
    """For each long quotation that stands nowhere as it is written: the place that is nearest, and where it departs."""
    for start, end in quotations(sentence):
        quote = sentence.text[start:end]
        nearest = next(iter(finder.find(quote, limit=1, allowed=allowed)), None)
        if nearest is None or nearest.distance == 0 or nearest.distance > NEARLY * len(letters(quote)):
            continue
        source = library.document(nearest.document_id).text[nearest.start : nearest.end]
        yield nearest, list(_departures(quote, source, sentence.start + start))


def _departures(quote: str, source: str, at: int) -> Iterator[DraftDifference]:
    """The runs of letters in which a quotation departs from its source, as they are written."""
    mine, its = fold_with_origins(quote, letters_only=True), fold_with_origins(source, letters_only=True)
    for a, b, c, d in _changed(mine.text, its.text):
        start, end = mine.original_span(a, b)
        yield DraftDifference(
            "wording", quote[start:end], source[slice(*its.original_span(c, d))], at + start, at + end
        )


def _changed(mine: str, its: str) -> list[tuple[int, int, int, int]]:
    """Where two texts differ: spans of both, neighbours in one, each with a letter at least."""
    found: list[tuple[int, int, int, int]] = []
    for tag, a, b, c, d in SequenceMatcher(None, mine, its, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        if found and a - found[-1][1] <= 1:
            a, c = found[-1][0], found[-1][2]
            found.pop()
        if a == b or c == d:  # something is left out on one side: shown with the letter before it
            a, c, b, d = (a - 1, c - 1, b, d) if min(a, c) else (a, c, b + 1, d + 1)
        found.append((a, min(b, len(mine)), c, min(d, len(its))))
    return found


def stand(sentence: Sentence, finder: Finder, allowed: frozenset[str] | None = None) -> list[Found]:
    """Where the quotations of a sentence stand word for word, when they are most of it and all of them do."""
    spans = quotations(sentence)
    if not spans or sum(b - a for a, b in spans) < MOST * len(sentence.text):
        return []
    found = [finder.find(sentence.text[a:b], limit=2, near=False, allowed=allowed) for a, b in spans]
    return [place for places in found for place in places] if all(found) else []


def _parts(quote: str, finder: Finder, allowed: frozenset[str] | None) -> tuple[str, str] | None:
    """The two parts that each stand in the library word for word, though not together."""
    cuts = [m.start() for m in _CUT.finditer(quote)]
    for cut in cuts:
        one, other = quote[:cut], quote[cut:]
        if min(len(letters(one)), len(letters(other))) < PART_LETTERS:
            continue
        if finder.find(one, limit=1, near=False, allowed=allowed) and finder.find(
            other, limit=1, near=False, allowed=allowed
        ):
            return one.strip("，,；;。、：:…"), other.strip("，,；;。、：:…")
    return None


def _misattributed(
    sentence: Sentence, start: int, end: int, standing: Sequence[Found], library: Library
) -> Iterator[Note]:
    """The title named before a quotation is not that of a document that holds it."""
    named = [m for m in _TITLE.finditer(sentence.text, 0, start) if _SAYS.search(sentence.text, m.end(), start)]
    if not named:
        return
    title = named[-1][1]
    holders = [document.title for document in library.present(list(dict.fromkeys(f.document_id for f in standing)))]
    wanted = letters(title)
    if holders and not any(wanted in letters(one) or letters(one) in wanted for one in holders):
        told = f"《{title}》里没有这段话，它见于《{holders[0]}》"
        yield Note("misattributed", told, sentence.start + start, sentence.start + end)
