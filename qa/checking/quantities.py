"""Quantities as drafts and reports write them, told apart by value, unit and how exact they say they are.

Builds on `qa.numbers`; adds 120多万 (the qualifier inside the number), 五万六千亿 (two scales), and what 约, 近 and 余
allow.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from qa.checking.words import word_list, word_lists
from qa.numbers import Quantity, parse_chinese, parse_number, quantities

_INSIDE = re.compile(r"([余餘多来几])(万亿|萬億|百万|千万|万|萬|亿|億|千|百)")
_BEFORE = re.compile(
    r"(?:大约|大概|约|将近|接近|近|逾|超过|超|突破|不下|上下|至少|不少于|达到|多达|高达|几乎)[^\d一二三四五六七八九十]{0,2}$"
)
_APPROXIMATE = re.compile(r"(?:大约|大概|约|将近|接近|近|逾|超过|超|突破|不下|几乎)了?$")
_AFTER = re.compile(r"^(?:左右|上下|以上|余|多|之多|有余)")
_WITHIN = re.compile(r"[余餘多来几]")
_FIGURES = re.compile(r"(?:百分之)?(?:[\d.．,，]+|[零〇○一二三四五六七八九十百千两]+)")
_GREAT = re.compile(
    r"([一二两三四五六七八九十百千]+)[万萬]([一二两三四五六七八九十百千零]+)[亿億]([余多]?)(元|人|吨|个)?"
)
_FRACTION = re.compile(r"([一二两三四五六七八九十百\d]+)分之([一二两三四五六七八九十百零\d]+)")
_UNIT_VALUES = {
    "平方公里": ("平方米", 1e6),
    "平方千米": ("平方米", 1e6),
    "公顷": ("平方米", 1e4),
    "公里": ("米", 1e3),
    "千米": ("米", 1e3),
    "厘米": ("米", 1e-2),
    "毫米": ("米", 1e-3),
    "吨": ("公斤", 1e3),
    "千克": ("公斤", 1.0),
    "小时": ("分钟", 60.0),
    "成": ("%", 10.0),
    "个百分点": ("百分点", 1.0),
}
# Measure words of one kind: 名 and 人 count the same, 元 and 个 never do.
_CLASSES = word_lists("unit")
_COUNTED = word_list("counted")


@dataclass(frozen=True, slots=True)
class Amount:
    """A quantity in plain units: `value` of `unit`; `about` when its writer leaves it open how much exactly.

    `digits` are the figures as written, `measure` the scale and unit behind them: what one slip of the pen changes.
    """

    start: int
    end: int
    text: str
    value: float
    unit: str
    about: bool
    digits: str
    measure: tuple[int, int]


def amounts(plain: str) -> list[Amount]:
    """The quantities of a Simplified text, in order; dates are not among them. Offsets count into the text."""
    turned = _INSIDE.sub(r"\2\1", plain)  # the same length: every offset holds
    found = [_amount(plain, quantity) for quantity in _joined(turned, quantities(turned))]
    found += [_fraction(plain, match) for match in _FRACTION.finditer(plain) if match[1] != "百"]
    great = [_great(plain, match) for match in _GREAT.finditer(plain)]
    found = [one for one in found if not any(g.start < one.end and one.start < g.end for g in great)]
    return sorted([*found, *great], key=lambda one: one.start)


def _great(plain: str, match: re.Match[str]) -> Amount:
    """五万六千亿元: what stands before 亿 counts in it."""
    value = ((parse_chinese(match[1]) or 0.0) * 1e4 + (parse_chinese(match[2]) or 0.0)) * 1e8
    about = bool(match[3] or _APPROXIMATE.search(plain[max(0, match.start() - 4) : match.start()]))
    return Amount(*match.span(), match.group(), value, match[4] or "", about, match[1], (match.end(1), match.end()))


def _joined(text: str, found: list[Quantity]) -> list[Quantity]:
    """1亿 and 2000万元 behind it as one."""
    whole: list[Quantity] = []
    for one in found:
        last = whole[-1] if whole else None
        if (
            last is not None
            and last.end == one.start
            and not last.unit
            and last.value >= 1e4
            and one.value < last.value
        ):
            whole[-1] = replace(one, start=last.start, text=text[last.start : one.end], value=last.value + one.value)
        else:
            whole.append(one)
    return whole


def _amount(plain: str, one: Quantity) -> Amount:
    text = plain[one.start : one.end]
    unit, factor = _UNIT_VALUES.get(one.unit, (one.unit, 1.0))
    about = bool(
        _WITHIN.search(text)
        or _APPROXIMATE.search(plain[max(0, one.start - 4) : one.start])
        or _AFTER.match(plain[one.end : one.end + 2])
    )
    digits = _FIGURES.match(text)
    cut = digits.end() if digits else 0
    written = (digits.group() if digits else text).replace(",", "").replace("．", ".")
    return Amount(one.start, one.end, text, one.value * factor, unit, about, written, (one.start + cut, one.end))


def _fraction(plain: str, match: re.Match[str]) -> Amount:
    below, above = parse_number(match[1]) or 1.0, parse_number(match[2]) or 0.0
    value = 100 * above / below
    return Amount(*match.span(), match.group(), value, "%", False, match.group(), (match.end(), match.end()))


def comparable(one: Amount, other: Amount) -> bool:
    """May two quantities count the same thing, by their units?"""
    return one.unit == other.unit or not one.unit or not other.unit or _class(one.unit) == _class(other.unit) != ""


def _class(unit: str) -> str:
    if unit in _COUNTED:
        return "个"
    return next((min(units) for units in _CLASSES if unit in units), "")


def agree(draft: Amount, source: Amount) -> bool:
    """Does a draft's quantity say no other than the source's? It may be rounder where it says that it is."""
    if not comparable(draft, source):
        return False
    if _same(draft.value, source.value):
        return True
    if draft.about:
        return _rounds_to(draft, source.value)
    return False


def _same(one: float, other: float) -> bool:
    return abs(one - other) <= 1e-9 * max(abs(one), abs(other), 1e-9)


def _rounds_to(draft: Amount, value: float) -> bool:
    """Is `value` the draft's figure once rounded to as many figures, or a little more (近, 余)?

    Within half a unit of its last figure either way, or a whole one, but never more than a tenth.
    """
    figures = re.sub(r"[^\d]", "", draft.digits).lstrip("0") or "1"
    if not re.search(r"\d", draft.digits):
        figures = f"{draft.value:g}".replace(".", "").split("e")[0]
    step = draft.value / max(1.0, float(figures.rstrip("0") or "1"))
    return abs(value - draft.value) < min(step, 0.1 * abs(draft.value)) + 1e-9


def differs_in_unit(draft: Amount, source: Amount) -> bool:
    """The same figures with another scale or unit: 4300多万元 and 4300多亿元, 平方米 and 平方公里."""
    return draft.digits == source.digits and not agree(draft, source)
