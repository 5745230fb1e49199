"""What a question over several places asks for: which places, in what order, a total or a difference, and of what.

Reads the question's form only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from qa.indexing.tokens import Tokens
from qa.reading.metrics import words
from qa.retrieval.questions import Asked, apart
from qa.text import simplify

LEVELS = {"省": "省级", "市": "市级", "城市": "市级", "县": "县级", "区": "县级", "县区": "县级", "区县": "县级"}
EACH = re.compile(r"(?:哪一?个|哪些|哪几个|各个?|每个)(?P<kind>省|城市|市|县区|区县|县|区|地方|地区|地)(?!级|域|内)")
# 哪个的教师多？ asks for the most, 哪个市的大学 does not.
_WHICH, _SO_ASKED = r"(?:谁|哪一?个|哪里|哪边)[^，。？?、 ]{0,8}", r"(?=[？?呢些]|$)"
_MOST = re.compile(
    rf"最(?:多|高|大|快|好|长|强)|更(?:多|高|大)|{_WHICH}(?:多|高|大){_SO_ASKED}|从(?:多|高|大)到|排(?:名|序|第一|在前)"
)
_LEAST = re.compile(rf"最(?:少|低|小|慢|短)|更(?:少|低|小)|{_WHICH}(?:少|低|小){_SO_ASKED}|从(?:少|低|小)到")
_TOTAL = re.compile(r"一共|总共|合计|总计|加起来|加在一起|合起来|共计|之和")
_DIFFERENCE = re.compile(r"(?:相差|差|高出?|多出?|少|低)了?(?:多少|几)|差距")
_GROWTH = re.compile(r"增长|增幅|增速|提高了|下降了|变化|涨")
_OF_DOCUMENTS = re.compile(
    r"[两二三几][篇份稿]|一样吗|一致|对得上|各(?:写|说)|两(?:稿|处|种说法)|说法|初稿|定稿|(?:文件|材料|资料).{0,6}(?:不同|矛盾|出入)"
)
_ASKS_HOW_MUCH = re.compile(
    r"多少|哪[^，。？?、 ]{0,10}[多高少低大小](?=[？?呢些]|$)|几|最|更|谁|对比|比较|相比|一共|合计|总计|分别|各|排"
)
_ASKING = re.compile(
    r"(?:(?:19|20)\d\d|[一二][零〇○0一二三四五六七八九]{3})年(?:[底初末]|[上下]半年)?|[上下]半年|年[底初末]|多少[个家名位所支项条件批期场次套枚种只棵册间辆张份座处]?|[几各谁哪]|分别|[两二三四五六七八九十\d]+个?(?:省|市|县|区|城市|地方|地区|州|家)|一共|总共|合计|总计|加起来|共计|之和|相差|差距|对比|比较|"
    r"相比|最[多少高低大小]|更[多少高低大小]|从[多高大]到[少低小]|从[少低小]到[多高大]|排[名序列]|一下|目前|现在|[是有了的和与跟比把吗呢，？?。、]"
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a table is asked for: named places (name, path), or each place of a `level` ("" for any).

    `apart_by`: what the rows differ in; years and documents are of one place. `order`: 1 rising, -1 falling, else 0.
    """

    places: tuple[tuple[str, str], ...]
    level: str | None
    apart_by: Literal["place", "document", "year"]
    order: int
    total: bool
    difference: bool


def wanted(asked: Asked) -> Wanted | None:
    """Does a question ask over several places? None when it asks of one, or of no number."""
    plain = simplify(asked.text)
    if asked.kind in ("when", "who", "how", "why", "definition", "overview") or not _ASKS_HOW_MUCH.search(plain):
        return None
    order = order_of(plain)
    total, difference = bool(_TOTAL.search(plain)), bool(_DIFFERENCE.search(plain))
    named = [(n, p) for n, p in zip(asked.place_names, asked.places, strict=False) if p in apart(asked.places)]
    if len(named) >= 2 and (asked.kind in ("compare", "number") or order or total or difference):
        return Wanted(tuple(named), None, "place", order, total, difference)
    if len(named) == 1 and len(asked.years) >= 2 and asked.kind in ("compare", "number"):
        return Wanted(tuple(named), None, "year", order, total, difference)
    if len(named) == 1 and asked.kind in ("compare", "number") and _OF_DOCUMENTS.search(plain):
        return Wanted(tuple(named), None, "document", 0, False, False)
    each = EACH.search(plain)
    if each and (order or asked.kind in ("compare", "number")):
        return Wanted((), LEVELS.get(each["kind"], ""), "place", order, total, False)
    return None


def order_of(plain: str) -> int:
    """1 where a Simplified question asks for the least, -1 for the most, 0 for neither."""
    return 1 if _LEAST.search(plain) else -1 if _MOST.search(plain) else 0


def asks_growth(asked: Asked) -> bool:
    """Does a question ask how much something changed?"""
    return bool(_GROWTH.search(asked.text))


def counted_words(asked: Asked, tokens: Tokens) -> list[str]:
    """The words of what is counted: a question's but for its places, years, and the words that compare and ask."""
    found = dict.fromkeys(tokens.words("，".join(counted_runs(asked))))
    return [w for w in found if len(w) > 1 and w not in words("of_question")]


def counted_runs(asked: Asked) -> list[str]:
    """The runs of a question that remain without its places, years, and the words that compare and ask."""
    text = simplify(asked.text)
    for name in sorted((*asked.place_names, *asked.unknown_places), key=len, reverse=True):
        text = text.replace(name, "，")
    return [run for run in _ASKING.sub("，", EACH.sub("，", text)).split("，") if run]
