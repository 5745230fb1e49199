"""Quotations become an answer: what was asked first, then the words that say it.

Without a language model every word of an answer is a quotation's, but for the lead, what stands in 〔 〕, and the few
fixed sentences below. Block texts carry no marks; `settling` numbers them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa.answering.leads import Lead
from qa.answering.selecting import Pick, clause_spans
from qa.answering.speakers import with_speaker
from qa.indexing.chunking import explained
from qa.numbers import quantities
from qa.places import innermost, short_name
from qa.reading.sections import heading_starts
from qa.retrieval.questions import Asked
from qa.retrieval.ranking import is_of
from qa.text import ROW, letters, sentence_spans, simplify
from qa.types import Table

LIST_CHARS = 220
CLOSING_CHARS = 60
# Halves of a sentence are cases of one thing that hold about as much of the question and score about as high.
ALIKE, ALIKE_SHARE = 0.03, 0.75
# A reader who asks for a list will not read further than this to come to it.
LATE_CHARS = 24
HOW_CHARS = 280
ON_TOPIC = 0.1  # the share of the question that a measure of another paragraph must hold itself
SECOND_SHARE = 0.8
# What another document's sentence must be worth beside the best to be compared with it: other words score less.
OTHER_SHARE = 0.3
SAME_SENTENCE = 0.75  # Dice overlap from which a sentence is a version of another
ROW_CHARS = 160
_TABBED = re.compile(r"[^\t\n]{1,60}(?:\t[^\t\n]{0,60})+")
_UNIT_OF_COLUMN = re.compile(r"[（(](?:单位[:：])?(?P<unit>[^（）()：；]{1,6})[）)]：$")
_TRAILING = "，、；：,;: \u3000\n"
_LEADING = "，、；：,;:。）)”’ \u3000\n"
_FIXED_LEADS = ("number", "when", "who", "name", "where")


@dataclass(frozen=True, slots=True)
class Quoted:
    """A piece of an answer: the pick it comes from, the span of the document that it quotes, and how it reads."""

    pick: Pick
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Composed:
    """An answer before it is numbered:

    a lead ("" for none), quotations in order, and a table whose rows name quotations.
    """

    lead: str
    quoted: tuple[Quoted, ...]
    table: Table | None = None


def compose(asked: Asked, picks: Sequence[Pick], limit: int) -> Composed:
    """The answer that the picks give, with at most `limit` quotations."""
    if asked.kind == "compare":
        return _compare(asked, picks, limit)
    if asked.kind == "how":
        return Composed("", tuple(_headed(_how(picks, limit))))
    if asked.kind == "why":
        return Composed("", tuple(_how(picks, limit)))
    if asked.kind in ("list", "definition", "other"):
        return Composed("", tuple(quote(p, *_widened(p, LIST_CHARS)) for p in _best(picks, min(limit, 2))))
    best = _best(picks, min(limit, 2))
    if asked.kind == "who":
        best = [with_speaker(pick) for pick in best]
    lead = best[0].lead
    if lead and (whole := _cases(best[0], picks)):
        return Composed("", (quote(best[0], *whole),))
    led = lead and asked.kind in _FIXED_LEADS and (best[0].fit >= 0.6 or _is_cell(best[0]))
    text = f"{_said(lead)}{_unit_of_column(best[0])}。" if lead and led else ""
    return Composed(text, tuple(quote(p, *_with_key(p)) for p in best))


def _cases(pick: Pick, picks: Sequence[Pick]) -> tuple[int, int] | None:
    """The whole sentence where its halves say the same of other cases: 满1年的，5天；满10年的，10天。

    Which case is meant, nobody but the reader knows. None where the pick says more of the question than its neighbours.
    """
    text = pick.hit.document.text
    start = max(text.rfind(mark, pick.hit.passage.start, pick.sentence[0]) for mark in "。！？\n") + 1
    ends = [at for mark in "。！？\n" if (at := text.find(mark, pick.sentence[1] - 1, pick.hit.passage.end)) >= 0]
    end = min(ends, default=pick.hit.passage.end - 1) + 1
    beside = [
        other
        for other in picks
        if other.hit.document.id == pick.hit.document.id
        and max(start, pick.hit.passage.start) <= other.start < end
        and other.sentence != pick.sentence
        and other.lead
        and other.lead.text != (pick.lead.text if pick.lead else "")
        and _unit(other) == _unit(pick)
        and (_clause_of_lead(other) == _clause_of_lead(pick) or _as_likely(other, pick))
    ]
    start = max(start, pick.hit.passage.start)
    return (start, end) if beside and end - start <= LIST_CHARS else None


def _as_likely(one: Pick, other: Pick) -> bool:
    return one.beside >= other.beside - ALIKE and one.score >= ALIKE_SHARE * other.score


def _clause_of_lead(pick: Pick) -> str:
    """The clause that a pick's lead stands in, without it: 年休假 of 年休假5天."""
    if pick.lead is None:
        return ""
    text = pick.hit.document.text
    a, b = next(span for span in clause_spans(text, *pick.sentence) if span[0] <= pick.lead.start < span[1])
    return letters(text[a : pick.lead.start] + text[pick.lead.end : b])


