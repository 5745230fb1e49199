"""Stretches of time as they are written, and the years that they mean: 今年, 上半年, 近五年, 十四五, 民国一一二年.

A stretch is ISO 8601: "2023", "2024-03", or an interval "2021/2025", "2024-01/2024-06", both ends included. Offsets
count into the given text, which is Simplified. Knows nothing of documents: their year is handed in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from qa.numbers import YEAR, parse_number, roc_year, years

# The five-year plans have followed one another without a gap since the third (1966-1970).
_THIRD_PLAN = (3, 1966)
PLAN_YEARS = 5
# Longer stretches (十年来, 近二十年) are round numbers: which years they count is not sure.
MOST_YEARS = 5

_NTH = "一二三四五六七八九"
_PLAN = (
    r"(?<![一二三四五六七八九十百第])十(?P<plan>[一二三四五六])五"
    r"(?=[”」』\"]|规划|时期|期间|以来|末|初|收官|开局|发展|纲要|前期|后期|中期|建设|目标)"
)
_QUOTED_PLAN = r"(?<=[“「『\"])十(?P<quoted>[一二三四五六])五"
_COUNT = r"(?P<{0}>[二两三四五六七八九]|十[一二三四五六七八九]?|二十|\d{{1,2}})个?年"
_LASTED = r"(?!多|余|级|制|期|左右|之久|的?(?:历史|时间|光景))"
_LATELY = rf"(?<![将接附临邻亲靠])(?:最近|近|过去)的?{_COUNT.format('lately')}(?:以?来|间|里|中)?{_LASTED}"
_SINCE = rf"(?<![0-9一二三四五六七八九十百几数第近]){_COUNT.format('since')}以?来"
# Words that only look so: 目前年产, 过去年均, 以上年龄, 一次年会, 按下半年来.
_THIS = r"(?:今年(?!均)|(?<![基成资样脚版])本年度?(?![级轮鉴报]))"
_LAST = r"(?<![过失除略])去年"
_BEFORE = r"(?<![目以之此先日年从空])前年"
_NEXT = r"(?<![文透光清])明年"
_FORMER = r"(?<![以岁早马晚])上一?年度?(?![纪岁龄头级限均])"
_FOLLOWING = r"(?<![一二三四五六七八九十两几每首此多层档批0-9])次年(?!会)|翌年"
_SAME = r"(?<![正相])当年|同年(?!级|龄)"
_PART = (
    r"上半年(?!级)|(?<![按摁落留定埋立存])下半年(?!来|级)|(?:第?[一二三四1-4]|前[两二三])(?:个)?季度|"
    r"(?<![0-9〇零○一二三四五六七八九十今去前明上次当同本每半少青老新近多几成学全])年[初底末](?!一)"
)
_MONTH = r"(?<![0-9一二三四五六七八九十])(?:本月(?!球)|上个?月)|上个?季度|本季度"
_ROC = r"民[国國](?P<roc>元|\d{1,3}|[零〇○一二三四五六七八九十百]{1,5})年"
_WRITTEN = r"(?<![零〇○0-9一二三四五六七八九十])[一二][零〇○0-9一二三四五六七八九]{3}年"
# What these words begin with: looking at one character first makes the search six times as fast.
_FIRST = r"(?=[今本去前明上下次翌当同近最过民年第]|[0-9一二三四五六七八九十两][0-9零〇○一二三四五六七八九十个年季五])"
_WORDS = re.compile(
    rf"{_FIRST}(?:(?P<quoted_plan>{_QUOTED_PLAN})|(?P<bare_plan>{_PLAN})|(?P<lately_>{_LATELY})|(?P<since_>{_SINCE})|"
    rf"(?P<roc_>{_ROC})|(?P<this>{_THIS})|(?P<last>{_LAST})|(?P<before>{_BEFORE})|(?P<next>{_NEXT})|"
    rf"(?P<former>{_FORMER})|(?P<following>{_FOLLOWING})|(?P<same>{_SAME})|(?P<part>{_PART})|(?P<month>{_MONTH})|"
    rf"(?P<written>{_WRITTEN}))"
)
_SHIFTS = {"this": 0, "last": -1, "before": -2, "next": 1}
_SENTENCE_END = re.compile(r"[。！？；!?;\n]")
_OPENS = re.compile(rf"[\s“”「」『』（）()《》到至截自从在]{{0,3}}(?P<year>{YEAR})年")
_NAMED = re.compile(rf"(?P<year>{YEAR})年")
_DATED = re.compile(r"(?:年度?的?|[0-9])$")

_RANGE = re.compile(rf"(?P<first>{YEAR})年?\s*[—–\-－~～至到]{{1,2}}\s*(?P<last>{YEAR})年")
_OF_YEAR = re.compile(
    rf"(?P<year>{YEAR})年度?(?:的?(?P<half>[上下]半年)|第?(?P<quarter>[一二三四1-4])季度|(?P<month>\d{{1,2}})月(?!\d))?"
)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a word means: `text` says it in full ("2024年上半年", "2019—2023年").

    `note` is what to say of it beside a quotation ("2024年"), "" where it is only sure enough to find by.
    """

    start: int
    end: int
    word: str
    text: str
    note: str = ""


