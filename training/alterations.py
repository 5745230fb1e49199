"""Sentences altered by program, as slips of a writer's pen: what the checking model learns from.

Each alteration keeps a sentence readable and says what became of it: it still says the same (supported), something else
(contradicted), or, half of it, what its source never said (not_found).
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from opencc import OpenCC

from qa.checking.pieces import opposites
from qa.numbers import DATE
from qa.places import gazetteer
from qa.retrieval.synonyms import groups

Made = tuple[str, str, str] | None  # the sentence, its label, how it was made
_NUMBER = re.compile(r"\d+(?:\.\d+)?(?=[万亿余多]?[\u4e00-\u9fff%])")
_UNITS = (
    ("亿元", "万元"),
    ("万元", "亿元"),
    ("平方米", "平方公里"),
    ("平方公里", "平方米"),
    ("公里", "米"),
    ("万人", "人"),
    ("个月", "天"),
    ("小时", "分钟"),
)
_COMMA = re.compile(r"(?<=[，；])")
_PERSONS = re.compile(
    r"(?<=[长记员授士任师])(?:[王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林][\u4e00-\u9fff]{1,2})(?=[\u4e00-\u9fff，。])"
)
_NAMES = ("王立秋", "陈望舒", "李春山", "赵青禾", "周远帆", "孙佳木", "何晓岚")
_VERBS = re.compile(
    r"(?<=[，。；])?(?:应当|必须|开展|实行|建立|设立|允许|参加|公布|出席|负责|同意|收取|影响|适用|包括|保证)"
)
_DIGITS = "零一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Altered:
    sentence: str
    label: str
    how: str


def alterations(sentence: str, other: str, chance: random.Random) -> Iterator[Altered]:
    """Every alteration that a sentence allows; `other` is a sentence of another document."""
    for make in (*SAME, *CHANGED):
        made = make(sentence, chance)
        if made and made[0] != sentence:
            yield Altered(*made)
    joined = _joined(sentence, other)
    if joined:
        yield Altered(joined, "not_found", "half_of_another")


def _joined(sentence: str, other: str) -> str | None:
    mine, its = _COMMA.split(sentence), _COMMA.split(other)
    if len(mine) < 2 or len(its) < 2:
        return None
    return "".join(mine[: len(mine) // 2]) + "".join(its[len(its) // 2 :])


@cache
def _to_taiwan() -> OpenCC:
    return OpenCC("s2twp")


# --- what says the same


def traditional(sentence: str, chance: random.Random) -> Made:
    return _to_taiwan().convert(sentence), "supported", "traditional"


def fewer_clauses(sentence: str, chance: random.Random) -> Made:
    clauses = [c for c in _COMMA.split(sentence) if c]
    if len(clauses) < 3:
        return None
    clauses.pop(chance.randrange(1, len(clauses)))
    return "".join(clauses), "supported", "fewer_clauses"


def other_order(sentence: str, chance: random.Random) -> Made:
    body, end = (sentence[:-1], sentence[-1]) if sentence[-1] in "。；！" else (sentence, "")
    clauses = re.split(r"[，；]", body)
    if len(clauses) < 3:
        return None
    at = chance.randrange(len(clauses) - 1)
    clauses[at], clauses[at + 1] = clauses[at + 1], clauses[at]
    return "，".join(clauses) + end, "supported", "other_order"


def in_other_words(sentence: str, chance: random.Random) -> Made:
    """Up to three words replaced by synonyms, light words dropped or added."""
    said = sentence
    words = [w for w in groups() if len(w) > 1 and w in said]
    for word in chance.sample(words, min(3, len(words))):
        said = said.replace(word, chance.choice(sorted(groups()[word])), 1)
    said = re.sub(r"进一步|着力|积极|切实|不断|扎实|认真|大力", "", said)
    said = re.sub(r"^(\S{4,12}?)，", r"\1，当地", said) if chance.random() < 0.2 else said
    return said, "supported", "in_other_words"


def shorter(sentence: str, chance: random.Random) -> Made:
    """What stands in brackets, 、-lists and 的 left out: a summary."""
    said = re.sub(r"（[^）]*）", "", sentence)
    said = re.sub(r"、[\u4e00-\u9fff]{2,6}(?=[、和及等])", "", said, count=2)
    said = re.sub(r"的(?=[\u4e00-\u9fff])", "", said, count=1)
    return said, "supported", "shorter"


def numerals(sentence: str, chance: random.Random) -> Made:
    match = re.search(r"(?<![\d.])([2-9])(?=[个名家所项次条])", sentence)
    if match is None:
        return None
    return sentence[: match.start()] + _DIGITS[int(match[1])] + sentence[match.end() :], "supported", "numerals"


def rounder(sentence: str, chance: random.Random) -> Made:
    match = re.search(r"(?<![\d.])(\d{2,4})(\d)(?=[个名家所项人户元])", sentence)
    if match is None:
        return None
    return sentence[: match.start()] + f"{match[1]}0多" + sentence[match.end() :], "supported", "rounder"


# --- what says something else


def other_number(sentence: str, chance: random.Random) -> Made:
    found = [m for m in _NUMBER.finditer(sentence) if not DATE.match(sentence, m.start())]
    if not found:
        return None
    match = chance.choice(found)
    digits = list(match.group())
    places = [i for i, c in enumerate(digits) if c.isdigit()]
    if len(places) > 1 and chance.random() < 0.5:
        a, b = chance.sample(places, 2)
        digits[a], digits[b] = digits[b], digits[a]
    else:
        at = chance.choice(places)
        digits[at] = chance.choice([c for c in "123456789" if c != digits[at]])
    said = "".join(digits)
    if said == match.group() or said.startswith("0"):
        return None
    return sentence[: match.start()] + said + sentence[match.end() :], "contradicted", "number"


def other_unit(sentence: str, chance: random.Random) -> Made:
    for unit, wrong in chance.sample(_UNITS, len(_UNITS)):
        match = re.search(rf"(?<=\d){unit}|(?<=[多余]){unit}", sentence)
        if match:
            return sentence[: match.start()] + wrong + sentence[match.end() :], "contradicted", "unit"
    return None


def other_date(sentence: str, chance: random.Random) -> Made:
    match = re.search(
        r"(?P<year>(?:19|20)\d\d)(?=年)|(?P<month>\d{1,2})(?=月\d)|(?<=月)(?P<day>\d{1,2})(?=日)", sentence
    )
    if match is None:
        return None
    value = int(match.group())
    wrong = value + chance.choice((-3, -2, -1, 1, 2)) if match["year"] else (value % (12 if match["month"] else 28)) + 1
    return sentence[: match.start()] + str(wrong) + sentence[match.end() :], "contradicted", "date"


def other_place(sentence: str, chance: random.Random) -> Made:
    found = [(a, b, p) for a, b, p in gazetteer().find(sentence) if p.level in ("省级", "市级")]
    if not found:
        return None
    start, end, place = chance.choice(found)
    full = sentence[start:end] == place.name
    names = sorted(
        {
            p.name if full else n
            for n, ps in gazetteer().names.items()
            for p in ps[:1]
            if p.level == place.level and len(n) < 4
        }
    )
    wrong = chance.choice([name for name in names if name not in sentence])
    return sentence[:start] + wrong + sentence[end:], "contradicted", "place"


def other_person(sentence: str, chance: random.Random) -> Made:
    match = _PERSONS.search(sentence)
    if match is None:
        return None
    return sentence[: match.start()] + chance.choice(_NAMES) + sentence[match.end() :], "contradicted", "person"


def denied(sentence: str, chance: random.Random) -> Made:
    if match := re.search(r"(?<![无对])(?:不得|没有|未(?!来))(?=[\u4e00-\u9fff])", sentence):
        said = {"不得": "可以"}.get(match.group(), "")
        return sentence[: match.start()] + said + sentence[match.end() :], "contradicted", "denied"
    match = _VERBS.search(sentence)
    if match is None:
        return None
    word = {"应当": "不必", "必须": "不必", "允许": "禁止"}.get(match.group(), "没有" + match.group())
    return sentence[: match.start()] + word + sentence[match.end() :], "contradicted", "denied"


def opposite(sentence: str, chance: random.Random) -> Made:
    words = [w for w in opposites() if len(w) > 1 and w in sentence and w not in ("成立", "可以")]
    if not words:
        return None
    word = max(words, key=len)
    others = sorted(other for _, side in opposites()[word] for other in side if len(other) > 1)
    return (sentence.replace(word, chance.choice(others), 1), "contradicted", "opposite") if others else None


SAME: tuple[Callable[[str, random.Random], Made], ...] = (
    traditional, fewer_clauses, other_order, in_other_words, shorter, numerals, rounder,
)  # fmt: skip
CHANGED: tuple[Callable[[str, random.Random], Made], ...] = (
    other_number, other_unit, other_date, other_place, other_person, denied, opposite,
)  # fmt: skip