def _is_cell(pick: Pick) -> bool:
    """Does a pick lead with what stands in a cell of a table's row?"""
    return bool(pick.lead and ROW.fullmatch(pick.whole) and pick.hit.document.text[pick.lead.start - 1] == "：")


def _unit_of_column(pick: Pick) -> str:
    """The unit that a cell's column names, as 〔万元〕; "" for none."""
    if not pick.lead or not _is_cell(pick):
        return ""
    named = _UNIT_OF_COLUMN.search(pick.hit.document.text[pick.sentence[0] : pick.lead.start])
    return f"〔{named['unit']}〕" if named else ""


def _said(lead: Lead) -> str:
    """A lead, and of what it is the number where that is more than was asked."""
    return f"{lead.text}〔{lead.of}〕" if lead.of else lead.text


def overview(openings: Sequence[Pick], limit: int) -> Composed:
    """What a work speaks of: its headings, or its opening where it has none, in order."""
    quoted = (quote(pick, pick.start, pick.end) for pick in openings[:limit])
    return Composed("", tuple(replace(piece, text=f"{_bare(piece)}。") for piece in quoted))


def _bare(piece: Quoted) -> str:
    return piece.pick.hit.document.text[piece.start : piece.end].rstrip("。")


def _best(picks: Sequence[Pick], limit: int) -> list[Pick]:
    """The best pick, and others that are nearly as good and say something else."""
    chosen = [picks[0]]
    for pick in picks[1:]:
        if len(chosen) >= limit or pick.score < SECOND_SHARE * picks[0].score:
            break
        if not any(_says_the_same(pick, other) for other in chosen):
            chosen.append(pick)
    return chosen


def _says_the_same(pick: Pick, other: Pick) -> bool:
    """Do two picks quote the same words, or one sentence that stands in two documents?

    It may read otherwise in the other where that is not what was asked: the same answer from two versions.
    """
    one, two = letters(pick.quote), letters(other.quote)
    if one in two or two in one or letters(pick.whole) == letters(other.whole):
        return True
    same_lead = pick.lead is not None and other.lead is not None and pick.lead.text == other.lead.text
    return same_lead and _overlap(one, two) >= SAME_SENTENCE


def _overlap(one: str, two: str) -> float:
    """Dice overlap of two texts' bigrams."""
    a, b = ({text[i : i + 2] for i in range(len(text) - 1)} for text in (one, two))
    return 2 * len(a & b) / (len(a) + len(b) or 1)


def _widened(pick: Pick, limit: int) -> tuple[int, int]:
    """The whole sentence where it is short enough, else the clauses that were picked.

    A line that only leads in (三项机制：) is quoted with the lines that it leads in.
    """
    start, end = pick.sentence
    if pick.whole.rstrip().endswith(("：", ":")):
        return start, _led_in(pick, limit)
    return (start, end) if end - start <= limit and pick.start - start <= LATE_CHARS else (pick.start, pick.end)


