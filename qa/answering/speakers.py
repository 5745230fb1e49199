"""Who said it: a quotation that answers is told with the sentence that names its speaker, before or after it."""

from __future__ import annotations

from dataclasses import replace

from qa.answering.leads import Lead, people
from qa.answering.selecting import Pick
from qa.text import sentence_spans, simplify

# Speech and speaker together; more of a speech would hide who spoke.
SPOKEN_CHARS = 180
_MARKS = (("“", "”"), ("「", "」"))


def with_speaker(pick: Pick) -> Pick:
    """A pick that stands in a speech, widened to the sentence that names the speaker; others as they are."""
    document, passage = pick.hit.document, pick.hit.passage
    text = document.text
    for opening, closing in _MARKS:
        begin = text.rfind(opening, passage.start, pick.start + 1)
        close = text.find(closing, begin, passage.end) if begin >= 0 else -1
        if pick.lead is None and close >= pick.start:
            for start, end, sentence in _beside(text, begin, close + 1, passage.start, passage.end):
                named = people(simplify(text[slice(*sentence)]))
                if named and end - start <= SPOKEN_CHARS:
                    a, b = (sentence[0] + at for at in named[0])
                    return replace(
                        pick, sentence=(start, end), start=start, end=end, fit=1.0, lead=Lead(text[a:b], a, b)
                    )
    return pick


def _beside(text: str, begin: int, close: int, first: int, last: int) -> list[tuple[int, int, tuple[int, int]]]:
    """The speech with the sentence after it, and with what leads to it: (start, end, the sentence beside it)."""
    after = next((span for span in sentence_spans(text, close, last)), None)
    before = next((span for span in reversed(sentence_spans(text, first, begin))), None)
    found = [(begin, after[1], after)] if after and "\n" not in text[close : after[0]] else []
    leads_to = before and text[before[1] - 1] in "：:，,"
    return [*found, (before[0], close, before)] if before and leads_to else found