def meanings(text: str, year: int | None, month: int | None = None) -> list[Meaning]:
    """What the words for times in a text mean, in order. `year` and `month` are those in which it was written.

    近五年 ends with that year and counts it: written of 2023 it is 2019—2023. 上半年, 年底, 上年 and the like follow
    the year that opens their sentence; where it names another year in passing, they are left alone. 当年 and 次年
    follow the last year that their sentence names, and mean nothing without one.
    """
    return list(_meanings(text, year, month))


def _meanings(text: str, year: int | None, month: int | None) -> Iterator[Meaning]:
    for match in _WORDS.finditer(text):
        groups = {name: value for name, value in match.groupdict().items() if value}
        said = _absolute(groups) or _counted_from(groups, year, month) or _by_its_sentence(groups, text, match, year)
        if said:
            yield Meaning(match.start(), match.end(), match.group(), said, _note(groups, said))


def _absolute(groups: Mapping[str, str]) -> str:
    """What needs no year to be known: plans, years of the Republican calendar, years in Chinese numerals."""
    if groups.get("plan") or groups.get("quoted"):
        return stretch_in_words(plan_years(_plan_number(groups)))
    if groups.get("roc"):
        named = roc_year(groups["roc"])
        return f"{named}年" if named else ""
    written = groups.get("written", "")[:-1]
    return f"{_number(written)}年" if written and not written.isascii() else ""


def _plan_number(groups: Mapping[str, str | None]) -> int:
    return 11 + _NTH.index(groups.get("plan") or groups.get("quoted") or "")


def _counted_from(groups: dict[str, str], year: int | None, month: int | None) -> str:
    """What follows the year of the text whatever its sentence says: 今年, 近五年, 上月."""
    if year is None:
        return ""
    if "lately" in groups or "since" in groups:
        return _lately(_number(groups.get("lately") or groups["since"]), year)
    if "month" in groups:
        return _month(groups["month"], year, month)
    return next((f"{year + shift}年" for name, shift in _SHIFTS.items() if name in groups), "")


def _by_its_sentence(groups: dict[str, str], text: str, match: re.Match[str], year: int | None) -> str:
    """What follows a year that its sentence names: 当年 the last one, 上年 and 上半年 the one that opens it."""
    before = text[_sentence_start(text, match.start()) : match.start()]
    if "same" in groups or "following" in groups:
        named = _last_named(before)
        return f"{named + ('following' in groups)}年" if named else ""
    opening = _year_of(before, year)
    if opening is not None and "former" in groups:
        return f"{opening - 1}年"
    if opening is None or "part" not in groups or _DATED.search(before):
        return ""
    return f"{opening}年{groups['part'].removeprefix('年')}"


def _note(groups: dict[str, str], said: str) -> str:
    if "written" in groups or "since" in groups:
        return ""
    return said[: len("2024年")] if "part" in groups else said


def _lately(number: int, year: int) -> str:
    return f"{year - number + 1}—{year}年" if 2 <= number <= MOST_YEARS else ""