def _led_in(pick: Pick, limit: int) -> int:
    """Where the lines end that a line leads in: before the next such line, the next heading or the passage's end."""
    start, end = pick.sentence
    document = pick.hit.document
    headings = heading_starts(document)
    for span in sentence_spans(document.text, end, pick.hit.passage.end):
        said = document.text[slice(*span)]
        if span[0] in headings or said.rstrip().endswith(("：", ":")) or span[1] - start > limit:
            break
        end = span[1]
    return end


def _with_key(pick: Pick) -> tuple[int, int]:
    """What is picked; a cell of a table's row from the row's beginning: without its key it says nothing."""
    text = pick.hit.document.text
    start, end = text.rfind("\n", 0, pick.start) + 1, text.find("\n", pick.start)
    row = text[start : len(text) if end < 0 else end]
    short = pick.end - start <= ROW_CHARS and start >= pick.hit.passage.start
    return (start if short and (ROW.fullmatch(row) or _TABBED.fullmatch(row)) else pick.start), pick.end


def _how(picks: Sequence[Pick], limit: int) -> list[Quoted]:
    """Sentences of the section that answers best, in the order of the text, neighbours in one quotation."""
    chosen: list[Pick] = []
    for pick in sorted(_best_section(picks), key=lambda p: -p.score):
        if not chosen or sum(map(_length, chosen)) + _length(pick) <= HOW_CHARS:
            chosen.append(pick)
    chosen = sorted(chosen[:4], key=lambda p: p.sentence)
    room = HOW_CHARS - sum(map(_length, chosen))
    merged: list[Quoted] = []
    for pick, after in zip(chosen, [*chosen[1:], None], strict=True):
        start, end = _measures(pick)
        if pick is picks[0] and end == pick.sentence[1]:
            end = _continued(pick, room, after.sentence[0] if after else pick.hit.passage.end)
        last = merged[-1] if merged else None
        if last and last.pick.hit.passage.id == pick.hit.passage.id and start - last.end <= 1:
            merged[-1] = quote(last.pick, last.start, end)
        else:
            merged.append(quote(pick, start, end))
    return merged[:limit]


def _headed(quoted: Sequence[Quoted]) -> list[Quoted]:
    """Quotations with the heading that each stands under before it, where it is another one than the last's."""
    before, found = "", list[Quoted]()
    for piece in quoted:
        heading = piece.pick.hit.passage.heading[-1] if piece.pick.hit.passage.heading else ""
        shown = f"〔{heading}〕{piece.text}" if heading and heading != before else piece.text
        found.append(replace(piece, text=shown))
        before = heading
    return found


def _length(pick: Pick) -> int:
    start, end = _measures(pick)
    return end - start


def _measures(pick: Pick) -> tuple[int, int]:
    """The whole sentence, of a long one the clauses from where it answers: what was done stands in all of them."""
    start, end = pick.sentence
    if end - start <= HOW_CHARS:
        return start, end
    inside = [b for _, b in clause_spans(pick.hit.document.text, pick.start, end) if b - pick.start <= HOW_CHARS]
    return pick.start, max([pick.end, *inside])


def _continued(pick: Pick, room: int, until: int) -> int:
    """Where what a pick's sentence begins ends: with the sentences after it that fit, up to the next heading.

    The next paragraph speaks of something else, unless the sentence is one by itself and leads to it.
    """
    document, end = pick.hit.document, pick.sentence[1]
    headings = [section.start for section in document.sections if section.start >= end]
    line = document.text.find("\n", end)
    alone = line == end and document.text[pick.sentence[0] - 1 : pick.sentence[0]] in ("", "\n")
    until = min([until, pick.hit.passage.end, *headings, *([] if line < 0 or alone else [line])])
    ends = [b for _, b in sentence_spans(document.text, end, until) if b - end <= room]
    return max([end, *ends])


