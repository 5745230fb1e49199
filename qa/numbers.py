"""Numbers, quantities and dates as they are written, and what they mean.

3.5万 is 35000, 百分之三十 is 30 %, 二0二二年 (an ASCII zero among Chinese digits) is 2022. Offsets count into the
given text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "0": 0, "两": 2, "壹": 1}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10_000, "萬": 10_000, "亿": 100_000_000, "億": 100_000_000}
SCALE = {
    "百": 100.0,
    "千": 1e3,
    "万": 1e4,
    "萬": 1e4,
    "亿": 1e8,
    "億": 1e8,
    "万亿": 1e12,
    "萬億": 1e12,
    "百万": 1e6,
    "千万": 1e7,
}
_CN = "零〇○一二三四五六七八九十百千两"

_ARABIC = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:[.．]\d+)?"
_CHINESE = rf"[{_CN}]{{1,9}}"
_QUALIFIER_BEFORE = r"(?:将近|接近|超过|突破|不少于|不低于|近|约|超|逾|达|共|每)?"
_SCALE_WORD = r"(?:万亿|萬億|百万|千万|万|萬|亿|億|千|百)?"
_UNIT_FILE = Path(__file__).resolve().parent / "data" / "units.txt"


@cache
def units() -> frozenset[str]:
    """Measure words and units that follow a number directly."""
    lines = _UNIT_FILE.read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


_NUMERAL = re.compile(rf"[\d{_CN}]")
_UNIT = "|".join(sorted(units(), key=lambda unit: (-len(unit), unit)))

QUANTITY = re.compile(
    rf"(?P<before>{_QUALIFIER_BEFORE})"
    rf"(?:百分之(?P<percent>{_ARABIC}|{_CHINESE})|第?(?P<number>{_ARABIC}|{_CHINESE})"
    rf"(?:(?P<few>[余餘多来几])(?=[万萬亿億]))?(?P<scale>{_SCALE_WORD}))"
    rf"(?P<more>[余餘多来几]?)(?P<sign>[%‰％]?)(?P<unit>(?:{_UNIT})?)"
)
YEAR = r"(?:1[89]\d\d|20\d\d|[一二][零〇○0-9一二三四五六七八九]{3})"
_CN_DAY = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
DATE = re.compile(
    rf"(?:(?P<year>{YEAR}|今|去|前|明|同|当|當)年(?:(?P<half>初|底|末|年初|年底|上半年|下半年|春节|[一二三四]季度)|"
    rf"(?P<month>{_CN_DAY})月(?:(?P<day>{_CN_DAY})[日号號]|(?P<part>初|底|末|份|上旬|中旬|下旬))?)?)"
    rf"|(?P<month2>{_CN_DAY})月(?:(?P<day2>{_CN_DAY})[日号號]|(?P<part2>初|底|末|份|上旬|中旬|下旬))"
    rf"|(?:每)?(?:周|星期)[一二三四五六日末天]|(?P<clock>(?:早上|上午|下午|晚上|凌晨|中午|傍晚|清晨)?\d{{1,2}}(?:[:：]\d{{2}}|[时時点點](?:\d{{1,2}}分|半)?))"
)

_WRITTEN_OUT = re.compile(
    rf"(?:民[国國]\s*(?P<roc>元|\d{{1,3}}|[{_CN}]{{1,5}})|(?P<year>[一二][零〇○0-9一二三四五六七八九]{{3}}))\s*年\s*"
    rf"(?P<month>{_CN_DAY})\s*月(?:\s*(?P<day>{_CN_DAY})\s*[日号號])?"
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit. `value` is plain (3.5万 → 35000.0); percent signs are units, not divisors."""

    start: int
    end: int
    text: str
    value: float
    unit: str


def parse_chinese(text: str) -> float | None:
    """三千六百二十 → 3620.0, 二〇二二 → 2022.0; None when it is no number."""
    if not text or any(c not in _DIGITS and c not in _SMALL and c not in _LARGE for c in text):
        return None
    if all(c in _DIGITS for c in text):
        return float("".join(str(_DIGITS[c]) for c in text))
    total = section = digit = 0
    for char in text:
        if char in _DIGITS:
            digit = _DIGITS[char]
        elif char in _SMALL:
            section += (digit or 1) * _SMALL[char]
            digit = 0
        else:
            total += (section + digit) * _LARGE[char]
            section = digit = 0
    return float(total + section + digit)


def parse_number(text: str) -> float | None:
    """46.7, 1,200, 三十, 二0二二 as a float; None when it is no number."""
    plain = text.replace(",", "").replace("．", ".")
    try:
        return float(plain)
    except ValueError:
        return parse_chinese(text)


_SECTION = r"(?:(?:{d}千)?[零〇○]?(?:{d}百)?[零〇○]?(?:{d}?十)?[零〇○]?{d}?)".format(
    d=r"(?:\d[\d,]*(?:\.\d+)?|[一二三四五六七八九两])"
)
_MIXED = re.compile(
    rf"(?:(?P<billions>{_SECTION}万亿|{_SECTION}亿)?[零〇○]?(?P<ten_thousands>{_SECTION}万)?[零〇○]?(?P<rest>{_SECTION}))"
)
_PART = re.compile(r"(\d[\d,]*(?:\.\d+)?|[一二三四五六七八九两])?([千百十]?)")


