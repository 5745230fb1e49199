"""One form for the numbers and dates that are written in many: 三千六百二十, 3,620 and 3620; 3.5万 and 35000.

The form is a token beside the written ones, in the index and in the question, so that it only ever adds matches. Works
on folded text (`qa.text.fold`); what is written plainly already (3620, 30%, 46.7) has no other form.
"""

from __future__ import annotations

import re

from qa.numbers import parse_mixed

_CN = "零〇○一二三四五六七八九十百千两"
_DAY = r"(?:\d{1,2}|[一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])"
# At least two characters, one of them a numeral or a comma among digits: nobody seeks a lone 一 or 十.
_WRITTEN = re.compile(
    rf"(?<![\d.-])(?:19|20)\d\d[-/](?P<iso>(?:0?[1-9]|1[0-2])(?:[-/](?:[0-2]?\d|3[01]))?)(?![\d/-])"
    rf"|(?P<percent>百分之)(?P<share>[\d.,{_CN}]+(?:点[{_CN}]+)?)"
    rf"|(?P<month>{_DAY})月(?:(?P<day>{_DAY})[日号])?"
    rf"|(?<![\d.几数好多{_CN}])(?:(?P<number>(?:\d[\d.,]*|[一二三四五六七八九十两])[\d.,{_CN}万亿]+)"
    rf"(?![点分成{_CN}])(?:[多余来几](?P<scale>万亿|[万亿]))?"
    rf"|(?P<year>[一二][零〇○0一二三四五六七八九]{{3}})(?=年))"
)
_PLAIN = re.compile(r"\d+(?:\.\d+)?")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
# Two digits side by side are an approximate number or a word (三四, 四两拨千斤).
_FEW = re.compile(rf"[一二三四五六七八九两]{{2}}|[{_CN}]*两[零〇○一二三四五六七八九两]+[{_CN}]*")
_SCALES = {None: 1, "万": 10**4, "亿": 10**8, "万亿": 10**12}


def forms(folded: str) -> list[tuple[int, int, str]]:
    """(start, end, form) of the numbers and days in a folded text whose plain form is another, in order.

    3.5万 → 35000, 三千六百二十 → 3620, 百分之三十 → 30%, 二〇二二年 → 2022, 三月五日 → 3月5日, 2024-03-05 → 3月5日.
    """
    return [
        (match.start(), match.end(), form) for match in _WRITTEN.finditer(folded) if (form := _form(match)) is not None
    ]


def plain_forms(folded: str) -> list[str]:
    """The forms alone."""
    return [form for _, _, form in forms(folded)]


def with_forms(folded: str) -> str:
    """A folded text with its plain forms after it, a line each: for looking up terms by their characters."""
    return "\n".join([folded, *plain_forms(folded)])


def _form(match: re.Match[str]) -> str | None:
    if match["iso"]:
        month, _, day = match["iso"].replace("/", "-").partition("-")
        return _day(month, day or None)
    if match["month"]:
        return _day(match["month"], match["day"])
    if match["percent"]:
        share = match["share"].rstrip(".,")
        value = "100" if share == "百" else _value(share)
        return None if value is None else f"{value}%"
    if match["year"]:
        return _value(match["year"])
    return _number(match["number"], match["scale"])


def _number(written: str, scale: str | None) -> str | None:
    written = written.rstrip(".,")
    if (_PLAIN.fullmatch(written) and not scale) or _FEW.fullmatch(written):
        return None
    return _value(written, _SCALES[scale])


def _day(month: str, day: str | None) -> str | None:
    """3月5日 of 三月五日, and of itself: split into 3, 月, 5 and 日 it would match any other day."""
    first, second = _value(month), _value(day or "1")
    if first is None or second is None or not (1 <= int(first) <= 12 and 1 <= int(second) <= 31):
        return None
    return f"{first}月{second}日" if day else f"{first}月"


def _value(written: str, scale: int = 1) -> str | None:
    if "," in written and not _GROUPED.match(written):
        return None
    value = parse_mixed(written)
    if value is None:
        return None
    value = round(value * scale, 6)
    return str(int(value)) if value == int(value) else f"{value:.6f}".rstrip("0")
