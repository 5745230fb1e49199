"""The place that a work is about, and its level: from its title, then from what its text names most.

Knows nothing of lines or files.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from qa.places import Place, abbreviated, gazetteer, level_by_ending, unknown_places
from qa.reading.evidence import Found, in_body, in_title
from qa.reading.sections import Body
from qa.text import simplify

OPENING_CHARS = 3000
_AT_HEAD = re.compile(r"^([\u4e00-\u9fff]{2,3}[省市州盟县区旗])")
_SELF = {
    "省级": re.compile("我省|全省|省委"),
    "市级": re.compile("我市|全市|市委"),
    "县级": re.compile("我县|我区|全县|本区|区委|县委"),
}


def place_and_level(
    title: Found | None, plain: str, body: Body, level: Found | None
) -> tuple[Found | None, Found | None]:
    """The place as a path, and the level. `plain` is the text, Simplified; `level` is what is known of it."""
    if title and (named := _in_title(simplify(title.value), plain, level.value if level else None)):
        path, of_place, start, end = named
        place = in_title(path, title, start, end)
        return place, level or _level(of_place, place)
    level = level or _own_level(plain, body)
    most = _most_named(plain[:OPENING_CHARS], level.value if level else None)
    if most is None:
        return None, level
    path, of_place, start, end = most
    place = in_body(path, body.text, body.spans, start, end)
    return place, level or _level(of_place, place)


def _level(level: str | None, place: Found) -> Found | None:
    return Found(level, place.origin, place.words, place.start, place.end) if level else None


Named = tuple[str, str | None, int, int]


def _in_title(title: str, text: str, level: str | None) -> Named | None:
    """(path, level, start, end) of the place that a title names: one of the wanted level first, else the first."""
    found = gazetteer().find(title, level)
    if not found and (names := unknown_places(title, around=text)):
        at = title.find(names[0])
        return names[0], level_by_ending(names[0]), at, at + len(names[0])
    found = found or _if_one(abbreviated(title))
    wanted = [one for one in found if one[2].level == level] or found
    return (wanted[0][2].full, wanted[0][2].level, *wanted[0][:2]) if wanted else None


def _if_one(found: Sequence[tuple[int, int, Place]]) -> list[tuple[int, int, Place]]:
    """京津冀 is no one place."""
    return list(found) if len({place for _, _, place in found}) == 1 else []


def _own_level(plain: str, body: Body) -> Found | None:
    """The level that a text speaks of as its own: 我市 and 全市 again and again."""
    counts = {level: len(pattern.findall(plain)) for level, pattern in _SELF.items()}
    level, count = max(counts.items(), key=lambda item: item[1])
    match = _SELF[level].search(plain)
    return in_body(level, body.text, body.spans, *match.span()) if match and count >= 2 else None


def _most_named(plain: str, level: str | None) -> Named | None:
    known = [
        (place.full, place.level, start, end)
        for start, end, place in (*gazetteer().find(plain, level), *abbreviated(plain))
        if level is None or place.level == level
    ]
    return _prevailing(known) or _prevailing(_unknown(plain, level))


def _unknown(plain: str, level: str | None) -> list[Named]:
    known = {plain[start:end] for start, end, _ in gazetteer().find(plain)}  # 头沟区 is no place beside 门头沟区
    names = [
        name
        for name in unknown_places(plain)
        if (level is None or level_by_ending(name) == level) and not any(name in one for one in known)
    ]
    return [(name, level_by_ending(name), plain.find(name), plain.find(name) + len(name)) for name in names]


def _prevailing(named: Sequence[Named]) -> Named | None:
    """What is named at least twice and as often as everything else together: a directory of many places is of none."""
    counts = Counter(path for path, *_ in named)
    for most, count in counts.most_common(1):
        if count >= 2 and 2 * count >= counts.total():
            return next(one for one in named if one[0] == most)
    return None


def place_of_body(body: Found, level: Found | None) -> tuple[Found | None, Found | None]:
    """The place with which the name of the body behind a work begins: 柳溪县财政局."""
    name = simplify(body.value)
    named: tuple[str, str | None] | None = next(
        ((place.full, place.level) for start, _, place in gazetteer().find(name) if start == 0), None
    )
    if named is None and (match := _AT_HEAD.match(name)) and match[1] in unknown_places(match[1]):
        named = match[1], level_by_ending(match[1])
    if named is None:
        return None, level
    path, of_place = named
    place = replace(body, value=path)
    return place, level or _level(of_place, place)