def parse_mixed(text: str) -> float | None:
    """Like `parse_number` for what is written in both ways: 3万5千 → 35000, 1.2亿, 一万二 → 12000, 三十点五.

    Strict: 十四五 (the plan), 二三十 and other things that are no single number give None.
    """
    whole, point, decimals = text.partition("点")
    if point:
        before, after = parse_mixed(whole), parse_chinese(decimals)
        return before + float(f"0.{int(after)}") if before is not None and after is not None else None
    if len(text) > 1 and all(char in _DIGITS for char in text):
        return parse_chinese(text)
    match = _MIXED.fullmatch(text)
    if match is None or not text:
        return None
    billions, ten_thousands, rest = match["billions"], match["ten_thousands"], match["rest"]
    value = _section(billions.rstrip("万亿")) * (1e12 if billions.endswith("万亿") else 1e8) if billions else 0.0
    value += _section(ten_thousands[:-1]) * 1e4 if ten_thousands else 0.0
    above = 1e4 if ten_thousands else 1e8 if billions else 1.0
    return value + _section(rest, above)


def _section(text: str, above: float = 1.0) -> float:
    """What stands between two of 万 and 亿. A last digit right after a unit counts the next one: 三百五 is 350."""
    total, last = 0.0, above
    for written, unit in _PART.findall(text):
        if not (written or unit):
            last = 1.0  # 零 stands between: 三百零五
            continue
        digit = float(written.replace(",", "")) if written[:1].isdigit() else float(_DIGITS.get(written, 1))
        size = _SMALL.get(unit, 1)
        total += digit * (size if unit or written[:1].isdigit() or last <= 10 else last / 10)
        last = float(size)
    return total


def quantities(text: str) -> list[Quantity]:
    """The quantities that a text states, in order. Years and dates are not among them."""
    taken = [m.span() for m in DATE.finditer(text)]
    found = []
    for match in QUANTITY.finditer(text):
        if any(start < match.end() and match.start("number") < end for start, end in taken if match["number"]):
            continue
        written = match["percent"] or match["number"]
        value = parse_number(written)
        bare_chinese = match["number"] and written[0] in _CN and not (match["unit"] or match["sign"])
        if value is None or bare_chinese:
            continue
        unit = "%" if match["percent"] else (match["sign"].replace("％", "%") or match["unit"])
        start = match.start("percent") - 3 if match["percent"] else match.start("number")
        found.append(
            Quantity(start, match.end(), text[start : match.end()], value * SCALE.get(match["scale"] or "", 1.0), unit)
        )
    return found


def units_in(text: str) -> frozenset[str]:
    """The units of the numbers in a text, those of dates aside: a quick look, several times as fast as `quantities`."""
    found, at = set(), 0
    while numeral := _NUMERAL.search(text, at):  # what stands before a number matters not, and is slow to look for
        match = QUANTITY.match(text, numeral.start())
        at = match.end() if match else numeral.end()
        if match:
            found.add(match["sign"] or match["unit"] or ("%" if match["percent"] else ""))
    return frozenset(unit.replace("％", "%") for unit in found) - {"年", "月", "日", "号"}


def years(text: str) -> list[int]:
    """The years that a text names, in order: 2022年, 二0二二年, 2018-2020年."""
    named = []
    for match in re.finditer(rf"({YEAR})(?=年|[—\-－~至到]\d{{4}})", text):
        value = parse_number(match.group())
        if value is not None and 1800 <= value <= 2100:
            named.append(int(value))
    return named


def roc_year(written: str) -> int | None:
    """The year of the Republican calendar: 一一二, 112 and 一百一十二 → 2023, 元 → 1912; None when it is no year."""
    number = 1 if written == "元" else parse_number(written)
    return 1911 + int(number) if number and 1 <= number <= 189 else None


def parse_date(text: str) -> str | None:
    """The first date as ISO 8601, as exact as written: 2024年04月02日 → 2024-04-02, 2023-01-31 09:01 → 2023-01-31.

    Dates in Chinese numerals (二〇二三年三月五日) and of the Republican calendar (民國112年3月5日) count where no other
    stands.
    """
    match = re.search(r"((?:19|20)\d\d)\s*[-/.年]\s*(\d{1,2})(?:\s*[-/.月]\s*(\d{1,2}))?", text)
    if match is None:
        return _written_out(text)
    year, month, day = match.group(1), int(match.group(2)), int(match.group(3) or 0)
    if not 1 <= month <= 12 or day > 31:
        return year
    return f"{year}-{month:02d}-{day:02d}" if day else f"{year}-{month:02d}"


def _written_out(text: str) -> str | None:
    match = _WRITTEN_OUT.search(text)
    if match is None:
        return None
    year = roc_year(match["roc"]) if match["roc"] else int(parse_number(match["year"]) or 0)
    month, day = (int(parse_number(match[part] or "") or 0) for part in ("month", "day"))
    if not year or not 1800 <= year <= 2100 or not 1 <= month <= 12 or day > 31:
        return None
    return f"{year}-{month:02d}-{day:02d}" if day else f"{year}-{month:02d}"
