"""The same quantity with different values in two documents: shown side by side, newest first, with the likely reason.

Better silent than wrong: other years, spans of time, places or wholes are no conflict, nor is a rounder number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from qa.answering.composing import Quoted
from qa.answering.tables import dated, quoted, said
from qa.indexing.figures import unit_class
from qa.indexing.library import Library
from qa.reading.metrics import words
from qa.retrieval.figuring import FigureFinder
from qa.text import letters
from qa.types import Answer, Block, Citation, Conflict, Document, Figure

# Metrics that have one value in a place and year whatever the sentence around them says.
_MEASURE = re.compile(
    r"(?:总量|总数|总额|总人口|人口|率|占比|比重|比例|面积|里程|总产值|产值|总收入|年收入|指数|平均年龄|寿命)$"
)
_CHANGE = re.compile(r"(?:同比|环比|比|较).*$|(?:增长|提高|提升|上升|增加|下降|减少|降低)$")
_PART = re.compile(r"其中|新增|新建|当日|当月|单日|首批|另有|部分|有的")
SAME, SAME_MEASURE = 0.5, 0.95  # bigrams that two metrics must share
CONTEXT = 0.5  # bigrams that two clauses must share for a metric that many sentences count anew (培训干部)
ROUGH = 0.1  # what 余, 近, 超过 and the like may be off by
NEAR = 30  # characters of a clause on either side of its number
MOST = 4  # values shown of one conflict


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Figures of one quantity that differ, newest first, each with its document, and the likely reason."""

    what: str
    figures: tuple[tuple[Figure, Document], ...]
    why: str


def disagreement(figure: Figure, library: Library) -> Disagreement | None:
    """What other documents say of a figure's quantity where it is something else; None where none does."""
    others = [one for one in library.figures.same(figure) if one.document_id != figure.document_id]
    if not others:
        return None
    documents = {
        d.id: d for d in library.present(list(dict.fromkeys([figure.document_id, *(o.document_id for o in others)])))
    }
    own = documents.get(figure.document_id)
    if own is None:
        return None
    held = {figure.document_id: (figure, own)}
    for other in others:
        there = documents.get(other.document_id)
        if there and there.id not in held and disagree(figure, other, own.text, there.text):
            held[there.id] = (other, there)
    if len(held) < 2:
        return None
    ordered = sorted(held.values(), key=lambda pair: (dated(pair[1]), pair[1].id), reverse=True)[:MOST]
    return Disagreement(figure.metric, tuple(ordered), reason([document for _, document in ordered], library))


def disagree(one: Figure, other: Figure, here: str, there: str) -> bool:
    """Do two figures that count alike state the same quantity and different values?"""
    if one.year is None or one.year != other.year or one.scope != other.scope:
        return False
    if "原" in (one.qualifier, other.qualifier) or unit_class(one.unit) != unit_class(other.unit):
        return False
    if one.action and other.action and one.action != other.action:
        return False
    if agree(one, other):
        return False
    metric = overlap(one.metric, other.metric)
    if _MEASURE.search(one.metric):
        return metric >= SAME_MEASURE and _changed(one) == _changed(other)
    clause, counterpart = _clause(here, one), _clause(there, other)
    if bool(_PART.search(clause)) != bool(_PART.search(counterpart)):
        return False
    return metric >= SAME and overlap(clause, counterpart) >= CONTEXT and _changed(one) == _changed(other)


def _changed(figure: Figure) -> str:
    """The word that says a figure is a change, "" where it is a level."""
    match = _CHANGE.search(figure.metric)
    return match.group() if match else ""


def agree(one: Figure, other: Figure) -> bool:
    """Could both be the same number, one told more roughly? 3.2万 and 32156 could, 30 and 31 could not."""
    difference = abs(one.normalized - other.normalized)
    if difference < 1e-9 * max(1.0, abs(one.normalized)):
        return True
    if {one.qualifier, other.qualifier} & words("rough"):
        return difference <= ROUGH * max(one.normalized, other.normalized)
    coarse = max(_grain(one), _grain(other))
    return min(_grain(one), _grain(other)) < coarse and difference < coarse


def _grain(figure: Figure) -> float:
    """What one step in the last digit that a number is told with means: 3.2万 → 1000, 3000 → 1."""
    decimals = len(re.sub(r"^\d+\.?", "", re.match(r"[\d.]*", figure.text.replace(",", "")).group()))  # type: ignore[union-attr]
    factor = figure.normalized / figure.value if figure.value else 1.0
    return float(factor * 10.0**-decimals)


def reason(documents: Sequence[Document], library: Library) -> str:
    """Why they may differ, as far as dates and versions tell."""
    if any(b.id in library.twins(a.id) for a in documents for b in documents if a.id != b.id):
        return "是同一份材料的不同版本，请以定稿为准"
    dates = [dated(document) for document in documents]
    if all(dates) and len({date[: min(map(len, dates))] for date in dates}) > 1:
        return "成文时间不同，统计截止时间可能不同，较新的在前"
    return "资料没有说明原因，可能是统计截止时间或口径不同"


def overlap(one: str, other: str) -> float:
    """Dice overlap of two texts' bigrams, numbers aside."""
    a, b = (_bigrams(re.sub(r"[\d.]+", "", letters(text))) for text in (one, other))
    return 2 * len(a & b) / (len(a) + len(b) or 1)


def _bigrams(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)}


def _clause(text: str, figure: Figure) -> str:
    """The clause that a figure's number stands in."""
    before = max(text.rfind(mark, 0, figure.at) for mark in "，。；：！？\n,;")
    ends = [at for mark in "，。；：！？\n;、,（(" if (at := text.find(mark, figure.at)) >= 0]
    return text[max(before + 1, figure.at - NEAR) : min([*ends, figure.at + NEAR])]


def with_conflicts(
    answer: Answer, focus: Sequence[Figure], finder: FigureFinder, library: Library, limit: int
) -> Answer:
    """An answer with what other documents say instead of its figures; each value cited, within `limit` citations."""
    blocks, citations, conflicts = list(answer.blocks), list(answer.citations), list(answer.conflicts)
    told: set[frozenset[tuple[str, int]]] = set()
    for figure in focus:
        found = disagreement(figure, library)
        same = frozenset((one.document_id, one.at) for one, _ in found.figures) if found else frozenset()
        if same in told:
            continue
        told.add(same)
        cited = dict(finder.cited([one for one, _ in found.figures])) if found else {}
        new = [one for one in cited if _number_of(one, citations) == 0]
        if not found or len(cited) < 2 or len(citations) + len(new) > limit:
            continue
        for one in new:
            piece = quoted(one, cited[one])
            number = len(citations) + 1
            citations.append(replace(cited[one], number=number, quote=_text(piece), start=piece.start, end=piece.end))
            blocks.append(Block(f"〔另一处写作{said(one)}〕{piece.text}", (number,)))
        values = tuple((said(one), _number_of(one, citations)) for one, _ in found.figures if one in cited)
        conflicts.append(Conflict(found.what, values, found.why))
    if len(conflicts) == len(answer.conflicts):
        return answer
    return replace(answer, blocks=tuple(blocks), citations=tuple(citations), conflicts=tuple(conflicts))


def _number_of(figure: Figure, citations: Iterable[Citation]) -> int:
    """The number of the citation that a figure's number stands in, 0 for none."""
    holding = (c.number for c in citations if c.document.id == figure.document_id and c.start <= figure.at < c.end)
    return next(holding, 0)


def _text(piece: Quoted) -> str:
    return piece.pick.hit.document.text[piece.start : piece.end]
