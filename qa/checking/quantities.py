"""Quantities as drafts and reports write them, told apart by value, unit and how exact they say they are.

Builds on `qa.numbers`; adds 120多万 (the qualifier inside the number), 五万六千亿 (two scales), 2元5角, times of day,
and what 约, 近 and 余 allow.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from qa.checking.words import word_list, word_lists
from qa.numbers import Quantity, parse_chinese, parse_number, quantities

_INSIDE = re.compile(r"([余餘多来几])(万亿|萬億|百万|千万|万|萬|亿|億|千|百)")
_APPROXIMATE = re.compile(r"(?:大约|大概|约|将近|接近|近|逾|超过|超|突破|不下|几乎|不足|不到|未满)了?$")
# On which side of the figure that is written the true one must lie.
_ABOVE, _BELOW = (
    re.compile(r"(?:逾|(?<!不)超过|超|突破|不下)了?$"),
    re.compile(r"(?:将近|接近|近|几乎|不足|不到|未满)$"),
)
_ABOVE_AFTER = re.compile(r"^(?:以上|余|多(?!少)|有余)")
_AFTER = re.compile(r"^(?:左右|上下|以上|余|多|之多|有余)")
_WITHIN = re.compile(r"[余餘多来几]")
_FIGURES = re.compile(r"(?:百分之)?(?:[\d.．,，]+|[零〇○一二三四五六七八九十百千两]+)")
_GREAT = re.compile(
    r"([一二两三四五六七八九十百千]+)[万萬]([一二两三四五六七八九十百千零]+)[亿億]([余多]?)(元|人|吨|个)?"
)
_FRACTION = re.compile(r"([一二两三四五六七八九十百\d]+)分之([一二两三四五六七八九十百零\d]+)")
_COINS = re.compile(
    r"([\d零一二两三四五六七八九十百]+)[元块]([\d一二三四五六七八九])[角毛](?:([\d一二三四五六七八九])分)?"
)
_SMALL = r"\d{1,2}|[零一二两三四五六七八九十]{1,3}"
# 三点建议 and 三点五 are no times of day.
_CLOCK = re.compile(
    r"(?P<half>早上|清晨|凌晨|上午|中午|下午|傍晚|晚上|夜里|晚|早)?(?<![\d.．:：])"
    rf"(?P<hour>{_SMALL})(?:[点时](?:(?P<part>半)|(?P<minutes>{_SMALL})分|[整钟]|(?![\d零一二三四五六七八九要意建希体启经思看感共原理措间]))"
    r"|[:：](?P<digits>[0-5]\d)(?!\d))"
)
CLOCK = "点钟"
_UNIT_VALUES = {
    "亩": ("平方米", 2000 / 3),
    "斤": ("公斤", 0.5),
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
_SAME = word_lists("same")
_COUNTED = word_list("counted")


@dataclass(frozen=True, slots=True)
class Amount:
    """A quantity in plain units: `value` of `unit`; `about` when its writer leaves it open how much exactly.

    `side` is 1 where the true figure lies above the one that is written (超过, 余), -1 where below (近, 不足), else 0.
    For a time of day, in hours, `about` says that the half of the day is open.

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
    side: int = 0


def amounts(plain: str) -> list[Amount]:
    """The quantities of a Simplified text, in order; dates are not among them. Offsets count into the text."""
    turned = _INSIDE.sub(r"\2\1", plain)  # the same length: every offset holds
    found = [_amount(plain, quantity) for quantity in _joined(turned, quantities(turned))]
    found += [_fraction(plain, match) for match in _FRACTION.finditer(plain) if match[1] != "百"]
    great = [_great(plain, match) for match in _GREAT.finditer(plain)]
    great += [_coins(match) for match in _COINS.finditer(plain)]
    great += [clock for match in _CLOCK.finditer(plain) if (clock := _clock(match)) is not None]
    found = [one for one in found if not any(g.start < one.end and one.start < g.end for g in great)]
    return sorted([*found, *great], key=lambda one: one.start)


def _great(plain: str, match: re.Match[str]) -> Amount:
    """五万六千亿元: what stands before 亿 counts in it."""
    value = ((parse_chinese(match[1]) or 0.0) * 1e4 + (parse_chinese(match[2]) or 0.0)) * 1e8
    about = bool(match[3] or _APPROXIMATE.search(plain[max(0, match.start() - 4) : match.start()]))
    return Amount(*match.span(), match.group(), value, match[4] or "", about, match[1], (match.end(1), match.end()))


def _coins(match: re.Match[str]) -> Amount:
    """2元5角 is 2.5元."""
    whole, tenths, hundredths = (parse_number(part) or 0.0 if part else 0.0 for part in match.groups())
    value = whole + tenths / 10 + hundredths / 100
    return Amount(*match.span(), match.group(), value, "元", False, f"{value:g}", (match.end(), match.end()))


def _clock(match: re.Match[str]) -> Amount | None:
    """晚上十点 and 22:00 are one time of day; 十点 may be either of two. None where it is no time of day."""
    hour = parse_number(match["hour"])
    minutes = 30.0 if match["part"] else parse_number(match["minutes"] or match["digits"] or "0")
    if hour is None or minutes is None or hour > 24 or minutes > 59:
        return None
    half = match["half"] or ""
    value = hour + minutes / 60 + (12 if half in {"下午", "傍晚", "晚上", "夜里", "晚"} and hour < 12 else 0)
    start = match.start("hour")
    about = not half and hour <= 12
    return Amount(
        start, match.end(), match.group()[len(half) :], value, CLOCK, about, match["hour"], (match.end(), match.end())
    )


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
    if unit == "块" and plain[one.end : one.end + 1] == "钱":
        unit = "元"
    before, after = plain[max(0, one.start - 4) : one.start], plain[one.end : one.end + 2]
    about = bool(_WITHIN.search(text) or _APPROXIMATE.search(before) or _AFTER.match(after))
    digits = _FIGURES.match(text)
    cut = digits.end() if digits else 0
    written = (digits.group() if digits else text).replace(",", "").replace("．", ".")
    measure = (one.start + cut, one.end)
    return Amount(
        one.start, one.end, text, one.value * factor, unit, about, written, measure, _side(before, text, after)
    )


def _side(before: str, text: str, after: str) -> int:
    if _BELOW.search(before):
        return -1
    return int(bool(_ABOVE.search(before) or _ABOVE_AFTER.match(after) or re.search("[余餘多]", text)))


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
    if not comparable(draft, source) or not _interchangeable(draft.unit, source.unit):
        return False
    if draft.unit == source.unit == CLOCK:
        return round(60 * (draft.value - source.value)) % (720 if draft.about or source.about else 1440) == 0
    if _same(draft.value, source.value):
        return True
    above = source.value - draft.value
    return draft.about and above * draft.side >= 0 and _rounds_to(draft, source.value)


def _interchangeable(one: str, other: str) -> bool:
    """May one unit be written for the other? 名 for 人, 家 for 个; never 亩 for 平方米, which only measure the same."""
    if one == other or not one or not other or (one in _COUNTED and other in _COUNTED):
        return True
    return any(one in units and other in units for units in _SAME)


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
