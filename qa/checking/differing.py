"""What a draft says otherwise than a window of a source, from their alignment: each difference by its kind.

Kinds are those of the HTTP contract. A paraphrase is no difference; what is merely missing is none either.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from qa.checking.aligning import Alignment, Pair
from qa.checking.naming import Departure, persons_behind, replaced, titled
from qa.checking.pieces import NEGATIONS, Piece, opposed, same_place
from qa.checking.quantities import agree, comparable, differs_in_unit
from qa.checking.windows import Window, own_place
from qa.checking.words import word_list
from qa.places import short_name
from qa.text import simplify

_PREPOSITIONS = word_list("preposition")
# By how much more of a figure's words must stand before another figure than before the equal one, and how many before
# the equal one are enough.
MARGIN, ENOUGH = 0.3, 0.6
ALIKE = 0.4  # of a sentence's telling pieces
MOSTLY = 0.7  # of a sentence's telling words must stand under another year before its own is wrong
SLOT = 8  # pieces between two matched ones, in which one place may stand for another
IN_A_ROW = 1  # telling words between two figures of a row


@dataclass(frozen=True)
class Compared:
    """A sentence and a window, compared: the differences, and which places and dates of the draft are not borne out.

    `missing` are indexes of the draft's pieces (numbers, dates, places) that have no counterpart and none that differs;
    `around` are those that the window's surroundings bear out.
    """

    alignment: Alignment
    window: Window
    departures: tuple[Departure, ...]
    missing: tuple[int, ...] = ()
    around: frozenset[int] = field(default_factory=frozenset)


def compare(text: str, alignment: Alignment, window: Window) -> Compared:
    """Compare a sentence's pieces with a window's."""
    found: list[Departure] = []
    missing, around = [], set()
    pairs = alignment.by_draft()
    for i, piece in enumerate(alignment.draft):
        pair = pairs.get(i)
        if piece.kind == "number":
            one = _number(text, alignment, i, pair)
        elif piece.kind == "date":
            one = _date(text, alignment, i, pair, window)
        elif piece.kind == "place":
            one = _place(text, alignment, i, pair, window)
        else:
            continue
        if isinstance(one, Departure):
            found.append(one)
        elif one == "missing":
            missing.append(i)
        elif one == "around":
            around.add(i)
    found += _opposites(text, alignment)
    found += _negations(text, alignment, window)
    if _alike(alignment):
        found += replaced(text, alignment, window)
        found += persons_behind(text, alignment, window)
        found += titled(text, alignment, window)
        found += _far_places(text, alignment, window)
        found += _of_a_period(text, alignment, window)
    unique = {(d.kind, d.start, d.end): d for d in found}
    departures = tuple(sorted(unique.values(), key=lambda d: d.start))
    return Compared(alignment, window, departures, tuple(missing), frozenset(around))


def _alike(alignment: Alignment) -> bool:
    """Is enough of the sentence there that the rest may stand for something else?"""
    told = [i for i, piece in enumerate(alignment.draft) if not piece.light]
    there = sum(1 for pair in alignment.pairs if not alignment.draft[pair.draft].light)
    return there >= ALIKE * len(told)


Outcome = Departure | str  # "same", "missing", "around", or what differs


def _number(text: str, alignment: Alignment, i: int, pair: Pair | None) -> Outcome:
    piece = alignment.draft[i]
    assert piece.amount
    if pair is None:
        return "missing"
    other = alignment.source[pair.source]
    assert other.amount
    if not pair.same:
        if differs_in_unit(piece.amount, other.amount):
            a, b = piece.amount.measure, other.amount.measure
            return Departure("unit", text[slice(*a)], _written(alignment, other)[b[0] - other.start :], *a)
        return Departure("number", text[piece.start : piece.end], _written(alignment, other), piece.start, piece.end)
    owner = _owner(alignment, i, pair.source)
    if owner is not None:
        said = _written(alignment, owner)
        return Departure("number", text[piece.start : piece.end], said, piece.start, piece.end)
    return "same"


def _written(alignment: Alignment, piece: Piece) -> str:
    return piece.amount.text if piece.amount else piece.text


def _owner(alignment: Alignment, i: int, equal: int) -> Piece | None:
    """The figure that the source gives for what the draft gives this one for, when that is another figure.

    The source's figures are told apart by the words of their clauses before them: 组织覆盖率95%，工作覆盖率100% is no
    source for 组织覆盖率100%, nor is 分别达到99%和100% for 均达到100%.
    """
    draft, source = alignment.draft, alignment.source
    amount = draft[i].amount
    assert amount
    pairs = alignment.by_draft()
    nearer = _of_part(draft, source, i, equal, pairs) or _beside(alignment, i, equal, pairs)
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


def _beside(alignment: Alignment, i: int, equal: int, pairs: Mapping[int, Pair]) -> Piece | None:
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


def _date(text: str, alignment: Alignment, i: int, pair: Pair | None, window: Window) -> Outcome:
    piece = alignment.draft[i]
    year = piece.date[0]
    if pair is not None and not pair.same:
        other = alignment.source[pair.source]
        if any(a > 0 and b > 0 and a != b for a, b in zip(piece.date, other.date, strict=True)):
            return _dates_apart(text, piece, other, window)
        pair = None
    if pair is not None:
        other = alignment.source[pair.source]
        if (beside := _beside(alignment, i, pair.source, alignment.by_draft())) is not None:
            return _dates_apart(text, piece, beside, window)
        if year > 0 and other.date[0] <= 0 and window.years and year not in window.years:
            return "missing"
        return "same"
    if year > 0 and not any(piece.date[1:]):
        own = _governing(alignment)
        if own is not None and own.date[0] != year:
            return _dates_apart(text, piece, own, window)
        if year in window.years:
            return "around"
    if year <= 0 and not any(piece.date[1:]):
        return "around"
    return "missing"


_UP_TO = re.compile("累计|截至|截止|以来|年来|[至到起底末]")


def _of_a_period(text: str, alignment: Alignment, window: Window) -> Iterator[Departure]:
    """A figure that the draft gives for one year and the source for several: 五年来, 2019年以来."""
    if _UP_TO.search(simplify(text)):
        return
    draft, source = alignment.draft, alignment.source
    dates = [piece for piece in draft if piece.kind == "date" and piece.date[0] > 0 and not any(piece.date[1:])]
    figures = [pair.source for pair in alignment.pairs if pair.same and draft[pair.draft].kind == "number"]
    if len(dates) != 1 or not figures:
        return
    period = _period_before(source, min(figures), dates[0].date[0])
    if period is not None and not any(pair.source == period for pair in alignment.pairs if pair.same):
        of = window.text[source[period].start : source[period + 1].end]
        yield Departure("date", text[dates[0].start : dates[0].end], of, dates[0].start, dates[0].end)


def _period_before(source: Sequence[Piece], figure: int, year: int) -> int | None:
    """The piece that, with the one behind it, says of how many years a figure is: 五年 and 来, 2019年 and 以来."""
    for k in range(figure - 2, -1, -1):
        if source[k].clause < source[figure].clause - 1:
            return None
        amount, following = source[k].amount, source[k + 1].text
        years = amount is not None and amount.unit == "年" and amount.value > 1 and following in {"来", "间", "以来"}
        if years or (source[k].kind == "date" and 0 < source[k].date[0] < year and following == "以来"):
            return k
    return None


def _governing(alignment: Alignment) -> Piece | None:
    """The year of the window under which most of the words stand that the draft has too: the last that is named before
    them."""
    draft, source = alignment.draft, alignment.source
    dated = [j for j, piece in enumerate(source) if piece.kind == "date" and piece.date[0] > 0]
    told = [pair.source for pair in alignment.pairs if pair.same and not draft[pair.draft].light]
    telling = sum(piece.kind != "date" and not piece.light for piece in draft)
    if not dated or len(told) < MOSTLY * telling or len(told) < 2:
        return None
    under = [max((d for d in dated if d <= j), default=-1) for j in told]
    most = max(set(under), key=under.count)
    return source[most] if most >= 0 and 2 * under.count(most) > len(under) else None


_PARTS = re.compile(r"(?P<year>[\d〇零○一二三四五六七八九]{4}年)?(?P<rest>.*)", re.DOTALL)


def _dates_apart(text: str, piece: Piece, other: Piece, window: Window) -> Departure:
    """The part of two dates that differs: the year, or month and day."""
    mine, its = text[piece.start : piece.end], window.text[other.start : other.end]
    own, theirs = _PARTS.match(mine), _PARTS.match(its)
    assert own and theirs
    years_differ = piece.date[0] > 0 and other.date[0] > 0 and piece.date[0] != other.date[0]
    rest_differs = any(a > 0 and b > 0 and a != b for a, b in zip(piece.date[1:], other.date[1:], strict=True))
    if years_differ and not rest_differs and own["year"]:
        return Departure("date", own["year"], theirs["year"] or its, piece.start, piece.start + own.end("year"))
    if rest_differs and not years_differ and own["rest"]:
        return Departure("date", own["rest"], theirs["rest"] or its, piece.start + own.start("rest"), piece.end)
    return Departure("date", mine, its, piece.start, piece.end)


def _place(text: str, alignment: Alignment, i: int, pair: Pair | None, window: Window) -> Outcome:
    piece = alignment.draft[i]
    if pair is not None and pair.same:
        return "same"
    fits = fits_place(piece.text, window)
    if fits == "here":
        return "around"
    mine = text[piece.start : piece.end]
    if pair is not None:
        other = alignment.source[pair.source]
        if not _contains(piece.text, window) and fits != "wider":
            return Departure("place", mine, window.text[other.start : other.end], piece.start, piece.end)
        return "missing"
    if fits == "other":
        return Departure("place", mine, own_place(window.document), piece.start, piece.end)
    return "missing"


def _far_places(text: str, alignment: Alignment, window: Window) -> Iterator[Departure]:
    """A country or region that stands where the window has another: 德国 for 中国."""
    draft, source = alignment.draft, alignment.source
    pairs = [pair for pair in alignment.pairs if not pair.moved]
    edges = [(-1, -1), *((p.draft, p.source) for p in pairs if p.same), (len(draft), len(source))]
    for (i, j), (k, m) in pairwise(edges):
        mine = [x for x in range(i + 1, k) if draft[x].far]
        first = max(j + 1, m - SLOT) if i < 0 else j + 1
        its = [y for y in range(first, min(m, first + SLOT)) if source[y].far]
        if len(mine) != 1 or len(its) != 1 or draft[mine[0]].text in window.folded:
            continue
        one, other = draft[mine[0]], source[its[0]]
        yield Departure("place", text[one.start : one.end], window.text[other.start : other.end], one.start, one.end)


def _contains(place: str, window: Window) -> bool:
    """Is the window's document of a place within the named one, or does the window itself say it?"""
    short = short_name(place)
    return short in window.folded or short in simplify(window.document.place or "")


