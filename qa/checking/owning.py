"""Whose figure is it? A right figure is wrong where its source gives it for another thing.

Goes by the words around the figures of a draft and of a window, as their alignment pairs them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from qa.checking.aligning import Alignment, Pair
from qa.checking.pieces import Piece
from qa.checking.quantities import agree, comparable

# By how much more of a figure's words must stand before another figure than before the equal one, and how many before
# the equal one are enough.
MARGIN, ENOUGH = 0.3, 0.6
IN_A_ROW = 1  # telling words between two figures of a row


def owner(alignment: Alignment, i: int, equal: int) -> Piece | None:
    """The figure that the source gives for what the draft gives this one for, when that is another figure.

    The source's figures are told apart by the words of their clauses before them: 组织覆盖率95%，工作覆盖率100% is no
    source for 组织覆盖率100%, nor is 分别达到99%和100% for 均达到100%.
    """
    draft, source = alignment.draft, alignment.source
    amount = draft[i].amount
    assert amount
    pairs = alignment.by_draft()
    nearer = _of_part(draft, source, i, equal, pairs) or beside(alignment, i, equal, pairs)
    if nearer is not None:
        return nearer
    wanted = subject(draft, i)
    rivals = [
        j
        for j, piece in enumerate(source)
        if j != equal
        and piece.amount
        and piece.amount.unit
        and comparable(amount, piece.amount)
        and not agree(amount, piece.amount)
    ]
    if not wanted or not rivals:
        return None
    own = _held(wanted, subject(source, equal))
    best = max(rivals, key=lambda j: _held(wanted, subject(source, j)))
    if _held(wanted, subject(source, best)) >= own + MARGIN and own < ENOUGH:
        return source[best]
    listed = [j for j in rivals if abs(j - equal) <= 6 and subject(source, j) == subject(source, equal)]
    return source[listed[0]] if listed and _of_all(draft) and _respectively(source, min(*listed, equal)) else None


def _of_part(
    draft: Sequence[Piece], source: Sequence[Piece], i: int, equal: int, pairs: Mapping[int, Pair]
) -> Piece | None:
    """The part's figure, where the draft says of the whole what the source says of a part: 58家，其中34家开放."""
    amount = draft[i].amount
    told = [pairs[k].source for k in range(i + 1, len(draft)) if _tells(draft[k], draft[i]) and k in pairs]
    if not told or any("其中" in piece.text for piece in draft):
        return None
    for j in range(equal + 1, len(source)):
        part = source[j].amount
        if part is None or not amount or not comparable(amount, part) or agree(amount, part):
            continue
        opened = any(source[k].text == "其中" for k in range(max(equal, j - 3), j))
        behind = sum(there > j and source[there].clause == source[j].clause for there in told)
        if opened and 2 * behind > len(told):
            return source[j]
    return None


def beside(alignment: Alignment, i: int, equal: int, pairs: Mapping[int, Pair]) -> Piece | None:
    """The figure or date of its kind that stands, in the source, beside the very word that the draft has beside this
    one: 48个韵母 for 33个韵母, where 33个 is of 声母."""
    draft, source = alignment.draft, alignment.source
    for step in (1, -1):
        word = next((k for k in _walk(draft, i, step) if not draft[k].light), None)
        if word is None or draft[word].kind != "word" or word not in pairs or not pairs[word].same:
            continue
        there = pairs[word].source
        if equal in _walk(source, there, -step):
            return None
        back = next((k for k in _walk(source, there, -step) if not source[k].light), None)
        if back is None or back == equal or not _other(draft[i], source[back]):
            continue
        apart = source[back].clause != source[equal].clause
        if not apart or _of_clause(alignment, i, back, pairs) > _of_clause(alignment, i, equal, pairs):
            return source[back]
    return None


def _of_clause(alignment: Alignment, i: int, j: int, pairs: Mapping[int, Pair]) -> int:
    """How many telling words of a draft piece's clause have their like in the clause of a piece of the window."""
    draft, source = alignment.draft, alignment.source
    told = [k for k, piece in enumerate(draft) if piece.clause == draft[i].clause and not piece.light and k in pairs]
    return sum(pairs[k].same and source[pairs[k].source].clause == source[j].clause for k in told if k != i)


def _walk(pieces: Sequence[Piece], at: int, step: int) -> range:
    """The pieces of its clause from one on, three at most."""
    end = at
    for k in range(at + step, at + 4 * step, step):
        if not 0 <= k < len(pieces) or pieces[k].clause != pieces[at].clause:
            break
        end = k
    return range(at + step, end + step, step)


def _other(mine: Piece, its: Piece) -> bool:
    """A figure, or a date, that is not the same."""
    if mine.amount and its.amount:
        unlike = comparable(mine.amount, its.amount) and not agree(mine.amount, its.amount)
        return unlike and bool(its.amount.unit)
    return mine.kind == its.kind == "date" and any(
        a > 0 and b > 0 and a != b for a, b in zip(mine.date, its.date, strict=True)
    )


def _tells(piece: Piece, figure: Piece) -> bool:
    return piece.clause == figure.clause and not piece.light


def subject(pieces: Sequence[Piece], at: int) -> frozenset[str]:
    """The telling words that say what a figure counts: those of its clause before it, or, in a row of figures, those
    before the row."""
    found: set[str] = set()
    for k in range(at - 1, -1, -1):
        if pieces[k].clause != pieces[at].clause:
            break
        if pieces[k].kind == "number" and pieces[k].amount and pieces[k].text[0].isdigit():
            if len(found) > IN_A_ROW:
                break
            continue
        if not pieces[k].light and pieces[k].kind in ("word", "number"):
            found.add(pieces[k].text)
    return frozenset(found)


def _held(wanted: frozenset[str], words: frozenset[str]) -> float:
    """The share (0-1) of some words that stand among others, alone or inside one."""
    return sum(any(w == o or (len(w) > 1 and w in o) or (len(o) > 1 and o in w) for o in words) for w in wanted) / len(
        wanted
    )


def _respectively(source: Sequence[Piece], first: int) -> bool:
    return any(source[k].text == "分别" for k in range(max(0, first - 4), first))


def _of_all(draft: Sequence[Piece]) -> bool:
    if any(piece.text == "分别" for piece in draft):
        return False
    return any(piece.text in {"均", "都", "全部", "全", "一律"} for piece in draft)
