"""An answer given again as a follow-up wants it: with where it stands, with more around it, or in other words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from qa.answering.composing import Composed, Quoted, compose, quote
from qa.answering.selecting import Pick
from qa.citing.pages import page_at
from qa.reading.sections import heading_starts
from qa.retrieval.questions import Asked
from qa.text import letters, sentence_spans

MORE_CHARS = 320
MORE_PICKS = 4


def follow(asked: Asked, picks: Sequence[Pick], limit: int) -> Composed:
    """The answer that the picks give, as `asked.command` wants it."""
    composed = compose(asked, picks, limit)
    match asked.command:
        case "sources":
            return replace(composed, lead="", quoted=tuple(map(_placed, composed.quoted)))
        case "more":
            return _more(picks, composed, limit)
        case "again":
            return _again(asked, picks, composed, limit)
    return composed


def _placed(piece: Quoted) -> Quoted:
    """A quotation with where it stands before it: 〔《标题》，市档案馆，2024-02，第18页〕…"""
    document = piece.pick.hit.document
    page, kind = page_at(document, piece.start)
    where = "" if page is None else f"第{page}页{'起' if kind == 'work_start' else ''}"
    told = (
        f"《{document.title}》",
        document.publisher,
        document.published,
        " / ".join(piece.pick.hit.passage.heading),
        where,
    )
    return replace(piece, text=f"〔{'，'.join(filter(None, told))}〕{piece.text}")


def _more(picks: Sequence[Pick], composed: Composed, limit: int) -> Composed:
    """Each quotation with the sentences around it in its passage, and the next best ones too."""
    chosen = [piece.pick for piece in composed.quoted]
    known = {letters(pick.whole) for pick in chosen}
    for pick in picks:
        if len(chosen) >= min(limit, MORE_PICKS) or pick.score < 0.6 * picks[0].score:
            break
        if letters(pick.whole) not in known:
            known.add(letters(pick.whole))
            chosen.append(pick)
    said: set[str] = set()
    wide: list[Quoted] = []
    for pick in chosen:
        piece = quote(pick, *_around(pick))
        if piece.text not in said and not any(_within(piece, other) for other in wide):
            said.add(piece.text)
            wide.append(piece)
    return replace(composed, quoted=tuple(wide))


def _within(piece: Quoted, other: Quoted) -> bool:
    same = piece.pick.hit.document.id == other.pick.hit.document.id
    return same and other.start <= piece.start and piece.end <= other.end


def _around(pick: Pick) -> tuple[int, int]:
    """The pick's sentence and its neighbours within the passage, up to MORE_CHARS."""
    passage, (start, end) = pick.hit.passage, pick.sentence
    headings = heading_starts(pick.hit.document)
    spans = [s for s in sentence_spans(pick.hit.document.text, passage.start, passage.end) if s[0] not in headings]
    for span in spans:
        if span[0] >= end and span[1] - start <= MORE_CHARS:
            end = span[1]
    for span in reversed(spans):
        if span[1] <= start and end - span[0] <= MORE_CHARS:
            start = span[0]
    return start, end


def _again(asked: Asked, picks: Sequence[Pick], composed: Composed, limit: int) -> Composed:
    """The answer from other sentences than the first time; the same when there are none."""
    told = [letters(piece.pick.whole) for piece in composed.quoted]
    others = [pick for pick in picks if letters(pick.whole) not in told and pick.score >= 0.6 * picks[0].score]
    return compose(asked, others, limit) if others else composed
