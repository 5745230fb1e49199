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
from qa.checking.owning import beside, owner
from qa.checking.pieces import NEGATIONS, Piece, opposed, same_place
from qa.checking.quantities import differs_in_unit
from qa.checking.windows import Window, own_place
from qa.checking.words import word_list
from qa.places import short_name
from qa.text import simplify

_PREPOSITIONS = word_list("preposition")
ALIKE = 0.4  # of a sentence's telling pieces
MOSTLY = 0.7  # of a sentence's telling words must stand under another year before its own is wrong
SLOT = 8  # pieces between two matched ones, in which one place may stand for another


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
    its = owner(alignment, i, pair.source)
    if its is not None:
        said = _written(alignment, its)
        return Departure("number", text[piece.start : piece.end], said, piece.start, piece.end)
    return "same"


def _written(alignment: Alignment, piece: Piece) -> str:
    return piece.amount.text if piece.amount else piece.text


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
        if (nearer := beside(alignment, i, pair.source, alignment.by_draft())) is not None:
            return _dates_apart(text, piece, nearer, window)
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
