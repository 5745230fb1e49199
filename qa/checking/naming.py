"""Persons, organisations and quoted names that a draft gives where its source gives others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from qa.checking.aligning import Alignment
from qa.checking.pieces import names_in
from qa.checking.windows import Window
from qa.indexing.people import is_name, may_hold_name, person_spans
from qa.text import letters, simplify
from qa.types import DraftDifferenceKind

_ORGANISATION = re.compile(
    r"(?:大学|学院|学校|党校|中学|小学|医院|公司|集团|银行|研究院|研究所|实验室|委员会|组织部|宣传部|统战部|纪委|党委|政府|人大|政协|法院|检察院|协会|学会|联合会|基金会|"
    r"局|厅|委|办|部|院|所|署|中心|报社|日报|协会)$"
)
REACH = 8  # pieces; further apart, two unmatched runs do not stand for each other
LONG_RUN = 5
NEAR = 3  # characters around a run in which a name may begin or end


@dataclass(frozen=True, slots=True)
class Departure:
    """A difference before it is placed in the draft: `start` and `end` count into the sentence."""

    kind: DraftDifferenceKind
    draft: str
    source: str
    start: int
    end: int


def replaced(text: str, alignment: Alignment, window: Window) -> Iterator[Departure]:
    """Persons, organisations and quoted names that stand where the source has others."""
    runs = list(_substitutions(alignment))
    if not runs:
        return
    mine, its = simplify(text), window.simplified
    for (a, b), (c, d) in runs:
        names = _named(mine, a, b), _named(its, c, d)
        if names[0] and names[1]:
            yield from _departure("name", text, window, names[0], names[1])
            continue
        person = _person(mine, a, b)
        other = _person(its, c, d) if person else None
        if person and other:
            yield from _departure("person", text, window, person, other)
        elif _ORGANISATION.search(mine[a:b]) and _ORGANISATION.search(its[c:d]):
            yield from _departure("organisation", text, window, (a, b), (c, d))


def persons_behind(text: str, alignment: Alignment, window: Window) -> Iterator[Departure]:
    """A person who stands in the window, though not behind the words that the draft puts before the name."""
    draft, source = alignment.draft, alignment.source
    pairs = alignment.by_draft()
    for i in range(1, len(draft)):
        before, pair = pairs.get(i - 1), pairs.get(i)
        if (
            before is None
            or pair is None
            or not before.same
            or not (1 < len(draft[i].text) < 5 and draft[i].kind == "word")
        ):
            continue
        if draft[i - 1].light or before.moved or 0 <= pair.source - before.source <= 2 or not is_name(draft[i].text):
            continue
        its, mine = window.simplified, simplify(text)
        after = source[before.source].end
        own = _person(mine, draft[i].start, draft[i].end)
        other = _person(its, after, after + 2) if own else None
        if own and other and other[0] <= after + 2 and mine[slice(*own)] != its[slice(*other)]:
            yield from _departure("person", text, window, own, other)


# What ends a role, behind which a name may stand; and surnames that are little words first.
_ROLE_ENDS, _LITTLE = frozenset("长员师任记理授士席监者手辑"), frozenset("于和成时方全路车项管连关常任向明费边习单")
_NO_THIRD = frozenset("说称在带等的把任率主负是为被将也就都和与已曾又从向于对")
_ROLE_LETTERS = (4, 3, 2)


def titled(text: str, alignment: Alignment, window: Window) -> Iterator[Departure]:
    """A name behind a role, where the window has another name behind the same role.

    Goes by surnames: how a rare name is cut into words is a matter of chance.
    """
    mine, its = simplify(text), window.simplified
    for at in _behind_roles(mine):
        for size in _ROLE_LETTERS:
            there = [m.end() for m in re.finditer(re.escape(mine[max(0, at - size) : at]), its)]
            names = [start for start in there if at >= size and start in _behind_roles(its)]
            if not names:
                continue
            if not any(its[start : start + 2] == mine[at : at + 2] for start in names):
                yield from _departure("person", text, window, _name_at(mine, at), _name_at(its, names[0]))
            break


@lru_cache(maxsize=1024)
def _behind_roles(plain: str) -> tuple[int, ...]:
    """Where a name seems to begin right behind a role."""
    spots = (at for at in range(2, len(plain) - 1) if plain[at - 1] in _ROLE_ENDS and plain[at] not in _LITTLE)
    return tuple(at for at in spots if is_name(plain[at : at + 2]) or is_name(plain[at : at + 3]))


def _name_at(plain: str, at: int) -> tuple[int, int]:
    """The name that begins there: as it is tagged, else of three letters unless the third says what the person does."""
    tagged = _person(plain, at, at + 2)
    if tagged and tagged[0] == at:
        return tagged
    third = plain[at + 2 : at + 3]
    return at, at + (3 if "\u4e00" <= third <= "\u9fff" and third not in _NO_THIRD else 2)


def _departure(
    kind: DraftDifferenceKind, text: str, window: Window, mine: tuple[int, int], its: tuple[int, int]
) -> Iterator[Departure]:
    one, other = text[slice(*mine)], window.text[slice(*its)]
    if letters(one) not in letters(other) and letters(other) not in letters(one):
        yield Departure(kind, one, other, *mine)


def _named(plain: str, start: int, end: int) -> tuple[int, int] | None:
    return next(((a, b) for a, b in names_in(plain) if a < end and start < b), None)


def _person(plain: str, start: int, end: int) -> tuple[int, int] | None:
    """The personal name that stands in plain[start:end], or reaches into it."""
    if not may_hold_name(plain[max(0, start - 1) : end + 1]):
        return None
    first, beyond = max(0, start - NEAR), min(len(plain), end + NEAR)
    spans = ((a + first, b + first) for a, b in _people(plain[first:beyond]))
    return next(((a, b) for a, b in spans if a < end and start < b), None)


@lru_cache(maxsize=8192)
def _people(plain: str) -> tuple[tuple[int, int], ...]:
    return tuple(person_spans(plain))


def _substitutions(alignment: Alignment) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Runs of unmatched words on both sides between the same two matched pieces, as spans of the two texts."""
    draft, source = alignment.draft, alignment.source
    in_order = [pair for pair in alignment.pairs if not pair.moved]
    matched = {pair.source for pair in alignment.pairs}
    known = {pair.draft for pair in alignment.pairs}
    edges = [(-1, -1), *((p.draft, p.source) for p in in_order), (len(draft), len(source))]
    for (i, j), (k, m) in pairwise(edges):
        ours = [x for x in range(i + 1, k) if x not in known]
        theirs = [y for y in range(j + 1, m) if y not in matched]
        if i < 0:
            theirs = theirs[-REACH:]
        elif k == len(draft):
            theirs = theirs[:REACH]
        if not ours or not theirs or len(ours) > LONG_RUN or len(theirs) > 2 * REACH:
            continue
        if all(draft[x].light for x in ours):
            continue
        yield (draft[ours[0]].start, draft[ours[-1]].end), (source[theirs[0]].start, source[theirs[-1]].end)