def fits_place(place: str, window: Window) -> str:
    """How a named place stands to a window: "here", "wider" (its document lies within it), "unsaid", or "other"."""
    own = simplify(window.document.place or "")
    short = short_name(place)
    if own and same_place(place, own_place(window.document)):
        return "here"
    if short in window.folded or short in simplify(" ".join((window.document.title, *window.passage.heading))):
        return "here"
    if short in own:
        return "wider"
    if not own:
        return "here" if short in simplify(window.document.text[:400]) else "unsaid"
    return "other"


def _opposites(text: str, alignment: Alignment) -> Iterator[Departure]:
    """增长 where the source has 下降, 全部 where it has 部分."""
    for pair in alignment.pairs:
        one, other = alignment.draft[pair.draft], alignment.source[pair.source]
        if one.kind == other.kind == "word" and (kind := opposed(one.text, other.text)):
            yield Departure(kind, text[one.start : one.end], other.text, one.start, one.end)


def _negations(text: str, alignment: Alignment, window: Window) -> Iterator[Departure]:
    """A word that is denied on one side only."""
    draft, source = alignment.draft, alignment.source
    matched = alignment.by_source()
    pairs = alignment.by_draft()
    for pair in alignment.pairs:
        one, other = draft[pair.draft], source[pair.source]
        if one.kind != "word" or other.kind != "word" or one.text in NEGATIONS:
            continue
        if pair.worth < 0.7 and not (one.text in other.text or other.text in one.text):
            continue
        mine = _denied(draft, pair.draft, pair.source, {i: p.source for i, p in pairs.items()})
        its = _denied(source, pair.source, pair.draft, {j: p.draft for j, p in matched.items()})
        if (mine is None) == (its is None):
            continue
        a, b = draft[mine if mine is not None else pair.draft].start, one.end
        c, d = source[its if its is not None else pair.source].start, other.end
        yield Departure("negation", text[a:b], window.text[c:d], a, b)


_ANY = re.compile(r"^(?:一|半|任何)\w?$")  # 没有一间 denies what follows the measure word
OPPOSITE = 6  # pieces; a negation further from the other side's piece denies something else there


def _denied(pieces: Sequence[Piece], at: int, other: int, counterparts: Mapping[int, int]) -> int | None:
    """The negation before a piece, when the other side does not have it too before its own, piece `other`.

    Light words may stand between, and a phrase that a preposition opens: 没有向读者收取.
    """
    telling = 0
    for k in range(at - 1, max(-1, at - 6), -1):
        if pieces[k].clause != pieces[at].clause:
            return None
        if pieces[k].text in NEGATIONS:
            opened = k + 1 < at and pieces[k + 1].text in _PREPOSITIONS
            answered = k in counterparts and 0 < other - counterparts[k] <= OPPOSITE
            return k if not answered and (not telling or opened) else None
        telling += not (pieces[k].light or _ANY.match(pieces[k].text))
    return None
