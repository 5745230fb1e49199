"""What a question counts: the noun phrase after 多少 or 几 and its measure word (夜间公交线路 of 有多少条夜间公交线路).

Reads the question's form only.
"""

from __future__ import annotations

import re

from qa.indexing.tokens import Tokens, question_words

LONGEST = 12  # characters of the phrase
MOST = 4  # words of it
_UNIT = (
    r"(?:余|来)?(?:百|千|万|亿)?(?:个百分点|百分点|平方公里|平方米|立方米|人次|分钟|小时|公里|公顷|公斤|美元|[%‰元亩吨米岁天斤倍]"
    r"|[个家名位所支座处项条件批期场次套枚种类只棵册间辆张份株艘口部台头篇])?"
)
_ASKED = re.compile(rf"(?:多少|几){_UNIT}(?P<rest>[^，。；？?！、\s]{{1,24}})")
_AFTER = re.compile(
    r"(?P<what>[\u4e00-\u9fffA-Za-z]{2,12}?)(?:一共|总共|大概|大约|总计)?(?:是|有|为|达到?)?"
    rf"(?:多少|几)(?:钱|人|{_UNIT})(?:[呢啊]|$|[？?，。、\s])"
)
_MARKS = "“”‘’「」『』《》\"'"
_GENERIC = frozenset("人钱年天月岁万元家个名亩") | {"人次", "百分", "平方米", "公里"}
# Parts of speech (ICTCLAS) that a noun phrase is made of, and those that end it.
_NOMINAL = ("n", "vn", "an", "j", "l", "b", "s", "t", "i", "eng", "a", "f", "x")


def counted(plain: str, tokens: Tokens) -> tuple[str, ...]:
    """The words of the noun phrase that a Simplified question counts, () when it says none.

    What a clause with 的 says of it is left out: 驿站 of 多少个歇脚的驿站. Where nothing follows, the nouns
    before count: 租金 of 一个月租金多少.
    """
    if before := _AFTER.search(plain):
        return _before(before["what"], tokens)
    match = _ASKED.search(plain)
    if match is None:
        return ()
    rest = match["rest"].translate({ord(mark): None for mark in _MARKS})
    pieces = tokens.tagged(rest)
    found = _run(pieces)
    if not found and (of := next((at for at, (word, _) in enumerate(pieces) if word == "的"), None)) is not None:
        found = _run(pieces[of + 1 :])
    if not found and pieces and not pieces[0][1].startswith("v"):
        found = [word for word, _ in pieces[:2]]
    kept = [word for word in found if word not in question_words() and word not in _GENERIC]
    return tuple(kept[:MOST])


def _before(text: str, tokens: Tokens) -> tuple[str, ...]:
    """The last noun of a text and a noun just before it; () where it ends with something else."""
    pieces = tokens.tagged(text)
    kept = [word for word, kind in pieces[-2:] if kind == "n" and len(word) > 1 and word not in question_words()]
    return tuple(kept) if kept and kept[-1] == pieces[-1][0] else ()


def _run(pieces: list[tuple[str, str]]) -> list[str]:
    """The words that a phrase begins with; none where a verb comes first that is no part of it, as in 快递线路."""
    found: list[str] = []
    for at, (word, kind) in enumerate(pieces):
        leads = not at and kind == "v" and len(word) > 1 and len(pieces) > 1 and pieces[1][1].startswith("n")
        if not (leads or kind.startswith(_NOMINAL)) or sum(map(len, found)) + len(word) > LONGEST:
            break
        found.append(word)
    return found