def _month(word: str, year: int, month: int | None) -> str:
    """本月 and 上季度, for a text whose month is known."""
    if month is None:
        return ""
    at = 12 * year + month - 1
    if word.endswith("季度"):
        quarter = at // 3 - word.startswith("上")
        return f"{quarter // 4}年{'一二三四'[quarter % 4]}季度"
    at -= word.startswith("上")
    return f"{at // 12}年{at % 12 + 1}月"


def _sentence_start(text: str, at: int) -> int:
    ends = [match.end() for match in _SENTENCE_END.finditer(text, 0, at)]
    return ends[-1] if ends else 0


def _last_named(before: str) -> int | None:
    named = _NAMED.findall(before)
    return _number(named[-1]) if named else None


def _year_of(before: str, year: int | None) -> int | None:
    """The year that a sentence speaks of: that which opens it, else the text's own; None where another is named."""
    if match := _OPENS.match(before):
        return _number(match["year"])
    others = {_number(named) for named in _NAMED.findall(before)} - {year}
    return None if others else year


def plan_years(number: int) -> str:
    """The years of a five-year plan from the third on, as an interval: 14 → "2021/2025"."""
    first = _THIRD_PLAN[1] + PLAN_YEARS * (number - _THIRD_PLAN[0])
    return f"{first}/{first + PLAN_YEARS - 1}"


def stretch_of(text: str) -> tuple[str, int, int] | None:
    """The stretch that a title names: (ISO 8601, start, end) of the words; of several years the last one.

    2021—2025年规划 → 2021/2025, 2024年上半年 → 2024-01/2024-06, 2023年度 → 2023, “十四五”规划 → 2021/2025.
    """
    if (match := _RANGE.search(text)) and _number(match["first"]) < _number(match["last"]):
        return f"{_number(match['first'])}/{_number(match['last'])}", *match.span()
    named = [match for match in _OF_YEAR.finditer(text) if 1800 <= _number(match["year"]) <= 2100]
    if named:
        return _part_of(named[-1]), *named[-1].span()
    for match in _WORDS.finditer(text):
        if match["plan"] or match["quoted"]:
            return plan_years(_plan_number(match.groupdict())), *match.span()
        if match["roc"] and (year := roc_year(match["roc"])):
            return str(year), *match.span()
    return None


def _part_of(match: re.Match[str]) -> str:
    year, month = _number(match["year"]), int(match["month"] or 0)
    if match["half"]:
        return f"{year}-01/{year}-06" if match["half"] == "上半年" else f"{year}-07/{year}-12"
    if match["quarter"]:
        quarter = _number(match["quarter"])
        return f"{year}-{3 * quarter - 2:02d}/{year}-{3 * quarter:02d}"
    return f"{year}-{month:02d}" if 1 <= month <= 12 else str(year)


def _number(written: str) -> int:
    return int(parse_number(written) or 0) if written else 0


def range_of(text: str, length: int) -> tuple[str, int, int] | None:
    """The first stretch of so many years that a text names: (ISO 8601, start, end) of the words."""
    for match in _RANGE.finditer(text):
        first, last = _number(match["first"]), _number(match["last"])
        if last - first + 1 == length:
            return f"{first}/{last}", *match.span()
    return None


def years_counted(title: str) -> int:
    """How many years a title says that it looks back on (五年来, 近三年), 0 when it does not."""
    match = next((m for m in _WORDS.finditer(title) if m["lately"] or m["since"]), None)
    return _number(match["lately"] or match["since"]) if match else 0


def bounds(stretch: str) -> tuple[int, int]:
    """The first and the last year of a stretch; (0, 0) where it names none."""
    found = [int(year) for year in re.findall(r"(?<!\d)\d{4}(?!\d)", stretch)]
    return (found[0], found[-1]) if found else (0, 0)


def stretch_in_words(stretch: str) -> str:
    """The years of a stretch in Chinese: 2021/2025 → 2021—2025年, 2024-01/2024-06 → 2024年."""
    first, last = bounds(stretch)
    return f"{first}年" if first == last else f"{first}—{last}年"


def years_meant(text: str) -> list[int]:
    """The years that a question names: those that are written, and those of the plans that it speaks of."""
    plans = [year for match in _WORDS.finditer(text) for year in bounds(_absolute(match.groupdict(default="")))]
    return list(dict.fromkeys([*years(text), *filter(None, plans)]))
