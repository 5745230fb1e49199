"""Places by whatever name a question gives them: 沪, 蓉城 and 内蒙 are written out; 京津冀 stands for its members.

A document may write a place in full where the question does not. Knows nothing of scores.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from qa.indexing.tokens import Tokens
from qa.places import Place, abbreviated, gazetteer, groups_named, nicknames, short_name


@dataclass(frozen=True, slots=True)
class Named:
    """A Simplified text with its places written out, what was written instead of each, and the groups in it."""

    text: str
    written: dict[str, str]
    groups: dict[str, tuple[str, ...]]


def spelled_out(plain: str, tokens: Tokens, known_places: Collection[str]) -> Named:
    """A Simplified text with 沪 as 上海 and 蓉城 as 成都.

    A lone 沪 or 粤, and a nickname that is also a word (春城, 山城), count only where the library knows the place.
    """
    groups = groups_named(plain)
    taken = [(start, end) for start, end, _ in (*gazetteer().find(plain), *groups)]
    text, at, written = "", 0, dict[str, str]()
    for start, end, place in _found(plain, tokens, known_places):
        if start >= at and not any(start < b and a < end for a, b in taken):
            name = short_name(place.name)
            text += plain[at:start] + name
            written[name] = plain[start:end]
            at = end
    members = {plain[a:b]: tuple(short_name(place.name) for place in places) for a, b, places in groups}
    return Named(text + plain[at:], written, members)


def _found(plain: str, tokens: Tokens, known_places: Collection[str]) -> list[tuple[int, int, Place]]:
    """Abbreviations and nicknames in a text, in order, the longest first at each point."""
    found = abbreviated(plain)
    likely = [(at, name) for name in nicknames() if (at := plain.find(name)) >= 0]
    if likely:
        edges = tokens.boundaries(plain)
        found += [
            (at, at + len(name), nicknames()[name])
            for at, name in likely
            if {at, at + len(name)} <= edges and _is_known(nicknames()[name], known_places)
        ]
    return sorted(dict.fromkeys(found), key=lambda one: (one[0], -one[1]))


def _is_known(place: Place, known_places: Collection[str]) -> bool:
    return any(place.full in path for path in known_places)
