"""Turns that ask nothing new and want the answer before them otherwise: 出处呢, 详细一点, 换个说法, 只看市级的."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from typing import Literal

from qa.numbers import years
from qa.places import LEVELS, gazetteer, paths_meant
from qa.text import simplify
from qa.types import Filters

# What is wanted of the answer: where it stands, more of it, another wording, or only such documents ("only").
Command = Literal["", "sources", "more", "again", "only"]

LONGEST = 16  # characters; whatever says more asks something
_SOURCES = re.compile(
    r"(?:出处|来源|原文|依据|根据)(?:呢|在哪里?|是(?:什么|哪里?|啥))?$|(?:在|从)?(?:哪一?页|第几页|哪篇|哪份|哪个文件|哪里写|哪儿写|哪里说)(?:里|上|中|写|说|提到)*的?$"
)
_MORE = re.compile(
    r"(?:再|更|说|讲|写)?(?:详细|具体|展开|多说|细说|说细|多讲)(?:一?点|一?些|说|讲|介绍|说明|一下|说说|讲讲)*$"
)
_AGAIN = re.compile(
    r"(?:请|再)?换(?:个|一个|种|一种)?(?:说法|讲法|表述|方式|句话|提法)(?:说)?$|(?:有|还有)?(?:没有)?(?:别的|其他|另外的?)(?:说法|提法|表述)$"
)
_ONLY = re.compile(
    r"^(?:请|就|那)?(?:只|仅|单)(?:看|要|说|讲|找|查|限)(?P<which>.{1,12}?)(?:的|里的|那边|那些|方面)*(?:资料|材料|文件|文章|内容)?$"
)
_POLITE = re.compile(r"^(?:请|麻烦|能不能|能否|可以|可不可以|帮我|你)+|(?:吧|吗|呢|好吗|行吗|可以吗|谢谢)$")


def command_of(question: str, places: Collection[str] = ()) -> tuple[Command, Filters]:
    """What a turn wants of the answer before it, and of which documents; ("", Filters()) when it asks by itself.

    `places` are the paths of the library's places, for those that are in no table.
    """
    plain = re.sub(r"[\s，,。.！!？?~～…]+", "", simplify(question))
    if len(plain) > LONGEST:
        return "", Filters()
    bare = _POLITE.sub("", plain)
    for command, pattern in (("sources", _SOURCES), ("more", _MORE), ("again", _AGAIN)):
        if pattern.fullmatch(bare) or pattern.fullmatch(plain):
            return command, Filters()  # type: ignore[return-value]
    only = _ONLY.fullmatch(bare)
    filters = _filters(only["which"], places) if only else Filters()
    return ("only", filters) if filters else ("", Filters())


def _filters(which: str, places: Collection[str]) -> Filters:
    """The documents that 市级, 2023年 or 云泽省 names; an empty filter when it names none."""
    levels = tuple(level for level in LEVELS if level in which or level.replace("级", "里") in which)
    named = years(which if which.endswith("年") else f"{which}年")
    since = f"{min(named)}" if named else None
    until = f"{max(named)}" if named else None
    found = [place.full for _, _, place in gazetteer().find(which)] or [p for p in paths_meant(which) if p != which]
    found += [place for place in places if which and place.endswith(which) and place not in found]
    return Filters(levels=levels, places=tuple(found), published_from=since, published_to=until)


def both(one: Filters, other: Filters) -> Filters:
    """What passes both filters, as far as one filter can say it: where both name something, the later word counts."""
    fields = ("document_ids", "places", "levels", "kinds", "published_from", "published_to")
    return replace(one, **{name: getattr(other, name) or getattr(one, name) for name in fields})