def _best_section(picks: Sequence[Pick]) -> list[Pick]:
    """The picks that share document and passage neighbourhood with the best one, and its paragraph or the question."""
    best = picks[0]
    near = [
        p
        for p in picks[:24]
        if p.hit.document.id == best.hit.document.id and abs(p.hit.passage.ordinal - best.hit.passage.ordinal) <= 1
    ]
    return [
        p for p in near if p.score >= 0.55 * best.score and (_paragraph(p) == _paragraph(best) or p.clause > ON_TOPIC)
    ]


def _paragraph(pick: Pick) -> int:
    """Where the paragraph of a pick begins."""
    return pick.hit.document.text.rfind("\n", 0, pick.sentence[0] + 1)


def _compare(asked: Asked, picks: Sequence[Pick], limit: int) -> Composed:
    """One pick for each place asked about, or for each document when only one place is."""
    chosen: list[tuple[str, Pick]] = []
    if len(asked.places) >= 2:
        for name, path in zip(asked.place_names, asked.places, strict=False):
            of_place = [p for p in picks if is_of(p.hit.document.place, path)] or [
                p for p in picks if name in simplify(p.quote)
            ]
            chosen += [(name, of_place[0])] if of_place else []
    else:
        chosen = [(p.hit.document.title, p) for p in _of_two_documents(picks)]
    chosen = chosen[:limit] or [("", picks[0])]
    quoted = tuple(quote(p, p.start, p.end) for _, p in chosen)
    if len(chosen) < 2 or any(p.lead is None for _, p in chosen):
        return Composed("", quoted)
    lead = "；".join(f"{_short(name)}：{p.lead.text}" for name, p in chosen if p.lead) + "。"
    rows = tuple(
        ((name, p.lead.text, (p.hit.document.period or "").replace("/", "—")), (i,))
        for i, (name, p) in enumerate(chosen)
        if p.lead
    )
    return Composed(lead, quoted, Table(("来源" if len(asked.places) < 2 else "地区", "数值", "年份"), rows))


def _of_two_documents(picks: Sequence[Pick]) -> list[Pick]:
    """The best pick, and another document's that says something else, one that leads in the same unit if there is."""
    first = picks[0]
    others = [
        p
        for p in picks[1:]
        if p.hit.document.id != first.hit.document.id
        and p.score >= OTHER_SHARE * first.score
        and not _says_the_same(p, first)
    ]
    return [first, *sorted(others, key=lambda p: (_unit(p) != _unit(first), -p.score))[:1]]


def _unit(pick: Pick) -> str:
    """The unit that a pick's lead counts in, "" where it leads with no number."""
    found = quantities(simplify(pick.lead.text)) if pick.lead else []
    return found[0].unit if found else ""


def _short(name: str) -> str:
    return name if len(name) <= 12 else f"《{name[:11]}…》"


def quote(pick: Pick, start: int, end: int) -> Quoted:
    """A quotation of a span: no marks hang at its ends, and one that it opens is closed where that is near."""
    text = pick.hit.document.text
    for opening, closing in (("“", "”"), ("「", "」")):
        if text.count(opening, start, end) > text.count(closing, start, end):
            close = text.find(closing, end, min(end + CLOSING_CHARS, pick.hit.passage.end))
            end = close + 1 if close >= 0 and "\n" not in text[end:close] else end
    while end > start and text[end - 1] in _TRAILING:
        end -= 1
    while start < end and text[start] in _LEADING:
        start += 1
    return Quoted(pick, start, end, readable(pick, start, end))


def readable(pick: Pick, start: int, end: int) -> str:
    """A quotation that reads alone: its place restored and its relative words (two at most) explained, in 〔 〕."""
    document = pick.hit.document
    text = document.text[start:end]
    plain = simplify(text)
    missing = {note: at for at, note in reversed(explained(document, start, end)) if note not in plain}
    for note, at in sorted(missing.items(), key=lambda one: -one[1])[-2:]:
        text = f"{text[:at]}〔{note}〕{text[at:]}"
    place = short_name(innermost(document.place or ""))
    whole = place and place not in plain and not ROW.fullmatch(text)
    return f"〔{place}〕{text}" if whole else text
